"""The objects of compacted segments go, once the segment that has their records was read back whole."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import orjson

from pipelines.compaction.fetching import is_whole
from pipelines.index.zipnum import CLUSTER_FOLDER
from pipelines.segments.manifest import parse_manifest
from pipelines.segments.names import SegmentName, segment_of_key
from pipelines.storage.contract import ObjectInfo, ObjectStore

_FOLDERS = ("readings", "articles", "indexes", "archive")
_COMMIT = "/cluster.json"


@dataclass(frozen=True, slots=True)
class Cleared:
    """What was deleted, and what must stay."""

    segments: int = 0
    objects: int = 0
    bytes: int = 0
    clusters: int = 0
    """Merged indexes that named deleted segments."""
    damaged: tuple[str, ...] = ()
    """Keys of new segments' objects that are not whole: what they were made of stays."""


def clear(store: ObjectStore, collection: str, due: Mapping[str, str]) -> Cleared:
    """Delete WARC, index, articles and readings of the segments *due*, given each with its holder.

    A holder is read to its end first. Raises ``ManifestError`` where its manifest is not readable,
    ``StorageError``.
    """
    found: dict[str, list[ObjectInfo]] = {}
    for info in _objects(store, collection, due):
        segment = segment_of_key(info.key)
        if segment is not None and segment in due:
            found.setdefault(segment, []).append(info)
    damaged = {
        holder: keys for holder in sorted({due[name] for name in found}) if (keys := _damaged(store, holder))
    }
    gone = {name: infos for name, infos in found.items() if due[name] not in damaged}
    clusters = _delete_clusters(store, collection, set(gone))
    objects = [info for infos in gone.values() for info in infos]
    for info in objects:
        store.delete(info.key)
    return Cleared(
        len(gone),
        len(objects),
        sum(info.size for info in objects),
        clusters,
        tuple(key for keys in damaged.values() for key in keys),
    )


def _objects(store: ObjectStore, collection: str, due: Iterable[str]) -> Iterator[ObjectInfo]:
    """Yield all objects of the days of the segments *due*."""
    days = sorted({SegmentName.parse(name).day for name in due})
    for folder in _FOLDERS:
        for day in days:
            yield from store.list(f"{collection}/{folder}/{day}/")


def _damaged(store: ObjectStore, holder: str) -> list[str]:
    """Return the keys of those objects of the segment *holder* that are not what its manifest says."""
    manifest = parse_manifest(store.get(SegmentName.parse(holder).manifest_key))
    return [entry.key for entry in manifest.files if not is_whole(store, entry)]


def _delete_clusters(store: ObjectStore, collection: str, gone: set[str]) -> int:
    """Delete the merged indexes with lines of the segments *gone*, the commit first; return how many."""
    if not gone:
        return 0
    keys = [info.key for info in store.list(f"{collection}/{CLUSTER_FOLDER}/")]
    commits = [key for key in keys if key.endswith(_COMMIT)]
    stale = [key for key in commits if not gone.isdisjoint(_named(store.get(key)))]
    for commit in stale:
        store.delete(commit)
        for key in keys:
            if key.startswith(commit.removesuffix(_COMMIT) + "/"):
                store.delete(key)
    return len(stale)


def _named(commit: bytes) -> list[str]:
    """Return the segments of a merged index; none where its commit is not readable, as nobody reads it."""
    try:
        return list(orjson.loads(commit)["segments"])
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return []
