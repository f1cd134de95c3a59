"""Which characters the bytes of a page are."""

import re

from charset_normalizer import from_bytes
from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom, resolve_encoding

_SAMPLE = 32_768
_TOLERATED = 1000
"""One undecodable character in so many does not speak against a declared encoding."""

_GUESSES = [
    "gb18030",
    "big5hkscs",
    "cp932",
    "euc_jp",
    "cp949",
    "cp1251",
    "koi8_r",
    "cp1250",
    "cp1252",
    "cp1253",
    "cp1254",
]
"""What is considered where nothing is declared: the legacy encodings of the web."""

_STATEFUL = ("utf-16", "utf-32", "iso2022", "hz", "utf-7")
"""Encodings whose bytes may be valid UTF-8 all the same; a declaration of them is believed."""

_MARKUP = re.compile(rb"<[^>]{0,2000}>")


def charset(body: bytes, content_type: bytes | None = None) -> tuple[str, str, str, int]:
    """Return *body*'s text, Python's name of its encoding, how that was found, and the characters lost.

    The byte-order mark decides, then validity as UTF-8 (bytes of another encoding that happen to be
    valid are next to impossible, wrong declarations are common), then the declarations of HTTP and of
    the page in the meaning browsers give them (WHATWG Encoding §4.2: gb2312 and gbk are GB18030, latin1 is
    windows-1252, big5 has HKSCS), then detection. Never raises.
    """
    encoding, mark = read_bom(body)
    if encoding is not None and mark is not None:
        return _read(body[len(mark) :], encoding, "bom")
    declared = _declared(body, content_type)
    for name, found in declared:
        if name.replace("_", "-").startswith(_STATEFUL):
            return _read(body, name, found)
    best = _read(body, "utf-8", next((f for n, f in declared if n == "utf-8"), "content"))
    if not best[3]:
        return best
    readings = [_read(body, name, found) for name, found in declared if name != "utf-8"] + [best]
    for reading in sorted(readings, key=lambda r: r[3]):
        if reading[3] * _TOLERATED <= max(len(reading[0]), 3 * _TOLERATED):
            return reading
    return _detected(body) or min(readings, key=lambda r: r[3])


def _declared(body: bytes, content_type: bytes | None) -> list[tuple[str, str]]:
    stated = (content_type or b"").decode("latin-1")
    pairs = ((http_content_type_encoding(stated), "header"), (html_body_declared_encoding(body), "meta"))
    return [(name, found) for name, found in pairs if name is not None]


def _read(body: bytes, encoding: str, found: str) -> tuple[str, str, str, int]:
    try:
        return body.decode(encoding), encoding, found, 0
    except UnicodeDecodeError:
        text = body.decode(encoding, "replace")
    except LookupError:
        return body.decode("latin-1"), "latin-1", "default", len(body)
    return text, encoding, found, text.count("\ufffd") or 1


def _detected(body: bytes) -> tuple[str, str, str, int] | None:
    sample = _MARKUP.sub(b" ", body[: 8 * _SAMPLE])[:_SAMPLE]
    guess = from_bytes(sample, steps=5, chunk_size=512, cp_isolation=_GUESSES).best()
    if guess is None:
        return None
    return _read(body, resolve_encoding(guess.encoding) or guess.encoding, "detected")
