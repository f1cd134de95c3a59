"""Which sources are visited and which pages asked for, out of all that is announced."""

from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from scrapy import Request
from scrapy.http import Response
from scrapy.utils.defer import maybe_deferred_to_future
from twisted.internet import task

from crawler.config.model import Visits
from crawler.discovery import AnnouncedUrl, Discovery, Kind
from crawler.frontier.recent import Recent
from crawler.ledger import KnownSource, Novelty, Page
from crawler.scope import Reason, Verdict, refused
from crawler.spiders.booking import Awaited, Booking, Told
from crawler.spiders.requests import Requests
from crawler.spiders.site import Site
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
    found: Discovery
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

    def start(self, site: Site) -> Iterator[Request]:
        """Yield requests for the sources to visit and, with *due*, for known pages to ask for."""
        for source in self._booking.open(site):
            yield self._visit(site, source, Provenance(self._job, seed=source.url))
        yield from self._seeds(site)
        if self._due:
            for page in self._booking.due_pages(site):
                yield self._again(site, page)

    def _seeds(self, site: Site) -> Iterator[Request]:
        """Yield requests for the pages that are wanted for themselves."""
        seeds = [AnnouncedUrl(url, url, Kind.LINK) for url in site.pages()]
        for told in self._booking.seeded(site, seeds):
            for seed, _, entered in told:
                provenance = Provenance(self._job, seed=seed.url)
                awaited = Awaited((entered.identity,))
                yield self._requests.page(site, seed.url, provenance, awaited, identity=entered.identity)

    async def read(self, site: Site, reading: SourceReading) -> AsyncIterator[Request]:
        """Yield requests for what a source announces, and for the sources that it names."""
        source, found = reading.source, reading.found
        fresh: list[datetime | None] = []
        for request in self._further(site, reading, fresh):
            yield request
        candidates = [*self._candidates(site, found.urls)]
        for told in self._booking.announced(site, source, candidates):
            for request in self._pages(site, told, reading.provenance, fresh):
                yield request
            await _breathe()
        self._booking.visited(
            site, source, reading.response, found=found, fresh=fresh, capture=reading.capture
        )
        if fresh and self._due and found.kind is not Kind.SECTION:
            # What is new stands on the fronts as well, and will not stand there for long.
            for front in self._booking.fronts(site, timedelta(seconds=self._visits.fronts)):
                if front.id not in self._asked:
                    yield self._visit(site, front, Provenance(self._job, seed=front.url, via=source.url))

    def _further(self, site: Site, reading: SourceReading, fresh: list[datetime | None]) -> Iterator[Request]:
        """Yield requests for the sources that a source names; add to *fresh* those that are new."""
        found = reading.found
        hops = reading.provenance.hops + _HOPS.get(found.kind, "")
        if not found.more or len(hops) >= _MOST_SOURCE_DEPTH:
            return
        dates = {source.url: source.updated for source in found.more}
        for known in self._booking.further(site, reading.source, found.more):
            if known.last_visit is None:
                fresh.append(dates.get(known.url))
            if known.id not in self._asked:
                yield self._visit(site, known, replace(reading.provenance, hops=hops))

    def _pages(
        self, site: Site, told: Iterable[Told], provenance: Provenance, fresh: list[datetime | None]
    ) -> Iterator[Request]:
        """Yield requests for announced pages; add to *fresh* the dates of those that are new."""
        for announced, verdict, entered in told:
            if entered.novelty in {Novelty.NEW, Novelty.OLD}:
                fresh.append(announced.published or announced.updated)
                self._log_refusal(announced, verdict, provenance)
            if verdict and self._booking.wants(entered):
                yield self._page(site, announced, entered.identity, provenance)

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
        if not self._due:
            for link in wanted:
                yield self._requests.page(site, link, told, None, identity=site.identity.of(link))
            return
        # Else every later job would ask for them again.
        for part in self._booking.linked(site, url, wanted):
            for announced, _, entered in part:
                if self._booking.wants(entered):
                    awaited = Awaited((entered.identity,))
                    yield self._requests.page(site, announced.url, told, awaited, identity=entered.identity)

    def _visit(self, site: Site, source: KnownSource, provenance: Provenance) -> Request:
        self._asked.add(source.id)
        return self._requests.source(site, source, provenance, conditional=self._due)

    def _again(self, site: Site, page: Page) -> Request:
        said = self._booking.ledger.announcements([page.id]).get(page.id)
        provenance = Provenance(self._job, seed=said.source if said else page.url)
        if said is not None:
            provenance = _told(provenance, said)
        return self._requests.known_page(site, page, provenance)

    def _page(self, site: Site, announced: AnnouncedUrl, identity: str, provenance: Provenance) -> Request:
        told = _told(provenance, announced)
        page = self._booking.page(site, identity) if self._due else None
        if page is not None and page.first_capture is not None:
            return self._requests.known_page(site, page, told)
        published = announced.published.timestamp() if announced.published else None
        awaited = Awaited((identity,), published)
        return self._requests.page(site, announced.url, told, awaited, identity=identity)

    def _candidates(self, site: Site, urls: Iterable[AnnouncedUrl]) -> Iterator[tuple[AnnouncedUrl, Verdict]]:
        """Yield what goes into the ledger: what feeds and sitemaps announce, a front's links in scope."""
        for announced in urls:
            verdict = site.scope.in_scope(announced.url)
            if announced.kind is Kind.LINK:
                if not verdict or self._booking.is_source(site, announced.url):
                    continue
                if self._trap(site, announced.url):
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


def _told(provenance: Provenance, announced: AnnouncedUrl) -> Provenance:
    hops = provenance.hops + _HOPS.get(announced.kind, "")
    return replace(provenance, via=announced.source, hops=hops, announced=announced.announced())


async def _breathe() -> None:
    """Let the reactor do what else there is: a sitemap has up to 50,000 entries."""
    from twisted.internet import reactor  # noqa: PLC0415 - which reactor it is, is settled only now

    running: Any = reactor
    await maybe_deferred_to_future(task.deferLater(running, 0))
