"""The entries of a feed or sitemap one by one, where the document is damaged, or too large for one tree."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar, cast

from lxml import etree

from crawler.discovery.text import without_forbidden, xml_read

MOST_MARKS = 1_000_000
"""Most ``<`` and ``=`` of a text that is made into one tree: it has no more tags and attributes."""

_MOST_TOGETHER = 500
_TAG = re.compile(r"<(/?)([A-Za-z_][\w.:-]*)([^<>]*)>")
_QUOTED = (("<![CDATA[", "]]>"), ("<!--", "-->"))
_XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class _Entry:
    text: str
    bare: str
    """All of the text that it is from, with blanks in place of what is quoted."""
    start: int
    """Where it starts in there."""

    def mended(self) -> str:
        """Return the text with tags of names that are not closed as often as they are opened closed at once.

        Each then ends at the next tag: what is meant is a break, a paragraph, or a value.
        """
        bare = self.bare[self.start : self.start + len(self.text)]
        tags = [tag for tag in _TAG.finditer(bare) if tag[1] or not tag[3].endswith("/")]
        opened: Counter[str] = Counter()
        for tag in tags:
            opened[tag[2]] += -1 if tag[1] else 1
        parts, place = [], 0
        for tag in tags:
            if not opened[tag[2]]:
                continue
            following = bare.find("<", tag.end())
            end = tag.end() if tag[1] else following if following >= 0 else len(bare)
            parts.append(self.text[place : tag.start() if tag[1] else end])
            parts.append("" if tag[1] else f"</{tag[2]}>")
            place = end
        return "".join((*parts, self.text[place:]))


def is_light(text: str) -> bool:
    """Return whether a tree of all of *text* takes a bounded, small share of memory."""
    return text.count("<") + text.count("=") <= MOST_MARKS


def without_quoted(text: str) -> str:
    """Return *text* with comments and CDATA blanked: what is found in it stands at the same place."""
    for opening, closing in _QUOTED:
        parts: list[str] = []
        place = 0
        while (start := text.find(opening, place)) >= 0 and (end := text.find(closing, start + 4)) >= 0:
            # Of several that open before one is closed only the last is meant: the others never ended.
            start = text.rfind(opening, start, end)
            parts += text[place:start], " " * (end + 3 - start)
            place = end + 3
        text = "".join((*parts, text[place:]))
    return text


def spans(bare: str, names: frozenset[str]) -> Iterator[tuple[int, int]]:
    """Yield where each entry, an element of one of *names*, starts and ends in the text without quotes.

    One that is not closed ends where the next one starts, and at the end of the text it is left out.
    """
    marks = re.compile(rf"<(/?)((?:[\w.-]+:)?(?:{'|'.join(sorted(names))}))(?=[\s/>])[^<>]*>", re.IGNORECASE)
    start, name = -1, ""
    for mark in marks.finditer(bare):
        if mark[0].endswith("/>") or (start >= 0 and mark[2].lower() != name):
            continue
        if start >= 0:
            yield start, mark.end() if mark[1] else mark.start()
        start, name = (-1, "") if mark[1] else (mark.start(), mark[2].lower())


def entries_apart(
    text: str,
    bare: str,
    names: frozenset[str],
    *,
    around: etree._Element,
    base: str,
    read: Callable[[etree._Element], _T | None],
) -> Iterator[tuple[_T | None, bool]]:
    """Yield what *read* makes of each entry of *text*, and whether nothing is lost of it by damage.

    *bare* is the text :func:`without_quoted`, *around* the element that the entries stand in, for its
    namespaces, and *base* what references are relative to. A few hundred are in memory at a time.
    """
    opening = _opening(around, base)
    together: list[_Entry] = []
    marks = 0
    for start, end in spans(bare, names):
        entry = _Entry(text[start:end], bare, start)
        size = entry.text.count("<") + entry.text.count("=")
        if len(together) == _MOST_TOGETHER or marks + size > MOST_MARKS:
            yield from _read_together(opening, together, read)
            together, marks = [], 0
        if size > MOST_MARKS:
            yield None, False
            continue
        together.append(entry)
        marks += size
    yield from _read_together(opening, together, read)


def _opening(around: etree._Element, base: str) -> str:
    namespaces = cast("dict[str, str]", around.nsmap)  # lxml-stubs knows no default namespace here
    wrapper = etree.Element("entries", {_XML_BASE: without_forbidden(base)}, namespaces)
    return etree.tostring(wrapper, encoding="unicode").rpartition("/>")[0] + ">"


def _read_together(
    opening: str, entries: list[_Entry], read: Callable[[etree._Element], _T | None]
) -> Iterator[tuple[_T | None, bool]]:
    elements, is_sound = _elements(opening, "".join(entry.text for entry in entries))
    if is_sound and len(elements) == len(entries):
        yield from ((read(element), True) for element in elements)
        return
    mended = [entry.mended() for entry in entries]
    elements, _ = _elements(opening, "".join(mended))
    if len(elements) != len(entries):
        yield from (_read_alone(opening, (entry.mended(), entry.text), read) for entry in entries)
        return
    for element, entry in zip(elements, entries, strict=True):
        found = read(element)
        yield (found, True) if found is not None else _read_alone(opening, (entry.text,), read)


def _read_alone(
    opening: str, readings: tuple[str, ...], read: Callable[[etree._Element], _T | None]
) -> tuple[_T | None, bool]:
    is_sound = True
    for text in readings:
        elements, is_sound = _elements(opening, text)
        found = read(elements[0]) if elements else None
        if found is not None:
            return found, True
    return None, is_sound


def _elements(opening: str, entries: str) -> tuple[list[etree._Element], bool]:
    if not entries:
        return [], True
    root, is_sound = xml_read(f"{opening}{entries}</entries>")
    return ([] if root is None else list(root)), is_sound
