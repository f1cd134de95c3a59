"""Hosts that are held or claimed, shared jobs, what rides along, and identities that are told."""

import time

import pytest

from crawler.frontier import HostStore, State
from frontier.engine import Crawl, paths
from pipelines.errors import JobError
from pipelines.segments.journal import JobInfo


def test_a_hold_holds_for_this_job_and_the_next(url):
    first = Crawl(url, FRONTIER_PATIENCE=3).open()
    first.enqueue("1", "2", "3")
    first.enqueue("1", host="b.example")
    until = first.scheduler._database.now() + 2
    one = first.scheduler.next_request()
    first.scheduler.hold("a.example", until)
    first.scheduler.enqueue_request(one.replace(dont_filter=True))  # it was answered with 429
    assert {request.url for request in first.all()} <= {"https://b.example/1", one.url}
    assert first.scheduler.has_pending_requests()
    assert first.scheduler.waiting() == {"a.example": pytest.approx(until, abs=0.1)}
    first.scheduler.close("shutdown")
    second = Crawl(url).open()
    assert [request.url for request in second.all()] == ["https://b.example/1"]
    time.sleep(max(until - second.scheduler._database.now(), 0) + 0.3)
    assert paths(second.all()) == ["1", "2", "3"]
    second.scheduler.close("shutdown")


def test_hosts_held_for_long_end_the_job_and_keep_it(url, caplog):
    crawl = Crawl(url, FRONTIER_PATIENCE=60).open()
    crawl.enqueue("1", "2")
    until = crawl.scheduler._database.now() + 600
    crawl.scheduler.hold("a.example", until)
    assert crawl.all() == []
    assert not crawl.scheduler.has_pending_requests()
    crawl.scheduler.close("finished")
    assert "job reader is left unfinished: 1 hosts cannot be asked yet (a.example until" in caplog.text
    assert crawl.scheduler.waiting() == {"a.example": pytest.approx(until, abs=0.1)}
    again = Crawl(url, FRONTIER_PATIENCE=3600).open()
    assert again.scheduler._holding.store.unfinished()[0].reason is None
    assert again.counts() == {"pending": 2}
    assert again.all() == []
    assert again.scheduler.has_pending_requests()
    again.scheduler.close("shutdown")


def test_a_shared_job_ends_when_all_is_held_for_long_and_is_kept(url):
    crawl = Crawl(url, FRONTIER_SHARED=True, FRONTIER_PATIENCE=60).open()
    crawl.enqueue("1", "2")
    (*_, two) = crawl.all()  # one of them is under way
    until = crawl.scheduler._database.now() + 600
    crawl.scheduler.hold("a.example", until)
    crawl.scheduler._tick()
    assert crawl.scheduler.has_pending_requests()
    crawl.left(two)
    crawl.engine.downloader.active.clear()
    crawl.scheduler.enqueue_request(two.replace(dont_filter=True))
    crawl.look()
    assert not crawl.scheduler.has_pending_requests()
    crawl.scheduler.close("finished")
    assert crawl.scheduler.waiting() == {"a.example": pytest.approx(until, abs=0.1)}
    again = Crawl(url).open()
    assert again.counts() == {"pending": 2}
    again.scheduler.close("shutdown")


def test_a_worker_with_nothing_to_do_waits_for_what_the_others_may_find(url):
    first, second = (Crawl(url, FRONTIER_SHARED=True).open() for _ in range(2))
    first.enqueue("1")
    (one,) = first.all()
    second.look()
    assert second.scheduler.has_pending_requests()
    first.scheduler.done(one)
    first.enqueue("2", host="b.example")
    first.counts()
    second.look()
    assert [request.url for request in second.all()] == ["https://b.example/2"]
    first.left(one)
    assert first.all() == []
    second.engine.downloader.active.clear()  # it says nothing, but has nothing more to do
    for crawl in (second, first, second):
        crawl.look()
    assert not first.scheduler.has_pending_requests()
    assert not second.scheduler.has_pending_requests()
    first.scheduler.close("finished")
    second.scheduler.close("finished")


def test_who_has_more_than_its_share_lets_go_for_one_that_has_too_few(url):
    first = Crawl(url, FRONTIER_SHARED=True).open()
    for number in range(6):
        first.enqueue("1", "2", "3", host=f"host{number}.example")
    assert len(first.all()) == 18
    first.enqueue("4", host="host0.example")
    for number in range(6):
        first.enqueue("5", "6", host=f"host{number}.example")
    first.counts()
    second = Crawl(url, FRONTIER_SHARED=True).open()
    second.look()
    assert second.all() == []  # all belong to the first one
    first.look()
    assert second.all() == []  # something is under way on each
    first.engine.downloader.active.clear()
    first.scheduler.next_request()
    first.look()
    second.look()
    hosts = {request.url.split("/")[2] for request in second.all()}
    assert len(hosts) == 3
    first.scheduler.close("shutdown")
    second.scheduler.close("shutdown")


def test_a_host_of_another_job_is_passed_over_until_that_lets_it_go(url):
    first = Crawl(url, ARCHIVE_JOB=JobInfo("first"), DOWNLOAD_DELAY=1).open()
    second = Crawl(url, ARCHIVE_JOB=JobInfo("second"), FRONTIER_PATIENCE=0.5).open()
    first.enqueue("1")
    (one,) = first.all()
    second.enqueue("1")
    second.enqueue("1", host="b.example")
    assert [request.url for request in second.all()] == ["https://b.example/1"]
    assert second.scheduler.has_pending_requests()
    time.sleep(0.6)
    assert not second.scheduler.has_pending_requests()  # and nothing was asked of the database
    first.engine.downloader._get_slot(one)[1].lastseen = time.monotonic()
    first.scheduler.done(one)
    first.left(one)
    first.scheduler.close("finished")
    began = time.monotonic()
    while not (found := second.all()):
        time.sleep(0.02)
    assert [request.url for request in found] == ["https://a.example/1"]
    assert 0.3 < time.monotonic() - began < 5  # the delay of the first job is kept
    second.scheduler.close("shutdown")


def test_a_host_is_kept_while_it_is_worked_on_and_let_go_when_idle(crawl):
    hosts = HostStore(crawl.scheduler._database)
    crawl.enqueue("1")
    (one,) = crawl.all()
    assert hosts.claim(["a.example"], owner="there/1/b", seconds=60) == set()
    crawl.scheduler.done(one)
    crawl.left(one)
    assert crawl.scheduler.next_request() is None
    crawl.scheduler._tick()
    assert hosts.claim(["a.example"], owner="there/1/b", seconds=60) == set()
    time.sleep(1.1)
    crawl.scheduler._tick()
    assert hosts.claim(["a.example"], owner="there/1/b", seconds=60) == {"a.example"}


def test_what_rides_along_is_durable_with_the_ends(crawl, url):
    written = []
    crawl.scheduler.ride(lambda: written.append(crawl.scheduler._database._connection.in_transaction()))
    crawl.enqueue("x")
    (x,) = crawl.all()
    number = len(written)
    assert number >= 1
    crawl.scheduler.done(x)
    assert len(written) == number
    crawl.scheduler._tick()
    assert written == [True] * (number + 1)


def test_a_rider_that_fails_stops_the_crawl_and_nothing_is_through(crawl, caplog):
    def fail():
        raise JobError("ledger: no")

    crawl.enqueue("x")
    (x,) = crawl.all()
    crawl.scheduler.ride(fail)
    crawl.scheduler.done(x)
    crawl.scheduler._tick()
    assert "ledger: no" in caplog.text
    assert not crawl.scheduler.has_pending_requests()
    assert crawl.scheduler._holding.store.counts(crawl.scheduler._holding.job)[State.LEASED] == 1


def test_an_identity_that_is_told_goes_before_the_url(crawl):
    meta = {"identity": "a.example/story"}
    assert crawl.enqueue("story", meta=meta) == [True]
    assert crawl.enqueue("story?amp=1", "print/story", meta=meta) == [False, False]
    assert crawl.enqueue("story?amp=1") == [True]
    head = crawl.request("story", meta=meta, method="HEAD")
    assert crawl.scheduler.enqueue_request(head)
    found = crawl.all()
    assert len(found) == 3
    assert found[0].meta["identity"] == "a.example/story"
    again = found[0].replace(dont_filter=True)
    assert crawl.scheduler.enqueue_request(again)
    assert crawl.stat("put_back") == 1


def test_a_redirect_has_an_identity_of_its_own(crawl):
    crawl.enqueue("story", meta={"identity": "a.example/story"})
    (story,) = crawl.all()
    assert crawl.scheduler.enqueue_request(story.replace(url="https://a.example/moved"))
    (moved,) = crawl.all()
    assert "identity" not in moved.meta


def test_a_job_that_is_swept_at_its_opening_fetches_again(url):
    first = Crawl(url).open()
    first.enqueue("x", "y")
    x, _ = first.all()
    first.scheduler.done(x)
    first.scheduler.close("shutdown")
    second = Crawl(url, FRONTIER_SWEEP=True).open()
    assert second.counts() == {"pending": 1}
    assert second.enqueue("x", "y") == [True, True]
    assert second.counts() == {"pending": 2}
    second.scheduler.close("shutdown")
