"""Lines that stand among an article's text and are none of it: counters, clocks, labels, bare links.

Each is told by its own wording and by what the page links. A figure in a sentence, and one that carries a
label of the story ("Dead: 14"), is text. What only coming and going tells is in
:mod:`pipelines.edits.passing`.
"""

import re
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from pipelines.edits.wording import plain
from pipelines.extract.article import PassageKind

_LONGEST = 200
_COUNTER = 100
_COUNTED = re.compile(
    r"views?|page ?views|reads?|readers?|times|comments?|replies|repl(?:y|ied)|likes?|shares?|shared|votes?|"
    r"followers?|online|people (?:are )?(?:reading|watching)(?: (?:this|now))*|reading time|"
    r"word ?count|words|"
    r"mins?(?:utes?)?(?: read)?|hits|downloads?|favou?rites?|bookmarks?|save|print|e-?mail|tweet|facebook|"
    r"(?:first |last )?(?:posted|published|edited|updated|modified|created)(?: (?:on|at))?|as of|"
    r"just now|(?:second|minute|hour|day|week|month|year)s? ago|ago|today|yesterday|now|am|pm|a\.m\.|p\.m\.|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:mon|tue|wed|thu|fri|sat|sun)\b|"
    r"gmt|utc|cst|est|edt|pst|pdt|bst|beijing time|local time|"
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|"
    r"(?:最后|最新)?(?:发布|發佈|发表|發表|更新|编辑|修改)(?:于|於|时间|日期)?|(?:本文)?字数|阅读(?:时长|次数|量|数)?|閱讀|"
    r"浏览(?:次数|量)?|瀏覽|点击(?:量|数)?|播放(?:量)?|(?:条)?评论(?:数)?|評論|回复|回覆|查看|点赞|收藏|分享|转发|"
    r"(?:当前)?在线(?:人数)?|人(?:正在|在)?(?:阅读|浏览|观看|在线|参与|围观)|热度|刚刚|(?:秒|分钟|小时|天|周|个?月|年)前|"
    r"今天|昨天|前天|今日|星期[一二三四五六日天]|周[一二三四五六日]|(?:北京)?时间|上午|下午|凌晨|农历|"
    r"分钟|[赞讚顶踩字次篇条人年月日时分秒]",
    re.IGNORECASE,
)
_WEATHER = re.compile(r"-?\d+\s*(?:°\s*[CF]?|℃|℉)", re.IGNORECASE)
_NO_LETTER = re.compile(r"[\W\d_]+")
_LABEL = re.compile(
    r"(?:advertisements?|advert|sponsored(?: content)?|promoted|read (?:more|next|also|on)|also read|"
    r"(?:related|recommended|more|most|popular|trending|latest|top)(?: (?:articles?|stories|story|"
    r"news|posts?|reading|coverage|topics?|links?|read|popular|viewed|shared|on this(?: story)?|for you|"
    r"from \w+))+|related|"
    r"recommended|trending|see also|you (?:may|might) also like|what to read next|editors?' picks?|"
    r"don't miss|share(?: this)?(?: (?:article|story|post))?|follow us(?: on \w+)?|"
    r"subscribe(?: (?:now|to our newsletter))?|sign up(?: for our newsletter)?|"
    r"广告|廣告|推广|推廣|赞助(?:内容)?|(?:相关|延伸|推荐|更多|扩展|热门|精彩|猜你)(?:阅读|新闻|文章|报道|推荐|链接|资讯|内容|喜欢)|"
    r"相關(?:閱讀|新聞|文章|報道)|延伸閱讀|编辑推荐|热点推荐|大家都在看|点击排行|阅读排行|阅读更多|点击查看更多|分享到|"
    r"扫(?:一扫|码)(?:关注|分享)?)(?P<rest>\s*[:>»|].*)?[\s.:>»]*",
    re.IGNORECASE | re.DOTALL,
)
_ENDS = re.compile(r"[.!?。!?;；'\")]$")
_SENTENCE_BYTES = 120


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an article's passages."""

    text: str
    key: str
    """The text in the form in which it is compared."""
    kind: PassageKind


def is_sentence(line: Line) -> bool:
    """Return whether *line* reads like text: it ends as a sentence does, or is long."""
    return bool(_ENDS.search(line.key)) or len(line.key.encode()) > _SENTENCE_BYTES


def own_lines(lines: Iterable[Line], linked: AbstractSet[str]) -> Iterator[Line]:
    """Yield of *lines* those that may be the article's own; *linked* are the texts of its links, plain.

    Below a bare label ("Related stories", 相关阅读) goes what is no sentence, too, up to the next one.
    """
    below_label = False
    for line in lines:
        label = _LABEL.fullmatch(line.key) if len(line.key) <= _LONGEST else None
        if label:
            below_label = not label["rest"]
        elif not is_furniture(line.key, linked) and not (below_label and not is_sentence(line)):
            below_label = False
            yield line


def is_furniture(key: str, linked: AbstractSet[str]) -> bool:
    """Return whether the line *key*, plain, is a counter, a date, a temperature, nothing or only links."""
    if not _NO_LETTER.sub("", key):
        return not any(map(str.isdigit, key)) or _is_date(key)
    if len(key) > _LONGEST:
        return False
    return _is_counter(key) or _is_link(key, linked) or bool(_WEATHER.search(key) and not _ENDS.search(key))


def _is_date(key: str) -> bool:
    return len(key) >= 4 and bool(re.fullmatch(r"[\d\s:./-]+", key)) and bool(re.search(r"\d[:/-]\d", key))


def _is_counter(key: str) -> bool:
    if len(key) > _COUNTER or not any(map(str.isdigit, key)):
        return False
    rest, labels = _COUNTED.subn(" ", key)
    return labels > 0 and not _NO_LETTER.sub("", rest)


def _is_link(key: str, linked: AbstractSet[str]) -> bool:
    bare = key.strip(" ·|>»-*#[]")
    if bare in linked or key in linked:
        return True
    pieces = [piece.strip() for piece in re.split(r"[|·>»/]", bare) if piece.strip()]
    return len(pieces) > 1 and all(piece in linked for piece in pieces)


def link_texts(texts: Iterable[str]) -> frozenset[str]:
    """Return the texts of links in the form that :func:`is_furniture` compares."""
    return frozenset(found for text in texts for line in text.split("\n") if (found := plain(line)))
