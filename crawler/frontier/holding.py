"""What one worker of a crawl job holds: its hosts, its leases, and its place among other workers."""

import time
from collections.abc import Iterable, Mapping
from typing import Final

from crawler.frontier.buffer import Buffer
from crawler.frontier.claims import Claims
from crawler.frontier.crew import LOOK_SECONDS, Crew
from crawler.frontier.hosts import HostStore
from crawler.frontier.model import Standing
from crawler.frontier.owner import new_owner
from crawler.frontier.store import FrontierStore
from crawler.frontier.wanted import WantedHosts
from crawler.frontier.window import TICK, Downloads, Window
from crawler.state import Database

LEASE_SECONDS: Final = 120.0
"""How long a lease outlives an owner of which nothing is known; renewed while it works."""

_IDLE_SECONDS = 1.0
"""How long a host is kept of which nothing waits any more: what was fetched last may link to more."""
_MOST_LET_GO = 64
_GIVE_WAY_SECONDS = 1.0
"""How often a worker looks whether somebody waits for one of its hosts."""
_SAVES: Final = "saves"
"""Who has a host, as far as the crawl is concerned, that is left to saves."""


class Holding:
    """Holds for one worker what it has of a job in *database*; others may work on the job too if *shared*.

    What it has leased waits in *window*, what it has to write in *buffer*. It gives up waiting for hosts
    that it cannot have for *patience* seconds. Everything raises what :class:`Database` does.
    """

    def __init__(
        self, database: Database, window: Window, buffer: Buffer, *, shared: bool, patience: float
    ) -> None:
        self._database, self._window, self._buffer = database, window, buffer
        self._shared, self._patience = shared, patience
        self._owner = new_owner()
        self.store = FrontierStore(database)
        self.job = 0
        self._claims = Claims(HostStore(database), owner=self._owner, seconds=LEASE_SECONDS)
        self._crew: Crew | None = None
        self._refused: set[str] = set()
        self._renewed = self._looked = self._gave_way = 0.0
        self._wishes = WantedHosts(database)
        self._wanted: dict[str, float] = {}
        """Hosts that saves wait for, and until when they are left alone, in seconds since 1970."""
        self._is_hungry = True
        self.written = False
        """Whether anything was written; reset by who reads it."""

    def open(self, id: str, *, sweep: bool) -> int:  # noqa: A002 - its name everywhere
        """Open the job *id*, forget what is through if *sweep*; return how much is pending.

        Raises ``JobError`` where another worker has the job.
        """
        job = self.store.open_job(id, owner=self._owner, seconds=LEASE_SECONDS, shared=self._shared)
        self.job = job.key
        if sweep:
            self.store.sweep(job.key)
        self._renewed = time.monotonic()
        pending = self.store.hosts(job.key)
        if self._shared:
            store, hosts = self.store, self._claims.store
            self._crew = Crew(store, hosts, job.key, owner=self._owner, patience=self._patience)
        else:
            self._window.expect(pending, self._renewed)
        return sum(pending.values())

    def close(self, reason: str, downloads: Downloads, *, finished: bool, wanted: bool) -> int:
        """Leave the job for *reason*, give all back, and return how many entries were leased.

        The job is finished if *finished*, and nothing is left over or what is left over is not *wanted*.
        """
        self.flush()
        with self._database.transaction():
            leased = self.store.release(self.job, owner=self._owner)
            held = "held" if finished and wanted and self.waits() else reason
            self.store.close_job(self.job, held, owner=self._owner, finished=finished, wanted=wanted)
            self._claims.let_go(self._paces(list(self._claims.names), downloads))
        return leased

    @property
    def has_work(self) -> bool:
        """Whether anything is left to hand out, now or before patience ends."""
        if self._has_own_work():
            return True
        return self._crew is not None and not self._crew.is_over

    def waits(self) -> dict[str, float]:
        """Return the hosts of which something is left, and until when each is held, as far as is known.

        In seconds since 1970.
        """
        offset = self._database.now() - time.monotonic()
        told = {} if self._crew is None else self._crew.waits
        return told | {name: free_at + offset for name, free_at in self._window.waits().items()}

    def expect(self, host: str) -> None:
        """Take notice that the store may have entries of *host*, once the buffer is written."""
        if self._crew is not None:
            self._crew.is_over = False
            if not self._may_have(host, self._crew.share):
                return
        self._window.expect((host,), time.monotonic())

    def hold(self, host: str, until: float) -> None:
        """Have nobody ask *host* before *until*, in seconds since 1970."""
        self._window.park(host, self._monotonic(until), time.monotonic())
        self._claims.store.remember(host, not_before=until)

    def flush(self) -> None:
        """Write what is buffered."""
        self.written |= self._buffer.write(self._database, self.store, self.job)

    def fill(self, ready: Iterable[str], wanted: Mapping[str, int]) -> int:
        """Claim the hosts *ready*, and those *wanted* of which entries are leased; return how many were.

        Hosts that cannot be had are passed over for a while.
        """
        with self._database.transaction():
            self.flush()
            refused = self._claim([*ready, *wanted])
            limits = {name: most for name, most in wanted.items() if name not in refused}
            leased = self.store.lease(self.job, limits, owner=self._owner, seconds=LEASE_SECONDS)
        self._window.fill(limits, leased)
        for standing in refused.values():
            self._pass_over(standing)
        return len(leased)

    def has(self, host: str) -> bool:
        """Return whether *host* is claimed, so that it may be asked."""
        return host in self._claims.names

    def grow_hungry(self) -> None:
        """Take notice that there was nothing to hand out although more could have been fetched."""
        self._is_hungry = True

    def tick(self, downloads: Downloads, *, is_idle: bool) -> None:
        """Write, renew, let go, and look at the other workers, as far as each is due.

        *is_idle* tells that nothing is under way of which anything could still come.
        """
        self.flush()
        now = time.monotonic()
        if now - self._renewed >= LEASE_SECONDS / 3:
            self._renewed = now
            self._renew(downloads)
        self._let_go(now, downloads)
        if now - self._gave_way >= _GIVE_WAY_SECONDS:
            self._gave_way = now
            self._give_way(now, downloads)
        if self._crew is not None and now - self._looked >= LOOK_SECONDS:
            self._looked = now
            self._look(self._crew, downloads, is_idle=is_idle and not self._has_own_work())

    # -----------------------------------------------------------------------------------------

    def _has_own_work(self) -> bool:
        return bool(self._window) and not self._window.is_stuck(time.monotonic(), self._patience)

    def _may_have(self, host: str, share: int) -> bool:
        names = self._claims.names
        return host in names or (len(names) < share and host not in self._refused)

    def _claim(self, wanted: list[str]) -> dict[str, Standing]:
        """Claim the hosts *wanted*, and return those that were not to be had."""
        over: list[str] = []
        if self._crew is not None:
            new = [name for name in wanted if name not in self._claims.names]
            over = new[max(self._crew.share - len(self._claims.names), 0) :]
        left = self._left_to_saves(wanted)
        refused = self._claims.take(name for name in wanted if name not in over and name not in left)
        return refused | left | {name: Standing(name, None, 0.0, 0.0) for name in over}

    def _left_to_saves(self, names: Iterable[str]) -> dict[str, Standing]:
        """Return those of *names* that are not claimed now, since saves wait for them."""
        if not self._wanted:
            return {}
        now = self._database.now()
        new = {name: self._wanted.get(name, 0.0) for name in names if name not in self._claims.names}
        return {name: Standing(name, _SAVES, until, 0.0) for name, until in new.items() if until > now}

    def _pass_over(self, standing: Standing) -> None:
        if self._crew is not None and self._window.forget(standing.host):
            self._refused.add(standing.host)
            return
        now = time.monotonic()
        until = self._monotonic(standing.free_at(self._database.now()))
        taken = standing.owner not in {None, self._owner}
        self._window.refuse(standing.host, max(until, now + TICK), now, taken=taken)

    def _renew(self, downloads: Downloads) -> None:
        if not self.store.renew(self.job, owner=self._owner, seconds=LEASE_SECONDS):
            self.store.workers.join(self.job, owner=self._owner, seconds=LEASE_SECONDS, shared=self._shared)
        lost = self._claims.renew()
        self._drop(lost, downloads)
        if (self.store.expire(self.job) or lost) and not self._shared:
            self._window.expect(self.store.hosts(self.job), time.monotonic())

    def _let_go(self, now: float, downloads: Downloads) -> None:
        idle = self._window.idle
        due = [name for name, since in idle.items() if now - since >= _IDLE_SECONDS][:_MOST_LET_GO]
        for name in due:
            del idle[name]
        self._claims.let_go(self._paces(due, downloads))

    def _give_way(self, now: float, downloads: Downloads) -> None:
        """Let go the hosts that saves wait for, as soon as nothing is under way there; ask for them later."""
        self._wanted = self._wishes.all()
        ours = self._wanted.keys() & self._claims.names
        if not ours:
            return
        self._window.leave_to_others(ours)
        free = [name for name in self._window.left(downloads) if name in ours]
        idle = [name for name in ours if not self._window.knows(name)]
        self._drop([*free, *idle], downloads)
        for name in free:
            self._window.expect((name,), now)
            self._pass_over(Standing(name, _SAVES, self._wanted[name], 0.0))

    def _look(self, crew: Crew, downloads: Downloads, *, is_idle: bool) -> None:
        if is_idle and self._window:  # with hosts that are held for longer than patience lasts
            self._drop(self._window.waits(), downloads)
        found = crew.look(self._database, hungry=self._is_hungry, idle=is_idle)
        self._is_hungry = False
        self._refused.clear()
        self._window.expect(found.free, time.monotonic())
        self._window.leave(found.surplus)
        self._drop(self._window.left(downloads), downloads)

    def _drop(self, names: Iterable[str], downloads: Downloads) -> None:
        dropped = list(names)
        leases = self._window.drop(dropped)
        with self._database.transaction():
            self.store.give_back((lease.id for lease in leases), owner=self._owner)
            self._claims.let_go(self._paces(dropped, downloads))

    def _paces(self, names: Iterable[str], downloads: Downloads) -> dict[str, float | None]:
        """Return when each host may be asked again, after what was asked of it here."""
        offset = self._database.now() - time.monotonic()
        slots = {name: downloads.slots.get(name) for name in names}
        return {
            name: slot.lastseen + slot.delay + offset if slot is not None and slot.lastseen else None
            for name, slot in slots.items()
        }

    def _monotonic(self, at: float) -> float:
        return time.monotonic() + at - self._database.now()
