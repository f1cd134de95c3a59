"""Selectors of rules, compiled once."""

import re
from collections.abc import Callable
from functools import lru_cache

from cssselect import SelectorError as CssError
from lxml.cssselect import CSSSelector
from lxml.etree import XPath, XPathError, _Element
from lxml.html import HtmlElement

_STRINGS = re.compile(r"\"[^\"]*\"|'[^']*'")
_CALL = re.compile(r"([A-Za-z][\w:.-]*)\s*\(")
_FUNCTIONS = frozenset(
    (
        "last", "position", "count", "id", "local-name", "namespace-uri", "name", "string", "concat",
        "starts-with", "contains", "substring-before", "substring-after", "substring", "string-length",
        "normalize-space", "translate", "boolean", "not", "true", "false", "lang", "number", "sum", "floor",
        "ceiling", "round", "text", "comment", "node", "processing-instruction", "and", "or", "div", "mod",
    )
)  # fmt: skip
"""What may stand before a bracket in XPath 1.0."""
_NO_ELEMENT = re.compile(r"/+(?:text\(\)|(?:@|attribute::)[\w:*.-]+)\s*$")
_NOTHING = HtmlElement()


class SelectorError(ValueError):
    """A selector is neither CSS nor XPath; the message names it."""


@lru_cache(maxsize=1024)
def selector(text: str) -> Callable[[_Element], list[HtmlElement]]:
    """Return *text*, CSS or XPath, as a function that gives the elements it finds below an element.

    :raises SelectorError: it is neither, or finds no elements, but text or a number.
    """
    compiled = _xpath(text) if text.startswith(("/", "./", "(")) else _css(text)

    def found(root: _Element) -> list[HtmlElement]:
        values = compiled(root)
        return (
            [value for value in values if isinstance(value, HtmlElement)] if isinstance(values, list) else []
        )

    return found


def _css(text: str) -> XPath:
    try:
        return CSSSelector(text, translator="html")
    except CssError as error:
        hint = " and leave '::text' or '::attr' off" if "::" in text else ""
        raise SelectorError(
            f"{text!r} is no selector ({error}); write CSS{hint}, or XPath that begins with /"
        ) from error


def _xpath(text: str) -> XPath:
    if match := _NO_ELEMENT.search(text):
        raise SelectorError(f"{text!r} finds no elements; leave {match.group()!r} off: their text is taken")
    for name in _CALL.findall(_STRINGS.sub("''", text)):
        if name.rpartition("::")[2] not in _FUNCTIONS:
            # Else it would fail with the first page, and with every one.
            raise SelectorError(f"{text!r} is no selector (XPath 1.0 has no function {name!r}); use another")
    try:
        compiled = XPath(text)
        values = compiled(_NOTHING)
    except XPathError as error:
        raise SelectorError(
            f"{text!r} is no selector ({error}); write CSS, or XPath that begins with /"
        ) from error
    if not isinstance(values, list):
        raise SelectorError(f"{text!r} finds no elements, but {type(values).__name__}; write a path to some")
    return compiled
