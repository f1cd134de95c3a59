"""What becomes of pages, as one job enters it in the ledger."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Self

from scrapy.http import Response

from crawler.ledger import Ledger, Page, Settlement, State
from crawler.scope import Reason
from crawler.spiders.outcomes import again_at, of_failure, of_status, retry_at
from crawler.spiders.site import Site
from crawler.visits import next_rung
from pipelines.model import Capture


@dataclass(frozen=True, slots=True)
class Awaited:
    """The pages that a request shall tell the outcome of. As a dict it goes with the request, as JSON."""

    pages: tuple[str, ...]
    """Identities: the page itself, and those that redirected to it."""
    published: float | None = None
    first: float | None = None
    """When it was captured first; before that, when it was announced first. None: now."""
    attempts: int = 0

    @classmethod
    def of(cls, page: Page) -> Self:
        """Return what a new attempt at *page* shall tell."""
        first = page.first_capture or page.first_seen
        return cls((page.identity,), _seconds(page.published), _seconds(first), page.attempts)

    @classmethod
    def from_meta(cls, told: dict[str, Any] | None) -> Self | None:
        """Return what :meth:`to_meta` gave."""
        return None if told is None else cls(**told | {"pages": tuple(told["pages"])})

    def to_meta(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "pages": list(self.pages),
            "published": self.published,
            "first": self.first,
            "attempts": self.attempts,
        }

    def with_page(self, identity: str) -> Self:
        """Return the same, and the page *identity* as the one that was redirected to."""
        return replace(self, pages=(identity, *(page for page in self.pages if page != identity)))


class PageBook:
    """Enters what becomes of pages; durable with the ends of their requests, not before.

    *keys* are the ledger's numbers of the sites, by :attr:`Site.key`. A request that awaits no page changes
    nothing.
    """

    def __init__(self, ledger: Ledger, keys: Mapping[str, int]) -> None:
        self._ledger, self._keys = ledger, keys

    def get(self, site: Site, identity: str) -> Page | None:
        """Return what the ledger has of the page *identity*."""
        return self._ledger.page(self._keys[site.key], identity)

    def by_id(self, ids: Iterable[int]) -> dict[int, Page]:
        """Return what the ledger has of the pages *ids*, in one query."""
        return self._ledger.pages(ids)

    def answered(
        self,
        site: Site,
        awaited: Awaited | None,
        response: Response,
        *,
        capture: Capture | None,
        reason: Reason | None = None,
    ) -> None:
        """Enter what an answer means for the pages that await it; *reason* says what is wrong with it."""
        if awaited is None:
            return
        now = datetime.now(UTC)
        state, judged = of_status(response.status, attempts=awaited.attempts)
        passing = state is State.PENDING
        again = retry_at(now, attempts=awaited.attempts) if passing else self._rung(site, awaited, now)
        if again is None and judged is not None:
            again = again_at(now, state, judged, attempts=awaited.attempts, sent=True)
        etag, last_modified = validators(response) if response.status == 200 else (None, None)
        self._settle(
            site,
            awaited,
            state,
            at=now,
            capture=capture,
            reason=judged or reason,
            detail=str(response.status) if judged else "",
            next_visit=again,
            etag=etag,
            last_modified=last_modified,
        )

    def refused(
        self, site: Site, awaited: Awaited | None, reason: Reason, detail: str = "", *, sent: bool = True
    ) -> None:
        """Enter that the pages that await it were refused, or that a request for them brought no answer.

        *sent*: whether it counts as an attempt.
        """
        if awaited is None:
            return
        now = datetime.now(UTC)
        state, reason = of_failure(reason, attempts=awaited.attempts)
        again = again_at(now, state, reason, attempts=awaited.attempts, sent=sent)
        at = now if sent else None
        self._settle(site, awaited, state, at=at, reason=reason, detail=detail, next_visit=again)

    def redirected(self, site: Site, awaited: Awaited | None, capture: Capture | None, target: str) -> None:
        """Enter that the pages that await it redirect to *target*, which something else has asked for."""
        if awaited is not None:
            now = datetime.now(UTC)
            again = self._rung(site, awaited, now)
            self._settle(
                site, awaited, State.CAPTURED, at=now, capture=capture, redirect=target, next_visit=again
            )

    def strayed(
        self,
        site: Site,
        awaited: Awaited | None,
        reason: Reason,
        detail: str,
        *,
        capture: Capture | None,
        to: str | None,
    ) -> None:
        """Enter that the pages that await it redirect *to* one that is not asked for, for *reason*."""
        if awaited is not None:
            now = datetime.now(UTC)
            self._settle(
                site,
                awaited,
                State.REFUSED,
                at=now,
                capture=capture,
                reason=reason,
                detail=detail[:500],
                redirect=to,
                next_visit=self._rung(site, awaited, now),
            )

    def _settle(self, site: Site, awaited: Awaited, state: State, **told: Any) -> None:  # noqa: ANN401
        key, last = self._keys[site.key], awaited.pages[0]
        for identity in awaited.pages:
            moved = {} if identity == last or "redirect" in told else {"redirect": last}
            self._ledger.settle(Settlement(site=key, identity=identity, state=state, **{**told, **moved}))

    def _rung(self, site: Site, awaited: Awaited, now: datetime) -> datetime | None:
        first = _moment(awaited.first) or now
        return next_rung(
            site.ladder, _moment(awaited.published), url=awaited.pages[-1], first_capture=first, visited=now
        )


def validators(response: Response) -> tuple[str, str]:
    """Return ETag and Last-Modified of *response*, empty where it has none."""
    given = (response.headers.get(name) or b"" for name in ("ETag", "Last-Modified"))
    etag, last_modified = (value.decode("latin-1") for value in given)
    return etag, last_modified


def _seconds(moment: datetime | None) -> float | None:
    return None if moment is None else moment.timestamp()


def _moment(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
