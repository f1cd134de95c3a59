"""Holds what a crawl of the net has in its ledger, and the site in its journal, against the net's oracle."""

from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise

from sqlalchemy import select

from crawler.ledger import Ledger
from crawler.ledger.schema import announced, pages, sources
from crawler.state import Database

SETTINGS = {
    "NEWSWARC_CRAWL__TIMEOUT": "3",
    "NEWSWARC_CRAWL__ALLOW_ADDRESS": "127.0.0.0/8",
    "NEWSWARC_CRAWL__CONCURRENCY": "32",
    "NEWSWARC_CRAWL__DELAY": "0",
    "NEWSWARC_CRAWL__PATIENCE": "60",
    "NEWSWARC_SEGMENTS__MIN_FREE": "0",
}


@dataclass
class Judgement:
    """How a crawl did."""

    announced: int = 0
    captured: int = 0
    refused: Counter = field(default_factory=Counter)
    wrong: list = field(default_factory=list)
    """URL, what it should have been, what it is."""

    @property
    def right(self):
        return self.announced - len(self.wrong)


def write_profiles(net, folder, extra=""):
    """Write the profiles of *net* into *folder*, each with *extra* tables; return their names."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, toml in net.profiles().items():
        (folder / f"{name}.toml").write_text(f"{toml}\n{extra}", encoding="utf-8")
    return list(net.profiles())


def judge(net, state, collection="news"):
    """Return how the ledger of *collection* in the state database *state* agrees with the oracle of *net*."""
    told = outcomes(state, collection)
    found = Judgement()
    for url, outcome in net.expected.items():
        code = told.get(url, "unknown")
        if code == "unknown" and outcome.optional:
            continue
        found.announced += 1
        if code == "captured":
            found.captured += 1
        else:
            found.refused[code] += 1
        if code != outcome.code and code not in outcome.also:
            found.wrong.append((url, outcome.code, code))
    return found


def outcomes(state, collection="news"):
    """Return ``captured``, ``pending`` or the reason code for every URL that the ledger has."""
    with Database(f"sqlite:///{state}") as database:
        Ledger(database, collection)
        query = select(announced.c.url, announced.c.whole_url, pages.c.state, pages.c.reason)
        query = query.join(pages, pages.c.id == announced.c.page)
        with database.transaction() as connection:
            rows = connection.execute(query.join(sources, sources.c.id == announced.c.source)).all()
            # A front that links to another one announces it, and that one is captured as a source.
            visited = connection.execute(select(sources.c.url).where(sources.c.status == 200)).scalars().all()
    told = dict.fromkeys(visited, "captured")
    return told | {row.whole_url or row.url: _code(row.state, row.reason) for row in rows}


def _code(state, reason):
    return state if state == "captured" or not reason else reason


def gaps(site, host):
    """Return the seconds between the starts of one request to *host* and the next, in order."""
    times = sorted(exchange.at for exchange in site.exchanges_of(host))
    return [(after - before) for before, after in pairwise(times)]


def twice(net, site):
    """Return the pages that were asked for more than once with success, over all their addresses."""
    asked = Counter()
    # What is cut or hangs is tried again.
    whole = [outcome for outcome in net.expected.values() if outcome.code == "captured"]
    by_url = {outcome.url: outcome.same_page for outcome in whole}
    for host in net.hosts:
        base = net.hosts[host].base.rstrip("/")
        for exchange in site.exchanges_of(host):
            page = by_url.get(base + exchange.path)
            if page is not None and exchange.finished and exchange.response.split(b" ", 2)[1:2] == [b"200"]:
                asked[page] += 1
    return {page: number for page, number in asked.items() if number > 1}
