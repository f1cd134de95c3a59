"""Selectors of rules, compiled once."""

from collections.abc import Callable
from functools import lru_cache

from cssselect import SelectorError as CssError
from lxml.cssselect import CSSSelector
from lxml.etree import XPath, XPathSyntaxError, _Element
from lxml.html import HtmlElement


class SelectorError(ValueError):
    """A selector is neither CSS nor XPath; the message names it."""


@lru_cache(maxsize=1024)
def selector(text: str) -> Callable[[_Element], list[HtmlElement]]:
    """Return *text*, CSS or XPath, as a function that gives the elements it finds below an element.

    :raises SelectorError: it is neither.
    """
    try:
        compiled = XPath(text) if text.startswith(("/", "./", "(")) else CSSSelector(text, translator="html")
    except (CssError, XPathSyntaxError) as error:
        raise SelectorError(f"{text!r} is no selector ({error})") from error

    def found(root: _Element) -> list[HtmlElement]:
        values = compiled(root)
        return (
            [value for value in values if isinstance(value, HtmlElement)] if isinstance(values, list) else []
        )

    return found
