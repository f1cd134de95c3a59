"""The process of a worker: ``python -m crawler.worker EVENTS WAKES``, the specification on its input.

A first SIGINT or SIGTERM lets it end what it has begun and hands back the rest, a second one stops at once;
what is not published then waits in the spool for the next worker. So does the end of the parent.
"""

import gc
import logging
import os
import pickle
import sys

from scrapy.crawler import AsyncCrawlerProcess

from crawler.worker.settings import worker_settings
from crawler.worker.spec import WorkerEvent, WorkerSpec
from crawler.worker.spider import SaveSpider
from pipelines.errors import JobError, NewswarcError

logger = logging.getLogger(__name__)


def main() -> int:
    """Run the worker whose specification is on standard input, and return its exit code."""
    events, wakes = int(sys.argv[1]), int(sys.argv[2])
    spec: WorkerSpec = pickle.load(sys.stdin.buffer)  # noqa: S301 - from our own parent
    _log_to(spec)
    last = WorkerEvent("ended")
    try:
        _run(spec, events, wakes)
    except NewswarcError as err:
        last = WorkerEvent("ended", err.exit_code, str(err))
    except Exception as err:
        logger.exception("the worker failed")
        last = WorkerEvent("ended", 1, repr(err))
    tell(events, last)
    return last.exit_code


def tell(descriptor: int, event: WorkerEvent) -> None:
    """Write *event* for the parent, if it still listens."""
    try:
        os.write(descriptor, event.to_json().encode() + b"\n")
    except OSError as err:
        logger.info("nobody listens to this worker any more: %s", err)


def _run(spec: WorkerSpec, events: int, wakes: int) -> None:
    process = AsyncCrawlerProcess(worker_settings(spec))
    crawler_ = process.create_crawler(SaveSpider)
    task = process.crawl(
        crawler_,
        drain=spec.drain,
        wakes=wakes,
        ready=lambda: tell(events, WorkerEvent("ready")),
    )
    gc.set_threshold(5_000, 20, 100)
    process.start(install_signal_handlers=False)
    error = None if task.cancelled() or not task.done() else task.exception()
    if isinstance(error, NewswarcError):
        raise error
    if error is not None:
        raise JobError(f"worker: it did not start: {error!r}") from error
    spider = crawler_.spider
    if isinstance(spider, SaveSpider) and spider.error is not None:
        raise spider.error


def _log_to(spec: WorkerSpec) -> None:
    logging.basicConfig(
        filename=spec.log_file,
        level=spec.log_level,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
    )
    # Scrapy opens the root logger wide when it starts.
    logging.getLogger().handlers[0].setLevel(spec.log_level)
