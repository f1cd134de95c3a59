"""Entries, leases and jobs of the frontier, in one SQL database."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, delete, func, select, update

from crawler.frontier.owner import claim, disclaim, is_gone
from crawler.frontier.schema import ENDED, LEASED, OPEN, PENDING, SCHEMA, entries, jobs
from crawler.frontier.statements import END, LEASE, PUT_BACK
from crawler.state import Database
from pipelines.errors import JobError


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
    """Who works on it, or did when it was killed."""


class FrontierStore:
    """The frontier of any number of jobs, in the state database. For one thread at a time.

    Every method is one transaction, durable when it returns, and raises what :class:`Database` does.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        database.ensure(SCHEMA)

    # --- jobs --------------------------------------------------------------------------------

    def open_job(self, id: str, *, owner: str, seconds: float) -> Job:  # noqa: A002 - its name everywhere
        """Return the unfinished job *id*, or a new one; *owner* holds it for *seconds* from now.

        Leases of an owner that is gone, and expired ones, are pending again. Raises ``JobError`` where
        another owner works on it.
        """
        now = self._database.now()
        new = {"id": id, "state": "open", "opened": now}
        with self._database.transaction() as connection:
            # First, since a transaction that starts with a write cannot fail for having read too early.
            connection.execute(self._database.insert(jobs).values(new).on_conflict_do_nothing())
            row = connection.execute(_job_named(id)).one()
            if row.owner is not None and row.owner != owner:
                if row.until > now and not is_gone(row.owner):
                    raise JobError(_held(row))
                self.release(row.key, owner=row.owner)
            self.expire(row.key)
            held = {"owner": owner, "until": now + seconds, "reason": None}
            connection.execute(update(jobs).where(jobs.c.key == row.key).values(held))
        claim(owner)
        return _job(row)

    def close_job(self, job: int, reason: str, *, finished: bool) -> None:
        """Record why the *job* ended. One that is not *finished* can be opened again and goes on."""
        state = "finished" if finished else "open"
        ended = {"reason": reason, "closed": self._database.now(), "state": state}
        with self._database.transaction() as connection:
            of_job = jobs.c.key == job
            owner = connection.execute(select(jobs.c.owner).where(of_job)).scalar()
            connection.execute(update(jobs).where(of_job).values(**ended, owner=None, until=None))
        disclaim(owner or "")

    def unfinished(self) -> list[Job]:
        """Return the jobs that were interrupted or still run, oldest first."""
        with self._database.transaction() as connection:
            return list(map(_job, connection.execute(_jobs().order_by(jobs.c.key))))

    def forget(self, id: str) -> int:  # noqa: A002
        """Remove the finished jobs *id* with their entries; return the number of entries."""
        finished = select(jobs.c.key).where(jobs.c.id == id, jobs.c.state == "finished")
        with self._database.transaction() as connection:
            removed = connection.execute(delete(entries).where(entries.c.job.in_(finished))).rowcount
            connection.execute(delete(jobs).where(jobs.c.id == id, jobs.c.state == "finished"))
        return removed

    def counts(self, job: int) -> dict[State, int]:
        """Return how many entries of the *job* stand where; takes longer the more there are."""
        number = select(func.count()).select_from(entries).where(entries.c.job == job)
        ended = select(entries.c.state, func.count()).where(entries.c.job == job, ENDED)
        found = dict.fromkeys(State, 0)
        with self._database.transaction() as connection:
            # Each is answered by an index of its own, without a look at the entries.
            for state, which in ((State.PENDING, PENDING), (State.LEASED, LEASED)):
                found[state] = connection.execute(number.where(entries.c.state == which)).scalar_one()
            for name, many in connection.execute(ended.group_by(entries.c.state)):
                found[State(name)] = many
        return found

    def hosts(self, job: int) -> dict[str, int]:
        """Return the hosts with pending entries of the *job*, and how many they have."""
        pending = (entries.c.job == job, entries.c.state == PENDING)
        query = select(entries.c.host, func.count()).where(*pending).group_by(entries.c.host)
        with self._database.transaction() as connection:
            return {host: number for host, number in connection.execute(query)}  # noqa: C416 - rows are no pairs

    # --- entries -----------------------------------------------------------------------------

    def add(self, job: int, added: Sequence[Entry]) -> int:
        """Add entries, and return how many were new; one whose identity the *job* has is left as it is."""
        if not added:
            return 0
        now = self._database.now()
        rows = [_row(job, entry, now) for entry in added]
        with self._database.transaction() as connection:
            statement = self._database.insert(entries).on_conflict_do_nothing()
            result = connection.execute(statement, rows, execution_options={"preserve_rowcount": True})
            return result.rowcount

    def known(self, job: int, identities: Iterable[bytes]) -> set[bytes]:
        """Return those of *identities* that the *job* has, whatever became of them."""
        wanted = list(identities)
        query = select(entries.c.identity).where(entries.c.job == job, entries.c.identity.in_(wanted))
        with self._database.transaction() as connection:
            return set(connection.execute(query).scalars())

    def lease(self, job: int, limits: Mapping[str, int], *, owner: str, seconds: float) -> list[Lease]:
        """Lease to *owner* the first pending entries of each host, at most as many as *limits* says.

        They come host by host in the order of *limits*, then by priority, then as they were added.
        """
        leased: list[Lease] = []
        asked = {"in_job": job, "to_owner": owner, "to_until": self._database.now() + seconds}
        with self._database.transaction() as connection:
            for host, most in limits.items():
                rows = connection.execute(LEASE, {**asked, "of_host": host, "most": most})
                # The order in which the rows come back is not promised.
                leased += sorted((Lease(*row) for row in rows), key=_turn)
        return leased

    def finish(self, ids: Iterable[int], state: State = State.DONE, reason: str | None = None) -> None:
        """Record that the entries *ids* are through, and what became of them."""
        self.end([Ended(id_, state, reason) for id_ in ids])

    def end(self, ended: Sequence[Ended]) -> None:
        """Record what became of entries, each with its own state and reason."""
        if not ended:
            return
        now = self._database.now()
        rows = [{"of_id": one.id, "state": one.state, "reason": one.reason, "finished": now} for one in ended]
        with self._database.transaction() as connection:
            connection.execute(END, rows)

    def put_back(self, returned: Mapping[int, Entry]) -> None:
        """Make leased entries pending again, with what each is now, as for a request that is tried again."""
        rows = [
            {"of_id": id_, "url": new.url, "host": new.host, "priority": new.priority, "payload": new.payload}
            for id_, new in returned.items()
        ]
        if rows:
            with self._database.transaction() as connection:
                connection.execute(PUT_BACK, rows)

    def renew(self, job: int, *, owner: str, seconds: float) -> None:
        """Let the leases of *owner*, and its hold on the *job*, last for *seconds* from now."""
        until = self._database.now() + seconds
        with self._database.transaction() as connection:
            connection.execute(
                update(jobs).where(jobs.c.key == job, jobs.c.owner == owner).values(until=until)
            )
            held = (entries.c.job == job, entries.c.state == LEASED, entries.c.owner == owner)
            connection.execute(update(entries).where(*held).values(until=until))

    def release(self, job: int, *, owner: str) -> int:
        """Make all entries pending again that *owner* has leased, and return how many they were."""
        return self._unlease(entries.c.job == job, entries.c.owner == owner)

    def expire(self, job: int) -> int:
        """Make all entries pending again whose lease is over, and return how many they were."""
        return self._unlease(entries.c.job == job, entries.c.until <= self._database.now())

    def _unlease(self, *which: Any) -> int:  # noqa: ANN401 - SQL conditions
        pending = {"state": "pending", "owner": None, "until": None}
        with self._database.transaction() as connection:
            statement = update(entries).where(entries.c.state == LEASED, *which)
            return connection.execute(statement.values(pending)).rowcount


def _turn(lease: Lease) -> tuple[int, int]:
    return -lease.priority, lease.id


def _row(job: int, entry: Entry, now: float) -> dict[str, object]:
    return {
        "job": job,
        "identity": entry.identity,
        "url": entry.url,
        "host": entry.host,
        "priority": entry.priority,
        "hops": entry.hops,
        "state": "pending",
        "enqueued": now,
        "payload": entry.payload,
    }


def _jobs() -> Any:  # noqa: ANN401 - a query over five columns
    return select(jobs).where(jobs.c.state == OPEN)


def _job_named(id: str) -> Any:  # noqa: A002, ANN401
    return _jobs().where(jobs.c.id == id).with_for_update()


def _job(row: Row[Any]) -> Job:
    return Job(row.key, row.id, datetime.fromtimestamp(row.opened, UTC), row.reason, row.owner)


def _held(row: Row[Any]) -> str:
    until = datetime.fromtimestamp(row.until, UTC) + timedelta(seconds=1)
    return (
        f"frontier: job {row.id!r} is being crawled by {row.owner!r}; let it end, or if it is dead wait "
        f"until {until:%H:%M:%S} UTC"
    )
