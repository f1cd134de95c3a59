"""Which sources are visited and which pages asked for, out of all that is announced."""

from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import islice

from scrapy import Request
from scrapy.http import Response

from crawler.config.model import Visits
from crawler.discovery import AnnouncedUrl, Kind
from crawler.frontier.recent import Recent
from crawler.ledger import KnownSource, Page
from crawler.scope import Reason, Verdict, refused
from crawler.spiders.booking import CHUNK, Booking, Told
from crawler.spiders.breath import Breath
from crawler.spiders.pages import Awaited
from crawler.spiders.reading import SourceContent
from crawler.spiders.requests import Requests
from crawler.spiders.site import Site
from crawler.spiders.sources import Fresh
from crawler.traps import Shapes, trap
from pipelines.model import Capture, Provenance

_MOST_SOURCE_DEPTH = 4
_RECENT_URLS = 50_000
_MOST_OF_A_SHAPE = 10_000
"""Links that differ only in their numbers: more than boards show, fewer than a calendar has days."""
_HOPS = {Kind.FEED: "F", Kind.SITEMAP: "M", Kind.NEWS_SITEMAP: "M", Kind.SITEMAP_INDEX: "M"}
Refuse = Callable[[str, Provenance, Reason, str], None]
"""Enters in the crawl log why an URL is not asked for."""


@dataclass(frozen=True, slots=True)
class SourceReading:
    """A source that was read."""

    source: KnownSource
    provenance: Provenance
    response: Response
    content: SourceContent
    capture: Capture | None


class Selection:
    """Makes requests of what is announced: all of it, or with *due* only what is due, new or changed."""

    def __init__(
        self, booking: Booking, requests: Requests, visits: Visits, *, job: str, due: bool, refuse: Refuse
    ) -> None:
        self._booking, self._requests, self._visits = booking, requests, visits
        self._job, self._due, self._refuse = job, due, refuse
        self._recent = Recent(_RECENT_URLS)
        self._asked: set[int] = set()
        self._shapes = Shapes(_MOST_OF_A_SHAPE)

    async def start(self, site: Site) -> AsyncIterator[Request]:
        """Yield requests for the sources to visit, and for known pages that are left to ask for."""
        breath = Breath()
        for source in self._booking.sources.at_start(site):
            yield self._visit(site, source, Provenance(self._job, seed=source.url))
            await breath.taken()
        for request in self._seeds(site):
            yield request
        for page in self._booking.left_pages(site):
            again = self._again(site, page)
            if again is not None:
                yield again
            await breath.taken()

    def _seeds(self, site: Site) -> Iterator[Request]:
        """Yield requests for the pages that are wanted for themselves."""
        seeds = [AnnouncedUrl(url, url, Kind.LINK) for url in site.pages()]
        pages, now = self._booking.pages, datetime.now(UTC)
        for told in self._booking.seeded(site, seeds):
            page = told.page or pages.get(site, told.entered.identity)
            rests = page is not None and (page.next_visit is None or page.next_visit > now)
            if self._booking.wants(site, told) or not rests:
                seed = Provenance(self._job, seed=told.announced.url)
                yield self._page(site, replace(told, page=page), seed)

    async def read(self, site: Site, reading: SourceReading) -> AsyncIterator[Request]:
        """Yield requests for what a source announces, and for the sources that it names."""
        source, found = reading.source, reading.content.found
        fresh = Fresh()
        breath = Breath()
        for request in self._further(site, reading, fresh):
            yield request
            await breath.taken()
        candidates = self._candidates(site, found.urls)
        while part := list(islice(candidates, CHUNK)):
            await breath.taken()
            for told in self._booking.announced(site, source, part):
                for request in self._of_announced(site, told, reading.provenance, fresh):
                    yield request
                    await breath.taken()
        self._booking.sources.visited(
            site, source, reading.response, content=reading.content, fresh=fresh, capture=reading.capture
        )
        if fresh.count and self._due and found.kind is not Kind.SECTION:
            for request in self._fronts(site, source):
                yield request

    def _fronts(self, site: Site, source: KnownSource) -> Iterator[Request]:
        """Yield requests for the fronts: what is new stands there as well, and will not stand for long."""
        for front in self._booking.sources.fronts(site, timedelta(seconds=self._visits.fronts)):
            if front.id not in self._asked:
                yield self._visit(site, front, Provenance(self._job, seed=front.url, via=source.url))

    def _further(self, site: Site, reading: SourceReading, fresh: Fresh) -> Iterator[Request]:
        """Yield requests for the sources that a source names; add to *fresh* what is new."""
        found = reading.content.found
        hops = reading.provenance.hops + _HOPS.get(found.kind, "")
        if not found.more or len(hops) >= _MOST_SOURCE_DEPTH:
            return
        dates = {source.url: source.updated for source in found.more}
        due, new = self._booking.sources.further(site, reading.source, found)
        for source in new:
            fresh.add(dates.get(source.url))
        for known in due:
            if known.id not in self._asked:
                yield self._visit(site, known, replace(reading.provenance, hops=hops))

    def _of_announced(
        self, site: Site, told: Told, provenance: Provenance, fresh: Fresh
    ) -> Iterator[Request]:
        """Yield the request for an announced page, if any; add to *fresh* the date of one that is new."""
        if told.is_new:
            fresh.add(told.announced.published or told.announced.updated)
            self._log_refusal(told.announced, told.verdict, provenance)
        if self._booking.wants(site, told):
            yield self._page(site, told, _told(provenance, told.announced))

    def linked(self, site: Site, url: str, provenance: Provenance, links: Iterable[str]) -> Iterator[Request]:
        """Yield requests for the *links* of the page at *url*, which are in scope already."""
        told = Provenance(provenance.job, provenance.seed, via=url, hops=provenance.hops + "L")
        wanted = []
        for link in filter(self._recent.add, links):
            detail = self._trap(site, link)
            if detail:
                self._refuse(link, told, Reason.TRAP, detail)
            else:
                wanted.append(link)
        depth = told.hops.count("L")
        # In the ledger as well: else a later job would ask for them again, and nobody for those left over.
        for start in range(0, len(wanted), CHUNK):
            for one in self._booking.linked(site, url, wanted[start : start + CHUNK], depth=depth):
                if self._booking.wants(site, one):
                    yield self._page(site, one, told)

    def _visit(self, site: Site, source: KnownSource, provenance: Provenance) -> Request:
        self._asked.add(source.id)
        return self._requests.source(site, source, provenance)

    def _again(self, site: Site, page: Page) -> Request | None:
        """Return a request for a page that the ledger has, None where it is in scope no more."""
        said, links = self._booking.first_said(page)
        provenance = Provenance(self._job, hops="L" * links)
        if said is not None:
            provenance = _told(replace(provenance, seed=said.source), said)
        url = _address(site, page, page.url)
        verdict = site.scope.in_scope(url)
        if verdict.reason is None:
            return self._requests.known_page(site, page, url, provenance)
        self._refuse(url, provenance, verdict.reason, "in scope no more")
        self._booking.pages.refused(site, Awaited.of(page), verdict.reason, sent=False)
        return None

    def _page(self, site: Site, told: Told, provenance: Provenance) -> Request:
        announced, page = told.announced, told.page
        if page is not None:
            return self._requests.known_page(site, page, _address(site, page, announced.url), provenance)
        published = announced.published.timestamp() if announced.published else None
        identity = told.entered.identity
        return self._requests.page(
            site, announced.url, provenance, Awaited((identity,), published), identity=identity
        )

    def _candidates(self, site: Site, urls: Sequence[AnnouncedUrl]) -> Iterator[tuple[AnnouncedUrl, Verdict]]:
        """Yield what goes into the ledger: what feeds and sitemaps announce, a front's own links."""
        for announced in urls:
            verdict = site.scope.in_scope(announced.url)
            if announced.kind is Kind.LINK:
                # A page links to many; what another host or scheme has is no announcement of this site.
                of_site = verdict or verdict.reason is Reason.SCOPE_PATTERN
                if not of_site or self._booking.sources.is_source(site, announced.url):
                    continue
                if verdict and self._trap(site, announced.url):
                    verdict = refused(Reason.TRAP)
            yield announced, verdict

    def _trap(self, site: Site, url: str) -> str | None:
        detail = trap(url, datetime.now(UTC).date())
        if detail is None and not (site.scope.is_named_article(url) or self._shapes.admits(url)):
            return f"{_MOST_OF_A_SHAPE:,} links of its shape before it"
        return detail

    def _log_refusal(self, announced: AnnouncedUrl, verdict: Verdict, provenance: Provenance) -> None:
        if verdict.reason is not None:
            detail = f"announced by {announced.source}"
            self._refuse(announced.url, _told(provenance, announced), verdict.reason, detail)


def _address(site: Site, page: Page, url: str) -> str:
    """Return where to ask for *page*: where its content was found last, else *url*."""
    found = page.capture.url if page.capture and page.first_capture else None
    if found is None or not site.scope.in_scope(found) or site.identity.of(found) != page.identity:
        return url
    return found


def _told(provenance: Provenance, announced: AnnouncedUrl) -> Provenance:
    hops = provenance.hops + _HOPS.get(announced.kind, "")
    return replace(provenance, via=announced.source, hops=hops, announced=announced.announced())
