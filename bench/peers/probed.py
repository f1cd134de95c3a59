"""The process of a crawl job, with a probe in its reactor; started like ``crawler.jobs.child``.

The probe tells how late timers of 5 ms fire, what kept the reactor from them, how long the garbage collector
stopped it, and what CPU each thread took. It writes to the file that ``BENCH_PROBE`` names.
"""

import asyncio.events
import gc
import json
import os
import re
import signal
import sys
import threading
import time
import traceback
from collections import Counter
from pathlib import Path
from types import FrameType
from typing import Any, Self

from scrapy import signals
from scrapy.crawler import Crawler

import crawler.jobs.child
import crawler.project

PERIOD = 0.005
"""Seconds after which the probe's timer should fire, and a call counts as one that blocks."""
_DEEPEST = 6
"""How many frames of a call that blocks are told."""


class Probe:
    """A Scrapy extension that watches the reactor from the start of the engine to the end of the process."""

    def __init__(self, crawler_: Crawler) -> None:
        self._late: list[float] = []
        self._calls: list[float] = []
        self._blocked: list[tuple[float, float, str]] = []
        self._stacks: Counter[str] = Counter()
        self._collections: list[float] = []
        self._threads: dict[str, list[float]] = {}
        crawler_.signals.connect(self._start, signals.engine_started)
        crawler_.signals.connect(self._note_threads, signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler_: Crawler) -> Self:
        """Return the probe of *crawler_*."""
        return cls(crawler_)

    def _start(self) -> None:
        from twisted.internet import reactor  # noqa: PLC0415 - which reactor it is, is settled only now

        running: Any = reactor
        running.addSystemEventTrigger("after", "shutdown", self._write)
        self._before = thread_times()
        self._loop = asyncio.get_running_loop()
        self._collecting = 0.0
        gc.callbacks.append(self._collected)
        signal.signal(signal.SIGALRM, self._is_blocked)
        self._wrap()
        self._arm()

    def _arm(self) -> None:
        self._due = self._loop.time() + PERIOD
        self._loop.call_at(self._due, self._fired)

    def _fired(self) -> None:
        self._late.append(self._loop.time() - self._due)
        self._arm()

    def _wrap(self) -> None:
        """Time every call of the event loop; SIGALRM tells where one is that takes too long."""
        inner = asyncio.events.Handle._run  # noqa: SLF001 - the one place all calls pass

        def timed(handle: Any) -> None:  # noqa: ANN401 - private to asyncio
            name = None
            signal.setitimer(signal.ITIMER_REAL, PERIOD)
            wall, cpu = time.monotonic(), time.thread_time()
            try:
                inner(handle)
            finally:
                wall, cpu = time.monotonic() - wall, time.thread_time() - cpu
                signal.setitimer(signal.ITIMER_REAL, 0)
                self._calls.append(cpu)
                if wall >= PERIOD:
                    name = _name(handle)
                    self._blocked.append((wall, cpu, name))

        asyncio.events.Handle._run = timed  # type: ignore[assignment, method-assign] # noqa: SLF001

    def _is_blocked(self, _: int, frame: FrameType | None) -> None:
        lines = traceback.extract_stack(frame)[-_DEEPEST:]
        inner = [f"{line.name} ({_file(line.filename)}:{line.lineno})" for line in reversed(lines)]
        self._stacks[" < ".join(inner)] += 1

    def _collected(self, phase: str, _: dict[str, int]) -> None:
        if phase == "start":
            self._collecting = time.monotonic()
        else:
            self._collections.append(time.monotonic() - self._collecting)

    def _note_threads(self) -> None:
        for name, values in thread_times().items():
            known = self._before.get(name, [0.0] * len(values))
            self._threads[name] = [now - then for now, then in zip(values, known, strict=True)]

    def _write(self) -> None:
        self._blocked.sort(reverse=True)
        told = {
            "timers": len(self._late),
            "late": summary(self._late),
            "calls": summary(self._calls),
            "over_wall": len(self._blocked),
            "over_cpu": sum(cpu >= PERIOD for _, cpu, _ in self._blocked),
            "worst": [(wall * 1000, cpu * 1000, name) for wall, cpu, name in self._blocked[:12]],
            "worst_cpu": sorted(((cpu * 1000, name) for _, cpu, name in self._blocked), reverse=True)[:12],
            "stacks": self._stacks.most_common(12),
            "collections": summary(self._collections),
            "threads": self._threads,
        }
        Path(os.environ["BENCH_PROBE"]).write_text(json.dumps(told, indent=1), encoding="utf-8")


def summary(seconds: list[float]) -> dict[str, float]:
    """Return milliseconds: median, 99th percentile, most, and the sum of all."""
    ordered = sorted(seconds) or [0.0]
    last = len(ordered) - 1
    at = {
        "p50": ordered[last // 2],
        "p99": ordered[last * 99 // 100],
        "max": ordered[last],
        "sum": sum(ordered),
    }
    return {name: value * 1000 for name, value in at.items()}


def thread_times() -> dict[str, list[float]]:
    """Return CPU seconds, seconds of waiting for a core, and context switches, by the threads' names."""
    times: dict[str, list[float]] = {}
    for thread in threading.enumerate():
        place = Path(f"/proc/self/task/{thread.native_id}")
        try:
            on_core, waited, *_ = place.joinpath("schedstat").read_text().split()
            switches = re.findall(r"ctxt_switches:\s+(\d+)", place.joinpath("status").read_text())
        except OSError:
            continue
        values = [int(on_core) / 1e9, int(waited) / 1e9, sum(map(float, switches))]
        name = re.sub(r"[-\d]+$", "", thread.name)
        times[name] = [a + b for a, b in zip(times.get(name, [0.0] * 3), values, strict=True)]
    return times


def _name(handle: Any) -> str:  # noqa: ANN401 - private to asyncio
    callback = handle._callback  # noqa: SLF001
    task = getattr(callback, "__self__", None)
    coroutine = getattr(task, "get_coro", lambda: None)()
    arguments = " ".join(type(value).__name__ for value in handle._args or ())  # noqa: SLF001
    return f"{getattr(coroutine or callback, '__qualname__', repr(callback)[:80])} {arguments}".strip()


def _file(path: str) -> str:
    return "/".join(Path(path).parts[-2:])


if __name__ == "__main__":
    crawler.project.EXTENSIONS["bench.peers.probed.Probe"] = 1
    sys.exit(crawler.jobs.child.main())
