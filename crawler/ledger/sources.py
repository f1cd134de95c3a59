"""The sources of a site: which there are, when each is due, and what their visits brought."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import count
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, Table, Update, bindparam, case, or_, select, update

from crawler.discovery import Source
from crawler.ledger.model import KnownSource, SourceState, SourceVisit
from crawler.ledger.rows import capture_columns, capture_of, clean, seconds, source_of
from crawler.ledger.schema import DROPPED, SCHEMA, pages, sites, sources
from crawler.ledger.statements import run_many
from crawler.scope import LONGEST_URL
from crawler.state import Database
from pipelines.model import Capture, Original
from pipelines.segments.names import checked_collection

logger = logging.getLogger(__name__)

CHUNK = 500
"""Rows of one statement."""

TRUSTED = timedelta(days=30)
"""So long a sub-source rests that its index calls unchanged; then it is due, whatever the index says."""

_DAY = timedelta(days=1)
_CLOCKS_DIFFER = timedelta(hours=1)
"""So far the clocks of machines may be apart without one setting right what another wrote."""
_T = TypeVar("_T")

_TURN = (
    update(sites)
    .where(sites.c.id == bindparam("of_site"))
    .values(revision=sites.c.revision + 1)
    .returning(sites.c.revision)
)
_TURN_OF_SOURCE = (
    update(sites)
    .where(
        sites.c.id == select(sources.c.site).where(sources.c.id == bindparam("of_source")).scalar_subquery()
    )
    .values(revision=sites.c.revision + 1)
)
_ENTER = sources.insert()
_REENTER = (
    update(sources)
    .where(sources.c.id == bindparam("of_id"))
    .values({name: bindparam(name) for name in ("kind", "parent", "title", "updated", "state", "next_visit")})
)


def _set_right(table: Table, site: int, now: float) -> Update:
    """Return what makes those rows of *table* due *now* that were seen to at a time that has not come."""
    ahead = now + _CLOCKS_DIFFER.total_seconds()
    seen = {name: table.c[name] for name in ("first_seen", "last_visit")}
    past = {name: case((column > now, now), else_=column) for name, column in seen.items()}
    was_ahead = or_(*(column > ahead for column in seen.values()))
    return update(table).where(table.c.site == site, was_ahead).values(next_visit=now, **past)


def chunks(rows: Sequence[_T]) -> Iterator[Sequence[_T]]:
    """Yield *rows* in parts that one statement takes."""
    for start in range(0, len(rows), CHUNK):
        yield rows[start : start + CHUNK]


def counts_as(known: Original | None, capture: Capture | None) -> Original | None:
    """Return the earlier response that later 304 answers stand for, after *capture* was made.

    The same payload again does not change it: what it names must be a response, and the first is surely
    published.
    """
    if capture is None or capture.status == 304 or (known is not None and known.sha256 == capture.sha256):
        return known
    return Original.of(capture)


class SourceLedger:
    """Sites and sources of the ledger of *collection*; :class:`crawler.ledger.Ledger` adds the pages."""

    def __init__(self, database: Database, collection: str) -> None:
        self.database = database
        self.collection = checked_collection(collection)
        database.ensure(SCHEMA)

    def site(self, name: str, home: str) -> int:
        """Return the id of the site *name*, entered if it is new; its *home* is the one given last."""
        new = self.database.insert(sites).values(collection=self.collection, name=name, home=home)
        on_conflict = new.on_conflict_do_update(
            index_elements=[sites.c.collection, sites.c.name], set_={"home": home}
        )
        with self.database.transaction() as connection:
            found: int = connection.execute(on_conflict.returning(sites.c.id)).scalar_one()
            self._set_right(connection, found)
        return found

    def _set_right(self, connection: Connection, site: int) -> None:
        """Make due what was last seen to at a time that has not come: a clock was ahead then, and is not now.

        Else it would rest for as long as the clock was ahead.
        """
        now = self.database.now()
        mended = connection.execute(_set_right(sources, site, now)).rowcount
        if mended:  # the pages are many, and none is seen to without a source
            logger.warning(
                "%d sources were seen to in the future (a clock was ahead); they are due now", mended
            )
            connection.execute(_set_right(pages, site, now).where(pages.c.next_visit.is_not(None)))

    def sites(self) -> dict[str, int]:
        """Return the ids of the collection's sites by name, in its order."""
        query = select(sites.c.name, sites.c.id).where(sites.c.collection == self.collection)
        with self.database.transaction() as connection:
            return {row.name: row.id for row in connection.execute(query.order_by(sites.c.name))}

    def enter_sources(
        self,
        site: int,
        named: Iterable[Source],
        *,
        parent: int | None = None,
        at_once: int = 10,
        step: timedelta = timedelta(minutes=15),
    ) -> list[KnownSource]:
        """Enter what the profile, or the source *parent*, names, and return it as the ledger has it.

        New ones are due now. Of those that a *parent* names the first *at_once* are, the newest first, and
        so many more after each *step*: an index of 500 sitemaps is no flood. Known ones stay as they are;
        one that changed since its last visit, as its index says, becomes due like a new one, and one that
        was dropped is active again. An URL that is too long to be one is left out, and logged.
        """
        by_url = {source.url: source for source in named if _is_fit(source)}
        newest_first = sorted(by_url.values(), key=lambda source: -(seconds(source.updated) or 0.0))
        first_due, number = self.database.now(), count()

        def turn() -> float:
            if parent is None:
                return first_due
            return first_due + next(number) // max(1, at_once) * step.total_seconds()

        entered: list[KnownSource] = []
        with self.database.transaction() as connection:
            self._turn(connection, site)
            for part in chunks(newest_first):
                urls = [source.url for source in part]
                known = {row.url: row for row in connection.execute(_named(site, urls))}
                changed, new = [], []
                for source in part:
                    row = known.get(source.url)
                    if row is None:
                        new.append(_new_row(site, source, parent, now=first_due, next_visit=turn()))
                    elif change := _reentered(row, source, parent, turn):
                        changed.append(change)
                run_many(connection, _ENTER, new)
                run_many(connection, _REENTER, changed)
                entered += map(source_of, connection.execute(_named(site, urls)))
        order = {url: place for place, url in enumerate(by_url)}
        return sorted(entered, key=lambda source: order[source.url])

    def drop_sources(self, site: int, keep: Iterable[str], *, parent: int | None = None) -> int:
        """Drop what *parent*, or without it the profile, names no more, and all that only this named.

        *keep* are the URLs that are still named. Return how many were dropped.
        """
        kept = set(keep)
        query = select(sources.c.id, sources.c.url, sources.c.parent)
        with self.database.transaction() as connection:
            self._turn(connection, site)
            rows = connection.execute(query.where(sources.c.site == site, sources.c.state != DROPPED)).all()
            gone = {row.id for row in rows if row.parent == parent and row.url not in kept}
            while below := {row.id for row in rows if row.parent in gone} - gone:
                gone |= below
            for part in chunks(sorted(gone)):
                dropped = update(sources).where(sources.c.id.in_(part))
                connection.execute(dropped.values(state=SourceState.DROPPED))
        return len(gone)

    def source(self, site: int, url: str) -> KnownSource | None:
        """Return the source *url* of the *site*, None where the ledger has none."""
        with self.database.transaction() as connection:
            row = connection.execute(_named(site, [url])).one_or_none()
        return None if row is None else source_of(row)

    def sources(self, site: int) -> list[KnownSource]:
        """Return the sources of the *site* that are not dropped, as they were entered."""
        query = select(sources).where(sources.c.site == site, sources.c.state != DROPPED)
        with self.database.transaction() as connection:
            return list(map(source_of, connection.execute(query.order_by(sources.c.id))))

    def due_sources(self, site: int, now: datetime) -> list[KnownSource]:
        """Return the sources whose next visit is due, the longest due first."""
        due = select(sources).where(sources.c.site == site, sources.c.state != DROPPED)
        query = due.where(sources.c.next_visit <= now.timestamp())
        with self.database.transaction() as connection:
            rows = connection.execute(query.order_by(sources.c.next_visit, sources.c.id))
            return list(map(source_of, rows))

    def source_visited(self, visit: SourceVisit) -> None:
        """Enter what a visit brought.

        A sub-source that its index calls unchanged since then rests for :data:`TRUSTED`, if its index is
        not read before and says otherwise.
        """
        with self.database.transaction() as connection:
            connection.execute(_TURN_OF_SOURCE, {"of_source": visit.source})
            row = connection.execute(select(sources).where(sources.c.id == visit.source)).one()
            statement = update(sources).where(sources.c.id == visit.source)
            connection.execute(statement.values(_visited(row, visit)))

    def _turn(self, connection: Connection, site: int) -> int:
        """Wait until no one else writes to *site*, until the transaction ends; return the new revision."""
        # Also the transaction's first statement: one that starts with a write cannot fail for having read.
        revision: int = connection.execute(_TURN, {"of_site": site}).scalar_one()
        return revision


def _is_fit(source: Source) -> bool:
    if len(source.url.encode()) > LONGEST_URL:
        logger.warning("%.100s… is %d characters long and no source", source.url, len(source.url))
        return False
    return True


def _named(site: int, urls: Sequence[str]) -> Any:  # noqa: ANN401 - a query over all columns
    return select(sources).where(sources.c.site == site, sources.c.url.in_(urls))


def _new_row(
    site: int, source: Source, parent: int | None, *, now: float, next_visit: float
) -> dict[str, Any]:
    return {
        "site": site,
        "url": source.url,
        "kind": source.kind,
        "parent": parent,
        "title": clean(source.title),
        "updated": seconds(source.updated),
        "state": SourceState.ACTIVE,
        "first_seen": now,
        "next_visit": next_visit,
    }


def _reentered(row: Row[Any], source: Source, parent: int | None, turn: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return what changes in a known source that is named again; empty where nothing does."""
    was_dropped = row.state == SourceState.DROPPED
    # What the profile names is its own, whoever names it besides.
    by = parent if was_dropped else row.parent if parent is not None else None
    updated = seconds(source.updated)
    values = {
        "kind": row.kind if row.last_visit is not None else source.kind,
        "parent": by,
        "title": clean(source.title) or row.title,
        "updated": row.updated if by != parent or updated is None else updated,
        "state": SourceState.ACTIVE if was_dropped else row.state,
        "next_visit": row.next_visit,
    }
    if was_dropped or _has_news(row, updated):
        values["next_visit"] = turn() if was_dropped else min(row.next_visit, turn())
    if all(getattr(row, name) == value for name, value in values.items()):
        return {}
    return {"of_id": row.id, **values}


def _has_news(row: Row[Any], updated: float | None) -> bool:
    if updated is None or row.last_visit is None or updated <= (row.updated or 0.0):
        return False
    return bool(_may_change_until(updated) > row.last_visit)


def _may_change_until(updated: float) -> float:
    """Return until when a source with this date of change may change further without another date.

    A date that falls on the full hour is a whole day: an index that states days says nothing finer, and the
    midnight of its zone is a full hour of ours.
    """
    return updated + _DAY.total_seconds() if updated % 3600 == 0 else updated


def _visited(row: Row[Any], visit: SourceVisit) -> dict[str, Any]:
    failed = visit.reason is not None
    at = visit.at.timestamp()
    next_visit = visit.next_visit
    if not failed and row.parent and row.updated is not None and _may_change_until(row.updated) <= at:
        next_visit = max(next_visit, visit.at + TRUSTED)
    original = capture_of(row)
    values: dict[str, Any] = {
        "state": visit.state,
        "rhythm": visit.rhythm,
        "last_visit": at,
        "next_visit": next_visit.timestamp(),
        "last_new": at if visit.new else row.last_new,
        "status": visit.status,
        "reason": visit.reason,
        "failing_since": (row.failing_since or at) if failed else None,
        **capture_columns(original if failed else counts_as(original, visit.capture)),
    }
    if visit.state is SourceState.ACTIVE and row.state == SourceState.DROPPED:
        values["state"] = row.state  # it was dropped while its visit was under way
    for name in ("etag", "last_modified", "kind", "title", "signature", "listed", "overflows"):
        given = getattr(visit, name)
        if given is not None:
            values[name] = clean(given) if isinstance(given, str) else given
    return values
