"""Dates as feeds and sitemaps write them."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

_YEARS = range(1990, 2100)
# 2026-11, 2026/11/23 10:05, 2026年11月23日 10:05:09 or 10时05分; also ISO 8601 with a space or one digit
# a part.
_LOOSE = re.compile(
    r"(\d{4})(?:[-/.年]\s*(\d{1,2})(?:[-/.月]\s*(\d{1,2})日?)?)?"
    r"(?:(?:[T\s]+|(?<=日))(\d{1,2})[:时時点點](\d{1,2})(?:[:分](\d{1,2})(?:[.,]\d+)?)?[分秒]?)?"
    r"\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?",
)
_HALF_DAY = re.compile(r"\b(\d{1,2})(:\d{2}(?::\d{2})?)\s?([AP])\.?M\b\.?", re.IGNORECASE)
# RFC 9557 §4.1: the zone's name behind the offset.
_NAMED_ZONE = re.compile(r"\[!?([A-Za-z][\w+-]*(?:/[\w+-]+)*)\]$")
_UNKNOWN_ZONE = re.compile(r"\s-0000\b")


def parse_date(text: str | None, *, zone: tzinfo = UTC) -> datetime | None:
    """Return the moment that *text* names, aware and UTC; None where it names none.

    RFC 822 and 5322 with their named zones, ISO 8601 and W3C dates down to a year alone, and the Chinese
    and slashed forms. A date without a time is its first second; without a zone it is in *zone*, and so it
    is where it names the zone by a letter code that is *zone*'s at that moment: ``CST`` is not always
    America's.
    """
    if not text or len(text) > 100:
        return None
    text = " ".join(text.split())
    found = _read(_iso, text, zone)
    if found is not None:
        return found
    text, zone = _without_zone_name(_HALF_DAY.sub(_of_whole_day, text), zone)
    readings = (_read(reader, text, zone) for reader in (_iso, _mail, _loose))
    return next((reading for reading in readings if reading is not None), None)


def _read(reader: Callable[[str], datetime | None], text: str, zone: tzinfo) -> datetime | None:
    try:
        found = reader(text)
        aware = None if found is None else _placed(found, text, zone)
        return None if aware is None or aware.year not in _YEARS else aware.astimezone(UTC)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None


def _of_whole_day(match: re.Match[str]) -> str:
    hour = int(match[1])
    if 1 <= hour <= 12:
        hour = hour % 12 + (12 if match[3] in "pP" else 0)
    return f"{hour:02}{match[2]}"


def _without_zone_name(text: str, zone: tzinfo) -> tuple[str, tzinfo]:
    named = _NAMED_ZONE.search(text)
    if named is None:
        return text, zone
    try:
        return text[: named.start()], ZoneInfo(named[1])
    except (ValueError, KeyError, OSError):
        return text[: named.start()], zone


def _placed(moment: datetime, text: str, zone: tzinfo) -> datetime:
    if moment.tzinfo is None:
        return moment.replace(tzinfo=zone)
    local = moment.replace(tzinfo=zone) if text[-1:].isalpha() or text[-4:].isdigit() else moment
    return local if local.tzname() in text.split() else moment


def _iso(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text[4:5] == "-" else None


def _mail(text: str) -> datetime | None:
    if text[:4].isdigit():
        return None
    found = parsedate_to_datetime(text if ":" in text else f"{text} 00:00:00")
    # RFC 5322 §3.3: the time is UTC's, and where it was written is not said.
    return found.replace(tzinfo=UTC) if _UNKNOWN_ZONE.search(text) else found


def _loose(text: str) -> datetime | None:
    match = _LOOSE.fullmatch(text)
    if not match:
        return None
    year, month, day, hour, minute, second = (int(part) if part else 0 for part in match.groups()[:6])
    offset = "+00:00" if match[7] in {"Z", "UTC", "GMT"} else match[7] or ""
    # ISO 8601-1:2019 §4.3.8: the end of a day may be called its 24th hour.
    is_end = (hour, minute, second) == (24, 0, 0)
    moment = f"{year:04}-{month or 1:02}-{day or 1:02}T{0 if is_end else hour:02}:{minute:02}:{second:02}"
    found = datetime.fromisoformat(moment + offset)
    return found + timedelta(days=1) if is_end else found
