"""Articles as JSON lines, CSV, Parquet and Markdown; a few at a time in memory, whatever there is."""

import csv
import json
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO

from crawler.cli.words import capture_object
from pipelines.extract import Article, ArticleRow, Moment, write_articles
from pipelines.extract.markdown import inline, passage_markdown
from pipelines.extract.parallel import parallel_texts
from pipelines.extract.tmx import write_tmx_pairs

BOM = b"\xef\xbb\xbf"


class Format(StrEnum):
    """How articles are written."""

    JSONL = "jsonl"
    CSV = "csv"
    PARQUET = "parquet"
    MARKDOWN = "markdown"
    PARALLEL = "parallel"
    TMX = "tmx"


CSV_COLUMNS = (
    "url", "title", "authors", "published", "text", "languages", "quality", "canonical_url", "site",
    "section", "subtitle", "modified", "timestamp", "digest", "segment", "filename", "offset", "length",
)  # fmt: skip


def as_object(row: ArticleRow) -> dict[str, Any]:
    """Return *row* as the object of a JSON line: the article, and as ``capture`` where its bytes lie."""
    article, capture = row.article, row.capture
    return {
        "url": capture.url,
        "canonical_url": article.canonical_url,
        "site": article.site,
        "section": article.section,
        "title": article.title,
        "subtitle": article.subtitle,
        "authors": list(article.authors),
        **_dated("published", article.published),
        **_dated("modified", article.modified),
        "languages": list(article.languages),
        "text": article.text,
        "passages": [
            {"text": p.text, "language": p.language, "kind": p.kind, "parallel": list(p.parallel)}
            for p in article.passages
        ],
        "images": [
            {"url": i.url, "caption": i.caption, "alternative": i.alternative} for i in article.images
        ],
        "quality": article.quality,
        "reasons": list(article.reasons),
        "encoding": article.encoding,
        "method": article.method,
        "extractor": article.extractor,
        "rules": article.rules,
        "titles": [asdict(title) for title in article.titles],
        "translators": list(article.translators),
        "links": [asdict(link) for link in article.links],
        "transcript": None if article.transcript is None else asdict(article.transcript),
        "fingerprint": article.fingerprint,
        "announced": dict(row.announced),
        "capture": capture_object(capture),
    }


def write_jsonl(rows: Iterable[ArticleRow], sink: BinaryIO) -> int:
    """Write one JSON object a line, UTF-8, and return how many."""
    return _count(sink.write(_json(as_object(row)) + b"\n") for row in rows)


def write_csv(rows: Iterable[ArticleRow], sink: BinaryIO) -> int:
    """Write RFC 4180 CSV with a header, UTF-8, and return the rows. Lists are joined by ``; ``."""
    writer = csv.writer(_Utf8(sink))
    writer.writerow(CSV_COLUMNS)
    return _count(writer.writerow(_cells(row)) for row in rows)


def write_parquet(rows: Iterable[ArticleRow], sink: BinaryIO) -> int:
    """Write one Parquet file with the columns of the archive's own, and return the rows."""
    # What makes Parquet wants a file to itself; the sink may be a pipe.
    with tempfile.TemporaryDirectory(prefix="newswarc-export-") as folder:
        path = Path(folder) / "articles.parquet"
        written = write_articles(rows, path)
        with path.open("rb") as file:
            shutil.copyfileobj(file, sink, 1 << 20)
    return written


def write_markdown(rows: Iterable[ArticleRow], sink: BinaryIO) -> int:
    """Write one Markdown document with a rule between two articles, and return how many."""
    count = 0
    for count, row in enumerate(rows, 1):
        sink.write(("\n---\n\n" if count > 1 else "").encode() + markdown(row).encode())
    return count


def write_parallel(rows: Iterable[ArticleRow], sink: BinaryIO) -> int:
    """Write a JSON line for each pair of passages that say the same, and return how many articles had any."""
    return sum(_count(sink.write(_json(each) + b"\n") for each in _parallel_objects(row)) > 0 for row in rows)


def _parallel_objects(row: ArticleRow) -> Iterator[dict[str, Any]]:
    told = {"url": row.capture.url, "timestamp": row.capture.timestamp}
    titles = {title.language: title.text for title in row.article.titles}
    if len(titles) > 1:
        yield {**told, "number": 0, "texts": titles}
    for number, texts in enumerate(parallel_texts(row.article.passages), 1):
        yield {**told, "number": number, "texts": dict(texts)}


def write_tmx(rows: Iterable[ArticleRow], sink: BinaryIO) -> int:
    """Write one TMX 1.4b document, a unit for each pair of passages, and return how many articles had any."""
    counted = _Counted()
    write_tmx_pairs(counted.units(rows), sink)
    return counted.articles


class _Counted:
    """Units of a TMX document, and how many articles they are from."""

    articles = 0

    def units(self, rows: Iterable[ArticleRow]) -> Iterator[tuple[Mapping[str, str], Mapping[str, str]]]:
        for row in rows:
            objects = list(_parallel_objects(row))
            self.articles += bool(objects)
            for each in objects:
                yield each["texts"], {"url": each["url"], "timestamp": each["timestamp"]}


def write_markdown_files(rows: Iterable[ArticleRow], folder: Path) -> int:
    """Write a file for each article into *folder*, over one of the same name, and return how many."""
    return _count(_replaced(folder / file_name(row), markdown(row).encode()) for row in rows)


WRITERS: Mapping[Format, Callable[[Iterable[ArticleRow], BinaryIO], int]] = {
    Format.JSONL: write_jsonl,
    Format.CSV: write_csv,
    Format.PARQUET: write_parquet,
    Format.MARKDOWN: write_markdown,
    Format.PARALLEL: write_parallel,
    Format.TMX: write_tmx,
}


def markdown(row: ArticleRow) -> str:
    """Return the article as Markdown (CommonMark): headline, where it is from, passages."""
    article, capture = row.article, row.capture
    lines = [f"# {inline(article.title) or inline(capture.url)}", ""]
    if article.subtitle:
        lines += [f"*{inline(article.subtitle)}*", ""]
    told = [
        ("Source", f"<{capture.url}>"),
        ("Authors", inline(", ".join(article.authors))),
        ("Published", when(article.published) or ""),
        ("Captured", capture.timestamp),
        ("Quality", str(article.quality)),
    ]
    lines += [f"- {label}: {value}" for label, value in told if value]
    for passage in article.passages:
        lines += ["", passage_markdown(passage)]
    return "\n".join(lines) + "\n"


def file_name(row: ArticleRow) -> str:
    """Return the article's file name: capture time, some of its title, and what makes it unique."""
    words = "-".join(re.findall(r"\w+", row.article.title.lower()))[:40].strip("-_")
    unique = sha256(f"{row.capture.url} {row.capture.segment} {row.capture.offset}".encode()).hexdigest()[:8]
    return "-".join(filter(None, (row.capture.timestamp, words, unique))) + ".md"


def when(found: Moment | None) -> str | None:
    """Return *found* in ISO 8601, UTC, as exactly as it is known: second, day, or None."""
    if found is None:
        return None
    return _iso(found.at) if found.at else found.day.isoformat()


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _dated(name: str, found: Moment | None) -> dict[str, str | None]:
    return {
        name: when(found),
        f"{name}_day": found.day.isoformat() if found else None,
        f"{name}_stated": found.stated if found else None,
        f"{name}_found": found.found if found else None,
    }


def _cells(row: ArticleRow) -> list[object]:
    values = as_object(row)
    values |= values["capture"]
    return [
        "; ".join(values[name]) if isinstance(values[name], list) else values[name] for name in CSV_COLUMNS
    ]


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


class _Utf8:
    """Takes text and writes it as UTF-8. Unlike a TextIOWrapper it leaves its sink alone when it goes."""

    def __init__(self, sink: BinaryIO) -> None:
        self._sink = sink

    def write(self, text: str) -> int:
        return self._sink.write(text.encode())


def _count(steps: Iterator[object]) -> int:
    return sum(1 for _ in steps)


def _replaced(path: Path, content: bytes) -> Path:
    beside = path.with_name(f".{path.name[-60:]}.new")
    beside.write_bytes(content)
    return beside.replace(path)


def article_text(article: Article) -> str:
    """Return the clean text of *article*: headline, blank line, passages."""
    return f"{article.title}\n\n{article.text}\n" if article.title else f"{article.text}\n"
