"""A Scrapy extension that notes, beyond any crash, what a crawl was told: it survives ``kill -9``."""

import os
from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler


class Witness:
    """Appends a line for each response that reached Scrapy and for each item, by one ``write`` each."""

    def __init__(self, crawler: Crawler) -> None:
        path = crawler.settings["WITNESS"]
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        crawler.signals.connect(self.response, signals.response_received)
        crawler.signals.connect(self.item, signals.item_scraped)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def response(self, response):
        if "kept" in response.flags:
            return  # robots.txt, answered from the copy of an earlier job: nothing was exchanged
        os.write(self._file, f"response {response.url}\n".encode())

    def item(self, item):
        os.write(self._file, f"item {item.url}\n".encode())
