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
from twisted.web.client import Agent, HTTPConnectionPool

from crawler.recorder.addresses import PolicyReactor
from crawler.recorder.connection import RecordingFactory, RecordingProtocol
from crawler.recorder.recorder import Recorder
from crawler.recorder.wire import Wire
from pipelines.errors import AddressRefused, RecorderError
from pipelines.hostnames import normal_host
from pipelines.model import Truncation


class RecordingHandler(HTTP11DownloadHandler):
    """Fetches over HTTP/1.1 and records every exchange. One for ``http``, one for ``https``."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool._factory = RecordingFactory  # noqa: SLF001 - the seam that Scrapy itself uses
        self._recorder = Recorder.of(crawler)
        self._policed = self._policed_reactor()

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
        await self._recorder.record(request, wire, truncated=_truncation(response, wire))
        return response

    async def _fetch(self, request: Request, tap: "Tap") -> Response:
        if self._policed is not None and request.meta.get("proxy"):
            host = urlsplit(request.url).hostname
            raise AddressRefused(
                f"address: {host} would be asked through a proxy, which looks up the address itself, so that "
                "it cannot be checked; take the proxy away"
            )
        agent = _RecordedAgent(
            policed=self._policed,
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

    def _policed_reactor(self) -> PolicyReactor | None:
        from twisted.internet import reactor  # noqa: PLC0415 - which reactor it is, is settled only now

        policy = self._recorder.policy
        return PolicyReactor(reactor, policy) if policy is not None else None

    def _refusal(self, request: Request, err: Exception) -> AddressRefused | None:
        """Return the error to raise where *err* only says that no address was left over."""
        if self._policed is None or not isinstance(err, CannotResolveHostError):
            return None
        host = urlsplit(request.url).hostname or ""
        address = self._policed.refused.get(normal_host(host))
        if address is None:
            return None
        return AddressRefused(
            f"address: {host} is at {address}, which is not public; allow its network with --allow-address, "
            f"for example {address}/{128 if ':' in address else 32}"
        )


class _RecordedAgent(_ScrapyAgent):
    """Scrapy's own, which connects through *policed* where that is given."""

    def __init__(self, *, policed: PolicyReactor | None, **given: Any) -> None:  # noqa: ANN401 - Scrapy's own
        super().__init__(**given)
        self._policed = policed

    def _get_agent(self, request: Request, timeout: float) -> Agent:
        agent: Any = super()._get_agent(request, timeout)
        if self._policed is not None:
            agent._endpointFactory._reactor = self._policed  # noqa: SLF001 - Twisted has no setting for it
        found: Agent = agent
        return found


def _truncation(response: Response, wire: Wire) -> Truncation | None:
    """Return how a response is cut that Scrapy takes for good: it ended early, or a receiver had enough."""
    if "dataloss" in response.flags:
        return Truncation.DISCONNECT
    return None if wire.finished else Truncation.UNSPECIFIED


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
