"""WARC records as literals: what stands here is what every reader of the archive will find."""

import gzip
import hashlib
import io
from dataclasses import replace

import pytest
from fastwarc.warc import ArchiveIterator as FastIterator
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator as WarcioIterator

from pipelines.model import Original, Provenance, Tls, Truncation, WireBytes
from pipelines.warc.digests import digest_response
from pipelines.warc.reader import read_record
from pipelines.warc.records import (
    Frame,
    interim_record,
    member,
    metadata_record,
    record_id,
    request_record,
    resource_record,
    response_record,
    unmodified_head_record,
    warc_fields,
    warcinfo_record,
)
from segments.making import STARTED, exchange

FRAME = Frame("trial-20261123140509-00001-0a1b2c3d")
WIRE = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nX-Odd:\xe4\xff\r\n folded\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n"
    b"5;x=1\r\nHello\r\n6\r\n world\r\n0\r\nX-Trailer: 1\r\n\r\n"
)
GIVEN = exchange(
    1,
    WIRE,
    url="https://news.example/a?b=ä",
    interim=b"HTTP/1.1 103 Early Hints\r\n\r\n",
    tls=Tls("tls/1.3", "TLS_AES_256_GCM_SHA384"),
    surplus=3,
    provenance=Provenance(
        job="job-1", seed="https://news.example/", via="https://news.example/feed", hops="F",
        announced={"title": "Two\nlines", "guid": "7"},
    ),
)  # fmt: skip


def written(record) -> bytes:
    return gzip.decompress(b"".join(member(record, level=2)))


def test_response():
    record = response_record(GIVEN, digest_response(GIVEN.response), FRAME, offset=700, original=None)
    assert (
        written(record)
        == (
            "WARC/1.1\r\n"
            "WARC-Type: response\r\n"
            "WARC-Record-ID: <urn:uuid:ID700>\r\n"
            "WARC-Date: 2026-11-23T14:05:10Z\r\n"
            "WARC-Target-URI: https://news.example/a?b=ä\r\n"
            "WARC-Warcinfo-ID: <urn:uuid:ID0>\r\n"
            "WARC-IP-Address: 192.0.2.7\r\n"
            "WARC-Protocol: http/1.1\r\n"
            "WARC-Protocol: tls/1.3\r\n"
            "WARC-Cipher-Suite: TLS_AES_256_GCM_SHA384\r\n"
            "WARC-Payload-Digest: sha1:PODKYSFPMFWOXPXPR3EYWOJYKWEVJI7B\r\n"
            "Newswarc-Payload-SHA256: 64ec88ca00b268e5ba1a35678a1b5316d212f4f366b2477232534a8aeca37f3c\r\n"
            "WARC-Block-Digest: sha256:BLOCK\r\n"
            "Content-Type: application/http; msgtype=response\r\n"
            f"Content-Length: {len(WIRE)}\r\n"
            "\r\n"
        )
        .replace("sha1:PODKYSFPMFWOXPXPR3EYWOJYKWEVJI7B", HELLO_SHA1)
        .replace("sha256:BLOCK", f"sha256:{_sha256(WIRE)}")
        .replace("urn:uuid:ID700", _uuid(700))
        .replace("urn:uuid:ID0", _uuid(0))
        .encode()
        + WIRE
        + b"\r\n\r\n"
    )


HELLO_SHA1 = "sha1:PNICYOQ7JDEGBGXCCLG7WY455Y4WOP26"
"""Of ``Hello world``: ``printf 'Hello world' | openssl sha1 -binary | base32``."""


def _sha256(content):
    return hashlib.sha256(content).hexdigest()


def _uuid(offset):
    return record_id(FRAME.segment, offset)[1:-1]


def test_record_ids_follow_from_segment_and_offset():
    assert (
        record_id("trial-20261123140509-00001-0a1b2c3d", 0)
        == "<urn:uuid:e4e8fc26-c183-5965-a4d4-599323f42970>"
    )
    assert record_id("a", 1) != record_id("a", 11)


def test_truncated_response():
    cut = exchange(1, WIRE[:-30], truncated=Truncation.LENGTH)
    record = response_record(cut, digest_response(cut.response), FRAME, offset=0, original=None)
    assert ("WARC-Truncated", "length") in record.fields
    assert b"\r\nWARC-Truncated: length\r\n" in written(record)


def test_a_response_without_a_payload_has_no_payload_digest():
    empty = exchange(1, b"HTTP/1.1 304 Not Modified\r\n\r\n")
    record = response_record(empty, digest_response(empty.response), FRAME, offset=0, original=None)
    assert {"WARC-Payload-Digest", "Newswarc-Payload-SHA256"}.isdisjoint(dict(record.fields))


ORIGINAL = Original(
    "https://news.example/old",
    "20261122000000",
    "trial-20261122000000-00001-ff",
    12,
    "sha1:FKXGYNOJJ7H3IFO35FPUBC445EPOQRXN",
    "ab" * 32,
)


def test_revisit():
    original = replace(ORIGINAL, digest=HELLO_SHA1, sha256=_sha256(b"Hello world"))
    record = response_record(GIVEN, digest_response(GIVEN.response), FRAME, offset=700, original=original)
    assert record.fields[0] == ("WARC-Type", "revisit")
    assert record.fields[9:] == [
        ("WARC-Payload-Digest", HELLO_SHA1),
        ("Newswarc-Payload-SHA256", _sha256(b"Hello world")),
        ("WARC-Profile", "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"),
        ("WARC-Refers-To", record_id("trial-20261122000000-00001-ff", 12)),
        ("WARC-Refers-To-Target-URI", "https://news.example/old"),
        ("WARC-Refers-To-Date", "2026-11-22T00:00:00Z"),
        ("WARC-Truncated", "length"),
        ("WARC-Block-Digest", f"sha256:{_sha256(WIRE[: WIRE.index(b'5;x')])}"),
        ("Content-Type", "application/http; msgtype=response"),
    ]
    assert record.block == WIRE[: WIRE.index(b"5;x")]


UNMODIFIED = b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\nX-Odd:\xe4\xff\r\n\r\n'


def test_revisit_of_a_304_has_the_originals_digests_and_no_block():
    """WARC/1.1 §6.7.3: the payload is the one that the validators were taken from."""
    given = exchange(1, UNMODIFIED, url=ORIGINAL.url)
    record = response_record(given, digest_response(given.response), FRAME, offset=700, original=ORIGINAL)
    assert (
        written(record)
        == (
            "WARC/1.1\r\n"
            "WARC-Type: revisit\r\n"
            f"WARC-Record-ID: <{_uuid(700)}>\r\n"
            "WARC-Date: 2026-11-23T14:05:10Z\r\n"
            "WARC-Target-URI: https://news.example/old\r\n"
            f"WARC-Warcinfo-ID: <{_uuid(0)}>\r\n"
            "WARC-IP-Address: 192.0.2.7\r\n"
            "WARC-Protocol: http/1.1\r\n"
            "WARC-Payload-Digest: sha1:FKXGYNOJJ7H3IFO35FPUBC445EPOQRXN\r\n"
            f"Newswarc-Payload-SHA256: {'ab' * 32}\r\n"
            "WARC-Profile: http://netpreserve.org/warc/1.1/revisit/server-not-modified\r\n"
            f"WARC-Refers-To: {record_id(ORIGINAL.segment, 12)}\r\n"
            "WARC-Refers-To-Target-URI: https://news.example/old\r\n"
            "WARC-Refers-To-Date: 2026-11-22T00:00:00Z\r\n"
            f"WARC-Block-Digest: sha256:{_sha256(b'')}\r\n"
            "Content-Length: 0\r\n"
            "\r\n\r\n\r\n"
        ).encode()
    )


def test_head_of_a_304_is_kept_byte_for_byte_under_an_uri_of_our_own():
    given = exchange(1, UNMODIFIED)
    to = record_id(FRAME.segment, 700)
    record = unmodified_head_record(given, FRAME, offset=900, concurrent_to=to)
    assert record.block == UNMODIFIED
    assert record.fields == [
        ("WARC-Type", "metadata"),
        ("WARC-Record-ID", f"<{_uuid(900)}>"),
        ("WARC-Date", "2026-11-23T14:05:10Z"),
        ("WARC-Target-URI", f"urn:newswarc:{FRAME.segment}:900"),
        ("WARC-Warcinfo-ID", f"<{_uuid(0)}>"),
        ("WARC-Concurrent-To", to),
        ("WARC-Block-Digest", f"sha256:{_sha256(UNMODIFIED)}"),
        ("Content-Type", "application/http; msgtype=response"),
    ]


def test_request_interim_and_metadata():
    to = record_id(FRAME.segment, 700)
    request = request_record(GIVEN, FRAME, offset=900, concurrent_to=to)
    assert request.block == GIVEN.request
    assert [name for name, _ in request.fields] == [
        "WARC-Type",
        "WARC-Record-ID",
        "WARC-Date",
        "WARC-Target-URI",
        "WARC-Warcinfo-ID",
        "WARC-IP-Address",
        "WARC-Protocol",
        "WARC-Cipher-Suite",
        "WARC-Concurrent-To",
        "WARC-Block-Digest",
        "Content-Type",
    ]
    interim = interim_record(GIVEN, FRAME, offset=950, concurrent_to=to)
    assert (interim.fields[0][1], interim.block) == ("metadata", GIVEN.interim)
    metadata = metadata_record(GIVEN, FRAME, offset=990, concurrent_to=to, charset="utf-8")
    assert metadata.block.decode() == (
        "via: https://news.example/feed\r\n"
        "hopsFromSeed: F\r\n"
        "seed: https://news.example/\r\n"
        "job: job-1\r\n"
        "charset: utf-8\r\n"
        "fetchTimeMs: 125\r\n"
        "surplusBytes: 3\r\n"
        "announced-title: Two lines\r\n"
        "announced-guid: 7\r\n"
    )


def test_warcinfo_and_resource():
    info = warcinfo_record(FRAME, "a.warc.gz", STARTED, {"software": "newswarc", "operator": "港务局"})
    block = "software: newswarc\r\noperator: 港务局\r\n".encode()
    assert (
        written(info)
        == (
            f"WARC/1.1\r\nWARC-Type: warcinfo\r\nWARC-Record-ID: {record_id(FRAME.segment, 0)}\r\n"
            "WARC-Date: 2026-11-23T14:05:09Z\r\nWARC-Filename: a.warc.gz\r\n"
            f"WARC-Block-Digest: sha256:{_sha256(block)}\r\nContent-Type: application/warc-fields\r\n"
            f"Content-Length: {len(block)}\r\n\r\n"
        ).encode()
        + block
        + b"\r\n\r\n"
    )
    log = resource_record(
        FRAME, "urn:x", STARTED, offset=5, mime="application/jsonl", block=WireBytes(b"{}\n")
    )
    assert written(log).endswith(b"Content-Type: application/jsonl\r\nContent-Length: 3\r\n\r\n{}\n\r\n\r\n")


def test_line_ends_cannot_forge_fields():
    assert warc_fields([("via", "a\r\nWARC-Type: response\nb")]) == b"via: a WARC-Type: response b\r\n"


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=5000), st.sampled_from([0, 1, 2, 3]))
def test_any_block_is_read_back_by_everyone(block, level):
    record = resource_record(FRAME, "urn:x:ä", STARTED, offset=5, mime="text/plain", block=WireBytes(block))
    content = b"".join(member(record, level=level))
    ours = read_record(io.BytesIO(content))
    assert (ours.block.read(), ours.finish(), ours.get("warc-target-uri")) == (block, len(content), "urn:x:ä")
    (theirs,) = [each.raw_stream.read() for each in WarcioIterator(io.BytesIO(content))]
    (fast,) = [each.reader.read() for each in FastIterator(io.BytesIO(content), parse_http=False)]
    assert theirs == fast == block


@pytest.mark.parametrize("size", [0, 1, (1 << 18) - 1, 1 << 18, (1 << 20) + 7])
def test_blocks_of_any_size(size):
    block = WireBytes(b"\x00\xff" * (size // 2) + b"x" * (size % 2))
    record = resource_record(FRAME, "urn:x", STARTED, offset=0, mime="text/plain", block=block)
    assert read_record(io.BytesIO(b"".join(member(record, level=2)))).block.read() == block
