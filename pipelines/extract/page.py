"""A recorded payload as a page: decoded once, parsed once, shared by all steps of the cascade."""

import re
from dataclasses import dataclass
from functools import cached_property

import lxml.etree
import lxml.html
from lxml.html import HtmlElement

from pipelines.extract.charset import charset
from pipelines.extract.coding import decoded
from pipelines.model import Headers, header

PARSE_LIMIT = 4 * 1024 * 1024
"""Characters that are parsed; the rest of a longer page is left out, and the page says so."""

TAGS = 150_000
"""Tags that are parsed, about; a page with more is cut in proportion, and says so."""

_LEGIBLE = 10
"""Where more than one character in so many cannot be decoded, the body is no text."""

_CONTROL = bytes(set(range(32)) - {9, 10, 12, 13}) + b"\x7f"
_GROUPING = re.compile(
    rb"</?(?:b|i|u|s|em|strong|font|span|small|big|div|section|center|blockquote|ul|ol|li|table|tbody|tr|td)\b[^<>]*>",
    re.IGNORECASE,
)
_BINARY = (
    b"%PDF-",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"PK\x03\x04",
    b"\x7fELF",
    b"RIFF",
    b"\x00\x00\x00",
    b"wOF",
)


@dataclass(frozen=True)
class Page:
    """One response as text and tree. Build it with :func:`open_page`."""

    url: str
    body: bytes
    """Without content coding."""
    text: str
    """Without byte-order mark. Empty where the body is no text."""
    encoding: str
    """Python's name of the encoding; empty where the body is no text."""
    found: str
    """How it was found: ``bom``, ``header``, ``meta``, ``content`` (valid UTF-8, and nothing said so or
    something said otherwise), ``detected``, ``default``."""
    mime: str
    """Media type of the header without parameters, lower case; empty where there was none."""
    reasons: tuple[str, ...] = ()
    """What was lost or doubtful: see :func:`pipelines.extract.coding.decoded`; ``encoding:lossy:<n>`` (n
    characters could not be decoded), ``binary`` and ``parse:cut``."""

    @cached_property
    def tree(self) -> HtmlElement:
        """The parsed page, without comments and processing instructions; an empty one where there is no text.

        The steps share it: who changes it works on a copy.
        """
        return parsed(self.text)


def open_page(payload: bytes, url: str, *, headers: Headers = ()) -> Page:
    """Return *payload*, the recorded entity body, as a page. Never raises, whatever the bytes are."""
    body, reasons = decoded(payload, headers)
    mime = (header(headers, b"content-type") or b"").split(b";")[0].strip().lower().decode("latin-1")
    if _is_binary(body, mime):
        return Page(url, body, "", "", "", mime, (*reasons, "binary"))
    text, encoding, found, lossy = charset(body, header(headers, b"content-type"))
    if lossy * _LEGIBLE > len(text):
        return Page(url, body, "", "", "", mime, (*reasons, "binary"))
    if lossy:
        reasons = (*reasons, f"encoding:lossy:{lossy}")
    if len(text) > _parsed_length(text):
        reasons = (*reasons, "parse:cut")
    return Page(url, body, text, encoding, found, mime, reasons)


def _is_binary(body: bytes, mime: str) -> bool:
    if mime.startswith(("image/", "audio/", "video/", "font/")) and b"<html" not in body[:2048].lower():
        return True
    start = body[:2048]
    utf16 = start[:2] in (b"\xff\xfe", b"\xfe\xff")
    return start.startswith(_BINARY) or (not utf16 and start.count(0) > len(start) // 8 and _odd_zeros(start))


def _odd_zeros(start: bytes) -> bool:
    """Tell binary from UTF-16 without mark, where every second byte of markup is zero."""
    halves = start[::2].count(0), start[1::2].count(0)
    return min(halves) > max(halves) // 8


def parsed(text: str) -> HtmlElement:
    """Return the tree of *text*; an empty page where there is nothing to parse.

    libxml2 leaves out what lies deeper than 2048 elements. Such depth comes from tags that are never
    closed, so the page is then read once more without the tags that only group or adorn.
    """
    source = text[: _parsed_length(text)].encode("utf-8", "replace").translate(None, _CONTROL)
    tree, deep = _parse(source)
    return _parse(_GROUPING.sub(b" ", source))[0] if deep else tree


def _parsed_length(text: str) -> int:
    """Return how many characters of *text* are parsed."""
    length = min(len(text), PARSE_LIMIT)
    tags = text.count("<", 0, length)
    return length if tags <= TAGS else length * TAGS // tags


def _parse(source: bytes) -> tuple[HtmlElement, bool]:
    parser = lxml.html.HTMLParser(
        collect_ids=False,
        encoding="utf-8",
        huge_tree=True,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        tree = lxml.html.document_fromstring(source, parser=parser)
    except lxml.etree.LxmlError:
        return lxml.html.document_fromstring("<html><body></body></html>"), False
    return tree, any("Excessive depth" in entry.message for entry in parser.error_log)
