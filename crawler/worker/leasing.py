"""The loop of a worker: it leases saves, begins them, and keeps what it holds."""

import asyncio
import logging
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from crawler.saves import Code, Save
from crawler.worker.saving import Saving
from crawler.worker.tools import Tools
from pipelines.errors import NewswarcError

logger = logging.getLogger(__name__)

LEASE_SECONDS: Final = 60.0
"""How long a lease outlives a worker of which nothing is known; renewed while it works."""
_POLL_SECONDS = 0.25
"""How often saves are looked for of which nobody told."""
_TICK_SECONDS = 0.5
_START_SECONDS = 30.0


class Leasing:
    """Takes saves as slots become free, until nothing waits (*drain*), or until it is interrupted."""

    def __init__(self, tools: Tools, *, drain: bool) -> None:
        self._tools, self._drain = tools, drain
        self._free = list(range(len(tools.recorder.slots)))
        self._tasks: dict[asyncio.Task[None], tuple[Save, Saving, int]] = {}
        self._news = asyncio.Event()
        self._interrupts = 0
        self._ticked = self._renewed = time.monotonic()

    def wake(self) -> None:
        """Look for saves now."""
        self._news.set()

    def interrupt(self) -> None:
        """Take nothing more; the second time, give up what was begun."""
        self._interrupts += 1
        self._news.set()

    async def run(self, ready: Callable[[], None]) -> None:
        """Work until the end; call *ready* once saves are taken. Raises what ends the worker."""
        await self._begin()
        ready()
        try:
            while not self._is_over():
                leased = self._take()
                # What waits may be on hosts of other workers.
                if self._tasks or not self._drain or not leased:
                    await self._wait()
                self._reap()
                self._tick()
        finally:
            await self._end()

    async def _begin(self) -> None:
        """Bring to the store what earlier workers left, and warm up; at once, or saves would wait longer."""
        self._tools.saves.sweep(timedelta(days=self._tools.config.save.keep_days))
        left = [asyncio.wrap_future(each.finish()) for each in self._tools.recorder.recordings]
        await asyncio.gather(self._tools.warm(), asyncio.wait(left, timeout=_START_SECONDS))

    def _is_over(self) -> bool:
        if self._tools.recorder.error is not None:
            raise self._tools.recorder.error
        if self._interrupts > 1:
            return True
        if self._tasks:
            return False
        return bool(self._interrupts) or (self._drain and not self._tools.saves.has_work())

    def _take(self) -> int:
        if self._interrupts or not self._free:
            return 0
        self._news.clear()
        busy = {save.host for save, saving, _ in self._tasks.values() if saving.fetching}
        leased = self._tools.saves.lease(
            owner=self._tools.owner,
            most=len(self._free),
            seconds=LEASE_SECONDS,
            busy_hosts=busy,
            per_host=None,
        )
        for save in leased:
            slot = self._free.pop()
            saving = Saving(self._tools, save, slot)
            task = asyncio.ensure_future(saving.run())
            task.add_done_callback(lambda _: self._news.set())
            self._tasks[task] = (save, saving, slot)
        return len(leased)

    async def _wait(self) -> None:
        try:
            await asyncio.wait_for(self._news.wait(), _POLL_SECONDS)
        except TimeoutError:
            return
        self._news.clear()

    def _reap(self) -> None:
        for task in [task for task in self._tasks if task.done()]:
            save, _, slot = self._tasks.pop(task)
            self._free.append(slot)
            error = None if task.cancelled() else task.exception()
            if isinstance(error, NewswarcError):
                raise error
            if error is not None:
                logger.error("save %s of %s failed", save.id, save.url, exc_info=error)
                message = "save: an error of newswarc itself; its log tells more"
                self._tools.saves.fail(
                    save.id, owner=self._tools.owner, error=Code.JOB_FAILED, message=message
                )

    def _tick(self) -> None:
        now = time.monotonic()
        if now - self._ticked < _TICK_SECONDS:
            return
        self._ticked = now
        self._tools.scheduler.write()
        self._tools.hosts.tick()
        if now - self._renewed >= LEASE_SECONDS / 4 and self._tasks:
            self._renewed = now
            ids = [save.id for save, _, _ in self._tasks.values()]
            self._tools.saves.renew(ids, owner=self._tools.owner, seconds=LEASE_SECONDS)

    async def _end(self) -> None:
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=5)
        ids = [save.id for save, _, _ in self._tasks.values()]
        self._tools.saves.put_back(ids, self._tools.owner)
        self._tools.scheduler.write()
        self._tools.hosts.close()
