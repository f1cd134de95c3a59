"""The nouns of saving on demand: what is asked for, how far it is, and what came of it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from enum import StrEnum
from typing import Any, Required, Self, TypedDict


class State(StrEnum):
    """Where a save stands. Clients of Save Page Now know the first two as ``pending``."""

    WAITING = "waiting"
    RUNNING = "running"
    SUCCESS = "success"
    ERROR = "error"


class Stage(StrEnum):
    """What is being done for a save."""

    QUEUED = "queued"
    PAGE = "page"
    REQUISITES = "requisites"
    ARTICLE = "article"
    PUBLISHING = "publishing"
    INDEXING = "indexing"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class SaveOptions:
    """How an URL is to be saved."""

    requisites: bool = True
    """Whether what the page needs to be shown is saved too."""
    outlinks: int = 0
    """How many outlinks at most are saved in their turn, each by a save of its own, without theirs."""
    error_pages: bool = False
    """Whether an answer with a status of 400 or above is a success too (``capture_all``)."""
    unless_within: float | None = None
    """A capture younger than so many seconds is the answer (``if_not_archived_within``)."""
    outlinks_unless_within: float | None = None
    """The same for outlinks."""
    list_outlinks: bool = True
    """Whether the outlinks are listed."""
    skip_first: bool = False
    """Whether nobody wants to know if the capture is the first one (``skip_first_archive``)."""
    user_agent: str | None = None
    """Sent instead of the crawler's own name."""
    cookie: str | None = field(default=None, repr=False)
    """Value of the page's ``Cookie`` header; forgotten once the save has ended."""

    def to_dict(self) -> dict[str, Any]:
        """Return what differs from the defaults, for JSON."""
        return {name: value for name, value in asdict(self).items() if value != getattr(_DEFAULTS, name)}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Return the options of :meth:`to_dict`; names that are not known are left out."""
        known = {each.name for each in fields(cls)}
        return cls(**{name: value for name, value in values.items() if name in known})


_DEFAULTS = SaveOptions()


class Found(TypedDict, total=False):
    """What a worker finds out; what is left out stays as it was."""

    resources: Sequence[str]
    """URLs captured so far, the page's first."""
    fetched: int
    of: int
    timestamp: str | None
    final_url: str | None
    status: int | None
    revisit: bool
    reused: bool
    outlinks: Mapping[str, str | None]
    segments: Sequence[str]


class Result(Found, total=False):
    """What a worker tells of a save that goes on or ended well."""

    message: str


class Failed(Found, total=False):
    """What a worker tells of a save that failed."""

    error: Required[str]
    """A code of Save Page Now (:class:`crawler.saves.Code`)."""
    message: Required[str]


@dataclass(frozen=True, slots=True)
class Save:
    """One URL that somebody wants archived now."""

    id: str
    """``spn2-`` and 40 hexadecimal digits."""
    url: str
    key: str
    """Access name of the API key that asked; empty for the command line of this machine."""
    host: str
    """Of *url*, as the frontier names hosts."""
    options: SaveOptions
    parent: str | None
    """The save whose outlink this is."""
    state: State
    stage: Stage
    created: datetime
    started: datetime | None
    """When it was leased last."""
    finished: datetime | None
    attempts: int
    """How often a worker has begun it."""
    resources: tuple[str, ...] = ()
    """URLs captured so far, the page's first."""
    fetched: int = 0
    """Requests that are through."""
    of: int = 0
    """Requests known so far."""
    timestamp: str | None = None
    """14 digits, UTC, of the capture to show."""
    final_url: str | None = None
    """The page's URL after redirects: that of the capture to show."""
    status: int | None = None
    """HTTP status of the page."""
    revisit: bool = False
    """Whether the page was found unchanged."""
    reused: bool = False
    """Whether an earlier capture is the answer and nothing was fetched."""
    outlinks: Mapping[str, str | None] = field(default_factory=dict)
    """URLs that the page links to, each with the id of its own save, None where it is only listed."""
    error: str | None = None
    """A code of Save Page Now, ``error:not-found``, where it failed."""
    message: str = ""
    """What there is to say to a person."""
    segments: tuple[str, ...] = ()
    """Segments that hold what was captured."""

    @property
    def pending(self) -> bool:
        """Whether it has not ended."""
        return self.state in {State.WAITING, State.RUNNING}


@dataclass(frozen=True, slots=True)
class Standing:
    """How saves stand. A day begins at midnight, UTC."""

    waiting: int
    running: int
    done_today: int
    failed_today: int
    oldest_waiting_seconds: float
    """How long the first one has waited; 0 where none waits."""
