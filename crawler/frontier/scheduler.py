"""The frontier as Scrapy's scheduler."""

import logging
import math
import time
from typing import Final, Self
from weakref import WeakValueDictionary

from scrapy import Request, Spider
from scrapy.core.scheduler import BaseScheduler
from scrapy.crawler import Crawler
from scrapy.utils.asyncio import AsyncioLoopingCall, create_looping_call
from scrapy.utils.defer import deferred_from_coro
from scrapy.utils.httpobj import urlparse_cached
from twisted.internet.task import LoopingCall
from twisted.internet.threads import deferToThread
from twisted.python.failure import Failure

from crawler.frontier.owner import new_owner
from crawler.frontier.payload import ENTRY, decode, encode, hops
from crawler.frontier.recent import Recent
from crawler.frontier.store import Ended, Entry, FrontierStore, Lease, State
from crawler.frontier.window import TICK, Host, Window
from crawler.scope import Reason
from crawler.state import database_of
from pipelines.errors import JobError, NewswarcError

logger = logging.getLogger(__name__)

LEASE_SECONDS: Final = 120.0
"""How long a lease outlives an owner of which nothing is known; renewed while it works."""

_FLUSH_AT = 64
_RECENT = 20_000
_MOST_UNREAD = 100
_CHECKPOINT_SECONDS = 1.0


class FrontierScheduler(BaseScheduler):
    """Hands out what the state database has pending for a job, and notes what became of it.

    The job is the one of the setting ``ARCHIVE_JOB``, else the one that the spider names as
    ``frontier_job``, else it is named like the spider; an unfinished one goes on where it was interrupted
    or killed. The database is that of :func:`crawler.state.database_of`. The
    spider calls :meth:`done` when it is through with a request, after it yielded what follows from it;
    otherwise the request is made again when the job goes on.
    """

    def __init__(self, crawler: Crawler, job_id: str | None) -> None:
        self._crawler, self._job_id = crawler, job_id or ""
        self._owner = new_owner()
        self._store: FrontierStore | None = None
        self._error: NewswarcError | None = None
        self._added: list[Entry] = []
        self._ended: list[Ended] = []
        self._through: dict[int, Ended] = {}
        self._returned: dict[int, Entry] = {}
        self._recent = Recent(_RECENT)
        self._kept: set[bytes] = set()
        self._leases: set[int] = set()
        self._handed_out: WeakValueDictionary[int, Request] = WeakValueDictionary()
        self._renewed = self._checkpointed = 0.0
        self._written = False
        self._ticking: AsyncioLoopingCall | LoopingCall | None = None
        settings = crawler.settings
        self._window = Window(
            concurrency=settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN"),
            delay=settings.getfloat("DOWNLOAD_DELAY"),
        )

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the scheduler that the settings of *crawler* describe."""
        job = crawler.settings.get("ARCHIVE_JOB")
        return cls(crawler, job.id if job else None)

    # --- Scrapy's interface ------------------------------------------------------------------

    def open(self, spider: Spider) -> None:
        """Open the job. Raises ``ConfigError`` and ``JobError`` where that cannot be."""
        self._spider = spider
        self._job_id = self._job_id or getattr(spider, "frontier_job", None) or spider.name
        database = database_of(self._crawler)
        store = FrontierStore(database)
        job = store.open_job(self._job_id, owner=self._owner, seconds=LEASE_SECONDS)
        self._database, self._store, self._job = database, store, job.key
        pending = store.hosts(job.key)
        if pending:
            logger.info("frontier: job %s goes on with %d pending", job.id, sum(pending.values()))
        now = time.monotonic()
        self._renewed = now
        self._window.expect(pending, now)
        self._ticking = create_looping_call(self._tick)
        self._ticking.start(TICK, now=False)

    def close(self, reason: str) -> None:
        """Give back what is leased, and record why the job ended or was interrupted: *reason*."""
        if self._ticking is not None and self._ticking.running:
            self._ticking.stop()
        if self._store is None:
            return
        try:
            self._flush()
            self._end_job(self._store, reason)
        except NewswarcError:
            # What is not noted now is pending or leased still, and fetched again when the job goes on.
            logger.exception("frontier: the end of job %s could not be recorded", self._job_id)
        finally:
            self._store = None

    def has_pending_requests(self) -> bool:
        """Return whether anything is left to hand out."""
        return self._error is None and bool(self._window)

    def enqueue_request(self, request: Request) -> bool:
        """Take *request*, or return False where it was just seen.

        What was seen longer ago is found out when it is written, and counted as ``frontier/seen``.
        """
        request_id = self._continued(request)
        identity = self._crawler.request_fingerprinter.fingerprint(request)
        if request_id is not None:
            if self._is_same(request_id, identity):
                self._put_back(request_id, request)
                return True
            return self._redirected(request_id, request, identity)
        return self._enqueue(request, identity)

    def _enqueue(self, request: Request, identity: bytes) -> bool:
        if not request.dont_filter and (identity in self._recent or identity in self._kept):
            self._count("frontier/seen")
            return False
        return self._add(request, None if request.dont_filter else identity)

    def next_request(self) -> Request | None:
        """Return the next request of the host with the fewest under way, None where none may get more now."""
        if self._error is not None or self._store is None or self._is_ahead():
            return None
        try:
            while found := self._take(time.monotonic()):
                host, waiting = found
                request = waiting if isinstance(waiting, Request) else self._request(waiting)
                if request is not None:
                    host.under_way.add(request)
                    return request
        except NewswarcError as err:
            self._stop(err)
        return None

    # --- the spider's side -------------------------------------------------------------------

    def done(self, request: Request, state: str = State.DONE, reason: str | None = None) -> None:
        """Note that the spider is through with *request*: ``done`` or ``refused``, with a reason code.

        Its callback may still run: the note is written once Scrapy has taken all that the callback yielded,
        before which it would be durable without the requests that follow from it.
        """
        request_id = request.meta.get(ENTRY)
        if request_id in self._leases:
            self._leases.discard(request_id)
            self._through[request_id] = Ended(request_id, State(state), reason)
            self._flush_if_full()

    # --- in ----------------------------------------------------------------------------------

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

    def _is_same(self, request_id: int, identity: bytes) -> bool:
        former = self._handed_out.get(request_id)
        return former is not None and identity == self._crawler.request_fingerprinter.fingerprint(former)

    def _redirected(self, request_id: int, request: Request, identity: bytes) -> bool:
        former = self._handed_out.get(request_id)
        if former is not None and request.meta.get("download_slot") == urlparse_cached(former).hostname:
            del request.meta["download_slot"]  # Scrapy would go on in the slot of the host it came from
        taken = self._enqueue(request, identity)
        self._end(Ended(request_id))  # only now, or it might be written without what it led to
        return taken

    def _put_back(self, request_id: int, request: Request) -> None:
        self._count("frontier/put_back")
        try:
            self._returned[request_id] = entry = self._entry(request, None)
        except JobError as err:
            self._keep(request, err)
            self._handed_out[request_id] = request
            return
        self._leases.discard(request_id)
        self._window.expect((entry.host,), time.monotonic())

    def _add(self, request: Request, identity: bytes | None) -> bool:
        try:
            entry = self._entry(request, identity)
        except JobError as err:
            return self._add_kept(request, identity, err)
        if identity is not None:
            self._recent.add(identity)
        self._added.append(entry)
        self._window.expect((entry.host,), time.monotonic())
        self._flush_if_full()
        return True

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
        self._window.keep(_host(request), request, time.monotonic())

    def _entry(self, request: Request, identity: bytes | None) -> Entry:
        payload = encode(request, self._spider)
        return Entry(request.url, _host(request), identity, payload, request.priority, hops(request))

    def _is_known(self, identity: bytes) -> bool:
        assert self._store is not None
        self._flush()
        return bool(self._store.known(self._job, (identity,)))

    # --- out ---------------------------------------------------------------------------------

    def _take(self, now: float) -> tuple[Host, Lease | Request] | None:
        while True:
            ready, short = self._window.look(self._crawler.engine.downloader, now)
            if short:
                self._fill(self._window.wanted(short, now))
            found = self._window.take((*ready, *short))
            # Hosts that turned out to have nothing in the store are not looked at again.
            if found or not short:
                return found

    def _fill(self, wanted: dict[str, int]) -> None:
        assert self._store is not None
        with self._database.transaction():
            self._flush()
            leased = self._store.lease(self._job, wanted, owner=self._owner, seconds=LEASE_SECONDS)
        self._window.fill(wanted, leased)
        self._count("frontier/leased", len(leased))

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
        self._ended.append(ended)
        self._count(f"frontier/{ended.state}")
        self._flush_if_full()

    # --- to the store ------------------------------------------------------------------------

    def _flush_if_full(self) -> None:
        if len(self._added) + len(self._ended) + len(self._through) + len(self._returned) >= _FLUSH_AT:
            try:
                self._flush()
            except NewswarcError as err:
                self._stop(err)

    def _flush(self) -> None:
        """Write what is new and what is through together: nothing is through without what follows."""
        for request_id in [one for one in self._through if not self._is_answered(one)]:
            ended = self._through.pop(request_id)
            self._ended.append(ended)
            self._count(f"frontier/{ended.state}")
        if self._store is None or not (self._added or self._ended or self._returned):
            return
        with self._database.transaction():
            new = self._store.add(self._job, self._added)
            self._store.put_back(self._returned)
            self._store.end(self._ended)
        self._written = True
        self._count("frontier/enqueued", new)
        self._count("frontier/seen", len(self._added) - new)
        self._added, self._ended, self._returned = [], [], {}

    def _tick(self) -> None:
        try:
            self._flush()
            self._renew(time.monotonic())
            self._checkpoint(time.monotonic())
        except NewswarcError as err:
            self._stop(err)
        engine = self._crawler.engine
        # A host whose delay is over has nobody who tells the engine; its own heart beats every 5 seconds.
        slot = engine._slot if engine.running else None  # noqa: SLF001
        if slot is not None and self._window:
            slot.nextcall.schedule()

    def _renew(self, now: float) -> None:
        if self._store is None or now - self._renewed < LEASE_SECONDS / 3:
            return
        self._renewed = now
        self._store.renew(self._job, owner=self._owner, seconds=LEASE_SECONDS)
        if self._store.expire(self._job):
            self._window.expect(self._store.hosts(self._job), now)

    def _checkpoint(self, now: float) -> None:
        """Have the log written into the file by a thread: its syncs would hold up the reactor for long."""
        if self._store is None or not self._written or now - self._checkpointed < _CHECKPOINT_SECONDS:
            return
        self._written, self._checkpointed = False, math.inf  # one at a time
        deferToThread(self._database.checkpoint).addBoth(self._note_checkpoint)

    def _note_checkpoint(self, result: object) -> None:
        self._checkpointed = time.monotonic()
        if isinstance(result, Failure):
            # Nothing is lost: the log only grows, and whatever ails the disk the next write will tell.
            logger.warning("frontier: %s", result.getErrorMessage())

    def _end_job(self, store: FrontierStore, reason: str) -> None:
        kept, waiting = self._window.kept, self._window.leased
        abandoned = store.release(self._job, owner=self._owner) - waiting
        if abandoned:
            self._count("frontier/abandoned", abandoned)
            logger.warning(
                "frontier: %d requests of job %s were made, but done() never called; they are pending again",
                abandoned,
                self._job_id,
            )
        if kept:
            logger.warning("frontier: %d requests were only in memory and are lost", kept)
        emptied = reason == "finished" and not kept and not store.hosts(self._job)
        # What a budget left over is not wanted any more.
        store.close_job(self._job, reason, finished=emptied or reason == "max_pages")

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


def _host(request: Request) -> str:
    """Return the downloader slot that Scrapy will choose."""
    slot = request.meta.get("download_slot")
    return slot if isinstance(slot, str) else urlparse_cached(request).hostname or ""
