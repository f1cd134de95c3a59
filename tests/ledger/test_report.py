from datetime import date, timedelta

import pytest

from crawler.discovery import Kind
from crawler.ledger import SourceVisit, State
from crawler.ledger.report import coverage, missing
from crawler.scope import Reason
from crawler.visits import Rhythm

DAY = timedelta(days=1)


@pytest.fixture
def told(paper):
    """A feed and a sitemap with five pages, of each state one."""
    sitemap = paper.source("map.xml", Kind.SITEMAP)
    paper.announce("captured", "robots", "pending")
    paper.announce(
        "captured",
        "captured/amp",
        "gone",
        source=sitemap,
        identities=[paper.identity(name) for name in ("captured", "captured", "gone")],
    )
    paper.clock.forward(days=1)
    paper.announce("dns", "pending", source=sitemap)
    for name in ("captured", "gone"):
        paper.settle(name)
    paper.ledger.refuse(paper.site, paper.identity("robots"), Reason.ROBOTS, "Disallow: /")
    paper.settle("dns", State.REFUSED, reason=Reason.DNS)
    paper.ledger.flush()
    paper.settle("gone", State.REFUSED, capture=paper.capture("gone", status=410), reason=Reason.GONE)
    paper.sitemap = sitemap
    return paper


def figures(found):
    of = found.figures
    return (of.announced, of.captured, of.pending, dict(of.refused), of.gone)


def test_each_page_is_counted_once_and_each_url_of_a_source(told):
    found = coverage(told.ledger, "paper")
    assert figures(found) == (5, 2, 1, {"robots": 1, "dns": 1}, 1)
    assert [(each.source.url.rpartition("/")[2], *figures(each)) for each in found.sources] == [
        ("feed.xml", 3, 1, 1, {"robots": 1}, 0),
        ("map.xml", 5, 3, 1, {"dns": 1}, 1),
    ]


def test_of_one_source(told):
    found = coverage(told.ledger, "paper", source=told.sitemap)
    assert figures(found) == (4, 2, 1, {"dns": 1}, 1)
    assert len(found.sources) == 1


def test_of_one_day(told):
    first = coverage(told.ledger, "paper", day=date(2026, 11, 23))
    assert figures(first) == (4, 2, 1, {"robots": 1}, 1)
    second = coverage(told.ledger, "paper", day=date(2026, 11, 24))
    assert figures(second) == (2, 0, 1, {"dns": 1}, 0)
    assert [figures(each)[0] for each in second.sources] == [0, 2]
    assert figures(coverage(told.ledger, "paper", source=told.feed, day=date(2026, 11, 24)))[0] == 0


def test_what_is_missing_and_why(told):
    found = {each.url.rpartition("/")[2]: each for each in missing(told.ledger, "paper")}
    assert list(found) == ["robots", "pending", "dns"]
    assert (found["robots"].reason, found["robots"].detail) == (Reason.ROBOTS, "Disallow: /")
    assert (found["pending"].state, found["pending"].reason) == (State.PENDING, None)
    assert (found["dns"].attempts, found["dns"].source) == (1, told.sitemap.url)
    of_day = missing(told.ledger, "paper", day=date(2026, 11, 24))
    assert [each.url.rpartition("/")[2] for each in of_day] == ["pending", "dns"]
    of_source = missing(told.ledger, "paper", source=told.feed)
    assert [each.url.rpartition("/")[2] for each in of_source] == ["robots", "pending"]


def test_many_that_are_missing(paper):
    paper.announce(*(f"p{number}" for number in range(520)))
    assert len({each.url for each in missing(paper.ledger, "paper")}) == 520


def test_a_dropped_source_counts_for_what_it_announced(told):
    told.source("never.xml")
    told.ledger.drop_sources(told.site, [told.feed.url])
    found = coverage(told.ledger, "paper")
    assert [each.source.url.rpartition("/")[2] for each in found.sources] == ["feed.xml", "map.xml"]


def test_an_unknown_site(ledger):
    with pytest.raises(KeyError, match="never"):
        coverage(ledger, "never")


def test_a_source_that_fails_for_more_than_two_days_is_down(paper):
    rhythm = Rhythm.first(paper.clock.now, source=paper.feed.url)
    named = paper.source("named.xml", parent=paper.feed.id)

    def fail(**span):
        nonlocal rhythm
        paper.clock.forward(**span)
        rhythm = rhythm.failed(paper.clock.now, hard=False, status=None)
        told = {"at": paper.clock.now, "next_visit": rhythm.next_visit, "rhythm": rhythm.to_json()}
        for source in (paper.feed, named):
            paper.ledger.source_visited(SourceVisit(source=source.id, reason=Reason.DNS, **told))

    fail(hours=1)
    fail(hours=47)
    assert coverage(paper.ledger, "paper").down == ()
    fail(hours=2)
    # The other one was only ever named by a source, and never brought anything.
    assert [each.source.id for each in coverage(paper.ledger, "paper").down] == [paper.feed.id]


def test_a_source_that_falls_silent_is_named(paper):
    rhythm = Rhythm.first(paper.clock.now, source=paper.feed.url)

    def visit(*, days, fresh):
        nonlocal rhythm
        for _ in range(24 * days):
            paper.clock.forward(hours=1)
            rhythm = rhythm.visited(paper.clock.now, fresh=[None] * fresh, listed=20, changed=bool(fresh))
        told = {"at": paper.clock.now, "next_visit": rhythm.next_visit, "rhythm": rhythm.to_json()}
        paper.ledger.source_visited(SourceVisit(source=paper.feed.id, status=200, new=fresh, **told))

    visit(days=10, fresh=2)
    assert coverage(paper.ledger, "paper").silent == ()
    since = paper.clock.now
    visit(days=7, fresh=0)
    (silent,) = coverage(paper.ledger, "paper").silent
    assert silent.source.id == paper.feed.id
    assert abs(silent.silent_since - since) <= timedelta(hours=2)
    paper.ledger.drop_sources(paper.site, [])
    assert coverage(paper.ledger, "paper").silent == ()
