"""Uvicorn, run in this process: sockets of our own, and signals that end it cleanly."""

import asyncio
import signal
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from ipaddress import ip_address
from types import FrameType
from typing import Any, Final

import uvicorn
from starlette.types import ASGIApp

from crawler.service.context import Context
from pipelines.errors import ConfigError

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)
_LAST_REQUESTS_SECONDS: Final = 10


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens there. Raises ``ConfigError`` where it cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        found = socket.create_server((host, port), family=family, backlog=1024)
    except OSError as err:
        why = str(err.strerror or err).partition(" (while")[0].lower()
        raise ConfigError(
            f"service: cannot listen at {host!r}, port {port} ({why}); name others with --host and --port"
        ) from err
    found.set_inheritable(False)
    # asyncio leaves it on for a socket like this, and an answer in two pieces would wait for the first's ACK.
    found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return found


def address_of(listening: socket.socket) -> str:
    """Return the address at which a client on this machine reaches *listening*."""
    host, port = listening.getsockname()[:2]
    if ip_address(host).is_unspecified:
        host = "::1" if ":" in host else "127.0.0.1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def run(apps: Sequence[ASGIApp], sockets: Sequence[socket.socket], context: Context) -> None:
    """Serve each of *apps* at its socket until SIGINT or SIGTERM comes; a second one cuts requests off."""
    servers = [_Server(_config(app)) for app in apps]
    ending = _Ending(servers, context)
    before: list[Any] = [signal.signal(number, ending.arrived) for number in _SIGNALS]
    try:
        asyncio.run(_serve(servers, sockets))
    finally:
        for number, handler in zip(_SIGNALS, before, strict=True):
            signal.signal(number, handler)


async def _serve(servers: Sequence[uvicorn.Server], sockets: Sequence[socket.socket]) -> None:
    running = (server.serve(sockets=[listening]) for server, listening in zip(servers, sockets, strict=True))
    await asyncio.gather(*running)


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals alone: they are for all servers and for the workers."""
        yield


class _Ending:
    def __init__(self, servers: Sequence[uvicorn.Server], context: Context) -> None:
        self._servers, self._context = servers, context
        self._count = 0

    def arrived(self, _number: int, _frame: FrameType | None) -> None:
        """End the servers: cleanly the first time, at once the second time."""
        self._count += 1
        self._context.stopping.set()
        for server in self._servers:
            server.should_exit = True
            server.force_exit = self._count > 1


def _config(app: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        log_config=None,
        ws="none",
        lifespan="on",
        server_header=False,
        timeout_graceful_shutdown=_LAST_REQUESTS_SECONDS,
    )
