"""What all saves of a worker use together."""

import asyncio
from asyncio import wrap_future
from collections.abc import Callable
from typing import Any, TypeVar

from scrapy.crawler import Crawler

from crawler.config import Config
from crawler.frontier.owner import claim, new_owner
from crawler.politeness.pacing import Pacer
from crawler.recorder.recorder import Recorder
from crawler.saves import Saves
from crawler.spiders.reading import Fetched, Wanted, read_page
from crawler.state import database_of
from crawler.worker.fetching import Fetching
from crawler.worker.hosts import HostUse
from crawler.worker.indexing import Indexing
from crawler.worker.scheduler import SaveScheduler
from crawler.worker.settings import PAGE_TERMS_SETTING
from pipelines.errors import JobError
from pipelines.extract import Rules, Workers

_T = TypeVar("_T")
# Scrapy bounds what is under way by the size of the responses; this bound only must not be met.
_MOST_CALLS = 100_000
_WARM = b"<!doctype html><title>Warm</title><article><h1>Warm</h1><p>%s</p></article>" % (
    b"A sentence. " * 60
)


class Tools:
    """The parts of a worker. On the reactor's thread."""

    def __init__(self, crawler: Crawler, recorder: Recorder) -> None:
        self.crawler, self.recorder = crawler, recorder
        self.config: Config = crawler.settings["ARCHIVE"]
        self.owner = new_owner()
        claim(self.owner)
        self.database = database_of(crawler)
        self.saves = Saves(self.database, self.config.store.collection)
        self.archive = recorder.archive
        pacer = Pacer.of(crawler)
        self.hosts = HostUse(self.database, pacer, crawler.settings[PAGE_TERMS_SETTING], owner=self.owner)
        self.fetching = Fetching(crawler, recorder, pacer, self.hosts)
        self.indexing = Indexing(self.archive)
        self._workers = Workers(
            self.config.crawl.workers, preload=("crawler.spiders.reading",), limit=_MOST_CALLS
        )

    @property
    def scheduler(self) -> SaveScheduler:
        """The scheduler, as far as it is ours."""
        engine: Any = self.crawler.engine
        scheduler = engine.scheduler
        if not isinstance(scheduler, SaveScheduler):
            raise JobError(f"worker: {scheduler!r} is not a worker's scheduler; do not set SCHEDULER")
        return scheduler

    async def warm(self) -> None:
        """Have every reading process import what it needs, before the first page waits for it."""
        page = Fetched("http://warm.invalid/a", ((b"content-type", b"text/html"),), _WARM)
        wanted = Wanted(Rules(), requisites=True)
        calls = [self.read(read_page, page, wanted) for _ in range(2 * self.config.crawl.workers)]
        await asyncio.gather(*calls, return_exceptions=True)

    async def read(self, function: Callable[..., _T], *args: object) -> _T:
        """Return what *function* gives in a reading process. Raises ``CutOff`` where it takes too long."""
        return await wrap_future(self._workers.submit(function, *args))

    def close(self) -> None:
        """End the reading processes."""
        self._workers.abort()
