"""The archive: one collection in a store. Who records, finds or reads comes in through this door."""

import io
import logging
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO, TypeVar, cast

from pipelines import extract as extraction
from pipelines.catalog import Catalog, follow, local_articles
from pipelines.errors import NewswarcError, NotArchived, NotFound, RecordError, StorageError
from pipelines.fixity.records import ObjectReader
from pipelines.model import Capture, Headers
from pipelines.segments.journal import JobInfo
from pipelines.segments.manifest import FileEntry, Manifest, parse_manifest, read_manifests
from pipelines.segments.names import SegmentName, checked_collection
from pipelines.segments.open_segment import SegmentOptions
from pipelines.segments.publishing import Publisher, Sealer
from pipelines.segments.readings import articles_of, latest_readings
from pipelines.segments.recovery import is_unmodified_head
from pipelines.segments.sealing import seal
from pipelines.segments.spool import WriterFolder
from pipelines.segments.writer import Delivery, SegmentWriter, WriterPlace, resolve
from pipelines.storage import ObjectStore
from pipelines.warc.message import Head, parse_head, payload, read_head
from pipelines.warc.reader import StoredRecord, read_record
from pipelines.warc.records import Fields

logger = logging.getLogger(__name__)

_GONE_SECONDS = 60.0
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class RecordingOptions:
    """How a recording works and what it may use."""

    segments: SegmentOptions = field(default_factory=SegmentOptions)
    min_free: int = 10**9
    """Bytes of the spool's disk that stay free."""


@dataclass(frozen=True, slots=True)
class StoredCapture:
    """A capture as it lies in the archive, read back."""

    capture: Capture
    fields: Fields
    """Of its own record, response or revisit."""
    head: Head
    """Of the response as it came; of a 304 that is a revisit, the 304's."""
    payload: bytes
    """De-chunked, still content-encoded; of a revisit, the payload of the record that it refers to."""
    original: Capture | None = None
    """What a revisit refers to."""
    original_head: Head | None = None
    """The head of that."""

    @property
    def headers(self) -> Headers:
        """The headers that the payload came with: a 304 says nothing of its media type or coding."""
        if self.capture.unmodified and self.original_head:
            return self.original_head.headers
        return self.head.headers


@dataclass(frozen=True, slots=True)
class Left:
    """What became of the segments that earlier processes left."""

    published: int
    waiting: list[SegmentName]
    error: NewswarcError | None
    """Why those that wait do."""


class Recording:
    """A writer and its publisher at work for one job."""

    def __init__(
        self,
        archive: "Archive",
        job: JobInfo,
        options: RecordingOptions,
        *,
        deliver: Callable[[Sequence[Delivery]], None] = resolve,
        sealer: Sealer = seal,
        left: bool = True,
    ) -> None:
        folder = WriterFolder.acquire(archive.spool)
        # What other processes left behind before they died goes to the store as well.
        folders = [folder, *(WriterFolder.left(archive.spool) if left else ())]
        self._archive = archive
        self._finished: list[Manifest] = []
        first = Publisher(folder, archive.store, published=self._take_in, sealer=sealer)
        others = (
            Publisher(each, archive.store, published=archive.take_in, sealer=sealer) for each in folders[1:]
        )
        self._publishers = [first, *others]
        self.writer = SegmentWriter(
            WriterPlace(folder, archive.collection, options.min_free),
            job,
            options.segments,
            originals=archive.catalog,
            closed=self._publishers[0].publish,
            deliver=deliver,
        )

    def begin(self, job: JobInfo) -> None:
        """Let what is recorded from now on be in segments of *job*."""
        self.writer.begin(job)

    def finish(self) -> "Future[list[Manifest]]":
        """Close the open segment; return the manifests of what was published since the last call.

        The future ends when all that was recorded before is in store and catalog, or when nothing more can
        be published (:attr:`error` tells why); until then it waits for a store that does not answer.
        """
        future: Future[list[Manifest]] = Future()
        publisher = self._publishers[0]
        self.writer.finish(lambda: publisher.call(lambda: self._tell_finished(future)))
        return future

    def _take_in(self, manifest: Manifest, index: Path) -> None:
        self._archive.take_in(manifest, index)
        self._finished.append(manifest)

    def _tell_finished(self, future: "Future[list[Manifest]]") -> None:
        found, self._finished = self._finished, []
        if future.set_running_or_notify_cancel():
            future.set_result(found)

    def close(self, patience: float) -> list[SegmentName]:
        """Close the open segment and publish for at most *patience* seconds; return what still waits."""
        self.writer.close()
        return close_all(self._publishers, patience)

    def give_up(self) -> None:
        """Wait for the store no longer; :meth:`close` then returns soon."""
        for publisher in self._publishers:
            publisher.give_up()

    @property
    def waiting_bytes(self) -> int:
        """Bytes in the spool, the open segment among them."""
        return sum(each.waiting_bytes for each in self._publishers)

    @property
    def published(self) -> int:
        """Segments brought to the store so far."""
        return sum(each.count for each in self._publishers)

    @property
    def error(self) -> NewswarcError | None:
        """What stops the writing, or else keeps segments from being published; None where all is well."""
        return self.writer.broken or next((each.error for each in self._publishers if each.error), None)


def close_all(publishers: Sequence[Publisher], patience: float) -> list[SegmentName]:
    """Let *publishers* publish for at most *patience* seconds together; return what still waits then."""
    deadline = time.monotonic() + patience
    return [name for each in publishers for name in each.close(max(0.0, deadline - time.monotonic()))]


def catalog_url(state: Path, collection: str) -> str:
    """Return the URL of the database that is the catalog of *collection* where no other one is named."""
    return f"sqlite:///{state / 'catalog' / collection}.sqlite"


class Archive:
    """One collection of a store, with its local state: spool and catalog."""

    def __init__(
        self, store: ObjectStore, collection: str, state: Path, *, catalog: str | None = None
    ) -> None:
        """Open *collection*; *state* is a folder of this program's own, made where it is missing.

        *catalog* is the URL of the catalog's database; by default it is an SQLite file in *state*.
        Raises ``ConfigError`` where *collection* is no name for one, ``StorageError`` where *state* cannot be
        written.
        """
        self.store = store
        self.collection = checked_collection(collection)
        self.spool = state / "spool" / collection
        self.search_folder = state / "search" / collection
        """Where a search index of the collection lies, if one was made."""
        self._gone: dict[str, float] = {}
        """Segments whose WARC is missing, and until when nobody looks again, by the monotonic clock."""
        try:
            self.spool.mkdir(parents=True, exist_ok=True)
        except OSError as err:
            raise StorageError(
                f"archive: cannot make the folder {self.spool} ({err.strerror}); name another one with "
                "--store, or for the local state alone with state.folder"
            ) from err
        self.catalog = Catalog(catalog or catalog_url(state, collection), collection)

    def record(
        self,
        job: JobInfo,
        options: RecordingOptions,
        *,
        deliver: Callable[[Sequence[Delivery]], None] = resolve,
        sealer: Sealer = seal,
        left: bool = True,
    ) -> Recording:
        """Return a recording for *job*.

        What crashed ones left is recovered and published along with it; without *left* only what was left in
        the folder that it takes over.
        """
        return Recording(self, job, options, deliver=deliver, sealer=sealer, left=left)

    def publish_left(self, patience: float, *, sealer: Sealer = seal) -> "Left":
        """Recover and publish what earlier processes left, for at most *patience* seconds."""
        folders = WriterFolder.left(self.spool)
        publishers = [Publisher(left, self.store, published=self.take_in, sealer=sealer) for left in folders]
        waiting = close_all(publishers, patience)
        error = next((each.error for each in publishers if each.error), None)
        return Left(sum(each.count for each in publishers), waiting, error)

    def take_in(self, manifest: Manifest, index: Path) -> None:
        """Enter a published segment in the catalog."""
        with index.open("rb") as lines:
            self.catalog.add(manifest, lines, articles=local_articles(manifest, index.parent))

    def sync(self, *, full: bool = False) -> int:
        """Take published segments that the catalog does not know into it, and return how many they were.

        *full* looks at every day of the collection; see :mod:`pipelines.catalog.follow` for what is looked at
        otherwise.
        """
        return follow(self.catalog, self.store, full=full).segments

    def manifests(self) -> Iterator[Manifest]:
        """Yield the manifest of every published segment that no other one replaces, by day and name."""
        yield from read_manifests(self.store, self.collection)[0]

    def articles(self) -> Iterator["extraction.ArticleRow"]:
        """Yield the articles of every published segment, as they were read last."""
        readings = latest_readings(self.store, self.collection)
        for manifest in self.manifests():
            yield from self._rows(articles_of(self.store, manifest, readings.get(manifest.segment, 0)))

    def articles_of(self, segment: str) -> Iterator["extraction.ArticleRow"]:
        """Yield the articles of *segment*, as they were read last; nothing where it has none.

        Raises ``NotFound`` where there is no such segment, ``ManifestError`` where a commit is not readable.
        """
        manifest = parse_manifest(self.store.get(SegmentName.parse(segment).manifest_key))
        yield from self._rows(articles_of(self.store, manifest))

    def _rows(self, entry: FileEntry | None) -> Iterator["extraction.ArticleRow"]:
        if entry:
            with self.store.open(entry.key) as reader:
                yield from extraction.read_articles(io.BytesIO(reader.read()))

    def find(self, url: str, *, at: str | None = None) -> Capture:
        """Return the capture of *url* nearest to *at* (4 to 14 digits), the latest by default.

        Raises ``NotArchived`` where there is none.
        """
        found = self.catalog.closest(url, at or "99991231235959")
        if found is None:
            raise NotArchived(
                f"archive: collection {self.collection!r} in {self.store.url} has no capture of {url}"
            )
        return found

    def open(self, capture: Capture) -> StoredCapture:
        """Return *capture* read back from the store; a revisit with the payload that it refers to.

        Where its segment was compacted so long ago that its WARC is gone, the catalog is synced and the
        record read where it lies now: the capture that is returned says where. Raises ``NotFound`` where the
        WARC is gone, ``RecordError`` where the record is damaged, and ``NotArchived`` where a revisit's
        original is not in the catalog.
        """
        return self._followed(capture, self._open)

    def _followed(self, capture: Capture, read: Callable[[Capture], _T]) -> _T:
        """Return what *read* gives of *capture*, or of the same where it lies now."""
        try:
            return read(capture)
        except NotFound:
            if time.monotonic() < self._gone.get(capture.segment, 0.0):
                raise
            self.sync()
            moved = self._elsewhere(capture)
            if moved is not None:
                with suppress(NotFound):
                    return read(moved)
            # What is damaged must not cost a listing of the store each time that somebody asks for it.
            self._gone[capture.segment] = time.monotonic() + _GONE_SECONDS
            raise

    def _open(self, capture: Capture) -> StoredCapture:
        record, head, content = self._read(capture)
        if record.kind != "revisit":
            return StoredCapture(capture, record.fields, head, content)
        if capture.unmodified:
            head = parse_head(self._unmodified_head(capture))
        original = self._original(capture, record)
        _, original_head, content = self._read(original)
        return StoredCapture(capture, record.fields, head, content, original, original_head)

    def original_of(self, capture: Capture) -> Capture:
        """Return the response whose payload the revisit *capture* stands for.

        Raises ``NotArchived`` where the catalog does not have it, and what :meth:`open` does.
        """
        return self._followed(capture, lambda each: self._original(each, self._read(each)[0]))

    def unmodified_head(self, capture: Capture) -> bytes:
        """Return the 304 that *capture*, a revisit for one, stands for, as it came over the wire.

        Raises ``NotFound`` where the WARC is gone, ``RecordError`` where no such record follows *capture*.
        """
        return self._followed(capture, self._unmodified_head)

    def _unmodified_head(self, capture: Capture) -> bytes:
        name = SegmentName.parse(capture.segment)
        at = capture.offset + capture.length
        stream = cast("BinaryIO", ObjectReader(self.store, name.warc_key, at))
        record = read_record(stream, offset=at)
        block = record.block.read()
        record.finish()
        if not is_unmodified_head(record):
            raise RecordError(f"archive: the record at {at} of {name.warc_key} is not the head of a 304")
        return block

    def close(self) -> None:
        """Close the catalog."""
        self.catalog.close()

    def _elsewhere(self, capture: Capture) -> Capture | None:
        """Return the capture that is *capture* but perhaps for its place, as the catalog has it."""
        for found in self.catalog.find(capture.url, within=capture.timestamp):
            placed = replace(capture, segment=found.segment, filename=found.filename, offset=found.offset)
            if placed == found:
                return found
        return None

    def _read(self, capture: Capture) -> tuple[StoredRecord, Head, bytes]:
        key = SegmentName.parse(capture.segment).warc_key
        stored = self.store.get_range(key, capture.offset, capture.length)
        record = read_record(io.BytesIO(stored), offset=capture.offset)
        head, rest = read_head(record.block)
        content = b"".join(payload(head, rest, record.block))
        if record.finish() != capture.length:
            raise RecordError(f"archive: the record at {capture.offset} of {key} is not the one in the index")
        return record, head, content

    def _original(self, capture: Capture, record: StoredRecord) -> Capture:
        url = record.get("WARC-Refers-To-Target-URI") or ""
        digits = "".join(filter(str.isdigit, record.get("WARC-Refers-To-Date") or ""))[:14]
        with suppress(ValueError):
            for found in self.catalog.find(url, within=digits):
                if (found.kind, found.digest, found.sha256) == ("response", capture.digest, capture.sha256):
                    return found
        raise NotArchived(
            f"archive: {capture.url} at {capture.timestamp} refers to {url} at {digits}, unknown here"
        )
