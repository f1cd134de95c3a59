"""The charset that a response declares: in its header, or in the first bytes of its page."""

import zlib

from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom

from pipelines.model import header
from pipelines.warc.digests import DigestedResponse

_LOOK_BYTES = 4096
_TEXTUAL = ("text/", "application/xhtml", "application/xml", "application/rss", "application/atom")


def declared_charset(digested: DigestedResponse) -> str | None:
    """Return the charset as the response declares it, canonical in Python's sense, or None.

    Byte order mark, then ``Content-Type``, then the page's own ``<meta>``; nothing is guessed.
    """
    if not digested.head.mime.startswith(_TEXTUAL):
        return None
    start = _decoded_start(digested)
    bom, _ = read_bom(start)
    content_type = header(digested.head.headers, b"content-type") or b""
    return (
        bom
        or http_content_type_encoding(content_type.decode("latin-1"))
        or html_body_declared_encoding(start)
    )


def _decoded_start(digested: DigestedResponse) -> bytes:
    start = digested.payload_start[:_LOOK_BYTES]
    coding = (header(digested.head.headers, b"content-encoding") or b"").strip().lower()
    if coding not in {b"gzip", b"x-gzip", b"deflate"}:
        return start
    try:
        return zlib.decompressobj(47).decompress(start, _LOOK_BYTES)
    except zlib.error:
        return b""
