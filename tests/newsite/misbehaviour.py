"""What sites do to crawlers, each at a path below ``/odd/``; a query sets how much of it."""

import itertools
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import cast

from newsite.message import Page, Reply, Request, Script, Then, http_date

TEXT = "The ferry to the islands runs again since Monday morning. "
OLD = datetime(2026, 11, 1, 6, 0, tzinfo=UTC)
LOOP = {"/odd/loop": "/odd/loop/2", "/odd/loop/2": "/odd/loop/3", "/odd/loop/3": "/odd/loop"}
HANG_SECONDS = 0.05


def answer(request: Request) -> Reply | None:
    """Return the misbehaviour at this path; None where the path is none of ours."""
    if request.path.startswith("/calendar/"):
        return _calendar(request)
    if request.path in LOOP:
        return _redirect(request, LOOP[request.path], 302)
    found = PATHS.get(request.path.removeprefix("/odd/")) if request.path.startswith("/odd/") else None
    return found(request) if found else None


def _page(text: str = TEXT * 20) -> Page:
    return Page(f"<!doctype html><title>Odd page</title><h1>Odd page</h1><p>{text}</p>\n".encode())


def _number(request: Request, name: str, default: float) -> float:
    return float(request.query.get(name, default))


def _then(request: Request, default: Then = "close") -> Then:
    return cast(Then, request.query.get("then", default))


# Time


def _slow_first_byte(request: Request) -> Reply:
    return Script([_number(request, "seconds", 2), _page().wire])


def _drip(request: Request) -> Reply:
    body = (TEXT * 20).encode()[: int(_number(request, "bytes", 200))]
    page = Page(body, type="text/plain")
    pause = _number(request, "pause", 0.05)
    drops = (step for octet in body for step in (pause, bytes([octet])))
    return Script(itertools.chain([page.head], drops))


def _no_answer(request: Request) -> Reply:
    return Script([], then=_then(request))


def _hang_in_body(request: Request) -> Reply:
    page = _page()
    return Script([page.head, page.body[:300]], then="hang")


# Ends


def _cut_after(request: Request, sent: bytes) -> Reply:
    # The pause lets the client read what came before an RST overtakes it.
    return Script([sent, HANG_SECONDS], then=_then(request))


def _cut_in_headers(request: Request) -> Reply:
    return _cut_after(request, _page().head[:40])


def _cut_in_body(request: Request) -> Reply:
    page = _page()
    return _cut_after(request, page.head + page.body[:300])


def _cut_in_chunk(request: Request) -> Reply:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
    return _cut_after(request, head + b"40\r\n" + TEXT.encode()[:30])


def _length(difference: int) -> Callable[[Request], Reply]:
    def wrong(request: Request) -> Reply:
        body = _page().body
        head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n"
        return Script([head % (len(body) + difference) + body], then=_then(request))

    return wrong


def _huge(request: Request) -> Reply:
    size = int(_number(request, "bytes", 100_000_000))
    block = (TEXT * 1200).encode()[:65536]
    blocks = (block[: min(len(block), size - at)] for at in range(0, size, len(block)))
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
    if request.query.get("chunked") == "1":
        framed: Iterator[bytes] = (b"%x\r\n%b\r\n" % (len(piece), piece) for piece in blocks)
        return Script(itertools.chain([head + b"Transfer-Encoding: chunked\r\n\r\n"], framed, [b"0\r\n\r\n"]))
    return Script(itertools.chain([head + b"Content-Length: %d\r\n\r\n" % size], blocks))


def _endless(request: Request) -> Reply:
    line = b"<p>" + TEXT.encode() * 40 + b"</p>\n"
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n"
    return Script(itertools.chain([head], itertools.repeat(line)), then="close")


# Status codes


def _too_many(request: Request) -> Reply:
    if request.visit > _number(request, "times", 2):
        return _page()
    after = int(_number(request, "after", 1))
    value = b"%d" % after
    if request.query.get("date") == "1":
        value = http_date(datetime.now(UTC) + timedelta(seconds=after))
    return Page(b"slow down\n", type="text/plain", status=429, headers=((b"Retry-After", value),))


def _failing(request: Request) -> Reply:
    if request.visit > _number(request, "times", 2):
        return _page()
    after = request.query.get("after")
    headers = ((b"Retry-After", after.encode()),) if after else ()
    status = int(_number(request, "status", 503))
    return Page(b"out of order\n", type="text/plain", status=status, headers=headers)


def _redirect(request: Request, to: str, status: int) -> Reply:
    location = to if "://" in to else request.base + to
    return Page(b"moved\n", type="text/plain", status=status, headers=((b"Location", location.encode()),))


def _chain(request: Request) -> Reply:
    hops = int(_number(request, "hops", 3))
    status = int(_number(request, "status", 302))
    if hops == 0:
        return _page()
    return _redirect(request, f"/odd/redirect?hops={hops - 1}&status={status}", status)


def _private(request: Request) -> Reply:
    return _redirect(request, request.query.get("to", "http://10.0.0.1/"), 302)


# Content


def _charset(request: Request) -> Reply:
    real = request.query.get("real", "gb18030")
    declared = request.query.get("declared", "iso-8859-1")
    text = "渡轮周一早上恢复通航。" if real.lower().startswith(("gb", "big5", "utf")) else TEXT
    html = f"<!doctype html><title>{text}</title><p>{text * 20}</p>"
    return Page(html.encode(real), type=f"text/html; charset={declared}")


def _changes(request: Request) -> Reply:
    return _page(f"Edition {request.visit} of this page. {TEXT * 20}")


def _gone(request: Request) -> Reply:
    if request.visit == 1:
        return _page()
    return Page(b"gone\n", type="text/plain", status=int(_number(request, "status", 410)))


def _etag(request: Request) -> Reply:
    return Page(_page().body, etag='"edition-1"')


def _modified(request: Request) -> Reply:
    return Page(_page().body, modified=OLD)


def _calendar(request: Request) -> Reply | None:
    parts = request.path.strip("/").split("/")
    if len(parts) != 3 or not (parts[1].isdecimal() and parts[2].isdecimal()):
        return None
    month = int(parts[1]) * 12 + int(parts[2]) - 1
    links = "".join(
        f'<li><a href="/calendar/{other // 12}/{other % 12 + 1:02d}">{name}</a></li>'
        for name, other in (("previous month", month - 1), ("next month", month + 1))
    )
    title = f"Events in {month // 12}-{month % 12 + 1:02d}"
    return Page(f"<!doctype html><title>{title}</title><h1>{title}</h1><ul>{links}</ul>\n".encode())


PATHS: dict[str, Callable[[Request], Reply]] = {
    "429": _too_many,
    "5xx": _failing,
    "changes": _changes,
    "charset": _charset,
    "cut-in-body": _cut_in_body,
    "cut-in-chunk": _cut_in_chunk,
    "cut-in-headers": _cut_in_headers,
    "drip": _drip,
    "endless": _endless,
    "etag": _etag,
    "gone": _gone,
    "hang-in-body": _hang_in_body,
    "huge": _huge,
    "length-too-long": _length(100),
    "length-too-short": _length(-100),
    "modified": _modified,
    "no-answer": _no_answer,
    "redirect": _chain,
    "redirect-private": _private,
    "slow-first-byte": _slow_first_byte,
}
