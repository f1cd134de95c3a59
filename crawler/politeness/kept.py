"""The robots.txt of every authority, kept in the state database for as long as it holds."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Column, Double, Integer, LargeBinary, MetaData, String, Table, delete, select

from crawler.scope import Reason
from crawler.state import Database

SCHEMA = MetaData()
_FORGOTTEN_SECONDS: Final = 30 * 24 * 3600.0
"""Copies that nobody asked for since are removed."""
_LONGEST_SECONDS: Final = 25 * 3600.0
"""A day, and an hour for clocks of other machines."""

robots = Table(
    "politeness_robots",
    SCHEMA,
    Column("authority", String, primary_key=True),
    Column("fetched", Double, nullable=False),
    Column("expires", Double, nullable=False),
    Column("status", Integer),
    Column("content_type", String, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("reason", String),
    Column("detail", String, nullable=False),
    Column("failures", Integer, nullable=False),
)


_REASONS = {str(reason): reason for reason in Reason}


@dataclass(frozen=True, slots=True)
class Kept:
    """What came of asking an authority for its robots.txt. Times are seconds since 1970."""

    authority: str
    """``https://example.com:8443``, without the port that the scheme means anyway."""
    fetched: float
    expires: float
    status: int | None = None
    """None where nothing came back."""
    content_type: str = "text/plain"
    body: bytes = b""
    """The file, decoded, as far as it is read; empty where there are no rules."""
    reason: Reason | None = None
    """Why nothing may be fetched there; None where the rules tell."""
    detail: str = ""
    failures: int = 0
    """How often in succession it could not be had."""

    def holds(self, now: float) -> bool:
        """Return whether it may still be used at *now*.

        None is kept for more than a day (RFC 9309 §2.4): what says so was written by a clock that was ahead.
        """
        return now < self.expires <= now + _LONGEST_SECONDS


class RobotsStore:
    """The copies of all authorities in *database*. For one thread at a time; raises as it does."""

    def __init__(self, database: Database) -> None:
        self._database = database
        database.ensure(SCHEMA)
        forgotten = delete(robots).where(robots.c.expires < self.now() - _FORGOTTEN_SECONDS)
        with database.transaction() as connection:
            connection.execute(forgotten)

    def now(self) -> float:
        """Return the database's time, in seconds since 1970."""
        return self._database.now()

    def get(self, authority: str) -> Kept | None:
        """Return the copy of *authority*, also one that is out of date; None where there is none."""
        query = select(robots).where(robots.c.authority == authority)
        with self._database.transaction() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            return None
        reason = _REASONS[row.reason] if row.reason else None
        return Kept(**{**row._asdict(), "reason": reason, "body": bytes(row.body)})

    def put(self, kept: Kept) -> None:
        """Keep *kept* in the place of what was there."""
        values: dict[str, Any] = {name: getattr(kept, name) for name in Kept.__slots__}
        statement = self._database.insert(robots).values(values)
        changed = {name: value for name, value in values.items() if name != "authority"}
        with self._database.transaction() as connection:
            connection.execute(statement.on_conflict_do_update(index_elements=["authority"], set_=changed))
