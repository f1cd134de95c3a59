"""All monotone ways through two texts at once: how probable it is that two passages belong together.

The forward-backward algorithm over beads (which passages of the one correspond to which of the other), within
a band around the diagonal.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import exp, log, log1p
from typing import NamedTuple

from pipelines.extract.likeness import Likeness

_BAND = 8
"""Passages by which a pair may stand off the diagonal, beside the difference of the two counts."""
_CELLS = 12_000
"""Cells that are looked at where the band allows for more; half a second."""
_BEADS = {
    (1, 1): log(0.87), (1, 0): log(0.05), (0, 1): log(0.05), (2, 1): log(0.03), (1, 2): log(0.03),
    (2, 2): log(0.0015), (3, 1): log(0.003), (1, 3): log(0.003),
}  # fmt: skip
"""What may correspond, and the logarithm of how often it does (one to one also in other order)."""
_SWAPPED = log(0.004)
_HOPELESS = -14.0
"""Odds of a bead, as a logarithm, below which it is not looked at."""
_LEAST = 1e-6

_Cell = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Links:
    """What two texts have in common."""

    odds: Mapping[_Cell, float]
    """The probability of each pair that may be, by the passages' numbers on both sides."""
    evidence: float
    """What speaks for all pairs together, as the logarithm of odds."""


def linked(likeness: Likeness, ends: _Cell) -> Links:
    """Return which passages belong together; *ends* are how many there are on both sides."""
    ways = _forward(likeness, ends)
    after: dict[_Cell, float] = {ends: 0.0}
    links: dict[_Cell, float] = {}
    evidence = 0.0
    whole = ways[ends][0]
    for cell in reversed(ways):
        behind = after.get(cell)
        if behind is None:
            continue
        for step in ways[cell][1]:
            before = cell[0] - step.move[0], cell[1] - step.move[1]
            score = step.prior + step.score
            after[before] = _sum(after.get(before), behind + score)
            odds = exp(min(0.0, ways[before][0] + score + behind - whole))
            if odds > _LEAST:
                evidence += odds * step.score
                for link in _links(cell, step):
                    links[link] = links.get(link, 0.0) + odds
    return Links(links, evidence)


class _Step(NamedTuple):
    """A bead that may end at a cell."""

    move: _Cell
    prior: float
    score: float
    """What the passages say, as the logarithm of odds."""
    crossed: bool = False


def _forward(likeness: Likeness, ends: _Cell) -> dict[_Cell, tuple[float, list[_Step]]]:
    """Return, for each cell in the order of reading, the sum of all ways there and the last steps to it."""
    slope = ends[1] / ends[0]
    band = min(_BAND + abs(ends[1] - ends[0]), max(_BAND, _CELLS // (2 * ends[0] + 1)))
    ways: dict[_Cell, tuple[float, list[_Step]]] = {(0, 0): (0.0, [])}
    for i in range(ends[0] + 1):
        for j in range(max(0, int(i * slope) - band), min(ends[1], int(i * slope) + band) + 1):
            total, steps = None, []
            for step in _steps(likeness, i, j):
                before = ways.get((i - step.move[0], j - step.move[1]))
                if before is not None:
                    steps.append(step)
                    total = _sum(total, before[0] + step.prior + step.score)
            if total is not None:
                ways[i, j] = total, steps
    return ways  # the end is there: all may be without like, within the band


def _steps(likeness: Likeness, i: int, j: int) -> Iterator[_Step]:
    """Yield the beads that may end at *i*, *j*."""
    for (a, b), prior in _BEADS.items():
        if a <= i and b <= j:
            score = likeness.of(i - a, i, j - b, j) if a and b else 0.0
            if score > _HOPELESS:
                yield _Step((a, b), prior, score)
    if i >= 2 and j >= 2:
        score = likeness.of(i - 2, i - 1, j - 1, j) + likeness.of(i - 1, i, j - 2, j - 1)
        if score > _HOPELESS:
            yield _Step((2, 2), _SWAPPED, score, crossed=True)


def _links(cell: _Cell, step: _Step) -> Iterator[_Cell]:
    i, j = cell
    if step.crossed:
        yield from ((i - 2, j - 1), (i - 1, j - 2))
        return
    a, b = step.move
    yield from ((one, other) for one in range(i - a, i) for other in range(j - b, j))


def _sum(one: float | None, other: float) -> float:
    """Return the logarithm of the sum of what two logarithms stand for."""
    if one is None:
        return other
    high, low = (one, other) if one > other else (other, one)
    return high + log1p(exp(low - high)) if high - low < 40 else high
