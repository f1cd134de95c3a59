"""Proof that a purge left nothing: the whole collection is read again and searched for what went."""

import gzip
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, cast

from pipelines.errors import RecordError
from pipelines.extract import read_articles
from pipelines.fixity.records import Gap, ObjectReader, walk
from pipelines.index import from_line
from pipelines.segments.names import SegmentName
from pipelines.storage.contract import ObjectStore
from pipelines.takedown.model import Takedown

Told = Callable[[int, int], None]
"""Is told how many bytes are read, and of how many."""


@dataclass(frozen=True, slots=True)
class Remnant:
    """Something that should have gone."""

    key: str
    offset: int | None
    """Of the record in a WARC, line or row number in an index or article file; None: the object itself."""
    words: str


def scan(
    store: ObjectStore, collection: str, takedown: Takedown, *, told: Told | None = None
) -> Iterator[Remnant]:
    """Yield what the collection still holds of what the purge *takedown* takes, whatever the manifests say.

    Every WARC, index and article file below the collection is read, also those that no manifest names, and
    every record's payload is digested anew. Raises ``StorageError``.
    """
    objects = [each for each in store.list(f"{collection}/") if _is_searched(each.key)]
    total, done = sum(each.size for each in objects), 0
    for each in objects:
        yield from _search(store, each.key, takedown)
        done += each.size
        if told:
            told(done, total)


_SEARCHED = ("archive/", "indexes/", "articles/", "readings/")
_ASIDE = "damaged/"


def _is_searched(key: str) -> bool:
    return key.partition("/")[2].startswith((*_SEARCHED, _ASIDE))


def _search(store: ObjectStore, key: str, takedown: Takedown) -> Iterator[Remnant]:
    if ".warc.gz" in key:
        yield from _in_warc(store, key, takedown)
    elif key.endswith(".cdxj.gz"):
        with store.open(key) as stream, gzip.open(stream) as lines:
            yield from _in_index(lines, key, takedown)
    elif ".cdxj" in key:
        yield from _in_index(store.get(key).splitlines(), key, takedown)
    elif ".parquet" in key:
        yield from _in_articles(store, key, takedown)


def _in_warc(store: ObjectStore, key: str, takedown: Takedown) -> Iterator[Remnant]:
    name = SegmentName.parse(key.rpartition("/")[2].partition(".warc.gz")[0])

    def opened(at: int) -> BinaryIO:
        return cast("BinaryIO", ObjectReader(store, key, at))

    with store.open(key) as stream:
        for found in walk(stream, name, opened):
            if isinstance(found, Gap):
                # What repair has moved aside is damaged; that of a purged segment is deleted by the purge.
                if not key.partition("/")[2].startswith(_ASIDE):
                    yield Remnant(key, found.offset, f"bytes that cannot be read: {found.error}")
            elif found.capture and takedown.takes(found.capture, found.refers_to):
                yield Remnant(key, found.offset, f"{found.kind} record of {found.capture.url}")


def _in_index(lines: Iterable[bytes], key: str, takedown: Takedown) -> Iterator[Remnant]:
    for number, line in enumerate(lines, 1):
        try:
            capture = from_line(line)
        except RecordError as err:
            yield Remnant(key, number, f"a line that cannot be read: {err}")
            continue
        if takedown.takes(capture):
            yield Remnant(key, number, f"index line of {capture.url}")


def _in_articles(store: ObjectStore, key: str, takedown: Takedown) -> Iterator[Remnant]:
    with store.open(key) as stream:
        for number, row in enumerate(read_articles(stream)):
            if takedown.takes(row.capture):
                yield Remnant(key, number, f"article of {row.capture.url}")
