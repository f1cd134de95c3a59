"""Which passages of a page say the same in two languages.

Alignment by length after Gale and Church (A Program for Aligning Sentences in Bilingual Corpora,
Computational Linguistics 19, 1993), of passages instead of sentences: one to one, none, two and three to one,
two to two, and two that changed places. Anchors (numbers, names, frequent words, marks), the kind of the
passages, and the page's own order where languages take turns speak for or against as well. Everything is a
logarithm of odds (alike because they say the same, or by chance), so that all ways through both texts can be
summed up: a pair is told when most of the probability is with it, and none where lengths are alike and
nothing else tells passages apart.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from pipelines.extract.article import Passage, PassageKind
from pipelines.extract.beads import linked
from pipelines.extract.likeness import Likeness, Side, side_of

_LEAST = 0.2
"""Part of a page's text that a second language must have; a quotation has less."""
_MOST = 400
"""Passages of a language that are aligned; the page is no article beyond."""
SURE = 0.6
"""Probability from which a pair is told."""
_WORTH = 0.5
"""Part of the shorter text that must have found its like; else they say different things."""
_EVIDENCE = 6.0
_OF_EACH = 0.8
"""What must speak for all pairs together, as the logarithm of odds, for texts to be taken for the same: this,
or where they are short, so much for each passage."""
_SKIPPED = frozenset((PassageKind.CODE, PassageKind.CAPTION))


@dataclass(frozen=True, slots=True)
class Pair:
    """Two passages, by position, that say the same or share a part of what they say."""

    first: int
    second: int
    odds: float
    """Probability, 0 to 1."""


def align(passages: Sequence[Passage]) -> tuple[Pair, ...]:
    """Return the pairs among *passages* in their two main languages, if those say the same at all.

    A passage is in several pairs where its like was parted. The first of a pair is in the main language.
    """
    sides = _sides(passages)
    if sides is None:
        return ()
    first, second = sides
    likeness = Likeness(first, second, alternating=_alternates(sides))
    links = linked(likeness, (len(first.places), len(second.places)))
    sure = {link: odds for link, odds in links.odds.items() if odds >= SURE}
    least = min(_EVIDENCE, _OF_EACH * min(len(first.places), len(second.places)))
    if links.evidence < least or not _are_worth(sure, sides):
        return ()
    return tuple(Pair(first.places[i], second.places[j], odds) for (i, j), odds in sorted(sure.items()))


def with_parallels(passages: Sequence[Passage]) -> tuple[Passage, ...]:
    """Return *passages*, each with the positions of those that say the same in another language."""
    others: dict[int, list[int]] = {}
    for pair in align(passages):
        others.setdefault(pair.first, []).append(pair.second)
        others.setdefault(pair.second, []).append(pair.first)
    return tuple(
        replace(passage, parallel=tuple(sorted(others[place]))) if place in others else passage
        for place, passage in enumerate(passages)
    )


def parallel_texts(passages: Sequence[Passage]) -> Iterator[Mapping[str, str]]:
    """Yield what *passages* say twice: the text by language, joined by line feeds where there are several."""
    seen: set[int] = set()
    for place, passage in enumerate(passages):
        if passage.parallel and place not in seen:
            sides = _together(passages, place)
            seen.update(*sides)
            yield {
                passages[min(side)].language: "\n".join(passages[each].text for each in sorted(side))
                for side in sides
                if side
            }


def _together(passages: Sequence[Passage], place: int) -> tuple[set[int], set[int]]:
    """Return the positions of all that is tied to the passage at *place*: its own side, and the other."""
    sides: tuple[set[int], set[int]] = {place}, set()
    new = [(place, 0)]
    while new:
        at, which = new.pop()
        found = {other for other in passages[at].parallel if other < len(passages)} - sides[0] - sides[1]
        sides[1 - which].update(found)
        new.extend((other, 1 - which) for other in found)
    return sides


def _sides(passages: Sequence[Passage]) -> tuple[Side, Side] | None:
    """Return the passages of the two main languages; None where there is but one, or too much of them."""
    for spoken in (_primary, _whole):
        places: dict[str, list[int]] = {}
        for place, passage in enumerate(passages):
            if passage.language != "und" and passage.kind not in _SKIPPED:
                places.setdefault(spoken(passage), []).append(place)
        weights = {language: sum(_size(passages[at]) for at in found) for language, found in places.items()}
        main = sorted(weights, key=lambda language: -weights[language])[:2]
        if len(main) == 2 and weights[main[1]] >= _LEAST * sum(weights.values()):
            if max(len(places[language]) for language in main) > _MOST:
                return None
            return side_of(passages, places[main[0]]), side_of(passages, places[main[1]])
    return None


def _primary(passage: Passage) -> str:
    """Return the language without its script: a short passage does not tell which Chinese it is in."""
    return passage.language.partition("-")[0]


def _whole(passage: Passage) -> str:
    return passage.language


def _size(passage: Passage) -> int:
    return len(passage.text.encode("utf-8", "replace"))


def _alternates(sides: tuple[Side, Side]) -> bool:
    """Whether the languages take turns on the page, so that neighbours belong together."""
    places = sorted((*sides[0].places, *sides[1].places))
    own = set(sides[0].places)
    turns = sum((one in own) != (other in own) for one, other in pairwise(places))
    return turns > 0.6 * len(places)


def _are_worth(links: Mapping[tuple[int, int], float], sides: tuple[Side, Side]) -> bool:
    """Whether the *links* hold enough of the text of the side that has less."""
    which = 0 if sum(sides[0].sizes) < sum(sides[1].sizes) else 1
    sizes = sides[which].sizes
    return sum(sizes[at] for at in {link[which] for link in links}) >= _WORTH * sum(sizes)
