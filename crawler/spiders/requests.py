"""The requests of the news spider, and what goes with them."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

from scrapy import Request

from crawler.discovery import Kind
from crawler.frontier.scheduler import IDENTITY
from crawler.ledger import KnownSource, Page
from crawler.recorder.recorder import ARTICLE, PROVENANCE, UNMODIFIED
from crawler.spiders.booking import Awaited
from crawler.spiders.budgets import PAGE
from crawler.spiders.middlewares import CODED
from crawler.spiders.site import Role, Site
from pipelines.model import Original, Provenance

SITE = "site"
"""Key of ``Request.meta``: the home of the profile."""
SOURCE = "source"
"""Key of ``Request.meta``: URL of the source in the ledger, however it was redirected."""
AWAITED = "awaited"
"""Key of ``Request.meta``: an :class:`Awaited` as a dict, or None."""

_FRESH = timedelta(days=2)
# Fresh articles come before section fronts, and these before what is older or was only linked to.
_SOURCES, _FRESH_PAGES, _REQUISITES, _FRONTS, _PAGES, _REVISITS = 50, 40, 35, 30, 20, 15
_ANNOUNCING = frozenset({Kind.FEED, Kind.SITEMAP, Kind.NEWS_SITEMAP, Kind.SITEMAP_INDEX, Kind.ROBOTS})


class Requests:
    """Makes requests that come back to methods of a spider: ``read_source``, ``read_page``…, ``failed``."""

    def __init__(
        self, callbacks: Mapping[Role, Callable[..., Any]], failed: Callable[..., Any], *, text: bool
    ) -> None:
        self._callbacks, self._failed, self._text = callbacks, failed, text

    def source(self, site: Site, known: KnownSource, provenance: Provenance, *, conditional: bool) -> Request:
        """Return a request for the source *known*; if *conditional*, only for what changed since."""
        request = self.for_source(site, known.url, provenance, known)
        if conditional and known.capture:
            _ask_conditionally(request, known.capture, known.etag, known.last_modified)
        return request

    def for_source(self, site: Site, url: str, provenance: Provenance, known: KnownSource) -> Request:
        """Return a request for *url*, where the source *known* is or redirects to."""
        # Told from pages, one of which may have the same address: a front page, or a link to a feed.
        identity = f"source {url}"
        priority = _SOURCES if known.kind in _ANNOUNCING else _FRONTS
        return self._request(
            url,
            Role.SOURCE,
            priority,
            {SITE: site.profile.home, PROVENANCE: provenance, IDENTITY: identity, SOURCE: known.url},
        )

    def page(
        self, site: Site, url: str, provenance: Provenance, awaited: Awaited | None, *, identity: str
    ) -> Request:
        """Return a request for the page at *url*."""
        told = {
            SITE: site.profile.home,
            PROVENANCE: provenance,
            IDENTITY: identity,
            AWAITED: awaited and awaited.to_meta(),
            ARTICLE: self._text,
            PAGE: True,
        }
        return self._request(url, Role.PAGE, _priority(provenance, awaited), told)

    def known_page(self, site: Site, page: Page, provenance: Provenance) -> Request:
        """Return a request for a page that the ledger has, for what is new if it was captured before."""
        awaited = Awaited.of(page)
        request = self.page(site, page.url, provenance, awaited, identity=page.identity)
        if page.first_capture is not None:
            request = request.replace(priority=_REVISITS)
        if page.capture and page.gone_since is None:
            _ask_conditionally(request, page.capture, page.etag, page.last_modified)
        return request

    def requisite(self, site: Site, url: str, provenance: Provenance) -> Request:
        """Return a request for what a page needs to be shown."""
        told = {SITE: site.profile.home, PROVENANCE: provenance}
        return self._request(url, Role.REQUISITE, _REQUISITES, told)

    def _request(self, url: str, role: Role, priority: int, meta: dict[str, Any]) -> Request:
        meta |= {CODED: True, "dont_redirect": True}
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
