"""From text to what the index holds: words for ranking, units for phrases and recall.

Of ``英伟达 H20 chips`` the words are ``英伟达 h20 chips``, the units ``英伟 伟达 达 h20 chips``: each
character of a run of Chinese (Japanese, Korean) starts one unit, the two characters from there, at the end of
the run the last one alone. So a unit's position is its character's, any two characters that stand together
are found, and a phrase holds from script to script.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

import rjieba

from pipelines.search.folding import MIDDLE_DOT, fold

GAP = "¶"
"""A unit between passages, never itself indexed, so that no phrase reaches from one to the next."""

_LONGEST = 64
"""Characters of a unit; what is longer is no word."""

_HAN = "\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U000323af"
_EMOJI = "\u2600-\u27bf\U0001f000-\U0001faff"
_LETTERS = rf"[^\W_{_HAN}{_EMOJI}]+"
_TOKEN = re.compile(
    rf"([{_HAN}](?:{MIDDLE_DOT}?[{_HAN}])*)"
    rf"|((?<!\d)\d{{1,3}}(?:,\d{{3}})+(?!\d|,\d)|(?<![\d.])\d+\.\d+(?!\d|\.\d)|{_LETTERS}(?:'{_LETTERS})*|[{_EMOJI}])"
)
_COMPOUND = re.compile(
    r"(?<![a-z0-9.-])(?:[a-z0-9]+(?:-[a-z0-9]+)+(?![a-z0-9-])|[a-z](?:\.[a-z])+(?![a-z0-9]))"
)
_PARTICLES = frozenset("的了着过地得和与及或在是就也都而但被把对于从向为之其")
_POSSESSIVE = re.compile(r"'s$|(?<=s)'$")


@dataclass(frozen=True, slots=True)
class Token:
    """A run of Chinese characters, or one word of another script, folded."""

    text: str
    """As it is indexed: a run without middle dots, a word without apostrophes, a number without commas."""
    start: int
    """Position in the folded text."""
    end: int
    is_han: bool = field(kw_only=True)


def tokens(folded: str) -> Iterator[Token]:
    """Yield the tokens of *folded* (:func:`pipelines.search.folding.fold`) in order."""
    for match in _TOKEN.finditer(folded):
        run, word = match.groups()
        if run is not None:
            yield Token(run.replace(MIDDLE_DOT, ""), *match.span(), is_han=True)
        else:
            yield Token(_plain(word), *match.span(), is_han=False)


def compound(folded: str) -> str:
    """Return the one word that *folded* may be written as: ``email`` for ``e-mail``; else an empty text."""
    match = _COMPOUND.fullmatch(folded.rstrip("."))
    return _joined(match[0]) if match else ""


def bigrams(run: str) -> list[str]:
    """Return each two characters of *run* that stand together, and its last one."""
    return [first + second for first, second in pairwise(run)] + [run[-1]]


def search_words(run: str) -> list[str]:
    """Return the words of a *run* of Chinese, and those inside longer ones."""
    return list(rjieba.cut_for_search(run))


def words_of(run: str) -> list[str]:
    """Return *run* cut into words, none of one character unless it is all there is.

    A character that stands alone goes with the word behind it (else before it): it is mostly part of a name
    that no dictionary has. Particles go.
    """
    words = [word for word in rjieba.cut(run) if word not in _PARTICLES]
    pieces: list[str] = []
    waiting = ""
    for word in words:
        waiting += word
        if len(word) > 1:
            pieces.append(waiting)
            waiting = ""
    if waiting and pieces and len(waiting) == 1:
        pieces[-1] += waiting
    elif waiting:
        pieces.append(waiting)
    return [piece for piece in pieces if piece in run] or [run]


def indexed(texts: Iterable[str]) -> tuple[str, str]:
    """Return words and units of *texts*, which no phrase spans, each with blanks between them."""
    words: list[str] = []
    units: list[str] = []
    for text in texts:
        folded = fold(text)
        # As `tokens` does, without an object for each: most of the time an index takes is spent here.
        for dotted, word in _TOKEN.findall(folded):
            if dotted:
                run = dotted.replace(MIDDLE_DOT, "")
                words += search_words(run)
                units += bigrams(run)
            elif len(word) <= _LONGEST:
                plain = word if word.isalnum() else _plain(word)
                words.append(plain)
                units.append(plain)
        words += map(_joined, _COMPOUND.findall(folded))
        units.append(GAP)
    return " ".join(words), " ".join(units)


def _plain(word: str) -> str:
    return _POSSESSIVE.sub("", word).replace("'", "").replace(",", "")


def _joined(text: str) -> str:
    return text.replace("-", "").replace(".", "")
