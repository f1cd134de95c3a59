"""What the ledger proves: what of the announced is captured, why the rest is not, and who fell silent."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select

from crawler.ledger.ledger import Ledger
from crawler.ledger.model import KnownSource, SourceState, State
from crawler.ledger.rows import page_of, source_of
from crawler.ledger.schema import announced, pages, sources
from crawler.scope import Reason
from crawler.visits import DEFAULT_LIMITS, Rhythm

_PAGES = 500


@dataclass(slots=True)
class Figures:
    """What became of announced URLs."""

    captured: int = 0
    pending: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    """By reason code."""
    gone: int = 0
    """Those of the captured that have disappeared or moved since."""

    @property
    def announced(self) -> int:
        """All of them."""
        return self.captured + self.pending + self.refused.total()


@dataclass(frozen=True, slots=True)
class SourceCoverage:
    """What one source announced."""

    source: KnownSource
    figures: Figures
    """Of its URLs: two forms of one page are two."""
    silent_since: datetime | None
    """Since when it announced nothing new, where that is longer than its habit; else None."""

    @property
    def is_down(self) -> bool:
        """Whether it fails for longer than what passes by itself, as of its last visit.

        One that only another source ever named, and that never brought anything, is no loss.
        """
        source = self.source
        if source.failing_since is None or source.last_visit is None:
            return False
        matters = source.parent is None or source.last_new is not None
        return matters and source.last_visit - source.failing_since >= DEFAULT_LIMITS.soft


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the sources of a site announced."""

    site: str
    figures: Figures
    """Of its pages: each is counted once, however many sources announce it."""
    sources: tuple[SourceCoverage, ...]

    @property
    def silent(self) -> tuple[SourceCoverage, ...]:
        """The sources that are silent beyond their habit."""
        return tuple(each for each in self.sources if each.silent_since is not None)

    @property
    def down(self) -> tuple[SourceCoverage, ...]:
        """The sources that fail for longer than what passes by itself."""
        return tuple(each for each in self.sources if each.is_down)


@dataclass(frozen=True, slots=True)
class Missing:
    """A page that was announced and has no capture."""

    url: str
    state: State
    reason: Reason | None
    """None for one whose turn has not come."""
    detail: str
    status: int | None
    attempts: int
    first_seen: datetime
    source: str
    """URL of the source that announced it first."""


def coverage(
    ledger: Ledger, site: str, *, source: KnownSource | None = None, day: date | None = None
) -> Coverage:
    """Return what became of all that the *site* was announced, or of one *source*, or of one *day* (UTC).

    A day's URLs are those that a source announced first on it. Raises ``KeyError`` for an unknown site.
    """
    id_ = ledger.sites()[site]
    wanted = _wanted(id_, source, day)
    key = (_state(), pages.c.gone_since.is_not(None))
    by_source = select(announced.c.source, *key, func.count()).join_from(announced, pages).where(*wanted)
    of_pages = (
        select(*key, func.count(announced.c.page.distinct())).join_from(announced, pages).where(*wanted)
    )
    if source is None and day is None:  # every page is announced by someone
        of_pages = select(*key, func.count()).where(pages.c.site == id_)
    figures: dict[int, Figures] = {}
    for id_of_source, *counted in _read(ledger, by_source.group_by(announced.c.source, *key)):
        _count(figures.setdefault(id_of_source, Figures()), *counted)
    total = Figures()
    for counted in _read(ledger, of_pages.group_by(*key)):
        _count(total, *counted)
    told = [] if source is None else [source]
    if source is None:
        query = select(sources).where(sources.c.site == id_).order_by(sources.c.id)
        told = [each for each in map(source_of, _read(ledger, query)) if _is_told(each, figures)]
    return Coverage(site, total, tuple(_covered(each, figures.get(each.id, Figures())) for each in told))


def missing(
    ledger: Ledger, site: str, *, source: KnownSource | None = None, day: date | None = None
) -> Iterator[Missing]:
    """Yield the pages of the *site* that have no capture, as they were announced; see :func:`coverage`."""
    id_, last = ledger.sites()[site], 0
    wanted = _wanted(id_, source, day)
    ids = select(announced.c.page).join_from(announced, pages).where(*wanted)
    query = select(pages).where(pages.c.site == id_, pages.c.state != State.CAPTURED)
    if source is not None or day is not None:
        query = query.where(pages.c.id.in_(ids))
    while found := _read(ledger, query.where(pages.c.id > last).order_by(pages.c.id).limit(_PAGES)):
        said = ledger.announcements([row.id for row in found])
        for page in map(page_of, found):
            by = said[page.id].source
            told = (page.url, page.state, page.reason, page.detail, page.status, page.attempts)
            yield Missing(*told, page.first_seen, by)
        last = found[-1].id


def _wanted(site: int, source: KnownSource | None, day: date | None) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = [pages.c.site == site]
    # Named in any case: the index of announcements by day begins with their source.
    of_site = select(sources.c.id).where(sources.c.site == site)
    wanted.append(announced.c.source == source.id if source else announced.c.source.in_(of_site))
    if day is not None:
        start = datetime.combine(day, time(), UTC)
        wanted.append(announced.c.first_seen >= start.timestamp())
        wanted.append(announced.c.first_seen < (start + timedelta(days=1)).timestamp())
    return wanted


def _state() -> ColumnElement[Any]:
    """Return the state of a page, for a refused one its reason."""
    return case((pages.c.state == State.REFUSED, pages.c.reason), else_=pages.c.state)


def _count(figures: Figures, state: str, is_gone: bool, number: int) -> None:  # noqa: FBT001 - a row
    if state == State.CAPTURED:
        figures.captured += number
        figures.gone += number if is_gone else 0
    elif state == State.PENDING:
        figures.pending += number
    else:
        figures.refused[state] += number


def _is_told(source: KnownSource, figures: dict[int, Figures]) -> bool:
    return source.state is not SourceState.DROPPED or source.id in figures


def _covered(source: KnownSource, figures: Figures) -> SourceCoverage:
    is_visited = source.rhythm and source.state is not SourceState.DROPPED
    silent_since = Rhythm.from_json(source.rhythm).silent_since if is_visited else None
    return SourceCoverage(source, figures, silent_since)


def _read(ledger: Ledger, query: Select[Any]) -> list[Any]:
    ledger.flush()
    with ledger.database.transaction() as connection:
        return list(connection.execute(query))
