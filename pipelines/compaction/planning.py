"""Which segments are merged with which, and whose objects have stayed long enough."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from pipelines.segments.manifest import Manifest, Manifests, read_all
from pipelines.storage.contract import ObjectStore
from pipelines.urls import timestamp

MOST: Final = 5_000
"""Segments that become one at most: a manifest names them all, and a catalog takes them out at once."""


@dataclass(frozen=True, slots=True)
class CompactionOptions:
    """What is compacted, and how far."""

    older: timedelta = timedelta(days=1)
    """Since a segment was sealed, at least."""
    below: int = 64 * 10**6
    """Bytes of the WARC of a segment that is small."""
    target: int = 10**9
    """Bytes of the WARC of a new segment at most."""
    keep: timedelta = timedelta(days=1)
    """How long the objects of compacted segments stay, from the sealing of the new one."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a compaction would do."""

    groups: tuple[tuple[Manifest, ...], ...]
    """Segments that would become one each, in order of day and name."""
    due: dict[str, str]
    """Compacted segments whose objects may go, each with the current one that holds its records."""


def plan_compaction(
    store: ObjectStore, collection: str, *, options: CompactionOptions, now: datetime
) -> Plan:
    """Return what would be done at the aware time *now*; nothing is written.

    Raises ``ManifestError`` where a manifest that counts is not readable, ``StorageError``.
    """
    return plan_of(read_all(store, collection), options=options, now=now)


def plan_of(manifests: Manifests, *, options: CompactionOptions, now: datetime) -> Plan:
    """Return what :func:`plan_compaction` does, of *manifests* that were read already."""
    sealed = timestamp(now - options.older)
    small = (
        each
        for each in manifests.current
        # What a repair or a purge made has its exchanges no longer whole, and few there are.
        if each.files.warc.size < options.below and each.sealed <= sealed and not each.replaces
    )
    groups = map(_worthwhile, _filled(small, options.target))
    return Plan(tuple(filter(None, groups)), _due(manifests, timestamp(now - options.keep)))


def _filled(small: Iterable[Manifest], target: int) -> Iterator[list[Manifest]]:
    """Yield neighbours in time, together no larger than *target*."""
    group: list[Manifest] = []
    size = 0
    for each in small:
        if group and (size + each.files.warc.size > target or len(group) >= MOST):
            yield group
            group, size = [], 0
        group.append(each)
        size += each.files.warc.size
    yield group


def _worthwhile(group: Sequence[Manifest]) -> tuple[Manifest, ...]:
    """Return *group* without those that are twice as large as all others together; none where one is left.

    Else each day's run would copy all that the days before have gathered. So a record is copied as often as
    its segment grows by half.
    """
    kept = list(group)
    while kept:
        largest = max(kept, key=lambda each: each.files.warc.size)
        others = sum(each.files.warc.size for each in kept) - largest.files.warc.size
        if largest.files.warc.size <= 2 * others:
            break
        kept.remove(largest)
    return tuple(kept)


def _due(manifests: Manifests, sealed: str) -> dict[str, str]:
    """Return those that a segment compacts that was sealed at *sealed* or before."""
    return {
        name: manifests.compacted[name]
        for each in manifests.found
        if each.sealed <= sealed
        for name in each.compacts
        if name in manifests.compacted
    }
