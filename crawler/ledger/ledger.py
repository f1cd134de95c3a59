"""The pages of a site: what its sources announced, and what became of it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, func, select, tuple_

from crawler.discovery import AnnouncedUrl, Kind
from crawler.ledger.announcing import Announcing
from crawler.ledger.model import Entered, KnownSource, Page, PageEvent, Settlement, State
from crawler.ledger.rows import event_of, key, maybe_moment, page_of, seconds
from crawler.ledger.schema import DROPPED, IS_AWAITED, NEXT_VISIT, PENDING, announced, events, pages, sources
from crawler.ledger.settling import ADD_EVENT, SETTLE, UNSETTLED, event, settled
from crawler.ledger.sources import CHUNK, SourceLedger, chunks
from crawler.ledger.statements import run_many
from crawler.scope import Reason
from crawler.state import Database


class Ledger(SourceLedger):
    """The coverage ledger of *collection*: each URL that a source announced, and what became of it.

    For one thread at a time. Settlements are buffered until :meth:`flush`; all else is durable when it
    returns, or with the transaction that it is part of. Raises what :class:`Database` does.
    """

    def __init__(self, database: Database, collection: str) -> None:
        super().__init__(database, collection)
        self._unsettled: dict[tuple[int, str], Settlement] = {}

    # --- in ----------------------------------------------------------------------------------

    def announce(
        self,
        source: KnownSource,
        urls: Sequence[AnnouncedUrl],
        identities: Sequence[str],
        *,
        job: str,
        cutoff: datetime | None = None,
    ) -> list[Entered]:
        """Enter what *source* announces, each of *urls* with its identity, and return what is new about each.

        A new page that its source dates before *cutoff* is entered as refused. Of several forms of one new
        page the first is new. An updated page is due from now on, whatever its next visit was. Each 500 are
        a transaction of their own, if this call is not part of one.
        """
        self.flush()
        found: list[Entered] = []
        for part, of_part in zip(chunks(urls), chunks(identities), strict=True):
            with self.database.transaction() as connection:
                entering = Announcing(
                    connection,
                    source,
                    job,
                    seconds(cutoff),
                    self.database.now(),
                    self._turn(connection, source.site),
                )
                found += entering.enter(part, of_part)
        return found

    def settle(self, settlement: Settlement) -> None:
        """Take what became of a page; a later settlement of the same page replaces one that is no capture.

        A page that no source announced is not entered by it.
        """
        place = (settlement.site, key(settlement.identity))
        before = self._unsettled.get(place)
        if before is not None and before.state is State.CAPTURED:
            self.flush()
        self._unsettled[place] = settlement
        if len(self._unsettled) >= CHUNK:
            self.flush()

    def refuse(self, site: int, identity: str, reason: Reason, detail: str = "") -> None:
        """Take that a page is not fetched, and why."""
        self.settle(
            Settlement(site=site, identity=identity, state=State.REFUSED, reason=reason, detail=detail)
        )

    def flush(self) -> None:
        """Write the settlements taken so far; within another transaction they are durable with it."""
        if not self._unsettled:
            return
        now = self.database.now()
        # In the order of their ids: two that flush at once must not wait for each other.
        by_site: dict[int, dict[str, Settlement]] = {}
        for (site, identity), settlement in sorted(self._unsettled.items(), key=lambda item: item[0]):
            by_site.setdefault(site, {})[identity] = settlement
        with self.database.transaction() as connection:
            for site, of_site in by_site.items():
                revision = self._turn(connection, site)
                asked = {"of_site": site, "identities": list(of_site)}
                rows = connection.execute(UNSETTLED, asked).all()
                if not rows:
                    continue
                values = [settled(row, of_site[row.identity], now=now, revision=revision) for row in rows]
                run_many(connection, SETTLE, values)
                happened = [event(row, of_site[row.identity], now=now) for row in rows]
                run_many(connection, ADD_EVENT, list(filter(None, happened)))
        self._unsettled.clear()

    # --- out ---------------------------------------------------------------------------------

    def pending(
        self, site: int, now: datetime, *, limit: int = CHUNK, after: Page | None = None
    ) -> list[Page]:
        """Return the pages of which nothing became yet and that may be tried *now*, the longest due first.

        *after* is the last page of the call before.
        """
        return self._awaited(select(pages).where(pages.c.state == PENDING), site, now, limit, after)

    def due_pages(
        self, site: int, now: datetime, *, limit: int = CHUNK, after: Page | None = None
    ) -> list[Page]:
        """Return the pages whose next visit is due: captured ones, and refused ones to be tried again."""
        return self._awaited(select(pages).where(IS_AWAITED), site, now, limit, after)

    def _awaited(
        self, query: Select[Any], site: int, now: datetime, limit: int, after: Page | None
    ) -> list[Page]:
        query = query.where(pages.c.site == site, pages.c.next_visit <= now.timestamp())
        if after is not None:
            place = (seconds(after.next_visit), after.id)
            query = query.where(tuple_(pages.c.next_visit, pages.c.id) > place)
        return [page_of(row) for row in self._read(query.order_by(*NEXT_VISIT[1:]).limit(limit))]

    def page(self, site: int, identity: str) -> Page | None:
        """Return the page with *identity*, None where no source announced it."""
        query = select(pages).where(pages.c.site == site, pages.c.identity == key(identity))
        return next(map(page_of, self._read(query)), None)

    def pages(self, ids: Iterable[int]) -> dict[int, Page]:
        """Return the pages *ids* by their ids."""
        found: dict[int, Page] = {}
        for part in chunks(list(ids)):
            query = select(pages).where(pages.c.id.in_(part))
            found |= {row.id: page_of(row) for row in self._read(query)}
        return found

    def known(self, site: int, identities: Iterable[str]) -> dict[str, State]:
        """Return where those of *identities* stand that a source announced."""
        by_key = {key(identity): identity for identity in identities}
        found: dict[str, State] = {}
        for part in chunks(list(by_key)):
            query = select(pages.c.identity, pages.c.state)
            for row in self._read(query.where(pages.c.site == site, pages.c.identity.in_(part))):
                found[by_key[row.identity]] = State(row.state)
        return found

    def announcements(self, ids: Iterable[int]) -> dict[int, AnnouncedUrl]:
        """Return for each of the pages *ids* what the source said of it that announced it first."""
        found: dict[int, AnnouncedUrl] = {}
        query = select(announced, sources.c.url.label("source_url")).join(sources)
        for part in chunks(list(ids)):
            said = query.where(announced.c.page.in_(part))
            for row in self._read(said.order_by(announced.c.first_seen, announced.c.source, announced.c.url)):
                found.setdefault(row.page, _announcement(row))
        return found

    def events(self, site: int, *, page: int | None = None, since: datetime | None = None) -> list[PageEvent]:
        """Return what happened to the captured pages of the *site*, or to one *page*, in its order."""
        query = select(events).where(events.c.site == site)
        if page is not None:
            query = query.where(events.c.page == page)
        if since is not None:
            query = query.where(events.c.at >= since.timestamp())
        return list(map(event_of, self._read(query.order_by(events.c.at, events.c.id))))

    def next_due(self, site: int) -> datetime | None:
        """Return when a source or page of the *site* is due next, which may be past; None: never."""
        source = select(func.min(sources.c.next_visit)).where(
            sources.c.site == site, sources.c.state != DROPPED
        )
        page = select(func.min(pages.c.next_visit)).where(pages.c.site == site)
        times = [
            self._read(query)[0][0]
            for query in (source, page.where(pages.c.state == PENDING), page.where(IS_AWAITED))
        ]
        return maybe_moment(min((time for time in times if time is not None), default=None))

    def _read(self, query: Select[Any]) -> Sequence[Row[Any]]:
        self.flush()
        with self.database.transaction() as connection:
            return connection.execute(query).all()


def _announcement(row: Row[Any]) -> AnnouncedUrl:
    return AnnouncedUrl(
        row.whole_url or row.url,
        row.source_url,
        Kind(row.kind),
        title=row.title,
        published=maybe_moment(row.published),
        updated=maybe_moment(row.updated),
        guid=row.guid,
        language=row.language,
        categories=tuple(filter(None, row.categories.split("\n"))),
    )
