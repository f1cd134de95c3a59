"""Reading published segments again: the pages of a WARC, today's extractor, the rules of each page's day.

WARCs, indexes, manifests and article files stay as they are: what comes out is a reading
(:mod:`pipelines.segments.readings`). Every step may be cut off anywhere and done again.
"""

import hashlib
import logging
import tempfile
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from pipelines import extract as extraction
from pipelines.errors import Conflict, ManifestError, NotFound, RecordError, StorageError
from pipelines.extract.article import given_up
from pipelines.extract.workers import CutOff
from pipelines.rulebook import RuleBook
from pipelines.segments.article_rows import StoredPage, stored_page
from pipelines.segments.manifest import FileEntry, Manifest
from pipelines.segments.readings import (
    Reading,
    ReadingCounts,
    articles_of,
    get_reading,
    latest_number,
    reading_articles_key,
)
from pipelines.storage.contract import ObjectStore
from pipelines.urls import host, timestamp
from pipelines.version import SOFTWARE
from pipelines.warc.message import READ_BYTES

logger = logging.getLogger(__name__)

_WINDOW_BYTES = 1 << 23
_AHEAD = 8
"""Pages a worker that are under way or wait for those before them."""
_TRIES = 5


class State(StrEnum):
    """What is to be done with a segment, or was."""

    DUE = "due"
    READ = "read"
    DONE = "done"
    """Its last reading has today's extractor and rules."""
    NEWER = "newer"
    """Its last reading is by a newer extractor than this one."""
    BARE = "bare"
    """It has no articles: its job wanted no text, or no page had any."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A segment, and how it was read last."""

    manifest: Manifest
    state: State
    number: int
    """Of its last reading; 0: none."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a segment."""

    segment: str
    state: State
    articles: int = 0
    changed: int = 0
    kept: int = 0
    """Articles that are as they were: the record is damaged, the page was cut off, or its payload lies in
    another segment."""


def standing(store: ObjectStore, manifest: Manifest, number: int, book: RuleBook) -> Standing:
    """Return how the segment of *manifest* stands, whose last reading is *number* (0: none).

    Raises ``StorageError`` where the store cannot be read.
    """
    if not number:
        return Standing(manifest, State.DUE if manifest.files.articles else State.BARE, 0)
    try:
        reading = get_reading(store, manifest.name, number)
        whole = store.head(reading.articles.key).size == reading.articles.size
    except (ManifestError, NotFound):
        # The next reading counts instead of this one.
        return Standing(manifest, State.DUE, number)
    if whole and _version(reading.extractor) > _version(extraction.EXTRACTOR):
        return Standing(manifest, State.NEWER, number)
    done = whole and is_up_to_date(reading, manifest, book)
    return Standing(manifest, State.DONE if done else State.DUE, number)


def is_up_to_date(reading: Reading, manifest: Manifest, book: RuleBook) -> bool:
    """Return whether today's extractor and the rules of *book* made *reading*."""
    first, last = _span(manifest)
    same = all(book.digest(name, first, last) == digest for name, digest in reading.rules.items())
    return same and reading.extractor == extraction.EXTRACTOR


def reread(store: ObjectStore, manifest: Manifest, book: RuleBook, workers: "extraction.Workers") -> Outcome:
    """Read the pages of a segment again in *workers*, and put the reading into *store*.

    Read are the pages that have a row in the article file that counts. A row stays as it was where its
    record cannot be read, and where its page had text and is cut off now.

    Raises ``StorageError`` where the store fails, or where no article file of the segment is whole.
    """
    number = latest_number(store, manifest.name)
    with tempfile.TemporaryDirectory(prefix="newswarc-reextract-") as place:
        folder = Path(place)
        before = _fetch_articles(store, manifest, number, folder / "before")
        if before is None:
            return Outcome(manifest.segment, State.BARE)
        rows = _Rows(store, manifest, book, workers)
        written = extraction.write_articles(rows.read(folder / "before"), folder / "after")
        counts = ReadingCounts(written, rows.changed, rows.kept)
        first, last = _span(manifest)
        reading = Reading(
            segment=manifest.segment,
            number=number,
            extractor=extraction.EXTRACTOR,
            rules={name: book.digest(name, first, last) for name in sorted(rows.hosts)},
            articles=before,
            counts=counts,
            made=timestamp(datetime.now(UTC)),
            software=SOFTWARE,
        )
        first_one = _commit(store, manifest, reading, folder / "after", book)
    state = State.READ if first_one else State.DONE
    return Outcome(manifest.segment, state, written, rows.changed, rows.kept)


def _commit(store: ObjectStore, manifest: Manifest, reading: Reading, path: Path, book: RuleBook) -> bool:
    """Put *reading* with the article file *path*; return False where another run was first with the same."""
    sha256 = _sha256(path)
    unchanged = sha256 == reading.articles.sha256
    number = reading.number
    for _ in range(_TRIES):
        number += 1
        made = replace(reading, number=number)
        if not unchanged:
            key = reading_articles_key(manifest.name, number, sha256)
            _put_same(store, key, path, sha256)
            made = replace(made, articles=FileEntry(key, path.stat().st_size, sha256))
        try:
            store.put(made.key, made.to_json())
        except Conflict:
            number = latest_number(store, manifest.name)
            if is_up_to_date(get_reading(store, manifest.name, number), manifest, book):
                return False
            unchanged = False
        else:
            return True
    raise StorageError(
        f"reextract: {_TRIES} readings of {manifest.segment} came first; "
        "let runs with other rules follow each other"
    )


def _put_same(store: ObjectStore, key: str, path: Path, sha256: str) -> None:
    """Put the file unless an earlier try, cut off before its commit, has brought the same bytes."""
    try:
        store.put_file(key, path, sha256=sha256)
    except Conflict:
        with store.open(key) as stored:
            if _digest_of(stored) != sha256:
                raise StorageError(
                    f"reextract: {key} is in {store.url} with other content; delete it, no commit names it"
                ) from None


def _fetch_articles(store: ObjectStore, manifest: Manifest, number: int, path: Path) -> FileEntry | None:
    """Bring the article file that counts, or the one before it that is whole, to *path*.

    Returns its entry, None where the segment has no articles. The entry of an older file is without its
    digest: it must not be named by a later reading, whose number would then be below that of a damaged file.
    """
    if not number and manifest.files.articles is None:
        return None
    for each in range(number, -1, -1):
        try:
            entry = articles_of(store, manifest, each)
            if entry is not None and _download(store, entry, path):
                return entry if each == number else replace(entry, sha256="")
        except (ManifestError, NotFound):
            pass
        logger.warning("%s: reading %d is damaged, the one before it is used", manifest.segment, each)
    raise StorageError(
        f"reextract: no article file of {manifest.segment} is whole; run 'newswarc repair', then this again"
    )


def _download(store: ObjectStore, entry: FileEntry, path: Path) -> bool:
    with store.open(entry.key) as source, path.open("wb") as target:
        return _digest_of(source, target) == entry.sha256


def _digest_of(source: BinaryIO, copy: BinaryIO | None = None) -> str:
    """Return the SHA-256 of what *source* holds from here on; write it to *copy* as well."""
    digest = hashlib.sha256()
    while piece := source.read(READ_BYTES):
        digest.update(piece)
        if copy is not None:
            copy.write(piece)
    return digest.hexdigest()


class _Rows:
    """The rows of a segment, read again in their order."""

    def __init__(
        self, store: ObjectStore, manifest: Manifest, book: RuleBook, workers: "extraction.Workers"
    ) -> None:
        self._store, self._key, self._book, self._workers = store, manifest.name.warc_key, book, workers
        self._originals: dict[str, tuple[int, int]] = {}
        """Offset and length of each response, by the SHA-256 of its payload, for the revisits behind it."""
        self.hosts: set[str] = set()
        self.changed = self.kept = 0

    def read(self, path: Path) -> Iterator["extraction.ArticleRow"]:
        """Yield a row for each one of the article file *path*."""
        waiting: deque[tuple[extraction.ArticleRow, Future[extraction.Article] | None]] = deque()
        for rows in _windows(extraction.read_articles(path)):
            for row, page in self._pages(rows):
                waiting.append((row, None if page is None else self._submit(row, page)))
                while len(waiting) > _AHEAD:
                    yield self._finished(*waiting.popleft())
        while waiting:
            yield self._finished(*waiting.popleft())

    def _pages(
        self, rows: list["extraction.ArticleRow"]
    ) -> Iterator[tuple["extraction.ArticleRow", StoredPage | None]]:
        """Yield *rows*, which lie near to each other, with their pages: one request for all of them."""
        start = rows[0].capture.offset
        end = max(row.capture.offset + row.capture.length for row in rows)
        try:
            stored = self._store.get_range(self._key, start, end - start)
        except NotFound as err:
            raise RecordError(f"reextract: {self._key} is gone; run 'newswarc repair'") from err
        for row in rows:
            at = row.capture.offset - start
            record = stored[at : at + row.capture.length]
            original = self._originals.get(row.capture.sha256)
            if row.capture.kind == "revisit" and original is not None:
                record = self._store.get_range(self._key, *original)
            elif row.capture.kind == "response":
                self._originals[row.capture.sha256] = row.capture.offset, row.capture.length
            yield row, _page(row, record)

    def _submit(self, row: "extraction.ArticleRow", page: StoredPage) -> Future["extraction.Article"]:
        capture = row.capture
        rules = self._book.rules_for(capture.url, capture.timestamp)
        return self._workers.submit(
            extraction.extract_recorded, page.payload, capture.url, page.headers, rules
        )

    def _finished(
        self, row: "extraction.ArticleRow", future: Future["extraction.Article"] | None
    ) -> "extraction.ArticleRow":
        self.hosts.add(host(row.capture.url))
        article = None if future is None else self._answer(row, future)
        if article is None:
            self.kept += 1
            return row
        self.changed += _content(article) != _content(row.article)
        return replace(row, article=article)

    def _answer(
        self, row: "extraction.ArticleRow", future: Future["extraction.Article"]
    ) -> "extraction.Article | None":
        try:
            return future.result()
        except CutOff as err:
            url = row.capture.url
            logger.warning("%s was given up: %s", url, err.why)
            # What a quicker machine made of it is better than nothing.
            if row.article.passages:
                return None
            return given_up(url, err.why, rules=self._book.rules_for(url, row.capture.timestamp).version)


def _windows(rows: Iterable["extraction.ArticleRow"]) -> Iterator[list["extraction.ArticleRow"]]:
    """Yield *rows*, which come in the order of their records, in groups that one range of the WARC holds."""
    group: list[extraction.ArticleRow] = []
    for row in rows:
        capture = row.capture
        near = group and 0 <= capture.offset + capture.length - group[0].capture.offset <= _WINDOW_BYTES
        if group and not near:
            yield group
            group = []
        group.append(row)
    if group:
        yield group


def _page(row: "extraction.ArticleRow", record: bytes) -> StoredPage | None:
    """Return the page of *row*; None where the record is damaged, or a revisit without a payload."""
    try:
        page = stored_page(BytesIO(record), 0)
    except RecordError as err:
        logger.warning("%s at %s keeps its article: %s", row.capture.url, row.capture.timestamp, err)
        return None
    if page.kind != "response":
        return None
    if hashlib.sha256(page.payload).hexdigest() != row.capture.sha256:
        logger.warning("%s at %s keeps its article: other payload", row.capture.url, row.capture.timestamp)
        return None
    return page


def _content(article: "extraction.Article") -> "extraction.Article":
    return replace(article, extractor="", rules="")


def _span(manifest: Manifest) -> tuple[str, str]:
    return manifest.first or manifest.opened, manifest.last or manifest.opened


def _version(extractor: str) -> int:
    number = extractor.rpartition("/")[2]
    return int(number) if number.isdecimal() else 0


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return _digest_of(file)
