"""What stays the same when a text is translated: numbers however they are written, names, some marks."""

import re
from collections import Counter
from collections.abc import Iterator

_DIGITS = re.compile(r"\d[\d,，]*(?:\.\d+)?(?=\s*([万亿萬億千百]|million|billion|thousand)?)", re.IGNORECASE)
_HAN_NUMBER = re.compile("[〇零一二两兩三四五六七八九十百千]{2,}|[二三四五六七八九十]")
_ENGLISH_WORD = re.compile(r"[A-Za-z]+(?:-[A-Za-z]+)?")
_LATIN_WORD = re.compile(r"[A-Za-z][A-Za-z'-]+")
_ONES = (
    "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_WORDS = {word: number for number, word in enumerate(_ONES, 2)}
_WORDS |= {word: number * 10 for number, word in enumerate(_TENS, 2)} | {"dozen": 12}
_SCALES = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8, "千": 10**3, "百": 100}
_SPOKEN = {"million": 10**6, "billion": 10**9, "thousand": 10**3}
_HAN_DIGITS = {han: value for value, han in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2, "兩": 2}
_HAN_SCALES = {"十": 10, "百": 100, "千": 1000}
_HAN = re.compile("[\u4e00-\u9fff]")
_WORDS |= {
    "january": 1, "february": 2, "april": 4, "june": 6, "july": 7, "august": 8, "september": 9, "october": 10,
    "november": 11, "december": 12,
}  # fmt: skip
_MARKS = dict(zip("?？!！“「『%％(（", "??!!“““%%((", strict=True))
_NAMES = {
    "中国": "china", "中國": "china", "北京": "beijing", "上海": "shanghai", "香港": "hong",
    "台湾": "taiwan", "台灣": "taiwan", "美国": "american", "美國": "american", "日本": "japan",
    "韩国": "korea", "印度": "india", "俄罗斯": "russia", "乌克兰": "ukraine", "欧洲": "europe", "欧盟": "eu",
    "英国": "britain", "法国": "france", "德国": "germany", "意大利": "italy", "西班牙": "spain",
    "巴黎": "paris", "伦敦": "london", "纽约": "york", "华盛顿": "washington", "东京": "tokyo",
    "莫斯科": "moscow", "以色列": "israel", "伊朗": "iran", "特朗普": "trump", "拜登": "biden",
    "习近平": "xi", "普京": "putin", "马斯克": "musk", "总统": "president", "大学": "university",
    "教授": "professor", "百分之": "percent", "人工智能": "ai", "谷歌": "google", "苹果": "apple",
    "微软": "microsoft", "亚马逊": "amazon", "特斯拉": "tesla", "加州": "california",
}  # fmt: skip
_SAME = {"chinese": "china", "america": "american", "states": "american", "british": "britain"}


_KNOWN = frozenset(_NAMES.values())


def anchors(text: str) -> Counter[str]:
    """Return what a translation of *text* has as well: numbers as digits, names, question marks and the like.

    Names are a Chinese text's words in Latin letters and the English of a few names, and an English one's
    words with a capital, be they names or not: those count that both sides have.
    """
    found = Counter(_numbers(text))
    found.update(_MARKS[mark] for mark in text if mark in _MARKS)
    if _HAN.search(text):
        found.update(word.casefold() for word in _LATIN_WORD.findall(text))
        found.update({english: text.count(han) for han, english in _NAMES.items() if han in text})
    else:
        words = [word.casefold().removesuffix("'s").removesuffix("’s") for word in _LATIN_WORD.findall(text)]
        said = Counter(_SAME.get(word, word) for word in words)
        found.update({word: count for word, count in said.items() if word in _KNOWN})
        found.update({word.casefold() for word in _LATIN_WORD.findall(text) if word[:1].isupper()})
    return found


def _numbers(text: str) -> Iterator[str]:
    for match in _DIGITS.finditer(text):
        value = float(match[0].replace(",", "").replace("，", "").rstrip("."))
        scale = (match[1] or "").lower()
        yield f"{value * _SCALES.get(scale, _SPOKEN.get(scale, 1)):g}"
    if _HAN.search(text):
        yield from (f"{_han_number(match[0]):g}" for match in _HAN_NUMBER.finditer(text))
        return
    for word in _ENGLISH_WORD.findall(text.lower()):
        tens, dash, ones = word.partition("-")
        if tens in _WORDS and (not dash or ones in _WORDS or ones == "one"):
            yield str(_WORDS[tens] + (_WORDS.get(ones, 1) if dash else 0))


def _han_number(text: str) -> int:
    """Return the value of a number in Chinese characters; digit after digit where it is so written."""
    if not any(han in _HAN_SCALES for han in text):
        return int("".join(str(_HAN_DIGITS[han]) for han in text))
    total = digit = 0
    for han in text:
        if han in _HAN_SCALES:
            total += (digit or 1) * _HAN_SCALES[han]
            digit = 0
        else:
            digit = _HAN_DIGITS[han]
    return total + digit
