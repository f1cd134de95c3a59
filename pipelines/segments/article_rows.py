"""The articles of a segment: those that the crawl delivered, and those that only its WARC can still give."""

import logging
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import orjson

from pipelines import extract as extraction
from pipelines.errors import ExtractionError
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


def stored_page(warc: BinaryIO, offset: int) -> StoredPage:
    """Return the response that lies at *offset* of *warc*. Raises ``RecordError`` where there is none."""
    warc.seek(offset)
    record = read_record(warc, offset=offset)
    head, rest = read_head(record.block)
    return StoredPage(record.kind, b"".join(payload(head, rest, record.block)), head.headers)


def write_rows(folder: Path, name: SegmentName, found: Survey, reader: PageReader) -> int:
    """Write the Parquet file of the segment in *folder*, if any page wants it, and return its rows."""
    wanted = [entry for entry in found.entries if entry.article]
    if not wanted:
        return 0
    path = folder / f"{name}.parquet"
    written = extraction.write_articles(_rows(folder, name, wanted, found.header.job, reader), path)
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
                try:
                    article = reader(page.payload, capture.url, page.headers, rules_for(job, capture.url))
                except ExtractionError as err:
                    # A page that kills its reader must not keep the segment from the store.
                    logger.warning("%s has no article: %s", capture.url, err)
                    continue
                late += 1
            yield extraction.ArticleRow(article, capture, entry.announced)
    if late:
        logger.info("segment %s: %d articles were read from its WARC", name, late)


def rules_for(job: JobInfo, url: str) -> "extraction.Rules":
    """Return the cleaning rules that *job* holds for the host of *url*, or for a domain above it."""
    name = host(url)
    labels = name.split(".")
    places = (name, *(f"*.{'.'.join(labels[start:])}" for start in range(len(labels))), "*")
    given = next((job.rules[place] for place in places if place in job.rules), {})
    return extraction.Rules(
        version=given.get("version", ""),
        take=tuple(given.get("take", ())),
        drop=tuple(given.get("drop", ())),
    )


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
