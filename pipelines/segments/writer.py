"""The segment writer: a thread that puts exchanges on disk in groups, and only then tells that they are."""

import errno
import logging
import shutil
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Protocol, TypeVar

from pipelines.errors import NewswarcError, RecordError, SpoolFull, StorageError
from pipelines.model import Exchange, Failure, Original, Recorded
from pipelines.segments.journal import JobInfo
from pipelines.segments.open_segment import (
    ARTICLES_NAME,
    OpenSegment,
    SegmentOptions,
    may_be_original,
    unmodified,
)
from pipelines.segments.spool import WriterFolder
from pipelines.warc.digests import DigestedResponse, digest_response

logger = logging.getLogger(__name__)

_LOOK_SECONDS = 1.0
# An article that takes longer is extracted again when its segment is sealed.
_SETTLE_SECONDS = 600.0
_T = TypeVar("_T")
Delivery = tuple["Future[Recorded]", Recorded | BaseException]


class Originals(Protocol):
    """Finds earlier records that revisits may refer to."""

    def find_original(self, digested: DigestedResponse) -> Original | None:
        """Return a published record with this very payload, or None."""
        ...

    def original_of(self, named: Original) -> Original | None:
        """Return *named* where it is a published response; where it is a revisit, the one it stands for.

        None where no published capture is the one that is *named*.
        """
        ...


@dataclass(frozen=True, slots=True)
class _Entry:
    exchange: Exchange
    future: "Future[Recorded]"


@dataclass(frozen=True, slots=True)
class _Article:
    segment: str
    offset: int
    article: bytes | None

    @property
    def place(self) -> tuple[int, str]:
        return self.offset, self.segment


@dataclass(frozen=True, slots=True)
class _Finish:
    told: Callable[[], None]


_Queued = _Entry | Failure | _Article | _Finish | Callable[[], None]


@dataclass(frozen=True, slots=True)
class WriterPlace:
    """Where a writer works and what it may use there."""

    folder: WriterFolder
    collection: str
    min_free: int = 10**9
    """Bytes of the disk that stay free; below, recording stops cleanly."""


class SegmentWriter:
    """Takes exchanges from any thread; one thread of its own writes them.

    *closed* is called, in that thread, with the folder of each segment that is closed and whose articles
    have all come. *deliver* is called, in that thread, once a group, with futures and what they shall hold;
    the default resolves them on the spot. Once the writer has ended, :meth:`record` calls it itself.
    """

    def __init__(
        self,
        place: WriterPlace,
        job: JobInfo,
        options: SegmentOptions,
        *,
        originals: Originals,
        closed: Callable[[Path], None],
        deliver: Callable[[Sequence[Delivery]], None] | None = None,
    ) -> None:
        self._place, self._job, self._options = place, job, options
        self._originals, self._closed = originals, closed
        self._deliver = deliver or resolve
        self._queue: SimpleQueue[_Queued] = SimpleQueue()
        self._segment: OpenSegment | None = None
        self._awaited: Counter[str] = Counter()
        """Articles that are still to come, by segment."""
        self._settling: dict[str, float] = {}
        """Closed segments that wait for articles, and until when."""
        self._group: list[Delivery] = []
        self.broken: NewswarcError | None = None
        """Why nothing more is recorded, if so."""
        self._blind = False
        """Whether it was told that earlier payloads cannot be looked up."""
        self._running = True
        self._committed = 0.0
        """When the last group was committed, by the monotonic clock."""
        self._ended = False
        self._thread = threading.Thread(target=self._run, name="segment-writer", daemon=True)
        self._thread.start()

    def record(self, exchange: Exchange) -> "Future[Recorded]":
        """Return what becomes of *exchange*: where it lies, once it is on disk.

        The future raises ``SpoolFull`` where the disk is full or ``StorageError`` where it fails, and then so
        does every one after it; ``RecordError`` where this very exchange cannot be written.
        """
        future: Future[Recorded] = Future()
        self._queue.put(_Entry(exchange, future))
        if self._ended:
            self._refuse_rest()
        return future

    def log(self, failure: Failure) -> None:
        """Enter *failure* in the crawl log, with the next group."""
        self._queue.put(failure)

    def add_article(self, recorded: Recorded, article: bytes | None) -> None:
        """Take the article (as JSON) of a capture for which one was wanted, or None where none will come."""
        self._queue.put(_Article(recorded.capture.segment, recorded.capture.offset, article))

    def rotate(self) -> None:
        """Close the open segment soon, so that it is published."""
        self._queue.put(self._close_segment)

    def begin(self, job: JobInfo) -> None:
        """Close the open segment; what comes from now on belongs to *job*."""
        self._queue.put(lambda: self._begin(job))

    def finish(self, told: Callable[[], None]) -> None:
        """Close the open segment, pass it on, and call *told*, in the thread.

        A segment whose articles have not come is passed on later. Where nothing is written any more *told*
        is called all the same.
        """
        self._queue.put(_Finish(told))
        if self._ended:
            self._refuse_rest()

    def close(self) -> None:
        """Write all that is queued, close the open segment, and end the thread.

        Articles that did not come are left to the sealing, which extracts them from the WARC.
        """
        self._queue.put(self._finish)
        self._thread.join()

    # --- in the thread ---------------------------------------------------------------------

    def _run(self) -> None:
        try:
            self._work()
        except Exception as err:
            self.broken = StorageError(
                f"record: the writer failed unexpectedly: {err!r}; nothing more is recorded"
            )
            self.broken.__cause__ = err
            logger.exception("%s", self.broken)
            self._give_up_segment()
            self._tell([(future, self._refusal()) for future, _ in self._group])
        finally:
            self._ended = True
            self._refuse_rest()

    def _refuse_rest(self) -> None:
        """Tell all who still wait that nothing more is written."""
        with suppress(Empty):
            while True:
                entry = self._queue.get_nowait()
                if isinstance(entry, _Entry):
                    self._tell([(entry.future, self._refusal())])
                elif isinstance(entry, _Finish):
                    entry.told()

    def _work(self) -> None:
        while self._running:
            try:
                entry = self._queue.get(timeout=_LOOK_SECONDS)
            except Empty:
                self._look_around()
                continue
            # A sync costs the same for one exchange as for many: let a few come together.
            time.sleep(max(0.0, self._committed + self._options.sync_interval - time.monotonic()))
            self._take_group(entry)
            self._committed = time.monotonic()
            self._look_around()

    def _take_group(self, entry: _Queued) -> None:
        """Take in *entry* and what else is queued, up to a group, and commit it."""
        try:
            self._take(entry)
            while self._running and len(self._group) < self._options.sync_every:
                self._take(self._queue.get_nowait())
        except Empty:
            pass
        self._commit()

    def _take(self, entry: _Queued) -> None:
        if isinstance(entry, _Entry):
            self._append(entry)
        elif isinstance(entry, Failure):
            self._guarded(lambda: self._open().log(entry))
        elif isinstance(entry, _Article):
            self._guarded(lambda: self._put_article(entry))
        elif isinstance(entry, _Finish):
            self._pass_on(entry)
        else:
            entry()

    def _append(self, entry: _Entry) -> None:
        try:
            recorded = self._guarded(lambda: self._write(entry.exchange))
        except Exception as err:  # noqa: BLE001 - whatever it is, it must reach who waits for it
            refusal = RecordError(f"record: {entry.exchange.url} could not be written: {err!r}")
            refusal.__cause__ = err
            self._group.append((entry.future, refusal))
            return
        self._group.append((entry.future, recorded or self._refusal()))

    def _write(self, exchange: Exchange) -> Recorded:
        digested = digest_response(exchange.response)
        original = self._published_original(exchange, digested) if self._options.revisits else None
        recorded = self._open().append(exchange, original, digested)
        if recorded.article:
            self._awaited[recorded.capture.segment] += 1
        return recorded

    def _published_original(self, exchange: Exchange, digested: DigestedResponse) -> Original | None:
        try:
            if may_be_original(exchange, digested):
                return self._originals.find_original(digested)
            named = unmodified(exchange, digested)
            return self._originals.original_of(named) if named else None
        except Exception as err:  # noqa: BLE001 - whatever ails a derived file, it must not cost a capture
            if not self._blind:
                self._blind = True
                logger.warning("record: earlier payloads cannot be looked up, they are stored again: %r", err)
            return None

    def _open(self) -> OpenSegment:
        if self._segment is None:
            opened = datetime.now(UTC)
            name = self._place.folder.new_segment(self._place.collection, opened)
            self._segment = OpenSegment(self._place.folder.folder_of(name), name, self._job, self._options)
            logger.debug("segment %s opened", name)
        return self._segment

    def _commit(self) -> None:
        group, self._group = self._group, []
        if self._segment is not None:
            self._guarded(self._segment.commit)
        if self.broken:
            group = [(future, self._refusal()) for future, _ in group]
        if group:
            self._tell(group)
        if group and self._segment is not None and not self.broken:
            self._check_room()

    def _tell(self, group: Sequence[Delivery]) -> None:
        try:
            self._deliver(group)
        except Exception:
            # What is on disk is on disk, whoever could not be told.
            logger.exception("record: %d outcomes could not be delivered", len(group))

    def _guarded(self, action: Callable[[], _T]) -> _T | None:
        """Return what *action* returns; a failure of the disk ends the recording instead."""
        if self.broken:
            return None
        try:
            return action()
        except OSError as err:
            self._break(err)
            return None

    def _break(self, err: OSError) -> None:
        """Give up the open segment at its last commit; recovery takes it up from there."""
        place = self._place.folder.path
        if err.errno in {errno.ENOSPC, errno.EDQUOT}:
            self.broken = SpoolFull(
                f"spool: no room left at {place}; make room, then run the same command again"
            )
        else:
            self.broken = StorageError(f"spool: cannot write at {place}: {err}; nothing more is recorded")
        self.broken.__cause__ = err
        logger.error("%s", self.broken)
        self._give_up_segment()

    def _give_up_segment(self) -> None:
        if self._segment is not None:
            # The disk is at fault already, the file may be closed; recovery truncates as well.
            with suppress(OSError, ValueError):
                self._segment.rollback()
            self._segment.abandon()
            self._segment = None

    def _refusal(self) -> NewswarcError:
        return self.broken or StorageError("record: the writer is closed")

    def _check_room(self) -> None:
        free = shutil.disk_usage(self._place.folder.path).free
        if free < self._place.min_free:
            self._close_segment()
            self.broken = SpoolFull(
                f"spool: {free:,} bytes are free at {self._place.folder.path}, fewer than the "
                f"{self._place.min_free:,} of segments.min_free; make room, then run the same command again"
            )
            logger.error("%s", self.broken)

    def _put_article(self, arrived: _Article) -> None:
        folder = self._place.folder.path / arrived.segment
        if arrived.segment not in self._awaited:
            logger.warning("article of %s at %s came after its segment was sealed", *arrived.place)
            return
        with (folder / ARTICLES_NAME).open("ab") as file:
            file.write(b'{"offset":%d,"article":%s}\n' % (arrived.offset, arrived.article or b"null"))
        self._awaited[arrived.segment] -= 1

    def _look_around(self) -> None:
        """Close the open segment if it is full; pass on closed ones that have all their articles.

        In order: each manifest refers to the one before it.
        """
        if self._segment is not None and self._segment.full:
            self._close_segment()
        now = time.monotonic()
        for name, deadline in [*self._settling.items()]:
            if self._awaited[name] and now <= deadline and self._running:
                break
            del self._settling[name], self._awaited[name]
            self._closed(self._place.folder.path / name)

    def _close_segment(self) -> None:
        segment = self._segment
        if segment is None:
            return
        self._guarded(segment.close)
        self._segment = None
        if not self.broken:
            self._settling[str(segment.name)] = time.monotonic() + _SETTLE_SECONDS

    def _begin(self, job: JobInfo) -> None:
        self._commit()
        self._close_segment()
        self._job = job

    def _pass_on(self, finish: _Finish) -> None:
        self._commit()
        self._close_segment()
        self._look_around()
        finish.told()

    def _finish(self) -> None:
        self._commit()
        self._close_segment()
        self._running = False


def resolve(deliveries: Sequence[Delivery]) -> None:
    """Give each future what it shall hold; one that was cancelled is passed over."""
    for future, outcome in deliveries:
        if not future.set_running_or_notify_cancel():
            continue
        if isinstance(outcome, BaseException):
            future.set_exception(outcome)
        else:
            future.set_result(outcome)
