"""What a job tells its parent, and what comes of a parent that does not listen."""

import os
from dataclasses import asdict

import pytest

from crawler.config import load
from crawler.jobs.progress import send
from crawler.jobs.spec import JobSpec, Progress, job_info, outcome
from pipelines.segments.article_rows import rules_for

PROFILE = """
name = "harbour"
home = "http://harbour.example:8080/"
feeds = ["/feed"]
{hosts}
[[rules]]
drop = ["div.lamps"]
"""


def test_a_parent_that_does_not_read_holds_nobody_up():
    ours, theirs = os.pipe()
    os.set_blocking(theirs, False)
    event = Progress("progress", "job-1", 0.5)
    assert all(send(theirs, event) for _ in range(2_000))
    os.close(theirs)
    with os.fdopen(ours, encoding="utf-8") as lines:
        told = [Progress.from_json(line) for line in lines]
    assert 10 < len(told) < 2_000
    assert {each.job for each in told} == {"job-1"}


def test_a_parent_that_is_gone_is_noticed():
    ours, theirs = os.pipe()
    os.close(ours)
    assert not send(theirs, Progress("progress", "job-1", 0.5))
    os.close(theirs)


@pytest.mark.parametrize(
    ("hosts", "url", "held"),
    [
        ("", "http://harbour.example:8080/a", True),
        ("", "http://other.example/a", False),
        ('hosts = ["*.harbour.example"]', "http://harbour.example/a", True),
        ('hosts = ["*.harbour.example"]', "https://news.harbour.example/a", True),
        ('hosts = ["*.harbour.example"]', "https://notharbour.example/a", False),
        ('hosts = ["[::1]:8080"]', "http://[::1]:8080/a", True),
        ('hosts = ["*"]', "http://anywhere.example/a", True),
    ],
)
def test_a_segment_knows_the_cleaning_rules_of_its_sites(tmp_path, hosts, url, held):
    path = tmp_path / "harbour.toml"
    path.write_text(PROFILE.format(hosts=hosts))
    config = load({"store.s3.secret_key": "the key itself"}, environ={})
    job = job_info(JobSpec("job-1", (str(path),), config), config)
    assert (rules_for(job, url).drop == ("div.lamps",)) is held
    assert "the key itself" not in str(asdict(job))


@pytest.mark.parametrize(
    ("due", "given", "end"),
    [
        (False, {"captures": 3}, ("finished", 0)),
        (False, {}, ("finished", 9)),
        (False, {"captures": 3, "held": {"a.example": 1.0}}, ("held", 11)),
        (True, {"held": {"a.example": 1.0}}, ("held", 0)),
        (True, {}, ("nothing due", 0)),
        (True, {"refusals": {"robots": 2, "scope_host": 1}}, ("finished", 0)),
        (True, {"refusals": {"robots_unreachable": 2}}, ("finished", 9)),
        (True, {"failures": {"timeout": 1}}, ("finished", 9)),
        (True, {"captures": 1, "failures": {"timeout": 1}}, ("finished", 0)),
        # Hosts that nothing but the end of the job is in the way of are not held.
        (False, {"captures": 3, "held": {"a.example": 1.0}, "reason": "max_time"}, ("max_time", 0)),
        (True, {"reason": "max_time"}, ("max_time", 9)),
    ],
)
def test_how_a_job_ends(due, given, end):
    progress = Progress("finished", "job-1", 1.0, **{"reason": "finished", **given})
    assert outcome(progress, due=due) == end
