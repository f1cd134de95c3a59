"""Crawl jobs that the schedule runs: each in a process of its own, a few at once."""

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from threading import Lock

from crawler.config import Config
from crawler.jobs import JobProcess, JobSpec, new_job
from crawler.jobs.history import History, RunState
from crawler.jobs.logs import logged
from crawler.jobs.spec import Progress
from crawler.schedule.store import ScheduleStore
from crawler.state import Database
from pipelines.errors import NewswarcError

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Order:
    """A site that shall be crawled."""

    site: str
    target: str
    """What its profile is found by: a name, or a file's path."""
    asked: bool = False
    """Whether a person wants it at once, due or not."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the schedule tells while it runs."""

    what: str
    """``active``, ``standby``, ``stopping``, ``planned``, ``removed``, ``problem``; of one run ``started``,
    ``progress``, ``ended``, ``skipped``, ``idle`` (there was nothing to do)."""
    site: str = ""
    text: str = ""
    job: str = ""
    state: RunState | None = None
    """How the run ended."""
    progress: Progress | None = None


def order_of(site: str, target: str) -> Order:
    """Return what a job of APScheduler asks for.

    The job store keeps this function's name and these two strings, nothing that a new version could not read.
    """
    return Order(site, target)


class Runs:
    """Runs crawl jobs, *parallel* at once; others wait for their turn.

    *nothing_due* is asked, on a thread of its own and with the order's target, before a process is started:
    why there is nothing to do, None where there is. *tell* is called from those threads too.
    """

    def __init__(
        self,
        config: Config,
        *,
        owner: str,
        nothing_due: Callable[[str], str | None],
        tell: Callable[[Told], None],
    ) -> None:
        self._config, self._owner = config, owner
        self._nothing_due, self._tell = nothing_due, tell
        self._pool = ThreadPoolExecutor(config.schedule.parallel, thread_name_prefix="run")
        self._lock = Lock()
        self._processes: dict[str, JobProcess] = {}
        self._futures: set[Future[None]] = set()
        self._begun: set[str] = set()
        self._interruptions = 0
        self.worst = 0
        """The first exit code of a run that did not end well."""

    @property
    def busy(self) -> bool:
        """Whether a run waits or is under way."""
        return bool(self._futures)

    def has_begun(self, site: str) -> bool:
        """Return whether a run of *site* is under way, and does not wait for its turn."""
        return site in self._begun

    def submit(
        self, order: Order, scheduled_for: datetime, *, grace: timedelta | None = None
    ) -> Future[None]:
        """Let the run begin as soon as there is room; not at all where that is later than *grace* allows."""
        future = self._pool.submit(self._run, order, scheduled_for, grace)
        self._futures.add(future)
        future.add_done_callback(self._done)
        return future

    def interrupt(self) -> None:
        """Start no more, and end those that run: first after publishing, then at once, then killed."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        with self._lock:
            self._interruptions += 1
            for process in self._processes.values():
                self._stop(process)

    def close(self) -> None:
        """Wait until nothing runs any more."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def skip(self, order: Order, reason: str, scheduled_for: datetime, *, history: History) -> None:
        """Record that a run was left out, and why."""
        history.skip(self._due_job(order), reason, scheduled_for=scheduled_for)
        self._tell(Told("skipped", order.site, reason))

    def _run(self, order: Order, scheduled_for: datetime, grace: timedelta | None) -> None:
        self._begun.add(order.site)
        try:
            with Database(self._config.state_url) as database:
                self._consider(order, scheduled_for, grace, database)
        except NewswarcError as error:
            self.worst = self.worst or error.exit_code
            self._tell(Told("problem", order.site, str(error)))
        finally:
            self._begun.discard(order.site)

    def _consider(
        self, order: Order, scheduled_for: datetime, grace: timedelta | None, database: Database
    ) -> None:
        store, history = ScheduleStore(database), History(database, owner=self._owner)
        late = datetime.now(UTC) - scheduled_for
        idle = None
        if grace is not None and late > grace:
            note = f"missed by {timedelta(seconds=round(late.total_seconds()))}, more than misfire_grace"
            self.skip(order, note, scheduled_for, history=history)
        elif not order.asked and (idle := self._nothing_due(order.target)) is not None:
            note = idle
            self._tell(Told("idle", order.site, idle))
        else:
            note = self._start(order, scheduled_for, history)
        store.looked(order.site, note)

    def _start(self, order: Order, scheduled_for: datetime, history: History) -> str:
        spec = logged(self._due_job(order))
        other = history.begin(spec, scheduled_for=scheduled_for, alone=True)
        if other is None:
            last = self._watched(spec, order.site, history)
            state = history.end(last)
            if state not in {RunState.DONE, RunState.NOTHING}:
                self.worst = self.worst or last.exit_code
            self._tell(Told("ended", order.site, last.error, spec.id, state, last))
            return str(state)
        reason = f"job {other.id} of this site is still running ({other.owner})"
        self.skip(order, reason, scheduled_for, history=history)
        return reason

    def _watched(self, spec: JobSpec, site: str, history: History) -> Progress:
        """Run the job's process, and return its last word."""
        process = JobProcess(spec)
        with self._lock:
            self._processes[spec.id] = process
            if self._interruptions:
                self._stop(process)
        last = Progress("started", spec.id, 0.0)
        events = process.events()
        try:
            history.runs_as(spec.id, process.pid)
            self._tell(Told("started", site, job=spec.id))
            for last in events:
                self._tell(Told("progress", site, job=spec.id, progress=last))
        except BaseException:
            # Nobody would read what it tells, nor stop it.
            process.interrupt()
            for _ in events:
                pass
            raise
        finally:
            with self._lock:
                del self._processes[spec.id]
        return last

    def _stop(self, process: JobProcess) -> None:
        if self._interruptions < 3:
            process.interrupt()
        else:
            process.kill()

    def _due_job(self, order: Order) -> JobSpec:
        return replace(new_job((order.target,), self._config), due=True)

    def _done(self, future: "Future[None]") -> None:
        self._futures.discard(future)
        error = None if future.cancelled() else future.exception()
        if error is not None:
            self.worst = self.worst or 1
            logger.error("a run failed", exc_info=error)
        self._tell(Told("over"))
