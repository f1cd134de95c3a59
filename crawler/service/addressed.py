"""What a path below ``/web/`` addresses: an URL, a time, and how it is wanted."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final
from urllib.parse import unquote

from crawler.service.errors import Refused

LONGEST: Final = 8192
"""Characters of an address."""
_MOUNT: Final = "/web/"
_MEMENTO: Final = re.compile(r"([0-9]{1,14})([a-z]{2}_)?/(.*)", re.DOTALL)
_TIMEMAP: Final = re.compile(r"timemap/(?:(link|json|cdx)/)?(.*)", re.DOTALL)
_QUOTED: Final = re.compile(r"https?%3a", re.IGNORECASE)
_SLASHES: Final = re.compile(r"(https?):/*", re.IGNORECASE)
_SCHEME: Final = re.compile(r"[a-z][a-z0-9+.-]*:(?!\d+(?:/|$))", re.IGNORECASE)


class Wanted(StrEnum):
    """What is asked for."""

    TIMEGATE = "timegate"
    TIMEMAP = "timemap"
    LIST = "list"
    MEMENTO = "memento"


@dataclass(frozen=True, slots=True)
class Addressed:
    """A request below ``/web/``."""

    wanted: Wanted
    url: str
    digits: str = ""
    """1 to 14, of a memento."""
    kind: str = ""
    """Modifier of a memento, as ``id_``; empty for a page with its banner."""
    form: str = ""
    """Of a TimeMap."""


def addressed(scope: Mapping[str, Any]) -> Addressed:
    """Return what the ASGI request *scope* addresses, from its bytes as they came.

    Raises ``Refused`` (400) where there is no address, or one that is too long.
    """
    path = _text(bytes(scope.get("raw_path") or str(scope["path"]).encode()))
    query = _text(bytes(scope.get("query_string", b"")))
    rest = path.partition(_MOUNT)[2] + (f"?{query}" if query else "")
    if memento := _MEMENTO.fullmatch(rest):
        return Addressed(Wanted.MEMENTO, _url(memento[3]), memento[1], memento[2] or "")
    if rest.startswith("*/"):
        return Addressed(Wanted.LIST, _url(rest[2:]))
    if timemap := _TIMEMAP.fullmatch(rest):
        return Addressed(Wanted.TIMEMAP, _url(timemap[2]), form=timemap[1] or "link")
    return Addressed(Wanted.TIMEGATE, _url(rest.removeprefix("timegate/")))


def _text(content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _url(text: str) -> str:
    """Return the URL that *text* means; clients quote it whole, and proxies take one of its slashes away."""
    if len(text) > LONGEST:
        raise Refused(
            400, "error:invalid-url-syntax", f"service: the address is longer than {LONGEST} characters"
        )
    if _QUOTED.match(text):
        text = unquote(text)
    if not text:
        raise Refused(400, "error:invalid-url-syntax", "service: the path names no address")
    if _SLASHES.match(text):
        return _SLASHES.sub(lambda match: f"{match[1].lower()}://", text, count=1)
    return text if _SCHEME.match(text) else f"http://{text}"
