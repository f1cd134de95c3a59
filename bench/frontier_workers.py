"""How many requests a second 1, 2, 4 workers take from one job on PostgreSQL, and end; nothing is fetched.

    PYTHONPATH=.:tests python bench/frontier_workers.py [--workers 1 2 4] [--entries 40000] [--rate 0]

With a *rate*, each worker takes so many a second at most, as one does that waits for hosts: what the workers
cost each other is then seen before the cores are full.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from scrapy import Spider
from scrapy.http import Response
from scrapy.utils.reactor import install_reactor
from scrapy.utils.test import get_crawler

from crawler.frontier import Entry, FrontierStore
from crawler.frontier.scheduler import FrontierScheduler
from crawler.frontier.window import TICK
from crawler.state import Database
from databases import new_database
from pipelines.segments.journal import JobInfo

_JOB = "bench"


class _Spider(Spider):
    name = "bench"

    def read(self, response: Response) -> None: ...


def work(url: str, rate: float) -> None:
    """Be one worker: take requests until none is left, and print how many, and when the first and last."""
    install_reactor("twisted.internet.asyncioreactor.AsyncioSelectorReactor")
    settings = {
        "STATE_URL": url,
        "ARCHIVE_JOB": JobInfo(_JOB),
        "FRONTIER_SHARED": True,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 0,
    }
    crawler = get_crawler(_Spider, settings)
    crawler.spider = spider = crawler._create_spider()  # noqa: SLF001 - what Crawler.crawl does, without the crawl
    crawler._apply_settings()  # noqa: SLF001
    crawler.engine = crawler._create_engine()  # noqa: SLF001
    scheduler = FrontierScheduler.from_crawler(crawler)
    scheduler.open(spider)
    print("ready", flush=True)
    sys.stdin.readline()
    began, pages, ticked, last = time.time(), 0, 0.0, 0.0
    while scheduler.has_pending_requests():
        if time.monotonic() - ticked > TICK:
            ticked = time.monotonic()
            scheduler._tick()  # noqa: SLF001 - what the reactor does
        request = scheduler.next_request()
        if request is None:
            time.sleep(0.005)
            continue
        scheduler.done(request)
        pages, last = pages + 1, time.time()
        if rate:
            time.sleep(max(0.0, began + pages / rate - time.time()))
    scheduler.close("finished")
    print(pages, began, last, time.process_time())


def measure(url: str, workers: int, entries: int, hosts: int, rate: float) -> float:
    """Return the requests a second of so many *workers*."""
    with Database(url) as database:
        store = FrontierStore(database)
        job = store.open_job(_JOB, owner="bench/0/0", seconds=3600).key
        for first in range(0, entries, 5000):
            store.add(job, [_entry(number, hosts) for number in range(first, first + 5000)])
        store.close_job(job, "shutdown", owner="bench/0/0", finished=False)
    command = [sys.executable, __file__, "--work", url, "--rate", str(rate)]
    running = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ)
        for _ in range(workers)
    ]
    for one in running:
        assert one.stdout is not None
        one.stdout.readline()
    told = []
    for one in running:
        assert one.stdin is not None
        one.stdin.write("go\n")
        one.stdin.flush()
    for one in running:
        output, _ = one.communicate()
        told.append([float(part) for part in output.split()])
    pages = [int(one[0]) for one in told]
    wall = max(one[2] for one in told) - min(one[1] for one in told)
    assert sum(pages) == entries, pages
    cpu = sum(one[3] for one in told)
    print(
        f"{workers} workers: {entries / wall:7,.0f} requests/s, {pages} each, {cpu / wall:.2f} cores",
        end="",
    )
    return entries / wall


def _entry(number: int, hosts: int) -> Entry:
    host = f"host{number % hosts}.example"
    url = f"https://{host}/news/2026/11/23/a-headline-of-some-length-{number}.html"
    identity = (number * 2654435761 % 2**64).to_bytes(20, "little")
    return Entry(url, host, identity, '{"callback":"read","meta":{"page":true}}', 0, 1)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2, 4])
    parser.add_argument("--entries", type=int, default=40_000)
    parser.add_argument("--hosts", type=int, default=200)
    parser.add_argument("--rate", type=float, default=0)
    parser.add_argument("--work", metavar="URL", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.work:
        work(args.work, args.rate)
        return
    first = 0.0
    for workers in args.workers:
        with tempfile.TemporaryDirectory() as folder, new_database("postgresql", Path(folder)) as url:
            found = measure(url, workers, args.entries, args.hosts, args.rate)
            first = first or found
            print(f", {found / first:.2f} times the first")


if __name__ == "__main__":
    main()
