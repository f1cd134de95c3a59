"""A plain Scrapy spider that fetches the URLs of a file: ``plain.py URLS [--record FOLDER]``.

With ``--record`` the add-on records what it fetches, and publishes to the folder.
"""

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

from scrapy import Spider, signals
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.http import Response


class PlainSpider(Spider):
    """Fetches its pages and looks at none."""

    name = "plain"

    def parse(self, response: Response, **_: Any) -> None:  # noqa: ANN401 - Scrapy's interface
        """Do nothing."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("urls", type=Path)
    parser.add_argument("--record", metavar="FOLDER")
    parser.add_argument("--concurrency", type=int, default=16)
    options = parser.parse_args()
    settings: dict[str, Any] = {
        "CONCURRENT_REQUESTS": options.concurrency,
        "CONCURRENT_REQUESTS_PER_DOMAIN": options.concurrency,
        "DOWNLOAD_DELAY": 0,
        "ROBOTSTXT_OBEY": False,
        "LOG_LEVEL": "WARNING",
        "TELNETCONSOLE_ENABLED": False,
    }
    if options.record:
        settings["ADDONS"] = {"crawler.addon.ArchiveAddon": 300}
        settings["ARCHIVE"] = {"store.url": options.record, "segments.min_free": 0}
    process = AsyncCrawlerProcess(settings)
    crawler = process.create_crawler(PlainSpider)
    marks = Marks(crawler)
    process.crawl(crawler, start_urls=options.urls.read_text().split())
    process.start()
    assert crawler.stats is not None
    marks.told["pages"] = crawler.stats.get_value("response_received_count", 0)
    sys.stdout.write(json.dumps(marks.told) + "\n")


class Marks:
    """CPU and wall seconds of this process from the start of the engine to the last page."""

    def __init__(self, crawler: Crawler) -> None:
        self.told: dict[str, float] = {}
        crawler.signals.connect(self._start, signals.engine_started)
        crawler.signals.connect(self._stop, signals.spider_closed)

    def _start(self) -> None:
        self._began = time.monotonic(), time.process_time()

    def _stop(self) -> None:
        wall, cpu = self._began
        self.told |= {"crawl_wall": time.monotonic() - wall, "crawl_cpu": time.process_time() - cpu}


if __name__ == "__main__":
    main()
