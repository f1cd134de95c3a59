import json
import os
import re
import signal
import subprocess
from contextlib import suppress

import pytest

import newsite
from crawler.cli.display import Lines, Pace
from crawler.config import load
from crawler.jobs import JobSpec
from crawler.jobs.spec import Progress

JSON_KEYS = {"event", "job", "elapsed", "pages", "captures", "revisits", "bytes", "articles", "pending"} | {
    "in_flight", "segments", "waiting_bytes", "failures", "refusals", "statuses", "reason", "exit_code",
    "error", "waiting", "store", "collection", "targets", "log_file",
}  # fmt: skip


def published(newswarc, store):
    """Return the captures that a reader finds."""
    return len(newswarc("list", store).stdout.splitlines())


def test_json_is_one_object_and_nothing_else(newswarc, site, polite, tmp_path):
    done = newswarc("crawl", site.url, "--store", "s", "--max-pages", 3, "--json", *polite)
    told = json.loads(done.stdout)
    assert set(told) >= JSON_KEYS
    assert (told["event"], told["reason"], told["exit_code"]) == ("finished", "max_pages", 0)
    assert (told["store"], told["collection"], told["targets"]) == ("s", "news", [site.url])
    assert told["pages"] == 3
    assert told["segments"] == 1
    assert (tmp_path / told["log_file"]).is_file()
    assert published(newswarc, "s") == told["captures"] > 3


def test_a_summary_says_what_came_and_where_to_look(newswarc, site, polite):
    page = f"{site.url}section/city/"
    done = newswarc("crawl", page, "--store", "my store", "--collection", "x", "--no-text", *polite)
    assert "captures   2 (0 revisits)" in done.stdout
    assert "newswarc list 'my store' --collection x" in done.stdout
    assert done.stderr == ""


def crawling(newswarc, site, polite, until, *more):
    """Return a crawl that has begun and will not end soon."""
    site.delay = 0.1
    process = newswarc.start("crawl", site.url, "--store", "s", "--json", "--concurrency", 2, *polite, *more)
    until(lambda: len(site.exchanges) > 8)
    return process


def ended(process, *, code):
    out, err = process.communicate(timeout=60)
    assert process.returncode == code, err.decode()
    assert b"Traceback" not in err
    return json.loads(out), err.decode()


def test_the_first_signal_publishes_what_was_fetched(newswarc, site, polite, until):
    process = crawling(newswarc, site, polite, until)
    process.send_signal(signal.SIGINT)
    told, err = ended(process, code=11)
    assert (told["reason"], told["waiting"]) == ("interrupted", [])
    assert "interrupted: publishing what was fetched" in err
    assert 0 < told["captures"] < 60
    assert published(newswarc, "s") == told["captures"]


def test_the_second_signal_stops_at_once_and_loses_nothing(newswarc, site, polite, until):
    site.put("/feed.xml", newsite.Script((b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n",), then="hang"))
    process = crawling(newswarc, site, polite, until)
    process.send_signal(signal.SIGTERM)
    with pytest.raises(subprocess.TimeoutExpired):
        # What is under way is waited for, and one answer never ends.
        process.wait(timeout=1.5)
    process.send_signal(signal.SIGINT)
    told, err = ended(process, code=11)
    assert "stopping at once" in err
    newswarc("publish", "s")
    assert published(newswarc, "s") >= told["captures"] > 0


def test_the_third_signal_kills_and_publish_recovers(newswarc, site, polite, until):
    site.put("/feed.xml", newsite.Script((b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n",), then="hang"))
    process = crawling(newswarc, site, polite, until)
    for _ in range(3):
        process.send_signal(signal.SIGINT)
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(timeout=0.02)
    told, _ = ended(process, code=11)
    assert told["captures"] > 0
    newswarc("publish", "s")
    assert published(newswarc, "s") >= told["captures"]


def test_a_job_that_dies_shows_the_end_of_its_log(newswarc, site, polite, until):
    process = crawling(newswarc, site, polite, until)
    children = subprocess.run(
        ["pgrep", "-P", str(process.pid)], capture_output=True, check=True
    ).stdout.split()
    os.kill(int(children[0]), signal.SIGKILL)
    told, err = ended(process, code=7)
    assert told["reason"] == "died"
    assert "ended with -9" in err
    assert "newswarc publish s" in err
    assert "the whole log is" in err


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("htp://x.example/",), 2, "'htp://x.example/' is no file; write the path of one, a name or a URL"),
        (("http://x.example:port/",), 2, "is no address; write the whole URL"),
        (("dayly",), 2, "did you mean 'daily'?"),
        (("daily", "--delay", "soon"), 2, "(--delay) = 'soon' is no duration"),
        (("daily", "--allow-address", "here"), 2, "'here' is no network; write CIDR"),
        (("daily", "--store", "ftp://x"), 2, "is no store; write a folder or s3://bucket/prefix"),
        (("daily", "--config", "none.toml"), 2, "'none.toml', which is no file"),
        (("daily", "--dealy", "1"), 2, "No such option"),
        ((), 2, "crawl: no target is named; write the name of a site profile, or an URL"),
    ],
)
def test_what_is_wrong_is_said_once_and_clearly(newswarc, words, code, said):
    done = newswarc("crawl", *words, code=code, env={"COLUMNS": "200"})
    assert said in done.stderr
    assert done.stdout == ""


def test_a_wrong_key_in_the_file_names_the_nearest(newswarc, tmp_path):
    (tmp_path / "newswarc.toml").write_text("[crawl]\ndealy = 1\n")
    done = newswarc("crawl", "daily", code=2)
    assert done.stderr.strip() == (
        "newswarc: config: crawl.dealy (newswarc.toml:2) is not known; did you mean crawl.delay?"
    )


def test_debug_shows_the_traceback(newswarc):
    done = newswarc("--debug", "crawl", "dayly", code=1, text=False)
    assert b"Traceback" in done.stderr
    assert b"ProfileError" in done.stderr


def test_a_store_that_cannot_be_written(newswarc, site, polite, tmp_path):
    folder = tmp_path / "readonly"
    folder.mkdir()
    folder.chmod(0o555)
    # Root may write there all the same, but not even root may write below /sys.
    store = folder if os.geteuid() else "/sys/newswarc"
    done = newswarc("crawl", site.url, "--store", store, *polite, code=21)
    assert "storage: cannot write" in done.stderr
    assert "name another folder with --store" in done.stderr


def test_nothing_captured_is_no_success_and_says_why(newswarc, site):
    done = newswarc("crawl", f"{site.url}section/city/", "--delay", "0", code=9)
    assert "nothing was captured" in done.stderr
    assert "address: the host's address is not public" in done.stderr
    assert "--allow-address" in done.stderr
    assert not [each for each in site.exchanges if each.path == "/section/city/"]


def test_hosts_that_ask_for_patience_are_named_and_the_job_goes_on(newswarc, site, polite):
    page = f"{site.url}section/city/"
    busy = newsite.Page(b"", status=429, headers=((b"Retry-After", b"3600"),))
    site.put("/section/city/", busy)
    env = {"NEWSWARC_CRAWL__PATIENCE": "0"}
    words = ("crawl", page, "--store", "my store", *polite)
    done = newswarc(*words, code=11, env=env)
    job = re.search(r"^Job (\S+)", done.stdout)[1]
    assert re.search(
        r"^  ended      finished, but for hosts that cannot be asked yet", done.stdout, re.MULTILINE
    )
    assert re.search(
        r"^  held       127\.0\.0\.1 until (\d{4}-\d\d-\d\d )?\d\d:\d\d:\d\d UTC$", done.stdout, re.MULTILINE
    )
    assert f"go on with: newswarc crawl --resume {job} --store 'my store'" in done.stderr
    # The host is held for later jobs, too; what they ask for is left for the next one.
    told = json.loads(newswarc(*words, "--due", "--json", env=env).stdout)
    assert (told["reason"], list(told["held"])) == ("held", ["127.0.0.1"])
    resumed = newswarc("crawl", "--resume", job, "--store", "my store", "--json", *polite, code=11, env=env)
    assert json.loads(resumed.stdout)["job"] == job
    told = json.loads(newswarc("jobs", "--json", "--store", "my store").stdout)
    (line,) = [each for each in told if each["id"] == job]
    assert (line["state"], line["reason"]) == ("interrupted", "held")


def test_an_interrupted_job_goes_on_once_and_a_running_one_does_not(newswarc, site, polite, until):
    process = crawling(newswarc, site, polite, until)
    job = json.loads(newswarc("jobs", "--json", "--store", "s").stdout)[0]["id"]
    resume = ("crawl", "--resume", job, "--store", "s", "--json", *polite)
    assert "is running" in newswarc(*resume, code=7).stderr
    process.send_signal(signal.SIGINT)
    told, _ = ended(process, code=11)
    site.delay = 0
    last = json.loads(newswarc("crawl", "--resume", "last", "--store", "s", "--json", *polite).stdout)
    assert (last["job"], last["reason"]) == (job, "finished")
    assert last["pages"] > 40 - told["pages"]
    assert "jobs that can go on: none" in newswarc(*resume, code=7).stderr
    assert "was not interrupted" in newswarc(*resume, "--collection", "other", code=7).stderr


def test_nothing_due_is_said_and_is_no_failure(newswarc, site, polite):
    words = ("crawl", f"{site.url}section/city/", "--store", "s", *polite)
    newswarc(*words)
    done = newswarc(*words, "--due")
    assert "ended      nothing was due" in done.stdout
    assert done.stderr == ""


def test_lines_tell_how_it_goes_where_there_is_no_terminal(capsys):
    with Lines(JobSpec("j", ("daily",), load(environ={}))) as lines:
        for second in range(12):
            counts = {"pages": 10 * second, "captures": 11 * second, "bytes": 2_000_000, "pending": 50}
            lines.show(Progress("progress", "j", float(second), refusals={"robots": 2}, **counts))
    first, second = capsys.readouterr().err.splitlines()
    assert first == (
        "5 s  50 pages (10.0/s)  55 captures (0 revisits)  2.0 MB  pending 50  about 5 s left  "
        "0 segments published  0 B not yet in the store  refusals: robots 2"
    )
    assert second.startswith("10 s  100 pages")


def test_in_a_terminal_no_line_reaches_the_edge(newswarc, site, polite):
    terminal, stderr = os.openpty()
    site.delay = 0.1
    size = {"COLUMNS": "60", "TERM": "xterm"}
    words = ("crawl", site.url, "--store", "s", "--max-pages", 10, *polite)
    process = newswarc.start(*words, env=size, stderr=stderr)
    os.close(stderr)
    drawn = b""
    with suppress(OSError):
        while part := os.read(terminal, 1 << 16):
            drawn += part
    os.close(terminal)
    assert process.wait(timeout=60) == 0
    process.communicate()
    lines = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "\n", drawn.decode()).splitlines()
    assert any("pages (" in line for line in lines)
    assert max(map(len, lines)) <= 56


@pytest.mark.parametrize(
    ("flags", "pending", "left"),
    [
        ({}, 40, 4.0),
        ({"crawl.hops": 1}, 40, None),
        ({"crawl.hops": 1, "crawl.max_pages": 60}, 40, 1.0),
        ({"crawl.max_pages": 60}, 5, 0.5),
        ({}, 0, None),
    ],
)
def test_time_left_is_told_where_it_can_be(flags, pending, left):
    pace = Pace(JobSpec("j", ("daily",), load(flags, environ={})))
    progress = Progress("progress", "j", 5.0, pages=50, pending=pending)
    pace.add(progress)
    assert pace.left(progress) == left
