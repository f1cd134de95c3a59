"""Scrapy extensions of our own crawls."""

import logging
from typing import Any, Self

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.logformatter import LogFormatter, LogFormatterResult
from twisted.internet.task import LoopingCall
from twisted.python.failure import Failure

from crawler.recorder.recorder import Recorder

logger = logging.getLogger(__name__)

_LOOK_SECONDS = 1.0
_RESUME_SHARE = 0.9


class SpoolGuard:
    """Pauses the crawl while more bytes wait for the store than ``segments.spool_limit`` allows."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._recorder = Recorder.of(crawler)
        self._limit: int = crawler.settings["ARCHIVE"].segments.spool_limit
        self._paused = False
        self._look = LoopingCall(self.look)
        crawler.signals.connect(self._start, signals.engine_started)
        crawler.signals.connect(self._stop, signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the guard of *crawler*."""
        return cls(crawler)

    def look(self) -> None:
        """Pause or resume the crawl by what the spool holds now."""
        engine: Any = self._crawler.engine
        waiting = self._recorder.recording.waiting_bytes
        if not self._paused and waiting > self._limit:
            logger.warning("crawl paused: %d bytes wait for the store, more than %d", waiting, self._limit)
            engine.pause()
            self._paused = True
        elif self._paused and waiting < self._limit * _RESUME_SHARE:
            logger.warning("crawl goes on: %d bytes wait for the store", waiting)
            engine.unpause()
            self._paused = False
        if self._paused:
            # The open segment may be most of it, and would not be full while nothing is fetched.
            self._recorder.recording.writer.rotate()

    def _start(self) -> None:
        self._look.start(_LOOK_SECONDS, now=False)

    def _stop(self) -> None:
        if self._look.running:
            self._look.stop()


class QuietLog(LogFormatter):
    """Scrapy's messages, without those on every page: the crawl log holds a line for each."""

    def crawled(self, request: Request, response: Response, spider: Spider) -> None:  # type: ignore[override]
        """Say nothing."""

    def scraped(self, item: object, response: object, spider: Spider) -> None:  # type: ignore[override]
        """Say nothing."""

    def download_error(
        self,
        failure: Failure,
        request: Request,
        spider: Spider,  # noqa: ARG002 - Scrapy's interface
        errmsg: str | None = None,
    ) -> LogFormatterResult:
        """Return the message without its traceback."""
        error = errmsg or str(failure.value) or type(failure.value).__name__
        return {"level": logging.INFO, "msg": "failed %(url)s: %(error)s", "args": _named(request.url, error)}


def _named(url: str, error: str) -> dict[str, str]:
    return {"url": url, "error": error}
