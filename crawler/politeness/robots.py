"""Nothing is asked for that robots.txt forbids; where it cannot be had, nothing at all (RFC 9309)."""

import logging
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final, Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response, TextResponse
from scrapy.utils.defer import maybe_deferred_to_future
from twisted.internet.defer import Deferred

from crawler.politeness.fetching import RECORDED, ROBOTS_FETCH, Fetched, fetch
from crawler.politeness.kept import Kept, RobotsStore
from crawler.politeness.pacing import Pacer, host_of, put_back
from crawler.politeness.refusal import refuse
from crawler.politeness.retries import Retries
from crawler.politeness.rules import RobotsRules, product_token
from crawler.scope import Reason
from crawler.state import database_of

logger = logging.getLogger(__name__)

_IN_MEMORY: Final = 256
_FAILURE_SECONDS: Final = 900.0
_LONGEST_FAILURE_SECONDS: Final = 3600.0
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class _Loaded:
    kept: Kept
    rules: RobotsRules | None = None
    recorded: object = None
    """What the recorder said of it, where this job fetched it."""


class RobotsMiddleware:
    """Lets pass what robots.txt allows, and refuses the rest, with the reason in the request's meta.

    A robots.txt is asked for once by scheme and authority, and kept in the state database, for later jobs
    too; other requests to its host wait meanwhile. Where it fails in a way that may pass, they go back to
    the frontier until it is tried again; where it fails for good, all are refused for a quarter of an hour,
    and for up to an hour if it goes on failing. A copy that is out of date is never used instead.

    A request for the robots.txt itself gets the kept one as its answer, with the flag ``kept``.
    """

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        agent = settings.get("ROBOTSTXT_USER_AGENT") or settings.get("USER_AGENT") or ""
        self._crawler = crawler
        self._token = product_token(agent)
        self._pacer = Pacer.of(crawler)
        self._store = RobotsStore(database_of(crawler))
        self._retries = Retries.from_settings(settings)
        self._loaded: OrderedDict[str, _Loaded] = OrderedDict()
        self._waiting: dict[str, list[Deferred[_Loaded | None]]] = {}
        self._attempts: dict[str, int] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the middleware of *crawler*. Raises ``ConfigError`` by its settings."""
        return cls(crawler)

    async def process_request(self, request: Request) -> Request | Response | None:
        """Return None where *request* may be sent, else what stands in for it, or raise ``IgnoreRequest``."""
        authority = _authority(request.url)
        if authority is None or ROBOTS_FETCH in request.meta or request.meta.get("dont_obey_robotstxt"):
            return None
        if not self._pacer[host_of(request)].terms.obey_robots:
            return None
        loaded = await self._rules_of(authority, request)
        if loaded is None:
            return self._later(request)
        if loaded.rules is None:
            raise refuse(request, loaded.kept.reason or Reason.ROBOTS_UNREACHABLE, loaded.kept.detail)
        if _is_robots(request):
            return self._answer(request, loaded)
        if not loaded.rules.allowed(request.url):
            self._count("robotstxt/forbidden")
            raise refuse(request, Reason.ROBOTS, f"forbidden by {authority}/robots.txt")
        return None

    async def _rules_of(self, authority: str, request: Request) -> _Loaded | None:
        """Return what holds for *authority*, or None where *request* is to come again."""
        found = self._loaded.get(authority) or self._load_kept(authority, request)
        if found is not None and found.kept.holds(self._store.now()):
            self._loaded.move_to_end(authority)
            return found
        if authority in self._waiting:
            answer: Deferred[_Loaded | None] = Deferred()
            self._waiting[authority].append(answer)
            return await maybe_deferred_to_future(answer)
        return await self._ask(authority, request, found)

    async def _ask(self, authority: str, request: Request, before: _Loaded | None) -> _Loaded | None:
        waiting = self._waiting[authority] = []
        loaded = None
        try:
            fetched = await fetch(self._crawler, authority, request)
            loaded = self._settle(authority, request, fetched, before)
        except Exception as err:
            logger.exception("%s/robots.txt: an error of newswarc itself", authority)
            raise refuse(request, Reason.INTERNAL, f"{authority}/robots.txt: {err!r}") from err
        finally:
            # Who waited comes again, where nothing was found out.
            del self._waiting[authority]
            for answer in waiting:
                answer.callback(loaded)
        return loaded

    def _settle(
        self, authority: str, request: Request, fetched: Fetched, before: _Loaded | None
    ) -> _Loaded | None:
        now = self._store.now()
        failures = before.kept.failures if before is not None else 0
        if fetched.reason is None:
            self._attempts.pop(authority, None)
            kept = Kept(
                authority, now, now + fetched.seconds, fetched.status, fetched.content_type, fetched.body
            )
        elif not fetched.counts or (not failures and self._tries_again(authority, request, fetched)):
            return None
        else:
            again = min(_FAILURE_SECONDS * 2**failures, _LONGEST_FAILURE_SECONDS)
            kept = Kept(
                authority,
                now,
                now + max(again, fetched.seconds),
                fetched.status,
                reason=fetched.reason,
                detail=fetched.detail,
                failures=min(failures + 1, 10),
            )
            logger.warning("%s: nothing is fetched there for %.0f s: %s", authority, again, kept.detail)
        # Which addresses may be fetched from is the configuration's affair, which may change any time.
        if kept.reason is not Reason.ADDRESS:
            self._store.put(kept)
        return self._load(kept, request, fetched.recorded)

    def _tries_again(self, authority: str, request: Request, fetched: Fetched) -> bool:
        attempts = self._attempts[authority] = self._attempts.get(authority, 0) + 1
        if not fetched.passes or attempts > self._retries.times:
            return False
        self._pacer.hold(host_of(request), max(fetched.seconds, self._retries.seconds(attempts)))
        return True

    def _load_kept(self, authority: str, request: Request) -> _Loaded | None:
        kept = self._store.get(authority)
        if kept is None:
            return None
        if kept.holds(self._store.now()):
            self._count("robotstxt/kept")
        return self._load(kept, request)

    def _load(self, kept: Kept, request: Request, recorded: object = None) -> _Loaded:
        rules = RobotsRules(kept.body, self._token) if kept.reason is None else None
        if rules is not None:
            self._pacer.set_crawl_delay(host_of(request), kept.authority, rules.crawl_delay)
        loaded = self._loaded[kept.authority] = _Loaded(kept, rules, recorded)
        self._loaded.move_to_end(kept.authority)
        if len(self._loaded) > _IN_MEMORY:
            self._loaded.popitem(last=False)
        return loaded

    def _later(self, request: Request) -> Request:
        if request.meta.get("dont_retry"):
            raise refuse(request, Reason.ROBOTS_UNREACHABLE, "robots.txt was not to be had")
        return put_back(request)

    def _answer(self, request: Request, loaded: _Loaded) -> Response:
        if loaded.recorded is not None:
            request.meta[RECORDED] = loaded.recorded
        kept = loaded.kept
        headers = {"Content-Type": kept.content_type}
        status = kept.status or 200
        return TextResponse(request.url, status=status, headers=headers, body=kept.body, flags=["kept"])

    def _count(self, key: str) -> None:
        if self._crawler.stats is not None:
            self._crawler.stats.inc_value(key)


def _authority(url: str) -> str | None:
    """Return scheme, host and port of *url*, None where it is not http or https."""
    parts = urlsplit(url)
    if parts.scheme not in _PORTS or not parts.hostname:
        return None
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    port = parts.port
    return f"{parts.scheme}://{host}" + ("" if port in {None, _PORTS[parts.scheme]} else f":{port}")


def _is_robots(request: Request) -> bool:
    parts = urlsplit(request.url)
    return parts.path == "/robots.txt" and not parts.query and request.method == "GET"
