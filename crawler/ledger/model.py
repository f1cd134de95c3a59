"""The nouns of the ledger: what goes into it and what comes out, complete when built. Times are aware UTC."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crawler.discovery import Kind
from crawler.scope import Reason
from pipelines.model import Capture, Original


class State(StrEnum):
    """Where a page stands."""

    PENDING = "pending"
    """Announced, and nothing became of it yet."""
    CAPTURED = "captured"
    """In the archive with content of its own, whatever later visits brought."""
    REFUSED = "refused"
    """Not in the archive, for a reason."""


class SourceState(StrEnum):
    """Where a source stands."""

    ACTIVE = "active"
    DEAD = "dead"
    """It failed for so long that it is asked for rarely."""
    DROPPED = "dropped"
    """Nobody names it any more; it is kept for what it announced, and not visited."""


class Novelty(StrEnum):
    """What an announcement says that the ledger did not know."""

    NEW = "new"
    """A page that no source announced before."""
    OLD = "old"
    """The same, dated before the cut-off: entered as refused."""
    UPDATED = "updated"
    """The source states a change since our last visit of the page."""
    KNOWN = "known"


class Event(StrEnum):
    """What happened to a page that had been captured."""

    DISAPPEARED = "disappeared"
    """It answers 404 or 410."""
    MOVED = "moved"
    """It redirects to another page."""
    RETURNED = "returned"
    """It has content again."""


@dataclass(frozen=True, slots=True)
class KnownSource:
    """A source of a site, and what its visits brought."""

    id: int
    site: int
    url: str
    kind: Kind
    """As it was named, or as its content turned out to be."""
    parent: int | None
    """Id of the source that named it; None for one that the site's profile names."""
    title: str
    updated: datetime | None
    """When it changed last, as its parent says."""
    state: SourceState
    etag: str
    last_modified: str
    capture: Original | None
    """Where the response lies that brought what is known of it: what a 304 answer stands for."""
    signature: str
    rhythm: str
    """JSON of :class:`crawler.visits.Rhythm`; empty before the first visit."""
    first_seen: datetime
    last_visit: datetime | None
    next_visit: datetime
    last_new: datetime | None
    """When a visit brought something new last."""
    status: int | None
    reason: Reason | None
    """Why the last visit failed; None where it did not."""
    failing_since: datetime | None
    listed: int
    """How much it listed when it was read last."""
    overflows: int
    """Visits at which all that it listed was new, so that items may have been missed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceVisit:
    """What one visit of a source brought. What is None stays as it was."""

    source: int
    at: datetime
    next_visit: datetime
    rhythm: str
    status: int | None = None
    """None where no answer came."""
    reason: Reason | None = None
    """Why the visit failed; None where it did not."""
    state: SourceState = SourceState.ACTIVE
    new: int = 0
    """Pages that no source had announced before."""
    capture: Capture | None = None
    """A revisit of the same payload, and a 304, leave the earlier response as the one that counts."""
    etag: str | None = None
    last_modified: str | None = None
    kind: Kind | None = None
    title: str | None = None
    signature: str | None = None
    listed: int | None = None
    overflows: int | None = None


@dataclass(frozen=True, slots=True)
class Entered:
    """What :meth:`Ledger.announce` found of one announcement."""

    novelty: Novelty
    page: int
    identity: str
    """The one under which the ledger has the page, also where rules of identity have changed since."""
    state: State


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """What became of a page at one attempt.

    A page that was captured once stays so: a later settlement as refused or pending tells of that visit.
    """

    site: int
    identity: str
    state: State
    """``PENDING``: an error that may pass, counted as an attempt."""
    at: datetime | None = None
    """When the answer came or the attempt failed; None where nothing was sent."""
    capture: Capture | None = None
    """The recorded answer, whatever its status."""
    reason: Reason | None = None
    detail: str = ""
    redirect: str | None = None
    """Identity of the page that the answer redirects to, None where it does not; its own counts as none."""
    etag: str | None = None
    last_modified: str | None = None
    """Validators of the answer; None leaves those known, as after a 304."""
    next_visit: datetime | None = None
    """When to come back; None: not by itself, or for a pending page as soon as may be."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page that a source announced, and what became of it."""

    id: int
    site: int
    identity: str
    """As :class:`pipelines.identity.Identity` gives it; a very long one ends in its digest."""
    url: str
    """As it was announced first."""
    state: State
    reason: Reason | None
    """Why it is refused, or why the last attempt brought nothing."""
    detail: str
    status: int | None
    """Of the last answer but 304."""
    mime: str
    first_seen: datetime
    job: str
    """The job in which it was announced first."""
    attempts: int
    """Attempts that failed since it was announced, or answered last."""
    capture: Original | None
    """Where its content lies; of a refused page the last answer."""
    first_capture: datetime | None
    last_visit: datetime | None
    next_visit: datetime | None
    published: datetime | None
    """The earliest publication that a source states."""
    updated: datetime | None
    """The latest change that a source states."""
    etag: str
    last_modified: str
    redirect: str
    """Identity of the page that it redirected to when it answered last; empty: it did not."""
    gone_since: datetime | None
    """Since when it has no content of its own any more; None: it has, or never had."""


@dataclass(frozen=True, slots=True)
class PageEvent:
    """Something that happened to a page."""

    page: int
    at: datetime
    event: Event
    status: int | None
    detail: str
    """Where it moved to."""
    capture: Original | None
