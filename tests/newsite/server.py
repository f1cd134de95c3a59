"""The server: HTTP/1.1 on asyncio streams, so that every byte of a response is ours, with a journal."""

import asyncio
import itertools
import socket
import ssl
import struct
import threading
import time
from collections import Counter
from collections.abc import Coroutine, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple, Self

from newsite import misbehaviour, oracle
from newsite.message import Answer, Headers, Page, Pages, Reply, Request, Script, lookup

LOOPBACK = "127.0.0.1"
HEAD_LIMIT = 1 << 20
NOT_FOUND = Page(b"<!doctype html><title>404</title><h1>There is no such page</h1>\n", status=404)
GONE = Page(b"<!doctype html><title>410</title><h1>This page was taken down</h1>\n", status=410)


class Exchange:
    """One entry of the journal: a request, and what was written in answer."""

    __slots__ = ("_sent", "at", "connection", "finished", "host", "method", "path", "request")

    def __init__(self, request: Request, *, connection: int) -> None:
        self.method = request.method
        self.path = request.target
        self.host = request.host
        self.request = request.raw + request.body
        self.connection = connection
        self.at = time.time()
        self.finished = False
        self._sent = bytearray()

    @property
    def response(self) -> bytes:
        """Everything that was written so far, interim responses and surplus bytes included."""
        return bytes(self._sent)

    def sent(self, data: bytes) -> None:
        self._sent += data

    def __repr__(self) -> str:
        return f"<{self.method} {self.host}{self.path} {bytes(self._sent[:15])!r} {len(self._sent)} bytes>"


class _Listener(NamedTuple):
    """A bound socket, and what is served on it unless the Host header names another host."""

    socket: socket.socket
    host: str | None
    scheme: str

    @property
    def url(self) -> str:
        address, port = self.socket.getsockname()[:2]
        return f"{self.scheme}://{address}:{port}/"


class _Turn:
    """The server's side of one exchange: writes, waits, and keeps the journal."""

    def __init__(self, writer: asyncio.StreamWriter, entry: Exchange | None) -> None:
        self._writer = writer
        self._entry = entry

    async def write(self, data: bytes) -> None:
        # First the journal: a client that has the last byte must find it there.
        if self._entry is not None:
            self._entry.sent(data)
        self._writer.write(data)
        await self._writer.drain()

    async def play(self, script: Script) -> None:
        for step in script.writes:
            if isinstance(step, bytes):
                await self.write(step)
                # So that the client's reads can fall as the writes do, also for streams without pauses.
                await asyncio.sleep(0)
            else:
                await asyncio.sleep(step)

    def done(self) -> None:
        if self._entry is not None:
            self._entry.finished = True


class NewsSite:
    """A loopback news site; see README.md for its arguments and paths."""

    def __init__(
        self,
        pages: Pages | None = None,
        *,
        hosts: Mapping[str, Pages] | None = None,
        tls: ssl.SSLContext | None = None,
        port: int = 0,
        journal: bool = True,
    ) -> None:
        self._pages = pages if pages is not None else {}
        self._hosts = dict(hosts or {})
        self._tls = tls
        self._port = port
        self._journal = journal
        self._built: dict[tuple[str, str], Page] = {}
        self._listeners: list[_Listener] = []
        self._connections = itertools.count(1)
        self._tasks: set[asyncio.Task[None]] = set()
        self._thread: threading.Thread | None = None
        self.reset()

    def reset(self) -> None:
        """Forget the journal, the visit counters and everything that was changed while it ran."""
        self.exchanges: list[Exchange] = []
        self.robots: int | str | None = None
        self.delay = 0.0
        self._visits: Counter[tuple[str, str]] = Counter()
        self._put: dict[str, Answer] = {}

    @property
    def url(self) -> str:
        """``http://127.0.0.1:<port>/``."""
        return self._listeners[0].url

    @property
    def https(self) -> str | None:
        """``https://127.0.0.1:<port>/``, or None without *tls*."""
        return next((listener.url for listener in self._listeners if listener.scheme == "https"), None)

    def at(self, host: str) -> str:
        """Return the URL of the host's own port."""
        return next(listener.url for listener in self._listeners if listener.host == host)

    def put(self, path: str, answer: Answer) -> None:
        """Answer *path* so from now on, on every host."""
        self._put[path] = answer

    def remove(self, path: str) -> None:
        """Answer *path* with 410 from now on."""
        self._put[path] = GONE

    def asked(self, path: str) -> list[Exchange]:
        """Return the journal's entries for *path* (with query), oldest first."""
        return [exchange for exchange in list(self.exchanges) if exchange.path == path]

    def exchanges_of(self, host: str) -> list[Exchange]:
        """Return the journal's entries for *host*, by when they began (``at``, seconds of the epoch)."""
        return sorted((each for each in list(self.exchanges) if each.host == host), key=lambda each: each.at)

    def wait(self, path: str, timeout: float = 5.0) -> Exchange:
        """Return the newest exchange of *path* once it is finished; raises TimeoutError."""
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            asked = self.asked(path)
            if asked and asked[-1].finished:
                return asked[-1]
            time.sleep(0.005)
        raise TimeoutError(f"newsite: no finished exchange of {path} within {timeout} s")

    def build(self, path: str) -> None:
        """Keep the bytes of the page at *path* ready; they count where there is no journal, before put()."""
        base = self.url.rstrip("/")
        request = Request("GET", path, LOOPBACK, base, (), b"")
        reply = self._reply(request, self._pages)
        if isinstance(reply, Page):
            self._built[base, path] = reply.slim()

    # Starting and stopping

    def start(self) -> Self:
        """Bind the ports and serve them in a thread of its own."""
        self._bind()
        ready = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(ready,), name="newsite", daemon=True)
        self._thread.start()
        ready.wait()
        return self

    def stop(self) -> None:
        """Close every connection and port."""
        if self._thread is not None:
            self._loop.call_soon_threadsafe(self._stopped.set)
            self._thread.join()
            self._thread = None
        self._listeners.clear()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _bind(self) -> None:
        def bound(address: str, port: int, host: str | None, scheme: str) -> None:
            listening = socket.create_server((address, port), backlog=1024)
            self._listeners.append(_Listener(listening, host, scheme))

        bound(LOOPBACK, self._port, None, "http")
        if self._tls is not None:
            bound(LOOPBACK, 0, None, "https")
        for name in self._hosts:
            bound(name if name.startswith("127.") else LOOPBACK, 0, name, "http")

    def _run(self, ready: threading.Event) -> None:
        with asyncio.Runner() as runner:
            runner.run(self._serve(ready))

    async def _serve(self, ready: threading.Event) -> None:
        self._loop = asyncio.get_running_loop()
        self._stopped = asyncio.Event()
        servers = [
            await asyncio.start_server(
                partial(self._accepted, listener),
                sock=listener.socket,
                limit=HEAD_LIMIT,
                ssl=self._tls if listener.scheme == "https" else None,
            )
            for listener in self._listeners
        ]
        ready.set()
        await self._stopped.wait()
        for server in servers:
            server.close()
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    # One connection

    def _accepted(
        self, listener: _Listener, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        # Own tasks: those of asyncio.start_server are not to be had for cancelling them.
        task = asyncio.get_running_loop().create_task(self._connection(listener, reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _connection(
        self, listener: _Listener, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        number = next(self._connections)
        # drain() then means "handed to the system", so that a cut loses nothing that was written.
        # Not 0: asyncio's TLS transport takes an empty buffer for a full one then.
        writer.transport.set_write_buffer_limits(high=1, low=0)
        try:
            while (request := await _read(listener, reader)) is not None:
                if not await self._exchange(request, listener, reader, writer, number):
                    break
        except (ConnectionError, TimeoutError, ssl.SSLError):
            writer.transport.abort()  # The client left; its journal entry stays unfinished.
        except asyncio.CancelledError:
            writer.transport.abort()  # The site stops, and does not wait for a TLS farewell.
            raise
        finally:
            await _closed(writer)

    async def _exchange(
        self,
        request: Request,
        listener: _Listener,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        number: int,
    ) -> bool:
        built = self._built.get((request.base, request.target))
        if built is not None and not self._journal:
            return await self._answered(request, built, _Turn(writer, None), reader, writer)
        self._visits[request.host, request.path] += 1
        request = replace(request, visit=self._visits[request.host, request.path])
        entry = Exchange(request, connection=number) if self._journal else None
        if entry is not None:
            self.exchanges.append(entry)
        if self.delay:
            await asyncio.sleep(self.delay)
        reply = self._reply(request, self._site(request, listener))
        # Ready for one name of the site is ready for its others: localhost, https.
        if isinstance(reply, Page) and (self.url.rstrip("/"), request.target) in self._built:
            self._built[request.base, request.target] = reply.slim()
        return await self._answered(request, reply, _Turn(writer, entry), reader, writer)

    async def _answered(
        self,
        request: Request,
        reply: Reply,
        turn: _Turn,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> bool:
        if isinstance(reply, Page):
            await turn.write(reply.answer(request))
            turn.done()
            return not _wants_close(request)
        await turn.play(reply)
        turn.done()
        if reply.then == "hang":
            await reader.read()
        elif reply.then in ("cut", "reset"):
            _cut(writer, reset=reply.then == "reset")
        return reply.then == "keep" and not _wants_close(request)

    # What to answer

    def _site(self, request: Request, listener: _Listener) -> Pages:
        named = self._hosts.get(request.host)
        if named is not None:
            return named
        return self._pages if listener.host is None else self._hosts[listener.host]

    def _reply(self, request: Request, pages: Pages) -> Reply:
        return self._changed(request) or _standing(request) or _answer(pages, request) or NOT_FOUND

    def _changed(self, request: Request) -> Reply | None:
        if request.path == "/robots.txt" and self.robots is not None:
            if isinstance(self.robots, int):
                return Page(b"out of order\n", type="text/plain", status=self.robots)
            return Page(self.robots.encode(), type="text/plain; charset=utf-8")
        return lookup(self._put, request)


@contextmanager
def running(
    pages: Pages | None = None,
    *,
    hosts: Mapping[str, Pages] | None = None,
    tls: ssl.SSLContext | None = None,
    port: int = 0,
    journal: bool = True,
) -> Iterator[NewsSite]:
    """Serve *pages* while the block runs; see README.md."""
    with NewsSite(pages, hosts=hosts, tls=tls, port=port, journal=journal) as site:
        yield site


def _answer(pages: Pages, request: Request) -> Reply | None:
    return lookup(pages, request) if isinstance(pages, Mapping) else pages.answer(request)


def _standing(request: Request) -> Reply | None:
    if request.path.startswith("/oracle/"):
        case = oracle.CASES.get(request.path.removeprefix("/oracle/"))
        return Script(case.writes, then=case.then) if case else None
    return misbehaviour.answer(request)


async def _read(listener: _Listener, reader: asyncio.StreamReader) -> Request | None:
    try:
        raw = await reader.readuntil(b"\r\n\r\n")
        first, *lines = raw[:-4].split(b"\r\n")
        split = (line.partition(b":") for line in lines)
        headers: Headers = tuple((name.strip(), value.strip()) for name, _, value in split)
        named, length = (
            next((value.decode("latin-1") for name, value in headers if name.lower() == wanted), default)
            for wanted, default in ((b"host", LOOPBACK), (b"content-length", "0"))
        )
        body = await reader.readexactly(int(length))
    except asyncio.IncompleteReadError:
        return None
    method, target, *_ = [*first.decode("latin-1").split(" "), "", ""]
    base = f"{listener.scheme}://{named}"
    return Request(method, target, named.rpartition(":")[0] or named, base, headers, raw, body)


def _wants_close(request: Request) -> bool:
    return (request.header(b"connection") or b"").lower() == b"close"


def _cut(writer: asyncio.StreamWriter, *, reset: bool) -> None:
    if reset:
        connected = writer.get_extra_info("socket")
        connected.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def _closed(writer: asyncio.StreamWriter) -> None:
    writer.close()
    waiting: Coroutine[Any, Any, None] = writer.wait_closed()
    try:
        await asyncio.wait_for(waiting, 1.0)
    except (ConnectionError, TimeoutError, ssl.SSLError):
        writer.transport.abort()
