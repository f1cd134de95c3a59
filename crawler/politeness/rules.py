"""What one robots.txt says to one crawler (RFC 9309). Pure.

Protego reads the lines and matches the paths. What it does otherwise than the standard is set right before
it sees them: it takes a group for ours whose name is only the beginning of our name, or a word of our
contact, and does not know ours where a version follows it; it breaks lines where RFC 9309 has no line ends;
and it holds all octets that are no UTF-8, as a path in GBK has them, for one and the same.
"""

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import quote, unquote_to_bytes

from protego import Protego

LIMIT_BYTES: Final = 512 * 1024
"""As much of a file is read; RFC 9309 §2.5 asks for 500 KiB at least."""

_TOKEN = re.compile(r"[A-Za-z_-]+")
_COMPATIBLE = re.compile(r"Mozilla/[^(]*\([^)]*?compatible; *([A-Za-z_-]+)")
_BROWSER_LIKE = re.compile(r"Mozilla/[^(]*\(.*?\).*?\s([A-Za-z_-]+)(?:/\S*)?\s*(?:\([^)]*\)\s*)?$")
"""The last product of a header that begins as those of browsers do, a comment behind it or not."""
_AGENT_LINE = re.compile(r"\s*user[- ]?agent\b\s*:?\s*(.*)", re.IGNORECASE)
_DELAY_LINE = re.compile(r"\s*crawl-delay\s*:?\s*(\d+(?:[.,]\d+)?)", re.IGNORECASE)
"""Protego drops what is no bare number: ``10s``, ``1,5``, ``5;``."""
_SOMEBODY_ELSE = "user-agent: ~"
"""No product token may have this character, so that nobody is meant."""
_LINE_ENDS = re.compile(rb"\r\n|\r|\n")
_BOM = b"\xef\xbb\xbf"
_ESCAPES = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
# What str.splitlines takes for the end of a line, besides CR and LF.
_NO_LINE_ENDS = re.compile("[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_SURROGATES, _PRIVATE = 0xDC00, 0xF700


class RobotsRules:
    """The rules that the robots.txt *body* has for the crawler whose product token is *token*."""

    def __init__(self, body: bytes, token: str) -> None:
        self._token = token.lower()
        self._parsed = Protego.parse("\n".join(_lines(body, self._token)))

    def allowed(self, url: str) -> bool:
        """Return whether *url* may be fetched."""
        return self._parsed.can_fetch(_distinct(url), self._token)

    @property
    def crawl_delay(self) -> float | None:
        """Seconds from one request to the next, by Crawl-delay or Request-rate, whichever is longer.

        A Request-rate that is meant for some hours of the day holds all day.
        """
        asked = self._parsed.crawl_delay(self._token)
        rate = self._parsed.request_rate(self._token)
        given = [asked, rate.seconds / rate.requests if rate else None]
        return max((seconds for seconds in given if seconds is not None), default=None)


def product_token(user_agent: str) -> str:
    """Return the name by which robots.txt calls the crawler with the header *user_agent* (RFC 9309 §2.2.1).

    ``newswarc/1.0 (+https://example.com)``, ``Mozilla/5.0 (compatible; newswarc/1.0)`` and ``Mozilla/5.0
    (X11; Linux x86_64) newswarc/1.0`` are newswarc: nobody means us who says Mozilla.
    """
    found = _COMPATIBLE.match(user_agent) or _BROWSER_LIKE.match(user_agent)
    name = found[1] if found else user_agent
    token = _TOKEN.match(name.strip())
    return token[0] if token else name


def _lines(body: bytes, token: str) -> Iterator[str]:
    kept = _in_utf8(body[:LIMIT_BYTES])
    lines = _LINE_ENDS.split(kept)
    if len(body) > LIMIT_BYTES:
        del lines[-1]  # half a path would forbid more than it says, or allow it
    for line in lines:
        text = line.decode("utf-8", "surrogateescape")
        agent = _AGENT_LINE.match(text)
        if agent:
            yield _agent_line(agent[1].strip(), token)
        elif delay := _DELAY_LINE.match(text):
            yield f"crawl-delay: {delay[1].replace(',', '.')}"
        else:
            yield _NO_LINE_ENDS.sub(lambda found: quote(found[0]), _distinct(_without_surrogates(text)))


def _in_utf8(body: bytes) -> bytes:
    """Return *body* without byte order marks, of which editors leave several, and UTF-16 as UTF-8."""
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if body.startswith(mark):
            body = body.decode(encoding, "replace").encode("utf-8", "replace")
    while body.startswith(_BOM):
        body = body.removeprefix(_BOM)
    return body


def _agent_line(name: str, token: str) -> str:
    if name.startswith("*"):
        return "user-agent: *"
    found = _TOKEN.match(name)
    return f"user-agent: {token}" if found and found[0].lower() == token else _SOMEBODY_ELSE


def _distinct(text: str) -> str:
    """Return *text* with each escaped octet that is no UTF-8 as a character of its own."""
    return _ESCAPES.sub(_distinct_escapes, text) if "%" in text else text


def _distinct_escapes(found: re.Match[str]) -> str:
    octets = unquote_to_bytes(found[0])
    try:
        octets.decode()
    except UnicodeDecodeError:
        parts = octets.decode("utf-8", "surrogateescape")
        return "".join(
            part if "\ue000" < part < "\uf8ff" else quote(part, safe="") for part in map(_own, parts)
        )
    return found[0]


def _without_surrogates(text: str) -> str:
    return text if text.isascii() else "".join(map(_own, text))


def _own(character: str) -> str:
    code = ord(character)
    return chr(code - _SURROGATES + _PRIVATE) if _SURROGATES <= code <= _SURROGATES + 0xFF else character
