"""From bytes to text and to an XML tree, whatever state they are in."""

import html
import re
import zlib

from lxml import etree
from w3lib.encoding import http_content_type_encoding, read_bom, resolve_encoding

UNPACKED_BYTES = 64 * 2**20
"""Most bytes that a gzip file is unpacked to; the sitemap protocol allows 50 MiB."""

_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9_.:-]{1,40})["']""")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
# An ampersand that starts no reference would swallow the word after it.
_AMPERSAND = re.compile(r"&(?:(#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]*);)?")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_PREDEFINED = {"amp", "lt", "gt", "quot", "apos"}
_TAG = re.compile(r"<[^<>]*>")


def unpacked(payload: bytes) -> tuple[bytes, bool]:
    """Return *payload* without gzip, where it is gzip, and whether nothing is missing from it."""
    if not payload.startswith(b"\x1f\x8b"):
        return payload, True
    parts: list[bytes] = []
    size = 0
    rest = payload
    try:
        while rest.startswith(b"\x1f\x8b"):
            member = zlib.decompressobj(31)
            parts.append(member.decompress(rest, UNPACKED_BYTES - size + 1))
            size += len(parts[-1])
            if not member.eof:
                return b"".join(parts)[:UNPACKED_BYTES], False
            rest = member.unused_data
    except zlib.error:
        return b"".join(parts), False
    return b"".join(parts), size <= UNPACKED_BYTES


def decoded(payload: bytes, content_type: str = "") -> str:
    """Return *payload* as text: by its byte order mark, as UTF-8, or as it or *content_type* declares.

    UTF-8 goes before declarations because bytes of another charset hardly ever are UTF-8, while
    declarations are often wrong. What no charset explains is decoded with replacements.
    """
    name, mark = read_bom(payload)
    if name and mark:
        return payload[len(mark) :].decode(name, "replace")
    if payload[:2] in {b"<\0", b"\0<"}:
        return payload.decode("utf-16-le" if payload[:1] == b"<" else "utf-16-be", "replace")
    declared = _DECLARED.match(payload[:512])
    names = (
        "utf-8",
        declared[1].decode("ascii") if declared else None,
        http_content_type_encoding(content_type or ""),
        "gb18030",
    )
    for candidate in names:
        text = _try(payload, candidate)
        if text is not None:
            return text
    return payload.decode("utf-8", "replace")


def xml_tree(text: str) -> etree._Element | None:
    """Return the root of the XML *text*, mended where it is not well formed; None for no XML at all.

    No entity of a document type is expanded, no file or address is opened, and nesting is limited.
    """
    text = _DECLARATION.sub("", text, count=1)
    if "&" in text:
        text = _with_mended_references(text)
    text = _NOT_XML.sub("", text).lstrip()
    parser = etree.XMLParser(
        encoding="utf-8",
        recover=True,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(text.encode(), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def plain(text: str | None, *, longest: int = 500) -> str:
    """Return *text* of a feed as one line without tags and entities, at most *longest* characters."""
    if not text:
        return ""
    text = text[: longest * 20]
    if "&" in text:
        text = html.unescape(text)
    if "<" in text:
        text = html.unescape(_TAG.sub("", text))
    return " ".join(text.split())[:longest]


def _try(payload: bytes, name: str | None) -> str | None:
    if name is None:
        return None
    try:
        return payload.decode(resolve_encoding(name) or "ascii")
    except (LookupError, UnicodeDecodeError, ValueError):
        return None


def _with_mended_references(text: str) -> str:
    """Return *text* with every reference outside CDATA made one that XML knows without a document type."""
    first, *rest = text.split("<![CDATA[")
    parts = [_AMPERSAND.sub(_mended_reference, first)]
    for piece in rest:
        inside, end, outside = piece.partition("]]>")
        if not end:
            inside, outside = "", inside
        parts.append(f"<![CDATA[{inside}{end}{_AMPERSAND.sub(_mended_reference, outside)}")
    return "".join(parts)


def _mended_reference(match: re.Match[str]) -> str:
    found, name = match[0], match[1]
    if name in _PREDEFINED:
        return found
    if name is None:
        return "&amp;"
    if name[0] == "#":
        return found
    character = html.unescape(found)
    return html.escape(character, quote=False)
