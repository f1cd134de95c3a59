"""A proxy before a server that fails on command.

``with FaultyProxy("http://127.0.0.1:9000") as proxy`` listens on ``proxy.url``; ``proxy.fail(mode)`` sets
what becomes of connections, also of those that are open:

======================  ========================================================================
``pass``                everything goes through
``refuse``              connections are refused, open ones are reset
``503``, ``403``        the request is answered so, as S3 words it, and does not reach the server
``slow``                nothing goes through, either way; what came meanwhile is lost and its
                        connection reset when the mode changes
``cut``                 a connection is reset as soon as a request begins
``cut-after:N``         reset after N bytes of answer since the mode was set (a ``100 Continue`` is 25)
======================  ========================================================================

With *times*, the fault befalls that many connections and then everything passes again.
"""

import select
import socket
import ssl
import struct
import threading
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

_READ_BYTES = 1 << 16
_TICK_SECONDS = 0.02
_CODES = {"503": "SlowDown", "403": "AccessDenied"}
_REASONS = {"503": "Service Unavailable", "403": "Forbidden"}


class FaultyProxy:
    """A TCP proxy to *target* (``http://host:port``); with *tls*, it speaks TLS to its clients."""

    def __init__(self, target: str, *, tls: ssl.SSLContext | None = None) -> None:
        parts = urlsplit(target)
        self._target = (parts.hostname or "127.0.0.1", parts.port or 80)
        self._tls = tls
        self._lock = threading.Lock()
        self._mode = "pass"
        self._since = 0
        self._times: int | None = None
        self._stopped = threading.Event()
        self._threads: list[threading.Thread] = []
        self.faults = 0
        """How many connections a fault has befallen."""
        self.requests = bytearray()
        """All that clients have sent, as far as it was read."""
        # Bound but never listening: it keeps the port ours while connections are to be refused.
        self._placeholder = self._socket(0)
        self.port: int = self._placeholder.getsockname()[1]
        self._listener: socket.socket | None = None

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}"

    @property
    def mode(self) -> str:
        """What becomes of connections now."""
        return self._mode

    @mode.setter
    def mode(self, mode: str) -> None:
        self.fail(mode)

    def fail(self, mode: str, *, times: int | None = None) -> None:
        """Set the mode, for *times* connections or until it is set again."""
        known = mode in {"pass", "refuse", "slow", "cut", *_CODES} or mode.startswith("cut-after:")
        if not known:
            raise ValueError(f"faults: no mode {mode!r}")
        with self._lock:
            self._mode, self._times = mode, times
            self._since += 1
        if mode == "refuse":
            self._close_listener()
        else:
            self._open_listener()

    def __enter__(self) -> Self:
        self._open_listener()
        self._spawn(self._accept)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopped.set()
        for thread in self._threads:
            thread.join(5)
        self._close_listener()
        self._placeholder.close()

    def current(self) -> tuple[str, int]:
        """Return the mode and the number of times it has been set."""
        with self._lock:
            return self._mode, self._since

    def count_fault(self, mode: str) -> bool:
        """Take note of one more connection that a fault befalls; return False where it may pass by now."""
        with self._lock:
            if self._mode != mode:
                return False
            self.faults += 1
            if self._times is not None:
                self._times -= 1
                if self._times <= 0:
                    self._mode, self._times = "pass", None
            return True

    def rest(self) -> None:
        """Wait a moment, less if it is closing down."""
        self._stopped.wait(_TICK_SECONDS)

    @property
    def stopped(self) -> bool:
        """Whether it is closing down."""
        return self._stopped.is_set()

    def _socket(self, port: int) -> socket.socket:
        found = socket.socket()
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        found.bind(("127.0.0.1", port))
        return found

    def _open_listener(self) -> None:
        with self._lock:
            if self._listener is None:
                self._listener = self._socket(self.port)
                self._listener.listen(128)

    def _close_listener(self) -> None:
        with self._lock:
            listener, self._listener = self._listener, None
            if listener is not None:
                listener.close()

    def _spawn(self, target: "object", *arguments: object) -> None:
        thread = threading.Thread(target=target, args=arguments, daemon=True)  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self.stopped:
            connection = self._accept_one()
            if connection is None:
                self._stopped.wait(_TICK_SECONDS)
            else:
                self._spawn(self._serve, connection)

    def _accept_one(self) -> socket.socket | None:
        with self._lock:
            if self._listener is None or not select.select([self._listener], [], [], 0)[0]:
                return None
            return self._listener.accept()[0]

    def _serve(self, connection: socket.socket) -> None:
        try:
            if self._tls:
                connection.settimeout(5)
                connection = self._tls.wrap_socket(connection, server_side=True)
        except OSError:
            connection.close()
            return
        _Relay(self, connection, self._target).run()


class _Relay:
    """One client's connection and, once a request may pass, its twin to the server."""

    def __init__(self, proxy: FaultyProxy, client: socket.socket, target: tuple[str, int]) -> None:
        self._proxy = proxy
        self._client = client
        self._target = target
        self._server: socket.socket | None = None
        self._answered = 0
        self._stalled = False
        self._since = proxy.current()[1]

    def run(self) -> None:
        try:
            while not self._proxy.stopped and self._step():
                pass
        except OSError:
            self._reset()
        finally:
            self._client.close()
            if self._server:
                self._server.close()

    def _step(self) -> bool:
        """Move what there is to move; return False when the connection is over."""
        mode, since = self._proxy.current()
        if since != self._since:
            self._since, self._answered = since, 0
        if mode == "refuse":
            return self._reset()
        if mode == "slow":
            self._stalled = self._stalled or bool(select.select([self._client], [], [], _TICK_SECONDS)[0])
            self._proxy.rest()
            return True
        if self._stalled:
            return self._reset()
        pending = isinstance(self._client, ssl.SSLSocket) and self._client.pending() > 0
        ends = [end for end in (self._client, self._server) if end]
        ready = [self._client] if pending else select.select(ends, [], [], _TICK_SECONDS)[0]
        # The mode may have changed while there was nothing to read.
        if not ready or self._proxy.current() != (mode, since):
            return True
        return all(
            self._from_client(mode) if end is self._client else self._from_server(mode) for end in ready
        )

    def _from_client(self, mode: str) -> bool:
        if mode == "cut" and self._proxy.count_fault(mode):
            return self._reset()
        content = self._client.recv(_READ_BYTES)
        if not content:
            return False
        self._proxy.requests += content
        if mode in _CODES and self._proxy.count_fault(mode):
            return self._answer(mode)
        if self._server is None:
            self._server = socket.create_connection(self._target, timeout=30)
        self._server.sendall(content)
        return True

    def _from_server(self, mode: str) -> bool:
        assert self._server is not None
        content = self._server.recv(_READ_BYTES)
        if not content:
            return False
        if mode.startswith("cut-after:"):
            left = int(mode.partition(":")[2]) - self._answered
            if left < len(content) and self._proxy.count_fault(mode):
                self._client.sendall(content[: max(0, left)])
                return self._reset()
        self._answered += len(content)
        self._client.sendall(content)
        return True

    def _answer(self, status: str) -> bool:
        body = f"<Error><Code>{_CODES[status]}</Code><Message>As commanded.</Message></Error>".encode()
        self._client.sendall(
            f"HTTP/1.1 {status} {_REASONS[status]}\r\nContent-Type: application/xml\r\n"
            f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode()
            + body
        )
        # Closed with unread bytes, a socket sends a reset that may overtake the answer.
        self._client.shutdown(socket.SHUT_WR)
        self._client.settimeout(1)
        while self._client.recv(_READ_BYTES):
            pass
        return False

    def _reset(self) -> bool:
        self._client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        return False
