"""The download handler: Scrapy's own for HTTP/1.1, with a tee below its parser.

A response goes on to Scrapy only after its records are on disk, so whatever a spider makes of it has them.
"""

from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler, _ScrapyAgent
from scrapy.crawler import Crawler
from scrapy.exceptions import CannotResolveHostError
from scrapy.http import Response
from scrapy.utils._download_handlers import wrap_twisted_exceptions
from scrapy.utils.defer import maybe_deferred_to_future
from twisted.internet.defer import Deferred
from twisted.web.client import HTTPConnectionPool

from crawler.recorder.addresses import PolicyResolver, install
from crawler.recorder.connection import RecordingFactory, RecordingProtocol
from crawler.recorder.recorder import Recorder
from crawler.recorder.wire import Wire
from pipelines.errors import AddressRefused, RecorderError
from pipelines.model import Truncation


class RecordingHandler(HTTP11DownloadHandler):
    """Fetches over HTTP/1.1 and records every exchange. One for ``http``, one for ``https``."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool._factory = RecordingFactory  # noqa: SLF001 - the seam that Scrapy itself uses
        self._recorder = Recorder.of(crawler)
        self._resolver = self._install_policy()

    async def download_request(self, request: Request) -> Response:
        """Return the response to *request* once it is recorded.

        Raises what Scrapy's handler raises, after recording what did come; ``AddressRefused`` where the host
        is none that may be fetched from; ``RecorderError`` where a response ended without its bytes.
        """
        tap = Tap(self._pool, self._recorder.folder)
        try:
            response = await self._fetch(request, tap)
        except Exception as err:
            refusal = self._refusal(request, err)
            await self._recorder.record_failure(request, tap.close(), refusal or err)
            if refusal:
                raise refusal from err
            raise
        wire = tap.close()
        if wire is None or not len(wire.request) or not len(wire.response):
            raise self._recorder.stop(
                RecorderError(
                    f"recorder: {request.url} was answered, but no byte of it was seen on the wire; this "
                    "Scrapy or Twisted is not one that newswarc knows: install the versions in setup.cfg"
                )
            )
        truncated = Truncation.DISCONNECT if "dataloss" in response.flags else None
        await self._recorder.record(request, wire, truncated=truncated)
        return response

    async def _fetch(self, request: Request, tap: "Tap") -> Response:
        agent = _ScrapyAgent(
            contextFactory=self._contextFactory,
            bindAddress=self._bind_address,
            pool=tap,
            maxsize=self._default_maxsize,
            warnsize=self._default_warnsize,
            fail_on_dataloss=self._fail_on_dataloss,
            crawler=self._crawler,
            tls_verbose_logging=self._tls_verbose_logging,
        )
        with wrap_twisted_exceptions():
            return await maybe_deferred_to_future(agent.download_request(request))

    def _install_policy(self) -> PolicyResolver | None:
        from twisted.internet import reactor  # noqa: PLC0415 - which reactor it is, is settled only now

        policy = self._recorder.policy
        return install(reactor, policy) if policy is not None else None

    def _refusal(self, request: Request, err: Exception) -> AddressRefused | None:
        """Return the error to raise where *err* only says that no address was left over."""
        if self._resolver is None or not isinstance(err, CannotResolveHostError):
            return None
        host = urlsplit(request.url).hostname or ""
        address = self._resolver.refused.get(host)
        if address is None:
            return None
        return AddressRefused(
            f"address: {host} is at {address}, which is not public; allow its network with --allow-address, "
            f"for example {address}/{128 if ':' in address else 32}"
        )


class Tap(HTTPConnectionPool):
    """The shared pool as one request sees it: each connection it is given tells this request's wires."""

    def __init__(self, pool: HTTPConnectionPool, folder: str) -> None:
        self._shared = pool
        self._folder = folder
        self._wires: list[Wire] = []
        self.persistent = pool.persistent

    def getConnection(self, key: Any, endpoint: Any) -> "Deferred[Any]":  # noqa: ANN401, N802 - Twisted's interface
        """Return a connection of the shared pool, bound to this request."""
        connection: Any = self._shared.getConnection(key, endpoint)
        bound: Deferred[Any] = connection.addCallback(_Bound, self._new_wire)
        return bound

    def close(self) -> Wire | None:
        """Return the wire that had an answer, or the last one; it takes no more bytes."""
        for wire in self._wires:
            wire.closed = True
        answered = [wire for wire in self._wires if len(wire.response)] or self._wires
        return answered[-1] if answered else None

    def _new_wire(self) -> Wire:
        # A request that met a stale connection is sent again on a new one, on a new wire.
        wire = Wire(self._folder)
        self._wires.append(wire)
        return wire


class _Bound:
    """A connection that carries out one request."""

    def __init__(self, connection: RecordingProtocol, new_wire: Any) -> None:  # noqa: ANN401
        self._connection, self._new_wire = connection, new_wire

    def request(self, request: Any) -> "Deferred[Any]":  # noqa: ANN401 - it gets an attribute more
        request.new_wire = self._new_wire
        return self._connection.request(request)
