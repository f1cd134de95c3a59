"""What names of classes and words of a block say about it, as numbers."""

import re
from functools import lru_cache

from pipelines.extract.article import PassageKind
from pipelines.extract.blocks import Block

NAMED = {
    "nav": "nav menu crumb toolbar topbar masthead pager pagination sitemap",
    "foot": "foot copyright colophon legal disclaimer",
    "side": "side rail widget secondary complementary",
    "share": "share sharing social follow jiathis addtoany weixin wechat qrcode",
    "related": "relate recommend also more popular trending latest hot next prev teaser promo similar rank "
    "xiangguan tuijian outbrain taboola suggest",
    "comment": "comment respond disqus pinglun discussion",
    "mail": "newsletter subscri signup sign-up register login paywall cta banner donat form",
    "ad": "advert sponsor guanggao affiliate",
    "consent": "cookie consent gdpr modal popup overlay dialog onetrust notice alert tooltip",
    "author": "author bio byline avatar profile contributor writer user member signature",
    "meta": "meta date time info tag categor topic keyword stat count views posted source",
    "caption": "caption credit figure image photo gallery media video slide thumb",
    "head": "head title hero top",
    "body": "article content entry story body text main detail zhengwen prose rich markdown copy",
    "post": "post message msg thread reply answer question cooked bbs forum t_f",
    "card": "card item product grid list tile result row col",
    "button": "btn button action tool icon link label badge control vote like rating",
    "toc": "toc table-of contents jump anchor index",
    "hidden": "hidden hide sr-only screen-reader visually invisible d-none collapse print",
}
"""Families of class names, and what a name of each has in it."""

_LITERALS: dict[str, set[int]] = {}
for _number, _family in enumerate(NAMED.values()):
    for _literal in _family.split():
        _LITERALS.setdefault(_literal, set()).add(_number)
_AD = re.compile(r"(?:^|[-_])ads?(?:$|[-_\d])")
_AD_FAMILY = list(NAMED).index("ad")

WORDS = {
    "share": "share tweet follow facebook twitter whatsapp linkedin pinterest print email instagram youtube",
    "related": "related recommended more read next previous also popular trending latest stories keep see",
    "mail": "subscribe newsletter sign signup login register inbox join donate download click learn shop buy "
    "cart free trial contact",
    "legal": "copyright rights reserved privacy terms disclaimer disclosure affiliate commission "
    "advertisement sponsored",
    "consent": "cookie cookies consent gdpr partners preferences",
    "author": "by written author posted reviewed edited updated published photo image source credit "
    "writer reporter journalist editor contributor",
    "comment": "comment comments reply replies leave quote report like likes views votes upvote joined posts "
    "messages reactions said wrote member",
}
_PLACES: dict[str, list[int]] = {}
for _place, _lexicon in enumerate(WORDS.values()):
    for _entry in _lexicon.split():
        _PLACES.setdefault(_entry, []).append(_place)

_HAN = {
    "share": "分享|微信|微博|扫一扫|扫码|二维码|公众号|关注我们|朋友圈|客户端|下载",
    "related": "相关|推荐|延伸阅读|上一篇|下一篇|热门|更多|猜你|阅读原文|点击|查看|返回",
    "mail": "登录|登陆|注册|订阅|投稿|联系我们|热线",
    "legal": "版权|免责|声明|转载|侵权|备案|许可证|不代表|仅供参考|举报|广告",
    "consent": "隐私政策|同意",
    "author": "责任编辑|责编|编辑[:：\\s]|校对|作者[:：]|记者[:：]|来源|文[/／|]|图[/／|]|摄影|原标题|审核|"
    "监制|编审|供图",
    "comment": "评论|回复|跟帖|点赞|收藏|发表|楼主|阅读量|浏览|人气|字号|打印",
}
_HAN_SIGN = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in _HAN.items()))
_HAN_INDEX = {name: number for number, name in enumerate(WORDS)}

_DATED = re.compile(
    r"(?:19|20)\d\d\s*[-/.年]\s*\d{1,2}|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+\d|"
    r"\b\d{1,2}:\d\d\b|\d{1,2}/\d{1,2}/\d{2,4}|\d\s?(?:\w+ ago|分钟前|小时前|天前)",
    re.IGNORECASE,
)
_PRICE = re.compile(r"[$£€¥]\s?\d|\d\s?(?:usd|eur)\b|\d元", re.IGNORECASE)
_PUNCTUATION = re.compile(r"[,.;:!?，。；：！？、]")
_CAPITAL = re.compile(r"\b[A-Z]")
_FIGURE = re.compile(r"\b\d")
_WORD = re.compile(r"[^\W_]+")
_ENDS = tuple(".!?。！？…”’\"'」』:：;；)）")
_NAME = 80
"""Characters of a class name that are looked at."""
_SIDE = 250
"""Characters of a long block's beginning and end that are looked at."""

KINDS = {kind: float(number) for number, kind in enumerate(PassageKind)}

SIGNS = (
    "words", "linked", "closed", "punctuation", "capitals", "figures", "lower", "dated", "price", "kind",
    "grouped", "lines", *(f"says_{name}" for name in WORDS),
)  # fmt: skip
"""Names of the numbers that :func:`signs` gives, in its order."""


@lru_cache(maxsize=50_000)
def families(name: str) -> tuple[int, ...]:
    """Return the positions in :data:`NAMED` of the families that *name*, one class or id, belongs to."""
    name = name[:_NAME].lower()
    found: set[int] = set()
    for literal, numbers in _LITERALS.items():
        if literal in name:
            found |= numbers
    if _AD.search(name):
        found.add(_AD_FAMILY)
    return tuple(found)


def signs(block: Block) -> list[float]:
    """Return what the text of *block* itself says: numbers named by :data:`SIGNS`."""
    text = block.text
    seen = text if len(text) <= 2 * _SIDE else f"{text[:_SIDE]} {text[-_SIDE:]}"
    words = _WORD.findall(seen.lower())
    count = len(words) or 1
    figures = len(_FIGURE.findall(seen))
    short = figures > 0 and len(text) < 160
    return [
        float(count),
        min(1.0, block.linked / len(text)),
        float(text.endswith(_ENDS)),
        len(_PUNCTUATION.findall(seen)) / count,
        len(_CAPITAL.findall(seen)) / count,
        figures / count,
        float(text[0].islower()),
        float(short and _DATED.search(text) is not None),
        float(short and _PRICE.search(text) is not None),
        KINDS[block.kind],
        float(block.group is not None),
        float(min(text.count("\n"), 20)),
        *_said(seen, words, count),
    ]


def _said(text: str, words: list[str], count: int) -> list[float]:
    """Return each lexicon's share of the words; a Chinese sign counts as half of a short text."""
    said = [0.0] * len(WORDS)
    for word in words:
        if word in _PLACES:
            for place in _PLACES[word]:
                said[place] += 1 / count
    if not text.isascii():
        for sign in _HAN_SIGN.finditer(text):
            place = _HAN_INDEX[str(sign.lastgroup)]
            said[place] = min(1.0, said[place] + 20 / (20 + len(text)))
    return said
