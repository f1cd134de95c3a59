"""Charts as numbers: where the bars of a drawing stand. Templates make SVG of it, without script."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from pipelines.search import Period

WIDTH: Final = 720
HEIGHT: Final = 96
MOST_BARS: Final = 120
_NARROWEST: Final = 24
"""Bars that there is room for in any case: few ones would be as wide as walls."""
_LEVELS: Final = 4


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar, in units of the drawing."""

    name: str
    """Of its period, as a search takes it: ``2026-11``."""
    count: int
    x: float
    y: float
    width: float
    height: float
    behind: str
    """The period behind it."""


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars over time, none left out between the first and the last."""

    bars: tuple[Bar, ...]
    most: int
    """The highest count."""
    left_out: int
    """Counts of earlier periods than the first bar's."""


def chart(counts: Sequence[tuple[str, int]], period: Period) -> Chart:
    """Return the bars of *counts*, each a day, month or year and a number; at most the last 120 periods."""
    if not counts:
        return Chart((), 0, 0)
    known = dict(counts)
    names = _backwards(counts[0][0], counts[-1][0], period)
    most = max(known.get(name, 0) for name in names)
    step = WIDTH / max(len(names), _NARROWEST)
    bars = []
    for place, name in enumerate(names):
        count = known.get(name, 0)
        height = max(HEIGHT * count / most, 2) if count else 0
        x = round(place * step, 2)
        width = round(step * 0.8, 2)
        y = round(HEIGHT - height, 2)
        bars.append(Bar(name, count, x, y, width, round(height, 2), following(name, period)))
    return Chart(tuple(bars), most, sum(known.values()) - sum(bar.count for bar in bars))


def period_for(months: Sequence[tuple[str, int]]) -> Period:
    """Return by what counts are drawn whose months are *months*."""
    if len(months) <= 2 and _apart(months) <= 2:
        return Period.DAY
    return Period.MONTH if _apart(months) <= MOST_BARS // 2 else Period.YEAR


def following(name: str, period: Period) -> str:
    """Return the period behind *name*; the same one at the end of time."""
    try:
        return _moved(name, period, 1)
    except (ValueError, OverflowError):
        return name


def level(count: int, most: int) -> int:
    """Return how dark *count* is shown among counts up to *most*: 0 for none, else 1 to 4."""
    if not count:
        return 0
    return min(_LEVELS, 1 + int(_LEVELS * (count - 1) / max(most, 1)))


def share(part: int, whole: int) -> int:
    """Return how dark a *part* of *whole* is shown: 0 for none of it, 4 for more than three quarters."""
    return -(-_LEVELS * part // whole) if whole else 0


def _apart(months: Sequence[tuple[str, int]]) -> int:
    if not months:
        return 0
    (first, last) = (int(name[:4]) * 12 + int(name[5:7]) for name in (months[0][0], months[-1][0]))
    return last - first + 1


def _backwards(first: str, last: str, period: Period) -> list[str]:
    """Return the periods from *first* to *last* in order; only the last ones where they are too many."""
    names = [last]
    while names[-1] > first and len(names) < MOST_BARS:
        names.append(_moved(names[-1], period, -1))
    return names[::-1]


def _moved(name: str, period: Period, by: int) -> str:
    year = int(name[:4])
    if period is Period.YEAR:
        return f"{year + by:04d}"
    if period is Period.DAY:
        return (date.fromisoformat(name) + timedelta(days=by)).isoformat()
    month = year * 12 + int(name[5:7]) - 1 + by
    return f"{month // 12:04d}-{month % 12 + 1:02d}"
