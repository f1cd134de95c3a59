"""When an article appeared and when it was changed, by what its page says; never by a footer's clock."""

import re
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from dataclasses import replace
from typing import Any

from htmldate import find_date
from lxml.etree import XPath, _Element
from lxml.html import HtmlElement

from pipelines.extract import jsonld
from pipelines.extract.article import Moment
from pipelines.extract.beginning import Beginning
from pipelines.extract.blocks import Block
from pipelines.extract.moments import moment, moment_in_url

_PUBLISHED = (
    "article:published_time", "datepublished", "og:published_time", "og:article:published_time",
    "parsely-pub-date", "sailthru.date", "pubdate", "publishdate", "publish_date", "publish-date",
    "publish_time", "apub:time", "dc.date.issued", "dcterms.created", "dc.date.created", "dc.date",
    "dcterms.date", "article.published", "published_at", "date", "pubtime", "bt:pubdate",
    "citation_publication_date", "rnews:datepublished", "_pubtime", "weibo: article:create_at",
    "publication_date", "cxenseparse:recs:publishtime",
)  # fmt: skip
_MODIFIED = (
    "article:modified_time", "datemodified", "og:updated_time", "og:modified_time", "dcterms.modified",
    "lastmod", "last-modified", "dateupdate", "dc.date.modified", "article:updated_time",
)  # fmt: skip
_DAY = XPath("//*[@itemprop='datePublished']")
_OWN_DAY = XPath("//time[@pubdate]")
_CHANGED = re.compile(r"updat|modif|review|revis|edited|更新|修改|修订", re.IGNORECASE)
_DATED = re.compile(
    r"(?:^|[\s_-])(?:date|time|pub-?time|pub-?date|publish\w*|posted|timestamp|entry-date|post-?date|article-?time|"
    r"info|source|来源)(?:$|[\s_-])",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(
    r"comment|related|recommend|sidebar|widget|foot|teaser|card\b|popular|latest", re.IGNORECASE
)
_YEAR = re.compile(r"(?:19|20)\d{2}")
_FIGURES = re.compile(r"\d{2}")
_TEXT = 400
_HORIZON = "2100-12-31"


def dates(
    tree: HtmlElement,
    url: str,
    meta: Mapping[str, Sequence[str]],
    nodes: Sequence[dict[str, Any]],
    start: Beginning,
) -> tuple[Moment | None, Moment | None]:
    """Return when the article on *tree* appeared and when it was changed last. *tree* is not changed."""
    close, _ = _shown(tree, start.lines[: start.close])
    plain, changed = _shown(tree, start.lines)
    modified = next(filter(None, _modified(meta, nodes)), None) or changed
    stated = next(filter(None, _stated(meta, nodes)), None)
    published = _agreed(stated, close if stated else plain, modified, moment_in_url(url))
    if published is None:
        published = changed or next(filter(None, _elsewhere(tree, url)), None)
    return published, modified


def _agreed(
    stated: Moment | None, shown: Moment | None, modified: Moment | None, in_url: Moment | None
) -> Moment | None:
    """Return the date that readers are shown where it is another than that *stated*, but not of a change.

    A day's difference is but another time zone: readers are shown the day in the page's own.
    """
    if stated is None or shown is None:
        local = in_url if shown is None else None
        return _in_zone(stated, local) if stated and local else stated or shown
    if abs((stated.day - shown.day).days) <= 1:
        return _in_zone(stated, shown)
    return stated if modified is not None and modified.day == shown.day else shown


def _in_zone(stated: Moment, local: Moment) -> Moment:
    """Return *stated* with the day of *local* where that is the day before or after."""
    if stated.at is None or abs((stated.day - local.day).days) != 1:
        return stated
    return replace(stated, day=local.day)


def _stated(meta: Mapping[str, Sequence[str]], nodes: Sequence[dict[str, Any]]) -> Iterator[Moment | None]:
    article = jsonld.best(list(nodes), jsonld.ARTICLES | jsonld.QUESTIONS)
    page = jsonld.best(list(nodes), jsonld.PAGES)
    for key in ("datePublished", "uploadDate", "dateCreated"):
        for value in jsonld.names(article.get(key)):
            yield moment(value, f"json-ld:{key}")
    for key in _PUBLISHED:
        for value in meta.get(key, ())[:1]:
            yield moment(value, f"meta:{key}")
    for value in jsonld.names(page.get("datePublished")):
        yield moment(value, "json-ld:datePublished")


def _modified(meta: Mapping[str, Sequence[str]], nodes: Sequence[dict[str, Any]]) -> Iterator[Moment | None]:
    for kinds in (jsonld.ARTICLES, jsonld.PAGES):
        for value in jsonld.names(jsonld.best(list(nodes), kinds).get("dateModified")):
            yield moment(value, "json-ld:dateModified")
    for key in _MODIFIED:
        for value in meta.get(key, ())[:1]:
            yield moment(value, f"meta:{key}")


def _shown(tree: HtmlElement, lines: Sequence[Block]) -> tuple[Moment | None, Moment | None]:
    """Return the date beside the headline, and the one there that is said to be of a change."""
    times = _times(tree)
    plain = next(filter(None, _marked(tree, _OWN_DAY)), None)
    changed = None
    before = ""
    for block in lines:
        text = block.text
        read = None
        if block.home in times and not _is_elsewhere(block.home):
            read = moment(times[block.home], "time")
        if read is None and _FIGURES.search(text) and not _is_elsewhere(block.home):
            read = moment(text, "text")
        if read is not None:
            label = text[: max(text.find(read.stated[:4]), 0)] or text
            if _CHANGED.search(label) or _CHANGED.search(before):
                changed = changed or read
            else:
                plain = plain or read
        before = text if len(text) < 40 and read is None else ""
    return plain, changed


def _times(tree: HtmlElement) -> dict[_Element, str]:
    """Return what ``time`` elements state, by the elements that hold them."""
    found: dict[_Element, str] = {}
    for element in tree.iter("time"):
        stated = element.get("datetime")
        at: _Element | None = element
        for _ in range(3):
            if stated and at is not None:
                found.setdefault(at, stated)
                at = at.getparent()
    return found


def _elsewhere(tree: HtmlElement, url: str) -> Iterator[Moment | None]:
    """Look for a date in elements that are made for dates, the address, texts whose class names a date."""
    yield from _marked(tree, _DAY)
    for element in tree.iter("time"):
        if not _is_elsewhere(element):
            yield moment(element.get("datetime") or element.text_content(), "time")
    yield moment_in_url(url)
    yield from _seen(tree)
    yield _guessed(tree)


def _marked(tree: HtmlElement, path: XPath) -> Iterator[Moment | None]:
    """Yield the dates of the elements at *path*, which are marked as that of the publication."""
    marked = path(tree)
    for element in marked[:3] if isinstance(marked, list) else []:
        if isinstance(element, HtmlElement):
            stated = element.get("content") or element.get("datetime") or element.text_content()
            yield moment(stated, "itemprop")


def _seen(tree: HtmlElement) -> Iterator[Moment | None]:
    for element in tree.iter("span", "p", "div", "em", "i", "li", "td", "small", "b"):
        name = f"{element.get('class') or ''} {element.get('id') or ''}"
        if name != " " and _DATED.search(name):
            stated = element.text_content()
            if len(stated) < _TEXT and _YEAR.search(stated) and not _is_elsewhere(element):
                yield moment(stated, "text")


def _is_elsewhere(element: _Element) -> bool:
    at: _Element | None = element
    for _ in range(5):
        if at is None or at.tag in ("body", "main"):
            return False
        if at.tag in ("footer", "aside", "nav"):
            return True
        if _ELSEWHERE.search(f"{at.get('class') or ''} {at.get('id') or ''}"):
            return True
        at = at.getparent()
    return False


def _guessed(tree: HtmlElement) -> Moment | None:
    """Ask htmldate, with a fixed horizon in place of its clock; the first of a year means a year."""
    try:
        day = find_date(copy(tree), original_date=True, extensive_search=False, max_date=_HORIZON)
    except Exception:  # noqa: BLE001 (foreign code on hostile pages; no date is what it would say)
        return None
    return moment(day, "htmldate") if day and not day.endswith("-01-01") else None
