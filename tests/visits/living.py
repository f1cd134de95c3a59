"""A source and the rhythm that follows it, step by step."""

from bisect import bisect_right
from datetime import UTC, datetime, timedelta

from crawler.visits import DEFAULT_LIMITS, Rhythm

MONDAY = datetime(2026, 11, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


def every(gap, *, start, end):
    """Return times from *start* to *end*, one each *gap*."""
    return [start + number * gap for number in range(int((end - start) / gap))]


def office_hours(gap, *, start, end):
    """The same, but from 8 to 18 h on weekdays only."""
    return [at for at in every(gap, start=start, end=end) if 8 <= at.hour < 18 and at.weekday() < 5]


def follow(
    announced, *, until, window=30, limits=DEFAULT_LIMITS, dated=True, start=MONDAY, hint=None, stored=False
):
    """Visit as the rhythm says from *start* on; return the rhythm and the times of the visits."""
    rhythm = Rhythm.first(start, source="https://paper.example/feed", limits=limits)
    seen, visits = 0, []
    while (at := max(start, rhythm.next_visit)) < until:
        upto = bisect_right(announced, at)
        fresh = announced[max(seen, upto - window) : upto]
        dates = fresh if dated else [None] * len(fresh)
        listed = min(window, upto)
        rhythm = rhythm.visited(at, fresh=dates, listed=listed, changed=bool(fresh), hint=hint)
        if stored:
            rhythm = Rhythm.from_json(rhythm.to_json(), limits=limits)
        seen = upto
        visits.append(at)
    return rhythm, visits
