"""One SQL database, SQLite or PostgreSQL, over one connection."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from sqlalchemy import Column, Connection, Integer, MetaData, NullPool, Table, create_engine, event, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from pipelines.errors import ConfigError, JobError, SpoolFull

SCHEMA_VERSION = 1
"""Counts up with every change of a table that older versions of the program cannot live with."""

_INSERTS = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
_VERSIONS = MetaData()
_version = Table("state_version", _VERSIONS, Column("version", Integer, primary_key=True))


class Database:
    """The state database. For one thread at a time.

    *url* is an SQLAlchemy URL, ``sqlite:///folder/file`` or one of PostgreSQL. *clock* gives aware times.
    What a transaction wrote outlives the process when it ends. After a power cut of the database's machine
    the last transactions may be missing (the last second's, or those since SQLite's last checkpoint), never
    one of them without all that came after it; what they told is found out anew.

    :raises ConfigError: the URL cannot be used, or another version of newswarc made the database; every use
        raises ``JobError`` where the database fails, ``SpoolFull`` where its disk is full.
    """

    def __init__(self, url: str, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._clock = clock
        parsed = _parse(url)
        self.dialect = parsed.get_backend_name()
        """``sqlite`` or ``postgresql``."""
        self.insert: Any = _INSERTS[self.dialect]
        """The dialect's INSERT, which knows what to do on a conflict."""
        try:
            self._engine = create_engine(parsed, poolclass=NullPool)
        except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as err:
            raise ConfigError(
                f"state: {url!r} cannot be used ({err}); for PostgreSQL install newswarc[postgresql] and "
                "write postgresql+psycopg://user@host/database"
            ) from err
        if self.dialect == "sqlite":
            _make_folder(parsed)
        event.listen(self._engine, "connect", _tune if self.dialect == "sqlite" else _tune_postgresql)
        self._connection: Connection | None = None
        self._check_version()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def ensure(self, schema: MetaData) -> None:
        """Make those tables of *schema* that are missing."""
        with self._translated(), self._engine.begin() as connection:
            self._lock_schema(connection)
            schema.create_all(connection)

    def now(self) -> float:
        """Return the time in seconds since 1970, as the tables hold it."""
        return self._clock().timestamp()

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Make one transaction of all that is done within; one inside another is part of it."""
        with self._translated():
            if self._connection is None:
                self._connection = self._engine.connect()
            if self._connection.in_transaction():
                yield self._connection
            else:
                with self._connection.begin():
                    yield self._connection

    def checkpoint(self) -> None:
        """Let SQLite move its log into its file. For a thread of its own: disks are slow."""
        if self.dialect == "sqlite":
            with self._translated(), self._engine.connect() as connection:
                connection.exec_driver_sql("pragma wal_checkpoint(passive)")

    def close(self) -> None:
        """Close the database."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        self._engine.dispose()

    def _check_version(self) -> None:
        self.ensure(_VERSIONS)
        new = self.insert(_version).values(version=SCHEMA_VERSION).on_conflict_do_nothing()
        with self.transaction() as connection:
            found = connection.execute(select(_version.c.version)).scalar()
            if found is None:
                connection.execute(new)
        if found not in {None, SCHEMA_VERSION}:
            self.close()
            raise ConfigError(
                f"state: {self._name} has tables of version {found}, this newswarc needs {SCHEMA_VERSION}; "
                "use the newswarc that made it, or name another place with state.folder"
            )

    def _lock_schema(self, connection: Connection) -> None:
        # Two processes that start at once would both find a table missing, and one fail to make it.
        if self.dialect == "postgresql":
            connection.exec_driver_sql("select pg_advisory_xact_lock(7237801)")
        else:
            connection.exec_driver_sql("begin immediate")

    @property
    def _name(self) -> str:
        return self._engine.url.render_as_string(hide_password=True)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as err:
            if "is full" in str(err.orig) or "No space left" in str(err.orig):
                raise SpoolFull(
                    f"state: the disk of {self._name} is full; make room, then start again"
                ) from err
            raise JobError(
                f"state: the database {self._name} failed ({err.orig}); see that it can be reached and "
                "written, then start the same job again"
            ) from err


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError as err:
        raise ConfigError(f"state: {url!r} is no URL of a database; write sqlite:///state.sqlite") from err
    if parsed.get_backend_name() not in _INSERTS:
        raise ConfigError(f"state: {parsed.get_backend_name()!r} is not known; use sqlite or postgresql")
    return parsed


def _make_folder(url: URL) -> None:
    folder = Path(url.database or "").parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as err:
        raise ConfigError(
            f"state: cannot make the folder {folder} ({err.strerror}); name another one with state.folder"
        ) from err


def _tune_postgresql(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own connection
    # As with SQLite below: a crawl must not wait for the disk of another machine at every flush.
    with connection.cursor() as cursor:
        cursor.execute("set synchronous_commit = off")
    connection.commit()


def _tune(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own connection
    # Normal, not full: a power cut may cost the last transactions, and these are fetched again.
    for pragma in (
        "journal_mode = wal",
        "synchronous = normal",
        "busy_timeout = 30000",
        "cache_size = -16384",
        "wal_autocheckpoint = 16384",  # pages; only where nobody calls checkpoint()
    ):
        connection.execute(f"pragma {pragma}")
