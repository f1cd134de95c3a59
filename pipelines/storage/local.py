"""Objects as files below a folder.

Durable: file and folders are synced before a put returns. Atomic: an object is written aside, under
``.tmp/``, and takes its name by a hard link, which fails where the name is taken. A crash leaves at most a
file under ``.tmp/``; a later writer removes it after a day.
"""

import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from hashlib import file_digest
from io import BufferedReader
from pathlib import Path
from threading import Lock
from typing import BinaryIO
from uuid import uuid4

from pipelines.errors import NotFound, StorageError, Unfit
from pipelines.storage import disk
from pipelines.storage.contract import ObjectInfo
from pipelines.storage.keys import check_key, check_range
from pipelines.storage.walk import walk

STALE_AFTER_SECONDS = 24 * 3600


class LocalStore:
    """Objects below *folder*, which is made at the first put; for any number of threads and processes.

    Names that start with ``.`` directly under *folder* are not objects. One file system must hold all that
    is written; folders that symbolic links lead to elsewhere are read and listed.
    """

    def __init__(self, folder: Path) -> None:
        self._root = folder.absolute()
        self._asides = self._root / ".tmp"
        self._lock = Lock()
        self._synced: set[Path] = set()
        self._swept = False

    @property
    def url(self) -> str:
        """The folder's absolute path."""
        return str(self._root)

    def put(self, key: str, content: bytes) -> ObjectInfo:
        """Write *content* durably. Raises ``Conflict``, ``Denied``, ``SpoolFull``, ``StorageError``."""
        return self._put(check_key(key), content)

    def put_file(self, key: str, path: Path, *, sha256: str) -> ObjectInfo:
        """Link the file at *path* into the store, or copy it where that cannot be.

        A linked file is hashed once, before; a copied one while it is read and again as it was written.
        Raises ``StorageError`` if the file does not give *sha256*, ``Unfit`` if the copy does not, and what
        ``put`` raises.
        """
        target = self._target(check_key(key))
        self._refuse_taken(target)
        expected = sha256.lower()
        with _reported_source(path), path.open("rb") as source:
            if not self._put_link(source, target, sha256=expected):
                source.seek(0)
                self._put_copy(source, target, sha256=expected)
        return self._describe(key, sha256=expected)

    def get(self, key: str) -> bytes:
        """Return the whole object. Raises ``NotFound``."""
        with self.open(key) as file:
            return file.read()

    def get_range(self, key: str, offset: int, length: int) -> bytes:
        """Return *length* bytes from *offset*. Raises ``NotFound``, ``ValueError``."""
        check_range(offset, length)
        with self.open(key) as file:
            size = os.fstat(file.fileno()).st_size
            file.seek(min(offset, size))
            return file.read(max(0, min(length, size - offset)))

    def open(self, key: str) -> BinaryIO:
        """Return a reader over the object. Raises ``NotFound``."""
        path = self._target(check_key(key))
        with _reported_read(path):
            file = disk.ReportingFile(path)
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                file.close()
                raise _absent(path)
            return BufferedReader(file)

    def head(self, key: str) -> ObjectInfo:
        """Return what is known of the object. Raises ``NotFound``."""
        return self._describe(check_key(key))

    def list(self, prefix: str = "", *, after: str = "") -> Iterator[ObjectInfo]:
        """Yield the objects under *prefix* that come behind *after*, folder by folder."""
        with disk.reported("list", self._root):
            for key in walk(self._root, prefix=prefix, after=after):
                # A file that was deleted since its folder was read is no error of a listing.
                with suppress(NotFound):
                    yield self._describe(key)

    def delete(self, key: str) -> None:
        """Remove the object if there is one. Raises ``Denied``."""
        path = self._target(check_key(key))
        absent = suppress(FileNotFoundError, NotADirectoryError, IsADirectoryError)
        with disk.reported("delete", path), absent:
            path.unlink()
            disk.sync_folder(path.parent)

    def probe(self) -> None:
        """Write, read back and delete a file under ``.probe/``. Raises ``Unfit``, and what ``put`` raises."""
        key = f".probe/{uuid4().hex}"
        content = os.urandom(4096)
        path = self._target(key)
        self._put(key, content)
        try:
            with disk.reported("read", path):
                found = path.read_bytes()
        finally:
            with disk.reported("delete", path):
                path.unlink()
        if found != content:
            raise Unfit(f"storage: {str(path)!r} did not give back what was written; use another disk")

    def _put(self, key: str, content: bytes) -> ObjectInfo:
        target = self._target(key)
        self._refuse_taken(target)
        with disk.reported("write", target), self._aside() as aside:
            disk.write_synced(aside, content)
            self._name(aside, target)
        return self._describe(key)

    def _put_link(self, source: BufferedReader, target: Path, *, sha256: str) -> bool:
        """Give the file its second name; return False, having done nothing, where that cannot be."""
        path = Path(source.name).resolve()
        with disk.reported("write", target):
            self._make_folder(target.parent)
            if os.fstat(source.fileno()).st_dev != target.parent.stat().st_dev:
                return False
        _compare(path, file_digest(source, "sha256").hexdigest(), sha256)
        with disk.reported("write", target):
            os.fsync(source.fileno())
            if not disk.link_if_free(path, target):
                return False
            self._settle(target)
        return True

    def _put_copy(self, source: BufferedReader, target: Path, *, sha256: str) -> None:
        with disk.reported("write", target), self._aside() as aside:
            _compare(Path(source.name), disk.copy_synced(source, aside), sha256)
            if disk.sha256_of_file(aside) != sha256:
                raise Unfit(
                    f"storage: the copy of {source.name!r} at {str(target)!r} differs; check the disk"
                )
            self._name(aside, target)

    def _name(self, aside: Path, target: Path) -> None:
        self._make_folder(target.parent)
        if not disk.link_if_free(aside, target):
            disk.rename_if_free(aside, target, lock=self._asides / "lock")
        self._settle(target)

    def _settle(self, target: Path) -> None:
        try:
            disk.sync_folder(target.parent)
        except OSError:
            target.unlink()
            raise

    def _make_folder(self, folder: Path) -> None:
        """Make *folder* and sync its name and those above it, once a process."""
        with self._lock:
            for each in reversed((folder, *folder.parents)):
                if not each.is_dir():
                    each.mkdir(exist_ok=True)
                elif each in self._synced or not each.is_relative_to(self._root) or each == self._root:
                    continue
                disk.sync_folder(each.parent)
                self._synced.add(each)

    @contextmanager
    def _aside(self) -> Iterator[Path]:
        """Give the path of a file to be written; what is left there at the end is removed."""
        self._make_folder(self._asides)
        self._sweep()
        path = self._asides / f"{os.getpid()}-{uuid4().hex}"
        try:
            yield path
        finally:
            path.unlink(missing_ok=True)

    def _sweep(self) -> None:
        """Remove once what writers that died left behind."""
        if self._swept:
            return
        self._swept = True
        for path in self._asides.iterdir():
            with suppress(FileNotFoundError):
                if path.name != "lock" and path.stat().st_mtime < time.time() - STALE_AFTER_SECONDS:
                    path.unlink()

    def _describe(self, key: str, *, sha256: str | None = None) -> ObjectInfo:
        path = self._target(key)
        with _reported_read(path):
            found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise _absent(path)
        return ObjectInfo(key, found.st_size, datetime.fromtimestamp(found.st_mtime, UTC), sha256)

    def _target(self, key: str) -> Path:
        return self._root / key

    def _refuse_taken(self, target: Path) -> None:
        with disk.reported("write", target):
            if target.is_dir():
                raise StorageError(f"storage: {str(target)!r} is a folder of other objects; use another key")
            if os.path.lexists(target):
                raise disk.taken(target)


@contextmanager
def _reported_read(path: Path) -> Iterator[None]:
    try:
        with disk.reported("read", path):
            yield
    except StorageError as error:
        if isinstance(error.__cause__, NotADirectoryError):
            raise _absent(path) from error
        raise


@contextmanager
def _reported_source(path: Path) -> Iterator[None]:
    # Not NotFound: what is missing is the caller's file, not the object.
    try:
        yield
    except OSError as error:
        raise StorageError(f"storage: cannot read {str(path)!r} ({error.strerror}); not stored") from error


def _compare(path: Path, found: str, expected: str) -> None:
    if found != expected:
        raise StorageError(
            f"storage: {str(path)!r} gives sha256 {found}, expected {expected}; it changed, not stored"
        )


def _absent(path: Path) -> NotFound:
    return NotFound(f"storage: no object at {str(path)!r}")
