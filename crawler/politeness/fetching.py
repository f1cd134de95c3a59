"""Asks for a robots.txt, and says what the answer means (RFC 9309 §2.3.1)."""

import re
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import CannotResolveHostError
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from crawler.politeness.failures import is_network_failure, may_pass
from crawler.politeness.pacing import HeldBack, asked_for
from crawler.politeness.rules import LIMIT_BYTES
from crawler.scope import Reason
from pipelines.errors import AddressRefused
from pipelines.model import Provenance

ROBOTS_FETCH: Final = "robots_fetch"
"""Key of ``Request.meta``: that this is the request for a robots.txt, for which no other one is asked."""
# Keys that the recorder reads and writes, which stands beside this package, not below; a test compares them.
PROVENANCE: Final = "archive_provenance"
RECORDED: Final = "archive_recorded"
RECORDING: Final = "archive_recording"

_OF_PAGE = (RECORDING, "download_timeout")
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MOST_REDIRECTS: Final = 5
_MOST_BYTES: Final = 16 * 2**20
_PRIORITY: Final = 1000
_DAY_SECONDS, _HOUR_SECONDS = 24 * 3600.0, 3600.0
_MAX_AGE = re.compile(r"(?:^|,)\s*max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)
_NOT_STORED = re.compile(r"(?:^|,)\s*no-(?:store|cache)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came of one attempt."""

    status: int | None = None
    content_type: str = "text/plain"
    body: bytes = b""
    reason: Reason | None = None
    """Why nothing may be fetched now; None where the rules tell, or there are none."""
    detail: str = ""
    seconds: float = _DAY_SECONDS
    """For how long it holds; of a failure, for how long the server asked not to be asked again, or 0."""
    passes: bool = False
    """Whether another attempt may fare better."""
    counts: bool = True
    """Whether it was an attempt at all: not where the host is held."""
    recorded: object = None
    """What the recorder said of the exchange."""


async def fetch(crawler: Crawler, authority: str, page: Request) -> Fetched:
    """Return what came of asking *authority* for its robots.txt on behalf of *page*.

    Raises whatever is no failure of the network: the recorder's errors among them.
    """
    url = f"{authority}/robots.txt"
    provenance = _provenance(page)
    for _ in range(1 + _MOST_REDIRECTS):
        try:
            response = await _download(crawler, url, provenance, page)
        except HeldBack as err:
            return Fetched(reason=Reason.RATE_LIMITED, detail=str(err), passes=True, counts=False)
        except Exception as err:
            if not is_network_failure(err):
                raise
            return _failed(url, err, redirected=url != f"{authority}/robots.txt")
        target = _target(response)
        if target is None:
            return _read(response)
        provenance = replace(provenance, via=url, hops=provenance.hops + "R")
        url = target
    return Fetched(
        reason=Reason.ROBOTS_UNREACHABLE, detail=f"robots.txt: more than {_MOST_REDIRECTS} redirects"
    )


async def _download(crawler: Crawler, url: str, provenance: Provenance, page: Request) -> Response:
    meta: dict[str, Any] = {
        ROBOTS_FETCH: True,
        PROVENANCE: provenance,
        "dont_redirect": True,
        "download_maxsize": _MOST_BYTES,
        **{key: page.meta[key] for key in _OF_PAGE if key in page.meta},
    }
    engine: Any = crawler.engine
    request = Request(url, priority=_PRIORITY, meta=meta, callback=NO_CALLBACK)
    crawler.stats.inc_value("robotstxt/request_count")
    response: Response = await engine.download_async(request)
    crawler.stats.inc_value(f"robotstxt/response_status_count/{response.status}")
    return response


def _target(response: Response) -> str | None:
    """Return where *response* redirects to, None where it does not, or to nothing that can be asked."""
    location = (response.headers.get("Location") or b"").decode("latin-1")
    if response.status not in _REDIRECTS or not location:
        return None
    target = urljoin(response.url, location)
    return target if urlsplit(target).scheme in {"http", "https"} and urlsplit(target).hostname else None


def _read(response: Response) -> Fetched:
    status = response.status
    recorded = response.meta.get(RECORDED)
    content_type = (response.headers.get("Content-Type") or b"text/plain").decode("latin-1")
    if 200 <= status < 300:
        # A byte more tells the reader that the file was cut.
        body = response.body[: LIMIT_BYTES + 1]
        return Fetched(status, content_type, body, seconds=_seconds(response), recorded=recorded)
    if 400 <= status < 500 and status != 429:
        return Fetched(status, content_type, seconds=_seconds(response), recorded=recorded)
    asked = asked_for(response) or 0.0
    detail = f"robots.txt answered {status}"
    passes = status == 429 or status >= 500
    return Fetched(status, reason=Reason.ROBOTS_UNREACHABLE, detail=detail, seconds=asked, passes=passes)


def _failed(url: str, error: Exception, *, redirected: bool) -> Fetched:
    """Return what *error* means.

    A name without an address, or with one that may not be fetched from, says why its pages cannot be had
    better than that its robots.txt cannot; not so where the robots.txt is *redirected* to another name.
    """
    detail = f"{url}: {str(error) or type(error).__name__}"
    reason = Reason.ROBOTS_UNREACHABLE
    if isinstance(error, AddressRefused) and not redirected:
        reason, detail = Reason.ADDRESS, str(error)
    elif isinstance(error, CannotResolveHostError) and not redirected:
        reason = Reason.DNS
    return Fetched(reason=reason, detail=detail, seconds=0.0, passes=may_pass(error))


def _seconds(response: Response) -> float:
    """Return for how long *response* is kept: a day, less by its Cache-Control, an hour at least."""
    cache = (response.headers.get("Cache-Control") or b"").decode("latin-1")
    if _NOT_STORED.search(cache):
        return _HOUR_SECONDS
    found = _MAX_AGE.search(cache)
    return min(max(float(found[1]), _HOUR_SECONDS), _DAY_SECONDS) if found else _DAY_SECONDS


def _provenance(page: Request) -> Provenance:
    given: Provenance = page.meta.get(PROVENANCE) or Provenance(hops="L" * page.meta.get("depth", 0))
    return replace(given, via=page.url, hops=given.hops + "P", announced={})
