"""The frontier as Scrapy's scheduler."""

import logging
import time
from collections.abc import Callable
from typing import Final, Self
from weakref import WeakValueDictionary

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.utils.asyncio import AsyncioLoopingCall, create_looping_call
from scrapy.utils.defer import deferred_from_coro
from scrapy.utils.httpobj import urlparse_cached
from twisted.internet.task import LoopingCall

from crawler.frontier.buffer import Buffer
from crawler.frontier.holding import Holding
from crawler.frontier.model import Ended, Entry, Lease, State
from crawler.frontier.payload import ENTRY, IDENTITY, decode, encode, hops, host_of, told_identity
from crawler.frontier.polite import PoliteScheduler
from crawler.frontier.recent import Recent
from crawler.frontier.upkeep import Checkpoints, tell_left
from crawler.frontier.window import TICK, Host, Window
from crawler.scope import Reason
from crawler.state import database_of
from pipelines.errors import JobError, NewswarcError

__all__ = ["IDENTITY", "PATIENCE_SETTING", "SHARED_SETTING", "SWEEP_SETTING", "FrontierScheduler"]

logger = logging.getLogger(__name__)

JOB_SETTING: Final = "FRONTIER_JOB"
"""Name of the job here, where it is not the one in the archive: what several of those go on with."""
SHARED_SETTING: Final = "FRONTIER_SHARED"
"""Whether any number of workers crawl the job together; each has that setting, and the same job."""
SWEEP_SETTING: Final = "FRONTIER_SWEEP"
"""Whether a job that goes on forgets what is through, so that it may be fetched again."""
PATIENCE_SETTING: Final = "FRONTIER_PATIENCE"
"""Seconds that a job waits for hosts that are held, or that other jobs have, when nothing else is left."""
_PATIENCE_SECONDS = 600.0
_RECENT = 20_000
_MOST_UNREAD = 100


class FrontierScheduler(PoliteScheduler):
    """Hands out what the state database has pending for a job, and notes what became of it.

    The job is the one of the setting ``FRONTIER_JOB``, else that of ``ARCHIVE_JOB``, else the one that the
    spider names as ``frontier_job``, else named like the spider; an unfinished one goes on. A host is asked
    by one worker at a time, whatever job it works on. The spider calls :meth:`done` when it is through with a
    request, after it yielded what follows from it; else it is made again when the job goes on.
    """

    def __init__(self, crawler: Crawler, job_id: str | None) -> None:
        self._crawler, self._job_id = crawler, job_id or ""
        self._holding: Holding | None = None
        self._error: NewswarcError | None = None
        self._buffer = Buffer(lambda key, number: self._count(f"frontier/{key}", number))
        self._recent = Recent(_RECENT)
        self._kept: set[bytes] = set()
        self._leases: set[int] = set()
        self._handed_out: WeakValueDictionary[int, Request] = WeakValueDictionary()
        self._waiting: dict[str, float] = {}
        self._ticking: AsyncioLoopingCall | LoopingCall | None = None
        settings = crawler.settings
        self._window = Window(
            concurrency=settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN"),
            delay=settings.getfloat("DOWNLOAD_DELAY"),
        )

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the scheduler that the settings of *crawler* describe."""
        named = crawler.settings.get(JOB_SETTING)
        job = crawler.settings.get("ARCHIVE_JOB")
        return cls(crawler, named or (job.id if job else None))

    # --- Scrapy's interface ------------------------------------------------------------------

    def open(self, spider: Spider) -> None:
        """Open the job. Raises ``ConfigError`` and ``JobError`` where that cannot be."""
        self._spider = spider
        self._job_id = self._job_id or getattr(spider, "frontier_job", None) or spider.name
        settings = self._crawler.settings
        self._database = database_of(self._crawler)
        self._checkpoints = Checkpoints(self._database)
        holding = Holding(
            self._database,
            self._window,
            self._buffer,
            shared=settings.getbool(SHARED_SETTING),
            patience=settings.getfloat(PATIENCE_SETTING, _PATIENCE_SECONDS),
        )
        pending = holding.open(self._job_id, sweep=settings.getbool(SWEEP_SETTING))
        self._holding = holding
        if pending:
            logger.info("frontier: job %s goes on with %d pending", self._job_id, pending)
        self._ticking = create_looping_call(self._tick)
        self._ticking.start(TICK, now=False)

    def close(self, reason: str) -> None:
        """Give back what is leased, and record why the job ended or was interrupted: *reason*."""
        if self._ticking is not None and self._ticking.running:
            self._ticking.stop()
        if self._holding is None:
            return
        try:
            self._settle()
            self._waiting = self._holding.waits()
            self._end_job(self._holding, reason)
        except NewswarcError:
            # What is not noted now is pending or leased still, and fetched again when the job goes on.
            logger.exception("frontier: the end of job %s could not be recorded", self._job_id)
        finally:
            self._holding = None

    def has_pending_requests(self) -> bool:
        """Return whether anything is left to hand out, now or before patience ends."""
        return self._error is None and self._holding is not None and self._holding.has_work

    def enqueue_request(self, request: Request) -> bool:
        """Take *request*, or return False where it was just seen.

        What was seen longer ago is found out when it is written, and counted as ``frontier/seen``.
        """
        request_id = self._continued(request)
        if request_id is None:
            return self._enqueue(request, self._identity(request))
        if self._is_same(request_id, request):
            self._put_back(request_id, request)
            return True
        return self._redirected(request_id, request)

    def next_request(self) -> Request | None:
        """Return the next request of the host with the fewest under way, None where none may get more now."""
        if self._error is not None or self._holding is None or self._is_ahead():
            return None
        try:
            while found := self._take(self._holding):
                host, waiting = found
                request = waiting if isinstance(waiting, Request) else self._request(waiting)
                if request is not None:
                    host.under_way.add(request)
                    return request
            self._holding.grow_hungry()
        except NewswarcError as err:
            self._stop(err)
        return None

    # --- the spider's and the politeness's side ----------------------------------------------

    def done(self, request: Request, state: str = State.DONE, reason: str | None = None) -> None:
        """Note that the spider is through with *request*: ``done`` or ``refused``, with a reason code.

        Its callback may still run: the note is written once Scrapy has taken all that the callback yielded,
        before which it would be durable without the requests that follow from it.
        """
        request_id = request.meta.get(ENTRY)
        if request_id in self._leases:
            self._leases.discard(request_id)
            self._buffer.through[request_id] = Ended(request_id, State(state), reason)
            self._flush_if_full()

    def knows(self, request: Request) -> bool:
        """Return whether the job has, or had, a request of the same identity; raises ``JobError``."""
        identity = self._identity(request)
        return identity in self._recent or identity in self._kept or self._is_known(identity)

    def hold(self, host: str, until: float) -> None:
        """Make no request to *host* before *until*, in seconds since 1970; no other worker or job does.

        Durable when it returns. What is in the downloader already goes on.
        """
        if self._holding is None:
            return
        try:
            self._holding.hold(host, until)
        except NewswarcError as err:
            self._stop(err)

    def ride(self, flush: Callable[[], None]) -> None:
        """Call *flush* in every transaction that writes entries, before them, and several times a second.

        What it writes to the state database is durable with, never after, the ends of entries. Write hosts
        only there: they are claimed after entries are written, and databases want one order.
        """
        self._buffer.ride(flush)

    def waiting(self) -> dict[str, float]:
        """Return the hosts of which something is left, and until when each is held, as far as is known.

        In seconds since 1970; a time that is past means that only the end of the crawl is in the way.
        """
        return self._waiting if self._holding is None else self._holding.waits()

    # --- in ----------------------------------------------------------------------------------

    def _enqueue(self, request: Request, identity: bytes) -> bool:
        if not request.dont_filter and (identity in self._recent or identity in self._kept):
            self._count("frontier/seen")
            return False
        return self._add(request, None if request.dont_filter else identity)

    def _continued(self, request: Request) -> int | None:
        """Return the entry that *request* goes on with: tried again, or redirected, by a middleware.

        Until the spider gets the answer, a request with its entry's number can come only from there. From
        then on it is one of the spider's own, made with the meta of the one that was answered.
        """
        request_id: int | None = request.meta.get(ENTRY)
        if request_id is None or request_id not in self._leases:
            return None
        return None if self._is_answered(request_id) else request_id

    def _is_ahead(self) -> bool:
        """Return whether responses come faster than callbacks end: then more of them would only take room.

        Scrapy itself bounds their bytes alone, which lets thousands of small ones wait.
        """
        slot = self._crawler.engine.scraper.slot
        return slot is not None and len(slot.active) >= _MOST_UNREAD

    def _is_answered(self, request_id: int) -> bool:
        """Return whether the spider has the answer, and Scrapy not yet all that the spider makes of it."""
        slot = self._crawler.engine.scraper.slot
        return slot is not None and self._handed_out.get(request_id) in slot.active

    def _identity(self, request: Request) -> bytes:
        return told_identity(request) or self._crawler.request_fingerprinter.fingerprint(request)

    def _is_same(self, request_id: int, request: Request) -> bool:
        former = self._handed_out.get(request_id)
        fingerprint = self._crawler.request_fingerprinter.fingerprint
        return former is not None and fingerprint(request) == fingerprint(former)

    def _redirected(self, request_id: int, request: Request) -> bool:
        former = self._handed_out.get(request_id)
        if former is not None and request.meta.get("download_slot") == urlparse_cached(former).hostname:
            del request.meta["download_slot"]  # Scrapy would go on in the slot of the host it came from
        request.meta.pop(IDENTITY, None)  # it is that of the page it came from
        taken = self._enqueue(request, self._identity(request))
        self._end(Ended(request_id))  # only now, or it might be written without what it led to
        return taken

    def _put_back(self, request_id: int, request: Request) -> None:
        self._count("frontier/put_back")
        try:
            self._buffer.returned[request_id] = entry = self._entry(request, None)
        except JobError as err:
            self._keep(request, err)
            self._handed_out[request_id] = request
            return
        self._leases.discard(request_id)
        self._expect(entry.host)

    def _add(self, request: Request, identity: bytes | None) -> bool:
        try:
            entry = self._entry(request, identity)
        except JobError as err:
            return self._add_kept(request, identity, err)
        if identity is not None:
            self._recent.add(identity)
        self._buffer.added.append(entry)
        self._expect(entry.host)
        self._flush_if_full()
        return True

    def _expect(self, host: str) -> None:
        if self._holding is not None:
            self._holding.expect(host)

    def _add_kept(self, request: Request, identity: bytes | None, why: JobError) -> bool:
        if identity is not None:
            if self._is_known(identity):
                self._count("frontier/seen")
                return False
            self._kept.add(identity)
        request.meta.pop(ENTRY, None)
        self._keep(request, why)
        return True

    def _keep(self, request: Request, why: JobError) -> None:
        self._count("frontier/memory")
        logger.debug("%s; it is kept in memory", why)
        self._window.keep(host_of(request), request, time.monotonic())

    def _entry(self, request: Request, identity: bytes | None) -> Entry:
        payload = encode(request, self._spider)
        return Entry(request.url, host_of(request), identity, payload, request.priority, hops(request))

    def _is_known(self, identity: bytes) -> bool:
        # What is not written yet was added just now, and is among the recent ones.
        holding = self._holding
        return holding is not None and bool(holding.store.known(holding.job, (identity,)))

    # --- out ---------------------------------------------------------------------------------

    def _take(self, holding: Holding) -> tuple[Host, Lease | Request] | None:
        while True:
            now = time.monotonic()
            ready, short = self._window.look(self._crawler.engine.downloader, now)
            # What is in no store may wait for a host that is not claimed.
            unclaimed = [host.name for host in ready if not holding.has(host.name)]
            if short or unclaimed:
                self._settle()
                self._count("frontier/leased", holding.fill(unclaimed, self._window.wanted(short, now)))
            found = self._window.take(host for host in (*ready, *short) if holding.has(host.name))
            # Hosts that turned out to have nothing in the store are not looked at again.
            if found or not (short or unclaimed):
                return found

    def _request(self, lease: Lease) -> Request | None:
        self._leases.add(lease.id)
        try:
            request = decode(lease, self._spider)
        except JobError as err:
            logger.error("%s", err)  # noqa: TRY400 - the message says it all
            self._end(Ended(lease.id, State.REFUSED, Reason.INTERNAL))
            return None
        self._handed_out[lease.id] = request
        return request

    def _end(self, ended: Ended) -> None:
        self._leases.discard(ended.id)
        self._buffer.end((ended,))
        self._flush_if_full()

    # --- to the store ------------------------------------------------------------------------

    def _flush_if_full(self) -> None:
        if self._buffer.is_full:
            try:
                self._flush()
            except NewswarcError as err:
                self._stop(err)

    def _settle(self) -> None:
        self._buffer.settle(self._is_answered)

    def _flush(self) -> None:
        """Write what is new and what is through together: nothing is through without what follows."""
        self._settle()
        if self._holding is not None:
            self._holding.flush()

    def _tick(self) -> None:
        engine = self._crawler.engine
        holding = self._holding
        if holding is None or self._error is not None:
            return
        try:
            self._settle()
            holding.tick(engine.downloader, is_idle=self._is_idle())
            self._checkpoints.is_due |= holding.written
            holding.written = False
            self._checkpoints.run()
        except NewswarcError as err:
            self._stop(err)
        # A host whose delay is over has nobody who tells the engine; its own heart beats every 5 seconds.
        slot = engine._slot if engine.running else None  # noqa: SLF001
        if slot is not None and self.has_pending_requests():
            slot.nextcall.schedule()

    def _is_idle(self) -> bool:
        """Return whether nothing is under way of which anything could still come."""
        engine = self._crawler.engine
        slot = engine.scraper.slot
        is_started = engine._start is None  # noqa: SLF001 - Scrapy has no other word for it
        return is_started and not engine.downloader.active and (slot is None or slot.is_idle())

    def _end_job(self, holding: Holding, reason: str) -> None:
        kept, waiting = self._window.kept, self._window.leased
        # What a budget left over is not wanted any more.
        wanted = reason != "max_pages"
        finished = not wanted or (reason == "finished" and not kept)
        leased = holding.close(reason, self._crawler.engine.downloader, finished=finished, wanted=wanted)
        if abandoned := leased - waiting:
            self._count("frontier/abandoned", abandoned)
            logger.warning(
                "frontier: %d requests of job %s were made, but done() never called; they are pending again",
                abandoned,
                self._job_id,
            )
        if kept:
            logger.warning("frontier: %d requests were only in memory and are lost", kept)
        if self._waiting and reason == "finished":
            tell_left(self._job_id, self._waiting)

    def _stop(self, error: NewswarcError) -> None:
        if self._error is not None:
            return
        self._error = error
        logger.error("%s", error)
        engine = self._crawler.engine
        if engine.spider is not None:
            deferred_from_coro(engine.close_spider_async(reason=type(error).__name__))

    def _count(self, key: str, number: int = 1) -> None:
        if number:
            self._crawler.stats.inc_value(key, number)
