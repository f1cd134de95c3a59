"""Which worker has which host, and when a host may be asked again: for all jobs, on all machines."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import case, func, or_, select, update

from crawler.frontier.model import Standing
from crawler.frontier.owner import is_gone
from crawler.frontier.schema import SCHEMA, hosts
from crawler.state import Database

LONGEST_HOLD_SECONDS = 25 * 3600.0
"""No host is closed for longer, so what says so was written by a clock that was ahead, and holds nobody.

An hour more than the longest ``Retry-After`` that is obeyed and the longest crawl delay.
"""


@dataclass(frozen=True, slots=True)
class Pace:
    """How a host wants to be asked. None where nothing is known."""

    not_before: float | None
    """Seconds since 1970 before which no request goes to it."""
    delay: float | None
    """Seconds between the starts of two requests, as the crawl has found to be right."""
    crawl_delay: float | None
    """Seconds that its robots.txt asks for."""


class HostStore:
    """The hosts of all jobs, in the state database. For one thread at a time.

    Every method is one transaction, durable when it returns, and raises what :class:`Database` does.
    PostgreSQL locks rows as they come, so all methods take them in the order of their names.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        database.ensure(SCHEMA)

    def claim(self, names: Iterable[str], *, owner: str, seconds: float) -> set[str]:
        """Give *owner* those of the hosts *names* that may be asked now, for *seconds*, and return them.

        The others belong to somebody else, or have a time before which nobody asks them. A claim of an
        owner that is known to be dead is free at once, after the host's delay.
        """
        wanted = sorted(set(names))
        if not wanted:
            return set()
        with self._database.transaction():
            found = self._claim(wanted, owner, seconds)
            refused = [name for name in wanted if name not in found]
            if refused and self._free_dead(refused):
                found |= self._claim(refused, owner, seconds)
        return found

    def release(self, host: str, *, owner: str, not_before: float | None = None) -> None:
        """Let *host* go, if it is *owner*'s; nobody asks it before *not_before*."""
        self.release_all({host: not_before}, owner=owner)

    def release_all(self, released: Mapping[str, float | None], *, owner: str) -> None:
        """Let hosts go, each with the time before which nobody asks it, if they are *owner*'s."""
        with self._database.transaction() as connection:
            for name, not_before in sorted(released.items()):
                free: dict[str, object] = {"owner": None, "until": None}
                if not_before is not None:
                    free["not_before"] = self._later(not_before)
                of_owner = (hosts.c.host == name, hosts.c.owner == owner)
                connection.execute(update(hosts).where(*of_owner).values(free))

    def renew(self, *, owner: str, seconds: float) -> set[str]:
        """Let the claims of *owner* last for *seconds* from now, and return them."""
        of_owner = hosts.c.owner == owner
        with self._database.transaction() as connection:
            query = select(hosts.c.host).where(of_owner).order_by(hosts.c.host).with_for_update()
            found = set(connection.execute(query).scalars())
            connection.execute(update(hosts).where(of_owner).values(until=self._database.now() + seconds))
        return found

    def pace(self, host: str) -> Pace | None:
        """Return how *host* wants to be asked, or None where it was never heard of."""
        query = select(hosts.c.not_before, hosts.c.delay, hosts.c.crawl_delay).where(hosts.c.host == host)
        with self._database.transaction() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else Pace(*row)

    def remember(
        self,
        host: str,
        *,
        not_before: float | None = None,
        delay: float | None = None,
        crawl_delay: float | None = None,
    ) -> None:
        """Note what is told of *host*; what is None stays as it was.

        *not_before* only ever gets later, but where it was out of reach.
        """
        told = {"not_before": not_before, "delay": delay, "crawl_delay": crawl_delay}
        new = {name: value for name, value in told.items() if value is not None}
        if not new:
            return
        changed = new | ({} if not_before is None else {"not_before": self._later(not_before)})
        statement = self._database.insert(hosts).values(host=host, **new)
        with self._database.transaction() as connection:
            connection.execute(statement.on_conflict_do_update(index_elements=["host"], set_=changed))

    def standings(self, names: Iterable[str]) -> dict[str, Standing]:
        """Return who works on the hosts *names*, as far as they were ever heard of."""
        columns = (hosts.c.host, hosts.c.owner, hosts.c.until, hosts.c.not_before)
        query = select(*columns).where(hosts.c.host.in_(sorted(set(names))))
        with self._database.transaction() as connection:
            now = self._database.now()
            return {row[0]: standing(*row, now=now) for row in connection.execute(query)}

    def claimed(self, owners: Iterable[str]) -> dict[str, int]:
        """Return how many hosts each of *owners* has, where it has any."""
        query = select(hosts.c.owner, func.count()).where(hosts.c.owner.in_(list(owners)))
        with self._database.transaction() as connection:
            return {row[0]: row[1] for row in connection.execute(query.group_by(hosts.c.owner))}

    def _claim(self, wanted: list[str], owner: str, seconds: float) -> set[str]:
        now = self._database.now()
        until = now + seconds
        statement = self._database.insert(hosts).values(
            [{"host": name, "owner": owner, "until": until} for name in wanted]
        )
        is_free = or_(
            hosts.c.owner.is_(None), hosts.c.until <= now, hosts.c.until > now + LONGEST_HOLD_SECONDS
        )
        may_be_asked = or_(
            hosts.c.not_before.is_(None),
            hosts.c.not_before <= now,
            hosts.c.not_before > now + LONGEST_HOLD_SECONDS,
        )
        statement = statement.on_conflict_do_update(
            index_elements=["host"],
            set_={"owner": owner, "until": until},
            where=or_(hosts.c.owner == owner, is_free & may_be_asked),
        )
        with self._database.transaction() as connection:
            return set(connection.execute(statement.returning(hosts.c.host)).scalars())

    def _free_dead(self, refused: list[str]) -> bool:
        """Take the hosts *refused* from owners that are dead; return whether there were any.

        Who was refused a host has it locked all the same, until its transaction ends.
        """
        owners = select(hosts.c.owner).where(hosts.c.host.in_(refused), hosts.c.owner.is_not(None)).distinct()
        with self._database.transaction() as connection:
            gone = [owner for owner in connection.execute(owners).scalars() if is_gone(owner)]
            if gone:
                # When the dead one asked last is not known.
                asked_again = self._database.now() + func.coalesce(hosts.c.delay, hosts.c.crawl_delay, 0.0)
                of_gone = (hosts.c.host.in_(refused), hosts.c.owner.in_(gone))
                free = {"owner": None, "until": None, "not_before": self._later(asked_again)}
                connection.execute(update(hosts).where(*of_gone).values(free))
        return bool(gone)

    def _later(self, time: object) -> object:
        known = func.coalesce(hosts.c.not_before, 0.0)
        is_later = (known > time) & (known <= self._database.now() + LONGEST_HOLD_SECONDS)
        return case((is_later, hosts.c.not_before), else_=time)


def standing(
    host: str, owner: str | None, until: float | None, not_before: float | None, *, now: float
) -> Standing:
    """Return what the columns of a host say that was perhaps never heard of."""
    latest = now + LONGEST_HOLD_SECONDS
    times = (0.0 if time is None or time > latest else time for time in (until, not_before))
    return Standing(host, owner, *times)
