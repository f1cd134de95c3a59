"""From captures to the rows of a CDX answer, one after the other: filtered, collapsed, counted."""

import re
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, groupby, islice
from typing import Final

from crawler.service.captures import full_timestamp, in_blocks, outward
from crawler.service.cdx_query import Budget, CdxQuery, Collapse, Sort
from crawler.service.context import Context
from pipelines.catalog import Catalog, Filter, Query
from pipelines.model import Capture

_REVISIT: Final = "warc/revisit"
_SHA1: Final = "sha1:"
_DIGEST: Final = re.compile(r"[A-Z2-7]{32}")


@dataclass(slots=True)
class Row:
    """A capture as a CDX answer shows it."""

    capture: Capture
    last: Capture
    """The last of the captures that it stands for: behind that an answer is taken up again."""
    mime: str
    status: str
    original: Capture | None = None
    counts: dict[str, int | str] = field(default_factory=dict)


def value_of(row: Row, column: str) -> str:
    """Return what *row* has in *column*, ``-`` for nothing."""
    reader = _COLUMNS.get(column)
    found = reader(row) if reader else str(row.counts.get(column, "-"))
    return found.replace(" ", "%20") if " " in found else found


def captures_of(catalog: Catalog, query: CdxQuery) -> Iterator[Capture]:
    """Yield the captures of the address and the time that *query* asks for, in its order."""
    asked = Query(
        query.url,
        query.match,
        since=query.since,
        until=query.until,
        where=_known(query),
        reverse=query.sort is Sort.REVERSE or _asks_for_last(query),
        after=query.after,
    )
    if query.sort is Sort.CLOSEST:
        return outward(catalog, asked, full_timestamp(query.closest))
    return in_blocks(catalog, asked)


def _known(query: CdxQuery) -> Filter:
    """Return what of *query*'s filters the catalog can tell: it leaves out before anything is read."""
    if query.resolve:
        return Filter()
    stated = {each.column: each.literal for each in query.filters if each.literal}
    status, mime, digest = stated.get("statuscode", ""), stated.get("mimetype", ""), stated.get("digest", "")
    kinds = () if not mime else ("revisit",) if mime == _REVISIT else ("response",)
    return Filter(
        statuses=(int(status),) if status.isdecimal() and len(status) == 3 else (),
        mimes=(mime,) if mime and mime != _REVISIT else (),
        kinds=kinds,
        digest=f"{_SHA1}{digest}" if _DIGEST.fullmatch(digest) else "",
    )


def rows_of(context: Context, query: CdxQuery, captures: Iterable[Capture]) -> Iterator[Row]:
    """Yield the rows of *captures*, in the order and number that *query* asks for.

    With a limit there is one row more where there are more. Raises ``QueryError`` where a filter takes too
    long. What is taken down is left out.
    """
    found = _passing(query, _read(context, query, filter(context.shows, captures)))
    if "dupecount" in query.fields:
        found = _with_repeats(found)
    for collapse in query.collapse:
        found = _collapsed(found, collapse, counted="uniqcount" in query.fields)
    found = islice(found, query.offset, None)
    if query.limit is None:
        return found
    if query.limit > 0:
        return islice(found, query.limit + 1)
    if _asks_for_last(query):
        return reversed(list(islice(found, -query.limit)))
    return iter(deque(found, maxlen=-query.limit))


def _asks_for_last(query: CdxQuery) -> bool:
    """Return whether the last captures are found from the end: groups would not be the same from there."""
    counted = query.collapse or "dupecount" in query.fields or query.offset
    return query.limit is not None and query.limit < 0 and query.sort is Sort.REGULAR and not counted


def _read(context: Context, query: CdxQuery, captures: Iterable[Capture]) -> Iterator[Row]:
    wanted = any(name.startswith("orig.") for name in query.fields)
    for capture in captures:
        revisit = capture.kind == "revisit"
        row = Row(capture, capture, _REVISIT if revisit else capture.mime, str(capture.status or "-"))
        if capture.unmodified:
            row.status = "-"
        if revisit and (wanted or query.resolve):
            row.original = context.archive.catalog.original(capture)
        if revisit and query.resolve:
            _resolve(row)
        yield row


def _resolve(row: Row) -> None:
    """Give *row*, a revisit, the media type and status of what it repeats."""
    shown = row.original if row.capture.unmodified else row.capture
    if shown is not None:
        row.mime, row.status = shown.mime, str(shown.status or "-")


def _passing(query: CdxQuery, found: Iterator[Row]) -> Iterator[Row]:
    if not query.filters:
        return found
    budget = Budget()
    return (
        row for row in found if all(each.passes(value_of(row, each.column), budget) for each in query.filters)
    )


def _with_repeats(found: Iterator[Row]) -> Iterator[Row]:
    """Count for each row how often its address had the same content before."""
    for _, group in groupby(found, key=lambda row: row.capture.urlkey):
        seen: Counter[str] = Counter()
        for row in group:
            row.counts["dupecount"] = seen[row.capture.digest]
            seen[row.capture.digest] += 1
            yield row


def _collapsed(found: Iterator[Row], collapse: Collapse, *, counted: bool) -> Iterator[Row]:
    """Yield the first of each run of rows that agree, with the number of those that it stands for."""
    column, length = collapse.column, collapse.length
    for _, group in groupby(found, key=lambda row: value_of(row, column)[:length]):
        run = list(islice(group, 1))
        first, count, digests = run[0], 0, set[str]()
        for last in chain(run, group):
            count += 1
            if counted:
                digests.add(last.capture.digest)
            first.last = last.last
        first.counts |= {
            "skipcount": count - 1,
            "groupcount": count,
            "uniqcount": len(digests),
            "endtimestamp": first.last.timestamp,
        }
        yield first


_COLUMNS: Final[Mapping[str, Callable[[Row], str]]] = {
    "urlkey": lambda row: row.capture.urlkey,
    "timestamp": lambda row: row.capture.timestamp,
    "original": lambda row: row.capture.url,
    "mimetype": lambda row: row.mime,
    "statuscode": lambda row: row.status,
    "digest": lambda row: row.capture.digest.removeprefix(_SHA1),
    "length": lambda row: str(row.capture.length),
    "offset": lambda row: str(row.capture.offset),
    "filename": lambda row: row.capture.filename,
    "orig.length": lambda row: str(row.original.length) if row.original else "-",
    "orig.offset": lambda row: str(row.original.offset) if row.original else "-",
    "orig.filename": lambda row: row.original.filename if row.original else "-",
}
