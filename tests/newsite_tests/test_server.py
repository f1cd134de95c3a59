"""Serving: virtual hosts, keep-alive, conditional GET, the journal, and what can be changed while it runs."""

import subprocess
import sys
import urllib.request
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

import pytest

import newsite
from newsite import Page, Script

CHANGED = datetime(2026, 11, 1, 6, 0, tzinfo=UTC)


def status(head):
    return int(head.split(b" ")[1])


def test_the_journal_holds_request_and_response_byte_for_byte(site, connect):
    wire = connect(site.url)
    requests = [wire.ask("/robots.txt", headers=["X-Odd:  two  blanks "])]
    responses = [b"".join(wire.page())]
    requests.append(wire.ask("/img/1.png"))
    responses.append(b"".join(wire.page()))
    journal = [(each.request, each.response, each.finished) for each in site.exchanges]
    assert journal[0] == (requests[0], responses[0], True)
    assert journal[1][:2] == (requests[1], responses[1])
    assert site.exchanges[0].connection == site.exchanges[1].connection
    assert site.wait("/img/1.png").finished


def test_a_host_answers_on_its_own_port_and_to_its_name(site, connect):
    for url, host in ((site.at("discuz"), None), (site.url, "discuz"), (site.https, "discuz:443")):
        wire = connect(url)
        wire.ask("/thread-1234-1-1.html", host=host)
        head = wire.head()
        assert (status(head), b"charset=gbk" in head) == (200, True)
    other = connect(site.url)
    other.ask("/thread-1234-1-1.html")
    assert status(other.head()) == 404


def test_a_host_named_like_an_address_is_bound_there(connect):
    with newsite.running({"/": "one"}, hosts={"127.0.0.2": {"/": "two"}}) as site:
        assert site.at("127.0.0.2").startswith("http://127.0.0.2:")
        bodies = []
        for url in (site.url, site.at("127.0.0.2")):
            wire = connect(url)
            wire.ask("/")
            bodies.append(wire.page()[1])
    assert bodies == [b"one", b"two"]


def test_head_has_the_header_block_of_get(site, connect, paper):
    wire = connect(site.url)
    wire.ask("/img/1.png")
    full, _ = wire.page()
    wire.ask("/img/1.png", method="HEAD")
    assert [line for line in wire.head().split(b"\r\n") if not line.startswith(b"Date:")] == [
        line for line in full.split(b"\r\n") if not line.startswith(b"Date:")
    ]
    assert wire.silent()


@pytest.mark.parametrize(
    ("path", "header", "expected"),
    [
        ("/odd/etag", 'If-None-Match: "other", W/"edition-1"', 304),
        ("/odd/etag", "If-None-Match: *", 304),
        ("/odd/etag", 'If-None-Match: "other"', 200),
        ("/odd/modified", f"If-Modified-Since: {format_datetime(CHANGED, usegmt=True)}", 304),
        ("/odd/modified", "If-Modified-Since: Sat, 31 Oct 2026 06:00:00 GMT", 200),
        ("/odd/modified", "If-Modified-Since: some day", 200),
        ("/odd/modified", 'If-None-Match: "x"', 200),
        ("/odd/changes", "If-None-Match: *", 200),
    ],
)
def test_conditional_get(site, connect, path, header, expected):
    wire = connect(site.url)
    wire.ask(path, headers=[header])
    assert status(wire.head()) == expected


def test_close_is_obeyed(site, connect):
    wire = connect(site.url)
    wire.ask("/robots.txt", headers=["Connection: close"])
    wire.page()
    assert wire.read(1) == b""


def test_answers_of_every_kind(connect):
    pages = {
        "/text": "übung",
        "/page": Page(b"x", type="text/plain"),
        "/script": Script([b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n", 0.01, b"ok"]),
        "/call": lambda request: Page(f"{request.method} {request.query['a']} {request.visit}".encode()),
        "/call?a=fixed": "with query",
        "/below/*": lambda request: Page(request.path.encode()) if request.path != "/below/no" else None,
    }
    with newsite.running(pages) as site:
        wire = connect(site.url)

        def body(path):
            wire.ask(path)
            return wire.page()[1]

        assert body("/text").decode() == "übung"
        assert body("/script") == b"ok"
        assert [body("/call?a=1"), body("/call?a=1"), body("/call?a=fixed")] == [
            b"GET 1 1",
            b"GET 1 2",
            b"with query",
        ]
        assert body("/below/deep/er") == b"/below/deep/er"
        assert b"404" in body("/below/no")


def test_changes_while_it_runs(site, connect):
    wire = connect(site.url)

    def answer(path):
        wire.ask(path)
        head, body = wire.page()
        return status(head), body

    site.put("/new", "first")
    assert answer("/new") == (200, b"first")
    site.remove("/new")
    assert answer("/new")[0] == 410
    site.robots = 503
    assert answer("/robots.txt")[0] == 503
    site.robots = "User-agent: *\nDisallow: /\n"
    assert answer("/robots.txt") == (200, b"User-agent: *\nDisallow: /\n")
    assert len(site.asked("/robots.txt")) == 2
    site.reset()
    assert answer("/new")[0] == 404
    assert b"Sitemap:" in answer("/robots.txt")[1]


def test_a_client_that_leaves_ends_an_endless_body(site, connect):
    wire = connect(site.url)
    wire.ask("/odd/endless")
    wire.read(200_000)
    wire.close()
    again = connect(site.url)
    again.ask("/robots.txt")
    again.page()
    assert not site.asked("/odd/endless")[0].finished


def test_stopping_ends_open_connections(connect):
    site = newsite.NewsSite({"/": "x"}).start()
    wire = connect(site.url)
    wire.ask("/odd/hang-in-body")
    wire.head()
    url = site.url
    site.stop()
    wire.read(1000)
    assert wire.read(1) == b""
    with pytest.raises(ConnectionRefusedError):
        connect(url)


def test_without_a_journal_built_pages_answer_the_same(connect):
    paper = newsite.daily(articles=8)
    path = paper[3].path
    with newsite.running(paper, journal=False) as site:
        wire = connect(site.url)

        def answers():
            wire.ask(path, method="HEAD")
            heads = [wire.head()]
            wire.ask(path, headers=["If-None-Match: *"])
            heads.append(wire.head())
            return [[line for line in head.split(b"\r\n") if not line.startswith(b"Date:")] for head in heads]

        before = answers()
        site.build(path)
        assert answers() == before
        assert status(before[1][0]) == 304
        wire.ask(path, headers=["Connection: close"])
        body = wire.read(1 << 20).partition(b"\r\n\r\n")[2]
        assert body == paper.page(path, base=site.url).wire.partition(b"\r\n\r\n")[2]
        assert site.exchanges == []


def test_waiting_for_what_was_never_asked(site):
    with pytest.raises(TimeoutError, match="/never"):
        site.wait("/never", timeout=0.02)


def test_as_a_process(authority, tmp_path):
    pem = tmp_path / "cert.pem"
    authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(pem)
    command = [sys.executable, "-m", "newsite", "--articles", "20", "--tls", pem, "--families"]
    tests = Path(newsite.__file__).parents[1]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=tests) as process:
        urls = [process.stdout.readline().strip() for _ in range(7)]
        path = newsite.daily(articles=20)[0].path
        with urllib.request.urlopen(urls[0].rstrip("/") + path) as answer:
            assert answer.status == 200
        process.terminate()
        assert process.wait(10) == 0
    assert [url.partition(":")[0] for url in urls] == ["http", "https"] + ["http"] * 5
