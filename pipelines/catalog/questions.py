"""What can be asked of a catalog's captures, and which urlkeys a question means."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from pipelines.model import Capture
from pipelines.urls import host, urlkey


class Match(StrEnum):
    """Which captures an address stands for, as the CDX servers name it."""

    EXACT = "exact"
    """Those with its urlkey."""
    PREFIX = "prefix"
    """Those whose urlkey starts with its one; of the empty address, all."""
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
        return [Keys(exactly=urlkey(url))]
    if match == Match.PREFIX:
        start = _prefix(url)
        return [Keys(least=start, below=_behind_all(start))]
    name = urlkey(f"http://{host(url if '//' in url else '//' + url)}/").partition(")")[0]
    # In the order of bytes: the host itself, hosts below it, the host with a port.
    marks = "),:" if match == Match.DOMAIN else "):"
    return [Keys(least=name + mark, below=_behind_all(name + mark)) for mark in marks]


def _prefix(url: str) -> str:
    if not url:
        return ""
    key = urlkey(url)
    # The urlkey leaves the last slash out, but who asks for a folder does not want its neighbours.
    return key + "/" if url.endswith("/") and not key.endswith("/") else key


def _behind_all(start: str) -> str:
    """Return the first text behind all that begin with *start*; empty where there is none."""
    kept = start.rstrip("\U0010ffff")
    if not kept:
        return ""
    code = ord(kept[-1]) + 1
    return kept[:-1] + chr(0xE000 if 0xD800 <= code < 0xE000 else code)


def behind(keys: Keys, place: Place, *, reverse: bool) -> Iterator[Keys]:
    """Yield what of *keys* does not come before the urlkey of *place*, ascending."""
    key = place.urlkey
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
