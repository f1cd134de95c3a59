"""Keeps the ledger of one crawl: what sources announce, what visits of them bring, what becomes of pages."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from scrapy.http import Response

from crawler.discovery import AnnouncedUrl, Discovery, Kind, Source, signature
from crawler.ledger import (
    Entered,
    KnownSource,
    Ledger,
    Novelty,
    Page,
    Settlement,
    SourceState,
    SourceVisit,
    State,
)
from crawler.scope import ACCEPTED, Reason, Verdict
from crawler.spiders.outcomes import of_failure, of_status, retry_at
from crawler.spiders.site import Site
from crawler.visits import Rhythm, next_rung
from pipelines.errors import JobError
from pipelines.model import Capture

CHUNK = 200
"""Announcements that are entered at once: so few that the reactor does not wait for the database."""
Told = tuple[AnnouncedUrl, Verdict, Entered]
"""What is announced, whether it is in scope, and what the ledger knew of it."""
PAGES = "(pages)"
"""The ledger's site for all pages that are asked for by their bare address; no profile can be called so."""
_LINKS = Source("newswarc:links", Kind.LINK)
"""Stands in the ledger for all links that were followed, and for bare addresses."""
_DEAD_INTERVAL = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Awaited:
    """The pages that a request shall tell the outcome of. As a dict it goes with the request, as JSON."""

    pages: tuple[str, ...]
    """Identities: the page itself, and those that redirected to it."""
    published: float | None = None
    first: float | None = None
    """When it was captured first."""
    attempts: int = 0

    @classmethod
    def of(cls, page: Page) -> Self:
        """Return what a new attempt at *page* shall tell."""
        return cls((page.identity,), _seconds(page.published), _seconds(page.first_capture), page.attempts)

    @classmethod
    def from_meta(cls, told: dict[str, Any] | None) -> Self | None:
        """Return what :meth:`to_meta` gave."""
        return None if told is None else cls(**told | {"pages": tuple(told["pages"])})

    def to_meta(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "pages": list(self.pages),
            "published": self.published,
            "first": self.first,
            "attempts": self.attempts,
        }

    def with_page(self, identity: str) -> "Awaited":
        """Return the same, and the page *identity* as the one that was redirected to."""
        pages = (identity, *(page for page in self.pages if page != identity))
        return Awaited(pages, self.published, self.first, self.attempts)


class Booking:
    """What one job enters in the ledger. Everything but what pages became is durable at once."""

    def __init__(self, ledger: Ledger, job: str, *, due: bool) -> None:
        self.ledger, self._job, self._due = ledger, job, due
        self._keys: dict[str, int] = {}
        self._links: dict[str, KnownSource] = {}
        self._sources: dict[str, set[str]] = {}

    def open(self, site: Site) -> Iterator[KnownSource]:
        """Enter the site's own sources, and yield those that are to be visited at the start."""
        name, home = (site.name, site.profile.home) if site.sources() else (PAGES, "")
        key = self._keys[site.profile.home] = self.ledger.site(name, home)
        *own, links = self.ledger.enter_sources(key, [*site.sources(), _LINKS])
        self._links[site.profile.home] = links
        # What only stands for links is never visited itself.
        self.ledger.drop_sources(key, [source.url for source in own])
        if self._due:
            own = self.ledger.due_sources(key, datetime.now(UTC))
        known = self.ledger.sources(key)
        self._sources[site.profile.home] = {site.identity.of(source.url) for source in known}
        yield from own

    def key(self, site: Site) -> int:
        """Return the ledger's number of *site*."""
        return self._keys[site.profile.home]

    def source(self, site: Site, url: str) -> KnownSource:
        """Return the source *url* of *site*. Raises ``JobError`` where the ledger has none."""
        found = self.ledger.source(self.key(site), url)
        if found is None:
            raise JobError(
                f"ledger: site {site.name!r} has no source {url}; the state database is not the one that "
                "the crawl began with"
            )
        return found

    def is_source(self, site: Site, url: str) -> bool:
        """Return whether *url* is one of the site's sources, which are captured at each of their visits."""
        return site.identity.of(url) in self._sources[site.profile.home]

    def fronts(self, site: Site, age: timedelta) -> list[KnownSource]:
        """Return the section fronts whose last visit is longer ago than *age*."""
        before = datetime.now(UTC) - age
        known = self.ledger.sources(self.key(site))
        fronts = (source for source in known if source.kind is Kind.SECTION)
        return [front for front in fronts if front.last_visit is None or front.last_visit <= before]

    def due_pages(self, site: Site) -> Iterator[Page]:
        """Yield the pages that are pending or to be visited again, the longest due first."""
        moment = datetime.now(UTC)
        for awaited in (self.ledger.pending, self.ledger.due_pages):
            last: Page | None = None
            while part := awaited(self.key(site), moment, after=last):
                yield from part
                last = part[-1]

    def page(self, site: Site, identity: str) -> Page | None:
        """Return what the ledger has of the page *identity*."""
        return self.ledger.page(self.key(site), identity)

    def seeded(self, site: Site, seeds: Sequence[AnnouncedUrl]) -> Iterator[list[Told]]:
        """Enter pages that are wanted for themselves."""
        yield from self._entered(site, self._links[site.profile.home], [(seed, ACCEPTED) for seed in seeds])

    def linked(self, site: Site, url: str, links: Sequence[str]) -> Iterator[list[Told]]:
        """Enter *links* of the page at *url*."""
        linked = [(AnnouncedUrl(link, url, Kind.LINK), ACCEPTED) for link in links]
        yield from self._entered(site, self._links[site.profile.home], linked)

    def further(self, site: Site, parent: KnownSource, more: Sequence[Source]) -> list[KnownSource]:
        """Enter the sources that *parent* names, and return those that are to be visited now."""
        entered = self.ledger.enter_sources(
            self.key(site), more, parent=parent.id, at_once=site.at_once, step=site.step
        )
        self._sources[site.profile.home] |= {site.identity.of(source.url) for source in entered}
        if not self._due:
            return entered
        now = datetime.now(UTC)
        return [source for source in entered if source.next_visit <= now]

    def announced(
        self, site: Site, source: KnownSource, found: Sequence[tuple[AnnouncedUrl, Verdict]]
    ) -> Iterator[list[Told]]:
        """Enter what *source* announces, and yield it in parts, each with what the ledger knew of it.

        What the scope refuses is entered as refused.
        """
        for told in self._entered(site, source, found):
            for _, verdict, one in told:
                if verdict.reason is not None and one.novelty is not Novelty.KNOWN:
                    self.refused(site, Awaited((one.identity,)), verdict.reason, sent=False)
            yield told

    def _entered(
        self, site: Site, source: KnownSource, found: Sequence[tuple[AnnouncedUrl, Verdict]]
    ) -> Iterator[list[Told]]:
        cutoff = datetime.now(UTC) - site.cutoff if self._due and site.cutoff else None
        for start in range(0, len(found), CHUNK):
            part = found[start : start + CHUNK]
            urls = [announced for announced, _ in part]
            identities = [site.identity.of(announced.url) for announced in urls]
            entered = self.ledger.announce(source, urls, identities, job=self._job, cutoff=cutoff)
            yield [(url, verdict, one) for (url, verdict), one in zip(part, entered, strict=True)]

    def wants(self, entered: Entered) -> bool:
        """Return whether a page that is in scope is to be asked for, now that a source announced it."""
        if not self._due:
            return True
        return entered.novelty is Novelty.NEW or entered.novelty is Novelty.UPDATED

    # --- visits of sources -------------------------------------------------------------------

    def visited(
        self,
        site: Site,
        source: KnownSource,
        response: Response,
        *,
        found: Discovery | None = None,
        fresh: Sequence[datetime | None] = (),
        capture: Capture | None = None,
    ) -> None:
        """Enter a visit of *source* that was answered; *found* is what it announces, None for a 304."""
        now = datetime.now(UTC)
        rhythm = _rhythm(site, source, now)
        signed = signature(found) if found is not None else source.signature
        listed = len(found.urls) + len(found.more) if found is not None else source.listed
        rhythm = rhythm.visited(
            now, fresh=fresh, listed=listed, changed=signed != source.signature, hint=_hint(found)
        )
        visit = SourceVisit(
            source=source.id,
            at=now,
            next_visit=rhythm.next_visit,
            rhythm=rhythm.to_json(),
            status=response.status,
            new=len(fresh),
            capture=capture,
            overflows=rhythm.overflows,
        )
        if found is not None:
            kind = None if found.kind is Kind.UNKNOWN else found.kind
            etag, last_modified = _validators(response)
            visit = replace(
                visit,
                signature=signed,
                listed=listed,
                kind=kind,
                title=found.title,
                etag=etag,
                last_modified=last_modified,
            )
        self.ledger.source_visited(visit)

    def visit_failed(
        self, site: Site, source: KnownSource, reason: Reason, *, status: int | None = None
    ) -> None:
        """Enter a visit of *source* that brought nothing to read."""
        now = datetime.now(UTC)
        hard = reason in {Reason.GONE, Reason.ROBOTS, Reason.ADDRESS}
        rhythm = _rhythm(site, source, now).failed(now, hard=hard, status=status)
        dead = rhythm.interval >= _DEAD_INTERVAL
        self.ledger.source_visited(
            SourceVisit(
                source=source.id,
                at=now,
                next_visit=rhythm.next_visit,
                rhythm=rhythm.to_json(),
                status=status,
                reason=reason,
                state=SourceState.DEAD if dead else SourceState.ACTIVE,
            )
        )

    # --- pages -------------------------------------------------------------------------------

    def answered(
        self,
        site: Site,
        awaited: Awaited | None,
        response: Response,
        *,
        capture: Capture | None,
        reason: Reason | None = None,
    ) -> None:
        """Enter what an answer means for the pages that await it; *reason* says what is wrong with it."""
        if awaited is None:
            return
        now = datetime.now(UTC)
        state, judged = of_status(response.status, attempts=awaited.attempts)
        passing = state is State.PENDING
        again = retry_at(now, attempts=awaited.attempts) if passing else self._rung(site, awaited, now)
        etag, last_modified = _validators(response) if response.status == 200 else (None, None)
        self._settle(
            site,
            awaited,
            state,
            at=now,
            capture=capture,
            reason=judged or reason,
            detail=str(response.status) if judged else "",
            next_visit=again,
            etag=etag,
            last_modified=last_modified,
        )

    def refused(
        self, site: Site, awaited: Awaited | None, reason: Reason, detail: str = "", *, sent: bool = True
    ) -> None:
        """Enter that the pages that await it were refused, or that a request for them brought no answer.

        *sent*: whether it counts as an attempt.
        """
        if awaited is None:
            return
        now = datetime.now(UTC)
        state, reason = of_failure(reason, attempts=awaited.attempts)
        again = retry_at(now, attempts=awaited.attempts) if state is State.PENDING and sent else None
        self._settle(
            site, awaited, state, at=now if sent else None, reason=reason, detail=detail, next_visit=again
        )

    def redirected(self, site: Site, awaited: Awaited | None, capture: Capture | None, target: str) -> None:
        """Enter that the pages that await it redirect to *target*, which something else has asked for."""
        if awaited is not None:
            now = datetime.now(UTC)
            again = self._rung(site, awaited, now)
            self._settle(
                site, awaited, State.CAPTURED, at=now, capture=capture, redirect=target, next_visit=again
            )

    def _settle(self, site: Site, awaited: Awaited, state: State, **told: Any) -> None:  # noqa: ANN401
        last = awaited.pages[0]
        for identity in awaited.pages:
            moved = {} if identity == last or "redirect" in told else {"redirect": last}
            self.ledger.settle(
                Settlement(site=self.key(site), identity=identity, state=state, **{**told, **moved})
            )

    def _rung(self, site: Site, awaited: Awaited, now: datetime) -> datetime | None:
        first = _moment(awaited.first) or now
        return next_rung(
            site.ladder, _moment(awaited.published), url=awaited.pages[-1], first_capture=first, visited=now
        )


def _rhythm(site: Site, source: KnownSource, now: datetime) -> Rhythm:
    if source.rhythm:
        return Rhythm.from_json(source.rhythm, limits=site.limits)
    return Rhythm.first(now, source=source.url, limits=site.limits)


def _hint(found: Discovery | None) -> timedelta | None:
    if found is None:
        return None
    given = [hint for hint in (found.hints.ttl, found.hints.update_interval) if hint]
    return min(given, default=None)


def _validators(response: Response) -> tuple[str, str]:
    """Return ETag and Last-Modified of *response*, empty where it has none."""
    given = (response.headers.get(name) or b"" for name in ("ETag", "Last-Modified"))
    etag, last_modified = (value.decode("latin-1") for value in given)
    return etag, last_modified


def _seconds(moment: datetime | None) -> float | None:
    return None if moment is None else moment.timestamp()


def _moment(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
