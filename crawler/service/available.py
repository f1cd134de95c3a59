"""The availability API tells whether an address is archived, and where it is read.

As https://archive.org/help/wayback_api.php tells it, with ``callback`` for JSONP and ``status_code``.
"""

import re
from typing import Annotated, Any, Final

import orjson
from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import Response

from crawler.service.captures import full_timestamp, nearest
from crawler.service.context import Context
from crawler.service.errors import Refused
from pipelines.catalog import Filter
from pipelines.model import NOT_MODIFIED, Capture

_CALLBACK: Final = re.compile(r"[A-Za-z_$][\w$.]{0,99}", re.ASCII)
_LATEST: Final = "99991231235959"
_GOOD: Final = Filter(statuses=(200, NOT_MODIFIED))


def available_router(context: Context) -> APIRouter:
    """Return ``GET`` and ``POST /wayback/available``."""
    router = APIRouter()

    @router.get("/wayback/available")
    def available(
        request: Request,
        url: str = "",
        timestamp: str = "",
        status_code: Annotated[int | None, Query(ge=100, le=999)] = None,
        callback: str = "",
    ) -> Response:
        return _answer(context, request, (url, timestamp, status_code), callback)

    @router.post("/wayback/available")
    def available_posted(
        request: Request,
        url: Annotated[str, Form()] = "",
        timestamp: Annotated[str, Form()] = "",
        status_code: Annotated[int | None, Form(ge=100, le=999)] = None,
    ) -> Response:
        return _answer(context, request, (url, timestamp, status_code), "")

    return router


def _answer(
    context: Context, request: Request, question: tuple[str, str, int | None], callback: str
) -> Response:
    url, timestamp, status = question
    if not url.strip():
        raise Refused(400, "error:bad-request", "available: no url is named; write ?url=example.com")
    if callback and not _CALLBACK.fullmatch(callback):
        raise Refused(400, "error:bad-request", f"available: {callback!r} is no name of a function")
    found = closest(context, url.strip(), timestamp, status)
    told: dict[str, Any] = {"url": url, "archived_snapshots": {}}
    if timestamp:
        told["timestamp"] = timestamp
    if found is not None:
        told["archived_snapshots"]["closest"] = _told(found, context.base_url(request))
    content = orjson.dumps(told)
    headers = {"X-Content-Type-Options": "nosniff"}
    if callback:
        return Response(b"/**/%b(%b);" % (callback.encode(), content), 200, headers, "text/javascript")
    return Response(content, 200, headers, "application/json")


def closest(context: Context, url: str, timestamp: str, status: int | None = None) -> Capture | None:
    """Return the capture of *url* nearest to *timestamp* that may be shown, with *status* where it is given.

    Else one that was answered with 200, or was found unchanged, comes before any other one. Raises
    ``Refused`` (400) where *timestamp* is none.
    """
    address = url if "://" in url else f"http://{url}"
    at = _timestamp(timestamp)
    filters = (Filter(statuses=(status,)),) if status is not None else (_GOOD, Filter())
    found = (nearest(context, address, at, where=where).capture for where in filters)
    return next(filter(None, found), None)


def _told(found: Capture, base: str) -> dict[str, Any]:
    status = 200 if found.unmodified else found.status
    return {
        "status": str(status or "-"),
        "available": True,
        "url": f"{base}/web/{found.timestamp}/{found.url}",
        "timestamp": found.timestamp,
    }


def _timestamp(text: str) -> str:
    if not text:
        return _LATEST
    if not (text.isascii() and text.isdigit()):
        raise Refused(400, "error:bad-request", f"available: {text!r} is no time; write up to 14 digits")
    return full_timestamp(text[:14])
