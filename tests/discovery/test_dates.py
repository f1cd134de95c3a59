from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.discovery import parse_date


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mon, 23 Nov 2026 10:05:09 GMT", "2026-11-23T10:05:09"),
        ("Mon, 23 Nov 2026 10:05:09 +0800", "2026-11-23T02:05:09"),
        ("23 Nov 26 10:05 EST", "2026-11-23T15:05:00"),
        ("Mon, 23 Nov 2026", "2026-11-23T00:00:00"),
        ("2026-11-23T10:05:09Z", "2026-11-23T10:05:09"),
        ("2026-11-23T10:05:09.1234567+08:00", "2026-11-23T02:05:09.123456"),
        ("2026-11-23T10:05+0800", "2026-11-23T02:05:00"),
        ("2026-11-23 10:05:09 +0800", "2026-11-23T02:05:09"),
        (" 2026-11-23\n10:05 ", "2026-11-23T10:05:00"),
        ("2026-11-23", "2026-11-23T00:00:00"),
        ("2026-11", "2026-11-01T00:00:00"),
        ("2026", "2026-01-01T00:00:00"),
        ("2026/1/3 9:05", "2026-01-03T09:05:00"),
        ("2026年11月23日 10:05", "2026-11-23T10:05:00"),
        ("2026年1月3日", "2026-01-03T00:00:00"),
        ("2026年11月23日 10时05分", "2026-11-23T10:05:00"),
        ("2026年11月23日10:05", "2026-11-23T10:05:00"),
        ("Nov 23, 2026 10:00 PM", "2026-11-23T22:00:00"),
        ("23 Nov 2026 10:00 p.m. EST", "2026-11-24T03:00:00"),
        ("23 Nov 2026 12:30 AM", "2026-11-23T00:30:00"),
        ("2026/11/23 12:30:09PM", "2026-11-23T12:30:09"),
        ("2026-11-23 22:00 PM", "2026-11-23T22:00:00"),
        ("2026-11-23T24:00:00Z", "2026-11-24T00:00:00"),
        ("2026-12-31T24:00:00+08:00", "2026-12-31T16:00:00"),
        ("2026-11-23T10:00:00+08:00[Asia/Shanghai]", "2026-11-23T02:00:00"),
        ("2026-11-23T10:00:00[Asia/Shanghai]", "2026-11-23T02:00:00"),
        ("2026-11-23T10:00:00[No/Where]", "2026-11-23T10:00:00"),
        ("2026-11-23 10:00:00 UTC", "2026-11-23T10:00:00"),
    ],
)
def test_forms(text, expected):
    assert parse_date(text) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [None, "", "yesterday", "0000-00-00", "2026-13-01", "1026-01-01", "12:30", "99999999999999", "x" * 200],
)
def test_what_is_no_date(text):
    assert parse_date(text) is None


def test_the_zone_stands_in_where_none_is_stated():
    zone = ZoneInfo("Asia/Shanghai")
    assert parse_date("2026-11-23 10:05", zone=zone) == datetime(2026, 11, 23, 2, 5, tzinfo=UTC)
    assert parse_date("2026-11-23T10:05Z", zone=zone) == datetime(2026, 11, 23, 10, 5, tzinfo=UTC)


def test_an_offset_that_says_nothing_of_the_zone_is_utc():
    found = parse_date("Fri, 20 Nov 2026 10:00:00 -0000", zone=ZoneInfo("Asia/Shanghai"))
    assert found == datetime(2026, 11, 20, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "zone", "hour"),
    [
        ("Fri, 20 Nov 2026 10:00:00 CST", "Asia/Shanghai", 2),
        ("Fri, 20 Nov 2026 10:00:00 CST", "America/Chicago", 16),
        ("Fri, 20 Nov 2026 10:00:00 CST", "Europe/Berlin", 16),
        ("Fri, 20 Nov 2026 10:00:00 EST", "Asia/Shanghai", 15),
        ("Fri, 20 Nov 2026 10:00:00 -0600 (CST)", "Asia/Shanghai", 16),
        ("Fri Nov 20 10:00:00 CST 2026", "Asia/Shanghai", 2),
        ("Fri, 17 Jul 2026 10:00:00 BST", "Europe/London", 9),
        ("Fri, 20 Nov 2026 10:00:00 MSK", "Europe/Moscow", 7),
    ],
)
def test_the_letters_of_the_papers_own_zone_mean_it(text, zone, hour):
    assert parse_date(text, zone=ZoneInfo(zone)).hour == hour


@settings(deadline=None)
@given(st.text(st.sampled_from("0123456789 -/:TZ+.年月日时分APMonNv,[]"), max_size=30))
def test_nothing_raises(text):
    found = parse_date(text)
    assert found is None or found.tzinfo is UTC
