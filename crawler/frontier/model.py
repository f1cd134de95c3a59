"""The nouns of the frontier: jobs, their workers, entries, and leases."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class State(StrEnum):
    """Where an entry stands."""

    PENDING = "pending"
    LEASED = "leased"
    DONE = "done"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Entry:
    """A request that is to be made once in a job."""

    url: str
    host: str
    """What is fetched one after the other: a host name, or the name of a downloader slot."""
    identity: bytes | None
    """The same for requests that are the same within the job; None for one that is like no other."""
    payload: str
    """What else it takes to rebuild the request."""
    priority: int = 0
    """Higher ones come first within their host."""
    hops: int = 0


@dataclass(frozen=True, slots=True)
class Lease:
    """An entry that one owner holds."""

    id: int
    url: str
    host: str
    priority: int
    payload: str


@dataclass(frozen=True, slots=True)
class Ended:
    """What became of an entry."""

    id: int
    state: State = State.DONE
    reason: str | None = None
    """A reason code (:class:`crawler.scope.Reason`), where there is one."""


@dataclass(frozen=True, slots=True)
class Job:
    """One run of a crawl job, from its opening to its end, over any number of interruptions."""

    key: int
    id: str
    opened: datetime
    reason: str | None
    """Why it was interrupted last, None where it runs or was killed."""
    owner: str | None
    """One who works on it, or did when it was killed."""


@dataclass(frozen=True, slots=True)
class Worker:
    """One who works on a job."""

    owner: str
    until: float
    """When it counts as dead unless it is heard of again, in seconds since 1970."""
    shared: bool
    """Whether others may work on the job beside it."""
    hungry: bool
    """Whether it would take more hosts than it has found."""
    idle: bool
    """Whether nothing is left for it to do: what it still has leased will not be done."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Who works on a host, and when it may be asked again. Times are seconds since 1970."""

    host: str
    owner: str | None
    until: float
    """When the claim of *owner* ends unless it is renewed."""
    not_before: float

    def free_at(self, now: float) -> float:
        """Return when the host can be claimed, as far as is known at *now*; not later than that if it can."""
        claimed = self.until if self.owner is not None else now
        return max(claimed, self.not_before)
