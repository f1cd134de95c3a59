"""What can be asked of a catalog's captures, and which urlkeys a question means."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from pipelines.catalog.coding import key_start, stored_key
from pipelines.hostnames import normal_host
from pipelines.model import Capture
from pipelines.urls import host, urlkey


class Match(StrEnum):
    """Which captures an address stands for, as the CDX servers name it."""

    EXACT = "exact"
    """Those with its urlkey."""
    PREFIX = "prefix"
    """Those whose address begins with it, but for scheme and ``www.``; of the empty address, all."""
    HOST = "host"
    """Those of its host, any port."""
    DOMAIN = "domain"
    """Those of its host and of all hosts below it."""


@dataclass(frozen=True, slots=True)
class Filter:
    """What captures have to be; an empty part lets all through."""

    statuses: tuple[int, ...] = ()
    mimes: tuple[str, ...] = ()
    """Media types without parameters."""
    kinds: tuple[str, ...] = ()
    """``response``, ``revisit``."""
    digest: str = ""
    """As :attr:`pipelines.model.Capture.digest`."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """The place of a capture in the order of captures: where a cut answer is taken up again."""

    urlkey: str
    timestamp: str
    segment: str
    offset: int

    @classmethod
    def of(cls, capture: Capture) -> "Place":
        """Return the place of *capture*."""
        return cls(capture.urlkey, capture.timestamp, capture.segment, capture.offset)


@dataclass(frozen=True, slots=True)
class Keys:
    """A span of urlkeys; an empty part sets no limit."""

    exactly: str = ""
    least: str = ""
    above: str = ""
    below: str = ""


@dataclass(frozen=True, slots=True)
class Query:
    """A question for captures. They come by urlkey, time, segment and offset."""

    url: str = ""
    match: Match = Match.EXACT
    since: str = ""
    """Up to 14 digits: nothing before the first moment that starts so."""
    until: str = ""
    """Up to 14 digits: nothing behind the last moment that starts so."""
    where: Filter = field(default_factory=Filter)
    reverse: bool = False
    """Whether the order is turned round, urlkeys too."""
    limit: int | None = None
    after: Place | None = None
    """Only what comes behind this one, in the order that is asked for."""


def ranges(url: str, match: Match) -> list[Keys]:
    """Return the spans of urlkeys that *url* stands for, ascending."""
    if match == Match.EXACT:
        return [Keys(exactly=stored_key(urlkey(url)))]
    if match == Match.PREFIX:
        return list(_prefixed(url))
    name = urlkey(f"http://{host(url if '//' in url else '//' + url)}/").partition(")")[0]
    # In the order of bytes: the host itself, hosts below it, the host with a port.
    marks = "),:" if match == Match.DOMAIN else "):"
    return [Keys(least=name + mark, below=_behind_all(name + mark)) for mark in marks]


def beginning(query: "Query") -> str:
    """Return what :func:`plain` of each address begins with that *query* asks for; empty: no matter.

    Urlkeys only narrow down what an address begins with: they have parameters sorted, letters in lower case,
    and no last slash.
    """
    if query.match != Match.PREFIX or not query.url:
        return ""
    start = _CUT_ESCAPE.sub(lambda match: match[0].upper(), plain(query.url))
    return start if "/" in start else start + "/"


def plain(url: str) -> str:
    """Return *url* without scheme, ``www.``, fragment and common port, host and escapes in one form."""
    rest = (url.partition("://")[2] or url).partition("#")[0]
    name, mark, path = _AUTHORITY_END.match(rest).groups()  # type: ignore[union-attr]  # matches everything
    name = _USUAL_PORT.sub("", name.rpartition("@")[2])
    return _WWW.sub("", normal_host(name)) + ("/?" if mark == "?" else mark) + _ODD.sub(_escape, path)


_AUTHORITY_END = re.compile(r"([^/?]*)([/?]?)(.*)", re.DOTALL)
_USUAL_PORT = re.compile(r":(?:80|443)?$")
_WWW = re.compile(r"^www\d*\.")
_ODD = re.compile(r"%([0-9A-Fa-f]{2})|[^!-~]")
_CUT_ESCAPE = re.compile(r"%[0-9A-Fa-f]?$")
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]")


def _escape(match: re.Match[str]) -> str:
    digits: str | None = match[1]
    if digits is None:
        return "".join(f"%{byte:02X}" for byte in match[0].encode("utf-8", "surrogatepass"))
    character = chr(int(digits, 16))
    return character if _UNRESERVED.match(character) else f"%{digits.upper()}"


def _prefixed(url: str) -> Iterator[Keys]:
    """Yield spans of urlkeys, ascending, in which all addresses lie that begin with *url*."""
    if not url:
        yield Keys()
        return
    path, mark, _ = _CUT_ESCAPE.sub("", url.partition("#")[0]).partition("?")
    key = urlkey(path)
    is_folder = path.endswith("/") and not key.endswith("/")
    if not mark and not is_folder:
        start = key_start(key)
        yield Keys(least=start, below=_behind_all(start))
        return
    # The page itself: the urlkey leaves out a last slash, and a query of session ids only.
    yield Keys(exactly=stored_key(key))
    for character in "?" if mark else "/?":
        start = key_start(key + character)
        yield Keys(least=start, below=_behind_all(start))


def _behind_all(start: str) -> str:
    """Return the first text behind all that begin with *start*; empty where there is none."""
    kept = start.rstrip("\U0010ffff")
    if not kept:
        return ""
    code = ord(kept[-1]) + 1
    return kept[:-1] + chr(0xE000 if 0xD800 <= code < 0xE000 else code)


def behind(keys: Keys, place: Place, *, reverse: bool) -> Iterator[Keys]:
    """Yield what of *keys* does not come before the urlkey of *place*, ascending."""
    key = stored_key(place.urlkey)
    if keys.exactly:
        if key == keys.exactly or (keys.exactly > key) is not reverse:
            yield keys
        return
    inside = keys.least <= key and (not keys.below or key < keys.below)
    if inside and reverse:
        yield Keys(least=keys.least, below=key)
    if inside:
        yield Keys(exactly=key)
    if inside and not reverse:
        yield Keys(above=key, below=keys.below)
    if not inside and (keys.least > key) is not reverse:
        yield keys
