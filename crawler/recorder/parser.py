"""The response parser of recording connections: lenient as browsers are, so that odd servers are heard out.

What the parser refuses ends the connection, and bytes that were still to come are then never seen. It
therefore refuses only what leaves open where the response ends. What Scrapy gets to see is what Scrapy's own
parser would show, plus the responses that it would have dropped.
"""

import re
from collections.abc import Callable
from typing import Any

from scrapy.core.downloader.handlers.http11 import _LenientHTTPClientParser
from twisted.web.http import _DataLoss, _MalformedChunkedDataError
from twisted.web.http_headers import InvalidHeaderName

from crawler.recorder.wire import Wire
from pipelines.warc.message import HEAD_LIMIT_BYTES

_CHUNK_SIZE = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,16})[ \t]*(?:;.*)?", re.DOTALL)
_LINE_LIMIT_BYTES = 1 << 16


class Chunks:
    """Removes the chunked transfer coding; bare LF, blanks and any chunk extension are accepted.

    Has the interface of Twisted's own decoder: *data* is called with pieces of the body, one for each call
    however many chunks it holds, *finished*, once, with what came after its end.
    """

    def __init__(self, data: Callable[[bytes], None], finished: Callable[[bytes], None]) -> None:
        self._data, self._finished = data, finished
        self._buffer = b""
        # Where the next byte stands: cutting the buffer instead would cost its length for each small chunk.
        self._at = 0
        self._left = 0
        self._pieces: list[bytes] = []
        self._step = self._size
        self._over = False

    def dataReceived(self, data: bytes) -> None:  # noqa: N802 - Twisted's interface
        """Take the next bytes of the body. Raises ``_MalformedChunkedDataError`` where they are no chunks."""
        self._buffer, self._at = self._buffer[self._at :] + data, 0
        try:
            while not self._over and self._step():
                pass
        finally:
            self._pass_on()

    def noMoreData(self) -> None:  # noqa: N802 - Twisted's interface
        """Take note that the connection ended. Raises ``_DataLoss`` where the body had not."""
        if not self._over:
            raise _DataLoss("the connection ended before the last chunk")

    def _size(self) -> bool:
        line = self._line()
        if line is None:
            return False
        size = _CHUNK_SIZE.fullmatch(line)
        if size is None:
            raise _MalformedChunkedDataError(f"no chunk size: {line[:40]!r}")
        self._left = int(size[1], 16)
        self._step = self._content if self._left else self._trailer
        return True

    def _content(self) -> bool:
        piece = self._buffer[self._at : self._at + self._left]
        self._at += len(piece)
        self._left -= len(piece)
        if piece:
            self._pieces.append(piece)
        if not self._left:
            self._step = self._content_end
        return not self._left

    def _content_end(self) -> bool:
        line = self._line()
        if line:
            raise _MalformedChunkedDataError(f"a chunk does not end in a line end but in {line[:40]!r}")
        self._step = self._size if line is not None else self._content_end
        return line is not None

    def _trailer(self) -> bool:
        line = self._line()
        if line == b"":
            self._over = True
            self._pass_on()
            rest, self._buffer, self._at = self._buffer[self._at :], b"", 0
            self._finished(rest)
        return bool(line)

    def _pass_on(self) -> None:
        pieces, self._pieces = self._pieces, []
        if pieces:
            self._data(b"".join(pieces))

    def _line(self) -> bytes | None:
        """Return the next line without its end, None where it is not all there yet."""
        end = self._buffer.find(b"\n", self._at)
        if end < 0:
            if len(self._buffer) - self._at > _LINE_LIMIT_BYTES:
                raise _MalformedChunkedDataError(f"a line of a chunk is over {_LINE_LIMIT_BYTES} bytes long")
            return None
        line, self._at = self._buffer[self._at : end], end + 1
        return line.removesuffix(b"\r")


class TeeParser(_LenientHTTPClientParser):
    """Parses a response for Scrapy, and tells the wire where interim responses end."""

    MAX_LENGTH = HEAD_LIMIT_BYTES
    _transferDecoders: Any = {b"chunked": Chunks}  # noqa: N815, RUF012 - Twisted's own
    wire: Wire

    def headerReceived(self, name: bytes, value: bytes) -> None:  # noqa: N802 - Twisted's interface
        """Take a header in; one that has no name worth the word is for the record alone."""
        try:
            super().headerReceived(name.rstrip(b" \t"), value)
        except InvalidHeaderName:
            return

    def allHeadersReceived(self) -> None:  # noqa: N802 - Twisted's interface
        """Find out how the body is framed; after an interim response, start over."""
        interim = 100 <= self.response.code < 200
        rest = len(self._buffer)
        self._settle_framing()
        super().allHeadersReceived()
        wire = self.wire
        if interim and not wire.closed:
            wire.interim += wire.response.split(len(wire.response) - rest)

    def _settle_framing(self) -> None:
        """Leave only framing that can be followed: RFC 9112 §6.3, and the connection's end for the rest."""
        headers: Any = self.connHeaders
        codings = b",".join(headers.getRawHeaders(b"transfer-encoding", ()))
        if codings.lower().replace(b" ", b"").rsplit(b",", 1)[-1] == b"chunked":
            headers.setRawHeaders(b"transfer-encoding", [b"chunked"])
        else:
            headers.removeHeader(b"transfer-encoding")
        lengths = {
            part.strip()
            for value in headers.getRawHeaders(b"content-length", ())
            for part in value.split(b",")
        }
        if len(lengths) == 1 and next(iter(lengths)).isdigit():
            headers.setRawHeaders(b"content-length", [next(iter(lengths))])
        else:
            headers.removeHeader(b"content-length")
