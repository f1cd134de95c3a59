"""The few entries that are leased and wait in memory, and the choice of the host whose turn it is."""

from collections import OrderedDict, deque
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from typing import Any, Final, Protocol

from scrapy import Request

from crawler.frontier.store import Lease

TICK: Final = 0.25
"""Seconds between two looks, where nothing else makes the frontier look."""

_LEAST, _MOST = 2, 32
"""Entries that are leased for a host at once: so few that one of higher priority soon has its turn."""
_FAST, _SLOW = 1.0, 5.0
"""Seconds in which such a batch is used up by a host that gets twice as many next time, or half."""
_MOST_WAITING = 1024
"""Entries in memory, beyond which each host gets only one more."""
_MOST_LOOKED_AT = 256
_MOST_FILLED = 8


class Slot(Protocol):
    """A slot of Scrapy's downloader, as far as the choice depends on it."""

    concurrency: int
    delay: float
    jitter: float
    lastseen: float
    transferring: set[Request]


class Downloads(Protocol):
    """Scrapy's downloader, as far as the choice depends on it."""

    @property
    def active(self) -> AbstractSet[Request]:
        """All requests that are under way."""

    @property
    def slots(self) -> Mapping[str, Any]:
        """The slots by host."""


class Host:
    """What waits and what is under way on one host."""

    __slots__ = ("batch", "filled", "more", "name", "under_way", "waiting")

    def __init__(self, name: str, now: float) -> None:
        self.name = name
        self.waiting: deque[Lease | Request] = deque()
        self.under_way: set[Request] = set()
        self.more = False
        """Whether the store may have pending entries."""
        self.batch, self.filled = _LEAST, now

    def next_batch(self, now: float) -> int:
        """Return how many entries to lease, more for a host that uses them up fast."""
        took = now - self.filled
        if took < _FAST:
            self.batch = min(2 * self.batch, _MOST)
        elif took > _SLOW:
            self.batch = max(self.batch // 2, _LEAST)
        self.filled = now
        return self.batch


class Window:
    """Gives each host its turn: the one with the fewest requests under way is first, none gets too many.

    *concurrency* and *delay* hold for hosts that have no downloader slot yet.
    """

    def __init__(self, *, concurrency: int, delay: float) -> None:
        self._concurrency, self._delay = concurrency, delay
        # Looked at in turn, the first goes to the end.
        self._hosts: OrderedDict[str, Host] = OrderedDict()
        self._waiting = 0

    def __bool__(self) -> bool:
        return any(host.waiting or host.more for host in self._hosts.values())

    @property
    def kept(self) -> int:
        """The number of requests that wait here and are in no store."""
        return sum(isinstance(one, Request) for host in self._hosts.values() for one in host.waiting)

    @property
    def leased(self) -> int:
        """The number of leased entries that wait here."""
        return self._waiting - self.kept

    def expect(self, names: Iterable[str], now: float) -> None:
        """Take notice that the store may have entries of the hosts *names*."""
        for name in names:
            self._host(name, now).more = True

    def keep(self, name: str, request: Request, now: float) -> None:
        """Let *request* wait, which is in no store, before all leased ones."""
        waiting = self._host(name, now).waiting
        waiting.insert(sum(isinstance(one, Request) for one in waiting), request)
        self._waiting += 1

    def look(self, downloads: Downloads, now: float) -> tuple[list[Host], list[Host]]:
        """Return hosts that may get a request now: where one waits, and where the store may have one.

        They are some, not all: as many as a turn needs, each host sooner or later.
        """
        ready: list[Host] = []
        short: list[Host] = []
        looked_at = 0
        for _ in range(len(self._hosts)):
            host = next(iter(self._hosts.values()))
            self._hosts.move_to_end(host.name)
            host.under_way &= downloads.active
            if not (host.waiting or host.more):
                if not host.under_way:
                    del self._hosts[host.name]
                continue
            looked_at += 1
            if self._has_room(host, downloads.slots.get(host.name), now):
                (ready if host.waiting else short).append(host)
                if (host.waiting and not host.under_way) or len(short) == _MOST_FILLED:
                    break
            if looked_at == _MOST_LOOKED_AT:
                break
        return ready, short

    def wanted(self, short: Iterable[Host], now: float) -> dict[str, int]:
        """Return how many entries to lease for each of the hosts *short*."""
        crowded = self._waiting > _MOST_WAITING
        return {host.name: 1 if crowded else host.next_batch(now) for host in short}

    def fill(self, wanted: Mapping[str, int], leased: Iterable[Lease]) -> None:
        """Let *leased* wait; a host that got fewer than *wanted* has no more in the store."""
        for lease in leased:
            self._hosts[lease.host].waiting.append(lease)
            self._waiting += 1
        for name, number in wanted.items():
            host = self._hosts[name]
            host.more = len(host.waiting) >= number

    def take(self, hosts: Iterable[Host]) -> tuple[Host, Lease | Request] | None:
        """Return the one of *hosts* with the fewest requests under way, and what waits first there."""
        found = min((host for host in hosts if host.waiting), key=_under_way, default=None)
        if found is None:
            return None
        self._waiting -= 1
        return found, found.waiting.popleft()

    def _host(self, name: str, now: float) -> Host:
        found = self._hosts.get(name)
        if found is None:
            found = self._hosts[name] = Host(name, now)
        return found

    def _has_room(self, host: Host, slot: Slot | None, now: float) -> bool:
        under_way = len(host.under_way)
        concurrency = self._concurrency if slot is None else slot.concurrency
        if under_way >= concurrency > 0:
            return False
        delay = self._delay if slot is None else slot.delay
        if not delay:
            return True
        # A request that waits for its turn in the slot takes a place from other hosts: one, not before time.
        transferring = 0 if slot is None else len(slot.transferring)
        if under_way - transferring >= 1 + int(TICK / delay):
            return False
        return slot is None or now >= slot.lastseen + delay * (1 - min(slot.jitter, 1)) - TICK


def _under_way(host: Host) -> int:
    return len(host.under_way)
