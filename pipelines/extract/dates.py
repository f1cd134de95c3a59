"""When an article appeared and when it was changed, by what its page says; never by a footer's clock."""

import re
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
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
    # What Baidu's pages call so they show as the day of the publication.
    "dateupdate",
)  # fmt: skip
_MODIFIED = (
    "article:modified_time", "datemodified", "og:updated_time", "og:modified_time", "dcterms.modified",
    "lastmod", "last-modified", "dc.date.modified", "article:updated_time",
)  # fmt: skip
_DAY = XPath(
    "(//@itemprop[. = 'datePublished'])[position() < 20]/.. | "
    "(//@class[contains(., 'published')])[position() < 20]/parent::*[self::time or self::abbr]"
)
_OWN_DAY = XPath("//time[@pubdate]")
_CHANGED = re.compile(r"updat|modif|reviewed|revis|edited|更新|修改|修订", re.IGNORECASE)
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
_SEEN = (", time", ", text", ", itemprop")
_UNSEEN = ("json-ld:", "meta:", "url", "htmldate")
"""How ``found`` ends where readers are shown the day, too, and begins where only machines are told it."""
_SENTENCE = re.compile(r"[a-z]{3}[.!?](?:\s|$)|[。！？]")
_PROSE = 60
"""Characters around a date from which on a line with a full stop is text, and the date what it tells of."""


@dataclass(frozen=True, slots=True)
class _Beside:
    """The dates that readers are shown beside the headline."""

    plain: Moment | None
    close: Moment | None
    """The same, if it stands between the headline and the first long text."""
    changed: Moment | None
    """That which is said to be of a change."""
    customary: Moment | None
    """The same, if its label is 更新: Chinese sites that show one date call it so from the first day on."""


def dates(
    tree: HtmlElement,
    url: str,
    meta: Mapping[str, Sequence[str]],
    nodes: Sequence[dict[str, Any]],
    start: Beginning,
) -> tuple[Moment | None, Moment | None]:
    """Return when the article on *tree* appeared and when it was changed last. *tree* is not changed.

    Where a stated date is that which readers are shown beside the headline, ``found`` names both places,
    ``json-ld:dateModified, time``; :func:`shown` goes by that. A date that is said to be of a change is
    never that of the publication: a page that shows no other has none.
    """
    beside = _beside(tree, start)
    modified = next(filter(None, _modified(meta, nodes)), None)
    stated = next(filter(None, _stated(meta, nodes)), None)
    agrees = stated is None or (beside.plain is not None and _is_near(stated, beside.plain))
    seen = beside.plain if agrees else beside.close
    published = _agreed(stated, seen, modified, moment_in_url(url))
    if published is None:
        changed = beside.changed or modified
        published = next(filter(None, _elsewhere(tree, url, changed)), None) or beside.customary
    elif beside.changed and _is_near(published, beside.changed) and not _is_seen(published):
        published = _both(published, beside.changed)
    return published, _change(modified, beside, published)


def shown(published: Moment | None, modified: Moment | None) -> Moment | None:
    """Return the date that readers of the page are given, of the two that :func:`dates` gave.

    Pages that are kept up to date often show the day of the last change alone and state the first day only
    to machines. Where neither is shown, it is that of the publication, if known.
    """
    if published is None or modified is None:
        return published or modified
    return modified if _is_seen(modified) and not _is_seen(published) else published


def _is_seen(found: Moment) -> bool:
    return found.found.endswith(_SEEN) or not found.found.startswith(_UNSEEN)


def _agreed(
    stated: Moment | None, seen: Moment | None, modified: Moment | None, in_url: Moment | None
) -> Moment | None:
    """Return the date that readers are shown where it is another than that *stated*, but not of a change.

    A day's difference is but another time zone: readers are shown the day in the page's own.
    """
    if stated is None or seen is None:
        local = in_url if seen is None else None
        return _in_zone(stated, local) if stated and local else stated or seen
    if _is_near(stated, seen):
        return _both(_in_zone(stated, seen), seen)
    return stated if modified is not None and _is_near(modified, seen) else seen


def _change(modified: Moment | None, beside: _Beside, published: Moment | None) -> Moment | None:
    """Return the date of the last change: that which readers are shown, else the one stated."""
    for seen in filter(None, (beside.changed, beside.plain)):
        if modified is not None and _is_near(modified, seen):
            first = published is not None and _is_near(published, seen)
            return modified if first else _both(_in_zone(modified, seen), seen)
    changed = beside.changed
    if changed is None or changed is published or (published is not None and changed.day < published.day):
        return modified
    return modified if modified and published and _is_near(published, changed) else changed


def _both(stated: Moment, seen: Moment) -> Moment:
    return replace(stated, found=f"{stated.found}, {seen.found}")


def _is_near(one: Moment, other: Moment) -> bool:
    return abs((one.day - other.day).days) <= 1


def _in_zone(stated: Moment, local: Moment) -> Moment:
    """Return *stated* with the day of *local* where that is the day before or after."""
    if stated.at is None or abs((stated.day - local.day).days) != 1:
        return stated
    return replace(stated, day=local.day)


def _stated(meta: Mapping[str, Sequence[str]], nodes: Sequence[dict[str, Any]]) -> Iterator[Moment | None]:
    article = jsonld.best(nodes, jsonld.ARTICLES) or jsonld.best(nodes, jsonld.QUESTIONS)
    page = jsonld.best(nodes, jsonld.PAGES)
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
        for value in jsonld.names(jsonld.best(nodes, kinds).get("dateModified")):
            yield moment(value, "json-ld:dateModified")
    for key in _MODIFIED:
        for value in meta.get(key, ())[:1]:
            yield moment(value, f"meta:{key}")


def _beside(tree: HtmlElement, start: Beginning) -> _Beside:
    own = next(filter(None, _marked(tree, _OWN_DAY)), None)
    close, plain, changed, customary = own, own, None, None
    for number, label, read in _dated(tree, start.lines):
        if _CHANGED.search(label):
            changed = changed or read
            customary = customary or (read if "更新" in label else None)
        else:
            plain = plain or read
            close = close or (read if number < start.close else None)
    return _Beside(plain, close, changed, customary)


def _dated(tree: HtmlElement, lines: Sequence[Block]) -> Iterator[tuple[int, str, Moment]]:
    """Yield the lines that hold a date: their number, the words before the date, the date."""
    times = _times(tree)
    before = ""
    for number, block in enumerate(lines):
        text = block.text
        name, stated = times.get(block.home, ("", ""))
        read = moment(stated, "time") if stated else None
        if read is None and _FIGURES.search(text):
            read = _told(text)
        if read is not None and not _is_elsewhere(block.home):
            yield number, f"{before} {name} {text[: max(text.find(read.stated[:4]), 0)] or text}", read
        before = text if len(text) < 40 and read is None else ""


def _told(text: str) -> Moment | None:
    """Return the date in a line, unless the line is a sentence that tells of another day."""
    read = moment(text, "text")
    is_prose = read is not None and len(text) - len(read.stated) > _PROSE and _SENTENCE.search(text)
    return None if is_prose else read


def _times(tree: HtmlElement) -> dict[_Element, tuple[str, str]]:
    """Return what ``time`` elements are called and what they state, by the elements that hold them."""
    found: dict[_Element, tuple[str, str]] = {}
    for element in tree.iter("time"):
        stated, name = element.get("datetime"), element.get("class") or ""
        at: _Element | None = element
        for _ in range(3):
            if stated and at is not None:
                # Blogs' templates call the only date they show "published updated".
                found.setdefault(at, ("" if "publish" in name else name, stated))
                at = at.getparent()
    return found


def _elsewhere(tree: HtmlElement, url: str, changed: Moment | None) -> Iterator[Moment | None]:
    """Look for a date in elements that are made for dates, the address, texts whose class names a date.

    Where a date of change is known, only places that mean the publication count.
    """
    yield from _marked(tree, _DAY)
    if changed is not None:
        yield moment_in_url(url)
        return
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
