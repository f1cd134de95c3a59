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
import random
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from statistics import fmean, quantiles
from typing import Any

from crawler.visits import Limits, Rhythm

START = datetime(2026, 11, 2, tzinfo=UTC).timestamp()
"""A Monday."""
MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0
HISTORY_DAYS = 400


@dataclass(frozen=True)
class Source:
    """One source as it really is; times in seconds since 1970."""

    name: str
    kind: str
    announced: Sequence[float]
    """Every announcement, before and during the month, rising."""
    window: int
    """How many items it lists."""
    found: float
    """When the crawler learns of it."""
    dated: str = "true"
    """What date items bear: ``true``, ``none``, ``stamp`` (the time of the visit) or ``zone`` (8 h ahead)."""
    down: tuple[tuple[float, float, int], ...] = ()
    """Stretches of time at which it fails, and the status then."""
    hint: timedelta | None = None

    def failing(self, at: float) -> int | None:
        """Return the status with which it fails at a time, None where it does not."""
        return next((status for start, end, status in self.down if start <= at < end), None)

    def date(self, announced: float, *, at: float) -> datetime | None:
        """Return what an item says of its date, as seen at a visit."""
        if self.dated == "none":
            return None
        moment = {"stamp": at, "zone": announced + 8 * HOUR}.get(self.dated, announced - 2 * MINUTE)
        return datetime.fromtimestamp(moment, UTC)


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


def thinned(
    chance: random.Random,
    per_day: float,
    shape: Callable[[float], float],
    *,
    peak: float,
    start: float,
    end: float,
) -> Iterator[float]:
    """Yield times of a Poisson process whose rate follows *shape*, at most *peak*, of mean about 1."""
    at = start
    while True:
        at += chance.expovariate(per_day * peak / DAY)
        if at >= end:
            return
        if chance.random() * peak < shape(at):
            yield at


def working(chance: random.Random, *, weekend: float, night: float) -> Callable[[float], float]:
    """Return the relative intensity of a newsroom somewhere in the world, over time."""
    zone = chance.choice([-8, -5, 0, 1, 2, 3, 8, 8, 9])
    hours = [night + max(0.0, math.sin(math.pi * (hour - 6) / 17)) for hour in range(24)]
    mean = sum(hours) / 24

    def shape(at: float) -> float:
        local = at + zone * HOUR
        quiet = weekend if int(local // DAY + 3) % 7 >= 5 else 1.0
        return hours[int(local // HOUR) % 24] / mean * quiet / ((5 + 2 * weekend) / 7)

    return shape


def clustered(chance: random.Random, times: Iterable[float], *, share: float) -> Iterator[float]:
    """Yield *times*, some of them followed by a few more within minutes, as editors publish."""
    for at in times:
        yield at
        after = at
        while chance.random() < share:
            after += chance.expovariate(1 / (4 * MINUTE))
            yield after


def newsroom(
    chance: random.Random,
    *,
    a_day: tuple[float, float],
    night: float = 0.08,
    back: float = HISTORY_DAYS,
    forth: float = 40.0,
) -> list[float]:
    per_day = math.exp(chance.uniform(math.log(a_day[0]), math.log(a_day[1])))
    newsy = {day: chance.gammavariate(8, 1 / 8) for day in range(-HISTORY_DAYS - 30, int(forth) + 2)}
    usual = working(chance, weekend=chance.uniform(0.25, 0.9), night=night)

    def shape(at: float) -> float:
        return usual(at) * newsy[int((at - START) // DAY)]

    start = START - min(back, 400 / per_day + 10 if back else 0) * DAY
    times = thinned(chance, per_day / 1.25, shape, peak=6.0, start=start, end=START + forth * DAY)
    return sorted(clustered(chance, times, share=0.2))


def weekly(chance: random.Random, *, items: tuple[int, int]) -> list[float]:
    """Return an issue a week, at about the same hour, now and then none."""
    hour_of_week = chance.uniform(0, 7 * 24)
    times: list[float] = []
    for week in range(-30, 7):
        issue = START + week * 7 * DAY + hour_of_week * HOUR + chance.gauss(0, 20 * MINUTE)
        if chance.random() < 0.95:
            times += [issue + chance.uniform(0, 30 * MINUTE) for _ in range(chance.randint(*items))]
    return sorted(times)


def batches(chance: random.Random) -> list[float]:
    """Return batches twice a day, at about the same hours."""
    hours = chance.sample(range(24), 2)
    times: list[float] = []
    for day in range(-30, 41):
        for hour in hours:
            at = START + day * DAY + hour * HOUR + chance.gauss(0, 15 * MINUTE)
            times += [at + chance.uniform(0, MINUTE) for _ in range(chance.randint(4, 15))]
    return sorted(times)


def _agency(chance: random.Random) -> dict[str, Any]:
    times = newsroom(chance, a_day=(250, 500), night=0.6)
    return {"announced": times, "window": chance.choice([50, 100, 200])}


def _small_window(chance: random.Random) -> dict[str, Any]:
    return {"announced": newsroom(chance, a_day=(50, 150)), "window": chance.choice([8, 10, 12])}


def _dead(chance: random.Random) -> dict[str, Any]:
    ago = chance.uniform(20, 380) * DAY
    return {"announced": [at - ago for at in newsroom(chance, a_day=(0.3, 20), forth=0)]}


def _stopped(chance: random.Random) -> dict[str, Any]:
    stop = START + chance.uniform(5, 20) * DAY
    return {"announced": [at for at in newsroom(chance, a_day=(3, 100)) if at < stop]}


def _revived(chance: random.Random) -> dict[str, Any]:
    before = [at - 60 * DAY for at in newsroom(chance, a_day=(1, 20), forth=0)]
    again = START + chance.uniform(5, 20) * DAY
    after = [at for at in newsroom(chance, a_day=(5, 30), back=0) if at > again]
    return {"announced": before[-200:] + after}


def _newborn(chance: random.Random) -> dict[str, Any]:
    found = START + chance.uniform(0, 10) * DAY
    return {"announced": [at for at in newsroom(chance, a_day=(2, 60), back=0) if at > found], "found": found}


def _outage(chance: random.Random) -> dict[str, Any]:
    begin = START + chance.uniform(4, 20) * DAY
    end = begin + chance.uniform(0.1, 4) * DAY
    down = ((begin, end, chance.choice([404, 500, 503])),)
    return {"announced": newsroom(chance, a_day=(10, 100)), "down": down}


def _import(chance: random.Random) -> dict[str, Any]:
    when = START + chance.uniform(5, 20) * DAY
    times = [*newsroom(chance, a_day=(0.5, 6)), *(when + i / 10 for i in range(500))]
    return {"announced": sorted(times), "window": 600}


KINDS: dict[str, tuple[int, Callable[[random.Random], dict[str, Any]]]] = {
    "agency": (8, _agency),
    "paper": (20, lambda chance: {"announced": newsroom(chance, a_day=(60, 220))}),
    "local paper": (26, lambda chance: {"announced": newsroom(chance, a_day=(12, 50))}),
    "section": (22, lambda chance: {"announced": newsroom(chance, a_day=(2, 10))}),
    "blog": (30, lambda chance: {"announced": newsroom(chance, a_day=(0.1, 1.5), night=0.3)}),
    "weekly": (14, lambda chance: {"announced": weekly(chance, items=(4, 18))}),
    "rare": (10, lambda chance: {"announced": newsroom(chance, a_day=(0.02, 0.08), night=0.3)}),
    "batches": (8, lambda chance: {"announced": batches(chance)}),
    "small window": (8, _small_window),
    "newborn": (8, _newborn),
    "outage": (8, _outage),
    "import": (4, _import),
    "ttl of an hour": (
        4,
        lambda chance: {"announced": newsroom(chance, a_day=(5, 60)), "hint": timedelta(hours=1)},
    ),
    "revived": (4, _revived),
    "stopped": (4, _stopped),
    "dead": (18, _dead),
    "never": (4, lambda _chance: {"announced": []}),
}
"""How many of 200 sources are of each kind, and what is special about one."""

SILENT = {"revived", "stopped", "dead"}
"""Kinds whose alarm is right."""


def sources(seed: int, *, one_in: int = 1) -> list[Source]:
    """Return the sources of the month, or of each kind one in so many, at least one."""
    chance = random.Random(seed)
    made = []
    for kind, (count, special) in KINDS.items():
        for number in range(max(1, count // one_in)):
            dated = chance.choices(["true", "none", "stamp", "zone"], [80, 10, 5, 5])[0]
            usual = {"found": START, "window": chance.choice([20, 25, 30, 50, 100]), "dated": dated}
            name = f"https://{kind.replace(' ', '-')}-{number}.example/feed"
            made.append(Source(name=name, kind=kind, **{**usual, **special(chance)}))
    return made


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
