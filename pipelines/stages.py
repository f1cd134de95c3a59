"""Scrapy item pipelines: where a crawl's items leave Scrapy and enter the archive."""

from dataclasses import dataclass
from typing import Self
from weakref import WeakKeyDictionary

from scrapy.crawler import Crawler

from pipelines.errors import ConfigError
from pipelines.model import Recorded
from pipelines.segments.writer import SegmentWriter

_WRITERS: "WeakKeyDictionary[Crawler, SegmentWriter]" = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class PageItem:
    """A page that was recorded and read: the item that spiders of ours yield."""

    url: str
    recorded: Recorded
    article: bytes | None
    """JSON of the article; None where the page could not be read."""
    title: str = ""
    quality: str = ""


def register(crawler: Crawler, writer: SegmentWriter) -> None:
    """Make *writer* the one that the articles of *crawler* go to."""
    _WRITERS[crawler] = writer


class ArticleStage:
    """Hands the article of each :class:`PageItem` to the segment that holds its page."""

    def __init__(self, writer: SegmentWriter) -> None:
        self._writer = writer

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the stage of *crawler*. Raises ``ConfigError`` where it records nothing."""
        if crawler not in _WRITERS:
            raise ConfigError(
                "stages: ArticleStage needs the recorder; add crawler.addon.ArchiveAddon to ADDONS"
            )
        return cls(_WRITERS[crawler])

    def process_item(self, item: object) -> object:
        """Pass *item* on; what is no :class:`PageItem` is not touched."""
        if isinstance(item, PageItem) and item.recorded.article:
            self._writer.add_article(item.recorded, item.article)
        return item
