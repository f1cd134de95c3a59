"""The wire oracle: odd exchanges, the bytes that are sent, and what a perfect recorder keeps of them.

Each case says what the HTTP client that the recorder stands on brings to its caller: ``twisted`` for
Twisted's own parser (``twisted.web._newclient``), ``scrapy`` for Scrapy's lenient subclass of it: the
``whole`` response, a ``partial`` one (status and headers, then a failing body) or ``none``;
tests/newsite_tests/test_oracle_clients.py asks both. Where they bring less than the whole, the exchange is
still to be recorded as the partial or odd one it is.
"""

import gzip
import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from newsite.message import Then

Brought = Literal["whole", "partial", "none"]
Truncated = Literal["length", "time", "disconnect"]

PARAGRAPH = (
    "The harbour office opened its archive on Tuesday. "
    "Anyone may read the log books of the pilots, from 1871 on. "
    "港务局周二开放了档案室，任何人都可以查阅1871年以来的引水员日志。"
)
HTML = f"<!doctype html><meta charset=utf-8><title>Archive</title><p>{PARAGRAPH}</p>\n".encode()
SQUEEZED = gzip.compress(HTML * 3, 6, mtime=0)
BIG = random.Random(3).randbytes(3_000_000)
OK = b"HTTP/1.1 200 OK"
TYPE = b"Content-Type: text/html; charset=utf-8"
CHUNKED = b"Transfer-Encoding: chunked"


@dataclass(frozen=True, slots=True)
class Case:
    """An exchange: what is sent, and what is to be kept of it. README.md explains the fields."""

    name: str
    writes: tuple[bytes | float, ...] = field(repr=False)
    kept: bytes = field(repr=False)
    payload: bytes | None = field(repr=False)
    status: int | None
    then: Then = "keep"
    method: str = "GET"
    interim: bytes = b""
    surplus: int = 0
    truncated: Truncated | None = None
    timeout: float | None = None
    limit: int | None = None
    twisted: Brought = "whole"
    scrapy: Brought = "whole"

    @property
    def path(self) -> str:
        return f"/oracle/{self.name}"

    @property
    def sent(self) -> bytes:
        """All bytes that go out, in one."""
        return b"".join(step for step in self.writes if isinstance(step, bytes))

    def __str__(self) -> str:
        return self.name


CASES: dict[str, Case] = {}


def _head(*lines: bytes, end: bytes = b"\r\n") -> bytes:
    return end.join(lines) + end * 2


def _sized(*lines: bytes, body: bytes = HTML) -> bytes:
    """A response with Content-Length; *lines* are the status line and headers before it."""
    return _head(*lines, b"Content-Length: %d" % len(body)) + body


def _chunks(body: bytes, sizes: Iterable[int]) -> list[bytes]:
    pieces, start = [], 0
    for size in sizes:
        piece = body[start : start + size]
        if not piece:
            break
        pieces.append(b"%x\r\n%b\r\n" % (len(piece), piece))
        start += size
    return [*pieces, b"0\r\n\r\n"]


def _case(
    name: str,
    kept: bytes,
    payload: bytes | None = HTML,
    status: int | None = 200,
    *,
    writes: tuple[bytes | float, ...] | None = None,
    brings: Brought = "whole",
    twisted: Brought | None = None,
    **more: Any,
) -> None:
    """Enter a case; *writes* is left out where the kept bytes are sent as they are, in one write."""
    assert name not in CASES
    sent = writes if writes is not None else (kept,)
    CASES[name] = Case(name, sent, kept, payload, status, twisted=twisted or brings, scrapy=brings, **more)


# Header blocks


def _header_blocks() -> None:
    _case("plain", _sized(OK, TYPE))
    _case(
        "odd-header-case",
        _sized(b"HTTP/1.1 200 oK", b"cOnTeNt-TyPe:text/html", b"X-UPPER:   three spaces  ", b"x-tab:\ta"),
    )
    _case("obs-fold", _sized(OK, TYPE, b"X-Folded: first", b"  second", b"\tthird", b"X-After: 1"))
    _case(
        "repeated-cookies",
        _sized(
            OK,
            b"Set-Cookie: a=1; Path=/",
            TYPE,
            b"set-cookie: b=2",
            b"SET-COOKIE: a=3",
            b"Set-Cookie: a=1; Path=/",
        ),
    )
    _case("latin1-header", _sized(OK, TYPE, b"X-Place: K\xf8benhavn", b"X-Raw: \x80\xff\xfe"))
    _case("utf8-header", _sized(OK, TYPE, "X-City: 上海 — Málaga".encode()))
    # HTTPParser.lineReceived unpacks header.split(b":", 1): ValueError. Scrapy's subclass skips the line.
    _case("no-colon", _sized(OK, b"This line has no colon", TYPE), twisted="none")
    _case("empty-value", _sized(OK, TYPE, b"X-Empty:", b"X-Blank:   "))
    # Headers.addRawHeader: InvalidHeaderName for what is no token. Scrapy's parser fails there as well.
    spaced = _sized(OK, TYPE, b"X-Spaced : yes", b"X-Wide   :yes")
    _case("space-before-colon", spaced, brings="none")
    spaced = _head(OK, TYPE, b"Content-Length : %d" % len(HTML)) + HTML
    _case("space-before-length-colon", spaced, then="close", brings="none")
    _case("lf-only", _head(OK, TYPE, b"Content-Length: %d" % len(HTML), end=b"\n") + HTML)
    _case("mixed-line-ends", b"HTTP/1.1 200 OK\n" + TYPE + b"\r\nContent-Length: %d\n\r\n" % len(HTML) + HTML)


def _long_header_blocks() -> None:
    # Any single line may have 16,384 bytes (LineReceiver.MAX_LENGTH); the block as a whole has no limit.
    lines = tuple(b"X-Filler-%d: %b" % (n, b"f" * 5980) for n in range(10))
    _case("header-block-60k", _sized(OK, TYPE, *lines))
    # LineReceiver.lineLengthExceeded drops the connection at a line of more than 16,384 bytes.
    _case("header-line-60k", _sized(OK, TYPE, b"X-Long: " + b"l" * 60_000), brings="none")
    _case("200-headers", _sized(OK, TYPE, *(b"X-Number-%d: %d" % (n % 150, n) for n in range(200))))
    _case(
        "obs-date",
        _sized(OK, b"Date: Sunday, 06-Nov-94 08:49:37 GMT", b"Last-Modified: Sun Nov  6 08:49:37 1994", TYPE),
    )
    _case("empty-header-name", _sized(OK, TYPE, b": nameless"), brings="none")
    _case("nul-in-header", _sized(OK, TYPE, b"X-Nul: a\x00b"))


# Status lines


def _status_lines() -> None:
    _case("custom-reason", _sized(b"HTTP/1.1 200 Here You Are, Reader", TYPE))
    _case("no-reason", _sized(b"HTTP/1.1 200", TYPE))
    _case("empty-reason", _sized(b"HTTP/1.1 200 ", TYPE))
    _case("latin1-reason", _sized(b"HTTP/1.1 200 Pr\xeat \xe0 lire", TYPE))
    _case("status-999", _sized(b"HTTP/1.1 999 Request denied", TYPE), status=999)
    _case("redirect-with-body", _sized(b"HTTP/1.1 302 Found", b"Location: /", TYPE), status=302)
    _case("http10-close", _head(b"HTTP/1.0 200 OK", TYPE) + HTML, then="close")
    _case("http10-keep-alive", _sized(b"HTTP/1.0 200 OK", b"Connection: keep-alive", TYPE))
    # HTTPClientParser.parseVersion: BadResponseVersion. Shoutcast servers say so.
    icy = _head(b"ICY 200 OK", TYPE) + HTML
    _case("icy", icy, status=None, then="close", brings="none")
    # statusReceived: int(b"OK"): ParseError.
    bad = _head(b"HTTP/1.1 OK", TYPE) + HTML
    _case("status-not-a-number", bad, status=None, then="close", brings="none")
    # HTTP/0.9: statusReceived: ParseError.
    _case("no-header-block", HTML, None, None, then="close", brings="none")


# Interim responses


def _interim() -> None:
    final = _sized(OK, TYPE)
    early = _head(b"HTTP/1.1 103 Early Hints", b"Link: </assets/site.css>; rel=preload; as=style")
    second = _head(b"HTTP/1.1 103 Early Hints", b"Link: </img/1.png>; rel=preload; as=image")
    proceed = _head(b"HTTP/1.1 100 Continue")
    _case("100-then-200", final, writes=(proceed, 0.02, final), interim=proceed)
    _case("103-then-200", final, writes=(early, 0.02, final), interim=early)
    _case("103-twice-then-200", final, writes=(early, 0.02, second, 0.02, final), interim=early + second)
    _case("103-in-one-write", final, writes=(early + second + final,), interim=early + second)
    split = early + final
    at = len(early) - 2
    _case(
        "103-split-in-its-end",
        final,
        writes=(split[:at], 0.02, split[at : at + 9], 0.02, split[at + 9 :]),
        interim=early,
    )
    _case(
        "103-then-cut",
        b"",
        b"",
        None,
        writes=(early, 0.02),
        interim=early,
        then="close",
        truncated="disconnect",
        brings="none",
    )


# Bodies that are none


def _without_body() -> None:
    _case("204", _head(b"HTTP/1.1 204 No Content", b"X-Cause: nothing new"), b"", 204)
    _case(
        "304-etag",
        _head(b"HTTP/1.1 304 Not Modified", b'ETag: "edition-1"', b"Vary: Accept-Encoding"),
        b"",
        304,
    )
    _case("304-with-length", _head(b"HTTP/1.1 304 Not Modified", b"Content-Length: 5000"), b"", 304)
    _case("205", _head(b"HTTP/1.1 205 Reset Content", b"Content-Length: 0"), b"", 205)
    _case("length-0", _head(OK, TYPE, b"Content-Length: 0"), b"")
    _case("head", _head(OK, TYPE, b"Content-Length: %d" % len(HTML)), b"", method="HEAD")
    _case("head-chunked", _head(OK, TYPE, CHUNKED), b"", method="HEAD")
    _case("empty-chunked", _head(OK, TYPE, CHUNKED) + b"0\r\n\r\n", b"")


# Chunks


def _chunked() -> None:
    head = _head(OK, TYPE, CHUNKED)
    ext = b'5;name=value\r\n%b\r\n%x ; q="a;b"\r\n%b\r\n0;last\r\n\r\n' % (HTML[:5], len(HTML) - 5, HTML[5:])
    # _hexint accepts no blank between size and semicolon, RFC 9112 7.1.1 (BWS) does: see the next case.
    _case("chunk-extensions", head + ext.replace(b" ; ", b";"))
    _case("chunk-extension-blank", head + ext, brings="partial")
    trailers = b"%x\r\n%b\r\n0\r\nX-Checksum: 77\r\nset-cookie: t=1\r\n\r\n" % (len(HTML), HTML)
    _case("trailers", _head(OK, TYPE, b"Trailer: X-Checksum", CHUNKED) + trailers)
    sizes = b"00A\r\n%b\r\n%06X\r\n%b\r\n000\r\n\r\n" % (HTML[:10], len(HTML) - 10, HTML[10:])
    _case("chunk-size-case-and-zeros", head + sizes)
    odd = _head(OK, TYPE, b"tRANSFER-eNCODING: Chunked")
    _case("chunked-odd-case", odd + b"".join(_chunks(HTML, [1, 2, 3, 900])))
    zipped = _head(OK, TYPE, b"Content-Encoding: gzip", CHUNKED)
    _case("chunked-gzip", zipped + b"".join(_chunks(SQUEEZED, [7, 100, 9000])), SQUEEZED)
    both = _head(OK, TYPE, b"Content-Length: 12", CHUNKED)
    _case("length-and-chunked", both + b"".join(_chunks(HTML, [50, 900])))
    # _dataReceived_CHUNK_LENGTH seeks CRLF only; a bare LF is never found.
    bare = head + b"%x\n%b\n0\n\n" % (len(HTML), HTML)
    _case("chunked-lf-only", bare, None, then="close", brings="partial")
    # HTTPClientParser._transferDecoders has "chunked" alone: KeyError.
    gzip_te = _head(OK, TYPE, b"Transfer-Encoding: gzip, chunked") + b"".join(_chunks(SQUEEZED, [9000]))
    _case("transfer-gzip-chunked", gzip_te, None, then="close", brings="none")
    # _hexint: _MalformedChunkedDataError, after the headers; the body fails.
    wrong = head + b"zz\r\n" + HTML
    _case("chunk-size-not-hex", wrong, None, then="close", brings="partial")
    framed = _chunks(BIG, _uneven())
    _case("chunked-3mb-uneven", head + b"".join(framed), BIG, writes=(head, *framed))
    cut = head + b"%x\r\n%b" % (len(HTML), HTML[:60])
    _case("chunked-cut-in-chunk", cut, HTML[:60], then="close", truncated="disconnect", brings="partial")
    cut = head + b"%x\r\n%b\r\n" % (len(HTML), HTML)
    _case("chunked-cut-between-chunks", cut, then="close", truncated="disconnect", brings="partial")


def _uneven() -> Iterable[int]:
    sizes = random.Random(7)
    yield from [1] * 64
    while True:
        yield sizes.choice((1, 2, 17, 1000, 4096, 65535, 65536))


# Bodies


def _bodies() -> None:
    _case("gzip", _sized(OK, TYPE, b"Content-Encoding: gzip", body=SQUEEZED), SQUEEZED)
    _case(
        "404-gzip",
        _sized(b"HTTP/1.1 404 Not Found", TYPE, b"Content-Encoding: gzip", body=SQUEEZED),
        SQUEEZED,
        404,
    )
    bad = b"\x1f\x8b\x08\x00this is no deflate stream" + b"\x00" * 40
    _case("gzip-bad", _sized(OK, TYPE, b"Content-Encoding: gzip", body=bad), bad)
    short = SQUEEZED[:-20]
    _case("gzip-truncated-inside", _sized(OK, TYPE, b"Content-Encoding: gzip", body=short), short)
    _case("gzip-declared-plain-sent", _sized(OK, TYPE, b"Content-Encoding: gzip"))
    noise = random.Random(5).randbytes(500)
    _case("encoding-br", _sized(OK, TYPE, b"Content-Encoding: br", body=noise), noise)
    _case("encoding-unknown", _sized(OK, TYPE, b"Content-Encoding: x-pigeon", body=noise), noise)
    chinese = f"<title>档案</title><p>{PARAGRAPH}</p>".encode("gb18030")
    _case("gb18030", _sized(OK, b"Content-Type: text/html; charset=gb18030", body=chinese), chinese)
    wide = f"<title>Archive</title><p>{PARAGRAPH}</p>".encode("utf-16")
    _case("utf16", _sized(OK, b"Content-Type: text/html; charset=utf-16", body=wide), wide)
    nul = b"<p>before\x00after\x00\x00</p>" + bytes(range(256))
    _case("nul-bytes", _sized(OK, TYPE, body=nul), nul)
    tricky = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nWARC/1.1\r\nWARC-Type: response\r\n\r\n\r\n\r\n"
    _case("body-like-http-and-warc", _sized(OK, b"Content-Type: text/plain", body=tricky), tricky)
    _case("length-3mb", _sized(OK, b"Content-Type: application/octet-stream", body=BIG), BIG)
    _case("close-delimited", _head(OK, TYPE) + HTML, then="close")
    _case("connection-close", _sized(OK, TYPE, b"Connection: close"), then="close")
    _case("length-twice-same", _head(OK, TYPE, *[b"Content-Length: %d" % len(HTML)] * 2) + HTML)
    # _contentLength: ValueError for lengths that differ.
    differ = _head(OK, TYPE, b"Content-Length: 5", b"Content-Length: %d" % len(HTML)) + HTML
    _case("length-twice-different", differ, then="close", brings="none")
    # _decint: ValueError.
    negative = _head(OK, TYPE, b"Content-Length: -1") + HTML
    _case("length-negative", negative, then="close", brings="none")
    sized = _sized(OK, TYPE)
    _case("surplus-after-length", sized, writes=(sized + b"SURPLUS BYTES",), surplus=13)
    ended = _head(OK, TYPE, CHUNKED) + b"".join(_chunks(HTML, [900]))
    _case("surplus-after-chunks", ended, writes=(ended + b"\r\n\r\n",), surplus=4)


# Delivery


def _deliveries() -> None:
    final = _sized(OK, TYPE)
    _case("byte-by-byte", final, writes=_paced(final))
    framed = _head(OK, TYPE, CHUNKED) + b"".join(_chunks(HTML, [3, 50, 900]))
    _case("byte-by-byte-chunked", framed, writes=_paced(framed))
    at = final.index(b"\r\n\r\n") + 4
    _case("late-body", final, writes=(final[:at], 0.3, final[at:]))
    _case("late-end-of-headers", final, writes=(final[: at - 3], 0.2, final[at - 3 :]))
    _case(
        "cut-before-length", final[:-30], HTML[:-30], then="close", truncated="disconnect", brings="partial"
    )
    _case(
        "reset-in-body",
        final[:-30],
        HTML[:-30],
        writes=(final[:-30], 0.1),
        then="reset",
        truncated="disconnect",
        brings="partial",
    )
    _case(
        "cut-without-close-notify",
        final[:-30],
        HTML[:-30],
        then="cut",
        truncated="disconnect",
        brings="partial",
    )
    # No header block, no response: ResponseFailed.
    _case("cut-in-headers", final[:40], b"", 200, then="close", truncated="disconnect", brings="none")
    _case(
        "stalled-body", final[:-30], HTML[:-30], then="hang", truncated="time", timeout=1.0, brings="partial"
    )
    _case("stalled-headers", final[:40], b"", then="hang", truncated="time", timeout=1.0, brings="none")
    head = _head(OK, TYPE, b"Content-Length: %d" % len(BIG))
    _case("longer-than-limit", head + BIG, BIG, truncated="length", limit=1_000_000)
    framed = _head(OK, TYPE, CHUNKED) + b"".join(_chunks(BIG, [65536] * 50))
    _case("chunked-longer-than-limit", framed, BIG, truncated="length", limit=1_000_000)


def _paced(sent: bytes) -> tuple[bytes | float, ...]:
    return tuple(step for octet in sent for step in (bytes([octet]), 0.0005))


_header_blocks()
_long_header_blocks()
_status_lines()
_interim()
_without_body()
_chunked()
_bodies()
_deliveries()
