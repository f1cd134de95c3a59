"""What politeness asks of a scheduler, whatever it schedules."""

from abc import abstractmethod
from collections.abc import Callable

from scrapy.core.scheduler import BaseScheduler


class PoliteScheduler(BaseScheduler):
    """A scheduler that lets hosts alone, and writes what is told of them."""

    @abstractmethod
    def hold(self, host: str, until: float) -> None:
        """Make no request to *host* before *until*, in seconds since 1970; no other worker or job does.

        Durable when it returns. What is in the downloader already goes on.
        """

    @abstractmethod
    def ride(self, flush: Callable[[], None]) -> None:
        """Call *flush*, which writes to the state database, several times a second."""
