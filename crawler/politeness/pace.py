"""How fast one host is asked: slower while it has trouble, and back again as it recovers. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from crawler.politeness.terms import Terms

_OVERLOADED = frozenset({429, 503, 504, *range(520, 530)})
_WELL = frozenset({404, 410})
_FIRST_SECONDS: Final = 1.0
"""What a host without delay is slowed down to at first."""
_DONE_SECONDS: Final = 0.5
"""A delay that has recovered to this is none, where none is set."""
_WIDER, _NARROWER = 2.0, 0.9
_SLOWER_WEIGHT, _FASTER_WEIGHT = 0.5, 0.2
_HALF_LIFE_SECONDS: Final = 3600.0


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds of every host's pace, in seconds."""

    delay: float = 600.0
    """No trouble makes a delay longer."""
    error_delay: float = 30.0
    """Nor do errors that tell of a broken page rather than of a host that has too much to do."""
    crawl_delay: float = 120.0
    """A Crawl-delay beyond this counts as this."""
    serial: float = 1.0
    """From this delay on requests go one after the other, unless a concurrency is set for the host."""
    latency_factor: float = 1.0
    """The pause is at least so many times as long as the answers took lately."""
    jitter: float = 0.3
    """By this share of the delay requests may come later than they could."""

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> Self:
        """Return the limits that *settings*, by these names, give. Raises ``TypeError``, ``ValueError``."""
        return cls(**{name: float(value) for name, value in settings.items()})


class HostPace:
    """The pace of one host, for which *terms* are set, within *limits*. Times are monotonic seconds."""

    def __init__(self, terms: Terms, limits: Limits) -> None:
        self._terms, self._limits = terms, limits
        self._crawl_delays: dict[str, float] = {}
        self._latency = 0.0
        self._changed_at = float("-inf")
        self.widened = 0.0
        """The delay that trouble led to, 0 where there is none."""
        self.limited = 0
        """How often in succession the host asked for patience."""

    @property
    def terms(self) -> Terms:
        """What is set for the host."""
        return self._terms

    @property
    def crawl_delay(self) -> float:
        """The delay that the host's robots.txt asks for, within the limit; 0 where it asks for none."""
        return max(self._crawl_delays.values(), default=0.0)

    @property
    def delay(self) -> float:
        """Seconds from one request to the next, at least."""
        floor = self._floor
        # Who has switched the delay off wants the answers as fast as they come.
        latency = min(self._latency * self._limits.latency_factor, self._limits.delay) if floor else 0.0
        return max(floor, self.widened, latency)

    @property
    def concurrency(self) -> int:
        """How many requests may be under way at once."""
        terms = self._terms
        slow = not terms.concurrency_named and self._floor >= self._limits.serial
        return 1 if self.crawl_delay or self.widened > terms.delay or slow else terms.concurrency

    def set_crawl_delay(self, authority: str, seconds: float | None) -> float:
        """Let the delay hold that the robots.txt of *authority* asks for; return what holds of it."""
        self._crawl_delays.pop(authority, None)
        if seconds and self._terms.obey_crawl_delay:
            self._crawl_delays[authority] = min(seconds, self._limits.crawl_delay)
        return self._crawl_delays.get(authority, 0.0)

    def answered(self, status: int, *, latency: float, sent: float, now: float) -> bool:
        """Take notice of an answer, *latency* seconds after it was *sent*; return whether it slows down."""
        weight = _SLOWER_WEIGHT if latency > self._latency else _FASTER_WEIGHT
        self._latency += weight * (latency - self._latency)
        if status == 429 or status >= 500:
            return self.failed(overloaded=status in _OVERLOADED, sent=sent, now=now)
        if status < 400 or status in _WELL:
            self.limited = 0
            self.widened *= _NARROWER
            if self.widened <= max(self._floor, _DONE_SECONDS):
                self.widened = 0.0
        return False

    def failed(self, *, overloaded: bool, sent: float, now: float) -> bool:
        """Take notice of an error; return whether it slows down.

        What was *sent* before the pace last changed tells nothing new: sixteen requests that fail together
        are one failure.
        """
        if sent < self._changed_at:
            return False
        self._changed_at = now
        most = self._limits.delay if overloaded else self._limits.error_delay
        wider = max(self.delay * _WIDER, _FIRST_SECONDS)
        self.widened = max(self.widened, min(wider, most))
        return True

    def restore(self, widened: float, *, idle: float) -> None:
        """Go on with a delay that was *widened* when the host was last asked, *idle* seconds ago.

        It halves with each hour: a host that had trouble last week is not slow for ever.
        """
        left: float = widened * 0.5 ** (max(idle, 0.0) / _HALF_LIFE_SECONDS)
        self.widened = left if left > max(self._floor, _DONE_SECONDS) else 0.0

    @property
    def _floor(self) -> float:
        return max(self._terms.delay, self.crawl_delay)
