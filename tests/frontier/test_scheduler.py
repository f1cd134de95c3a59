"""The scheduler as Scrapy's engine and a spider use it."""

import gc
from types import SimpleNamespace

import psutil
import pytest
from scrapy import Request
from scrapy.core.scheduler import BaseScheduler

from crawler.frontier import State
from crawler.frontier.payload import ENTRY
from crawler.scope import Reason
from frontier.engine import Crawl, paths
from pipelines.errors import JobError
from pipelines.model import Provenance
from pipelines.segments.journal import JobInfo


def test_it_is_a_scheduler_to_scrapy(crawl):
    assert isinstance(crawl.scheduler, BaseScheduler)


def test_in_and_out_and_done(crawl):
    told = Provenance("daily", hops="L")
    assert crawl.enqueue("x", "y", meta={"p": told}) == [True, True]
    assert crawl.scheduler.has_pending_requests()
    x, y = crawl.all()
    assert (x.callback, x.errback, x.meta["p"]) == (crawl.spider.read, crawl.spider.failed, told)
    assert not crawl.scheduler.has_pending_requests()
    assert crawl.counts() == {"leased": 2}
    crawl.scheduler.done(x)
    crawl.scheduler.done(y, "refused", Reason.ROBOTS)
    assert crawl.counts() == {"done": 1, "refused": 1}
    stats = [crawl.stat(name) for name in ("enqueued", "leased", "done", "refused", "seen")]
    assert stats == [2, 2, 1, 1, 0]


def test_a_request_is_done_once(crawl):
    crawl.enqueue("x")
    (x,) = crawl.all()
    crawl.scheduler.done(x)
    crawl.scheduler.done(x, "refused")
    assert crawl.counts() == {"done": 1}


def test_what_was_seen_is_dropped(crawl):
    assert crawl.enqueue("x", "x", "x#part") == [True, False, False]
    crawl.scheduler._recent._new.clear()  # as if long ago: now only the store knows
    assert crawl.enqueue("x") == [True]
    assert len(crawl.all()) == 1
    assert (crawl.stat("enqueued"), crawl.stat("seen")) == (1, 3)


def test_what_the_job_knows(crawl):
    crawl.enqueue("x")
    x = crawl.request("x")
    assert crawl.scheduler.knows(x)  # from memory, and else from the store
    crawl.scheduler.done(*crawl.all())
    crawl.counts()
    crawl.scheduler._recent._new.clear()
    assert crawl.scheduler.knows(x)
    assert not crawl.scheduler.knows(crawl.request("x", meta={"identity": "a.example/x"}))


def test_dont_filter_is_respected(crawl):
    assert crawl.enqueue("x", "x", dont_filter=True) == [True, True]
    assert crawl.enqueue("x") == [True]
    assert paths(crawl.all()) == ["x", "x", "x"]


def test_higher_priorities_first(crawl):
    for number in range(5):
        crawl.enqueue(f"{number}", priority=number)
    assert paths(crawl.all()) == ["4", "3", "2", "1", "0"]


def test_each_host_gets_its_share(url):
    crawl = Crawl(url, CONCURRENT_REQUESTS_PER_DOMAIN=3).open()
    crawl.enqueue(*map(str, range(20)), host="a.example", priority=9)
    crawl.enqueue(*map(str, range(20)), host="b.example")
    crawl.enqueue("only", host="c.example")
    first = crawl.all()
    hosts = [request.url.split("/")[2][0] for request in first]
    assert sorted(hosts) == ["a", "a", "a", "b", "b", "b", "c"]
    assert set(hosts[:3]) == {"a", "b", "c"}  # the fewest under way first
    crawl.left(first[hosts.index("b")])
    assert [request.url.split("/")[2] for request in crawl.all()] == ["b.example"]
    crawl.scheduler.close("shutdown")


def test_a_delayed_host_takes_one_place(url):
    crawl = Crawl(url, DOWNLOAD_DELAY=1, CONCURRENT_REQUESTS_PER_DOMAIN=8).open()
    crawl.enqueue("1", "2", "3")
    crawl.enqueue("1", "2", host="b.example")
    assert sorted(request.url for request in crawl.all()) == ["https://a.example/1", "https://b.example/1"]
    assert crawl.scheduler.has_pending_requests()
    crawl.scheduler.close("shutdown")


def test_more_hosts_than_are_looked_at_at_once(crawl):
    for number in range(600):
        crawl.enqueue("1", "2", host=f"host{number}.example")
    assert len(crawl.all()) == 1200


@pytest.mark.parametrize("strange", [{"callback": print}, {"meta": {"set": {1}}}, {"body": b"x"}])
def test_what_cannot_be_stored_is_kept_in_memory(crawl, strange):
    crawl.enqueue("x")
    request = Request("https://a.example/strange", **strange)
    assert crawl.scheduler.enqueue_request(request)
    assert not crawl.scheduler.enqueue_request(request.copy())
    assert crawl.scheduler.enqueue_request(request.replace(dont_filter=True))
    found = crawl.all()
    assert paths(found) == ["strange", "strange", "x"]
    assert found[0] is request
    crawl.scheduler.done(request)
    assert (crawl.stat("memory"), crawl.stat("seen")) == (2, 1)
    assert crawl.counts() == {"leased": 1}


def test_what_cannot_be_stored_was_seen_too(crawl):
    crawl.enqueue("x")
    assert not crawl.scheduler.enqueue_request(Request("https://a.example/x", print))
    assert crawl.scheduler.enqueue_request(Request("https://a.example/y", print))
    assert crawl.enqueue("y") == [False]


def test_a_request_that_is_tried_again_keeps_its_entry(crawl):
    crawl.enqueue("x", "y")
    x, _ = crawl.all()
    crawl.left(x)
    again = x.replace(dont_filter=True, priority=-1, meta={**x.meta, "retry_times": 1})
    assert crawl.scheduler.enqueue_request(again)
    crawl.scheduler.done(x)  # by nobody who knows better
    assert crawl.counts() == {"leased": 1, "pending": 1}
    (found,) = crawl.all()
    assert (found.meta[ENTRY], found.meta["retry_times"]) == (x.meta[ENTRY], 1)
    crawl.scheduler.done(found)
    assert crawl.counts() == {"leased": 1, "done": 1}
    assert crawl.enqueue("x") == [False]


def test_a_redirect_ends_one_entry_and_begins_another(crawl):
    crawl.enqueue("x", "y")
    x, y = crawl.all()
    target = x.replace(
        url="https://b.example/z", meta={**x.meta, "download_slot": "a.example", "redirect_times": 1}
    )
    assert crawl.scheduler.enqueue_request(target)
    assert not crawl.scheduler.enqueue_request(y.replace(url="https://b.example/z"))
    assert crawl.counts() == {"done": 2, "pending": 1}
    (z,) = crawl.all()
    assert z.meta[ENTRY] not in {x.meta[ENTRY], y.meta[ENTRY]}
    assert "download_slot" not in z.meta


def test_links_made_with_the_meta_of_their_page_are_links(crawl):
    crawl.enqueue("x")
    (x,) = crawl.all()
    crawl.engine.scraper.slot.active.add(x)  # the callback runs
    crawl.scheduler.enqueue_request(Request("https://a.example/link", crawl.spider.read, meta=x.meta))
    crawl.scheduler.enqueue_request(Request("https://a.example/strange", print, meta=x.meta))
    crawl.scheduler.enqueue_request(x.replace(dont_filter=True))
    assert crawl.counts() == {"leased": 1, "pending": 2}
    crawl.scheduler.done(x)
    crawl.engine.scraper.slot.active.remove(x)
    assert crawl.counts() == {"done": 1, "pending": 2}
    assert sorted(paths(crawl.all())) == ["link", "strange", "x"]


def test_done_is_durable_with_its_links_or_not_at_all(crawl, url):
    crawl.enqueue("x")
    (x,) = crawl.all()
    crawl.enqueue("link")
    crawl.scheduler.done(x)
    job = crawl.scheduler._holding.job
    assert crawl.scheduler._holding.store.counts(job)[State.DONE] == 0
    crawl.scheduler._tick()
    assert crawl.scheduler._holding.store.counts(job) == {"pending": 1, "leased": 0, "done": 1, "refused": 0}


def test_done_waits_for_what_the_callback_yielded(crawl):
    """Scrapy takes what a callback yields some time after the callback has gone on, even to its end."""
    crawl.enqueue("x")
    (x,) = crawl.all()
    crawl.engine.scraper.slot.active.add(x)
    crawl.scheduler.done(x)
    crawl.scheduler._tick()
    assert crawl.counts() == {"leased": 1}
    crawl.enqueue("link")
    crawl.engine.scraper.slot.active.remove(x)
    assert crawl.counts() == {"done": 1, "pending": 1}


def test_a_redirect_is_never_done_without_its_target(crawl):
    """However full the buffer is when it comes."""
    for number in range(150):
        crawl.enqueue(f"{number}")
    for request in crawl.all():
        target = request.replace(url=request.url.replace("a.example", "b.example"))
        crawl.scheduler.enqueue_request(target)
        counts = crawl.scheduler._holding.store.counts(crawl.scheduler._holding.job)
        assert sum(counts.values()) >= 150 + counts[State.DONE]


def test_many_are_written_without_waiting_for_the_clock(crawl):
    crawl.enqueue(*map(str, range(200)))
    assert crawl.scheduler._holding.store.counts(crawl.scheduler._holding.job)[State.PENDING] >= 128


def test_an_interrupted_job_goes_on(url):
    first = Crawl(url).open()
    first.enqueue(*map(str, range(100)))
    done = [first.scheduler.next_request() for _ in range(10)]
    for request in done:
        first.scheduler.done(request)
    first.scheduler.close("shutdown")
    second = Crawl(url).open()
    assert second.scheduler._holding.store.unfinished()[0].id == "reader"
    assert second.counts() == {"done": 10, "pending": 90}
    assert second.enqueue("0", "99", "new") == [True, True, True]
    assert second.counts() == {"done": 10, "pending": 91}
    second.scheduler.close("finished")
    third = Crawl(url).open()  # a job with something left to do is not finished, whatever Scrapy says
    assert third.counts() == {"done": 10, "pending": 91}
    third.scheduler.close("shutdown")


def test_requests_that_nobody_is_done_with_are_told_and_pending(crawl, caplog):
    crawl.enqueue("x", "y")
    x, _ = crawl.all()
    crawl.scheduler.done(x)
    crawl.scheduler.close("finished")
    assert "1 requests of job reader were made, but done() never called" in caplog.text
    assert crawl.stat("abandoned") == 1
    second = Crawl(crawl.crawler.settings["STATE_URL"]).open()
    assert paths(second.all()) == ["y"]
    second.scheduler.close("shutdown")


def test_a_finished_job_begins_anew(url):
    first = Crawl(url, ARCHIVE_JOB=JobInfo("daily-1")).open()
    first.enqueue("x")
    first.scheduler.done(*first.all())
    first.scheduler.close("finished")
    second = Crawl(url, ARCHIVE_JOB=JobInfo("daily-1")).open()
    assert second.enqueue("x") == [True]
    assert len(second.all()) == 1
    second.scheduler.close("shutdown")


def test_a_job_is_crawled_once_at_a_time(crawl, url):
    with pytest.raises(JobError, match="'reader' is being crawled by"):
        Crawl(url).open()
    other = Crawl(url, ARCHIVE_JOB=JobInfo("other")).open()
    other.scheduler.close("shutdown")


def test_an_entry_of_another_program_is_refused_and_told(crawl, caplog):
    crawl.enqueue("x", "y")
    crawl.counts()
    with crawl.scheduler._database.transaction() as connection:
        connection.exec_driver_sql(
            'update frontier_entries set payload = \'{"callback":"gone"}\' where id = 1'
        )
    assert paths(crawl.all()) == ["y"]
    assert "cannot be made a request of spider 'reader'" in caplog.text
    assert crawl.counts() == {"refused": 1, "leased": 1}


def test_leases_are_renewed(crawl):
    crawl.enqueue("x")
    crawl.all()
    before = _until(crawl)
    crawl.scheduler._holding._renewed -= 1000
    crawl.scheduler._tick()
    assert _until(crawl) > before


def _until(crawl):
    with crawl.scheduler._database.transaction() as connection:
        return connection.exec_driver_sql("select until from frontier_entries").scalar()


def test_a_database_that_fails_stops_the_crawl(crawl, caplog):
    crawl.enqueue("x", "y")
    with crawl.scheduler._database.transaction() as connection:
        connection.exec_driver_sql("drop table frontier_entries")
    assert crawl.scheduler.next_request() is None
    assert not crawl.scheduler.has_pending_requests()
    assert "the database" in caplog.text


def test_the_database_lies_in_the_state_folder(tmp_path):
    crawl = Crawl("", ARCHIVE={"state.folder": tmp_path / "state"}).open()
    crawl.enqueue("x")
    crawl.scheduler.close("shutdown")
    assert (tmp_path / "state" / "state.sqlite").stat().st_size > 0


@pytest.mark.slow
def test_memory_does_not_grow_with_what_is_pending(crawl):
    def resident():
        gc.collect()
        return psutil.Process().memory_info().rss

    def fill(first):
        for number in range(first, first + 50_000):
            crawl.enqueue(f"a-page-with-a-name-of-some-length/{number}", host=f"host{number % 50}.example")

    fill(0)  # caches and the recently seen are full by then
    before = resident()
    fill(50_000)
    taken = [crawl.scheduler.next_request() for _ in range(100)]
    assert None not in taken
    assert resident() - before < 12e6, SimpleNamespace(per_entry=(resident() - before) / 50_000)
    assert crawl.counts()["pending"] > 98_000
