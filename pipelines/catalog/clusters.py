"""One sorted index of a whole collection in its store, merged from those of its segments.

::

    <collection>/indexes/cluster/20261123140509/cluster-000.cdxj.gz
                                                cluster.idx
                                                cluster.loc
                                                cluster.json

``cluster.json`` is put last: a cluster exists once it does. It names the segments whose lines are in it;
those of later ones are in their own indexes. The newest cluster counts.
"""

import gzip
import heapq
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO, Final, cast

import orjson
from pydantic import TypeAdapter, ValidationError

from pipelines.catalog.follow import Progress
from pipelines.errors import Conflict, ManifestError, NotArchived, NotFound, StorageError
from pipelines.index.zipnum import CLUSTER_FOLDER, SHARD_BYTES, ClusterFile, write_cluster
from pipelines.segments.manifest import FileEntry, Manifest, parse_manifest, read_manifests
from pipelines.segments.names import SegmentName
from pipelines.storage.contract import ObjectStore
from pipelines.urls import timestamp

FORMAT: Final = "newswarc-cluster/1"
FAN_IN: Final = 32
"""Sorted streams that are merged at once, each with a connection of its own."""
_COMMIT = "cluster.json"
_RUN_LEVEL = 1
_TRIES = 3
_SECONDS = 60
_CUT_OFF = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Cluster:
    """The commit of a cluster."""

    made: str
    """14 digits, UTC."""
    lines: int
    blocks: int
    files: tuple[FileEntry, ...]
    """Shards, ``cluster.idx``, ``cluster.loc``."""
    segments: tuple[str, ...]
    """Whose lines are in it, sorted."""
    format: str = FORMAT

    def to_json(self) -> bytes:
        """Return the commit as it is stored."""
        return orjson.dumps(asdict(self), option=orjson.OPT_INDENT_2) + b"\n"


_ADAPTER = TypeAdapter(Cluster)


def clusters_prefix(collection: str) -> str:
    """Return what the keys of the clusters of *collection* begin with."""
    return f"{collection}/{CLUSTER_FOLDER}/"


def latest_cluster(store: ObjectStore, collection: str) -> Cluster | None:
    """Return the newest cluster that is whole, None where there is none.

    Raises ``ManifestError`` where its commit is not readable.
    """
    commits = [each.key for each in store.list(clusters_prefix(collection)) if each.key.endswith(_COMMIT)]
    if not commits:
        return None
    try:
        return _ADAPTER.validate_json(store.get(commits[-1]))
    except ValidationError as err:
        raise ManifestError(f"index: {commits[-1]} is not readable: {err}; merge the index again") from err


def merge_indexes(
    store: ObjectStore,
    collection: str,
    *,
    now: datetime | None = None,
    shard_bytes: int = SHARD_BYTES,
    progress: Progress = lambda _done, _all: None,
) -> Cluster:
    """Merge the indexes of all published segments of *collection* into a cluster in *store*; return it.

    Older clusters are deleted then, and what merges of days ago left that were cut off. Begins again where a
    segment is replaced meanwhile, so that nothing of a purge stays.

    Memory is that of :data:`FAN_IN` streams; the local disk holds the compressed lines once, and a shard.
    *progress* is told how many indexes of how many are read. Raises ``NotArchived`` where there is no
    segment, ``RecordError`` where an index is not sorted, ``StorageError`` where the store fails.
    """
    now = now or datetime.now(UTC)
    for _ in range(_TRIES):
        found, replaced = read_manifests(store, collection)
        if not found:
            raise NotArchived(f"index: collection {collection!r} in {store.url} has no segment to merge")
        place = _Place(store, collection, now)
        lasting = _Lasting(store, collection, found, replaced)
        try:
            cluster = _merged(store, found, place, shard_bytes, progress)
        except NotFound:
            if lasting():
                raise
            continue
        # Before the commit, and after it: a purge deletes the clusters that it finds.
        if lasting():
            place.commit(cluster)
            if lasting():
                _sweep(store, collection, now)
                return cluster
        place.discard()
    raise StorageError(
        f"index: segments of {collection!r} were replaced during each of {_TRIES} merges; "
        "merge again once what replaces them is done"
    )


class _Lasting:
    """Tells whether segments still count that did."""

    def __init__(
        self, store: ObjectStore, collection: str, found: Sequence[Manifest], replaced: Iterable[str]
    ) -> None:
        self._store, self._prefix = store, f"{collection}/segments/"
        self._names = {each.segment for each in found}
        self._known = {each.name.manifest_key for each in found}
        self._known |= {SegmentName.parse(name).manifest_key for name in replaced}

    def __call__(self) -> bool:
        """Return whether no manifest that has come since stands for one of them."""
        new = [each.key for each in self._store.list(self._prefix) if each.key not in self._known]
        return not any(self._names.intersection(self._stands_for(key)) for key in new)

    def _stands_for(self, key: str) -> tuple[str, ...]:
        try:
            return parse_manifest(self._store.get(key)).stands_for
        except ManifestError:
            return ()  # sync and verify tell of it


class _Place:
    """The folder of a cluster that is made: of the first second that no other merge has."""

    def __init__(self, store: ObjectStore, collection: str, now: datetime) -> None:
        self._store, self._start, self._now = store, clusters_prefix(collection), now
        self._keys: list[str] = []
        self.files: list[FileEntry] = []

    @property
    def made(self) -> str:
        """14 digits. Certain once a file is there."""
        return timestamp(self._now)

    def prefix(self) -> str:
        """Return where the files lie as an URL, empty in a store that has none."""
        root = self._store.url
        return f"{root.rstrip('/')}/{self._key('')}" if "://" in root else ""

    def put(self, file: ClusterFile) -> None:
        """Bring *file* there and delete it here."""
        for left in range(_SECONDS, -1, -1):
            try:
                self._store.put_file(self._key(file.name), file.path, sha256=file.sha256)
                break
            except Conflict:
                if self.files or not left:
                    raise
                self._now += timedelta(seconds=1)
        self._keys.append(self._key(file.name))
        self.files.append(FileEntry(self._key(file.name), file.size, file.sha256))
        file.path.unlink()

    def commit(self, cluster: Cluster) -> None:
        """Put the commit of *cluster*."""
        self._store.put(self._key(_COMMIT), cluster.to_json())
        self._keys.append(self._key(_COMMIT))

    def discard(self) -> None:
        """Delete what was put, the commit first."""
        for key in reversed(self._keys):
            self._store.delete(key)

    def _key(self, name: str) -> str:
        return f"{self._start}{self.made}/{name}"


def _merged(
    store: ObjectStore, found: Sequence[Manifest], place: _Place, shard_bytes: int, progress: Progress
) -> Cluster:
    """Bring a cluster of the segments *found* to *place*, but for its commit, and return it."""
    with TemporaryDirectory(prefix="newswarc-merge-") as folder, ExitStack() as stack:
        runs = _runs(store, [each.files.index.key for each in found], Path(folder), progress)
        lines = heapq.merge(*(_lines_of(stack, run) for run in runs))
        tally = write_cluster(
            lines, Path(folder), done=place.put, prefix=place.prefix, shard_bytes=shard_bytes
        )
    names = tuple(sorted(manifest.segment for manifest in found))
    return Cluster(place.made, tally.lines, tally.blocks, tuple(place.files), names)


def _sweep(store: ObjectStore, collection: str, now: datetime) -> None:
    """Delete the clusters older than the newest one, and those without a commit that are older than a day."""
    prefix = clusters_prefix(collection)
    keys: dict[str, list[str]] = defaultdict(list)
    for each in store.list(prefix):
        made, slash, _ = each.key.removeprefix(prefix).partition("/")
        if slash and re.fullmatch(r"\d{14}", made):
            keys[made].append(each.key)
    committed = {made for made, some in keys.items() if f"{prefix}{made}/{_COMMIT}" in some}
    newest = max(committed, default="")
    for made, some in keys.items():
        if made < (newest if made in committed else timestamp(now - _CUT_OFF)):
            # Without its commit it is none: that goes first.
            for key in sorted(some, key=lambda key: not key.endswith(_COMMIT)):
                store.delete(key)


def _runs(store: ObjectStore, keys: Sequence[str], folder: Path, progress: Progress) -> list[Path]:
    """Return at most :data:`FAN_IN` sorted files with the lines of all indexes at *keys*."""
    runs: list[Path] = []
    for at in range(0, len(keys), FAN_IN):
        with ExitStack() as stack:
            some = [stack.enter_context(store.open(key)) for key in keys[at : at + FAN_IN]]
            runs.append(_run(heapq.merge(*some), folder / f"run-{at}"))
        progress(min(at + FAN_IN, len(keys)), len(keys))
    for number in count():
        if len(runs) <= FAN_IN:
            break
        first, runs = runs[:FAN_IN], runs[FAN_IN:]
        with ExitStack() as stack:
            merged = heapq.merge(*(_lines_of(stack, run) for run in first))
            runs.append(_run(merged, folder / f"further-{number}"))
        for run in first:
            run.unlink()
    return runs


def _run(lines: Iterable[bytes], path: Path) -> Path:
    with gzip.open(path, "wb", compresslevel=_RUN_LEVEL) as file:
        file.writelines(lines)
    return path


def _lines_of(stack: ExitStack, path: Path) -> Iterator[bytes]:
    return iter(cast("BinaryIO", stack.enter_context(gzip.open(path, "rb"))))
