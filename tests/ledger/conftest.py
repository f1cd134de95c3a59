from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from crawler.discovery import AnnouncedUrl, Kind, Source
from crawler.ledger import Ledger, Settlement, State
from crawler.state import Database
from databases import KINDS, new_database
from pipelines.model import Capture

_NUMBERS = count(1)
START = datetime(2026, 11, 23, 8, 0, 0, tzinfo=UTC)


class Clock:
    def __init__(self):
        self.now = START

    def __call__(self):
        return self.now

    def forward(self, **span):
        self.now += timedelta(**span)
        return self.now


_CLOCK = Clock()


@pytest.fixture
def clock():
    _CLOCK.now = START
    return _CLOCK


@pytest.fixture(params=KINDS, scope="session")
def url(request, tmp_path_factory):
    with new_database(request.param, tmp_path_factory.mktemp("ledger")) as found:
        yield found


@pytest.fixture(scope="session")
def database(url):
    with Database(url, clock=_CLOCK) as found:
        yield found


class Paper:
    """A site of the ledger with one feed, in few words."""

    def __init__(self, ledger, clock):
        self.ledger, self.clock = ledger, clock
        self.site = ledger.site("paper", "https://paper.example/")
        self.feed = self.source("feed.xml")

    def source(self, path, kind=Kind.FEED, **more):
        (found,) = self.ledger.enter_sources(
            self.site, [Source(f"https://paper.example/{path}", kind)], **more
        )
        return found

    def url(self, path, source=None, **said):
        source = source or self.feed
        return AnnouncedUrl(f"https://paper.example/{path}", source.url, source.kind, **said)

    def announce(self, *urls, source=None, identities=None, job="job-1", cutoff=None):
        urls = [self.url(url, source) if isinstance(url, str) else url for url in urls]
        identities = identities or [url.url for url in urls]
        return self.ledger.announce(source or self.feed, urls, identities, job=job, cutoff=cutoff)

    def novelties(self, *urls, **more):
        return [str(entered.novelty) for entered in self.announce(*urls, **more)]

    def identity(self, path):
        return f"https://paper.example/{path}"

    def page(self, path):
        return self.ledger.page(self.site, self.identity(path))

    def settle(self, path, state=State.CAPTURED, *, capture=None, **more):
        if capture is None and state is State.CAPTURED:
            capture = self.capture(path)
        told = {"at": self.clock.now, **more}
        self.ledger.settle(
            Settlement(site=self.site, identity=self.identity(path), state=state, capture=capture, **told)
        )

    def capture(self, path, *, payload="a", **changes):
        return replace(
            Capture(
                urlkey="example,paper)/",
                timestamp=self.clock.now.strftime("%Y%m%d%H%M%S"),
                url=self.identity(path),
                kind="response",
                status=200,
                mime="text/html",
                digest="sha1:" + payload.upper() * 32,
                sha256=payload * 64,
                segment="news-20261123080000-00001-abcdefgh",
                filename="2026/11/23/news-20261123080000-00001-abcdefgh.warc.gz",
                offset=4711,
                length=815,
            ),
            **changes,
        )


@pytest.fixture
def ledger(database):
    # Collections do not see each other: the tests share two databases, which are slow to make.
    return Ledger(database, f"news-{next(_NUMBERS)}")


@pytest.fixture
def paper(ledger, clock):
    return Paper(ledger, clock)
