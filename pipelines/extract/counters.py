"""Lines that count and date an article and say nothing of their own: "Posted on 2026-11-20 Views: 734"."""

import re
from collections.abc import Sequence

from pipelines.extract.blocks import Block

_LABEL = re.compile(
    r"reading time|(?:first |last )?(?:posted|published|edited|updated|modified|created)(?: (?:on|at))?|"
    r"views?|reads?|"
    r"word ?count(?: in article)?|words?|comments?|likes?|shares?|mins?(?:utes?)?(?: read)?|symbols count|"
    r"发布于|發佈於|发表于|發表於|更新于|更新於|编辑于|编辑|发布时间|发布日期|更新时间|本文字数|字数|阅读时长|阅读次数|阅读量|阅读|"
    r"浏览次数|浏览量|浏览|评论|回复|查看|点赞|收藏|分享|分钟|[赞字次篇]",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"\b(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)(?:uary|ruary|ch|il|ust|ember|ober)?\b|"
    r"[年月日时分秒]",
    re.IGNORECASE,
)
_REST = re.compile(r"[\W\d_]+")
_LINE = 200
_FIRST = 4
"""Blocks at either end of an article among which such lines stand."""


def is_counter(text: str) -> bool:
    """Whether *text* consists of labels, dates and numbers only, two labels at least."""
    if len(text) > _LINE:
        return False
    rest, labels = _LABEL.subn(" ", text)
    return labels > 1 and not _REST.sub("", _DATE.sub(" ", rest))


def without_counters(found: Sequence[Block]) -> list[Block]:
    """Return *found*, an article's blocks, without such lines at its beginning and end."""
    last = len(found) - _FIRST
    return [
        block
        for place, block in enumerate(found)
        if not ((place < _FIRST or place >= last) and block.group is None and is_counter(block.text))
    ]
