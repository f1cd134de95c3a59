"""What is refused, each with its error, and without a connection where none may be made."""

import gzip
import socket
import threading
from contextlib import contextmanager

import pytest

import newsite
from crawler.saves import State
from newsite import Page, Script

BOMB = Page(
    gzip.compress(b"<p>" + b"a" * (80 << 20), 9),
    type="text/html",
    headers=((b"Content-Encoding", b"gzip"),),
)


@contextmanager
def counting(address, family=socket.AF_INET):
    """Listen at *address*, and give its port and a list of the connections that were made."""
    connections = []
    with socket.create_server((address, 0), family=family) as server:
        server.settimeout(0.1)
        over = threading.Event()

        def accept():
            while not over.is_set():
                try:
                    connections.append(server.accept()[1])
                except TimeoutError:
                    continue

        thread = threading.Thread(target=accept)
        thread.start()
        try:
            yield server.getsockname()[1], connections
        finally:
            over.set()
            thread.join()


PRIVATE = {
    "loopback": "http://127.0.0.2:{port}/",
    "loopback, as one number": "http://2130706434:{port}/",
    "loopback, octal": "http://0177.0.0.2:{port}/",
    "mapped": "http://[::ffff:127.0.0.2]:{port}/",
    "unspecified": "http://0.0.0.0:{port}/",
    "private": "http://10.0.0.1:{port}/",
    "link-local": "http://169.254.1.1:{port}/",
    "metadata service": "http://169.254.169.254/latest/meta-data/",
    "multicast": "http://224.0.0.1:{port}/",
    "unique local": "http://[fd00::1]:{port}/",
    "NAT64 of a private one": "http://[64:ff9b::a00:1]:{port}/",
}


def test_addresses_that_are_not_public_are_never_connected_to(working):
    saving = working(crawl__allow_address=["127.0.0.1/32"])
    with counting("127.0.0.2") as (port, connections):
        redirects = {
            "/to-private": Page(
                b"", status=302, headers=((b"Location", f"http://127.0.0.2:{port}/".encode()),)
            ),
            "/shows": Page(f"<img src='http://127.0.0.2:{port}/a.png'><p>Seen.</p>".encode()),
        }
        with newsite.running(redirects) as site, saving.worker() as worker:
            direct = {name: saving.add(url.format(port=port)) for name, url in PRIVATE.items()}
            ended = {name: saving.ended(id_, worker) for name, id_ in direct.items()}
            redirected = saving.ended(saving.add(f"{site.url}to-private"), worker)
            shown = saving.ended(saving.add(f"{site.url}shows"), worker)
    assert {name: save.error for name, save in ended.items()} == dict.fromkeys(ended, "error:blocked-url")
    assert redirected.error == "error:blocked-url"
    assert shown.state is State.SUCCESS
    assert "1 of the files" in shown.message
    assert connections == []


def _script(*pieces, then="close"):
    return Script(list(pieces), then=then)


def _endless(request):
    def stream():
        yield b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>"
        while True:
            yield b"word " * 4000

    return Script(stream(), then="close")


def _drip(request):
    def stream():
        yield b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>"
        while True:
            yield 0.2
            yield b"a"

    return Script(stream(), then="close")


def _status(number):
    return Page(b"no\n", type="text/plain", status=number)


def _moved(to):
    return Page(b"", status=302, headers=((b"Location", to),))


MISBEHAVIOUR = {
    "/bomb": (BOMB, "error:filesize-limit"),
    "/endless": (_endless, "error:filesize-limit"),
    "/drip": (_drip, "error:read-timeout"),
    "/loop": (_moved(b"/loop"), "error:too-many-redirects"),
    "/ftp": (_moved(b"ftp://127.0.0.1/a"), "error:invalid-url-syntax"),
    "/secret": (_moved(b"http://me:secret@127.0.0.1/a"), "error:invalid-url-syntax"),
    "/long": (_moved(b"/" + b"a" * 3000), "error:invalid-url-syntax"),
    "/cut": (
        lambda _: _script(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"),
        "error:protocol-error",
    ),
    "/no-http": (lambda _: _script(b"SSH-2.0-OpenSSH_9.2\r\n\r\n"), "error:invalid-server-response"),
    "/forbidden": (Page(b"never"), "error:blocked-url"),
    **{
        f"/{status}": (_status(status), f"error:{word}")
        for status, word in {
            401: "unauthorized",
            403: "no-access",
            404: "not-found",
            405: "method-not-allowed",
            500: "internal-server-error",
            429: "too-many-requests",
        }.items()
    },
}


@pytest.mark.slow
def test_each_misbehaviour_has_its_error_and_ends_in_time(working):
    saving = working(crawl__max_body=1 << 20, save__page_time=2.5)
    site = {path: page for path, (page, _) in MISBEHAVIOUR.items()}
    site["/robots.txt"] = Page(b"User-agent: *\nDisallow: /forbidden\n", type="text/plain")
    with newsite.running(site) as running, saving.worker(slots=8) as worker:
        ids = {path: saving.add(running.url.rstrip("/") + path) for path in MISBEHAVIOUR}
        ended = {path: saving.ended(id_, worker) for path, id_ in ids.items()}
        asked = {exchange.path for exchange in running.exchanges}
    assert {path: save.error for path, save in ended.items()} == {
        path: error for path, (_, error) in MISBEHAVIOUR.items()
    }, saving.log()
    assert "/forbidden" not in asked
    recorded = {capture.url.rpartition("/")[2]: capture for capture in saving.captures()}
    assert str(recorded["endless"].truncated) == "length"
    assert str(recorded["drip"].truncated) == "time"
    assert str(recorded["cut"].truncated) == "disconnect"
    # The others wait for a host that is let alone after errors, which is no time of theirs.
    slow = [ended[path] for path in ("/drip", "/endless", "/bomb")]
    assert max(save.finished - save.started for save in slow).total_seconds() < 6
