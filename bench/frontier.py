"""What the frontier costs a page on the reactor's thread: enqueue, lease, done; and a lease at any size.

    PYTHONPATH=.:tests python bench/frontier.py [--entries 1000 1000000] [--hosts 20] [--rate 200]
    PYTHONPATH=.:tests python bench/frontier.py --kinds sqlite postgresql --large --hosts 2000

First the scheduler as a crawl uses it: each page that is handed out brings *links* new requests until all
entries exist, then is done. Then the store alone, with that many entries pending. With --large, the
scheduler of a job that goes on with that many entries pending: how many pages it hands out and ends in a
second, and for how long each transaction keeps the reactor.
"""

import argparse
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import count, islice
from pathlib import Path
from typing import Any, TypeVar

import psutil
from scrapy import Request, Spider
from scrapy.http import Response
from scrapy.utils.reactor import install_reactor
from scrapy.utils.test import get_crawler

from crawler.frontier.scheduler import FrontierScheduler
from crawler.frontier.store import Entry, FrontierStore
from crawler.frontier.window import TICK
from crawler.state import Database
from databases import new_database
from pipelines.model import Provenance

_PROVENANCE = Provenance(
    "bench-20261123", "https://host0.example/feed.xml", "https://host0.example/news/", "FL"
)


_T = TypeVar("_T")


class _Spider(Spider):
    name = "bench"

    def read(self, response: Response) -> None: ...

    def failed(self, failure: object) -> None: ...

    def request(self, number: int, hosts: int) -> Request:
        url = f"https://host{number % hosts}.example/news/2026/11/23/a-headline-of-some-length-{number}.html"
        meta = {"archive_provenance": _PROVENANCE, "archive_article": True, "site": "bench", "page": True}
        return Request(url, self.read, errback=self.failed, meta=meta, priority=number % 3)


class _Watch:
    """Keeps the wall time of every call, and the CPU time, which others on the machine do not change."""

    def __init__(self) -> None:
        self.calls: list[float] = []
        self.cpu: list[float] = []

    def __call__(self, call: Callable[..., _T], *args: object) -> _T:
        start, cpu = time.perf_counter(), time.thread_time()
        found = call(*args)
        self.calls.append(time.perf_counter() - start)
        self.cpu.append(time.thread_time() - cpu)
        return found

    def told(self) -> str:
        ordered = [call * 1000 for call in sorted(self.calls)]
        cpu = [call * 1000 for call in sorted(self.cpu)]
        over = sum(call > 5 for call in ordered)
        return (
            f"mean {statistics.fmean(ordered):.3f} ms, p50 {ordered[len(ordered) // 2]:.3f}, "
            f"p99 {ordered[int(len(ordered) * 0.99)]:.2f}, p99.9 {ordered[int(len(ordered) * 0.999)]:.2f}, "
            f"longest {ordered[-1]:.1f}, over 5 ms {over} of {len(ordered):,}; "
            f"CPU p99 {cpu[int(len(cpu) * 0.99)]:.2f}, longest {cpu[-1]:.1f}"
        )


def _scheduler(url: str) -> tuple[FrontierScheduler, _Spider]:
    crawler = get_crawler(_Spider, {"STATE_URL": url, "CONCURRENT_REQUESTS_PER_DOMAIN": 0})
    crawler.spider = spider = crawler._create_spider()  # noqa: SLF001 - what Crawler.crawl does, without the crawl
    crawler._apply_settings()  # noqa: SLF001
    crawler.engine = crawler._create_engine()  # noqa: SLF001
    scheduler = FrontierScheduler.from_crawler(crawler)
    scheduler.open(spider)
    return scheduler, spider


@contextmanager
def _checkpoints(url: str) -> Iterator[None]:
    """Write the log into the file once a second, as the scheduler has it done while its reactor runs."""
    ended = threading.Event()

    def run() -> None:
        with Database(url) as database:
            while not ended.wait(1.0):
                database.checkpoint()

    thread = threading.Thread(target=run)
    thread.start()
    yield
    ended.set()
    thread.join()


def whole_cycle(folder: Path, entries: int, hosts: int, links: int, rate: float) -> None:
    url = f"sqlite:///{folder / 'cycle.sqlite'}"
    scheduler, spider = _scheduler(url)
    enqueue, take, through = _Watch(), _Watch(), _Watch()
    requests = (spider.request(number, hosts) for number in range(entries))
    rss, pages, cpu = psutil.Process().memory_info().rss, 0, 0.0
    began = time.perf_counter()
    with _checkpoints(url):
        scheduler.enqueue_request(next(requests))
        while True:
            following = list(islice(requests, links))
            start = time.thread_time()
            request = take(scheduler.next_request)
            if request is None:
                break
            for found in following:
                enqueue(scheduler.enqueue_request, found)
            through(scheduler.done, request)
            cpu += time.thread_time() - start
            pages += 1
            if rate:
                time.sleep(max(0.0, began + pages / rate - time.perf_counter()))
        scheduler.close("finished")
    after = psutil.Process().memory_info().rss
    print(f"{pages:,} pages, {hosts} hosts, {links} links a page until all are known:")
    print(f"  {cpu / pages * 1000:.3f} ms CPU a page for the cycle, beside what Request() takes")
    print("  next_request   ", take.told())
    print("  enqueue_request", enqueue.told())
    print("  done           ", through.told())
    times = pages * 3 * 64 / 1e6
    print(
        f"  RSS {rss / 1e6:.0f} MB before, {after / 1e6:.0f} MB after, of which {times:.0f} are these times"
    )


def lease_at_size(folder: Path, entries: int, hosts: int) -> None:
    with Database(f"sqlite:///{folder / f'store-{entries}.sqlite'}") as database:
        store = FrontierStore(database)
        job = store.open_job("bench", owner="bench/0/0", seconds=3600).key
        start, cpu = time.perf_counter(), time.process_time()
        for first in range(0, entries, 64):
            store.add(job, [_entry(number, hosts) for number in range(first, min(first + 64, entries))])
        added = (time.process_time() - cpu) / entries
        print(f"{entries:9,} pending: add {added * 1e6:.0f} µs CPU an entry in batches of 64", end="")
        print(f" ({entries / (time.perf_counter() - start):,.0f}/s)", end="")
        cpu, rounds = time.process_time(), min(200, entries // (16 * hosts) or 1)
        number = 0
        for turn in range(rounds):
            for host in range(hosts):
                leases = store.lease(job, {f"host{host}.example": 16}, owner="bench/0/0", seconds=60)
                store.finish([lease.id for lease in leases])
                number += len(leases)
            if turn * hosts > 2000:
                break
        print(
            f", lease and finish {(time.process_time() - cpu) / number * 1e6:.0f} µs an entry in 16s", end=""
        )
        cpu = time.perf_counter()
        store.hosts(job)
        print(f"; hosts() {(time.perf_counter() - cpu) * 1000:.0f} ms", end="")
        cpu = time.perf_counter()
        store.counts(job)
        print(f"; counts() {(time.perf_counter() - cpu) * 1000:.0f} ms")


def large(url: str, entries: int, hosts: int, pages: int) -> None:
    """Go on with a job that has *entries* pending on *hosts*, for *pages*, each with two new links."""
    _load(url, entries, hosts)
    start = time.perf_counter()
    scheduler, spider = _scheduler(url)
    kind, opened = url.partition(":")[0], time.perf_counter() - start
    print(f"{kind}: {entries:,} pending on {hosts:,} hosts, opened in {opened:.2f} s:")
    holding: Any = scheduler._holding  # noqa: SLF001 - its transactions are what is measured
    flush, fill = _Watch(), _Watch()
    holding.flush, holding.fill = partial(flush, holding.flush), partial(fill, holding.fill)
    links = (spider.request(number, hosts) for number in count(entries))
    rss, cpu, began = [], time.thread_time(), time.perf_counter()
    with _checkpoints(url):
        for _ in range(10):
            rss.append(f"{psutil.Process().memory_info().rss / 1e6:.0f}")
            _pages(scheduler, links, pages // 10)
    cpu, wall = time.thread_time() - cpu, time.perf_counter() - began
    scheduler.close("shutdown")
    print(
        f"  {pages / wall:,.0f} pages/s leased and done, 2 links each; {cpu / pages * 1e3:.3f} ms CPU a page"
    )
    print("  flush", flush.told())
    print("  fill ", fill.told())
    print(f"  RSS in MB, from first to last: {', '.join(rss)}")


def _load(url: str, entries: int, hosts: int) -> None:
    with Database(url) as database:
        store = FrontierStore(database)
        job = store.open_job("bench", owner="bench/0/0", seconds=3600).key
        for first in range(0, entries, 5000):
            store.add(job, [_entry(number, hosts) for number in range(first, min(first + 5000, entries))])
        store.close_job(job, "shutdown", owner="bench/0/0", finished=False)


def _pages(scheduler: FrontierScheduler, links: Iterator[Request], number: int) -> None:
    ticked = time.perf_counter()
    for _ in range(number):
        request = scheduler.next_request()
        assert request is not None
        for link in islice(links, 2):
            scheduler.enqueue_request(link)
        scheduler.done(request)
        if time.perf_counter() - ticked > TICK:
            ticked = time.perf_counter()
            scheduler._tick()  # noqa: SLF001 - what the reactor does


def _entry(number: int, hosts: int) -> Entry:
    url = f"https://host{number % hosts}.example/news/2026/11/23/a-headline-of-some-length-{number}.html"
    identity = (number * 2654435761 % 2**64).to_bytes(20, "little")
    return Entry(
        url, f"host{number % hosts}.example", identity, '{"callback":"read","meta":{"page":true}}', 0, 1
    )


def main() -> None:
    install_reactor("twisted.internet.asyncioreactor.AsyncioSelectorReactor")
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--entries", type=int, nargs="+", default=[1000, 1_000_000])
    parser.add_argument("--hosts", type=int, default=20)
    parser.add_argument("--links", type=int, default=5)
    parser.add_argument("--rate", type=float, default=0, help="pages a second; by default as many as can be")
    parser.add_argument("--large", action="store_true", help="only a job that goes on with all entries")
    parser.add_argument("--pages", type=int, default=50_000, help="how many pages such a job does")
    parser.add_argument("--kinds", nargs="+", default=["sqlite"], help="databases for --large")
    parser.add_argument("--folder", type=Path, help="where the databases go; by default a temporary folder")
    args = parser.parse_args()
    if args.large:
        for kind in args.kinds:
            with (
                tempfile.TemporaryDirectory(dir=args.folder) as folder,
                new_database(kind, Path(folder)) as url,
            ):
                large(url, args.entries[-1], args.hosts, args.pages)
        return
    for entries in args.entries:
        with tempfile.TemporaryDirectory(dir=args.folder) as folder:
            whole_cycle(Path(folder), entries, args.hosts, args.links, args.rate)
            lease_at_size(Path(folder), entries, args.hosts)


if __name__ == "__main__":
    main()
