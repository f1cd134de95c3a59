"""What a crawl job is told, and what it tells."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from enum import IntEnum
from pathlib import Path
from secrets import token_hex
from typing import Any

from crawler.config import Config
from crawler.scope import Reason
from crawler.sites import profile_for
from pipelines.errors import ProfileError
from pipelines.segments.journal import JobInfo
from pipelines.urls import timestamp
from pipelines.version import SOFTWARE


class Outcome(IntEnum):
    """How a job ended that no error ended, as its exit code. docs/exit-codes.md describes them all."""

    DONE = 0
    NOTHING = 9
    """Not one capture."""
    INTERRUPTED = 11
    """By Ctrl-C or SIGTERM, or since hosts could not be asked for longer than the job waits; what was
    fetched is archived, and the job can go on."""


HELD = "held"
"""Why a job ended (:attr:`Progress.reason`) that waits for nothing but hosts that cannot be asked yet."""
NOTHING_DUE = "nothing due"
"""The same of a job of what is due that had nothing to ask for."""


@dataclass(frozen=True, slots=True)
class JobSpec:
    """Everything a job's process needs. It goes there through a pipe, secrets included, and never to disk."""

    id: str
    targets: tuple[str, ...]
    config: Config
    log_file: Path | None = None
    log_level: str = "INFO"
    due: bool = False
    """Whether only what is due is asked for: sources by their rhythm, pages that are new or to revisit."""
    resume: bool = False
    """Whether the job goes on that was interrupted under this id."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How a job stands, counted from its start."""

    event: str
    """``started``, ``progress`` or ``finished``."""
    job: str
    elapsed: float
    """Seconds."""
    pages: int = 0
    captures: int = 0
    revisits: int = 0
    bytes: int = 0
    """Of responses, as they came over the wire."""
    articles: int = 0
    pending: int = 0
    """Requests that wait for their turn."""
    in_flight: int = 0
    segments: int = 0
    """Published so far."""
    waiting_bytes: int = 0
    """In the spool: the open segment, and what the store has not taken yet."""
    failures: Mapping[str, int] = field(default_factory=dict)
    """Requests that brought no whole response, by reason code."""
    refusals: Mapping[str, int] = field(default_factory=dict)
    """URLs that were not asked for, by reason code."""
    statuses: Mapping[str, int] = field(default_factory=dict)
    """Captures by HTTP status."""
    held: Mapping[str, float] = field(default_factory=dict)
    """Hosts of which something is left to fetch, and until when they asked for patience, in seconds since
    1970."""
    reason: str = ""
    """Why the job ended: ``finished``, ``held``, ``nothing due``, ``interrupted``, ``max_pages``, or the name
    of an error."""
    exit_code: int = 0
    error: str = ""
    """What ended the job; before its end, what keeps segments from the store at the moment."""
    waiting: tuple[str, ...] = ()
    """Segments that wait in the spool for the store."""

    def to_json(self) -> str:
        """Return the event as one line."""
        return json.dumps(asdict(self))

    def died(self, code: int) -> "Progress":
        """Return the end of a job that stood like this when its process ended with *code* and no word."""
        error = f"job: the process of {self.job} ended with {code} and without a word; its log may tell why"
        return replace(self, event="finished", reason="died", exit_code=7, error=error)

    @classmethod
    def from_json(cls, text: str) -> "Progress":
        """Return the event that :meth:`to_json` wrote."""
        given = json.loads(text)
        return cls(**given | {"waiting": tuple(given["waiting"])})


def new_job(targets: tuple[str, ...], config: Config, *, log_file: Path | None = None) -> JobSpec:
    """Return a job for *targets*. Raises ``ProfileError`` where one of them means no site."""
    names = [profile_for(target, config.sites.folders).name for target in targets]
    job = f"{names[0]}-{timestamp(datetime.now(UTC))}-{token_hex(2)}"
    return JobSpec(job, targets, config, log_file)


def outcome(progress: Progress, *, due: bool) -> tuple[str, Outcome]:
    """Return why a job ended, and how, that no error and nobody ended before its time.

    A job of what is *due* ends well with hosts that are held, since the next one goes on with them, and
    without a capture where nothing was due, or where the profile or robots.txt speaks against all that was.
    """
    is_through = progress.reason == "finished"
    if is_through and progress.held:
        return HELD, Outcome.DONE if due else Outcome.INTERRUPTED
    if progress.captures:
        return progress.reason, Outcome.DONE
    if is_through and due and not progress.failures and set(progress.refusals) <= _SETTLED:
        return progress.reason if progress.refusals else NOTHING_DUE, Outcome.DONE
    return progress.reason, Outcome.NOTHING


# What is refused for these was decided, and is no failure of the crawl.
_SETTLED = frozenset(
    {Reason.SCHEME, Reason.MALFORMED, Reason.TOO_LONG, Reason.SCOPE_HOST, Reason.SCOPE_PATTERN}
    | {Reason.HOPS, Reason.TRAP, Reason.OLD, Reason.BUDGET, Reason.ROBOTS}
)


def frontier_job(spec: JobSpec) -> str:
    """Return the name under which the frontier keeps what the job has to do.

    Jobs of what is due go on, under one name, with what an earlier one of the same sites has left.
    """
    if not spec.due:
        return spec.id
    folders = spec.config.sites.folders
    names = sorted(_site_name(target, folders) for target in spec.targets)
    return " ".join(("due", spec.config.store.collection, *names))


def _site_name(target: str, folders: Iterable[Path]) -> str:
    """Return what *target* is whether a profile was named or its file was."""
    try:
        return target if "://" in target else profile_for(target, folders).name
    except ProfileError:  # one of an earlier job that is no more
        return target


def job_info(spec: JobSpec, config: Config) -> JobInfo:
    """Return what the segments of the job shall say of it."""
    crawl = config.crawl
    info = {
        "http-header-user-agent": crawl.agent,
        "robots": "obey" if crawl.obey_robots else "ignore",
        **({"operator": crawl.contact} if crawl.contact else {}),
    }
    told = {"software": SOFTWARE, "targets": list(spec.targets), **config.model_dump(mode="json")}
    rules: dict[str, dict[str, Any]] = {}
    for target in spec.targets:
        profile = profile_for(target, config.sites.folders)
        held = asdict(profile.rules_at(datetime.now(UTC)))
        if held["version"] or held["timezone"]:
            rules |= {re.sub(r":\d+$", "", host).strip("[]"): held for host in profile.crawl_scope().hosts}
    return JobInfo(spec.id, info, json.dumps(told, indent=1), text=crawl.text, rules=rules)
