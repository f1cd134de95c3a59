"""Captures by address and time: how the tables answer."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from typing import Any, Final

from sqlalchemy import BindParameter, ColumnElement, Connection, Select, and_, bindparam, or_, select

from pipelines.catalog.coding import (
    FIRST_URL,
    TRUNCATIONS,
    digest_bytes,
    digest_text,
    stored_key,
    stored_term,
    url_of,
)
from pipelines.catalog.prepared import Prepared
from pipelines.catalog.questions import Filter, Keys, Place, Query, beginning, behind, plain, ranges
from pipelines.catalog.schema import (
    IS_ORIGINAL,
    PAYLOAD_MARK,
    captures,
    payloads,
    segments,
    terms,
    urlkeys,
    urls,
)
from pipelines.extract.identities import cased_key
from pipelines.model import Capture
from pipelines.urls import moment, span, urlkey

_Condition = ColumnElement[bool]
_ADDRESSES = 500
"""Addresses of one urlkey that are told apart."""
_KINDS: Final = ("response", "revisit")
_LOOKED_AT = 1000
"""Responses with one payload among which that of the same URL is looked for."""

_COLUMNS = (
    urlkeys.c.urlkey,
    captures.c.timestamp,
    captures.c.url_id,
    urls.c.url,
    captures.c.kind,
    captures.c.status,
    terms.c.text,
    payloads.c.digest,
    payloads.c.sha256,
    segments.c.name,
    segments.c.filename,
    captures.c.offset,
    captures.c.length,
    captures.c.truncated,
    urlkeys.c.whole,
)
CAPTURES: Final[Select[Any]] = (
    select(*_COLUMNS)
    .select_from(urlkeys)
    .join(captures, captures.c.urlkey_id == urlkeys.c.id)
    .join(segments, segments.c.id == captures.c.segment_id)
    .join(payloads, payloads.c.id == captures.c.payload_id)
    .join(terms, terms.c.id == captures.c.mime_id)
    .outerjoin(urls, urls.c.id == captures.c.url_id)
)
"""Each row is read by :func:`capture_of`."""

_ORDER = (urlkeys.c.urlkey, captures.c.timestamp, segments.c.name, captures.c.offset)
_NEWEST = tuple(column.desc() for column in _ORDER)
_PAYLOAD = Prepared(
    select(payloads.c.id).where(
        bindparam("mark") == PAYLOAD_MARK,
        payloads.c.sha256 == bindparam("sha256"),
        payloads.c.digest == bindparam("digest"),
    )
)
_ORIGINALS = Prepared(
    CAPTURES.where(captures.c.payload_id == bindparam("payload"), IS_ORIGINAL)
    .order_by(*_ORDER[1:])
    .limit(bindparam("most"))
)
_ODD = Prepared(
    select(urls.c.id, urls.c.url)
    .join(urlkeys, urlkeys.c.id == urls.c.urlkey_id)
    .where(urlkeys.c.urlkey == bindparam("key"))
    .order_by(urls.c.id)
    .limit(bindparam("most"))
)
_AT = Prepared(
    CAPTURES.where(
        urlkeys.c.urlkey == bindparam("key"),
        captures.c.timestamp == bindparam("at"),
        captures.c.offset == bindparam("offset"),
        segments.c.name == bindparam("segment"),
    )
)


def matching(connection: Connection, query: Query) -> Iterator[Capture]:
    """Yield the captures that *query* asks for, a few at a time in memory.

    Raises ``ValueError`` where its times are no digits.
    """
    start = beginning(query)
    keys = ranges(query.url, query.match)
    if query.after:
        place = query.after
        keys = [part for each in keys for part in behind(each, place, reverse=query.reverse)]
    found = (
        capture
        for each in (reversed(keys) if query.reverse else keys)
        for capture in _of_range(connection, replace(query, limit=None) if start else query, each)
        if not start or plain(capture.url).startswith(start)
    )
    yield from islice(found, query.limit)


def closest(connection: Connection, url: str, timestamp: str, where: Filter) -> Capture | None:
    """Return the capture of *url* nearest to *timestamp* (4 to 14 digits) that *where* lets through.

    Of addresses that differ in case only, which have one urlkey, the one asked for comes first.
    """
    wanted, at = moment(timestamp), int(span(timestamp)[0])
    key = urlkey(url)
    values: dict[str, Any] = {"exactly": stored_key(key), "most": 1, **_filter_values(where)}
    for addresses in (own, ()) if (own := _own_addresses(connection, url, key)) else ((),):
        asked = values | {f"address{number}": address for number, address in enumerate(addresses)}
        counts = (*_filter_shape(where), len(addresses))
        before = _question(_Shape(("exactly", "until"), counts, reverse=True, limited=True))
        after = _question(_Shape(("exactly", "since"), counts, limited=True))
        rows = [
            *before.rows(connection, {**asked, "until": at}),
            *after.rows(connection, {**asked, "since": at + 1}),
        ]
        if rows:
            return min(map(capture_of, rows), key=lambda capture: abs(moment(capture.timestamp) - wanted))
    return None


def _own_addresses(connection: Connection, url: str, key: str) -> tuple[int, ...]:
    """Return what ``captures.url_id`` is of those with the urlkey *key* that are of *url* in its own case.

    Scheme and ``www.`` do not count. Empty where no address of the urlkey has capital letters, as mostly.
    """
    odd = list(_ODD.rows(connection, {"key": stored_key(key), "most": _ADDRESSES}))
    if not odd:
        return ()
    own = cased_key(url)
    forms = range(FIRST_URL) if own == key else ()
    return (*forms, *(number for number, address in odd if cased_key(address) == own))


def original(connection: Connection, url: str, digest: str, sha256: str) -> Capture | None:
    """Return a whole response with this payload: the earliest, the earliest of *url* where that has one.

    The latter is looked for among the first thousand.
    """
    content = bytes.fromhex(sha256)
    asked = {"mark": content[:8], "sha256": content, "digest": digest_bytes(digest)}
    numbers = _PAYLOAD.rows(connection, asked)
    for (number,) in numbers:
        first: Capture | None = None
        for row in _ORIGINALS.rows(connection, {"payload": number, "most": _LOOKED_AT if url else 1}):
            found = capture_of(row)
            if not url or found.url == url:
                return found
            first = first or found
        return first
    return None


def at_place(connection: Connection, place: Place) -> Capture | None:
    """Return the capture at *place*."""
    asked = {
        "key": stored_key(place.urlkey),
        "at": int(place.timestamp),
        "offset": place.offset,
        "segment": place.segment,
    }
    return next(map(capture_of, _AT.rows(connection, asked)), None)


def capture_of(row: Any) -> Capture:  # noqa: ANN401 - a row of CAPTURES
    """Return the capture that a row of :data:`CAPTURES` is."""
    (
        stored,
        at,
        form,
        url,
        kind,
        status,
        mime,
        digest,
        sha256,
        segment,
        filename,
        offset,
        length,
        cut,
        whole,
    ) = row
    key = whole or stored
    return Capture(
        urlkey=key,
        timestamp=f"{at:014d}",
        url=url_of(form, key) if form < FIRST_URL else url,
        kind=_KINDS[kind],
        status=status,
        mime=mime,
        digest=digest_text(digest),
        sha256=sha256.hex(),
        segment=segment,
        filename=filename,
        offset=offset,
        length=length,
        truncated=TRUNCATIONS[cut],
    )


@dataclass(frozen=True, slots=True)
class _Shape:
    """What a statement asks for, without the values: each shape is compiled once."""

    limits: tuple[str, ...]
    """Parts of :class:`Keys` and of the time that are given; ``past`` that it goes on behind a place."""
    where: tuple[int, ...] = ()
    """How many statuses, media types, kinds, digests and addresses are let through; all where it ends."""
    reverse: bool = False
    limited: bool = False


def _of_range(connection: Connection, query: Query, keys: Keys) -> Iterator[Capture]:
    values = {name: value for name in Keys.__slots__ if (value := getattr(keys, name))}
    if query.since:
        values["since"] = int(span(query.since)[0])
    if query.until:
        values["until"] = int(span(query.until)[1])
    limits = tuple(values)
    if query.after and stored_key(query.after.urlkey) == keys.exactly:
        limits += ("past",)
        place = query.after
        values |= {"at": int(place.timestamp), "segment": place.segment, "offset": place.offset}
    shape = _Shape(limits, _filter_shape(query.where), query.reverse, query.limit is not None)
    values |= _filter_values(query.where)
    if query.limit is not None:
        values["most"] = query.limit
    yield from map(capture_of, _question(shape).rows(connection, values, many=query.limit is None))


@lru_cache(maxsize=1000)
def _question(shape: _Shape) -> Prepared:
    parts = [_LIMITS[name] for name in shape.limits if name != "past"]
    if "past" in shape.limits:
        parts.append(_past(reverse=shape.reverse))
    for column, name, count in zip(_FILTERED, _FILTERS, shape.where, strict=False):
        if count:
            parts.append(column.in_([bindparam(f"{name}{number}") for number in range(count)]))
    statement = CAPTURES.where(*parts).order_by(*(_NEWEST if shape.reverse else _ORDER))
    return Prepared(statement.limit(bindparam("most")) if shape.limited else statement)


_LIMITS: Final[dict[str, _Condition]] = {
    "exactly": urlkeys.c.urlkey == bindparam("exactly"),
    "least": urlkeys.c.urlkey >= bindparam("least"),
    "above": urlkeys.c.urlkey > bindparam("above"),
    "below": urlkeys.c.urlkey < bindparam("below"),
    "since": captures.c.timestamp >= bindparam("since"),
    "until": captures.c.timestamp <= bindparam("until"),
}
_FILTERED: Final[tuple[ColumnElement[Any], ...]] = (
    captures.c.status,
    terms.c.text,
    captures.c.kind,
    payloads.c.digest,
    captures.c.url_id,
)
_FILTERS = ("status", "mime", "kind", "digest", "address")


def _past(*, reverse: bool) -> _Condition:
    """Return what holds of captures of a place's urlkey that come behind it."""
    at, name, offset = captures.c.timestamp, segments.c.name, captures.c.offset
    when: BindParameter[int] = bindparam("at")
    segment: BindParameter[str] = bindparam("segment")
    place: BindParameter[int] = bindparam("offset")
    if reverse:
        tied = or_(name < segment, and_(name == segment, offset < place))
        return and_(at <= when, or_(at < when, tied))
    tied = or_(name > segment, and_(name == segment, offset > place))
    return and_(at >= when, or_(at > when, tied))


def _filter_shape(where: Filter) -> tuple[int, int, int, int]:
    return len(where.statuses), len(where.mimes), len(where.kinds), int(bool(where.digest))


def _filter_values(where: Filter) -> dict[str, Any]:
    return {
        **{f"status{number}": status for number, status in enumerate(where.statuses)},
        **{f"mime{number}": stored_term(mime) for number, mime in enumerate(where.mimes)},
        **{f"kind{number}": _KINDS.index(kind) for number, kind in enumerate(where.kinds)},
        **({"digest0": digest_bytes(where.digest)} if where.digest else {}),
    }
