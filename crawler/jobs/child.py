"""The process of one crawl job: ``python -m crawler.jobs.child DESCRIPTOR``, the specification on its input.

A first SIGINT or SIGTERM ends the crawl and publishes what was fetched, a second one stops at once; what is
not published then waits in the spool for the next command that uses it.
"""

import gc
import logging
import os
import pickle
import sys
from typing import Any

from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings

from crawler.frontier import FrontierStore, scheduler
from crawler.jobs.progress import EVENTS_SETTING, ProgressTeller, send
from crawler.jobs.spec import JobSpec, Outcome, Progress, frontier_job, job_info, outcome
from crawler.ledger import Ledger
from crawler.ledger.export import export
from crawler.project import scrapy_settings
from crawler.recorder.recorder import JOB_SETTING, Recorder
from crawler.sites import profile_for
from crawler.spiders.news import NewsSpider
from crawler.spiders.site import PAGES
from crawler.state import Database
from pipelines import errors
from pipelines.errors import JobError, NewswarcError, Unavailable

logger = logging.getLogger(__name__)


def main() -> int:
    """Run the job whose specification is on standard input, and return its exit code."""
    descriptor = int(sys.argv[1])
    spec: JobSpec = pickle.load(sys.stdin.buffer)  # noqa: S301 - from our own parent
    _log_to(spec)
    try:
        last = _run(spec, descriptor)
    except NewswarcError as err:
        last = Progress(
            "finished", spec.id, 0.0, reason=type(err).__name__, exit_code=err.exit_code, error=str(err)
        )
    except Exception as err:
        logger.exception("job %s failed", spec.id)
        last = Progress("finished", spec.id, 0.0, reason="error", exit_code=1, error=repr(err))
    os.set_blocking(descriptor, True)
    send(descriptor, last)
    return last.exit_code


def _run(spec: JobSpec, descriptor: int) -> Progress:
    process = AsyncCrawlerProcess(_settings(spec, descriptor))
    crawler_ = process.create_crawler(NewsSpider)
    task = process.crawl(crawler_, targets=",".join(spec.targets), due="1" if spec.due else "")
    _give_up_on_shutdown(crawler_)
    # Collections of young objects stay short, and full ones rare: none may keep the reactor for long.
    gc.set_threshold(5_000, 20, 100)
    process.start()
    error = None if task.cancelled() or not task.done() else task.exception()
    if isinstance(error, NewswarcError):
        raise error
    if error is not None:
        raise JobError(f"job: {spec.id} did not start: {error!r}") from error
    recorder = Recorder.of(crawler_)
    recorder.finish()
    with Database(spec.config.state_url) as database:
        # Its crawl log is in the archive, and what became of its pages in the ledger.
        FrontierStore(database).forget(frontier_job(spec))
        _export_ledger(spec, database, recorder)
    return _last(spec, crawler_, recorder)


def _export_ledger(spec: JobSpec, database: Database, recorder: Recorder) -> None:
    """Bring to the store what changed in the ledger; what cannot be brought now, the next job brings."""
    if recorder.error is not None or recorder.waiting:
        return
    ledger = Ledger(database, spec.config.store.collection)
    names = {profile_for(target, spec.config.sites.folders).name for target in spec.targets} | {PAGES}
    sites = [key for name, key in ledger.sites().items() if name in names]
    try:
        key = export(ledger, recorder.archive.store, job=spec.id, of=sites, folder=spec.config.state_folder)
        logger.info("ledger: %s", f"{key} written" if key else "nothing changed")
    except NewswarcError as err:
        logger.warning("ledger: not brought to the store, the next job does it: %s", err)


def _settings(spec: JobSpec, descriptor: int) -> Settings:
    settings = Settings()
    settings.setmodule("crawler.project", priority="project")
    profiles = [profile_for(target, spec.config.sites.folders) for target in spec.targets]
    settings.setdict(scrapy_settings(spec.config, profiles), priority="cmdline")
    extensions = settings.getdict("EXTENSIONS") | {f"{ProgressTeller.__module__}.ProgressTeller": 0}
    settings.setdict(
        {
            JOB_SETTING: job_info(spec, spec.config),
            scheduler.JOB_SETTING: frontier_job(spec),
            scheduler.SWEEP_SETTING: spec.due,
            EVENTS_SETTING: descriptor,
            "EXTENSIONS": extensions,
            "LOG_LEVEL": spec.log_level,
            "LOG_INSTALL_ROOT_HANDLER": False,
        },
        priority="cmdline",
    )
    return settings


def _give_up_on_shutdown(crawler_: Crawler) -> None:
    """Let a second signal, which stops the reactor, end the wait for the store as well."""
    from twisted.internet import reactor  # noqa: PLC0415 - which reactor it is, is settled only now

    running: Any = reactor
    running.addSystemEventTrigger("before", "shutdown", lambda: Recorder.give_up(crawler_))


def _last(spec: JobSpec, crawler_: Crawler, recorder: Recorder) -> Progress:
    assert crawler_.stats is not None
    finish_reason = crawler_.stats.get_value("finish_reason", "shutdown")
    told = crawler_.get_extension(ProgressTeller)
    assert told is not None
    waiting = tuple(map(str, recorder.waiting))
    error = recorder.error or _error_of(spec, finish_reason)
    reason, code = "interrupted", Outcome.INTERRUPTED
    if finish_reason != "shutdown":
        reason, code = outcome(told.progress("finished", reason=finish_reason), due=spec.due)
    # Who stops a job at once has not given the store the time.
    if error is None and waiting and finish_reason != "shutdown":
        error = Unavailable("publish: the store did not take all segments; they wait in the spool")
    return told.progress(
        "finished",
        reason=type(error).__name__ if error else reason,
        exit_code=error.exit_code if error else int(code),
        error=str(error or ""),
        waiting=waiting,
    )


def _error_of(spec: JobSpec, finish_reason: str) -> NewswarcError | None:
    """Return the error that ended the crawl, where *finish_reason* is the name of one."""
    kind = getattr(errors, finish_reason, None)
    if not (isinstance(kind, type) and issubclass(kind, NewswarcError)):
        return None
    error: NewswarcError = kind(f"job: {spec.id} ended before its time; its log tells why")
    return error


def _log_to(spec: JobSpec) -> None:
    logging.basicConfig(
        filename=spec.log_file,
        level=spec.log_level,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
    )
    # Scrapy opens the root logger wide when it starts.
    logging.getLogger().handlers[0].setLevel(spec.log_level)


if __name__ == "__main__":
    sys.exit(main())
