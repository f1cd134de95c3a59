"""Where a block stands: in what kind of elements, what they hold, how often their form comes again."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log2

from lxml.etree import _Element

from pipelines.extract.blocks import Block
from pipelines.extract.signs import NAMED, families

FAR = 12
"""Steps towards the root after which an element's kind no longer counts."""

_OWN = ("article", "link", "li", "td", "quote", "section", "h1", "p")
KINDS = (*NAMED, *_OWN)
"""Kinds of elements: those that class names tell, and those that tags tell."""

_INDEX = {name: number for number, name in enumerate(KINDS)}
_TAGS = {
    "nav": "nav", "footer": "foot", "aside": "side", "header": "head", "form": "mail", "figure": "caption",
    "figcaption": "caption", "article": "article", "main": "article", "a": "link", "li": "li", "td": "td",
    "table": "td", "blockquote": "quote", "section": "section", "dialog": "consent", "h1": "h1", "p": "p",
}  # fmt: skip
_ROLES = {
    "main": "article", "article": "article", "navigation": "nav", "dialog": "consent",
    "complementary": "side", "contentinfo": "foot",
}  # fmt: skip
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_NEAR = 4
_MOST_NAMES = 20
_LETTERS = 1000
"""Characters of a class attribute that are looked at; some pages write their whole style into it."""
_CLIMB = 30
"""Steps up in which a repeated form is looked for."""

_CHROME = frozenset((
    "nav", "navbar", "menu", "breadcrumb", "breadcrumbs", "footer", "sidebar", "share", "sharing", "social",
    "related", "newsletter", "subscribe", "promo", "gdpr", "popup", "modal", "ad", "ads", "tags", "hidden",
    "copyright", "pagination", "pager", "toolbar", "login", "signup",
))  # fmt: skip
_CHROME_STARTS = ("recommend", "cookie", "consent", "onetrust", "axeptio", "advert", "disqus")
_REMARKS = frozenset(("comment", "comments", "commentlist", "respond"))
_PARTS = re.compile(r"[-_]+")
_CHROME_TAGS = frozenset(("nav", "footer", "aside", "dialog"))
_KEEP = frozenset(("html", "body", "main", "article"))
_SHARE = 0.5
"""Chrome that holds more than this part of the page's text is not chrome."""


@dataclass(slots=True)
class Mass:
    """What an element holds, in bytes of UTF-8."""

    text: float = 0.0
    unlinked: float = 0.0
    sentences: float = 0.0
    blocks: int = 0


class Distances:
    """How many steps up from an element the nearest element of each of :data:`KINDS` is."""

    def __init__(self) -> None:
        self._known: dict[_Element, list[int]] = {}
        self._start = [FAR] * len(KINDS)

    def of(self, element: _Element) -> list[int]:
        """Return the steps, :data:`FAR` where there is none; 0 is *element* itself."""
        line = []
        at: _Element | None = element
        while at is not None and at not in self._known:
            line.append(at)
            at = at.getparent()
        steps = self._start if at is None else self._known[at]
        for at in reversed(line):
            steps = [step + 1 if step < FAR else FAR for step in steps]
            for number in _kinds(at):
                steps[number] = 0
            self._known[at] = steps
        return steps


def _kinds(element: _Element) -> list[int]:
    found = [_INDEX[_TAGS[element.tag]]] if element.tag in _TAGS else []
    attributes = element.attrib
    if not attributes:
        return found
    for value in (attributes.get("class"), attributes.get("id")):
        if value:
            for name in value[:_LETTERS].split()[:_MOST_NAMES]:
                found += families(name)
    style = attributes.get("style")
    if "hidden" in attributes or attributes.get("aria-hidden") == "true":
        found.append(_INDEX["hidden"])
    if style and _HIDDEN.search(style):
        found.append(_INDEX["hidden"])
    role = _ROLES.get(str(attributes.get("role")))
    if role or attributes.get("itemprop") in ("articleBody", "text"):
        found.append(_INDEX[role or "article"])
    return found


@lru_cache(maxsize=50_000)
def _is_chrome(name: str, *, thread: bool) -> bool:
    parts = _PARTS.split(name[:80].lower())
    if not _CHROME.isdisjoint(parts) or any(part.startswith(_CHROME_STARTS) for part in parts):
        return True
    return not thread and not _REMARKS.isdisjoint(parts)


class Chrome:
    """Which elements are plainly not the article: navigation, widgets, the hidden, remarks of readers."""

    def __init__(self, held: dict[_Element, Mass], root: _Element, *, thread: bool) -> None:
        self._held = held
        self._root = root
        self._limit = _SHARE * held[root].text if root in held else 0.0
        self._thread = thread
        self._known: dict[_Element, bool] = {root: False}

    def holds(self, element: _Element) -> bool:
        """Whether *element* is in chrome; in a *thread* the remarks of readers are none."""
        line = []
        at: _Element | None = element
        while at is not None and at not in self._known:
            line.append(at)
            at = at.getparent()
        inside = at is not None and self._known[at]
        for at in reversed(line):
            inside = inside or self._is(at)
            self._known[at] = inside
        return inside

    def _is(self, element: _Element) -> bool:
        if element.tag in _KEEP or self._held[element].text > self._limit:
            return False
        if element.tag in _CHROME_TAGS:
            return True
        attributes = element.attrib
        for value in (attributes.get("class"), attributes.get("id")):
            names = value[:_LETTERS].split()[:_MOST_NAMES] if value else ()
            if any(_is_chrome(name, thread=self._thread) for name in names):
                return True
        style = attributes.get("style")
        return "hidden" in attributes or bool(style and _HIDDEN.search(style))


def masses(
    found: Sequence[Block], order: Sequence[_Element], weights: Sequence[Sequence[float]]
) -> dict[_Element, Mass]:
    """Return what each element with text in it holds.

    *order* are all elements from the root on, in the order of the page; *weights* are of each block its
    text, what of it is no link, and what is sentences.
    """
    held: dict[_Element, Mass] = {}
    for block, (text, unlinked, sentences) in zip(found, weights, strict=True):
        mass = held.get(block.home)
        if mass is None:
            mass = held[block.home] = Mass()
        mass.text += text
        mass.unlinked += unlinked
        mass.sentences += sentences
        mass.blocks += 1
    root = order[0]
    held.setdefault(root, Mass())
    for element in reversed(order):
        mass = held.get(element)
        if mass is not None and element is not root:
            _add(held, element.getparent(), mass)
    return held


def _add(held: dict[_Element, Mass], element: _Element | None, mass: Mass) -> None:
    if element is None:
        return
    total = held.get(element)
    if total is None:
        total = held[element] = Mass()
    total.text += mass.text
    total.unlinked += mass.unlinked
    total.sentences += mass.sentences
    total.blocks += mass.blocks


def near(element: _Element, root: _Element, held: dict[_Element, Mass], total: float) -> list[float]:
    """Return, of *element* and the three above it: part unlinked, part of the page's sentences, blocks."""
    numbers: list[float] = []
    for _ in range(_NEAR):
        mass = held[element]
        numbers += (
            mass.unlinked / (mass.text or 1.0),
            mass.sentences / total,
            log2(mass.blocks + 1),
        )
        parent = element.getparent()
        if element is not root and parent is not None:
            element = parent
    return numbers


def repeated(held: dict[_Element, Mass], root: _Element) -> dict[_Element, list[float]]:
    """Return, of each element that has three or more siblings of its form, how many, and what they hold.

    The numbers are: log2 of their count, their part of the page's unlinked text, log2 of the bytes
    each holds, and the place of the element among them, 0 to 1.
    """
    rows: dict[tuple[_Element, str, str], list[_Element]] = {}
    for element in held:
        parent = element.getparent()
        if element is not root and parent is not None:
            form = (parent, element.tag, str(element.get("class") or "")[:_LETTERS].partition(" ")[0])
            rows.setdefault(form, []).append(element)
    total = held[root].unlinked or 1.0
    out: dict[_Element, list[float]] = {}
    for row in rows.values():
        if len(row) < 3:
            continue
        unlinked = sum(held[element].unlinked for element in row)
        for place, element in enumerate(row):
            out[element] = [
                log2(len(row)), unlinked / total, log2(unlinked / len(row) + 1), place / len(row)
            ]  # fmt: skip
    return out


def family(element: _Element, root: _Element, rows: dict[_Element, list[float]]) -> list[float]:
    """Return the numbers of the repeated form above *element* that holds most, and how far up it is."""
    best, up, steps = [0.0, 0.0, 0.0, 0.0], -1.0, 0.0
    at: _Element | None = element
    while at is not None and at is not root and steps < _CLIMB:
        row = rows.get(at)
        if row is not None and row[1] > best[1]:
            best, up = row, steps
        at, steps = at.getparent(), steps + 1.0
    return [*best, up]


def narrowest(root: _Element, held: dict[_Element, Mass], share: float) -> _Element:
    """Return the deepest element that holds *share* of the page's sentences."""
    least, best = share * held[root].sentences, root
    narrow: _Element | None = root
    while narrow is not None and least:
        best = narrow
        narrow = next((child for child in best if child in held and held[child].sentences >= least), None)
    return best
