"""Lines that come and go: what many captures tell of an advertisement, a ticker, a rotating box.

Nothing here looks at one capture alone. A line that comes, stays, and goes once is an edit; so is one that
is changed into a like one, however often.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from itertools import pairwise
from typing import Final

from rapidfuzz.distance import Indel

from pipelines.edits.differences import aligned, alike
from pipelines.edits.furniture import Line, is_sentence
from pipelines.edits.reading import Reading
from pipelines.edits.signs import is_notice

TURNS: Final = 3
"""Times that a line must come or go, in one article or all over a site: an edit that is taken back is two."""

TICKERS: Final = 2
"""Articles in which a short line must come with other figures each time."""

OCCUPANTS: Final = 3
"""Unlike texts, one in the place of the other, from which on the place is taken for one of advertisements."""

_FIGURES = re.compile(r"[+-]?\d+(?:[.,:]\d+)*")
_OCCUPANT = 400
_OWN_FIGURES = 0.7
_SHARE = 0.34
"""Part of an article's text that a place of advertisements may hold."""


class Furniture:
    """The lines of one site that come and go in several of its articles."""

    def __init__(self, marks: AbstractSet[str] = frozenset()) -> None:
        self._marks = marks

    @classmethod
    def of(cls, histories: Iterable[Sequence[Reading]]) -> "Furniture":
        """Return what comes and goes in *histories*, the readings of the articles of a site.

        What is a bare link in one article is no text of another. A line counts, too, that often goes without
        a like one in its place; and a short one with figures where these are others in every article: a
        figure of the story is the same in all that tell it.
        """
        turns: Counter[str] = Counter()
        links: set[str] = set()
        tickers: dict[str, list[tuple[int, set[str]]]] = defaultdict(list)
        for readings in histories:
            turns.update(_turns(readings))
            links.update(*(reading.bare_links for reading in readings))
            for mask, change in _changing(readings).items():
                tickers[mask].append(change)
        marks = {key for key, count in turns.items() if count >= TURNS}
        return cls(marks | links | {mask for mask, changes in tickers.items() if _is_ticker(changes)})

    def among(self, readings: Iterable[Reading]) -> set[str]:
        """Return the lines of *readings* that are furniture."""
        if not self._marks:
            return set()
        keys = {line.key: line for reading in readings for line in reading.lines}
        return {key for key, line in keys.items() if key in self._marks or _mask(line) in self._marks}


def _turns(readings: Sequence[Reading]) -> Counter[str]:
    """Return how often each line came or went in *readings*, without those that ever do so for a like one.

    Notices of the editors are none of them: the same one may be added to many articles.
    """
    found: Counter[str] = Counter()
    paired: set[str] = set()
    for before, after in _steps(readings):
        gone, come = _only(before, after), _only(after, before)
        for own, others in ((gone, come), (come, gone)):
            for key in own:
                found[key] += 1
                if any(alike(key, other) for other in others):
                    paired.add(key)
    notices = {line.key for reading in readings for line in reading.lines if is_notice(line.text)}
    return Counter({key: count for key, count in found.items() if key not in paired | notices})


def _changing(readings: Sequence[Reading]) -> dict[str, tuple[int, set[str]]]:
    """Return how often short lines with figures came, went or changed, and the forms that they had."""
    forms: dict[str, set[str]] = defaultdict(set)
    turns: Counter[str] = Counter()
    shown = [_masked(reading) for reading in readings]
    for lines in shown:
        for mask, keys in lines.items():
            forms[mask] |= keys
    for before, after in pairwise(shown):
        turns.update(mask for mask in before.keys() | after.keys() if before.get(mask) != after.get(mask))
    return {mask: (count, forms[mask]) for mask, count in turns.items()}


def _is_ticker(changes: Sequence[tuple[int, set[str]]]) -> bool:
    turns = sum(count for count, _ in changes)
    forms = sum(len(keys) for _, keys in changes)
    different = len(set().union(*(keys for _, keys in changes)))
    return len(changes) >= TICKERS and turns >= TURNS and different >= _OWN_FIGURES * forms


def _masked(reading: Reading) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for line in reading.lines:
        if (mask := _mask(line)) != line.key:
            found[mask].add(line.key)
    return found


def _mask(line: Line) -> str:
    return line.key if is_sentence(line) else _FIGURES.sub("#", line.key)


def _steps(readings: Sequence[Reading]) -> list[tuple[Reading, Reading]]:
    return [pair for pair in pairwise(readings) if pair[0].lines != pair[1].lines]


def passing(readings: Sequence[Reading]) -> set[str]:
    """Return the lines that only pass by in *readings*, the captures of one article in order of time."""
    steps = _steps(readings)
    if len(steps) < OCCUPANTS - 1:
        return set()
    often = {key for key, count in _turns(readings).items() if count >= TURNS}
    return often | _rotating(steps)


def _only(one: Reading, other: Reading) -> list[str]:
    known = set(other.keys)
    return [key for key in dict.fromkeys(one.keys) if key not in known]


def _rotating(steps: Sequence[tuple[Reading, Reading]]) -> set[str]:
    """Return what stood in places where at least :data:`OCCUPANTS` unlike short texts took turns."""
    places: dict[tuple[str, str], list[tuple[str, ...]]] = defaultdict(list)
    for before, after in steps:
        for place, gone, come in _replaced(before, after):
            held = places[place]
            if not held or held[-1] != gone:
                held[:] = [gone]
            held.append(come)
    return {key for held in places.values() if _unlike(held) for keys in held for key in keys}


def _replaced(
    before: Reading, after: Reading
) -> Iterable[tuple[tuple[str, str], tuple[str, ...], tuple[str, ...]]]:
    """Yield each place (the line before, the line behind) where short texts gave way to others or none."""
    old, new = before.keys, after.keys
    for op, a, b, c, d in aligned(old, new):
        gone, come = old[a:b], new[c:d]
        if op != "equal" and _is_box(before.lines[a:b], before) and _is_box(after.lines[c:d], after):
            yield (old[a - 1] if a else "", old[b] if b < len(old) else ""), gone, come


def _is_box(lines: Sequence[Line], reading: Reading) -> bool:
    held = sum(len(line.key) for line in lines)
    whole = sum(len(line.key) for line in reading.lines)
    return held <= _OCCUPANT and held <= _SHARE * whole and not any(is_notice(line.text) for line in lines)


def _unlike(held: Sequence[tuple[str, ...]]) -> bool:
    different = [keys for keys in dict.fromkeys(held) if keys]
    if len(different) < OCCUPANTS:
        return False
    texts = ["\n".join(keys) for keys in different]
    return all(
        Indel.normalized_similarity(texts[at], texts[to]) < 0.6 and not alike(texts[at], texts[to])
        for at in range(len(texts))
        for to in range(at)
    )
