"""The segment that is being written: records appended, committed in groups, rolled back on error."""

import errno
import json
import os
import socket
import sqlite3
import time
from dataclasses import astuple, dataclass
from datetime import UTC, datetime
from pathlib import Path

from pipelines.index import to_line
from pipelines.model import NOT_MODIFIED, Capture, Exchange, Failure, Original, Recorded, WireBytes
from pipelines.segments.crawl_log import exchange_line, failure_line
from pipelines.segments.journal import Entry, Header, JobInfo, Journal
from pipelines.segments.names import SegmentName
from pipelines.segments.spool import sync_folder
from pipelines.urls import timestamp, urlkey
from pipelines.version import SOFTWARE
from pipelines.warc.charset import declared_charset
from pipelines.warc.digests import DigestedResponse
from pipelines.warc.message import read_head
from pipelines.warc.records import (
    CONFORMS_TO,
    Frame,
    Record,
    interim_record,
    member,
    metadata_record,
    record_id,
    request_record,
    resource_record,
    response_record,
    unmodified_head_record,
    warcinfo_record,
)

ARTICLE_TYPES = frozenset({"text/html", "application/xhtml+xml"})
OPEN_SUFFIX = ".open"
CONFIGURATION_SUFFIX = ":configuration"
JOURNAL_NAME = "journal"
ARTICLES_NAME = "articles.jsonl"
_CODED_LEVEL, _FAST_LEVEL, _SMALL_LEVEL = 0, 2, 3
_VALIDATORS = frozenset({b"if-none-match", b"if-modified-since"})
_IN_MEMORY_BYTES = 1 << 20
_JOURNAL_SYNC_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class SegmentOptions:
    """How segments are written."""

    max_bytes: int = 10**9
    max_age: float = 3600.0
    """Seconds after which a segment is closed, whatever its size."""
    sync_every: int = 64
    """Exchanges in one group at most."""
    sync_interval: float = 0.005
    """Seconds from one group to the next at least, so that a sync serves several."""
    fsync: bool = True
    """Whether a group is forced to the disk before it counts; otherwise a power cut may cost it."""
    small: bool = False
    """Whether to spend more time on compression."""
    revisits: bool = True
    """Whether a payload that the collection holds already is written as a revisit, without its body."""


class OpenSegment:
    """One WARC with its journal, for a single thread.

    What :meth:`append` and :meth:`log` take is on disk after :meth:`commit`, and gone after :meth:`rollback`.
    """

    def __init__(self, folder: Path, name: SegmentName, job: JobInfo, options: SegmentOptions) -> None:
        folder.mkdir()
        self.name = name
        self.folder = folder
        self.opened = datetime.now(UTC)
        self.size = 0
        """Bytes of the WARC that are committed."""
        self._end = 0
        """Bytes of the WARC with what is not written yet."""
        self._written = 0
        self._unwritten: list[bytes] = []
        self._journal_synced = 0.0
        self._job = job
        self._options = options
        self._frame = Frame(str(name))
        self._path = folder / f"{name}.warc.gz{OPEN_SUFFIX}"
        self._journal = Journal(folder / JOURNAL_NAME, Header(str(name), job))
        self._file = self._path.open("xb", buffering=0)
        self._digests = _Digests(folder / "digests.sqlite", str(name))
        try:
            self._open_warc()
            if options.fsync:
                sync_folder(folder)
                sync_folder(folder.parent)
        except BaseException:
            self.abandon()
            raise

    def append(self, exchange: Exchange, original: Original | None, digested: DigestedResponse) -> Recorded:
        """Write the records of *exchange*, a revisit where *original* or this segment holds its payload."""
        start = self._end
        try:
            original = original or self._find(exchange, digested)
            capture = self._write_response(exchange, original, digested)
            self._write_rest(exchange, digested, concurrent_to=record_id(str(self.name), start))
            self._flush()
            recorded = self._enter(exchange, original, digested, capture)
        except BaseException:
            self._truncate(start)
            raise
        # Last: what this is told is not taken back, and nothing may refer to a record that was.
        if original is not None:
            self._digests.add_revisit(capture, original)
        elif may_be_original(exchange, digested):
            self._digests.add(capture)
        return recorded

    def _enter(
        self, exchange: Exchange, original: Original | None, digested: DigestedResponse, capture: Capture
    ) -> Recorded:
        repeated = original is not None and original.url == exchange.url
        wanted = exchange.article and may_hold_article(capture) and not repeated
        line = to_line(capture).decode()
        log = exchange_line(exchange, capture, digested.payload_length)
        announced = exchange.provenance.announced if wanted else {}
        self._journal.append(Entry(self._end, line, wanted, announced, log))
        return Recorded(capture, digested.payload_length, wanted)

    def log(self, failure: Failure) -> None:
        """Enter *failure* in the crawl log."""
        self._journal.append(Entry(self._end, log=failure_line(failure)))

    def commit(self) -> None:
        """Put all that was taken in since the last commit on disk. Raises ``OSError`` where it cannot."""
        if not self._journal.pending:
            return
        self._flush()
        if self._options.fsync:
            os.fdatasync(self._file.fileno())
        # What a power cut takes off the journal, recovery reads from the WARC.
        due = time.monotonic() - self._journal_synced >= _JOURNAL_SYNC_SECONDS
        self._journal.write(sync=self._options.fsync and due)
        self._journal_synced = time.monotonic() if due else self._journal_synced
        self.size = self._end

    def rollback(self) -> None:
        """Undo all that was taken in since the last commit; then only :meth:`abandon` may follow."""
        self._journal.discard()
        self._truncate(self.size)

    def close(self) -> None:
        """Commit, and close the files; the folder is ready to be sealed."""
        self.commit()
        self._journal.write(sync=self._options.fsync)
        self.abandon()

    def abandon(self) -> None:
        """Close the files as they are; the folder is ready to be recovered."""
        self._file.close()
        self._journal.close()
        self._digests.close()

    @property
    def full(self) -> bool:
        """Whether the segment has its size or age."""
        age = (datetime.now(UTC) - self.opened).total_seconds()
        return self.size >= self._options.max_bytes or age >= self._options.max_age

    def _open_warc(self) -> None:
        info = {
            "software": SOFTWARE,
            "format": "WARC File Format 1.1",
            "conformsTo": CONFORMS_TO,
            "isPartOf": self.name.collection,
            "hostname": socket.gethostname(),
            "job": self._job.id,
            **self._job.info,
        }
        self._write(warcinfo_record(self._frame, f"{self.name}.warc.gz", self.opened, info))
        if self._job.configuration:
            block = WireBytes(self._job.configuration.encode())
            self._write(
                resource_record(
                    self._frame,
                    f"urn:newswarc:job:{self._job.id}{CONFIGURATION_SUFFIX}",
                    self.opened,
                    offset=self._end,
                    mime="application/json",
                    block=block,
                )
            )
        self._journal.append(Entry(self._end))
        self.commit()

    def _find(self, exchange: Exchange, digested: DigestedResponse) -> Original | None:
        if not self._options.revisits:
            return None
        if may_be_original(exchange, digested):
            return self._digests.find(digested.payload_sha1, digested.payload_sha256)
        named = unmodified(exchange, digested)
        return self._digests.original_of(named) if named else None

    def _write_response(
        self, exchange: Exchange, original: Original | None, digested: DigestedResponse
    ) -> Capture:
        offset = self._end
        coded = any(name.lower() == b"content-encoding" for name, _ in digested.head.headers)
        record = response_record(exchange, digested, self._frame, offset=offset, original=original)
        length = self._write(record, coded=coded)
        if original and digested.head.status == NOT_MODIFIED:
            revisit = record_id(str(self.name), offset)
            self._write(
                unmodified_head_record(exchange, self._frame, offset=self._end, concurrent_to=revisit)
            )
        return Capture(
            urlkey=urlkey(exchange.url),
            timestamp=timestamp(exchange.started),
            url=exchange.url,
            kind="revisit" if original else "response",
            status=digested.head.status,
            mime="-" if original and digested.head.status == NOT_MODIFIED else digested.head.mime,
            digest=original.digest if original else digested.payload_sha1,
            sha256=original.sha256 if original else digested.payload_sha256,
            segment=str(self.name),
            filename=self.name.warc_filename,
            offset=offset,
            length=length,
            truncated=exchange.truncated,
        )

    def _write_rest(self, exchange: Exchange, digested: DigestedResponse, *, concurrent_to: str) -> None:
        frame, charset = self._frame, declared_charset(digested)
        self._write(request_record(exchange, frame, offset=self._end, concurrent_to=concurrent_to))
        if exchange.interim:
            self._write(interim_record(exchange, frame, offset=self._end, concurrent_to=concurrent_to))
        # The last of an exchange: where it is whole, all of the exchange is.
        self._write(
            metadata_record(exchange, frame, offset=self._end, concurrent_to=concurrent_to, charset=charset)
        )

    def _write(self, record: Record, *, coded: bool = False) -> int:
        """Write *record* as a gzip member and return its bytes."""
        level = _CODED_LEVEL if coded else _SMALL_LEVEL if self._options.small else _FAST_LEVEL
        start = self._end
        for piece in member(record, level=level):
            self._unwritten.append(piece)
            self._end += len(piece)
            if self._end - self._written >= _IN_MEMORY_BYTES:
                self._flush()
        return self._end - start

    def _flush(self) -> None:
        """Hand to the file what :meth:`_write` has gathered: the records of an exchange in one go."""
        view = memoryview(b"".join(self._unwritten))
        self._unwritten.clear()
        while view:
            written = self._file.write(view)
            self._written += written
            view = view[written:]

    def _truncate(self, end: int) -> None:
        self._unwritten.clear()
        self._file.truncate(end)
        self._file.seek(end)
        self._end = self._written = end


def may_hold_article(capture: Capture) -> bool:
    """Return whether *capture* is a page that was found and came whole."""
    return capture.mime in ARTICLE_TYPES and capture.status == 200 and not capture.truncated


def may_be_original(exchange: Exchange, digested: DigestedResponse) -> bool:
    """Return whether the payload is whole and there is one: what may be referred to, and refer."""
    whole = exchange.truncated is None and exchange.error is None
    return whole and bool(digested.payload_length) and digested.head.status != NOT_MODIFIED


def unmodified(exchange: Exchange, digested: DigestedResponse) -> Original | None:
    """Return the capture that the server says is unchanged; None where it says nothing that can be taken.

    A 304 counts where the request on the wire has a validator, and one of this very URL: Scrapy's
    redirections take headers and meta along to other URLs.
    """
    named = exchange.conditional_on
    if named is None or named.url != exchange.url or digested.head.status != NOT_MODIFIED:
        return None
    whole = digested.head.complete and exchange.truncated is None and exchange.error is None
    # Equal digests would mean that the original has no payload either: there is nothing to stand for.
    unlike = not digested.payload_length and named.digest != digested.payload_sha1
    return named if whole and unlike and _asks_conditionally(exchange) else None


def _asks_conditionally(exchange: Exchange) -> bool:
    with exchange.request.open() as reader:
        head, _ = read_head(reader)
    return any(name.lower() in _VALIDATORS for name, _ in head.headers)


class _Digests:
    """Payloads of the open segment, on disk so that memory does not grow with it; lost with the segment."""

    def __init__(self, path: Path, segment: str) -> None:
        self._segment = segment
        self._rows = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        for statement in (
            "pragma journal_mode = off",
            "pragma synchronous = off",
            "pragma locking_mode = exclusive",
            "create table payloads (sha1 text primary key, sha256, start int, url, at) without rowid",
            "create table revisits (start integer primary key, sha1, url, at, of)",
        ):
            self._ask(statement)

    def add(self, capture: Capture) -> None:
        """Take in a response that may be referred to."""
        row = (capture.digest, capture.sha256, capture.offset, capture.url, capture.timestamp)
        self._ask("insert or ignore into payloads values (?, ?, ?, ?, ?)", *row)

    def add_revisit(self, capture: Capture, original: Original) -> None:
        """Take in a revisit of *original*, which lies here or elsewhere."""
        row = (capture.offset, capture.digest, capture.url, capture.timestamp)
        self._ask("insert into revisits values (?, ?, ?, ?, ?)", *row, json.dumps(astuple(original)))

    def find(self, sha1: str, sha256: str) -> Original | None:
        """Return the response in this segment that has this very payload, or None."""
        query = "select url, at, start from payloads where sha1 = ? and sha256 = ?"
        row = self._ask(query, sha1, sha256).fetchone()
        return Original(row[0], row[1], self._segment, row[2], sha1, sha256) if row else None

    def original_of(self, named: Original) -> Original | None:
        """Return *named* where it is a response in this segment, what it refers to where it is a revisit."""
        if named.segment != self._segment:
            return None
        found = self.find(named.digest, named.sha256)
        if found == named:
            return found
        query = "select of from revisits where start = ? and sha1 = ? and url = ? and at = ?"
        row = self._ask(query, named.offset, named.digest, named.url, named.timestamp).fetchone()
        referred = Original(*json.loads(row[0])) if row else None
        return referred if referred and referred.sha256 == named.sha256 else None

    def close(self) -> None:
        self._rows.close()

    def _ask(self, statement: str, *values: object) -> sqlite3.Cursor:
        """Return the rows. Raises ``OSError``: that the disk is full or fails is all that can befall them."""
        try:
            return self._rows.execute(statement, values)
        except sqlite3.Error as err:
            full = getattr(err, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
            raise OSError(errno.ENOSPC if full else errno.EIO, f"digests: {err}") from err
