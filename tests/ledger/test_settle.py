from datetime import timedelta

import pytest

from crawler.ledger import Event, Ledger, Settlement, State
from crawler.scope import Reason
from crawler.state import Database
from pipelines.model import Original

HOUR = timedelta(hours=1)


@pytest.fixture
def captured(paper):
    """The page "a", captured."""
    paper.announce("a")
    paper.settle("a", etag='"1"', last_modified="then", next_visit=paper.clock.now + HOUR)
    return paper


def answered(paper, status, state=State.REFUSED, **more):
    capture = paper.capture("a", status=status, payload=str(status % 10), offset=status)
    paper.settle("a", state, capture=capture, **more)


def gone(paper):
    answered(paper, 404, reason=Reason.GONE)


def events(paper):
    return [(event.event, event.status, event.detail) for event in paper.ledger.events(paper.site)]


def paths(found):
    return [page.url.rpartition("/")[2] for page in found]


def test_a_capture(captured):
    page, now = captured.page("a"), captured.clock.now
    assert (page.state, page.reason, page.status, page.mime) == (State.CAPTURED, None, 200, "text/html")
    assert page.capture == Original.of(captured.capture("a"))
    assert (page.first_capture, page.last_visit, page.next_visit) == (now, now, now + HOUR)
    assert (page.etag, page.last_modified, page.attempts) == ('"1"', "then", 0)
    assert captured.ledger.known(captured.site, [captured.identity("a"), "other"]) == {
        captured.identity("a"): State.CAPTURED
    }


@pytest.mark.parametrize("changes", [{"status": 304, "kind": "revisit"}, {"kind": "revisit"}, {}])
def test_the_same_payload_again_is_no_change(captured, changes):
    before = captured.page("a")
    captured.clock.forward(hours=2)
    captured.settle("a", capture=captured.capture("a", offset=99, segment="later", **changes))
    page = captured.page("a")
    assert (page.capture, page.status, page.etag, page.mime) == (before.capture, 200, '"1"', "text/html")
    assert page.last_visit == captured.clock.now
    assert events(captured) == []


def test_another_payload_is_the_one_that_counts(captured):
    again = captured.capture("a", payload="b", offset=99)
    captured.settle("a", capture=again, etag='"2"', last_modified="")
    page = captured.page("a")
    assert (page.capture, page.etag, page.last_modified) == (Original.of(again), '"2"', "")


def test_refused_with_a_reason(paper):
    paper.announce("a", "b")
    paper.ledger.refuse(paper.site, paper.identity("a"), Reason.ROBOTS, "Disallow: /")
    page = paper.page("a")
    assert (page.state, page.reason, page.detail) == (State.REFUSED, Reason.ROBOTS, "Disallow: /")
    assert (page.last_visit, page.next_visit, page.attempts) == (None, None, 0)
    assert paths(paper.ledger.pending(paper.site, paper.clock.now)) == ["b"]


def test_errors_that_may_pass_are_counted(paper):
    paper.announce("a")
    for _ in range(2):
        paper.settle("a", State.PENDING, reason=Reason.TIMEOUT, next_visit=paper.clock.now + HOUR)
        paper.ledger.flush()
    page = paper.page("a")
    assert (page.state, page.reason, page.attempts) == (State.PENDING, Reason.TIMEOUT, 2)
    assert paper.ledger.pending(paper.site, paper.clock.now) == []
    assert paths(paper.ledger.pending(paper.site, paper.clock.now + HOUR)) == ["a"]
    paper.settle("a", State.PENDING, at=None, reason=Reason.STOPPED)
    assert paper.page("a").attempts == 2
    assert paths(paper.ledger.pending(paper.site, paper.clock.now)) == ["a"]
    paper.settle("a")
    assert (paper.page("a").attempts, paper.page("a").reason) == (0, None)


def test_an_error_page_is_refused_and_where_it_lies_is_known(paper):
    paper.announce("a")
    gone(paper)
    page = paper.page("a")
    assert (page.state, page.reason, page.status, page.capture.offset) == (
        State.REFUSED,
        Reason.GONE,
        404,
        404,
    )
    assert (page.gone_since, page.first_capture, events(paper)) == (None, None, [])
    paper.settle("a")
    assert (paper.page("a").state, paper.page("a").capture.offset) == (State.CAPTURED, 4711)


def test_disappeared_and_returned(captured):
    original = captured.page("a").capture
    since = captured.clock.forward(hours=1)
    gone(captured)
    page = captured.page("a")
    assert (page.state, page.reason, page.status, page.gone_since) == (
        State.CAPTURED,
        Reason.GONE,
        404,
        since,
    )
    assert page.capture == original
    captured.clock.forward(hours=1)
    answered(captured, 410, reason=Reason.GONE)
    assert captured.page("a").gone_since == since
    captured.settle("a")
    page = captured.page("a")
    assert (page.gone_since, page.reason) == (None, None)
    assert events(captured) == [(Event.DISAPPEARED, 404, ""), (Event.RETURNED, 200, "")]
    happened = captured.ledger.events(captured.site, page=page.id, since=captured.clock.now)
    assert [(event.event, event.at) for event in happened] == [(Event.RETURNED, captured.clock.now)]
    assert captured.ledger.events(captured.site)[0].capture.offset == 404


def test_moved_elsewhere_once(captured):
    for target in ("home", "home", "archive"):
        answered(captured, 301, State.CAPTURED, redirect=captured.identity(target))
        captured.ledger.flush()
    page = captured.page("a")
    assert (page.redirect, page.gone_since) == (captured.identity("archive"), captured.clock.now)
    assert events(captured) == [
        (Event.MOVED, 301, captured.identity("home")),
        (Event.MOVED, 301, captured.identity("archive")),
    ]
    captured.settle("a")
    assert (captured.page("a").redirect, captured.page("a").gone_since) == ("", None)
    assert events(captured)[-1] == (Event.RETURNED, 200, "")


def test_a_redirect_to_another_form_of_the_page_is_no_move(captured):
    answered(captured, 301, State.CAPTURED, redirect=captured.identity("a"))
    assert (captured.page("a").redirect, events(captured)) == ("", [])


def test_a_page_that_always_redirected_is_not_gone(paper):
    paper.announce("a")
    for _ in range(2):
        answered(paper, 302, State.CAPTURED, redirect=paper.identity("b"))
        paper.ledger.flush()
    assert (paper.page("a").redirect, paper.page("a").gone_since) == (paper.identity("b"), None)
    assert events(paper) == []


def test_a_captured_page_stays_so_whatever_later_visits_bring(captured):
    captured.settle("a", State.REFUSED, reason=Reason.TIMEOUT)
    page = captured.page("a")
    assert (page.state, page.reason, page.status, page.attempts) == (State.CAPTURED, Reason.TIMEOUT, 200, 1)
    captured.settle("a", State.PENDING, reason=Reason.DNS)
    assert paths(captured.ledger.due_pages(captured.site, captured.clock.now)) == ["a"]


def test_the_last_settlement_before_a_flush_counts_but_no_capture_is_lost(captured):
    captured.ledger.flush()
    gone(captured)
    captured.settle("a")
    gone(captured)
    assert (captured.page("a").reason, events(captured)) == (Reason.GONE, [(Event.DISAPPEARED, 404, "")])


def test_what_no_source_announced_is_not_entered(paper):
    paper.settle("never")
    paper.ledger.flush()
    assert paper.page("never") is None


def test_settlements_are_durable_with_the_transaction_they_are_part_of(paper, database, url):
    paper.announce("a")
    paper.settle("a")
    with Database(url) as other:
        seen = Ledger(other, paper.ledger.collection)
        with database.transaction():
            paper.ledger.flush()
            assert seen.page(paper.site, paper.identity("a")).state is State.PENDING
        assert seen.page(paper.site, paper.identity("a")).state is State.CAPTURED


def test_many_settlements_flush_themselves(paper, url):
    names = [f"p{number}" for number in range(500)]
    paper.announce(*names)
    for name in names:
        paper.settle(name)
    with Database(url) as other:
        seen = Ledger(other, paper.ledger.collection)
        assert seen.page(paper.site, paper.identity("p499")).state is State.CAPTURED


def test_sites_are_settled_apart(paper):
    other = paper.ledger.site("other", "https://other.example/")
    paper.announce("a")
    paper.ledger.settle(Settlement(site=other, identity=paper.identity("a"), state=State.CAPTURED))
    assert paper.page("a").state is State.PENDING


def test_due_pages_come_in_their_turn_page_by_page(paper):
    now = paper.clock.now
    names = [f"p{number}" for number in range(25)]
    paper.announce(*names, "pending", "done")
    for number, name in enumerate(names):
        paper.settle(name, next_visit=now + timedelta(minutes=number // 2))
    paper.settle("done")
    found, last = [], None
    while part := paper.ledger.due_pages(paper.site, now + 5 * timedelta(minutes=1), limit=5, after=last):
        found += paths(part)
        last = part[-1]
    assert found == names[:12]
    assert paths(paper.ledger.pending(paper.site, now)) == ["pending"]


def test_what_is_due_next(paper):
    now = paper.clock.now
    ledger, site = paper.ledger, paper.site
    assert ledger.next_due(site) == now
    ledger.drop_sources(site, [])
    assert ledger.next_due(site) is None
    paper.announce("a", "b")
    assert ledger.next_due(site) == now
    paper.settle("a", next_visit=now + 3 * HOUR)
    paper.settle("b", State.PENDING, reason=Reason.DNS, next_visit=now + HOUR)
    assert ledger.next_due(site) == now + HOUR
    paper.settle("b")
    assert ledger.next_due(site) == now + 3 * HOUR
