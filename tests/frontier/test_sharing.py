"""Several workers share a job on PostgreSQL."""

import signal
import time
from collections import Counter, defaultdict
from contextlib import contextmanager
from functools import partial

import pytest

import newsite
from crawler.frontier import FrontierStore
from crawler.state import Database
from databases import new_database
from frontier.crawling import end, rows, start, states, wait_until

HOSTS = [f"127.0.0.{number}" for number in range(2, 22)]
PAGES = 24
ANSWER_SECONDS = 0.05
PAGE = "<p>Nothing new today, and nothing old either.</p>"


def links_of(number):
    return [n for n in range(3 * number + 1, 3 * number + 4) if n < PAGES]


def page(number, _):
    """Return a page of a tree that links into another host too, as news sites do."""
    own = "".join(f"<a href=/{n}>" for n in links_of(number))
    return newsite.Page(f"{PAGE}{own}<a href=/0>".encode())


class Shared:
    """A job of 20 hosts, and its workers; nobody gets past the first page before all are there."""

    def __init__(self, site, database):
        self.site, self.database = site, database
        with Database(database) as opened:
            FrontierStore(opened)
        self.is_open = False
        self.workers = []
        site.put("/", self.front)
        site.delay = ANSWER_SECONDS

    def front(self, _):
        if not self.is_open:
            return newsite.Page(b"", status=503)
        links = "".join(f"<a href={self.site.at(host)}0>" for host in HOSTS)
        return newsite.Page(links.encode())

    def start(self, number, **settings):
        for name in range(number):
            told = {"USER_AGENT": f"worker-{name}", "RETRY_TIMES": 1000, "FRONTIER_SHARED": True}
            slots = {"127.0.0.1": {"delay": 0.2, "concurrency": 1}}
            settings = {"CONCURRENT_REQUESTS_PER_DOMAIN": 2, "DOWNLOAD_SLOTS": slots, **settings}
            self.workers.append(start(self.site.url, self.database, **told, **settings))
        wait_until(lambda: len(rows(self.database, "select owner from frontier_workers")) == number)
        self.is_open = True

    def asked(self):
        """Return what was asked of the hosts: host, path, worker, time."""
        return [
            (exchange.host, exchange.path, agent(exchange), exchange.at)
            for exchange in self.site.exchanges
            if exchange.path != "/"
        ]

    def all(self):
        return {(host, f"/{number}") for host in HOSTS for number in range(PAGES)}


def agent(exchange):
    (line,) = [line for line in exchange.request.split(b"\r\n") if line.startswith(b"User-Agent")]
    return line.split()[1].decode()


@contextmanager
def shared(folder):
    pages = {f"/{number}": partial(page, number) for number in range(PAGES)}
    with (
        new_database("postgresql", folder) as database,
        newsite.running(hosts=dict.fromkeys(HOSTS, pages)) as site,
    ):
        found = Shared(site, database)
        try:
            yield found
        finally:
            for worker in found.workers:
                worker.kill()
                worker.communicate()


def overlaps(asked):
    """Return the pairs of requests of two workers to one host, of which the first had no answer yet."""
    by_host = defaultdict(list)
    for host, path, worker, at in asked:
        by_host[host].append((at, worker, path))
    return [
        (host, one, other)
        for host, found in by_host.items()
        for one in found
        for other in found
        if one[1] != other[1] and 0 <= other[0] - one[0] < ANSWER_SECONDS
    ]


@pytest.mark.slow
def test_four_workers_share_twenty_hosts(tmp_path):
    with shared(tmp_path) as job:
        job.start(4)
        for worker in job.workers:
            errors = end(worker)
            assert "frontier" not in errors
        asked = job.asked()
        (finished,) = rows(job.database, "select state from frontier_jobs")
        left = {url: state for url, state in states(job.database).items() if state != "done"}
        claims = rows(job.database, "select host from frontier_hosts where owner is not null")
    assert (finished, left, claims) == (("finished",), {}, [])
    assert Counter((host, path) for host, path, _, _ in asked) == Counter(job.all())
    assert overlaps(asked) == []
    share = Counter(worker for _, _, worker, _ in asked)
    assert len(share) == 4, share
    assert min(share.values()) > len(asked) / 16, share


@pytest.mark.slow
def test_what_a_killed_worker_had_is_done_by_the_others(tmp_path):
    with shared(tmp_path) as job:
        job.start(4)
        wait_until(lambda: len(job.asked()) > len(job.all()) / 4)
        killed = job.workers.pop()
        leased = []
        of_killed = f"select url from frontier_entries where owner like '%/{killed.pid}/%'"
        while not leased:
            # It stands still while one looks: once it is dead the others take what it had at once.
            killed.send_signal(signal.SIGCONT)
            time.sleep(0.05)
            killed.send_signal(signal.SIGSTOP)
            leased = rows(job.database, of_killed)
        killed.send_signal(signal.SIGKILL)
        killed.communicate()
        for worker in job.workers:
            end(worker)
        asked = job.asked()
        (finished,) = rows(job.database, "select state from frontier_jobs")
        left = {url: state for url, state in states(job.database).items() if state != "done"}
    assert (finished, left) == (("finished",), {})
    counted = Counter((host, path) for host, path, _, _ in asked)
    assert set(counted) == job.all()
    again = {url for url, number in counted.items() if number > 1}
    urls = {url.removeprefix("http://") for (url,) in leased}
    allowed = {(url.split(":")[0], "/" + url.split("/")[1]) for url in urls}
    assert leased
    assert again <= allowed
    assert max(counted.values()) <= 2
