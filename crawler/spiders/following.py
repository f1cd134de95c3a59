"""What becomes of redirects: requests for where they lead, or entries in the ledger."""

from collections.abc import Callable

from scrapy import Request
from scrapy.http import Response

from crawler.ledger import KnownSource, State
from crawler.recorder.recorder import PROVENANCE, RECORDED
from crawler.scope import Reason
from crawler.spiders.booking import Booking
from crawler.spiders.pages import Awaited
from crawler.spiders.redirects import Redirect, redirect_of
from crawler.spiders.requests import AWAITED, Requests
from crawler.spiders.site import Site
from pipelines.model import Capture, Provenance, Recorded


class Following:
    """Follows redirects.

    *is_known* says whether a request was made in this job already, *refuse* enters in the crawl log why an
    URL is not asked for.
    """

    def __init__(
        self,
        booking: Booking,
        requests: Requests,
        *,
        is_known: Callable[[Request], bool],
        refuse: Callable[[str, Provenance, Reason, str], None],
    ) -> None:
        self._booking, self._requests = booking, requests
        self._is_known, self._refuse = is_known, refuse

    def source(self, site: Site, source: KnownSource, response: Response) -> Request | None:
        """Return a request for where *source* is now; None where that is known, or cannot be followed."""
        redirect = redirect_of(response, response.meta[PROVENANCE])
        if redirect.reason is not None:
            self._log(redirect, redirect.reason, redirect.detail)
            self._booking.sources.failed(site, source, redirect.reason, status=response.status)
            return None
        request = self._requests.source(site, source, redirect.provenance, redirect)
        if self._is_known(request):
            # Another source is, or leads, there: what it announces is announced.
            self._booking.sources.visited(site, source, response)
            return None
        return request

    def page(self, site: Site, response: Response) -> Request | None:
        """Return a request for where *response* leads, which then tells what becomes of the page."""
        redirect = redirect_of(response, response.meta[PROVENANCE])
        awaited = Awaited.from_meta(response.meta.get(AWAITED))
        identity = site.identity.of(redirect.target)
        reason, detail = redirect.reason, redirect.detail
        if reason is None:
            reason, detail = site.scope.in_scope(redirect.target).reason, f"redirected from {response.url}"
        if reason is not None:
            self._log(redirect, reason, detail)
            target = None if reason is Reason.MALFORMED else identity
            told = f"redirects to {redirect.target}: {detail}"
            self._booking.pages.strayed(site, awaited, reason, told, capture=capture_of(response), to=target)
            return None
        same = identity == site.identity.of(response.url)
        chain = awaited and (awaited if same else awaited.with_page(identity))
        # What is the same page at another address is asked for all the same: it is what the page now is.
        name = f"redirected {redirect.target}" if same else identity
        request = self._requests.redirected_page(site, redirect, chain, identity=name)
        if not self._is_known(request):
            return request
        if not same:  # else the request that is known tells it
            self._to_known(site, awaited, response, identity)
        return None

    def requisite(self, site: Site, response: Response) -> Request | None:
        """Return a request for where the requisite is."""
        redirect = redirect_of(response, response.meta[PROVENANCE])
        if redirect.reason is None:
            return self._requests.redirected_requisite(site, redirect)
        self._log(redirect, redirect.reason, redirect.detail)
        return None

    def _to_known(self, site: Site, awaited: Awaited | None, response: Response, identity: str) -> None:
        capture, pages = capture_of(response), self._booking.pages
        other = pages.get(site, identity) if awaited else None
        if other is not None and awaited and other.redirect in awaited.pages:
            told = f"redirects to {other.url}, which redirects back"
            pages.strayed(site, awaited, Reason.REDIRECTS, told, capture=capture, to=identity)
        elif other is not None and other.state is State.REFUSED and other.reason is not None:
            told = f"redirects to {other.url}: {other.detail or other.reason.meaning}"
            pages.strayed(site, awaited, other.reason, told, capture=capture, to=identity)
        else:
            pages.redirected(site, awaited, capture, identity)

    def _log(self, redirect: Redirect, reason: Reason, detail: str) -> None:
        self._refuse(redirect.target or redirect.passed[-1], redirect.provenance, reason, detail)


def capture_of(response: Response) -> Capture | None:
    """Return where *response* was recorded; None for an answer that was kept elsewhere."""
    recorded: Recorded | None = response.meta.get(RECORDED)
    return recorded.capture if recorded else None
