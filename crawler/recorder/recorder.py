"""The recorder: what Scrapy's side of a crawl and the archive's side have between them."""

import gc
import json
import logging
import time
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex
from threading import Lock, Thread
from typing import Any, ClassVar
from urllib.parse import urldefrag, urlsplit
from weakref import WeakKeyDictionary, ref

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.utils.defer import deferred_from_coro, maybe_deferred_to_future
from twisted.internet.defer import Deferred
from twisted.internet.threads import deferToThread

from crawler.config import Config, load
from crawler.recorder.addresses import AddressPolicy
from crawler.recorder.archives import open_archive
from crawler.recorder.failures import reason_of, truncation_of
from crawler.recorder.wire import Wire
from crawler.scope import Reason
from pipelines.archive import Recording, RecordingOptions
from pipelines.errors import Denied, JobError, NewswarcError, RecordError, Unavailable
from pipelines.extract import Workers
from pipelines.model import Exchange, Failure, Original, Provenance, Recorded, Truncation
from pipelines.segments.journal import JobInfo
from pipelines.segments.names import SegmentName
from pipelines.segments.open_segment import SegmentOptions
from pipelines.segments.sealing import Sealed, seal
from pipelines.segments.spool import Chain
from pipelines.segments.writer import Delivery, resolve
from pipelines.stages import register
from pipelines.urls import timestamp

logger = logging.getLogger(__name__)

PROVENANCE = "archive_provenance"
"""Key of ``Request.meta``: the :class:`Provenance` of the URL, where the spider knows it."""
ARTICLE = "archive_article"
"""Key of ``Request.meta``: whether clean text is wanted of the page."""
UNMODIFIED = "archive_unmodified"
"""Key of ``Request.meta``: of a conditional request, the capture whose validators it has, as
``asdict(Original.of(capture))``. A 304 is then recorded as a revisit of it."""
RECORDED = "archive_recorded"
"""Key of ``Request.meta``: set to the :class:`Recorded` of the response."""
RECORDING = "archive_recording"
"""Key of ``Request.meta``: which of :attr:`Recorder.slots` the exchange goes to; by default to none of them,
but to the crawl's own recording."""
_STORE_SECONDS = 10.0
"""How long a crawl waits at its start for the store to be tried; it goes on meanwhile after that."""
CONFIG_SETTING = "ARCHIVE"
JOB_SETTING = "ARCHIVE_JOB"
SLOTS_SETTING = "ARCHIVE_SLOTS"
"""How many recordings there are beside the crawl's own, for jobs that each have segments of their own."""


class Recorder:
    """Records the exchanges of one crawl into one collection; ends with the engine."""

    _by_crawler: ClassVar["WeakKeyDictionary[Crawler, Recorder]"] = WeakKeyDictionary()

    def __init__(self, crawler: Crawler, config: Config, job: JobInfo) -> None:
        from twisted.internet import reactor  # noqa: PLC0415 - which reactor it is, is settled only now

        self._reactor: Any = reactor
        # Weak, or the crawler would be held by the very entry that shall go with it.
        self._crawler = ref(crawler)
        self._config = config
        self._sealers: Workers | None = None
        self._stopped = self._finished = False
        self._finishing = Lock()
        self.job = job
        self.error: NewswarcError | None = None
        """What ended the recording before the crawl's own end, if anything did."""
        self.waiting: list[SegmentName] = []
        """Segments that still wait in the spool after the end."""
        self.archive = open_archive(config)
        self.folder = str(self.archive.spool)
        """Where large blocks are kept while they are on the wire."""
        self.policy = _policy(config, crawler)
        options = recording_options(config)
        # First these: each takes over a folder that was left, where the crawl's own takes all of them.
        self.slots = tuple(
            self.archive.record(job, options, deliver=self._deliver, left=False)
            for _ in range(crawler.settings.getint(SLOTS_SETTING))
        )
        """Recordings that requests name by their number (:data:`RECORDING`)."""
        self.recording: Recording = self.archive.record(
            job, options, deliver=self._deliver, sealer=self._seal
        )
        register(crawler, self.recording.writer)
        examining = Thread(target=self._examine_store, name="store-examination", daemon=True)
        examining.start()
        examining.join(_STORE_SECONDS)
        crawler.signals.connect(self._settle_memory, signals.engine_started)
        crawler.signals.connect(self._close_spider, signals.engine_started)
        crawler.signals.connect(self._close, signals.engine_stopped)

    @classmethod
    def of(cls, crawler: Crawler) -> "Recorder":
        """Return the recorder of *crawler*, started at the first call.

        Raises ``ConfigError`` where its configuration is wrong, ``StorageError`` where the store is no use.
        """
        if crawler not in cls._by_crawler:
            config = crawler.settings.get(CONFIG_SETTING) or {}
            config = config if isinstance(config, Config) else load(dict(config))
            job = crawler.settings.get(JOB_SETTING) or default_job(config, crawler)
            cls._by_crawler[crawler] = cls(crawler, config, job)
        return cls._by_crawler[crawler]

    async def record(
        self, request: Request, wire: Wire, *, truncated: Truncation | None = None, error: str | None = None
    ) -> Recorded:
        """Return where the exchange on *wire* lies, once it is on disk.

        Raises ``SpoolFull`` and ``StorageError`` where nothing more can be recorded, and stops the crawl;
        ``RecordError`` where just this exchange cannot be written.
        """
        exchange = exchange_of(request, wire, truncated=truncated, error=error)
        written: Deferred[Recorded] = Deferred()
        writer = self._recording_of(request).writer
        writer.record(exchange).add_done_callback(lambda future: _pass_on(future, written))
        try:
            recorded = await maybe_deferred_to_future(written)
        except NewswarcError as err:
            reason = Reason.STOPPED if writer.broken else Reason.INTERNAL
            self._count(f"archive/failures/{reason}")
            writer.log(Failure(request.url, datetime.now(UTC), reason, str(err), exchange.provenance))
            if writer.broken:
                self.stop(err)
            raise
        request.meta[RECORDED] = recorded
        self._count_recorded(exchange, recorded)
        return recorded

    async def record_failure(self, request: Request, wire: Wire | None, error: Exception) -> None:
        """Record what came of *request* before it failed, or that nothing did."""
        reason = reason_of(error)
        self._count(f"archive/failures/{reason}")
        if wire is not None and len(wire.response):
            await self.record(request, wire, truncated=truncation_of(reason), error=reason)
        else:
            self.refuse(request, reason, str(error) or type(error).__name__)

    def refuse(self, request: Request, reason: Reason, detail: str) -> None:
        """Enter in the crawl log that *request* brought no response, or was not sent."""
        provenance = provenance_of(request)
        failure = Failure(request.url, datetime.now(UTC), reason, detail, provenance)
        self._recording_of(request).writer.log(failure)

    def stop(self, error: NewswarcError) -> NewswarcError:
        """End the crawl because of *error*, and return it."""
        if self.error is None:
            self.error = error
            logger.error("%s", error)
            self._close_spider()
        return error

    def _recording_of(self, request: Request) -> Recording:
        slot: int | None = request.meta.get(RECORDING)
        return self.recording if slot is None else self.slots[slot]

    def _settle_memory(self) -> None:
        """Keep the collector from walking, again and again, through what was imported and never goes.

        A full collection over it stops the reactor for a tenth of a second, and there are many.
        """
        gc.collect()
        gc.freeze()

    def _close_spider(self) -> None:
        engine: Any = getattr(self._crawler(), "engine", None)
        if self.error is not None and engine is not None and engine.spider is not None:
            deferred_from_coro(engine.close_spider_async(reason=type(self.error).__name__))

    def _count(self, key: str, count: int = 1) -> None:
        stats = getattr(self._crawler(), "stats", None)
        if stats is not None:
            stats.inc_value(key, count)

    def _count_recorded(self, exchange: Exchange, recorded: Recorded) -> None:
        self._count("archive/captures")
        self._count(f"archive/status/{recorded.capture.status or '-'}")
        self._count("archive/bytes", len(exchange.response))
        if recorded.capture.kind == "revisit":
            self._count("archive/revisits")

    def _deliver(self, deliveries: Sequence[Delivery]) -> None:
        self._reactor.callFromThread(resolve, deliveries)

    def _seal(self, path: Path, chain: Chain) -> Sealed | None:
        """Seal in another process while the crawl runs, since it would take the interpreter from it."""
        if self._stopped:
            return seal(path, chain)
        if self._sealers is None:
            self._sealers = Workers(
                1,
                preload=("pipelines.segments.sealing",),
                cpu_seconds=3600,
                wall_seconds=7200,
                memory=4 << 30,
            )
        sealed: Sealed | None = self._sealers.submit(seal, path, chain).result()
        return sealed

    @property
    def recordings(self) -> tuple[Recording, ...]:
        """All of them, the crawl's own last."""
        return (*self.slots, self.recording)

    @classmethod
    def give_up(cls, crawler: Crawler) -> None:
        """Wait for the store no longer; what it has not taken stays in the spool."""
        if crawler in cls._by_crawler:
            for recording in cls._by_crawler[crawler].recordings:
                recording.give_up()

    def finish(self, patience: float = 0.0) -> None:
        """End the recording: publish for at most *patience* seconds. May be called again."""
        with self._finishing:
            if self._finished:
                return
            self._finished = self._stopped = True
            try:
                deadline = time.monotonic() + patience
                for recording in self.recordings:
                    self.waiting += recording.close(max(0.0, deadline - time.monotonic()))
                    self.error = self.error or recording.error
            except Exception as err:
                # Scrapy only logs what a receiver of its signals raises; the job must not end well.
                self.error = self.error or JobError(
                    f"recorder: the recording was not closed: {err!r}; run 'newswarc publish'"
                )
                raise
            finally:
                if self._sealers is not None:
                    # Whoever comes next seals again what is still being sealed now: patience is over.
                    self._sealers.abort()
                self.archive.close()

    def _examine_store(self) -> None:
        """Try the store, and take what others published into the catalog.

        A store that is out of reach or refuses does not keep the crawl from recording: segments wait for it.
        One that changes bytes, or a bucket that does not exist, ends it.
        """
        try:
            self.archive.store.probe()
            self.archive.sync()
        except (Unavailable, Denied) as err:
            logger.warning("the store does not answer yet, segments will wait in the spool: %s", err)
        except NewswarcError as err:
            self._reactor.callFromThread(self.stop, err)

    async def _close(self) -> None:
        """Publish what is left. The reactor goes on meanwhile."""
        finishing: Deferred[None] = deferToThread(self.finish, self._config.segments.store_patience)
        await maybe_deferred_to_future(finishing)
        # Else a process with many crawls would keep every crawler that was frozen.
        gc.unfreeze()


def recording_options(config: Config) -> RecordingOptions:
    """Return what *config* says about writing segments."""
    given = config.segments
    return RecordingOptions(
        segments=SegmentOptions(
            max_bytes=given.max_bytes,
            max_age=given.max_age,
            sync_every=given.sync_every,
            sync_interval=given.sync_interval,
            fsync=given.durability == "fsync",
            small=given.compression == "small",
            revisits=given.revisits,
        ),
        min_free=given.min_free,
    )


def default_job(config: Config, crawler: Crawler) -> JobInfo:
    """Return a job for a Scrapy project that names none: its spider, its user agent, our configuration."""
    name = getattr(crawler.spidercls, "name", None) or "spider"
    info = {
        "http-header-user-agent": crawler.settings.get("USER_AGENT", ""),
        "robots": "obey" if crawler.settings.getbool("ROBOTSTXT_OBEY") else "ignore",
    }
    configuration = json.dumps({"spider": name, **config.model_dump(mode="json")}, indent=1)
    return JobInfo(f"{name}-{timestamp(datetime.now(UTC))}-{token_hex(2)}", info, configuration)


def exchange_of(request: Request, wire: Wire, *, truncated: Truncation | None, error: str | None) -> Exchange:
    """Return the exchange that *wire* saw for *request*.

    Raises ``RecordError`` where ``meta`` names the capture behind a conditional request in another form.
    """
    return Exchange(
        url=urldefrag(request.url).url,
        started=wire.started or datetime.now(UTC),
        duration=wire.duration,
        request=wire.request,
        response=wire.response,
        interim=wire.interim,
        # A proxy's own address would say nothing of the server.
        address=None if request.meta.get("proxy") else wire.address,
        tls=wire.tls,
        truncated=truncated,
        surplus=wire.surplus,
        error=error,
        article=bool(request.meta.get(ARTICLE)),
        provenance=provenance_of(request),
        conditional_on=_named(request),
    )


def _named(request: Request) -> Original | None:
    told = request.meta.get(UNMODIFIED)
    try:
        return Original(**told) if told is not None else None
    except TypeError as err:
        raise RecordError(
            f"recorder: {request.url}: meta[{UNMODIFIED!r}] is {told!r:.200}; "
            "give it asdict(Original.of(capture))"
        ) from err


def provenance_of(request: Request) -> Provenance:
    """Return how the crawl came to *request*: what its spider says, then what Scrapy's middlewares did."""
    meta = request.meta
    given: Provenance = meta.get(PROVENANCE) or Provenance(
        hops="L" * meta.get("depth", 0), via=_text(request.headers.get("Referer"))
    )
    if urlsplit(request.url).path == "/robots.txt" and meta.get("dont_obey_robotstxt"):
        return replace(given, hops=given.hops + "P")
    passed = meta.get("redirect_urls") or []
    return replace(given, hops=given.hops + "R" * len(passed), via=passed[-1]) if passed else given


def _policy(config: Config, crawler: Crawler) -> AddressPolicy | None:
    """Return the policy of a crawl of ours; a foreign Scrapy project goes where it always went."""
    if crawler.settings.getbool("ARCHIVE_PUBLIC_ONLY", default=False):
        return AddressPolicy(str(network) for network in config.crawl.allow_address)
    return None


def _pass_on(future: "Future[Recorded]", deferred: "Deferred[Recorded]") -> None:
    if deferred.called:
        return
    error = future.exception()
    if error is not None:
        deferred.errback(error)
    else:
        deferred.callback(future.result())


def _text(value: bytes | None) -> str | None:
    return value.decode("latin-1") if value else None
