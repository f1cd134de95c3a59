"""A paper on the loopback that tests change as they like, and crawls of it into one archive."""

import os
import pickle
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import text, update

from crawler.config import load
from crawler.jobs import JobProcess, new_job
from crawler.jobs.history import History
from crawler.jobs.spec import Progress, frontier_job
from crawler.ledger import Ledger
from crawler.ledger.rows import page_of
from crawler.ledger.schema import pages, sources
from crawler.state import Database
from newsite import Page

ROOT = Path(__file__).parents[2]
_SENTENCES = "".join(
    f"<p>Sentence {n} of a story that is long enough to be read as one.</p>" for n in range(9)
)


def story(title, *, links=(), etag=None):
    """Return a page with an article."""
    linked = "".join(f"<a href='{link}'>on</a>" for link in links)
    head = f"<html><head><title>{title}</title></head><body><h1>{title}</h1>"
    return Page(f"{head}{_SENTENCES}{linked}</body></html>".encode(), etag=etag)


def feed(*paths, **more):
    """Return a feed that announces *paths*, or ``(path, date)`` pairs."""
    items = "".join(_item(*([path] if isinstance(path, str) else path)) for path in paths)
    channel = f"<rss version='2.0'><channel><title>T</title>{items}</channel></rss>"
    return Page(channel.encode(), type="application/rss+xml", **more)


def _item(path, published=None):
    date = f"<pubDate>{published:%a, %d %b %Y %H:%M:%S} GMT</pubDate>" if published else ""
    return f"<item><title>{path}</title><link>{path}</link>{date}</item>"


def sitemap(*paths, base="", index=False):
    """Return a sitemap of *paths*, or an index of them."""
    outer, inner = ("sitemapindex", "sitemap") if index else ("urlset", "url")
    entries = "".join(f"<{inner}><loc>{base}{path}</loc></{inner}>" for path in paths)
    text = f"<{outer} xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{entries}</{outer}>"
    return Page(text.encode(), type="application/xml")


def moved(to, status=301):
    """Return a redirect to *to*, which may be bytes."""
    where = to if isinstance(to, bytes) else to.encode()
    return Page(b"", status=status, headers=((b"Location", where),))


class Crawls:
    """Crawls of the site *site* into an archive in *folder*."""

    def __init__(self, site, folder):
        self.site, self.folder = site, folder
        self.state = f"sqlite:///{folder}/store/.newswarc/state.sqlite"

    def profile(self, text, name="here"):
        """Write a profile, and return its file."""
        path = self.folder / f"{name}.toml"
        path.write_text(f'name = "{name}"\nhome = "{self.site.url}"\n{text}\n')
        return str(path)

    def config(self, **flags):
        given = {
            "store.url": str(self.folder / "store"),
            "crawl.delay": 0,
            "crawl.allow_address": ["127.0.0.0/8"],
            "crawl.retries": 0,
            "crawl.workers": 1,
            "segments.min_free": 0,
            "visits.minimum": 1,
            **{name.replace("__", "."): value for name, value in flags.items()},
        }
        return load(given, environ={})

    def spec(self, *targets, due=False, **flags):
        log = self.folder / "crawl.log"
        return replace(new_job(targets, self.config(**flags), log_file=log), due=due, log_level="INFO")

    def crawl(self, *targets, due=False, **flags):
        """Crawl *targets*, and return the job's last word."""
        return self.run(self.spec(*targets, due=due, **flags))

    def run(self, spec):
        """Run the job as a command does, its history included."""
        self.folder.joinpath("store/.newswarc").mkdir(parents=True, exist_ok=True)
        with Database(self.state) as database:
            history = History(database)
            history.begin(spec)
            *_, last = JobProcess(spec).events()
            history.end(last)
        assert last.reason != "died", (self.folder / "crawl.log").read_text()[-4000:]
        return last

    def dies(self, spec, point):
        """Run the job in a process that is killed at *point* (tests/spiders/dying.py)."""
        assert self._faulty(spec, point).returncode == -9

    def fails(self, spec, point):
        """Run the job in a process in which *point* raises an error, and return its last word."""
        done = self._faulty(spec, point)
        assert done.returncode == 0, done.stderr
        return Progress.from_json(done.stdout)

    def _faulty(self, spec, point):
        script = Path(__file__).with_name("dying.py")
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "tests")))}
        return subprocess.run(
            [sys.executable, str(script), point],
            input=pickle.dumps(spec),
            capture_output=True,
            env=environment,
            cwd=ROOT,
            timeout=60,
            check=False,
        )

    # --- what the state database has ---------------------------------------------------------

    def pages(self, site="here"):
        """Return the pages of *site* by path."""
        return {self.path(page.url): page for page in self._rows(pages, page_of, site)}

    def sources(self, site="here"):
        """Return the sources of *site* by path."""
        with Database(self.state) as database:
            ledger = Ledger(database, "news")
            return {self.path(source.url): source for source in ledger.sources(ledger.sites()[site])}

    def outcomes(self, site="here"):
        """Return ``captured``, ``pending`` or the reason code of each page, by path."""
        told = {path: (page.state, page.reason) for path, page in self.pages(site).items()}
        return {path: str(reason if state == "refused" else state) for path, (state, reason) in told.items()}

    def events(self, site="here"):
        """Return what happened to pages, in its order."""
        with Database(self.state) as database:
            ledger = Ledger(database, "news")
            by_id = {page.id: path for path, page in self.pages(site).items()}
            return [(by_id[event.page], str(event.event)) for event in ledger.events(ledger.sites()[site])]

    def due(self, *paths):
        """Make sources and pages at *paths* due, all of them where there are none."""
        urls = [self.site.url.rstrip("/") + path for path in paths]
        with Database(self.state) as database, database.transaction() as connection:
            for table in (sources, pages):
                statement = update(table).values(next_visit=time.time() - 1)
                if paths:
                    statement = statement.where(table.c.url.in_(urls))
                else:
                    statement = statement.where(table.c.next_visit.is_not(None))
                connection.execute(statement)

    def frontier(self, spec):
        """Return how many entries of the job are not done, by state."""
        query = text(
            "select e.state, count(*) from frontier_entries e join frontier_jobs j on j.key = e.job "
            "where j.id = :id and e.state in ('pending', 'leased') group by e.state"
        )
        with Database(self.state) as database, database.transaction() as connection:
            return {row[0]: row[1] for row in connection.execute(query, {"id": frontier_job(spec)})}

    def asked(self):
        """Return the paths that were asked for since the last call, robots.txt left out."""
        found = [exchange.path for exchange in self.site.exchanges if exchange.path != "/robots.txt"]
        self.site.exchanges.clear()
        return found

    def path(self, url):
        parts = urlsplit(url)
        return f"{parts.path}?{parts.query}" if parts.query else parts.path

    def _rows(self, table, made, site):
        with Database(self.state) as database:
            id_ = Ledger(database, "news").sites()[site]
            with database.transaction() as connection:
                return [made(row) for row in connection.execute(table.select().where(table.c.site == id_))]
