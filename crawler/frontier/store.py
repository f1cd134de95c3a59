"""Entries, leases and jobs of the frontier, in one SQL database."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Row, delete, exists, func, select, text, update

from crawler.frontier.hosts import standing
from crawler.frontier.model import Ended, Entry, Job, Lease, Standing, State, Worker
from crawler.frontier.owner import claim, disclaim
from crawler.frontier.schema import ENDED, LEASED, OPEN, PENDING, SCHEMA, entries, jobs, workers
from crawler.frontier.statements import END, LEASE, PUT_BACK, WAITING_HOSTS
from crawler.frontier.workers import WorkerStore
from crawler.state import Database
from pipelines.errors import JobError

__all__ = ["Ended", "Entry", "FrontierStore", "Job", "Lease", "State"]


class FrontierStore:
    """The frontier of any number of jobs, in the state database. For one thread at a time.

    Every method is one transaction, durable when it returns, and raises what :class:`Database` does.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self.workers = WorkerStore(database)
        database.ensure(SCHEMA)

    # --- jobs --------------------------------------------------------------------------------

    def open_job(self, id: str, *, owner: str, seconds: float, shared: bool = False) -> Job:  # noqa: A002 - its name everywhere
        """Return the unfinished job *id*, or a new one; *owner* works on it for *seconds* from now.

        What owners that are gone have leased is pending again. Raises ``JobError`` where another one works
        on it, unless both want it *shared*.
        """
        now = self._database.now()
        new = {"id": id, "state": "open", "opened": now}
        with self._database.transaction() as connection:
            # First, since a transaction that starts with a write cannot fail for having read too early.
            connection.execute(self._database.insert(jobs).values(new).on_conflict_do_nothing())
            row = connection.execute(_job_named(id)).one()
            before = self.workers.all(row.key)
            living = [one for one in before if one.owner != owner and not self.workers.is_dead(one)]
            if living and not (shared and all(one.shared for one in living)):
                raise JobError(_held(id, living[0]))
            self._bury(row.key, before, living)
            self.expire(row.key)
            connection.execute(update(jobs).where(jobs.c.key == row.key).values(reason=None))
            self.workers.join(row.key, owner=owner, seconds=seconds, shared=shared)
        claim(owner)
        return _job(row, before[0].owner if before else None)

    def close_job(self, job: int, reason: str, *, owner: str, finished: bool, wanted: bool = True) -> bool:
        """Let *owner* leave the *job*, record why, and return whether the job is finished.

        It is if *finished*, nobody else works on it, and nothing is left to do or what is left is not
        *wanted*. One that is not finished can be opened again and goes on. What *owner* has leased is
        pending again.
        """
        ended = {"reason": reason, "closed": self._database.now()}
        with self._database.transaction() as connection:
            # Workers that leave at once do so one after the other.
            connection.execute(update(jobs).where(jobs.c.key == job).values(ended))
            self.release(job, owner=owner)
            self.workers.leave(job, owner=owner)
            others = any(not self.workers.is_dead(one) for one in self.workers.all(job))
            is_over = finished and not others and not (wanted and self.has_open(job))
            if is_over:
                connection.execute(update(jobs).where(jobs.c.key == job).values(state="finished"))
                connection.execute(delete(workers).where(workers.c.job == job))
        disclaim(owner)
        return is_over

    def bury(self, job: int) -> int:
        """Take dead workers from the *job*, make pending what they had leased, return how much it was."""
        found = self.workers.all(job)
        living = [one for one in found if not self.workers.is_dead(one)]
        if len(living) == len(found):
            return 0
        with self._database.transaction():
            return self._bury(job, found, living)

    def _bury(self, job: int, found: Sequence[Worker], living: Sequence[Worker]) -> int:
        # Of several who find a worker dead, the first one takes it away and the others wait for that.
        for worker in found:
            if worker not in living:
                self.workers.leave(job, owner=worker.owner)
        return self._unlease(entries.c.job == job, entries.c.owner.not_in([one.owner for one in living]))

    def unfinished(self) -> list[Job]:
        """Return the jobs that were interrupted or still run, oldest first."""
        with self._database.transaction() as connection:
            found = connection.execute(_jobs().order_by(jobs.c.key)).all()
            owners = {row.key: [one.owner for one in self.workers.all(row.key)] for row in found}
            return [_job(row, next(iter(owners[row.key]), None)) for row in found]

    def forget(self, id: str) -> int:  # noqa: A002
        """Remove the finished jobs *id* with their entries; return the number of entries."""
        finished = select(jobs.c.key).where(jobs.c.id == id, jobs.c.state == "finished")
        with self._database.transaction() as connection:
            removed = connection.execute(delete(entries).where(entries.c.job.in_(finished))).rowcount
            connection.execute(delete(workers).where(workers.c.job.in_(finished)))
            connection.execute(delete(jobs).where(jobs.c.id == id, jobs.c.state == "finished"))
        return removed

    def sweep(self, job: int) -> int:
        """Remove the entries of the unfinished *job* that are through; return their number.

        What they were is forgotten: added again, they are fetched again.
        """
        with self._database.transaction() as connection:
            return connection.execute(delete(entries).where(entries.c.job == job, ENDED)).rowcount

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

    def waiting_hosts(self, job: int, *, after: str = "", most: int = 256) -> list[Standing]:
        """Return the first *most* hosts by name that have pending entries, from *after* on.

        Takes as long as there are hosts, however many entries they have.
        """
        asked = {"in_job": job, "after": after, "most": most}
        with self._database.transaction() as connection:
            now = self._database.now()
            return [standing(*row, now=now) for row in connection.execute(WAITING_HOSTS, asked)]

    def has_open(self, job: int) -> bool:
        """Return whether the *job* has anything pending or leased."""
        of_job = entries.c.job == job
        with self._database.transaction() as connection:
            return any(
                connection.execute(select(exists().where(of_job, entries.c.state == state))).scalar_one()
                for state in (PENDING, LEASED)
            )

    def holders(self, job: int) -> set[str | None]:
        """Return those who have anything of the *job* leased, and None where something is pending."""
        of_job = entries.c.job == job
        owners = select(entries.c.owner).where(of_job, entries.c.state == LEASED).distinct()
        pending = select(exists().where(of_job, entries.c.state == PENDING))
        with self._database.transaction() as connection:
            found: set[str | None] = set(connection.execute(owners).scalars())
            return found | {None} if connection.execute(pending).scalar_one() else found

    # --- entries -----------------------------------------------------------------------------

    def add(self, job: int, added: Sequence[Entry]) -> int:
        """Add entries, and return how many were new; one whose identity the *job* has is left as it is."""
        if not added:
            return 0
        now = self._database.now()
        rows = [_row(job, entry, now) for entry in added]
        with self._database.transaction() as connection:
            if self._database.dialect == "postgresql":
                rows = _in_order(rows, connection.execute(_IDS, {"number": len(rows)}).scalars())
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

    def renew(self, job: int, *, owner: str, seconds: float) -> bool:
        """Let the leases of *owner*, and its hold on the *job*, last for *seconds* from now.

        False where it counted as dead already: others may have what it had leased.
        """
        until = self._database.now() + seconds
        with self._database.transaction() as connection:
            held = (entries.c.job == job, entries.c.state == LEASED, entries.c.owner == owner)
            connection.execute(update(entries).where(*held).values(until=until))
            return self.workers.renew(job, owner=owner, seconds=seconds)

    def release(self, job: int, *, owner: str) -> int:
        """Make all entries pending again that *owner* has leased, and return how many they were."""
        return self._unlease(entries.c.job == job, entries.c.owner == owner)

    def give_back(self, ids: Iterable[int], *, owner: str) -> int:
        """Make those of the entries *ids* pending again that *owner* has leased; return their number."""
        return self._unlease(entries.c.id.in_(list(ids)), entries.c.owner == owner)

    def expire(self, job: int) -> int:
        """Make all entries pending again whose lease is over, and return how many they were."""
        return self._unlease(entries.c.job == job, entries.c.until <= self._database.now())

    def _unlease(self, *which: Any) -> int:  # noqa: ANN401 - SQL conditions
        pending = {"state": "pending", "owner": None, "until": None}
        # Whoever has one of them locked does the same, or ends it.
        found = (
            select(entries.c.id).where(entries.c.state == LEASED, *which).with_for_update(skip_locked=True)
        )
        with self._database.transaction() as connection:
            ids = list(connection.execute(found).scalars())
            number = 0
            for first in range(0, len(ids), _MOST_PARAMETERS):
                some = entries.c.id.in_(ids[first : first + _MOST_PARAMETERS])
                statement = update(entries).where(some, entries.c.state == LEASED).values(pending)
                number += connection.execute(statement).rowcount
        return number


_MOST_PARAMETERS = 10_000
"""Numbers in one statement: both databases end at some tens of thousands."""
_IDS = text("select nextval('frontier_entries_id_seq') from generate_series(1, :number)")


def _in_order(rows: list[dict[str, object]], ids: Iterable[int]) -> list[dict[str, object]]:
    """Return *rows* numbered as they came, and in an order in which two workers never wait for each other.

    Each of two would insert an identity that the other has inserted and not committed.
    """
    for row, id_ in zip(rows, sorted(ids), strict=True):
        row["id"] = id_
    return sorted(rows, key=_identity)


def _identity(row: dict[str, object]) -> bytes:
    identity = row["identity"]
    return identity if isinstance(identity, bytes) else b""


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


def _job(row: Row[Any], owner: str | None) -> Job:
    return Job(row.key, row.id, datetime.fromtimestamp(row.opened, UTC), row.reason, owner)


def _held(job: str, worker: Worker) -> str:
    until = datetime.fromtimestamp(worker.until, UTC) + timedelta(seconds=1)
    return (
        f"frontier: job {job!r} is being crawled by {worker.owner!r}; let it end, or if it is dead wait "
        f"until {until:%H:%M:%S} UTC"
    )
