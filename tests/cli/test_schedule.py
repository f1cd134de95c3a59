"""The scheduler as people run it: a process that crawls a real server, steered from another process."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from functools import cached_property
from pathlib import Path

import pytest
from typer.testing import CliRunner

import newsite
from crawler.cli import app
from crawler.jobs.history import History, RunState
from crawler.state import Database
from databases import KINDS, new_database
from pipelines.errors import NewswarcError

SCRIPT = Path(__file__).with_name("scheduling.py")
PROFILE = """
name = "{name}"
home = "{home}"
sections = ["{section}"]
timezone = "Asia/Shanghai"
[schedule]
cron = "{cron}"
"""
CONFIGURATION = """
[store]
url = "s"
[state]
database = "{url}"
[crawl]
delay = 0
allow_address = ["127.0.0.0/8"]
workers = 1
concurrency = 1
text = false
max_pages = 4
"""
NEVER = "0 0 29 2 *"


class Desk:
    """A folder with profiles and a state database, and the commands of people that work there."""

    def __init__(self, folder, url, site):
        self.folder, self.url, self.site = folder, url, site
        (folder / "sites").mkdir()
        (folder / "newswarc.toml").write_text(CONFIGURATION.format(url=url))

    def profile(self, name, cron="*/5 * * * *", *, section="/section/city/"):
        text = PROFILE.format(name=name, cron=cron, home=self.site.url, section=section)
        path = self.folder / "sites" / f"{name}.toml"
        path.write_text(text)
        return path

    def run(self, *words, code=0):
        """Return what a command prints that is run in this very process."""
        done = CliRunner().invoke(app, [*map(str, words)])
        if isinstance(done.exception, NewswarcError):
            assert done.exception.exit_code == code, done.exception
            return str(done.exception)
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        assert done.exit_code == code, (done.stdout, done.stderr)
        return done.stdout if code == 0 else done.stderr

    def __call__(self, *words, **more):
        return self.run("schedule", *words, **more)

    def told(self, *words):
        return json.loads(self(*words, "--json"))

    @contextmanager
    def scheduler(self, *words, every_second=True):
        """Run a scheduler, and end it, with what it started."""
        env = {"EVERY_SECOND": "1"} if every_second else {}
        with (self.folder / f"run-{len(list(self.folder.iterdir()))}").open("w+b") as out:
            line = [sys.executable, str(SCRIPT), "schedule", "run", *words]
            process = subprocess.Popen(line, env={**os.environ, **env}, stdout=out, stderr=out)
            try:
                yield Scheduler(process, Path(out.name))
            finally:
                if process.poll() is None:
                    process.send_signal(signal.SIGTERM)
                process.wait(timeout=60)

    @cached_property
    def history(self):
        return History(Database(self.url), owner="test/0/a")

    def runs(self, *states):
        """Return the history of jobs, the latest first."""
        return [run for run in self.history.recent(1000) if not states or run.state in states]

    def close(self):
        self.history._database.close()

    def ended(self):
        return self.runs(RunState.DONE, RunState.NOTHING)


class Scheduler:
    def __init__(self, process, output):
        self.process, self.pid = process, process.pid
        self._output = output

    def kill(self):
        self.process.kill()
        self.process.wait()

    def text(self):
        return self._output.read_text()

    def events(self, what):
        lines = [line for line in self.text().splitlines() if line.startswith("{")]
        return [event for event in map(json.loads, lines) if event["event"] == what]


@pytest.fixture
def here(tmp_path, monkeypatch):
    """The folder in which commands are given, and an environment in which they find what they start."""
    for name in [name for name in os.environ if name.startswith("NEWSWARC_")]:
        monkeypatch.delenv(name)
    root = SCRIPT.parents[2]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join((str(root), str(root / "tests"))))
    monkeypatch.setenv("NEWSWARC_SEGMENTS__MIN_FREE", "0")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def site():
    with newsite.running(newsite.daily(articles=8, seed=3)) as running:
        yield running


@pytest.fixture(params=KINDS)
def desk(request, here, site):
    with new_database(request.param, here) as url, closing(Desk(here, url, site)) as desk:
        yield desk


@pytest.fixture
def small_desk(here, site):
    """One on SQLite only."""
    with closing(Desk(here, f"sqlite:///{here / 'state.sqlite'}", site)) as desk:
        yield desk


def crawling(desk, until):
    """Let a job be under way that takes a while, and return its row."""
    before = len(desk.site.exchanges)
    until(lambda: len(desk.site.exchanges) > before + 1)
    until(lambda: any(run.process for run in desk.runs(RunState.RUNNING)))
    return desk.runs(RunState.RUNNING)[0]


@pytest.fixture
def until():
    """Wait for what other processes do; they start slowly on a busy machine, and need the processor."""

    def wait(condition):
        end = time.monotonic() + 90
        while not condition():
            assert time.monotonic() < end, "it did not come to it"
            time.sleep(0.1)

    return wait


@pytest.mark.slow
def test_a_schedule_fires_rests_goes_on_and_is_asked_from_another_process(desk, until):
    desk.profile("harbour")
    with desk.scheduler("--json") as scheduler:
        until(lambda: len(desk.ended()) >= 2)
        assert desk.told("list")["active"]["sites"] == ["harbour"]

        assert desk.told("pause", "harbour") == {"done": "paused", "sites": ["harbour"]}
        until(lambda: scheduler.events("planned")[-1]["text"] == "paused")
        until(lambda: not desk.runs(RunState.RUNNING))
        (listed,) = desk.told("list")["sites"]
        assert (listed["state"], listed["next"]) == ("paused", None)
        assert desk.told("next") == []
        before = len(desk.runs())

        assert desk("now", "harbour") == "asked for: harbour\n"
        until(lambda: len(desk.ended()) > before - len(desk.runs(RunState.SKIPPED)))
        assert len(desk.runs()) == before + 1  # asked for once, run once, and resting still

        desk("resume", "--all")
        until(lambda: len(desk.ended()) >= before + 2)
    assert scheduler.process.returncode == 0
    assert "Traceback" not in scheduler.text()
    assert desk.told("list")["active"] is None
    first = desk.runs(RunState.DONE)[-1]
    assert (first.state, first.kind, first.sites) == (RunState.DONE, "due", ("harbour",))
    assert first.figures.captures > 0
    assert (desk.folder / first.log_file).is_file()
    assert abs((first.started - first.scheduled_for).total_seconds()) < 30


@pytest.mark.slow
def test_a_second_scheduler_is_told_who_is_active_or_stands_by_and_takes_over(desk, until):
    desk.profile("harbour", NEVER)
    with desk.scheduler("--json", every_second=False) as first:
        until(lambda: first.events("active"))
        with desk.scheduler(every_second=False) as refused:
            assert refused.process.wait(timeout=60) == 7
        with desk.scheduler("--json", "--standby", every_second=False) as second:
            until(lambda: second.events("standby"))
            assert second.events("active") == []
            first.kill()
            until(lambda: second.events("active"))
            assert f"/{second.pid}/" in desk.told("list")["active"]["owner"]
    assert "is the active scheduler of this state database" in refused.text()
    assert "--standby" in refused.text()
    assert "harbour" not in refused.text()  # nor does it list what it would not have served


@pytest.mark.slow
def test_a_site_that_overlaps_a_job_that_dies_and_a_scheduler_that_dies(small_desk, until):
    desk = small_desk
    desk.site.delay = 1
    desk.profile("slow")
    with desk.scheduler("--json") as first:
        run = crawling(desk, until)
        until(lambda: first.events("skipped"))
        assert first.events("skipped")[0]["text"] == "it is still running"
        desk("now", "slow")
        until(lambda: desk.runs(RunState.SKIPPED))
        assert f"job {run.id} of this site is still running" in desk.runs(RunState.SKIPPED)[0].reason
        assert [each.id for each in desk.runs(RunState.RUNNING)] == [run.id]

        os.kill(int(run.process.split("/")[-2]), signal.SIGKILL)
        until(lambda: any(each.id == run.id for each in desk.runs(RunState.DIED)))
        until(lambda: [each.id for each in desk.runs(RunState.RUNNING)] not in ([], [run.id]))

        run = crawling(desk, until)
        first.kill()
    with desk.scheduler("--json") as second:
        until(lambda: second.events("active"))
        # The job notices, and ends; meanwhile the site is not crawled twice.
        until(lambda: any(each.id == run.id for each in desk.runs(RunState.DIED)))
        until(lambda: any(each.id != run.id for each in desk.runs(RunState.RUNNING)))
        assert len(desk.runs(RunState.RUNNING)) == 1
        assert all(each.started >= run.started for each in desk.runs(RunState.RUNNING))


@pytest.mark.slow
def test_the_first_signal_publishes_and_the_second_stops_at_once(small_desk, until):
    desk = small_desk
    desk.site.put("/hangs/", newsite.Script((b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n",), then="hang"))
    desk.profile("slow", section="/hangs/")
    with desk.scheduler("--json") as scheduler:
        until(lambda: any(each.path == "/hangs/" for each in desk.site.exchanges))
        (run,) = desk.runs(RunState.RUNNING)
        scheduler.process.send_signal(signal.SIGTERM)
        with pytest.raises(subprocess.TimeoutExpired):
            # What is under way is waited for, and one answer never ends.
            scheduler.process.wait(timeout=1)
        scheduler.process.send_signal(signal.SIGINT)
        assert scheduler.process.wait(timeout=60) == 0
    assert [event["text"] for event in scheduler.events("stopping")] == ["1", "2"]
    assert [each.state for each in desk.runs() if each.id == run.id] == [RunState.INTERRUPTED]


def test_profiles_are_followed_while_it_runs(small_desk, until):
    desk = small_desk
    desk.profile("harbour", NEVER)
    with desk.scheduler("--json", every_second=False) as scheduler:
        until(lambda: [event["site"] for event in scheduler.events("planned")] == ["harbour"])
        path = desk.profile("hills", NEVER)
        until(lambda: scheduler.events("planned")[-1]["site"] == "hills")
        path.write_text(path.read_text().replace(NEVER, "tomorrow"))
        until(lambda: scheduler.events("removed"))
        (problem,) = scheduler.events("problem")
        assert (problem["site"], "schedule.cron" in problem["text"]) == ("hills", True)
        desk.profile("harbour", "0 12 31 12 *")
        until(lambda: scheduler.events("planned")[-1]["site"] == "harbour")
        assert "-12-31 04:00:00 UTC" in scheduler.events("planned")[-1]["text"]
    assert desk.runs() == []


def test_what_is_scheduled_is_shown_once_and_then_what_changes(small_desk, until):
    desk = small_desk
    desk.profile("harbour", NEVER)
    with desk.scheduler(every_second=False) as scheduler:
        until(lambda: f"harbour\t{NEVER}\tAsia/Shanghai\twaiting\t" in scheduler.text())
        desk("pause", "harbour")
        until(lambda: "Z harbour paused\n" in scheduler.text())
    active, listed, *rest = scheduler.text().splitlines()
    assert re.fullmatch(r"\d{4}-\d\d-\d\d [\d:]{8}Z active \S+/\d+/\w+", active)
    assert listed.split("\t")[0] == "harbour"
    assert [line.partition("Z ")[2].partition(":")[0] for line in rest] == ["harbour paused", "interrupted"]


@pytest.mark.slow
def test_what_is_due_is_crawled_once_or_here_and_listed_as_jobs(small_desk):
    desk = small_desk
    for name in ("harbour", "hills", "resting"):
        desk.profile(name, NEVER)
    desk("pause", "resting")
    with desk.scheduler("--once", every_second=False) as scheduler:
        assert scheduler.process.wait(timeout=90) == 0
    assert {run.sites for run in desk.runs(RunState.DONE)} == {("harbour",), ("hills",)}
    assert "harbour done: " in scheduler.text()
    assert "hills started" in scheduler.text()

    told = desk.told("now", "resting")
    assert told["captures"] > 0
    (run,) = [each for each in desk.ended() if each.sites == ("resting",)]
    assert (run.id, run.kind, run.scheduled_for) == (told["job"], "due", None)
    (listed,) = [each for each in desk.told("list")["sites"] if each["site"] == "resting"]
    assert listed["last"] == {"job": run.id, "state": "done", "ended": f"{run.ended:%Y-%m-%dT%H:%M:%SZ}"}

    line = desk.run("jobs").splitlines()[0].split("\t")
    assert (line[:3], line[4]) == ([run.id, "resting", "due"], "done")
    (listed,) = json.loads(desk.run("jobs", "--site", "resting", "--json"))
    assert (listed["id"], listed["figures"]["captures"]) == (run.id, run.figures.captures)
    assert desk.run("jobs", "--site", "nowhere") == ""
    for words in ((run.id,), ("last",), ()):
        shown = desk.run("jobs", "show", *words)
        assert f"Job {run.id}" in shown
        assert f"captures   {run.figures.captures} (" in shown
    assert "there is no 'x' in the history" in desk.run("jobs", "show", "x", code=7)


def test_the_runs_that_come_next(small_desk):
    small_desk.profile("harbour", "30 8 * * *")
    small_desk.profile("hills", "0 * * * *")
    lines = [line.split("\t") for line in small_desk("next", "30").splitlines()]
    assert len(lines) == 30
    assert [line[0] for line in lines] == sorted(line[0] for line in lines)
    (harbour, *_) = [line for line in lines if line[1] == "harbour"]
    assert harbour[0].endswith("T00:30:00Z")
    assert harbour[2].endswith("08:30 CST")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("pause",), "name the sites, or all of them with --all"),
        (("pause", "nowhere"), "no profile is called 'nowhere'"),
        (("run", "quiet"), "'quiet' has none"),
        (("resume", "harbour", "--all"), "name the sites, or all of them with --all"),
    ],
)
def test_what_is_wrong_is_told(small_desk, words, said):
    small_desk.profile("harbour", NEVER)
    quiet = small_desk.folder / "sites" / "quiet.toml"
    quiet.write_text('name = "quiet"\nhome = "http://q.example/"\nfeeds = ["/feed"]\n')
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    assert said in small_desk(*words, code=2)
    for number, handler in zip((signal.SIGINT, signal.SIGTERM), before, strict=True):
        signal.signal(number, handler)


def test_who_only_looks_makes_nothing(here):
    assert "nothing was crawled here" in Desk.run(None, "jobs", code=4)
    done = CliRunner().invoke(app, ["schedule", "list"])
    assert "no profile in 'sites' has one; write [schedule] and cron" in done.stderr
    assert "no profile in 'sites' has one" in Desk.run(None, "schedule", "pause", "--all", code=2)
    assert list(here.iterdir()) == []
