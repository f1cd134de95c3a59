"""Whole crawls with the frontier, in processes of their own, of which some are killed."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

import newsite
from crawler.state import Database

ROOT = Path(__file__).parents[2]
PAGES = 250


def start(site, database, **settings):
    script = str(Path(__file__).with_name("following.py"))
    command = [sys.executable, "-W", "error::ResourceWarning", script, site.url, str(database), "job-1"]
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        [*command, json.dumps(settings)], env=environ, cwd=ROOT, stderr=subprocess.PIPE, text=True
    )


def end(crawl):
    _, errors = crawl.communicate(timeout=120)
    assert crawl.returncode == 0, errors
    return errors


def states(database):
    with Database(f"sqlite:///{database}") as store, store.transaction() as connection:
        return dict(connection.exec_driver_sql("select url, state from frontier_entries").all())


def fetched(site):
    return Counter(f"{site.url.rstrip('/')}{exchange.path}" for exchange in site.exchanges)


def page(number):
    """Return page *number* of a tree: every tenth is reached by a redirect, every 25th fails at first."""

    def answer(request):
        if number % 25 == 7 and request.visit == 1:
            return newsite.Page(b"", status=503)
        links = [n for n in range(3 * number + 1, 3 * number + 4) if n < PAGES]
        text = "".join(f"<a href=/{'to' if n % 10 == 0 else 'page'}/{n}>" for n in links)
        return newsite.Page(f"<a href=/>{text}<a href=/page/1>".encode())

    return answer


def redirect(number):
    return newsite.Page(b"", status=302, headers=[(b"Location", f"/page/{number}".encode())])


def tree():
    pages = {f"/page/{number}": page(number) for number in range(1, PAGES)}
    redirects = {f"/to/{number}": redirect(number) for number in range(10, PAGES, 10)}
    return {"/": page(0), **pages, **redirects}


@pytest.mark.slow
def test_killed_again_and_again_it_fetches_every_page_once(tmp_path):
    chance = random.Random(os.environ.get("FRONTIER_TEST_SEED", "1"))
    database = tmp_path / "state.sqlite"
    pages = tree()
    allowed = Counter()
    with newsite.running(pages) as site:
        base = site.url.rstrip("/")
        site.delay = 0.01
        for _ in range(6):
            crawl = start(site, database)
            known = len(site.exchanges)
            wanted = known + chance.randrange(1, 60)
            deadline = time.monotonic() + 60
            while len(site.exchanges) < wanted and crawl.poll() is None and time.monotonic() < deadline:
                time.sleep(chance.uniform(0.001, 0.02))
            crawl.send_signal(signal.SIGKILL)
            crawl.communicate()
            assert len(site.exchanges) > known
            allowed.update(url for url, state in states(database).items() if state == "leased")
        errors = end(start(site, database))
        found = fetched(site)
    assert "frontier" not in errors
    left = {url: state for url, state in states(database).items() if state != "done"}
    assert (left, {base + path for path in pages} - set(found)) == ({}, set())
    tries = Counter(f"{base}/page/{number}" for number in range(7, PAGES, 25))
    again = {url: number for url, number in found.items() if number > 1 + tries[url] + allowed[url]}
    assert again == {}


def test_interrupted_it_goes_on(tmp_path):
    database = tmp_path / "state.sqlite"
    with newsite.running(tree()) as site:
        site.delay = 0.01
        crawl = start(site, database)
        while len(site.exchanges) < 50 and crawl.poll() is None:
            time.sleep(0.01)
        crawl.send_signal(signal.SIGINT)
        end(crawl)
        between = states(database)
        assert "leased" not in between.values()
        assert "pending" in between.values()
        end(start(site, database))
        found = fetched(site)
        base = site.url.rstrip("/")
    tries = {f"{base}/page/{number}" for number in range(7, PAGES, 25)}
    assert set(found) == {base + path for path in tree()}
    assert {url for url, number in found.items() if number > 1} == tries


@pytest.mark.parametrize(
    "settings",
    [
        {"CONCURRENT_REQUESTS": 4, "CONCURRENT_REQUESTS_PER_DOMAIN": 3},
        {
            "CONCURRENT_REQUESTS": 2,
            "DOWNLOAD_SLOTS": {"127.0.0.2": {"delay": 0.4, "concurrency": 8, "jitter": 0}},
        },
    ],
    ids=["slow to answer", "delayed"],
)
def test_a_slow_host_does_not_hold_up_another(tmp_path, settings):
    links = [f"<a href=/fast/{number}>" for number in range(60)]
    slow = {"/slow/*": newsite.Script([0.4, b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"])}
    quick = {"/slow/*": newsite.Page(b"")}
    others = quick if "DOWNLOAD_SLOTS" in settings else slow
    with newsite.running({"/fast/*": "<p>"}, hosts={"127.0.0.2": others}) as site:
        links += [f"<a href={site.at('127.0.0.2')}slow/{number}>" for number in range(10)]
        site.put("/", newsite.Page("".join(links).encode()))
        end(start(site, tmp_path / "state.sqlite", **settings))
        order = sorted(site.exchanges, key=lambda exchange: exchange.at)
    asked = [exchange.path.split("/")[1] for exchange in order]
    assert Counter(asked) == {"": 1, "slow": 10, "fast": 60}
    last = len(asked) - asked[::-1].index("fast")
    assert asked[:last].count("slow") < 7
    if "DOWNLOAD_SLOTS" in settings:
        # The delay is kept, and nothing is waited for but the delay.
        slow_at = [exchange.at for exchange in order if exchange.path.startswith("/slow")]
        assert 9 * 0.4 * 0.9 < slow_at[-1] - slow_at[0] < 9 * 0.4 * 1.6
