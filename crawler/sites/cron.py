"""Cron expressions, read as crontab(5) means them, as triggers of APScheduler.

::

    trigger = triggers(["*/15 6-23 * * mon-fri", "@daily"], "Asia/Shanghai")
    trigger.get_next_fire_time(None, now)

APScheduler's own reading differs where a crontab is used to something else: it counts weekdays from Monday
= 0, and wants both days to match where day of month and day of week are given. So each field is read here,
and handed on as plain numbers.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from typing import Any

from apscheduler.triggers.combining import OrTrigger  # type: ignore[import-untyped]
from apscheduler.triggers.cron import CronTrigger  # type: ignore[import-untyped]

EXAMPLE = "*/15 6-23 * * *"

_NAMES_OF_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMES_OF_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_MACROS = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * sun",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}
_PART = re.compile(r"(?:\*|(?P<first>\w+)(?:-(?P<last>\w+))?)(?:/(?P<step>\d+))?")
_LONGEST_MONTHS = {
    month: 29 if month == 2 else 30 if month in {4, 6, 9, 11} else 31 for month in range(1, 13)
}


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    low: int
    high: int
    names: Mapping[str, int] = field(default_factory=dict)


_FIELDS = (
    _Field("minute", 0, 59),
    _Field("hour", 0, 23),
    _Field("day of month", 1, 31),
    _Field("month", 1, 12, {name: number for number, name in enumerate(_NAMES_OF_MONTHS, 1)}),
    # Sunday is 0 and 7.
    _Field("day of week", 0, 7, {name: number for number, name in enumerate(_NAMES_OF_DAYS)}),
)


def triggers(expressions: str | Iterable[str], timezone: tzinfo | str, *, jitter: float = 0) -> Any:  # noqa: ANN401 - APScheduler has no types
    """Return the trigger that fires when one of *expressions* does, by the clocks of *timezone*.

    An expression has five fields as in crontab(5): minute, hour, day of month, month, day of week; or is one
    of ``@hourly``, ``@daily``, ``@weekly``, ``@monthly``, ``@yearly``. Where both days are given, one of them
    is enough, unless one begins with ``*``. *jitter* is the most seconds by which a time is put off, at
    random.

    A time that the clocks leave out in spring comes as much later as they were put on. One that comes twice
    in autumn fires twice.

    :raises ValueError: an expression is none, or names a day that never comes; made to follow ``cron ``.
    """
    given = [expressions] if isinstance(expressions, str) else list(expressions)
    if not given:
        raise ValueError(f"names no time; write for example {EXAMPLE}")
    found = [trigger for expression in given for trigger in _read(expression, timezone)]
    if len(found) == 1:
        found[0].jitter = jitter or None
        return found[0]
    return OrTrigger(found, jitter=jitter or None)


def _read(expression: str, timezone: tzinfo | str) -> list[Any]:
    try:
        words = _words(expression)
        minutes, hours, days, months, weekdays = map(_values, words, _FIELDS)
        alternative = not (words[2].startswith("*") or words[4].startswith("*"))
        _require_some_day(days, months, alternative=alternative)
    except ValueError as error:
        raise ValueError(
            f"is no cron expression ({error}: {expression!r}); write for example {EXAMPLE}"
        ) from error
    at = {"minute": _listed(minutes), "hour": _listed(hours), "month": _listed(months), "timezone": timezone}
    by_day = {"day": _listed(days)}
    # APScheduler's Monday is 0.
    by_weekday = {"day_of_week": _listed({(day - 1) % 7 for day in weekdays})}
    if alternative:
        return [CronTrigger(**at, **by_day), CronTrigger(**at, **by_weekday)]
    return [CronTrigger(**at, **by_day, **by_weekday)]


def _require_some_day(days: set[int], months: set[int], *, alternative: bool) -> None:
    if not alternative and all(min(days) > _LONGEST_MONTHS[month] for month in months):
        raise ValueError("this day never comes")


def _words(expression: str) -> list[str]:
    text = expression.strip().lower()
    if text.startswith("@"):
        if text not in _MACROS:
            raise ValueError(f"{text} is none of {', '.join(_MACROS)}")
        text = _MACROS[text]
    words = text.split()
    if len(words) != len(_FIELDS):
        raise ValueError(f"it has {len(words)} fields instead of {len(_FIELDS)}")
    return words


def _values(word: str, of: _Field) -> set[int]:
    return {value for part in word.split(",") for value in _part(part, of)}


def _part(part: str, of: _Field) -> range:
    found = _PART.fullmatch(part)
    if found is None:
        raise ValueError(f"{part!r} is no {of.name}")
    step = int(found["step"] or 1)
    if not step:
        raise ValueError(f"the step of {part!r} is 0")
    if found["first"] is None:
        first, last = of.low, of.high
    else:
        first = _number(found["first"], of)
        # In some crontabs 5/15 means 5-59/15.
        last = _number(found["last"] or found["first"], of) if found["last"] or not found["step"] else of.high
    if last == 0 < first and of.high == 7:  # fri-sun
        last = 7
    if last < first:
        raise ValueError(f"{part!r} runs backwards")
    return range(first, last + 1, step)


def _number(text: str, of: _Field) -> int:
    if text in of.names:
        return of.names[text]
    if not text.isdecimal() or not of.low <= int(text) <= of.high:
        names = f" or {', '.join(of.names)}" if of.names else ""
        raise ValueError(f"{text!r} is no {of.name}: {of.low} to {of.high}{names}")
    return int(text)


def _listed(values: Iterable[int]) -> str:
    """Return *values* as APScheduler writes them: ``0-5,30``; the fewer parts, the faster it looks."""
    runs: list[list[int]] = []
    for value in sorted(values):
        if runs and value == runs[-1][1] + 1:
            runs[-1][1] = value
        else:
            runs.append([value, value])
    return ",".join(str(low) if low == high else f"{low}-{high}" for low, high in runs)
