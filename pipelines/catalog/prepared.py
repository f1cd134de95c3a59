"""Statements that are compiled once: to build and compile one costs ten times what its answer does."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, Select

_ROWS = 1000


class Prepared:
    """A query whose parameters are all named, and typed by the values that they get."""

    def __init__(self, statement: Select[Any]) -> None:
        self._statement = statement
        self._compiled: dict[str, tuple[str, list[str] | None, dict[str, Any]]] = {}

    def rows(
        self, connection: Connection, values: Mapping[str, Any], *, many: bool = False
    ) -> Iterator[tuple[Any, ...]]:
        """Yield the rows, as the driver gives them; *many* holds a few in memory only, else all may be."""
        found = self._compiled.get(connection.dialect.name)
        if found is None:
            compiled = self._statement.compile(dialect=connection.dialect)
            # The dialect may add some of its own, as SQLite's OFFSET 0.
            own = dict(compiled.params)
            found = self._compiled[connection.dialect.name] = (str(compiled), compiled.positiontup, own)
        text, names, own = found
        named = {**own, **values}
        if many:
            connection = connection.execution_options(yield_per=_ROWS)
        given: Any = tuple(named[name] for name in names) if names is not None else named
        with connection.exec_driver_sql(text, given) as result:
            yield from (tuple(row) for row in result)
