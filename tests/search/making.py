"""Stores with published article files, made of a few words each."""

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime

from pipelines.extract import Article, ArticleRow, Moment, Passage, Quality, write_articles
from pipelines.model import Capture
from pipelines.search import Page, SearchIndex, ask
from pipelines.segments.manifest import Counts, FileEntry, Files, Manifest
from pipelines.segments.names import SegmentName
from pipelines.storage import MemoryStore
from pipelines.urls import timestamp, urlkey


def name_of(serial: int, *, collection: str = "news") -> SegmentName:
    return SegmentName(collection, "20261123140509", serial, "0a1b2c3d")


def row(text, *, path=None, title="", day=None, at=None, captured="20261123140509", **more) -> ArticleRow:
    """An article row; *text* is a passage or several, *more* are fields of the article."""
    passages = (text,) if isinstance(text, str) else text
    url = path or f"https://paper.example/{hashlib.sha256(repr(text).encode()).hexdigest()[:8]}.html"
    found = Moment(day or at.date(), at, "as it stood", "time") if day or at else None
    article = Article(
        **{
            "url": url,
            "title": title,
            "published": found,
            "languages": ("en",),
            "passages": tuple(Passage(each, "und") for each in passages),
            "quality": Quality.FULL,
            "site": "The Paper",
            **more,
        }
    )
    capture = Capture(
        urlkey(url), captured, url, "response", 200, "text/html", "sha1:" + "A" * 32, "0" * 64,
        "", "", 0, 100,
    )  # fmt: skip
    return ArticleRow(article, capture)


def publish(store, folder, rows, *, serial=1, replaces=None, collection="news", damaged=False) -> Manifest:
    """Put the article file of *rows* and its manifest into *store*."""
    name = name_of(serial, collection=collection)
    placed = (
        ArticleRow(
            each.article,
            replace(each.capture, segment=str(name), filename=name.warc_filename, offset=100 * number),
            each.announced,
        )
        for number, each in enumerate(rows)
    )
    path = folder / f"{name}.parquet"
    count = write_articles(placed, path)
    content = path.read_bytes()
    content = content[: len(content) // 2] if damaged else content
    store.put(name.articles_key, content)
    manifest = Manifest(
        segment=str(name),
        opened=name.opened,
        sealed="20261123150509",
        software="newswarc/0",
        job="job-1",
        files=Files(
            FileEntry(name.warc_key, 1000, "a" * 64),
            FileEntry(name.index_key, 100, "b" * 64),
            FileEntry(name.articles_key, len(content), hashlib.sha256(content).hexdigest()),
        ),
        counts=Counts(count, 0, 0, count, {"200": count}),
        first=name.opened,
        last=name.opened,
        previous=None,
        replaces=replaces,
    )
    store.put(name.manifest_key, manifest.to_json())
    return manifest


def made(folder, *segments, name="index"):
    """An index of *segments*, each of them the rows of one, and its store."""
    store = MemoryStore()
    for serial, each in enumerate(segments, 1):
        publish(store, folder, each, serial=serial)
    index = SearchIndex(folder / name)
    index.sync(store, "news")
    return index, store


def urls(index, question, **page):
    """Ends of the URLs that are found, in order."""
    answer = ask(index, question, Page(**page))
    return [hit.shown.url.rpartition("/")[2] for hit in answer.hits]


def second(number: int) -> datetime:
    return datetime.fromtimestamp(1_795_000_000 + number, UTC)


def digits(number: int) -> str:
    return timestamp(second(number))


def day(number: int) -> date:
    return date(2026, 11, number)
