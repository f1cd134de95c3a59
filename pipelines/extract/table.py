"""Articles as Parquet: one row an article version, with the capture that it came from."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.errors import ExtractionError
from pipelines.extract.article import (
    Article,
    Cue,
    Image,
    Link,
    Moment,
    Passage,
    PassageKind,
    Quality,
    Title,
    Transcript,
)
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
_PLACES = pa.list_(pa.field("element", pa.int32(), nullable=False))


def _texts(*names: str) -> list["pa.Field[Any]"]:
    return [pa.field(name, pa.string(), nullable=False) for name in names]


def _list(element: pa.DataType) -> pa.DataType:
    return pa.list_(pa.field("element", element, nullable=False))


_PASSAGE = pa.struct([*_texts("text", "language", "kind"), pa.field("parallel", _PLACES, nullable=False)])
_IMAGE = pa.struct(_texts("url", "caption", "alternative"))
_TITLE = pa.struct(_texts("text", "language"))
_LINK = pa.struct(_texts("url", "text"))
_CUE = pa.struct([pa.field("start", pa.float64(), nullable=False), *_texts("text")])
_TRANSCRIPT = pa.struct([*_texts("audio"), pa.field("paragraphs", _list(_list(_CUE)), nullable=False)])


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
        _column(
            "passages",
            _list(_PASSAGE),
            "text, language, kind, parallel (positions of those that say the same in another language)",
        ),
        _column("images", _list(_IMAGE), "url, caption, alternative"),
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
        _column("titles", _list(_TITLE), "headline in each language: text, language; the first one is title"),
        _column("translators", _WORDS, "names, in the page's order"),
        _column("links", _list(_LINK), "what the text refers to: url, text"),
        _column(
            "transcript",
            _TRANSCRIPT,
            "what is spoken in a recording: audio (URL), paragraphs of start (seconds) and text; null: none",
            nullable=True,
        ),
        _column("fingerprint", pa.string(), "by which copies and revisions are known; empty: too short"),
    ]
)
"""The columns; each field's metadata hold its description, in the files too. New ones are added at the end,
and :func:`read_articles` takes what an older file lacks as unknown."""

_PLAIN = (
    "canonical_url", "site", "section", "title", "subtitle", "encoding", "method", "extractor", "rules",
    "fingerprint",
)  # fmt: skip
_NAMES = ("authors", "languages", "reasons", "translators")
_NOUNS: dict[str, type[Image | Title | Link | Passage]] = {
    "passages": Passage, "images": Image, "titles": Title, "links": Link,
}  # fmt: skip
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
        with pq.ParquetFile(source, pre_buffer=False) as file:
            for batch in file.iter_batches(batch_size=100, use_threads=False):
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
        **{name: getattr(article, name) for name in (*_PLAIN, *_NAMES)},
        **_moment_values("published", article.published),
        **_moment_values("modified", article.modified),
        "text": article.text,
        **{name: [asdict(each) for each in getattr(article, name)] for name in _NOUNS},
        "transcript": None if article.transcript is None else asdict(article.transcript),
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
            Passage(p["text"], p["language"], PassageKind(p["kind"]), tuple(p.get("parallel") or ()))
            for p in columns["passages"]
        ),
        images=tuple(Image(**each) for each in columns["images"]),
        titles=tuple(Title(**each) for each in columns.get("titles") or ()),
        links=tuple(Link(**each) for each in columns.get("links") or ()),
        transcript=_transcript(columns.get("transcript")),
        quality=Quality(columns["quality"]),
        **_plain(columns),
    )
    return ArticleRow(article, capture, dict(columns["announced"]))


def _moment(columns: dict[str, Any], name: str) -> Moment | None:
    day = columns[f"{name}_day"]
    if day is None:
        return None
    at = columns[name]
    stated, found = columns[f"{name}_stated"], columns[f"{name}_found"]
    return Moment(day, None if at is None else at.astimezone(UTC), stated, found)


def _transcript(columns: dict[str, Any] | None) -> Transcript | None:
    if columns is None:
        return None
    return Transcript(
        columns["audio"], tuple(tuple(Cue(**cue) for cue in part) for part in columns["paragraphs"])
    )


def _plain(columns: dict[str, Any]) -> dict[str, Any]:
    return {name: columns.get(name, "") for name in _PLAIN} | {
        name: tuple(columns.get(name) or ()) for name in _NAMES
    }
