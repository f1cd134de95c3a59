"""The articles of a segment: those that the crawl delivered, and those that only its WARC can still give."""

import logging
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

import orjson

from pipelines import extract as extraction
from pipelines.errors import ExtractionError
from pipelines.extract.article import given_up
from pipelines.extract.workers import CutOff
from pipelines.index import from_line
from pipelines.model import Headers
from pipelines.segments.journal import Entry, JobInfo
from pipelines.segments.names import SegmentName
from pipelines.segments.open_segment import ARTICLES_NAME
from pipelines.segments.recovery import Survey
from pipelines.urls import host
from pipelines.warc.message import payload, read_head
from pipelines.warc.reader import read_record

logger = logging.getLogger(__name__)

PageReader = Callable[[bytes, str, Headers, "extraction.Rules"], "extraction.Article"]
"""Payload as recorded, URL, headers, rules: the page's article. Where it runs is the caller's choice."""


@dataclass(frozen=True, slots=True)
class StoredPage:
    """A response as it lies in a WARC."""

    kind: str
    payload: bytes
    headers: Headers


def read_here(content: bytes, url: str, headers: Headers, rules: "extraction.Rules") -> "extraction.Article":
    """Read the page in this process."""
    return extraction.extract(content, url, headers=headers, rules=rules)


class ReadApart:
    """Reads pages in a worker process, started for the first one; a page over its time is cut off."""

    def __init__(self) -> None:
        self._workers: extraction.Workers | None = None

    def __call__(
        self, content: bytes, url: str, headers: Headers, rules: "extraction.Rules"
    ) -> "extraction.Article":
        """Return the page's article. Raises ``CutOff`` where it took too long or killed its worker."""
        if self._workers is None:
            self._workers = extraction.Workers(1)
        return self._workers.submit(extraction.extract_recorded, content, url, headers, rules).result()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._workers is not None:
            self._workers.abort()


def read_or_given_up(
    reader: PageReader, page: "StoredPage", url: str, rules: "extraction.Rules"
) -> "extraction.Article":
    """Return what *reader* makes of *page*; where it is cut off or fails, an empty article that says so.

    A page that kills its reader must not keep its segment from the store, nor be read over and over.
    """
    try:
        return reader(page.payload, url, page.headers, rules)
    except CutOff as err:
        why = err.why
    except ExtractionError as err:
        why = str(err)
    logger.warning("%s was given up: %s", url, why)
    return given_up(url, why, rules=rules.version)


def stored_page(warc: BinaryIO, offset: int) -> StoredPage:
    """Return the response that lies at *offset* of *warc*. Raises ``RecordError`` where there is none."""
    warc.seek(offset)
    record = read_record(warc, offset=offset)
    head, rest = read_head(record.block)
    return StoredPage(record.kind, b"".join(payload(head, rest, record.block)), head.headers)


def write_rows(folder: Path, name: SegmentName, found: Survey, reader: PageReader | None) -> int:
    """Write the Parquet file of the segment in *folder*, if any page wants it, and return its rows.

    Without a *reader* the pages that the crawl left unread are read in a process apart.
    """
    wanted = [entry for entry in found.entries if entry.article]
    if not wanted:
        return 0
    path = folder / f"{name}.parquet"
    with ReadApart() as apart:
        rows = _rows(folder, name, wanted, found.header.job, reader or apart)
        written = extraction.write_articles(rows, path)
    with path.open("rb") as file:
        os.fsync(file.fileno())
    return written


def _rows(
    folder: Path, name: SegmentName, wanted: list[Entry], job: JobInfo, reader: PageReader
) -> Iterator["extraction.ArticleRow"]:
    delivered = folder / ARTICLES_NAME
    delivered.touch()
    lines = _lines_by_offset(delivered)
    late = 0
    with delivered.open("rb") as articles, (folder / f"{name}.warc.gz").open("rb") as warc:
        for entry in wanted:
            capture = from_line((entry.line or "").encode())
            if capture.offset in lines:
                articles.seek(lines[capture.offset])
                given = orjson.loads(articles.readline())["article"]
                if given is None:
                    continue
                article = extraction.Article.from_json(orjson.dumps(given))
            else:
                page = stored_page(warc, capture.offset)
                if page.kind != "response":
                    # The payload lies elsewhere; its own capture has the text.
                    continue
                article = read_or_given_up(reader, page, capture.url, rules_for(job, capture.url))
                late += 1
            yield extraction.ArticleRow(article, capture, entry.announced)
    if late:
        logger.info("segment %s: %d articles were read from its WARC", name, late)


def rules_for(job: JobInfo, url: str) -> "extraction.Rules":
    """Return the cleaning rules that *job* holds for the host of *url*, or for a domain above it."""
    return rules_of(next((job.rules[place] for place in places_of(host(url)) if place in job.rules), {}))


def places_of(name: str) -> tuple[str, ...]:
    """Return the names under which rules for the host *name* may stand, the nearest first.

    >>> places_of("www.example.org")
    ('www.example.org', '*.www.example.org', '*.example.org', '*.org', '*')
    """
    labels = name.split(".")
    return (name, *(f"*.{'.'.join(labels[start:])}" for start in range(len(labels))), "*")


def rules_of(given: Mapping[str, Any]) -> "extraction.Rules":
    """Return the rules that :func:`dataclasses.asdict` made *given* of; what is missing has its default."""
    known = {each.name for each in fields(extraction.Rules)} & given.keys()
    values: dict[str, Any] = {
        name: given[name] if isinstance(given[name], str) else tuple(given[name]) for name in known
    }
    return extraction.Rules(**values)


def _lines_by_offset(path: Path) -> dict[int, int]:
    """Return where in the file each capture's article stands; a torn line is as if it never came."""
    found, start = {}, 0
    with path.open("rb") as file:
        for line in file:
            try:
                found[int(orjson.loads(line)["offset"])] = start
            except (orjson.JSONDecodeError, KeyError, TypeError):
                logger.debug("%s: torn line at byte %d", path.name, start)
            start += len(line)
    return found
