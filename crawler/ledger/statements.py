"""Statements that run for many rows, without what SQLAlchemy does for each row again: half of the time."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Dialect
from sqlalchemy.sql.dml import UpdateBase


def run_many(connection: Connection, statement: UpdateBase, rows: Sequence[Mapping[str, Any]]) -> None:
    """Execute *statement* for each of *rows*, which all name the same values; nothing for no rows.

    The values go to the driver as they are: text, numbers and None.
    """
    if not rows:
        return
    text, names = _compiled(statement, connection.dialect, tuple(rows[0]))
    if names is None:
        connection.exec_driver_sql(text, [dict(row) for row in rows])
    else:
        connection.exec_driver_sql(text, [tuple(row[name] for name in names) for row in rows])


@lru_cache(maxsize=64)
def _compiled(
    statement: UpdateBase,
    dialect: Dialect,
    columns: tuple[str, ...],
) -> tuple[str, list[str] | None]:
    """Return the text of *statement* and the order of its values, None where they go by name."""
    compiled: Any = statement.compile(dialect=dialect, column_keys=list(columns))
    return str(compiled), compiled.positiontup
