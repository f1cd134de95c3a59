"""The spider of a worker: it asks for nothing itself, and lasts as long as the worker works."""

import asyncio
import logging
import os
import signal
from collections.abc import AsyncIterator, Callable
from typing import Any, Self

from scrapy import Request, Spider
from scrapy.crawler import Crawler

from crawler.recorder.recorder import Recorder
from crawler.worker.leasing import Leasing
from crawler.worker.tools import Tools
from pipelines.errors import NewswarcError

logger = logging.getLogger(__name__)


class SaveSpider(Spider):
    """Carries out saves until nothing waits (*drain*), or until it is interrupted.

    A byte in *wakes* tells that there is a new save; its end, that the parent is gone. *ready* is called
    once saves are taken.
    """

    name = "save"

    def __init__(self, crawler: Crawler, *, drain: bool, wakes: int, ready: Callable[[], None]) -> None:
        super().__init__()
        self._set_crawler(crawler)
        self._recorder = Recorder.of(crawler)
        self._wakes, self._ready = wakes, ready
        self._leasing: Leasing | None = None
        self._drain = drain
        self.error: NewswarcError | None = None
        """What ended the worker, if anything did."""

    @classmethod
    def from_crawler(
        cls,
        crawler: Crawler,
        *args: Any,  # noqa: ANN401, ARG003
        drain: bool = False,
        wakes: int = -1,
        ready: Callable[[], None] = lambda: None,
        **kwargs: Any,  # noqa: ANN401, ARG003
    ) -> Self:
        """Return the spider of *crawler*."""
        return cls(crawler, drain=drain, wakes=wakes, ready=ready)

    async def start(self) -> AsyncIterator[Request]:
        """Work, and yield no request."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self.interrupt)
        if self._wakes >= 0:
            os.set_blocking(self._wakes, False)
            loop.add_reader(self._wakes, self._woken)
        try:
            await self._work()
        except NewswarcError as err:
            self.error = err
            logger.error("%s", err)  # noqa: TRY400 - the message says it all
        finally:
            loop.remove_reader(self._wakes)
            self.error = self.error or self._recorder.error
        nothing: list[Request] = []
        for request in nothing:
            yield request

    async def _work(self) -> None:
        tools = Tools(self.crawler, self._recorder)
        try:
            self._leasing = Leasing(tools, drain=self._drain)
            await self._leasing.run(self._ready)
        finally:
            await asyncio.to_thread(tools.close)

    def interrupt(self) -> None:
        """End what was begun and take nothing more; the second time, stop at once."""
        if self._leasing is not None:
            self._leasing.interrupt()

    def _woken(self) -> None:
        if not os.read(self._wakes, 4096):
            # Nobody is there to stop this worker any more, so it stops as if it had been told to.
            asyncio.get_running_loop().remove_reader(self._wakes)
            self.interrupt()
        elif self._leasing is not None:
            self._leasing.wake()
