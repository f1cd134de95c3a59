"""Readings: articles that were read again from a published segment, beside those that came with it.

A reading is an article file and a small commit object, put last. Both lie below ``<collection>/readings/``,
under the day of the segment, never overwritten::

    readings/2026/11/23/<segment>.00001-<16 digits of its sha256>.parquet
    readings/2026/11/23/<segment>.00001.json

The number counts the readings of one segment; that the commit is put only where the key is free makes one
of two writers the first. **The reading with the highest number counts**, whatever clocks say; without any,
the segment's own articles do. Older ones are of no use any more.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass

import orjson
from pydantic import TypeAdapter, ValidationError

from pipelines.errors import ManifestError
from pipelines.segments.manifest import FileEntry, Manifest
from pipelines.segments.names import SegmentName
from pipelines.storage.contract import ObjectStore

FORMAT = "newswarc-reading/1"
FOLDER = "readings"
_KEY = re.compile(r".*/(?P<segment>[^/]+)\.(?P<number>\d{5,})(?:\.json|-(?P<digest>[0-9a-f]{16})\.parquet)")


@dataclass(frozen=True, slots=True)
class ReadingCounts:
    """What a reading found."""

    articles: int
    """Rows of the article file."""
    changed: int
    """Those whose article is another than in the file before."""
    kept: int
    """Those that are as they were: the record is damaged, the page was cut off, or its payload lies in
    another segment."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The commit of a reading; see docs/archive-format.md for the meaning of each field."""

    segment: str
    number: int
    """From 1."""
    extractor: str
    rules: Mapping[str, str]
    """By host of the pages: digest of the cleaning rules that held for it; empty: there were none."""
    articles: FileEntry
    """An older file where nothing changed."""
    counts: ReadingCounts
    made: str
    """14 digits, UTC."""
    software: str
    format: str = FORMAT

    @property
    def key(self) -> str:
        """Key of the commit."""
        return reading_key(SegmentName.parse(self.segment), self.number)

    def to_json(self) -> bytes:
        """Return the commit as it is stored; the same reading gives the same bytes."""
        return orjson.dumps(asdict(self), option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS) + b"\n"


_ADAPTER = TypeAdapter(Reading)


def parse_reading(content: bytes, key: str) -> Reading:
    """Return the reading that *content*, stored at *key*, is. Raises ``ManifestError`` where it is none."""
    try:
        reading = _ADAPTER.validate_json(content)
        named = reading.key
    except (ValidationError, ValueError) as err:
        raise ManifestError(
            f"reading: {key} is not readable: {err}; 'newswarc reextract' makes the next one"
        ) from err
    if named != key:
        raise ManifestError(f"reading: {key} is that of {named}; 'newswarc reextract' makes the next one")
    if reading.format != FORMAT:
        raise ManifestError(f"reading: {key} has format {reading.format!r}, this is for {FORMAT!r}")
    return reading


def readings_prefix(collection: str, day: str = "") -> str:
    """Return what the keys of readings begin with; *day* is ``2026/11/23``, of the segments."""
    return f"{collection}/{FOLDER}/{day}"


def reading_key(name: SegmentName, number: int) -> str:
    """Return the key of the commit of the reading *number* of the segment *name*."""
    return f"{_stem(name)}.{number:05d}.json"


def reading_articles_key(name: SegmentName, number: int, sha256: str) -> str:
    """Return the key of the article file with that *sha256* (hexadecimal) for the reading *number*."""
    return f"{_stem(name)}.{number:05d}-{sha256[:16]}.parquet"


def split_key(key: str) -> tuple[str, int] | None:
    """Return segment and number of the reading that the object at *key* belongs to; None for others."""
    match = _KEY.fullmatch(key)
    return (match["segment"], int(match["number"])) if match else None


def latest_readings(store: ObjectStore, collection: str, *, day: str = "") -> dict[str, int]:
    """Return the number of the reading that counts of each segment that has one, of *day* or of all.

    Only keys are listed, nothing is read: two of them a reading. Whoever follows an archive compares the
    numbers with those that it knows, and reads the commits that are new. Raises ``StorageError``.
    """
    return latest_of(each.key for each in store.list(readings_prefix(collection, day)))


def latest_of(keys: Iterable[str]) -> dict[str, int]:
    """Return the number of the reading that counts of each segment that has a commit among *keys*."""
    found: dict[str, int] = {}
    for key in keys:
        place = split_key(key) if key.endswith(".json") else None
        if place is not None:
            found[place[0]] = max(found.get(place[0], 0), place[1])
    return found


def latest_number(store: ObjectStore, name: SegmentName) -> int:
    """Return the number of the reading of *name* that counts, 0 where there is none."""
    return latest_of(each.key for each in store.list(f"{_stem(name)}.")).get(str(name), 0)


def get_reading(store: ObjectStore, name: SegmentName, number: int) -> Reading:
    """Return that reading. Raises ``NotFound``, and ``ManifestError`` where its commit is not readable."""
    key = reading_key(name, number)
    return parse_reading(store.get(key), key)


def articles_of(store: ObjectStore, manifest: Manifest, number: int | None = None) -> FileEntry | None:
    """Return the article file of a segment that counts, None where it has no articles.

    *number* is that of the reading, 0 for none; without it the store is asked. Raises ``ManifestError``
    where the reading's commit is not readable.
    """
    name = manifest.name
    wanted = latest_number(store, name) if number is None else number
    return get_reading(store, name, wanted).articles if wanted else manifest.files.articles


def _stem(name: SegmentName) -> str:
    return f"{readings_prefix(name.collection, name.day)}/{name}"
