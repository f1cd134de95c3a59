import platform
import subprocess
import threading
from datetime import UTC, datetime, timedelta

import pytest

from crawler.frontier.owner import claim, new_owner
from crawler.schedule import ScheduleStore
from crawler.state import Database
from databases import KINDS, new_database

START = datetime(2026, 5, 4, 12, tzinfo=UTC)
ELSEWHERE, THIRD = "elsewhere/17/abc", "third/4/def"


class Clock:
    def __init__(self):
        self.now = START

    def __call__(self):
        return self.now

    def passes(self, seconds):
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture(params=KINDS)
def url(request, tmp_path):
    with new_database(request.param, tmp_path) as found:
        yield found


@pytest.fixture
def store(url, clock):
    with Database(url, clock=clock) as database:
        yield ScheduleStore(database)


def test_one_scheduler_is_active_until_it_lets_go(store):
    assert store.active() is None
    assert store.claim(ELSEWHERE) is None
    assert store.claim(THIRD).owner == ELSEWHERE
    assert store.renew(ELSEWHERE, ["a", "b"])
    assert store.active().sites == ("a", "b")
    store.release(THIRD)
    assert store.active().owner == ELSEWHERE
    store.release(ELSEWHERE)
    assert store.claim(THIRD) is None


def test_a_scheduler_that_is_silent_is_taken_over_and_learns_it(store, clock):
    store.claim(ELSEWHERE)
    clock.passes(20)
    assert store.renew(ELSEWHERE, [])
    clock.passes(20)
    assert store.claim(THIRD).owner == ELSEWHERE
    clock.passes(11)
    assert store.active() is None
    assert store.claim(THIRD) is None
    assert store.active().since == clock.now
    assert not store.renew(ELSEWHERE, [])


def test_a_scheduler_whose_process_is_gone_is_taken_over_at_once(store):
    with subprocess.Popen(["true"]) as ended:
        pass
    assert store.claim(f"{platform.node()}/{ended.pid}/abc") is None
    assert store.active() is None
    assert store.claim(THIRD) is None


def test_of_many_that_claim_at_once_one_becomes_active(url):
    owners = [new_owner() for _ in range(8)]
    active = []

    def start(owner):
        claim(owner)
        with Database(url) as database:
            if ScheduleStore(database).claim(owner) is None:
                active.append(owner)

    threads = [threading.Thread(target=start, args=(owner,)) for owner in owners]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(active) == 1


def test_sites_rest_and_go_on(store):
    store.pause(["a", "b"])
    store.resume(["b", "c"])
    assert {site: state.paused for site, state in store.states().items()} == {
        "a": True,
        "b": False,
        "c": False,
    }
    store.looked("a", "nothing due")
    state = store.states()["a"]
    assert (state.paused, state.note, state.looked) == (True, "nothing due", START)


def test_what_is_asked_for_is_answered_once(store, clock):
    store.pause(["a"])
    store.ask(["a", "b"])
    asked = store.states()
    assert asked["a"].asked == asked["b"].asked == START
    clock.passes(1)
    store.ask(["b"])
    store.answered(asked.values())
    states = store.states()
    assert (states["a"].asked, states["b"].asked) == (None, clock.now)
    assert states["a"].paused
