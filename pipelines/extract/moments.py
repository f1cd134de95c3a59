"""Dates as pages write them."""

import re
from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

from pipelines.extract.article import Moment

_YEARS = range(1980, 2101)

_MONTHS = {
    "jan": 1, "january": 1, "feb": 2, "february": 2, "mar": 3, "march": 3, "apr": 4, "april": 4, "may": 5,
    "jun": 6, "june": 6, "jul": 7, "july": 7, "aug": 8, "august": 8, "sep": 9, "sept": 9, "september": 9,
    "oct": 10, "october": 10, "nov": 11, "november": 11, "dec": 12, "december": 12,
}  # fmt: skip
_NAME = "(?P<name>(?:" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\b\.?)"
_YEAR = r"(?P<year>(?:19|20)\d{2})"
_NTH = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_CLOCK = (
    r"(?:[\sT日,，]*(?P<hour>\d{1,2})[:：时時点](?P<minute>\d{2})(?:[:：分](?P<second>\d{2}))?(?:\.\d+)?)?"
)
_ZONE = r"(?:\s*(?P<zone>Z\b|UTC\b|GMT\b|[+-]\d{2}:?\d{2}))?"
_FORMS = (
    re.compile(rf"(?<!\d){_YEAR}[-/.年](?P<month>\d{{1,2}})[-/.月](?P<day>\d{{1,2}})(?!\d){_CLOCK}{_ZONE}"),
    re.compile(
        rf"(?<!\d){_YEAR}(?P<month>\d{{2}})(?P<day>\d{{2}})"
        rf"(?:T(?P<hour>\d{{2}})(?P<minute>\d{{2}})(?P<second>\d{{2}}))?{_ZONE}(?!\d)"
    ),
    re.compile(rf"{_NAME}\s+{_NTH},?\s+{_YEAR}", re.IGNORECASE),
    re.compile(rf"(?<!\d){_NTH}\s+{_NAME},?\s+{_YEAR}", re.IGNORECASE),
)
_FIGURES = re.compile(
    rf"(?<![\d/.-])(?P<one>\d{{1,2}})(?P<mark>[./-])(?P<other>\d{{1,2}})(?P=mark){_YEAR}(?!\d)"
)
_SHORT = re.compile(r"(?:发布|时间|日期|发表)\D{0,4}(?P<year>\d{2})-(?P<month>\d{2})-(?P<day>\d{2})")
"""Chinese sites write years with two figures; only after a word that says that this is a date."""
_EPOCH = re.compile(r"\d{10}(?:\d{3})?")
_PATH = re.compile(r"/((?:19|20)\d{2})[-/]?(0[1-9]|1[0-2])[-/]?(0[1-9]|[12]\d|3[01])(?=\D)")


def moment(stated: str, found: str) -> Moment | None:
    """Return what *stated* says, or None where it is no date.

    ISO 8601, RFC 5322, seconds or milliseconds since 1970, year-month-day with ``-``, ``/``, ``.`` or 年月日,
    and English with a month's name; text around the date does not matter. A date out of the years 1980 to
    2100 is none; nor is one in figures of which each could be the day, unless points part them, as no
    country writes that puts the month first.
    """
    stated = " ".join(stated.split())[:120]
    at = _machine(stated)
    if at is not None:
        return _exact(at, stated, found)
    for form in _FORMS:
        match = form.search(stated)
        read = match and _matched(match.groupdict(), match.group(), found)
        if read:
            return read
    return _short(stated, found) or _figures(stated, found)


def moment_in_url(url: str) -> Moment | None:
    """Return the day that stands in an address (``/2026/11/23/``, ``/20261123/``), or None."""
    match = _PATH.search(url)
    return moment("-".join(match.groups()), "url") if match else None


def written(found: Moment) -> str:
    """Return *found* in ISO 8601: the day, with time and offset where the page gives both."""
    if found.at is None:
        return found.day.isoformat()
    try:
        at = datetime.fromisoformat(found.stated)
    except ValueError:
        at = found.at
    return at.isoformat() if at.tzinfo and at.date() == found.day else found.day.isoformat()


def _machine(stated: str) -> datetime | None:
    """Read the formats that give time and zone without room for doubt."""
    try:
        if _EPOCH.fullmatch(stated):
            return datetime.fromtimestamp(int(stated) / (1000 if len(stated) == 13 else 1), UTC)
        if stated[:1].isdigit():
            return datetime.fromisoformat(stated) if len(stated) > 10 else None
        return parsedate_to_datetime(stated) if "," in stated and ":" in stated else None
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _exact(at: datetime, stated: str, found: str) -> Moment | None:
    if at.year not in _YEARS:
        return None
    return Moment(at.date(), None if at.tzinfo is None else at.astimezone(UTC), stated, found)


def _matched(parts: dict[str, str | None], stated: str, found: str) -> Moment | None:
    name = parts.get("name")
    month = _MONTHS[name.lower().rstrip(".")] if name else int(parts["month"] or 0)
    try:
        day = date(int(parts["year"] or 0), month, int(parts["day"] or 0))
        at = _clock(day, parts)
    except ValueError:
        return None
    return Moment(day, at, stated.strip(), found) if day.year in _YEARS else None


def _short(stated: str, found: str) -> Moment | None:
    match = _SHORT.search(stated)
    if match is None:
        return None
    return _matched({**match.groupdict(), "year": f"20{match['year']}"}, match.group(), found)


def _figures(stated: str, found: str) -> Moment | None:
    """Read day, month and year in figures, where it is certain which of them is the day."""
    match = _FIGURES.search(stated)
    if match is None:
        return None
    one, other = int(match["one"]), int(match["other"])
    if match["mark"] == "." or one > 12 or one == other:
        day, month = one, other
    elif other > 12:
        day, month = other, one
    else:
        return None
    parts: dict[str, str | None] = {"year": match["year"], "month": str(month), "day": str(day), "name": None}
    return _matched(parts, match.group(), found)


def _clock(day: date, parts: dict[str, str | None]) -> datetime | None:
    hour, zone = parts.get("hour"), parts.get("zone")
    if hour is None or zone is None:
        return None
    digits = zone.replace(":", "")
    offset = (
        timedelta(hours=int(digits[:3]), minutes=int(digits[0] + digits[3:]))
        if digits[0] in "+-"
        else timedelta()
    )
    local = datetime(
        day.year,
        day.month,
        day.day,
        int(hour),
        int(parts["minute"] or 0),
        int(parts.get("second") or 0),
        tzinfo=timezone(offset),
    )
    return local.astimezone(UTC)
