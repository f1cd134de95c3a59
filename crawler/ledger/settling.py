"""What an attempt does to the row of its page: pure, from the old row and the settlement."""

from typing import Any

from sqlalchemy import Row, bindparam, select, update

from crawler.ledger.model import Event, Settlement, State
from crawler.ledger.rows import CAPTURE_COLUMNS, capture_columns, capture_of, clean, key, seconds
from crawler.ledger.schema import events, pages
from crawler.ledger.sources import counts_as
from crawler.scope import Reason
from pipelines.model import Original

_GONE = frozenset({404, 410})
# What others are told of a page; where none of it changed, an export has nothing to tell.
_TOLD = ("state", "reason", "detail", "status", "redirect", "gone_since", *CAPTURE_COLUMNS)
_SETTLED = (
    *_TOLD, "mime", "attempts", "first_capture", "last_visit", "next_visit", "etag", "last_modified",
    "revision",
)  # fmt: skip

UNSETTLED = select(pages).where(
    pages.c.site == bindparam("of_site"), pages.c.identity.in_(bindparam("identities", expanding=True))
)
ADD_EVENT = events.insert()
SETTLE = (
    update(pages).where(pages.c.id == bindparam("of_id")).values({name: bindparam(name) for name in _SETTLED})
)


def settled(row: Row[Any], settlement: Settlement, *, now: float, revision: int) -> dict[str, Any]:
    """Return the values of :data:`SETTLE` for the page *row*."""
    is_captured = settlement.state is State.CAPTURED
    at = seconds(settlement.at)
    values: dict[str, Any] = {
        "state": State.CAPTURED if row.first_capture is not None else settlement.state,
        "reason": settlement.reason,
        "detail": clean(settlement.detail),
        "attempts": 0 if is_captured else row.attempts + (at is not None),
        **_answer(row, settlement),
        **capture_columns(_original(row, settlement)),
        "first_capture": row.first_capture,
        "last_visit": row.last_visit if at is None else at,
        "next_visit": seconds(settlement.next_visit),
        **_whereabouts(row, settlement, now=now),
    }
    if is_captured and row.first_capture is None:
        values["first_capture"] = now if at is None else at
    if settlement.state is State.PENDING and settlement.next_visit is None:
        values["next_visit"] = now
    is_told = any(getattr(row, name) != values[name] for name in _TOLD)
    values["revision"] = revision if is_told else row.revision
    return {"of_id": row.id, **values}


def event(row: Row[Any], settlement: Settlement, *, now: float) -> dict[str, Any] | None:
    """Return the event that the settlement is for the page *row*, None where it is none."""
    what = _event(row, settlement)
    if what is None:
        return None
    capture = settlement.capture
    at = seconds(settlement.at)
    return {
        "site": row.site,
        "page": row.id,
        "at": now if at is None else at,
        "event": what,
        "status": capture.status if capture else None,
        "detail": _target(row, settlement) if what is Event.MOVED else "",
        **capture_columns(Original.of(capture) if capture else None),
    }


def _event(row: Row[Any], settlement: Settlement) -> Event | None:
    if row.first_capture is None:
        return None
    if target := _target(row, settlement):
        return Event.MOVED if target != row.redirect else None
    if _is_gone(settlement):
        return Event.DISAPPEARED if row.gone_since is None or row.redirect else None
    if settlement.state is State.CAPTURED and row.gone_since is not None:
        return Event.RETURNED
    return None


def _whereabouts(row: Row[Any], settlement: Settlement, *, now: float) -> dict[str, Any]:
    """Return since when the page has no content of its own, and where it redirects to."""
    at = seconds(settlement.at)
    since = row.gone_since if row.gone_since is not None else now if at is None else at
    if target := _target(row, settlement):
        # One that always redirected never had content that could be gone.
        is_gone = row.first_capture is not None and (not row.redirect or row.gone_since is not None)
        return {"redirect": target, "gone_since": since if is_gone else None}
    if _is_gone(settlement):
        return {"redirect": "", "gone_since": since if row.first_capture is not None else None}
    if settlement.state is State.CAPTURED:
        return {"redirect": "", "gone_since": None}
    return {"redirect": row.redirect, "gone_since": row.gone_since}


def _target(row: Row[Any], settlement: Settlement) -> str:
    target = key(settlement.redirect or "")
    return "" if target == row.identity else target


def _is_gone(settlement: Settlement) -> bool:
    capture = settlement.capture
    return settlement.reason is Reason.GONE or (capture is not None and capture.status in _GONE)


def _answer(row: Row[Any], settlement: Settlement) -> dict[str, Any]:
    """Return what the answer's head said; a 304 repeats what is known, and says only what is new in it."""
    capture = settlement.capture
    has_new = capture is not None and capture.status != 304
    values = {
        "status": capture.status if capture is not None and has_new else row.status,
        "mime": row.mime,
        "etag": row.etag,
        "last_modified": row.last_modified,
    }
    if settlement.state is State.CAPTURED:
        if capture is not None and has_new:
            values["mime"] = clean(capture.mime)
        for name in ("etag", "last_modified"):
            given = getattr(settlement, name)
            values[name] = values[name] if given is None else clean(given)
    return values


def _original(row: Row[Any], settlement: Settlement) -> Original | None:
    known = capture_of(row)
    if settlement.state is State.CAPTURED:
        return counts_as(known if row.first_capture is not None else None, settlement.capture)
    if row.first_capture is not None or settlement.capture is None:
        return known
    return Original.of(settlement.capture)
