"""How a job stands, told to its parent twice a second."""

import os
import signal
import time
from collections.abc import Mapping
from typing import Any, Self

from scrapy import signals
from scrapy.crawler import Crawler
from twisted.internet.task import LoopingCall

from crawler.frontier.scheduler import FrontierScheduler
from crawler.jobs.spec import Progress
from crawler.recorder.recorder import Recorder

EVENTS_SETTING = "JOB_EVENTS"
"""File descriptor that events are written to, one line each."""
_TELL_SECONDS = 0.5


class ProgressTeller:
    """Writes a :class:`Progress` to the descriptor in ``JOB_EVENTS``; ends the crawl when nobody listens."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._descriptor = crawler.settings.getint(EVENTS_SETTING)
        # A parent that is stopped, or slow to read, must not stop the reactor.
        os.set_blocking(self._descriptor, False)
        self._began = time.monotonic()
        self._recorder = Recorder.of(crawler)
        self._telling = LoopingCall(self.tell, "progress")
        self._held: dict[str, float] = {}
        crawler.signals.connect(self._start, signals.engine_started)
        crawler.signals.connect(self._look_at_hosts, signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the teller of *crawler*."""
        return cls(crawler)

    def tell(self, event: str) -> None:
        """Write how the job stands."""
        if not send(self._descriptor, self.progress(event)):
            self._stop()
            # Nobody is there to stop this job any more, so it stops as if it had been told to.
            os.kill(os.getpid(), signal.SIGTERM)

    def progress(self, event: str, **last: Any) -> Progress:  # noqa: ANN401 - fields of Progress
        """Return how the job stands, with the fields *last* as given."""
        assert self._crawler.stats is not None
        stats = self._crawler.stats.get_stats()
        engine: Any = self._crawler.engine
        return Progress(
            event=event,
            job=self._recorder.job.id,
            elapsed=round(time.monotonic() - self._began, 3),
            pages=stats.get("pages", 0),
            captures=stats.get("archive/captures", 0),
            revisits=stats.get("archive/revisits", 0),
            bytes=stats.get("archive/bytes", 0),
            articles=stats.get("item_scraped_count", 0),
            pending=_pending(engine),
            in_flight=len(engine.downloader.active) if engine is not None else 0,
            segments=self._recorder.recording.published,
            waiting_bytes=self._recorder.recording.waiting_bytes,
            failures=_below(stats, "archive/failures/"),
            refusals=_below(stats, "archive/refusals/"),
            statuses=_below(stats, "archive/status/"),
            held=self._held,
            **{"error": str(self._recorder.recording.error or ""), **last},
        )

    def _start(self) -> None:
        self.tell("started")
        self._telling.start(_TELL_SECONDS, now=False)

    def _look_at_hosts(self) -> None:
        """Remember which hosts the frontier still has something of: when the crawl is over it is gone."""
        engine: Any = self._crawler.engine
        frontier = getattr(getattr(engine, "_slot", None), "scheduler", None)
        if isinstance(frontier, FrontierScheduler):
            self._held = frontier.waiting()

    def _stop(self) -> None:
        if self._telling.running:
            self._telling.stop()


def send(descriptor: int, event: Progress) -> bool:
    """Write *event* to *descriptor*, and return whether anybody still reads there.

    Where the pipe is full and its descriptor does not block, the event is dropped: a later one says more.
    """
    try:
        os.write(descriptor, event.to_json().encode() + b"\n")
    except BlockingIOError:
        return True
    except BrokenPipeError:
        return False
    return True


def _pending(engine: Any) -> int:  # noqa: ANN401 - private to Scrapy
    scheduler: Any = getattr(getattr(engine, "_slot", None), "scheduler", None)
    return len(scheduler) if hasattr(scheduler, "__len__") else 0


def _below(stats: Mapping[str, Any], prefix: str) -> dict[str, int]:
    return {key.removeprefix(prefix): count for key, count in stats.items() if key.startswith(prefix)}
