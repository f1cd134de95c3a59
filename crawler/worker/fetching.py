"""One request of a save: through Scrapy's downloader and our politeness, within a time."""

import asyncio
import time
from asyncio import Task
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from crawler.politeness import REFUSAL
from crawler.politeness.failures import may_pass
from crawler.politeness.pacing import HeldBack, Pacer, asked_for, host_of, wants_patience
from crawler.recorder.failures import reason_of
from crawler.recorder.recorder import RECORDED, RECORDING, Recorder
from crawler.scope import Reason
from crawler.spiders.middlewares import CODED
from crawler.worker.hosts import HostUse
from crawler.worker.refusal import Refused
from pipelines.errors import NewswarcError
from pipelines.model import Recorded

_LEAST_SECONDS: Final = 0.1
_PASSING = frozenset({Reason.RATE_LIMITED, Reason.ROBOTS_UNREACHABLE})


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for, and for whom."""

    url: str
    slot: int
    """The recording that it goes to."""
    deadline: float
    """By the monotonic clock."""
    meta: dict[str, Any]
    headers: dict[str, str]
    begin: Callable[[], float] | None = None
    """Of a page: called when it is its turn to be asked for, gives the deadline from there on."""


class Fetching:
    """Carries out requests. On the reactor's thread."""

    def __init__(self, crawler: Crawler, recorder: Recorder, pacer: Pacer, hosts: HostUse) -> None:
        self._crawler, self._recorder, self._pacer, self._hosts = crawler, recorder, pacer, hosts
        self._retries = crawler.settings.getint("RETRY_TIMES")
        self._timeout = crawler.settings.getfloat("DOWNLOAD_TIMEOUT")
        self._under_way: dict[int, set[Task[Response]]] = {}

    async def fetch(self, asked: Asked) -> tuple[Response, Recorded]:
        """Return the answer and where it is recorded.

        Raises :class:`Refused` where it was not sent, or no whole answer came in time.
        """
        host = urlsplit(asked.url).hostname or ""
        attempt = 0
        while True:
            async with self._hosts.using(host, deadline=asked.deadline):
                if asked.begin is not None:
                    await self._hosts.page_turn(host, deadline=asked.deadline)
                    asked = replace(asked, deadline=asked.begin())
                try:
                    response = await self._once(asked)
                except Refused as err:
                    attempt += 1
                    await self._wait_or_raise(asked, err, attempt)
                    continue
            patience = asked_for(response) if wants_patience(response) else None
            if patience is None or not self._has_time(asked, patience):
                return response, response.meta[RECORDED]
            await asyncio.sleep(patience)

    async def settle(self, slot: int) -> None:
        """Wait until nothing is under way for *slot* any more."""
        tasks = self._under_way.pop(slot, set())
        if tasks:
            await asyncio.wait(tasks)

    async def _once(self, asked: Asked) -> Response:
        request = self._request(asked)
        engine: Any = self._crawler.engine
        task: Task[Response] = asyncio.ensure_future(engine.download_async(request))
        self._under_way.setdefault(asked.slot, set()).add(task)
        task.add_done_callback(self._under_way[asked.slot].discard)
        await asyncio.wait({task}, timeout=max(asked.deadline - time.monotonic(), 0) + _LEAST_SECONDS)
        if not task.done():
            self._take_back(request)
            task.add_done_callback(_ignore)
            raise Refused(Reason.TIMEOUT, f"no answer from {asked.url} in the time that a save has")
        return self._result(request, task)

    def _result(self, request: Request, task: Task[Response]) -> Response:
        error = task.exception()
        if error is None:
            return task.result()
        if isinstance(error, IgnoreRequest):
            reason = request.meta.get(REFUSAL) or Reason.INTERNAL
            self._recorder.refuse(request, reason, str(error))
            raise Refused(reason, str(error)) from error
        if isinstance(error, HeldBack):
            raise Refused(Reason.RATE_LIMITED, str(error)) from error
        if isinstance(error, NewswarcError) and reason_of(error) is Reason.INTERNAL:
            raise error
        raise Refused(reason_of(error), str(error) or type(error).__name__) from error

    async def _wait_or_raise(self, asked: Asked, err: Refused, attempt: int) -> None:
        """Return when the request may be tried again; raise *err* where it shall not be."""
        host = urlsplit(asked.url).hostname or ""
        held = self._pacer.held(host)
        if err.reason in _PASSING:
            again = (held > 0 or attempt <= 2) and self._has_time(asked, held)
            pause = held + 0.01
        else:
            cause = err.__cause__
            again = cause is not None and may_pass(cause) and attempt <= self._retries
            pause = 2.0 ** (attempt - 1)
        if not again or not self._has_time(asked, pause):
            raise err
        await asyncio.sleep(pause)

    def _has_time(self, asked: Asked, pause: float) -> bool:
        return time.monotonic() + pause < asked.deadline

    def _request(self, asked: Asked) -> Request:
        left = asked.deadline - time.monotonic()
        if left <= 0:
            raise Refused(Reason.TIMEOUT, f"no time was left to ask for {asked.url}")
        meta = {
            RECORDING: asked.slot,
            CODED: True,
            "dont_redirect": True,
            # What comes again is decided here, not in a frontier.
            "dont_retry": True,
            "download_timeout": min(self._timeout, left),
            **asked.meta,
        }
        if urlsplit(asked.url).path == "/robots.txt":
            # As a page it is fetched like one; the kept copy would be no capture.
            meta["dont_obey_robotstxt"] = True
        return Request(asked.url, callback=NO_CALLBACK, meta=meta, headers=asked.headers, dont_filter=True)

    def _take_back(self, request: Request) -> None:
        """Take *request* out of its host's queue, if it still waits there."""
        engine: Any = self._crawler.engine
        slot = engine.downloader.slots.get(host_of(request))
        for entry in [*(slot.queue if slot is not None else ())]:
            if entry[0] is request:
                slot.queue.remove(entry)
                entry[1].errback(HeldBack("the save that asked for it has ended"))


def _ignore(task: Task[Response]) -> None:
    """Look at what came too late, so that nobody complains that nobody did."""
    if not task.cancelled():
        task.exception()
