"""Files that grow beside a catalog to take its place: locked meanwhile, swept where their process died."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from pipelines.errors import StorageError

_ENDINGS = ("", "-wal", "-shm", "-journal")
_NEW = "new"


@contextmanager
def file_beside(target: Path) -> Iterator[Path]:
    """Give the path of an empty file beside *target* that no other process sweeps; it is gone afterwards.

    Raises ``StorageError`` where none can be made there.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        path, lock = _locked(target)
    except OSError as err:
        raise StorageError(
            f"catalog: cannot write to the folder {target.parent} ({err.strerror}); "
            "name another one with state.folder"
        ) from err
    try:
        yield path
    finally:
        remove(path)
        os.close(lock)


def sweep(target: Path) -> int:
    """Delete what processes that died have left beside *target*, and return how many files that were."""
    count = 0
    for path in sorted(target.parent.glob(f"{target.name}.*.{_NEW}")):
        try:
            lock = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError:
            continue
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            remove(path)
            count += 1
        except BlockingIOError:
            continue
        finally:
            os.close(lock)
    return count


def remove(path: Path) -> None:
    """Delete the SQLite file *path* with what belongs to it."""
    for ending in _ENDINGS:
        Path(f"{path}{ending}").unlink(missing_ok=True)


def _locked(target: Path) -> tuple[Path, int]:
    while True:
        path = Path(f"{target}.{uuid4().hex[:8]}.{_NEW}")
        lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o644)
        fcntl.flock(lock, fcntl.LOCK_EX)
        if path.exists():
            return path, lock
        # Swept between the two lines above.
        os.close(lock)
