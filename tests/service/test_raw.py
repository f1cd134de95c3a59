"""Payloads as they were recorded."""

import gzip
import random

import pytest

from segments.making import asked_again, response
from service.reading import SITE, at, page, reading

BODY = "<!doctype html><p>潮水退了。".encode()
PACKED = gzip.compress(BODY, mtime=0)
LARGE = random.Random(3).randbytes(6_000_000)
ODD = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=gb18030\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n"
    b"X-Odd: \xc3\xa4\xff\x01\r\nBad Name: 1\r\nX-Long: " + b"l" * 9000 + b"\r\nContent-Length: 3\r\n\r\nodd"
)


def later(archive):
    first = next(archive.catalog.find(f"{SITE}/packed"))
    return [asked_again(40, first), page(41, response(PACKED, b"Content-Encoding: gzip"), "/packed")]


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    packed = response(PACKED, b"Content-Type: text/html", b"Content-Encoding: gzip", b'ETag: "1"')
    bomb = gzip.compress(b"<p>" + bytes(30_000_000), mtime=0)
    kinds = [
        page(11, response(bytes(20_000_000), b"Content-Type: text/html"), "/zeros"),
        page(12, response(bomb, b"Content-Type: text/html", b"Content-Encoding: gzip"), "/bomb"),
        page(0, packed, "/packed"),
        page(1, response(BODY, b"Content-Type: text/html", sizes=[5, 3]), "/chunked"),
        page(2, response(b"gone", status=b"410 Gone"), "/gone"),
        page(3, response(b"", b"Location: ../else?a=1#part", status=b"302 Found"), "/a/moved"),
        page(4, response(b"", b"Location: mailto:a@b.example", status=b"302 Found"), "/mail"),
        page(5, ODD, "/odd"),
        page(6, response(LARGE, b"Content-Type: audio/mpeg"), "/large"),
        page(7, response(LARGE, b"Content-Type: audio/mpeg", sizes=[100_000] * 3), "/large-chunked"),
        page(8, b"HTTP/1.1 204 No Content\r\n\r\n", "/nothing"),
        page(9, b"nonsense without a head", "/nonsense"),
        page(10, b"HTTP/1.1 999 Denied\r\nContent-Length: 2\r\n\r\nno", "/denied"),
    ]
    with reading(tmp_path_factory.mktemp("raw"), kinds, later) as (client, _):
        yield client


def raw(client, number, path, **headers):
    return client.get(f"/web/{at(number)}id_/{SITE}{path}", **headers)


def test_a_payload_is_what_was_sent_in_its_coding(served):
    answer = raw(served, 0, "/packed")
    assert (answer.status, answer.body) == (200, PACKED)
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["Content-Type"] == "text/html"
    assert answer.headers["X-Archive-Orig-ETag"] == '"1"'
    assert answer.headers["Memento-Datetime"] == "Mon, 23 Nov 2026 14:05:09 GMT"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox;")
    unchunked = raw(served, 1, "/chunked")
    assert (unchunked.body, unchunked.headers["X-Archive-Orig-Transfer-Encoding"]) == (BODY, "chunked")


def test_revisits_give_the_payload_that_they_repeat(served):
    for number in (40, 41):
        answer = raw(served, number, "/packed")
        assert (answer.status, answer.body, answer.headers["Content-Encoding"]) == (200, PACKED, "gzip")
    # The headers of the day are the 304's own.
    unmodified = raw(served, 40, "/packed")
    assert unmodified.headers["X-Archive-Orig-X-Odd"] is not None
    assert unmodified.headers["Content-Type"] == "text/html"


def test_statuses_and_redirects_are_those_of_the_day(served):
    assert (raw(served, 2, "/gone").status, raw(served, 2, "/gone").body) == (410, b"gone")
    moved = raw(served, 3, "/a/moved")
    assert moved.status == 302
    assert moved.headers["Location"] == f"{served.url}/web/{at(3)}id_/{SITE}/else?a=1"
    assert moved.headers["X-Archive-Orig-Location"] == "../else?a=1#part"
    away = raw(served, 4, "/mail")
    assert (away.status, away.headers["Location"]) == (302, None)
    assert (raw(served, 8, "/nothing").status, raw(served, 8, "/nothing").body) == (204, b"")
    assert raw(served, 9, "/nonsense").status == 200
    assert (raw(served, 10, "/denied").status, raw(served, 10, "/denied").body) == (500, b"no")


def test_headers_that_no_client_can_read_are_left_out_or_mended(served):
    answer = raw(served, 5, "/odd")
    assert answer.body == b"odd"
    assert answer.headers.get_all("X-Archive-Orig-Set-Cookie") == ["a=1", "b=2"]
    assert answer.headers["X-Archive-Orig-X-Odd"].encode("latin-1") == b"\xc3\xa4\xff"
    assert answer.headers["X-Archive-Orig-X-Long"] is None
    assert answer.headers["Set-Cookie"] is None
    assert not any("bad name" in name.lower() for name in answer.headers)


@pytest.mark.parametrize("path", ["/large", "/large-chunked"])
@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-9", 0, 10),
        ("bytes=5999990-", 5_999_990, 6_000_000),
        ("bytes=-7", 5_999_993, 6_000_000),
        ("bytes=300000-300000", 300_000, 300_001),
        ("bytes=5999999-9999999", 5_999_999, 6_000_000),
    ],
)
def test_ranges_are_those_of_the_payload(served, path, asked, first, last):
    number = 6 if path == "/large" else 7
    for kind in ("id_", "oe_"):
        answer = served.get(f"/web/{at(number)}{kind}/{SITE}{path}", Range=asked)
        assert (answer.status, answer.body) == (206, LARGE[first:last])
        assert answer.headers["Content-Range"] == f"bytes {first}-{last - 1}/6000000"


def test_other_ranges_are_refused_or_passed_over(served):
    assert raw(served, 6, "/large", Range="bytes=6000000-").status == 416
    assert raw(served, 6, "/large", Range="bytes=9-3").status == 416
    for asked in ("bytes=0-1,5-6", "lines=1-2", "bytes=-", "bytes=a-b"):
        answer = raw(served, 0, "/packed", Range=asked)
        assert (answer.status, answer.body) == (200, PACKED)
    assert raw(served, 2, "/gone", Range="bytes=0-1").status == 410


def test_a_large_payload_is_whole(served):
    assert raw(served, 6, "/large").body == raw(served, 7, "/large-chunked").body == LARGE
    head = served.ask("HEAD", f"/web/{at(6)}id_/{SITE}/large")
    assert (head.status, head.body, head.headers["Content-Length"]) == (200, b"", "6000000")


def test_what_is_small_when_packed_is_not_held_whole(served):
    for kind in ("id_", ""):
        zeros = served.get(f"/web/{at(11)}{kind}/{SITE}/zeros")
        assert (zeros.status, zeros.body == bytes(20_000_000)) == (200, True)
        bomb = served.get(f"/web/{at(12)}{kind}/{SITE}/bomb")
        assert (bomb.headers["Content-Encoding"], len(bomb.body) < 100_000) == ("gzip", True)
        # Shown as text: a browser would have to take it for a page else.
        assert bomb.headers["Content-Type"].startswith("text/html" if kind else "text/plain")
