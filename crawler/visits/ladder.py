"""When to visit an article again, by its age: often while it is young, since most edits come early."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from crawler.visits.spread import seed_of, spread

DEFAULT_LADDER: tuple[timedelta, ...] = (
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(hours=24),
    timedelta(days=7),
    timedelta(days=30),
)
"""Ages of an article at which it is visited again."""

_SPREAD = 0.05
"""Rungs are reached up to this part of the age late, so that a morning's articles do not all meet."""
_NEAR = 0.9
"""A visit at this part of a rung's age stands for the rung."""


def next_rung(
    ladder: Sequence[timedelta],
    published: datetime | None,
    *,
    url: str,
    first_capture: datetime,
    visited: datetime,
) -> datetime | None:
    """Return when to visit the article at *url* again, None when the ladder is climbed.

    *ladder* holds ages, in any order; the age counts from *published*, or from *first_capture* where that
    date is missing or to come. Rungs that passed before *visited*, the last visit, are not made up for:
    after a standstill, and for an article first captured long after its publication, the first
    rung ahead is the next. The result may lie in the past, where the visit is overdue; it is the same
    whenever it is asked for. All times are aware.
    """
    birth = first_capture if published is None else min(published, first_capture)
    seed = seed_of(url)
    for turn, rung in enumerate(sorted(ladder)):
        if birth + rung * _NEAR > visited:
            return birth + rung * (1 + _SPREAD * spread(seed, turn))
    return None
