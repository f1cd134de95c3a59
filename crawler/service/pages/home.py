"""The first page: what is new by site, how well sources are covered, and what was changed or went."""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any, Final

from fastapi import APIRouter, Request, Response

from crawler.ledger import Ledger
from crawler.ledger.days import PageChange, SourceDays, days_of_sources, latest_changes
from crawler.service.captures import first_shown
from crawler.service.context import Context
from crawler.service.pages.charts import share
from crawler.service.pages.following import Searching
from crawler.service.pages.layout import render
from crawler.service.pages.versions import Histories, capture_at, known_readings
from crawler.shown import shows_hit, taken_down
from pipelines import search as searching
from pipelines.catalog import Query
from pipelines.catalog.counting import latest_articles, stand, totals
from pipelines.edits import Edit, Event
from pipelines.search import All, Page, Shown, Sort

DAYS: Final = 14
SOURCES: Final = 16
SITES: Final = 9
CHANGES: Final = 10
FRESH_SECONDS: Final = 30.0
"""For so long the page may be behind what was published; never behind take-downs."""
_OF_SITE: Final = 4
_NEWEST: Final = 200
_SEGMENTS: Final = 12
"""Latest segments among whose articles edits are looked for."""
_IDENTITIES: Final = 300
_COMPARED: Final = 12


@dataclass(frozen=True, slots=True)
class Overview:
    """All that the first page shows."""

    sites: tuple[tuple[str, int, tuple[Shown, ...]], ...]
    """A site's host, its articles captured of late, and the newest of them."""
    sources: tuple[SourceDays, ...]
    edits: tuple[Edit | Event, ...]
    gone: tuple[PageChange, ...]
    segments: int
    captures: int
    articles: int


class Overviews:
    """Makes an overview when it is asked for, and keeps it for half a minute. Safe for several threads."""

    def __init__(self, context: Context, index: Searching, histories: Histories) -> None:
        self._context, self._index, self._histories = context, index, histories
        self._making = threading.Lock()
        self._made: tuple[tuple[Any, ...], float, Overview] | None = None

    def get(self) -> Overview:
        """Return an overview of what is archived and may be shown. Raises ``NewswarcError``."""
        with self._making:
            register = self._context.register
            shown = tuple(entry.id for entry in (*register.active, *register.unfinished))
            made = self._made
            if made is None or made[0] != shown or time.monotonic() - made[1] > FRESH_SECONDS:
                made = self._made = (shown, time.monotonic(), self._new())
            return made[2]

    def _new(self) -> Overview:
        context = self._context
        with context.saves() as saves:
            ledger = Ledger(saves.database, context.collection)
            sources = days_of_sources(ledger, datetime.now(UTC).date(), days=DAYS, most=SOURCES)
            gone = latest_changes(ledger, most=2 * CHANGES)
        shown = (each for each in gone if first_shown(context, Query(each.url, reverse=True)))
        return Overview(
            tuple(self._sites()),
            tuple(sources),
            tuple(self._edits()),
            tuple(islice(shown, CHANGES)),
            *totals(context.archive.catalog),
        )

    def _sites(self) -> Iterator[tuple[str, int, tuple[Shown, ...]]]:
        context, index = self._context, self._index.index
        register = context.register
        without = taken_down(register)
        page = Page(sort=Sort.CAPTURED, limit=_NEWEST)
        by_site: dict[str, list[Shown]] = {}
        for hit in searching.ask(index, All(), page, without=without).hits:
            if hit.shown.title and shows_hit(context.archive, register, hit.shown):
                by_site.setdefault(hit.shown.site, []).append(hit.shown)
        counts = dict(searching.facets(index, All(), ("site",), top=1000, without=without)["site"])
        for site, hits in islice(by_site.items(), SITES):
            yield site, counts.get(site, len(hits)), tuple(hits[:_OF_SITE])

    def _edits(self) -> list[Edit | Event]:
        """Return the latest edits of articles that were captured again in the latest segments."""
        found: list[Edit | Event] = []
        for identity in islice(self._changed(), _COMPARED):
            latest = latest_articles(self._context.archive.catalog, identity, most=1)
            capture = capture_at(self._context, latest[0]) if latest else None
            if capture is None:
                continue
            readings = known_readings(self._context, capture.url)
            told = self._histories.of(capture.url, readings)
            found += [*told.edits[-2:], *told.events[-1:]]
        return sorted(found, key=lambda each: each.at, reverse=True)[:CHANGES]

    def _changed(self) -> Iterator[str]:
        catalog = self._context.archive.catalog
        _, revision = stand(catalog)
        recent = islice(catalog.identities(since=max(0, revision - _SEGMENTS)), 10 * _IDENTITIES)
        for _, identity in sorted(recent, reverse=True)[:_IDENTITIES]:
            two = latest_articles(catalog, identity, most=2)
            if len({(each.title, each.authors, each.text_sha256) for each in two}) > 1:
                yield identity


def add_home(router: APIRouter, context: Context, index: Searching, histories: Histories) -> None:
    """Add the first page to *router*."""
    overviews = Overviews(context, index, histories)

    @router.get("/")
    def home(request: Request) -> Response:
        return render(
            context,
            request,
            "home.html",
            found=overviews.get(),
            share=share,
            saving=context.config.service.open_save,
        )
