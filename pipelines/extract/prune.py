"""What is plainly not the article, taken out of a copy of the page."""

import re
from collections.abc import Sequence
from copy import deepcopy

import lxml.etree
from lxml.html import HtmlElement

from pipelines.extract.selectors import selector

_SILENT = (
    "script", "style", "noscript", "template", "svg", "math", "iframe", "object", "embed", "applet",
    "canvas", "audio", "video", "map", "select", "button", "input", "textarea", "datalist", "dialog",
    "menu", "nav", "footer", "aside",
)  # fmt: skip

_BLOCKS = ("div", "section", "ul", "ol", "dl", "table", "header", "p", "h2", "h3", "h4", "span", "li", "form")

_CHROME = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|menu|breadcrumbs?|footer|sidebar|share|sharing|social|related|recommend\w*|comments?|"
    r"respond|newsletter|subscribe|promo|cookie\w*|consent\w*|onetrust\w*|axeptio\w*|gdpr|popup|modal|advert\w*|ads?|tags|author-box|hidden|copyright|"
    r"pagination|pager|toolbar|login|signup|disqus\w*)(?:$|[\s_-])",
    re.IGNORECASE,
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)

_KEEP = ("html", "body", "main", "article")

_SHARE = 2
"""Chrome that would take more than one part in so many of the page's text is not chrome."""


def pruned(tree: HtmlElement, drop: Sequence[str] = ()) -> HtmlElement:
    """Return a copy of *tree*'s body without what rules *drop*, scripts, navigation, widgets, the hidden."""
    tree = without(tree, drop)
    body = tree.find("body")
    if body is None:
        return tree
    lxml.etree.strip_elements(body, *_SILENT, with_tail=False)
    chrome = [element for element in body.iter(*_BLOCKS) if element.attrib and _is_chrome(element)]
    limit = len(body.text_content()) // _SHARE
    _drop([element for element in chrome if len(element.text_content()) <= limit])
    return body


def without(tree: HtmlElement, drop: Sequence[str]) -> HtmlElement:
    """Return a copy of *tree* without the elements that the selectors *drop* find."""
    tree = deepcopy(tree)
    for text in drop:
        _drop(selector(text)(tree))
    return tree


def _is_chrome(element: HtmlElement) -> bool:
    name = element.get("class"), element.get("id")
    if any(value and _CHROME.search(value) for value in name):
        return True
    style = element.get("style")
    return element.get("hidden") is not None or bool(style and _HIDDEN.search(style))


def _drop(elements: list[HtmlElement]) -> None:
    for element in elements:
        if element.tag not in _KEEP and element.getparent() is not None:
            element.drop_tree()
