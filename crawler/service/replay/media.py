"""As what archived bytes are sent: by what they are, and only then by what their header says."""

import re
from enum import StrEnum
from typing import Final

IMAGES: Final = frozenset({"im_", "oe_"})
_SIGNATURES: Final = (
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "image/png"),
    (re.compile(rb"GIF8[79]a"), "image/gif"),
    (re.compile(rb"\xff\xd8\xff"), "image/jpeg"),
    (re.compile(rb"RIFF.{4}WEBP", re.DOTALL), "image/webp"),
    (re.compile(rb".{4}ftyp(?:avif|avis)", re.DOTALL), "image/avif"),
    (re.compile(rb"BM.{12}[\x0c\x28\x40\x6c\x7c]\0\0\0", re.DOTALL), "image/bmp"),
    (re.compile(rb"\0\0\x01\0[\x01-\x40]\0"), "image/x-icon"),
    (re.compile(rb"wOFF"), "font/woff"),
    (re.compile(rb"wOF2"), "font/woff2"),
    (re.compile(rb"\0\x01\0\0[\0-\x02]|true\0"), "font/ttf"),
    (re.compile(rb"OTTO"), "font/otf"),
    (re.compile(rb"%PDF-"), "application/pdf"),
    (re.compile(rb"OggS"), "application/ogg"),
    (re.compile(rb"ID3|\xff[\xfb\xf3\xf2]"), "audio/mpeg"),
    (re.compile(rb".{4}ftyp(?:M4A|M4B)", re.DOTALL), "audio/mp4"),
    (re.compile(rb".{4}ftyp", re.DOTALL), "video/mp4"),
    (re.compile(rb"\x1aE\xdf\xa3"), "video/webm"),
    (re.compile(rb"RIFF.{4}WAVE", re.DOTALL), "audio/wav"),
)
# Possessive (*+): a row of comments could be divided in more ways than anybody has time to try.
_SVG: Final = re.compile(
    rb"(?:\s|\xef\xbb\xbf|<\?xml[^>]*>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[[^\]]*\])?[^>]*>)*+<svg[\s>/]",
    re.DOTALL | re.IGNORECASE,
)
_HTML: Final = re.compile(
    rb"(?:\s|\xef\xbb\xbf|<!--.*?-->|<\?[^>]*>)*+<(?:!doctype\s+html|html|head|body|script|title|meta|iframe|h1|div|"
    rb"font|table|a|style|link|b|br|p|img|form)[\s>/]",
    re.DOTALL | re.IGNORECASE,
)
_HTML_TYPES: Final = frozenset({"text/html", "application/xhtml+xml", "application/vnd.wap.xhtml+xml"})
_UNTYPED: Final = frozenset(
    {"-", "", "application/octet-stream", "unknown/unknown", "application/unknown", "*/*"}
)
_PASSED: Final = re.compile(r"(?:image/(?!svg)|audio/|video/|font/)[a-z0-9.+-]{1,60}")
_TEXTUAL: Final = re.compile(r"text/|application/(?:[a-z0-9.+-]*(?:json|javascript|ecmascript|xml))$")
LOOKED_AT: Final = 4096


class Kind(StrEnum):
    """How archived bytes are shown."""

    HTML = "html"
    STYLE = "style"
    SVG = "svg"
    TEXT = "text"
    MEDIA = "media"
    DOWNLOAD = "download"


def kind_of(start: bytes, mime: str, modifier: str) -> tuple[Kind, str]:
    """Return how bytes that begin with *start* are shown, and the media type to send them with.

    *mime* is that of their header, ``-`` for none; *modifier* tells what a page wants of them (``im_``…).
    """
    signed = next((name for pattern, name in _SIGNATURES if pattern.match(start)), "")
    if modifier == "cs_":
        return Kind.STYLE, "text/css"
    if signed.startswith(("image/", "font/", "audio/", "video/", "application/ogg")):
        return Kind.MEDIA, signed
    if signed == "application/pdf":
        return Kind.DOWNLOAD, signed
    if modifier in IMAGES and _SVG.match(start):
        return Kind.SVG, "image/svg+xml"
    return _declared(start, mime, modifier)


def _declared(start: bytes, mime: str, modifier: str) -> tuple[Kind, str]:
    if mime in _HTML_TYPES or (mime in _UNTYPED and _HTML.match(start)):
        return (Kind.HTML, "text/html") if modifier not in IMAGES else (Kind.TEXT, "text/plain")
    if mime == "text/css":
        return Kind.STYLE, mime
    if mime == "image/svg+xml":
        return Kind.SVG, mime
    if _PASSED.fullmatch(mime):
        return Kind.MEDIA, mime
    if _TEXTUAL.match(mime):
        return Kind.TEXT, "text/plain"
    return Kind.DOWNLOAD, "application/octet-stream"
