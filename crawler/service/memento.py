"""Reading by address and time below ``/web/``: TimeGate, TimeMaps (RFC 7089), raw payloads, replay."""

import re
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from crawler.service.addressed import Addressed, Wanted, addressed
from crawler.service.captures import SHOWABLE, Found, first_shown, full_timestamp, nearest
from crawler.service.context import Context
from crawler.service.errors import Refused
from crawler.service.raw import RAW, raw_answer
from crawler.service.replay.answer import REQUISITES, listing, replay_answer
from crawler.service.timemap import LINK_FORMAT, http_date, link_target, memento_url, timemap
from pipelines.catalog import Query
from pipelines.errors import NotArchived, TakedownError
from pipelines.model import Capture
from pipelines.urls import timestamp

_LATEST: Final = "99991231235959"
_LONGEST_LINKED: Final = 4000
"""Characters of an address that a ``Link`` names more than once: clients refuse headers of 64 KiB."""
_HTTP_DATE: Final = re.compile(
    r"[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2} GMT"
)


def memento_router(context: Context, *, replaying: bool = False) -> APIRouter:
    """Return the routes below ``/web/``.

    Where the configuration gives replay a port of its own, only a router that is *replaying* shows pages; the
    other one redirects to it.
    """
    router = APIRouter(tags=["memento"])
    elsewhere = not replaying and context.config.service.replay_port is not None

    @router.head("/web/{rest:path}")
    @router.get("/web/{rest:path}")
    def web(request: Request) -> Response:
        """Answer as the Wayback Machine's paths are answered."""
        asked = addressed(request.scope)
        if request.headers.get("service-worker"):
            raise Refused(403, "error:no-access", "service: nothing archived may be a service worker")
        if asked.wanted is Wanted.TIMEGATE:
            return _timegate(context, request, asked.url)
        if asked.wanted is Wanted.TIMEMAP:
            return timemap(context, request, asked.form, asked.url)
        if asked.wanted is Wanted.LIST:
            return listing(context, request, asked.url)
        if elsewhere and asked.kind != RAW:
            return _to_replay(context, request)
        return _memento(context, request, asked)

    return router


def _memento(context: Context, request: Request, asked: Addressed) -> Response:
    at = full_timestamp(asked.digits)
    exact = len(asked.digits) == 14
    found = (
        nearest(context, asked.url, at, exact=exact, where=SHOWABLE) if asked.kind in REQUISITES else Found()
    )
    if found.capture is None:
        found = nearest(context, asked.url, at, exact=exact)
    capture = _shown(context, asked.url, found)
    if capture.timestamp != asked.digits:
        headers = {"Cache-Control": "private, max-age=60", "Link": links(context, request, capture)}
        return RedirectResponse(_place(context, request, capture, asked.kind), 302, headers)
    headers = {
        "Memento-Datetime": http_date(capture.timestamp),
        "Link": links(context, request, capture),
        # Where a client finds the address of what it has just saved (savepagenow).
        "Content-Location": memento_url("", capture, asked.kind),
    }
    answer = raw_answer if asked.kind == RAW else replay_answer
    return answer(context, request, asked, capture, headers)


def _place(context: Context, request: Request, capture: Capture, kind: str) -> str:
    base = context.base_url(request) if kind == RAW else context.replay_base_url(request)
    return memento_url(base, capture, kind)


def _shown(context: Context, url: str, found: Found) -> Capture:
    """Return the capture of *found*. Raises ``TakedownError`` where it is blocked, ``NotArchived``."""
    if found.capture is not None:
        return found.capture
    if found.blocked is not None:
        raise TakedownError(f"take-down: {url} is blocked ({found.blocked.reason})")
    raise NotArchived(f"archive: collection {context.collection!r} has no capture of {url}")


def _timegate(context: Context, request: Request, url: str) -> Response:
    at = _accepted(request)
    capture = _shown(context, url, nearest(context, url, at))
    headers = {"Vary": "accept-datetime", "Link": links(context, request, capture)}
    return RedirectResponse(_place(context, request, capture, ""), 302, headers)


def _accepted(request: Request) -> str:
    """Return the 14 digits of ``Accept-Datetime``, of the far future without. Raises ``Refused`` (400)."""
    stated = request.headers.get("accept-datetime")
    if stated is None:
        return _LATEST
    refused = Refused(
        400,
        "error:bad-request",
        f"service: Accept-Datetime {stated[:60]!r} is no date; write Mon, 23 Nov 2026 14:05:09 GMT",
    )
    if not _HTTP_DATE.fullmatch(stated.strip()):
        raise refused
    try:
        return timestamp(parsedate_to_datetime(stated).astimezone(UTC))
    except (ValueError, OverflowError) as err:
        raise refused from err


def links(context: Context, request: Request, capture: Capture) -> str:
    """Return the ``Link`` of a memento: original, TimeGate, TimeMap, and the mementos around it."""
    base, replay = context.base_url(request), context.replay_base_url(request)
    url, at = capture.url, capture.timestamp
    target = link_target(url)
    # Timestamps are digits: the one before and the one behind need not be times.
    around = {
        "first": first_shown(context, Query(url)),
        "prev": first_shown(context, Query(url, until=f"{int(at) - 1:014d}", reverse=True)),
        "": capture,
        "next": first_shown(context, Query(url, since=f"{int(at) + 1:014d}")),
        "last": first_shown(context, Query(url, reverse=True)),
    }
    relations: dict[str, tuple[Capture, list[str]]] = {}
    for relation, found in around.items():
        if found is not None:
            relations.setdefault(found.timestamp, (found, []))[1].append(relation)
    told = [
        f'<{target}>; rel="original"',
        f'<{base}/web/timemap/link/{target}>; rel="timemap"; type="{LINK_FORMAT}"',
        f'<{base}/web/{target}>; rel="timegate"',
    ]
    for found, names in relations.values():
        relation = " ".join([*filter(None, names), "memento"])
        told.append(
            f'<{memento_url(replay, found)}>; rel="{relation}"; datetime="{http_date(found.timestamp)}"'
        )
    return ", ".join(told if len(target) <= _LONGEST_LINKED else told[:1])


def _to_replay(context: Context, request: Request) -> Response:
    path = request.scope.get("raw_path") or request.url.path.encode()
    query = f"?{request.url.query}" if request.url.query else ""
    place = f"{context.replay_base_url(request)}{path.decode('latin-1')}{query}"
    return RedirectResponse(place, 307)
