"""The obvious pipeline: Scrapy, trafilatura in an item pipeline, warcio; JSON lines beside the WARC.

``obvious.py SITE FOLDER [--follow | --links]``: pages that the site's sitemap names; with ``--follow`` links
of these as well, with ``--links`` what links lead to from the front page.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any, Self

import trafilatura
from scrapy import Spider
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.http import HtmlResponse, Response
from scrapy.linkextractors import LinkExtractor
from scrapy.spiders import CrawlSpider, Rule, SitemapSpider
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from bench.peers.plain import Marks


class SitemapArticles(SitemapSpider):
    """Pages that the sitemap names."""

    name = "sitemap"

    def parse(self, response: Response, **_: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - Scrapy's
        """Yield the page."""
        yield {"response": response}


class FollowedArticles(SitemapArticles):
    """Pages that the sitemap names, and the articles they link to."""

    name = "follow"
    links = LinkExtractor(allow=r"\.s?html$")

    def parse(self, response: Response, **rest: Any) -> Iterator[Any]:  # noqa: ANN401 - Scrapy's
        """Yield the page and its links."""
        yield from super().parse(response, **rest)
        if isinstance(response, HtmlResponse):
            for link in self.links.extract_links(response):
                yield response.follow(link)


class LinkedArticles(CrawlSpider):
    """Pages that links lead to."""

    name = "links"
    rules = (Rule(LinkExtractor(), callback="parse_item", follow=True),)

    def parse_item(self, response: Response) -> Iterator[dict[str, Any]]:
        """Yield the page."""
        yield {"response": response}


class Archived:
    """Writes a response record a page."""

    def __init__(self, folder: Path) -> None:
        self._file = (folder / "pages.warc.gz").open("wb")
        self._writer = WARCWriter(self._file, gzip=True)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the stage of *crawler*."""
        return cls(Path(crawler.settings["BENCH_FOLDER"]))

    def process_item(self, item: dict[str, Any]) -> dict[str, Any]:
        """Write *item*."""
        response: Response = item["response"]
        headers = [
            (name.decode("latin-1"), value.decode("latin-1"))
            for name, values in response.headers.items()
            for value in values
        ]
        record = self._writer.create_warc_record(
            response.url,
            "response",
            payload=BytesIO(response.body),
            http_headers=StatusAndHeaders(f"{response.status} OK", headers, protocol="HTTP/1.1"),
        )
        self._writer.write_record(record)
        return item

    def close_spider(self) -> None:
        """Close the file."""
        self._file.close()


class Extracted:
    """Clean text and metadata by trafilatura, as a line of JSON."""

    def __init__(self, folder: Path) -> None:
        self._file = (folder / "articles.jsonl").open("w", encoding="utf-8")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the stage of *crawler*."""
        return cls(Path(crawler.settings["BENCH_FOLDER"]))

    def process_item(self, item: dict[str, Any]) -> dict[str, Any]:
        """Write *item*."""
        response: HtmlResponse = item["response"]
        found = trafilatura.bare_extraction(response.text, url=response.url, with_metadata=True)
        if found is not None:
            told = {name: getattr(found, name) for name in ("title", "author", "date", "text")}
            self._file.write(json.dumps({"url": response.url, **told}) + "\n")
        return item

    def close_spider(self) -> None:
        """Close the file."""
        self._file.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("site")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--links", action="store_true")
    parser.add_argument("--follow", action="store_true")
    parser.add_argument("--pages", type=int, default=0)
    parser.add_argument("--concurrency", type=int, default=16)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    process = AsyncCrawlerProcess(_settings(options))
    spider: type[Spider] = SitemapArticles
    if options.links or options.follow:
        spider = LinkedArticles if options.links else FollowedArticles
    crawler = process.create_crawler(spider)
    marks = Marks(crawler)
    if options.links:
        process.crawl(crawler, start_urls=[options.site])
    else:
        process.crawl(crawler, sitemap_urls=[f"{options.site}sitemap.xml"])
    process.start()
    assert crawler.stats is not None
    marks.told["pages"] = crawler.stats.get_value("item_scraped_count", 0)
    sys.stdout.write(json.dumps(marks.told) + "\n")


def _settings(options: argparse.Namespace) -> dict[str, Any]:
    here = "bench.peers.obvious"
    return {
        "BENCH_FOLDER": str(options.folder),
        "ITEM_PIPELINES": {f"{here}.Archived": 300, f"{here}.Extracted": 400},
        "CONCURRENT_REQUESTS": options.concurrency,
        "CONCURRENT_REQUESTS_PER_DOMAIN": options.concurrency,
        "DOWNLOAD_DELAY": 0,
        "ROBOTSTXT_OBEY": True,
        "DEPTH_LIMIT": 2,
        "CLOSESPIDER_ITEMCOUNT": options.pages,
        # Breadth first, as an archive wants it.
        "DEPTH_PRIORITY": 1,
        "SCHEDULER_DISK_QUEUE": "scrapy.squeues.PickleFifoDiskQueue",
        "SCHEDULER_MEMORY_QUEUE": "scrapy.squeues.FifoMemoryQueue",
        "LOG_LEVEL": "WARNING",
        "TELNETCONSOLE_ENABLED": False,
    }


if __name__ == "__main__":
    main()
