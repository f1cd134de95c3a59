"""Finding out how far a WARC is good, and what lies in it, by reading it."""

import hashlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipelines.errors import RecordError
from pipelines.index import to_line
from pipelines.model import NOT_MODIFIED, Capture, Truncation
from pipelines.segments.journal import Entry, Header, JobInfo, read_journal
from pipelines.segments.names import SegmentName
from pipelines.segments.open_segment import CONFIGURATION_SUFFIX, OPEN_SUFFIX, may_hold_article
from pipelines.urls import urlkey
from pipelines.warc.digests import sha1_label
from pipelines.warc.message import Head, payload, read_head
from pipelines.warc.reader import StoredRecord, read_records
from pipelines.warc.records import (
    FIELDS_TYPE,
    OWN_URI,
    PAYLOAD_SHA256,
    RESPONSE_TYPE,
    SERVER_NOT_MODIFIED,
)

logger = logging.getLogger(__name__)

_OF_AN_EXCHANGE = frozenset({"response", "revisit", "request", "metadata"})


@dataclass(frozen=True, slots=True)
class Survey:
    """What a segment's folder holds for certain."""

    header: Header
    entries: list[Entry]
    end: int
    """Bytes of the WARC that are good."""
    recovered: bool
    """Whether the journal did not tell it all."""


def survey(warc: Path, journal: Path, name: SegmentName) -> Survey:
    """Return what is certain of the segment *name*: what its journal says, then what its WARC still holds."""
    size = warc.stat().st_size
    try:
        header, told = read_journal(journal)
        entries = _borne_out([entry for entry in told if entry.end <= size], warc)
    except (RecordError, FileNotFoundError):
        header, entries = Header(str(name), JobInfo("unknown")), []
    end = entries[-1].end if entries else 0
    if end == size:
        return Survey(header, entries, end, recovered=False)
    wanted = header.job.text or any(entry.article for entry in entries)
    found = [*entries_beyond(warc, end, name, articles=wanted)]
    # Behind the last entry of a closed WARC comes its crawl log, and nothing else.
    recovered = bool(found) or warc.name.endswith(OPEN_SUFFIX)
    return Survey(header, entries + found, found[-1].end if found else end, recovered=recovered)


def _borne_out(entries: list[Entry], warc: Path) -> list[Entry]:
    """Return *entries* up to the last one whose records are there.

    After a power cut a file that was not synced may have its length and not its bytes.
    """
    ends = sorted({0, *(entry.end for entry in entries)})
    while len(ends) > 1 and not _lies_whole(warc, *ends[-2:]):
        ends.pop()
    return [entry for entry in entries if entry.end <= ends[-1]]


def _lies_whole(warc: Path, start: int, end: int) -> bool:
    with warc.open("rb") as file:
        file.seek(start)
        try:
            for record in read_records(file, offset=start):
                if record.offset + record.finish() >= end:
                    return record.offset + record.finish() == end
        except RecordError:
            return False
    return False


def entries_beyond(warc: Path, start: int, name: SegmentName, *, articles: bool) -> Iterator[Entry]:
    """Yield an entry for what opens *warc* and for each exchange that is whole in it, from byte *start* on.

    An exchange is whole with its last record, the ``metadata`` that tells of the crawl. Ends without an
    error at the first byte that belongs to none: a torn tail is what a crash leaves, and a crawl log is
    written anew.
    """
    capture: Capture | None = None
    end = start
    with warc.open("rb") as file:
        file.seek(start)
        try:
            for record in read_records(file, offset=start):
                first = opens_warc(record)
                if record.kind not in _OF_AN_EXCHANGE and not first:
                    break
                if record.kind in {"response", "revisit"}:
                    capture = capture_of(record, name)
                after = record.offset + record.finish()
                if first:
                    yield Entry(end := after)
                elif capture and record.kind == "metadata" and record.get("Content-Type") == FIELDS_TYPE:
                    yield _entry(capture, end := after, articles=articles)
                    capture = None
        except RecordError as err:
            # What came before is whole; the rest was never acknowledged to anyone.
            logger.info("segment %s: cut after byte %d (%s)", name, end, err)


def opens_warc(record: StoredRecord) -> bool:
    """Return whether *record* is one of those that come before all exchanges."""
    uri = record.get("WARC-Target-URI") or ""
    return record.kind == "warcinfo" or (record.kind == "resource" and uri.endswith(CONFIGURATION_SUFFIX))


def is_unmodified_head(record: StoredRecord) -> bool:
    """Return whether *record* keeps the 304 that the revisit before it stands for."""
    ours = (record.get("WARC-Target-URI") or "").startswith(OWN_URI)
    return ours and record.kind == "metadata" and record.get("Content-Type") == RESPONSE_TYPE


def capture_of(record: StoredRecord, name: SegmentName) -> Capture:
    """Return the capture that the ``response`` or ``revisit`` *record* of segment *name* is, reading it."""
    head, rest = read_head(record.block)
    check = record.get(PAYLOAD_SHA256) or ""
    if record.kind == "response":
        digest = hashlib.sha256()
        for piece in payload(head, rest, record.block):
            digest.update(piece)
        check = digest.hexdigest()
    return described(record, head, name, sha256=check)


def described(record: StoredRecord, head: Head, name: SegmentName, *, sha256: str) -> Capture:
    """Return the capture that *record* with *head* is, its payload's *sha256* known; reads it to its end."""
    truncated = record.get("WARC-Truncated") if record.kind == "response" else None
    # Its head, which says so, is in the record behind it.
    unmodified = record.get("WARC-Profile") == SERVER_NOT_MODIFIED
    url = record.get("WARC-Target-URI") or ""
    return Capture(
        urlkey=urlkey(url),
        timestamp="".join(filter(str.isdigit, record.get("WARC-Date") or ""))[:14],
        url=url,
        kind=record.kind,
        status=NOT_MODIFIED if unmodified else head.status,
        mime="-" if unmodified else head.mime,
        digest=record.get("WARC-Payload-Digest") or EMPTY_SHA1,
        sha256=sha256,
        segment=str(name),
        filename=name.warc_filename,
        offset=record.offset,
        length=record.finish(),
        truncated=Truncation(truncated) if truncated else None,
    )


EMPTY_SHA1 = sha1_label(bytes.fromhex("da39a3ee5e6b4b0d3255bfef95601890afd80709"))
"""What an index line says of a response without a payload."""


def _entry(capture: Capture, end: int, *, articles: bool) -> Entry:
    log = {"time": capture.timestamp, "url": capture.url, "status": capture.status, "recovered": True}
    return Entry(end, to_line(capture).decode(), articles and may_hold_article(capture), log=log)
