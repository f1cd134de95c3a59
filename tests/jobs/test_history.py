import os
import platform
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.config import load
from crawler.jobs.history import LEASE_SECONDS, History, RunState
from crawler.jobs.spec import JobSpec, Outcome, Progress
from crawler.state import Database
from databases import KINDS, new_database

START = datetime(2026, 5, 4, 12, tzinfo=UTC)
HARBOUR, HILLS = "http://harbour.example/", "http://hills.example/"


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
def database(request, tmp_path, clock):
    with new_database(request.param, tmp_path) as url, Database(url, clock=clock) as found:
        yield found


@pytest.fixture
def history(database):
    return History(database)


def spec(job="job-1", *targets, **more):
    return JobSpec(job, targets or (HARBOUR,), load(environ={}), Path("logs") / f"{job}.log", **more)


def last(job="job-1", **more):
    return Progress("finished", job, 12.5, **{"reason": "finished", "pages": 3, "captures": 4, **more})


def test_a_job_from_its_begin_to_its_end(history, clock):
    wanted = START - timedelta(seconds=30)
    assert history.begin(spec(due=True), scheduled_for=wanted) is None
    history.runs_as("job-1", 4711)
    run = history.get("job-1")
    assert (run.state, run.ended, run.figures) == (RunState.RUNNING, None, None)
    assert (run.sites, run.targets, run.kind) == (("harbour.example",), (HARBOUR,), "due")
    assert (run.scheduled_for, run.started, run.owner) == (wanted, START, history.owner)
    assert run.process == f"{platform.node()}/4711/0"
    clock.passes(12.5)
    assert history.end(last(statuses={"200": 4})) is RunState.DONE
    run = history.get("job-1")
    assert (run.state, run.exit_code, run.reason) == (RunState.DONE, 0, "finished")
    assert run.ended == START + timedelta(seconds=12.5)
    assert run.figures == last(statuses={"200": 4})
    assert run.log_file == Path("logs/job-1.log")


@pytest.mark.parametrize(
    ("given", "state", "reason"),
    [
        ({"exit_code": 0}, RunState.DONE, "finished"),
        ({"exit_code": int(Outcome.NOTHING)}, RunState.NOTHING, "finished"),
        (
            {"exit_code": int(Outcome.INTERRUPTED), "reason": "interrupted"},
            RunState.INTERRUPTED,
            "interrupted",
        ),
        ({"exit_code": 7, "reason": "died", "error": "e"}, RunState.DIED, "died"),
        ({"exit_code": 22, "reason": "Unavailable", "error": "store: out"}, RunState.FAILED, "store: out"),
        (
            {
                "exit_code": 7,
                "reason": "JobError",
                "error": "frontier: job 'x' is being crawled by 'y'; wait",
            },
            RunState.SKIPPED,
            "frontier: job 'x' is being crawled by 'y'; wait",
        ),
    ],
)
def test_how_a_job_ended(history, given, state, reason):
    history.begin(spec())
    assert history.end(last(**given)) is state
    run = history.get("job-1")
    assert (run.state, run.reason) == (state, reason)


def test_a_job_alone_has_its_sites_to_itself(history, database):
    assert history.begin(spec("one"), alone=True) is None
    other = History(database, owner="elsewhere/1/a")
    assert other.begin(spec("two"), alone=True).id == "one"
    assert other.get("two") is None
    assert other.begin(spec("three", HILLS), alone=True) is None
    assert other.begin(spec("four")) is None  # a person's own crawl
    history.end(last("one"))
    assert history.begin(spec("five"), alone=True).id == "four"
    other.end(last("four"))
    assert history.begin(spec("six"), alone=True) is None


def test_a_job_of_several_sites_is_in_the_way_of_each(history):
    assert history.begin(spec("both", HARBOUR, HILLS)) is None
    assert history.begin(spec("one", HILLS), alone=True).id == "both"
    assert history.begin(spec("like", "http://hill.example/"), alone=True) is None


def test_another_collection_is_another_site(history):
    history.begin(spec("one"), alone=True)
    elsewhere = load({"store.collection": "other"}, environ={})
    assert history.begin(replace(spec("two"), config=elsewhere), alone=True) is None


def test_a_job_that_goes_on_is_the_same_one(history, clock):
    history.begin(spec())
    history.end(last(exit_code=int(Outcome.INTERRUPTED)))
    clock.passes(60)
    assert history.begin(spec(resume=True), alone=True) is None
    run = history.get("job-1")
    assert (run.state, run.ended, run.exit_code, run.started) == (RunState.RUNNING, None, None, clock.now)
    assert len(history.recent()) == 1


def gone_process():
    with subprocess.Popen(["true"]) as ended:
        pass
    return ended.pid


def test_jobs_whose_process_is_gone_are_marked(history, database, clock):
    gone = f"{platform.node()}/{gone_process()}/abc"
    left = History(database, owner=gone)
    history.begin(spec("ours"))
    left.begin(spec("not started"))
    left.begin(spec("ended"))
    left.runs_as("ended", gone_process())
    left.begin(spec("publishing"))
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as alive:
        left.runs_as("publishing", alive.pid)
        assert {run.id for run in history.died()} == {"not started", "ended"}
        alive.stdin.close()
    assert {run.id for run in history.died()} == {"publishing"}
    assert not history.died()
    run = history.get("ended")
    assert (run.state, run.exit_code, run.reason, run.ended) == (RunState.DIED, 7, "died", clock.now)
    assert history.get("ours").state is RunState.RUNNING


def test_a_job_on_another_machine_is_gone_when_nobody_renews_it(history, database, clock):
    elsewhere = History(database, owner="elsewhere/1/a")
    elsewhere.begin(spec("there"), alone=True)
    history.begin(spec("ours", HILLS))
    clock.passes(LEASE_SECONDS - 10)
    elsewhere.renew()
    clock.passes(LEASE_SECONDS - 10)
    assert history.begin(spec("next"), alone=True).id == "there"
    clock.passes(20)
    assert history.begin(spec("next"), alone=True) is None
    assert history.get("there").state is RunState.DIED
    assert history.get("ours").state is RunState.RUNNING


def test_one_that_was_given_up_too_early_may_still_end(history, database, clock):
    elsewhere = History(database, owner="elsewhere/1/a")
    elsewhere.begin(spec())
    clock.passes(LEASE_SECONDS + 1)
    history.died()
    elsewhere.end(last())
    assert history.get("job-1").state is RunState.DONE


def test_the_latest_come_first(history, clock):
    for number in range(5):
        history.begin(spec(f"job-{number}", HILLS if number % 2 else HARBOUR))
        history.end(last(f"job-{number}"))
        clock.passes(1)
    history.skip(spec("job-5"), "it is still running")
    assert [run.id for run in history.recent(3)] == ["job-5", "job-4", "job-3"]
    assert [run.id for run in history.recent(site="hills.example")] == ["job-3", "job-1"]
    assert history.recent(site="hills") == []
    assert history.get("job-5").reason == "it is still running"
    latest = history.latest(["harbour.example", "hills.example", "nowhere"])
    assert {site: run.id for site, run in latest.items()} == {
        "harbour.example": "job-4",
        "hills.example": "job-3",
    }


def test_what_is_old_is_forgotten_but_not_what_runs(history, clock):
    for job in ("old", "running"):
        history.begin(spec(job))
    history.end(last("old"))
    clock.passes(3600)
    history.begin(spec("new"))
    history.end(last("new"))
    assert history.forget(timedelta(minutes=30)) == [Path("logs/old.log")]
    assert {run.id for run in history.recent()} == {"running", "new"}


def test_who_owns_it_is_this_process(history):
    assert history.owner.startswith(f"{platform.node()}/{os.getpid()}/")
