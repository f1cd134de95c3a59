"""The nouns that pass between the stages: each is complete when built and never changes.

An :class:`Exchange` comes off the wire, a :class:`Failure` instead of it where nothing came back;
a :class:`Capture` says where an exchange lies in the archive.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from io import BytesIO
from typing import BinaryIO, Final, Protocol, Self

NOT_MODIFIED: Final = 304
"""The status that says nothing has changed (RFC 9110 §15.4.5); it never has a payload."""


class Truncation(StrEnum):
    """Why a block holds less than was sent, as ``WARC-Truncated`` says it (WARC/1.1 §5.13)."""

    LENGTH = "length"
    TIME = "time"
    DISCONNECT = "disconnect"
    UNSPECIFIED = "unspecified"


class Block(Protocol):
    """Bytes as they went over the wire, in memory or in a file."""

    def __len__(self) -> int:
        """Return the number of bytes."""
        ...

    def open(self) -> BinaryIO:
        """Return a new reader at the first byte; the caller closes it."""
        ...


class WireBytes(bytes):
    """A block that fits in memory."""

    __slots__ = ()

    def open(self) -> BinaryIO:
        """Return a reader over the bytes, without copying them."""
        return BytesIO(self)


@dataclass(frozen=True, slots=True)
class Tls:
    """What the handshake of a connection settled on."""

    version: str
    """As ``WARC-Protocol`` writes it: ``tls/1.3``."""
    cipher_suite: str | None
    """IANA name, ``TLS_AES_256_GCM_SHA384``; None where the name is not known."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """How the crawl came to an URL."""

    job: str | None = None
    seed: str | None = None
    via: str | None = None
    hops: str = ""
    """One letter a step from the seed, as Heritrix writes it: L link, R redirect, E embed (requisite),
    F feed, M sitemap (map), P prerequisite (robots.txt)."""
    announced: Mapping[str, str] = field(default_factory=dict)
    """What a feed or sitemap said of the URL: ``source``, ``title``, ``published``, ``updated``, ``guid``…"""


@dataclass(frozen=True, slots=True)
class Original:
    """An earlier record whose payload a revisit stands for."""

    url: str
    timestamp: str
    """14 digits, UTC."""
    segment: str
    offset: int
    digest: str
    """Of the payload, ``sha1:`` and base32."""
    sha256: str
    """64 hexadecimal digits over the same payload."""

    @classmethod
    def of(cls, capture: "Capture") -> Self:
        """Return where *capture* lies and what its payload is."""
        return cls(
            capture.url,
            capture.timestamp,
            capture.segment,
            capture.offset,
            capture.digest,
            capture.sha256,
        )


@dataclass(frozen=True, slots=True)
class Exchange:
    """One HTTP request and what came back, byte for byte."""

    url: str
    started: datetime
    """When the first byte of the request was written; aware, UTC."""
    duration: float
    """Seconds from there to the last byte."""
    request: Block
    response: Block
    """The final response, without interim ones and without what followed its end."""
    interim: bytes = b""
    """1xx responses that came before it."""
    address: str | None = None
    tls: Tls | None = None
    truncated: Truncation | None = None
    surplus: int = 0
    """Bytes that the server sent after the response's end in the same read; not kept."""
    error: str | None = None
    """Why the exchange did not end well, where it did not: a reason code (docs/reasons.md)."""
    article: bool = False
    """Whether clean text is wanted of this page."""
    provenance: Provenance = field(default_factory=Provenance)
    conditional_on: Original | None = None
    """The capture of this URL whose ``ETag`` or ``Last-Modified`` the request asked with, if it did. It may
    itself be a revisit: what is written refers to the response behind it."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A request that brought no response, or that was refused before it was sent."""

    url: str
    at: datetime
    reason: str
    """A reason code, the same in log, statistics and API: ``dns``, ``robots``, ``address``…"""
    detail: str = ""
    provenance: Provenance = field(default_factory=Provenance)


@dataclass(frozen=True, slots=True)
class Capture:
    """One exchange in the archive: what it was, and where its response (or revisit) record lies."""

    urlkey: str
    timestamp: str
    """14 digits, UTC."""
    url: str
    kind: str
    """``response`` or ``revisit``."""
    status: int | None
    """None where the status line could not be read."""
    mime: str
    """Media type without parameters; ``-`` where the response gave none."""
    digest: str
    """``sha1:`` and 32 characters of base32, over the payload (de-chunked, still content-encoded); of a
    revisit, over that of the response that it refers to."""
    sha256: str
    """64 hexadecimal digits over the same payload: SHA-1 alone can be collided."""
    segment: str
    filename: str
    """Key of the WARC below ``<collection>/archive/``."""
    offset: int
    length: int
    """Bytes of the compressed record."""
    truncated: Truncation | None = None

    @property
    def unmodified(self) -> bool:
        """Whether the server said of an earlier capture that nothing has changed: a 304 that is a revisit."""
        return self.kind == "revisit" and self.status == NOT_MODIFIED


@dataclass(frozen=True, slots=True)
class Recorded:
    """What the segment writer tells once an exchange is on disk."""

    capture: Capture
    payload_length: int
    """Bytes of the payload that came, content coding included."""
    article: bool = False
    """Whether the capture's segment now waits for its clean text."""


Headers = tuple[tuple[bytes, bytes], ...]


def header(headers: Headers, name: bytes) -> bytes | None:
    """Return the first value of the header *name* (lower case), or None."""
    return next(values(headers, name), None)


def values(headers: Headers, name: bytes) -> Iterator[bytes]:
    """Yield each value of the header *name* (lower case), in order."""
    return (value for key, value in headers if key.lower() == name)
