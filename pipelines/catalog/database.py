"""The SQL database of a catalog: opened, made, made anew, and used by several threads."""

import hashlib
import logging
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from pipelines.catalog.schema import SCHEMA, SCHEMA_VERSION, marks
from pipelines.errors import ConfigError, SpoolFull, StorageError

logger = logging.getLogger(__name__)

_INSERTS = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
_CACHE_KIB = 16384


class CatalogDatabase:
    """One collection's tables in *url*, SQLite or PostgreSQL. Safe for several threads and processes.

    In PostgreSQL they lie in a schema of the collection's own. Tables of an older version are made anew,
    empty. Raises ``ConfigError`` where *url* cannot be used; every use raises ``StorageError`` where the
    database fails, ``SpoolFull`` where its disk is full. Of a *scratch* one a crash may leave nothing.
    """

    def __init__(self, url: str, collection: str, *, namespace: str = "", scratch: bool = False) -> None:
        parsed = _parse(url)
        self.url = url
        self.dialect = parsed.get_backend_name()
        """``sqlite`` or ``postgresql``."""
        self.insert: Any = _INSERTS[self.dialect]
        self.namespace = namespace or namespace_of(collection)
        """PostgreSQL's schema of the tables."""
        self.path = Path(parsed.database or "") if self.dialect == "sqlite" else None
        """SQLite's file."""
        self.remade = False
        """Whether the tables of an older version were thrown away."""
        self._scratch = scratch
        self._engine = self._connected(parsed)
        self._local = threading.local()
        try:
            with self._translated(), self._engine.connect() as connection:
                self._make(connection)
        except BaseException:
            self.close()
            raise

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection for a query that may go on for long."""
        with self._translated(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def lookup(self) -> Iterator[Connection]:
        """Give this thread's open connection: opening one costs more than an answer."""
        with self._translated():
            found: Connection | None = getattr(self._local, "connection", None)
            if found is None or found.closed:
                found = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
                self._local.connection = found
            yield found

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection in a transaction of its own; there is one at a time, over all processes."""
        with self._translated(), self._engine.connect() as connection:
            self.lock(connection)
            yield connection
            connection.commit()

    def lock(self, connection: Connection) -> None:
        """Begin a transaction in which nobody else writes."""
        if self.dialect == "postgresql":
            connection.exec_driver_sql(f"select pg_advisory_xact_lock({lock_number(self.namespace)})")
        else:
            connection.exec_driver_sql("begin immediate")

    def compact(self) -> bool:
        """Write the tables anew without the space of what was deleted.

        Return False where somebody reads meanwhile, so that SQLite's ``-wal`` file still has old pages.
        """
        with self._translated(), self._engine.connect() as plain:
            connection = plain.execution_options(isolation_level="AUTOCOMMIT")
            if self.dialect == "postgresql":
                connection.exec_driver_sql("set lock_timeout = '60s'")
                for table in SCHEMA.sorted_tables:
                    connection.exec_driver_sql(f'vacuum full "{table.name}"')
                connection.exec_driver_sql("reset lock_timeout")
                return True
            connection.exec_driver_sql("vacuum")
            busy = connection.exec_driver_sql("pragma wal_checkpoint(truncate)").scalar()
            return not busy

    def close(self) -> None:
        """Close the database."""
        connection: Connection | None = getattr(self._local, "connection", None)
        if connection is not None:
            connection.close()
            self._local.connection = None
        self._engine.dispose()

    def _connected(self, parsed: URL) -> Engine:
        try:
            if self.path is not None:
                self.path.parent.mkdir(parents=True, exist_ok=True)
            # A server has more threads than a pool has by default, and each keeps one.
            engine = create_engine(parsed, pool_size=0)
        except OSError as err:
            raise StorageError(
                f"catalog: cannot make the folder {self.path and self.path.parent} ({err.strerror}); "
                "name another one with state.folder"
            ) from err
        except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as err:
            raise ConfigError(
                f"catalog: {self._name} cannot be used ({err}); for PostgreSQL install newswarc[postgresql] "
                "and write postgresql+psycopg://user@host/database"
            ) from err
        event.listen(engine, "connect", self._tune if self.dialect == "sqlite" else self._tune_postgresql)
        return engine

    def _make(self, connection: Connection) -> None:
        if self._version(connection) == str(SCHEMA_VERSION):
            return
        connection.rollback()
        # Two processes that start at once would both find a table missing, and one fail to make it.
        self.lock(connection)
        if self.dialect == "postgresql":
            connection.exec_driver_sql(f'create schema if not exists "{self.namespace}"')
        version = self._version(connection)
        if version == str(SCHEMA_VERSION):
            return
        if version.isdigit() and int(version) > SCHEMA_VERSION:
            raise StorageError(
                f"catalog: {self._name} was made by a newer newswarc (tables of version {version}, this one "
                f"has {SCHEMA_VERSION}); use that one, or delete it: it is made anew from the store"
            )
        self.remade = self._drop_all(connection)
        if self.remade:
            logger.warning("catalog: %s is of an older newswarc and is made anew from the store", self._name)
        SCHEMA.create_all(connection)
        connection.execute(self.insert(marks).values(name="version", value=str(SCHEMA_VERSION)))
        connection.commit()

    def _version(self, connection: Connection) -> str:
        if not inspect(connection).has_table(marks.name, schema=self._schema):
            return ""
        query = select(marks.c.value).where(marks.c.name == "version")
        return str(connection.execute(query).scalar() or "")

    def _drop_all(self, connection: Connection) -> bool:
        """Throw away what an older version made, and return whether there was anything."""
        names = inspect(connection).get_table_names(schema=self._schema)
        for name in names:
            connection.exec_driver_sql(f'drop table "{name}"')
        return bool(names)

    @property
    def _schema(self) -> str | None:
        return self.namespace if self.dialect == "postgresql" else None

    @property
    def _name(self) -> str:
        return str(self.path) if self.path else make_url(self.url).render_as_string(hide_password=True)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as err:
            if "is full" in str(err.orig) or "No space left" in str(err.orig):
                raise SpoolFull(f"catalog: the disk of {self._name} is full; make room") from err
            remedy = (
                "if it is damaged delete it, it is made anew from the store"
                if self.path
                else "see that the database can be reached"
            )
            raise StorageError(f"catalog: {self._name} cannot be used ({err.orig}); {remedy}") from err

    def _tune(self, connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own
        for pragma in _pragmas(scratch=self._scratch):
            connection.execute(f"pragma {pragma}")

    def _tune_postgresql(self, connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own
        with connection.cursor() as cursor:
            cursor.execute("set synchronous_commit = off")
            cursor.execute(f'set search_path to "{self.namespace}"')
        connection.commit()


def _pragmas(*, scratch: bool) -> tuple[str, ...]:
    if scratch:
        return ("journal_mode = off", "synchronous = off", f"cache_size = -{8 * _CACHE_KIB}")
    # The catalog is derived: a power cut may cost its last rows, a sync brings them back.
    return (
        "journal_mode = wal",
        "synchronous = normal",
        "busy_timeout = 30000",
        f"cache_size = -{_CACHE_KIB}",
        "journal_size_limit = 67108864",
        # What is purged must not stay readable in the file.
        "secure_delete = on",
    )


def lock_number(name: str) -> int:
    """Return the number of PostgreSQL's advisory lock that stands for *name*."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)


def namespace_of(collection: str) -> str:
    """Return the schema of PostgreSQL in which the tables of *collection* lie."""
    name = f"catalog_{collection}"
    if len(name) <= 50 and re.fullmatch(r"[a-z0-9._-]+", name):
        return name
    return f"catalog_{hashlib.sha256(collection.encode()).hexdigest()[:32]}"


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError as err:
        raise ConfigError(
            f"catalog: {url!r} is no URL of a database; write sqlite:///catalog.sqlite"
        ) from err
    if parsed.get_backend_name() not in _INSERTS:
        raise ConfigError(f"catalog: {parsed.get_backend_name()!r} is not known; use sqlite or postgresql")
    return parsed
