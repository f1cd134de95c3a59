"""``/web/<timestamp>id_/<url>``: a payload as it was recorded, with the headers it came with."""

from typing import Final

from fastapi import Request, Response

from crawler.discovery.addresses import Base
from crawler.service.addressed import Addressed
from crawler.service.context import Context
from crawler.service.payloads import Payload, add_headers, open_payload, payload_response
from crawler.service.timemap import link_target
from pipelines.model import Capture, header, values

RAW: Final = "id_"
ORIGINAL_PREFIX: Final = b"X-Archive-Orig-"
SEALED: Final = "sandbox; default-src 'none'"
"""``Content-Security-Policy`` for a browser that opens a payload: nothing of it runs, nothing is fetched."""
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_KEPT: Final = (b"content-type", b"content-encoding")


def raw_answer(
    context: Context, request: Request, asked: Addressed, capture: Capture, headers: dict[str, str]
) -> Response:
    """Return the payload of *capture* byte for byte, in its content coding, below its own status.

    ``X-Archive-Orig-*`` are all headers as they came; a ``Location`` leads to the archive's copy; ranges are
    those of the payload as it is sent.
    """
    found = open_payload(context.archive, capture)
    headers = {
        **headers,
        "Content-Security-Policy": SEALED,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "private, max-age=60",
        "X-Archive-Src": capture.filename,
    }
    if found.status == 206 and "range" not in request.headers:
        headers |= _stated(found, b"content-range")
    if place := redirect_target(found, capture):
        headers["Location"] = f"{context.base_url(request)}/web/{capture.timestamp}{asked.kind}/{place}"
    response = payload_response(request, found, headers)
    kept = tuple((name, value) for name, value in found.headers if name.lower() in _KEPT)
    add_headers(response, kept)
    add_headers(response, found.wire_headers, prefix=ORIGINAL_PREFIX)
    return response


def redirect_target(found: Payload, capture: Capture) -> str:
    """Return where the redirect *capture* leads, absolute; empty where it is none or leads out of the web."""
    if found.status not in _REDIRECTS:
        return ""
    stated = header(found.headers, b"location") or b""
    place = Base(capture.url).join(_text(stated))
    return link_target(place) if place else ""


def _stated(found: Payload, name: bytes) -> dict[str, str]:
    value = next(values(found.headers, name), b"").decode("latin-1")
    return {name.decode(): value} if value.isprintable() else {}


def _text(content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content.decode("latin-1")
