"""How a save goes, told as it goes: server-sent events (WHATWG HTML §9.2)."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any, Final

import orjson
from anyio.to_thread import run_sync
from fastapi import APIRouter
from fastapi.responses import Response, StreamingResponse

from crawler.saves import Save
from crawler.service import told
from crawler.service.context import Context
from crawler.service.errors import Refused

LOOK_EVERY: Final = 0.1
"""Seconds between two looks at the saves that clients wait for."""
_ALIVE_EVERY: Final = 15.0


class Watch:
    """Looks at the saves that clients wait for: at all of them with one question, however many wait.

    Of one event loop.
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        self._waited_for: Counter[str] = Counter()
        self._round: asyncio.Task[dict[str, Save | None]] | None = None

    async def looks(self, job: str) -> AsyncIterator[Save | None]:
        """Yield the save *job* as it stands, now and at every further look; None where there is none.

        Ends when the service does.
        """
        yield (await run_sync(self._find, [job]))[job]
        self._waited_for[job] += 1
        try:
            while not self._context.stopping.is_set():
                found = await self._next_round()
                if job in found:  # it may have come when the question was asked already
                    yield found[job]
        finally:
            self._waited_for -= Counter((job,))

    async def ended(self, job: str, *, within: float) -> Save | None:
        """Return the save *job* when it has ended, or as it stands after so many seconds; None for none."""
        deadline = time.monotonic() + within
        last: Save | None = None
        async for save in self.looks(job):
            last = save or last
            if save is None or not save.pending or time.monotonic() > deadline:
                break
        return last

    async def _next_round(self) -> dict[str, Save | None]:
        if self._round is None:
            self._round = asyncio.create_task(self._look())
        # A client that goes away must not take the answer from the others.
        return await asyncio.shield(self._round)

    async def _look(self) -> dict[str, Save | None]:
        try:
            await asyncio.sleep(LOOK_EVERY)
            return await run_sync(self._find, list(self._waited_for))
        finally:
            self._round = None

    def _find(self, jobs: list[str]) -> dict[str, Save | None]:
        with self._context.saves() as saves:
            found = saves.find(jobs)
        return {job: found.get(job) for job in jobs}


def events_router(context: Context, watch: Watch) -> APIRouter:
    """Return ``GET /save/events/<id>``: an event ``progress`` for each change, and ``done`` at the end."""
    router = APIRouter()

    @router.get("/save/events/{job}")
    async def events(job: str) -> Response:
        if await watch.ended(job, within=0) is None:
            raise Refused(404, "error:not-found", told.unknown(job)["message"])
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        content = _events(context, watch, job)
        return StreamingResponse(content, media_type="text/event-stream", headers=headers)

    return router


async def _events(context: Context, watch: Watch, job: str) -> AsyncIterator[bytes]:
    before: Save | None = None
    spoken = time.monotonic()
    async for save in watch.looks(job):
        if save is None:  # swept meanwhile
            return
        if save != before:
            before, spoken = save, time.monotonic()
            content = await run_sync(told.status, context, save)
            yield _event("progress" if save.pending else "done", content)
        elif time.monotonic() - spoken > _ALIVE_EVERY:
            spoken = time.monotonic()
            yield b": still here\n\n"
        if not save.pending:
            return


def _event(name: str, content: dict[str, Any]) -> bytes:
    return b"event: %b\ndata: %b\n\n" % (name.encode(), orjson.dumps(content))
