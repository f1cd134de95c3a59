"""A catalog is made anew from its store alone, while the old one stays in use.

The new one grows beside the old one and takes its place in one transaction of the database: whoever reads
goes on with what they have, and the next question is answered by the new one. Segments enter in the order of
their keys, so that two machines make the same of one store.
"""

import logging
import sqlite3
from contextlib import closing
from pathlib import Path
from uuid import uuid4

from sqlalchemy import text
from sqlalchemy.engine import URL, make_url

from pipelines.catalog.catalog import Catalog
from pipelines.catalog.database import CatalogDatabase, namespace_of
from pipelines.catalog.follow import Followed, Progress, follow
from pipelines.errors import StorageError
from pipelines.storage.contract import ObjectStore

logger = logging.getLogger(__name__)

_ENDINGS = ("", "-wal", "-shm", "-journal")


def rebuild(
    store: ObjectStore,
    collection: str,
    url: str,
    *,
    progress: Progress = lambda _done, _all: None,
) -> Followed:
    """Make the catalog of *collection* at *url* anew from *store*, and return what is in it.

    A damaged one is replaced, too. What fails before the end leaves the old one as it was. Raises what
    :func:`pipelines.catalog.follow.follow` does.
    """
    parsed = make_url(url)
    make = _rebuild_file if parsed.get_backend_name() == "sqlite" else _rebuild_schema
    return make(store, collection, parsed, progress)


def _rebuild_file(store: ObjectStore, collection: str, url: URL, progress: Progress) -> Followed:
    target = Path(url.database or "")
    beside = Path(f"{target}.{uuid4().hex[:8]}.new")
    try:
        database = CatalogDatabase(f"sqlite:///{beside}", collection, scratch=True)
        found = _filled(Catalog.over(database, collection), store, progress)
        try:
            _copy(beside, target)
        except sqlite3.OperationalError as err:
            raise StorageError(
                f"catalog: {target} cannot be replaced ({err}); see that its disk has room and that it may "
                "be written, then run 'newswarc rebuild' again"
            ) from err
        except sqlite3.DatabaseError:
            # The old one is none, or damaged: nobody can be reading it.
            _remove(target)
            beside.replace(target)
        return found
    finally:
        _remove(beside)


def _copy(source: Path, target: Path) -> None:
    """Put all of *source* in the place of what is in *target*, in one transaction.

    Not by a rename: who has the old file open would go on writing to it, and its -wal would be read as that
    of the new file.
    """
    with closing(sqlite3.connect(source)) as new, closing(sqlite3.connect(target, timeout=60)) as old:
        old.execute("pragma journal_mode = wal")
        new.backup(old)
        old.execute("pragma wal_checkpoint(passive)")


def _remove(path: Path) -> None:
    for ending in _ENDINGS:
        Path(f"{path}{ending}").unlink(missing_ok=True)


def _rebuild_schema(store: ObjectStore, collection: str, url: URL, progress: Progress) -> Followed:
    address = url.render_as_string(hide_password=False)
    name = namespace_of(collection)
    new, old = f"{name}_new_{uuid4().hex[:8]}", f"{name}_old_{uuid4().hex[:8]}"
    # Makes the place of an old one, so that there is always something to rename.
    current = CatalogDatabase(address, collection)
    try:
        database = CatalogDatabase(address, collection, namespace=new)
        found = _filled(Catalog.over(database, collection), store, progress)
        with current.writing() as connection:
            connection.exec_driver_sql(f'alter schema "{name}" rename to "{old}"')
            connection.exec_driver_sql(f'alter schema "{new}" rename to "{name}"')
        return found
    finally:
        _drop_schemas(current, new)
        current.close()


def _drop_schemas(current: CatalogDatabase, new: str) -> None:
    """Drop *new*, if it was not swapped in, and former ones that nobody reads any more."""
    with current.reading() as connection:
        asked = text("select nspname from pg_namespace where starts_with(nspname, :start) or nspname = :new")
        given = {"start": f"{current.namespace}_old_", "new": new}
        names = list(connection.execute(asked, given).scalars())
    for name in names:
        try:
            with current.writing() as connection:
                connection.exec_driver_sql("set local lock_timeout = '2s'")
                connection.exec_driver_sql(f'drop schema if exists "{name}" cascade')
        except StorageError as err:
            logger.info("catalog: the former tables go with the next rebuild: %s", err)


def _filled(catalog: Catalog, store: ObjectStore, progress: Progress) -> Followed:
    try:
        return follow(catalog, store, full=True, progress=progress)
    finally:
        catalog.close()
