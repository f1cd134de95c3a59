"""Who translated an article, by the line that says so."""

import re
from collections.abc import Sequence

from pipelines.extract.blocks import Block

_LINE = 160
_CHINESE = re.compile(
    r"(?:^|[\s|｜·•　])(?:本文)?(?:翻\s?译|翻\s?譯|译\s?者|譯\s?者|编\s?译|編\s?譯|译|譯)\s*[:：/丨|]\s*"
    r"(?P<names>[^|｜\n]+)"
)
_ENGLISH = re.compile(
    r"(?:^|\W)(?:translated\s+(?:from\s+(?:the\s+)?\w+(?:\s\w+)?\s+)?by|translat(?:ion|ors?)(?:\s+by|\s*:))\s*:?\s*"
    r"(?P<names>[^|\n]+)",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\s*(?:[、，,;；/&]|\band\b|\s{2,})\s*")
_HAN = re.compile("[\u4e00-\u9fff]")
_END = re.compile(
    r"(?:[(（【\[。.；;]|\s(?:\d|校对|校對|审校|編輯|编辑|来源|發布|发布|浏览|by\b)).*$", re.DOTALL
)
_NAME = re.compile(r"(?:[\u4e00-\u9fff][\u4e00-\u9fff·•]{1,14}|[^\W\d_][\w.'’-]*(?: [^\W\d_][\w.'’-]*){0,4})")
_MOST = 8


def translators(found: Sequence[Block]) -> tuple[str, ...]:
    """Return the translators whom the first such line among *found*, the blocks of a page, names."""
    for block in found:
        if len(block.text) <= _LINE:
            match = _CHINESE.search(block.text) or _ENGLISH.search(block.text)
            names = _names(match["names"]) if match else ()
            if names:
                return names
    return ()


def _names(stated: str) -> tuple[str, ...]:
    said = _END.sub("", stated.strip())
    # Chinese names are parted by a blank where nothing else is: what follows it may be another field.
    parts = (
        part for each in _BETWEEN.split(said) for part in (each.split() if _HAN.search(each) else [each])
    )
    names = [part.strip(" .。:：") for part in parts]
    return tuple(dict.fromkeys(name for name in names if _NAME.fullmatch(name)))[:_MOST]
