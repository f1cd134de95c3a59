"""What became of a page, as the ledger enters it: pure."""

from datetime import datetime, timedelta
from typing import Final

from crawler.ledger import State
from crawler.scope import Reason

MOST_ATTEMPTS: Final = 6
"""Attempts that failed, after which a page counts as refused and is tried again rarely."""
BY_PROFILE: Final = frozenset(
    {
        Reason.SCHEME,
        Reason.MALFORMED,
        Reason.TOO_LONG,
        Reason.SCOPE_HOST,
        Reason.SCOPE_PATTERN,
        Reason.HOPS,
        Reason.TRAP,
    }
)
"""Refusals that another profile, or another version of the program, may not make."""

_FIRST_WAIT: Final = timedelta(minutes=15)
_LONGEST_WAIT: Final = timedelta(days=2)
_RARELY: Final = timedelta(days=30)
_WITHDRAWN = frozenset({404, 410})
_PASSING = frozenset({408, 425, 429})
# These say what the page or its host is. All others say how it was at the moment.
_LASTING = BY_PROFILE | {
    Reason.OLD,
    Reason.ROBOTS,
    Reason.ADDRESS,
    Reason.SIZE,
    Reason.REDIRECTS,
    Reason.GONE,
    Reason.MEDIA_TYPE,
}
_LEFT_OVER = frozenset({Reason.BUDGET, Reason.STOPPED})
# A robots.txt is edited, an address moves or is allowed; asking again costs the host little or nothing.
_LOOK_AGAIN = {Reason.ROBOTS: timedelta(days=7), Reason.ADDRESS: timedelta(days=7)}
_PREVIEWS = frozenset({"preview", "login_stub"})


def of_status(status: int | None, *, attempts: int = 0) -> tuple[State, Reason | None]:
    """Return what an answer with *status* means for a page; *attempts* failed before it."""
    if status is not None and status < 400:
        return State.CAPTURED, None
    if status in _WITHDRAWN:
        return State.REFUSED, Reason.GONE
    if status is not None and status < 500 and status not in _PASSING:
        return State.REFUSED, Reason.HTTP_ERROR
    reason = Reason.RATE_LIMITED if status == 429 else Reason.HTTP_ERROR
    return _unless_too_often(reason, attempts)


def of_failure(reason: Reason, *, attempts: int = 0) -> tuple[State, Reason]:
    """Return what a request means for its page that was refused, or brought no whole answer, for *reason*."""
    if reason in _LASTING:
        return State.REFUSED, reason
    if reason in _LEFT_OVER:
        return State.PENDING, reason
    return _unless_too_often(reason, attempts)


def of_quality(quality: str) -> Reason | None:
    """Return what the *quality* of its text says against a page that was captured."""
    return Reason.PAYWALL if quality in _PREVIEWS else None


def retry_at(now: datetime, *, attempts: int) -> datetime:
    """Return when to try a page again that failed *attempts* times before."""
    return now + min(_FIRST_WAIT * float(4 ** min(attempts, 8)), _LONGEST_WAIT)


def again_at(now: datetime, state: State, reason: Reason, *, attempts: int, sent: bool) -> datetime | None:
    """Return when to ask again for a page that is *state* for *reason*, though no ladder says so.

    *sent*: whether this was an attempt, after *attempts* that failed. None: a pending page as soon as may
    be, a refused one when the profile says something else of it.
    """
    if state is State.PENDING:
        return retry_at(now, attempts=attempts) if sent else None
    wait = _LOOK_AGAIN.get(reason, None if reason in _LASTING else _RARELY)
    return None if wait is None else now + wait


def _unless_too_often(reason: Reason, attempts: int) -> tuple[State, Reason]:
    return (State.PENDING if attempts + 1 < MOST_ATTEMPTS else State.REFUSED), reason
