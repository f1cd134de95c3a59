"""What one key may ask for, counted from the saves themselves."""

import threading

import pytest

from crawler.saves import Allowance, Limits, Refusal, Save, SaveOptions, Saves
from crawler.state import Database

URL = "https://paper.example/story"
BUSY = "error:user-session-limit"
DAILY = "error:too-many-daily-captures"


def ask(queue, number, *, key="anna", parent=None, prefix="p"):
    return [queue.add(f"https://paper.example/{prefix}{n}", key=key, parent=parent) for n in range(number)]


def end(queue, worker):
    while leased := worker.lease(100):
        for save in leased:
            queue.succeed(save.id, owner=worker.owner)


@pytest.mark.parametrize(
    ("limits", "asked", "passed", "refusal"),
    [
        # Nothing used yet.
        (Limits(), 0, 0, None),
        (Limits(concurrent=3), 2, 0, None),
        (Limits(concurrent=3), 3, 0, (BUSY, "3 of your saves are under way", 10)),
        (Limits(concurrent=0), 0, 0, (BUSY, "0 of your saves are under way", 10)),
        (Limits(concurrent=99, per_minute=4), 3, 0, None),
        (Limits(concurrent=99, per_minute=4), 4, 0, (BUSY, "4 saves a minute", 60)),
        (Limits(concurrent=99, per_minute=4), 4, 59.5, (BUSY, "4 saves a minute", 1)),
        (Limits(concurrent=99, per_minute=4), 4, 60, None),
        (Limits(per_minute=0), 0, 0, (BUSY, "0 saves a minute", 60)),
        (Limits(concurrent=99, per_minute=99, per_day=6), 5, 3600, None),
        # From 15:05:09 to midnight, and a day later.
        (Limits(concurrent=99, per_minute=99, per_day=6), 6, 3600, (DAILY, "6 saves a day", 32_091)),
        (Limits(concurrent=99, per_minute=99, per_day=6), 6, 86_400, None),
    ],
)
def test_the_table(queue, clock, limits, asked, passed, refusal):
    ask(queue, asked)
    clock.pass_seconds(passed)
    found = limits.check(queue, "anna", URL)
    if refusal is None:
        assert found is None
    else:
        code, told, retry_after = refusal
        assert (found.status_ext, found.retry_after_seconds) == (code, retry_after)
        assert told in found.message
    assert limits.check(queue, "", URL) is None
    if asked:
        assert limits.check(queue, "bob", URL) is None


def test_the_defaults_are_those_of_save_page_now(queue, worker):
    ask(queue, 12)
    assert Limits().check(queue, "anna", URL).status_ext == BUSY
    end(queue, worker)
    assert "12 saves a minute" in Limits().check(queue, "anna", URL).message
    assert Limits().per_day == 100_000


def test_one_url_is_saved_ten_times_a_day(queue, worker, clock):
    for _ in range(10):
        assert Limits().check(queue, "anna", URL) is None
        queue.add(URL, key="anna")
        end(queue, worker)
        clock.pass_seconds(60)
    refusal = Limits().check(queue, "anna", URL)
    assert (refusal.status_ext, refusal.retry_after_seconds) == (DAILY, 35_091)  # seconds from 14:15:09
    assert refusal.message == (
        "save: you had this URL saved 10 times today; ask again tomorrow, which begins at 0:00 UTC"
    )
    assert Limits().check(queue, "anna", f"{URL}/2") is None
    assert Limits().check(queue, "bob", URL) is None


def test_a_key_has_limits_of_its_own(queue, keys):
    keys.add("anna", concurrent=2)
    keys.add("bob", per_minute=1, per_day=2)
    anna, bob = keys.get("anna"), keys.get("bob")
    assert Limits().of(anna) == Limits(concurrent=2)
    assert Limits(concurrent=7).of(bob) == Limits(per_minute=1, per_day=2, concurrent=7)
    assert Limits().of("anna") == Limits()
    for key in ("anna", "bob"):
        ask(queue, 2, key=key)
    assert "2 of your saves" in Limits().check(queue, anna, URL).message
    assert "1 saves a minute" in Limits().check(queue, bob, URL).message


def test_outlinks_count_for_the_day_alone(queue, clock):
    (parent,) = ask(queue, 1)
    ask(queue, 5, parent=parent.id, prefix="outlink")
    limits = Limits(concurrent=2, per_minute=2, per_day=6)
    found = limits.check(queue, "anna", URL)
    assert "6 saves a day" in found.message
    assert limits.allowance(queue, "anna") == Allowance(1, 1, 6, 6)


def test_what_has_ended_is_no_longer_under_way(queue, worker):
    ask(queue, 3)
    limits = Limits(concurrent=3)
    assert limits.allowance(queue, "anna") == Allowance(0, 3, 3, 100_000)
    end(queue, worker)
    assert limits.check(queue, "anna", URL) is None
    assert limits.allowance(queue, "anna") == Allowance(3, 0, 3, 100_000)


class TestAdmission:
    def test_adds_what_is_within_the_limits(self, queue, keys):
        keys.add("anna", concurrent=1)
        key = keys.get("anna")
        options = SaveOptions(outlinks=2)
        save = Limits().admit(queue, key, URL, options)
        assert isinstance(save, Save)
        assert (save.key, save.options) == ("anna", options)
        assert isinstance(Limits().admit(queue, key, f"{URL}/2"), Refusal)
        assert queue.standing().waiting == 1

    def test_never_refuses_what_an_earlier_request_answers(self, queue, keys):
        keys.add("anna", concurrent=1, per_minute=1)
        save = Limits().admit(queue, keys.get("anna"), URL)
        assert Limits().admit(queue, keys.get("anna"), URL) == save
        assert queue.standing().waiting == 1

    def test_waits_for_another_server_that_is_about_to_admit(self, queue, url, clock):
        """Both would count as long as neither had added."""
        limits, found = Limits(per_minute=1), []

        def other_server():
            with Database(url, clock=clock) as database:
                found.append(limits.admit(Saves(database, "news"), "anna", f"{URL}/2"))

        thread = threading.Thread(target=other_server)
        with queue.database.transaction():
            assert isinstance(limits.admit(queue, "anna", URL), Save)
            thread.start()
            thread.join(0.5)
            assert thread.is_alive()
        thread.join(10)
        assert [refusal.status_ext for refusal in found] == [BUSY]

    def test_knows_no_limit_for_the_command_line(self, queue):
        limits = Limits(concurrent=0, per_minute=0, per_day=0)
        assert isinstance(limits.admit(queue, "", URL), Save)
        assert isinstance(limits.admit(queue, "(anybody)", URL), Refusal)
