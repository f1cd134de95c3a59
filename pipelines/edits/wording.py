"""Texts as they are compared: what a reader takes for the same wording is the same here.

Width and composition of characters (NFKC), the glyphs of quotes, dashes and ellipses, invisible characters
and white space do not count; letters, figures, case and every other mark do.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final

CJK: Final = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u3040-\u30ff\U00020000-\U0003ffff"
"""For a character class: what is written without blanks between words."""

_CJK = re.compile(f"[{CJK}]")
_INVISIBLE = (
    0xAD, 0x180E, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065),
    *range(0xFE00, 0xFE10),
)  # fmt: skip
_GLYPHS: Final = str.maketrans(
    {
        **dict.fromkeys(map(chr, _INVISIBLE), ""),
        **dict.fromkeys("\"'“”„‟«»‹›「」『』〝〞〟‘’‚‛`´′″＂＇", "'"),
        **dict.fromkeys("‐‑‒–—―−－─", "-"),
        **dict.fromkeys("・•‧∙", "·"),
        "…": "...",
        "⋯": "...",
    }
)
_RUNS = (
    ("..", re.compile(r"\.{2,}"), "..."),
    ("-", re.compile(r"\s*-[\s-]*"), "-"),
    ("''", re.compile("''+"), "'"),
)
_LOOSE_BLANK = re.compile(
    rf"(?<=[{CJK}，。、；：？！()（）])\s+|\s+(?=[{CJK}，。、；：？！()（）,.;:!?%])|(?<=\()\s+"
)
_BLANKS = re.compile(r"\s+")

_TOKEN = re.compile(
    rf"(?:[{CJK}]|[.…⋯]{{2,}}|[…⋯]|[-‐‑‒–—―−─]+|\d+(?:[.,:]\d+)*|[^\W\d_{CJK}]+(?:['’][^\W\d_{CJK}]+)*|[\W_])\s*|\s+"
)
_SENTENCE = re.compile(r"[^.!?。！？\n]*(?:[.!?。！？]+[\"'”’」』)）]*\s*|\n|$)")


def plain(text: str) -> str:
    """Return *text* in the form in which it is compared."""
    if "  " not in text and text.isascii() and text.replace(" ", "").isalnum():
        return text.strip()
    folded = unicodedata.normalize("NFKC", text.translate(_GLYPHS))
    folded = _BLANKS.sub(" ", _LOOSE_BLANK.sub("", folded)).strip()
    for sign, run, one in _RUNS:
        if sign in folded:
            folded = run.sub(one, folded)
    return folded


def is_chinese(text: str) -> bool:
    """Return whether *text* has characters that are written without blanks between words."""
    return bool(_CJK.search(text))


def unspaced(text: str) -> str:
    """Return *text*, which is plain, without any white space."""
    return _BLANKS.sub("", text)


def tokens(text: str) -> list[str]:
    """Return *text* cut into words, numbers, marks and single characters of Chinese, each with its blanks.

    Joined they are *text* again.
    """
    return _TOKEN.findall(text)


def sentences(text: str) -> list[str]:
    """Return *text* cut behind full stops; joined they are *text* again. Abbreviations cut it, too."""
    return [piece for piece in _SENTENCE.findall(text) if piece]


@lru_cache(maxsize=1 << 16)
def key(piece: str) -> str:
    """Return what of *piece*, a token or a sentence, is compared."""
    return plain(piece)
