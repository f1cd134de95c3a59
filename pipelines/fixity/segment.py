"""One segment against its manifest: its objects, records, index lines and articles against each other."""

import hashlib
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import BinaryIO, cast

import orjson

from pipelines.errors import (
    Denied,
    ExtractionError,
    ManifestError,
    NotFound,
    RecordError,
    StorageError,
    Unavailable,
)
from pipelines.extract import read_articles
from pipelines.fixity.originals import Originals, Reference
from pipelines.fixity.records import Examined, Gap, ObjectReader, walk
from pipelines.fixity.report import Damage, Finding, Tally, counted
from pipelines.index import from_line, to_line
from pipelines.model import Capture
from pipelines.segments.manifest import FileEntry, Manifest
from pipelines.segments.readings import get_reading, reading_key
from pipelines.storage.contract import ObjectStore
from pipelines.warc.message import READ_BYTES

_MOST_OF_A_CLASS = 20
_IN_MEMORY_BYTES = 1 << 25
_COMPANIONS = {"request", "metadata"}
_HEAD = "head"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the examination of one segment found."""

    findings: tuple[Finding, ...]
    tally: Tally


class SegmentCheck:
    """Reads one segment, once from its first byte to its last.

    In memory are its index and a few bytes a capture. *read* is told of the bytes as they are read.
    """

    def __init__(
        self,
        store: ObjectStore,
        manifest: Manifest,
        originals: Originals,
        *,
        reading: int = 0,
        read: Callable[[int], None],
    ) -> None:
        """Take the segment of *manifest*; *reading* is the number of its last reading, 0 for none."""
        self._reading = reading
        self._store, self._manifest, self._originals, self._read = store, manifest, originals, read
        self._found = _Findings(manifest.segment)
        self._statuses: Counter[str] = Counter()
        self._lines: dict[int, bytes] = {}
        """Index lines that no record was found for yet, by offset."""
        self._known: dict[int, bytes] = {}
        """A short digest of the line that each capture should have, by offset."""
        self._records = self._revisits = self._articles = self._bytes = 0

    def run(self) -> Outcome:
        """Return what was found. Raises ``Unavailable`` or ``Denied`` where the store gives nothing."""
        files = self._manifest.files
        with self._object(files.index) as index:
            self._read_index(index)
        with self._object(files.warc) as warc:
            self._read_warc(warc)
        if files.articles:
            with self._object(files.articles) as articles:
                self._articles = self._read_articles(articles) or 0
        self._compare_counts()
        if self._reading:
            self._read_reading(self._reading)
        tally = Tally(
            segments=1,
            records=self._records,
            captures=len(self._known),
            revisits=self._revisits,
            articles=self._articles,
            bytes=self._bytes,
        )
        return Outcome(tuple(self._found), tally)

    # --- objects -----------------------------------------------------------------------------

    @contextmanager
    def _object(self, entry: FileEntry) -> Iterator["_Object"]:
        """Give the object of *entry* to read; compare it with *entry* afterwards."""
        stored = _Object(self._store, entry, self._read)
        try:
            yield stored
            stored.drain()
        except (Unavailable, Denied):
            raise
        except NotFound:
            self._found.add(Damage.MISSING_OBJECT, entry.key, None, "it is not in the store")
            return
        except StorageError as err:
            self._found.add(Damage.UNREADABLE_OBJECT, entry.key, None, str(err))
            return
        finally:
            stored.close()
            self._bytes += stored.size
        if stored.size != entry.size:
            words = f"it has {stored.size:,} bytes, the manifest says {entry.size:,}"
            self._found.add(Damage.SIZE, entry.key, None, words)
        elif stored.sha256 != entry.sha256:
            words = f"it gives {stored.sha256}, the manifest says {entry.sha256}"
            self._found.add(Damage.SHA256, entry.key, None, words)

    # --- index -------------------------------------------------------------------------------

    def _read_index(self, index: "_Object") -> None:
        key, before = index.entry.key, b""
        for number, line in enumerate(index.lines(), 1):
            if line < before:
                words = f"line {number:,} sorts before the one above it: {line[:80]!r}"
                self._found.add(Damage.INDEX_UNSORTED, key, None, words)
            before = line
            try:
                offset = from_line(line).offset
            except RecordError as err:
                self._found.add(Damage.INDEX_WRONG_LINE, key, None, f"line {number:,}: {err}")
                continue
            if offset in self._lines:
                self._found.add(Damage.INDEX_EXTRA_LINE, key, offset, f"line {number:,} is the second for it")
            self._lines[offset] = line

    # --- WARC --------------------------------------------------------------------------------

    def _read_warc(self, warc: "_Object") -> None:
        gaps: list[Gap] = []
        exchange: list[Examined] = []
        references: list[Reference] = []
        whole: list[Capture] = []
        key = warc.entry.key
        stream = cast("BinaryIO", warc)
        for found in walk(stream, self._manifest.name, lambda at: _from(self._store, key, at)):
            if isinstance(found, Gap):
                gaps.append(found)
                continue
            self._take_record(found)
            if found.capture:
                self._check_exchange(exchange, gaps)
                exchange = []
                if found.refers_to:
                    references.append(Reference(found.capture, *found.refers_to))
                elif not found.faults and not found.capture.truncated:
                    whole.append(found.capture)
            exchange.append(found)
        self._check_exchange(exchange, gaps)
        self._originals.add(whole, references)
        self._tell_gaps(gaps)
        for offset, line in self._lines.items():
            words = f"there is no such record: {_url(line)}"
            self._found.add(Damage.INDEX_EXTRA_LINE, self._manifest.files.index.key, offset, words)

    def _take_record(self, found: Examined) -> None:
        self._records += 1
        for damage, words in found.faults:
            self._found.add(damage, self._manifest.files.warc.key, found.offset, words)
        if not found.capture:
            return
        self._revisits += found.capture.kind == "revisit"
        self._statuses[str(found.capture.status or "-")] += 1
        expected = to_line(found.capture)
        self._known[found.offset] = _short(expected)
        line = self._lines.pop(found.offset, None)
        key = self._manifest.files.index.key
        if line is None and not self._found.has(key, Damage.MISSING_OBJECT, Damage.UNREADABLE_OBJECT):
            self._found.add(Damage.INDEX_MISSING_LINE, key, found.offset, f"no line for {found.capture.url}")
        elif line is not None and line != expected:
            self._found.add(Damage.INDEX_WRONG_LINE, key, found.offset, _difference(line, expected))

    def _check_exchange(self, exchange: list[Examined], gaps: list[Gap]) -> None:
        """Find whether the records that follow a response belong to it and are all there."""
        if not exchange or not exchange[0].capture:
            return
        response, *others = exchange
        kinds = {_HEAD if each.head else each.kind for each in others if each.concurrent_to == response.id}
        wanted = _COMPANIONS | {_HEAD} if exchange[0].capture.unmodified else _COMPANIONS
        missing = sorted(wanted - kinds)
        after = max(each.offset + each.length for each in exchange)
        # A gap tells for itself that something is missing, and a salvaged segment cannot have it all.
        torn = any(response.offset < gap.offset <= after for gap in gaps)
        if missing and not torn and not self._manifest.replaces:
            words = f"{response.capture and response.capture.url} has no {' and no '.join(missing)} record"
            self._found.add(Damage.COMPANION_MISSING, self._manifest.files.warc.key, response.offset, words)

    def _tell_gaps(self, gaps: list[Gap]) -> None:
        for gap in gaps:
            lost = [offset for offset in self._lines if offset in gap]
            named = ", ".join(_url(self._lines.pop(offset)) for offset in lost)
            extent = f"up to byte {gap.end:,}" if gap.end is not None else "up to the end"
            words = f"no whole record {extent} ({gap.error}); captures of the index in it: {named or 'none'}"
            self._found.add(gap.damage, self._manifest.files.warc.key, gap.offset, words)

    # --- articles ----------------------------------------------------------------------------

    def _read_reading(self, number: int) -> None:
        """Check the reading that counts; whatever came before it is of no use any more."""
        key = reading_key(self._manifest.name, number)
        try:
            reading = get_reading(self._store, self._manifest.name, number)
        except (NotFound, ManifestError) as err:
            self._found.add(Damage.ARTICLES_UNREADABLE, key, None, str(err))
            return
        if reading.articles == self._manifest.files.articles:
            return
        with self._object(reading.articles) as articles:
            rows = self._read_articles(articles)
            if rows is not None and rows != reading.counts.articles:
                words = f"the reading says {counted(reading.counts.articles, 'article')}, there are {rows:,}"
                self._found.add(Damage.COUNTS, key, None, words)

    def _read_articles(self, stored: "_Object") -> int | None:
        """Check the rows of an article file and return how many there are, None where it is damaged."""
        with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES) as file:
            while piece := stored.read(READ_BYTES):
                file.write(piece)
            if stored.sha256 != stored.entry.sha256:
                # It is told afterwards; what a damaged file holds is of no use.
                return None
            file.seek(0)
            rows = 0
            try:
                for row in read_articles(cast("BinaryIO", file)):
                    rows += 1
                    self._check_article(row.capture, stored.entry.key)
            except (ExtractionError, ValueError, TypeError) as err:
                self._found.add(Damage.ARTICLES_UNREADABLE, stored.entry.key, None, str(err))
                return None
            return rows

    def _check_article(self, capture: Capture, key: str) -> None:
        if self._known.get(capture.offset) != _short(to_line(capture)):
            words = f"the article of {capture.url} at {capture.timestamp} names a capture that is not there"
            self._found.add(Damage.ARTICLE_ORPHAN, key, capture.offset, words)

    # --- counts ------------------------------------------------------------------------------

    def _compare_counts(self) -> None:
        if self._found.any:
            # The numbers cannot agree then, and the reasons are told.
            return
        counts = self._manifest.counts
        for what, found, stated in (
            ("captures", len(self._known), counts.captures),
            ("revisits", self._revisits, counts.revisits),
            ("articles", self._articles, counts.articles),
            ("captures by status", dict(self._statuses), dict(counts.statuses)),
        ):
            if found != stated:
                words = f"the manifest says {stated} {what}, there are {found}"
                self._found.add(Damage.COUNTS, self._manifest.name.manifest_key, None, words)


class _Findings:
    """Findings of one segment; of a class no more than are of use, so that memory stays bounded."""

    def __init__(self, segment: str) -> None:
        self._segment = segment
        self._findings: list[Finding] = []
        self._counts: Counter[tuple[Damage, str]] = Counter()

    def __iter__(self) -> Iterator[Finding]:
        yield from self._findings
        for (damage, key), count in self._counts.items():
            if count > _MOST_OF_A_CLASS:
                words = f"and {count - _MOST_OF_A_CLASS:,} more of this kind"
                yield Finding(damage, self._segment, key, None, words)

    @property
    def any(self) -> bool:
        return bool(self._findings)

    def has(self, key: str, *damages: Damage) -> bool:
        return any(self._counts[damage, key] for damage in damages)

    def add(self, damage: Damage, key: str, offset: int | None, words: str) -> None:
        self._counts[damage, key] += 1
        if self._counts[damage, key] <= _MOST_OF_A_CLASS:
            self._findings.append(Finding(damage, self._segment, key, offset, words))


@dataclass(slots=True)
class _Object:
    """An object that is counted and hashed while it is read; opened at the first read."""

    store: ObjectStore
    entry: FileEntry
    told: Callable[[int], None]
    size: int = 0
    _digest: "hashlib._Hash" = field(default_factory=hashlib.sha256)
    _reader: BinaryIO | None = None

    def read(self, size: int = -1, /) -> bytes:
        if self._reader is None:
            self._reader = self.store.open(self.entry.key)
        piece = self._reader.read(size)
        self._digest.update(piece)
        self.size += len(piece)
        self.told(len(piece))
        return piece

    def lines(self) -> Iterator[bytes]:
        """Yield the lines with their ends; the last may have none."""
        rest = b""
        while piece := self.read(READ_BYTES):
            *lines, rest = (rest + piece).split(b"\n")
            yield from (line + b"\n" for line in lines)
        if rest:
            yield rest

    def drain(self) -> None:
        while self.read(READ_BYTES):
            pass

    def close(self) -> None:
        if self._reader is not None:
            self._reader.close()

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()


def _from(store: ObjectStore, key: str, at: int) -> BinaryIO:
    return cast("BinaryIO", ObjectReader(store, key, at))


def _short(line: bytes) -> bytes:
    return blake2b(line, digest_size=12).digest()


def _url(line: bytes) -> str:
    capture = from_line(line)
    return f"{capture.url} at {capture.timestamp}"


def _difference(line: bytes, expected: bytes) -> str:
    """Return which fields of an index line are not as the record has them."""
    (key, at, fields), (own_key, own_at, own_fields) = line.split(b" ", 2), expected.split(b" ", 2)
    stated = {"urlkey": key.decode(), "timestamp": at.decode(), **orjson.loads(fields)}
    own = {"urlkey": own_key.decode(), "timestamp": own_at.decode(), **orjson.loads(own_fields)}
    wrong = [name for name in {**stated, **own} if stated.get(name) != own.get(name)]
    told = "; ".join(f"{name} is {stated.get(name)!r}, the record has {own.get(name)!r}" for name in wrong)
    return told or "it is written otherwise than the record's line would be"
