"""Announcements become rows: what a source says of its URLs, against what the ledger has of them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select, update

from crawler.discovery import AnnouncedUrl
from crawler.ledger.model import Entered, KnownSource, Novelty, State
from crawler.ledger.rows import clean, key, seconds
from crawler.ledger.schema import announced, pages
from crawler.ledger.statements import run_many
from crawler.scope import Reason

SEEN_WITHIN_SECONDS = 3600.0
"""So exact is ``last_seen``: a feed that is read every few minutes need not be written as often."""

_BUILT_WITHIN_SECONDS = 86400.0
_FEW = 5

_ROWS = (
    select(
        announced.c.url,
        announced.c.page,
        announced.c.title,
        announced.c.published,
        announced.c.updated,
        announced.c.guid,
        announced.c.language,
        announced.c.categories,
        announced.c.last_seen,
    )
    .where(announced.c.source == bindparam("of_source"))
    .where(announced.c.url.in_(bindparam("urls", expanding=True)))
)
_PAGE = select(
    pages.c.id,
    pages.c.identity,
    pages.c.state,
    pages.c.reason,
    pages.c.first_seen,
    pages.c.last_visit,
    pages.c.published,
    pages.c.updated,
    pages.c.next_visit,
    pages.c.revision,
)
_PAGES_BY_ID = _PAGE.where(pages.c.id.in_(bindparam("ids", expanding=True)))
_PAGES_BY_IDENTITY = _PAGE.where(
    pages.c.site == bindparam("of_site"), pages.c.identity.in_(bindparam("identities", expanding=True))
)
_CREATE = pages.insert()
_SAY = announced.insert()
_SAID = ("title", "published", "updated", "guid", "language", "categories")
# Where they stand in a row of _ROWS.
_TOLD = slice(2, 8)
_SAY_AGAIN = (
    update(announced)
    .where(announced.c.source == bindparam("of_source"), announced.c.url == bindparam("of_url"))
    .values({name: bindparam(name) for name in (*_SAID, "last_seen")})
)
_SEEN_AGAIN = (
    update(announced)
    .where(announced.c.source == bindparam("of_source"))
    .where(announced.c.url.in_(bindparam("urls", expanding=True)))
    .values(last_seen=bindparam("now"))
)
_TOUCH = (
    update(pages)
    .where(pages.c.id == bindparam("of_id"))
    .values({name: bindparam(name) for name in ("published", "updated", "next_visit", "revision")})
)


@dataclass(slots=True)
class _Known:
    """A page as far as announcements are weighed against it."""

    id: int
    identity: str
    state: str
    reason: str | None
    first_seen: float
    last_visit: float | None
    published: float | None
    updated: float | None
    next_visit: float | None
    revision: int
    is_touched: bool = False

    def learn(self, said: "_Said") -> None:
        """Take what is new in the dates that a source states."""
        published, updated = said.published, said.updated
        if published is not None and (self.published is None or published < self.published):
            self.published, self.is_touched = published, True
        if updated is not None and (self.updated is None or updated > self.updated):
            self.updated, self.is_touched = updated, True

    def bring_forward(self, now: float) -> None:
        """Make the page due: the job that is told of a change may end before it comes to it."""
        if self.next_visit is None or self.next_visit > now:
            self.next_visit, self.is_touched = now, True


@dataclass(frozen=True, slots=True)
class _Said:
    """One announcement as its row has it."""

    url: str
    identity: str
    whole: AnnouncedUrl
    published: float | None
    updated: float | None
    title: str
    guid: str
    language: str
    categories: str

    @property
    def date(self) -> float | None:
        """The newest date that the source states."""
        dates = [date for date in (self.published, self.updated) if date is not None]
        return max(dates, default=None)

    @property
    def told(self) -> tuple[object, ...]:
        """The values of :data:`_SAID`."""
        return (self.title, self.published, self.updated, self.guid, self.language, self.categories)


@dataclass(slots=True)
class Announcing:
    """One chunk of announcements of a source, within one transaction."""

    connection: Connection
    source: KnownSource
    job: str
    cutoff: float | None
    now: float
    revision: int
    _shaky_guids: bool = field(default=False, init=False)

    def enter(self, urls: Sequence[AnnouncedUrl], identities: Sequence[str]) -> list[Entered]:
        """Enter *urls*, each with its identity, and return what is new about each."""
        built = build_time(urls, now=self.now)
        said = [_said(url, identity, built) for url, identity in zip(urls, identities, strict=True)]
        rows = self._rows(said)
        by_id, by_identity = self._pages(said, rows)
        created = self._create([each for each in said if each.url not in rows], by_identity)
        by_identity |= created
        self._shaky_guids = _shaky_guids(said, rows)
        found: list[Entered] = []
        for each in said:
            row = rows.get(each.url)
            page = by_identity[each.identity] if row is None else by_id[row.page]
            is_new = row is None and created.pop(each.identity, None) is not None
            novelty = _first(page) if is_new else self._novelty(page, row, each)
            if novelty is Novelty.UPDATED:
                page.bring_forward(self.now)
            found.append(Entered(novelty, page.id, page.identity, State(page.state)))
            page.learn(each)
        self._say(said, rows, by_identity)
        self._say_again(said, rows, by_id)
        self._touch(by_id.values() if not by_identity else [*by_id.values(), *by_identity.values()])
        return found

    def _rows(self, said: Iterable[_Said]) -> dict[str, Row[Any]]:
        asked = {"of_source": self.source.id, "urls": [each.url for each in said]}
        return {row.url: row for row in self._found(_ROWS, asked)}

    def _pages(
        self, said: Iterable[_Said], rows: dict[str, Row[Any]]
    ) -> tuple[dict[int, _Known], dict[str, _Known]]:
        """Return the known pages of known announcements by id, and those of new ones by identity."""
        ids = list({row.page for row in rows.values()})
        # Not by identity where the URL is known: its rules may have changed, and the page would seem new.
        identities = list({each.identity for each in said if each.url not in rows})
        by_id: dict[int, _Known] = {}
        by_identity: dict[str, _Known] = {}
        if ids:
            by_id = {row.id: _Known(*row) for row in self._found(_PAGES_BY_ID, {"ids": ids})}
        if identities:
            asked = {"of_site": self.source.site, "identities": identities}
            for row in self._found(_PAGES_BY_IDENTITY, asked):
                by_identity[row.identity] = by_id.get(row.id) or _Known(*row)
        return by_id, by_identity

    def _found(self, query: Any, asked: dict[str, Any]) -> Sequence[Any]:  # noqa: ANN401 - a query
        return self.connection.execute(query, asked).all()

    def _create(self, said: Iterable[_Said], known: dict[str, _Known]) -> dict[str, _Known]:
        """Enter the pages that no source announced before, and return them by identity."""
        new: dict[str, dict[str, Any]] = {}
        for each in said:
            if each.identity not in known and (
                each.identity not in new or (new[each.identity]["reason"] and not self._is_old(each))
            ):
                new[each.identity] = self._new_page(each)
        if not new:
            return {}
        run_many(self.connection, _CREATE, list(new.values()))
        asked = {"of_site": self.source.site, "identities": list(new)}
        return {row.identity: _Known(*row) for row in self._found(_PAGES_BY_IDENTITY, asked)}

    def _new_page(self, said: _Said) -> dict[str, Any]:
        is_old = self._is_old(said)
        return {
            "site": self.source.site,
            "identity": said.identity,
            "url": clean(said.whole.url),
            "state": State.REFUSED if is_old else State.PENDING,
            "reason": Reason.OLD if is_old else None,
            "first_seen": self.now,
            "job": self.job,
            "next_visit": None if is_old else self.now,
            "published": said.published,
            "updated": said.updated,
            "revision": self.revision,
        }

    def _is_old(self, said: _Said) -> bool:
        return self.cutoff is not None and said.date is not None and said.date < self.cutoff

    # --- what is new -----------------------------------------------------------------------

    def _novelty(self, page: _Known, row: Row[Any] | None, said: _Said) -> Novelty:
        if page.last_visit is not None:
            is_edit = self._is_edit(page.last_visit, row, said)
        elif page.reason == Reason.OLD:
            is_young = self.cutoff is not None and said.date is not None and said.date >= self.cutoff
            is_edit = is_young or self._is_edit(page.first_seen, row, said)
        else:
            is_edit = False
        return Novelty.UPDATED if is_edit else Novelty.KNOWN

    def _is_edit(self, since: float, row: Row[Any] | None, said: _Said) -> bool:
        """Return whether the source states a change after *since*."""
        if self._is_newly_stated("updated", since, row, said):
            return True
        if row is None:  # another source's date of publication is no edit
            return False
        published, guid = said.published, said.guid
        if published != row.published and self._is_newly_stated("published", since, row, said):
            return True
        is_newer = said.date is None or said.date > since
        return bool(row.guid and guid and guid != row.guid and is_newer and not self._shaky_guids)

    def _is_newly_stated(self, name: str, since: float, row: Row[Any] | None, said: _Said) -> bool:
        date = getattr(said, name)
        if date is None or date <= since:
            return False
        # A date in the future stays newer than every visit; it is news only when it is stated.
        return date <= self.now or row is None or getattr(row, name) != date

    # --- rows ------------------------------------------------------------------------------

    def _say(self, said: Iterable[_Said], rows: dict[str, Row[Any]], known: dict[str, _Known]) -> None:
        """Enter the announcements that this source did not make before."""
        new: dict[str, dict[str, Any]] = {}
        for each in said:
            if each.url in rows or each.url in new:
                continue
            page, whole = known[each.identity], clean(each.whole.url)
            page.is_touched = page.is_touched or page.revision != self.revision
            new[each.url] = {
                "source": self.source.id,
                "url": each.url,
                "whole_url": whole if each.url != whole else None,
                "page": page.id,
                "kind": each.whole.kind,
                **dict(zip(_SAID, each.told, strict=True)),
                "job": self.job,
                "first_seen": self.now,
                "last_seen": self.now,
            }
        run_many(self.connection, _SAY, list(new.values()))

    def _say_again(self, said: Iterable[_Said], rows: dict[str, Row[Any]], known: dict[int, _Known]) -> None:
        """Write what the source says now of what it announced before."""
        again, seen = [], []
        for each in said:
            row = rows.get(each.url)
            if row is None:
                continue
            # What a source says no more it does not take back: titles come and go with a feed's form.
            told = tuple(new or old for new, old in zip(each.told, row[_TOLD], strict=True))
            if told != row[_TOLD]:
                place = {"of_source": self.source.id, "of_url": each.url}
                values = dict(zip(_SAID, told, strict=True))
                again.append({**place, **values, "last_seen": self.now})
                known[row.page].is_touched = True
            elif self.now - row.last_seen >= SEEN_WITHIN_SECONDS:
                seen.append(each.url)
        run_many(self.connection, _SAY_AGAIN, again)
        if seen:
            asked = {"of_source": self.source.id, "urls": seen, "now": self.now}
            self.connection.execute(_SEEN_AGAIN, asked)

    def _touch(self, known: Iterable[_Known]) -> None:
        touched = [
            {
                "of_id": page.id,
                "published": page.published,
                "updated": page.updated,
                "next_visit": page.next_visit,
                "revision": self.revision,
            }
            for page in {page.id: page for page in known if page.is_touched}.values()
        ]
        run_many(self.connection, _TOUCH, touched)


def build_time(urls: Sequence[AnnouncedUrl], *, now: float) -> datetime | None:
    """Return the date of change that only tells when the source was built, None where there is none.

    Some feeds and sitemaps give every URL the time of the request; taken as edits, all would be fetched at
    each visit.
    """
    dates = Counter(url.updated for url in urls if url.updated is not None)
    if not dates:
        return None
    date, number = dates.most_common(1)[0]
    is_shared = number > _FEW and number * 2 > len(urls)
    return date if is_shared and abs(now - date.timestamp()) < _BUILT_WITHIN_SECONDS else None


def _said(url: AnnouncedUrl, identity: str, built: datetime | None) -> _Said:
    return _Said(
        url=key(url.url),
        identity=key(identity),
        whole=url,
        published=seconds(url.published),
        updated=None if url.updated == built else seconds(url.updated),
        title=clean(url.title),
        guid=clean(url.guid),
        language=clean(url.language),
        categories=clean("\n".join(category.replace("\n", " ") for category in url.categories)),
    )


def _first(page: _Known) -> Novelty:
    return Novelty.OLD if page.reason == Reason.OLD else Novelty.NEW


def _shaky_guids(said: Sequence[_Said], rows: dict[str, Row[Any]]) -> bool:
    """Return whether most guids changed at once: then they say nothing, and hold a session or a time."""
    pairs = [(each.guid, rows[each.url].guid) for each in said if each.url in rows]
    changed = sum(1 for new, old in pairs if new and old and new != old)
    return changed > _FEW and changed * 2 > len(pairs)
