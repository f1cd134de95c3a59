"""What may be asked of captures, and how it is written down."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from urllib.parse import urlsplit

import orjson
from pydantic import TypeAdapter, ValidationError

from pipelines.errors import ManifestError, TakedownError
from pipelines.model import Capture
from pipelines.urls import span, urlkey

FORMAT = "newswarc-takedown/1"
_DIGEST = re.compile(r"[0-9a-f]{64}|sha1:[A-Z2-7]{32}")
_USUAL_PORT = re.compile(r":(?:80|443)$")
_HOST = re.compile(r"[^\s/@?#]+")


class Action(StrEnum):
    """What is to happen."""

    HIDE = "hide"
    """Nobody is told that the captures are there: HTTP 404."""
    BLOCK = "block"
    """They are there and are not shown, for the reason given: HTTP 451 (RFC 7725)."""
    PURGE = "purge"
    """They are rewritten out of the archive."""
    HOLD = "hold"
    """Legal hold: they must not be purged."""
    LIFT = "lift"
    """An earlier one counts no longer."""


class Kind(StrEnum):
    """What a target names."""

    URL = "url"
    """All captures of an address, whichever its scheme and ``www.``, as the index finds them."""
    PREFIX = "prefix"
    """Of all addresses that begin so, whichever their scheme and ``www.``."""
    HOST = "host"
    """Of a host, on the port that is named or on all; ``www.`` is left out of account."""
    DOMAIN = "domain"
    """Of a host and those below it."""
    PAYLOAD = "payload"
    """All captures with that content, by ``sha1:…`` as the index has it, or by 64 digits of SHA-256."""


@dataclass(frozen=True)
class Target:
    """Which captures are meant."""

    kind: Kind
    value: str
    first: str = ""
    """Digits of a time: captured then or later."""
    last: str = ""
    """Digits of a time: captured before it has passed."""

    def checked(self) -> "Target":
        """Return this target. Raises ``TakedownError`` where it cannot mean anything."""
        valid = {
            Kind.URL: "://" in self.value and bool(_host_of(self.value)),
            # Half a host would be taken for a whole one.
            Kind.PREFIX: "/" in self.value.partition("://")[2] and bool(_host_of(self.value)),
            Kind.HOST: bool(_HOST.fullmatch(self.value)),
            # The index leaves www. out, so that this would mean what lies beside it.
            Kind.DOMAIN: bool(_HOST.fullmatch(self.value)) and not self.value.lower().startswith("www."),
            Kind.PAYLOAD: bool(_DIGEST.fullmatch(self.value)),
        }
        if not valid[self.kind]:
            raise TakedownError(
                f"take-down: {self.value!r} is no {self.kind}; write an address with https:// and a path, "
                "the name of a host or domain without www., or a digest as 'newswarc show' prints it"
            )
        try:
            span(self.first), span(self.last)
        except ValueError as err:
            raise TakedownError(f"take-down: {err}") from err
        return self

    def matches(self, capture: Capture) -> bool:
        """Return whether *capture* is meant."""
        if self.kind is Kind.PAYLOAD:
            named = self.value in {capture.digest, capture.sha256}
        else:
            named = self._names(capture.url, capture.urlkey)
        return named and self._in_time(capture.timestamp)

    def names_at(self, url: str, timestamp: str) -> bool:
        """Return whether the capture of *url* at *timestamp* (14 digits) is meant; never for a payload."""
        return self._names(url, urlkey(url)) and self._in_time(timestamp)

    def _names(self, url: str, key: str) -> bool:
        if self.kind is Kind.URL:
            return key == self._key
        if self.kind is Kind.PREFIX:  # an urlkey has the parameters of a query in another order
            return _comparable(url).startswith(_comparable(self.value))
        return self.kind is not Kind.PAYLOAD and self._names_host(key)

    def _in_time(self, timestamp: str) -> bool:
        return span(self.first)[0] <= timestamp <= span(self.last)[1]

    def _names_host(self, key: str) -> bool:
        host = key.partition(")")[0]
        bare = host.partition(":")[0]
        wanted = self._key
        if self.kind is Kind.DOMAIN and bare.startswith(f"{wanted},"):
            return True
        return wanted in {host, bare}

    @property
    def urlkey(self) -> str:
        """The urlkey of an address; of a host or domain, what those below it begin with."""
        return self._key

    @cached_property
    def _key(self) -> str:
        if self.kind in {Kind.HOST, Kind.DOMAIN}:
            # The index leaves the ports out that the scheme means anyway.
            return urlkey(f"http://{_USUAL_PORT.sub('', self.value)}/").partition(")")[0]
        return urlkey(self.value)

    def __str__(self) -> str:
        time = f" from {self.first or 'the first'} to {self.last or 'the last'}" * bool(
            self.first or self.last
        )
        return f"{self.kind} {self.value}{time}"


@dataclass(frozen=True)
class Takedown:
    """One thing that was asked for. It is never changed; it may be lifted by another one."""

    id: str
    """14 digits of its time, and eight of its own."""
    action: Action
    who: str
    reason: str
    at: datetime
    """Aware, UTC."""
    target: Target | None = None
    """None where it lifts another one."""
    lifts: str | None = None
    segments: tuple[str, ...] = ()
    """Of a purge: those that hold what is to go."""
    payloads: tuple[str, ...] = ()
    """Of a purge: SHA-256 of content that is to go wherever it is."""
    format: str = FORMAT

    def key(self, collection: str) -> str:
        """Return the key of its object."""
        return f"{takedowns_prefix(collection)}{self._day}/{self.id}.json"

    def done_key(self, collection: str) -> str:
        """Return the key of the object that tells of a purge's end."""
        return f"{takedowns_prefix(collection)}{self._day}/{self.id}{DONE_SUFFIX}"

    def to_json(self) -> bytes:
        """Return it as it is stored."""
        return orjson.dumps(asdict(self), option=orjson.OPT_INDENT_2) + b"\n"

    def takes(self, capture: Capture, refers_to: tuple[str, str] | None = None) -> bool:
        """Return whether this purge takes *capture*, a revisit of *refers_to* (URL, timestamp) if given."""
        assert self.target is not None
        if self.target.matches(capture) or capture.sha256 in self.payloads:
            return True
        return refers_to is not None and self.target.names_at(*refers_to)

    @property
    def _day(self) -> str:
        return f"{self.id[:4]}/{self.id[4:6]}/{self.id[6:8]}"


DONE_SUFFIX = ".done.json"


@dataclass(frozen=True)
class Purged:
    """What a purge did."""

    id: str
    captures: int
    """That were taken out."""
    replaced: Mapping[str, str] = field(default_factory=dict)
    """Segments that held them, each with the one that has the rest."""
    objects: int = 0
    """That were deleted."""
    clusters: bool = False
    """Whether merged indexes were among them."""
    at: datetime | None = None

    def to_json(self) -> bytes:
        """Return it as it is stored."""
        return orjson.dumps(asdict(self), option=orjson.OPT_INDENT_2) + b"\n"


def takedowns_prefix(collection: str) -> str:
    """Return what the keys of take-downs begin with."""
    return f"{collection}/takedowns/"


_ADAPTER = TypeAdapter(Takedown)


def parse_takedown(content: bytes, key: str) -> Takedown:
    """Return what lies at *key*. Raises ``ManifestError`` where it is not readable as one."""
    try:
        return _ADAPTER.validate_json(content)
    except ValidationError as err:
        raise ManifestError(f"take-down: {key} is not readable: {err}") from err


def _comparable(url: str) -> str:
    """Return *url* without scheme and ``www.``, its host in lower case: pages move between these forms."""
    host, slash, path = url.partition("://")[2].partition("/")
    return _USUAL_PORT.sub("", host.lower()).removeprefix("www.") + slash + path


def _host_of(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
