"""The scheduler as people run it: processes that share a state database and crawl a real server."""

import json
import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

import newsite
from crawler.jobs.history import History, RunState
from crawler.state import Database
from databases import KINDS, new_database

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

    def __init__(self, command, folder, url, site):
        self.folder, self.url, self.site = folder, url, site
        self._command = command
        (folder / "sites").mkdir()
        (folder / "newswarc.toml").write_text(CONFIGURATION.format(url=url))

    def profile(self, name, cron="*/5 * * * *", *, section="/section/city/"):
        text = PROFILE.format(name=name, cron=cron, home=self.site.url, section=section)
        path = self.folder / "sites" / f"{name}.toml"
        path.write_text(text)
        return path

    @contextmanager
    def scheduler(self, *words, every_second=True):
        """Run a scheduler, and kill it in the end with what it started."""
        env = {"EVERY_SECOND": "1"} if every_second else {}
        with (self.folder / f"run-{len(list(self.folder.iterdir()))}").open("w+b") as out:
            process = self._command.start(
                "schedule", "run", "--json", *words, env=env, stdout=out, stderr=out
            )
            try:
                yield Scheduler(process, Path(out.name))
            finally:
                if process.poll() is None:
                    process.send_signal(signal.SIGTERM)
                process.wait(timeout=60)

    def __call__(self, *words, **more):
        return self._command("schedule", *words, **more).stdout

    def told(self, *words, **more):
        return json.loads(self(*words, "--json", **more))

    def runs(self, *states):
        """Return the history of jobs, the latest first."""
        with Database(self.url) as database:
            history = History(database, owner="test/0/a")
            return [run for run in history.recent(1000) if not states or run.state in states]

    def ended(self):
        return self.runs(RunState.DONE, RunState.NOTHING)


class Scheduler:
    def __init__(self, process, output):
        self.process, self.pid = process, process.pid
        self._output = output

    def text(self):
        return self._output.read_text()

    def events(self, what):
        lines = [line for line in self.text().splitlines() if line.startswith("{")]
        return [event for event in map(json.loads, lines) if event["event"] == what]


@pytest.fixture(params=KINDS)
def desk(request, tmp_path, command_in):
    with (
        newsite.running(newsite.daily(articles=8, seed=3)) as site,
        new_database(request.param, tmp_path) as url,
    ):
        yield made(command_in, tmp_path, url, site)


@pytest.fixture
def small_desk(tmp_path, command_in):
    """One on SQLite only."""
    with newsite.running(newsite.daily(articles=8, seed=3)) as site:
        yield made(command_in, tmp_path, f"sqlite:///{tmp_path / 'state.sqlite'}", site)


def made(command_in, folder, url, site):
    class Here(command_in):
        def start(self, *words, **more):
            streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | more
            env = streams.pop("env", ())
            return subprocess.Popen(
                [sys.executable, str(SCRIPT), *map(str, words)],
                cwd=self.folder,
                env={**environment(), **dict(env)},
                **streams,
            )

    return Desk(Here(folder), folder, url, site)


def environment():
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("NEWSWARC_")}
    root = SCRIPT.parents[2]
    paths = os.pathsep.join((str(root), str(root / "tests")))
    return {**inherited, "PYTHONPATH": paths, "NEWSWARC_SEGMENTS__MIN_FREE": "0", "COLUMNS": "200"}


def crawling(desk, until, name="slow", *, section="/section/city/"):
    """Let a job be under way that takes a while, and return its row."""
    if section == "/section/city/":
        desk.site.delay = 2
    desk.profile(name, section=section)
    until(lambda: any(run.process for run in desk.runs(RunState.RUNNING)))
    until(lambda: any(each.path == section for each in desk.site.exchanges))
    return desk.runs(RunState.RUNNING)[0]


def hanging(desk, until):
    """Let a job be under way that does not end by itself, and return its row."""
    desk.site.put("/hangs/", newsite.Script((b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n",), then="hang"))
    return crawling(desk, until, section="/hangs/")


@pytest.fixture(name="until")
def patient_until(until):
    """Processes start slowly on a busy machine."""
    return partial(until, seconds=90)


@pytest.mark.slow
def test_a_schedule_fires_rests_goes_on_and_is_asked_from_other_processes(desk, until):
    desk.profile("harbour")
    with desk.scheduler() as scheduler:
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
    assert 'active": null' in desk("list", "--json")
    first = desk.runs(RunState.DONE)[-1]
    assert (first.state, first.kind, first.sites) == (RunState.DONE, "due", ("harbour",))
    assert first.figures.captures > 0
    assert (desk.folder / first.log_file).is_file()
    assert abs((first.started - first.scheduled_for).total_seconds()) < 30


def test_a_second_scheduler_is_told_who_is_active_or_stands_by_and_takes_over(desk, until):
    desk.profile("harbour", NEVER)
    with desk.scheduler(every_second=False) as first:
        until(lambda: first.events("active"))
        refused = desk._command("schedule", "run", code=7)
        assert "is the active scheduler of this state database" in refused.stderr
        assert "--standby" in refused.stderr
        with desk.scheduler("--standby", every_second=False) as second:
            until(lambda: second.events("standby"))
            assert second.events("active") == []
            first.process.kill()
            first.process.wait()
            until(lambda: second.events("active"))
            assert f"/{second.pid}/" in desk.told("list")["active"]["owner"]


def test_a_killed_scheduler_leaves_a_job_that_ends_is_marked_and_runs_again(small_desk, until):
    desk = small_desk
    with desk.scheduler() as first:
        run = crawling(desk, until)
        first.process.kill()
        first.process.wait()
        with desk.scheduler() as second:
            until(lambda: second.events("active"))
            # The job notices, and ends; meanwhile the site is not crawled twice.
            until(lambda: any(each.id == run.id for each in desk.runs(RunState.DIED)))
            until(lambda: any(each.id != run.id for each in desk.runs(RunState.RUNNING)))
            assert all(each.started >= run.started for each in desk.runs(RunState.RUNNING))


def test_a_job_that_is_killed_is_marked_and_the_next_one_runs(small_desk, until):
    with small_desk.scheduler():
        run = crawling(small_desk, until)
        os.kill(int(run.process.split("/")[-2]), signal.SIGKILL)
        until(lambda: any(each.id == run.id for each in small_desk.runs(RunState.DIED)))
        until(lambda: [each.id for each in small_desk.runs(RunState.RUNNING)] not in ([], [run.id]))


def test_a_site_does_not_overlap_with_itself(small_desk, until):
    with small_desk.scheduler() as scheduler:
        run = crawling(small_desk, until)
        until(lambda: scheduler.events("skipped"))
        assert [each.id for each in small_desk.runs(RunState.RUNNING)] == [run.id]
        small_desk("now", "slow")
        until(lambda: small_desk.runs(RunState.SKIPPED))
        assert f"job {run.id} of this site is still running" in small_desk.runs(RunState.SKIPPED)[0].reason
        assert [each.id for each in small_desk.runs(RunState.RUNNING)] == [run.id]


def test_the_first_signal_publishes_and_the_second_stops_at_once(small_desk, until):
    with small_desk.scheduler() as scheduler:
        run = hanging(small_desk, until)
        scheduler.process.send_signal(signal.SIGTERM)
        with pytest.raises(subprocess.TimeoutExpired):
            # What is under way is waited for, and one answer never ends.
            scheduler.process.wait(timeout=2)
        scheduler.process.send_signal(signal.SIGINT)
        assert scheduler.process.wait(timeout=60) == 0
    assert [event["text"] for event in scheduler.events("stopping")] == ["1", "2"]
    assert [each.state for each in small_desk.runs() if each.id == run.id] == [RunState.INTERRUPTED]


def test_profiles_are_followed_while_it_runs(small_desk, until):
    small_desk.profile("harbour", NEVER)
    with small_desk.scheduler(every_second=False) as scheduler:
        until(lambda: [event["site"] for event in scheduler.events("planned")] == ["harbour"])
        path = small_desk.profile("hills", NEVER)
        until(lambda: scheduler.events("planned")[-1]["site"] == "hills")
        path.write_text(path.read_text().replace(NEVER, "tomorrow"))
        until(lambda: scheduler.events("removed"))
        (problem,) = scheduler.events("problem")
        assert (problem["site"], "schedule.cron" in problem["text"]) == ("hills", True)
        small_desk.profile("harbour", "0 12 31 12 *")
        until(lambda: scheduler.events("planned")[-1]["site"] == "harbour")
        assert "-12-31 04:00:00 UTC" in scheduler.events("planned")[-1]["text"]
    assert small_desk.runs() == []


def test_once_crawls_what_is_due_and_ends(small_desk):
    for name in ("harbour", "hills", "resting"):
        small_desk.profile(name, NEVER)
    small_desk("pause", "resting")
    text = small_desk("run", "--once")
    assert {run.sites for run in small_desk.runs(RunState.DONE)} == {("harbour",), ("hills",)}
    assert "harbour done: " in text
    assert "hills started" in text


def test_now_without_a_scheduler_crawls_here(small_desk):
    small_desk.profile("harbour", NEVER)
    told = small_desk.told("now", "harbour")
    assert told["captures"] > 0
    (run,) = small_desk.ended()
    assert (run.id, run.kind, run.scheduled_for) == (told["job"], "due", None)
    (listed,) = small_desk.told("list")["sites"]
    assert listed["last"] == {
        "job": run.id,
        "state": "done",
        "ended": f"{run.ended:%Y-%m-%dT%H:%M:%SZ}",
    }


def test_jobs_lists_and_shows_what_became_of_them(small_desk):
    small_desk.profile("harbour", NEVER)
    small_desk("now", "harbour")
    (run,) = small_desk.runs()
    command = small_desk._command
    (line,) = command("jobs").stdout.splitlines()
    assert line.split("\t")[:3] == [run.id, "harbour", "due"]
    assert line.split("\t")[4] == "done"
    (listed,) = json.loads(command("jobs", "--site", "harbour", "--json").stdout)
    assert (listed["id"], listed["figures"]["captures"]) == (run.id, run.figures.captures)
    assert command("jobs", "--site", "hills").stdout == ""
    shown = command("jobs", "show", run.id).stdout
    assert f"Job {run.id}" in shown
    assert f"captures   {run.figures.captures} (0 revisits)" in shown
    assert "there is no 'x' in the history" in command("jobs", "show", "x", code=7).stderr


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
    assert said in small_desk._command("schedule", *words, code=2).stderr
