"""The search index follows what saves publish: in a thread, for all saves together that end at once."""

import asyncio
import logging
import time
from typing import Final

from pipelines.archive import Archive
from pipelines.errors import NewswarcError, SearchBusy
from pipelines.search import SearchIndex

logger = logging.getLogger(__name__)

PATIENCE_SECONDS: Final = 10.0
"""How long a save waits for the index; what is not in by then, a later sync takes in."""
_BUSY_SECONDS = 0.05
_BUSY_TRIES = 40


class Indexing:
    """Brings the search index up to what is published. On the reactor's thread."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._index: SearchIndex | None = None
        self._next: asyncio.Future[bool] | None = None
        self._running: asyncio.Task[None] | None = None

    async def take_in(self) -> bool:
        """Return once what was published before is in the index; False where it is not, or not in time."""
        if self._next is None:
            self._next = asyncio.get_running_loop().create_future()
        told = self._next
        if self._running is None or self._running.done():
            self._running = asyncio.ensure_future(self._work())
        try:
            return await asyncio.wait_for(asyncio.shield(told), PATIENCE_SECONDS)
        except TimeoutError:
            return False

    async def _work(self) -> None:
        while self._next is not None:
            told, self._next = self._next, None
            done = await asyncio.to_thread(self._sync)
            if not told.done():
                told.set_result(done)

    def _sync(self) -> bool:
        for _ in range(_BUSY_TRIES):
            try:
                self._synced()
            except SearchBusy:
                # Who writes may have begun before our segment was there.
                time.sleep(_BUSY_SECONDS)
            except NewswarcError as err:
                logger.warning("search: not brought up to date, the next sync does it: %s", err)
                return False
            except Exception:
                logger.exception("search: not brought up to date")
                return False
            else:
                return True
        return False

    def _synced(self) -> None:
        if self._index is None:
            self._index = SearchIndex(self._archive.search_folder)
        self._index.sync(self._archive.store, self._archive.collection)
