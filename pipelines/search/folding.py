"""Text as it is compared: one form for what a reader takes for the same.

Full width and compatibility forms (NFKC), case, accents and Traditional characters go. The characters
of Traditional text are folded one by one with OpenCC's tables (first choice; Taiwan and Hong Kong variants
first to the standard form), not by phrases, so that the same character always gives the same, on both
sides: words of Simplified text go the same way (乾隆 is 干隆 in the index and in the query).
"""

import unicodedata
from functools import cache
from importlib.resources import files

_TABLES = ("TWVariantsRev.txt", "HKVariantsRev.txt", "TSCharacters.txt")
_APOSTROPHES = "’‘ʼ＇`´"
_HYPHENS = "‐‑‒−﹣－"
_DOTS = "·•・‧･∙⋅"
# Behind a number it is no separator of thousands: 共100，200 are two numbers.
_COMMA = "，"
_UNSEEN = ("\xad\u200b\u200c\u200d\u2060\ufeff", (0x0300, 0x036F), (0xFE00, 0xFE0F), (0x1F3FB, 0x1F3FF))
"""Soft hyphen, zero width characters, accents, variation selectors, skin tones."""

MIDDLE_DOT = "·"
"""What all dots between the parts of a foreign name are folded to."""


def fold(text: str) -> str:
    """Return *text* as it is compared. Folding what is folded changes nothing."""
    return text.translate(_FOLDED)


def fold_with_places(text: str) -> tuple[str, list[int]]:
    """Return *text* folded, and for each of its characters the position in *text* that it is from."""
    pieces: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        piece = _FOLDED[ord(character)]
        pieces.append(piece)
        places += [place] * len(piece)
    return "".join(pieces), places


class _Folded(dict[int, str]):
    """Each character's folded form, found when it is first met."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = _folded(chr(code))
        return folded


_FOLDED = _Folded()


def _folded(character: str) -> str:
    for group, form in ((_APOSTROPHES, "'"), (_HYPHENS, "-"), (_DOTS, MIDDLE_DOT), (_COMMA, _COMMA)):
        if character in group:
            return form
    if _unseen(character):
        return ""
    plain = unicodedata.normalize("NFKC", character).casefold()
    bare = "".join(each for each in unicodedata.normalize("NFD", plain) if not _unseen(each))
    return "".join(map(_simplified, unicodedata.normalize("NFC", bare)))


def _unseen(character: str) -> bool:
    singles, *spans = _UNSEEN
    return character in singles or any(first <= ord(character) <= last for first, last in spans)


def _simplified(character: str) -> str:
    for table in _tables():
        character = table.get(character, character)
    return character


@cache
def _tables() -> tuple[dict[str, str], ...]:
    folder = files("opencc") / "dictionary"
    return tuple(_table((folder / name).read_text("utf-8")) for name in _TABLES)


def _table(content: str) -> dict[str, str]:
    """Return the first choice for each single character of an OpenCC dictionary."""
    pairs = (line.split("\t") for line in content.splitlines() if "\t" in line)
    first = ((source, targets.split()[0]) for source, targets in pairs)
    return {source: target for source, target in first if len(source) == len(target) == 1}
