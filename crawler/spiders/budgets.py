"""Budgets: what one job takes at most, in all and from each host."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Self, TypeVar

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.http import Response
from scrapy.utils.asyncio import call_later
from scrapy.utils.defer import deferred_from_coro
from scrapy.utils.httpobj import urlparse_cached

from crawler.config import Config
from crawler.politeness import REFUSAL
from crawler.scope import Reason
from pipelines.hostnames import normal_host

_Number = TypeVar("_Number", int, float)
PAGE = "page"
"""Key of ``Request.meta``: whether the request counts as a page."""
_COUNTED = "page_counted"
BUDGETS_SETTING = "HOST_BUDGETS"
"""``{host: Budget}``: those hosts whose profile says something else than the configuration. ``*.example.com``
is each host of that domain, ``*`` each host."""


@dataclass(frozen=True, slots=True)
class Budget:
    """The most that is taken; None where there is no limit."""

    pages: int | None = None
    bytes: int | None = None
    seconds: float | None = None

    def within(self, other: "Budget") -> "Budget":
        """Return the most that both let be taken."""
        return Budget(
            _least(self.pages, other.pages),
            _least(self.bytes, other.bytes),
            _least(self.seconds, other.seconds),
        )


class Spent:
    """What was taken of one budget so far."""

    def __init__(self, budget: Budget, now: float) -> None:
        self.budget, self.began = budget, now
        self.pages = self.bytes = 0

    def exceeded(self, now: float) -> str | None:
        """Return which limit leaves no room for another page, or None."""
        most = self.budget
        if most.pages is not None and self.pages >= most.pages:
            return f"{most.pages} pages"
        if most.bytes is not None and self.bytes >= most.bytes:
            return f"{most.bytes} bytes"
        if most.seconds is not None and now - self.began >= most.seconds:
            return f"{most.seconds:g} seconds"
        return None


class Budgets:
    """Sends no request for a page that a budget has no room for; the rest of the pages stays in the ledger.

    A page counts once, however often it is tried. Sources, requisites and robots.txt are sent as long as
    the job runs.
    """

    def __init__(
        self, job: Budget, hosts: Callable[[str], Budget], *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._clock, self._budget_of = clock, hosts
        self._job = Spent(job, clock())
        self._hosts: dict[str, Spent] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the budgets of *crawler*, or switch off where none is set."""
        crawl = crawler.settings["ARCHIVE"].crawl
        job = Budget(crawl.max_pages, crawl.max_bytes, crawl.max_time)
        host = Budget(crawl.host_pages, crawl.host_bytes, crawl.host_time)
        own = {_normal(name): budget for name, budget in crawler.settings.getdict(BUDGETS_SETTING).items()}
        if {job, host, *own.values()} == {Budget()}:
            raise NotConfigured
        return cls(job, lambda name: next((own[form] for form in _forms(name) if form in own), host))

    def process_request(self, request: Request) -> None:
        """Let *request* pass, or raise ``IgnoreRequest`` with the reason in its meta."""
        if not request.meta.get(PAGE) or request.meta.get(_COUNTED):
            return
        now = self._clock()
        for whose, spent in (("job", self._job), ("host", self._spent(request, now))):
            limit = spent.exceeded(now)
            if limit:
                request.meta[REFUSAL] = Reason.BUDGET
                raise IgnoreRequest(f"the {whose}'s budget of {limit} is used up")
        self._job.pages += 1
        self._spent(request, now).pages += 1
        request.meta[_COUNTED] = True  # it may come by again: tried once more, or put back into the frontier

    def process_response(self, request: Request, response: Response) -> Response:
        """Count the bytes of *response*, and return it."""
        self._job.bytes += len(response.body)
        self._spent(request, self._clock()).bytes += len(response.body)
        return response

    def _spent(self, request: Request, now: float) -> Spent:
        host = urlparse_cached(request).hostname or ""
        found = self._hosts.get(host)
        if found is None:
            found = self._hosts[host] = Spent(self._budget_of(host), now)
        return found


def _least(one: _Number | None, other: _Number | None) -> _Number | None:
    return min((limit for limit in (one, other) if limit is not None), default=None)


def _forms(host: str) -> Iterator[str]:
    """Yield the names under which *host* may have a budget, the most specific first."""
    name = normal_host(host)
    yield name
    labels = name.split(".")
    for first in range(len(labels)):
        yield f"*.{'.'.join(labels[first:])}"
    yield "*"


def _normal(name: str) -> str:
    return f"*.{normal_host(name[2:])}" if name.startswith("*.") else normal_host(name.strip("[]"))


class JobLimits:
    """Ends the crawl when its time or its bytes are used up; what is pending stays pending."""

    def __init__(self, crawler: Crawler) -> None:
        config: Config = crawler.settings["ARCHIVE"]
        if config.crawl.max_bytes is None and config.crawl.max_time is None:
            raise NotConfigured
        self._crawler, self._limits = crawler, config.crawl
        self._timer: Any = None
        crawler.signals.connect(self._start, signals.engine_started)
        crawler.signals.connect(self._stop, signals.spider_closed)
        if config.crawl.max_bytes is not None:
            crawler.signals.connect(self._look, signals.response_received)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the limits of *crawler*, or switch off where there are none."""
        return cls(crawler)

    def _start(self) -> None:
        if self._limits.max_time is not None:
            self._timer = call_later(self._limits.max_time, self._end, "max_time")

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _look(self) -> None:
        taken = self._crawler.stats.get_value("archive/bytes", 0)
        if taken >= (self._limits.max_bytes or 0):
            self._end("max_bytes")

    def _end(self, reason: str) -> None:
        engine: Any = self._crawler.engine
        if engine is not None and engine.spider is not None and engine.running:
            deferred_from_coro(engine.close_spider_async(reason=reason))
