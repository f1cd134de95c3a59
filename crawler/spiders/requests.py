"""The requests of the news spider, and what goes with them."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request

from crawler.discovery import Kind
from crawler.frontier.scheduler import IDENTITY
from crawler.ledger import KnownSource, Page
from crawler.recorder.recorder import ARTICLE, PROVENANCE, UNMODIFIED
from crawler.spiders.budgets import PAGE
from crawler.spiders.middlewares import CODED
from crawler.spiders.pages import Awaited
from crawler.spiders.redirects import PASSED, Redirect
from crawler.spiders.site import Role, Site
from pipelines.model import Original, Provenance

SITE = "site"
"""Key of ``Request.meta``: :attr:`Site.key`."""
SOURCE = "source"
"""Key of ``Request.meta``: URL of the source in the ledger, however it was redirected."""
AWAITED = "awaited"
"""Key of ``Request.meta``: an :class:`Awaited` as a dict, or None."""

_FRESH = timedelta(days=2)
# Fresh articles come before section fronts, and these before what is older or was only linked to.
_SOURCES, _FRESH_PAGES, _REQUISITES, _FRONTS, _PAGES, _REVISITS = 50, 40, 35, 30, 20, 15
_ANNOUNCING = frozenset({Kind.FEED, Kind.SITEMAP, Kind.NEWS_SITEMAP, Kind.SITEMAP_INDEX, Kind.ROBOTS})


class Requests:
    """Makes requests that come back to methods of a spider: ``read_source``, ``read_page``…, ``failed``.

    If *conditional*, what was captured before is asked for only if it has changed since.
    """

    def __init__(
        self,
        callbacks: Mapping[Role, Callable[..., Any]],
        failed: Callable[..., Any],
        *,
        text: bool,
        conditional: bool,
    ) -> None:
        self._callbacks, self._failed = callbacks, failed
        self._text, self._conditional = text, conditional

    def source(
        self, site: Site, known: KnownSource, provenance: Provenance, redirect: Redirect | None = None
    ) -> Request:
        """Return a request for the source *known*, or for where it redirects to."""
        url = known.url if redirect is None else redirect.target
        # Told from pages, one of which may have the same address: a front page, or a link to a feed.
        told = {PROVENANCE: provenance, IDENTITY: f"source {url}", SOURCE: known.url}
        priority = _SOURCES if known.kind in _ANNOUNCING else _FRONTS
        request = self._request(site, url, Role.SOURCE, priority, told, redirect)
        if self._conditional and known.capture:
            _ask_conditionally(request, known.capture, known.etag, known.last_modified)
        return request

    def page(
        self, site: Site, url: str, provenance: Provenance, awaited: Awaited | None, *, identity: str
    ) -> Request:
        """Return a request for the page at *url*."""
        return self._request(
            site, url, Role.PAGE, _priority(provenance, awaited), self._of_page(provenance, awaited, identity)
        )

    def redirected_page(
        self, site: Site, redirect: Redirect, awaited: Awaited | None, *, identity: str
    ) -> Request:
        """Return a request for the page that *redirect* leads to."""
        told = self._of_page(redirect.provenance, awaited, identity)
        priority = _priority(redirect.provenance, awaited)
        return self._request(site, redirect.target, Role.PAGE, priority, told, redirect)

    def known_page(self, site: Site, page: Page, url: str, provenance: Provenance) -> Request:
        """Return a request, to *url*, for a page that the ledger has."""
        request = self.page(site, url, provenance, Awaited.of(page), identity=page.identity)
        if page.first_capture is not None:
            request = request.replace(priority=_REVISITS)
        if self._conditional and page.capture and page.first_capture and page.gone_since is None:
            _ask_conditionally(request, page.capture, page.etag, page.last_modified)
        return request

    def requisite(self, site: Site, url: str, provenance: Provenance) -> Request:
        """Return a request for what a page needs to be shown."""
        return self._request(site, url, Role.REQUISITE, _REQUISITES, {PROVENANCE: provenance})

    def redirected_requisite(self, site: Site, redirect: Redirect) -> Request:
        """Return a request for the requisite that *redirect* leads to."""
        told = {PROVENANCE: redirect.provenance}
        return self._request(site, redirect.target, Role.REQUISITE, _REQUISITES, told, redirect)

    def _of_page(self, provenance: Provenance, awaited: Awaited | None, identity: str) -> dict[str, Any]:
        return {
            PROVENANCE: provenance,
            IDENTITY: identity,
            AWAITED: awaited and awaited.to_meta(),
            ARTICLE: self._text,
            PAGE: True,
        }

    def _request(
        self,
        site: Site,
        url: str,
        role: Role,
        priority: int,
        told: dict[str, Any],
        redirect: Redirect | None = None,
    ) -> Request:
        meta = {SITE: site.key, CODED: True, "dont_redirect": True, **told}
        if IDENTITY in meta:
            # Two sites of a job may share a host, and each has its own ledger.
            meta[IDENTITY] = f"{site.key} {meta[IDENTITY]}"
        if redirect is not None:
            meta[PASSED] = list(redirect.passed)
        if role is not Role.SOURCE and urlsplit(url).path == "/robots.txt":
            # As a page it is fetched like one; the kept copy would be no capture.
            meta["dont_obey_robotstxt"] = True
        return Request(url, self._callbacks[role], errback=self._failed, meta=meta, priority=priority)


def without_condition(request: Request) -> Request:
    """Return *request* again, for the whole page whatever is known of it."""
    again = request.copy()
    for name in ("If-None-Match", "If-Modified-Since"):
        again.headers.pop(name, None)
    again.meta.pop(UNMODIFIED, None)
    again.meta[IDENTITY] = f"whole {request.meta.get(IDENTITY, request.url)}"
    return again


def _ask_conditionally(request: Request, original: Original, etag: str, last_modified: str) -> None:
    if not (etag or last_modified) or original.url != request.url:
        return
    if etag:
        request.headers["If-None-Match"] = etag.encode("latin-1", "replace")
    if last_modified:
        request.headers["If-Modified-Since"] = last_modified.encode("latin-1", "replace")
    request.meta[UNMODIFIED] = asdict(original)


def _priority(provenance: Provenance, awaited: Awaited | None) -> int:
    links = provenance.hops.count("L")
    if links or provenance.announced.get("kind") == Kind.LINK:
        return _PAGES - 1 - links
    published = awaited.published if awaited else None
    fresh = published is None or published > (datetime.now(UTC) - _FRESH).timestamp()
    return _FRESH_PAGES if fresh else _PAGES
