"""The search index as the service has it: opened when it is first needed, and following the store."""

import asyncio
import logging
import threading
from pathlib import Path
from typing import Final

from crawler.service.context import Context
from pipelines.catalog.counting import stand
from pipelines.errors import NewswarcError, SearchBusy
from pipelines.search import Progress, SearchIndex

logger = logging.getLogger(__name__)

_AGAIN_SECONDS: Final = 600.0
"""After which the store is looked at even if the catalog has not changed."""


class _Stopped(Exception):
    """The service ends while the index takes in segments."""


class Searching:
    """The search index of a :class:`Context`'s archive. Safe for several threads."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._opening = threading.Lock()
        self._index: SearchIndex | None = None
        self._failed = ""
        self._taken: tuple[int, int] | None = None
        self.behind = False
        """Whether segments are being taken in just now, or could not be."""

    @property
    def index(self) -> SearchIndex:
        """The index; an empty one is made where there is none. Raises ``SearchError``."""
        with self._opening:
            if self._index is None:
                self._index = SearchIndex(Path(self._context.archive.search_folder))
            return self._index

    async def follow(self) -> None:
        """Take in what is new every few seconds, for ever."""
        seconds = 0.0
        while True:
            await asyncio.to_thread(self._follow, again=seconds == 0.0)
            pause = self._context.config.service.refresh
            seconds = 0.0 if seconds > _AGAIN_SECONDS else seconds + pause
            await asyncio.sleep(pause)

    def _follow(self, *, again: bool) -> None:
        try:
            self.sync(again=again)
        except (_Stopped, SearchBusy):
            return
        except NewswarcError as error:
            if str(error) != self._failed:
                logger.warning("service: the search index cannot follow for now: %s", error)
            self._failed = str(error)
        else:
            self._failed = ""

    def sync(self, *, again: bool = True) -> None:
        """Take in what is new; without *again* only where the catalog has changed since.

        Raises what :meth:`pipelines.search.SearchIndex.sync` raises.
        """
        archive = self._context.archive
        now = stand(archive.catalog)
        if now == self._taken and not again:
            return
        self.behind = True
        self.index.sync(archive.store, archive.collection, progress=self._going_on)
        self.behind, self._taken = False, now

    def _going_on(self, _: Progress) -> None:
        if self._context.stopping.is_set():
            raise _Stopped
