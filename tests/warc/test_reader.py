"""The reader: strict about framing, so that it tells where a file is still whole."""

import gzip
import io
import random
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.errors import RecordError, TruncatedRecord
from pipelines.model import WireBytes
from pipelines.warc.reader import read_record, read_records
from pipelines.warc.records import Frame, member, resource_record
from segments.making import STARTED, page

FRAME = Frame("trial-20261123140509-00001-0a1b2c3d")
BLOCKS = [page(1), b"", b"short", bytes(range(256)) * 20]


def framed(head: bytes, block: bytes = b"", end: bytes = b"\r\n\r\n") -> bytes:
    return gzip.compress(head + b"\r\n\r\n" + block + end, mtime=0)


def members():
    for number, block in enumerate(BLOCKS):
        record = resource_record(
            FRAME, f"urn:x:{number}", STARTED, offset=number, mime="text/plain", block=WireBytes(block)
        )
        yield b"".join(member(record, level=number))


MEMBERS = [*members()]
CONTENT = b"".join(MEMBERS)
ENDS = [sum(map(len, MEMBERS[: count + 1])) for count in range(len(MEMBERS))]


def whole_of(content):
    """Blocks of the records that are whole, and the error that ends them."""
    found = []
    try:
        for record in read_records(io.BytesIO(content)):
            block = record.block.read()
            record.finish()
            found.append(block)
    except RecordError as err:
        return found, err
    return found, None


def test_offsets_and_lengths():
    found = [(record.offset, record.finish()) for record in read_records(io.BytesIO(CONTENT))]
    assert found == [(end - len(each), len(each)) for end, each in zip(ENDS, MEMBERS, strict=True)]
    for offset, length in found:
        assert read_record(io.BytesIO(CONTENT[offset : offset + length]), offset=offset).finish() == length


def test_records_that_nobody_reads_are_passed_over():
    assert [record.get("warc-target-uri") for record in read_records(io.BytesIO(CONTENT))] == [
        f"urn:x:{number}" for number in range(4)
    ]


def test_finish_may_be_called_again():
    record = read_record(io.BytesIO(CONTENT))
    assert record.finish() == record.finish() == len(MEMBERS[0])


def test_torn_at_every_byte():
    for size in range(len(CONTENT)):
        found, err = whole_of(CONTENT[:size])
        count = sum(end <= size for end in ENDS)
        assert found == BLOCKS[:count]
        if size in {0, *ENDS}:
            assert err is None
        else:
            assert isinstance(err, TruncatedRecord), size


def test_a_bit_that_fell_over_is_never_read_as_content():
    for at in range(0, len(CONTENT), 3):
        changed = bytearray(CONTENT)
        changed[at] ^= 1 << (at % 8)
        found, err = whole_of(bytes(changed))
        if err is None:
            # Time and system in a gzip header mean nothing.
            assert found == BLOCKS
        else:
            assert found == BLOCKS[: len(found)]


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_give_records_or_a_record_error(rubbish):
    whole_of(rubbish)
    whole_of(b"\x1f\x8b\x08\x00" + rubbish)
    whole_of(gzip.compress(rubbish, 1))
    whole_of(gzip.compress(b"WARC/1.1\r\n" + rubbish, 1))


@settings(max_examples=60, deadline=None)
@given(st.integers())
def test_any_steps_of_reading_give_the_same(seed):
    chance = random.Random(seed)

    class Dribble(io.BytesIO):
        def read(self, size=-1, /):
            return super().read(min(size, chance.randint(1, 300)))

    found = []
    for record in read_records(Dribble(CONTENT)):
        pieces = []
        while piece := record.block.read(chance.randint(1, 900)):
            pieces.append(piece)
        found.append(b"".join(pieces))
    assert found == BLOCKS


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"plain text", "no gzip member at 0, but b'plain te'"),
        (CONTENT + b"\n", f"no gzip member at {len(CONTENT)}"),
        (framed(b"HTTP/1.1 200 OK"), "not a record: 'HTTP/1.1 200 OK'"),
        (gzip.compress(b"WARC/1.1\r\nContent-Length: 0", mtime=0), "header does not end"),
        (framed(b"WARC/1.1\r\nWARC-Type: x"), "has Content-Length ''"),
        (framed(b"WARC/1.1\r\nContent-Length: -1"), "has Content-Length '-1'"),
        (framed(b"WARC/1.1\r\nContent-Length: " + b"9" * 5000), "has Content-Length"),
        (framed("WARC/1.1\r\nContent-Length: ٣".encode(), b"abc"), "has Content-Length"),
        (framed(b"WARC/1.1\r\nContent-Length: 5", b"abc"), "does not end in two line ends"),
        (framed(b"WARC/1.1\r\nContent-Length: 99", b"abc"), "too early"),
        (framed(b"WARC/1.1\r\nContent-Length: 3", b"abc", b"\r\n"), "does not end in two line ends"),
        (framed(b"WARC/1.1\r\nContent-Length: 3", b"abc", b"\r\n\r\n\r\n"), "does not end in two line ends"),
        (gzip.compress(b"a" * (2 << 20), mtime=0), "header does not end"),
    ],
)
def test_says_what_is_wrong(content, words):
    _, err = whole_of(content)
    assert words in str(err)


def test_a_wrong_checksum_is_an_error():
    torn = bytearray(MEMBERS[0])
    torn[-6] ^= 1
    with pytest.raises(RecordError, match="does not inflate"):
        read_record(io.BytesIO(bytes(torn))).finish()


def test_no_record_at_all():
    with pytest.raises(TruncatedRecord, match="there is no record at 7"):
        read_record(io.BytesIO(b""), offset=7)
    assert [*read_records(io.BytesIO(b""))] == []


def test_stored_members_of_other_writers():
    packer = zlib.compressobj(0, wbits=31)
    content = packer.compress(b"WARC/1.0\r\ncontent-length:3\r\n\r\nabc\r\n\r\n") + packer.flush()
    assert read_record(io.BytesIO(content)).block.read() == b"abc"
