"""Article rows by their place, read by range: one row of a large file costs a small part of it."""

import io
import threading
from collections import OrderedDict
from collections.abc import Collection, Iterable
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.catalog import ArticlePlace
from pipelines.errors import ExtractionError, NotFound
from pipelines.extract import Article, ArticleRow, read_articles
from pipelines.storage import ObjectStore

MOST_KEPT: Final = 500
"""Articles in memory."""


def rows_at(store: ObjectStore, key: str, numbers: Collection[int]) -> dict[int, ArticleRow]:
    """Return those rows, from 0, of the article file at *key*; each group of rows is read once.

    Raises ``NotFound`` where the file is gone, ``ExtractionError`` where it is damaged or lacks one of them.
    """
    found: dict[int, ArticleRow] = {}
    first = 0
    try:
        with pq.ParquetFile(pa.PythonFile(_Ranges(store, key), mode="r"), pre_buffer=False) as file:
            for group in range(file.num_row_groups):
                count = file.metadata.row_group(group).num_rows
                here = sorted(number - first for number in numbers if first <= number < first + count)
                if here:
                    table = file.read_row_group(group, use_threads=False)
                    found |= {first + number: _only(table.slice(number, 1)) for number in here}
                first += count
    except (pa.ArrowInvalid, KeyError, OSError) as error:
        raise ExtractionError(f"articles: {key} cannot be read ({error}); verify the archive") from error
    if len(found) < len(set(numbers)):
        raise ExtractionError(f"articles: {key} has fewer rows than the catalog says; rebuild the catalog")
    return found


def row_at(store: ObjectStore, key: str, number: int) -> ArticleRow:
    """Return one row as :func:`rows_at` does."""
    return rows_at(store, key, [number])[number]


class Texts:
    """Articles by their place; those read last are kept. Safe for several threads."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store
        self._kept: OrderedDict[tuple[str, int], Article] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, places: Iterable[ArticlePlace]) -> dict[tuple[str, int], Article]:
        """Return the articles at *places* by key of the file and row, without those that cannot be read."""
        wanted = {(place.articles_key, place.row) for place in places}
        with self._lock:
            found = {at: self._kept[at] for at in wanted & self._kept.keys()}
        lacking: dict[str, set[int]] = {}
        for key, row in wanted - found.keys():
            lacking.setdefault(key, set()).add(row)
        for key, numbers in lacking.items():
            try:
                rows = rows_at(self._store, key, numbers)
            except (NotFound, ExtractionError):
                continue
            found |= {(key, number): row.article for number, row in rows.items()}
        self._keep(found)
        return found

    def _keep(self, found: dict[tuple[str, int], Article]) -> None:
        with self._lock:
            for at, article in found.items():
                self._kept[at] = article
                self._kept.move_to_end(at)
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)


def _only(table: pa.Table) -> ArticleRow:
    """Return the one row of *table*, by the reader that knows files of all ages."""
    out = io.BytesIO()
    pq.write_table(table, out, compression="none")
    out.seek(0)
    return next(read_articles(out))


class _Ranges(io.RawIOBase):
    """An object of a store as a file that can be sought in."""

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
