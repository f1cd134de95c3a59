"""304s that answer conditional requests: revisits of what they confirm, or plain responses."""

import gzip
from dataclasses import replace

import pytest

from pipelines.archive import RecordingOptions
from pipelines.errors import NotArchived, RecordError
from pipelines.model import WireBytes
from pipelines.segments.journal import read_journal
from pipelines.segments.names import SegmentName
from pipelines.segments.open_segment import SegmentOptions
from pipelines.segments.recovery import survey
from segments.making import (
    JOB,
    NOT_MODIFIED,
    TRIAL,
    asked_again,
    blocks,
    exchange,
    new_writer,
    open_archive,
    page,
    read_by_all,
    record_all,
    response,
    warc_of,
)

OPTIONS = RecordingOptions(TRIAL, min_free=0)


@pytest.fixture
def archive(tmp_path):
    archive = open_archive(tmp_path)
    yield archive
    archive.close()


@pytest.fixture
def first(archive):
    """A published response."""
    [recorded] = record_all(archive, [exchange(1)])
    return recorded.capture


def kinds(recorded):
    return [each.capture.kind for each in recorded]


def test_a_revisit_of_a_published_response(archive, first):
    [recorded] = record_all(archive, [asked_again(2, first, article=True)])
    capture = recorded.capture
    assert (capture.kind, capture.status, capture.mime, capture.unmodified) == ("revisit", 304, "-", True)
    assert (capture.digest, capture.sha256) == (first.digest, first.sha256)
    assert (recorded.payload_length, recorded.article) == (0, False)
    assert archive.find(first.url) == capture
    *_, last = archive.manifests()
    assert (last.counts.revisits, last.counts.statuses) == (1, {"304": 1})
    records = read_by_all(warc_of(archive, last))
    given = asked_again(2, first)
    assert [kind for kind, _, _ in records[2:6]] == ["revisit", "metadata", "request", "metadata"]
    assert blocks(records, "revisit") == [(first.url, b"")]
    assert records[3][2] == NOT_MODIFIED
    assert blocks(records, "request") == [(first.url, given.request)]


def test_read_back_it_has_the_payload_of_the_original_and_the_head_of_the_304(archive):
    body = gzip.compress(page(1))
    wire = response(body, b"Content-Type: text/html; charset=big5", b"Content-Encoding: gzip")
    [first] = record_all(archive, [exchange(1, wire)])
    [second] = record_all(archive, [asked_again(2, first.capture)])
    read = archive.open(second.capture)
    assert (read.payload, read.original) == (body, first.capture)
    assert read.head.status == 304
    assert (b"X-Odd", b"\xe4\xff") in read.head.headers
    # What decodes the payload goes by these.
    assert read.headers == archive.open(first.capture).headers
    assert (b"Content-Encoding", b"gzip") in read.headers
    assert archive.unmodified_head(second.capture) == NOT_MODIFIED
    with pytest.raises(RecordError, match="not the head of a 304"):
        archive.unmodified_head(first.capture)


def test_within_a_segment_and_with_interim_responses(archive):
    recording = archive.record(JOB, OPTIONS)
    first = recording.writer.record(exchange(1)).result(10)
    early = b"HTTP/1.1 103 Early Hints\r\n\r\n"
    second = recording.writer.record(asked_again(2, first.capture, interim=early)).result(10)
    assert recording.close(30) == []
    assert second.capture.unmodified
    read = archive.open(second.capture)
    assert (read.payload, read.original, read.head.status) == (page(1), first.capture, 304)


@pytest.mark.parametrize("together", [True, False])
def test_no_chain_is_formed(archive, together):
    """What the next request was conditional on is the latest capture, a revisit itself."""
    captures, recording = [], archive.record(JOB, OPTIONS)
    for number in range(1, 6):
        given = asked_again(number, captures[-1]) if captures else exchange(number)
        captures.append(recording.writer.record(given).result(10).capture)
        if not together:
            assert recording.close(30) == []
            recording = archive.record(JOB, OPTIONS)
    assert recording.close(30) == []
    assert [capture.unmodified for capture in captures] == [False, True, True, True, True]
    assert {archive.open(capture).original for capture in captures[1:]} == {captures[0]}


@pytest.mark.parametrize("together", [True, False])
def test_behind_a_revisit_stands_the_response_of_another_url(archive, together):
    """/2 had the words of /1, and has them still."""
    recording = archive.record(JOB, OPTIONS)
    same = response(page(1))
    found = [recording.writer.record(exchange(number, same)).result(10).capture for number in (1, 2)]
    if not together:
        assert recording.close(30) == []
        recording = archive.record(JOB, OPTIONS)
    third = recording.writer.record(asked_again(3, found[1])).result(10).capture
    assert recording.close(30) == []
    assert third.unmodified
    assert archive.open(third).original == found[0]


def test_never_refers_to_an_unpublished_record_of_another_segment(archive):
    one, two = archive.record(JOB, OPTIONS), archive.record(JOB, OPTIONS)
    first = one.writer.record(exchange(1)).result(10).capture
    before = two.writer.record(asked_again(2, first)).result(10).capture
    assert one.close(30) == []
    after = two.writer.record(asked_again(3, first)).result(10).capture
    assert two.close(30) == []
    assert (before.kind, before.status, before.unmodified) == ("response", 304, False)
    assert after.unmodified
    read = archive.open(before)
    assert (read.payload, read.head.status, read.original) == (b"", 304, None)


@pytest.mark.parametrize(
    "wrong",
    [
        {"offset": 1},
        {"segment": "trial-20261123140509-00001-0a1b2c3d"},
        {"timestamp": "20261123140509"},
        {"digest": "sha1:FKXGYNOJJ7H3IFO35FPUBC445EPOQRXN"},
        {"sha256": "ab" * 32},
    ],
)
@pytest.mark.parametrize("together", [True, False])
def test_what_the_archive_does_not_know_so_is_not_referred_to(archive, wrong, together):
    recording = archive.record(JOB, OPTIONS)
    captures = [recording.writer.record(exchange(1)).result(10).capture]
    captures.append(recording.writer.record(asked_again(2, captures[0])).result(10).capture)
    if not together:
        assert recording.close(30) == []
        recording = archive.record(JOB, OPTIONS)
    found = []
    for capture in captures:
        given = asked_again(9, capture)
        named = replace(given.conditional_on, **wrong)
        found.append(recording.writer.record(replace(given, conditional_on=named)).result(10))
    assert recording.close(30) == []
    assert kinds(found) == ["response", "response"]
    assert {each.capture.status for each in found} == {304}


def test_a_server_gone_mad_gives_plain_responses(archive, first):
    again = asked_again(2, first)
    head_only = NOT_MODIFIED[:-2]
    given = [
        replace(again, conditional_on=None),
        replace(again, request=exchange(2).request),
        replace(again, url="https://news.example/elsewhere"),
        replace(again, truncated="disconnect"),
        replace(again, error="timeout"),
        replace(again, response=WireBytes(head_only)),
        replace(again, response=WireBytes(NOT_MODIFIED + page(1))),
        replace(again, response=WireBytes(NOT_MODIFIED + page(1))),
        replace(again, response=WireBytes(NOT_MODIFIED.replace(b"304", b"204"))),
    ]
    found = record_all(archive, given)
    assert set(kinds(found)) == {"response"}
    records = read_by_all(warc_of(archive, [*archive.manifests()][-1]))
    assert blocks(records, "response") == [(each.url, each.response) for each in given]


def test_if_modified_since_asks_as_well(archive, first):
    asking = WireBytes(b"GET / HTTP/1.1\r\nIf-Modified-Since: Mon, 23 Nov 2026 14:05:09 GMT\r\n\r\n")
    [found] = record_all(archive, [asked_again(2, first, request=asking)])
    assert found.capture.unmodified


def test_without_revisits_it_is_a_response(archive, first):
    options = replace(TRIAL, revisits=False)
    [found] = record_all(archive, [asked_again(2, first)], options=options)
    assert (found.capture.kind, found.capture.status) == ("response", 304)


def test_truncated_and_empty_captures_are_no_originals(archive):
    given = [exchange(1, response(page(1))[:-5], truncated="disconnect"), exchange(2, response(b""))]
    earlier = record_all(archive, given)
    found = record_all(archive, [asked_again(9, each.capture) for each in earlier])
    assert kinds(found) == ["response", "response"]


def test_of_an_original_that_is_gone_it_tells(archive, first):
    [second] = record_all(archive, [asked_again(2, first)])
    other = replace(second.capture, sha256="ab" * 32)
    with pytest.raises(NotArchived, match="unknown here"):
        archive.open(other)


def test_recovery_knows_it_from_the_journal_and_from_the_bare_warc(tmp_path):
    """Cut at every byte of the exchange: it is there with its last one, and not before."""
    closed = []
    writer = new_writer(tmp_path / "spool", closed.append, options=SegmentOptions(fsync=False))
    first = writer.record(exchange(1)).result(10).capture
    second = writer.record(asked_again(2, first)).result(10).capture
    writer.close()
    [folder] = closed
    name = SegmentName.parse(folder.name)
    warc, journal = folder / f"{name}.warc.gz.open", folder / "journal"
    told = [entry for entry in read_journal(journal)[1] if entry.line]
    content, end = warc.read_bytes(), told[-1].end
    assert survey(warc, journal, name).entries[-1].line == told[-1].line
    nothing = tmp_path / "no-journal"
    assert survey(warc, nothing, name).entries[-1].line == told[-1].line
    assert end == len(content)
    for size in range(second.offset, end + 1):
        warc.write_bytes(content[:size])
        found = survey(warc, nothing, name)
        assert found.end == (end if size == end else told[0].end)
        assert [entry.line for entry in found.entries if entry.line] == [
            entry.line for entry in told[: 1 + (size == end)]
        ]
