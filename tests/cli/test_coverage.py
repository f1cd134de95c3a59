import json
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
import typer
from typer.testing import CliRunner

from crawler.cli.coverage import _share, coverage
from crawler.discovery import AnnouncedUrl, Kind, Source
from crawler.ledger import Ledger, SourceVisit
from crawler.ledger.report import Figures
from crawler.scope import Reason
from crawler.state import Database
from crawler.visits import Rhythm
from pipelines.errors import ConfigError, NotArchived

START = datetime(2026, 11, 1, 8, tzinfo=UTC)
FEED = "https://paper.example/feed.xml"


class Clock:
    now = START

    def __call__(self):
        return self.now


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """A store whose ledger has a lively site and a silent one."""
    folder = tmp_path_factory.mktemp("coverage") / "s"
    clock = Clock()
    with Database(f"sqlite:///{folder}/.newswarc/state.sqlite", clock=clock) as database:
        ledger = Ledger(database, "news")
        for name, days in (("paper", 21), ("quiet", 10)):
            enter(ledger, name, clock, days)
    return str(folder)


def enter(ledger, name, clock, days):
    """Let a site announce a page an hour for so many *days*, and nothing in the rest of three weeks."""
    site = ledger.site(name, f"https://{name}.example/")
    (feed,) = ledger.enter_sources(site, [Source(f"https://{name}.example/feed.xml", Kind.FEED)])
    rhythm = Rhythm.first(START, source=feed.url)
    for hour in range(21 * 24):
        clock.now = START + timedelta(hours=hour)
        new = 1 if hour < days * 24 else 0
        rhythm = rhythm.visited(clock.now, fresh=[clock.now] * new, listed=10, changed=bool(new))
        if hour < 3:
            url = f"https://{name}.example/{hour}"
            ledger.announce(feed, [AnnouncedUrl(url, feed.url, Kind.FEED)], [url], job="j")
    refused = f"https://{name}.example/1"
    ledger.refuse(site, refused, Reason.ROBOTS, "Disallow: /\x1b[31m1")
    ledger.source_visited(
        SourceVisit(
            source=feed.id, at=clock.now, next_visit=rhythm.next_visit, rhythm=rhythm.to_json(), status=200
        )
    )
    ledger.flush()


def run(*words):
    app = typer.Typer()
    app.command()(coverage)
    return CliRunner().invoke(app, [str(word) for word in words])


def test_the_table_and_who_fell_silent(store):
    done = run("--store", store)
    assert done.exit_code == 10
    lines = done.stdout.splitlines()
    assert lines[0].split("\t")[:4] == ["site", "source", "announced", "captured"]
    assert lines[1] == f"paper\t{FEED}\t3\t0\t0.0\t2\t1\t0\trobots 1"
    assert lines[2] == "paper\ttotal\t3\t0\t0.0\t2\t1\t0\trobots 1"
    assert len(lines) == 6
    assert lines[5].startswith("https://quiet.example/feed.xml: silent since 2026-11-1")


@pytest.mark.parametrize("name", ["paper", FEED])
def test_of_one_site_or_source(store, name):
    done = run(name, "--store", store)
    assert (done.exit_code, len(done.stdout.splitlines())) == (0, 3)


def test_of_a_day(store):
    (site,) = json.loads(run("paper", "--day", "2026-11-01", "--json", "--store", store).stdout)["sites"]
    assert site["total"]["announced"] == 3
    (site,) = json.loads(run("paper", "--day", "2026-11-02", "--json", "--store", store).stdout)["sites"]
    assert site["total"] == {
        "announced": 0, "captured": 0, "pending": 0, "refused": {}, "gone": 0, "share": None,
    }  # fmt: skip


def test_what_is_missing(store):
    done = run("paper", "--missing", "--store", store)
    assert [line.split("\t")[1:4] for line in done.stdout.splitlines()] == [
        ["https://paper.example/0", "pending", ""],
        ["https://paper.example/1", "refused", "robots"],
        ["https://paper.example/2", "pending", ""],
    ]
    assert "\x1b" not in done.stdout


def test_the_share_is_of_what_may_be_fetched():
    refused = Counter({Reason.ROBOTS: 3, Reason.OLD: 2, Reason.DNS: 1})
    assert _share(Figures(captured=8, pending=1, refused=refused)) == 0.8
    assert _share(Figures(refused=Counter({Reason.SCOPE_HOST: 3}))) is None


def test_nothing_missing_is_said_to_a_person_only(store):
    done = run("paper", "--missing", "--day", "2026-11-02", "--store", store)
    assert (done.stdout, done.stderr) == ("", "newswarc: ledger: no page is missing\n")


def test_json_tells_all(store):
    told = json.loads(run("--missing", "--json", "--store", store).stdout)
    paper, quiet = told["sites"]
    assert (paper["site"], paper["total"]["refused"]) == ("paper", {"robots": 1})
    (source,) = quiet["sources"]
    assert source["silent_since"].startswith("2026-11-1")
    assert (source["url"], source["status"], source["failing_since"]) == (
        "https://quiet.example/feed.xml",
        200,
        None,
    )
    assert [each["reason"] for each in told["missing"]] == [None, "robots", None] * 2


@pytest.mark.parametrize(
    ("words", "error", "said"),
    [
        (["never"], NotArchived, "'never' is no site and no source of one; the sites are 'paper', 'quiet'"),
        (["https://never.example/"], NotArchived, "is no site and no source"),
        (["--collection", "other"], NotArchived, "collection 'other' has no site"),
        (["--day", "monday"], ConfigError, "--day: 'monday' is no day; write 2026-11-23"),
    ],
)
def test_what_cannot_be_answered(store, words, error, said):
    with pytest.raises(error, match=said):
        raise run(*words, "--store", store).exception


def test_nothing_is_made_where_nothing_was_crawled(tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(NotArchived, match="there is no state database"):
        raise run("--store", tmp_path / "empty").exception
    assert list((tmp_path / "empty").iterdir()) == []
