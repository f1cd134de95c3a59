"""HTTP messages as recorded: heads as lenient as browsers read them, payloads without chunk framing."""

import io
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.bufferedreaders import ChunkedDataReader

from newsite.oracle import CASES
from pipelines.model import WireBytes
from pipelines.warc.charset import declared_charset
from pipelines.warc.digests import (
    block_digest,
    digest_response,
    sha1_label,
    sha256_label,
)
from pipelines.warc.message import Dechunker, parse_head, payload, read_head
from segments.making import base32_sha1, chunked, gzipped, hex_sha256, response


def payload_of(wire: bytes) -> bytes:
    reader = io.BytesIO(wire)
    head, rest = read_head(reader)
    return b"".join(payload(head, rest, reader))


@pytest.mark.parametrize("case", [case for case in CASES.values() if case.payload is not None], ids=str)
def test_payloads_of_the_wire_oracle(case):
    assert payload_of(case.kept) == case.payload
    if case.status is not None:
        assert digest_response(WireBytes(case.kept)).head.status == case.status


@pytest.mark.parametrize(
    ("start", "status", "version", "headers", "length"),
    [
        (b"HTTP/1.1 200 OK\r\nA: b\r\n\r\nbody", 200, "http/1.1", ((b"A", b"b"),), 25),
        (b"HTTP/1.0 404\nA:b\n\nbody", 404, "http/1.0", ((b"A", b"b"),), 18),
        (b"HTTP/1.1  200  OK\r\n\r\n", 200, "http/1.1", (), 21),
        (b"ICY 200 OK\r\n\r\n", 200, None, (), 14),
        (b"HTTP/1.1 20 OK\r\n\r\n", None, None, (), 18),
        (b"HTTP/1.1 2000 OK\r\n\r\n", None, None, (), 20),
        (b"<html>no head at all", None, None, (), 20),
        (b"", None, None, (), 0),
        (b"HTTP/1.1 200 OK\r\nA: b\r\n", 200, "http/1.1", ((b"A", b"b"),), 23),
        (b"HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\td\r\n\r\n", 200, "http/1.1", ((b"A", b"b c d"),), 33),
        (b"HTTP/1.1 200 OK\r\nno colon\r\nA : \xe4 \r\n\r\n", 200, "http/1.1", ((b"A", b"\xe4"),), 37),
    ],
)
def test_heads(start, status, version, headers, length):
    head = parse_head(start)
    assert (head.status, head.version, head.headers, head.length) == (status, version, headers, length)
    assert head.complete == (b"\r\n\r\n" in start or b"\n\n" in start)


@pytest.mark.parametrize(
    ("value", "mime"),
    [
        (b"text/HTML; charset=x", "text/html"),
        (b"", "-"),
        (b"; charset=x", "-"),
        (b"text html", "-"),
        (b"\xe4/b", "ä/b"),
    ],
)
def test_mime(value, mime):
    assert parse_head(b"HTTP/1.1 200 OK\r\nContent-Type: " + value + b"\r\n\r\n").mime == mime


@pytest.mark.parametrize(
    ("lines", "is_chunked"),
    [
        ([b"Transfer-Encoding: chunked"], True),
        ([b"transfer-encoding: gzip, Chunked"], True),
        ([b"Transfer-Encoding: gzip", b"Transfer-Encoding: chunked"], True),
        ([b"Transfer-Encoding: chunked, gzip"], False),
        ([b"Transfer-Encoding: identity"], False),
        ([], False),
    ],
)
def test_what_is_chunked(lines, is_chunked):
    assert parse_head(b"\r\n".join([b"HTTP/1.1 200 OK", *lines, b"", b""])).chunked is is_chunked


sizes = st.lists(st.integers(1, 400), max_size=12)
splits = st.lists(st.integers(1, 200), max_size=30)


def pieces(body: bytes, lengths: list[int]):
    start = 0
    for length in [*lengths, len(body)]:
        if piece := body[start : start + length]:
            yield piece
        start += length


@given(st.binary(max_size=3000), sizes, splits)
def test_dechunking_is_the_inverse_of_chunking_however_it_arrives(body, chunk_sizes, arriving):
    framed = chunked(body, chunk_sizes)
    dechunker = Dechunker()
    assert b"".join(dechunker.decode(pieces(framed, arriving))) == body
    assert (dechunker.complete, dechunker.faulty) == (True, False)
    assert ChunkedDataReader(io.BytesIO(framed)).read(len(framed)) == body[: len(framed)] or not body


@given(st.binary(max_size=2000), sizes, st.data())
def test_a_torn_chunked_body_gives_a_prefix(body, chunk_sizes, data):
    framed = chunked(body, chunk_sizes)
    size = data.draw(st.integers(0, len(framed) - 1))
    dechunker = Dechunker()
    found = b"".join(dechunker.decode(iter([framed[:size]] if size else [])))
    if b"\n" in framed[:size]:
        assert body.startswith(found)
    else:
        # Not even one size was seen: it passes as it stands.
        assert found == framed[:size]
    assert not dechunker.complete


@settings(max_examples=300)
@given(st.binary(max_size=300), splits)
def test_any_bytes_are_read_and_it_does_not_matter_how_they_arrive(body, arriving):
    for start in (b"", b"5\r\nHello\r\n", b"3;" + b"x" * 70_000, b"0\r\nX: y\r\n"):
        whole = start + body
        at_once = b"".join(Dechunker().decode(iter([whole] if whole else [])))
        assert b"".join(Dechunker().decode(pieces(whole, arriving))) == at_once


@pytest.mark.parametrize(
    ("framed", "body", "faulty"),
    [
        (b"5\r\nHello\r\n0\r\n\r\n", b"Hello", False),
        (b"5\nHello\n0\n\n", b"Hello", False),
        (b" 5 ;a=b;c\r\nHello\r\n000\r\nX: y\r\n\r\n", b"Hello", False),
        (b"A\r\n0123456789\r\n0\r\n\r\nsurplus", b"0123456789", False),
        (b"5\r\nHello", b"Hello", False),
        (b"5\r\nHello\r\n", b"Hello", False),
        (b"5\r\nHelloX\r\n0\r\n\r\n", b"Hello", True),
        (b"5\r\nHello\r\nzz\r\nrest", b"Hello", True),
        (b"<html>never chunked", b"<html>never chunked", True),
        (b"", b"", False),
        (b"FFFFFFFFFFFFFFFF\r\nabc", b"abc", False),
        (b"FFFFFFFFFFFFFFFFF\r\nabc", b"FFFFFFFFFFFFFFFFF\r\nabc", True),
    ],
)
def test_odd_framing(framed, body, faulty):
    dechunker = Dechunker()
    assert b"".join(dechunker.decode(iter([framed] if framed else []))) == body
    assert dechunker.faulty is faulty


def test_a_body_in_single_bytes_costs_no_quadratic_time():
    body = b"a" * 200_000
    framed = response(body, sizes=[1] * len(body))
    started = time.process_time()
    assert digest_response(WireBytes(framed)).payload_length == len(body)
    assert time.process_time() - started < 5


def test_digests_are_over_the_payload_not_the_framing():
    body = "港务局周二开放了档案室。".encode() * 50
    plain, framed = WireBytes(response(body)), WireBytes(response(body, sizes=[7, 1, 300]))
    first, second = digest_response(plain), digest_response(framed)
    assert first.payload_sha1 == second.payload_sha1 == base32_sha1(body)
    assert first.payload_sha256 == second.payload_sha256 == hex_sha256(body)
    assert first.payload_length == second.payload_length == len(body)
    assert first.block_sha256 == block_digest(plain) == f"sha256:{hex_sha256(plain)}"
    assert second.block_sha256 == f"sha256:{hex_sha256(framed)}"


def test_known_digests():
    """Of nothing, and of ``abc`` (FIPS 180-4)."""
    assert sha1_label(bytes.fromhex("a9993e364706816aba3e25717850c26c9cd0d89d")) == (
        "sha1:VGMT4NSHA2AWVOR6EVYXQUGCNSONBWE5"
    )
    assert sha256_label(b"") == "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_content_coding_stays_on():
    coded = gzipped(b"<p>Hello</p>")
    wire = response(coded, b"Content-Encoding: gzip", sizes=[10])
    assert payload_of(wire) == coded


@pytest.mark.parametrize("first", [None, [1], [10], [3, 3, 3]])
def test_a_charset_is_found_however_small_the_first_chunk_is(first):
    """Servers that compress as they go send the ten bytes of the gzip header as a chunk of their own."""
    page = b"<!doctype html><html><head><meta charset='gb18030'><title>x</title>"
    coded = WireBytes(
        response(gzipped(page), b"Content-Type: text/html", b"Content-Encoding: gzip", sizes=first)
    )
    assert declared_charset(digest_response(coded)) == "gb18030"


@pytest.mark.parametrize(
    ("content_type", "body", "charset"),
    [
        (b"text/html; charset=latin1", b"<meta charset=utf-8>", "cp1252"),
        (b"text/html", b"<meta charset=utf-8>", "utf-8"),
        (b"text/html; charset=latin1", "\ufeffx".encode(), "utf-8"),
        (b"text/html", b"<p>nothing said", None),
        (b"image/png", b"<meta charset=utf-8>", None),
        (b"text/html; charset=x-unknown", b"", None),
    ],
)
def test_declared_charsets(content_type, body, charset):
    wire = WireBytes(response(body, b"Content-Type: " + content_type))
    assert declared_charset(digest_response(wire)) == charset


@pytest.mark.parametrize("coded", [b"no gzip at all", gzipped(b"x")[:5], b""])
def test_a_bad_content_coding_declares_nothing(coded):
    wire = WireBytes(response(coded, b"Content-Type: text/html", b"Content-Encoding: gzip"))
    assert declared_charset(digest_response(wire)) is None
