"""Dates in the form that a site's rules name, where the usual reading would be in doubt: ``03/04/2026``."""

import re
from datetime import UTC, date, datetime, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo

from pipelines.extract.article import Moment

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAME = r"(?P<{}>(?:" + "|".join(_MONTHS) + r")[a-z]*)\.?"
_FIGURES = r"(?P<{}>\d{{1,2}})"
_DIRECTIVES = {
    **dict.fromkeys("mdHIMS", _FIGURES),
    **dict.fromkeys("bB", _NAME),
    "Y": r"(?P<{}>\d{{4}})",
    "y": r"(?P<{}>\d{{2}})",
    "p": r"(?P<{}>[ap]\.?m\.?|上午|下午|晚上|凌晨)",
    "z": r"(?P<{}>Z|[+-]\d{{2}}:?\d{{2}})",
    "a": r"(?P<{}>[^\W\d]+\.?)",
    "A": r"(?P<{}>[^\W\d]+\.?)",
}
_TOKEN = re.compile(r"%(.)|(\s+)|([^%\s]+)")
_AFTERNOON = re.compile(r"p|下午|晚上", re.IGNORECASE)
_CENTURY_FROM = 69
"""Years with two figures are of the last century from here on, as POSIX reads them."""


class DateFormatError(ValueError):
    """A date format cannot be one; the message names it and what is wrong."""


@lru_cache(maxsize=256)
def date_pattern(form: str) -> re.Pattern[str]:
    """Return what finds a date written as *form* in a text; its groups are called as the directives.

    The directives are those of ``strptime``: ``%Y %y %m %b %B %d %H %I %p %M %S %z %a %A %%``; names of
    months are English, whatever the machine speaks. A blank stands for any white space, or none.

    :raises DateFormatError: *form* has others, one twice, or does not give year, month and day.
    """
    parts, given = [], set[str]()
    for token in _TOKEN.finditer(form):
        name, blank, literal = token.groups()
        if name is None or name == "%":
            parts.append(r"\s*" if blank else re.escape(literal or "%"))
            continue
        if name not in _DIRECTIVES:
            raise DateFormatError(f"{form!r} has %{name}; known are %{' %'.join(sorted(_DIRECTIVES))}")
        if name in given:
            raise DateFormatError(f"{form!r} has %{name} twice")
        given.add(name)
        parts.append(_DIRECTIVES[name].format(name))
    if not (given & set("Yy") and given & set("mbB") and "d" in given):
        raise DateFormatError(f"{form!r} gives no whole day; write %d, %m (or %b) and %Y where they stand")
    return re.compile(rf"(?<!\d){''.join(parts)}(?!\d)", re.IGNORECASE)


def read_date(text: str, form: str, *, zone: str = "") -> Moment | None:
    """Return the date that stands in *text*, written as *form*; None where there is none.

    A time of day without its offset is in *zone* (IANA); without both it is not known.

    :raises DateFormatError: *form* is none.
    """
    match = date_pattern(form).search(text)
    if match is None:
        return None
    parts = match.groupdict()
    try:
        day = date(_year(parts), _month(parts), int(parts["d"]))
        return Moment(day, _at(day, parts, zone), match.group(), "rules")
    except (ValueError, OverflowError):
        return None


def _year(parts: dict[str, str]) -> int:
    if parts.get("Y"):
        return int(parts["Y"])
    short = int(parts["y"])
    return short + (1900 if short >= _CENTURY_FROM else 2000)


def _month(parts: dict[str, str]) -> int:
    name = parts.get("b") or parts.get("B")
    return _MONTHS.index(name[:3].lower()) + 1 if name else int(parts["m"])


def _at(day: date, parts: dict[str, str], zone: str) -> datetime | None:
    hour = parts.get("H") or parts.get("I")
    place = _offset(parts.get("z")) or (ZoneInfo(zone) if zone else None)
    if hour is None or place is None:
        return None
    half = parts.get("p")
    hours = int(hour) % 12 if half else int(hour)
    if half and _AFTERNOON.match(half):
        hours += 12
    minute, second = int(parts.get("M") or 0), int(parts.get("S") or 0)
    local = datetime(day.year, day.month, day.day, hours, minute, second, tzinfo=place)
    return local.astimezone(UTC)


def _offset(stated: str | None) -> timezone | None:
    if not stated:
        return None
    if stated in "zZ":
        return UTC
    return datetime.strptime(stated.replace(":", ""), "%z").tzinfo  # type: ignore[return-value] # as %z gives it
