"""Pages of a CDX answer: spans of captures of a size, found in the catalog without reading what is before."""

import threading
import time
from collections import OrderedDict
from collections.abc import Iterator
from itertools import takewhile
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, func, not_, or_, select

from crawler.service.captures import in_blocks
from crawler.service.cdx_query import CdxQuery
from pipelines.catalog import Catalog, Match, Place, Query
from pipelines.catalog.coding import stored_key
from pipelines.catalog.questions import Keys, ranges
from pipelines.catalog.schema import captures, segments, urlkeys
from pipelines.model import Capture

BLOCK_ROWS: Final = 3000
"""Captures of a block; clients reckon with that number (cdx_toolkit)."""
_KEPT: Final = 10_000
_COUNT_HOLDS_SECONDS: Final = 10.0
_PLACE: Final = (urlkeys.c.urlkey, captures.c.timestamp, segments.c.name, captures.c.offset)
_Asked = tuple[str, Match, int]


class Pages:
    """The pages of one catalog's answers. Safe for several threads.

    A page is a span of the index: time, filters, and what the index cannot tell of an address leave out
    captures inside of it. Once it was found where a page ends, the next one begins there, whatever has been
    archived since.
    """

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._lock = threading.Lock()
        self._ends: OrderedDict[tuple[_Asked, int], Place] = OrderedDict()
        self._counts: OrderedDict[_Asked, tuple[float, int]] = OrderedDict()

    def count(self, query: CdxQuery) -> int:
        """Return how many pages the address of *query* has. One count holds for ten seconds."""
        return -(-self._rows(query) // _size(query))

    def blocks(self, query: CdxQuery) -> int:
        """Return how many blocks of :data:`BLOCK_ROWS` captures the address of *query* has."""
        return -(-self._rows(query) // BLOCK_ROWS)

    def page(self, query: CdxQuery) -> Iterator[Capture] | None:
        """Return the captures of the page of *query*, None behind the last page."""
        number = query.page or 0
        before = self._end(query, number - 1) if number else None
        if (number and before is None) or self._find(query, before, 0) is None:
            return None
        last = self._end(query, number)
        found = in_blocks(self._catalog, Query(query.url, query.match, after=before))
        page = found if last is None else takewhile(lambda each: _place(each) <= last, found)
        # Not by the catalog, which would look behind the page for what is of that time.
        least, most = query.since or "0", query.until or "9" * 14
        return (each for each in page if least <= each.timestamp <= most)

    def _end(self, query: CdxQuery, number: int) -> Place | None:
        """Return the place of the last capture of page *number*, None where it is not full."""
        asked = _asked(query)
        with self._lock:
            known = next((at for at in range(number, -1, -1) if (asked, at) in self._ends), -1)
            place = self._ends.get((asked, known))
        if known == number:
            return place
        found = self._find(query, place, (number - known) * _size(query) - 1)
        if found is not None:
            with self._lock:
                self._ends[asked, number] = found
                if len(self._ends) > _KEPT:
                    self._ends.popitem(last=False)
        return found

    def _find(self, query: CdxQuery, after: Place | None, offset: int) -> Place | None:
        """Return the place of the capture so many behind the first one that comes *after* a place."""
        statement = (
            _joined(select(*_PLACE), query)
            .join(segments, segments.c.id == captures.c.segment_id)
            .order_by(*_PLACE)
            .limit(1)
            .offset(offset)
        )
        if after is not None:
            statement = statement.where(_behind(after))
        with self._catalog.database.reading() as connection:
            row = connection.execute(statement).first()
        return Place(row[0], f"{row[1]:014d}", row[2], row[3]) if row else None

    def _rows(self, query: CdxQuery) -> int:
        asked, now = _asked(query), time.monotonic()
        with self._lock:
            counted = self._counts.get(asked)
        if counted and now - counted[0] < _COUNT_HOLDS_SECONDS:
            return counted[1]
        with self._catalog.database.reading() as connection:
            found = connection.execute(_joined(select(func.count()), query)).scalar() or 0
        with self._lock:
            self._counts[asked] = (now, found)
            if len(self._counts) > _KEPT:
                self._counts.popitem(last=False)
        return found


def _place(capture: Capture) -> Place:
    """Return the place of *capture* as the index orders it."""
    return Place(stored_key(capture.urlkey), capture.timestamp, capture.segment, capture.offset)


def _asked(query: CdxQuery) -> _Asked:
    return query.url, query.match, query.page_size


def _size(query: CdxQuery) -> int:
    return query.page_size * BLOCK_ROWS


def _joined(statement: Select[Any], query: CdxQuery) -> Select[Any]:
    conditions = [_within(keys) for keys in ranges(query.url, query.match)]
    return (
        statement.select_from(urlkeys)
        .join(captures, captures.c.urlkey_id == urlkeys.c.id)
        .where(or_(*conditions))
    )


def _within(keys: Keys) -> ColumnElement[bool]:
    name = urlkeys.c.urlkey
    if keys.exactly:
        return name == keys.exactly
    return and_(name >= keys.least, *([name < keys.below] if keys.below else []))


def _behind(place: Place) -> ColumnElement[bool]:
    name, at, segment, offset = _PLACE
    key, time_of = place.urlkey, int(place.timestamp)
    same_second = or_(segment < place.segment, and_(segment == place.segment, offset <= place.offset))
    until = and_(name == key, or_(at < time_of, and_(at == time_of, same_second)))
    # The first part is for the index, which then begins there.
    return and_(name >= key, not_(until))
