"""The news spider: sources announce URLs, URLs become captures, pages become articles and further links."""

import logging
from asyncio import wrap_future
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any, Self, TypeVar

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.utils.defer import deferred_from_coro
from twisted.python.failure import Failure

from crawler.config import Config
from crawler.discovery import Base, Discovery, Kind
from crawler.frontier.recent import Recent
from crawler.frontier.scheduler import FrontierScheduler
from crawler.ledger import KnownSource, Ledger
from crawler.politeness import REFUSAL
from crawler.recorder.failures import reason_of
from crawler.recorder.recorder import PROVENANCE, RECORDED, UNMODIFIED, Recorder
from crawler.scope import Reason
from crawler.spiders.booking import Awaited, Booking
from crawler.spiders.outcomes import of_quality
from crawler.spiders.reading import Fetched, Reading, Wanted, read_page, read_source, read_stylesheet
from crawler.spiders.requests import AWAITED, SITE, SOURCE, Requests, without_condition
from crawler.spiders.selection import Selection, SourceReading
from crawler.spiders.site import Role, Site
from crawler.state import database_of
from pipelines.errors import ExtractionError
from pipelines.extract import Workers
from pipelines.model import Provenance, Recorded
from pipelines.segments.open_segment import ARTICLE_TYPES
from pipelines.stages import PageItem

logger = logging.getLogger(__name__)

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MOST_REDIRECTS = 10
# A page, its stylesheet, what that imports, and the images of that.
_MOST_EMBEDDED = 3
_RECENT_URLS = 50_000
# Scrapy bounds what is under way by the size of the responses; this bound only must not be met.
_MOST_CALLS = 100_000
_T = TypeVar("_T")


class NewsSpider(Spider):
    """Crawls the sites of *targets*: names or files of profiles, or bare URLs.

    With *due* it asks only for sources whose visit is due, and for pages that are new, changed or to be
    visited again; otherwise for all that the sites announce.
    """

    name = "news"

    def __init__(
        self, config: Config, recorder: Recorder, ledger: Ledger, targets: Iterable[str], *, due: bool
    ) -> None:
        super().__init__()
        self._config, self._recorder = config, recorder
        sites = [Site.of(target, config) for target in targets]
        # Not by name: bare URLs of one host make profiles of one name.
        self._sites = {site.profile.home: site for site in sites}
        self.frontier_job = " ".join((self.name, *sorted(self._sites)))
        """What goes on in a later run that is told no job: only a crawl of the same sites."""
        self._recent = Recent(_RECENT_URLS)
        self._workers = Workers(config.crawl.workers, preload=("crawler.spiders.reading",), limit=_MOST_CALLS)
        callbacks = {role: getattr(self, f"read_{role}") for role in Role}
        self._requests = Requests(callbacks, self.failed, text=config.crawl.text)
        self._booking = Booking(ledger, recorder.job.id, due=due)
        self._selection = Selection(
            self._booking,
            self._requests,
            config.visits,
            job=recorder.job.id,
            due=due,
            refuse=lambda url, *why: self._refuse(_refused(url, why[0]), *why[1:]),
        )
        self.pages = 0
        """Pages that are through."""

    @classmethod
    def from_crawler(
        cls,
        crawler: Crawler,
        *args: Any,  # noqa: ANN401, ARG003
        targets: str = "",
        due: str = "",
        **kwargs: Any,  # noqa: ANN401, ARG003
    ) -> Self:
        """Return the spider for *targets*, several with commas: what ``-a targets=… -a due=1`` gives."""
        config: Config = crawler.settings["ARCHIVE"]
        ledger = Ledger(database_of(crawler), config.store.collection)
        named = filter(None, targets.split(","))
        spider = cls(config, Recorder.of(crawler), ledger, named, due=due not in {"", "0"})
        spider._set_crawler(crawler)
        crawler.signals.connect(spider.end_workers, signals.engine_stopped)
        return spider

    async def start(self) -> AsyncIterator[Request]:
        """Yield a request for each source of each site that is to be visited, and for known pages."""
        engine: Any = self.crawler.engine
        if isinstance(engine.scheduler, FrontierScheduler):
            engine.scheduler.ride(self._booking.ledger.flush)
        for site in self._sites.values():
            for request in self._selection.start(site):
                yield request

    def end_workers(self) -> None:
        """End the worker processes."""
        self._workers.close()

    # --- sources -----------------------------------------------------------------------------

    async def read_source(self, response: Response) -> AsyncIterator[Request]:
        """Yield requests for what the source at *response* announces, and for the sources that it names."""
        site, provenance = self._came_from(response)
        source = self._booking.source(site, response.meta[SOURCE])
        capture = _capture(response)
        if response.status in _REDIRECTS:
            request = self._redirected_source(response, site, provenance, source)
            if request is not None:
                yield request
        elif response.status == 200:
            read = await self._read(read_source, _fetched(response), site.profile.timezone)
            found = read or Discovery(Kind.UNKNOWN, complete=False)
            reading = SourceReading(source, provenance, response, found, capture)
            async for request in self._selection.read(site, reading):
                yield request
        elif response.status == 304 and UNMODIFIED in response.meta:
            if capture is None or capture.unmodified:
                self._booking.visited(site, source, response, capture=capture)
            else:  # the archive has not what it stands for
                yield without_condition(_request_of(response))
        else:
            reason = Reason.GONE if response.status in {404, 410} else Reason.HTTP_ERROR
            self._booking.visit_failed(site, source, reason, status=response.status)
        self._through(response.request)

    def _redirected_source(
        self, response: Response, site: Site, provenance: Provenance, source: KnownSource
    ) -> Request | None:
        target, told, refusal = self._redirection(response, provenance)
        if target is None or refusal is not None:
            reason, detail = refusal or (Reason.MALFORMED, "")
            self._refuse(_refused(target or response.url, told), reason, detail)
            self._booking.visit_failed(site, source, reason, status=response.status)
            return None
        return self._requests.for_source(site, target, told, source)

    # --- pages -------------------------------------------------------------------------------

    async def read_page(self, response: Response) -> AsyncIterator[Request | PageItem]:
        """Yield the page's item, and requests for its links while there are hops left."""
        site, provenance = self._came_from(response)
        recorded: Recorded = response.meta[RECORDED]
        awaited = Awaited.from_meta(response.meta.get(AWAITED))
        if response.status in _REDIRECTS:
            request = self._redirected_page(response, site, provenance, awaited)
            if request is not None:
                yield request
        elif response.status == 304 and UNMODIFIED in response.meta and not recorded.capture.unmodified:
            yield without_condition(_request_of(response))
        elif response.status == 200 and recorded.capture.mime in ARTICLE_TYPES:
            reading = await self._read_recorded(response, site, provenance)
            yield PageItem(response.url, recorded, reading.article, reading.title, reading.quality)
            self._booking.answered(
                site, awaited, response, capture=recorded.capture, reason=of_quality(reading.quality)
            )
            for request in self._selection.linked(site, response.url, provenance, reading.links):
                yield request
            for request in self._requisites(site, response.url, provenance, reading.requisites):
                yield request
        else:
            self._booking.answered(site, awaited, response, capture=recorded.capture)
        self._count_page()
        self._through(response.request)

    def _redirected_page(
        self, response: Response, site: Site, provenance: Provenance, awaited: Awaited | None
    ) -> Request | None:
        """Return a request for where *response* points to, which then tells what becomes of the page."""
        target, told, refusal = self._redirection(response, provenance)
        verdict = site.scope.in_scope(target) if target else None
        if refusal is None and verdict is not None and verdict.reason is not None:
            refusal = (verdict.reason, f"redirected from {response.url}")
        if target is None or refusal is not None:
            reason, detail = refusal or (Reason.MALFORMED, "")
            self._refuse(_refused(target or response.url, told), reason, detail)
            self._booking.refused(site, awaited, reason, f"redirects to {target}: {detail}")
            return None
        identity = site.identity.of(target)
        if awaited is not None and identity in awaited.pages[1:]:
            self._refuse(_refused(target, told), Reason.REDIRECTS, "a loop")
            self._booking.refused(site, awaited, Reason.REDIRECTS, f"a loop over {response.url}")
            return None
        same = identity == site.identity.of(response.url)
        chain = awaited and (awaited if same else awaited.with_page(identity))
        # What is the same page at another address is asked for all the same: it is what the page now is.
        name = f"redirected {target}" if same else identity
        request = self._requests.page(site, target, told, chain, identity=name)
        if not same and self._is_known(request):
            self._booking.redirected(site, awaited, _capture(response), identity)
            return None
        return request

    async def _read_recorded(self, response: Response, site: Site, provenance: Provenance) -> Reading:
        recorded: Recorded = response.meta[RECORDED]
        wanted = Wanted(
            rules=site.rules if recorded.article else None,
            scope=site.scope if site.follows(provenance) else None,
            requisites=site.profile.scope.requisites,
        )
        return (await self._read(read_page, _fetched(response), wanted) if wanted else None) or Reading()

    async def read_requisite(self, response: Response) -> AsyncIterator[Request]:
        """Yield requests for what a stylesheet loads in its turn."""
        site, provenance = self._came_from(response)
        recorded: Recorded = response.meta[RECORDED]
        if response.status in _REDIRECTS:
            target, told, refusal = self._redirection(response, provenance)
            if target is not None and refusal is None:
                yield self._requests.requisite(site, target, told)
            else:
                self._refuse(_refused(target or response.url, told), *(refusal or (Reason.MALFORMED, "")))
        elif response.status == 200 and recorded.capture.mime == "text/css":
            found = await self._read(read_stylesheet, _fetched(response)) or []
            for request in self._requisites(site, response.url, provenance, found):
                yield request
        self._through(response.request)

    def _requisites(
        self, site: Site, url: str, provenance: Provenance, found: Iterable[str]
    ) -> Iterator[Request]:
        told = replace(provenance, via=url, hops=provenance.hops + "E", announced={})
        if told.hops.count("E") <= _MOST_EMBEDDED:
            for part in filter(self._recent.add, found):
                yield self._requests.requisite(site, part, told)

    def _count_page(self) -> None:
        self.pages += 1
        self._count("pages")
        if self.pages == self._config.crawl.max_pages and self.crawler.engine is not None:
            deferred_from_coro(self.crawler.engine.close_spider_async(reason="max_pages"))

    # --- both --------------------------------------------------------------------------------

    def failed(self, failure: Failure) -> None:
        """Enter why a request was not sent, or brought no whole answer."""
        request: Request = failure.request  # type: ignore[attr-defined] # Scrapy puts it there
        error = failure.value
        assert error is not None
        sent = not isinstance(error, IgnoreRequest)
        reason: Reason = request.meta.get(REFUSAL) or (reason_of(error) if sent else Reason.INTERNAL)
        if not sent:  # one that failed on the way is in the crawl log already
            self._refuse(request, reason, failure.getErrorMessage())
        site = self._sites[request.meta[SITE]]
        if SOURCE in request.meta:
            self._booking.visit_failed(site, self._booking.source(site, request.meta[SOURCE]), reason)
        else:
            awaited = Awaited.from_meta(request.meta.get(AWAITED))
            self._booking.refused(site, awaited, reason, failure.getErrorMessage()[:500], sent=sent)
        self._through(request)

    def _redirection(
        self, response: Response, provenance: Provenance
    ) -> tuple[str | None, Provenance, tuple[Reason, str] | None]:
        """Return where *response* points to, how that was come to, and why it is not followed."""
        location = (response.headers.get("Location") or b"").decode("latin-1")
        target = Base(response.url).join(location)
        told = replace(provenance, via=response.url, hops=provenance.hops + "R")
        if target is None:
            return None, told, (Reason.MALFORMED, f"redirected to {location!r}")
        if told.hops.count("R") > _MOST_REDIRECTS:
            return target, told, (Reason.REDIRECTS, f"more than {_MOST_REDIRECTS} redirects")
        return target, told, None

    async def _read(self, function: Callable[..., _T], *args: object) -> _T | None:
        """Return what *function* makes of its arguments in a worker, None where it failed."""
        try:
            return await wrap_future(self._workers.submit(function, *args))
        except ExtractionError as err:
            fetched = args[0]
            logger.warning("%s could not be read: %s", getattr(fetched, "url", ""), err)
            self._count("archive/unread")
            return None

    def _came_from(self, response: Response) -> tuple[Site, Provenance]:
        return self._sites[response.meta[SITE]], response.meta[PROVENANCE]

    def _refuse(self, request: Request, reason: Reason, detail: str) -> None:
        self._count(f"archive/refusals/{reason}")
        self._recorder.refuse(request, reason, detail)

    def _is_known(self, request: Request) -> bool:
        engine: Any = self.crawler.engine
        return isinstance(engine.scheduler, FrontierScheduler) and engine.scheduler.knows(request)

    def _through(self, request: Request | None) -> None:
        """Tell the frontier that nothing more will come of *request*."""
        engine: Any = self.crawler.engine
        if request is not None and isinstance(engine.scheduler, FrontierScheduler):
            engine.scheduler.done(request)

    def _count(self, key: str) -> None:
        if self.crawler.stats is not None:
            self.crawler.stats.inc_value(key)


def _refused(url: str, told: Provenance) -> Request:
    return Request(url, meta={PROVENANCE: told})


def _request_of(response: Response) -> Request:
    assert response.request is not None
    return response.request


def _capture(response: Response) -> Any:  # noqa: ANN401 - a Capture, or None for what was kept elsewhere
    recorded: Recorded | None = response.meta.get(RECORDED)
    return recorded.capture if recorded else None


def _fetched(response: Response) -> Fetched:
    headers = tuple((name, value) for name, given in response.headers.items() for value in given)
    return Fetched(response.url, headers, response.body)
