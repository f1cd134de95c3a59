"""From rows of the ledger's tables to its nouns, and back."""

from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Row

from crawler.discovery import Kind
from crawler.ledger.model import Event, KnownSource, Page, PageEvent, SourceState, State
from crawler.scope import Reason
from pipelines.model import Original

KEY_BYTES = 2000
"""Longest text that goes into an index; PostgreSQL takes a third of a page, 2,700 bytes."""

_CAPTURE = ("url", "timestamp", "segment", "offset", "digest", "sha256")
_REASONS = {reason.value: reason for reason in Reason}
CAPTURE_COLUMNS = tuple(f"capture_{name}" for name in _CAPTURE)


def seconds(moment: datetime | None) -> float | None:
    """Return *moment* as the tables hold it."""
    return None if moment is None else moment.timestamp()


def moment(seconds: float) -> datetime:
    """Return the aware UTC time of *seconds* since 1970."""
    return datetime.fromtimestamp(seconds, UTC)


def maybe_moment(seconds: float | None) -> datetime | None:
    """Return the same, None for None."""
    return None if seconds is None else moment(seconds)


def clean(text: str) -> str:
    """Return *text* without what a database cannot hold: NUL, and halves of surrogate pairs."""
    if text.isascii() and "\0" not in text:
        return text
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", "\ufffd")


def key(text: str) -> str:
    """Return *text* as an index can hold it: one that is too long ends in its digest."""
    text = clean(text)
    if len(text) * 4 <= KEY_BYTES or len(text.encode()) <= KEY_BYTES:
        return text
    return f"{text[: KEY_BYTES // 8]}…sha256:{sha256(text.encode()).hexdigest()}"


def capture_columns(original: Original | None) -> dict[str, object]:
    """Return the columns that say where a capture lies."""
    if original is None:
        return dict.fromkeys(CAPTURE_COLUMNS)
    return {f"capture_{name}": getattr(original, name) for name in _CAPTURE}


def capture_of(row: Row[Any]) -> Original | None:
    """Return where the capture of a row lies, None where it has none."""
    if row.capture_timestamp is None:
        return None
    return Original(*(getattr(row, name) for name in CAPTURE_COLUMNS))


def source_of(row: Row[Any]) -> KnownSource:
    """Return the source that *row* is."""
    return KnownSource(
        id=row.id,
        site=row.site,
        url=row.url,
        kind=Kind(row.kind),
        parent=row.parent,
        title=row.title,
        updated=maybe_moment(row.updated),
        state=SourceState(row.state),
        etag=row.etag,
        last_modified=row.last_modified,
        capture=capture_of(row),
        signature=row.signature,
        rhythm=row.rhythm,
        first_seen=moment(row.first_seen),
        last_visit=maybe_moment(row.last_visit),
        next_visit=moment(row.next_visit),
        last_new=maybe_moment(row.last_new),
        status=row.status,
        reason=_reason(row.reason),
        failing_since=maybe_moment(row.failing_since),
        listed=row.listed,
        overflows=row.overflows,
    )


def page_of(row: Row[Any]) -> Page:
    """Return the page that *row* is."""
    return Page(
        id=row.id,
        site=row.site,
        identity=row.identity,
        url=row.url,
        state=State(row.state),
        reason=_reason(row.reason),
        detail=row.detail,
        status=row.status,
        mime=row.mime,
        first_seen=moment(row.first_seen),
        job=row.job,
        attempts=row.attempts,
        capture=capture_of(row),
        first_capture=maybe_moment(row.first_capture),
        last_visit=maybe_moment(row.last_visit),
        next_visit=maybe_moment(row.next_visit),
        published=maybe_moment(row.published),
        updated=maybe_moment(row.updated),
        etag=row.etag,
        last_modified=row.last_modified,
        redirect=row.redirect,
        gone_since=maybe_moment(row.gone_since),
    )


def event_of(row: Row[Any]) -> PageEvent:
    """Return the event that *row* is."""
    return PageEvent(row.page, moment(row.at), Event(row.event), row.status, row.detail, capture_of(row))


def _reason(code: str | None) -> Reason | None:
    return None if code is None else _REASONS[code]
