"""Each misbehaviour is what its name says, seen from the wire."""

import time

import pytest


def status(head):
    return int(head.split(b" ")[1])


def header(head, name):
    return next(line.split(b": ")[1].decode() for line in head.split(b"\r\n") if line.startswith(name))


@pytest.fixture
def ask(site, connect):
    def asked(path):
        wire = connect(site.url)
        wire.ask(path)
        return wire

    return asked


def test_slow_first_byte(ask):
    start = time.monotonic()
    assert status(ask("/odd/slow-first-byte?seconds=0.2").head()) == 200
    assert time.monotonic() - start >= 0.2


def test_drip(ask):
    start = time.monotonic()
    _, body = ask("/odd/drip?bytes=10&pause=0.02").page()
    assert len(body) == 10
    assert time.monotonic() - start >= 0.2


@pytest.mark.parametrize(
    "path", ["/odd/cut-in-headers", "/odd/cut-in-body", "/odd/cut-in-chunk", "/odd/length-too-long"]
)
def test_cuts(ask, path):
    everything = ask(path).read(100_000)
    head, end, body = everything.partition(b"\r\n\r\n")
    if path == "/odd/cut-in-headers":
        assert not end
    elif path == "/odd/cut-in-chunk":
        assert len(body.partition(b"\r\n")[2]) < 0x40
    else:
        assert len(body) < int(header(head, b"Content-Length"))


def test_reset(ask):
    wire = ask("/odd/cut-in-body?then=reset")
    wire.head()
    wire.read(300)
    with pytest.raises(ConnectionResetError):
        wire.read(1)


def test_no_answer(ask):
    assert ask("/odd/no-answer").read(1) == b""


def test_hang(ask):
    wire = ask("/odd/hang-in-body")
    wire.head()
    wire.read(300)
    assert wire.silent(0.1)


def test_length_too_short(ask):
    wire = ask("/odd/length-too-short")
    wire.page()
    assert len(wire.read(1000)) == 100


def test_too_many_requests(ask):
    heads = [ask("/odd/429?times=2&after=7").head() for _ in range(3)]
    assert [status(head) for head in heads] == [429, 429, 200]
    assert header(heads[0], b"Retry-After") == "7"
    assert header(ask("/odd/429?times=9&date=1").head(), b"Retry-After").endswith("GMT")


def test_failing_for_a_while(ask):
    assert [status(ask("/odd/5xx?status=502&times=1").head()) for _ in range(2)] == [502, 200]
    assert header(ask("/odd/5xx?times=9&after=3").head(), b"Retry-After") == "3"


def test_redirects(ask, site):
    assert header(ask("/odd/redirect?hops=2&status=301").head(), b"Location") == (
        site.url + "odd/redirect?hops=1&status=301"
    )
    assert status(ask("/odd/redirect?hops=0").head()) == 200
    path = "/odd/loop"
    for _ in range(3):
        path = "/" + header(ask(path).head(), b"Location").removeprefix(site.url)
    assert path == "/odd/loop"
    assert (
        header(ask("/odd/redirect-private?to=http://192.168.7.7/").head(), b"Location")
        == "http://192.168.7.7/"
    )


def test_wrong_charset(ask):
    head, body = ask("/odd/charset?declared=utf-8&real=gb18030").page()
    assert b"charset=utf-8" in head
    assert "渡轮" in body.decode("gb18030")
    with pytest.raises(UnicodeDecodeError):
        body.decode("utf-8")


def test_calendar(ask):
    _, body = ask("/calendar/2026/12").page()
    assert b"/calendar/2027/01" in body
    assert b"/calendar/2026/11" in body
    assert status(ask("/calendar/9999/1").head()) == 200


def test_huge(ask):
    head, body = ask("/odd/huge?bytes=1000001").page()
    assert (header(head, b"Content-Length"), len(body)) == ("1000001", 1000001)
    wire = ask("/odd/huge?bytes=70000&chunked=1")
    wire.head()
    body = wire.read(70022)
    assert (body[:7], body[-7:]) == (b"10000\r\n", b"\r\n0\r\n\r\n")


def test_pages_that_change_and_go(ask):
    bodies = [ask("/odd/changes").page()[1] for _ in range(2)]
    assert bodies[0] != bodies[1]
    assert [status(ask("/odd/gone").head()) for _ in range(3)] == [200, 410, 410]
