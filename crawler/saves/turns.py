"""Whose turn it is: keys one after the other, and the hosts of each key one after the other.

Time is counted in leases. A lane (a key, or the outlinks of its saves) and a host have waited since their
last turn, or since their first save was added if that was later; the one that has waited longest is next. So
nobody waits for more than one turn of each of the others, however many saves those have.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple


class Head(NamedTuple):
    """The saves of one lane that wait for one host."""

    lane: str
    host: str
    first: int
    """Number of the one that was added first."""
    entered: int
    """How many leases had been given when it was added."""
    many: int


@dataclass(slots=True)
class _Lane:
    entered: int
    first: int
    hosts: dict[str, Head] = field(default_factory=dict)


class Turns:
    """Chooses saves after *clock* leases. *lanes* and *hosts* tell at which count each had its last turn."""

    def __init__(self, clock: int, *, lanes: Mapping[str, int], hosts: Mapping[str, int]) -> None:
        self.clock = clock
        self.lanes, self.hosts = dict(lanes), dict(hosts)
        self.used_lanes: dict[str, int] = {}
        self.used_hosts: dict[str, int] = {}

    def choose(self, heads: Iterable[Head], most: int, *, room: Mapping[str, int]) -> list[tuple[str, str]]:
        """Return lane and host of the next *most* saves, in order.

        *room* says how many more may be leased of a host, where that is limited. Counts the turns.
        """
        waiting: dict[str, _Lane] = {}
        left = dict(room)
        for head in heads:
            if left.get(head.host, 1) > 0:
                lane = waiting.setdefault(head.lane, _Lane(head.entered, head.first))
                lane.entered, lane.first = min(lane.entered, head.entered), min(lane.first, head.first)
                lane.hosts[head.host] = head
        chosen: list[tuple[str, str]] = []
        while waiting and len(chosen) < most:
            name = min(waiting, key=lambda each: self._lane_rank(each, waiting[each]))
            found = waiting[name].hosts
            head = min(found.values(), key=self._host_rank)
            chosen.append((name, head.host))
            self._count(head)
            _take(waiting, head, left)
        return chosen

    def _lane_rank(self, name: str, lane: _Lane) -> tuple[int, int, int]:
        last = self.lanes.get(name, -1)
        return max(last, lane.entered), last, lane.first

    def _host_rank(self, head: Head) -> tuple[int, int, int]:
        last = self.hosts.get(head.host, -1)
        return max(last, head.entered), last, head.first

    def _count(self, head: Head) -> None:
        self.clock += 1
        self.lanes[head.lane] = self.used_lanes[head.lane] = self.clock
        self.hosts[head.host] = self.used_hosts[head.host] = self.clock


def _take(waiting: dict[str, _Lane], head: Head, left: dict[str, int]) -> None:
    """Take one save of *head* from what waits, and all of its host where that has no room any more."""
    hosts = waiting[head.lane].hosts
    if head.many > 1:
        hosts[head.host] = head._replace(many=head.many - 1)
    else:
        del hosts[head.host]
    if head.host in left:
        left[head.host] -= 1
        if left[head.host] <= 0:
            for lane in waiting.values():
                lane.hosts.pop(head.host, None)
    for name in [name for name, lane in waiting.items() if not lane.hosts]:
        del waiting[name]
