"""The rest of an article: headlines by language, translators, links, parallel passages, fingerprint."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from lxml.html import HtmlElement

from pipelines.extract.article import Article, Moment, Quality
from pipelines.extract.bilingual import titles
from pipelines.extract.blocks import Block
from pipelines.extract.dateformats import read_date
from pipelines.extract.fingerprint import fingerprint
from pipelines.extract.links import links
from pipelines.extract.moments import moment
from pipelines.extract.parallel import with_parallels
from pipelines.extract.rules import Rules
from pipelines.extract.selectors import selector
from pipelines.extract.structured import Structured
from pipelines.extract.translators import translators
from pipelines.extract.zones import with_zone

_LABEL = re.compile("(?:更新|发布|發佈|发表|發表|编辑|編輯|来源|來源)(?:于|於|时间|時間)?[:：]?")
_SIGNED = "[class*='author']"
_NAME = 40
_WHOLE = frozenset((Quality.LOGIN_STUB, Quality.CONSENT_WALL, Quality.LIST_PAGE))
"""Grades that a page's chrome may bring about, and that a thread or transcript shows to be wrong."""


@dataclass(frozen=True, slots=True)
class Sources:
    """Where the rest of an article is read from."""

    tree: HtmlElement
    """The whole page."""
    found: Sequence[Block]
    """All its blocks."""
    body: Sequence[Block]
    """Those that are the article's."""
    structured: Structured
    rules: Rules


def completed(article: Article, sources: Sources) -> Article:
    """Return *article*, which has its passages and plain metadata, with all its other fields."""
    ruled = _ruled(article, sources)
    headlines = titles(sources.tree, ruled.title, sources.body)
    translated = _texts(sources, sources.rules.translator) or translators(sources.found)
    return replace(
        ruled,
        title=headlines[0].text if headlines else "",
        titles=headlines,
        translators=translated,
        # Who posts a translation is all that boards say of an author.
        authors=_named(ruled.authors, sources.tree) or translated,
        passages=with_parallels(ruled.passages),
        links=links(sources.body, ruled.url),
        transcript=sources.structured.transcript,
        fingerprint=fingerprint(ruled.text),
        quality=_quality(ruled, sources.structured),
    )


def _ruled(article: Article, sources: Sources) -> Article:
    """Return *article* with what the site's rules name instead of what was found."""
    rules = sources.rules
    title, authors = _texts(sources, rules.title)[:1], _texts(sources, rules.author)
    thread = sources.structured.thread
    published = _stated_date(_texts(sources, rules.date), rules)
    return replace(
        article,
        title=title[0] if title else (thread.title if thread else "") or article.title,
        authors=authors or article.authors,
        published=_zoned(published or article.published, rules),
        modified=_zoned(article.modified, rules),
    )


def _stated_date(texts: Sequence[str], rules: Rules) -> Moment | None:
    """Return the first date in *texts*, by the rules' formats before the usual reading."""
    for text in texts:
        written = (read_date(text, form, zone=rules.timezone) for form in rules.date_format)
        found = next(filter(None, written), None) or moment(text, "rules")
        if found is not None:
            return found
    return None


def _named(authors: Sequence[str], tree: HtmlElement) -> tuple[str, ...]:
    """Return *authors* without labels that passed for names; what is signed beside such a label."""
    names = tuple(name for name in authors if not _LABEL.fullmatch(name))
    if names or not authors:
        return names
    signed = (" ".join(each.text_content().split()) for each in selector(_SIGNED)(tree))
    name = next((text for text in signed if 1 < len(text) <= _NAME and not _LABEL.match(text)), "")
    return (name,) if name else ()


def _zoned(found: Moment | None, rules: Rules) -> Moment | None:
    return with_zone(found, rules.timezone) if found is not None and rules.timezone else found


def _texts(sources: Sources, paths: Sequence[str]) -> tuple[str, ...]:
    """Return what the first of the selectors *paths* finds that finds any; ``datetime`` goes before text."""
    for path in paths:
        elements = selector(path)(sources.tree)
        said = (each.get("datetime") or each.get("content") or each.text_content() for each in elements)
        found = tuple(dict.fromkeys(filter(None, (" ".join(text.split()) for text in said))))
        if found:
            return found
    return ()


def _quality(article: Article, structured: Structured) -> Quality:
    """Return the grade; a thread or transcript is what its page is for, whatever forms are around it."""
    certain = article.method == "transcript" or (structured.thread is not None and bool(article.passages))
    return Quality.FULL if certain and article.quality in _WHOLE else article.quality
