"""What a list of results shows of a text: the piece with most of what was asked for, and where that stands.

Texts are compared folded; positions are those of the text itself, of either script.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from unicodedata import east_asian_width

from pipelines.search.folding import MIDDLE_DOT, fold, fold_with_places
from pipelines.search.query import All, Either, Node, Words
from pipelines.search.schema import stem
from pipelines.search.tokens import compound, tokens, words_of

WIDTH = 160
"""Cells of a terminal that a snippet takes about; a Chinese character takes two."""

Span = tuple[int, int]
_MOST_SPANS = 1000
_SENTENCE_END = re.compile(r"[。！？!?]|\.(?=\s)|\n")


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of a text."""

    text: str
    start: int
    """Position in the text it is cut from."""
    highlights: tuple[Span, ...]
    """Begin and end (exclusive) in :attr:`text` of what was asked for."""
    whole: bool
    """Whether nothing of the text is missing."""


@dataclass(slots=True)
class Needles:
    """What a query looks for in texts, to be shown; what it refuses is none of it."""

    runs: set[str] = field(default_factory=set)
    """Chinese."""
    stems: set[str] = field(default_factory=set)
    exact: set[str] = field(default_factory=set)
    """Words of a phrase."""

    @classmethod
    def of(cls, node: Node) -> "Needles":
        """Return the needles of *node*."""
        found = cls()
        for words in _texts(node):
            found._add(words)
        return found

    def _add(self, words: Words) -> None:
        folded = fold(words.text)
        one = compound(folded)
        if one and not words.phrase:
            self.stems.add(stem(one))
        for token in tokens(folded):
            if token.is_han:
                self.runs.update([token.text] if words.phrase else words_of(token.text))
            elif words.phrase:
                self.exact.add(token.text)
            else:
                self.stems.add(stem(token.text))

    def spans(self, text: str) -> list[Span]:
        """Return where in *text* the needles stand, in order and apart from one another."""
        folded, places = fold_with_places(text)
        places.append(len(text))
        pattern = self._pattern()
        found: list[Span] = []
        for token in tokens(folded):
            if not token.is_han:
                if token.text in self.exact or stem(token.text) in self.stems:
                    found.append((token.start, token.end))
            elif pattern is not None:
                run = folded[token.start : token.end]
                found += [(token.start + at.start(), token.start + at.end()) for at in pattern.finditer(run)]
        return [(places[start], places[end - 1] + 1) for start, end in found[:_MOST_SPANS]]

    def _pattern(self) -> re.Pattern[str] | None:
        longest_first = sorted(self.runs, key=lambda run: (-len(run), run))
        forms = (f"{MIDDLE_DOT}?".join(map(re.escape, run)) for run in longest_first)
        return re.compile("|".join(forms)) if self.runs else None


def snippet(text: str, needles: Needles, *, width: int = WIDTH) -> Snippet:
    """Return the piece of *text* that has most different needles in about *width* cells.

    Where none stands in it, its beginning.
    """
    spans = needles.spans(text)
    first, last = _densest(text, spans, width)
    start, end = _around(text, first, last, width)
    inside = tuple((begin - start, stop - start) for begin, stop in spans if start <= begin and stop <= end)
    return Snippet(text[start:end], start, inside, whole=start == 0 and end == len(text))


def _texts(node: Node) -> Iterator[Words]:
    if isinstance(node, Words) and node.field != "author":
        yield node
    elif isinstance(node, All | Either):
        for part in node.parts:
            yield from _texts(part)


def _densest(text: str, spans: list[Span], width: int) -> Span:
    """Return begin and end of the spans that have most different texts within *width*, the first such."""
    best, most = (0, 0), 0
    for number, (begin, _) in enumerate(spans):
        found: set[str] = set()
        for start, stop in spans[number:]:
            if _cells(text[begin:stop]) > width and found:
                break
            found.add(fold(text[start:stop]))
            if len(found) > most:
                best, most = (begin, stop), len(found)
    return best


def _around(text: str, first: int, last: int, width: int) -> Span:
    """Return a piece with *first* to *last* in it, from a sentence's or word's beginning if one is near."""
    spare = max(0, width - _cells(text[first:last]))
    start = _back(text, first, spare // 3)
    ends = [match.end() for match in _SENTENCE_END.finditer(text, start, first)]
    if ends:
        start = ends[-1]
    elif start:
        start = _after_blank(text, start, first)
    while start < first and text[start].isspace():
        start += 1
    end = _forth(text, last, width - _cells(text[start:last]))
    if end < len(text):
        blank = max(text.rfind(" ", last, end), text.rfind("\n", last, end))
        end = blank if blank > end - 20 else end
    return start, end


def _after_blank(text: str, start: int, first: int) -> int:
    """Return the beginning of the first whole word behind *start*, which may be in the midst of one."""
    if not (text[start].isascii() and text[start - 1].isascii()):
        return start
    blank = text.find(" ", start, min(first, start + 20))
    return start if blank < 0 else blank + 1


def _back(text: str, at: int, cells: int) -> int:
    while at > 0 and cells > 0:
        at -= 1
        cells -= _cells(text[at])
    return at


def _forth(text: str, at: int, cells: int) -> int:
    while at < len(text) and cells > 0:
        cells -= _cells(text[at])
        at += 1
    return at


def _cells(text: str) -> int:
    return len(text) + sum(east_asian_width(each) in "WF" for each in text)
