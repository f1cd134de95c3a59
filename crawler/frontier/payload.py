"""Requests as JSON and back; what JSON cannot say is refused, never guessed."""

from collections.abc import Callable
from hashlib import sha1
from math import isfinite
from typing import Any, Final

import orjson
from scrapy import Request, Spider
from scrapy.utils.httpobj import urlparse_cached

from crawler.frontier.model import Lease
from pipelines.errors import JobError
from pipelines.model import Provenance, Recorded

ENTRY: Final = "frontier_entry"
"""Key of ``Request.meta``: the number of the entry that the request is made for."""

IDENTITY: Final = "identity"
"""Key of ``Request.meta``: which page the URL means (text), where more is known of it than the URL says."""

_PLAIN = frozenset({str, int, bool, type(None)})
# What only the fetch that is over had to do with; the next one sets it anew.
_PASSING = frozenset({ENTRY, "download_latency"})


def encode(request: Request, spider: Spider) -> str:
    """Return what it takes, besides URL and priority, to make *request* again.

    That is method, headers, names of the spider's methods for callback and errback, ``dont_filter``,
    ``cb_kwargs`` and ``meta``, whose values are JSON or a :class:`Provenance`. A :class:`Recorded` in
    ``meta`` belongs to a fetch that is over, and is left out.

    :raises JobError: it has anything else: a body, cookies, a callback that is no method of *spider*…
    """
    payload: dict[str, Any] = {}
    _check_kind(request)
    if request.method != "GET":
        payload["method"] = request.method
    if request.dont_filter:
        payload["dont_filter"] = True
    payload |= _methods(request, spider)
    if request.headers:
        payload["headers"] = _headers(request)
    if request.cb_kwargs:
        _check(request, request.cb_kwargs, "cb_kwargs")
        payload["cb_kwargs"] = request.cb_kwargs
    if request.meta:
        _add_meta(payload, request)
    try:
        return orjson.dumps(payload).decode()
    except TypeError as err:  # an integer over 64 bits, half a surrogate pair, too deep
        raise _refusal(request, f"it cannot be written as JSON ({err})") from err


def decode(lease: Lease, spider: Spider) -> Request:
    """Return the request of *lease*, with the lease's number in its meta.

    :raises JobError: *spider* lacks its callback, or the payload is none.
    """
    try:
        payload = orjson.loads(lease.payload)
        meta = payload.get("meta", {})
        for key, told in payload.get("provenance", {}).items():
            meta[key] = Provenance(**told)
        meta[ENTRY] = lease.id
        headers = [
            (name.encode("latin-1"), [value.encode("latin-1") for value in values])
            for name, values in payload.get("headers", ())
        ]
        return Request(
            lease.url,
            _method(spider, payload.get("callback")),
            method=payload.get("method", "GET"),
            headers=headers or None,
            meta=meta,
            priority=lease.priority,
            dont_filter=payload.get("dont_filter", False),
            errback=_method(spider, payload.get("errback")),
            cb_kwargs=payload.get("cb_kwargs"),
        )
    except (ValueError, AttributeError, TypeError) as err:
        raise JobError(
            f"frontier: entry {lease.id} ({lease.url}) cannot be made a request of spider "
            f"{spider.name!r} ({err}); resume the job with the program that began it"
        ) from err


def hops(request: Request) -> int:
    """Return how many links lead from a seed to *request*, by its provenance or else its depth."""
    for value in request.meta.values():
        if type(value) is Provenance:
            return value.hops.count("L")
    depth = request.meta.get("depth", 0)
    return depth if isinstance(depth, int) else 0


def host_of(request: Request) -> str:
    """Return the name of the downloader slot that Scrapy will choose for *request*."""
    slot = request.meta.get("download_slot")
    return slot if isinstance(slot, str) else urlparse_cached(request).hostname or ""


def told_identity(request: Request) -> bytes | None:
    """Return the identity that the meta of *request* tells, with its method, or None where it tells none."""
    told = request.meta.get(IDENTITY)
    if not isinstance(told, str):
        return None
    return sha1(f"{request.method} {told}".encode(errors="surrogatepass"), usedforsecurity=False).digest()


def _check_kind(request: Request) -> None:
    if type(request) is not Request:
        raise _refusal(request, f"it is a {type(request).__name__}, which may be more than a Request")
    for part in ("body", "cookies", "flags"):
        if getattr(request, part):
            raise _refusal(request, f"it has {part}")
    if request.encoding != "utf-8":
        raise _refusal(request, f"its encoding is {request.encoding!r}")


def _methods(request: Request, spider: Spider) -> dict[str, str]:
    named = {}
    for role, function in (("callback", request.callback), ("errback", request.errback)):
        if function is None:
            continue
        name = getattr(function, "__name__", "")
        if getattr(function, "__self__", None) is not spider or getattr(spider, name, None) != function:
            raise _refusal(request, f"its {role} {function!r} is no method of spider {spider.name!r}")
        named[role] = name
    return named


def _headers(request: Request) -> list[tuple[str, list[str]]]:
    # Latin-1 has a character for every byte: whatever the bytes are, they come back.
    return [
        (name.decode("latin-1"), [value.decode("latin-1") for value in values])
        for name, values in request.headers.items()
    ]


def _add_meta(payload: dict[str, Any], request: Request) -> None:
    meta, provenance = {}, {}
    for key, value in request.meta.items():
        if type(value) is Provenance:
            provenance[key] = _told(value)
        elif type(value) is not Recorded and key not in _PASSING:
            if type(value) not in _PLAIN:
                _check(request, value, f"meta[{key!r}]")
            meta[key] = value
    if meta:
        payload["meta"] = meta
    if provenance:
        payload["provenance"] = provenance


def _told(provenance: Provenance) -> dict[str, Any]:
    told: dict[str, Any] = {"job": provenance.job, "seed": provenance.seed, "via": provenance.via}
    told = {key: value for key, value in told.items() if value is not None}
    if provenance.hops:
        told["hops"] = provenance.hops
    if provenance.announced:
        told["announced"] = dict(provenance.announced)
    return told


def _check(request: Request, value: object, where: str) -> None:
    """Raise unless *value* is what JSON gives back as it was: no tuple, no enumeration, no infinity."""
    kind = type(value)
    if kind in _PLAIN or (isinstance(value, float) and kind is float and isfinite(value)):
        return
    if isinstance(value, list) and kind is list:
        for number, one in enumerate(value):
            _check(request, one, f"{where}[{number}]")
    elif isinstance(value, dict) and kind is dict:
        for key, one in value.items():
            if type(key) is not str:
                raise _refusal(request, f"{where} has the key {key!r}, which is no text")
            _check(request, one, f"{where}[{key!r}]")
    else:
        raise _refusal(
            request, f"{where} is a {kind.__name__} ({value!r:.80}), which JSON does not give back"
        )


def _refusal(request: Request, fact: str) -> JobError:
    return JobError(
        f"frontier: {request} cannot be kept over a restart: {fact}; leave it out, or use plain values"
    )


def _method(spider: Spider, name: str | None) -> Callable[..., Any] | None:
    return None if name is None else getattr(spider, name)
