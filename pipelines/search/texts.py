"""Article rows by their place: what the index does not hold is read from the article files."""

import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.errors import ExtractionError, NotFound
from pipelines.extract import ArticleRow, read_articles
from pipelines.search.entries import Shown
from pipelines.storage import ObjectStore

_TOGETHER = 500
"""Rows in memory at a time."""


def texts(store: ObjectStore, places: Sequence[Shown]) -> list[str]:
    """Return the text (``Article.text``) of each of *places*; only that column is read, of their row groups.

    Raises ``NotFound`` where an article file is gone, ``ExtractionError`` where it is damaged.
    """
    found: dict[tuple[str, int], str] = {}
    for key, rows in _by_file(places).items():
        try:
            # Read here alone: a thread that is still reading while Python ends aborts the process.
            with pq.ParquetFile(pa.PythonFile(_Object(store, key), mode="r"), pre_buffer=False) as file:
                found |= {(key, row): text for row, text in _column(file, rows)}
        except (pa.ArrowInvalid, KeyError, OSError) as error:
            raise ExtractionError(f"search: {key} cannot be read ({error}); verify the archive") from error
    return [found[place.key, place.row] for place in places]


def rows(
    store: ObjectStore, places: Iterable[Shown], *, gone: Callable[[int], None] | None = None
) -> Iterator[ArticleRow]:
    """Yield the article row of each of *places*, in their order.

    Where an article file is gone, its rows are left out and *gone* is told how many they are; without *gone*
    ``NotFound`` is raised. Raises ``ExtractionError`` where a file is damaged.
    """
    waiting = iter(places)
    while batch := list(islice(waiting, _TOGETHER)):
        found: dict[tuple[str, int], ArticleRow] = {}
        lost: set[str] = set()
        for key, wanted in _by_file(batch).items():
            try:
                found |= {(key, number): row for number, row in _rows_of(store, key) if number in wanted}
            except NotFound:
                if gone is None:
                    raise
                gone(sum(place.key == key for place in batch))
                lost.add(key)
        yield from (found[place.key, place.row] for place in batch if place.key not in lost)


def _rows_of(store: ObjectStore, key: str) -> Iterator[tuple[int, ArticleRow]]:
    with store.open(key) as reader:
        content = reader.read()
    return enumerate(read_articles(io.BytesIO(content)))


def _by_file(places: Iterable[Shown]) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for place in places:
        found.setdefault(place.key, set()).add(place.row)
    return found


def _column(file: pq.ParquetFile, wanted: set[int]) -> Iterator[tuple[int, str]]:
    first = 0
    for group in range(file.num_row_groups):
        count = file.metadata.row_group(group).num_rows
        here = sorted(row - first for row in wanted if first <= row < first + count)
        if here:
            column = file.read_row_group(group, columns=["text"], use_threads=False).column("text")
            # Not take(): making an Arrow array imports pandas.
            yield from ((first + row, column[row].as_py()) for row in here)
        first += count


class _Object(io.RawIOBase):
    """An object of a store as a file, read by ranges: a column of one row group is a small part of it."""

    def __init__(self, store: ObjectStore, key: str) -> None:
        self._store, self._key, self._at = store, key, 0
        self._size = store.head(key).size

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._at = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        return self._at

    def read(self, size: int | None = -1) -> bytes:
        wanted = self._size - self._at if size is None or size < 0 else size
        piece = self._store.get_range(self._key, self._at, wanted)
        self._at += len(piece)
        return piece
