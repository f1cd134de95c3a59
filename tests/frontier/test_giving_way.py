"""A crawl gives way: a host that saves wait for is let go, and nothing of it is lost."""

import time

from crawler.frontier import HostStore
from crawler.frontier.owner import new_owner
from crawler.frontier.wanted import WantedHosts
from frontier.engine import Crawl, paths


def _wish(crawl, seconds):
    WantedHosts(crawl.scheduler._database).want("a.example", seconds=seconds)
    crawl.scheduler._holding._gave_way = 0.0
    crawl.scheduler._tick()


def _is_free(crawl):
    return bool(HostStore(crawl.scheduler._database).claim(["a.example"], owner=new_owner(), seconds=0.01))


def test_a_host_that_is_waited_for_is_let_go_and_taken_up_again(url):
    crawl = Crawl(url, CONCURRENT_REQUESTS_PER_DOMAIN=1, DOWNLOAD_DELAY=0).open()
    crawl.enqueue("1", "2", "3")
    crawl.enqueue("1", host="b.example")
    first = crawl.all()
    assert len(first) == 2
    assert not _is_free(crawl)
    _wish(crawl, 0.8)
    assert not _is_free(crawl), "while a request is under way"
    assert crawl.all() == [], "nothing more is asked there"
    crawl.left(*first)
    _wish(crawl, 0.8)
    assert _is_free(crawl)
    assert crawl.all() == []
    assert crawl.scheduler.has_pending_requests()
    asked = [*first]
    end = time.monotonic() + 6
    while len(asked) < 4 and time.monotonic() < end:
        time.sleep(0.1)
        crawl.scheduler._tick()
        found = crawl.all()
        crawl.left(*found)
        asked += found
    assert sorted(paths(asked)) == ["1", "1", "2", "3"]
    crawl.scheduler.close("shutdown")


def test_looking_for_wishes_costs_little(crawl):
    crawl.enqueue("1")
    crawl.all()
    holding = crawl.scheduler._holding
    start = time.process_time()
    for _ in range(200):
        holding._give_way(0.0, crawl.engine.downloader)
    assert (time.process_time() - start) / 200 < 0.005
