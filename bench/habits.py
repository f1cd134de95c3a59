"""Sources with habits of their own, as the simulated month has them."""

import math
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

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
