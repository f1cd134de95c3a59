"""What goes over one connection for one request: the tee, and the spool behind it.

The protocol is Scrapy's own, one level lower: bytes are noted before the parser sees them, so that nothing
that the parser drops, joins, re-cases or refuses is lost.
"""

import os
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from tempfile import TemporaryFile
from typing import IO, Any, BinaryIO

from OpenSSL import SSL
from scrapy.core.downloader.handlers.http11 import (
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
    _LenientHTTPClientParser,
)
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IAddress
from twisted.python.failure import Failure
from twisted.web._newclient import Request as TxRequest
from twisted.web.iweb import IResponse

from crawler.recorder.ciphers import iana_name
from pipelines.model import Tls
from pipelines.warc.message import HEAD_LIMIT_BYTES

IN_MEMORY_BYTES = 1 << 20


class Spool:
    """A block that grows: in memory up to a size, in an unnamed file beyond it."""

    def __init__(self, folder: str | None = None) -> None:
        self._folder = folder
        self._pieces: list[bytes] = []
        self._file: IO[bytes] | None = None
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def append(self, piece: bytes) -> None:
        """Add *piece* at the end."""
        self._length += len(piece)
        if self._file is not None:
            self._file.write(piece)
            return
        self._pieces.append(piece)
        if self._length > IN_MEMORY_BYTES:
            self._file = TemporaryFile(dir=self._folder)  # noqa: SIM115 - lives as long as the block
            self._file.writelines(self._pieces)
            self._pieces = []

    def cut(self, count: int) -> None:
        """Take *count* bytes off the end."""
        if not count:
            return
        self._length -= count
        if self._file is None:
            self._pieces = [b"".join(self._pieces)[: self._length]]
        else:
            self._file.truncate(self._length)

    def split(self, count: int) -> bytes:
        """Take *count* bytes off the start, and return them."""
        with self.open() as reader:
            whole = reader.read()
        self._pieces, self._file, self._length = [], None, 0
        self.append(whole[count:])
        return whole[:count]

    def open(self) -> BinaryIO:
        """Return a reader at the first byte; one at a time may be in use."""
        if self._file is None:
            return BytesIO(b"".join(self._pieces))
        self._file.flush()
        self._file.seek(0)
        return os.fdopen(os.dup(self._file.fileno()), "rb")


@dataclass(slots=True)
class Wire:
    """One request on one connection, while it lasts and after it."""

    folder: str | None
    request: Spool = field(init=False)
    response: Spool = field(init=False)
    interim: bytes = b""
    surplus: int = 0
    started: datetime | None = None
    ended: float = 0.0
    address: str | None = None
    tls: Tls | None = None
    finished: bool = False
    """Whether the parser saw the response's end."""
    closed: bool = False
    """Whether its request is over for the crawl; what comes later belongs to nobody."""
    _began: float = 0.0

    def __post_init__(self) -> None:
        self.request, self.response = Spool(self.folder), Spool(self.folder)

    def sent(self, piece: bytes) -> None:
        """Note bytes of the request."""
        if self.started is None:
            self.started, self._began = datetime.now(UTC), time.monotonic()
        self.request.append(piece)

    def received(self, piece: bytes) -> None:
        """Note bytes of the response."""
        if self.closed:
            return
        self.response.append(piece)
        self.ended = time.monotonic()

    @property
    def duration(self) -> float:
        """Seconds from the first byte sent to the last byte received."""
        return max(0.0, self.ended - self._began) if self.ended else 0.0


class _Tee:
    """A transport that notes what is written to it."""

    def __init__(self, transport: Any, wire: Wire) -> None:  # noqa: ANN401 - transports have no common type
        self._transport = transport
        self._wire = wire

    def write(self, data: bytes) -> None:
        self._wire.sent(data)
        self._transport.write(data)

    def writeSequence(self, data: Iterable[bytes]) -> None:  # noqa: N802 - Twisted's interface
        self.write(b"".join(data))

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever else a transport has
        return getattr(self._transport, name)


class _TeeParser(_LenientHTTPClientParser):
    """Tells the wire where interim responses end."""

    wire: Wire

    def allHeadersReceived(self) -> None:  # noqa: N802 - Twisted's interface
        interim = 100 <= self.response.code < 200
        rest = len(self._buffer)
        super().allHeadersReceived()
        if interim:
            wire = self.wire
            wire.interim += wire.response.split(len(wire.response) - rest)


class RecordingProtocol(_LenientHTTP11ClientProtocol):
    """An HTTP/1.1 client connection whose every byte is noted in the :class:`Wire` of its request."""

    _wire: Wire | None = None
    _tls: Tls | None = None

    def request(self, request: TxRequest) -> Deferred[IResponse]:
        """Send *request*, whose attribute ``new_wire`` gives the wire to note it in."""
        transport: Any = self.transport
        sending: Any = request
        wire: Wire = sending.new_wire()
        wire.address = transport.getPeer().host
        self._wire = wire
        sending.writeTo = lambda to: TxRequest.writeTo(request, _Tee(to, wire))
        outcome = super().request(request)
        parser: Any = self._parser
        parser.__class__ = _TeeParser
        parser.wire = wire
        return outcome

    def dataReceived(self, data: bytes) -> None:  # noqa: N802 - Twisted's interface
        """Note *data*, then let it be parsed."""
        wire = self._wire
        if wire is not None:
            wire.received(data)
            # Only now is the handshake surely over.
            self._tls = self._tls or tls_of(self.transport)
            wire.tls = self._tls
            if len(wire.response) + len(wire.interim) > HEAD_LIMIT_BYTES and self._in_head():
                self._giveUp(Failure(HeadTooLong()))
                return
        super().dataReceived(data)

    def _finishResponse(self, rest: bytes) -> None:  # noqa: N802 - Twisted's own
        # The pool may start the next request inside super(), so this one's wire is closed first.
        wire, self._wire = self._wire, None
        if wire is not None:
            wire.finished = True
            wire.surplus = len(rest)
            wire.response.cut(len(rest))
        super()._finishResponse(rest)

    def _in_head(self) -> bool:
        return self._parser is not None and self._parser.bodyDecoder is None


class RecordingFactory(_LenientHTTP11ClientFactory):
    """Makes recording connections for a pool."""

    def buildProtocol(  # noqa: N802 - Twisted's interface
        self,
        addr: IAddress | None,  # noqa: ARG002
    ) -> RecordingProtocol:
        """Return a new connection's protocol."""
        return RecordingProtocol(self._quiescentCallback)


class HeadTooLong(Exception):
    """Status line and headers of a response, interim ones included, do not end within their limit."""


def tls_of(transport: Any) -> Tls | None:  # noqa: ANN401 - transports have no common type
    """Return what *transport* settled on with its peer, None where it is not encrypted."""
    connection = getattr(transport, "getHandle", lambda: None)()
    if not isinstance(connection, SSL.Connection):
        return None
    version = connection.get_protocol_version_name().lower().replace("tlsv", "tls/")
    return Tls(version if "." in version else f"{version}.0", iana_name(connection.get_cipher_name()))
