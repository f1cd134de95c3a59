"""From bytes to text and to an XML tree, whatever state they are in."""

import html
import re
import zlib

from lxml import etree
from w3lib.encoding import read_bom

from pipelines.extract.charset import charset

UNPACKED_BYTES = 64 * 2**20
"""Most bytes of a source that are read, unpacked where it is packed; the sitemap protocol allows 50 MiB."""

_BEYOND_ASCII = re.compile("[^\x00-\x7f\ufffd]")
_ROW = re.compile(rb"[\x80-\xff]{3}")
_GZIP, _ZLIB, _DEFLATE = 31, 15, -15
_MOST_PACKINGS = 3
_BLANK = b" \t\r\n"
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f-\xff]")
_DECLARED_WITHIN = 4096
_WIDE = re.compile(
    rb"""((?:encoding|charset)\s*=\s*["']?\s*)(?:utf-?16|utf-?32|ucs-?[24]|iso-10646-ucs-?[24])[\w-]*""",
    re.IGNORECASE,
)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
# An ampersand that starts no reference would swallow the word after it.
_AMPERSAND = re.compile(r"&(?:(#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]*);)?")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_MARKUP = frozenset("&<>\"'")
_TAG = re.compile(r"<[^<>]*>")


def unpacked(payload: bytes) -> tuple[bytes, bool]:
    """Return *payload* without gzip or deflate, where it is packed, and whether nothing is missing from it.

    Files that were packed twice are unpacked twice. What is beyond :data:`UNPACKED_BYTES` is cut off.
    """
    whole = True
    for _ in range(_MOST_PACKINGS):
        bits = _packing(payload)
        if bits is None:
            break
        payload, complete = _unpacked(payload.lstrip(_BLANK) if bits == _GZIP else payload, bits)
        whole = whole and complete
    return payload[:UNPACKED_BYTES], whole and len(payload) <= UNPACKED_BYTES


def _packing(payload: bytes) -> int | None:
    """Return the ``wbits`` with which zlib reads *payload*, None where it is not packed."""
    start = payload[:64].lstrip(_BLANK)
    if start.startswith(b"\x1f\x8b"):
        return _GZIP
    if not _BINARY.search(start) or read_bom(payload)[0] or start[:2] in {b"<\0", b"\0<"}:
        return None
    for bits in (_ZLIB, _DEFLATE):
        try:
            text = zlib.decompressobj(bits).decompress(payload, 64).lstrip(_BLANK)
        except zlib.error:
            continue
        if text.startswith((b"<", b"http", b"{", b"\xef\xbb\xbf")):
            return bits
    return None


def _unpacked(payload: bytes, bits: int) -> tuple[bytes, bool]:
    parts: list[bytes] = []
    size = 0
    try:
        while not parts or (bits == _GZIP and payload.startswith(b"\x1f\x8b")):
            member = zlib.decompressobj(bits)
            parts.append(member.decompress(payload, UNPACKED_BYTES - size + 1))
            size += len(parts[-1])
            if not member.eof:
                return b"".join(parts)[:UNPACKED_BYTES], False
            payload = member.unused_data
    except zlib.error:
        return b"".join(parts), False
    return b"".join(parts), size <= UNPACKED_BYTES


def decoded(payload: bytes, content_type: str = "") -> str:
    """Return *payload* as text: by byte order mark, as UTF-8, as it or *content_type* declares, or by guess.

    UTF-8 goes before declarations because bytes of another charset hardly ever are UTF-8, while
    declarations are often wrong. What no charset explains is decoded with replacements.
    """
    payload, content_type = _without_wide_charset(payload, content_type)
    if payload[:2] in {b"<\0", b"\0<"}:
        return payload.decode("utf-16-le" if payload[:1] == b"<" else "utf-16-be", "replace")
    text, name, _, lost = charset(payload, content_type.encode("latin-1", "replace"))
    # What is lost wherever it is not ASCII is no UTF-8; and of the Latin ones the web's default comes first.
    if (lost and not _BEYOND_ASCII.search(text)) or name == "cp1250":
        return _second_reading(payload) or text
    return text


def _without_wide_charset(payload: bytes, content_type: str) -> tuple[bytes, str]:
    """Return both without the name of a charset of two or four bytes a character that *payload* is not in.

    .NET writes XML into a string, which it calls UTF-16, and then the string as UTF-8.
    """
    start = payload[:_DECLARED_WITHIN]
    if b"\0" in start or read_bom(payload)[0]:
        return payload, content_type
    if _WIDE.search(start):
        payload = _WIDE.sub(rb"\1utf-8", start) + payload[_DECLARED_WITHIN:]
    stated = _WIDE.sub(rb"\1utf-8", content_type.encode("latin-1", "replace")) if content_type else b""
    return payload, stated.decode("latin-1")


def _second_reading(payload: bytes) -> str | None:
    """Return *payload* as windows-1252 where the bytes beyond ASCII stand alone, as GB18030 where in rows."""
    for name in ("gb18030", "cp1252") if _ROW.search(payload) else ("cp1252", "gb18030"):
        try:
            return payload.decode(name)
        except UnicodeDecodeError:
            continue
    return None


def xml_read(text: str) -> tuple[etree._Element | None, bool]:
    """Return the root of the XML *text*, mended where it is not well formed, and whether it is.

    None for no XML at all. No entity of a document type is expanded, no file or address is opened, and
    nesting is limited. How large the text is, is the caller's to bound.
    """
    text = _DECLARATION.sub("", text, count=1)
    if "&" in text:
        text = _with_mended_references(text)
    text = without_forbidden(text).lstrip()
    parser = etree.XMLParser(
        encoding="utf-8",
        recover=True,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
        # Otherwise all that follows a text of 10 MB, or the 256th tag that is not closed, is dropped unsaid.
        huge_tree=True,
    )
    try:
        root = etree.fromstring(text.encode(), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None, False
    # A prefix that is not declared costs nothing: names are told apart by it all the same.
    return root, all(error.domain_name == "NAMESPACE" for error in parser.error_log)


def without_forbidden(text: str) -> str:
    """Return *text* without the characters that XML does not know (XML 1.0 §2.2)."""
    return _NOT_XML.sub("", text)


def xml_tree(text: str) -> etree._Element | None:
    """Return the root of the XML *text*, mended where it is not well formed; None for no XML at all."""
    return xml_read(text)[0]


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
    """Return the reference as a number: named ones libxml2 drops in all that follows its first error."""
    found, name = match[0], match[1]
    if name is None:
        return "&#38;"
    if name[0] == "#":
        return found
    text = html.unescape(found)
    # An unknown name is text; what it unescapes to must not become markup.
    return "".join(f"&#{ord(character)};" if character in _MARKUP else character for character in text)
