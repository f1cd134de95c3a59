from datetime import UTC, datetime, timedelta

import pytest

from crawler.ledger import State
from crawler.scope import Reason
from crawler.spiders.outcomes import MOST_ATTEMPTS, again_at, of_failure, of_quality, of_status, retry_at

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
LAST = MOST_ATTEMPTS - 1


@pytest.mark.parametrize(
    ("status", "attempts", "state", "reason"),
    [
        (200, 0, State.CAPTURED, None),
        (204, 0, State.CAPTURED, None),
        (301, 0, State.CAPTURED, None),
        (304, 0, State.CAPTURED, None),
        (404, 0, State.REFUSED, Reason.GONE),
        (410, 0, State.REFUSED, Reason.GONE),
        (403, 0, State.REFUSED, Reason.HTTP_ERROR),
        (451, 0, State.REFUSED, Reason.HTTP_ERROR),
        (408, 0, State.PENDING, Reason.HTTP_ERROR),
        (425, 0, State.PENDING, Reason.HTTP_ERROR),
        (429, 0, State.PENDING, Reason.RATE_LIMITED),
        (429, LAST, State.REFUSED, Reason.RATE_LIMITED),
        (503, LAST - 1, State.PENDING, Reason.HTTP_ERROR),
        (503, LAST, State.REFUSED, Reason.HTTP_ERROR),
        (None, 0, State.PENDING, Reason.HTTP_ERROR),
    ],
)
def test_what_an_answer_means(status, attempts, state, reason):
    assert of_status(status, attempts=attempts) == (state, reason)


@pytest.mark.parametrize("reason", Reason)
def test_a_failure_is_for_good_or_may_pass_and_the_job_s_own_end_never_counts(reason):
    left_over = {Reason.BUDGET, Reason.STOPPED}
    lasting = {
        Reason.SCHEME, Reason.MALFORMED, Reason.TOO_LONG, Reason.SCOPE_HOST, Reason.SCOPE_PATTERN,
        Reason.HOPS, Reason.TRAP, Reason.OLD, Reason.ROBOTS, Reason.ADDRESS, Reason.SIZE,
        Reason.REDIRECTS, Reason.GONE, Reason.MEDIA_TYPE,
    }  # fmt: skip
    first, last = of_failure(reason), of_failure(reason, attempts=LAST)
    assert first == (State.REFUSED if reason in lasting else State.PENDING, reason)
    assert last == (State.PENDING if reason in left_over else State.REFUSED, reason)


def test_attempts_come_ever_later_but_no_later_than_two_days():
    waits = [retry_at(NOW, attempts=number) - NOW for number in range(12)]
    assert waits[:4] == [timedelta(minutes=15), timedelta(hours=1), timedelta(hours=4), timedelta(hours=16)]
    assert set(waits[4:]) == {timedelta(days=2)}


@pytest.mark.parametrize(
    ("state", "reason", "sent", "wait"),
    [
        (State.PENDING, Reason.TIMEOUT, True, timedelta(minutes=15)),
        (State.PENDING, Reason.ROBOTS_UNREACHABLE, False, None),
        (State.PENDING, Reason.BUDGET, False, None),
        (State.REFUSED, Reason.ROBOTS, False, timedelta(days=7)),
        (State.REFUSED, Reason.ADDRESS, True, timedelta(days=7)),
        (State.REFUSED, Reason.DNS, True, timedelta(days=30)),
        (State.REFUSED, Reason.HTTP_ERROR, True, timedelta(days=30)),
        (State.REFUSED, Reason.SCOPE_PATTERN, False, None),
        (State.REFUSED, Reason.OLD, False, None),
    ],
)
def test_when_to_ask_again(state, reason, sent, wait):
    found = again_at(NOW, state, reason, attempts=0, sent=sent)
    assert found == (None if wait is None else NOW + wait)


def test_a_preview_is_a_paywall():
    assert of_quality("preview") is of_quality("login_stub") is Reason.PAYWALL
    assert of_quality("full") is None
