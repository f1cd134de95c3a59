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


@settings(deadline=None)
@given(st.text(st.sampled_from("0123456789 -/:TZ+.年月日MonNv,"), max_size=30))
def test_nothing_raises(text):
    found = parse_date(text)
    assert found is None or found.tzinfo is UTC
