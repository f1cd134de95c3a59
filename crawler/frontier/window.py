"""The few entries that are leased and wait in memory, and the choice of the host whose turn it is."""

from collections import OrderedDict, deque
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from heapq import heappop, heappush
from itertools import chain
from typing import Any, Final, Protocol

from scrapy import Request

from crawler.frontier.model import Lease

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
_LONGEST_WAIT = 15.0
"""Seconds after which, at the latest, a host that another worker has is asked for again."""


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

    __slots__ = (
        "batch",
        "filled",
        "free_at",
        "leaving",
        "more",
        "name",
        "refused",
        "tries",
        "under_way",
        "waiting",
    )

    def __init__(self, name: str, now: float) -> None:
        self.name = name
        self.waiting: deque[Lease | Request] = deque()
        self.under_way: set[Request] = set()
        self.more = False
        """Whether the store may have pending entries."""
        self.batch, self.filled = _LEAST, now
        self.free_at = now
        """When it may be asked, as far as is known."""
        self.refused: float | None = None
        """Since when another worker has it."""
        self.tries = 0
        self.leaving = False
        """Whether it gets no more requests, and is let go when none is under way."""

    def next_batch(self, now: float) -> int:
        """Return how many entries to lease, more for a host that uses them up fast."""
        took = now - self.filled
        if took < _FAST:
            self.batch = min(2 * self.batch, _MOST)
        elif took > _SLOW:
            self.batch = max(self.batch // 2, _LEAST)
        self.filled = now
        return self.batch

    @property
    def wants_turn(self) -> bool:
        """Whether anything is left to hand out, here or in the store."""
        return bool(self.waiting) or self.more


class Window:
    """Gives each host its turn: the one with the fewest requests under way is first, none gets too many.

    *concurrency* and *delay* hold for hosts that have no downloader slot yet. Hosts that may not be asked
    before some time, or that another worker has, are parked until then, and cost nothing meanwhile. Times
    are seconds of the monotonic clock.
    """

    def __init__(self, *, concurrency: int, delay: float) -> None:
        self._concurrency, self._delay = concurrency, delay
        # Looked at in turn, the first goes to the end.
        self._hosts: OrderedDict[str, Host] = OrderedDict()
        self._parked: dict[str, Host] = {}
        self._alarms: list[tuple[float, str]] = []
        self._waiting = 0
        self.idle: dict[str, float] = {}
        """Hosts of which nothing waits or is under way, and since when; the owner takes them out."""

    def __bool__(self) -> bool:
        return any(host.wants_turn for host in self._all())

    @property
    def kept(self) -> int:
        """The number of requests that wait here and are in no store."""
        return sum(isinstance(one, Request) for host in self._all() for one in host.waiting)

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

    def park(self, name: str, until: float, now: float) -> None:
        """Pass the host *name* over before *until*."""
        host = self._host(name, now)
        host.free_at = max(host.free_at, until)
        self._park(host, host.free_at)

    def refuse(self, name: str, until: float, now: float, *, taken: bool) -> None:
        """Pass the host *name* over until it may be had: another worker has it if *taken*.

        Who has a host may let it go long before its claim ends, so it is asked for again now and then.
        """
        host = self._host(name, now)
        host.free_at = until
        if taken:
            host.refused = now if host.refused is None else host.refused
            self._park(host, now + min(2.0**host.tries, _LONGEST_WAIT))
            host.tries += 1
        else:
            host.refused, host.tries = None, 0
            self._park(host, until)

    def drop(self, names: Iterable[str]) -> list[Lease]:
        """Forget the hosts *names*, but for requests that are in no store; return the leases that waited."""
        dropped: list[Lease] = []
        for name in names:
            host = self._found(name)
            if host is not None:
                leases = [one for one in host.waiting if isinstance(one, Lease)]
                self._waiting -= len(leases)
                dropped += leases
                host.waiting = deque(one for one in host.waiting if isinstance(one, Request))
                host.more = host.leaving = False
                self.forget(name)
        return dropped

    def forget(self, name: str) -> bool:
        """Forget the host *name*, or return False where anything waits for it here."""
        host = self._found(name)
        if host is not None and host.waiting:
            return False
        self._hosts.pop(name, None)
        self._parked.pop(name, None)
        return True

    def leave(self, most: int) -> None:
        """Hand out nothing more for as many as *most* hosts, those first with the least under way."""
        able = [host for host in self._all() if not any(isinstance(one, Request) for one in host.waiting)]
        for host in sorted(able, key=_under_way)[:most]:
            host.leaving = True

    def leave_to_others(self, names: Iterable[str]) -> None:
        """Hand out nothing more for the hosts *names* before they are dropped."""
        for host in filter(None, map(self._found, names)):
            host.leaving = True

    def knows(self, name: str) -> bool:
        """Return whether anything of the host *name* waits or is under way, as far as is known here."""
        return self._found(name) is not None

    def left(self, downloads: Downloads) -> list[str]:
        """Return the hosts that get no more requests, and of which none is under way."""
        leaving = [host for host in self._all() if host.leaving]
        for host in leaving:
            host.under_way &= downloads.active
        return [host.name for host in leaving if not host.under_way]

    def waits(self) -> dict[str, float]:
        """Return the hosts of which something waits, and when each may be asked, as far as is known."""
        return {host.name: host.free_at for host in self._all() if host.wants_turn}

    def is_stuck(self, now: float, patience: float) -> bool:
        """Return whether something waits, but only for hosts that cannot be had for *patience* seconds."""
        if any(host.wants_turn for host in self._hosts.values()):
            return False
        parked = [host for host in self._parked.values() if host.wants_turn]
        return bool(parked) and all(_is_out_of_reach(host, now, patience) for host in parked)

    def look(self, downloads: Downloads, now: float) -> tuple[list[Host], list[Host]]:
        """Return hosts that may get a request now: where one waits, and where the store may have one.

        They are some, not all: as many as a turn needs, each host sooner or later.
        """
        self._wake(now)
        ready: list[Host] = []
        short: list[Host] = []
        looked_at = 0
        for _ in range(len(self._hosts)):
            host = next(iter(self._hosts.values()))
            self._hosts.move_to_end(host.name)
            host.under_way &= downloads.active
            if not host.wants_turn or host.leaving:
                self._set_aside(host, now)
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
            host.refused, host.tries = None, 0

    def take(self, hosts: Iterable[Host]) -> tuple[Host, Lease | Request] | None:
        """Return the one of *hosts* with the fewest requests under way, and what waits first there."""
        found = min((host for host in hosts if host.waiting), key=_under_way, default=None)
        if found is None:
            return None
        self._waiting -= 1
        return found, found.waiting.popleft()

    def _all(self) -> Iterator[Host]:
        return chain(self._hosts.values(), self._parked.values())

    def _found(self, name: str) -> Host | None:
        return self._hosts.get(name) or self._parked.get(name)

    def _host(self, name: str, now: float) -> Host:
        found = self._found(name)
        if found is None:
            found = self._hosts[name] = Host(name, now)
            self.idle.pop(name, None)
        return found

    def _park(self, host: Host, until: float) -> None:
        self._hosts.pop(host.name, None)
        self._parked[host.name] = host
        heappush(self._alarms, (until, host.name))

    def _set_aside(self, host: Host, now: float) -> None:
        if not (host.wants_turn or host.under_way):
            del self._hosts[host.name]
            self.idle[host.name] = now

    def _wake(self, now: float) -> None:
        while self._alarms and self._alarms[0][0] <= now:
            _, name = heappop(self._alarms)
            host = self._parked.get(name)
            # One that another worker has is asked for again before its claim would end.
            if host is not None and (host.refused is not None or host.free_at <= now):
                self._hosts[name] = self._parked.pop(name)

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


def _is_out_of_reach(host: Host, now: float, patience: float) -> bool:
    if host.refused is not None:
        return now - host.refused >= patience
    return host.free_at - now > patience
