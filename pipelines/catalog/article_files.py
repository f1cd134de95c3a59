"""What a catalog keeps of a segment's article file."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.catalog.coding import band_hashes, fingerprint_bytes, stored_address, stored_line, time_number
from pipelines.errors import ExtractionError
from pipelines.extract.identities import identity_key

_WORDS = ("site", "section", "languages", "quality", "extractor", "rules")
_COLUMNS = (
    "urlkey", "timestamp", "url", "offset", "canonical_url", "site", "section", "title", "authors",
    "published", "published_day", "modified", "modified_day", "languages", "text", "quality", "extractor",
    "rules", "fingerprint",
)  # fmt: skip

ArticleIdentity = Callable[[str, str], str]
"""Address as fetched and what the page calls its own address, to a text that all captures of it share."""


@dataclass(frozen=True, slots=True)
class ArticleEntry:
    """One row of an article file, as the tables take it."""

    urlkey: str
    identity: str
    words: Mapping[str, str]
    """Values that are stored once for all rows: site, section, languages, quality, extractor, rules."""
    columns: Mapping[str, object]
    """The other columns of :data:`pipelines.catalog.schema.articles`, but those that are numbers of rows."""
    bands: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ArticleFile:
    """An article file whose rows are to enter the catalog."""

    key: str
    sha256: str
    """64 hexadecimal digits over the file."""
    entries: list[ArticleEntry]
    reading: int = 0
    """Number of the reading that the file is; 0 of that which came with the segment."""


def read_entries(source: BinaryIO, *, identity: ArticleIdentity = identity_key) -> Iterator[ArticleEntry]:
    """Yield an entry for each row of the article file *source*, in order.

    Raises ``ExtractionError`` where it is no such file, or a damaged one.
    """
    try:
        with pq.ParquetFile(source) as file:
            known = [name for name in _COLUMNS if name in file.schema_arrow.names]
            number = 0
            for batch in file.iter_batches(batch_size=200, columns=known):
                for columns in batch.to_pylist():
                    yield _entry(number, columns, identity)
                    number += 1
    except (pa.ArrowInvalid, KeyError, OSError) as error:
        raise ExtractionError(
            f"articles: a file cannot be read ({error}); extract its segment again"
        ) from error


def _entry(number: int, columns: Mapping[str, Any], identity: ArticleIdentity) -> ArticleEntry:
    url, canonical, text = columns["url"], stored_address(columns["canonical_url"] or ""), columns["text"]
    mark = fingerprint_bytes(columns.get("fingerprint") or "")
    words = {name: columns[name] for name in _WORDS if name != "languages"}
    return ArticleEntry(
        urlkey=columns["urlkey"],
        identity=identity(url, canonical),
        words={**words, "languages": " ".join(columns["languages"])},
        columns={
            "row": number,
            "captured": int(columns["timestamp"]),
            "offset": columns["offset"],
            "canonical": canonical if canonical and canonical != url else None,
            "title": stored_line(columns["title"]),
            "authors": "\n".join(map(stored_line, columns["authors"])),
            "published_day": _day(columns["published_day"]),
            "published_at": time_number(columns["published"]),
            "modified_day": _day(columns["modified_day"]),
            "modified_at": time_number(columns["modified"]),
            "text_sha256": hashlib.sha256(text.encode()).digest(),
            "characters": len(text),
            "fingerprint": mark,
        },
        bands=tuple(band_hashes(mark)),
    )


def _day(day: Any) -> int | None:  # noqa: ANN401 - a date, as pyarrow gives it
    return None if day is None else int(day.strftime("%Y%m%d"))
