"""How many items an hour a source announces, and how sure that is.

Hours are *busy hours* throughout (see :mod:`crawler.visits.profile`). The estimate looks back over a number
of events rather than over a stretch of time, so that a weekly is remembered for months and a silence speaks
for itself; on top of it a quick factor follows today.
"""

from dataclasses import dataclass, replace
from math import exp, log2, sqrt

_MEMORY_EVENTS = 30.0
_MEMORY_HOURS = 168.0
"""What is remembered: at least so many events, at least a week."""
_QUICK_HOURS = 12.0
_QUICK_PRIOR = 2.0
_QUICKEST = 8.0
"""How far today may differ from the habit, as a factor."""
_LOSS_FACTOR = 1.5
"""What a window that was new as a whole hid: at least its own number, likely more."""
_CALMED = 0.7
_CALM_SHARE = 0.25
_FALSE_ALARM = 1e-6
_SILENCE_FACTOR = 2.5
_HABIT_EVENTS = 5.0
_USUAL_GAPS = 5.0


@dataclass(frozen=True, slots=True)
class Rate:
    """Decayed events over the hours until the newest of them; silence since then is the caller's."""

    events: float = 0.5
    hours: float = 0.25
    recent: float = 0.0
    """Events of the last half day, decayed, and below what the habit would have expected of it."""
    expected: float = 0.0
    surge: float = 0.0
    """Items an hour that were really seen to come, from a single visit; forgotten by calm visits."""
    longest: float = 0.0
    """The longest silence of late."""

    def habit(self, silent: float) -> float:
        """Return items an hour by the habit alone, *silent* hours after the newest item."""
        return self.events / (self.hours + silent)

    def now(self, silent: float) -> float:
        """Return items an hour as expected next: the habit, times how today compares with it."""
        factor = (self.recent + _QUICK_PRIOR) / (self.expected + _QUICK_PRIOR)
        return self.habit(silent) * min(_QUICKEST, max(1 / _QUICKEST, factor))

    def peak(self, silent: float) -> float:
        """Return items an hour to be safe against."""
        return max(self.now(silent), self.surge)

    @property
    def usual_silence(self) -> float:
        """The longest silence that is still within the habit."""
        return max(self.longest, _USUAL_GAPS / self.habit(0.0))

    def memory(self, silent: float) -> float:
        """Return over how many events the estimate looks back."""
        return max(_MEMORY_EVENTS, self.habit(silent) * _MEMORY_HOURS)

    def damped(self, items: int, *, elapsed: float, silent: float) -> float:
        """Return as how many events *items* found at one visit count.

        An import of 500 old articles says little about tomorrow: beyond five times of what was to be
        expected only the logarithm counts.
        """
        usual = 4 + 4 * self.now(silent) * elapsed
        return float(items) if items <= usual else usual + log2(1 + items - usual)

    def counted(self, events: float, *, elapsed: float, gap: float, open_before: float) -> "Rate":
        """Return the rate after a visit that found *events*.

        *elapsed* hours after the one before it; the newest item came *gap* hours after the newest known
        before, which had been *open_before* hours old at that visit. A source that returns from a silence
        out of habit takes its habit up again: that silence does not count in full.
        """
        fading = exp(-elapsed / _QUICK_HOURS)
        expected = fading * self.expected + elapsed * self.habit(open_before)
        recent = fading * self.recent + events
        if not events:
            return replace(self, recent=recent, expected=expected)
        kept = (1 - 1 / self.memory(open_before)) ** events
        longest = max(gap, self.longest * (0.5 + 0.5 * kept))
        return replace(
            self,
            events=kept * self.events + events,
            hours=kept * (self.hours + min(gap, self.usual_silence)),
            recent=recent,
            expected=expected,
            longest=longest,
        )

    def surged(self, items: int, *, elapsed: float, listed: int) -> "Rate":
        """Return the rate with what *items* of *listed*, new within *elapsed* hours, say of peaks."""
        seen = (items - sqrt(items)) / max(elapsed, 1 / 60)
        if 0 < listed <= items:
            return replace(self, surge=max(self.surge, _LOSS_FACTOR * seen) * _LOSS_FACTOR)
        calmed = _CALMED if items <= _CALM_SHARE * listed else 1.0
        return replace(self, surge=max(seen, calmed * self.surge))

    def broken(self, silent: float) -> bool:
        """Return whether a silence is out of habit.

        By the events known, fewer than one gap in a million would be as long (Lomax distribution: a Poisson
        process of uncertain rate), and it is two and a half times the longest of late, since items come in
        clusters.
        """
        if self.events < _HABIT_EVENTS or silent < _SILENCE_FACTOR * self.longest:
            return False
        return bool((self.hours / (self.hours + silent)) ** self.events < _FALSE_ALARM)
