"""One sorted index of a whole collection in its store, merged from those of its segments.

::

    <collection>/indexes/cluster/20261123140509/cluster-000.cdxj.gz
                                                cluster.idx
                                                cluster.loc
                                                cluster.json

``cluster.json`` is put last: a cluster exists once it does. It names the segments whose lines are in it;
those of later ones are in their own indexes. The newest cluster counts, older ones are of no use any more.
"""

import gzip
import heapq
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO, Final, cast

import orjson
from pydantic import TypeAdapter, ValidationError

from pipelines.catalog.follow import Progress
from pipelines.errors import ManifestError, NotArchived
from pipelines.index.zipnum import CLUSTER_FOLDER, SHARD_BYTES, ClusterFile, write_cluster
from pipelines.segments.manifest import FileEntry, read_manifests
from pipelines.storage.contract import ObjectStore
from pipelines.urls import timestamp

FORMAT: Final = "newswarc-cluster/1"
FAN_IN: Final = 32
"""Sorted streams that are merged at once, each with a connection of its own."""
_COMMIT = "cluster.json"
_RUN_LEVEL = 1


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

    Memory is that of :data:`FAN_IN` streams; the local disk holds the compressed lines once, and a shard.
    *progress* is told how many indexes of how many are read. Raises ``NotArchived`` where there is no
    segment, ``RecordError`` where an index is not sorted, ``StorageError`` where the store fails.
    """
    found = read_manifests(store, collection)[0]
    if not found:
        raise NotArchived(f"index: collection {collection!r} in {store.url} has no segment to merge")
    made = timestamp(now or datetime.now(UTC))
    place = f"{clusters_prefix(collection)}{made}/"
    files: list[FileEntry] = []

    def publish(file: ClusterFile) -> None:
        store.put_file(place + file.name, file.path, sha256=file.sha256)
        files.append(FileEntry(place + file.name, file.size, file.sha256))
        file.path.unlink()

    prefix = f"{store.url.rstrip('/')}/{place}" if "://" in store.url else ""
    with TemporaryDirectory(prefix="newswarc-merge-") as folder, ExitStack() as stack:
        keys = [manifest.files.index.key for manifest in found]
        runs = _runs(store, keys, Path(folder), progress)
        lines = heapq.merge(*(_lines_of(stack, run) for run in runs))
        tally = write_cluster(lines, Path(folder), done=publish, prefix=prefix, shard_bytes=shard_bytes)
    names = tuple(sorted(manifest.segment for manifest in found))
    cluster = Cluster(made, tally.lines, tally.blocks, tuple(files), names)
    store.put(place + _COMMIT, cluster.to_json())
    return cluster


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
