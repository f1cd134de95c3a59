"""A source's habit, and when to visit it next.

Asking every T hours costs 1/T requests an hour; an item then waits T/2 on average, and if the source
announces r items an hour, and an hour's waiting of an item is worth w requests, that costs w·r·T/2. The sum
is least at T = sqrt(2/(w·r)): visits follow the square root of the rate. The rate changes with the hour and
the weekday, so the next visit is where the integral of sqrt(w·r/2) over time reaches one.
"""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from math import sqrt
from typing import Any, Final, Self

from crawler.visits.failing import Failing
from crawler.visits.history import history
from crawler.visits.limits import DEFAULT_LIMITS, Limits
from crawler.visits.profile import HOUR, Mark, Profile, Week, pieces
from crawler.visits.rate import Rate
from crawler.visits.spread import seed_of, spread
from pipelines.errors import NewswarcError

_VERSION: Final = 1
_SILENCE_SHARE = 1 / 25
"""Beyond its habit, a source that was silent for s hours is asked again after s/25 at the soonest."""
_DOUBT_GUARD_HOURS = 12.0
_JITTER = 0.16
_ABSENCE = 3.0
"""Intervals after which a visit is so late that we were away."""
_PROFILE_HOURS = 8 * 168.0
_PROFILE_EVENTS = 60.0
"""Habits of hours and days are remembered for eight weeks, or so many events if they take longer."""
_SAME_DATE = 3
_STAMP_SECONDS = 60.0
"""A date this close to the visit may be the time at which the feed was built."""
_TIMES_FROM = 1e7
"""Seconds since 1970 are larger than this, and no other float is."""
_SHORTEST_ALARM = 24 * HOUR
_WEEK = 7 * 24 * HOUR
"""A source that was watched for less may be a weekly: it is not missed within two."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """What is known of one source. Times are seconds since 1970, spans hours, unless typed otherwise.

    Made by :meth:`first` or :meth:`from_json`; each visit or failure gives a new one.
    """

    limits: Limits = DEFAULT_LIMITS
    """The caller's bounds; not part of the JSON, so that new settings hold for old sources."""
    seed: int
    born: float
    profile: Profile
    rate: Rate = field(default_factory=Rate)
    turn: int = 0
    """Attempts so far."""
    tried: float | None = None
    last: float | None = None
    """The last attempt, and the last that did not fail."""
    newest: float | None = None
    """When the newest item known was announced, as far as it can be told."""
    listed: int = 0
    hint: float | None = None
    overflows: int = 0
    """Visits at which everything listed was new, so that items may have been lost."""
    failing: Failing | None = None

    @classmethod
    def first(
        cls, at: datetime, *, source: str, hint: timedelta | None = None, limits: Limits = DEFAULT_LIMITS
    ) -> Self:
        """Return the rhythm of a source that was found at *at* and never visited: due at once.

        *source* is its URL or any other name that stays; *hint* what is known of it in advance
        (a sitemap's ``changefreq``).
        """
        born = _seconds(at)
        return cls(
            limits=limits, seed=seed_of(source), born=born, profile=Profile(born), hint=_hint(hint, limits)
        )

    def visited(
        self,
        at: datetime,
        *,
        fresh: Sequence[datetime | None],
        listed: int,
        changed: bool,
        hint: timedelta | None = None,
    ) -> Self:
        """Return the rhythm after a visit at *at* that brought an answer.

        *fresh* are the publication dates, None where there is none, of the items not seen before; *listed*
        is how many items the source lists at all. *changed*: the content differs from the last visit's; where
        it does not (304, same signature), *listed* and *hint* (``ttl``, ``sy:updatePeriod``) are ignored and
        the last ones hold.
        """
        now = _seconds(at)
        dates = [None if date is None else _seconds(date) for date in fresh]
        if changed or self.last is None:
            told = _hint(hint, self.limits)
        else:
            listed, told = self.listed, self.hint
        rate, profile, newest = self._learned(dates, listed, now=now)
        overflow = self.last is not None and 0 < listed <= len(dates)
        return replace(
            self,
            turn=self.turn + 1,
            tried=now,
            last=now,
            failing=None,
            listed=listed,
            hint=told,
            rate=rate,
            profile=profile,
            newest=newest,
            overflows=self.overflows + overflow,
        )

    def failed(self, at: datetime, *, hard: bool, status: int | None) -> Self:
        """Return the rhythm after a visit at *at* that failed.

        *hard*: the server says that there is no such source (404, 410); else a failure that may pass (429,
        5xx, timeout, DNS). *status* is None where no answer came.
        """
        now = _seconds(at)
        streak = self.failing or Failing(now)
        again = streak.again(hard=hard, status=status)
        return replace(self, turn=self.turn + 1, tried=now, failing=again)

    @property
    def next_visit(self) -> datetime:
        """When to visit the source next; aware, UTC. A source never tried is due since it was found."""
        if self.tried is None:
            return _moment(self.born)
        return _moment(self.tried + self._wait(spread(self.seed, self.turn)) * HOUR)

    @property
    def interval(self) -> timedelta:
        """The time from the last attempt to the next visit, without the spread of some per cent."""
        return timedelta(hours=self._wait(0.5))

    @property
    def week(self) -> Week:
        """How busy the source is in each hour of the week."""
        return self.profile.week(self.last or self.born)

    @property
    def silent_since(self) -> datetime | None:
        """Since when the source is silent, if that is out of its habit at the last visit; else None.

        A source that fails is not silent but failing. In the simulation (bench/visits.py) fewer than
        one alarm a year was false among 30 living sources.
        """
        if self.last is None or self.newest is None or self.failing is not None:
            return None
        silence, watched = self.last - self.newest, self.newest - self.profile.since
        if silence < _SHORTEST_ALARM or (watched < _WEEK and silence < 2 * _WEEK):
            return None
        return _moment(self.newest) if self.rate.broken(self._silent) else None

    def to_json(self) -> str:
        """Return the rhythm, without the limits, as compact JSON."""
        record = asdict(self)
        del record["limits"]
        return json.dumps(_rounded({"v": _VERSION, **record}), separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str, *, limits: Limits = DEFAULT_LIMITS) -> Self:
        """Return the rhythm that :meth:`to_json` wrote; raise :class:`NewswarcError` for anything else."""
        try:
            return cls(limits=limits, **_fields(text))
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise NewswarcError(
                f"visits: {text[:80]!r} is not a rhythm of version {_VERSION} ({error}); "
                "clear it, and the source's rhythm is learned anew"
            ) from error

    def _learned(
        self, dates: Sequence[float | None], listed: int, *, now: float
    ) -> tuple[Rate, Profile, float | None]:
        """Return rate, profile and newest date after a visit that showed new items of these *dates*."""
        if self.last is None:
            told = history([date for date in dates if date is not None], now=now)
            return told.rate, told.profile, now if dates and told.newest is None else told.newest
        start = min(self.last, now)
        newest = max((date for date in dates if date is not None and start < date <= now), default=now)
        if 0 < listed <= len(dates) and self._was_away(start, now):
            return self.rate, self.profile, newest
        week = self.week
        elapsed, silent = week.busy_hours(start, now), self._silent
        events = self.rate.damped(len(dates), elapsed=elapsed, silent=silent)
        gap = week.busy_hours(self._anchor, newest) if dates else 0.0
        rate = self.rate.counted(events, elapsed=elapsed, gap=gap, open_before=silent)
        rate = rate.surged(len(dates), elapsed=elapsed, listed=listed)
        if not dates:
            return rate, self.profile, self.newest
        memory = max(_PROFILE_HOURS, _PROFILE_EVENTS / self.rate.habit(silent))
        marks = _marks(dates, start=start, now=now, weight=events / len(dates))
        return rate, self.profile.counted(marks, start=self._anchor, end=newest, memory=memory), newest

    def _was_away(self, start: float, now: float) -> bool:
        """Return whether a window full of new items comes of our absence, and says nothing of the rate."""
        return self.failing is not None or now - start > _ABSENCE * self._wait(0.5) * HOUR

    @property
    def _anchor(self) -> float:
        """From when on the source is silent, whether or not it ever announced anything."""
        return self.newest if self.newest is not None else self.born

    @property
    def _silent(self) -> float:
        """Busy hours from there to the last visit."""
        return self.week.busy_hours(self._anchor, self.last or self.born)

    def _wait(self, chance: float) -> float:
        """Return the hours from the last attempt to the next visit; *chance* in [0, 1) spreads it."""
        limits = self.limits
        jitter = 1 + _JITTER * (chance - 0.5)
        least = limits.minimum.total_seconds() / HOUR * (1 + _JITTER / 2 * chance)
        most = (limits.idle if self.newest is None else limits.maximum).total_seconds() / HOUR
        silent = self._silent
        if self.failing is not None and self.tried is not None:
            turnover = self._turnover(silent, start=self.tried, at_most=most)
            return max(least, self.failing.wait(self.tried, turnover=turnover, limits=limits) * jitter)
        start = self.last if self.last is not None else self.born
        ease = sqrt(2 / (limits.worth * self.rate.now(silent)))
        wait = self.week.roots.hours_until(ease, start=start, at_most=most)
        wait = max(wait, self.hint or 0.0, self._doubt(silent)) * jitter
        turnover = self._turnover(silent, start=start, at_most=wait)
        if turnover < wait:
            wait = turnover * (1 - _JITTER / 2 * chance)
        return max(least, min(wait, most))

    def _turnover(self, silent: float, *, start: float, at_most: float) -> float:
        """Return in how many hours from *start* so much of the window may be new that items could be lost."""
        if not self.listed:
            return at_most
        safe = self.limits.share * self.listed / self.rate.peak(silent)
        return self.week.hours_until(safe, start=start, at_most=at_most)

    def _doubt(self, silent: float) -> float:
        """Return the least wait for a source that is silent beyond its habit: it may be dead.

        Were it to come back as busy as it was, its window must not run over before that is seen.
        """
        doubt = max(0.0, silent - self.rate.usual_silence) * _SILENCE_SHARE
        guard = self.limits.share * self.listed / self.rate.habit(0.0)
        return min(doubt, max(_DOUBT_GUARD_HOURS, guard)) if self.listed else doubt


def _marks(dates: Sequence[float | None], *, start: float, now: float, weight: float) -> Iterable[Mark]:
    """Yield cells and events in them: by date where it fits the visits, else over the time between them."""
    shared = Counter(dates)
    vague = 0
    for date in dates:
        if date is None or not start < date < now - _STAMP_SECONDS or shared[date] >= _SAME_DATE:
            vague += 1
        else:
            yield date, weight
    if vague:
        for at, length in pieces(start, now):
            yield at, weight * vague * length / (now - start)


def _hint(hint: timedelta | None, limits: Limits) -> float | None:
    return None if hint is None else max(0.0, min(hint, limits.hint).total_seconds()) / HOUR


def _seconds(at: datetime) -> float:
    """Return whole seconds, so that what is stored is what was reckoned with."""
    return float(round(at.timestamp()))


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _fields(text: str) -> dict[str, Any]:
    """Return the fields of a rhythm from its JSON; raise what a wrong text makes the parts raise."""
    record: dict[str, Any] = json.loads(text)
    if record.pop("v") != _VERSION:
        raise ValueError("another version")
    profile, failing = record["profile"], record["failing"]
    record["profile"] = Profile(profile["since"], tuple(profile["hours"]), tuple(profile["days"]))
    record["rate"] = Rate(**record["rate"])
    record["failing"] = None if failing is None else Failing(**failing)
    return record


def _rounded(value: object) -> object:
    """Return *value* with floats short: times to the second, the rest to seven digits.

    With fewer, a small decay would be rounded away again at each visit.
    """
    if isinstance(value, dict):
        return {key: _rounded(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(part) for part in value]
    if isinstance(value, float):
        return round(value) if abs(value) > _TIMES_FROM else float(f"{value:.7g}")
    return value
