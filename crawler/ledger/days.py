"""What sources announced day by day, and what happened to pages last: for an overview, in bounded queries."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from sqlalchemy import Integer, case, cast, desc, func, select

from crawler.ledger.ledger import Ledger
from crawler.ledger.model import State
from crawler.ledger.rows import seconds
from crawler.ledger.schema import announced, events, pages, sites, sources

_DAY_SECONDS: Final = 86_400


@dataclass(frozen=True, slots=True)
class DayOfSource:
    """What a source announced first on one day (UTC)."""

    day: date
    announced: int
    captured: int


@dataclass(frozen=True, slots=True)
class SourceDays:
    """The days of one source, in order, those without announcements too."""

    site: str
    url: str
    days: tuple[DayOfSource, ...]

    @property
    def announced(self) -> int:
        """All that it announced in these days."""
        return sum(day.announced for day in self.days)


@dataclass(frozen=True, slots=True)
class PageChange:
    """A page of a site that disappeared, moved or came back."""

    site: str
    url: str
    at: datetime
    """Aware, UTC."""
    event: str
    """As :class:`crawler.ledger.Event`."""
    status: int | None


def days_of_sources(ledger: Ledger, last: date, *, days: int, most: int) -> list[SourceDays]:
    """Return the *most* busiest sources of the collection in the *days* up to *last*, by site."""
    first = last - timedelta(days=days - 1)
    begin = datetime(first.year, first.month, first.day, tzinfo=UTC)
    of_day = cast(func.floor((announced.c.first_seen - seconds(begin)) / _DAY_SECONDS), Integer)
    captured = func.sum(case((pages.c.state == State.CAPTURED, 1), else_=0))
    query = (
        select(announced.c.source, of_day.label("place"), func.count(), captured)
        .join(sources, sources.c.id == announced.c.source)
        .join(sites, sites.c.id == sources.c.site)
        .join(pages, pages.c.id == announced.c.page)
        .where(
            sites.c.collection == ledger.collection,
            announced.c.first_seen >= seconds(begin),
            announced.c.first_seen < seconds(begin + timedelta(days=days)),
        )
        .group_by(announced.c.source, of_day)
    )
    named = select(sources.c.id, sites.c.name, sources.c.url).join(sites, sites.c.id == sources.c.site)
    counts: dict[int, dict[int, tuple[int, int]]] = defaultdict(dict)
    with ledger.database.transaction() as connection:
        for source, place, count, got in connection.execute(query):
            counts[source][int(place)] = (int(count), int(got))
        busiest = sorted(counts, key=lambda id_: (-sum(c for c, _ in counts[id_].values()), id_))[:most]
        rows = list(connection.execute(named.where(sources.c.id.in_(busiest))))
    found = [
        SourceDays(
            site,
            url,
            tuple(
                DayOfSource(first + timedelta(days=place), *counts[id_].get(place, (0, 0)))
                for place in range(days)
            ),
        )
        for id_, site, url in rows
    ]
    return sorted(found, key=lambda each: (each.site, -each.announced, each.url))


def latest_changes(ledger: Ledger, *, most: int) -> list[PageChange]:
    """Return what happened last to pages of the collection's sites, the latest first."""
    found: list[PageChange] = []
    with ledger.database.transaction() as connection:
        for name, id_ in ledger.sites().items():
            query = (
                select(pages.c.url, events.c.at, events.c.event, events.c.status)
                .join(pages, pages.c.id == events.c.page)
                .where(events.c.site == id_)
                .order_by(desc(events.c.at), desc(events.c.id))
                .limit(most)
            )
            found += (
                PageChange(name, url, datetime.fromtimestamp(at, UTC), event, status)
                for url, at, event, status in connection.execute(query)
            )
    return sorted(found, key=lambda each: each.at, reverse=True)[:most]
