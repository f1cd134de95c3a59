"""What goes over the wire: the request as read, and the two kinds of answer, a page and a script."""

import gzip
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from functools import cached_property
from http import HTTPStatus
from itertools import cycle
from typing import Literal, Protocol
from urllib.parse import parse_qsl

Headers = tuple[tuple[bytes, bytes], ...]
Then = Literal["keep", "close", "cut", "reset", "hang"]

BODILESS = frozenset({204, 205, 304})
# Uneven, so that chunk borders fall inside of gzip blocks, tags and characters.
CHUNK_SIZES = (4096, 1371, 8192, 513)


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it came in; *visit* counts the requests of this path on this host, from 1."""

    method: str
    target: str
    host: str
    base: str
    headers: Headers
    raw: bytes
    body: bytes = b""
    visit: int = 1

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(self.target.partition("?")[2], keep_blank_values=True))

    def header(self, name: bytes) -> bytes | None:
        """Return the first value of the header *name* (lower case), or None."""
        return next((value for key, value in self.headers if key.lower() == name), None)


@dataclass(frozen=True)
class Page:
    """A well-formed answer: *body* is what a reader reads, *gzip* and *chunked* how it goes over the wire.

    *etag* (with its quotes) and *modified* (aware) switch on conditional GET.
    """

    body: bytes = field(repr=False)
    type: str = "text/html; charset=utf-8"
    status: int = 200
    headers: Headers = ()
    gzip: bool = False
    chunked: bool = False
    etag: str | None = None
    modified: datetime | None = None

    @cached_property
    def payload(self) -> bytes:
        """The body as content-encoded, before chunking."""
        return gzip.compress(self.body, 6, mtime=0) if self.gzip else self.body

    @cached_property
    def head(self) -> bytes:
        """The header block of a full answer, with its empty line."""
        lines = [status_line(self.status), *_standing_lines()]
        if self.status not in BODILESS:
            lines.append(b"Content-Type: " + self.type.encode("latin-1"))
            if self.gzip:
                lines.append(b"Content-Encoding: gzip\r\nVary: Accept-Encoding")
            lines.append(
                b"Transfer-Encoding: chunked" if self.chunked else b"Content-Length: %d" % len(self.payload)
            )
        return _block([*lines, *self._validators(), *_lines(self.headers)])

    @cached_property
    def wire(self) -> bytes:
        """All bytes of a full answer."""
        if self.status in BODILESS:
            return self.head
        return self.head + (b"".join(chunks(self.payload)) if self.chunked else self.payload)

    @cached_property
    def not_modified(self) -> bytes:
        """All bytes of a 304."""
        return _block([status_line(304), *_standing_lines(), *self._validators()])

    def answer(self, request: Request) -> bytes:
        """Return the bytes that answer *request*: the page, its header block (HEAD) or a 304."""
        if self.status == 200 and self._fresh(request):
            return self.not_modified
        return self.head if request.method == "HEAD" else self.wire

    def slim(self) -> "Page":
        """Return a page that answers the same and holds its bytes ready, but no longer the body."""
        ready = replace(self, body=b"")
        ready.__dict__.update(payload=b"", head=self.head, wire=self.wire, not_modified=self.not_modified)
        return ready

    def _validators(self) -> list[bytes]:
        lines = [b"ETag: " + self.etag.encode()] if self.etag else []
        if self.modified:
            lines.append(b"Last-Modified: " + http_date(self.modified))
        return lines

    def _fresh(self, request: Request) -> bool:
        asked = request.header(b"if-none-match")
        if asked is not None:  # RFC 9110 13.2.2: If-Modified-Since counts only without If-None-Match.
            tags = [tag.strip().removeprefix("W/") for tag in asked.decode("latin-1").split(",")]
            return self.etag is not None and (self.etag.removeprefix("W/") in tags or "*" in tags)
        since = request.header(b"if-modified-since")
        return since is not None and self.modified is not None and self.modified <= _parse_date(since)


@dataclass(frozen=True, slots=True)
class Script:
    """Bytes as they are: *writes* holds ``bytes`` (one write each) and ``float`` (a pause in seconds).

    *then*: ``keep`` the connection, ``close`` it (in TLS with close_notify), ``cut`` it (without),
    ``reset`` it (RST), or ``hang``: nothing more until the client goes.
    """

    writes: Iterable[bytes | float]
    then: Then = "keep"


Reply = Page | Script
Answer = str | bytes | Page | Script | Callable[[Request], Reply | None]


class Site(Protocol):
    """Anything that answers requests."""

    def answer(self, request: Request) -> Reply | None:
        """Return the answer, or None where there is no such page."""
        ...


Pages = Site | Mapping[str, Answer]


def lookup(pages: Mapping[str, Answer], request: Request) -> Reply | None:
    """Find the answer in a dict of paths: with query, without, then the longest ``/…/*`` above it."""
    for key in (request.target, request.path, *_stars(request.path)):
        if key in pages:
            return resolve(pages[key], request)
    return None


def resolve(answer: Answer, request: Request) -> Reply | None:
    """Turn any kind of answer into a page or a script."""
    if isinstance(answer, str | bytes):
        return Page(answer.encode() if isinstance(answer, str) else answer)
    if isinstance(answer, Page | Script):
        return answer
    return answer(request)


def _stars(path: str) -> list[str]:
    parts = path.split("/")[:-1]
    return ["/".join(parts[:size]) + "/*" for size in range(len(parts), 0, -1)]


def chunks(payload: bytes, sizes: Iterable[int] = CHUNK_SIZES) -> Iterable[bytes]:
    """Yield *payload* in the chunked transfer coding, the sizes in turn, the last chunk included."""
    start = 0
    for size in cycle(sizes):
        if start >= len(payload):
            break
        piece = payload[start : start + size]
        yield b"%x\r\n%b\r\n" % (len(piece), piece)
        start += size
    yield b"0\r\n\r\n"


def status_line(status: int) -> bytes:
    """Return the status line, without its line end, with the usual reason phrase."""
    try:
        phrase = HTTPStatus(status).phrase
    except ValueError:
        phrase = "Unknown"
    return f"HTTP/1.1 {status} {phrase}".encode()


def http_date(at: datetime) -> bytes:
    """Return *at* as an IMF-fixdate."""
    return format_datetime(at.astimezone(UTC), usegmt=True).encode()


def _parse_date(value: bytes) -> datetime:
    try:
        return parsedate_to_datetime(value.decode("latin-1"))
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)


def _standing_lines() -> list[bytes]:
    return [b"Date: " + http_date(datetime.now(UTC)), b"Server: newsite"]


def _lines(headers: Headers) -> list[bytes]:
    return [name + b": " + value for name, value in headers]


def _block(lines: list[bytes]) -> bytes:
    return b"\r\n".join(lines) + b"\r\n\r\n"
