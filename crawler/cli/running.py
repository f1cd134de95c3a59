"""Runs a crawl job in its process, with a display beside it and Ctrl-C passed on."""

import os
import signal
import time
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any, Protocol, Self

from crawler.config import Config
from crawler.frontier import FrontierStore
from crawler.jobs import JobProcess, JobSpec, Outcome, new_job
from crawler.jobs.history import History, Run, RunState
from crawler.jobs.logs import logged
from crawler.jobs.spec import Progress, frontier_job
from crawler.state import Database
from pipelines.errors import JobError

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_NOTICES = (
    "interrupted: publishing what was fetched; once more stops at once",
    "interrupted again: stopping at once; what is not published waits for 'newswarc publish'",
    "interrupted a third time: killed; 'newswarc publish' recovers what was fetched",
)
_LOG_LINES = 10
_RENEW_SECONDS = 60.0
_LOG_TAIL_BYTES = 1 << 16


class Display(Protocol):
    """What shows how a job goes."""

    def __enter__(self) -> Self:
        """Begin."""
        ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End."""
        ...

    def show(self, progress: Progress) -> None:
        """Show how the job stands."""
        ...

    def notice(self, text: str) -> None:
        """Show *text*; called from a signal handler, so that it must not wait for anything."""
        ...


def prepared(targets: tuple[str, ...], config: Config, *, due: bool = False) -> JobSpec:
    """Return a job for *targets* whose log lies in the state folder.

    Raises ``ProfileError`` where a target means no site, and what :func:`logged` does.
    """
    return logged(replace(new_job(targets, config), due=due))


def resumed(job: str, config: Config) -> JobSpec:
    """Return the job of that id, or for ``last`` the last one, which was interrupted and now goes on.

    Raises ``JobError`` where there is none, or nothing is left of it to do.
    """
    with Database(config.state_url) as database:
        history, frontier = History(database), FrontierStore(database)
        history.died()
        left = {unfinished.id for unfinished in frontier.unfinished()}
        runs = [run for run in (history.get(job), *history.recent(1000)) if run is not None]
    of_here = [run for run in runs if run.collection == config.store.collection]
    unfinished = {run.id: run for run in of_here if frontier_job(_spec(run, config)) in left}
    if job in unfinished and unfinished[job].state is RunState.RUNNING:
        raise JobError(f"job: {job!r} is running; it can go on once it was interrupted")
    idle = [run for run in unfinished.values() if run.state is not RunState.RUNNING]
    found = next((run for run in idle if job in {"last", run.id}), None)
    if found is None:
        names = ", ".join(run.id for run in idle[:5]) or "none"
        raise JobError(
            f"job: {job!r} was not interrupted with anything left to fetch in this store; jobs that can go "
            f"on: {names}"
        )
    return logged(_spec(found, config))


def _spec(run: Run, config: Config) -> JobSpec:
    return JobSpec(run.id, run.targets, config, due=run.kind == "due", resume=True)


def run(spec: JobSpec, display: Display) -> Progress:
    """Run the job, keep its history, and return its last word.

    SIGINT and SIGTERM go to it: end, end at once, be killed.
    """
    with Database(spec.config.state_url) as database:
        history = History(database)
        history.begin(spec)
        last = _run(spec, display, history)
        history.end(last)
    return last


def _run(spec: JobSpec, display: Display, history: History) -> Progress:
    last = Progress("waiting", spec.id, 0.0)
    begun, renewed = False, time.monotonic()
    with _Interruptions(display) as interruptions, display:
        job = JobProcess(spec)
        interruptions.go_to(job)
        history.runs_as(spec.id, job.pid)
        for last in job.events():
            begun = begun or last.event == "started"
            display.show(last)
            if time.monotonic() - renewed > _RENEW_SECONDS:
                renewed = time.monotonic()
                history.renew()
    if last.reason == "died" and interruptions.count and (interruptions.count >= len(_NOTICES) or not begun):
        return _stopped(last, begun=begun)
    return last


def told(spec: JobSpec, last: Progress) -> dict[str, Any]:
    """Return what ``--json`` says of a job that has ended."""
    return {
        **asdict(last),
        "store": spec.config.store.url,
        "collection": spec.config.store.collection,
        "targets": list(spec.targets),
        "log_file": str(spec.log_file),
    }


def log_tail(path: Path | None) -> list[str]:
    """Return the last lines of the log that say more than how it went."""
    if path is None or not path.is_file():
        return []
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _LOG_TAIL_BYTES))
        lines = file.read().decode("utf-8", "replace").splitlines()
    telling: list[str] = []
    ordinary = False
    for line in lines:
        words = line.split(maxsplit=3)
        # What has no level continues the entry before it, as a traceback does.
        if len(words) > 2 and words[2] in {"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"}:
            ordinary = words[2] in {"DEBUG", "INFO"}
        if not ordinary:
            telling.append(line)
    return telling[-_LOG_LINES:]


def _stopped(last: Progress, *, begun: bool) -> Progress:
    """Return the last word of a job that died because it was told to."""
    error = "" if not begun else str(JobError(f"job: {last.job} was killed; run 'newswarc publish'"))
    return replace(last, reason="interrupted", exit_code=int(Outcome.INTERRUPTED), error=error)


class _Interruptions:
    """While it lasts, passes SIGINT and SIGTERM on to a job."""

    def __init__(self, display: Display) -> None:
        self.count = 0
        self._display = display
        self._job: JobProcess | None = None
        self._before: list[Any] = []

    def __enter__(self) -> Self:
        self._before = [signal.signal(number, self._arrived) for number in _SIGNALS]
        return self

    def __exit__(self, *_: object) -> None:
        for number, before in zip(_SIGNALS, self._before, strict=True):
            signal.signal(number, before)

    def go_to(self, job: JobProcess) -> None:
        """Pass on to *job* what came and what comes."""
        self._job = job
        if self.count:
            job.interrupt()

    def _arrived(self, _number: int, _frame: FrameType | None) -> None:
        self.count += 1
        self._display.notice(_NOTICES[min(self.count, len(_NOTICES)) - 1])
        if self._job is None:
            return
        if self.count < len(_NOTICES):
            self._job.interrupt()
        else:
            # Not JobProcess.kill, which waits: this handler may run inside that very wait.
            with suppress(ProcessLookupError):
                os.kill(self._job.pid, signal.SIGKILL)
