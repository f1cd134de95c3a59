"""Which article files an index lacks: those of new segments, and newer readings of old ones."""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass

import orjson

from pipelines.errors import ManifestError, NotFound
from pipelines.segments.manifest import Manifest, parse_manifest, read_all
from pipelines.segments.names import SegmentName
from pipelines.segments.readings import get_reading, latest_of, readings_prefix, split_key
from pipelines.storage import ObjectStore

logger = logging.getLogger(__name__)

_PURGED = ".done.json"
"""Ends the key of what a purge left behind, as docs/archive-format.md has it."""


@dataclass(frozen=True, slots=True)
class Held:
    """A segment that an index knows, and which of its readings."""

    segment: str
    reading: int = 0
    """0: the articles that the segment came with."""
    key: str | None = None
    """Of the article file in the store; None where there is none."""
    replaced: bool = False
    """Whether another segment stands for this one; it is remembered so that it does not come back."""
    dropped: bool = False
    """Whether its articles were in this generation of the index: their words may still be in its files."""

    def to_json(self) -> str:
        """Return what the index stores."""
        return orjson.dumps(asdict(self)).decode()

    @classmethod
    def from_json(cls, content: str) -> "Held":
        """Return what :meth:`to_json` wrote."""
        return cls(**orjson.loads(content))


def lacking(store: ObjectStore, collection: str, known: Mapping[str, Held]) -> Iterator[Held]:
    """Yield what an index that holds *known* (by segment) lacks, by day and name.

    Each takes the place of what the index holds of that segment. A store that holds nothing new costs two
    listings. Where the commit of a reading is not readable the reading before it counts. Raises
    ``StorageError``, and ``ManifestError`` where a manifest is not readable.
    """
    mine = {name: held for name, held in known.items() if SegmentName.parse(name).collection == collection}
    keys = {SegmentName.parse(name).manifest_key for name in mine}
    manifests = read_all(store, collection, known=keys)
    readings = _Readings(store, collection)
    for name in sorted(manifests.replaced):
        if name not in known or not known[name].replaced:
            # The articles of a compacted one are those of another: no word goes with it.
            gone = name in known and name not in manifests.compacted
            yield Held(name, replaced=True, dropped=gone and known[name].key is not None)
    for manifest in manifests.current:
        yield readings.counting(manifest.name, manifest)
    for name, held in sorted(mine.items()):
        if not held.replaced and name not in manifests.replaced and not readings.may_be(held):
            found = readings.counting(SegmentName.parse(name))
            if found != held:
                yield found


def is_purged(store: ObjectStore, collection: str) -> bool:
    """Return whether a purge of *collection* has ever ended: segments that are gone may be gone by it."""
    return any(each.key.endswith(_PURGED) for each in store.list(f"{collection}/takedowns/"))


class _Readings:
    """Which readings there are, by the keys of their objects: those that are known are not read."""

    def __init__(self, store: ObjectStore, collection: str) -> None:
        self._store = store
        self._files: dict[tuple[str, int], set[str]] = {}
        keys = [each.key for each in store.list(readings_prefix(collection))]
        self._latest = latest_of(keys)
        for key in keys:
            place = split_key(key)
            if place is not None and not key.endswith(".json"):
                self._files.setdefault(place, set()).add(key)

    def may_be(self, held: Held) -> bool:
        """Return whether *held* is the reading that counts, as far as keys tell.

        A number may have been given again after the reading that had it was deleted.
        """
        number = self._latest.get(held.segment, 0)
        own = self._files.get((held.segment, number), set())
        if number != held.reading:
            return False
        if not number or own == {held.key}:
            return True
        # A reading in which nothing changed has no file: it names an older one.
        older = split_key(held.key or "")
        return not own and (older is None or (older[1] < number and held.key in self._files.get(older, ())))

    def counting(self, name: SegmentName, manifest: Manifest | None = None) -> Held:
        """Return the reading of *name* that counts, of those whose commit can be read."""
        for number in range(self._latest.get(str(name), 0), 0, -1):
            try:
                return Held(str(name), number, get_reading(self._store, name, number).articles.key)
            except (ManifestError, NotFound) as error:
                logger.warning(
                    "%s: reading %d cannot be read, the one before it counts: %s", name, number, error
                )
        if manifest is None:
            manifest = parse_manifest(self._store.get(name.manifest_key))
        own = manifest.files.articles
        return Held(str(name), 0, own.key if own else None)
