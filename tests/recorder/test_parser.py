"""The chunk decoder below Scrapy: the same body however it is cut, in time that grows with its length."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from twisted.web.http import _DataLoss, _MalformedChunkedDataError

from crawler.recorder.parser import Chunks

BODY = b"5;ext=1\r\nthese\r\n 1 \n \n0b\r\nare chunks \r\n0\r\nTrailer: x\r\n\r\n"
SURPLUS = b"HTTP/1.1 200 OK"


def decoded(*pieces):
    body, rest = [], []
    chunks = Chunks(body.append, rest.append)
    for piece in pieces:
        chunks.dataReceived(piece)
    return b"".join(body), rest, chunks


@settings(max_examples=100, deadline=None)
@given(st.sets(st.integers(1, len(BODY + SURPLUS) - 1)))
def test_body_is_the_same_however_it_is_cut(cuts):
    whole = BODY + SURPLUS
    ends = [*sorted(cuts), len(whole)]
    pieces = [whole[start:end] for start, end in zip([0, *ends], ends, strict=False)]
    body, rest, chunks = decoded(*pieces)
    assert body == b"these are chunks "
    assert len(rest) == 1
    assert SURPLUS.startswith(rest[0])
    chunks.noMoreData()


def test_pieces_of_one_read_are_passed_on_as_one():
    body = []
    Chunks(body.append, body.append).dataReceived(b"1\r\nx\r\n" * 1000)
    assert body == [b"x" * 1000]


def test_small_chunks_cost_what_they_weigh():
    def seconds(count):
        body = b"1\r\nx\r\n" * count
        began = time.process_time()
        decoded(body)
        return time.process_time() - began

    assert seconds(200_000) < 40 * min(seconds(20_000) for _ in range(3))


def test_body_that_is_cut_or_no_body_is_told():
    *_, chunks = decoded(BODY[:20])
    with pytest.raises(_DataLoss):
        chunks.noMoreData()
    with pytest.raises(_MalformedChunkedDataError):
        decoded(b"zz\r\n")
