"""What all requests share: the archive, the state database, the take-downs, and where clients reach us."""

import asyncio
import copy
import logging
import queue
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Final, NamedTuple

from fastapi import Request

from crawler.config import Config
from crawler.recorder.addresses import AddressPolicy
from crawler.recorder.archives import open_archive
from crawler.saves import Keys, Saves
from crawler.state import Database
from pipelines.archive import Archive
from pipelines.errors import NewswarcError, StorageError
from pipelines.model import Capture
from pipelines.takedown import Register, Standing, Takedown

logger = logging.getLogger(__name__)

STALE_AFTER: Final = 60.0
"""Seconds after which nothing is shown by take-downs that could not be read anew."""


class _State(NamedTuple):
    database: Database
    saves: Saves
    keys: Keys


class Context:
    """One archive as the service sees it. Safe for several threads.

    *archive* is the one that *config* names unless given; :meth:`close` closes it. *wake* is called whenever
    a save was added, *saving* tells whether anybody carries saves out. Raises what opening an archive and
    its take-downs raises.
    """

    def __init__(
        self,
        config: Config,
        *,
        archive: Archive | None = None,
        wake: Callable[[], None] = lambda: None,
        saving: Callable[[], bool] = lambda: True,
    ) -> None:
        self.config: Final = config
        self.archive: Final = archive or open_archive(config)
        self.wake: Final = wake
        self.saving: Final = saving
        self.addresses: Final = AddressPolicy(map(str, config.crawl.allow_address))
        """Which addresses may be asked."""
        self.stopping = threading.Event()
        """Set when the server is to end: who waits for something on behalf of a client stops waiting."""
        self._states: queue.LifoQueue[_State] = queue.LifoQueue()
        self._register = Register(self.archive.store, self.archive.collection)
        self._refreshed = time.monotonic()
        self._syncing = threading.Lock()
        self._failed = ""

    @property
    def collection(self) -> str:
        """Name of the collection."""
        return self.archive.collection

    @property
    def register(self) -> Register:
        """The take-downs. Raises ``StorageError`` where they could not be read for a minute."""
        if time.monotonic() - self._refreshed > max(STALE_AFTER, 3 * self.config.service.refresh):
            raise StorageError("service: take-downs cannot be read, so nothing is shown; the log tells why")
        return self._register

    def standing(self, capture: Capture) -> tuple[Standing, Takedown | None]:
        """Return whether *capture* may be shown, and by which take-down it may not."""
        return self.register.standing(capture)

    def shows(self, capture: Capture) -> bool:
        """Return whether *capture* may be shown."""
        return self.register.shows(capture)

    @contextmanager
    def saves(self) -> Iterator[Saves]:
        """Give the queue of saves, for this thread and this block alone."""
        with self._state() as state:
            yield state.saves

    @contextmanager
    def keys(self) -> Iterator[Keys]:
        """Give the API keys, for this thread and this block alone."""
        with self._state() as state:
            yield state.keys

    def base_url(self, request: Request) -> str:
        """Return where clients reach the service, without a slash at the end."""
        return self.config.service.base_url or _asked_for(request)

    def replay_base_url(self, request: Request) -> str:
        """Return where clients reach archived pages: the replay port where there is one, else the service."""
        service = self.config.service
        if service.replay_base_url:
            return service.replay_base_url
        if service.replay_port is None:
            return self.base_url(request)
        # The name that the client knows this machine by, with the other port.
        return f"{request.url.scheme}://{_host_of(request)}:{service.replay_port}"

    def refresh(self, *, full: bool = False) -> None:
        """Bring catalog and take-downs up to what is in the store. Of two at once the second waits.

        Raises ``StorageError``, ``ManifestError``, ``RecordError``.
        """
        with self._syncing:
            # Readers go on with the old one: its rules are never changed, only replaced.
            register = copy.copy(self._register)
            register.refresh()
            self._register, self._refreshed = register, time.monotonic()
            self.archive.sync(full=full)

    async def follow(self) -> None:
        """Refresh every few seconds, for ever; what fails is logged once, and again when it differs."""
        while True:
            await asyncio.sleep(self.config.service.refresh)
            try:
                await asyncio.to_thread(self.refresh)
            except NewswarcError as err:
                self._tell(str(err))
            else:
                self._tell("")

    def close(self) -> None:
        """Close databases and archive."""
        self.stopping.set()
        with suppress(queue.Empty):
            while True:
                self._states.get_nowait().database.close()
        self.archive.close()

    @contextmanager
    def _state(self) -> Iterator[_State]:
        try:
            state = self._states.get_nowait()
        except queue.Empty:
            database = Database(self.config.state_url)
            state = _State(database, Saves(database, self.collection), Keys(database))
        try:
            yield state
        except NewswarcError:
            # Its connection may be what failed.
            state.database.close()
            raise
        else:
            if self.stopping.is_set():
                state.database.close()
            else:
                self._states.put(state)

    def _tell(self, failed: str) -> None:
        if failed and failed != self._failed:
            logger.warning("service: the archive cannot be followed for now: %s", failed)
        elif self._failed and not failed:
            logger.warning("service: the archive is followed again")
        self._failed = failed


def _asked_for(request: Request) -> str:
    root = str(request.scope.get("root_path", "")).rstrip("/")
    return f"{request.url.scheme}://{request.url.netloc}{root}"


def _host_of(request: Request) -> str:
    host = request.url.hostname or "127.0.0.1"
    return f"[{host}]" if ":" in host else host
