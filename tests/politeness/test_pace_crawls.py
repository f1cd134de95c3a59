"""Pauses and patience in whole crawls. Lower bounds only: a busy machine is slower, never faster."""

import time
from datetime import UTC, datetime
from itertools import pairwise

import pytest

from crawler.frontier.hosts import HostStore
from crawler.state import Database
from newsite import Page, Script
from politeness import Net, host

PASSING, LASTING = (408, 500, 502, 503, 522), (400, 404, 410, 501)
AGAIN = "/odd/429?times=1&after=1"
AGAIN_BY_DATE = "/odd/429?times=1&after=2&date=1"
LIMITS = {"delay": 0.6, "error_delay": 0.3}


def numbered(number, answer="x"):
    return {f"/{n}": answer for n in range(number)}


def http_date(moment):
    return f"{moment:%a, %d %b %Y %H:%M:%S} GMT".encode()


def busy_at_first(*headers):
    def answer(request):
        return Page(b"busy", status=429, headers=headers) if request.visit == 1 else Page(b"x")

    return answer


def dated(second):
    return http_date(datetime(2031, 1, 1, 0, 0, second, tzinfo=UTC))


SCENARIOS = {
    "paced": host(**numbered(6)),
    "slow": host(**numbered(6, Script([0.4, b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx"]))),
    "patient": host(**numbered(3)),
    "patient-by-date": host(**numbered(3)),
    "wrong-clock": host(**{"/busy": busy_at_first((b"Date", dated(0)), (b"Retry-After", dated(1)))}),
    "never": host(**{"/busy": Page(b"", status=429)}),
    "queued": host(**(numbered(16) | {"/0": busy_at_first((b"Retry-After", b"1"))})),
    "no-answer": host(),
    "cut-in-body": host(),
    "no-http": host(**{"/odd-bytes": Script([b"nonsense\r\n\r\n"], then="close")}),
    "never-well": host(),
    **{f"passing-{status}": host() for status in PASSING},
    **{f"lasting-{status}": host() for status in LASTING},
}
ASKED = {
    "paced": numbered(6),
    "slow": numbered(6),
    "patient": [AGAIN, *numbered(3)],
    "patient-by-date": [AGAIN_BY_DATE, *numbered(3)],
    "wrong-clock": ["/busy"],
    "never": ["/busy"],
    "queued": numbered(16),
    "no-answer": ["/odd/no-answer"],
    "cut-in-body": ["/odd/cut-in-body"],
    "no-http": ["/odd-bytes"],
    "never-well": ["/odd/5xx?status=500&times=9"],
    **{f"passing-{status}": [f"/odd/5xx?status={status}&times=2"] for status in PASSING},
    **{f"lasting-{status}": [f"/odd/5xx?status={status}&times=9"] for status in LASTING},
}
net = Net(SCENARIOS)


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    return tmp_path_factory.mktemp("pace") / "state.sqlite"


@pytest.fixture(scope="module")
def crawled(run_crawl, database):
    at = net.address
    terms = {
        at["paced"]: {"delay": 0.3},
        at["slow"]: {"delay": 0.1, "concurrency": 1},
        at["queued"]: {"concurrency": 1},
    }
    with net.running():
        urls = [net.url(name, path) for name, paths in ASKED.items() for path in paths]
        yield run_crawl(
            database,
            urls,
            POLITENESS=terms,
            POLITENESS_LIMITS=LIMITS,
            POLITENESS_ROUNDS=2,
            CONCURRENT_REQUESTS=100,
        )


def became(crawled, name):
    return [crawled[net.url(name, path)] for path in ASKED[name]]


def test_no_two_requests_are_closer_than_the_delay(crawled):
    assert became(crawled, "paced") == [200] * 6
    assert min(net.gaps("paced")) >= 0.3


def test_a_slow_host_gets_longer_pauses(crawled):
    # One after the other: an answer takes 0.4 s, and the pause after it as long.
    assert len(net.asked("slow")) == 7
    assert net.gaps("slow")[-1] >= 0.4 + 0.3


@pytest.mark.parametrize(("name", "path"), [("patient", AGAIN), ("patient-by-date", AGAIN_BY_DATE)])
def test_retry_after_is_obeyed_in_both_forms_by_all_requests_to_the_host(crawled, name, path):
    assert became(crawled, name) == [200] * 4
    first, again = net.asked(name, path)
    # A date has whole seconds: the second of two is one that has begun.
    assert again.at - first.at >= 1
    # What went out together with the first is no matter; its answer came within milliseconds.
    assert [one.path for one in net.asked(name) if first.at + 0.2 < one.at < first.at + 1] == []


def test_other_hosts_go_on_meanwhile(crawled):
    first, again = net.asked("patient-by-date", AGAIN_BY_DATE)
    assert [one for one in net.asked("paced") if first.at < one.at < again.at]


def test_what_is_queued_when_a_host_asks_for_patience_is_not_sent(crawled):
    assert became(crawled, "queued") == [200] * 16
    first = net.asked("queued", "/0")[0]
    assert [one.path for one in net.asked("queued") if first.at < one.at < first.at + 1] == []


def test_the_date_of_a_server_whose_clock_is_wrong(crawled):
    assert became(crawled, "wrong-clock") == [200]
    assert net.gaps("wrong-clock", "/busy")[0] >= 1


def test_a_host_that_never_has_time_is_given_up_with_a_reason(crawled):
    assert crawled.became[net.url("never", "busy")] == ["rate_limited", "answered 429 3 times"]
    first, second = net.gaps("never", "/busy")
    assert first >= 0.2
    assert second >= 0.4


@pytest.mark.parametrize("status", PASSING)
def test_what_may_pass_is_asked_again_after_pauses_that_grow(crawled, status):
    name = f"passing-{status}"
    assert became(crawled, name) == [200]
    first, second = net.gaps(name, *ASKED[name])
    assert first >= 0.1
    assert second >= 0.2


@pytest.mark.parametrize("name", ["no-answer", "cut-in-body"])
def test_a_connection_that_is_cut_is_tried_again_and_slows_the_host_down(crawled, name, database):
    # Twisted itself sends a request again on a new connection where a kept one ends without an answer.
    assert len(net.asked(name, *ASKED[name])) >= 3
    assert delay_of(database, net.address[name]) == LIMITS["error_delay"]


def test_what_never_gets_well_is_given_to_the_spider(crawled):
    assert became(crawled, "never-well") == [500]
    assert len(net.asked("never-well")) == 1 + 3
    assert crawled.stats["retry/max_reached"] == 3


@pytest.mark.parametrize("status", LASTING)
def test_what_will_not_pass_is_asked_once(crawled, status):
    name = f"lasting-{status}"
    assert became(crawled, name) == [status]
    assert len(net.asked(name)) == 2


def test_an_answer_that_is_no_http_is_asked_once(crawled):
    assert net.paths("no-http") == ["/robots.txt", "/odd-bytes"]


def test_a_long_patience_outlives_the_job(run_crawl, tmp_path):
    database = tmp_path / "state.sqlite"
    busy = Page(b"", status=503, headers=((b"Retry-After", b"7200"),))
    site = Net({"busy": host(**{"/busy": busy})})
    with site.running():
        address = site.address["busy"]
        first = run_crawl(database, [site.url("busy", "busy")], job="one", FRONTIER_PATIENCE=1)
        second = run_crawl(database, [site.url("busy", "a")], job="two", FRONTIER_PATIENCE=1)
        assert site.paths("busy") == ["/robots.txt", "/busy"]
    assert (first.became, second.became) == ({}, {})
    with Database(f"sqlite:///{database}") as state:
        pace = HostStore(state).pace(address)
    assert pace.not_before > time.time() + 7000


def test_a_host_slows_down_recovers_and_the_next_job_begins_where_it_was(run_crawl, tmp_path):
    database = tmp_path / "state.sqlite"
    limits = {"delay": 1.0, "jitter": 0.0}
    site = Net({"tired": host(**numbered(8))})
    with site.running():
        address = site.address["tired"]
        failing = site.url("tired", "odd/5xx?status=503&times=2")
        run_crawl(database, [failing], job="one", POLITENESS_LIMITS=limits)
        slow = delay_of(database, address)
        before = len(site.asked("tired"))
        urls = [site.url("tired", path) for path in numbered(8)]
        run_crawl(database, urls, job="two", POLITENESS_LIMITS=limits)
        second = site.asked("tired")[before:]
    assert slow == pytest.approx(0.9)
    pauses = [after.at - before.at for before, after in pairwise(second)]
    assert pauses[0] >= 0.8
    # 0.9 for each good answer; what is left at 0.5 s is none, where no delay is set.
    assert delay_of(database, address) == 0.0


def delay_of(database, address):
    with Database(f"sqlite:///{database}") as state:
        return HostStore(state).pace(address).delay
