from datetime import timedelta

import pytest

from crawler.discovery import Kind, Source
from crawler.ledger import SourceState, SourceVisit
from crawler.ledger.sources import TRUSTED
from crawler.scope import LONGEST_URL, Reason
from pipelines.errors import ConfigError
from pipelines.model import Original

HOUR = timedelta(hours=1)


def entered(paper, *sources, **more):
    return paper.ledger.enter_sources(paper.site, sources, **more)


def due(paper, **later):
    return [
        source.url.rpartition("/")[2]
        for source in paper.ledger.due_sources(paper.site, paper.clock.now + timedelta(**later))
    ]


def visit(paper, source, **more):
    told = {"at": paper.clock.now, "next_visit": paper.clock.now + HOUR, "rhythm": '{"v":1}', "status": 200}
    paper.ledger.source_visited(SourceVisit(source=source.id, **(told | more)))
    return paper.ledger.source(paper.site, source.url)


def sitemap(number, updated=None):
    return Source(f"https://paper.example/map-{number}.xml", Kind.SITEMAP, updated=updated)


def test_a_site_is_one_of_its_collection(ledger, database):
    first = ledger.site("paper", "https://paper.example/")
    assert ledger.site("paper", "https://www.paper.example/") == first
    assert type(ledger)(database, "other").site("paper", "https://paper.example/") != first
    assert ledger.sites() == {"paper": first}


def test_a_collection_must_have_a_name_for_one(database, ledger):
    with pytest.raises(ConfigError, match="collection: 'No Name'"):
        type(ledger)(database, "No Name")


def test_new_sources_are_due_and_known_ones_stay(paper):
    assert due(paper) == ["feed.xml"]
    visit(paper, paper.feed)
    assert due(paper) == []
    again = entered(
        paper, Source(paper.feed.url, Kind.FEED), Source("https://paper.example/new.xml", Kind.FEED)
    )
    assert [source.id == paper.feed.id for source in again] == [True, False]
    assert due(paper) == ["new.xml"]
    assert due(paper, minutes=61) == ["new.xml", "feed.xml"]


def test_a_visit_keeps_what_it_does_not_tell(paper):
    capture = paper.capture("feed.xml", mime="application/rss+xml")
    first = visit(
        paper, paper.feed, etag='"a"', last_modified="then", signature="s", listed=20, new=3, capture=capture,
        title="The Paper", kind=Kind.NEWS_SITEMAP, overflows=1,
    )  # fmt: skip
    assert (first.etag, first.signature, first.listed, first.kind) == ('"a"', "s", 20, Kind.NEWS_SITEMAP)
    assert first.capture == Original.of(capture)
    paper.clock.forward(hours=1)
    unmodified = paper.capture("feed.xml", status=304, kind="revisit", offset=1)
    second = visit(paper, paper.feed, status=304, capture=unmodified)
    assert (second.etag, second.title, second.capture) == ('"a"', "The Paper", first.capture)
    assert (second.last_visit, second.last_new) == (paper.clock.now, paper.clock.now - HOUR)


def test_a_failing_source_tells_since_when(paper):
    since = paper.clock.now
    assert visit(paper, paper.feed, status=503, reason=Reason.HTTP_ERROR).failing_since == since
    paper.clock.forward(hours=2)
    failing = visit(paper, paper.feed, status=None, reason=Reason.DNS, state=SourceState.DEAD)
    assert (failing.failing_since, failing.reason, failing.state) == (since, Reason.DNS, SourceState.DEAD)
    assert due(paper, hours=1) == ["feed.xml"]
    well = visit(paper, paper.feed)
    assert (well.failing_since, well.reason, well.state) == (None, None, SourceState.ACTIVE)


def test_a_flood_of_sitemaps_is_spread_the_newest_first(paper):
    now = paper.clock.now
    flood = [sitemap(number, now - timedelta(days=number, minutes=1)) for number in range(500)]
    found = entered(paper, *reversed(flood), parent=paper.feed.id, at_once=10, step=timedelta(minutes=15))
    assert [source.url for source in found] == [source.url for source in reversed(flood)]
    assert sorted(due(paper)) == sorted(["feed.xml", *(f"map-{number}.xml" for number in range(10))])
    assert len(due(paper, minutes=15)) == 21
    assert "map-499.xml" not in due(paper, minutes=15 * 49 - 1)
    assert len(due(paper, minutes=15 * 49)) == 501


def test_profile_sources_are_never_spread(paper):
    entered(paper, *map(sitemap, range(50)), at_once=1)
    assert len(due(paper)) == 51


def test_a_sub_source_that_did_not_change_rests(paper):
    changed = paper.clock.now - timedelta(minutes=7)
    (source,) = entered(paper, sitemap(1, changed), parent=paper.feed.id)
    assert visit(paper, source).next_visit == paper.clock.now + TRUSTED

    paper.clock.forward(hours=3)
    entered(paper, sitemap(1, changed), parent=paper.feed.id)
    assert due(paper) == ["feed.xml"]
    entered(paper, sitemap(1, paper.clock.now - HOUR), parent=paper.feed.id)
    assert due(paper) == ["feed.xml", "map-1.xml"]


def test_a_date_without_time_is_a_whole_day(paper):
    today = paper.clock.now.replace(hour=0)
    (source,) = entered(paper, sitemap(1, today), parent=paper.feed.id)
    assert visit(paper, source).next_visit == paper.clock.now + HOUR
    paper.clock.forward(days=1)
    assert visit(paper, source).next_visit == paper.clock.now + TRUSTED


def test_what_nobody_names_any_more_is_dropped_with_all_below_it(paper):
    (index,) = entered(paper, sitemap(1))
    (below,) = entered(paper, sitemap(2), parent=index.id)
    entered(paper, sitemap(3), parent=below.id)
    visit(paper, index)
    assert paper.ledger.drop_sources(paper.site, [paper.feed.url]) == 3
    assert [source.url for source in paper.ledger.sources(paper.site)] == [paper.feed.url]
    assert due(paper, days=99) == ["feed.xml"]
    # An answer that was under way does not revive it; being named does.
    assert visit(paper, index).state is SourceState.DROPPED
    (again,) = entered(paper, sitemap(1), parent=paper.feed.id)
    assert (again.state, again.parent, again.next_visit) == (
        SourceState.ACTIVE,
        paper.feed.id,
        paper.clock.now,
    )
    assert again.rhythm == '{"v":1}'


def test_an_index_drops_only_its_own(paper):
    (index,) = entered(paper, sitemap(1))
    entered(paper, sitemap(2), sitemap(3), parent=index.id)
    assert paper.ledger.drop_sources(paper.site, [sitemap(2).url], parent=index.id) == 1
    assert due(paper) == ["feed.xml", "map-1.xml", "map-2.xml"]


def test_what_the_profile_names_is_its_own_whoever_names_it_besides(paper):
    (index,) = entered(paper, sitemap(1))
    entered(paper, sitemap(2), parent=index.id)
    (named,) = entered(paper, sitemap(2))
    assert named.parent is None
    (named,) = entered(paper, sitemap(2), parent=index.id)
    assert named.parent is None


def test_an_url_that_is_none_is_no_source(paper, caplog):
    long = Source("https://paper.example/" + "a" * LONGEST_URL, Kind.FEED)
    assert entered(paper, long) == []
    assert "and no source" in caplog.text


def test_what_a_clock_that_was_ahead_put_off_is_due_again(paper):
    paper.announce("a", "b")
    paper.settle("a", next_visit=paper.clock.now + timedelta(hours=1))
    quiet = paper.source("quiet.xml")
    rest = {"rhythm": "", "next_visit": paper.clock.now + timedelta(days=9)}
    paper.ledger.source_visited(SourceVisit(source=quiet.id, at=paper.clock.now, **rest))
    right = paper.clock.now
    paper.clock.forward(days=365)
    later = {"rhythm": "", "next_visit": paper.clock.now + timedelta(days=1)}
    paper.ledger.source_visited(SourceVisit(source=paper.feed.id, at=paper.clock.now, **later))
    paper.announce("c")
    paper.settle("a", next_visit=paper.clock.now + timedelta(hours=6))
    paper.ledger.flush()
    paper.clock.now = right + timedelta(minutes=1)
    assert paper.ledger.due_sources(paper.site, paper.clock.now) == []
    assert paper.ledger.site("paper", "https://paper.example/") == paper.site
    assert [each.url for each in paper.ledger.due_sources(paper.site, paper.clock.now)] == [paper.feed.url]
    pending = paper.ledger.pending(paper.site, paper.clock.now)
    assert {page.url.rpartition("/")[2] for page in pending} == {"b", "c"}
    assert [page.url for page in paper.ledger.due_pages(paper.site, paper.clock.now)] == [paper.page("a").url]
    # Once.
    paper.ledger.source_visited(SourceVisit(source=paper.feed.id, at=paper.clock.now, **rest))
    paper.ledger.site("paper", "https://paper.example/")
    assert paper.ledger.due_sources(paper.site, paper.clock.now) == []
