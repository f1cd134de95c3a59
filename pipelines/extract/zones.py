"""Times of day that a page gives without their zone, in the zone of its site."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from pipelines.extract.article import Moment

_CLOCK = re.compile(r"(?<!\d)(\d{1,2})[:：时時点點](\d{2})(?:[:：分](\d{2}))?")
_AFTERNOON = re.compile(r"下午|晚上|\bPM\b|\bp\.m\.", re.IGNORECASE)


def with_zone(found: Moment, zone: str) -> Moment:
    """Return *found* with the time of day that it states, if any, read in *zone* (IANA)."""
    if found.at is not None:
        return found
    match = _CLOCK.search(found.stated)
    if match is None:
        return found
    hour, minute, second = int(match[1]), int(match[2]), int(match[3] or 0)
    if hour < 12 and _AFTERNOON.search(found.stated):
        hour += 12
    try:
        day = found.day
        local = datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=_zone(zone))
        return replace(found, at=local.astimezone(UTC))
    except (ValueError, OverflowError):
        return found


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
