"""Lines at an article's beginning that say by whom and when it was written, and nothing of their own."""

import re
from collections.abc import Sequence
from itertools import islice

from pipelines.extract.blocks import Block

_ISO = re.compile(
    r"\b(?:19|20)\d{2}-\d{2}-\d{2}"
    r"(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|\s?[+-]\d{2}:?\d{2}|\s?UTC)?)?(?!\w)"
)
_MONTH = re.compile(
    r"\b(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)(?:uary|ruary|ch|il|ust|ember|ober)?\b|"
    r"\b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b|\b[ap]m\b|\b(?:utc|gmt)\b|[年月日时分秒]",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"\b(?:written|reported|posted|published|updated|words|text)\b|\b(?:by|on|at|and)\b|"
    r"本报|记者|記者|作者|撰文|通讯员|发布|发表|时间|日期|文",
    re.IGNORECASE,
)
_NAMED = re.compile(r"by-?line|author|date|time|publish|meta", re.IGNORECASE)
"""Classes of elements that are made for such lines."""
_MADE = frozenset(("time", "address"))
_FRAMES = frozenset(("body", "article", "main"))
_REST = re.compile(r"[\W\d_]+")
_LINE = 160
_FIRST = 4
"""Blocks of an article among which such lines stand."""
_TIMES = 40
_STEPS = 2
"""Elements, from a block's own upwards, whose tag and class say what it is made for."""


def is_credit(text: str, authors: Sequence[str]) -> bool:
    """Whether *text* consists of names among *authors*, a date, and what labels them."""
    if not text or len(text) > _LINE:
        return False
    rest = text
    for name in sorted(authors, key=len, reverse=True):
        rest = re.sub(re.escape(name), " ", rest, flags=re.IGNORECASE)
    dated = _MONTH.sub(" ", _ISO.sub(" ", rest))
    if rest == text and not any(map(str.isdigit, text)):
        return False
    return not _REST.sub("", _LABEL.sub(" ", dated))


def without_credits(found: Sequence[Block], authors: Sequence[str]) -> list[Block]:
    """Return *found*, an article's blocks, without such lines at its beginning, where the page marks them.

    A mark is the element ``time``, or a class made for by-lines and dates. A time as machines write it needs
    none: no sentence is one.
    """
    return [
        block
        for place, block in enumerate(found)
        if not (
            place < _FIRST
            and block.group is None
            and is_credit(block.text, authors)
            and (_is_marked(block) or _ISO.fullmatch(block.text))
        )
    ]


def _is_marked(block: Block) -> bool:
    # A time within a line is no block of its own: its text stands in the element around.
    times = islice(block.home.iter("time"), _TIMES)
    if any(" ".join("".join(map(str, each.itertext())).split()) == block.text for each in times):
        return True
    at = block.home
    for _ in range(_STEPS):
        if at.tag in _FRAMES:
            return False
        if at.tag in _MADE or _NAMED.search(at.get("class") or "") or at.find(".//time") is not None:
            return True
        above = at.getparent()
        if above is None:
            return False
        at = above
    return False
