import json
import os
import signal
import subprocess
from itertools import pairwise

import pytest
from typer.testing import CliRunner

import newsite
from crawler.cli import app
from crawler.cli.survey import explain
from crawler.jobs.questions import MOST_REQUESTS, Answer, Question, Survey, Wanted
from crawler.sites import check, load_profile
from pipelines.errors import ConfigError

NO_DELAY = {"NEWSWARC_CRAWL__DELAY": "0"}
ALLOWED = ("--allow-address", "127.0.0.0/8")


def paths(site):
    return [exchange.path for exchange in site.exchanges]


@pytest.mark.slow
def test_a_site_is_surveyed_and_crawled_by_its_new_profile(newswarc, tmp_path):
    paper = newsite.daily(articles=40, language="zh")
    with newsite.running(paper) as site:
        done = newswarc("sites", "new", site.url, "--name", "harbour", *ALLOWED, env=NO_DELAY)
        asked = paths(site)
        assert len(asked) == len(set(asked)) <= MOST_REQUESTS
        assert not [path for path in asked if path.startswith(("/private/", "/search"))]
        newswarc("crawl", "harbour", "--no-text", "--quiet", *ALLOWED, env=NO_DELAY)
        captured = newswarc("list").stdout
        assert [
            article.path for article in paper if f"{article.url(site.url.rstrip('/'))}\n" not in captured
        ] == []
    assert done.stdout.startswith("Written: sites/harbour.toml\n  title      海港日报\n")
    assert "left out   /feed.xml  announces nothing that /atom.xml does not" in done.stdout
    assert [line.strip() for line in done.stdout.splitlines()[-6:]] == [
        "newswarc sites check sites/harbour.toml",
        "newswarc crawl harbour",
        "newswarc schedule run harbour",
        "",
        "Before that, let the configuration (newswarc.toml) allow the address, below [crawl]:",
        'allow_address = ["127.0.0.0/8"]',
    ]
    assert done.stderr.startswith("asking for 1 address: front page\nasking for 4 addresses: feed, sitemap\n")
    # Neither store nor state of the user's own was made for the survey.
    assert {each.name for each in tmp_path.iterdir()} == {"sites", "archive"}
    profile = load_profile("harbour", [tmp_path / "sites"])
    assert profile.hosts == (site_of(profile),)
    assert check(tmp_path / "sites" / "harbour.toml") == []


def site_of(profile):
    return profile.home.removeprefix("http://").rstrip("/")


@pytest.mark.slow
def test_json_tells_all_and_the_delay_is_kept_from_job_to_job(newswarc, tmp_path):
    front = newsite.Page(b"<html lang=de><title>Blatt</title><a href=/a.html>Der Hafen</a></html>")
    with newsite.running({"/": front, "/a.html": front}) as site:
        words = ("--output", "blatt.toml", "--json", *ALLOWED)
        done = newswarc("sites", "new", site.url, *words, env={"NEWSWARC_CRAWL__DELAY": "0.2"})
        times = [exchange.at for exchange in site.exchanges]
    told = json.loads(done.stdout)
    assert (told["file"], told["name"], told["title"]) == ("blatt.toml", "blatt", "Blatt")
    assert told["languages"] == ["de"]
    assert told["requests"] == len(times) == 12
    assert [each["status"] for each in told["asked"]] == [200, *[404] * 10]
    assert {each["reason"] for each in told["asked"][1:]} == {"gone"}
    assert [each["value"] for each in told["sections"]] == ["/"]
    assert (tmp_path / "blatt.toml").is_file()
    assert min(later - sooner for sooner, later in pairwise(times)) > 0.19


def test_robots_that_cannot_be_had_mean_no(newswarc, tmp_path, site):
    site.robots = 503
    done = newswarc("sites", "new", site.url, *ALLOWED, env=NO_DELAY, code=9)
    assert f"newswarc: survey: {site.url} could not be read: robots_unreachable" in done.stderr
    assert "robots.txt answered 503" in done.stderr
    assert set(paths(site)) == {"/robots.txt"}
    assert list(tmp_path.iterdir()) == []


def test_a_site_that_is_down(newswarc, tmp_path):
    with newsite.running({}) as site:
        url = site.url
    done = newswarc("sites", "new", url, *ALLOWED, env=NO_DELAY, code=9)
    assert "Connection was refused" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_an_address_that_is_not_allowed(newswarc, site):
    done = newswarc("sites", "new", site.url, env=NO_DELAY, code=9)
    assert "address (the host's address is not public" in done.stderr
    assert done.stderr.count("--allow-address") == 1
    assert paths(site) == []


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({"status": 404, "reason": "gone"}, "answered 404: gone (answered with 404 or 410)"),
        ({"status": 403, "reason": "http_error"}, "answered 403: http_error"),
        (
            {"status": 200, "content_type": "image/png"},
            "is no page with links, but image/png; write",
        ),
        (
            {"reason": "robots", "detail": "forbidden"},
            "could not be read: robots (robots.txt forbids it): for",
        ),
    ],
)
def test_what_is_wrong_with_the_front_page_is_said(capsys, answer, said):
    url = "http://x.example/"
    question = Question(url, Wanted.FRONT, "the command line")
    explain(Survey(url, ((Answer(question, url, **answer),),)))
    assert f"newswarc: survey: {url} {said}" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("paper",), "'paper' is no address; write the whole URL"),
        (("ftp://x.example/",), "is no address"),
        (("http://x.example/", "--name", "A b"), "is no name; write lower-case letters"),
        (("http://mine.example:81/",), "'sites/mine-81.toml' is there already, and is never overwritten"),
        (("http://x.example/", "--output", "a.toml", "--name", "b"), "write --output b.toml"),
        (("http://x.example/", "--output", "a.txt"), "write --output a.toml"),
    ],
)
def test_what_cannot_be_written_is_said_before_anybody_is_asked(monkeypatch, tmp_path, words, said):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sites").mkdir()
    (tmp_path / "sites" / "mine-81.toml").write_text("mine")
    done = CliRunner().invoke(app, ["sites", "new", *words])
    assert isinstance(done.exception, ConfigError)
    assert said in str(done.exception)
    assert done.output == ""


def test_ctrl_c_leaves_nothing_behind(newswarc, tmp_path, site, until):
    site.put("/", newsite.Script((b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n",), then="hang"))
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    process = newswarc.start("sites", "new", site.url, *ALLOWED, env={**NO_DELAY, "TMPDIR": str(temporary)})
    until(lambda: "/" in paths(site))
    job = subprocess.run(["pgrep", "-P", str(process.pid)], capture_output=True, check=True, text=True)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)
    assert process.returncode == 130
    with pytest.raises(ProcessLookupError):
        os.kill(int(job.stdout), 0)
    assert list(temporary.iterdir()) == []
    assert list(tmp_path.iterdir()) == [temporary]
