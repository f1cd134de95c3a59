"""The whole net of sites, crawled as a schedule does: everything announced has its capture or its reason."""

import json
import os
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

import newsite
from net.judging import SETTINGS, gaps, judge, twice, write_profiles

ROOT = Path(__file__).parents[2]
pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


class Crawls:
    """The net, and crawls of what is due on it, one after the other into one archive."""

    def __init__(self, net, site, folder):
        self.net, self.site, self.folder = net, site, folder
        self.names = write_profiles(net, folder / "sites")
        self.state = folder / "archive/.newswarc/state.sqlite"

    def crawl(self, *names, code=0):
        line = [sys.executable, "-m", "crawler", "crawl", *(names or self.names)]
        env = {
            **{name: value for name, value in os.environ.items() if not name.startswith("NEWSWARC_")},
            **SETTINGS,
            "NEWSWARC_VISITS__MINIMUM": "1",
            "NEWSWARC_VISITS__MAXIMUM": "1",
            "NEWSWARC_VISITS__FRONTS": "0",
            "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "tests"))),
        }
        done = subprocess.run(
            [*line, "--due", "--store", str(self.folder / "archive"), "--json", "--quiet"],
            cwd=self.folder,
            env=env,
            capture_output=True,
            timeout=400,
            check=False,
        )
        assert done.returncode == code, done.stderr.decode()[-3000:]
        return json.loads(done.stdout)

    def query(self, statement, *parameters):
        with sqlite3.connect(self.state) as connection:
            return connection.execute(statement, parameters).fetchall()


@pytest.fixture(scope="module")
def crawls(tmp_path_factory):
    net = newsite.net(articles=300)
    with net.running() as site:
        found = Crawls(net, site, tmp_path_factory.mktemp("net"))
        found.last = found.crawl()
        found.judgement = judge(net, found.state)
        yield found


def test_everything_announced_has_its_capture_or_the_right_reason(crawls):
    assert crawls.judgement.wrong == []
    assert crawls.judgement.announced > 450
    assert crawls.judgement.captured > 350


def test_nothing_that_is_forbidden_was_asked_for(crawls):
    assert crawls.net.trespasses(crawls.site) == []
    assert crawls.net.forbidden


def test_no_host_got_more_than_its_rate(crawls):
    assert crawls.net.rates
    for host, delay in crawls.net.rates.items():
        assert len(gaps(crawls.site, host)) > 5
        # What the server sees may be some milliseconds closer than what was sent.
        assert min(gaps(crawls.site, host)) >= delay * 0.95


def test_no_page_was_fetched_twice_under_its_several_addresses(crawls):
    assert twice(crawls.net, crawls.site) == {}


def test_the_ledger_is_in_the_store_as_parquet(crawls):
    files = list((crawls.folder / "archive/news/ledger").rglob("*.parquet"))
    assert [file.stem for file in files] == [crawls.last["job"]]
    counted = duckdb.sql(f"select state, count(distinct url) from '{files[0]}' group by state").fetchall()
    assert dict(counted)["captured"] >= crawls.judgement.captured * 0.9
    (missing,) = duckdb.sql(
        f"select count(*) from '{files[0]}' where state = 'captured' and capture_segment is null"
    ).fetchall()
    assert missing == (0,)


def test_a_later_crawl_asks_only_for_what_is_due_new_or_changed(crawls):
    net, site = crawls.net, crawls.site
    net.calm()
    of_hub = [outcome for outcome in net.expected.values() if outcome.site == "hub"]
    stories = [outcome.url for outcome in of_hub if outcome.code == "captured"]
    host = stories[0].split("/")[2].partition(":")[0]
    new = net.announce("hub", 3)
    edited, removed, moved = stories[0], stories[1], stories[2]
    net.edit(edited)
    net.remove(removed, status=410)
    target = net.move(moved)
    for url in (removed, moved, stories[3]):
        (row,) = crawls.query("select page from ledger_announced where url = ? limit 1", url)
        with sqlite3.connect(crawls.state) as connection:
            connection.execute("update ledger_pages set next_visit = ? where id = ?", (time.time(), *row))
    time.sleep(1.2)
    site.reset()
    crawls.crawl("hub")
    asked = {f"{net.hosts[host].base.rstrip('/')}{exchange.path}" for exchange in site.exchanges_of(host)}
    pages = {url for url in asked if url in net.expected}
    assert pages - {target} == {*new, edited, removed, moved, stories[3]}
    wrong = [one[0] for one in judge(net, crawls.state).wrong]
    assert wrong == [removed]  # gone by now, but it has its capture
    happened = crawls.query(
        "select p.url, e.event from ledger_events e join ledger_pages p on p.id = e.page order by p.url"
    )
    assert sorted(happened) == sorted([(removed, "disappeared"), (moved, "moved")])


def test_what_has_not_changed_is_a_revisit_of_the_server(crawls):
    (site_id,) = crawls.query("select id from ledger_sites where name = 'hub'")[0]
    with sqlite3.connect(crawls.state) as connection:
        connection.execute("update ledger_pages set next_visit = ? where site = ?", (time.time(), site_id))
    last = crawls.crawl("hub")
    assert last["statuses"].get("304", 0) > 5
    assert last["revisits"] >= last["statuses"]["304"]
