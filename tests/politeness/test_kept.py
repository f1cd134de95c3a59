from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from crawler.politeness.kept import Kept, RobotsStore
from crawler.scope import Reason
from crawler.state import Database
from databases import KINDS, new_database

MOMENT = datetime(2026, 11, 23, 14, 5, 9, tzinfo=UTC)
NOW = MOMENT.timestamp()
GOOD = Kept("https://a.example", NOW, NOW + 60, 200, "text/plain", b"User-agent: *\n\xff")
FAILED = Kept("https://b.example:8443", NOW, NOW + 900, reason=Reason.DNS, detail="no address", failures=2)


@pytest.fixture(params=KINDS)
def url(request, tmp_path):
    with new_database(request.param, tmp_path) as found:
        yield found


@pytest.fixture
def store(url):
    with Database(url, clock=lambda: MOMENT) as database:
        yield RobotsStore(database)


def test_what_is_kept_comes_back_as_it_was(store):
    store.put(GOOD)
    store.put(FAILED)
    assert store.get(GOOD.authority) == GOOD
    assert store.get(FAILED.authority) == FAILED
    assert store.get("http://a.example") is None


def test_a_copy_holds_until_it_expires_and_never_for_more_than_a_day():
    assert GOOD.holds(NOW)
    assert not GOOD.holds(NOW + 60)
    written_ahead = replace(GOOD, fetched=NOW + 365 * 86400, expires=NOW + 366 * 86400)
    assert not written_ahead.holds(NOW)


def test_the_newer_copy_takes_the_place_of_the_older(store):
    store.put(GOOD)
    newer = Kept(GOOD.authority, NOW + 1, NOW + 2, 404)
    store.put(newer)
    assert store.get(GOOD.authority) == newer


def test_a_copy_that_nobody_asked_for_since_is_removed(store, url):
    store.put(GOOD)
    with Database(url, clock=lambda: MOMENT + timedelta(days=29)) as later:
        assert RobotsStore(later).get(GOOD.authority) == GOOD
    with Database(url, clock=lambda: MOMENT + timedelta(days=31)) as later:
        assert RobotsStore(later).get(GOOD.authority) is None
