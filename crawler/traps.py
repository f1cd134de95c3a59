"""Crawler traps among links: addresses that a server makes up without end.

::

    trap("https://paper.example/sea/img/sea/img/sea/", today)    # "the path segment 'sea' 3 times"
    shapes = Shapes()
    shapes.admits(url)    # False once its shape has had 2,000 links

Pure; above :mod:`crawler.config`. For links of pages only: what a feed or sitemap announces is meant to be
fetched, whatever it looks like.
"""

import re
from collections import Counter, OrderedDict
from collections.abc import Iterable, Iterator
from datetime import date

MOST_SEGMENTS = 16
MOST_PARAMETERS = 20
MOST_OF_ONE_PARAMETER = 6
MOST_NUMBERS = 12
"""Numbers in a row, as facets (``list-1-0-0-0-3.html``) chain them."""
MOST_DIGITS = 40
FIRST_YEAR = 1990

_PARTS = re.compile(r"[a-z][a-z0-9+.-]*://([^/?#]*)([^?#]*)\??([^#]*)", re.IGNORECASE)
# Single letters and short numbers are shards and dates: /a/a/a/, /2026/11/11/11.
_SHORT = re.compile(r"\d{1,4}|.{1,2}")
_MOST_SHORT = 5
_LONG_NUMBER = re.compile(rf"\d{{{MOST_DIGITS + 1}}}")
_NUMBER_CHAIN = re.compile(rf"(?:(?<!\d)\d+[-_,./]){{{MOST_NUMBERS}}}\d")
_NESTED = re.compile(r"%2525(?:[0-9A-Fa-f]{2})", re.IGNORECASE)
_SESSION = re.compile(
    r"(?:[;?&]|^)(?:jsessionid|phpsessid|sessionid|session_id|sessid|aspsessionid\w*|sid(?==[0-9a-f]{16}))=|\(S\([a-z0-9]+\)\)",
    re.IGNORECASE,
)

_CALENDAR = re.compile(
    r"calend[aer]r|kalender|agenda|almanac|events?(?![a-z])|eventdate|tribe|rili(?![a-z])|schedule",
    re.IGNORECASE,
)
_DAY_PATH = re.compile(r"/(\d{4})(?:/(\d{1,2})(?:/(\d{1,2}))?)?/?$|[/_-](\d{4})-(\d{1,2})(?:-(\d{1,2}))?/?$")
_DAY_VALUE = re.compile(r"(\d{4})(?:-?(\d{2})(?:-?(\d{2}))?)?")
_DAY_NAMES = {
    "date",
    "day",
    "month",
    "year",
    "ym",
    "yearmonth",
    "eventdate",
    "cal",
    "calendar",
    "tribe-bar-date",
}

_HASH = re.compile(
    r"(?<![A-Za-z0-9])(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{8,})"
    r"(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d+")


def trap(url: str, today: date) -> str | None:
    """Return what makes the link *url* look like a crawler trap, in words; None where nothing does.

    Repeated path segments, paths and queries that grow, stacked session ids, addresses nested in addresses,
    calendars far from *today*. Meant to let every address that a newspaper, blog or forum really uses pass.
    Never raises.
    """
    match = _PARTS.match(url)
    if match is None:
        return None
    path, query = match[2], match[3]
    segments = [segment for segment in path.split("/") if segment]
    return (
        _growing_path(segments)
        or _growing_query(query)
        or _growing_text(path, query)
        or _far_calendar(path, query, today)
    )


def _growing_path(segments: list[str]) -> str | None:
    if len(segments) > MOST_SEGMENTS:
        return f"{len(segments)} path segments"
    if len(set(segments)) == len(segments):
        return None
    for segment, times in Counter(segments).items():
        if times > (_MOST_SHORT if _SHORT.fullmatch(segment) else 2):
            return f"the path segment {segment!r} {times} times"
    return _cycle(segments)


def _cycle(segments: list[str]) -> str | None:
    """Say which three or more segments follow themselves, as links relative to the wrong base make them."""
    for length in range(3, len(segments) // 2 + 1):
        for start in range(len(segments) - 2 * length + 1):
            first = segments[start : start + length]
            words = sum(not _SHORT.fullmatch(segment) for segment in first)
            if words > 1 and first == segments[start + length : start + 2 * length]:
                return f"the path segments {'/'.join(first)!r} repeated"
    return None


def _growing_query(query: str) -> str | None:
    if query.count("&") < MOST_OF_ONE_PARAMETER:
        return None
    names = [piece.partition("=")[0] for piece in query.split("&") if piece]
    if len(names) > MOST_PARAMETERS:
        return f"{len(names)} query parameters"
    name, times = Counter(names).most_common(1)[0] if names else ("", 0)
    return f"the query parameter {name!r} {times} times" if times > MOST_OF_ONE_PARAMETER else None


def _growing_text(path: str, query: str) -> str | None:
    whole = f"{path}?{query}"
    if len(_SESSION.findall(whole)) > 1:
        return "more than one session id"
    if _NESTED.search(whole):
        return "an address within an address within an address"
    if _LONG_NUMBER.search(whole):
        return f"a number of more than {MOST_DIGITS} digits"
    if _NUMBER_CHAIN.search(path):
        return f"more than {MOST_NUMBERS} numbers in a row"
    return None


def _far_calendar(path: str, query: str, today: date) -> str | None:
    shown = list(_days(path, query))
    calendar = bool(shown) and bool(_CALENDAR.search(path) or _CALENDAR.search(query))
    for year, month, day, certain in shown:
        if (calendar or certain) and (year, month, day) > (today.year + 1, today.month, today.day):
            return f"a calendar at {year}, more than a year from now"
        # Archives of old papers are real; calendars of old years are not.
        if calendar and year < FIRST_YEAR:
            return f"a calendar at {year}, before {FIRST_YEAR}"
    return None


def _days(path: str, query: str) -> Iterator[tuple[int, int, int, bool]]:
    """Yield the days that the address seems to show, and whether they are days even outside of a calendar.

    A part that is left open is 1. /2050/12 may be the twelfth page of article 2050.
    """
    match = _DAY_PATH.search(path)
    if match:
        parts = match.groups()[:3] if match[1] else match.groups()[3:]
        yield from _day(parts, certain=all(parts))
    for piece in query.split("&") if query else ():
        name, _, value = piece.partition("=")
        if name.lower() in _DAY_NAMES and (stated := _DAY_VALUE.fullmatch(value)):
            yield from _day(stated.groups(), certain=True)


def _day(parts: Iterable[str | None], *, certain: bool) -> Iterator[tuple[int, int, int, bool]]:
    year, month, day = (int(part or 1) for part in parts)
    if month <= 12 and day <= 31:
        yield year, month, day, certain


class Shapes:
    """Counts links by shape, to end calendars, facets and searches that never end by themselves.

    The shape of a link is its host, its path with numbers and hashes taken as equal, and the names of its
    parameters. Not thread-safe; the memory is bounded, at about 25 MB with every bound reached.
    """

    MOST_SHAPES = 20_000
    MOST_KEPT = 200_000
    """Links that are told apart at once, over all shapes."""

    def __init__(self, most: int = 2000) -> None:
        self._most = most
        # None in place of the links of a shape that is full: they need not be told apart any more.
        self._links: OrderedDict[str, set[int] | None] = OrderedDict()
        self._kept = 0

    def admits(self, url: str) -> bool:
        """Return whether *url* may be followed: False once its shape has had *most* distinct links.

        A link that was admitted stays so until its shape is full. Of more than 20,000 shapes, or 200,000
        links, those seen longest ago are forgotten and start again.
        """
        shape = _shape(url)
        links = self._links.setdefault(shape, set())
        self._links.move_to_end(shape)
        if links is None:
            return False
        before = len(links)
        links.add(hash(url))
        self._kept += len(links) - before
        if len(links) > self._most:
            self._kept -= len(links)
            self._links[shape] = None
            return False
        self._forget()
        return True

    def _forget(self) -> None:
        while len(self._links) > self.MOST_SHAPES or (self._kept > self.MOST_KEPT and len(self._links) > 1):
            self._kept -= len(self._links.popitem(last=False)[1] or ())


def _shape(url: str) -> str:
    match = _PARTS.match(url)
    if match is None:
        return ""
    host, path, query = match.groups()
    names = sorted({piece.partition("=")[0] for piece in query.split("&")}) if query else ()
    path = _DIGITS.sub("0", _HASH.sub("h", path))
    return f"{host.lower()}{path}?{'&'.join(names)}"
