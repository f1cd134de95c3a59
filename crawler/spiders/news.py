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
from crawler.discovery import AnnouncedUrl, Base, Discovery, Kind
from crawler.frontier.recent import Recent
from crawler.frontier.scheduler import FrontierScheduler
from crawler.politeness import REFUSAL
from crawler.recorder.recorder import ARTICLE, PROVENANCE, RECORDED, Recorder
from crawler.scope import Reason
from crawler.spiders.middlewares import CODED, PAGE
from crawler.spiders.reading import Fetched, Reading, Wanted, read_page, read_source, read_stylesheet
from crawler.spiders.site import Role, Site
from pipelines.errors import ExtractionError
from pipelines.extract import Workers
from pipelines.model import Provenance, Recorded
from pipelines.segments.open_segment import ARTICLE_TYPES
from pipelines.stages import PageItem

logger = logging.getLogger(__name__)

SITE = "site"
"""Key of ``Request.meta``: the home of the profile."""
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MOST_REDIRECTS = 10
_MOST_SOURCE_DEPTH = 4
# A page, its stylesheet, what that imports, and the images of that.
_MOST_EMBEDDED = 3
# Less by each link: what a feed or sitemap announces comes before what a front page links to, and what is
# nearer before what is farther, so that a page is known by its shortest way.
_PRIORITIES = {Role.SOURCE: 2, Role.REQUISITE: 1, Role.PAGE: 0}
_RECENT_URLS = 50_000
# Scrapy bounds what is under way by the size of the responses; this bound only must not be met.
_MOST_CALLS = 100_000
_SOURCE_HOPS = {Kind.FEED: "F", Kind.SITEMAP: "M", Kind.NEWS_SITEMAP: "M", Kind.SITEMAP_INDEX: "M"}
_T = TypeVar("_T")


class NewsSpider(Spider):
    """Crawls the sites of *targets*: names or files of profiles, or bare URLs."""

    name = "news"

    def __init__(self, config: Config, recorder: Recorder, targets: Iterable[str]) -> None:
        super().__init__()
        self._config, self._recorder = config, recorder
        sites = [Site.of(target, config) for target in targets]
        # Not by name: bare URLs of one host make profiles of one name.
        self._sites = {site.profile.home: site for site in sites}
        self.frontier_job = " ".join((self.name, *sorted(self._sites)))
        """What goes on in a later run that is told no job: only a crawl of the same sites."""
        self._recent = Recent(_RECENT_URLS)
        self._workers = Workers(config.crawl.workers, preload=("crawler.spiders.reading",), limit=_MOST_CALLS)
        self.pages = 0
        """Pages that are through."""

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, targets: str = "", **kwargs: Any) -> Self:  # noqa: ANN401, ARG003
        """Return the spider for *targets*, several with commas: what ``-a targets=…`` gives."""
        spider = cls(crawler.settings["ARCHIVE"], Recorder.of(crawler), filter(None, targets.split(",")))
        spider._set_crawler(crawler)
        crawler.signals.connect(spider.end_workers, signals.engine_stopped)
        return spider

    async def start(self) -> AsyncIterator[Request]:
        """Yield a request for each source of each site."""
        for site in self._sites.values():
            for source in site.sources():
                seeded = Provenance(self._recorder.job.id, seed=source.url)
                yield self._request(site, source.url, seeded, Role.SOURCE)
            for url in site.pages():
                yield self._request(site, url, Provenance(self._recorder.job.id, seed=url), Role.PAGE)

    def end_workers(self) -> None:
        """End the worker processes."""
        self._workers.close()

    # --- sources -----------------------------------------------------------------------------

    async def read_source(self, response: Response) -> AsyncIterator[Request]:
        """Yield requests for what the source at *response* announces, and for the sources that it names."""
        site, provenance = self._came_from(response)
        if response.status in _REDIRECTS:
            for request in self._redirected(response, site, provenance, Role.SOURCE):
                yield request
        elif response.status == 200:
            found = await self._read(read_source, _fetched(response), site.profile.timezone)
            for request in self._announced(site, provenance, found or Discovery(Kind.UNKNOWN)):
                yield request
        self._through(response.request)

    def _announced(self, site: Site, provenance: Provenance, found: Discovery) -> Iterator[Request]:
        further = replace(provenance, hops=provenance.hops + _SOURCE_HOPS.get(found.kind, ""))
        for source in found.more if len(further.hops) < _MOST_SOURCE_DEPTH else ():
            if self._recent.add(source.url):
                yield self._request(site, source.url, further, Role.SOURCE)
        for announced in found.urls:
            if not self._recent.add(announced.url):
                continue
            told = _told(provenance, announced)
            verdict = site.scope.in_scope(announced.url)
            if verdict:
                yield self._request(site, announced.url, told, Role.PAGE)
            elif announced.kind is not Kind.LINK:
                refused = Request(announced.url, meta={PROVENANCE: told})
                self._refuse(refused, verdict.reason or Reason.INTERNAL, f"announced by {announced.source}")

    # --- pages -------------------------------------------------------------------------------

    async def read_page(self, response: Response) -> AsyncIterator[Request | PageItem]:
        """Yield the page's item, and requests for its links while there are hops left."""
        site, provenance = self._came_from(response)
        recorded: Recorded = response.meta[RECORDED]
        if response.status in _REDIRECTS:
            for request in self._redirected(response, site, provenance, Role.PAGE):
                yield request
        elif response.status == 200 and recorded.capture.mime in ARTICLE_TYPES:
            reading = await self._read_recorded(response, site, provenance)
            yield PageItem(response.url, recorded, reading.article, reading.title, reading.quality)
            told = Provenance(provenance.job, provenance.seed, via=response.url, hops=provenance.hops + "L")
            for link in filter(self._recent.add, reading.links):
                yield self._request(site, link, told, Role.PAGE)
            for request in self._requisites(site, response.url, provenance, reading.requisites):
                yield request
        self._count_page()
        self._through(response.request)

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
            for request in self._redirected(response, site, provenance, Role.REQUISITE):
                yield request
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
                yield self._request(site, part, told, Role.REQUISITE)

    def _count_page(self) -> None:
        self.pages += 1
        self._count("pages")
        if self.pages == self._config.crawl.max_pages and self.crawler.engine is not None:
            deferred_from_coro(self.crawler.engine.close_spider_async(reason="max_pages"))

    # --- both --------------------------------------------------------------------------------

    def failed(self, failure: Failure) -> None:
        """Enter in the crawl log why a request was not sent; one that failed on the way is there already."""
        request: Request = failure.request  # type: ignore[attr-defined] # Scrapy puts it there
        if isinstance(failure.value, IgnoreRequest):
            self._refuse(request, request.meta.get(REFUSAL, Reason.INTERNAL), failure.getErrorMessage())
        self._through(request)

    def _request(self, site: Site, url: str, provenance: Provenance, role: Role) -> Request:
        meta = {
            SITE: site.profile.home,
            PROVENANCE: provenance,
            ARTICLE: self._config.crawl.text and role is Role.PAGE,
            PAGE: role is Role.PAGE,
            CODED: True,
            "dont_redirect": True,
        }
        callback = getattr(self, f"read_{role}")
        linked = provenance.announced.get("kind") == Kind.LINK
        priority = _PRIORITIES[role] - provenance.hops.count("L") - linked
        return Request(url, callback, errback=self.failed, meta=meta, priority=priority)

    def _redirected(
        self, response: Response, site: Site, provenance: Provenance, role: Role
    ) -> Iterator[Request]:
        """Yield a request for where *response* points to: an announced URL like any other."""
        location = (response.headers.get("Location") or b"").decode("latin-1")
        target = Base(response.url).join(location)
        told = replace(provenance, via=response.url, hops=provenance.hops + "R")
        refused = Request(target or response.url, meta={PROVENANCE: told})
        if target is None:
            self._refuse(refused, Reason.MALFORMED, f"redirected to {location!r}")
        elif told.hops.count("R") > _MOST_REDIRECTS:
            self._refuse(refused, Reason.REDIRECTS, f"more than {_MOST_REDIRECTS} redirects")
        elif role is Role.PAGE and not (verdict := site.scope.in_scope(target)):
            self._refuse(refused, verdict.reason or Reason.INTERNAL, f"redirected from {response.url}")
        else:
            yield self._request(site, target, told, role)

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

    def _through(self, request: Request | None) -> None:
        """Tell the frontier that nothing more will come of *request*."""
        engine: Any = self.crawler.engine
        if request is not None and isinstance(engine.scheduler, FrontierScheduler):
            engine.scheduler.done(request)

    def _count(self, key: str) -> None:
        if self.crawler.stats is not None:
            self.crawler.stats.inc_value(key)


def _told(provenance: Provenance, announced: AnnouncedUrl) -> Provenance:
    hops = provenance.hops + _SOURCE_HOPS.get(announced.kind, "")
    return replace(provenance, via=announced.source, hops=hops, announced=announced.announced())


def _fetched(response: Response) -> Fetched:
    headers = tuple((name, value) for name, given in response.headers.items() for value in given)
    return Fetched(response.url, headers, response.body)
