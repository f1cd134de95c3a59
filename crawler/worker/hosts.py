"""Which hosts a worker may ask, and when: claimed as crawls claim them, with right of way."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

from crawler.frontier.hosts import HostStore
from crawler.frontier.wanted import WANTED_SECONDS, WantedHosts
from crawler.politeness.pacing import Pacer
from crawler.politeness.terms import HostTerms
from crawler.scope import Reason
from crawler.state import Database
from crawler.worker.refusal import Refused

CLAIM_SECONDS: Final = 120.0
"""How long a claim outlives an owner of which nothing is known; renewed while it works."""
_IDLE_SECONDS = 1.0
"""How long a host is kept that no save uses."""
_LOOK_SECONDS = 0.1
"""How often a host is asked for that somebody else has."""


@dataclass(slots=True)
class _Host:
    users: int = 0
    claimed: bool = False
    used: float = 0.0
    """When the last user left, by the monotonic clock."""
    next_page: float = 0.0
    """When the next page may be asked for."""
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class HostUse:
    """The hosts that saves of this worker use. On the reactor's thread.

    Raises what :class:`Database` does.
    """

    def __init__(self, database: Database, pacer: Pacer, page_terms: HostTerms, *, owner: str) -> None:
        self._database, self._pacer, self._page_terms, self._owner = database, pacer, page_terms, owner
        self._store, self._wanted = HostStore(database), WantedHosts(database)
        self._hosts: dict[str, _Host] = {}
        self._renewed = time.monotonic()

    @asynccontextmanager
    async def using(self, name: str, *, deadline: float) -> AsyncIterator[None]:
        """Have the host *name* while this lasts.

        Raises :class:`Refused` where it cannot be had before *deadline*, by the monotonic clock.
        """
        host = self._hosts.setdefault(name, _Host())
        host.users += 1
        try:
            if not host.claimed:
                async with host.lock:
                    await self._claim(name, host, deadline)
            yield
        finally:
            host.users -= 1
            host.used = time.monotonic()

    async def page_turn(self, name: str, *, deadline: float) -> None:
        """Wait until a page of the host *name*, which is in use, may be asked for.

        Raises :class:`Refused` where that is not before *deadline*.
        """
        host, pace = self._hosts[name], self._pacer[name]
        turn = max(host.next_page, time.monotonic())
        trouble = pace.delay if pace.crawl_delay or pace.widened else 0.0
        if turn > deadline:
            raise Refused(Reason.TIMEOUT, f"{name} is asked for a page only so often", overtime=True)
        host.next_page = turn + max(self._page_terms[name].delay, trouble)
        await asyncio.sleep(max(0.0, turn - time.monotonic()))

    def tick(self) -> None:
        """Renew the claims, and let hosts go that nobody uses any more. To be called about once a second."""
        now = time.monotonic()
        self._let_go([name for name, host in self._hosts.items() if _is_idle(host, now)])
        if now - self._renewed >= CLAIM_SECONDS / 4:
            self._renewed = now
            ours = self._store.renew(owner=self._owner, seconds=CLAIM_SECONDS)
            for name, host in self._hosts.items():
                host.claimed = name in ours

    def close(self) -> None:
        """Let all hosts go."""
        self._let_go(list(self._hosts))

    async def _claim(self, name: str, host: _Host, deadline: float) -> None:
        wished = -WANTED_SECONDS
        while not host.claimed:
            if self._store.claim([name], owner=self._owner, seconds=CLAIM_SECONDS):
                host.claimed = True
                break
            now = time.monotonic()
            wait = self._until_free(name)
            if now + wait > deadline:
                raise Refused(Reason.RATE_LIMITED, f"{name} may not be asked before {wait:.0f} s are over")
            if now - wished > WANTED_SECONDS / 2:
                wished = now
                self._wanted.want(name)
            await asyncio.sleep(min(max(wait, _LOOK_SECONDS), 1.0))
        if wished > 0:
            self._wanted.forget([name])

    def _until_free(self, name: str) -> float:
        """Return for how many seconds *name* surely may not be asked, whoever has it."""
        pace = self._store.pace(name)
        if pace is None or pace.not_before is None:
            return 0.0
        return max(0.0, pace.not_before - self._database.now())

    def _let_go(self, names: list[str]) -> None:
        now, offset = time.monotonic(), self._database.now() - time.monotonic()
        released: dict[str, float | None] = {}
        for name in names:
            host = self._hosts.pop(name)
            if host.claimed:
                released[name] = max(host.next_page, host.used) + offset if host.next_page > now else None
        if released:
            self._store.release_all(released, owner=self._owner)


def _is_idle(host: _Host, now: float) -> bool:
    return not host.users and now - host.used >= _IDLE_SECONDS and host.next_page <= now + _IDLE_SECONDS
