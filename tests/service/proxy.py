"""Stands in for the Internet Archive's hosts: programs that know no other address reach a server of ours.

A CONNECT proxy that answers for web.archive.org and archive.org with a certificate of its own and hands on to
a local HTTP server what was said inside. ``environment()`` is what a client's process needs.
"""

import asyncio
import os
import ssl
import threading
from contextlib import contextmanager, suppress
from pathlib import Path

import trustme

HOSTS = ("web.archive.org", "archive.org", "www.archive.org")


class Proxy:
    """Runs in a thread of its own; *upstream* is (host, port) of the HTTP server behind it."""

    def __init__(self, upstream, folder):
        self.upstream = upstream
        authority = trustme.CA()
        self.certificate = Path(folder) / "authority.pem"
        authority.cert_pem.write_to_path(self.certificate)
        self._tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        authority.issue_cert(*HOSTS).configure_cert(self._tls)
        self.asked = []
        """The hosts that clients wanted to reach, one for each connection."""

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def environment(self, **more):
        """Variables with which a program finds the proxy and trusts it, and no proxy of this machine's."""
        inherited = {
            name: value
            for name, value in os.environ.items()
            if not name.lower().endswith("_proxy") and not name.startswith("NEWSWARC_")
        }
        return {
            **inherited,
            "HTTPS_PROXY": self.url,
            "https_proxy": self.url,
            "REQUESTS_CA_BUNDLE": str(self.certificate),
            "SSL_CERT_FILE": str(self.certificate),
            **more,
        }

    async def _serve(self, started):
        self._loop, self._ending = asyncio.get_running_loop(), asyncio.Event()
        server = await asyncio.start_server(self._client, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        started.set()
        self._tasks = set()
        await self._ending.wait()
        server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _client(self, reader, writer):
        task = asyncio.current_task()
        self._tasks.add(task)
        with suppress(OSError, asyncio.IncompleteReadError, ssl.SSLError):
            await self._tunnel(reader, writer)
        self._tasks.discard(task)
        writer.close()

    async def _tunnel(self, reader, writer):
        head = await reader.readuntil(b"\r\n\r\n")
        verb, target = head.split()[:2]
        host = target.decode().rpartition(":")[0]
        self.asked.append(host)
        if verb != b"CONNECT" or host not in HOSTS:
            writer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
            return
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        await writer.drain()
        await writer.start_tls(self._tls)
        there_reader, there = await asyncio.open_connection(*self.upstream)
        try:
            await asyncio.gather(_pump(reader, there), _pump(there_reader, writer))
        finally:
            there.close()


async def _pump(reader, writer):
    while piece := await reader.read(1 << 16):
        writer.write(piece)
        await writer.drain()
    writer.close()


@contextmanager
def proxied(upstream, folder):
    """Give a :class:`Proxy` to *upstream* that ends with the block; its certificate lies in *folder*."""
    proxy, started = Proxy(upstream, folder), threading.Event()
    thread = threading.Thread(target=lambda: asyncio.run(proxy._serve(started)), daemon=True)
    thread.start()
    assert started.wait(10)
    try:
        yield proxy
    finally:
        proxy._loop.call_soon_threadsafe(proxy._ending.set)
        thread.join(10)
