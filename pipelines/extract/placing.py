"""What stands around a headline: the section that the article belongs to, and the second headline."""

import re
from collections.abc import Iterator, Mapping, Sequence
from html import unescape
from itertools import islice
from typing import Any

from lxml.etree import XPath
from lxml.html import HtmlElement

from pipelines.extract import jsonld

_META = (
    "article:section",
    "parsely-section",
    "section",
    "articlesection",
    "sailthru.section",
    "cxenseparse:section",
)
_CRUMBS = XPath(
    "(//@class[contains(., 'crumb')])[position() < 20]/.. | (//@id[contains(., 'crumb')])[position() < 20]/.."
)
_HOME = re.compile(r"home(?:page)?|首页|首頁|主页|主頁|正文|当前位置[:：]?|front page|>|/", re.IGNORECASE)
_LONGEST = 40
_SUBTITLE = re.compile(
    r"(?:^|[-_\s])(?:sub-?title|sub-?head(?:line|ing)?|standfirst|dek|deck|secondary-?title|fubiaoti)(?:$|[-_\s])",
    re.IGNORECASE,
)
_SUBTITLE_LONGEST = 300
_NEAR = 6
_HEADS = 10


def section(
    tree: HtmlElement, meta: Mapping[str, Sequence[str]], nodes: Sequence[dict[str, Any]], title: str
) -> str:
    """Return the section's name: as structured data state it, else the last link of the breadcrumbs.

    *title* is the headline, with which breadcrumbs may end.
    """
    article = jsonld.best(nodes, jsonld.ARTICLES)
    stated = [next(iter(meta.get(key, ())), "") for key in _META]
    stated[1:1] = jsonld.names(article.get("articleSection"))
    named = next((name for name in map(_line, stated) if name and "://" not in name), "")
    if named:
        return named
    trail = [name for name in map(_line, (*_listed(nodes), *_crumbs(tree))) if name]
    fit = [
        name
        for name in trail
        if len(name) <= _LONGEST and not title.startswith(name[:20]) and not _HOME.fullmatch(name)
    ]
    return fit[-1] if fit else ""


def second_headline(tree: HtmlElement, article: Mapping[str, Any], title: str) -> str:
    """Return the second headline: that of *article*, structured data, or of an element called so."""
    stated = _line(article.get("alternativeHeadline"))
    if stated and stated != title:
        return stated
    heads = islice(tree.iter("h1"), _HEADS)
    head = next((each for each in heads if _line(each.text_content()) == title), None)
    for element in () if head is None else _following(head):
        if _SUBTITLE.search(f"{element.get('class') or ''} {element.get('itemprop') or ''}"):
            text = _line(element.text_content())
            if 1 < len(text) <= _SUBTITLE_LONGEST and text != title:
                return text
    return ""


def _following(head: HtmlElement) -> Iterator[HtmlElement]:
    """Yield the elements behind *head*, then those behind the one that holds it, and their children."""
    at: HtmlElement | None = head
    for _ in range(2):
        if at is None or at.tag in ("body", "main"):
            return
        for number, sibling in enumerate(at.itersiblings()):
            if number == _NEAR:
                break
            yield sibling
            yield from sibling.iterchildren("h2", "p", "div", "span")
        at = at.getparent()


def _listed(nodes: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Yield the names of a ``BreadcrumbList``, without the page's own, which has no address."""
    items = jsonld.best(nodes, frozenset(("BreadcrumbList",))).get("itemListElement")
    for item in items if isinstance(items, list) else ():
        if isinstance(item, dict):
            inner = item.get("item")
            named = item if "name" in item or not isinstance(inner, dict) else inner
            if inner:
                yield from jsonld.names(named.get("name"))


def _crumbs(tree: HtmlElement) -> Iterator[str]:
    found = _CRUMBS(tree)
    for element in found if isinstance(found, list) else ():
        if not isinstance(element, HtmlElement) or element.tag in ("html", "body"):
            continue
        links = list(element.iter("a"))
        if links:
            yield from (link.text_content() for link in links)
            return


def _line(text: object) -> str:
    return " ".join(unescape(text).split()) if isinstance(text, str) else ""
