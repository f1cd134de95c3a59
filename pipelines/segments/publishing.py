"""Publishing: closed segments are sealed, brought to the store one after the other, and only then deleted.

What the store does not take waits in the spool, through outages and restarts.
"""

import logging
import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path
from queue import SimpleQueue

from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception_type,
    stop_when_event_set,
    wait_random_exponential,
)
from tenacity.nap import sleep_using_event

from pipelines.errors import Conflict, NewswarcError, SpoolFull, StorageError
from pipelines.segments.manifest import Manifest
from pipelines.segments.names import SegmentName
from pipelines.segments.sealing import Sealed, seal
from pipelines.segments.spool import PUBLISHED_SUFFIX, Chain, WriterFolder, local_bytes, sync_folder
from pipelines.storage.contract import ObjectStore

logger = logging.getLogger(__name__)

_MOST_WAIT_SECONDS = 20.0
_LOOK_SECONDS = 0.1
_GRACE_SECONDS = 2.0

Sealer = Callable[[Path, Chain], Sealed | None]
Listener = Callable[[Manifest, Path], None]


class Publisher:
    """Takes folders of closed segments; one thread of its own brings them to the store, in their order.

    What earlier processes left in *folder* goes first. *published* is called, in that thread, with the
    manifest and the local CDXJ file of each segment that is in the store. *sealer* may run :func:`seal` in
    another process.
    """

    def __init__(
        self, folder: WriterFolder, store: ObjectStore, *, published: Listener, sealer: Sealer = seal
    ) -> None:
        folder.clear_published()
        self._folder, self._store = folder, store
        self._published, self._sealer = published, sealer
        self._queue: SimpleQueue[Path | Callable[[], None] | None] = SimpleQueue()
        self._given_up = threading.Event()
        self.count = 0
        """Segments that are in the store through this publisher."""
        self.error: NewswarcError | None = None
        """What keeps the oldest waiting segment from being published, if anything does."""
        for _, path in folder.segments():
            self._queue.put(path)
        self._thread = threading.Thread(target=self._run, name="publisher", daemon=True)
        self._thread.start()

    def publish(self, path: Path) -> None:
        """Take the folder of a closed segment."""
        self._queue.put(path)

    def call(self, action: Callable[[], None]) -> None:
        """Call *action* in the thread once all that was taken before is through."""
        self._queue.put(action)

    @property
    def waiting_bytes(self) -> int:
        """Bytes of the spool, the open segment among them."""
        return local_bytes(self._folder.path)

    def close(self, patience: float) -> list[SegmentName]:
        """Publish what waits, for at most *patience* seconds, and return those that still wait then.

        :meth:`give_up` ends the wait. The folder is released, unless a request to the store is still under
        way that cannot be called back: then the lock lasts as long as this process.
        """
        self._queue.put(None)
        deadline = time.monotonic() + patience
        while self._thread.is_alive() and time.monotonic() < deadline and not self._given_up.is_set():
            self._thread.join(_LOOK_SECONDS)
        self.give_up()
        self._thread.join(_GRACE_SECONDS)
        waiting = [name for name, _ in self._folder.segments()]
        if not self._thread.is_alive():
            self._folder.release()
        return waiting

    def give_up(self) -> None:
        """Try no more; what is not in the store stays here."""
        self._given_up.set()

    # --- in the thread ---------------------------------------------------------------------

    def _run(self) -> None:
        while (taken := self._queue.get()) is not None and not self._given_up.is_set():
            if isinstance(taken, Path):
                self._try(taken)
            else:
                taken()

    def _try(self, path: Path) -> None:
        try:
            for attempt in self._attempts():
                with attempt:
                    self._bring(path)
        except NewswarcError as err:
            self.error = err
            logger.error("segment %s stays in the spool: %s", path.name, err)  # noqa: TRY400 - said in full
        except Exception as err:
            self.error = StorageError(f"publish: segment {path.name} failed unexpectedly: {err!r}")
            logger.exception("segment %s stays in the spool", path.name)

    def _attempts(self) -> Retrying:
        return Retrying(
            retry=retry_if_exception_type((StorageError, SpoolFull)),
            wait=wait_random_exponential(multiplier=0.5, max=_MOST_WAIT_SECONDS),
            stop=stop_when_event_set(self._given_up),
            sleep=sleep_using_event(self._given_up),
            before_sleep=self._note,
            reraise=True,
        )

    def _note(self, state: RetryCallState) -> None:
        err = state.outcome.exception() if state.outcome else None
        if isinstance(err, NewswarcError):
            if type(err) is not type(self.error):
                logger.warning("publishing waits: %s", err)
            self.error = err

    def _bring(self, path: Path) -> None:
        sealed = self._seal(path)
        if sealed is not None:
            publish(sealed, self._store)
            self._published(sealed.manifest, path / f"{sealed.name}.cdxj")
            self.count += 1
            logger.info("segment %s published, %d captures", sealed.name, sealed.manifest.counts.captures)
        self.error = None
        forget(path)

    def _seal(self, path: Path) -> Sealed | None:
        try:
            sealed = self._sealer(path, self._folder.chain)
            if sealed is not None:
                self._folder.advance(sealed.manifest, sealed.content)
        except OSError as err:
            raise SpoolFull(f"spool: cannot seal segment {path.name}: {err}") from err
        return sealed


def publish(sealed: Sealed, store: ObjectStore) -> None:
    """Bring the files of *sealed* into *store*, the manifest last. May be repeated after any failure.

    Raises ``StorageError`` where the store does not take one, or holds another under the same key.
    """
    for entry in sealed.manifest.files:
        path = sealed.folder / entry.key.rpartition("/")[2]
        try:
            store.put_file(entry.key, path, sha256=entry.sha256)
        except Conflict as err:
            _check_same(store, entry.key, path, err)
    key = sealed.name.manifest_key
    try:
        store.put(key, sealed.content)
    except Conflict as err:
        if store.get(key) != sealed.content:
            raise _taken(store, key) from err


def forget(path: Path) -> None:
    """Delete the folder of a segment, so that a crash in the midst leaves no half of it under its name."""
    gone = path.with_name(f".{path.name}{PUBLISHED_SUFFIX}")
    path.rename(gone)
    sync_folder(path.parent)
    shutil.rmtree(gone)


def _check_same(store: ObjectStore, key: str, path: Path, conflict: Conflict) -> None:
    """Raise unless the object at *key* has the bytes of *path*: what an earlier try has brought."""
    with store.open(key) as theirs, path.open("rb") as ours:
        while True:
            expected = ours.read(1 << 20)
            if theirs.read(len(expected) or 1) != expected:
                raise _taken(store, key) from conflict
            if not expected:
                return


def _taken(store: ObjectStore, key: str) -> StorageError:
    return StorageError(f"publish: {key} is in {store.url} with other content; two writers share a name")
