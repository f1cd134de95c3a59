"""Who works on a job: one worker, or any number that share it."""

from typing import Any

from sqlalchemy import ColumnElement, Row, and_, delete, select, update

from crawler.frontier.model import Worker
from crawler.frontier.owner import is_gone
from crawler.frontier.schema import SCHEMA, workers
from crawler.state import Database


class WorkerStore:
    """The workers of all jobs, in the state database. For one thread at a time.

    Every method is one transaction, and raises what :class:`Database` does.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        database.ensure(SCHEMA)

    def join(self, job: int, *, owner: str, seconds: float, shared: bool) -> None:
        """Enter *owner* among the workers of the *job*, for *seconds* from now."""
        lasting = {"until": self._database.now() + seconds, "shared": shared}
        new = {"job": job, "owner": owner, "hungry": False, "idle": False, **lasting}
        statement = self._database.insert(workers).values(new)
        with self._database.transaction() as connection:
            connection.execute(statement.on_conflict_do_update(index_elements=["job", "owner"], set_=lasting))

    def renew(self, job: int, *, owner: str, seconds: float) -> bool:
        """Let *owner* count as alive for *seconds* from now; False where it counted as dead already."""
        until = self._database.now() + seconds
        with self._database.transaction() as connection:
            statement = update(workers).where(_is(job, owner)).values(until=until)
            return bool(connection.execute(statement).rowcount)

    def tell(self, job: int, *, owner: str, hungry: bool, idle: bool) -> None:
        """Let the other workers know how *owner* fares."""
        told = {"hungry": hungry, "idle": idle}
        with self._database.transaction() as connection:
            connection.execute(update(workers).where(_is(job, owner)).values(told))

    def leave(self, job: int, *, owner: str) -> bool:
        """Take *owner* from the workers of the *job*; False where it was none of them."""
        with self._database.transaction() as connection:
            return bool(connection.execute(delete(workers).where(_is(job, owner))).rowcount)

    def all(self, job: int) -> list[Worker]:
        """Return the workers of the *job*, by name, dead ones too."""
        query = select(workers).where(workers.c.job == job).order_by(workers.c.owner)
        with self._database.transaction() as connection:
            return [_worker(row) for row in connection.execute(query)]

    def is_dead(self, worker: Worker) -> bool:
        """Return whether *worker* has ended, or was not heard of for too long."""
        return worker.until <= self._database.now() or is_gone(worker.owner)


def _is(job: int, owner: str) -> ColumnElement[bool]:
    return and_(workers.c.job == job, workers.c.owner == owner)


def _worker(row: Row[Any]) -> Worker:
    return Worker(row.owner, row.until, row.shared, row.hungry, row.idle)
