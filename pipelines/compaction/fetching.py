"""Local copies of a small segment, each compared with what its manifest says."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from pipelines.errors import DigestMismatch, ManifestError, NotFound, RecordError
from pipelines.index import from_line
from pipelines.model import Capture
from pipelines.segments.manifest import FileEntry, Manifest
from pipelines.segments.readings import articles_of
from pipelines.storage.contract import ObjectStore
from pipelines.warc.message import READ_BYTES


@dataclass(frozen=True, slots=True)
class Fetched:
    """A small segment on the local disk."""

    manifest: Manifest
    warc: Path
    articles: Path | None
    """As they were read last; None where it has none."""
    captures: list[Capture]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A segment that stays as it is, and why."""

    segment: str
    why: str


def fetch(store: ObjectStore, manifest: Manifest, reading: int, folder: Path) -> Fetched | LeftOut:
    """Return the segment of *manifest* whose last reading is *reading* (0: none), copied into *folder*.

    What is damaged is left out: ``repair`` must see to it first. Raises ``StorageError`` where the store
    fails, ``OSError`` where the disk does.
    """
    try:
        files = manifest.files
        warc = _copy(store, files.warc, folder / f"{manifest.segment}.warc.gz")
        index = _copy(store, files.index, folder / f"{manifest.segment}.cdxj")
        articles = articles_of(store, manifest, reading)
        rows = _copy(store, articles, folder / f"{manifest.segment}.parquet") if articles else None
        captures = _captures(index, manifest)
    except (NotFound, ManifestError, RecordError) as err:
        return LeftOut(manifest.segment, str(err))
    return Fetched(manifest, warc, rows, captures)


def _captures(index: Path, manifest: Manifest) -> list[Capture]:
    found = [from_line(line) for line in index.read_bytes().splitlines(keepends=True)]
    if len(found) != manifest.counts.captures:
        raise RecordError(f"its index has {len(found):,} lines for {manifest.counts.captures:,} captures")
    return found


def is_whole(store: ObjectStore, entry: FileEntry) -> bool:
    """Return whether the object of *entry* is in *store* with all its bytes: it is read to its end."""
    digest, size = hashlib.sha256(), 0
    try:
        with store.open(entry.key) as source:
            while piece := source.read(READ_BYTES):
                digest.update(piece)
                size += len(piece)
    except NotFound:
        return False
    return size == entry.size and digest.hexdigest() == entry.sha256


def _copy(store: ObjectStore, entry: FileEntry, path: Path) -> Path:
    digest = hashlib.sha256()
    with store.open(entry.key) as source, path.open("wb") as target:
        while piece := source.read(READ_BYTES):
            digest.update(piece)
            target.write(piece)
    if digest.hexdigest() != entry.sha256:
        raise DigestMismatch(f"{entry.key} gives {digest.hexdigest()}, its entry says {entry.sha256}")
    return path
