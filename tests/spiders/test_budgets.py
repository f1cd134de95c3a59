"""Budgets with a clock of the test's own."""

from types import SimpleNamespace

import pytest
from scrapy import Request
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.http import Response
from scrapy.settings import Settings

from crawler.config import load
from crawler.politeness import REFUSAL
from crawler.scope import Reason
from crawler.spiders.budgets import BUDGETS_SETTING, PAGE, Budget, Budgets


class Clock:
    now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


def page(host="paper.example", **meta):
    return Request(f"https://{host}/a", meta={PAGE: True, **meta})


def refusal(budgets, request):
    """Return why *request* is refused, None where it passes."""
    try:
        budgets.process_request(request)
    except IgnoreRequest as err:
        assert request.meta[REFUSAL] is Reason.BUDGET
        return str(err)
    return None


def made(clock, job=Budget(), host=Budget()):  # noqa: B008 - it never changes
    return Budgets(job, lambda _: host, clock=clock)


def test_pages_count_once_however_often_they_are_tried(clock):
    budgets = made(clock, job=Budget(pages=2))
    first = page()
    for again in range(3):
        assert refusal(budgets, first if again < 2 else first.replace(dont_filter=True)) is None
    assert refusal(budgets, page()) is None
    assert refusal(budgets, page()) == "the job's budget of 2 pages is used up"
    assert refusal(budgets, first) is None


def test_sources_requisites_and_robots_are_no_pages(clock):
    budgets = made(clock, job=Budget(pages=1))
    assert refusal(budgets, page()) is None
    assert refusal(budgets, Request("https://paper.example/feed")) is None


def test_bytes_count_by_host_whatever_brought_them(clock):
    budgets = made(clock, host=Budget(bytes=10))
    for body in (b"12345", b"67890"):
        assert refusal(budgets, page()) is None
        source = Request("https://paper.example/feed")
        budgets.process_response(source, Response(source.url, body=body))
    assert refusal(budgets, page()) == "the host's budget of 10 bytes is used up"
    assert refusal(budgets, page("other.example")) is None


def test_time_counts_from_the_first_request_of_the_host(clock):
    budgets = made(clock, host=Budget(seconds=5))
    clock.now += 60
    assert refusal(budgets, page()) is None
    clock.now += 4.9
    assert refusal(budgets, page()) is None
    clock.now += 0.1
    assert refusal(budgets, page()) == "the host's budget of 5 seconds is used up"
    assert refusal(budgets, page("other.example")) is None


def from_settings(table, **crawl):
    given = {f"crawl.{name}": value for name, value in crawl.items()}
    settings = Settings({"ARCHIVE": load(given, environ={}), BUDGETS_SETTING: table})
    return Budgets.from_crawler(SimpleNamespace(settings=settings))


def test_a_profile_s_budget_holds_for_the_hosts_that_its_patterns_name():
    table = {
        "*.paper.example": Budget(pages=1),
        "big.paper.example": Budget(pages=2),
        "[::1]": Budget(pages=0),
    }
    budgets = from_settings(table, host_pages=3)
    for host, most in {
        "paper.example": 1,
        "a.paper.example": 1,
        "big.paper.example": 2,
        "notpaper.example": 3,
        "[::1]": 0,
    }.items():
        passed = [refusal(budgets, page(host)) is None for _ in range(4)]
        assert passed == [True] * most + [False] * (4 - most), host


def test_without_a_limit_there_is_nothing_to_do():
    with pytest.raises(NotConfigured):
        from_settings({})


def test_of_two_budgets_the_smaller_holds():
    assert Budget(5, None, 2.0).within(Budget(3, 10, 4.0)) == Budget(3, 10, 2.0)
