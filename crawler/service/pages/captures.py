"""The page of an address: when it was captured, with what result, and what differs between two captures."""

import calendar
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import Final

from fastapi import APIRouter, Request, Response

from crawler.service.captures import in_blocks
from crawler.service.context import Context
from crawler.service.pages.article import checked
from crawler.service.pages.charts import Chart, chart, level
from crawler.service.pages.layout import render
from crawler.service.pages.routing import Missing, Wrong, shown
from crawler.service.pages.rows import row_at
from crawler.shown import hides_of
from pipelines.catalog import Catalog, Match, Place, Query
from pipelines.catalog.counting import article_at, captures_by
from pipelines.edits import LineChange, difference, reading_of
from pipelines.edits.differences import Difference
from pipelines.edits.rendering import shown as around
from pipelines.extract import ArticleRow
from pipelines.model import Capture
from pipelines.search import Period
from pipelines.urls import span

LISTED: Final = 100
"""Captures of a page."""
MOST_LOOKED_AT: Final = 50_000
"""Captures of an address of which some are taken down: so many are counted one by one."""
_ADDRESSES: Final = 50
_TRIED: Final = 20
"""Captures at an end of an address's time among which one that may be shown is looked for."""
_CONTEXT_LINES: Final = 2
_DAY_DIGITS: Final = 8
_BEHIND_ALL: Final = ("99999999999999", "~", 2**62)


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the calendar."""

    number: int
    """0: none, the week begins in another month."""
    digits: str = ""
    count: int = 0
    level: int = 0


@dataclass(frozen=True, slots=True)
class Month:
    """A month of the calendar, week by week from Monday on."""

    digits: str
    weeks: tuple[tuple[Day, ...], ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A capture in the list, and whether it brought something else than the one before it."""

    capture: Capture
    change: str
    """``first``, ``same``, ``changed``; empty where the one before it is not known."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """All that the page of an address shows."""

    url: str
    total: int
    years: tuple[tuple[str, int], ...]
    year: str
    months: tuple[Month, ...]
    chart: Chart
    day: str
    """Digits of the day or other time whose captures are listed; empty: the latest ones are."""
    lines: tuple[Line, ...]
    next: str
    """Where the list goes on; empty where it ends."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of two captures that are compared."""

    capture: Capture
    row: ArticleRow | None
    """None where nothing was read from it."""


def add_captures(router: APIRouter, context: Context) -> None:
    """Add the page of an address, the list of addresses and the comparison to *router*."""

    @router.get("/captures")
    def captures(request: Request, url: str = "", year: str = "", day: str = "", after: str = "") -> Response:
        if not url.strip():
            return render(context, request, "addresses.html", prefix="", found=[], next="")
        if url.strip().endswith("*"):
            prefix = url.strip()[:-1]
            listed, following = _addresses(context, prefix, after)
            return render(context, request, "addresses.html", prefix=prefix, found=listed, next=following)
        for name, digits in (("year", year), ("day", day), ("after", after)):
            _check_digits(name, digits)
        found = calendar_of(context, checked(url), (year, day, after))
        return render(context, request, "captures.html", found=found)

    @router.get("/compare")
    def compare(request: Request, url: str = "", a: str = "", b: str = "", other: str = "") -> Response:
        # An article may have been seen at two addresses: the earlier time is then of the other one.
        asked = sorted([(a, other or url), (b, url)])
        sides = [_side(context, checked(address), at) for at, address in asked]
        found, lines = _differing(sides)
        return render(context, request, "compare.html", url=url, sides=sides, found=found, lines=lines)


# --- the calendar -----------------------------------------------------------------------------------


def calendar_of(context: Context, url: str, asked: tuple[str, str, str]) -> Calendar:
    """Return what the page of *url* shows of a year, of a day, behind a timestamp; each may be empty.

    Raises ``Missing`` and ``Blocked``.
    """
    year, day, after = asked
    months = _counted(context, url, digits=6)
    if not months:
        shown(context, context.archive.catalog.closest(url, "99991231235959"), url)
        raise Missing(url)
    years: Counter[str] = Counter()
    for digits, count in months:
        years[digits[:4]] += count
    year = year or day[:4] or max(years)
    days = dict(_counted(context, url, digits=_DAY_DIGITS, within=year))
    lines, following = _listed(context, url, day, after)
    named = [(f"{digits[:4]}-{digits[4:]}", count) for digits, count in months]
    return Calendar(
        url=url,
        total=years.total(),
        years=tuple(sorted(years.items())),
        year=year,
        months=tuple(_months(year, days)) if days else (),
        chart=chart(named, Period.MONTH),
        day=day,
        lines=lines,
        next=following,
    )


def _counted(context: Context, url: str, *, digits: int, within: str = "") -> list[tuple[str, int]]:
    """Return how many captures of *url* may be shown, by the first *digits* of their time."""
    if not hides_of(context.register, url):
        return captures_by(context.archive.catalog, url, digits=digits, within=within)
    query = Query(url, since=within, until=within, reverse=True, limit=MOST_LOOKED_AT)
    kept = filter(context.shows, in_blocks(context.archive.catalog, query))
    return sorted(Counter(capture.timestamp[:digits] for capture in kept).items())


def _months(year: str, days: dict[str, int]) -> Iterator[Month]:
    most = max(days.values())
    for number in range(1, 13):
        start = f"{year}{number:02d}"
        if not any(day.startswith(start) for day in days):
            continue
        weeks = calendar.Calendar().monthdayscalendar(int(year), number)
        yield Month(
            start,
            tuple(tuple(_day(start, each, days, most) for each in week) for week in weeks),
        )


def _day(month: str, number: int, days: dict[str, int], most: int) -> Day:
    digits = f"{month}{number:02d}"
    count = days.get(digits, 0)
    return Day(number, digits, count, level(count, most)) if number else Day(0)


def _listed(context: Context, url: str, day: str, after: str) -> tuple[tuple[Line, ...], str]:
    """Return captures of *day*, the earliest first; without it the latest ones, the latest first."""
    if day:
        query = Query(url, since=max(after, span(day)[0]), until=day, limit=LISTED + 1)
    else:
        query = Query(url, until=after, reverse=True, limit=LISTED + 1)
    found = list(filter(context.shows, context.archive.catalog.captures(query)))
    following = found[LISTED].timestamp if len(found) > LISTED else ""
    ordered = found if day else found[::-1]
    if following and following == (found[0].timestamp if found else ""):
        following = ""  # more than a list full within one second: a cursor of seconds goes no further
    lines = [
        Line(each, _change(before, each, is_first=not day and not following))
        for before, each in zip([None, *ordered], ordered, strict=False)
    ]
    kept = lines[:LISTED] if day else lines[::-1][:LISTED]
    return tuple(kept), following


def _change(before: Capture | None, capture: Capture, *, is_first: bool) -> str:
    if before is None:
        return "first" if is_first else ""
    same = (before.sha256, before.status) == (capture.sha256, capture.status) or capture.unmodified
    return "same" if same else "changed"


def _check_digits(name: str, digits: str) -> None:
    if not digits:
        return
    try:
        span(digits)
        if name == "day":
            date.fromisoformat(digits[:_DAY_DIGITS])
    except ValueError as error:
        raise Wrong(f"service: {name}={digits!r} is no time; write digits, 20261123") from error


# --- addresses --------------------------------------------------------------------------------------


def _addresses(context: Context, prefix: str, after: str) -> tuple[list[tuple[Capture, Capture]], str]:
    """Return the first and the last capture of addresses that begin with *prefix*, and where it goes on."""
    found: list[tuple[Capture, Capture]] = []
    catalog = context.archive.catalog
    query = Query(prefix, match=Match.PREFIX if prefix else Match.EXACT, limit=1)
    place = Place(after, *_BEHIND_ALL) if after else None
    for _ in range(4 * _ADDRESSES):
        first = next(iter(list(catalog.captures(replace(query, after=place)))), None)
        if first is None:
            return found, ""
        place = Place(first.urlkey, *_BEHIND_ALL)
        pair = _ends(context, catalog, first)
        found += [pair] if pair else []
        if len(found) == _ADDRESSES:
            break
    return found, place.urlkey if place else ""


def _ends(context: Context, catalog: Catalog, first: Capture) -> tuple[Capture, Capture] | None:
    found = []
    for reverse in (False, True):
        captures = list(catalog.captures(Query(first.url, reverse=reverse, limit=_TRIED)))
        found.append(next(filter(context.shows, captures), None))
    return (found[0], found[1]) if found[0] and found[1] else None


# --- two captures -----------------------------------------------------------------------------------


def _side(context: Context, url: str, at: str) -> Side:
    if len(at) != 14 or not at.isdecimal():
        raise Wrong("service: name two captures with ?a= and ?b=, each by the 14 digits of its time")
    _check_digits("a, b", at)
    catalog = context.archive.catalog
    found = list(islice(catalog.find(url, within=at), LISTED))
    kept = next(filter(context.shows, found), None)
    capture = kept or shown(context, found[0] if found else None, url)
    place = article_at(catalog, capture.segment, capture.offset)
    if place is None and capture.kind == "revisit":
        original = context.archive.original_of(capture)
        place = article_at(catalog, original.segment, original.offset)
    row = row_at(context.archive.store, place.articles_key, place.row) if place else None
    return Side(capture, row)


def _differing(sides: Sequence[Side]) -> tuple[Difference | None, list[LineChange | None]]:
    before, after = (side.row for side in sides)
    if before is None or after is None:
        return None, []
    found = difference(reading_of(before.article), reading_of(after.article))
    lines = list(around(found.lines, context=_CONTEXT_LINES))
    return found, lines if any(lines) else []
