"""HTTP/1.x messages as recorded: where the head ends, what it says, and the payload behind it.

Nothing here changes a byte. Reading is as lenient as browsers are: bare LF, folded lines, lines
without a colon, headers in any encoding. The payload is the entity body of RFC 2616 §7.2: after the
transfer coding is removed, before the content coding is (WARC/1.1 §5.9).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from pipelines.model import Headers, header, values

HEAD_LIMIT_BYTES = 1 << 20
READ_BYTES = 1 << 18
_STATUS_LINE = re.compile(rb"[A-Za-z]+(?:/(\d+)\.(\d+))? +(\d{3})(?: |$)")
_BLANK_LINE = re.compile(rb"\r?\n\r?\n")
_CHUNK_SIZE = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,16})[ \t]*(?:;[^\n]*)?\r?\n")
_LINE_LIMIT_BYTES = 1 << 16


class Source(Protocol):
    """Bytes to be read in order."""

    def read(self, size: int = -1, /) -> bytes:
        """Return at most *size* bytes, none at the end."""
        ...


@dataclass(frozen=True, slots=True)
class Head:
    """Start line and headers of a message."""

    start_line: bytes
    headers: Headers
    """Names and values as sent, surrounding white space removed, folded lines joined by a space."""
    length: int
    """Bytes up to and including the blank line; all there is where that never came."""
    complete: bool
    """Whether the blank line was seen."""

    @property
    def status(self) -> int | None:
        """The status code of a response, None where the line holds none."""
        match = _STATUS_LINE.match(self.start_line)
        return int(match[3]) if match else None

    @property
    def version(self) -> str | None:
        """The protocol of a response's status line as ``WARC-Protocol`` writes it: ``http/1.1``."""
        match = _STATUS_LINE.match(self.start_line)
        if not match or match[1] is None:
            return None
        return f"http/{int(match[1])}.{int(match[2])}"

    @property
    def mime(self) -> str:
        """The media type without parameters, in lower case; ``-`` where there is none."""
        value = header(self.headers, b"content-type") or b""
        mime = value.split(b";", 1)[0].strip().lower().decode("latin-1")
        return mime if mime and " " not in mime else "-"

    @property
    def chunked(self) -> bool:
        """Whether the last transfer coding is ``chunked`` (RFC 9112 §6.1)."""
        codings = b",".join(values(self.headers, b"transfer-encoding"))
        return codings.lower().replace(b" ", b"").rsplit(b",", 1)[-1] == b"chunked"


def parse_head(start: bytes) -> Head:
    """Return the head of the message that begins with *start*, which holds all of it or all there is."""
    blank = _BLANK_LINE.search(start)
    end = blank.end() if blank else len(start)
    lines = start[: blank.start() if blank else end].split(b"\n")
    joined: list[bytes] = []
    for raw in lines[1:]:
        line = raw.removesuffix(b"\r")
        if line[:1] in {b" ", b"\t"} and joined:
            joined[-1] += b" " + line.strip()
        elif line:
            joined.append(line)
    pairs = (line.partition(b":") for line in joined)
    headers = tuple((name.strip(), value.strip()) for name, colon, value in pairs if colon)
    return Head(lines[0].removesuffix(b"\r"), headers, end, blank is not None)


def read_head(reader: Source) -> tuple[Head, bytes]:
    """Return the head of the message that *reader* stands at, and the bytes read beyond it."""
    start = reader.read(1 << 14)
    while len(start) < HEAD_LIMIT_BYTES and not _BLANK_LINE.search(start):
        more = reader.read(1 << 16)
        if not more:
            break
        start += more
    head = parse_head(start)
    return head, start[head.length :]


def payload(head: Head, rest: bytes, reader: Source) -> Iterator[bytes]:
    """Yield the payload behind *head*: *rest*, then what *reader* still gives, without chunk framing."""
    body = _body(rest, reader)
    return Dechunker().decode(body) if head.chunked else body


def _body(rest: bytes, reader: Source) -> Iterator[bytes]:
    if rest:
        yield rest
    while piece := reader.read(READ_BYTES):
        yield piece


class Dechunker:
    """Removes the chunked transfer coding (RFC 9112 §7.1), piece by piece.

    A body whose very first chunk size is unreadable was never chunked, whatever its header says, and
    passes as it stands (as warcio reads it too). A fault further on ends the payload there.
    """

    def __init__(self) -> None:
        self.complete = False
        """Whether the last chunk and its trailers were seen."""
        self.faulty = False
        """Whether the framing broke."""

    def decode(self, body: Iterator[bytes]) -> Iterator[bytes]:
        """Yield the payload of the chunked *body*."""
        pieces = _Pieces(body)
        first = True
        while True:
            line = pieces.peek_line()
            size = _CHUNK_SIZE.match(line)
            if not size:
                self.faulty = bool(line)
                if first:
                    yield from pieces.rest()
                return
            first = False
            pieces.skip(len(line))
            left = int(size[1], 16)
            if not left:
                self._read_trailers(pieces)
                return
            yield from pieces.take(left)
            if (end := pieces.line()) not in {b"\r\n", b"\n"}:
                self.faulty = end not in {b"", b"\r"}
                return

    def _read_trailers(self, pieces: "_Pieces") -> None:
        while line := pieces.line():
            if line in {b"\r\n", b"\n"}:
                self.complete = True
                return


class _Pieces:
    """A run of byte strings, read by line and by length."""

    def __init__(self, body: Iterator[bytes]) -> None:
        self._body = body
        self._buffer = b""
        # Where the next byte stands: cutting the buffer instead would cost its length for each small chunk.
        self._at = 0

    def peek_line(self) -> bytes:
        """Return the next line with its end, or what there is of it, without taking it."""
        while (end := self._line_end()) < 0 and len(self._buffer) - self._at < _LINE_LIMIT_BYTES:
            piece = next(self._body, b"")
            if not piece:
                return self._buffer[self._at :]
            self._buffer, self._at = self._buffer[self._at :] + piece, 0
        return self._buffer[self._at : end if end >= 0 else self._at + _LINE_LIMIT_BYTES]

    def line(self) -> bytes:
        line = self.peek_line()
        self.skip(len(line))
        return line

    def skip(self, count: int) -> None:
        self._at += count

    def take(self, count: int) -> Iterator[bytes]:
        """Yield the next *count* bytes, fewer where the body ends before."""
        while count:
            if self._at >= len(self._buffer):
                self._buffer, self._at = next(self._body, b""), 0
            piece = self._buffer[self._at : self._at + count]
            if not piece:
                return
            self._at += len(piece)
            count -= len(piece)
            yield piece

    def rest(self) -> Iterator[bytes]:
        if left := self._buffer[self._at :]:
            yield left
        self._buffer, self._at = b"", 0
        yield from self._body

    def _line_end(self) -> int:
        """Return where the line after the next one starts, -1 where its end is not there."""
        found = self._buffer.find(b"\n", self._at, self._at + _LINE_LIMIT_BYTES)
        return found + 1 if found >= 0 else -1
