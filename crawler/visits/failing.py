"""When to try a source again that fails: soon at first, then rarely, but for ever."""

from dataclasses import dataclass
from typing import Self

from crawler.visits.limits import Limits
from crawler.visits.profile import HOUR

_SOFT_HOURS = 1 / 6
_BUSY_HOURS = 0.5
"""The first wait after 429 and 503, by which a server says that it has too much to do."""
_SOFT_MOST = 6.0
_HARD_HOURS = 1.0
_GONE_HOURS = 24.0
"""The first wait after 410: the server knows that the feed was there, and that it is no more."""
_AGE_SHARE = 0.5
"""A source that came back is found so after half the time again that it was away, at the latest."""


@dataclass(frozen=True, slots=True)
class Failing:
    """Failures since the last success."""

    since: float
    """Seconds since 1970."""
    times: int = 0
    hard: bool = False
    """Whether the last one was."""
    status: int | None = None

    def again(self, *, hard: bool, status: int | None) -> Self:
        """Return the streak with one more failure."""
        return type(self)(self.since, self.times + 1, hard, status)

    def wait(self, now: float, *, turnover: float, limits: Limits) -> float:
        """Return the hours from *now*, the last failure, to the next try, before bounds.

        *turnover* is in how many hours items would be lost. While the failure is young, what comes back is
        likely to come back whole: so long no more than that is waited.
        """
        age = max(0.0, now - self.since)
        young = age < limits.soft.total_seconds()
        if self.hard or not young:
            first = _GONE_HOURS if self.status == 410 else _HARD_HOURS
            most = limits.idle.total_seconds() / HOUR
        else:
            first = _BUSY_HOURS if self.status in {429, 503} else _SOFT_HOURS
            most = _SOFT_MOST
        if young:
            most = min(most, max(first, turnover))
        return min(most, max(first, _AGE_SHARE * age / HOUR))
