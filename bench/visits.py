"""A simulated month of sources: the adaptive rhythm against fixed polling and against the rules of peers.

    PYTHONPATH=. python bench/visits.py [--seeds 1 2] [--days 30] [--worth 16] [--by-kind] [--alone]

Sources announce by their own, hidden rhythms; each policy sees only what a visit shows. Waiting is the time
from announcement to the visit that finds the item, in minutes; lost are items that left the source's window
unseen, unseen those announced at the very end of the month. An alarm says that a source is silent out of
habit; it is false where the source goes on later. The clock is injected, so the figures do not depend
on the machine.
"""

import argparse
import math
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from statistics import fmean, quantiles

from bench.habits import DAY, HOUR, KINDS, MINUTE, SILENT, START, Source, sources
from crawler.visits import Limits, Rhythm


@dataclass(frozen=True)
class Visit:
    """What a visit shows."""

    source: Source
    at: float
    fresh: Sequence[float] = ()
    listed: int = 0
    failure: int | None = None
    """The status, where it failed."""


Policy = Callable[[Visit], float]
"""Gives the time of the next visit; there is one of it for each source."""


def fixed(visit: Visit) -> float:
    """Every 15 minutes, whatever happens."""
    return visit.at + 15 * MINUTE


@dataclass
class NewsCrawl:
    """news-crawl's rule: half as long again when unchanged, a fifth less when changed; 90 days at most.

    Where it starts and how it goes on after failures is assumed: 90 minutes, and a day at most.
    """

    least: float
    interval: float = 90 * MINUTE

    def __call__(self, visit: Visit) -> float:
        """Return the time of the next visit."""
        if visit.failure is not None:
            return visit.at + min(DAY, max(HOUR, 2 * self.interval))
        self.interval *= 0.8 if visit.fresh else 1.5
        self.interval = min(90 * DAY, max(self.least, self.interval))
        return visit.at + self.interval


@dataclass
class MediaCloud:
    """The rule of rss-fetcher: minutes from the share of items known already, between 10 min and 24 h."""

    minutes: float = 360
    failures: int = 0
    newest: float = -math.inf

    def __call__(self, visit: Visit) -> float:
        """Return the time of the next visit."""
        if visit.failure is not None:
            self.failures += 1
            return visit.at + min(DAY, self.minutes * MINUTE * 2.0**self.failures)
        self.failures = 0
        self.newest = visit.at if visit.fresh else self.newest
        known = 1 - len(visit.fresh) / visit.listed if visit.listed else 1.0
        if known >= 0.67:
            quiet = visit.at - self.newest > 31 * DAY
            self.minutes = min(1440, self.minutes + (60 if quiet else 10))
        elif known < 0.33:
            self.minutes = 360 if self.minutes > 360 else max(10, self.minutes - 60)
        return visit.at + self.minutes * MINUTE


@dataclass
class Adaptive:
    """crawler.visits.rhythm."""

    limits: Limits = field(default_factory=Limits)
    rhythm: Rhythm | None = None
    alarms: int = 0
    silent: bool = False

    def __call__(self, visit: Visit) -> float:
        """Return the time of the next visit."""
        source, moment = visit.source, datetime.fromtimestamp(visit.at, UTC)
        rhythm = self.rhythm or Rhythm.first(moment, source=source.name, limits=self.limits)
        if visit.failure is not None:
            hard = visit.failure in {404, 410}
            self.rhythm = rhythm.failed(moment, hard=hard, status=visit.failure)
            return self.rhythm.next_visit.timestamp()
        self.rhythm = rhythm.visited(
            moment,
            fresh=[source.date(item, at=visit.at) for item in visit.fresh],
            listed=visit.listed,
            changed=bool(visit.fresh),
            hint=source.hint,
        )
        silent = self.rhythm.silent_since is not None
        self.alarms += silent and not self.silent
        self.silent = silent
        return self.rhythm.next_visit.timestamp()


@dataclass
class Outcome:
    """What a policy did with some sources in the month."""

    sources: int = 0
    requests: int = 0
    lost: int = 0
    alarms: int = 0
    false_alarms: int = 0
    waits: list[float] = field(default_factory=list)
    """Seconds, one an item found."""
    unseen: int = 0
    """Items of the month that were not found by its end and not lost yet."""

    def add(self, other: "Outcome") -> None:
        """Count what *other* counted too."""
        self.sources += other.sources
        self.requests += other.requests
        self.lost += other.lost
        self.alarms += other.alarms
        self.false_alarms += other.false_alarms
        self.unseen += other.unseen
        self.waits += other.waits

    @property
    def summary(self) -> dict[str, float]:
        """Minutes that items waited."""
        points = quantiles(self.waits, n=100) if len(self.waits) > 1 else [math.nan] * 99
        mean = fmean(self.waits) if self.waits else math.nan
        return {
            "median": points[49] / MINUTE,
            "mean": mean / MINUTE,
            "p90": points[89] / MINUTE,
            "p99": points[98] / MINUTE,
        }


def follow(source: Source, policy: Policy, *, end: float) -> Outcome:
    """Return what *policy* finds of one source until *end*."""
    outcome = Outcome(sources=1)
    at, seen = source.found, 0
    first = True
    while at < end:
        outcome.requests += 1
        status = source.failing(at)
        if status is not None:
            at = policy(Visit(source, at, failure=status))
            continue
        upto = bisect_right(source.announced, at)
        shown = max(seen, upto - source.window)
        fresh = source.announced[shown:upto]
        if not first:
            outcome.lost += shown - seen
            outcome.waits += [at - item for item in fresh]
        seen, first = upto, False
        at = policy(Visit(source, at, fresh, min(source.window, upto)))
    outcome.unseen += 0 if first else bisect_right(source.announced, end) - seen
    if isinstance(policy, Adaptive):
        outcome.alarms = policy.alarms
        outcome.false_alarms = 0 if source.kind in SILENT else policy.alarms
    return outcome


def month(found: Sequence[Source], policy: Callable[[], Policy], *, days: float) -> dict[str, Outcome]:
    """Return the outcome for each kind of source; *policy* makes one a source."""
    outcomes: dict[str, Outcome] = defaultdict(Outcome)
    for source in found:
        outcomes[source.kind].add(follow(source, policy(), end=START + days * DAY))
    return outcomes


def total(outcomes: dict[str, Outcome]) -> Outcome:
    whole = Outcome()
    for outcome in outcomes.values():
        whole.add(outcome)
    return whole


HEADS = ["requests", "items", "median", "mean", "p90", "p99", "lost", "unseen", "alarms", "false"]


def _line(name: str, outcome: Outcome) -> str:
    numbers = outcome.summary
    waits = "".join(f"{numbers[key]:9.1f}" for key in ("median", "mean", "p90", "p99"))
    counts = (outcome.lost, outcome.unseen, outcome.alarms, outcome.false_alarms)
    return f"{name:22}{outcome.sources:5}{outcome.requests:9,}{len(outcome.waits):9,}{waits}" + "".join(
        f"{count:7,}" for count in counts
    )


def _policies(options: argparse.Namespace) -> dict[str, Callable[[], Policy]]:
    peers: dict[str, Callable[[], Policy]] = {
        "fixed 15 min": partial(partial, fixed),
        "news-crawl (90 min)": partial(NewsCrawl, 90 * MINUTE),
        "news-crawl (5 min)": partial(NewsCrawl, 5 * MINUTE),
        "mediacloud": MediaCloud,
    }
    own: dict[str, Callable[[], Policy]] = {
        f"adaptive, worth {worth:g}": partial(Adaptive, Limits(worth=worth)) for worth in options.worth
    }
    return own if options.alone else peers | own


SLICES = 4
"""Parts of the sources that run side by side."""


def _run(seed: int, policy: Callable[[], Policy], days: float, part: int) -> dict[str, Outcome]:
    return month(sources(seed)[part::SLICES], policy, days=days)


def _joined(parts: Iterable[dict[str, Outcome]]) -> dict[str, Outcome]:
    outcomes: dict[str, Outcome] = defaultdict(Outcome)
    for part in parts:
        for kind, outcome in part.items():
            outcomes[kind].add(outcome)
    return {kind: outcomes[kind] for kind in KINDS if kind in outcomes}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--days", type=float, default=30)
    parser.add_argument("--worth", type=float, nargs="+", default=[Limits().worth])
    parser.add_argument("--by-kind", action="store_true")
    parser.add_argument("--alone", action="store_true", help="only the adaptive rhythm")
    options = parser.parse_args()
    policies = _policies(options)
    heads = "".join(f"{head:>{9 if i < 6 else 7}}" for i, head in enumerate(HEADS))
    with ProcessPoolExecutor() as workers:
        runs = {
            (seed, name): [workers.submit(_run, seed, policy, options.days, part) for part in range(SLICES)]
            for seed in options.seeds
            for name, policy in policies.items()
        }
        for seed in options.seeds:
            print(f"\n{f'seed {seed}; minutes':22}{'src':>5}{heads}")
            for name in policies:
                outcomes = _joined(part.result() for part in runs[seed, name])
                print(_line(name, total(outcomes)))
                for kind in outcomes if options.by_kind else ():
                    print(_line(f"  {kind}", outcomes[kind]))


if __name__ == "__main__":
    main()
