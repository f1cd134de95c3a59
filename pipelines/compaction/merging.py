"""Several segments become one: their records as they are, index and articles with the new places."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from pipelines.compaction.article_files import MergedArticles
from pipelines.compaction.fetching import Fetched, LeftOut, fetch
from pipelines.compaction.sorting import LineSorter
from pipelines.errors import ExtractionError
from pipelines.index import to_line
from pipelines.model import Capture
from pipelines.segments.manifest import Counts, FileEntry, Files, Link, Manifest
from pipelines.segments.names import SegmentName
from pipelines.segments.sealing import Sealed
from pipelines.storage.contract import ObjectStore
from pipelines.urls import timestamp
from pipelines.version import SOFTWARE
from pipelines.warc.message import READ_BYTES
from pipelines.warc.records import CONFORMS_TO, Frame, member, warcinfo_record

FETCHERS: Final = 4
"""Small segments that are fetched at once, and lie on the local disk until they are copied."""
JOB: Final = "compaction"
"""What a manifest names as job where the segments are of several."""
_LEVEL: Final = 3


@dataclass(frozen=True, slots=True)
class Merged:
    """A new segment, ready to be published, and what it was made of."""

    sealed: Sealed
    left_out: tuple[LeftOut, ...]


def merge(
    store: ObjectStore,
    group: Sequence[Manifest],
    readings: Mapping[str, int],
    successor: tuple[SegmentName, Link | None],
    folder: Path,
) -> Merged | tuple[LeftOut, ...]:
    """Return the segments *group* as one; where fewer than two are whole, those that are not.

    *readings* are the numbers of the last readings by segment, *successor* is the new one's name and its link
    to the manifest before it. *folder* is local and empty: the files are made there. Raises ``StorageError``
    where the store fails, ``OSError`` where the disk does.
    """
    name, link = successor
    left_out: list[LeftOut] = []
    with _Merging(name, folder) as merging:
        for each in _fetched(store, group, readings, folder):
            found = merging.take(each) if isinstance(each, Fetched) else each
            if found is not None:
                left_out.append(found)
    if len(merging.taken) < 2:
        return tuple(left_out)
    return Merged(merging.seal(link), tuple(left_out))


def _fetched(
    store: ObjectStore, group: Iterable[Manifest], readings: Mapping[str, int], folder: Path
) -> Iterator[Fetched | LeftOut]:
    """Yield each of *group*, in order, a few ahead of who takes it."""
    with ThreadPoolExecutor(FETCHERS, thread_name_prefix="compaction") as pool:
        rest = iter(group)

        def ahead(count: int) -> list["Future[Fetched | LeftOut]"]:
            asked = islice(rest, count)
            return [pool.submit(fetch, store, each, readings.get(each.segment, 0), folder) for each in asked]

        waiting = ahead(FETCHERS)
        try:
            while waiting:
                yield waiting.pop(0).result()
                waiting += ahead(1)
        finally:
            for future in waiting:
                future.cancel()


class _Merging:
    def __init__(self, name: SegmentName, folder: Path) -> None:
        self._name, self._folder = name, folder
        self._warc = _Sink(folder / f"{name}.warc.gz")
        self._lines = LineSorter(folder)
        self._articles = MergedArticles(folder / f"{name}.parquet", name)
        self._tally = _Tally()
        self.taken: list[Manifest] = []
        self._starts: list[int] = []

    def __enter__(self) -> Self:
        self._warc.write(_first_record(self._name))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._warc.close()
        self._articles.close()

    def take(self, fetched: Fetched) -> LeftOut | None:
        """Append a segment; return it where its articles cannot be read, and then nothing of it is taken."""
        segment, shift = fetched.manifest.segment, self._warc.size
        try:
            if fetched.articles is not None:
                self._articles.add(fetched.articles, shift=shift)
        except ExtractionError as err:
            return LeftOut(segment, str(err))
        self._warc.write(_pieces(fetched.warc))
        self._lines.add(to_line(self._moved(capture, shift)) for capture in fetched.captures)
        self._tally.add(fetched.captures)
        self.taken.append(fetched.manifest)
        self._starts.append(shift)
        for path in self._folder.glob(f"{segment}.*"):
            path.unlink()
        return None

    def seal(self, link: Link | None) -> Sealed:
        """Write the index and return the segment."""
        name, tally = self._name, self._tally
        index = _Sink(self._folder / f"{name}.cdxj")
        index.write(self._lines.sorted())
        index.close()
        rows = self._articles.rows
        manifest = Manifest(
            segment=str(name),
            opened=name.opened,
            sealed=timestamp(datetime.now(UTC)),
            software=SOFTWARE,
            job=_job(self.taken),
            files=Files(
                warc=self._warc.entry(name.warc_key),
                index=index.entry(name.index_key),
                articles=_entry(name.articles_key, self._articles.path) if rows else None,
            ),
            counts=Counts(
                captures=tally.captures,
                revisits=tally.revisits,
                failures=sum(each.counts.failures for each in self.taken),
                articles=rows,
                statuses=dict(tally.statuses),
            ),
            first=tally.first,
            last=tally.last,
            previous=link,
            compacts=tuple(each.segment for each in self.taken),
            starts=tuple(self._starts),
        )
        return Sealed(name, manifest, manifest.to_json(), self._folder)

    def _moved(self, capture: Capture, shift: int) -> Capture:
        filename = self._name.warc_filename
        return replace(capture, segment=str(self._name), filename=filename, offset=capture.offset + shift)


@dataclass(slots=True)
class _Tally:
    captures: int = 0
    revisits: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    first: str | None = None
    last: str | None = None

    def add(self, captures: Iterable[Capture]) -> None:
        for capture in captures:
            self.captures += 1
            self.revisits += capture.kind == "revisit"
            self.statuses[str(capture.status or "-")] += 1
            self.first = min(self.first or capture.timestamp, capture.timestamp)
            self.last = max(self.last or capture.timestamp, capture.timestamp)


class _Sink:
    """A file that is digested while it is written."""

    def __init__(self, path: Path) -> None:
        self.size = 0
        self._digest = hashlib.sha256()
        self._file = path.open("xb")

    def write(self, pieces: Iterable[bytes]) -> None:
        for piece in pieces:
            self._file.write(piece)
            self._digest.update(piece)
            self.size += len(piece)

    def entry(self, key: str) -> FileEntry:
        return FileEntry(key, self.size, self._digest.hexdigest())

    def close(self) -> None:
        self._file.close()


def _first_record(name: SegmentName) -> Iterator[bytes]:
    """Yield the ``warcinfo`` record of the new WARC; those of the small ones follow with their records."""
    info = {
        "software": SOFTWARE,
        "format": "WARC File Format 1.1",
        "conformsTo": CONFORMS_TO,
        "isPartOf": name.collection,
        "description": "segments that were compacted into one; each begins with its own warcinfo record",
    }
    record = warcinfo_record(Frame(str(name)), f"{name}.warc.gz", datetime.now(UTC), info)
    return member(record, level=_LEVEL)


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(READ_BYTES):
            yield piece


def _entry(key: str, path: Path) -> FileEntry:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return FileEntry(key, path.stat().st_size, digest)


def _job(taken: Iterable[Manifest]) -> str:
    jobs = {each.job for each in taken}
    return jobs.pop() if len(jobs) == 1 else JOB
