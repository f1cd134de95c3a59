"""What a site's rules drop, taken out of a copy of the page."""

from collections.abc import Sequence
from copy import deepcopy

from lxml.html import HtmlElement

from pipelines.extract.selectors import selector

_KEEP = ("html", "body", "main", "article")


def without(tree: HtmlElement, drop: Sequence[str]) -> HtmlElement:
    """Return a copy of *tree* without the elements that the selectors *drop* find."""
    tree = deepcopy(tree)
    for text in drop:
        _drop(selector(text)(tree))
    return tree


def _drop(elements: list[HtmlElement]) -> None:
    for element in elements:
        if element.tag not in _KEEP and element.getparent() is not None:
            element.drop_tree()
