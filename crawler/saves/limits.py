"""How much one API key may ask for."""

import math
from dataclasses import dataclass, replace
from typing import Final, Self

from sqlalchemy import ColumnElement, func, select

from crawler.saves.errors import Code
from crawler.saves.keys import Key
from crawler.saves.model import Save, SaveOptions
from crawler.saves.queue import Saves, midnight
from crawler.saves.rows import target_of
from crawler.saves.schema import RUNNING, WAITING, saves, turns

_MINUTE: Final = 60.0
_DAY: Final = 86_400.0
_SOON: Final = 10
"""Seconds after which a save may well have ended."""
_NO_OPTIONS: Final = SaveOptions()
_IS_OWN: Final = saves.c.parent.is_(None)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a key gets no further save now."""

    status_ext: str
    """A code of Save Page Now."""
    message: str
    retry_after_seconds: int


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a key has used of its limits."""

    available: int
    """Saves that may still be begun at once."""
    processing: int
    """Saves that have not ended."""
    daily_captures: int
    daily_captures_limit: int


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of one key, counted in the state database: they hold for all servers together.

    A day begins at midnight, UTC. Outlinks count for the day alone. The command line, which has no key, has
    no limits.
    """

    per_minute: int = 12
    per_day: int = 100_000
    per_url_and_day: int = 10
    concurrent: int = 12
    """Saves that have not ended."""

    def of(self, key: Key | str) -> Self:
        """Return these limits with those that *key* has of its own; a name alone has none."""
        names = ("per_minute", "per_day", "concurrent")
        own = {name: getattr(key, name) for name in names if getattr(key, name, None) is not None}
        return replace(self, **own)

    def admit(
        self, queue: Saves, key: Key | str, url: str, options: SaveOptions = _NO_OPTIONS
    ) -> Save | Refusal:
        """Have *url* saved for *key*, or return why not. Requests at the same moment cannot pass a limit.

        A request that an earlier one answers (:meth:`Saves.add`) is never refused.
        """
        name = _name(key)
        with queue.database.transaction():
            if name:
                _stand_in_line(queue, name)
                refusal = None if queue.twin(url, options, key=name) else self.check(queue, key, url)
                if refusal is not None:
                    return refusal
            return queue.add(url, options, key=name)

    def check(self, queue: Saves, key: Key | str, url: str) -> Refusal | None:
        """Return why *key* gets no save of *url* now, or None. The empty name is the command line's."""
        name = _name(key)
        if not name:
            return None
        counted = _Counted(queue, name, self.of(key), queue.database.now())
        with queue.database.transaction():
            return counted.over_concurrent() or counted.over_minute() or counted.over_day(url)

    def allowance(self, queue: Saves, key: Key | str) -> Allowance:
        """Return what *key* has used."""
        limits = self.of(key)
        counted = _Counted(queue, _name(key), limits, queue.database.now())
        with queue.database.transaction():
            processing, today = counted.under_way(), counted.count(counted.is_key, counted.today)
        return Allowance(max(limits.concurrent - processing, 0), processing, today, limits.per_day)


class _Counted:
    """What a key has used of its limits at a moment."""

    def __init__(self, queue: Saves, key: str, limits: Limits, now: float) -> None:
        self._queue, self._key, self._limits, self._now = queue, key, limits, now
        self.is_key = saves.c.key == key
        self.today = saves.c.created >= midnight(now)

    def count(self, *conditions: ColumnElement[bool]) -> int:
        query = select(func.count()).where(*conditions)
        with self._queue.database.transaction() as connection:
            return connection.execute(query).scalar_one()

    def under_way(self) -> int:
        # The lane is that of the key's own saves, without outlinks; the queue's index knows it.
        of_lane = (saves.c.collection == self._queue.collection, saves.c.lane == self._key)
        return sum(self.count(*of_lane, saves.c.state == state) for state in (WAITING, RUNNING))

    def over_concurrent(self) -> Refusal | None:
        most = self._limits.concurrent
        if self.under_way() < most:
            return None
        said = f"save: {most} of your saves are under way, more are not taken; ask again when one has ended"
        return Refusal(Code.USER_SESSION_LIMIT, said, _SOON)

    def over_minute(self) -> Refusal | None:
        most = self._limits.per_minute
        of_minute = (self.is_key, saves.c.created > self._now - _MINUTE, _IS_OWN)
        query = select(saves.c.created).where(*of_minute).order_by(saves.c.created.desc()).limit(max(most, 1))
        with self._queue.database.transaction() as connection:
            times = connection.execute(query).scalars().all()
        if len(times) < most:
            return None
        said = f"save: you may ask for {most} saves a minute; wait and ask again"
        until = (times[-1] if times else self._now) + _MINUTE
        return Refusal(Code.USER_SESSION_LIMIT, said, max(math.ceil(until - self._now), 1))

    def over_day(self, url: str) -> Refusal | None:
        limits = self._limits
        if self.count(self.is_key, saves.c.target == target_of(url), self.today) >= limits.per_url_and_day:
            said = f"save: you had this URL saved {limits.per_url_and_day} times today"
        elif self.count(self.is_key, self.today) >= limits.per_day:
            said = f"save: you may ask for {limits.per_day} saves a day"
        else:
            return None
        left = math.ceil(midnight(self._now) + _DAY - self._now)
        return Refusal(
            Code.TOO_MANY_DAILY_CAPTURES, f"{said}; ask again tomorrow, which begins at 0:00 UTC", left
        )


def _name(key: Key | str) -> str:
    return key if isinstance(key, str) else key.name


def _stand_in_line(queue: Saves, name: str) -> None:
    """Wait until no other server takes a request of the key, and let others wait until this is taken."""
    row = {"collection": "", "kind": "asking", "name": name, "number": -1}
    statement = queue.database.insert(turns).values(row)
    statement = statement.on_conflict_do_update(
        index_elements=["collection", "kind", "name"], set_={"number": -1}
    )
    with queue.database.transaction() as connection:
        connection.execute(statement)
