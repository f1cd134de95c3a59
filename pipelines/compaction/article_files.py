"""Article files of many segments as one, each row with the new place of its capture."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.errors import ExtractionError
from pipelines.extract import read_articles, write_articles
from pipelines.extract.table import ARTICLE_SCHEMA, BYTES, ROWS
from pipelines.segments.names import SegmentName

_LEVEL: Final = 9


class MergedArticles:
    """Writes the article file of the segment *name*; a row group is in memory at a time."""

    def __init__(self, path: Path, name: SegmentName) -> None:
        self.path, self._name = path, name
        self._writer: pq.ParquetWriter | None = None
        self._waiting: list[pa.Table] = []
        self._waiting_rows = self._waiting_bytes = 0
        self.rows = 0

    def add(self, source: Path, *, shift: int) -> None:
        """Take the rows of *source*, whose records lie *shift* bytes further on now.

        Raises ``ExtractionError`` where it cannot be read; none of its rows is taken then.
        """
        try:
            with pq.ParquetFile(_in_todays_columns(source)) as file:
                batches = list(file.iter_batches(batch_size=ROWS))
            placed = [self._placed(pa.Table.from_batches([batch]), shift) for batch in batches]
        except (pa.ArrowInvalid, KeyError, OSError) as error:
            raise ExtractionError(f"articles: {source.name} cannot be read ({error})") from error
        for rows in placed:
            self._take(rows)

    def close(self) -> None:
        """Write what waits, and end the file; there is none where no row came."""
        self._write()
        if self._writer is not None:
            self._writer.close()

    def _placed(self, rows: pa.Table, shift: int) -> pa.Table:
        count = rows.num_rows
        offsets = [int(at or 0) + shift for at in rows.column("offset").to_pylist()]
        columns: dict[str, pa.Array[Any]] = {
            "segment": pa.array([str(self._name)] * count, pa.string()),
            "filename": pa.array([self._name.warc_filename] * count, pa.string()),
            "offset": pa.array(offsets, pa.int64()),
        }
        for name, column in columns.items():
            at = ARTICLE_SCHEMA.get_field_index(name)
            rows = rows.set_column(at, ARTICLE_SCHEMA.field(at), column)
        return rows.cast(ARTICLE_SCHEMA)

    def _take(self, rows: pa.Table) -> None:
        for part in _parts(rows):
            self._waiting.append(part)
            self._waiting_rows += part.num_rows
            self._waiting_bytes += part.nbytes
            self.rows += part.num_rows
            if self._waiting_rows >= ROWS or self._waiting_bytes >= BYTES:
                self._write()

    def _write(self) -> None:
        if not self._waiting:
            return
        if self._writer is None:
            self._writer = pq.ParquetWriter(
                self.path, ARTICLE_SCHEMA, compression="zstd", compression_level=_LEVEL
            )
        self._writer.write_table(pa.concat_tables(self._waiting))
        self._waiting = []
        self._waiting_rows = self._waiting_bytes = 0


def _in_todays_columns(path: Path) -> Path:
    """Return *path*, or a new file with the same rows where an older version wrote other columns."""
    with pq.ParquetFile(path) as file:
        if file.schema_arrow.equals(ARTICLE_SCHEMA):
            return path
    newer = path.with_name(f"{path.name}.new")
    write_articles(read_articles(path), newer)
    return newer


def _parts(rows: pa.Table) -> Iterator[pa.Table]:
    """Yield *rows* in parts of about the bytes of a row group."""
    step = max(1, rows.num_rows * BYTES // max(rows.nbytes, 1))
    for at in range(0, rows.num_rows, step):
        yield rows.slice(at, step)
