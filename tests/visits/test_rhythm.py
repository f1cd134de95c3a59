import json
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.visits import DEFAULT_LIMITS, Limits, Rhythm
from crawler.visits.spread import seed_of
from pipelines.errors import ConfigError, NewswarcError
from visits.living import DAY, HOUR, MINUTE, MONDAY, every, follow, office_hours

SOURCE = "https://paper.example/feed"
WIDE = Limits(minimum=timedelta(seconds=30))


def met(at=MONDAY, *, fresh=(), listed=None, limits=DEFAULT_LIMITS, hint=None, source=SOURCE):
    """Return the rhythm after the first visit."""
    rhythm = Rhythm.first(at, source=source, limits=limits)
    return rhythm.visited(
        at, fresh=fresh, listed=len(fresh) if listed is None else listed, changed=True, hint=hint
    )


def test_a_source_just_found_is_due_at_once():
    assert Rhythm.first(MONDAY, source=SOURCE).next_visit == MONDAY


def test_visits_follow_the_root_of_the_rate():
    end = MONDAY + 14 * DAY
    slow, _ = follow(every(4 * HOUR, start=MONDAY - 60 * DAY, end=end), until=end, limits=WIDE)
    fast, _ = follow(every(HOUR / 4, start=MONDAY - 60 * DAY, end=end), until=end, window=300, limits=WIDE)
    assert slow.interval / fast.interval == pytest.approx(4, rel=0.25), "16 times busier, 4 times sooner"
    assert slow.interval / HOUR == pytest.approx((2 * 4 / WIDE.worth) ** 0.5, rel=0.25)


def test_an_hour_of_waiting_that_is_worth_more_is_paid_with_requests():
    end = MONDAY + 3 * DAY
    items = every(2 * HOUR, start=MONDAY - 60 * DAY, end=end)
    few = follow(items, until=end, limits=Limits(worth=4))[1]
    many = follow(items, until=end, limits=Limits(worth=16))[1]
    assert len(many) == pytest.approx(2 * len(few), rel=0.2)


@pytest.mark.parametrize("dated", [True, False])
def test_night_and_weekend_are_learned(dated):
    end = MONDAY + 28 * DAY
    items = office_hours(HOUR / 3, start=MONDAY - 60 * DAY, end=end)
    _, visits = follow(items, until=end, dated=dated)
    late = [at for at in visits if at >= MONDAY + 14 * DAY]
    day = sum(at.weekday() < 5 and 8 <= at.hour < 18 for at in late) / 100
    night = sum(at.weekday() < 5 and not 7 <= at.hour < 19 for at in late) / 120
    weekend = sum(at.weekday() >= 5 for at in late) / 96
    assert day > 2 * night, "visits an hour"
    assert day > 2.5 * weekend


@pytest.mark.parametrize("gap", [HOUR / 4, 4 * HOUR, 3 * DAY])
def test_the_dates_of_the_first_visit_tell_the_rhythm(gap):
    rhythm = met(fresh=every(gap, start=MONDAY - 30 * gap, end=MONDAY))
    assert rhythm.interval / HOUR == pytest.approx((2 * (gap / HOUR) / rhythm.limits.worth) ** 0.5, rel=0.3)


def test_a_weekly_is_awaited_on_its_day():
    thursdays = [MONDAY + (3 - 7 * week) * DAY + 6 * HOUR for week in range(10, -4, -1)]
    items = [issue + number * 2 * MINUTE for issue in thursdays for number in range(10)]
    _, visits = follow(items, until=MONDAY + 28 * DAY, start=MONDAY - 30 * DAY, window=100)
    late = [at for at in visits if at >= MONDAY]
    awaited = [at for at in late if at.weekday() == 3 and 5 <= at.hour < 8]
    assert len(awaited) > 3 * len(late) * 3 / 168


def test_a_window_is_never_left_until_it_may_run_over():
    cheap = Limits(worth=0.01)
    end = MONDAY + 7 * DAY
    items = every(5 * MINUTE, start=MONDAY - 7 * DAY, end=end)
    rhythm, _ = follow(items, until=end, window=10, limits=cheap)
    assert rhythm.interval <= 30 * MINUTE, "half of ten items"
    assert rhythm.overflows == 0
    free, _ = follow(items, until=end, window=1000, limits=cheap)
    assert free.interval > 2 * HOUR


def test_a_window_that_ran_over_brings_us_back_much_sooner():
    rhythm = met(fresh=every(6 * HOUR, start=MONDAY - 10 * DAY, end=MONDAY), listed=10)
    at = rhythm.next_visit
    over = rhythm.visited(at, fresh=[None] * 10, listed=10, changed=True)
    assert over.overflows == 1
    assert over.interval < rhythm.interval / 4
    calm = over
    for _ in range(12):
        calm = calm.visited(calm.next_visit, fresh=[], listed=10, changed=False)
    assert calm.interval > 3 * over.interval, "and calms down again"


@pytest.mark.parametrize("fails", [True, False])
def test_our_own_absence_says_nothing_of_the_source(fails):
    end = MONDAY + 14 * DAY
    rhythm, _ = follow(every(HOUR, start=MONDAY - 30 * DAY, end=end), until=end, window=20)
    at = end + 2 * DAY
    if fails:
        rhythm = rhythm.failed(end + HOUR, hard=False, status=503)
    back = rhythm.visited(at, fresh=[at - number * HOUR for number in range(20)], listed=20, changed=True)
    assert back.overflows == rhythm.overflows + 1
    assert back.rate == rhythm.rate


def test_a_publishers_wish_is_obeyed_while_it_loses_no_items():
    items = every(10 * MINUTE, start=MONDAY - DAY, end=MONDAY)
    rhythm = met(fresh=items, hint=timedelta(minutes=60), listed=100)
    assert rhythm.interval == timedelta(minutes=60)
    assert met(fresh=items, listed=100).interval < 20 * MINUTE
    assert met(fresh=items[-6:], hint=timedelta(minutes=60)).interval < 45 * MINUTE
    assert met(fresh=items, hint=timedelta(days=365), listed=10_000).interval <= 24 * HOUR


def test_a_publishers_wish_holds_until_the_content_says_otherwise():
    rhythm = met(hint=timedelta(hours=5))
    same = rhythm.visited(MONDAY + 6 * HOUR, fresh=[], listed=0, changed=False)
    assert same.hint == 5
    assert same.visited(MONDAY + 12 * HOUR, fresh=[], listed=9, changed=True).hint is None
    assert Rhythm.first(MONDAY, source=SOURCE, hint=timedelta(hours=2)).hint == 2
    assert Rhythm.first(MONDAY, source=SOURCE, hint=timedelta(hours=-2)).hint == 0


def test_silence_widens_to_weeks_but_not_beyond_the_bounds():
    end = MONDAY + 3 * 365 * DAY
    items = every(DAY, start=MONDAY - 60 * DAY, end=MONDAY)
    _, visits = follow(items, until=end, window=100)
    gaps = [(late - early) / DAY for early, late in pairwise(visits)]
    assert gaps[0] < 0.2
    assert 7 < max(gaps) < 14.01
    assert len(visits) < 500
    _, visits = follow([], until=end)
    gaps = [(late - early) / DAY for early, late in pairwise(visits)]
    assert gaps[0] < 0.1
    assert 20 < max(gaps) < 30.01


def test_a_dead_source_with_a_small_window_is_not_left_to_overflow_if_it_returns():
    items = every(2 * HOUR, start=MONDAY - 60 * DAY, end=MONDAY)
    rhythm, _ = follow(items, until=MONDAY + 200 * DAY, window=20)
    assert 12 * HOUR <= rhythm.interval <= 21 * HOUR, "half of twenty items at the old rate"


def test_a_source_that_returns_is_followed_again_within_days():
    back = MONDAY + 200 * DAY
    items = every(HOUR, start=MONDAY - 9 * DAY, end=MONDAY) + every(HOUR, start=back, end=back + 20 * DAY)
    before, _ = follow(items, until=back - DAY)
    after, _ = follow(items, until=back + 3 * DAY)
    assert before.interval > 10 * HOUR
    assert after.interval < 0.6 * HOUR


def test_soft_failures_wait_minutes_then_hours_then_as_hard_ones():
    rhythm = met()
    waits, at = [], MONDAY + HOUR
    while at < MONDAY + 6 * DAY:
        rhythm = rhythm.failed(at, hard=False, status=500)
        waits.append((rhythm.next_visit - at) / HOUR)
        at = rhythm.next_visit
    assert waits[0] == pytest.approx(1 / 6, rel=0.1)
    assert max(waits[:-4]) < 6.6
    assert max(waits) > 24
    assert met().failed(MONDAY, hard=False, status=429).interval == timedelta(minutes=30)


def test_hard_failures_are_retried_for_ever_in_widening_steps():
    rhythm = met()
    waits, at = [], MONDAY + HOUR
    while at < MONDAY + 400 * DAY:
        rhythm = rhythm.failed(at, hard=True, status=404)
        waits.append((rhythm.next_visit - at) / DAY)
        at = rhythm.next_visit
    assert waits[0] == pytest.approx(1 / 24, rel=0.1)
    assert len(waits) < 40
    assert 27 < waits[-1] < 33
    assert met().failed(MONDAY, hard=True, status=410).interval == DAY


def test_a_busy_source_that_fails_is_asked_again_before_its_window_runs_over():
    end = MONDAY + 7 * DAY
    rhythm, _ = follow(every(6 * MINUTE, start=MONDAY - 30 * DAY, end=end), until=end, window=40)
    at = end
    for _ in range(10):
        rhythm = rhythm.failed(at, hard=True, status=404)
        assert rhythm.next_visit - at < 2.5 * HOUR
        at = rhythm.next_visit


def test_a_success_ends_the_failures():
    rhythm = met(fresh=every(HOUR, start=MONDAY - DAY, end=MONDAY))
    usual = rhythm.interval
    for day in range(1, 60):
        rhythm = rhythm.failed(MONDAY + day * DAY, hard=True, status=404)
    assert rhythm.interval > 20 * DAY
    at = MONDAY + 60 * DAY
    back = rhythm.visited(at, fresh=[at - number * HOUR for number in range(24)], listed=24, changed=True)
    assert back.failing is None
    assert back.interval < 3 * usual


def test_a_habit_of_silence_is_no_alarm_but_a_broken_one_is():
    stop = MONDAY + 28 * DAY
    items = office_hours(HOUR, start=MONDAY - 60 * DAY, end=stop)
    living, _ = follow(items, until=stop)
    weekend, _ = follow([at for at in items if at < stop - 2 * DAY], until=stop - HOUR)
    assert living.silent_since is None
    assert weekend.silent_since is None
    broken, _ = follow(items, until=stop + 10 * DAY)
    assert broken.silent_since == items[-1]
    assert broken.failed(stop + 11 * DAY, hard=True, status=404).silent_since is None
    assert met().silent_since is None


def test_an_import_at_first_sight_is_no_habit():
    at_once = met(fresh=[MONDAY - DAY] * 500)
    usual = met(fresh=[MONDAY - DAY])
    assert at_once.interval == pytest.approx(usual.interval, rel=0.01)
    assert met(fresh=[None] * 500).interval == met(fresh=[None]).interval


def test_an_import_later_on_is_forgotten_within_days():
    end = MONDAY + 14 * DAY
    rhythm, _ = follow(every(DAY, start=MONDAY - 60 * DAY, end=end), until=end, window=600)
    usual = rhythm.interval
    after = rhythm.visited(rhythm.next_visit, fresh=[None] * 500, listed=600, changed=True)
    assert usual / 6 < after.interval < usual
    at = after.next_visit
    while at < end + 4 * DAY:
        after = after.visited(at, fresh=[], listed=600, changed=False)
        at = after.next_visit
    assert after.interval > usual / 2


def test_one_pinned_item_from_years_ago_does_not_hide_the_rhythm():
    items = every(HOUR, start=MONDAY - 20 * HOUR, end=MONDAY)
    pinned = [datetime(2012, 5, 1, tzinfo=UTC), *items]
    assert met(fresh=pinned).interval < 1.5 * met(fresh=items).interval


def test_dates_without_a_time_of_day_teach_no_hours():
    rhythm = met(fresh=[MONDAY - number * DAY for number in range(20)])
    assert max(rhythm.week.hours) == pytest.approx(min(rhythm.week.hours))
    timed = met(fresh=[MONDAY - number * DAY - number * MINUTE for number in range(20)])
    assert max(timed.week.hours) > 2 * min(timed.week.hours)


def test_the_bounds_are_the_callers():
    items = every(MINUTE, start=MONDAY - DAY, end=MONDAY)
    assert met(fresh=items).interval >= 5 * MINUTE
    tight = met(fresh=items, limits=Limits(minimum=HOUR))
    assert HOUR <= tight.next_visit - MONDAY < 1.1 * HOUR
    stored = Rhythm.from_json(tight.to_json(), limits=Limits(minimum=2 * HOUR))
    assert stored.interval >= 2 * HOUR, "new settings hold for old sources"


def test_sources_alike_are_spread_and_the_spread_is_the_same_every_time():
    items = every(HOUR, start=MONDAY - 2 * DAY, end=MONDAY)

    def due():
        return [met(fresh=items, source=f"https://paper{n}.example/feed").next_visit for n in range(200)]

    times = due()
    assert len(set(times)) == 200
    interval = met(fresh=items).interval
    assert all(0.91 * interval < at - MONDAY < 1.09 * interval for at in times)
    assert times == due()
    assert seed_of(SOURCE) == 2616989390, "the same in every process and version"


def test_what_is_stored_is_what_was_known():
    end = MONDAY + 28 * DAY
    items = office_hours(HOUR / 2, start=MONDAY - 60 * DAY, end=end)
    kept, visits = follow(items, until=end)
    stored, again = follow(items, until=end, stored=True)
    assert len(visits) == len(again)
    assert max(abs(a - b) for a, b in zip(visits, again, strict=True)) < MINUTE
    assert stored.week.hours == pytest.approx(kept.week.hours, rel=1e-3)
    assert len(kept.to_json()) < 1000
    failing = kept.failed(end, hard=True, status=404)
    assert Rhythm.from_json(failing.to_json()).to_json() == failing.to_json()


@pytest.mark.parametrize("text", ["", "[]", "null", "{}", '{"v":2}', '{"v":1,"seed":3}', '{"v":1,"more":1}'])
def test_what_is_no_rhythm_is_refused_with_a_remedy(text):
    with pytest.raises(NewswarcError, match=r"^visits: .* is not a rhythm of version 1 .*learned anew$"):
        Rhythm.from_json(text)


def test_fields_that_are_not_a_rhythms_are_refused():
    record = json.loads(met().to_json()) | {"colour": "red"}
    with pytest.raises(NewswarcError, match="colour"):
        Rhythm.from_json(json.dumps(record))


@pytest.mark.parametrize(
    "bounds",
    [{"minimum": timedelta(0)}, {"worth": 0.0}, {"worth": -1.0}, {"share": 1.5}, {"minimum": 15 * DAY}],
)
def test_bounds_that_no_visit_could_meet_are_refused(bounds):
    with pytest.raises(ConfigError, match=rf"^visits: {next(iter(bounds))}"):
        Limits(**bounds)


ANY_DATE = st.none() | st.datetimes(timezones=st.just(UTC))
VISIT = st.tuples(
    st.timedeltas(min_value=-DAY, max_value=90 * DAY),
    st.lists(ANY_DATE, max_size=30),
    st.integers(0, 40),
    st.sampled_from(["visited", "soft", "hard"]),
    st.none() | st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=1000)),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(VISIT, min_size=1, max_size=15))
def test_whatever_a_source_says_the_next_visit_stays_within_bounds(visits):
    rhythm = Rhythm.first(MONDAY, source=SOURCE)
    at = MONDAY
    for later, fresh, listed, outcome, hint in visits:
        at += later
        if outcome == "visited":
            rhythm = rhythm.visited(at, fresh=fresh, listed=listed, changed=bool(fresh), hint=hint)
        else:
            rhythm = rhythm.failed(at, hard=outcome == "hard", status=None)
        wait = rhythm.next_visit - at
        assert 5 * MINUTE - timedelta(seconds=1) <= wait <= 33 * DAY
        assert Rhythm.from_json(rhythm.to_json()).to_json() == rhythm.to_json()
        assert rhythm.silent_since is None or rhythm.silent_since <= at + DAY * 15
