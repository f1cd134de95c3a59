"""What speaks for passages of two languages saying the same, as the logarithm of odds.

That is how much more probable what is seen is of a translation than of any two passages of the same page:
a number that stands on both sides once tells much, a length that all passages have tells nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log
from statistics import fmean, median, pstdev

from pipelines.extract.anchors import WORD, anchors
from pipelines.extract.article import Passage, PassageKind

_SPREAD = 0.13
_SHORT = 5.0
"""Standard deviation of the ratio of lengths; what the inverse of bytes adds to the variance."""
_NARROWEST = 0.25
"""Least spread that is assumed of the passages' lengths themselves."""
_FAR = -9.0
"""Odds of lengths from which no other signal is asked."""
_KEPT = {"number": 0.9, "name": 0.7, "mark": 0.75, "word": 0.5, "kind": 0.9}
"""How often a translation keeps what the original has."""
_MARKED = {WORD: "word", "#": "kind"}
_WEIGHT = {"number": 1.0, "name": 1.0, "mark": 0.7, "word": 0.7, "kind": 1.0}
"""How far they count: words of one subject come together."""
_KIND = "#"
"""What a passage's kind begins with where it is none of running text."""
_PLAIN = frozenset((_KIND + PassageKind.PARAGRAPH,))
_COUNTS = (0.0, *map(log, range(1, 4)))
_BESIDE = 3.0
_NOT_BESIDE = 1.5


@dataclass(frozen=True, slots=True)
class Side:
    """The passages of one language, in order."""

    places: Sequence[int]
    """Where they stand among all passages of the page."""
    sizes: Sequence[int]
    """Bytes of UTF-8, in which Chinese and English of the same content are about as long."""
    anchors: Sequence[frozenset[str]]
    """What their likes have as well, their kind included."""


@dataclass(frozen=True, slots=True)
class _Group:
    """Neighbouring passages of one side."""

    size: int
    """Bytes."""
    log: float
    count: int
    anchors: frozenset[str]
    alone: float
    """What speaks against it where none of its anchors is found on the other side."""


def side_of(passages: Sequence[Passage], places: Sequence[int]) -> Side:
    """Return the *passages* at *places* as one side."""
    found = [passages[place] for place in places]
    return Side(
        places,
        [max(1, len(each.text.encode("utf-8", "replace"))) for each in found],
        [anchors(each.text) | ({_KIND + each.kind} - _PLAIN) for each in found],
    )


class Likeness:
    """The odds of passages of *first* against passages of *second*, by their numbers in both."""

    def __init__(self, first: Side, second: Side, *, alternating: bool) -> None:
        self._sides = first, second
        self._shares = _shares(first), _shares(second)
        logs = [[log(size) for size in side.sizes] for side in self._sides]
        self._means = [fmean(sizes) for sizes in logs]
        self._spreads = [max(_NARROWEST, pstdev(sizes)) for sizes in logs]
        self._wide = [log(spread) for spread in self._spreads]
        self._ratio = _ratio(first, second)
        self._weights = {name: self._weight(name) for name in self._shares[0].keys() & self._shares[1].keys()}
        self._groups: tuple[dict[tuple[int, int], _Group], ...] = {}, {}
        self._known: dict[tuple[int, int, int, int], float] = {}
        self._lead = 0
        if alternating:
            self._lead = self._leading()
            self._known.clear()

    def of(self, start: int, end: int, low: int, high: int) -> float:
        """Return the odds of *start* to *end* of the first side against *low* to *high* of the second."""
        asked = start, end, low, high
        if asked not in self._known:
            self._known[asked] = self._odds(*asked)
        return self._known[asked]

    def _odds(self, start: int, end: int, low: int, high: int) -> float:
        first, second = self._group(0, start, end), self._group(1, low, high)
        odds = self._length(first, second)
        if odds < _FAR:
            return odds
        weights = self._weights
        odds += first.alone + second.alone
        odds += sum(weights[name] for name in first.anchors & second.anchors)
        if self._lead:
            odds += _BESIDE if self._beside(start, end, low, high) else -_NOT_BESIDE
        return odds

    def _length(self, first: _Group, second: _Group) -> float:
        """Return what the lengths say."""
        variance = _SPREAD**2 + _SHORT / min(first.size, second.size)
        off = second.log - first.log - self._ratio
        # What is compared with is the length that the side with fewer passages has by chance.
        which, group = (0, first) if first.count < second.count else (1, second)
        chance = (group.log - self._means[which] - _COUNTS[group.count]) / self._spreads[which]
        return (chance**2 - off**2 / variance - log(variance)) / 2 + self._wide[which]

    def _group(self, which: int, start: int, end: int) -> _Group:
        groups, side = self._groups[which], self._sides[which]
        if (start, end) not in groups:
            names = frozenset().union(*side.anchors[start:end]) & self._weights.keys()
            alone = sum(_lacking(name, self._shares[1 - which][name]) for name in names)
            size = sum(side.sizes[start:end])
            groups[start, end] = _Group(size, log(size), end - start, names, alone)
        return groups[start, end]

    def _weight(self, name: str) -> float:
        """Return what it says that both have *name*, beside taking back what lacking it says of each."""
        one, other = (shares[name] for shares in self._shares)
        kind = _kind(name)
        both = max(0.0, log(_KEPT[kind] / max(one, other))) * _WEIGHT[kind]
        return both - _lacking(name, one) - _lacking(name, other)

    def _beside(self, start: int, end: int, low: int, high: int) -> bool:
        """Whether the passages are neighbours on the page, those of the leading language first."""
        places = (*self._sides[0].places[start:end], *self._sides[1].places[low:high])
        led = (places[0] < places[-1]) == (self._lead > 0)
        return led and max(places) - min(places) == len(places) - 1

    def _leading(self) -> int:
        """Return 1 where the first side's passages stand before their like, -1 where it is the second's."""
        first, second = self._sides
        at = {place: number for number, place in enumerate(second.places)}
        odds = {
            step: sum(
                max(-4.0, self.of(number, number + 1, at[place + step], at[place + step] + 1))
                for number, place in enumerate(first.places)
                if place + step in at
            )
            for step in (1, -1)
        }
        return max(odds, key=lambda step: odds[step])


def _shares(side: Side) -> Mapping[str, float]:
    """Return in which part of the passages each anchor stands."""
    counts: dict[str, int] = {}
    for found in side.anchors:
        for name in found:
            counts[name] = counts.get(name, 0) + 1
    return {name: min(0.95, count / len(side.anchors)) for name, count in counts.items()}


def _ratio(first: Side, second: Side) -> float:
    """Return the logarithm of how much longer the second side says the same.

    The sums of both sides mislead where one lacks a part; so does nothing that the usual passage says.
    """
    whole = log(sum(second.sizes) / sum(first.sizes))
    usual = log(median(second.sizes) / median(first.sizes))
    return max(-0.5, min(0.5, whole if abs(whole) < abs(usual) else usual))


def _kind(name: str) -> str:
    if name[0] in _MARKED:
        return _MARKED[name[0]]
    return "number" if name[0].isdigit() else "name" if name[0].isalpha() else "mark"


def _lacking(name: str, share: float) -> float:
    """Return what it says that the other passage, of which *share* have *name*, lacks it."""
    kind = _kind(name)
    return min(0.0, log((1 - _KEPT[kind]) / (1 - share))) * _WEIGHT[kind]
