"""Captures of the archive as readers get them: a few at a time, and none that is taken down."""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from heapq import merge
from itertools import groupby, islice
from typing import Final

from crawler.service.context import Context
from pipelines.catalog import Catalog, Filter, Place, Query
from pipelines.extract.identities import cased_key
from pipelines.model import Capture
from pipelines.takedown import Standing, Takedown
from pipelines.urls import moment

LARGEST_BLOCK: Final = 1000
_FIRST_BLOCK: Final = 4
_GROWTH: Final = 8
_LOOKED_AT: Final = 10_000
"""Captures of one address among which one that may be shown is looked for."""
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_EVERY: Final = Filter()
SHOWABLE: Final = Filter(statuses=(200, 203, 206, 301, 302, 303, 304, 307, 308))
"""What a page's image or stylesheet may be answered with: an error of another day is of no use to it."""


@dataclass(frozen=True, slots=True)
class Found:
    """What the archive has of an address near to a time."""

    capture: Capture | None = None
    blocked: Takedown | None = None
    """Why there is nothing to show, where what there is is blocked."""


def in_blocks(catalog: Catalog, query: Query) -> Iterator[Capture]:
    """Yield the captures that *query* asks for, whose limit does not count.

    Between blocks nothing is open in the catalog: a client that reads slowly holds no transaction, and memory
    holds one block. Meanwhile a segment may be replaced by another one, with other places in the same second:
    therefore a block ends where a second of an address does.
    """
    size = _FIRST_BLOCK
    while True:
        found = list(catalog.captures(replace(query, limit=size)))
        whole = found if len(found) < size else _whole_seconds(found)
        yield from whole
        if len(found) < size:
            return
        if whole is found:
            query = replace(query, after=Place.of(found[-1]))
        else:
            last = found[-1]
            least = ("\U0010ffff", 2**62) if query.reverse else ("", -1)
            query = replace(query, after=Place(last.urlkey, last.timestamp, *least))
        size = min(size * _GROWTH, LARGEST_BLOCK)


def _whole_seconds(found: list[Capture]) -> list[Capture]:
    """Return *found* without the captures of its last second, all of it where there is no other one."""
    last = (found[-1].urlkey, found[-1].timestamp)
    start = len(found)
    while start and (found[start - 1].urlkey, found[start - 1].timestamp) == last:
        start -= 1
    return found[:start] or found


def outward(catalog: Catalog, query: Query, at: str) -> Iterator[Capture]:
    """Yield the captures of *query*'s address, the nearest to *at* (14 digits) first.

    Of two that are as near the earlier one comes first.
    """
    wanted = moment(at)

    def distance(capture: Capture) -> timedelta:
        return abs(moment(capture.timestamp) - wanted)

    before = replace(query, until=min(at, query.until.ljust(14, "9")) if query.until else at, reverse=True)
    behind = replace(query, since=max(f"{int(at) + 1:014d}", query.since.ljust(14, "0")))
    yield from merge(in_blocks(catalog, before), in_blocks(catalog, behind), key=distance)


def nearest(context: Context, url: str, at: str, *, exact: bool = False, where: Filter = _EVERY) -> Found:
    """Return the capture of *url* nearest to *at* (14 digits) that may be shown and *where* lets through.

    Addresses that differ in case only are taken for it where there is no other one. A redirect that leads
    from another form of the address (``http:``, ``www.``) to this one is passed over: who follows it would
    come back. With *exact*, a capture that is blocked at just that time is the answer.
    """
    query, own = Query(url, where=where), cased_key(url)
    looked_at = islice(outward(context.archive.catalog, query, at), _LOOKED_AT)
    blocked: Takedown | None = None
    otherwise: Capture | None = None
    for time, group in groupby(looked_at, key=lambda each: each.timestamp):
        shown: list[Capture] = []
        for capture in group:
            standing, takedown = context.standing(capture)
            if standing is Standing.VISIBLE:
                shown.append(capture)
            elif standing is Standing.BLOCKED:
                blocked = blocked or takedown
        if exact and time == at and blocked and not shown:
            break
        found = _best([each for each in shown if cased_key(each.url) == own], url)
        if found is not None:
            return Found(found)
        otherwise = otherwise or next(iter(shown), None)
    return Found(otherwise, None if otherwise else blocked)


def _best(captures: list[Capture], url: str) -> Capture | None:
    """Return the one of *captures*, all of one second, that shows *url*; None where each leads elsewhere."""
    same = [each for each in captures if _plain(each.url) == _plain(url)]
    others = [each for each in captures if each.status not in _REDIRECTS]
    return next(iter([*same, *others]), None)


def _plain(url: str) -> str:
    """Return *url* so that what clients write differently compares equal, but not its scheme or host."""
    scheme, colon, rest = url.partition("://")
    host, slash, path = rest.partition("/")
    return scheme.lower() + colon + host.lower() + (slash or "/") + path


def first_shown(context: Context, query: Query) -> Capture | None:
    """Return the first capture that *query* asks for and that may be shown."""
    found = islice(in_blocks(context.archive.catalog, query), _LOOKED_AT)
    return next(filter(context.shows, found), None)


def full_timestamp(digits: str) -> str:
    """Return the 14-digit timestamp that 1 to 14 *digits* mean: the earliest that begins so.

    What no calendar has is moved into it, as the Internet Archive does: the 31st of February to the 28th.
    """
    year = max(1, int(digits[:4].ljust(4, "0")))
    month = _within(digits[4:6], 1, 12)
    day = _within(digits[6:8], 1, calendar.monthrange(year, month)[1])
    clock = (_within(digits[at : at + 2], 0, most) for at, most in ((8, 23), (10, 59), (12, 59)))
    return f"{year:04d}" + "".join(f"{part:02d}" for part in (month, day, *clock))


def _within(digits: str, least: int, most: int) -> int:
    """Return the number that one or two *digits* begin, or the nearest one between *least* and *most*."""
    return min(max(int(digits.ljust(2, "0") if digits else "0"), least), most)
