"""Articles as Parquet: one row an article version, with the capture that it came from."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.errors import ExtractionError
from pipelines.extract.article import Article, Image, Moment, Passage, PassageKind, Quality
from pipelines.model import Capture, Truncation

ROWS = 1000
"""Rows of a row group at most."""

BYTES = 16 * 1024 * 1024
"""Bytes of text of a row group, about; so much is held in memory while writing."""

_LEVEL = 9
"""zstd: slower than the default by a millisecond an article, smaller by a tenth."""


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """An article, where its bytes lie, and what the sources said of it."""

    article: Article
    capture: Capture
    announced: Mapping[str, str] = field(default_factory=dict)
    """As :attr:`pipelines.model.Provenance.announced`: ``source``, ``title``, ``published``, ``guid``…"""


def _column(name: str, kind: pa.DataType, told: str, *, nullable: bool = False) -> "pa.Field[Any]":
    return pa.field(name, kind, nullable=nullable, metadata={"description": told})


_WORDS = pa.list_(pa.field("element", pa.string(), nullable=False))
_TIME = pa.timestamp("us", tz="UTC")
_PASSAGE = pa.struct([pa.field(name, pa.string(), nullable=False) for name in ("text", "language", "kind")])
_IMAGE = pa.struct(
    [pa.field(name, pa.string(), nullable=False) for name in ("url", "caption", "alternative")]
)


def _moment_columns(name: str, told: str) -> list["pa.Field[Any]"]:
    return [
        _column(
            name, _TIME, f"when the article {told}; null where the page gave no time and zone", nullable=True
        ),
        _column(
            f"{name}_day",
            pa.date32(),
            "the same as a day in the page's own zone; null: unknown",
            nullable=True,
        ),
        _column(f"{name}_stated", pa.string(), "the same as the page wrote it", nullable=True),
        _column(f"{name}_found", pa.string(), "where on the page it stood", nullable=True),
    ]


ARTICLE_SCHEMA = pa.schema(
    [
        _column("urlkey", pa.string(), "canonical key of the capture's URL (SURT)"),
        _column("timestamp", pa.string(), "when it was captured: 14 digits, UTC"),
        _column("url", pa.string(), "the capture's URL"),
        _column("record", pa.string(), "kind of the WARC record: response or revisit"),
        _column("status", pa.int16(), "HTTP status; null where it could not be read", nullable=True),
        _column("mime", pa.string(), "media type as the server stated it; - for none"),
        _column("digest", pa.string(), "sha1:<base32> of the payload"),
        _column("sha256", pa.string(), "SHA-256 of the payload, hexadecimal"),
        _column("segment", pa.string(), "segment that holds the record"),
        _column("filename", pa.string(), "key of the WARC below <collection>/archive/"),
        _column("offset", pa.int64(), "byte at which the record begins"),
        _column("length", pa.int64(), "bytes of the compressed record"),
        _column(
            "truncated",
            pa.string(),
            "why the record is cut (WARC-Truncated); null: it is whole",
            nullable=True,
        ),
        _column("announced", pa.map_(pa.string(), pa.string()), "what feeds and sitemaps said of the URL"),
        _column("article_url", pa.string(), "URL that relative addresses of the page were resolved against"),
        _column("canonical_url", pa.string(), "what the page calls its own address; empty: unknown"),
        _column("site", pa.string(), "name of the publication; empty: unknown"),
        _column("section", pa.string(), "section of the publication; empty: unknown"),
        _column("title", pa.string(), "headline, without the site's name"),
        _column("subtitle", pa.string(), "second headline; empty: none"),
        _column("authors", _WORDS, "names, in the page's order"),
        *_moment_columns("published", "appeared"),
        *_moment_columns("modified", "was changed last"),
        _column("languages", _WORDS, "BCP 47, the one with most text first"),
        _column("text", pa.string(), "the passages with a blank line between two"),
        _column("passages", pa.list_(pa.field("element", _PASSAGE, nullable=False)), "text, language, kind"),
        _column("images", pa.list_(pa.field("element", _IMAGE, nullable=False)), "url, caption, alternative"),
        _column(
            "quality",
            pa.string(),
            "full, preview, login_stub, consent_wall, challenge, list_page, error_page, empty",
        ),
        _column("reasons", _WORDS, "why this quality, and what was lost on the way"),
        _column("encoding", pa.string(), "how the bytes were read; empty: not at all"),
        _column("method", pa.string(), "step of the cascade that the text is from"),
        _column("extractor", pa.string(), "version of the extractor: newswarc/<n>"),
        _column("rules", pa.string(), "version of the site's rules; empty: none"),
    ]
)
"""The columns; each field's metadata hold its description, in the files too."""

_PLAIN = (
    "canonical_url", "site", "section", "title", "subtitle", "encoding", "method", "extractor", "rules",
)  # fmt: skip
_PLACE = (
    "urlkey", "timestamp", "url", "status", "mime", "digest", "sha256", "segment", "filename", "offset",
    "length",
)  # fmt: skip


def write_articles(rows: Iterable[ArticleRow], path: Path) -> int:
    """Write *rows* to a new file *path* and return how many there were.

    One row group is in memory at a time. The same rows give the same bytes with the same pyarrow. What is
    written of a file is removed if *rows* raises.
    """
    written = 0
    try:
        with pq.ParquetWriter(path, ARTICLE_SCHEMA, compression="zstd", compression_level=_LEVEL) as writer:
            for group in _groups(rows):
                writer.write_table(pa.Table.from_pylist(group, schema=ARTICLE_SCHEMA))
                written += len(group)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return written


def read_articles(source: Path | BinaryIO) -> Iterator[ArticleRow]:
    """Yield the rows of a file that :func:`write_articles` wrote, in order, a few at a time in memory.

    :raises ExtractionError: *source* is no such file, or a damaged one.
    """
    try:
        with pq.ParquetFile(source) as file:
            for batch in file.iter_batches(batch_size=100):
                yield from map(_row, batch.to_pylist())
    except (pa.ArrowInvalid, KeyError, OSError) as error:
        raise ExtractionError(
            f"articles: {source} cannot be read ({error}); extract its segment again"
        ) from error


def _groups(rows: Iterable[ArticleRow]) -> Iterator[list[dict[str, Any]]]:
    group: list[dict[str, Any]] = []
    size = 0
    for row in rows:
        columns = _columns(row)
        group.append(columns)
        size += 2 * len(columns["text"])
        if len(group) >= ROWS or size >= BYTES:
            yield group
            group, size = [], 0
    if group:
        yield group


def _columns(row: ArticleRow) -> dict[str, Any]:
    article, capture = row.article, row.capture
    return {
        **{name: getattr(capture, name) for name in _PLACE},
        "record": capture.kind,
        "truncated": capture.truncated,
        "announced": sorted(row.announced.items()),
        "article_url": article.url,
        **{name: getattr(article, name) for name in (*_PLAIN, "authors", "languages", "reasons")},
        **_moment_values("published", article.published),
        **_moment_values("modified", article.modified),
        "text": article.text,
        "passages": [
            {"text": each.text, "language": each.language, "kind": each.kind} for each in article.passages
        ],
        "images": [asdict(image) for image in article.images],
        "quality": article.quality,
    }


def _moment_values(name: str, moment: Moment | None) -> dict[str, Any]:
    if moment is None:
        return {}
    return {
        name: moment.at,
        f"{name}_day": moment.day,
        f"{name}_stated": moment.stated,
        f"{name}_found": moment.found,
    }


def _row(columns: dict[str, Any]) -> ArticleRow:
    truncated = columns["truncated"]
    capture = Capture(
        kind=columns["record"],
        truncated=None if truncated is None else Truncation(truncated),
        **{name: columns[name] for name in _PLACE},
    )
    article = Article(
        url=columns["article_url"],
        published=_moment(columns, "published"),
        modified=_moment(columns, "modified"),
        passages=tuple(
            Passage(p["text"], p["language"], PassageKind(p["kind"])) for p in columns["passages"]
        ),
        images=tuple(Image(**image) for image in columns["images"]),
        quality=Quality(columns["quality"]),
        authors=tuple(columns["authors"]),
        languages=tuple(columns["languages"]),
        reasons=tuple(columns["reasons"]),
        **{name: columns[name] for name in _PLAIN},
    )
    return ArticleRow(article, capture, dict(columns["announced"]))


def _moment(columns: dict[str, Any], name: str) -> Moment | None:
    day = columns[f"{name}_day"]
    if day is None:
        return None
    at = columns[name]
    stated, found = columns[f"{name}_stated"], columns[f"{name}_found"]
    return Moment(day, None if at is None else at.astimezone(UTC), stated, found)
