import os
from datetime import UTC, datetime, timedelta

import pytest

from crawler.config import load
from crawler.schedule import Planned, Profiles, coming
from crawler.schedule.plan import next_run
from crawler.sites.cron import triggers

NOON = datetime(2026, 5, 4, 12, 0, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
PROFILE = """
name = "{name}"
home = "http://{name}.example/"
feeds = ["/feed"]
timezone = "Asia/Shanghai"
[schedule]
cron = {cron}
jitter = 10
"""
UNSCHEDULED = 'name = "{name}"\nhome = "http://q.example/"\nfeeds = ["/feed"]\n'


def planned(cron="*/15 * * * *", *, site="a", grace=HOUR, jitter=timedelta()):
    return Planned(site, (cron,), "UTC", grace, jitter, site, triggers(cron, UTC))


def at(hour, minute, second=0, *, day=4):
    return datetime(2026, 5, day, hour, minute, second, tzinfo=UTC)


@pytest.mark.parametrize(
    ("stored", "expected"),
    [
        (None, at(12, 15)),  # new
        (at(12, 15), at(12, 15)),  # as it should be
        (at(12, 0), at(12, 0)),  # just missed
        (at(11, 15), at(11, 15)),  # missed, and within the grace
        (at(11, 0), at(11, 15)),  # missed too long ago, but a later one was missed too
        (at(3, 0, day=1), at(11, 15)),  # a scheduler that was down for days
        (at(12, 0) + timedelta(days=400), at(12, 15)),  # the clock was ahead
        (at(12, 30), at(12, 15)),  # so it was a little
    ],
)
def test_when_a_site_runs_after_a_restart_or_a_change_of_the_clock(stored, expected):
    assert next_run(planned(), stored, NOON) == expected


def test_a_run_that_was_missed_beyond_the_grace_waits_for_the_next():
    daily = planned("0 3 * * *", grace=timedelta(hours=2))
    assert next_run(daily, at(3, 0), NOON) == at(3, 0, day=5)
    assert next_run(daily, at(3, 0), at(4, 59)) == at(3, 0)


def test_what_jitter_put_off_is_not_taken_for_a_clock_that_was_ahead():
    jittered = planned(jitter=timedelta(seconds=40))
    assert next_run(jittered, at(12, 15, 38), NOON) == at(12, 15, 38)
    assert next_run(jittered, at(12, 15, 41), NOON) == at(12, 15)


def test_years_without_a_scheduler_cost_nothing():
    every_minute = planned("* * * * *")
    assert next_run(every_minute, datetime(1999, 1, 1, tzinfo=UTC), NOON) == at(11, 1)


def test_the_runs_of_all_sites_come_in_time_order():
    sites = [planned("0 * * * *", site="hourly"), planned("*/20 * * * *", site="often")]
    assert coming(sites, NOON, 5) == [
        (at(12, 20), "often"), (at(12, 40), "often"), (at(13, 0), "hourly"), (at(13, 0), "often"),
        (at(13, 20), "often"),
    ]  # fmt: skip


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "sites"
    folder.mkdir()
    return folder


def write(folder, name, cron='"0 8 * * *"', *, text=PROFILE):
    path = folder / f"{name}.toml"
    path.write_text(text.format(name=name, cron=cron))
    os.utime(path, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns + 10**9))


def profiles(folder, *named):
    return Profiles(load({"sites.folders": (folder,)}, environ={}), named)


def test_profiles_are_followed_as_their_files_change(folder):
    write(folder, "harbour")
    write(folder, "quiet", text=UNSCHEDULED)
    found = profiles(folder)
    first = found.plan()
    assert set(first.sites) == {"harbour"}  # neither the one without schedule nor what is built in
    assert first.problems == {}
    assert first.sites["harbour"].told == "0 8 * * * Asia/Shanghai +10s"
    assert found.plan().sites["harbour"] is first.sites["harbour"]

    write(folder, "harbour", '["0 9 * * *", "@hourly"]')
    write(folder, "hills")
    second = found.plan()
    assert second.sites["harbour"].cron == ("0 9 * * *", "@hourly")
    assert set(second.sites) == {"harbour", "hills"}

    write(folder, "harbour", '"never"')
    third = found.plan()
    assert set(third.sites) == {"hills"}
    assert "schedule.cron" in third.problems["harbour"]

    (folder / "hills.toml").unlink()
    write(folder, "harbour")
    assert set(found.plan().sites) == {"harbour"}


def test_sites_that_are_named_are_the_only_ones_and_must_have_a_schedule(folder):
    write(folder, "harbour")
    write(folder, "hills")
    assert set(profiles(folder, "hills", str(folder / "harbour.toml")).plan().sites) == {"harbour", "hills"}
    write(folder, "quiet", text=UNSCHEDULED)
    assert "has none" in profiles(folder, "quiet").plan().problems["quiet"]
    assert "no profile is called" in profiles(folder, "nowhere").plan().problems["nowhere"]


@pytest.mark.parametrize(
    "line", ["misfire_grace = 1e11", "jitter = 1e12", "jitter = 100000", "misfire_grace = 'inf'"]
)
def test_times_that_no_clock_can_reckon_with_are_a_problem_of_their_site_alone(folder, line):
    write(folder, "harbour")
    write(folder, "hills", text=PROFILE.replace("jitter = 10", line))
    found = profiles(folder).plan()
    assert set(found.sites) == {"harbour"}
    assert f"schedule.{line.split()[0]}" in found.problems["hills"]


def test_a_profile_that_is_nested_without_end_is_a_problem_of_its_site_alone(folder):
    write(folder, "harbour")
    write(folder, "hills", text=PROFILE + "x = " + "[" * 5000 + "]" * 5000 + "\n")
    found = profiles(folder).plan()
    assert set(found.sites) == {"harbour"}
    assert "nested" in found.problems["hills"]
