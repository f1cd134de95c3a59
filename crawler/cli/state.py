"""The state database as commands open it that only look: none is made where there is none."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crawler.config import Config
    from crawler.state import Database


def has_state(config: "Config") -> bool:
    """Return whether there is a state database; one on a server counts as there."""
    return _missing_file(config) is None


@contextmanager
def known_state(config: "Config", *, wanted_by: str) -> Iterator["Database"]:
    """Give the state database that is there already.

    Raises ``NotArchived`` where there is none; its message begins with *wanted_by*.
    """
    from crawler.state import Database
    from pipelines.errors import NotArchived

    missing = _missing_file(config)
    if missing is not None:
        raise NotArchived(
            f"{wanted_by}: there is no state database at {missing!r}, so nothing was crawled here; name the "
            "store that was crawled into with --store"
        )
    with Database(config.state_url) as database:
        yield database


def _missing_file(config: "Config") -> str | None:
    """Return where the database's file is not, None where it is or is on a server."""
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        url = make_url(config.state_url)
    except ArgumentError:  # Database says what is wrong with it
        return None
    path = url.database or ""
    return path if url.get_backend_name() == "sqlite" and not Path(path).is_file() else None
