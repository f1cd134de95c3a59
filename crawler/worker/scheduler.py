"""The scheduler of a worker: saves ask for what they need themselves, so it only holds hosts."""

import logging
from collections.abc import Callable
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler

from crawler.frontier.hosts import HostStore
from crawler.frontier.polite import PoliteScheduler
from crawler.state import database_of

logger = logging.getLogger(__name__)


class SaveScheduler(PoliteScheduler):
    """Hands out nothing, and writes what politeness tells it."""

    def __init__(self, crawler: Crawler) -> None:
        self._database = database_of(crawler)
        self._hosts = HostStore(self._database)
        self._riders: list[Callable[[], None]] = []

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the scheduler of *crawler*."""
        return cls(crawler)

    def has_pending_requests(self) -> bool:
        """Return False: nothing waits here."""
        return False

    def enqueue_request(self, request: Request) -> bool:
        """Refuse *request*: nothing may come here but by a middleware's mistake."""
        logger.error("%s came to the scheduler, which a worker does not use", request.url)
        return False

    def next_request(self) -> None:
        """Return None."""

    def hold(self, host: str, until: float) -> None:
        """Make no request to *host* before *until*; see :class:`PoliteScheduler`."""
        self._hosts.remember(host, not_before=until)

    def ride(self, flush: Callable[[], None]) -> None:
        """Call *flush* in every :meth:`write`."""
        self._riders.append(flush)

    def write(self) -> None:
        """Write what politeness has to tell, in one transaction."""
        with self._database.transaction():
            for flush in self._riders:
                flush()
