"""APScheduler as the schedule uses it: its job store and its rules, but our loop and our runs."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from apscheduler.events import EVENT_JOB_MAX_INSTANCES  # type: ignore[import-untyped]
from apscheduler.executors.base import BaseExecutor  # type: ignore[import-untyped]
from apscheduler.job import Job  # type: ignore[import-untyped]
from apscheduler.jobstores.base import BaseJobStore, JobLookupError  # type: ignore[import-untyped]
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore  # type: ignore[import-untyped]
from apscheduler.schedulers.base import BaseScheduler  # type: ignore[import-untyped]
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from crawler.schedule.plan import Planned
from crawler.schedule.runs import Order, Runs, order_of
from crawler.sites.cron import triggers
from pipelines.errors import JobError

TABLE = "schedule_jobs"


class CronJobs(BaseScheduler):  # type: ignore[misc]
    """The cron jobs of the schedule, in the state database; it does something only within :meth:`run_due`.

    For one thread. Every method raises ``JobError`` where the database fails.
    """

    def __init__(self, url: str, runs: Runs) -> None:
        super().__init__(
            jobstores={"default": _job_store(url)}, executors={"default": _Executor(runs)}, timezone=UTC
        )

    def run_due(self) -> float | None:
        """Submit what is due, and return the seconds to what comes next; None where nothing does."""
        with _translated():
            wait: float | None = self._process_jobs()
        return wait

    def stored(self) -> dict[str, Job]:
        """Return the jobs by name of their site."""
        with _translated():
            return {job.id: job for job in self.get_jobs()}

    def put(self, planned: Planned, at: datetime | None) -> None:
        """Let the site run *at* that time and from then on as planned; with None it rests."""
        with _translated():
            self.add_job(
                f"{order_of.__module__}:{order_of.__name__}",
                triggers(planned.cron, planned.timezone, jitter=planned.jitter.total_seconds()),
                args=(planned.site, planned.target),
                id=planned.site,
                name=planned.told,
                misfire_grace_time=max(1, round(planned.misfire_grace.total_seconds())),
                coalesce=True,
                max_instances=1,
                next_run_time=at,
                replace_existing=True,
            )

    def drop(self, site: str) -> None:
        """Forget the site."""
        with _translated(), suppress(JobLookupError):
            self.remove_job(site)

    def begin(self, *, still_running: Callable[[str], None]) -> None:
        """Begin; *still_running* is called with the name of a site that should run and is running already."""
        self.add_listener(lambda event: still_running(event.job_id), EVENT_JOB_MAX_INSTANCES)
        with _translated():
            self.start()

    def wakeup(self) -> None:
        """Do nothing: what changes is changed by who runs the loop."""

    def shutdown(self, wait: bool = True) -> None:  # noqa: FBT001, FBT002 - as APScheduler has it
        """Let go of the database. The runs go on."""
        super().shutdown(wait)


class _Executor(BaseExecutor):  # type: ignore[misc]
    """Hands due jobs on to the runs."""

    def __init__(self, runs: Runs) -> None:
        super().__init__()
        self._runs = runs

    def _do_submit_job(self, job: Job, run_times: list[datetime]) -> None:
        order: Order = job.func(*job.args)
        grace = timedelta(seconds=job.misfire_grace_time)
        future = self._runs.submit(order, run_times[-1].astimezone(UTC), grace=grace)

        def ended(_: "Future[None]") -> None:
            self._run_job_success(job.id, ())

        future.add_done_callback(ended)


def _job_store(url: str) -> BaseJobStore:
    parsed = make_url(url)
    # As long as Database waits for other writers.
    waiting: dict[str, Any] = {"timeout": 30} if parsed.get_backend_name() == "sqlite" else {}
    engine = create_engine(parsed, connect_args=waiting, pool_pre_ping=True)
    return SQLAlchemyJobStore(engine=engine, tablename=TABLE)


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except JobLookupError as error:
        raise JobError(f"schedule: {error}; another scheduler has changed {TABLE}, look for one") from error
    except SQLAlchemyError as error:
        raise JobError(
            f"schedule: the state database failed ({error}); see that it can be reached and written"
        ) from error
