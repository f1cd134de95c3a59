"""What kind of page came out, and why that is said."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lxml.html import HtmlElement

from pipelines.extract.article import Passage, PassageKind, Quality
from pipelines.extract.metadata import Metadata

SHORT = 600
"""Bytes of text below which a page with a form, a challenge or an error's title is no article."""

_CHALLENGE = re.compile(
    r"just a moment|attention required|verify (?:that )?you are (?:a )?human|are you a robot|security check|"
    r"checking your browser|enable javascript and cookies|安全验证|人机验证|滑动验证|访问验证",
    re.IGNORECASE,
)
_ERROR = re.compile(
    r"\b(?:404|403|410|500|502|503|504)\b|page not found|not found|does(?:n't| not) exist|no longer available"
    r"|access denied|forbidden|internal server error|bad gateway|service unavailable|"
    r"页面不存在|頁面不存在|找不到|无法访问|已被删除|出错了",
    re.IGNORECASE,
)
_CONSENT = re.compile(
    r"\b(?:cookies?|consent|gdpr|privacy (?:policy|settings|choices))\b|隐私政策", re.IGNORECASE
)
_PAYWALL = re.compile(
    r"subscribe (?:now )?to (?:continue|read|keep)|(?:sign|log) ?in to (?:continue|read|keep)|"
    r"to (?:continue|keep) reading|already a subscriber|"
    r"this (?:article|content|story) is (?:only )?(?:available )?(?:for|to) (?:\w+ )?subscribers|"
    r"登录后(?:阅读|查看)|订阅后|付费(?:阅读|内容|后)|(?:阅读|查看|解锁)(?:剩余|余下)?全文|剩余\s*\d+%|开通会员",
    re.IGNORECASE,
)


_SENTENCE = re.compile("\\w[.!?…。！？][”」』\"')）]?$")
_STATED = ("json-ld:", "meta:", "url")
"""How dates are found that a page states of itself as a whole."""


@dataclass(frozen=True, slots=True)
class Grade:
    """A quality and its reasons."""

    quality: Quality
    reasons: tuple[str, ...] = ()


def grade(
    tree: HtmlElement, meta: Metadata, passages: Sequence[Passage], title: str, *, teasers: bool = False
) -> Grade:
    """Return the quality of a page: *passages* were found in *tree*, whose ``title`` element says *title*.

    *teasers* tells that they are headlines of other pages, and what is said below these.
    Few and certain signs decide; where there is none, text is ``full``.
    """
    text = "\n".join(passage.text for passage in passages)
    size = _size(text)
    if size < SHORT:
        found = _no_article(tree, title, text)
        if found is not None:
            return found
    if not passages:
        return Grade(Quality.EMPTY, ("no text",))
    if not _says_article(meta):
        if teasers:
            return Grade(Quality.LIST_PAGE, ("headlines of other pages",))
        if _is_list(tree, meta, passages, size):
            return Grade(Quality.LIST_PAGE, ("links outweigh sentences",))
    return _whole_or_preview(meta, text, size)


def _no_article(tree: HtmlElement, title: str, text: str) -> Grade | None:
    seen = f"{title}\n{text}"
    if (sign := _CHALLENGE.search(seen)) or any(
        "challenge-platform" in (s.get("src") or "") for s in tree.iter("script")
    ):
        return Grade(Quality.CHALLENGE, (f"says: {sign.group()}" if sign else "challenge script",))
    if sign := _ERROR.search(title):
        return Grade(Quality.ERROR_PAGE, (f"title: {sign.group()}",))
    if any((field.get("type") or "").lower() == "password" for field in tree.iter("input")):
        return Grade(Quality.LOGIN_STUB, ("short", "form:password"))
    if len(_CONSENT.findall(text)) > 2:
        return Grade(Quality.CONSENT_WALL, ("short", "speaks of consent"))
    return None


def _is_list(tree: HtmlElement, meta: Metadata, passages: Sequence[Passage], size: int) -> bool:
    """Tell a page whose links say far more than what was taken."""
    # Lists date what they list: such a date counts for no article where there is no sentence.
    if meta.published is not None and any(
        _SENTENCE.search(line) for p in passages for line in p.text.split("\n")
    ):
        return False
    paragraphs = sum(p.kind is PassageKind.PARAGRAPH and _size(p.text) > 200 for p in passages)
    linked = sum(_size(link.text_content().strip()) for link in tree.iter("a"))
    return paragraphs < 3 and linked * 6 > 5 * size


def _says_article(meta: Metadata) -> bool:
    """Whether structured data or the address say that the page is an article, or when it was published."""
    if meta.kinds & {"og:article", "NewsArticle", "Article", "BlogPosting"}:
        return True
    return meta.published is not None and meta.published.found.startswith(_STATED)


def _whole_or_preview(meta: Metadata, text: str, size: int) -> Grade:
    sign = _PAYWALL.search(text[-600:])
    if sign:
        return Grade(Quality.PREVIEW, (f"says: {sign.group()}",))
    if meta.locked and size < 5 * SHORT:
        return Grade(Quality.PREVIEW, ("json-ld:isAccessibleForFree", "short"))
    return Grade(Quality.FULL, ("short",) if size < SHORT // 2 else ())


def _size(text: str) -> int:
    """Return bytes of UTF-8: a Chinese character says as much as three Latin ones."""
    return len(text.encode("utf-8", "replace"))
