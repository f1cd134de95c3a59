"""A job that several workers share: who has which hosts, who needs some, and whether all is done."""

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

from crawler.frontier.hosts import HostStore
from crawler.frontier.model import Standing, Worker
from crawler.frontier.owner import is_gone
from crawler.frontier.store import FrontierStore
from crawler.state import Database

LOOK_SECONDS: Final = 1.0
"""How often a worker looks at what the others do."""

_SOME, _MANY = 256, 4096
"""Hosts that are looked at once, by a worker that is busy and by one that has nothing else to do."""


class View(NamedTuple):
    """What a look around brought."""

    free: list[str]
    """Hosts that can be claimed."""
    surplus: int
    """How many hosts to let go for another worker, which has too few."""


class Crew:
    """What the worker *owner* of the shared *job* knows of the others.

    A worker claims its share of the hosts and no more. Where one has found too few, those that have more
    than their share let hosts go.
    """

    def __init__(
        self, store: FrontierStore, hosts: HostStore, job: int, *, owner: str, patience: float
    ) -> None:
        self._store, self._hosts, self._job = store, hosts, job
        self._owner, self._patience = owner, patience
        self._told = (False, False)
        self._after = ""
        self._foreign: dict[str, float] = {}
        self.share = _SOME
        """How many hosts the worker may have."""
        self.is_over = False
        """Whether nothing is left to do for the worker, now or later."""
        self.waits: dict[str, float] = {}
        """Hosts that were given up waiting for, and until when they are held, in seconds since 1970."""

    def look(self, database: Database, *, hungry: bool, idle: bool) -> View:
        """Look at the other workers, and tell them whether this one is *hungry* for hosts, or *idle*."""
        now = database.now()
        with database.transaction():
            self._store.bury(self._job)
            workers = self._store.workers.all(self._job)
            claimed = self._hosts.claimed(worker.owner for worker in workers)
            free = self._free(workers, now, idle=idle) if hungry or idle else []
            self._tell(hungry=(hungry or idle) and not free, idle=idle and not free)
            self.is_over = idle and not free and (bool(self.waits) or self._is_all_done(workers))
        self.share = max(1, math.ceil((sum(claimed.values()) + len(free)) / max(len(workers), 1)))
        starving = any(
            worker.hungry and worker.owner != self._owner and claimed.get(worker.owner, 0) < self.share
            for worker in workers
        )
        return View(free, max(claimed.get(self._owner, 0) - self.share, 0) if starving else 0)

    def _tell(self, *, hungry: bool, idle: bool) -> None:
        if self._told != (hungry, idle):
            self._told = hungry, idle
            self._store.workers.tell(self._job, owner=self._owner, hungry=hungry, idle=idle)

    def _free(self, workers: Sequence[Worker], now: float, *, idle: bool) -> list[str]:
        most = _MANY if idle else _SOME
        after = "" if idle else self._after
        found = self._store.waiting_hosts(self._job, after=after, most=most)
        self._after = found[-1].host if len(found) == most else ""
        free = [one.host for one in found if self._is_free(one, now)]
        self.waits = {}
        if idle and not free and len(found) < most and self._are_out_of_reach(found, workers, now):
            self.waits = {one.host: one.free_at(now) for one in found}
        return free

    def _is_free(self, one: Standing, now: float) -> bool:
        return one.free_at(now) <= now or (one.owner is not None and is_gone(one.owner))

    def _are_out_of_reach(self, found: Sequence[Standing], workers: Sequence[Worker], now: float) -> bool:
        ours = {worker.owner for worker in workers}
        foreign = {one.host for one in found if one.owner is not None and one.until > now}
        self._foreign = {host: self._foreign.get(host, now) for host in foreign}
        if self._busy(workers) - {None}:
            return False
        return bool(found) and all(
            one.owner not in ours and now - self._foreign[one.host] >= self._patience
            if one.host in foreign
            else one.not_before - now > self._patience
            for one in found
        )

    def _busy(self, workers: Sequence[Worker]) -> set[str | None]:
        """Return who works at something that more may come of; None where something is pending.

        What an idle worker has leased was made, but its spider never said that it is through.
        """
        resting = {worker.owner for worker in workers if worker.idle}
        return self._store.holders(self._job) - resting - {self._owner}

    def _is_all_done(self, workers: Sequence[Worker]) -> bool:
        return not self._busy(workers)
