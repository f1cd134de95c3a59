"""The headline in each language of the page."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from lxml.html import HtmlElement

from pipelines.extract.article import Title
from pipelines.extract.blocks import Block
from pipelines.extract.languages import languages

_NAMED = re.compile(r"title|headline|headword|subject", re.IGNORECASE)
_HAN = re.compile("[\u3400-\u9fff]")
_LATIN = re.compile(r"[A-Za-z]{2,}(?:\W+[A-Za-z]+)+")
_PARTS = ("h2", "h3", "div", "p", "span")
_NEAR = 12
"""Elements behind the headline's own among which the other headline may stand."""
_LONGEST = 300
_HEADINGS = 30
"""That are looked at: nested in each other they would hold each other's text."""


def titles(tree: HtmlElement, title: str, body: Sequence[Block]) -> tuple[Title, ...]:
    """Return *title*, the headline, and what stands for it in another language; the main one first.

    The other one is part of the same element, or of an element near it that is named like a headline or is a
    heading. *body* are the article's blocks, of which none is a headline.
    """
    if not title:
        return ()
    own, other = _parted(tree, title)
    if not other:
        taken = {block.text for block in body if block.home.tag not in ("h1", "h2")}
        other = next((text for text in _near(tree, own) if text not in taken and _differs(own, text)), "")
    texts = [own, other] if other else [own]
    spoken = languages([*texts, *(block.text for block in body[:3])])
    return tuple(Title(text, language) for text, language in zip(texts, spoken, strict=False))


def _parted(tree: HtmlElement, title: str) -> tuple[str, str]:
    """Return *title* and its other language where one element holds both, one in an element of its own."""
    for head in islice(tree.iter("h1", "h2"), _HEADINGS):
        inner = [_line(each) for each in head if each.tag in ("span", "small", "div", "em", "p")]
        whole = _line(head)
        for text in filter(None, inner):
            rest = whole.replace(text, " ", 1).strip(" /|-–—")
            if rest and _differs(rest, text) and _key(title) in (_key(whole), _key(rest), _key(text)):
                return (text, rest) if _key(title) == _key(text) else (rest, text)
    return title, ""


def _near(tree: HtmlElement, title: str) -> Iterator[str]:
    """Yield the texts behind the headline that may be headlines as well."""
    first = islice(tree.iter("h1", "h2"), _HEADINGS)
    heads = (head for head in first if _key(head.text_content()) == _key(title))
    for head in islice(heads, 1):
        for element in _following(head):
            name = f"{element.get('class') or ''} {element.get('id') or ''}"
            if element.tag in ("h1", "h2", "h3") or _NAMED.search(name):
                text = _line(element)
                if 4 < len(text) <= _LONGEST and len(element.findall(".//a")) < 2:
                    yield text


def _following(head: HtmlElement) -> Iterator[HtmlElement]:
    """Yield the elements that come after *head* and those around it, nearest first."""
    at: HtmlElement | None = head
    for _ in range(4):
        if at is None or at.tag == "body":
            return
        for number, sibling in enumerate(at.itersiblings()):
            if number == _NEAR:
                break
            yield sibling
            yield from (each for each in sibling.iter(*_PARTS) if each is not sibling and len(each) == 0)
        at = at.getparent()


def _differs(one: str, other: str) -> bool:
    """Whether one text is Chinese (or Japanese) and the other in Latin letters."""
    return _is_han(one) != _is_han(other) and (_is_latin(one) or _is_latin(other))


def _is_han(text: str) -> bool:
    return len(_HAN.findall(text)) * 4 > len(text.replace(" ", ""))


def _is_latin(text: str) -> bool:
    return not _is_han(text) and _LATIN.search(text) is not None


def _key(text: str) -> str:
    return re.sub(r"\W+", "", text).casefold()


def _line(element: HtmlElement) -> str:
    return " ".join(element.text_content().split())
