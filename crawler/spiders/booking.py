"""Keeps the ledger of one crawl: what sources announce, and which of it is to be asked for."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from crawler.discovery import AnnouncedUrl, Kind, Source
from crawler.ledger import Entered, KnownSource, Ledger, Novelty, Page, State
from crawler.scope import ACCEPTED, Reason, Verdict
from crawler.spiders.outcomes import BY_PROFILE
from crawler.spiders.pages import Awaited, PageBook
from crawler.spiders.site import Site
from crawler.spiders.sources import SourceBook

CHUNK = 50
"""Announcements that are entered at once: so few that the reactor does not wait for the database."""
_LINKS = "newswarc:links/"
"""Stands in the ledger for all links that were followed, with their number from what was announced; 0 for
bare addresses."""
_NEW = frozenset({Novelty.NEW, Novelty.OLD})
_FRESH = frozenset({Novelty.NEW, Novelty.UPDATED})


@dataclass(frozen=True, slots=True)
class Told:
    """An URL that was announced, and what the ledger knew of its page."""

    announced: AnnouncedUrl
    verdict: Verdict
    """Whether it is in scope."""
    entered: Entered
    page: Page | None = None
    """The page, where it was known and more than its state counts."""
    twin: bool = False
    """Whether the page is new by another of its addresses, announced beside this one."""

    @property
    def is_new(self) -> bool:
        """Whether no source announced the page before."""
        return self.entered.novelty in _NEW


class Booking:
    """What one job enters in the ledger. Everything but what pages became is durable at once."""

    def __init__(self, ledger: Ledger, job: str, *, due: bool) -> None:
        self.ledger, self._job, self._due = ledger, job, due
        self._keys: dict[str, int] = {}
        self._links: dict[tuple[str, int], KnownSource] = {}
        self.sources = SourceBook(ledger, self._keys, due=due)
        self.pages = PageBook(ledger, self._keys)

    def open(self, site: Site) -> None:
        """Enter the site and its own sources: before any answer comes, also to what an earlier job left."""
        self._keys[site.key] = self.ledger.site(*site.entry)
        self.sources.open(site)

    def left_pages(self, site: Site) -> Iterator[Page]:
        """Yield what is pending, and in a crawl of what is due what is to be visited again.

        The longest due first; of a site that is a bare page, nothing: others keep theirs in the same place.
        """
        moment = datetime.now(UTC)
        of_ledger: list[Callable[..., list[Page]]] = [self.ledger.pending]
        if self._due:
            of_ledger.append(self.ledger.due_pages)
        for awaited in of_ledger if site.sources() else ():
            last: Page | None = None
            while part := awaited(self._keys[site.key], moment, after=last):
                yield from part
                last = part[-1]

    def first_said(self, page: Page) -> tuple[AnnouncedUrl | None, int]:
        """Return what a source said first of *page*, or None and how many links lead there."""
        said = self.ledger.announcements([page.id]).get(page.id)
        if said is None:
            return None, 0
        if said.source.startswith(_LINKS):
            return None, int(said.source.removeprefix(_LINKS))
        return said, 0

    def seeded(self, site: Site, seeds: Sequence[AnnouncedUrl]) -> list[Told]:
        """Enter pages that are wanted for themselves."""
        return self._entered(site, self._links_at(site, 0), [(seed, ACCEPTED) for seed in seeds])

    def linked(self, site: Site, url: str, links: Sequence[str], *, depth: int) -> list[Told]:
        """Enter *links* of the page at *url*, which are *depth* links away from what was announced."""
        linked = [(AnnouncedUrl(link, url, Kind.LINK), ACCEPTED) for link in links]
        return self._entered(site, self._links_at(site, depth), linked)

    def announced(
        self, site: Site, source: KnownSource, found: Sequence[tuple[AnnouncedUrl, Verdict]]
    ) -> list[Told]:
        """Enter what *source* announces, and return it with what the ledger knew of it.

        What the scope refuses is entered as refused.
        """
        told = self._entered(site, source, found)
        inside = {one.entered.identity for one in told if one.verdict}
        for one in told:
            is_open = one.is_new or one.entered.state is State.PENDING
            if one.verdict.reason is not None and is_open and one.entered.identity not in inside:
                self.pages.refused(site, Awaited((one.entered.identity,)), one.verdict.reason, sent=False)
        return told

    def wants(self, site: Site, told: Told) -> bool:
        """Return whether a page is to be asked for, now that a source announced it."""
        if not told.verdict:
            return False
        if not self._due or told.twin or told.entered.novelty in _FRESH:
            return True
        return told.page is not None and _is_open(site, told.page)

    def _entered(
        self, site: Site, source: KnownSource, found: Sequence[tuple[AnnouncedUrl, Verdict]]
    ) -> list[Told]:
        cutoff = datetime.now(UTC) - site.cutoff if self._due and site.cutoff else None
        urls = [announced for announced, _ in found]
        identities = [site.identity.of(announced.url) for announced in urls]
        entered = self.ledger.announce(source, urls, identities, job=self._job, cutoff=cutoff)
        known = self.pages.by_id(
            one.page
            for (_, verdict), one in zip(found, entered, strict=True)
            if verdict and self._is_weighed(one)
        )
        new = {one.page for one in entered if one.novelty is Novelty.NEW}
        return [
            Told(url, verdict, one, known.get(one.page), one.novelty is Novelty.KNOWN and one.page in new)
            for (url, verdict), one in zip(found, entered, strict=True)
        ]

    def _is_weighed(self, entered: Entered) -> bool:
        """Return whether it takes the whole page to know what to do."""
        if entered.novelty is not Novelty.KNOWN:
            return entered.novelty is Novelty.UPDATED
        return not self._due or entered.state is not State.CAPTURED

    def _links_at(self, site: Site, depth: int) -> KnownSource:
        place = (site.key, depth)
        if place not in self._links:
            key = self._keys[site.key]
            with self.ledger.database.transaction():
                (self._links[place],) = self.ledger.enter_sources(
                    key, [Source(f"{_LINKS}{depth}", Kind.LINK)]
                )
                # What only stands for links is never visited itself.
                self.ledger.drop_sources(key, [source.url for source in site.sources()])
        return self._links[place]


def _is_open(site: Site, page: Page) -> bool:
    """Return whether a page that was announced before is to be asked for all the same."""
    if page.state is State.PENDING:
        return page.next_visit is None or page.next_visit <= datetime.now(UTC)
    # What an answer was the reason for has a detail, and would be the same again.
    if page.state is not State.REFUSED or page.detail:
        return False
    # The profile or the configuration is another one than when it was refused.
    return page.reason in BY_PROFILE or (page.reason is Reason.OLD and site.cutoff is None)
