"""``/web/<timestamp>/<url>``: an archived page in the browser, without script."""

from dataclasses import dataclass
from itertools import islice
from threading import BoundedSemaphore
from typing import Final

from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from w3lib.encoding import http_content_type_encoding

from crawler.discovery.addresses import Base
from crawler.service.addressed import Addressed
from crawler.service.captures import in_blocks
from crawler.service.context import Context
from crawler.service.payloads import NO_CONTENT, Payload, add_headers, open_payload, payload_response
from crawler.service.raw import ORIGINAL_PREFIX, RAW, redirect_target
from crawler.service.replay.banner import Told, banner
from crawler.service.replay.document import Document
from crawler.service.replay.markup import element, escaped
from crawler.service.replay.media import LOOKED_AT, Kind, kind_of
from crawler.service.replay.picture import rewritten_svg
from crawler.service.replay.places import Places, look_up
from crawler.service.replay.policy import replay_headers
from crawler.service.replay.stylesheet import decoded_style, rewritten_style, style_references
from crawler.service.timemap import link_target, memento_url
from pipelines.catalog import Query
from pipelines.errors import NotArchived
from pipelines.extract.charset import charset
from pipelines.extract.coding import decoded
from pipelines.model import Capture, header
from pipelines.urls import moment

REQUISITES: Final = frozenset({"im_", "cs_", "js_", "oe_"})
"""Modifiers of what pages need to be shown."""
_LARGEST_PAGE: Final = 8 * 2**20
"""Bytes; what is longer is no page to look at, and is sent as plain text."""
_LISTED: Final = 1000
_RENDERING: Final = BoundedSemaphore(4)
"""Pages that are written at once: more would only need more memory, since they share one interpreter."""


@dataclass(frozen=True, slots=True)
class _Asked:
    context: Context
    base: str
    """Where archived pages are."""
    capture: Capture
    modifier: str
    payload: Payload

    @property
    def content_type(self) -> str:
        return (header(self.payload.headers, b"content-type") or b"").decode("latin-1")

    @property
    def mime(self) -> str:
        return self.content_type.partition(";")[0].strip().lower() or "-"

    def content(self) -> bytes:
        """Return the bytes below the content coding, as far as they are shown."""
        return decoded(b"".join(self.payload.pieces()), self.payload.headers)[0]

    def places(self, known: dict[str, str | None] | None = None) -> Places:
        return Places(f"{self.base}/web/", self.capture.timestamp, known or {})

    def look_up(self, urls: list[str]) -> Places:
        return self.places(look_up(self.context, urls, self.capture.timestamp))


def replay_answer(
    context: Context, request: Request, asked: Addressed, capture: Capture, headers: dict[str, str]
) -> Response:
    """Return *capture* so that a browser shows it and can do nothing else with it."""
    base = context.replay_base_url(request)
    payload = open_payload(context.archive, capture)
    found = _Asked(context, base, capture, asked.kind, payload)
    headers = {**headers, **replay_headers(base)}
    place = redirect_target(payload, capture)
    if place:
        headers["Location"] = f"{base}/web/{capture.timestamp}{asked.kind}/{place}"
        return Response(status_code=payload.status, headers=headers)
    response = _shown(request, found, headers)
    add_headers(response, payload.wire_headers, prefix=ORIGINAL_PREFIX)
    return response


def _shown(request: Request, found: _Asked, headers: dict[str, str]) -> Response:
    if found.payload.status in NO_CONTENT:
        return Response(status_code=found.payload.status, headers=headers)
    with _RENDERING:
        content = found.content() if found.payload.content is not None or _is_text(found.mime) else None
        start = content if content is not None else next(found.payload.pieces(), b"")
        kind, media_type = kind_of(start[:LOOKED_AT], found.mime, found.modifier)
        is_large = content is None or len(content) > _LARGEST_PAGE
        if content is None or is_large or (kind is Kind.MEDIA and not _is_coded(found.payload)):
            return _passed(request, found, headers, kind, media_type)
        body = _rendered(found, kind, content)
    return Response(body, found.payload.status, _typed(found, headers, kind, media_type))


def _rendered(found: _Asked, kind: Kind, content: bytes) -> bytes:
    if kind is Kind.HTML:
        return _page(found, content)
    if kind is Kind.STYLE:
        return _style(found, content)
    return rewritten_svg(content, found.capture.url, found.places()) if kind is Kind.SVG else content


def _passed(
    request: Request, found: _Asked, headers: dict[str, str], kind: Kind, media_type: str
) -> Response:
    """Return bytes as they are, in ranges too: images, sound, and what is too large to be read."""
    if kind in {Kind.HTML, Kind.STYLE}:
        kind, media_type = Kind.TEXT, "text/plain"
    elif kind is Kind.SVG:
        kind, media_type = Kind.DOWNLOAD, "application/octet-stream"
    headers = _typed(found, headers, kind, media_type)
    coding = header(found.payload.headers, b"content-encoding")
    if coding and coding.isalpha():
        headers["Content-Encoding"] = coding.decode()
    return payload_response(request, found.payload, headers)


def _typed(found: _Asked, headers: dict[str, str], kind: Kind, media_type: str) -> dict[str, str]:
    if kind in {Kind.HTML, Kind.STYLE}:
        media_type += "; charset=utf-8"
    elif kind is Kind.TEXT:
        media_type += f"; charset={http_content_type_encoding(found.content_type) or 'utf-8'}"
    headers = {**headers, "Content-Type": media_type}
    if kind is Kind.DOWNLOAD:
        headers["Content-Disposition"] = "attachment"
    if media_type.startswith("font/"):
        # A sandboxed page is of no origin, and fonts are only given to those that are let in.
        headers["Access-Control-Allow-Origin"] = "*"
    return headers


def _is_text(mime: str) -> bool:
    return mime.startswith("text/") or mime.endswith(("xml", "json", "javascript"))


def _is_coded(payload: Payload) -> bool:
    return header(payload.headers, b"content-encoding") is not None


def _page(found: _Asked, content: bytes) -> bytes:
    text, encoding, _, _ = charset(content, found.content_type.encode("latin-1", "replace"))
    page = Document.parsed(text, found.capture.url, encoding=encoding)
    places = found.look_up(page.needed)
    head, body = page.written(places, kind="" if not found.modifier else found.modifier)
    line = banner(_told(found, page, places)) if not found.modifier else ""
    return f"{head}{line}{body}".encode("utf-8", "replace")


def _told(found: _Asked, page: Document, places: Places) -> Told:
    capture = found.capture
    return Told(
        url=capture.url,
        timestamp=capture.timestamp,
        raw=memento_url(found.base, capture, RAW),
        others=f"{found.base}/web/*/{link_target(capture.url)}",
        missing=len(places.missing),
        refresh=places.link(page.refresh) if page.refresh else "",
        status=found.payload.status,
    )


def _style(found: _Asked, content: bytes) -> bytes:
    text = decoded_style(content, http_content_type_encoding(found.content_type) or "")
    base = Base(found.capture.url)
    urls = [url for reference in style_references(text) if (url := base.join(reference))]
    places = found.look_up(urls)

    def address(reference: str, kind: str) -> str | None:
        if reference.startswith(("data:image/", "data:font/", "data:application/", "#")):
            return reference
        url = base.join(reference)
        return places.requisite(url, kind) if url else None

    return rewritten_style(text, address).encode("utf-8", "replace")


def listing(context: Context, request: Request, url: str) -> Response:
    """Return a page that lists the captures of *url*, the latest first. Raises ``NotArchived``."""
    base = context.replay_base_url(request)
    captures = in_blocks(context.archive.catalog, Query(url, reverse=True))
    shown = list(islice(filter(context.shows, captures), _LISTED))
    if not shown:
        raise NotArchived(f"archive: collection {context.collection!r} has no capture of {url}")
    rows = "".join(_row(base, capture) for capture in shown)
    told = f"the latest {len(shown)}" if len(shown) == _LISTED else str(len(shown))
    page = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Captures</title>'
        "<style>body{font:15px/1.6 system-ui;margin:2em auto;max-width:60em}td{padding:0 1em}</style>"
        f"</head><body><h1>Captures of {escaped(url[:300])}</h1><p>{told}, by time</p>"
        f"<table>{rows}</table></body></html>"
    )
    return HTMLResponse(page, headers=replay_headers(base))


def _row(base: str, capture: Capture) -> str:
    link = element(
        "a", [("href", memento_url(base, capture))], f"{moment(capture.timestamp):%Y-%m-%d %H:%M:%S} UTC"
    )
    status = "unchanged" if capture.unmodified else str(capture.status or "-")
    return f"<tr><td>{link}</td><td>{status}</td><td>{escaped(capture.url[:200])}</td></tr>"
