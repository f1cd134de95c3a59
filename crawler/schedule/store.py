"""What schedulers and commands tell each other, in the state database. Times are seconds since 1970, UTC."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Boolean, Column, Double, Integer, MetaData, String, Table, Text, or_, select, update

from crawler.frontier.owner import is_gone
from crawler.state import Database

LEASE_SECONDS = 30.0
"""How long a scheduler counts as active without a word from it."""

_SCHEMA = MetaData()
_active = Table(
    "schedule_active",
    _SCHEMA,
    Column("one", Integer, primary_key=True),  # there is one row, whoever is active
    Column("owner", String, nullable=False),
    Column("since", Double, nullable=False),
    Column("until", Double, nullable=False),
    Column("sites", Text, nullable=False),
)
_sites = Table(
    "schedule_sites",
    _SCHEMA,
    Column("site", String, primary_key=True),
    Column("paused", Boolean, nullable=False),
    Column("asked", Double),
    Column("looked", Double),
    Column("note", Text, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Active:
    """The scheduler that is active."""

    owner: str
    """Machine, process and a random part."""
    since: datetime
    sites: tuple[str, ...]
    """Names of the sites that it serves."""


@dataclass(frozen=True, slots=True)
class SiteState:
    """What is known of a site's schedule besides its profile."""

    site: str
    paused: bool = False
    asked: datetime | None = None
    """When a person wanted it to run at once, which it has not done yet."""
    looked: datetime | None = None
    """When the schedule came to it last, whether or not anything was due."""
    note: str = ""
    """What it found then."""


class ScheduleStore:
    """The schedule's own tables. For one thread at a time; every method is one transaction.

    They raise what :class:`Database` does.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        database.ensure(_SCHEMA)

    # --- who is active -----------------------------------------------------------------------

    def claim(self, owner: str) -> Active | None:
        """Make *owner* the active scheduler for half a minute, and return None; or return who is.

        One whose process is gone is active no longer.
        """
        now = self._database.now()
        new = {"one": 1, "owner": owner, "since": now, "until": now + LEASE_SECONDS, "sites": "[]"}
        taken = {name: new[name] for name in ("owner", "since", "until", "sites")}
        with self._database.transaction() as connection:
            insert = self._database.insert(_active).values(new).on_conflict_do_nothing()
            if connection.execute(insert.returning(_active.c.one)).one_or_none() is not None:
                return None
            row = connection.execute(select(_active).with_for_update()).one()
            if row.owner != owner and row.until > now and not is_gone(row.owner):
                return _active_of(row.owner, row.since, row.sites)
            connection.execute(update(_active).where(_active.c.owner == row.owner).values(taken))
        return None

    def renew(self, owner: str, sites: Iterable[str]) -> bool:
        """Keep *owner* active for another half minute; False where another one has taken over."""
        values = {"until": self._database.now() + LEASE_SECONDS, "sites": json.dumps(list(sites))}
        with self._database.transaction() as connection:
            of_ours = update(_active).where(_active.c.owner == owner)
            return connection.execute(of_ours.values(values)).rowcount == 1

    def release(self, owner: str) -> None:
        """End the activity of *owner*."""
        with self._database.transaction() as connection:
            connection.execute(_active.delete().where(_active.c.owner == owner))

    def active(self) -> Active | None:
        """Return the scheduler that is active, if one is."""
        with self._database.transaction() as connection:
            row = connection.execute(select(_active)).one_or_none()
        if row is None or row.until <= self._database.now() or is_gone(row.owner):
            return None
        return _active_of(row.owner, row.since, row.sites)

    # --- sites -------------------------------------------------------------------------------

    def states(self) -> dict[str, SiteState]:
        """Return what is known of the sites, by name; of one that is not there nothing is."""
        with self._database.transaction() as connection:
            rows = connection.execute(select(_sites)).all()
        return {
            row.site: SiteState(row.site, row.paused, _at(row.asked), _at(row.looked), row.note)
            for row in rows
        }

    def pause(self, sites: Sequence[str]) -> None:
        """Let the schedule of *sites* rest."""
        self._put(sites, paused=True)

    def resume(self, sites: Sequence[str]) -> None:
        """Let the schedule of *sites* go on."""
        self._put(sites, paused=False)

    def ask(self, sites: Sequence[str]) -> None:
        """Ask the active scheduler to run *sites* at once."""
        self._put(sites, asked=self._database.now())

    def answered(self, states: Iterable[SiteState]) -> None:
        """Forget what was asked for in *states*; what was asked for since then stands."""
        with self._database.transaction() as connection:
            for state in states:
                if state.asked is not None:
                    at = _sites.c.asked
                    same = or_(at <= state.asked.timestamp() + 1e-6, at.is_(None))
                    connection.execute(
                        update(_sites).where(_sites.c.site == state.site, same).values(asked=None)
                    )

    def looked(self, site: str, note: str) -> None:
        """Record that the schedule came to *site*, and what it found."""
        self._put([site], looked=self._database.now(), note=note)

    def _put(self, sites: Sequence[str], **values: object) -> None:
        if not sites:
            return
        rows = [{"site": site, "paused": False, "note": "", **values} for site in sites]
        with self._database.transaction() as connection:
            insert = self._database.insert(_sites).values(rows)
            connection.execute(insert.on_conflict_do_update(index_elements=["site"], set_=values))


def _active_of(owner: str, since: float, sites: str) -> Active:
    return Active(owner, datetime.fromtimestamp(since, UTC), tuple(json.loads(sites)))


def _at(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
