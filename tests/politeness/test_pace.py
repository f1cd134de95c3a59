import pytest

from crawler.politeness.pace import HostPace, Limits
from crawler.politeness.terms import Terms

ANSWER = {"latency": 0.1, "sent": 0.0, "now": 0.0}


class Host(HostPace):
    """A host with a clock: each answer is to a request that was sent after the one before came back."""

    def __init__(self, delay=1.0, concurrency=4, *, named=False, limits=None, **terms):
        super().__init__(Terms(delay, concurrency, named, **terms), limits or Limits())
        self.clock = 0.0

    def answer(self, *statuses, latency=0.1):
        for status in statuses:
            self.clock += 1
            self.answered(status, latency=latency, sent=self.clock, now=self.clock + 0.5)
        return self.delay


def test_a_host_without_trouble_keeps_the_delay_that_is_set():
    host = Host(2.0)
    assert host.answer(*[200, 304, 404, 301] * 20) == 2.0
    assert host.concurrency == 1


@pytest.mark.parametrize("status", [429, 503, 504, 520])
def test_it_slows_down_with_each_answer_that_tells_of_overload_up_to_the_limit(status):
    host = Host(1.0)
    assert [host.answer(status) for _ in range(3)] == [2.0, 4.0, 8.0]
    assert host.answer(*[status] * 20) == 600.0


def test_broken_pages_slow_it_down_less():
    assert Host(1.0).answer(*[500] * 20) == 30.0


def test_a_share_of_broken_pages_does_not_stop_a_host():
    host = Host(1.0)
    delays = [host.answer(500, *[200] * 4) for _ in range(50)]
    assert max(delays) < 30.0


def test_it_recovers_slowly_to_the_delay_that_is_set_and_no_further():
    host = Host(1.0)
    host.answer(503, 503)
    assert host.answer(200) == pytest.approx(3.6)
    assert host.answer(*[200] * 12) > 1.0
    assert host.answer(*[200] * 2) == 1.0
    assert host.widened == 0.0


@pytest.mark.parametrize("status", [401, 403])
def test_a_refusal_is_no_sign_of_recovery(status):
    host = Host(1.0)
    host.answer(503)
    assert host.answer(*[status] * 10) == 2.0


def test_what_fails_together_is_one_failure():
    host = Host(1.0)
    for _ in range(16):
        host.failed(overloaded=True, sent=5.0, now=6.0)
    assert host.delay == 2.0
    assert host.failed(overloaded=True, sent=7.0, now=8.0)
    assert host.delay == 4.0


def test_slow_answers_make_it_slower_by_their_smoothed_latency():
    host = Host(1.0)
    host.answer(200, latency=0.2)
    assert host.delay == 1.0
    slow = host.answer(*[200] * 30, latency=3.0)
    assert 2.9 < slow <= 3.0
    assert host.answer(*[200] * 30, latency=0.2) == 1.0


def test_a_host_without_delay_is_slowed_down_only_by_errors():
    host = Host(0.0, 16)
    assert host.answer(200, latency=5.0) == 0.0
    assert host.concurrency == 16
    assert host.answer(503) == 1.0
    assert host.concurrency == 1
    assert host.answer(*[200] * 10) == 0.0
    assert host.concurrency == 16


def test_a_crawl_delay_is_the_least_and_one_after_the_other():
    host = Host(0.0, 16)
    assert host.set_crawl_delay("http://a.example", 10.0) == 10.0
    assert (host.delay, host.concurrency) == (10.0, 1)
    assert host.set_crawl_delay("https://a.example", 500.0) == 120.0
    assert host.delay == 120.0
    host.set_crawl_delay("https://a.example", None)
    assert host.delay == 10.0


def test_a_longer_delay_of_ours_holds_and_an_ignored_crawl_delay_does_not():
    host = Host(20.0)
    host.set_crawl_delay("http://a.example", 10.0)
    assert host.delay == 20.0
    host = Host(1.0, obey_crawl_delay=False)
    assert host.set_crawl_delay("http://a.example", 10.0) == 0.0
    assert host.delay == 1.0


def test_a_concurrency_that_is_set_for_the_host_goes_before_the_rule_of_thumb():
    assert Host(1.0, 4).concurrency == 1
    assert Host(0.5, 4).concurrency == 4
    assert Host(1.0, 4, named=True).concurrency == 4


def test_what_was_widened_goes_on_in_the_next_job_and_fades_with_the_hours():
    host = Host(1.0)
    host.restore(64.0, idle=0.0)
    assert host.delay == 64.0
    host.restore(64.0, idle=2 * 3600)
    assert host.delay == pytest.approx(16.0)
    host.restore(64.0, idle=7 * 24 * 3600)
    assert host.delay == 1.0


def test_limits_that_are_unknown_are_refused():
    assert Limits.of({"jitter": 0}).jitter == 0.0
    with pytest.raises(TypeError):
        Limits.of({"speed": 1})
