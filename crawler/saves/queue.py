"""The queue of saves, in the state database."""

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from secrets import token_hex
from typing import Any, Final, Unpack

from sqlalchemy import ColumnElement, case, delete, func, or_, select, update

from crawler.saves.leasing import Leasing
from crawler.saves.model import Failed, Result, Save, SaveOptions, Stage, Standing, State
from crawler.saves.rows import columns_of, lanes_of, row_of, save_of
from crawler.saves.schema import ENDED, RUNNING, SCHEMA, WAITING, saves
from crawler.state import Database
from pipelines.urls import host

TWIN_SECONDS: Final = 60.0
"""How long the same request is answered by the save that it has led to, as long as that has not ended."""

_ID = re.compile(r"spn2-[0-9a-f]{40}")
_NO_OPTIONS: Final = SaveOptions()


class Saves:
    """The saves of a *collection*, in the state database. For one thread at a time, as the database is.

    Every method is one transaction, durable when it returns, and raises what :class:`Database` does. Any
    number of servers and workers may use it at once.
    """

    def __init__(self, database: Database, collection: str) -> None:
        self.database: Final = database
        self.collection: Final = collection
        database.ensure(SCHEMA)
        self._leasing = Leasing(database, collection)

    # --- who asks ----------------------------------------------------------------------------

    def add(
        self, url: str, options: SaveOptions = _NO_OPTIONS, *, key: str = "", parent: str | None = None
    ) -> Save:
        """Have *url* (:func:`~crawler.saves.check_url`) saved, and return the save.

        Where the same key has asked for the same within the last minute and that has not ended, its save is
        returned. An outlink of *parent* is never added twice.
        """
        asker = {"collection": self.collection, "key": key, "parent": parent}
        row = row_of(f"spn2-{token_hex(20)}", url, options, asker=asker)
        now = self.database.now()
        row |= {"host": host(url), "created": now, "entered": self._leasing.clock()}
        twin = saves.c.twin == row["twin"]
        with self.database.transaction() as connection:
            while True:  # until the twin has not ended between the two statements
                if parent is None:
                    old = (twin, saves.c.created <= now - TWIN_SECONDS)
                    connection.execute(update(saves).where(*old).values(twin=None))
                insert = self.database.insert(saves).values(row).on_conflict_do_nothing()
                found = connection.execute(insert.returning(saves)).one_or_none()
                found = found or connection.execute(select(saves).where(twin)).one_or_none()
                if found is not None:
                    return save_of(found)

    def twin(self, url: str, options: SaveOptions = _NO_OPTIONS, *, key: str = "") -> Save | None:
        """Return the save that :meth:`add` would return instead of a new one, if there is one."""
        row = row_of("", url, options, asker={"collection": self.collection, "key": key, "parent": None})
        is_fresh = saves.c.created > self.database.now() - TWIN_SECONDS
        return self._one(saves.c.twin == row["twin"], is_fresh)

    def get(self, id: str) -> Save | None:  # noqa: A002 - its name everywhere
        """Return the save *id*, if there is one."""
        return self._one(saves.c.id == id) if _ID.fullmatch(id) else None

    def find(self, ids: Iterable[str]) -> dict[str, Save]:
        """Return those of the saves *ids* that there are."""
        wanted = [each for each in ids if _ID.fullmatch(each)]
        return {save.id: save for save in self._all(saves.c.id.in_(wanted))} if wanted else {}

    def children(self, id: str) -> list[Save]:  # noqa: A002
        """Return the saves of the outlinks of the save *id*, as they were added."""
        if not _ID.fullmatch(id):
            return []
        return self._all(saves.c.parent == id, saves.c.parent.is_not(None))

    def recent(self, *, key: str | None = None, limit: int = 50) -> list[Save]:
        """Return the last *limit* saves, of *key* if given, the latest first; without those of outlinks."""
        query = select(saves).where(saves.c.collection == self.collection, saves.c.parent.is_(None))
        if key is not None:
            query = query.where(saves.c.key == key)
        query = query.order_by(saves.c.created.desc(), saves.c.number.desc()).limit(limit)
        with self.database.transaction() as connection:
            return [*map(save_of, connection.execute(query))]

    def standing(self, key: str | None = None) -> Standing:
        """Return how the saves stand, of *key* alone if given."""
        now = self.database.now()
        mine = [saves.c.collection == self.collection]
        if key is not None:  # by lane, as the index of what waits has it
            mine.append(saves.c.lane.in_(lanes_of(key)))
        waiting = select(func.count(), func.min(saves.c.number)).where(*mine, saves.c.state == WAITING)
        running = select(func.count()).where(*mine, saves.c.state == RUNNING)
        ended = select(saves.c.state, func.count()).where(*mine, ENDED, saves.c.finished >= midnight(now))
        with self.database.transaction() as connection:
            number, first = connection.execute(waiting).one()
            under_way = connection.execute(running).scalar_one()
            today = {row[0]: row[1] for row in connection.execute(ended.group_by(saves.c.state))}
            since = connection.execute(select(saves.c.created).where(saves.c.number == first)).scalar()
        waited = 0.0 if since is None else max(now - since, 0.0)
        return Standing(number, under_way, today.get(State.SUCCESS, 0), today.get(State.ERROR, 0), waited)

    # --- who works ---------------------------------------------------------------------------

    def lease(
        self,
        *,
        owner: str,
        most: int,
        seconds: float,
        busy_hosts: Collection[str] = (),
        per_host: int | None = None,
    ) -> list[Save]:
        """Give *owner* up to *most* saves for *seconds* from now, in the order in which to begin them.

        Keys take turns, and the hosts of each key. Left out are *busy_hosts*, hosts of which another living
        owner has a save, and hosts of which *per_host* saves run already. Saves whose owner is dead or was
        silent for too long wait again; what was attempted three times fails instead.
        """
        return self._leasing.lease(
            owner=owner, most=most, seconds=seconds, busy_hosts=busy_hosts, per_host=per_host
        )

    def has_work(self) -> bool:
        """Return whether anything waits, or is held by the dead: whether a worker has anything to do.

        Not that it could be leased now: all of it may be of hosts of which other workers have saves.
        """
        return self._leasing.has_work()

    def renew(self, ids: Iterable[str], *, owner: str, seconds: float) -> set[str]:
        """Let those of *ids* that are *owner*'s last for *seconds* from now, and return them."""
        until = self.database.now() + seconds
        with self.database.transaction() as connection:
            changed = update(saves).where(*self._held(ids, owner)).values(until=until)
            return set(connection.execute(changed.returning(saves.c.id)).scalars())

    def progress(self, id: str, *, owner: str, stage: Stage, **told: Unpack[Result]) -> bool:  # noqa: A002
        """Tell how far the save is; return False where it is *owner*'s no longer."""
        return self._change(id, owner, {"stage": stage, **columns_of(told)})

    def succeed(self, id: str, *, owner: str, **told: Unpack[Result]) -> bool:  # noqa: A002
        """End the save well; return False, and change nothing, where it is *owner*'s no longer."""
        return self._end(id, owner, State.SUCCESS, columns_of(told))

    def fail(self, id: str, *, owner: str, **told: Unpack[Failed]) -> bool:  # noqa: A002
        """End the save with an error; return False, and change nothing, where it is *owner*'s no longer."""
        return self._end(id, owner, State.ERROR, columns_of(told))

    def put_back(self, ids: Iterable[str], owner: str) -> int:
        """Let those of *ids* that are *owner*'s wait again, as if not attempted; return how many."""
        back = {
            "state": State.WAITING,
            "stage": Stage.QUEUED,
            "owner": None,
            "until": None,
            "attempts": case((saves.c.attempts > 0, saves.c.attempts - 1), else_=0),
        }
        with self.database.transaction() as connection:
            return connection.execute(update(saves).where(*self._held(ids, owner)).values(back)).rowcount

    def wanted_hosts(self) -> set[str]:
        """Return the hosts of all saves that have not ended."""
        of_open = or_(saves.c.state == WAITING, saves.c.state == RUNNING)
        query = select(saves.c.host).where(saves.c.collection == self.collection, of_open).distinct()
        with self.database.transaction() as connection:
            return set(connection.execute(query).scalars())

    def sweep(self, older_than: timedelta) -> int:
        """Forget the saves that ended longer ago than *older_than*, and return how many these were."""
        of_ours = saves.c.collection == self.collection
        old = self.database.now() - older_than.total_seconds()
        with self.database.transaction() as connection:
            gone = connection.execute(delete(saves).where(of_ours, ENDED, saves.c.finished < old)).rowcount
            self._leasing.forget_turns()
        return gone

    # -----------------------------------------------------------------------------------------

    def _held(self, ids: Iterable[str], owner: str) -> tuple[ColumnElement[bool], ...]:
        """Return the condition that a save is one of *ids* and *owner*'s, and lock those of which it is true.

        In order, or PostgreSQL could find two that lock several waiting for each other.
        """
        held = (saves.c.id.in_([*ids]), saves.c.owner == owner, saves.c.state == RUNNING)
        query = select(saves.c.number).where(*held).order_by(saves.c.number).with_for_update()
        with self.database.transaction() as connection:
            connection.execute(query).all()
        return held

    def _end(self, id: str, owner: str, state: State, changed: Mapping[str, Any]) -> bool:  # noqa: A002
        ended = {"state": state, "stage": Stage.DONE, "finished": self.database.now(), "cookie": None}
        # An outlink stays known to its parent, which may be begun again.
        twin = case((saves.c.parent.is_(None), None), else_=saves.c.twin)
        return self._change(id, owner, {**changed, **ended, "owner": None, "until": None, "twin": twin})

    def _change(self, id: str, owner: str, changed: Mapping[str, Any]) -> bool:  # noqa: A002
        held = (saves.c.id == id, saves.c.owner == owner, saves.c.state == RUNNING)
        with self.database.transaction() as connection:
            return bool(connection.execute(update(saves).where(*held).values(changed)).rowcount)

    def _one(self, *conditions: ColumnElement[bool]) -> Save | None:
        return next(iter(self._all(*conditions)), None)

    def _all(self, *conditions: ColumnElement[bool]) -> list[Save]:
        query = select(saves).where(saves.c.collection == self.collection, *conditions)
        with self.database.transaction() as connection:
            return [*map(save_of, connection.execute(query.order_by(saves.c.number)))]


def midnight(now: float) -> float:
    """Return when the day of *now* began, UTC; both in seconds since 1970."""
    return datetime.fromtimestamp(now, UTC).replace(hour=0, minute=0, second=0, microsecond=0).timestamp()
