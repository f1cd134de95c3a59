"""Which passages of a page say the same in two languages.

Alignment by length after Gale and Church (A Program for Aligning Sentences in Bilingual Corpora,
Computational Linguistics 19, 1993), of passages instead of sentences, with three signals more: anchors
(numbers, names and marks that both sides have), the kind of the passages, and the page's own order where
languages take turns. Two columns, two tabs and alternating paragraphs come out alike: the order within each
language is what counts.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import erfc, log, sqrt

from pipelines.extract.anchors import anchors
from pipelines.extract.article import Passage, PassageKind

_LEAST = 0.2
"""Part of a page's text that a second language must have; a quotation has less."""
_RATIO = (0.45, 2.2)
"""Bytes of one language for a byte of the other; beyond, one side is but a summary of the other."""
_MOST = 600
"""Passages of a language that are aligned; the page is no article beyond."""
_BAND = 25
"""Passages by which a pair may stand off the diagonal, beside the difference of the two counts."""
_SPREAD = 0.1
_FIXED = 60.0
"""Standard deviation of a passage's length as a part of it, and the variance in bytes of the shortest ones.
Gale and Church's 6.8 a character is for sentences, and makes too little of the length of paragraphs."""
_MOVES = {
    (1, 1): 0.0, (1, 0): 4.0, (0, 1): 4.0, (2, 1): 5.0, (1, 2): 5.0, (2, 2): 7.0, (3, 1): 6.6, (1, 3): 6.6,
}  # fmt: skip
"""What may correspond, and what it costs: the negative logarithm of how much rarer than one to one it is."""
_ANCHOR = 2.5
_LACKED = 0.3
_KIND = 4.0
_NEXT = 3.0
_WORTH = 0.6
"""Part of the text of each language that must have found its like; else they say different things."""
_APART = 2.2
"""Mean cost of a pair above which nothing is aligned."""
_HOPELESS = 16.0
"""Cost of the lengths alone from which no other signal is asked: together they are worth less."""
_SKIPPED = frozenset((PassageKind.CODE, PassageKind.CAPTION))


@dataclass(frozen=True, slots=True)
class _Side:
    """The passages of one language."""

    places: Sequence[int]
    sizes: Sequence[int]
    """Bytes of UTF-8, in which Chinese and English of the same content are about as long."""
    anchors: Sequence[Counter[str]]
    kinds: Sequence[PassageKind]


@dataclass(frozen=True, slots=True)
class Pair:
    """Passages, by position, that say the same; one on each side as a rule."""

    first: tuple[int, ...]
    second: tuple[int, ...]
    cost: float
    """The lower the surer; below zero where anchors speak for it."""


def align(passages: Sequence[Passage]) -> tuple[Pair, ...]:
    """Return the pairs among *passages* in their two main languages, if those say the same at all."""
    sides = _sides(passages)
    if sides is None:
        return ()
    first, second = sides
    ratio = sum(second.sizes) / sum(first.sizes)
    if not _RATIO[0] <= ratio <= _RATIO[1]:
        return ()
    pairs = tuple(_aligned(first, second, ratio, alternating=_alternates(passages, sides)))
    return pairs if _are_worth(pairs, sides) else ()


def with_parallels(passages: Sequence[Passage]) -> tuple[Passage, ...]:
    """Return *passages*, each with the positions of those that say the same in another language."""
    others: dict[int, tuple[int, ...]] = {}
    for pair in align(passages):
        others |= dict.fromkeys(pair.first, pair.second) | dict.fromkeys(pair.second, pair.first)
    return tuple(
        replace(passage, parallel=others[place]) if place in others else passage
        for place, passage in enumerate(passages)
    )


def parallel_texts(passages: Sequence[Passage]) -> Iterator[Mapping[str, str]]:
    """Yield what *passages* say twice: the text by language, joined by line feeds where there are several."""
    seen: set[int] = set()
    for place, passage in enumerate(passages):
        if passage.parallel and place not in seen:
            there = passage.parallel
            here = passages[there[0]].parallel if there[0] < len(passages) else ()
            seen.update(here, there)
            yield {
                passages[group[0]].language: "\n".join(passages[each].text for each in group)
                for group in (here, there)
                if group
            }


def _sides(passages: Sequence[Passage]) -> tuple[_Side, _Side] | None:
    weights: Counter[str] = Counter()
    for passage in passages:
        if passage.language != "und" and passage.kind not in _SKIPPED:
            weights[passage.language] += len(passage.text.encode())
    main = [language for language, _ in weights.most_common(2)]
    if len(main) < 2 or weights[main[1]] < _LEAST * sum(weights.values()):
        return None
    first, second = (_side(passages, language) for language in main)
    return None if max(len(first.places), len(second.places)) > _MOST else (first, second)


def _side(passages: Sequence[Passage], language: str) -> _Side:
    places = [
        place
        for place, passage in enumerate(passages)
        if passage.language == language and passage.kind not in _SKIPPED
    ]
    texts = [passages[place].text for place in places]
    return _Side(
        places,
        [len(text.encode()) for text in texts],
        [anchors(text) for text in texts],
        [passages[place].kind for place in places],
    )


def _alternates(passages: Sequence[Passage], sides: tuple[_Side, _Side]) -> bool:
    """Whether the languages take turns on the page, so that neighbours belong together."""
    places = sorted((*sides[0].places, *sides[1].places))
    turns = sum(passages[one].language != passages[other].language for one, other in pairwise(places))
    return turns > 0.6 * len(places)


def _aligned(first: _Side, second: _Side, ratio: float, *, alternating: bool) -> Iterator[Pair]:
    """Yield the pairs on the cheapest way through both sides."""
    ends = len(first.places), len(second.places)
    slope = ends[1] / ends[0]
    band = _BAND + abs(ends[1] - ends[0])
    costs: dict[tuple[int, int], tuple[float, tuple[int, int], float]] = {(0, 0): (0.0, (0, 0), 0.0)}
    judge = _Judge(first, second, ratio, _lead(first, second, ratio) if alternating else 0)
    for i in range(ends[0] + 1):
        for j in range(max(0, int(i * slope) - band), min(ends[1], int(i * slope) + band) + 1):
            reached = [
                (costs[i - a, j - b][0] + step, (a, b), step)
                for (a, b), prior in _MOVES.items()
                if (i - a, j - b) in costs
                for step in (prior + judge.cost(i - a, i, j - b, j),)
            ]
            if reached:
                costs[i, j] = min(reached)
    at, way = ends, []
    while at != (0, 0):
        _, (a, b), step = costs[at]
        if a and b:
            way.append(
                Pair(tuple(first.places[at[0] - a : at[0]]), tuple(second.places[at[1] - b : at[1]]), step)
            )
        at = at[0] - a, at[1] - b
    yield from reversed(way)


class _Judge:
    """What it costs to take passages of two sides for the same."""

    def __init__(self, first: _Side, second: _Side, ratio: float, lead: int) -> None:
        self.sides = first, second
        self.ratio = ratio
        self.lead = lead

    def cost(self, start: int, end: int, low: int, high: int) -> float:
        """Return the cost of *start* to *end* of one side against *low* to *high* of the other."""
        if start == end or low == high:
            return 0.0
        first, second = self.sides
        sizes = sum(first.sizes[start:end]), sum(second.sizes[low:high])
        cost = _length_cost(*sizes, self.ratio)
        if cost > _HOPELESS:
            return cost
        cost -= _ANCHOR * self._shared(start, end, low, high)
        if first.kinds[start] is not second.kinds[low]:
            cost += _KIND
        if self.lead:
            cost -= _NEXT * self._beside(start, end, low, high)
        return cost

    def _shared(self, start: int, end: int, low: int, high: int) -> float:
        """Return how many anchors both sides have, less those that only one has."""
        first, second = self.sides
        one = first.anchors[start] if end - start == 1 else sum(first.anchors[start:end], Counter())
        other = second.anchors[low] if high - low == 1 else sum(second.anchors[low:high], Counter())
        if not one or not other:
            return 0.0
        shared = one & other
        both = shared.total()
        numbers = sum(not each[0].isalpha() for each in (one | other) - shared)
        return min(both, 4) - _LACKED * min(numbers, 4)

    def _beside(self, start: int, end: int, low: int, high: int) -> bool:
        """Whether the passages are neighbours on the page, those of the leading language first."""
        places = (*self.sides[0].places[start:end], *self.sides[1].places[low:high])
        led = (places[0] < places[-1]) == (self.lead > 0)
        return led and max(places) - min(places) == len(places) - 1


def _lead(first: _Side, second: _Side, ratio: float) -> int:
    """Return 1 where the first side's passages stand before their like, -1 where it is the second's."""
    there = dict(zip(second.places, second.sizes, strict=True))
    alone = _MOVES[1, 0]
    costs = {}
    for step in (1, -1):
        beside = [
            (size, there[at + step])
            for at, size in zip(first.places, first.sizes, strict=True)
            if at + step in there
        ]
        unpaired = len(first.places) + len(second.places) - 2 * len(beside)
        costs[step] = unpaired * alone + sum(_length_cost(*sizes, ratio) for sizes in beside)
    return min(costs, key=lambda step: costs[step])


def _length_cost(one: int, other: int, ratio: float) -> float:
    """Return the negative logarithm of how probable the lengths are of texts that say the same."""
    mean = (one * ratio + other) / 2
    spread = abs(other - one * ratio) / sqrt(_FIXED + (mean * _SPREAD) ** 2)
    return -log(max(erfc(spread / sqrt(2)), 1e-9))


def _are_worth(pairs: Sequence[Pair], sides: tuple[_Side, _Side]) -> bool:
    if not pairs or sum(pair.cost for pair in pairs) / len(pairs) > _APART:
        return False
    taken = {place for pair in pairs for place in (*pair.first, *pair.second)}
    return all(
        sum(size for place, size in zip(side.places, side.sizes, strict=True) if place in taken)
        >= _WORTH * sum(side.sizes)
        for side in sides
    )
