"""Connections that note every byte: Scrapy's own protocol with a tee below its parser."""

from collections.abc import Iterable
from typing import Any

from OpenSSL import SSL
from scrapy.core.downloader.handlers.http11 import (
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
)
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IAddress
from twisted.python.failure import Failure
from twisted.web._newclient import Request as TxRequest
from twisted.web.iweb import IResponse

from crawler.recorder.ciphers import iana_name
from crawler.recorder.parser import TeeParser
from crawler.recorder.wire import Wire
from pipelines.model import Tls
from pipelines.warc.message import HEAD_LIMIT_BYTES


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
        parser.__class__ = TeeParser
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
        if wire is not None and not wire.closed:
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
