import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from crawler.discovery import Kind
from crawler.ledger import Ledger, State
from crawler.ledger.schema import announced, pages
from crawler.scope import Reason
from crawler.state import Database

HOUR = timedelta(hours=1)


def count(paper, database):
    """Return how many pages and announcements the paper has."""
    of_site = select(func.count()).where(pages.c.site == paper.site)
    with database.transaction() as connection:
        said = of_site.select_from(pages.join(announced))
        return connection.execute(of_site).scalar(), connection.execute(said).scalar()


def test_a_page_is_new_once(paper, clock):
    assert paper.novelties("a", "b") == ["new", "new"]
    clock.forward(hours=1)
    assert paper.novelties("b", "c") == ["known", "new"]
    page = paper.page("a")
    assert (page.state, page.first_seen, page.job) == (State.PENDING, clock.now - HOUR, "job-1")


def test_one_page_of_several_sources_and_forms(paper, database):
    other = paper.source("map.xml", Kind.SITEMAP)
    assert paper.novelties("a", "a/amp", identities=[paper.identity("a")] * 2) == ["new", "known"]
    assert paper.novelties("a", source=other) == ["known"]
    assert count(paper, database) == (1, 3)
    (entered,) = paper.announce("a/print", identities=[paper.identity("a")])
    assert (entered.page, entered.identity) == (paper.page("a").id, paper.identity("a"))
    assert paper.page("a").url == paper.identity("a")


def test_a_known_url_keeps_its_page_when_the_rules_of_identity_change(paper):
    (first,) = paper.announce("a?x=1", identities=[paper.identity("a?x=1")])
    (again,) = paper.announce("a?x=1", identities=[paper.identity("a")])
    assert (again.novelty, again.page, again.identity) == ("known", first.page, paper.identity("a?x=1"))


def test_what_the_source_says_is_kept(paper, clock):
    said = {
        "title": "渡轮 sails", "published": clock.now - HOUR, "updated": clock.now - HOUR / 2, "guid": "g1",
        "language": "zh-Hant", "categories": ("harbour", "two, words"),
    }  # fmt: skip
    (entered,) = paper.announce(paper.url("a", **said))
    assert paper.ledger.announcements([entered.page]) == {entered.page: paper.url("a", **said)}
    # What it says no more it does not take back.
    paper.announce(paper.url("a", title="Renamed"))
    (kept,) = paper.ledger.announcements([entered.page]).values()
    assert (kept.title, kept.guid, kept.published) == ("Renamed", "g1", clock.now - HOUR)


def test_the_earliest_publication_and_the_latest_change_count(paper, clock):
    other = paper.source("map.xml", Kind.SITEMAP)
    paper.announce(paper.url("a", published=clock.now - HOUR, updated=clock.now - HOUR))
    paper.announce(paper.url("a", other, published=clock.now - 2 * HOUR, updated=clock.now), source=other)
    page = paper.page("a")
    assert (page.published, page.updated) == (clock.now - 2 * HOUR, clock.now)


def test_old_ones_are_entered_and_not_fetched(paper, clock):
    cutoff = clock.now - timedelta(days=30)
    old = paper.url("old", published=cutoff - HOUR)
    touched = paper.url("touched", published=cutoff - HOUR, updated=cutoff + HOUR)
    told = paper.novelties(old, touched, "undated", cutoff=cutoff)
    assert told == ["old", "new", "new"]
    page = paper.page("old")
    assert (page.state, page.reason, page.next_visit) == (State.REFUSED, Reason.OLD, None)
    assert paper.novelties(old, cutoff=cutoff) == ["known"]
    assert len(paper.ledger.pending(paper.site, clock.now)) == 2


def test_a_page_that_another_source_dates_otherwise_is_not_old(paper, clock):
    cutoff = clock.now - timedelta(days=30)
    other = paper.source("map.xml", Kind.SITEMAP)
    paper.announce(paper.url("a", published=cutoff - HOUR), cutoff=cutoff)
    young = paper.url("a", other, published=cutoff + HOUR)
    assert paper.novelties(young, source=other, cutoff=cutoff) == ["updated"]
    both = [paper.url("b/amp", published=cutoff - HOUR), paper.url("b", published=cutoff + HOUR)]
    assert paper.novelties(*both, identities=["b", "b"], cutoff=cutoff) == ["new", "known"]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({}, {"updated": 1}, "updated"),
        ({"updated": -1}, {"updated": 1}, "updated"),
        ({"updated": -1}, {"updated": -0.5}, "known"),
        ({"published": -1}, {"published": 1}, "updated"),
        ({"published": -2}, {"published": -1}, "known"),
        ({"guid": "1"}, {"guid": "2"}, "updated"),
        ({"guid": "1", "published": -1}, {"guid": "2", "published": -1}, "known"),
        ({}, {"guid": "1"}, "known"),
        ({"title": "A"}, {"title": "B"}, "known"),
    ],
)
def test_what_is_an_edit(paper, clock, before, after, expected):
    visited = clock.now

    def said(values):
        return {
            name: visited + value * HOUR if isinstance(value, int | float) else value
            for name, value in values.items()
        }

    paper.announce(paper.url("a", **said(before)))
    paper.settle("a")
    clock.forward(hours=2)
    assert paper.novelties(paper.url("a", **said(after))) == [expected]
    # The job that was told may not have come to it.
    is_due = paper.page("a").next_visit == clock.now
    assert is_due == (expected == "updated")
    paper.settle("a")
    assert paper.novelties(paper.url("a", **said(after))) == ["known"]
    assert paper.page("a").next_visit is None


def test_a_date_in_the_future_is_news_once(paper, clock):
    paper.announce("a")
    paper.settle("a")
    ahead = paper.url("a", updated=clock.now + timedelta(hours=8))
    assert [paper.novelties(ahead) for _ in range(2)] == [["updated"], ["known"]]


def test_a_page_that_was_not_visited_yet_is_no_edit(paper, clock):
    paper.announce("a")
    clock.forward(hours=1)
    assert paper.novelties(paper.url("a", updated=clock.now)) == ["known"]


def test_another_source_that_dates_a_page_later_is_no_edit(paper, clock):
    other = paper.source("map.xml", Kind.SITEMAP)
    paper.announce("a")
    paper.settle("a")
    clock.forward(hours=1)
    assert paper.novelties(paper.url("a", other, published=clock.now), source=other) == ["known"]


@pytest.mark.parametrize("name", ["updated", "guid"])
def test_what_changes_in_all_of_a_feed_at_once_says_nothing(paper, clock, name):
    def feed():
        value = clock.now if name == "updated" else f"session-{clock.now}"
        return [paper.url(f"a{number}", **{name: value}) for number in range(20)]

    paper.announce(*feed())
    for number in range(20):
        paper.settle(f"a{number}")
    clock.forward(hours=1)
    assert set(paper.novelties(*feed())) == {"known"}


def test_last_seen_is_exact_to_the_hour_and_written_no_more_often(paper, clock, database):
    def seen():
        last = select(announced.c.last_seen).where(announced.c.source == paper.feed.id)
        with database.transaction() as connection:
            return connection.execute(last).scalar_one() - paper.feed.first_seen.timestamp()

    paper.announce("a")
    clock.forward(minutes=50)
    paper.announce("a")
    assert seen() == 0
    clock.forward(minutes=50)
    paper.announce("a")
    assert seen() == 6000


@pytest.mark.parametrize("odd", ["x" * 8000, "%E6%B8%A1" * 800, "渡" * 2000])
def test_long_urls_are_kept_whole(paper, odd):
    pair = paper.announce(odd + "1", odd + "2")
    assert [entered.novelty for entered in pair] == ["new", "new"]
    assert paper.novelties(odd + "1") == ["known"]
    assert paper.page(odd + "1").url == paper.identity(odd + "1")
    (said,) = paper.ledger.announcements([pair[1].page]).values()
    assert said.url == paper.identity(odd + "2")
    paper.settle(odd + "1")
    assert paper.ledger.known(paper.site, [paper.identity(odd + "1")]) == {
        paper.identity(odd + "1"): "captured"
    }


def test_text_that_no_database_holds_does_no_harm(paper):
    (entered,) = paper.announce(
        paper.url("a", title="half \ud83d and\0nothing", guid="\ud800", categories=("\0",))
    )
    (said,) = paper.ledger.announcements([entered.page]).values()
    assert said.title == "half ? and\ufffdnothing"


def test_many_at_once(paper, database):
    paths = [f"p/{number}" for number in range(520)]
    assert set(paper.novelties(*paths)) == {"new"}
    assert set(paper.novelties(*paths)) == {"known"}
    assert count(paper, database) == (520, 520)


def test_identities_must_be_as_many(paper):
    with pytest.raises(ValueError, match="zip"):
        paper.ledger.announce(paper.feed, [paper.url("a")], [], job="j")
    assert paper.page("a") is None


def test_two_that_announce_at_once_make_one_page(paper, url, clock):
    paths = [paper.url(f"a{number}") for number in range(200)]
    found = []

    def announce(order):
        with Database(url, clock=clock) as database:
            mine = Ledger(database, paper.ledger.collection)
            urls = paths[::order]
            for start in range(0, 200, 20):
                part = urls[start : start + 20]
                found.extend(mine.announce(paper.feed, part, [each.url for each in part], job="j"))

    threads = [threading.Thread(target=announce, args=(order,)) for order in (1, -1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 400
    assert sum(entered.novelty == "new" for entered in found) == 200
    assert len({entered.page for entered in found}) == 200
