import pytest

from crawler.politeness.patience import LONGEST_SECONDS, retry_after

NOW = 1795442709.0  # Mon, 23 Nov 2026 14:05:09 GMT


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (b"120", 120),
        (b" 7 ", 7),
        (b"0", 0),
        (b"1.5", 2),
        (b"Mon, 23 Nov 2026 14:05:39 GMT", 30),
        (b"Monday, 23-Nov-26 14:05:39 GMT", 30),
        (b"Mon Nov 23 14:05:39 2026", 30),
        (b"Mon, 23 Nov 2026 22:05:39 +0800", 30),
        (b"Mon, 23 Nov 2020 14:05:09 GMT", 0),
        (b"Mon, 23 Nov 2099 14:05:09 GMT", LONGEST_SECONDS),
        (b"604800", LONGEST_SECONDS),
        (b"9" * 400, LONGEST_SECONDS),
        (b"-5", None),
        (b"", None),
        (None, None),
        (b"soon", None),
        (b"\xff\xfe", None),
        (b"Mon, 32 Nov 2026 14:05:09 GMT", None),
        (b"Mon, 23 Nov 99999 14:05:09 GMT", None),
        (b"1, 2", None),
        (b"nan", None),
    ],
)
def test_retry_after(value, seconds):
    assert retry_after(value, date=None, now=NOW) == seconds


def test_a_time_of_the_servers_clock_counts_from_the_servers_clock():
    wrong_by_an_hour = b"Mon, 23 Nov 2026 15:05:09 GMT"
    until = b"Mon, 23 Nov 2026 15:05:19 GMT"
    assert retry_after(until, date=wrong_by_an_hour, now=NOW) == 10
    assert retry_after(until, date=b"broken", now=NOW) == 3610
