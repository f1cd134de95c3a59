"""Downloader middlewares of our own spiders."""

from typing import Self

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.http import Response

from crawler.config import Config
from crawler.politeness import REFUSAL
from crawler.scope import Reason

CODED = "payload_coded"
"""Key of ``Request.meta``: whether the callback wants the payload as the wire brought it."""
PAGE = "page"
"""Key of ``Request.meta``: whether the request counts against ``crawl.max_pages``."""


class PayloadDecoding(HttpCompressionMiddleware):
    """Scrapy's own, but payloads that a worker process will decode pass as they are."""

    def process_response(
        self,
        request: Request,
        response: Response,
        spider: Spider | None = None,  # noqa: ARG002 - as in Scrapy, where passing it on is deprecated
    ) -> Request | Response:
        """Return *response*, decoded unless its request says otherwise."""
        if request.meta.get(CODED):
            return response
        return super().process_response(request, response)


class Redirects(RedirectMiddleware):
    """Scrapy's own, for the requests of other middlewares; it would miss the Referer's middleware aloud."""

    def handle_referer(self, request: Request, response: Response) -> None:
        """Leave the Referer header as it is: none is sent."""

    def _engine_started(self) -> None:
        """Look for no such middleware."""


class PageBudget:
    """Sends no more than ``crawl.max_pages`` requests for pages; retries do not count."""

    def __init__(self, most: int) -> None:
        self._left = most

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the budget of *crawler*, or switch off where there is none."""
        config: Config = crawler.settings["ARCHIVE"]
        if config.crawl.max_pages is None:
            raise NotConfigured
        return cls(config.crawl.max_pages)

    def process_request(self, request: Request) -> None:
        """Let *request* pass, or raise ``IgnoreRequest`` with the reason in its meta."""
        if not request.meta.get(PAGE) or request.meta.get("retry_times"):
            return
        if not self._left:
            request.meta[REFUSAL] = Reason.BUDGET
            raise IgnoreRequest("crawl.max_pages are used up")
        self._left -= 1
