"""Leases of saves: given one by one, taken back from the dead, fairly."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, case, delete, exists, func, select, update

from crawler.frontier.owner import claim, is_gone
from crawler.saves.errors import Code
from crawler.saves.model import Save, Stage, State
from crawler.saves.rows import save_of
from crawler.saves.schema import RUNNING, WAITING, saves, turns
from crawler.saves.turns import Head, Turns
from crawler.state import Database

MOST_ATTEMPTS: Final = 3
LONGEST_LEASE_SECONDS: Final = 86_400.0
"""No lease is longer, so what says so was written by a clock that was ahead."""

_CLOCK: Final = "clock"
_LANE: Final = "lane"
_HOST: Final = "host"
_TURNS_KEPT: Final = 10_000

_AGAIN: Final = {"state": State.WAITING, "stage": Stage.QUEUED, "owner": None, "until": None}
_GIVEN_UP: Final = {
    "state": State.ERROR,
    "stage": Stage.DONE,
    "owner": None,
    "until": None,
    "cookie": None,
    "error": Code.JOB_FAILED,
    "message": f"save: given up, since {MOST_ATTEMPTS} workers ended in its midst; ask once more",
    "twin": case((saves.c.parent.is_(None), None), else_=saves.c.twin),
}


class Leasing:
    """Leases the saves of one collection. Every method is one transaction."""

    def __init__(self, database: Database, collection: str) -> None:
        self._database, self._collection = database, collection

    def clock(self) -> int:
        """Return how many leases were given, as far as is known without waiting for anybody."""
        with self._database.transaction() as connection:
            return connection.execute(select(turns.c.number).where(self._is_clock)).scalar() or 0

    def has_work(self) -> bool:
        """As :meth:`Saves.has_work` says."""
        waits = exists().where(saves.c.collection == self._collection, saves.c.state == WAITING)
        with self._database.transaction() as connection:
            return connection.execute(select(waits)).scalar_one() or bool(self._lost(self._running()))

    def lease(
        self, *, owner: str, most: int, seconds: float, busy_hosts: Collection[str], per_host: int | None
    ) -> list[Save]:
        """As :meth:`Saves.lease` says."""
        claim(owner)
        # Most looks find nothing to do; they must not wait for one another.
        if most < 1 or not self.has_work():
            return []
        with self._database.transaction():
            clock = self._advance(0)
            running = self._take_back(self._running())
            closed = {row.host for row in running if row.owner != owner}.union(busy_hosts)
            heads = [head for head in self._heads() if head.host not in closed]
            found = self._turns(clock, heads)
            chosen = found.choose(heads, most, room=_room(heads, running, per_host))
            if not chosen:
                return []
            self._note_turns(found, len(chosen))
            return self._give(chosen, heads, owner, seconds)

    def forget_turns(self) -> None:
        """Forget turns of long ago."""
        with self._database.transaction() as connection:
            old = self._advance(0) - _TURNS_KEPT
            is_old = (turns.c.collection == self._collection, turns.c.number < old, turns.c.kind != _CLOCK)
            connection.execute(delete(turns).where(*is_old))

    @property
    def _is_clock(self) -> ColumnElement[bool]:
        return (turns.c.collection == self._collection) & (turns.c.kind == _CLOCK)

    def _advance(self, by: int) -> int:
        """Count *by* leases and return the count; nobody else leases until the transaction ends."""
        new = {"collection": self._collection, "kind": _CLOCK, "name": "", "number": by}
        statement = self._database.insert(turns).values(new)
        statement = statement.on_conflict_do_update(
            index_elements=["collection", "kind", "name"], set_={"number": turns.c.number + by}
        )
        with self._database.transaction() as connection:
            number: int = connection.execute(statement.returning(turns.c.number)).scalar_one()
        return number

    def _running(self) -> list[Row[Any]]:
        columns = (saves.c.number, saves.c.host, saves.c.owner, saves.c.until, saves.c.attempts)
        query = select(*columns).where(saves.c.collection == self._collection, saves.c.state == RUNNING)
        with self._database.transaction() as connection:
            return [*connection.execute(query)]

    def _lost(self, running: Sequence[Row[Any]]) -> list[Row[Any]]:
        now = self._database.now()
        dead = {owner for owner in {row.owner for row in running} if is_gone(owner)}
        latest = now + LONGEST_LEASE_SECONDS
        return [row for row in running if row.owner in dead or not now < row.until <= latest]

    def _take_back(self, running: Sequence[Row[Any]]) -> list[Row[Any]]:
        """Take back what the dead hold, and return what is still held."""
        lost = {row.number: row for row in self._lost(running)}
        if not lost:
            return [*running]
        of_lost = saves.c.number.in_(lost) & (saves.c.state == RUNNING)
        # In order, as renewing does it, or PostgreSQL could find each waiting for the other.
        query = select(saves.c.number, saves.c.until).where(of_lost).order_by(saves.c.number)
        with self._database.transaction() as connection:
            rows = connection.execute(query.with_for_update()).all()
            silent = [row.number for row in rows if row.until == lost[row.number].until]
            for numbers, changed in (
                ([number for number in silent if lost[number].attempts < MOST_ATTEMPTS], _AGAIN),
                (
                    [number for number in silent if lost[number].attempts >= MOST_ATTEMPTS],
                    {**_GIVEN_UP, "finished": self._database.now()},
                ),
            ):
                if numbers:
                    connection.execute(update(saves).where(saves.c.number.in_(numbers)).values(changed))
        return [row for row in running if row.number not in lost]

    def _heads(self) -> list[Head]:
        number, entered = func.min(saves.c.number), func.min(saves.c.entered)
        query = select(saves.c.lane, saves.c.host, number, entered, func.count())
        query = query.where(saves.c.collection == self._collection, saves.c.state == WAITING)
        with self._database.transaction() as connection:
            return [Head(*row) for row in connection.execute(query.group_by(saves.c.lane, saves.c.host))]

    def _turns(self, clock: int, heads: Sequence[Head]) -> Turns:
        # A turn before the first of all was added makes no difference any more.
        since = min((head.entered for head in heads), default=clock)
        of_ours = (turns.c.collection == self._collection, turns.c.number >= since)
        last: dict[str, dict[str, int]] = {_CLOCK: {}, _LANE: {}, _HOST: {}}
        with self._database.transaction() as connection:
            for row in connection.execute(select(turns).where(*of_ours)):
                last[row.kind][row.name] = row.number
        return Turns(clock, lanes=last[_LANE], hosts=last[_HOST])

    def _note_turns(self, found: Turns, leases: int) -> None:
        self._advance(leases)
        used: Mapping[str, Mapping[str, int]] = {_LANE: found.used_lanes, _HOST: found.used_hosts}
        rows = [
            {"collection": self._collection, "kind": kind, "name": name, "number": number}
            for kind, numbers in used.items()
            for name, number in numbers.items()
        ]
        statement = self._database.insert(turns)
        statement = statement.on_conflict_do_update(
            index_elements=["collection", "kind", "name"], set_={"number": statement.excluded.number}
        )
        with self._database.transaction() as connection:
            connection.execute(statement, rows)

    def _give(
        self, chosen: Sequence[tuple[str, str]], heads: Sequence[Head], owner: str, seconds: float
    ) -> list[Save]:
        numbers = self._numbers(chosen, heads)
        now = self._database.now()
        taken = {
            "state": State.RUNNING,
            "owner": owner,
            "until": now + seconds,
            "started": now,
            "attempts": saves.c.attempts + 1,
        }
        statement = update(saves).where(saves.c.number.in_(numbers), saves.c.state == WAITING).values(taken)
        with self._database.transaction() as connection:
            rows = connection.execute(statement.returning(saves)).all()
        # The order in which the rows come back is not promised.
        return [save_of(row) for row in sorted(rows, key=lambda row: numbers.index(row.number))]

    def _numbers(self, chosen: Sequence[tuple[str, str]], heads: Sequence[Head]) -> list[int]:
        """Return the numbers of the saves that were chosen by lane and host."""
        first = {(head.lane, head.host): head.first for head in heads}
        waiting: dict[tuple[str, str], list[int]] = {}
        for place, many in Counter(chosen).items():
            waiting[place] = [first[place]] if many == 1 else self._first(*place, many)
        return [waiting[place].pop(0) for place in chosen]

    def _first(self, lane: str, host: str, many: int) -> list[int]:
        of_place = (saves.c.collection == self._collection, saves.c.lane == lane, saves.c.host == host)
        query = select(saves.c.number).where(*of_place, saves.c.state == WAITING)
        with self._database.transaction() as connection:
            return list(connection.execute(query.order_by(saves.c.number).limit(many)).scalars())


def _room(heads: Sequence[Head], running: Sequence[Row[Any]], per_host: int | None) -> dict[str, int]:
    if per_host is None:
        return {}
    under_way = Counter(row.host for row in running)
    return {head.host: per_host - under_way[head.host] for head in heads}
