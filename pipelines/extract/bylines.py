"""Where pages show who wrote them: by-lines, links to authors' pages, labels, names beside the headline."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from lxml.etree import XPath, _Element
from lxml.html import HtmlElement

from pipelines.extract.beginning import Beginning
from pipelines.extract.blocks import Block
from pipelines.extract.names import has_role, is_full, people, until_name_ends

LINKS = XPath(
    "//a[contains(@href, '/author') or contains(@href, '/people/') or contains(@href, '/contributor') or "
    "contains(@href, '/writers/') or contains(@href, '/profile/') or contains(@href, '/staff/') or "
    "contains(@href, '/by/') or contains(@href, '/team/')]"
)
"""To pages about people who write."""

MEMBERS = XPath(
    "//a[contains(@href, '/user') or contains(@href, '/u/') or contains(@href, 'member') or "
    "contains(@href, 'profile') or contains(@href, '/people/') or contains(@href, 'space-uid')]"
)
"""To pages about members of a forum."""

_LINE_BY = re.compile(
    r"^(?:(?:written|posted|published|authored|reported|words|story|text|article|started|asked)\s+)?"
    r"(?:by|By|BY|von|Von)\s*:?\s+(?=\S)",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"(?:(?:written|posted|published|authored|reported|words|story|text|article|post)\s+)?by:?|"
    r"(?:about\s+the\s+)?authors?:?|作者[:：]?|撰文[:：]?",
    re.IGNORECASE,
)
_BOX = re.compile(r"(?:about|authors?)\b", re.IGNORECASE)
"""Labels that fields of search forms bear, too."""
_SIGNED = XPath(
    "(//@class[contains(., 'yline') or contains(., 'uthor') or contains(., 'riter') or contains(., 'sername')"
    " or contains(., 'user-name')])[position() <= 200]/.. | (//@rel[. = 'author'])[position() <= 200]/.. |"
    " (//@itemprop[. = 'author' or . = 'creator'])[position() <= 200]/.."
)
"""By way of the attributes, since most elements have none: twice as fast as conditions on all elements.
Bounded, since libxml2 compares each parent with all that it has."""
_BYLINE = re.compile(r"by-?line|author|writer|user-?name", re.IGNORECASE)
_BESIDE = re.compile(r"descri|testimonial|job|role\b", re.IGNORECASE)
"""Parts of a by-line that hold no name."""
_REVIEWED = re.compile(r"\s*(?:\w+\s+)?(?:reviewed|fact|edited|updated|checked)\b", re.IGNORECASE)
_ELSEWHERE = re.compile(
    r"comment|related|recommend|sidebar|widget|footer|avatar|image|quote|bio\b", re.IGNORECASE
)
_CHINESE = re.compile(
    r"(?:作者|记者|記者|撰文|文)\s*[:：/丨]\s*"
    r"([\u4e00-\u9fff·]{2,8}(?:[\s、,，]+[\u4e00-\u9fff·]{2,4}(?![\u4e00-\u9fff：:]))*)"
)
_DATED = re.compile(
    r"\b(?:updated|published|posted)\b|\b(?:19|20)\d{2}\b|\bmin(?:utes?)?\b.*\bread\b|\bread\b.*\bmin",
    re.IGNORECASE,
)
_INITIALS = re.compile(r"[A-Z]{1,3}")
_WORD = re.compile(r"[^\W\d_]+")
_MOST = 60
_LONGEST = 200
_SEEN = 40


def bylines(tree: HtmlElement) -> Iterator[str]:
    """Yield what stands in the first element that is made for by-lines, and in its fellows."""
    group: HtmlElement | None = None
    for element in _elements(_SIGNED, tree)[:_SEEN]:
        name = f"{element.get('class') or ''} {element.get('rel') or ''} {element.get('itemprop') or ''}"
        if not _BYLINE.search(name) or _BESIDE.search(name) or _is_elsewhere(element):
            continue
        if group is not None and element.getparent() is not group:
            continue
        found = [] if _REVIEWED.match(element.text_content()) else _texts(element)
        if found:
            group = element.getparent() if group is None else group
            yield from found


def linked(tree: HtmlElement, path: XPath) -> Iterator[str]:
    """Yield the name in the first link at *path* that has one."""
    for element in _elements(path, tree)[:_SEEN]:
        text = " ".join(element.text_content().split())
        if 2 < len(text) <= 40 and not _is_phrase(text) and not _is_elsewhere(element) and people([text]):
            yield text
            return


def lines(start: Beginning) -> Iterator[str]:
    """Yield the name in the first line that begins with "by"; where a line says no more, in the one after."""
    for block in (*start.lines, *start.signatures):
        if len(block.text) < 120 and _LINE_BY.match(block.text):
            name = until_name_ends(_LINE_BY.sub("", block.text, count=1))
            if name and not name[0].islower():
                yield name
                return


def labelled(found: Sequence[Block]) -> Iterator[str]:
    """Yield the line after the first of the page's blocks *found* that is nothing but "Written by"."""
    for number, block in enumerate(found):
        if len(block.text) < 20 and _LABEL.fullmatch(block.text):
            # In place of a portrait there are often the name's first letters.
            after = (
                each.text for each in found[number + 1 : number + 3] if not _INITIALS.fullmatch(each.text)
            )
            name = until_name_ends(next(after, "")[:_LONGEST])
            fits = is_full(name) if _BOX.match(block.text) else 1 < len(name) <= _MOST
            if fits and not name[0].islower() and len(name.split()) < 6:
                yield name
                return


def chinese(start: Beginning) -> Iterator[str]:
    """Yield the names after 作者, 记者 and the like."""
    for block in start.lines:
        if not block.text.isascii():
            yield from _CHINESE.findall(block.text)


def alone(tree: HtmlElement, start: Beginning, found: Sequence[Block]) -> Iterator[str]:
    """Yield the first line below the headline that is a person's name and nothing else.

    A name has a picture of that name on the page, or stands beside a date or a role; none of its words is
    used as a common one in *found*, the blocks of the page.
    """
    near = start.lines[: start.close]
    pictured = {_line(each.get("alt")) for each in tree.iter("img")} - {""}
    for number, block in enumerate(near):
        text = _line(block.text)
        if not 2 < len(text) <= 40 or not (is_full(text) or (text.isalpha() and text in pictured)):
            continue
        beside = [other.text for other in near[max(0, number - 1) : number + 2] if other is not block]
        signs = text in pictured or any(_DATED.search(other) or has_role(other) for other in beside)
        if signs and people([text]) and _is_proper(text, found):
            yield text
            return


def _is_phrase(text: str) -> bool:
    return text[0].islower() and " " in text


def _is_proper(name: str, found: Sequence[Block]) -> bool:
    """Whether the blocks *found* write no word of *name* in small letters."""
    words = {word.lower() for word in _WORD.findall(name)}
    return not any(words.intersection(_WORD.findall(block.text)) for block in found)


def _line(text: str | None) -> str:
    return " ".join((text or "").split())


def _is_elsewhere(element: HtmlElement) -> bool:
    at: _Element | None = element
    for _ in range(4):
        if at is None or at.tag in ("body", "article", "main"):
            return False
        if _ELSEWHERE.search(f"{at.get('class') or ''} {at.get('id') or ''}"):
            return True
        at = at.getparent()
    return False


def _texts(element: HtmlElement) -> list[str]:
    """Return the pieces of a by-line that name somebody: the first, and those that "and" binds to it.

    Of a longer element, which tells of somebody, it is the first piece, where that is a full name.
    """
    pieces = [_line(piece) for piece in islice(element.itertext(), _SEEN)]
    pieces = [piece for piece in pieces if piece]
    if sum(map(len, pieces)) > 4 * _MOST:
        return pieces[:1] if is_full(pieces[0]) else []
    out: list[str] = []
    for number, piece in enumerate(pieces):
        bound = not out or pieces[number - 1].casefold() in (",", "and", "&", "、", "by")
        if bound and people([piece]):
            out.append(piece)
    return out


def _elements(path: XPath, tree: HtmlElement) -> list[HtmlElement]:
    found = path(tree)
    return (
        [element for element in found if isinstance(element, HtmlElement)] if isinstance(found, list) else []
    )
