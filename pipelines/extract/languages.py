"""Which language a passage is in, by script and little words."""

import re
from collections import Counter
from collections.abc import Sequence

_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f]")
_KANA_HANGUL = re.compile("[\u3040-\u30ff\uac00-\ud7af]")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]")
_WORDS = re.compile(r"[A-Za-z]+")
_ENGLISH = frozenset((
    "the", "of", "and", "to", "that", "with", "was", "for", "by", "from", "are", "this", "it", "is",
    "its", "have", "has", "not", "as", "be", "at", "an",
))  # fmt: skip
_SHARE = 0.08
"""Part of the words that are little English words from which a text is English; prose has 0.25 and more."""


def languages(texts: Sequence[str]) -> list[str]:
    """Return ``zh``, ``en`` or ``und`` for each of *texts*, which stand on one page.

    A Latin text that is too short to tell is taken to be in the language of the page's other Latin texts.
    """
    scripts = [_script(text) for text in texts]
    latin = _latin([text for text, script in zip(texts, scripts, strict=True) if script == "latin"])
    return [
        script if script != "latin" else (_latin([text]) if len(text) > 200 else latin)
        for text, script in zip(texts, scripts, strict=True)
    ]


def ranked(found: Sequence[str], weights: Sequence[int]) -> tuple[str, ...]:
    """Return the languages in *found* but ``und``, the one with the most weight first."""
    total: Counter[str] = Counter()
    for language, weight in zip(found, weights, strict=True):
        total[language] += weight
    return tuple(language for language, _ in total.most_common() if language != "und")


def _script(text: str) -> str:
    if text.isascii():
        return "latin" if _LATIN.search(text) else "und"
    han = len(_HAN.findall(text))
    other = len(_KANA_HANGUL.findall(text))
    latin = len(_LATIN.findall(text))
    if han > other * 10 and han * 3 >= latin:
        return "zh"
    return "latin" if latin > 3 * (han + other) and latin * 2 > len(text) - text.count(" ") else "und"


def _latin(texts: Sequence[str]) -> str:
    words = little = 0
    for text in texts:
        found = _WORDS.findall(text.lower())
        words += len(found)
        little += sum(word in _ENGLISH for word in found)
    return "en" if words and little > words * _SHARE else "und"
