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
from pipelines.catalog.database import CatalogDatabase, lock_number, namespace_of
from pipelines.catalog.follow import LISTED, Followed, Progress, follow
from pipelines.catalog.scratch import file_beside, remove, sweep
from pipelines.errors import StorageError
from pipelines.storage.contract import ObjectStore

logger = logging.getLogger(__name__)


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
    found = make(store, collection, parsed, progress)
    catalog = Catalog(url, collection)
    try:
        # What was published meanwhile may have entered the old one, which is no more.
        more = follow(catalog, store, full=True)
    finally:
        catalog.close()
    return Followed(
        segments=found.segments + more.segments,
        replaced=found.replaced + more.replaced,
        readings=found.readings + more.readings,
        ledger_files=found.ledger_files + more.ledger_files,
        listed_all=True,
    )


def _rebuild_file(store: ObjectStore, collection: str, url: URL, progress: Progress) -> Followed:
    target = Path(url.database or "")
    sweep(target)
    with file_beside(target) as beside:
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
            remove(target)
            beside.replace(target)
    return found


def _copy(source: Path, target: Path) -> None:
    """Put all of *source* in the place of what is in *target*, in one transaction.

    Not by a rename: who has the old file open would go on writing to it, and its -wal would be read as that
    of the new file.
    """
    with closing(sqlite3.connect(source)) as new, closing(sqlite3.connect(target, timeout=60)) as old:
        old.execute("pragma journal_mode = wal")
        new.backup(old)
        old.execute("pragma wal_checkpoint(passive)")


def _rebuild_schema(store: ObjectStore, collection: str, url: URL, progress: Progress) -> Followed:
    address = url.render_as_string(hide_password=False)
    name = namespace_of(collection)
    new, old = f"{name}_new_{uuid4().hex[:8]}", f"{name}_old_{uuid4().hex[:8]}"
    # Makes the place of an old one, so that there is always something to rename.
    current = CatalogDatabase(address, collection)
    try:
        with current.reading() as claim:
            claim.exec_driver_sql(f"select pg_advisory_lock({_claim(new)})")
            claim.commit()
            database = CatalogDatabase(address, collection, namespace=new)
            found = _filled(Catalog.over(database, collection), store, progress)
            with current.writing() as connection:
                connection.exec_driver_sql(f'alter schema "{name}" rename to "{old}"')
                connection.exec_driver_sql(f'alter schema "{new}" rename to "{name}"')
        return found
    finally:
        _drop_schemas(current, new)
        # With its connections ends the claim, too.
        current.close()


def _claim(schema: str) -> int:
    """Return the number of the lock that a rebuild holds as long as it fills *schema*."""
    return lock_number(f"{schema} is being made")


def _drop_schemas(current: CatalogDatabase, new: str) -> None:
    """Drop *new*, if it was not swapped in, and former or left ones that nobody uses any more."""
    start = f"{current.namespace}_new_"
    with current.reading() as connection:
        asked = text(
            "select nspname from pg_namespace where starts_with(nspname, :old) or starts_with(nspname, :new)"
        )
        given = {"old": f"{current.namespace}_old_", "new": start}
        names = list(connection.execute(asked, given).scalars())
    for name in names:
        try:
            with current.writing() as connection:
                ours = name == new or not name.startswith(start)
                free = f"select pg_try_advisory_xact_lock({_claim(name)})"
                if not ours and not connection.exec_driver_sql(free).scalar():
                    continue
                connection.exec_driver_sql("set local lock_timeout = '2s'")
                connection.exec_driver_sql(f'drop schema if exists "{name}" cascade')
        except StorageError as err:
            logger.info("catalog: the former tables go with the next rebuild: %s", err)


def _filled(catalog: Catalog, store: ObjectStore, progress: Progress) -> Followed:
    try:
        found = follow(catalog, store, full=True, progress=progress)
        # That was a listing of a while ago once this takes the old one's place.
        catalog.drop_mark(LISTED)
        return found
    finally:
        catalog.close()
