from datetime import UTC, datetime, timedelta

import pytest

from crawler.visits import DEFAULT_LADDER, next_rung

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
URL = "https://paper.example/news/1"
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def climb(published, *, first_capture, late=timedelta(0)):
    """Return the times of all visits, each made *late* after it was due."""
    visits, visited = [], first_capture
    while due := next_rung(DEFAULT_LADDER, published, url=URL, first_capture=first_capture, visited=visited):
        visited = due + late
        visits.append(due)
    return visits


def test_a_fresh_article_climbs_the_whole_ladder():
    visits = climb(NOON, first_capture=NOON + timedelta(minutes=4))
    assert len(visits) == 5
    for due, rung in zip(visits, DEFAULT_LADDER, strict=True):
        assert NOON + rung <= due < NOON + rung * 1.05


def test_without_a_date_the_first_capture_counts():
    visits = climb(None, first_capture=NOON)
    assert [round((due - NOON) / HOUR) for due in visits[:2]] == [1, 6]


def test_a_date_to_come_is_not_believed():
    assert climb(NOON + 3 * DAY, first_capture=NOON) == climb(None, first_capture=NOON)


@pytest.mark.parametrize(("age", "left"), [(2 * HOUR, 4), (2 * DAY, 2), (10 * DAY, 1), (400 * DAY, 0)])
def test_an_article_captured_long_after_starts_at_the_rungs_ahead(age, left):
    visits = climb(NOON - age, first_capture=NOON)
    assert len(visits) == left
    assert all(due > NOON for due in visits)


def test_rungs_missed_while_the_crawler_was_down_are_one_visit():
    due = next_rung(DEFAULT_LADDER, NOON, url=URL, first_capture=NOON, visited=NOON)
    assert due is not None
    assert due < NOON + 2 * HOUR, "overdue since then"
    after = next_rung(DEFAULT_LADDER, NOON, url=URL, first_capture=NOON, visited=NOON + 5 * DAY)
    assert after is not None
    assert NOON + 7 * DAY <= after < NOON + 8 * DAY


def test_a_visit_just_before_a_rung_stands_for_it():
    soon = next_rung(DEFAULT_LADDER, NOON, url=URL, first_capture=NOON, visited=NOON + 23 * HOUR)
    assert soon is not None
    assert soon >= NOON + 7 * DAY


def test_being_late_does_not_lengthen_the_ladder():
    assert len(climb(NOON, first_capture=NOON, late=timedelta(minutes=20))) == 5


def test_articles_of_one_minute_do_not_meet_again_and_the_time_stays_the_same():
    def due(number):
        url = f"https://paper.example/news/{number}"
        return next_rung(DEFAULT_LADDER, NOON, url=url, first_capture=NOON, visited=NOON + 2 * HOUR)

    times = [due(number) for number in range(100)]
    assert len(set(times)) == 100
    assert max(times) - min(times) > timedelta(minutes=12)
    assert times == [due(number) for number in range(100)]


def test_a_ladder_of_ones_own_in_any_order_and_an_empty_one():
    own = (timedelta(days=2), timedelta(minutes=10))
    due = next_rung(own, NOON, url=URL, first_capture=NOON, visited=NOON)
    assert due is not None
    assert due < NOON + timedelta(minutes=11)
    assert next_rung((), NOON, url=URL, first_capture=NOON, visited=NOON) is None
