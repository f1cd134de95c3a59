from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from crawler.sites.cron import triggers

MONDAY = datetime(2026, 1, 5, tzinfo=UTC)


def fires(expressions, *, zone="UTC", start=MONDAY, hours=24):
    """Return when a trigger fires within *hours*, the way a scheduler asks it."""
    trigger = triggers(expressions, ZoneInfo(zone))
    found, before, now = [], None, start
    while True:
        fire = trigger.get_next_fire_time(before, now)
        if fire is None or fire.astimezone(UTC) >= start + timedelta(hours=hours):
            return found
        found.append(fire.astimezone(UTC))
        before, now = fire, fire.astimezone(UTC) + timedelta(microseconds=1)


def days(expression, *, start=MONDAY, count=14):
    return [f"{each:%a%d}" for each in fires(expression, start=start, hours=24 * count)]


@pytest.mark.parametrize(
    ("weekdays", "expected"),
    [
        ("0", ["Sun11"]),
        ("7", ["Sun11"]),
        ("1", ["Mon05"]),
        ("6", ["Sat10"]),
        ("1-5", ["Mon05", "Tue06", "Wed07", "Thu08", "Fri09"]),
        ("5-7", ["Fri09", "Sat10", "Sun11"]),
        ("0-2", ["Mon05", "Tue06", "Sun11"]),
        ("1-5/2", ["Mon05", "Wed07", "Fri09"]),
        ("*/2", ["Tue06", "Thu08", "Sat10", "Sun11"]),
        ("sun", ["Sun11"]),
        ("MON,wed", ["Mon05", "Wed07"]),
        ("fri-sun", ["Fri09", "Sat10", "Sun11"]),
        ("sat,0", ["Sat10", "Sun11"]),
        ("*", ["Mon05", "Tue06", "Wed07", "Thu08", "Fri09", "Sat10", "Sun11"]),
    ],
)
def test_weekdays_count_from_sunday(weekdays, expected):
    assert days(f"0 0 * * {weekdays}", count=7) == expected


def test_of_two_days_that_are_both_named_one_is_enough():
    assert days("0 0 13 * fri") == ["Fri09", "Tue13", "Fri16"]
    assert days("0 0 9 * fri") == ["Fri09", "Fri16"]  # once, where both come together


def test_of_two_days_of_which_one_begins_with_a_star_both_must_match():
    assert days("0 0 */2 * fri") == ["Fri09"]
    assert days("0 0 13-31 * *", count=9) == ["Tue13"]


@pytest.mark.parametrize(
    ("expression", "minutes"),
    [
        ("*/20 1 * * *", [60, 80, 100]),
        ("5/25 1 * * *", [65, 90, 115]),
        ("0,30 0-1 * * *", [0, 30, 60, 90]),
        ("10-40/15 0 * * *", [10, 25, 40]),
        ("@daily", [0]),
        ("@Hourly", list(range(0, 1440, 60))),
    ],
)
def test_minutes_and_hours(expression, minutes):
    assert fires(expression) == [MONDAY + timedelta(minutes=minute) for minute in minutes]


def test_months_and_macros():
    year = {"start": datetime(2026, 1, 1, 0, 1, tzinfo=UTC), "hours": 24 * 365}
    assert [each.month for each in fires("0 0 1 feb-may/2,12 *", **year)] == [2, 4, 12]
    assert [each.month for each in fires("@monthly", **year)] == [*range(2, 13), 1]
    assert len(fires("@weekly", **year)) == 52
    assert {f"{each:%a}" for each in fires("@weekly", **year)} == {"Sun"}


def test_several_expressions_fire_once_each_and_together_once():
    assert fires(["0 8 * * *", "0 8,20 * * *"]) == [MONDAY.replace(hour=8), MONDAY.replace(hour=20)]


def test_hours_are_those_of_the_zone():
    assert fires("0 8 * * *", zone="Asia/Shanghai") == [MONDAY]


def test_jitter_only_puts_off():
    trigger = triggers("0 * * * *", UTC, jitter=30)
    late = {trigger.get_next_fire_time(None, MONDAY) - MONDAY for _ in range(20)}
    assert len(late) > 1
    assert timedelta() <= min(late)
    assert max(late) <= timedelta(seconds=30)


# Clocks go forward at 02:00, on 29 March 2026 in Berlin and on 8 March in New York; back at 03:00 on 25
# October, and at 02:00 on 1 November.
BERLIN, NEW_YORK = "Europe/Berlin", "America/New_York"


@pytest.mark.parametrize(
    ("zone", "start", "expression", "expected"),
    [
        (BERLIN, datetime(2026, 3, 28, 22, tzinfo=UTC), "30 2 * * *", ["01:30"]),  # 03:30 there
        (NEW_YORK, datetime(2026, 3, 8, 4, tzinfo=UTC), "30 2 * * *", ["07:30"]),
        (BERLIN, datetime(2026, 10, 24, 22, tzinfo=UTC), "30 2 * * *", ["00:30", "01:30"]),
        (NEW_YORK, datetime(2026, 11, 1, 3, tzinfo=UTC), "30 1 * * *", ["05:30", "06:30"]),
        (BERLIN, datetime(2026, 10, 24, 22, tzinfo=UTC), "30 3 * * *", ["02:30"]),
    ],
)
def test_a_time_that_the_clocks_leave_out_comes_and_one_that_comes_twice_comes_twice(
    zone, start, expression, expected
):
    assert [f"{each:%H:%M}" for each in fires(expression, zone=zone, start=start, hours=10)] == expected


@pytest.mark.parametrize("zone", [BERLIN, NEW_YORK])
def test_what_comes_every_few_minutes_keeps_its_pace_when_the_clocks_change(zone):
    for start in (datetime(2026, 3, 7, tzinfo=UTC), datetime(2026, 10, 24, tzinfo=UTC)):
        found = fires("*/15 * * * *", zone=zone, start=start, hours=24 * 23)
        assert {later - earlier for earlier, later in pairwise(found)} == {timedelta(minutes=15)}


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("", "it has 0 fields instead of 5"),
        ("* * * *", "it has 4 fields instead of 5"),
        ("60 * * * *", "'60' is no minute: 0 to 59"),
        ("* 24 * * *", "'24' is no hour: 0 to 23"),
        ("* * 0 * *", "'0' is no day of month: 1 to 31"),
        ("* * * foo *", "'foo' is no month: 1 to 12 or jan, feb"),
        ("* * * * 8", "'8' is no day of week: 0 to 7 or sun, mon"),
        ("*/0 * * * *", "the step of '*/0' is 0"),
        ("30-10 * * * *", "'30-10' runs backwards"),
        ("* * * * L", "'l' is no day of week"),
        ("1,,2 * * * *", "'' is no minute"),
        ("0 0 31 2,4 *", "this day never comes"),
        ("@reboot", "@reboot is none of @hourly"),
    ],
)
def test_what_is_no_expression_is_told(expression, said):
    with pytest.raises(ValueError, match="is no cron expression") as caught:
        triggers(expression, UTC)
    assert said in str(caught.value)
    assert "write for example" in str(caught.value)


def test_the_last_of_february_comes():
    assert fires("0 0 29 2 *", start=datetime(2026, 1, 1, tzinfo=UTC), hours=24 * 366 * 3) == [
        datetime(2028, 2, 29, tzinfo=UTC)
    ]


def test_no_expression_at_all():
    with pytest.raises(ValueError, match="names no time"):
        triggers([], UTC)
