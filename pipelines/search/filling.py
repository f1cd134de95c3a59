"""From article files to the index: read here or in other processes, written by one writer."""

import logging
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Self, TypeVar

import orjson
from tantivy import Index, IndexWriter

from pipelines.errors import ExtractionError, NotFound
from pipelines.extract import Workers
from pipelines.search.entries import entries
from pipelines.search.following import Held
from pipelines.search.generations import told
from pipelines.storage import ObjectStore

logger = logging.getLogger(__name__)

_HEAP_BYTES = 256 << 20
_THREADS = 2
_COMMIT_CHARACTERS = 1_000_000_000
"""Of entries between two commits: what a crash costs is made again in a minute or two."""
_MANY_FILES = 4
"""From so many on it pays to start processes."""
_CALL_SECONDS = 3600.0
"""One call reads a whole file, of pages that were read before."""
_CALL_BYTES = 4 << 30

Found = list[str] | ExtractionError | NotFound
"""The entries of an article file, or why there are none."""


class Filling:
    """A writer that commits now and then, and at the end unless an error ends it."""

    def __init__(self, index: Index, folder: Path) -> None:
        """Write *index*, which is one in *folder*. Raises ``SearchError``."""
        self._folder = folder
        with told(folder):
            self._writer: IndexWriter = index.writer(_HEAP_BYTES, _THREADS)
        self._characters = 0
        self.articles = 0
        self.unreadable: list[str] = []

    def take(self, held: Held, found: Found) -> bool:
        """Let *found* be what the index holds of the segment, and return whether it could be read."""
        if not isinstance(found, list):
            logger.warning("%s is not in the search index: %s", held.key, found)
            self.unreadable.append(held.key or held.segment)
            return False
        self.remove("segment", held.segment)
        with told(self._folder):
            for each in found:
                self._writer.add_json(each)
                self._characters += len(each)
        self.mark(held)
        self.articles += len(found)
        if self._characters >= _COMMIT_CHARACTERS:
            with told(self._folder):
                self._writer.commit()
            self._characters = 0
        return True

    def remove(self, field: str, value: str) -> None:
        """Remove what has *value* in *field* and was written before."""
        with told(self._folder):
            self._writer.delete_documents_by_term(field, value)

    def mark(self, held: Held) -> None:
        """Write that the index holds *held*."""
        with told(self._folder):
            self._writer.add_json(orjson.dumps({"segment": held.segment, "held": held.to_json()}).decode())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        with told(self._folder):
            if kind is None:
                self._writer.commit()
            else:
                self._writer.rollback()
            # Few large parts answer faster than many small ones.
            self._writer.wait_merging_threads()


def read_entries(store: ObjectStore, wanted: Sequence[Held], processes: int) -> Iterator[tuple[Held, Found]]:
    """Yield the entries of each of *wanted*, in order; made in other processes where there are many.

    Raises ``StorageError`` where the store cannot be read; a file that is gone or damaged is yielded as such.
    """
    if processes < 2 or sum(held.key is not None for held in wanted) < _MANY_FILES:
        for held in wanted:
            yield held, _file(store, held.key, entries)
        return
    # The entries of a large segment are hundreds of megabytes: few of them wait at a time.
    limit = processes + 1
    with Workers(
        processes,
        preload=("pipelines.search.entries",),
        cpu_seconds=_CALL_SECONDS,
        wall_seconds=_CALL_SECONDS,
        memory=_CALL_BYTES,
        limit=limit,
    ) as workers:

        def begin(content: bytes, key: str) -> Callable[[], list[str]]:
            return workers.submit(entries, content, key).result

        waiting = deque[tuple[Held, Callable[[], list[str]] | Found]]()
        for held in wanted:
            waiting.append((held, _file(store, held.key, begin)))
            if len(waiting) == limit:
                yield _ended(*waiting.popleft())
        yield from (_ended(*each) for each in waiting)


T = TypeVar("T")


def _file(store: ObjectStore, key: str | None, read: Callable[[bytes, str], T]) -> T | Found:
    if key is None:
        return []
    try:
        with store.open(key) as reader:
            return read(reader.read(), key)
    except (ExtractionError, NotFound) as error:
        return error


def _ended(held: Held, found: Callable[[], list[str]] | Found) -> tuple[Held, Found]:
    if not callable(found):
        return held, found
    try:
        return held, found()
    except ExtractionError as error:
        return held, error
