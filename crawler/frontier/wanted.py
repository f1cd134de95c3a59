"""Hosts that somebody waits for to whom crawls give way: saves on demand."""

from collections.abc import Iterable
from typing import Final

from sqlalchemy import delete, select

from crawler.frontier.schema import SCHEMA, wanted
from crawler.state import Database

WANTED_SECONDS: Final = 5.0
"""How long a wish for a host holds that is not told again."""


class WantedHosts:
    """The hosts that are waited for, in the state database. For one thread at a time; raises as it does."""

    def __init__(self, database: Database) -> None:
        self._database = database
        database.ensure(SCHEMA)

    def want(self, host: str, *, seconds: float = WANTED_SECONDS) -> None:
        """Ask who crawls *host* to let it go, and to leave it alone for *seconds*."""
        until = self._database.now() + seconds
        statement = self._database.insert(wanted).values(host=host, until=until)
        statement = statement.on_conflict_do_update(index_elements=["host"], set_={"until": until})
        with self._database.transaction() as connection:
            connection.execute(statement)

    def forget(self, names: Iterable[str]) -> None:
        """Let crawls have the hosts *names* again."""
        gone = sorted(set(names))
        if gone:
            with self._database.transaction() as connection:
                connection.execute(delete(wanted).where(wanted.c.host.in_(gone)))

    def all(self) -> dict[str, float]:
        """Return the hosts that are waited for, and until when each wish holds, in seconds since 1970."""
        query = select(wanted.c.host, wanted.c.until).where(wanted.c.until > self._database.now())
        with self._database.transaction() as connection:
            return {row[0]: row[1] for row in connection.execute(query)}
