"""What a site's rules found on a page: which selector, which elements."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from lxml.etree import _Element
from lxml.html import HtmlElement

from pipelines.extract.rules import Rules
from pipelines.extract.selectors import selector

SAYING = ("title", "author", "translator", "date")
"""Fields of the rules that name elements which say something of the article."""


@dataclass(frozen=True, slots=True)
class Applied:
    """The elements of a page that rules found, each with the rule: ``drop .share``."""

    dropped: dict[HtmlElement, str] = field(default_factory=dict)
    taken: dict[HtmlElement, str] = field(default_factory=dict)
    said: dict[HtmlElement, str] = field(default_factory=dict)
    """Those that say title, author, translator or date."""
    told: tuple[str, ...] = ()
    """Each rule with what came of it: ``take #story: 1 element``."""


def applied(tree: HtmlElement, rules: Rules) -> Applied:
    """Return what *rules* find in *tree*, the whole page.

    :raises SelectorError: a selector of *rules* is not one.
    """
    told: list[str] = []
    dropped: dict[_Element, str] = {}
    for path in rules.drop:
        elements = selector(path)(tree)
        told.append(f"drop {path}: {_counted(len(elements))}")
        for element in elements:
            dropped.setdefault(element, f"drop {path}")
    taken = _first("take", rules.take, tree, dropped, told)
    said: dict[_Element, str] = {}
    for name in SAYING:
        said |= _first(name, getattr(rules, name), tree, {}, told)
    told += [f"date_format {form}" for form in rules.date_format]
    told += [f"timezone {rules.timezone}"] if rules.timezone else []
    return Applied(dropped, taken, said, tuple(told))


def rule_of(element: _Element, found: dict[_Element, str]) -> str | None:
    """Return the rule in *found* for *element*, or for the nearest one around it."""
    return next((found[each] for each in _upwards(element) if each in found), None)


def _first(
    name: str, paths: Sequence[str], tree: HtmlElement, gone: dict[_Element, str], told: list[str]
) -> dict[_Element, str]:
    """Return the elements of the first of *paths* that finds any beside those *gone*; no other is asked."""
    for path in paths:
        elements = [each for each in selector(path)(tree) if rule_of(each, gone) is None]
        if name != "take":
            elements = [each for each in elements if _says(each)]
        told.append(f"{name} {path}: {_counted(len(elements))}")
        if elements:
            return dict.fromkeys(elements, f"{name} {path}")
    return {}


def _says(element: HtmlElement) -> bool:
    stated = element.get("datetime") or element.get("content") or element.text_content()
    return bool(stated.strip())


def _counted(count: int) -> str:
    return f"{count} element" if count == 1 else f"{count or 'no'} elements"


def _upwards(element: _Element) -> Iterator[_Element]:
    at: _Element | None = element
    while at is not None:
        yield at
        at = at.getparent()
