"""State databases for tests: SQLite in a folder, and a real PostgreSQL that the tests start themselves.

::

    with new_database("postgresql", tmp_path) as url: ...   # or "sqlite"
"""

import atexit
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count
from pathlib import Path

from sqlalchemy import create_engine, make_url

KINDS = ("sqlite", "postgresql")
_numbers = count(1)


@contextmanager
def new_database(kind: str, folder: Path) -> Iterator[str]:
    """Give the URL of an empty database of *kind*, gone afterwards."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'state.sqlite'}"
        return
    name = f"state_{next(_numbers)}"
    with _administration() as run:
        run(f"create database {name}")
    try:
        yield make_url(_server()).set(database=name).render_as_string(hide_password=False)
    finally:
        with _administration() as run:
            run(f"drop database {name} with (force)")


@cache
def _server() -> str:
    # A short path: the server's socket lies in it, and its address may have some 100 bytes only.
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it misses XDG_RUNTIME_DIR aloud
        import pgserver  # noqa: PLC0415
    server = pgserver.get_server(folder, cleanup_mode="stop")
    atexit.register(lambda: (server.cleanup(), shutil.rmtree(folder, ignore_errors=True)))
    found: str = server.get_uri()
    return found.replace("postgresql://", "postgresql+psycopg://")


@contextmanager
def _administration() -> Iterator:
    engine = create_engine(_server(), isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            yield connection.exec_driver_sql
    finally:
        engine.dispose()
