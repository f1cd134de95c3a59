"""The CDX server: ``/cdx/search/cdx`` and ``/cdx`` as the Internet Archive, ``/<collection>/cdx`` as pywb."""

import zlib
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Final
from urllib.parse import parse_qsl, quote_plus

import orjson
from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse, StreamingResponse

from crawler.service.captures import in_blocks
from crawler.service.cdx_pages import BLOCK_ROWS, Pages
from crawler.service.cdx_query import CdxQuery, Sort, parse_query, resume_key
from crawler.service.cdx_rows import Row, captures_of, rows_of, value_of
from crawler.service.context import Context
from crawler.service.timemap import memento_line
from pipelines.catalog import Match, Place, Query
from pipelines.errors import QueryError
from pipelines.takedown import Standing

_PIECE: Final = 1 << 16
_TEXT: Final = 'text/plain; charset="UTF-8"'
_MEDIA_TYPES: Final = {
    "text": _TEXT,
    "json": "application/json",
    "cdxj": "text/x-cdxj",
    "link": "application/link-format",
}
_PYWB_MEDIA_TYPES: Final = {**_MEDIA_TYPES, "json": "text/x-ndjson"}
_LOOKED_AT: Final = 1000
_BLOCKED: Final = (
    "org.archive.util.io.RuntimeIOException: "
    "org.archive.wayback.exception.AdministrativeAccessControlException: Blocked Site Error\n"
)
"""As the Internet Archive words it: clients look for the name of the exception."""


def cdx_router(context: Context) -> APIRouter:
    """Return the routes of the CDX server. Answers are streamed: memory holds a block of captures."""
    router = APIRouter(tags=["cdx"])
    pages = Pages(context.archive.catalog)

    @router.get("/cdx/search/cdx")
    @router.get("/cdx")
    def internet_archive(request: Request) -> Response:
        """Answer as the Internet Archive's CDX server does."""
        try:
            return _Answer(context, pages, _asked(request)).response(request)
        except QueryError as err:
            return PlainTextResponse(f"{err}\n", 400)

    @router.get(f"/{context.collection}/cdx")
    @router.get(f"/{context.collection}/index")
    def pywb(request: Request) -> Response:
        """Answer as pywb does."""
        try:
            return _Answer(context, pages, _asked(request, pywb=True)).response(request)
        except QueryError as err:
            return JSONResponse({"message": str(err)}, 400)

    return router


def _asked(request: Request, *, pywb: bool = False) -> CdxQuery:
    return parse_query(parse_qsl(request.url.query, keep_blank_values=True), pywb=pywb)


class _Answer:
    """One question, and how it is answered."""

    def __init__(self, context: Context, pages: Pages, query: CdxQuery) -> None:
        self._context, self._pages, self._query = context, pages, query
        self._cut_behind: Row | None = None

    def response(self, request: Request) -> Response:
        """Return the answer. Raises ``QueryError`` where it fails before it begins."""
        query = self._query
        if query.count_pages:
            return self._page_count()
        captures = captures_of(self._context.archive.catalog, query)
        headers = {}
        if query.page is not None:
            page = self._pages.page(query)
            if page is None:
                return Response(media_type=self._media_type)
            captures = page
            headers["X-CDX-Max-Lines"] = str(query.page_size * BLOCK_ROWS)
        found = self._limited(rows_of(self._context, query, captures))
        first = next(found, None)
        if first is None and (refusal := self._refusal()):
            return refusal
        lines = self._lines(request, chain([first] if first else (), found))
        return self._streamed(request, lines, headers)

    @property
    def _media_type(self) -> str:
        return (_PYWB_MEDIA_TYPES if self._query.pywb else _MEDIA_TYPES)[self._query.output]

    def _page_count(self) -> Response:
        query = self._query
        count = self._pages.count(query)
        if query.pywb:
            blocks = self._pages.blocks(query)
            return JSONResponse({"pages": count, "pageSize": query.page_size, "blocks": blocks})
        return PlainTextResponse(f"{count}\n", headers={"X-CDX-Num-Pages": str(count)})

    def _refusal(self) -> Response | None:
        """Return the answer where an address has captures, and all that could be told of are blocked."""
        query = self._query
        if query.match is not Match.EXACT:
            return None
        captures = islice(in_blocks(self._context.archive.catalog, Query(query.url)), _LOOKED_AT)
        standings = {self._context.standing(each)[0] for each in captures}
        if Standing.BLOCKED not in standings or Standing.VISIBLE in standings:
            return None
        headers = {
            "X-Archive-Wayback-Runtime-Error": "AdministrativeAccessControlException: Blocked Site Error"
        }
        return PlainTextResponse(_BLOCKED, 451, headers=headers)

    def _limited(self, found: Iterator[Row]) -> Iterator[Row]:
        """Yield as many rows as are wanted, and note the last one where there are more."""
        most = self._query.limit
        if most is None or most < 0:
            yield from found
            return
        last: Row | None = None
        for number, row in enumerate(found):
            if number == most:
                self._cut_behind = last
                return
            yield row
            last = row

    def _resume_key(self) -> str:
        query = self._query
        if self._cut_behind is None or not query.resume or query.sort is Sort.CLOSEST:
            return ""
        return quote_plus(resume_key(Place.of(self._cut_behind.last)))

    def _lines(self, request: Request, found: Iterable[Row]) -> Iterator[str]:
        query = self._query
        if query.output == "link":
            base = self._context.replay_base_url(request)
            return (memento_line(base, row.capture) for row in found)
        if query.output == "cdxj":
            return map(self._cdxj, found)
        if query.output == "json":
            return map(self._ndjson, found) if query.pywb else self._json(found)
        return self._text(found)

    def _text(self, found: Iterable[Row]) -> Iterator[str]:
        fields = self._query.fields
        for row in found:
            yield " ".join([value_of(row, name) for name in fields]) + "\n"
        if key := self._resume_key():
            yield f"\n{key}\n"

    def _json(self, found: Iterable[Row]) -> Iterator[str]:
        fields = self._query.fields
        start = f"[{_dumped(self._query.names)},\n"
        for row in found:
            yield start + _dumped([value_of(row, name) for name in fields])
            start = ",\n"
        if key := self._resume_key():
            yield f",\n[],\n{_dumped([key])}"
        yield "[]\n" if start != ",\n" else "]\n"

    def _named(self, row: Row) -> dict[str, str]:
        pairs = zip(self._query.names, self._query.fields, strict=True)
        named = {name: value_of(row, column) for name, column in pairs}
        if "digest" in named:
            # The Internet Archive leaves the algorithm out, pywb gives what the index has.
            named["digest"] = row.capture.digest
        return named

    def _ndjson(self, row: Row) -> str:
        return _dumped(self._named(row)) + "\n"

    def _cdxj(self, row: Row) -> str:
        named = self._named(row)
        told = {name: value for name, value in named.items() if name not in {"urlkey", "timestamp"}}
        return f"{row.capture.urlkey} {row.capture.timestamp} {_dumped(told)}\n"

    def _streamed(self, request: Request, lines: Iterator[str], headers: dict[str, str]) -> Response:
        pieces = _pieces(lines)
        headers["Vary"] = "Accept-Encoding"
        if self._query.gzip and "gzip" in request.headers.get("accept-encoding", ""):
            headers["Content-Encoding"] = "gzip"
            pieces = _gzipped(pieces)
        # What fails before the first piece is told with a status; later the connection is cut.
        first = next(pieces, b"")
        body = chain([first], pieces)
        return StreamingResponse(body, media_type=self._media_type, headers=headers)


def _dumped(value: object) -> str:
    return orjson.dumps(value).decode()


def _pieces(lines: Iterable[str]) -> Iterator[bytes]:
    kept: list[str] = []
    size = 0
    for line in lines:
        kept.append(line)
        size += len(line)
        if size >= _PIECE:
            yield "".join(kept).encode("utf-8", "surrogatepass")
            kept, size = [], 0
    yield "".join(kept).encode("utf-8", "surrogatepass")


def _gzipped(pieces: Iterable[bytes]) -> Iterator[bytes]:
    packer = zlib.compressobj(6, zlib.DEFLATED, 31)
    for piece in pieces:
        if packed := packer.compress(piece):
            yield packed
    yield packer.flush()
