"""What became of crawl jobs, in the state database: one row a job, written by whoever runs its process."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Double,
    Index,
    Integer,
    MetaData,
    Row,
    String,
    Table,
    Text,
    delete,
    or_,
    select,
    update,
)

from crawler.frontier.owner import claim, is_gone, new_owner
from crawler.jobs.spec import JobSpec, Outcome, Progress
from crawler.sites import profile_for
from crawler.state import Database
from pipelines.errors import JobError

LEASE_SECONDS = 1200.0
"""How long a job counts as running without a word of its parent: longer than publishing may take."""

_SCHEMA = MetaData()
_history = Table(
    "job_history",
    _SCHEMA,
    Column("id", String, primary_key=True),
    Column("sites", String, nullable=False),  # names between spaces, one before the first and after the last
    Column("collection", String, nullable=False),
    Column("targets", Text, nullable=False),
    Column("kind", String, nullable=False),
    Column("alone", Boolean, nullable=False),
    Column("scheduled_for", Double),
    Column("started", Double, nullable=False),
    Column("ended", Double),
    Column("owner", String, nullable=False),
    Column("process", String),
    Column("until", Double, nullable=False),
    Column("state", String, nullable=False),
    Column("exit_code", Integer),
    Column("reason", String, nullable=False),
    Column("figures", Text),
    Column("log_file", String),
)
_RUNNING = _history.c.state == "running"
_ALONE = _RUNNING & _history.c.alone
Index("job_history_started", _history.c.started)
Index("job_history_running", _history.c.owner, sqlite_where=_RUNNING, postgresql_where=_RUNNING)
# Of two schedulers that start a job of one site at the same moment, one meets the other's row here.
Index(
    "job_history_alone",
    _history.c.collection,
    _history.c.sites,
    unique=True,
    sqlite_where=_ALONE,
    postgresql_where=_ALONE,
)


class RunState(StrEnum):
    """Where a job stands, or how it ended."""

    RUNNING = "running"
    DONE = "done"
    NOTHING = "nothing"
    """It ended well, without one capture."""
    FAILED = "failed"
    INTERRUPTED = "interrupted"
    DIED = "died"
    """Its process ended without a word."""
    SKIPPED = "skipped"
    """It was not started, for the reason that stands there."""


@dataclass(frozen=True, slots=True)
class Run:
    """One job of the history."""

    id: str
    sites: tuple[str, ...]
    collection: str
    targets: tuple[str, ...]
    kind: str
    """``crawl`` for everything that is announced, ``due`` for what is due."""
    scheduled_for: datetime | None
    """When the schedule wanted it; None where a person started it."""
    started: datetime
    ended: datetime | None
    owner: str
    """Machine, process and a random part of who started it."""
    process: str | None
    """The same of the job's own process."""
    state: RunState
    exit_code: int | None
    reason: str
    """Why it ended (:attr:`Progress.reason`) or was skipped."""
    figures: Progress | None
    """Its last word."""
    log_file: Path | None


class History:
    """The history of jobs, in the state database. For one thread at a time, as the database is.

    *owner* names who runs the jobs that this object begins; by default it is a new name of this process.
    Every method is one transaction and raises what :class:`Database` does.
    """

    def __init__(self, database: Database, *, owner: str | None = None) -> None:
        self._database = database
        self.owner = owner or new_owner()
        claim(self.owner)
        database.ensure(_SCHEMA)

    def begin(
        self, spec: JobSpec, *, scheduled_for: datetime | None = None, alone: bool = False
    ) -> Run | None:
        """Record that the job is about to start, and return None.

        Where it shall run *alone* and another job of its sites is running, that one is returned instead, and
        nothing is recorded.
        A job that was begun before, under the same id, goes on.

        :raises ProfileError: a target means no site any more.
        """
        row = self._row(spec, scheduled_for) | {"alone": alone}
        self.died()
        with self._database.transaction() as connection:
            # First, since a transaction that starts with a write cannot fail for having read too early.
            insert = self._database.insert(_history).values(row).on_conflict_do_nothing()
            new = connection.execute(insert.returning(_history.c.id)).one_or_none() is not None
            other = self._in_the_way(row) if alone else None
            if new and other is not None:
                connection.execute(delete(_history).where(_history.c.id == spec.id))
            elif not new and other is None:
                again = {**row, "ended": None, "process": None, "exit_code": None}
                connection.execute(update(_history).where(_history.c.id == spec.id).values(again))
        return other

    def runs_as(self, id: str, pid: int) -> None:  # noqa: A002 - its name everywhere
        """Record the number of the job's own process, on this machine."""
        node, _, _ = self.owner.rpartition("/")[0].rpartition("/")
        self._change(id, process=f"{node}/{pid}/0")

    def end(self, last: Progress) -> RunState:
        """Record the job's last word, and return how it ended."""
        state = _state(last)
        self._change(
            last.job,
            state=state,
            ended=self._database.now(),
            exit_code=last.exit_code,
            reason=last.error or last.reason if state in {RunState.FAILED, RunState.SKIPPED} else last.reason,
            figures=last.to_json(),
        )
        return state

    def skip(self, spec: JobSpec, reason: str, *, scheduled_for: datetime | None = None) -> None:
        """Record that the job was not started, and why."""
        row = self._row(spec, scheduled_for)
        row |= {"alone": False, "state": RunState.SKIPPED, "reason": reason, "ended": row["started"]}
        with self._database.transaction() as connection:
            connection.execute(self._database.insert(_history).values(row))

    def renew(self) -> None:
        """Say that the jobs of this owner are looked after; at least every ten minutes."""
        until = {"until": self._database.now() + LEASE_SECONDS}
        with self._database.transaction() as connection:
            of_ours = update(_history).where(_RUNNING, _history.c.owner == self.owner)
            connection.execute(of_ours.values(until))

    def died(self) -> list[Run]:
        """Mark the running jobs whose process is gone, with who started it, and return them.

        On another machine they are gone when nobody has renewed them for 20 minutes.
        """
        now = self._database.now()
        with self._database.transaction() as connection:
            rows = connection.execute(select(_history).where(_RUNNING, _history.c.owner != self.owner)).all()
            gone = [row for row in rows if row.until < now or _is_gone(row)]
            if gone:
                marked = update(_history).where(_RUNNING, _history.c.id.in_([row.id for row in gone]))
                died = {
                    "state": RunState.DIED,
                    "reason": "died",
                    "ended": now,
                    "exit_code": JobError.exit_code,
                }
                connection.execute(marked.values(died))
        return [_run(row) for row in gone]

    def get(self, id: str) -> Run | None:  # noqa: A002
        """Return the job *id*."""
        with self._database.transaction() as connection:
            row = connection.execute(select(_history).where(_history.c.id == id)).one_or_none()
        return None if row is None else _run(row)

    def recent(self, limit: int = 50, *, site: str | None = None) -> list[Run]:
        """Return the last *limit* jobs, of *site* if given, the latest first."""
        query = select(_history).order_by(_history.c.started.desc(), _history.c.id.desc()).limit(limit)
        if site is not None:
            query = query.where(_of_site(site))
        with self._database.transaction() as connection:
            return [*map(_run, connection.execute(query))]

    def latest(self, sites: Iterable[str]) -> dict[str, Run]:
        """Return the last job of each of *sites* that has had one and was not skipped."""
        found = {}
        query = select(_history).where(_history.c.state != RunState.SKIPPED)
        query = query.order_by(_history.c.started.desc()).limit(1)
        with self._database.transaction() as connection:
            for site in sites:
                row = connection.execute(query.where(_of_site(site))).one_or_none()
                if row is not None:
                    found[site] = _run(row)
        return found

    def forget(self, older: timedelta) -> list[Path]:
        """Remove the jobs that began longer ago than *older* and have ended; return their log files."""
        old = (_history.c.started < self._database.now() - older.total_seconds(), ~_RUNNING)
        with self._database.transaction() as connection:
            rows = connection.execute(delete(_history).where(*old).returning(_history.c.log_file)).scalars()
            return [Path(name) for name in rows if name]

    def _in_the_way(self, row: dict[str, Any]) -> Run | None:
        same = or_(*(_of_site(site) for site in row["sites"].split()))
        others = (_RUNNING, _history.c.collection == row["collection"], _history.c.id != row["id"], same)
        with self._database.transaction() as connection:
            found = connection.execute(select(_history).where(*others).limit(1)).one_or_none()
        return None if found is None else _run(found)

    def _row(self, spec: JobSpec, scheduled_for: datetime | None) -> dict[str, Any]:
        now = self._database.now()
        names = dict.fromkeys(profile_for(target, spec.config.sites.folders).name for target in spec.targets)
        return {
            "id": spec.id,
            "sites": f" {' '.join(names)} ",
            "collection": spec.config.store.collection,
            "targets": json.dumps(spec.targets),
            "kind": "due" if spec.due else "crawl",
            "scheduled_for": scheduled_for and scheduled_for.timestamp(),
            "started": now,
            "owner": self.owner,
            "until": now + LEASE_SECONDS,
            "state": RunState.RUNNING,
            "reason": "",
            "log_file": spec.log_file and str(spec.log_file),
        }

    def _change(self, id: str, **values: object) -> None:  # noqa: A002
        with self._database.transaction() as connection:
            connection.execute(update(_history).where(_history.c.id == id).values(**values))


def _of_site(site: str) -> Any:  # noqa: ANN401 - an SQL condition
    return _history.c.sites.contains(f" {site} ", autoescape=True)


def _is_gone(row: Row[Any]) -> bool:
    # A job goes on for a while without its parent: it publishes what it has.
    return is_gone(row.owner) and (row.process is None or is_gone(row.process))


def _state(last: Progress) -> RunState:
    if last.reason == "died":
        return RunState.DIED
    # The frontier's word for a job that another process works on.
    if last.reason == JobError.__name__ and " is being crawled by " in last.error:
        return RunState.SKIPPED
    ends = {
        Outcome.DONE: RunState.DONE,
        Outcome.NOTHING: RunState.NOTHING,
        Outcome.INTERRUPTED: RunState.INTERRUPTED,
    }
    return {int(code): state for code, state in ends.items()}.get(last.exit_code, RunState.FAILED)


def _run(row: Row[Any]) -> Run:
    return Run(
        id=row.id,
        sites=tuple(row.sites.split()),
        collection=row.collection,
        targets=tuple(json.loads(row.targets)),
        kind=row.kind,
        scheduled_for=_time(row.scheduled_for),
        started=datetime.fromtimestamp(row.started, UTC),
        ended=_time(row.ended),
        owner=row.owner,
        process=row.process,
        state=RunState(row.state),
        exit_code=row.exit_code,
        reason=row.reason,
        figures=Progress.from_json(row.figures) if row.figures else None,
        log_file=Path(row.log_file) if row.log_file else None,
    )


def _time(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
