"""Dates as feeds and sitemaps write them."""

import re
from datetime import UTC, datetime, tzinfo
from email.utils import parsedate_to_datetime

_YEARS = range(1990, 2100)
# 2026-11, 2026/11/23 10:05, 2026年11月23日 10:05:09; also ISO 8601 with a space or one digit a part.
_LOOSE = re.compile(
    r"(\d{4})(?:[-/.年]\s*(\d{1,2})(?:[-/.月]\s*(\d{1,2})日?)?)?"
    r"(?:[T\s]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?)?\s*(Z|[+-]\d{2}:?\d{2})?",
)


def parse_date(text: str | None, *, zone: tzinfo = UTC) -> datetime | None:
    """Return the moment that *text* names, aware and UTC; None where it names none.

    RFC 822 and 5322 with their named zones, ISO 8601 and W3C dates down to a year alone, and the Chinese
    and slashed forms. A date without a time is its first second; without a zone it is in *zone*.
    """
    if not text or len(text) > 100:
        return None
    text = " ".join(text.split())
    for reader in (_iso, _mail, _loose):
        try:
            found = reader(text)
            aware = found if found is None or found.tzinfo else found.replace(tzinfo=zone)
            if aware is not None and aware.year in _YEARS:
                return aware.astimezone(UTC)
        except (ValueError, OverflowError, TypeError, IndexError):
            continue
    return None


def _iso(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text[4:5] == "-" else None


def _mail(text: str) -> datetime | None:
    if text[:4].isdigit():
        return None
    return parsedate_to_datetime(text if ":" in text else f"{text} 00:00:00")


def _loose(text: str) -> datetime | None:
    match = _LOOSE.fullmatch(text)
    if not match:
        return None
    year, month, day, hour, minute, second = (int(part) if part else None for part in match.groups()[:6])
    offset = (match[7] or "").replace("Z", "+00:00")
    moment = f"{year:04}-{month or 1:02}-{day or 1:02}T{hour or 0:02}:{minute or 0:02}:{second or 0:02}"
    return datetime.fromisoformat(moment + offset)
