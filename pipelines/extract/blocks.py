"""An element's text, block by block, from HTML and from trafilatura's vocabulary alike."""

import re
from dataclasses import dataclass

from lxml.etree import XPath, _Element, iterwalk

from pipelines.extract.article import PassageKind

_KINDS = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6", "head"), PassageKind.HEADING),
    **dict.fromkeys(("ul", "ol", "dl", "list"), PassageKind.LIST),
    **dict.fromkeys(("blockquote", "quote"), PassageKind.QUOTE),
    "table": PassageKind.TABLE,
    "pre": PassageKind.CODE,
    "figcaption": PassageKind.CAPTION,
    "caption": PassageKind.CAPTION,
}
_INLINE = frozenset((
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font",
    "g", "hi", "i", "ins", "kbd", "label", "mark", "meter", "nobr", "o", "output", "q", "ref", "rp", "rt",
    "ruby", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var",
    "wbr", "x",
))  # fmt: skip
_SILENT = frozenset((
    "script", "style", "noscript", "template", "svg", "math", "iframe", "object", "select", "button",
    "textarea", "title",
))  # fmt: skip
_DOUBTFUL = frozenset(("noscript", "button", "object"))
"""Silent elements that hold all text of pages made for readers without script, or badly closed."""
_DOUBTS = 100
_LOUD = 600
"""Characters from which such an element is read, if it holds paragraphs or a headline."""
_BREAKS = frozenset(("br", "lb"))
_LINKS = frozenset(("a", "ref"))
_LABELS = frozenset(("a", "small", "span", "time"))
"""Inline elements that stylesheets set apart where one follows on the other without a blank."""
_CELLS = frozenset(("td", "th", "cell"))
_TABLE = frozenset(("table", "tr", "row", "caption"))
"""What ends a line in a table; all else is part of a cell."""
_CELL_LIMIT = 400
"""Characters of a cell from which its table is taken to be the page's layout."""

_text = XPath("string()")

_HARD = "\u2028"
"""Stands for a hard break until the block is tidied: line feeds of the source are but white space."""
_SEAM = "\u2029"
"""Stands where one label ends and the next one begins: a blank between words, nothing elsewhere."""
_PARTED = re.compile(rf"(?<=[A-Za-z0-9\u00c0-\u024f]){_SEAM}(?=[A-Za-z0-9\u00c0-\u024f])")


@dataclass(slots=True)
class Block:
    """A run of text between two block borders."""

    kind: PassageKind
    text: str
    linked: int
    """Characters of it that are links."""
    home: _Element
    """The element whose text it is."""
    group: _Element | None = None
    """The list or table that it is a line of."""
    links: tuple[tuple[str, str], ...] = ()
    """Address, as the page writes it, and text of each link that begins in it."""

    @property
    def weight(self) -> int:
        """How much it says: bytes of UTF-8, in which a Chinese character counts as three Latin ones."""
        return len(self.text.encode("utf-8", "replace"))


def blocks(root: _Element) -> list[Block]:
    """Return the blocks below *root* in the order of the page; lines of a list or table are one each."""
    builder = _Builder(root)
    walk = iterwalk(root, events=("start", "end"))
    for event, element in walk:
        tag = element.tag
        if event == "end":
            builder.leave(element, tag)
            if element is not root:
                builder.say(element.tail)
        elif tag in _SILENT and not builder.hears(element):
            walk.skip_subtree()
        else:
            builder.enter(element, tag)
    builder.flush()
    return builder.out


def _is_loud(element: _Element) -> bool:
    if element.find(".//p") is None and element.find(".//h1") is None:
        return False
    return len(str(_text(element))) > _LOUD


class _Builder:
    """Where a walk through a tree stands, and what it has met."""

    def __init__(self, root: _Element) -> None:
        self.out: list[Block] = []
        self._home = root
        self._parts: list[str] = []
        self._linked = 0
        self._links = 0
        self._link: tuple[_Element, int] | None = None
        self._found: list[tuple[str, str]] = []
        self._broken = False
        self._doubted = 0
        self._ended = False
        self._open: list[tuple[_Element, PassageKind]] = []

    def hears(self, element: _Element) -> bool:
        """Whether a silent element is read all the same; the first few that might be are looked at."""
        if element.tag not in _DOUBTFUL or self._doubted >= _DOUBTS:
            return False
        self._doubted += 1
        return _is_loud(element)

    def enter(self, element: _Element, tag: str) -> None:
        """Meet the start of an element."""
        if tag in _LABELS and self._ended:
            self._parts.append(_SEAM)
        self._ended = False
        if tag in _LINKS:
            self._links += 1
            # No link is in another one: the second ends the first, also where the parser nests them.
            self._end_link()
            self._link = element, len(self._parts)
        elif tag in _BREAKS:
            self._break()
        elif tag in _CELLS and self._in_table():
            self._parts.append("\t")
        elif self._borders(tag):
            self.flush()
            self._home = element
            kind = _KINDS.get(tag)
            if kind is not None and not (kind is PassageKind.TABLE and _is_layout(element)):
                self._open.append((element, kind))
        self.say(element.text)

    def leave(self, element: _Element, tag: str) -> None:
        """Meet its end."""
        if tag in _LINKS:
            self._links -= 1
            if self._link is not None and self._link[0] is element:
                self._end_link()
                self._link = None
        elif tag not in _BREAKS and self._borders(tag):
            self.flush()
            parent = element.getparent()
            self._home = element if parent is None else parent
            if self._open and self._open[-1][0] is element:
                self._open.pop()
        self._ended = tag in _LABELS

    def say(self, text: str | None) -> None:
        """Meet text."""
        if not text:
            return
        self._parts.append(text)
        self._ended = False
        if not text.isspace():
            self._broken = False
            if self._links:
                self._linked += len(text.strip())

    def flush(self) -> None:
        """End the block that is under way."""
        self._end_link()
        if self._parts:
            element, kind = self._outermost()
            text = _tidy("".join(self._parts), kind)
            if text:
                group = element if kind in (PassageKind.LIST, PassageKind.TABLE) else None
                self.out.append(Block(kind, text, self._linked, self._home, group, tuple(self._found)))
                self._found = []
            self._parts, self._linked, self._broken = [], 0, False

    def _end_link(self) -> None:
        """Note the link that is open, if it has text by now; else it may yet get some in the next block."""
        if self._link is None:
            return
        element, start = self._link
        text = " ".join(_unseamed("".join(self._parts[start:])).split())
        self._link = None if text else (element, 0)
        address = (element.get("href") or "").strip()
        if text and address:
            self._found.append((address, text))

    def _break(self) -> None:
        """Two breaks in a row are how many pages part their paragraphs."""
        if self._broken and not self._in_table():
            self.flush()
        else:
            self._parts.append(_HARD)
            self._broken = True

    def _borders(self, tag: str) -> bool:
        return tag in _TABLE if self._in_table() else tag not in _INLINE

    def _in_table(self) -> bool:
        return bool(self._open) and self._open[-1][1] is PassageKind.TABLE

    def _outermost(self) -> tuple[_Element | None, PassageKind]:
        """Return what the text counts as: a list in a quote is a list, a heading in a list its line."""
        if self._open and self._open[-1][1] is PassageKind.CAPTION:
            return self._open[-1]
        for element, kind in self._open:
            if kind in (PassageKind.TABLE, PassageKind.LIST, PassageKind.CODE):
                return element, kind
        return self._open[-1] if self._open else (None, PassageKind.PARAGRAPH)


def _is_layout(table: _Element) -> bool:
    if table.find(".//table") is not None:
        return True
    return any(len(str(_text(cell))) > _CELL_LIMIT for cell in table.iter(*_CELLS))


def _unseamed(text: str) -> str:
    return _PARTED.sub(" ", text).replace(_SEAM, "") if _SEAM in text else text


def _tidy(text: str, kind: PassageKind) -> str:
    text = text.replace(_SEAM, "") if kind is PassageKind.CODE else _unseamed(text)
    if kind is PassageKind.CODE:
        return text.replace(_HARD, "\n").strip("\n").rstrip()
    if kind is PassageKind.TABLE:
        cells = [" ".join(cell.split()) for cell in text.lstrip(" \r\n").removeprefix("\t").split("\t")]
        return "\t".join(cells) if any(cells) else ""
    if _HARD not in text:
        return " ".join(text.split())
    lines = (" ".join(line.split()) for line in text.split(_HARD))
    return "\n".join(line for line in lines if line)
