"""The paces of all hosts of a crawl: kept in Scrapy's downloader slots, remembered in the state database."""

import logging
import random
import time
from typing import Any, Final
from weakref import WeakKeyDictionary

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.utils.httpobj import urlparse_cached

from crawler.frontier.hosts import HostStore
from crawler.frontier.polite import PoliteScheduler
from crawler.politeness.pace import HostPace, Limits
from crawler.politeness.patience import retry_after
from crawler.politeness.terms import HostTerms
from crawler.state import database_of
from pipelines.errors import ConfigError

logger = logging.getLogger(__name__)

LIMITS_SETTING = "POLITENESS_LIMITS"
HOLD_SETTING = "POLITENESS_HOLD"
_FIRST_HOLD_SECONDS: Final = 30.0
_LONGEST_HOLD_SECONDS: Final = 3600.0
"""A hold that no header asks for is no longer than this."""


class HeldBack(Exception):
    """A request was not sent, since its host may not be asked now; it is to wait in the frontier."""


class Pacer:
    """Keeps the pace of each host of a crawl. One for a crawler: :meth:`of`.

    Works with Scrapy's signals. A bad answer has slowed the host down, and a wish for patience emptied its
    queue, before the downloader sends what is next there.
    """

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        self._crawler = crawler
        self._terms = HostTerms.from_settings(settings)
        self._limits = _limits(settings.getdict(LIMITS_SETTING))
        self._first_hold = settings.getfloat(HOLD_SETTING, _FIRST_HOLD_SECONDS)
        self._store = HostStore(database_of(crawler))
        self._paces: dict[str, HostPace] = {}
        self._held: dict[str, float] = {}
        self._changed: set[str] = set()
        self._sent: WeakKeyDictionary[Request, float] = WeakKeyDictionary()
        for signal, receiver in (
            (signals.spider_opened, self._ride),
            (signals.request_reached_downloader, self._note_request),
            (signals.response_downloaded, self._note_response),
            (signals.spider_closed, self._remember),
        ):
            crawler.signals.connect(receiver, signal)

    @classmethod
    def of(cls, crawler: Crawler) -> "Pacer":
        """Return the pacer of *crawler*, made at the first call. Raises ``ConfigError`` by its settings."""
        found = _pacers.get(crawler)
        if found is None:
            found = _pacers[crawler] = cls(crawler)
        return found

    def __getitem__(self, host: str) -> HostPace:
        """Return the pace of *host*; where it was slowed down before, it goes on from there."""
        pace = self._paces.get(host)
        if pace is None:
            pace = self._paces[host] = HostPace(self._terms[host], self._limits)
            known = self._store.pace(host)
            if known is not None and (known.delay or 0.0) > (known.crawl_delay or 0.0):
                idle = time.time() - (known.not_before or time.time())
                pace.restore(known.delay or 0.0, idle=idle)
        return pace

    # --- for the middlewares -----------------------------------------------------------------

    def set_crawl_delay(self, host: str, authority: str, seconds: float | None) -> None:
        """Let the delay hold that the robots.txt of *authority*, on *host*, asks for; None where for none."""
        holds = self[host].set_crawl_delay(authority, seconds)
        if seconds and 0 < holds < seconds:
            logger.warning("%s asks for a Crawl-delay of %g s; %g s is kept", authority, seconds, holds)
        self._changed.add(host)

    def hold(self, host: str, seconds: float) -> None:
        """Send nothing to *host* for *seconds*, from no job; what waits in its queue is put back."""
        until = time.time() + seconds
        if until <= self._held.get(host, 0.0):
            return
        self._held[host] = until
        _frontier(self._crawler).hold(host, until)
        self._crawler.stats.inc_value("politeness/holds")
        slot = self._downloader().slots.get(host)
        while slot is not None and slot.queue:
            _, waiting = slot.queue.popleft()
            waiting.errback(HeldBack(f"{host} may not be asked for {seconds:.0f} s"))

    def held(self, host: str) -> float:
        """Return for how many seconds *host* is held, 0 where it is not."""
        until = self._held.get(host)
        if until is None:
            return 0.0
        left = until - time.time()
        if left <= 0:
            del self._held[host]
        return max(left, 0.0)

    def failed(self, request: Request) -> None:
        """Take notice that *request* brought no whole answer."""
        self._slow_down(host_of(request), self._sent.get(request, 0.0))

    # --- Scrapy's signals --------------------------------------------------------------------

    def _note_request(self, request: Request) -> None:
        self._sent[request] = time.monotonic()
        self._adjust(host_of(request))

    def _note_response(self, response: Response, request: Request) -> None:
        host, now = host_of(request), time.monotonic()
        pace = self[host]
        widened = pace.widened
        latency = request.meta.get("download_latency", 0.0)
        sent = self._sent.get(request, 0.0)
        slower = pace.answered(response.status, latency=latency, sent=sent, now=now)
        if pace.widened != widened:
            self._changed.add(host)
        if slower:
            self._log(host, str(response.status))
        self._adjust(host)
        self._space_out(host, latency)
        patience = self._patience(response, pace, slower=slower)
        if patience:
            self.hold(host, patience)

    def _patience(self, response: Response, pace: HostPace, *, slower: bool) -> float:
        """Return for how long the host is to be held after *response*, 0 for not at all."""
        if not wants_patience(response):
            return 0.0
        pace.limited += slower
        asked = asked_for(response)
        if asked is None and slower:
            asked = min(self._first_hold * 2.0 ** (pace.limited - 1), _LONGEST_HOLD_SECONDS)
        return 0.0 if asked is None else max(asked, pace.delay)

    def _slow_down(self, host: str, sent: float) -> None:
        if self[host].failed(overloaded=False, sent=sent, now=time.monotonic()):
            self._changed.add(host)
            self._log(host, "an error")
            self._adjust(host)

    def _adjust(self, host: str) -> None:
        slot = self._downloader().slots.get(host)
        if slot is not None:
            pace = self[host]
            # Later than it could be, never earlier: a Crawl-delay is the least that a host asks for.
            slot.delay = pace.delay * random.uniform(1, 1 + self._limits.jitter)  # noqa: S311 - no secret
            slot.jitter = 0.0
            slot.concurrency = pace.concurrency

    def _space_out(self, host: str, latency: float) -> None:
        """Count the delay from the answer's beginning, where nothing else is under way.

        Scrapy counts from when it began to connect, so that a slow connection would bring two requests
        closer together than the delay, as the server sees them.
        """
        slot = self._downloader().slots.get(host)
        if slot is not None and len(slot.transferring) == 1:
            answered = min(slot.lastseen + latency, time.monotonic())
            slot.lastseen = max(slot.lastseen, answered + self[host].delay - slot.delay)

    # --- the state database ------------------------------------------------------------------

    def _ride(self) -> None:
        _frontier(self._crawler).ride(self._remember)

    def _remember(self) -> None:
        changed, self._changed = self._changed, set()
        for host in sorted(changed):
            pace = self[host]
            delay = max(pace.widened, pace.crawl_delay)
            self._store.remember(host, delay=delay, crawl_delay=pace.crawl_delay)

    # --- all ---------------------------------------------------------------------------------

    def _log(self, host: str, why: str) -> None:
        logger.info("%s: %.1f s between requests after %s", host, self[host].delay, why)

    def _downloader(self) -> Any:  # noqa: ANN401 - Scrapy's slots are no interface
        engine: Any = self._crawler.engine
        return engine.downloader


_pacers: "WeakKeyDictionary[Crawler, Pacer]" = WeakKeyDictionary()


def _frontier(crawler: Crawler) -> PoliteScheduler:
    engine: Any = crawler.engine
    if not isinstance(engine.scheduler, PoliteScheduler):
        raise ConfigError(
            f"politeness: {engine.scheduler!r} cannot hold a host; set SCHEDULER to "
            "crawler.frontier.scheduler.FrontierScheduler"
        )
    return engine.scheduler


def host_of(request: Request) -> str:
    """Return the downloader slot of *request*, its host's name without port."""
    slot = request.meta.get("download_slot")
    return slot if isinstance(slot, str) else urlparse_cached(request).hostname or ""


def put_back(request: Request) -> Request:
    """Return what the frontier takes in the place of *request*, which waits there for its next turn."""
    # Without it a request that is in no store would be refused as one that was seen.
    return request.replace(dont_filter=True)


def asked_for(response: Response) -> float | None:
    """Return for how many seconds the Retry-After of *response* asks, None where none is readable."""
    headers = response.headers
    return retry_after(headers.get("Retry-After"), date=headers.get("Date"), now=time.time())


def wants_patience(response: Response) -> bool:
    """Return whether the server says that it is asked too much: 429, or 503 with the time to come back."""
    return response.status == 429 or (response.status == 503 and asked_for(response) is not None)


def _limits(given: dict[str, Any]) -> Limits:
    try:
        return Limits.of(given)
    except (TypeError, ValueError) as err:
        raise ConfigError(
            f"politeness: {LIMITS_SETTING} = {given!r} is not accepted ({err}); its keys are "
            f"{', '.join(Limits.__slots__)}, its values numbers"
        ) from err
