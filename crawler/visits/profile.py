"""The hours of the day and days of the week at which a source announces.

A source's habit is taken as the product of its day (24 hours, UTC) and its week (7 days, UTC): enough to know
night, weekend and the day on which a weekly appears, and few enough numbers to be learned in days. *Busy
hours* are hours weighted by it, so that a quiet night is short and a busy morning long.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import exp, sqrt

HOUR = 3600.0
DAY = 24 * HOUR
_WEEK_HOURS = 168.0
_THURSDAY = 3
"""1970 began on one; Monday is 0."""
_FLAT = 0.1
"""Part of the habit that is the same at all times: no habit is so sure that it may blind us."""
_HOUR_PRIOR = 1.0
_DAY_PRIOR = 3.0
"""Events in each bin that a habit must outweigh."""
_LONG_WATCH_TURNS = 8

Mark = tuple[float, float]
"""A time (seconds since 1970), and how many events lie in its hour."""


def _hour_of(at: float) -> int:
    return int(at // HOUR) % 24


def _day_of(at: float) -> int:
    return (int(at // DAY) + _THURSDAY) % 7


def pieces(start: float, end: float, *, size: float = HOUR) -> Iterator[tuple[float, float]]:
    """Yield start and length, in seconds, of what each full hour (or *size*) has between two times."""
    at = start
    while at < end:
        stop = min(end, (at // size + 1) * size)
        yield at, stop - at
        at = stop


@dataclass(frozen=True, slots=True)
class Week:
    """Relative intensity by hour and by weekday; their product is 1 in the mean of a week."""

    hours: tuple[float, ...]
    days: tuple[float, ...]

    def busy_hours(self, start: float, end: float) -> float:
        """Return the hours between two times (seconds since 1970), each weighted by its intensity."""
        if end <= start:
            return 0.0
        weeks = int((end - start) / HOUR / _WEEK_HOURS)
        rest = end - weeks * _WEEK_HOURS * HOUR
        seconds = 0.0
        while start < rest:
            hour = int(start // HOUR)
            stop = min(rest, (hour + 1) * HOUR)
            seconds += self.hours[hour % 24] * self.days[(hour // 24 + _THURSDAY) % 7] * (stop - start)
            start = stop
        return weeks * _WEEK_HOURS + seconds / HOUR

    def hours_until(self, amount: float, *, start: float, at_most: float) -> float:
        """Return after how many hours from *start* (seconds since 1970) *amount* busy hours are over.

        *at_most* hours are looked ahead, and returned where that is not enough.
        """
        left = amount * HOUR
        for at, length in pieces(start, start + at_most * HOUR):
            weight = self.hours[_hour_of(at)] * self.days[_day_of(at)]
            if weight * length >= left:
                return (at - start + left / weight) / HOUR
            left -= weight * length
        return at_most

    @property
    def roots(self) -> "Week":
        """The roots of the intensities: visits follow the root of a rate."""
        return Week(tuple([sqrt(value) for value in self.hours]), tuple([sqrt(value) for value in self.days]))


@dataclass(frozen=True, slots=True)
class Profile:
    """Decayed counts of events by hour of the day and by day of the week, and since when they count."""

    since: float
    """Seconds since 1970."""
    hours: tuple[float, ...] = (0.0,) * 24
    days: tuple[float, ...] = (0.0,) * 7
    """Monday first."""

    def week(self, now: float) -> Week:
        """Return the habit as far as it is known *now*.

        A bin that was watched for a shorter time than others needs fewer events to count as busy.
        """
        return _week(self, min(now, self.since + _LONG_WATCH_TURNS * 7 * DAY))

    def counted(self, marks: Iterable[Mark], *, start: float, end: float, memory: float) -> "Profile":
        """Return the profile with the events *marks* of the time from *start* to *end*.

        Each bin forgets only while its own hour or day goes by, over *memory* hours; else the bins seen last
        would look busiest.
        """
        hours = _faded(self.hours, _watched_hours(start, end), memory / 24)
        days = _faded(self.days, _watched_days(start, end), memory / _WEEK_HOURS)
        for at, events in marks:
            hours[_hour_of(at)] += events
            days[_day_of(at)] += events
        return Profile(self.since, tuple(hours), tuple(days))


def _faded(counts: Sequence[float], watched: Sequence[float], turns: float) -> list[float]:
    return [count * exp(-time / turns) for count, time in zip(counts, watched, strict=True)]


@lru_cache(maxsize=256)
def _week(profile: Profile, now: float) -> Week:
    watched = _watched_hours(profile.since, now)
    by_hour = _relative(_smooth(profile.hours), _smooth(watched), _HOUR_PRIOR)
    by_day = _relative(profile.days, _watched_days(profile.since, now), _DAY_PRIOR)
    return Week(by_hour, by_day)


def _smooth(counts: Sequence[float]) -> Sequence[float]:
    """Share each hour's events with its neighbours, since habits are not that punctual."""
    turn = len(counts)
    return [(counts[i - 1] + 2 * counts[i] + counts[(i + 1) % turn]) / 4 for i in range(turn)]


def _watched_hours(since: float, now: float) -> Sequence[float]:
    """Return how many times each hour of the day went by; long times count in whole turns."""
    turns = int(max(0.0, now - since) / DAY)
    if turns >= _LONG_WATCH_TURNS:
        return [float(turns)] * 24
    watched = [float(turns)] * 24
    for at, length in pieces(since + turns * DAY, now):
        watched[_hour_of(at)] += length / HOUR
    return watched


def _watched_days(since: float, now: float) -> Sequence[float]:
    """Return the same for the days of the week."""
    turns = int(max(0.0, now - since) / DAY) // 7
    if turns >= _LONG_WATCH_TURNS:
        return [float(turns)] * 7
    watched = [float(turns)] * 7
    for at, length in pieces(since + turns * 7 * DAY, now, size=DAY):
        watched[_day_of(at)] += length / DAY
    return watched


def _relative(counts: Sequence[float], watched: Sequence[float], prior: float) -> tuple[float, ...]:
    """Return how many times busier than the mean each bin is, drawn to 1 by *prior* events a bin."""
    scale = sum(counts) / (sum(watched) or 1.0)
    raw = [(count + prior) / (time * scale + prior) for count, time in zip(counts, watched, strict=True)]
    mean = sum(raw) / len(raw)
    return tuple([_FLAT + (1 - _FLAT) * value / mean for value in raw])
