"""One purge or compaction at a time: two that rewrite a segment would each bring back what the other took."""

import os
import platform
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import orjson

from pipelines.errors import Conflict, NotFound, TakedownError
from pipelines.storage.contract import ObjectStore
from pipelines.takedown.model import takedowns_prefix


@contextmanager
def claimed(store: ObjectStore, collection: str, *, force: bool = False) -> Iterator[None]:
    """Have purges and compactions of *collection* to oneself.

    The claim of a process of this machine that is dead is taken over, any other one with *force*. Raises
    ``TakedownError`` where one is under way.
    """
    key = f"{takedowns_prefix(collection)}claim"
    told = {
        "host": platform.node(),
        "pid": os.getpid(),
        "at": datetime.now(UTC),
        "mark": secrets.token_hex(8),
    }
    content = orjson.dumps(told)
    for last in (False, True):
        try:
            store.put(key, content)
            break
        except Conflict as conflict:
            held = _held(store, key)
            if last or (held is not None and not force and not _is_dead(held)):
                by = f"by process {held['pid']} of {held['host']} since {held['at']}" if held else "just now"
                raise TakedownError(
                    f"take-down: {collection!r} is being purged or compacted {by}; wait for it, or where "
                    "that process is dead run 'newswarc takedown finish --force'"
                ) from conflict
            store.delete(key)
    try:
        yield
    finally:
        if _read(store, key) == content:
            store.delete(key)


def _held(store: ObjectStore, key: str) -> dict[str, object] | None:
    """Return the claim at *key*, None where it is gone or nobody's."""
    content = _read(store, key)
    try:
        found = orjson.loads(content or b"")
        return found if {"host", "pid", "at"} <= found.keys() else None
    except (orjson.JSONDecodeError, AttributeError):
        return None


def _read(store: ObjectStore, key: str) -> bytes | None:
    try:
        return store.get(key)
    except NotFound:
        return None


def _is_dead(held: dict[str, object]) -> bool:
    if held["host"] != platform.node() or not isinstance(held["pid"], int):
        return False
    try:
        os.kill(held["pid"], 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
