"""What stays the same when a text is translated: numbers in all spellings, names, words, some marks."""

import re
from collections.abc import Iterator

from pipelines.extract.hanfold import folded
from pipelines.extract.lexicon import chinese_words, english_words

WORD = "="
"""What a headword begins with; a number begins with a digit, a name with a letter, all else is a mark."""

_READ = 20_000
"""Characters of a passage that are looked at."""
_DIGITS = re.compile(
    r"\d[\d,，]{0,24}(?:\.\d{1,9})?(?=[\s-]{0,2}(万亿|[千百]万|[万亿千百]|trillion|billion|million|thousand|hundred)?)",
    re.IGNORECASE,
)
_HAN_NUMBER = re.compile(
    r"(?<!周)(?<!\d)(?<!星期)(?<!礼拜)(?:[〇零一二两三四五六七八九十百千][〇零一二两三四五六七八九十百千万亿]{1,19}|[二三四五六七八九十])"
)
_ENGLISH_NUMBER = re.compile(
    r"([a-z]+)(?:-([a-z]+))?(?:\s+(hundred)\b)?(?:\s+(thousand|million|billion|trillion)\b)?"
)
_LATIN_WORD = re.compile(r"[A-Za-z][A-Za-z'’-]+")
_OWNER = re.compile(r"(?:['’]s?|-)$")
_ONES = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_WORDS = {word: number for number, word in enumerate(_ONES, 1)}
_WORDS |= {word: number * 10 for number, word in enumerate(_TENS, 2)} | {"dozen": 12}
_ORDINALS = {
    "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10,
    "january": 1, "february": 2, "april": 4, "june": 6, "july": 7, "august": 8, "september": 9, "october": 10,
    "november": 11, "december": 12, "twelfth": 12, "twice": 2,
}  # fmt: skip
_MONTHS = re.compile(r"\b(?:(Mar)(?:ch|\.)|(May))\s+\d|\d\s+(?:(Mar)ch|(May))\b|\bin (?:(Mar)ch|(May))\b")
_SCALES = {
    "百": 100, "千": 10**3, "万": 10**4, "百万": 10**6, "千万": 10**7, "亿": 10**8, "万亿": 10**12,
    "hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12,
}  # fmt: skip
_HAN_DIGITS = {han: value for value, han in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
_HAN_SCALES = {"十": 10, "百": 100, "千": 1000}
_HAN_GROUPS = {"万": 10**4, "亿": 10**8}
_HAN = re.compile("[\u4e00-\u9fff]")
_MARKS = {"?": "?", "？": "?", "!": "!", "！": "!", "“": "“", "「": "“", "『": "“", "%": "%", "％": "%"}
_MARKS |= {"(": "(", "（": "(", "$": "$", ":": ":", "：": ":", ";": ";", "；": ";"}
_SPELLED = {"百分之": "%", "percent": "%", "per cent": "%", "美元": "$", "dollar": "$"}
_COMMON = frozenset(
    ("the", "but", "and", "this", "that", "they", "there", "she", "his", "her", "in", "it", "he", "we")
)
"""Words with a capital because a sentence begins: no names."""


def anchors(text: str) -> frozenset[str]:
    """Return what a translation of *text* is likely to have as well, be it Chinese or in Latin letters.

    Numbers are digits (``3.5e+06``), names are in lower case, the headwords of frequent words begin with
    :data:`WORD`, and marks are as in English. Names are a Chinese text's words in Latin letters and the words
    of another that have a capital, be they names or not: those count that both sides have.
    """
    plain = folded(text[:_READ])
    found = {*_numbers(plain), *(_MARKS[mark] for mark in plain if mark in _MARKS)}
    if '"' in plain:
        found.add("“")
    low = plain.lower()
    found.update(mark for spelled, mark in _SPELLED.items() if spelled in low)
    words = [_OWNER.sub("", word) for word in _LATIN_WORD.findall(plain)]
    if _HAN.search(plain):
        found.update(word.casefold() for word in words)
        found.update(WORD + word for word in chinese_words(plain))
    else:
        names = (word.casefold() for word in words if word[:1].isupper())
        found.update(name for name in names if name not in _COMMON)
        found.update(WORD + word for word in english_words({word.casefold() for word in words}))
    return frozenset(found)


def _numbers(text: str) -> Iterator[str]:
    for match in _DIGITS.finditer(text):
        value = float(match[0].replace(",", "").replace("，", "").rstrip("."))
        yield f"{value * _SCALES.get((match[1] or '').lower(), 1):.6g}"
    if _HAN.search(text):
        yield from (f"{_han_number(match[0]):.6g}" for match in _HAN_NUMBER.finditer(text))
        return
    yield from (f"{value:.6g}" for value in map(_spoken, _ENGLISH_NUMBER.finditer(text.lower())) if value)
    for match in _MONTHS.finditer(text):
        yield "3" if match[1] or match[3] or match[5] else "5"


def _spoken(match: re.Match[str]) -> int:
    """Return the value of an English number; 0 where it is none, or a one that may be an article."""
    tens, ones, hundred, large = match.groups()
    scale = _SCALES.get(hundred or "", 1) * _SCALES.get(large or "", 1)
    if tens in _ORDINALS and ones is None:
        return _ORDINALS[tens]
    if tens == "a":
        return scale if scale > 1 else 0
    if tens not in _WORDS or (ones is not None and ones not in _WORDS):
        return 0
    value = (_WORDS[tens] + (_WORDS[ones] if ones is not None else 0)) * scale
    return value if value > 1 else 0


def _han_number(text: str) -> int:
    """Return the value of a number in Chinese characters; digit after digit where it is so written."""
    if not any(han in _HAN_SCALES or han in _HAN_GROUPS for han in text):
        return int("".join(str(_HAN_DIGITS[han]) for han in text))
    total = group = digit = 0
    for han in text:
        if han in _HAN_GROUPS:
            total = (total + (group + digit or 1)) * _HAN_GROUPS[han]
            group = digit = 0
        elif han in _HAN_SCALES:
            group += (digit or 1) * _HAN_SCALES[han]
            digit = 0
        else:
            digit = _HAN_DIGITS[han]
    return total + group + digit
