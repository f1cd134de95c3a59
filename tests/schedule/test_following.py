"""Cron jobs in a real job store, kept in line with plan, commands and clock; no process is started."""

import pickle
import pickletools
import threading
import time
from datetime import UTC, datetime, timedelta
from queue import SimpleQueue

import pytest
from sqlalchemy import create_engine, text

from crawler.config import load
from crawler.schedule import Planned, ScheduleStore
from crawler.schedule.aps import TABLE, CronJobs
from crawler.schedule.following import Following
from crawler.schedule.plan import Plan
from crawler.schedule.runs import Order, Runs
from crawler.sites.cron import triggers
from crawler.state import Database
from databases import KINDS, new_database
from pipelines.errors import JobError

HOURLY, NEVER = "0 * * * *", "0 0 29 2 *"


@pytest.fixture(params=KINDS)
def url(request, tmp_path):
    with new_database(request.param, tmp_path) as found:
        yield found


class Desk:
    """A scheduler without its loop."""

    def __init__(self, url, tmp_path):
        self.url, self.told, self.asked = url, [], SimpleQueue()
        config = load({"state.database": url, "state.folder": tmp_path}, environ={})
        self._database = Database(url)
        self.store = ScheduleStore(self._database)
        self.runs = Runs(config, owner="test/0/a", nothing_due=self._nothing_due, tell=lambda _: None)
        self.cron = CronJobs(url, self.runs)
        self.following = Following(self.cron, self.store, self.runs, tell=self.told.append)
        self.cron.begin(still_running=self.following.still_running)

    def _nothing_due(self, target):
        self.asked.put(target)
        return "nothing due"

    def follow(self, *sites, now=None):
        self.following.follow(plan(*sites), now or datetime.now(UTC))

    def next(self):
        return {site: job.next_run_time for site, job in self.cron.stored().items()}

    def started(self):
        """Return the sites that were run since the last call."""
        self.cron.run_due()
        while self.runs.busy:
            time.sleep(0.01)
        return [self.asked.get() for _ in range(self.asked.qsize())]

    def close(self):
        self.runs.close()
        self.cron.shutdown()
        self._database.close()


@pytest.fixture
def desk(url, tmp_path):
    found = Desk(url, tmp_path)
    yield found
    found.close()


def planned(site, cron=NEVER):
    return Planned(site, (cron,), "UTC", timedelta(hours=1), timedelta(), site, triggers(cron, UTC))


def plan(*sites):
    return Plan({each.site: each for each in sites}, {})


def soon():
    return datetime.now(UTC) + timedelta(hours=1)


def ago(**delta):
    return (datetime.now(UTC) - timedelta(**delta)).replace(microsecond=0)


def test_sites_come_change_rest_and_go(desk):
    desk.follow(planned("a"), planned("b", HOURLY))
    assert desk.next()["b"] <= soon() < desk.next()["a"]
    desk.follow(planned("a", HOURLY))
    assert set(desk.next()) == {"a"}
    assert desk.next()["a"] <= soon()
    desk.store.pause(["a"])
    desk.follow(planned("a", HOURLY))
    assert desk.next() == {"a": None}
    desk.store.resume(["a"])
    desk.follow(planned("a", HOURLY))
    assert desk.next()["a"] <= soon()
    assert [(each.what, each.site) for each in desk.told] == [
        ("planned", "a"), ("planned", "b"), ("removed", "b"), ("planned", "a"),
        ("planned", "a"), ("planned", "a"),
    ]  # fmt: skip


def test_nothing_is_written_or_told_where_nothing_has_changed(desk):
    for _ in range(3):
        desk.follow(planned("a"))
    assert len(desk.told) == 1


@pytest.mark.parametrize(
    ("stored", "expected"),
    [({"minutes": 10}, ["a"]), ({"hours": 30}, []), ({"days": -4000}, [])],
    ids=["missed", "missed too long ago", "clock was ahead"],
)
def test_a_restart_makes_up_for_what_was_missed_once(desk, stored, expected):
    desk.cron.put(planned("a", NEVER), ago(**stored))
    desk.follow(planned("a", NEVER))
    assert desk.started() == expected
    desk.follow(planned("a", NEVER))
    assert desk.started() == []
    following = next(planned("a", NEVER).comes(datetime.now(UTC)))
    assert desk.next()["a"] == following


def test_many_runs_that_were_missed_are_one(desk):
    desk.cron.put(planned("a", "* * * * *"), ago(minutes=50))
    desk.follow(planned("a", "* * * * *"))
    assert desk.started() == ["a"]
    assert desk.started() == []


def test_a_clock_that_is_put_back_silences_no_site(desk):
    desk.follow(planned("a", HOURLY))
    desk.cron.put(planned("a", HOURLY), datetime.now(UTC) + timedelta(days=400))
    desk.following.check(plan(planned("a", HOURLY)), {}, datetime.now(UTC))
    assert desk.next()["a"] <= soon()


def test_a_site_that_rests_makes_up_for_nothing(desk):
    desk.store.pause(["a"])
    desk.cron.put(planned("a"), ago(minutes=10))
    desk.follow(planned("a"))
    assert desk.started() == []
    assert desk.next() == {"a": None}


def test_other_times_than_the_stored_ones_make_up_for_nothing(desk):
    desk.cron.put(planned("a", "* * * * *"), ago(minutes=10))
    desk.follow(planned("a", NEVER))
    assert desk.started() == []


def test_a_run_that_waits_for_its_turn_is_not_called_running(desk, tmp_path):
    begun, gate = SimpleQueue(), threading.Event()

    def hold(target):
        begun.put(target)
        gate.wait(30)
        return "nothing due"

    config = load({"state.database": desk.url, "state.folder": tmp_path, "schedule.parallel": 1}, environ={})
    runs = Runs(config, owner="test/0/b", nothing_due=hold, tell=lambda _: None)
    following = Following(desk.cron, desk.store, runs, tell=desk.told.append)
    for site in ("a", "b"):
        runs.submit(Order(site, site), datetime.now(UTC))
    assert begun.get(timeout=30) == "a"
    for site in ("a", "b"):
        following.still_running(site)
    gate.set()
    runs.close()
    assert [(each.what, each.site, each.text) for each in desk.told] == [
        ("skipped", "a", "it is still running"),
        ("skipped", "b", "it is still waiting for its turn"),
    ]


def test_what_a_job_store_lost_is_put_back(desk):
    desk.follow(planned("a"))
    desk.cron.drop("a")
    desk.following.check(plan(planned("a")), {}, datetime.now(UTC))
    assert set(desk.next()) == {"a"}


def test_the_job_store_keeps_names_and_strings_of_ours_and_no_objects(desk, url):
    desk.follow(planned("a"))
    engine = create_engine(url)
    with engine.connect() as connection:
        state = connection.execute(text(f"select job_state from {TABLE}")).scalar()
    engine.dispose()
    named = [argument for _, argument, _ in pickletools.genops(bytes(state)) if isinstance(argument, str)]
    assert [name for name in named if "crawler" in name] == ["crawler.schedule.runs:order_of"]
    assert pickle.loads(bytes(state))["args"] == ("a", "a")


def test_a_database_that_was_restarted_is_used_again(tmp_path):
    with new_database("postgresql", tmp_path) as url:
        desk = Desk(url, tmp_path)
        desk.follow(planned("a"))
        engine = create_engine(url)
        with engine.connect() as connection:
            others = "datname = current_database() and pid <> pg_backend_pid()"
            connection.execute(text(f"select pg_terminate_backend(pid) from pg_stat_activity where {others}"))
        engine.dispose()
        with pytest.raises(JobError, match="state: the database"):
            desk.store.states()
        desk.follow(planned("a"), planned("b"))
        assert set(desk.next()) == {"a", "b"}
        desk.close()
