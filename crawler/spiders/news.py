"""The news spider: sources announce URLs, URLs become captures, pages become articles and further links."""

import logging
from asyncio import wrap_future
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any, Self, TypeVar

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.utils.defer import deferred_from_coro
from twisted.python.failure import Failure

from crawler.config import Config
from crawler.discovery import Discovery, Kind
from crawler.frontier.recent import Recent
from crawler.frontier.scheduler import FrontierScheduler
from crawler.ledger import KnownSource, Ledger
from crawler.politeness import REFUSAL
from crawler.recorder.failures import reason_of
from crawler.recorder.recorder import PROVENANCE, RECORDED, UNMODIFIED, Recorder
from crawler.scope import Reason
from crawler.spiders.booking import Booking
from crawler.spiders.following import Following, capture_of
from crawler.spiders.outcomes import of_quality
from crawler.spiders.pages import Awaited
from crawler.spiders.reading import (
    Fetched,
    Reading,
    SourceContent,
    Wanted,
    read_page,
    read_source,
    read_stylesheet,
)
from crawler.spiders.redirects import REDIRECTS
from crawler.spiders.requests import AWAITED, SITE, SOURCE, Requests, without_condition
from crawler.spiders.selection import Selection, SourceReading
from crawler.spiders.site import Role, Site
from crawler.spiders.sources import is_unfit
from crawler.state import database_of
from pipelines.errors import ExtractionError, JobError, NewswarcError, ProfileError
from pipelines.extract import Workers
from pipelines.extract.article import given_up
from pipelines.extract.workers import CutOff
from pipelines.model import Provenance, Recorded
from pipelines.segments.open_segment import ARTICLE_TYPES
from pipelines.stages import PageItem

logger = logging.getLogger(__name__)

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
        self._sites = _by_key(Site.of(target, config) for target in targets)
        homes = sorted(site.profile.home for site in self._sites.values())
        self.frontier_job = " ".join((self.name, *homes))
        """What goes on in a later run that is told no job: only a crawl of the same sites."""
        self._recent = Recent(_RECENT_URLS)
        self._workers = Workers(config.crawl.workers, preload=("crawler.spiders.reading",), limit=_MOST_CALLS)
        callbacks = {role: getattr(self, f"read_{role}") for role in Role}
        self._requests = Requests(callbacks, self.failed, text=config.crawl.text, conditional=due)
        self._booking = Booking(ledger, recorder.job.id, due=due)
        self._selection = Selection(
            self._booking,
            self._requests,
            config.visits,
            job=recorder.job.id,
            due=due,
            refuse=self._refuse_url,
        )
        self._following = Following(
            self._booking, self._requests, is_known=self._is_known, refuse=self._refuse_url
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
        crawler.signals.connect(spider._open, signals.spider_opened)
        crawler.signals.connect(spider.end_workers, signals.engine_stopped)
        return spider

    def _open(self) -> None:
        """Enter the sites in the ledger: the frontier may hand out what an earlier job left at once."""
        engine: Any = self.crawler.engine
        if isinstance(engine.scheduler, FrontierScheduler):
            engine.scheduler.ride(self._booking.ledger.flush)
        try:
            for site in self._sites.values():
                self._booking.open(site)
        except NewswarcError as err:
            # Scrapy only logs what a receiver of its signals raises.
            self._recorder.stop(err)

    async def start(self) -> AsyncIterator[Request]:
        """Yield a request for each source of each site that is to be visited, and for known pages."""
        try:
            for site in self._sites.values():
                async for request in self._selection.start(site):
                    yield request
        except NewswarcError as err:
            # Scrapy would only log it, and the crawl end well without having begun.
            self._recorder.stop(err)
        except Exception as err:
            logger.exception("the crawl could not begin")
            self._recorder.stop(JobError(f"job: it could not begin: {err!r}; its log tells more"))

    def end_workers(self) -> None:
        """End the worker processes."""
        self._workers.close()

    # --- sources -----------------------------------------------------------------------------

    async def read_source(self, response: Response) -> AsyncIterator[Request]:
        """Yield requests for what the source at *response* announces, and for the sources that it names."""
        async for request in self._until_through(response, self._of_source):
            yield request

    async def _of_source(self, response: Response, site: Site) -> AsyncIterator[Request]:
        source = self._booking.sources.get(site, response.meta[SOURCE])
        request = None
        if response.status in REDIRECTS:
            request = self._following.source(site, source, response)
        elif response.status == 200:
            async for request_ in self._from_source(response, site, source):
                yield request_
        elif response.status == 304 and UNMODIFIED in response.meta:
            request = self._unchanged(response, site, source)
        elif source.kind is Kind.ROBOTS and 400 <= response.status < 500:
            # None is as good as an empty one.
            nothing = SourceContent(Discovery(Kind.ROBOTS))
            self._booking.sources.visited(site, source, response, content=nothing)
        else:
            reason = Reason.GONE if response.status in {404, 410} else Reason.HTTP_ERROR
            self._booking.sources.failed(site, source, reason, status=response.status)
        if request is not None:
            yield request

    async def _from_source(
        self, response: Response, site: Site, source: KnownSource
    ) -> AsyncIterator[Request]:
        content = await self._read(read_source, _fetched(response), site.profile.timezone)
        if content is None or is_unfit(source, content.found):
            reason = Reason.INTERNAL if content is None else Reason.MEDIA_TYPE
            logger.warning("%s announces nothing: %s", source.url, reason.meaning)
            self._booking.sources.failed(site, source, reason, status=response.status)
            return
        provenance, capture = response.meta[PROVENANCE], capture_of(response)
        reading = SourceReading(source, provenance, response, content, capture)
        async for request in self._selection.read(site, reading):
            yield request

    def _unchanged(self, response: Response, site: Site, source: KnownSource) -> Request | None:
        """Return a request for the whole source, where the archive has not what the answer stands for."""
        capture = capture_of(response)
        if capture is not None and not capture.unmodified:
            return without_condition(_request_of(response))
        self._booking.sources.visited(site, source, response, capture=capture)
        return None

    # --- pages -------------------------------------------------------------------------------

    async def read_page(self, response: Response) -> AsyncIterator[Request | PageItem]:
        """Yield the page's item, and requests for its links while there are hops left."""
        async for made in self._until_through(response, self._of_page):
            yield made
        self._count_page()

    async def _of_page(self, response: Response, site: Site) -> AsyncIterator[Request | PageItem]:
        provenance: Provenance = response.meta[PROVENANCE]
        recorded: Recorded = response.meta[RECORDED]
        awaited = Awaited.from_meta(response.meta.get(AWAITED))
        if response.status in REDIRECTS:
            request = self._following.page(site, response)
            if request is not None:
                yield request
        elif response.status == 304 and UNMODIFIED not in response.meta:
            self._booking.pages.refused(
                site, awaited, Reason.HTTP_ERROR, "304, though it was asked for whole"
            )
        elif response.status == 304 and not recorded.capture.unmodified:
            yield without_condition(_request_of(response))
        elif response.status == 200 and recorded.capture.mime in ARTICLE_TYPES:
            reading = await self._read_recorded(response, site, provenance)
            yield PageItem(response.url, recorded, reading.article, reading.title, reading.quality)
            self._booking.pages.answered(
                site, awaited, response, capture=recorded.capture, reason=of_quality(reading.quality)
            )
            for request in self._selection.linked(site, response.url, provenance, reading.links):
                yield request
            for request in self._requisites(site, response.url, provenance, reading.requisites):
                yield request
        else:
            self._booking.pages.answered(site, awaited, response, capture=recorded.capture)

    async def _read_recorded(self, response: Response, site: Site, provenance: Provenance) -> Reading:
        recorded: Recorded = response.meta[RECORDED]
        wanted = Wanted(
            rules=site.rules if recorded.article else None,
            scope=site.scope if site.follows(provenance) else None,
            requisites=site.profile.scope.requisites,
        )
        if not wanted:
            return Reading()
        try:
            return await self._answer(read_page, _fetched(response), wanted) or Reading()
        except CutOff as err:
            if wanted.rules is None:
                return Reading()
            # Graded here, the page is not read again when its segment is sealed.
            article = given_up(response.url, err.why, rules=wanted.rules.version)
            return Reading(article.to_json(), quality=str(article.quality))

    async def read_requisite(self, response: Response) -> AsyncIterator[Request]:
        """Yield requests for what a stylesheet loads in its turn."""
        async for request in self._until_through(response, self._of_requisite):
            yield request

    async def _of_requisite(self, response: Response, site: Site) -> AsyncIterator[Request]:
        provenance: Provenance = response.meta[PROVENANCE]
        recorded: Recorded = response.meta[RECORDED]
        if response.status in REDIRECTS:
            request = self._following.requisite(site, response)
            if request is not None:
                yield request
        elif response.status == 200 and recorded.capture.mime == "text/css":
            found = await self._read(read_stylesheet, _fetched(response)) or []
            for request in self._requisites(site, response.url, provenance, found):
                yield request

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

    async def _until_through(
        self, response: Response, reading: Callable[[Response, Site], AsyncIterator[_T]]
    ) -> AsyncIterator[_T]:
        """Yield what *reading* makes of *response*, and tell the frontier that its request is through.

        An error of our own is entered like one of the server's, or the page would be asked for without end.
        Where the state database fails, the job ends, and the request is made again when it goes on.
        """
        request = _request_of(response)
        site = self._sites.get(request.meta[SITE])
        try:
            if site is not None:
                async for made in reading(response, site):
                    yield made
        except NewswarcError as err:
            self._recorder.stop(err)
            return
        except Exception as err:
            logger.exception("%s: an error of newswarc itself", response.url)
            self._enter_failure(request, Reason.INTERNAL, repr(err), sent=True)
        self._through(request)

    def failed(self, failure: Failure) -> None:
        """Enter why a request was not sent, or brought no whole answer."""
        request: Request = failure.request  # type: ignore[attr-defined] # Scrapy puts it there
        error = failure.value
        assert error is not None
        if self._recorder.error is not None and isinstance(error, NewswarcError):
            return  # nothing more can be recorded; the request is made again when the job goes on
        sent = not isinstance(error, IgnoreRequest)
        reason: Reason = request.meta.get(REFUSAL) or (reason_of(error) if sent else Reason.INTERNAL)
        if not sent:  # one that failed on the way is in the crawl log already
            self._refuse(request, reason, failure.getErrorMessage())
        if self._enter_failure(request, reason, failure.getErrorMessage(), sent=sent):
            self._through(request)

    def _enter_failure(self, request: Request, reason: Reason, detail: str, *, sent: bool) -> bool:
        """Enter in the ledger why nothing came of *request*; return False where the ledger fails, too."""
        site = self._sites.get(request.meta[SITE])
        try:
            if site is not None and SOURCE in request.meta:
                source = self._booking.sources.get(site, request.meta[SOURCE])
                self._booking.sources.failed(site, source, reason)
            elif site is not None:
                awaited = Awaited.from_meta(request.meta.get(AWAITED))
                self._booking.pages.refused(site, awaited, reason, detail[:500], sent=sent)
        except NewswarcError as err:
            self._recorder.stop(err)
            return False
        return True

    async def _read(self, function: Callable[..., _T], *args: object) -> _T | None:
        """Return what *function* makes of its arguments in a worker, None where it failed."""
        with suppress(CutOff):
            return await self._answer(function, *args)
        return None

    async def _answer(self, function: Callable[..., _T], *args: object) -> _T | None:
        """Do the same, but raise ``CutOff`` where it took too long or killed its worker."""
        try:
            return await wrap_future(self._workers.submit(function, *args))
        except ExtractionError as err:
            fetched = args[0]
            logger.warning("%s could not be read: %s", getattr(fetched, "url", ""), err)
            self._count("archive/unread")
            if isinstance(err, CutOff):
                raise
            return None

    def _refuse(self, request: Request, reason: Reason, detail: str) -> None:
        self._count(f"archive/refusals/{reason}")
        self._recorder.refuse(request, reason, detail)

    def _refuse_url(self, url: str, told: Provenance, reason: Reason, detail: str) -> None:
        self._refuse(Request(url, meta={PROVENANCE: told}), reason, detail)

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


def _by_key(sites: Iterable[Site]) -> dict[str, Site]:
    """Return *sites* by key. Raises ``ProfileError`` where two profiles have one name."""
    found: dict[str, Site] = {}
    for site in sites:
        if found.setdefault(site.key, site).profile != site.profile:
            raise ProfileError(
                f"site profile: two profiles are called {site.key!r}; rename one, and its file"
            )
    return found


def _request_of(response: Response) -> Request:
    assert response.request is not None
    return response.request


def _fetched(response: Response) -> Fetched:
    headers = tuple((name, value) for name, given in response.headers.items() for value in given)
    return Fetched(response.url, headers, response.body)
