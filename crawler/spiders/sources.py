"""The sources of the sites of one job: which are to be visited, and what their visits brought."""

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from heapq import heappush, heappushpop

from scrapy.http import Response

from crawler.discovery import Discovery, Kind
from crawler.ledger import KnownSource, Ledger, SourceState, SourceVisit
from crawler.scope import Reason
from crawler.spiders.pages import validators
from crawler.spiders.reading import SourceContent
from crawler.spiders.site import Site
from crawler.visits import Rhythm
from pipelines.errors import JobError, NewswarcError
from pipelines.model import Capture

logger = logging.getLogger(__name__)

_DEAD_INTERVAL = timedelta(days=7)
_HARD = frozenset({Reason.GONE, Reason.ROBOTS})
_HOUR = timedelta(hours=1)
_FRONTS_SECONDS = 60.0
"""So often all sources of a site are looked through for fronts, at most: there may be thousands."""
_ANNOUNCING = frozenset({Kind.FEED, Kind.SITEMAP, Kind.NEWS_SITEMAP, Kind.SITEMAP_INDEX})


@dataclass(slots=True)
class _Known:
    """What one site's sources were when the job began, and those that came since."""

    identities: set[str] = field(default_factory=set)
    below: dict[int, set[str]] = field(default_factory=dict)
    """URLs of the sources that another one names, by its id."""
    unread: set[str] = field(default_factory=set)
    fronts_looked: float | None = None


class Fresh:
    """The dates of what a visit found new: how many there are, and the newest 2,000 of them.

    No rhythm is learned from more, and 50,000 would hold up the reactor.
    """

    MOST = 2_000

    def __init__(self) -> None:
        self.count = 0
        self._dated: list[datetime] = []
        self._undated = 0

    def add(self, date: datetime | None) -> None:
        """Take one, dated *date*."""
        self.count += 1
        if date is None:
            self._undated += 1
        elif len(self._dated) < self.MOST:
            heappush(self._dated, date)
        else:
            heappushpop(self._dated, date)

    @property
    def dates(self) -> list[datetime | None]:
        """The newest dates; None for each that has none."""
        return [*self._dated, *[None] * min(self._undated, self.MOST - len(self._dated))]


class SourceBook:
    """What one job enters in the ledger of the sites' sources; durable when a method returns.

    *keys* are the ledger's numbers of the sites, by :attr:`Site.key`. With *due* only sources whose next
    visit is due are to be visited.
    """

    def __init__(self, ledger: Ledger, keys: Mapping[str, int], *, due: bool) -> None:
        self._ledger, self._keys, self._due = ledger, keys, due
        self._known: dict[str, _Known] = {}
        self._own: dict[str, list[KnownSource]] = {}

    def open(self, site: Site) -> None:
        """Enter the site's own sources."""
        key = self._keys[site.key]
        own = self._ledger.enter_sources(key, site.sources())
        self._ledger.drop_sources(key, [source.url for source in own])
        self._known[site.key] = _Known()
        for source in self._ledger.sources(key):
            self._note(site, source)
        self._own[site.key] = own

    def at_start(self, site: Site) -> list[KnownSource]:
        """Return the sources that are to be visited at the start."""
        if self._due:
            return self._ledger.due_sources(self._keys[site.key], datetime.now(UTC))
        return self._own[site.key]

    def get(self, site: Site, url: str) -> KnownSource:
        """Return the source *url* of *site*. Raises ``JobError`` where the ledger has none."""
        found = self._ledger.source(self._keys[site.key], url)
        if found is None:
            raise JobError(
                f"ledger: site {site.name!r} has no source {url}; the state database is not the one that "
                "the crawl began with"
            )
        return found

    def is_source(self, site: Site, url: str) -> bool:
        """Return whether *url* is one of the site's sources, which are captured at each of their visits."""
        return site.identity.of(url) in self._known[site.key].identities

    def fronts(self, site: Site, age: timedelta) -> list[KnownSource]:
        """Return the section fronts that answer, and whose last visit is longer ago than *age*.

        None of them for a minute after the last call.
        """
        known, moment = self._known[site.key], time.monotonic()
        if known.fronts_looked is not None and moment - known.fronts_looked < _FRONTS_SECONDS:
            return []
        known.fronts_looked = moment
        before = datetime.now(UTC) - age
        return [
            source
            for source in self._ledger.sources(self._keys[site.key])
            if source.kind is Kind.SECTION
            and source.failing_since is None
            and (source.last_visit is None or source.last_visit <= before)
        ]

    def further(
        self, site: Site, parent: KnownSource, found: Discovery
    ) -> tuple[list[KnownSource], list[KnownSource]]:
        """Enter the sources that *parent* names; return those to be visited now, and those that are new."""
        before = datetime.now(UTC)
        key = self._keys[site.key]
        entered = self._ledger.enter_sources(
            key, found.more, parent=parent.id, at_once=site.at_once, step=site.step
        )
        new = [source for source in entered if source.first_seen >= before]
        for source in entered:
            self._note(site, source)
        if found.kind is Kind.SITEMAP_INDEX and found.complete:
            self._drop_vanished(site, parent, {source.url for source in entered})
        if not self._due:
            return entered, new
        now = datetime.now(UTC)
        return [source for source in entered if source.next_visit <= now], new

    def _drop_vanished(self, site: Site, index: KnownSource, named: set[str]) -> None:
        """Drop what the *index* names no more, but not what was never read: it may still be there."""
        known = self._known[site.key]
        below = known.below.get(index.id, set())
        vanished = below - named - known.unread
        if vanished:
            kept = below - vanished
            self._ledger.drop_sources(self._keys[site.key], kept, parent=index.id)
            known.below[index.id] = kept

    def visited(
        self,
        site: Site,
        source: KnownSource,
        response: Response,
        *,
        content: SourceContent | None = None,
        fresh: Fresh | None = None,
        capture: Capture | None = None,
    ) -> None:
        """Enter a visit of *source* that was answered.

        *content* is None for a 304, and where it redirects to another source; *fresh* tells what was new.
        """
        now, found = datetime.now(UTC), None if content is None else content.found
        signed = source.signature if content is None else content.signature
        listed = len(found.urls) + len(found.more) if found is not None else source.listed
        dates = fresh.dates if fresh else []
        rhythm = _rhythm(site, source, now).visited(
            now, fresh=dates, listed=listed, changed=signed != source.signature, hint=_hint(found)
        )
        visit = SourceVisit(
            source=source.id,
            at=now,
            next_visit=rhythm.next_visit,
            rhythm=rhythm.to_json(),
            status=response.status,
            new=fresh.count if fresh else 0,
            capture=capture,
            overflows=rhythm.overflows,
        )
        if found is not None:
            # What was damaged is read whole the next time, not called unchanged.
            etag, last_modified = validators(response) if found.complete else ("", "")
            visit = replace(
                visit,
                signature=signed,
                listed=listed,
                kind=found.kind,
                title=found.title,
                etag=etag,
                last_modified=last_modified,
            )
        self._ledger.source_visited(visit)
        self._known[site.key].unread.discard(source.url)

    def failed(self, site: Site, source: KnownSource, reason: Reason, *, status: int | None = None) -> None:
        """Enter a visit of *source* that brought nothing to read."""
        now = datetime.now(UTC)
        rhythm = _rhythm(site, source, now).failed(now, hard=reason in _HARD, status=status)
        dead = rhythm.interval >= _DEAD_INTERVAL
        self._ledger.source_visited(
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

    def _note(self, site: Site, source: KnownSource) -> None:
        known = self._known[site.key]
        known.identities.add(site.identity.of(source.url))
        if source.parent is not None:
            known.below.setdefault(source.parent, set()).add(source.url)
        if not source.signature and source.reason is not Reason.GONE:
            known.unread.add(source.url)


def is_unfit(source: KnownSource, found: Discovery) -> bool:
    """Return whether what came is not what *source* is: a page in place of a feed, say.

    Who takes a login page or a notice of maintenance for the feed announces its links. What the profile
    names is at the first visit whatever it turns out to be. A feed with entries of which none has an address
    is not read either: its ``ETag`` would keep it so.
    """
    if found.kind is Kind.UNKNOWN or (found.kind is Kind.FEED and found.entries and not found.urls):
        return True
    if source.kind is Kind.ROBOTS:
        return found.kind is not Kind.ROBOTS
    is_told = source.parent is not None or bool(source.signature)
    return found.kind is Kind.SECTION and source.kind in _ANNOUNCING and is_told


def _rhythm(site: Site, source: KnownSource, now: datetime) -> Rhythm:
    if source.rhythm:
        try:
            return Rhythm.from_json(source.rhythm, limits=site.limits)
        except NewswarcError as err:
            logger.warning("%s: its rhythm is learned anew: %s", source.url, err)
    return Rhythm.first(now, source=source.url, limits=site.limits)


def _hint(found: Discovery | None) -> timedelta | None:
    """Return how long the source says that it may rest; an hour is what WordPress says unasked."""
    if found is None:
        return None
    stated = found.hints.update_interval
    given = [hint for hint in (found.hints.ttl, None if stated == _HOUR else stated) if hint]
    return min(given, default=None)
