"""Questions to a CDX server, read from a query string. Pure.

Two dialects: that of the Internet Archive's CDX server (wayback-cdx-server, README), and pywb's.
"""

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final
from urllib.parse import unquote_plus

import regex

from pipelines.catalog import Match, Place
from pipelines.errors import QueryError

LONGEST_FILTER: Final = 500
"""Characters of one filter."""
MOST_FILTERS: Final = 20
REGEX_SECONDS: Final = 0.2
"""Time that a filter's expression may take for one capture."""
REGEX_BUDGET_SECONDS: Final = 20.0
"""Time that all of a question's filters may take together."""
MOST_LAST: Final = 150_000
"""Captures that ``limit=-N`` may ask for: they are held until the answer begins."""
MOST_PAGE_SIZE: Final = 100
FIELDS: Final = (
    "urlkey",
    "timestamp",
    "original",
    "mimetype",
    "statuscode",
    "digest",
    "length",
)
"""The columns of an answer where none are asked for."""
PYWB_FIELDS: Final = (
    "urlkey",
    "timestamp",
    "url",
    "mime",
    "status",
    "digest",
    "length",
    "offset",
    "filename",
)
_ALIASES: Final = {"url": "original", "mime": "mimetype", "status": "statuscode"}
_COUNTS: Final = {
    "showDupeCount": "dupecount",
    "showSkipCount": "skipcount",
    "showGroupCount": "groupcount",
    "showUniqCount": "uniqcount",
    "lastSkipTimestamp": "endtimestamp",
}
_FURTHER: Final = (
    "offset",
    "filename",
    "orig.length",
    "orig.offset",
    "orig.filename",
    "redirect",
    "robotflags",
)
_NAMES: Final = {*FIELDS, *_COUNTS.values(), *_FURTHER}
_DIGITS: Final = re.compile(r"[0-9]{1,14}")
_INTEGER: Final = re.compile(r"-?[0-9]{1,12}")
_FILTER: Final = re.compile(r"(!?)([=~]?)([A-Za-z.]+|[0-9]{1,2}):(.*)", re.DOTALL)
_PLAIN: Final = re.compile(r"[A-Za-z0-9/_-]+")
_COLLAPSE: Final = re.compile(r"([A-Za-z.]+)(?::([0-9]{1,4}))?")

Pairs = Sequence[tuple[str, str]]
"""The parameters of a query string, decoded, in order."""


class Sort(StrEnum):
    """The order of an answer."""

    REGULAR = "regular"
    REVERSE = "reverse"
    CLOSEST = "closest"


class Budget:
    """Time left for regular expressions: one that backtracks without end is stopped, not waited for."""

    def __init__(self, seconds: float = REGEX_BUDGET_SECONDS) -> None:
        self._left = seconds

    def matches(self, pattern: "regex.Pattern[str]", value: str) -> bool:
        """Return whether *pattern* matches all of *value*. Raises ``QueryError`` where it takes too long."""
        started = time.monotonic()
        try:
            found = pattern.fullmatch(value, timeout=min(REGEX_SECONDS, self._left), concurrent=True)
        except TimeoutError:
            raise QueryError(
                f"cdx: the filter {pattern.pattern[:80]!r} takes too long; write it without nested repeats"
            ) from None
        self._left = max(0.001, self._left - (time.monotonic() - started))
        return found is not None


@dataclass(frozen=True, slots=True)
class RowFilter:
    """A condition on one column."""

    column: str
    matches: Callable[[Budget, str], bool]
    negated: bool
    literal: str = ""
    """The one value that passes, where that can be told and is not what is negated."""

    def passes(self, value: str, budget: Budget) -> bool:
        """Return whether *value* is let through."""
        return self.matches(budget, value) is not self.negated


@dataclass(frozen=True, slots=True)
class Collapse:
    """Of adjacent captures that agree in this column only the first is shown."""

    column: str
    length: int | None
    """Characters that are compared; None: all."""


@dataclass(frozen=True, slots=True)
class CdxQuery:
    """What is asked for."""

    url: str
    match: Match = Match.EXACT
    since: str = ""
    until: str = ""
    limit: int | None = None
    """Most captures; below zero: so many of the last ones."""
    offset: int = 0
    sort: Sort = Sort.REGULAR
    closest: str = ""
    filters: tuple[RowFilter, ...] = ()
    collapse: tuple[Collapse, ...] = ()
    fields: tuple[str, ...] = FIELDS
    output: str = "text"
    """``text`` or ``json``; of pywb also ``cdxj`` and ``link``."""
    pywb: bool = False
    resolve: bool = False
    """Whether revisits get media type and status of what they repeat."""
    resume: bool = False
    after: Place | None = None
    page: int | None = None
    page_size: int = 5
    """Blocks of a page."""
    count_pages: bool = False
    gzip: bool = True
    names: tuple[str, ...] = field(default=FIELDS)
    """*fields* as they were asked for: the header of an answer in JSON."""


def parse_query(pairs: Pairs, *, pywb: bool = False) -> CdxQuery:
    """Return the question of a query string. Raises ``QueryError`` where it cannot be answered."""
    given = _Given(pairs)
    url, match = _address(given)
    output, names = _output(given, pywb=pywb)
    page_size = given.integer("pageSize") or (10 if pywb else 5)
    page = given.integer("page")
    if not 1 <= page_size <= MOST_PAGE_SIZE:
        raise QueryError(f"cdx: pageSize {page_size} is not between 1 and {MOST_PAGE_SIZE}")
    if given.true("showPagedIndex"):
        raise QueryError("cdx: showPagedIndex is not known here: the index is a database without blocks")
    if page is not None and page < 0:
        raise QueryError(f"cdx: page {page} is below 0; the first page is 0")
    sort, closest = _order(given, match)
    limit, offset = _bounds(given, pywb=pywb)
    return CdxQuery(
        url,
        match,
        since=_filled(given.digits("from"), "0"),
        until=_filled(given.digits("to"), "9"),
        limit=limit,
        offset=offset,
        sort=sort,
        closest=closest,
        filters=_filters(given, names, pywb=pywb),
        collapse=_collapses(given),
        fields=tuple(map(_column, names)),
        names=names,
        output=output,
        pywb=pywb,
        resolve=given.true("resolveRevisits"),
        resume=given.true("showResumeKey"),
        after=_place(given.first("resumeKey")),
        page=page,
        page_size=page_size,
        count_pages=given.true("showNumPages"),
        gzip=given.first("gzip") != "false",
    )


class _Given:
    def __init__(self, pairs: Pairs) -> None:
        self._pairs = pairs

    def all(self, name: str) -> list[str]:
        return [value for key, value in self._pairs if key == name and value]

    def first(self, name: str) -> str:
        return next(iter(self.all(name)), "")

    def true(self, name: str) -> bool:
        return self.first(name).lower() in {"true", "1", "on"}

    def digits(self, name: str) -> str:
        value = self.first(name)
        if value and not _DIGITS.fullmatch(value):
            raise QueryError(f"cdx: {name} {value[:40]!r} is not 1 to 14 digits (YYYYMMDDhhmmss)")
        return value

    def integer(self, name: str) -> int | None:
        value = self.first(name)
        if value and not _INTEGER.fullmatch(value):
            raise QueryError(f"cdx: {name} {value[:40]!r} is no number")
        return int(value) if value else None


def _filled(digits: str, fill: str) -> str:
    """Return 14 digits: the first or last that begin with *digits*, whatever the calendar says."""
    return digits.ljust(14, fill) if digits else ""


def _address(given: _Given) -> tuple[str, Match]:
    url, stated = given.first("url").strip(), given.first("matchType")
    if not url:
        raise QueryError('The "url" param is required')
    if stated and stated not in set(Match):
        raise QueryError(f"cdx: matchType {stated[:40]!r} is not known; use {', '.join(Match)}")
    if stated:
        return url, Match(stated)
    if url.startswith("*."):
        return url[2:], Match.DOMAIN
    if url.endswith("*"):
        return url[:-1], Match.PREFIX
    return url, Match.EXACT


def _order(given: _Given, match: Match) -> tuple[Sort, str]:
    stated, closest = given.first("sort"), given.digits("closest")
    if stated and stated not in set(Sort):
        raise QueryError(f"cdx: sort {stated[:40]!r} is not known; use {', '.join(Sort)}")
    sort = Sort(stated) if stated else Sort.CLOSEST if closest else Sort.REGULAR
    if sort is Sort.CLOSEST and (match is not Match.EXACT or not closest):
        raise QueryError("cdx: sort=closest needs closest=TIMESTAMP and one address (matchType=exact)")
    return sort, closest


def _bounds(given: _Given, *, pywb: bool) -> tuple[int | None, int]:
    limit, offset = given.integer("limit"), given.integer("offset") or 0
    if limit is None and given.true("fastLatest"):
        limit = -1
    if offset < 0:
        raise QueryError(f"cdx: offset {offset} is below 0")
    if limit is not None and limit < -MOST_LAST:
        raise QueryError(f"cdx: limit {limit} asks for more than {MOST_LAST} last captures; use sort=reverse")
    # IA takes 0 for no limit; pywb too.
    return (limit or None), (0 if pywb else offset)


def _output(given: _Given, *, pywb: bool) -> tuple[str, tuple[str, ...]]:
    known = ("cdxj", "json", "text", "link") if pywb else ("text", "json")
    output = given.first("output") or known[0]
    if output not in known:
        raise QueryError(f"cdx: output {output[:40]!r} is not known; use {', '.join(known)}")
    asked = given.first("fl") or given.first("fields")
    names = tuple(name.strip() for name in asked.split(",") if name.strip())
    for name in names:
        if _column(name) not in _NAMES:
            raise QueryError(
                f"cdx: there is no field {name[:40]!r}; use {', '.join(FIELDS)}, offset, filename"
            )
    if not names:
        counts = tuple(column for option, column in _COUNTS.items() if given.true(option))
        names = (*(PYWB_FIELDS if pywb else FIELDS), *counts)
    return output, names


def _column(name: str) -> str:
    return _ALIASES.get(name, name)


def _filters(given: _Given, names: tuple[str, ...], *, pywb: bool) -> tuple[RowFilter, ...]:
    stated = given.all("filter")
    if len(stated) > MOST_FILTERS:
        raise QueryError(f"cdx: {len(stated)} filters are more than {MOST_FILTERS}")
    return tuple(_filter(each, names, pywb=pywb) for each in stated)


def _filter(stated: str, names: tuple[str, ...], *, pywb: bool) -> RowFilter:
    parts = _FILTER.fullmatch(stated)
    if not parts or len(stated) > LONGEST_FILTER:
        raise QueryError(
            f"cdx: filter {stated[:80]!r} is not [!]field:expression of {LONGEST_FILTER} characters"
        )
    negated, kind, name, value = parts.groups()
    if name.isdigit():
        name = names[int(name)] if int(name) < len(names) else name
    column = _column(name)
    if column not in _NAMES:
        raise QueryError(f"cdx: there is no field {name!r} to filter by; use {', '.join(FIELDS)}")
    plain = not negated and (kind == "=" or (_PLAIN.fullmatch(value) and not (pywb or kind)))
    return RowFilter(
        column, _condition(kind, value, pywb=pywb), bool(negated), literal=value if plain else ""
    )


def _condition(kind: str, value: str, *, pywb: bool) -> Callable[[Budget, str], bool]:
    if kind == "=":
        return lambda _, found: found == value
    if pywb and not kind:
        return lambda _, found: value in found
    # pywb's expressions match from the start on, those of the Internet Archive all of it.
    pattern = _compiled(f"(?:{value}).*" if pywb else value)
    return lambda budget, found: budget.matches(pattern, found)


def _compiled(expression: str) -> "regex.Pattern[str]":
    try:
        return regex.compile(expression, regex.V0 | regex.DOTALL)
    except (regex.error, OverflowError, RecursionError) as err:
        raise QueryError(f"cdx: the filter {expression[:80]!r} is no regular expression: {err}") from err


def _collapses(given: _Given) -> tuple[Collapse, ...]:
    stated = given.all("collapse")
    if time_digits := given.first("collapseTime"):
        stated.append(f"timestamp:{time_digits}")
    if len(stated) > MOST_FILTERS:
        raise QueryError(f"cdx: {len(stated)} collapses are more than {MOST_FILTERS}")
    return tuple(map(_collapse, stated))


def _collapse(stated: str) -> Collapse:
    parts = _COLLAPSE.fullmatch(stated)
    if not parts or _column(parts[1]) not in _NAMES:
        raise QueryError(f"cdx: collapse {stated[:80]!r} is not field or field:N")
    return Collapse(_column(parts[1]), int(parts[2]) if parts[2] else None)


def resume_key(place: Place) -> str:
    """Return the text that takes an answer up again behind *place*, before it is quoted."""
    return f"{place.urlkey} {place.timestamp} {place.segment} {place.offset}"


def _place(stated: str) -> Place | None:
    """Return where *stated* goes on: a key of ours, or ``urlkey timestamp`` as the Internet Archive's.

    Of the latter, a timestamp that ends in ``!`` goes on behind all captures of that second.
    """
    if not stated:
        return None
    # Clients send back what they got, which was quoted; some of them quote it once more.
    parts = (unquote_plus(stated) if " " not in stated else stated).split(" ")
    if len(parts) == 4 and _DIGITS.fullmatch(parts[1]) and parts[3].isdecimal():
        return Place(parts[0], parts[1].zfill(14), parts[2], min(int(parts[3]), 2**62))
    digits = parts[1].rstrip("!") if len(parts) == 2 else ""
    if not _DIGITS.fullmatch(digits):
        raise QueryError(f"cdx: resumeKey {stated[:80]!r} is none that this server gave")
    behind = parts[1].endswith("!")
    at = digits.ljust(14, "9" if behind else "0")
    return Place(parts[0], at, "\U0010ffff" if behind else "", 2**62 if behind else -1)
