"""Whole crawls with the frontier, in processes of their own, of which some are killed."""

import os
import random
import signal
import time
from collections import Counter

import pytest

import newsite
from frontier.crawling import end, fetched, start, states
from frontier.kills import kill_and_resume, tree

PAGES = 250


@pytest.mark.slow
def test_killed_again_and_again_it_fetches_every_page_once(tmp_path):
    chance = random.Random(os.environ.get("FRONTIER_TEST_SEED", "1"))
    result = kill_and_resume(tmp_path, 4, pages=PAGES, chance=chance)
    assert result.killed == 4
    assert (result.lost, result.unfinished, result.again) == (set(), {}, {})


def test_interrupted_it_goes_on(tmp_path):
    database = f"sqlite:///{tmp_path / 'state.sqlite'}"
    with newsite.running(tree(PAGES)) as site:
        site.delay = 0.01
        crawl = start(site.url, database)
        while len(site.exchanges) < 50 and crawl.poll() is None:
            time.sleep(0.01)
        crawl.send_signal(signal.SIGINT)
        end(crawl)
        between = states(database)
        assert "leased" not in between.values()
        assert "pending" in between.values()
        end(start(site.url, database))
        found = fetched(site)
        base = site.url.rstrip("/")
    tries = {f"{base}/page/{number}" for number in range(7, PAGES, 25)}
    assert set(found) == {base + path for path in tree(PAGES)}
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
        end(start(site.url, f"sqlite:///{tmp_path / 'state.sqlite'}", **settings))
        order = sorted(site.exchanges, key=lambda exchange: exchange.at)
    asked = [exchange.path.split("/")[1] for exchange in order]
    assert Counter(asked) == {"": 1, "slow": 10, "fast": 60}
    last = len(asked) - asked[::-1].index("fast")
    assert asked[:last].count("slow") < 7
    if "DOWNLOAD_SLOTS" in settings:
        # The delay is kept, and nothing is waited for but the delay.
        slow_at = [exchange.at for exchange in order if exchange.path.startswith("/slow")]
        assert 9 * 0.4 * 0.9 < slow_at[-1] - slow_at[0] < 9 * 0.4 * 1.6
