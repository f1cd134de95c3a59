"""Texts that nothing in a catalog refers to any more: they go with the last segment that had them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Column, Connection, Table, delete, except_, select

from pipelines.catalog.coding import FIRST_URL
from pipelines.catalog.schema import articles, captures, payloads, segments, terms, urlkeys, urls

_AT_ONCE = 10_000
"""Rows that one pass over the captures looks for: SQLite takes 32,766 values."""
_ARTICLE_TERMS = ("site_id", "section_id", "languages_id", "quality_id", "extractor_id", "rules_id")

REFERENCES: Final[Mapping[Table, Sequence["Column[Any]"]]] = {
    urlkeys: (captures.c.urlkey_id, articles.c.identity_id, articles.c.urlkey_id),
    urls: (captures.c.url_id,),
    payloads: (captures.c.payload_id,),
    terms: (
        captures.c.mime_id,
        *(articles.c[name] for name in _ARTICLE_TERMS),
        segments.c.job_id,
        segments.c.software_id,
    ),
}
"""Where the numbers of a table's rows stand."""


def texts_of(connection: Connection, numbers: Sequence[int]) -> dict[Table, set[int]]:
    """Return the rows to which the segments with these *numbers* refer, by table."""
    found: dict[Table, set[int]] = defaultdict(set)
    for owner in (captures, articles):
        named = [
            (table, column)
            for table, columns in REFERENCES.items()
            for column in columns
            if column.table is owner
        ]
        query = select(*(column for _, column in named)).where(owner.c.segment_id.in_(numbers)).distinct()
        for row in connection.execute(query):
            for (table, _), number in zip(named, row, strict=True):
                found[table].add(number)
    # What stands below is a form, not a row.
    found[urls] = {number for number in found[urls] if number >= FIRST_URL}
    return found


def delete_unused(connection: Connection, among: Mapping[Table, set[int]]) -> None:
    """Delete those rows *among* the numbers of each table that nothing refers to."""
    for table, numbers in among.items():
        ordered = sorted(numbers)
        for at in range(0, len(ordered), _AT_ONCE):
            unused = set(ordered[at : at + _AT_ONCE])
            for column in REFERENCES[table]:
                if unused:
                    used = select(column).where(column.in_(sorted(unused))).distinct()
                    unused -= set(connection.execute(used).scalars())
            connection.execute(delete(table).where(table.c.id.in_(sorted(unused))))


def delete_all_unused(connection: Connection) -> None:
    """Delete all rows that nothing refers to: those, too, that a newer reading has left."""
    for table, columns in REFERENCES.items():
        used = (select(column).where(column.is_not(None)) for column in columns)
        connection.execute(delete(table).where(table.c.id.in_(except_(select(table.c.id), *used))))
