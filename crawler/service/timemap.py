"""TimeMaps: all mementos of an address, as links, JSON or CDX (RFC 7089 §5)."""

from collections.abc import Iterator
from email.utils import format_datetime
from itertools import chain, islice
from typing import Final
from urllib.parse import quote

import orjson
from fastapi import Request, Response
from fastapi.responses import PlainTextResponse, StreamingResponse

from crawler.service.captures import first_shown, in_blocks
from crawler.service.cdx_query import FIELDS, parse_query
from crawler.service.cdx_rows import rows_of, value_of
from crawler.service.context import Context
from pipelines.catalog import Query
from pipelines.model import Capture
from pipelines.urls import moment

LINK_FORMAT: Final = "application/link-format"
_TOGETHER: Final = 500
_PLAIN: Final = "".join(map(chr, range(0x21, 0x7F))).translate({ord(each): None for each in '<>"'})


def http_date(digits: str) -> str:
    """Return the time of a 14-digit timestamp as HTTP writes it (RFC 9110 §5.6.7)."""
    return format_datetime(moment(digits), usegmt=True)


def memento_url(base: str, capture: Capture, kind: str = "") -> str:
    """Return the address of *capture* below *base*; *kind* is the modifier behind the timestamp."""
    return f"{base}/web/{capture.timestamp}{kind}/{link_target(capture.url)}"


def link_target(url: str) -> str:
    """Return *url* as it may stand in a header between angle brackets: what may not is percent-encoded."""
    return quote(url, safe=_PLAIN)


def memento_line(base: str, capture: Capture, kind: str = "") -> str:
    """Return the line of a TimeMap that names *capture*."""
    return (
        f'<{memento_url(base, capture, kind)}>; rel="memento"; datetime="{http_date(capture.timestamp)}",\n'
    )


def timemap(context: Context, request: Request, form: str, url: str) -> Response:
    """Return the TimeMap of *url* in *form* (``link``, ``json``, ``cdx``); 404 where nothing can be shown."""
    first = first_shown(context, Query(url))
    if first is None:
        return PlainTextResponse(f"service: the archive has no capture of {url} to show\n", 404)
    if form == "link":
        return StreamingResponse(_links(context, request, url, first), media_type=LINK_FORMAT)
    lines = _cdx(context, url) if form == "cdx" else _json(context, url)
    media_type = 'text/plain; charset="UTF-8"' if form == "cdx" else "application/json"
    return StreamingResponse(_encoded(lines), media_type=media_type)


def _links(context: Context, request: Request, url: str, first: Capture) -> Iterator[bytes]:
    base, target = context.base_url(request), link_target(url)
    replay = context.replay_base_url(request)
    last = first_shown(context, Query(url, reverse=True)) or first
    from_, until = http_date(first.timestamp), http_date(last.timestamp)
    yield (
        f'<{link_target(first.url)}>; rel="original",\n'
        f'<{base}/web/timemap/link/{target}>; rel="self"; type="{LINK_FORMAT}"; from="{from_}"; '
        f'until="{until}",\n'
        f'<{base}/web/{target}>; rel="timegate",\n'
    ).encode()
    # The comma stands between links: the last line has none.
    shown = filter(context.shows, in_blocks(context.archive.catalog, Query(url)))
    lines = (memento_line(replay, capture).rstrip(",\n") for capture in shown)
    yield from _encoded(chain(islice(lines, 1), (f",\n{line}" for line in lines), ["\n"]))


def _cdx(context: Context, url: str) -> Iterator[str]:
    for values in _rows(context, url):
        yield " ".join(values) + "\n"


def _json(context: Context, url: str) -> Iterator[str]:
    yield f"[{orjson.dumps(FIELDS).decode()}"
    for values in _rows(context, url):
        yield ",\n" + orjson.dumps(values).decode()
    yield "]\n"


def _rows(context: Context, url: str) -> Iterator[list[str]]:
    query = parse_query([("url", url), ("matchType", "exact")])
    captures = in_blocks(context.archive.catalog, Query(url))
    for row in rows_of(context, query, captures):
        yield [value_of(row, name) for name in query.fields]


def _encoded(lines: Iterator[str]) -> Iterator[bytes]:
    while together := list(islice(lines, _TOGETHER)):
        yield "".join(together).encode("utf-8", "surrogatepass")
