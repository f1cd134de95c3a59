"""Which article files an index lacks: those of new segments, and newer readings of old ones."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass

import orjson

from pipelines.segments.manifest import read_manifests
from pipelines.segments.names import SegmentName
from pipelines.segments.readings import get_reading, latest_readings
from pipelines.storage import ObjectStore


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
    listings. Raises ``StorageError``, and ``ManifestError`` where a manifest or a reading is not readable.
    """
    keys = {SegmentName.parse(name).manifest_key for name in known}
    manifests, replaced = read_manifests(store, collection, known=keys)
    readings = latest_readings(store, collection)
    for name in sorted(replaced):
        if name not in known or not known[name].replaced:
            yield Held(name, replaced=True)
    for manifest in manifests:
        own = manifest.files.articles
        yield _held(store, manifest.segment, readings.get(manifest.segment, 0), own.key if own else None)
    for name, number in sorted(readings.items()):
        old = known.get(name)
        if old is not None and not old.replaced and name not in replaced and number > old.reading:
            yield _held(store, name, number, old.key)


def _held(store: ObjectStore, segment: str, reading: int, key: str | None) -> Held:
    if reading:
        key = get_reading(store, SegmentName.parse(segment), reading).articles.key
    return Held(segment, reading, key)
