"""A run of compaction, from its claim to the last manifest."""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from pipelines.compaction.clearing import Cleared, clear
from pipelines.compaction.fetching import LeftOut
from pipelines.compaction.merging import Merged, merge
from pipelines.compaction.planning import CompactionOptions, plan_of
from pipelines.errors import SpoolFull, TakedownError
from pipelines.segments.manifest import Link, Manifest, manifest_digest, read_all
from pipelines.segments.names import SegmentName, copying_writer
from pipelines.segments.publishing import publish
from pipelines.segments.readings import latest_readings
from pipelines.segments.unfinished import unfinished_copies
from pipelines.storage.contract import ObjectStore
from pipelines.takedown import Register, claimed

_LOOK_BACK: Final = timedelta(days=30)
Told = Callable[[int, int], None]
"""Is told how many segments are merged, and of how many."""


@dataclass(frozen=True, slots=True)
class Compacted:
    """What a run did."""

    made: tuple[Manifest, ...]
    """Of the new segments."""
    left_out: tuple[LeftOut, ...]
    """Small segments that stay, since they are damaged or were replaced meanwhile."""
    cleared: Cleared


def compact(
    store: ObjectStore,
    collection: str,
    folder: Path,
    *,
    options: CompactionOptions | None = None,
    force: bool = False,
    told: Told = lambda _done, _all: None,
) -> Compacted:
    """Merge the small segments of *collection*, after deleting the objects of those merged long enough ago.

    *folder* is local and of this alone; it is emptied first and holds little more than one new segment. Once
    a manifest is put, its segment counts, whatever comes after: a run that was cut off is followed by another
    one. It has the claim of purges meanwhile; with *force* also one whose process is dead on another machine.
    Raises ``TakedownError`` where a purge is under way or unfinished, ``ManifestError`` where a manifest that
    counts is not readable, ``SpoolFull`` where *folder* is full or cannot be written, ``StorageError``.
    """
    with claimed(store, collection, force=force):
        now = datetime.now(UTC)
        _delete_unfinished(store, collection, now)
        _refuse_purges(store, collection)
        manifests = read_all(store, collection)
        plan = plan_of(manifests, options=options or CompactionOptions(), now=now)
        cleared = clear(store, collection, plan.due)
        names = {*manifests.replaced, *(manifest.segment for manifest in manifests.found)}
        known = {SegmentName.parse(name).manifest_key for name in names}
        run = _Run(store, collection, folder, known)
        try:
            run.merge_all(plan.groups, told)
        except OSError as err:
            raise SpoolFull(f"compact: cannot work in {folder}: {err}; make room, then run it again") from err
        return Compacted(tuple(run.made), tuple(run.left_out), cleared)


def _delete_unfinished(store: ObjectStore, collection: str, now: datetime) -> None:
    """Delete what earlier runs left that were cut off before a manifest."""
    first = (now - _LOOK_BACK).strftime("%Y/%m/%d")
    for key in list(unfinished_copies(store, collection, day=first)):
        store.delete(key)


def _refuse_purges(store: ObjectStore, collection: str) -> None:
    unfinished = Register(store, collection).unfinished
    if unfinished:
        raise TakedownError(
            f"compact: the purge {unfinished[0].id} was begun and not ended; "
            "run 'newswarc takedown finish' first"
        )


class _Run:
    def __init__(self, store: ObjectStore, collection: str, folder: Path, known: set[str]) -> None:
        self._store, self._collection, self._folder, self._known = store, collection, folder, known
        self._writer = copying_writer()
        self._replaced: set[str] = set()
        self._serial = 0
        self._link: Link | None = None
        self.made: list[Manifest] = []
        self.left_out: list[LeftOut] = []

    def merge_all(self, groups: Sequence[Sequence[Manifest]], told: Told) -> None:
        """Merge and publish each of *groups*."""
        readings = latest_readings(self._store, self._collection) if groups else {}
        done, of = 0, sum(map(len, groups))
        for group in groups:
            told(done, of)
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder.mkdir(parents=True)
            self._serial += 1
            name = SegmentName.new(
                self._collection, datetime.now(UTC), serial=self._serial, writer=self._writer
            )
            self._end(merge(self._store, group, readings, (name, self._link), self._folder))
            done += len(group)
        told(done, of)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _end(self, found: Merged | tuple[LeftOut, ...]) -> None:
        if not isinstance(found, Merged):
            self.left_out += found
            return
        self.left_out += found.left_out
        sealed = found.sealed
        replaced = self._replaced_meanwhile(sealed.manifest)
        if replaced:
            # By a repair without the claim. The next run takes the others.
            self.left_out += (LeftOut(name, "another segment has replaced it meanwhile") for name in replaced)
            return
        publish(sealed, self._store)
        self._known.add(sealed.name.manifest_key)
        self._link = Link(str(sealed.name), manifest_digest(sealed.content))
        self.made.append(sealed.manifest)

    def _replaced_meanwhile(self, manifest: Manifest) -> list[str]:
        newer = read_all(self._store, self._collection, known=self._known)
        self._known |= {each.name.manifest_key for each in newer.found}
        self._replaced |= newer.replaced
        return sorted(self._replaced.intersection(manifest.compacts))
