import socket
import ssl
from urllib.parse import urlsplit

import pytest
import trustme

import newsite


@pytest.fixture(scope="session")
def authority():
    return trustme.CA()


@pytest.fixture(scope="session")
def tls(authority):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


@pytest.fixture(scope="module")
def paper():
    return newsite.daily(articles=130, seed=3)


@pytest.fixture(scope="module")
def shared(paper, tls):
    with newsite.running(paper, hosts=newsite.families(), tls=tls) as site:
        yield site


@pytest.fixture
def site(shared):
    shared.reset()
    return shared


class Wire:
    """A client that adds and understands nothing: bytes out, bytes in."""

    def __init__(self, url, authority):
        parts = urlsplit(url)
        self._host = parts.netloc
        self._socket = socket.create_connection((parts.hostname, parts.port), timeout=20)
        if parts.scheme == "https":
            context = ssl.create_default_context()
            authority.configure_trust(context)
            self._socket = context.wrap_socket(
                self._socket, server_hostname=parts.hostname, suppress_ragged_eofs=False
            )

    def ask(self, path, *, method="GET", host=None, headers=()):
        lines = [f"{method} {path} HTTP/1.1", f"Host: {host or self._host}", *headers, "", ""]
        request = "\r\n".join(lines).encode()
        self._socket.sendall(request)
        return request

    def read(self, size):
        """Return *size* bytes, or what came until the end."""
        got = bytearray()
        while len(got) < size and (piece := self._socket.recv(size - len(got))):
            got += piece
        return bytes(got)

    def head(self):
        got = b""
        while not got.endswith(b"\r\n\r\n") and (octet := self._socket.recv(1)):
            got += octet
        return got

    def page(self):
        """Return header block and body of an answer with Content-Length."""
        head = self.head()
        length = next(int(line[15:]) for line in head.split(b"\r\n") if line.startswith(b"Content-Length:"))
        return head, self.read(length)

    def silent(self, seconds=0.01):
        """Whether the connection stays open and nothing comes."""
        self._socket.settimeout(seconds)
        try:
            return self._socket.recv(1) == b"never"
        except TimeoutError:
            return True

    def close(self):
        self._socket.close()


@pytest.fixture
def connect(authority):
    opened = []

    def connected(url):
        opened.append(Wire(url, authority))
        return opened[-1]

    yield connected
    for wire in opened:
        wire.close()
