"""What the dates of the items in a source tell at first sight of its rhythm."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, inf, log2

from crawler.visits.profile import HOUR, Profile
from crawler.visits.rate import Rate

_KEPT = 0.8
"""Of the items, newest first: the oldest may be pinned, or left over from years ago."""
_LOOK_BACK = 8 * 7 * 24 * HOUR
"""Habits of the day older than this say little."""
_DAILY_DATES = 3
_MOST_MOMENTS = 500


@dataclass(frozen=True, slots=True)
class History:
    """The rate and profile that a list of dates shows, and its newest date."""

    rate: Rate
    profile: Profile
    newest: float | None


def history(dates: Sequence[float], *, now: float) -> History:
    """Return what *dates* (seconds since 1970) tell at the time *now*.

    Dates to come tell nothing; many equal ones count little more than one: an import is not a habit.
    """
    counts = Counter(date for date in dates if date <= now)
    moments = sorted(counts, reverse=True)
    moments = moments[: max(3, ceil(_KEPT * len(moments)))][:_MOST_MOMENTS]
    if len(moments) < 2:
        return History(Rate(), Profile(now), moments[0] if moments else None)
    events = {moment: 1 + log2(counts[moment]) for moment in moments}
    profile = _profile(events, now=now, daily=_by_day_only(moments))
    week = profile.week(now)
    gaps = [week.busy_hours(early, late) for late, early in pairwise(moments)]
    prior = Rate()
    rate = Rate(
        events=prior.events + sum(events.values()) - events[moments[-1]],
        hours=prior.hours + sum(gaps),
        longest=max(gaps),
    )
    return History(rate, profile, moments[0])


def _profile(events: dict[float, float], *, now: float, daily: bool) -> Profile:
    since = max(min(events), now - _LOOK_BACK)
    if daily:
        return Profile(now)
    marks = [(moment, weight) for moment, weight in events.items() if moment >= since]
    return Profile(since).counted(marks, start=since, end=now, memory=inf)


def _by_day_only(moments: Sequence[float]) -> bool:
    """Return whether the dates have no time of day: all name the same one."""
    return len(moments) >= _DAILY_DATES and len({moment % (24 * HOUR) for moment in moments}) == 1
