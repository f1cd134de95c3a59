"""What is asked for again, when and how often."""

from dataclasses import dataclass
from typing import Final, Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.settings import BaseSettings

from crawler.politeness.failures import PASSING_STATUSES, may_pass, slows_down
from crawler.politeness.fetching import ROBOTS_FETCH
from crawler.politeness.pacing import HeldBack, Pacer, host_of, put_back, wants_patience
from crawler.politeness.refusal import refuse
from crawler.scope import Reason

RETRY_HOLD_SETTING = "POLITENESS_RETRY_HOLD"
ROUNDS_SETTING = "POLITENESS_ROUNDS"
FAILURES: Final = "failures"
"""Key of ``Request.meta``: how often the request failed in a way that may pass."""
ROUNDS: Final = "patience_rounds"
"""Key of ``Request.meta``: how often the server asked for patience in answer to it."""
_LONGEST_SECONDS: Final = 60.0


@dataclass(frozen=True, slots=True)
class Retries:
    """How often a failure is tried again, and after how long."""

    times: int
    first_seconds: float
    rounds: int
    """How often a request waits for a server that asks for patience; such a wait is no retry."""

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> Self:
        """Return what *settings* say: RETRY_ENABLED, RETRY_TIMES, and two of our own."""
        times = settings.getint("RETRY_TIMES") if settings.getbool("RETRY_ENABLED") else 0
        first = settings.getfloat(RETRY_HOLD_SETTING, 1.0)
        return cls(times, first, settings.getint(ROUNDS_SETTING, 5))

    def seconds(self, failures: int) -> float:
        """Return for how long the host is let alone after so many *failures* of one request."""
        return float(min(self.first_seconds * 2.0 ** (failures - 1), _LONGEST_SECONDS))


class PaceMiddleware:
    """Keeps the pace of every host, and sends back to the frontier what shall come again later.

    It stands next to the downloader. A host that asks for patience (429, or 503 with Retry-After) is held
    for as long, and what asked it waits, for so many rounds at most; then it is refused as rate_limited. What
    failed in a way that may pass is tried again after a pause that doubles. What is put back lies in the
    state database: it survives the end of the job.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._pacer = Pacer.of(crawler)
        self._retries = Retries.from_settings(crawler.settings)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the middleware of *crawler*. Raises ``ConfigError`` by its settings."""
        return cls(crawler)

    def process_request(self, request: Request) -> Request | None:
        """Return None where the host of *request* may be asked now, else what the frontier takes instead."""
        held = self._pacer.held(host_of(request))
        if not held:
            return None
        error = HeldBack(f"{host_of(request)} may not be asked for {held:.0f} s")
        if ROBOTS_FETCH in request.meta:
            raise error
        return self._put_back(request, error)

    def process_response(self, request: Request, response: Response) -> Request | Response:
        """Return *response*, or *request* once more."""
        if ROBOTS_FETCH in request.meta or request.meta.get("dont_retry"):
            return response
        if wants_patience(response):
            return self._next_round(request, response.status)
        if response.status in PASSING_STATUSES:
            return self._again(request, str(response.status)) or response
        return response

    def process_exception(self, request: Request, exception: Exception) -> Request | None:
        """Return *request* once more, or None where *exception* is its end."""
        is_robots = ROBOTS_FETCH in request.meta
        if isinstance(exception, HeldBack):
            return None if is_robots else self._put_back(request, exception)
        if slows_down(exception):
            self._pacer.failed(request)
        if is_robots or request.meta.get("dont_retry") or not may_pass(exception):
            return None
        return self._again(request, type(exception).__name__)

    def _put_back(self, request: Request, why: HeldBack) -> Request:
        if request.meta.get("dont_retry"):
            raise refuse(request, Reason.RATE_LIMITED, str(why))
        return put_back(request)

    def _next_round(self, request: Request, status: int) -> Request:
        rounds = request.meta.get(ROUNDS, 0) + 1
        if rounds > self._retries.rounds:
            self._count("politeness/rate_limited")
            raise refuse(request, Reason.RATE_LIMITED, f"answered {status} {rounds} times")
        return self._once_more(request, ROUNDS, rounds)

    def _again(self, request: Request, why: str) -> Request | None:
        failures = request.meta.get(FAILURES, 0) + 1
        if failures > request.meta.get("max_retry_times", self._retries.times):
            self._count("retry/max_reached")
            return None
        self._count("retry/count")
        self._count(f"retry/reason_count/{why}")
        self._pacer.hold(host_of(request), self._retries.seconds(failures))
        return self._once_more(request, FAILURES, failures)

    def _once_more(self, request: Request, counter: str, number: int) -> Request:
        again = put_back(request)
        again.meta[counter] = number
        # Scrapy's own name for it: what counts requests leaves these out.
        again.meta["retry_times"] = request.meta.get("retry_times", 0) + 1
        return again

    def _count(self, key: str) -> None:
        if self._crawler.stats is not None:
            self._crawler.stats.inc_value(key)
