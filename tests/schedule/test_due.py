"""What the schedule starts a process for, and what it leaves alone; by a real ledger and frontier."""

from datetime import UTC, datetime, timedelta

import pytest

from crawler.config import load
from crawler.discovery import AnnouncedUrl, Kind, Source
from crawler.frontier import Entry, FrontierStore, HostStore
from crawler.jobs.spec import JobSpec, frontier_job
from crawler.ledger import Ledger, SourceVisit
from crawler.schedule import nothing_due
from crawler.state import Database
from databases import KINDS, new_database

FEED, STORY = "https://feeds.example/rss", "https://paper.example/1"
PROFILE = """
name = "paper"
home = "https://paper.example/"
feeds = ["https://feeds.example/rss"]
hosts = ["paper.example", "feeds.example"]
[schedule]
cron = "{cron}"
"""
DAY = 86_400.0


class Site:
    def __init__(self, url, folder):
        self.folder = folder / "sites"
        self.folder.mkdir()
        given = {"state.database": url, "store.url": str(folder / "s"), "sites.folders": (self.folder,)}
        self.config = load(given, environ={})
        self.schedule("0 0 * * *")
        self.database = Database(url)
        self.ledger = Ledger(self.database, "news")
        self.hosts, self.frontier = HostStore(self.database), FrontierStore(self.database)

    def schedule(self, cron):
        (self.folder / "paper.toml").write_text(PROFILE.format(cron=cron))

    def why(self):
        self.ledger.flush()
        return nothing_due("paper", self.config)

    def read(self, *urls, next_visit=DAY):
        """Enter a visit of the feed, and what it announced."""
        id_ = self.ledger.site("paper", "https://paper.example/")
        (feed,) = self.ledger.enter_sources(id_, [Source(FEED, Kind.FEED)])
        self.ledger.announce(feed, [AnnouncedUrl(url, FEED, Kind.FEED) for url in urls], list(urls), job="j")
        now = datetime.now(UTC)
        later = now + timedelta(seconds=next_visit)
        self.ledger.source_visited(
            SourceVisit(source=feed.id, at=now, next_visit=later, rhythm="", status=200)
        )

    def hold(self, host, seconds):
        self.hosts.remember(host, not_before=datetime.now(UTC).timestamp() + seconds)

    def leave(self, *hosts):
        """Leave entries of an unfinished job in the frontier."""
        name = frontier_job(JobSpec("", ("paper",), self.config, due=True))
        job = self.frontier.open_job(name, owner="dead/1/a", seconds=60)
        entries = [Entry(f"https://{host}/x", host, host.encode(), "{}") for host in hosts]
        self.frontier.add(job.key, entries)
        self.frontier.close_job(job.key, "interrupted", owner="dead/1/a", finished=False)


@pytest.fixture(params=KINDS)
def site(request, tmp_path):
    with new_database(request.param, tmp_path) as url:
        found = Site(url, tmp_path)
        yield found
        found.database.close()


def test_what_the_ledger_does_not_know_is_due_and_then_nothing_is(site):
    assert site.why() is None
    site.read()
    assert site.why() == "nothing due"


def test_pages_and_sources_are_due_unless_their_hosts_are_held(site):
    site.read(STORY)
    assert site.why() is None
    site.hold("paper.example", 3 * 3600)
    held = site.why()
    assert held.startswith("paper.example asked for patience until 20")
    site.read(next_visit=-1)
    assert site.why() is None  # the feed lies on another host
    site.hold("feeds.example", 2 * 3600)
    assert site.why().startswith("feeds.example, paper.example asked for patience until ")


def test_what_a_crawl_has_left_is_due_unless_its_hosts_are_held(site):
    site.read()
    site.hold("paper.example", 3 * 3600)
    site.leave("paper.example")
    assert site.why().startswith("paper.example asked for patience")
    site.leave("img.example")
    assert site.why() is None


@pytest.mark.parametrize(
    ("cron", "seconds", "is_due"),
    [
        ("0 0 1 1 *", 300, True),  # the job outwaits it, and the next run is far
        ("0 0 1 1 *", 900, False),  # longer than crawl.patience
        ("* * * * *", 300, False),  # there are runs before it is over
    ],
)
def test_a_host_that_is_held_for_a_while_is_waited_for_where_no_run_comes_sooner(site, cron, seconds, is_due):
    site.schedule(cron)
    site.read(STORY)
    site.hold("paper.example", seconds)
    assert (site.why() is None) == is_due
