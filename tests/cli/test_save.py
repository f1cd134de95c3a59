"""``newswarc save``, ``keys`` and ``serve``, as a shell runs them."""

import http.client
import json
import os
import re
import signal
import socket
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import urlopen

import psutil
import pytest
from typer.testing import CliRunner

import newsite
from crawler.cli import app
from crawler.saves import Keys, Saves
from crawler.state import Database
from pipelines.errors import ConfigError


@pytest.fixture
def site():
    with newsite.running(newsite.daily(articles=3, seed=3)) as running:
        yield running


LOCAL = ("--allow-address", "127.0.0.0/8")
PLAIN = {"NEWSWARC_CRAWL__DELAY": "0", "NEWSWARC_SEGMENTS__MIN_FREE": "0"}


def test_pages_are_saved_without_a_server_and_what_fails_is_named(newswarc, site):
    (newswarc.folder / "list.txt").write_text(f"# two\n{site.url}?listed\n\n{site.url}nothing-here\n")
    words = (site.url, "ftp://news.example/", "--file", "list.txt", *LOCAL)
    ended = newswarc("save", *words, env=PLAIN, code=15)
    lines = ended.stdout.splitlines()
    assert len(lines) == 2
    for line in lines:
        timestamp, address = line.split()
        assert address.startswith(f"http://127.0.0.1:8700/web/{timestamp}/{site.url}")
    assert f"{site.url}nothing-here: save: the server answered with status 404" in ended.stderr
    assert "(error:not-found)" in ended.stderr
    assert "ftp://news.example/: save: not http or https" in ended.stderr

    before = len(site.exchanges)
    again = newswarc("save", site.url, "--if-not-archived-within", "1h", "--json", *LOCAL, env=PLAIN)
    (told,) = json.loads(again.stdout)
    assert (told["status"], told["reused"], told["timestamp"]) == ("success", True, lines[0].split()[0])
    assert len(site.exchanges) == before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "no address is named"),
        (("--file", "none.txt"), "cannot read 'none.txt'"),
        (("https://news.example/", "--if-not-archived-within", "soon"), "'soon' is no duration"),
        (("https://news.example/", "--if-not-archived-within", "-1"), "'-1' is no duration"),
    ],
)
def test_what_cannot_be_meant_is_told_before_anything_starts(words, said, tmp_path):
    with pytest.raises(ConfigError, match=said):
        CliRunner().invoke(app, ["save", "--store", str(tmp_path), *words], catch_exceptions=False)
    assert not [*tmp_path.iterdir()]


def test_an_address_that_is_not_public_starts_no_worker(tmp_path):
    words = ["save", "http://127.0.0.1/", "--json", "--store", str(tmp_path)]
    ended = CliRunner().invoke(app, words, catch_exceptions=False)
    assert ended.exit_code == 15
    assert json.loads(ended.stdout)[0]["status"] == "error"
    assert "not public" in ended.stderr
    assert not [*tmp_path.iterdir()]


def test_an_interrupted_save_finishes_what_it_has_begun_and_leaves_the_rest(newswarc, site, until):
    site.delay = 0.4
    urls = [f"{site.url}?{number}" for number in range(30)]
    running = newswarc.start("save", *urls, "--no-requisites", "--json", *LOCAL, env=PLAIN)
    until(lambda: len(site.exchanges) > 3)
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=60)
    assert running.returncode == 11, err.decode()
    told = json.loads(out)
    states = {status: sum(each["status"] == status for each in told) for status in ("success", "pending")}
    assert states["success"] >= 1
    assert states["pending"] >= 1
    assert sum(states.values()) == len(urls)
    assert f"{states['pending']} left in the queue" in err.decode()


@pytest.mark.slow
def test_what_others_wait_for_keeps_nobody(newswarc, site):
    with socket.create_server(("127.0.0.2", 0)) as silent, state_of(newswarc) as database:
        left = Saves(database, "news").add(f"http://127.0.0.2:{silent.getsockname()[1]}/", key="somebody")
        begun = time.monotonic()
        newswarc("save", site.url, "--no-requisites", *LOCAL, env=PLAIN)
        assert time.monotonic() - begun < 30  # robots.txt alone would be waited for longer
        assert Saves(database, "news").get(left.id).pending


def test_keys_are_made_listed_and_revoked(tmp_path):
    def run(*words):
        return (
            CliRunner().invoke(app, ["keys", *words, "--store", str(tmp_path)], catch_exceptions=False).stdout
        )

    assert json.loads(run("list", "--json")) == []
    made = run("add", "desk", "--per-minute", "3").strip()
    assert re.fullmatch(r"desk:[0-9a-f]{64}", made)
    with pytest.raises(ConfigError, match="there is a key 'desk' already"):
        run("add", "desk")
    (told,) = json.loads(run("list", "--json"))
    assert (told["name"], told["per_minute"], told["revoked"]) == ("desk", 3, None)
    secret = made.partition(":")[2].encode()
    for path in tmp_path.rglob("*"):
        assert not path.is_file() or secret not in path.read_bytes()
    assert run("revoke", "desk") == "revoked: desk\n"
    assert run("list").startswith("desk\t3\t")
    assert json.loads(run("list", "--json"))[0]["revoked"]
    with pytest.raises(ConfigError, match="no key 'desk'"):
        run("revoke", "desk")


def test_a_server_saves_replaces_dead_workers_and_ends_cleanly(newswarc, site, until):
    key = key_in(newswarc)
    with socket.create_server(("127.0.0.1", 0)) as free:
        replay = free.getsockname()[1]
    with started(newswarc, NEWSWARC_SERVICE__REPLAY_PORT=str(replay)) as (server, port):
        path = saved(port, key, f"{site.url}?1")
        with urlopen(f"http://127.0.0.1:{port}{path}") as page:
            assert page.url == f"http://127.0.0.1:{replay}{path}"
            assert b"<html" in page.read()
        (worker,) = children(server.pid)
        os.kill(worker, signal.SIGKILL)
        saved(port, key, f"{site.url}?2")
        (other,) = children(server.pid)
        assert other != worker
    log = (newswarc.folder / "log").read_text()
    assert server.returncode == 0, log
    assert '"POST /save HTTP/1.1" 200' in log
    assert key.partition(":")[2] not in log
    until(lambda: not Path(f"/proc/{other}").exists())


@pytest.mark.slow
def test_saves_outlive_a_server_that_is_killed(newswarc, site, until):
    key = key_in(newswarc)
    site.delay = 0.05
    with started(newswarc, "--workers", "2") as (first, port):
        jobs = [asked(port, key, f"{site.url}?{number}") for number in range(12)]
        until(lambda: any(status(port, job)["status"] == "success" for job in jobs))
        first.kill()
        first.wait()
    with started(newswarc) as (_, port):
        until(lambda: all(status(port, job)["status"] == "success" for job in jobs), seconds=60)
        told = [status(port, job) for job in jobs]
    captures = map(json.loads, newswarc("list", f"{site.url}?*", "--json").stdout.splitlines())
    pages = sorted((each["url"], each["timestamp"]) for each in captures)
    assert pages == sorted((each["original_url"], each["timestamp"]) for each in told)


def test_a_port_that_is_taken_is_told(newswarc):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ended = newswarc("serve", "archive", "--no-save", "--port", taken.getsockname()[1], code=2)
    assert "--port" in ended.stderr


def key_in(newswarc):
    with state_of(newswarc) as database:
        return Keys(database).add("desk").text


def state_of(newswarc):
    return Database(f"sqlite:///{newswarc.folder / 'archive' / '.newswarc' / 'state.sqlite'}")


@contextmanager
def started(newswarc, *words, **more):
    """A server as a shell starts it, and its port; SIGTERM ends it."""
    env = {**PLAIN, "NEWSWARC_CRAWL__ALLOW_ADDRESS": "127.0.0.0/8", **more}
    with (newswarc.folder / "log").open("ab") as log:
        server = newswarc.start("serve", "archive", "--port", "0", *words, env=env, stderr=log)
    try:
        yield server, int(server.stdout.readline().rsplit(b":", 1)[1])
    finally:
        server.terminate()
        server.communicate(timeout=60)


def asked(port, key, url):
    headers = {"Authorization": f"LOW {key}", "Content-Type": "application/x-www-form-urlencoded"}
    return ask(port, "POST", "/save", urlencode({"url": url}), headers)["job_id"]


def status(port, job):
    return ask(port, "GET", f"/save/status/{job}")


def saved(port, key, url):
    """Have *url* saved, wait for it, and return where it is read."""
    job = asked(port, key, url)
    for _ in range(200):
        told = status(port, job)
        if told["status"] != "pending":
            break
        time.sleep(0.2)
    assert told["status"] == "success", told
    return f"/web/{told['timestamp']}/{url}"


def ask(port, *question):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request(*question)
        return json.loads(connection.getresponse().read())
    finally:
        connection.close()


def children(pid):
    return [child.pid for child in psutil.Process(pid).children()]
