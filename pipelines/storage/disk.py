"""Files that are whole and durable, or not there."""

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import file_digest
from hashlib import sha256 as sha256_of
from io import FileIO
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from pipelines.errors import Conflict, Denied, NewswarcError, NotFound, SpoolFull, StorageError, Unavailable

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_CHUNK_BYTES = 1 << 20
_CANNOT_LINK = {errno.EPERM, errno.EACCES, errno.EMLINK, errno.ENOSYS, errno.ENOTSUP, errno.EXDEV}

_ABSENT = (NotFound, "nothing is there")
_DENIED = (Denied, "give this user the right, or name another folder with --store")
_FULL = (SpoolFull, "free space on this disk, or name another folder with --store")
_PASSING = (Unavailable, "try again when the disk answers")
_MEANINGS: dict[int | None, tuple[type[NewswarcError], str]] = {
    errno.ENOENT: _ABSENT,
    errno.EISDIR: _ABSENT,
    errno.EACCES: _DENIED,
    errno.EPERM: _DENIED,
    errno.EROFS: _DENIED,
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EAGAIN: _PASSING,
    errno.EHOSTDOWN: _PASSING,
    errno.EMFILE: (Unavailable, "raise the limit of open files (ulimit -n)"),
    errno.ENFILE: _PASSING,
    errno.ESTALE: _PASSING,
    errno.ETIMEDOUT: _PASSING,
    errno.ENOTDIR: (StorageError, "an object stands where the key needs a folder; use another key"),
    errno.ENAMETOOLONG: (StorageError, "use shorter segments: most disks take 255 bytes a name"),
    errno.EXDEV: (StorageError, "what is written must be on the file system of the store's .tmp"),
    errno.EIO: (StorageError, "check the disk (dmesg, smartctl)"),
}


def meaning(error: OSError, *, verb: str, path: Path) -> NewswarcError:
    """Return what *error* is in the terms of :mod:`pipelines.errors`; *verb* says what was tried."""
    kind, remedy = _MEANINGS.get(error.errno, (StorageError, "look at the folder"))
    return kind(f"storage: cannot {verb} {str(path)!r} ({(error.strerror or str(error)).lower()}); {remedy}")


@contextmanager
def reported(verb: str, path: Path) -> Iterator[None]:
    """Raise what the block raises of ``OSError`` as an error of ours."""
    try:
        yield
    except OSError as error:
        raise meaning(error, verb=verb, path=path) from error


class ReportingFile(FileIO):
    """A file whose failing reads raise errors of ours."""

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        """Fill *buffer* as ``FileIO`` does."""
        with reported("read", Path(str(self.name))):
            return super().readinto(buffer)

    def readall(self) -> bytes:
        """Read to the end as ``FileIO`` does."""
        with reported("read", Path(str(self.name))):
            return super().readall()


def write_synced(path: Path, content: bytes) -> None:
    """Write a new file and return when it is on the disk."""
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def copy_synced(source: BinaryIO, path: Path) -> str:
    """Copy what *source* holds to a new file on the disk; return the sha256 of what was read."""
    digest = sha256_of()
    with path.open("xb", buffering=0) as file:
        while chunk := source.read(_CHUNK_BYTES):
            digest.update(chunk)
            file.write(chunk)
        os.fsync(file.fileno())
        # What is still cached would be compared with itself, so the next read goes to the disk where it can.
        if hasattr(os, "posix_fadvise"):
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    return digest.hexdigest()


def sha256_of_file(path: Path) -> str:
    """Return the hexadecimal sha256 of the file's bytes."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def sync_folder(folder: Path) -> None:
    """Return when the names in *folder* are on the disk, as far as its file system can say."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in {errno.EINVAL, errno.ENOTSUP}:
            raise
    finally:
        os.close(descriptor)


def link_if_free(source: Path, target: Path) -> bool:
    """Give *source* the second name *target*; return False where links cannot be made between them.

    Raises ``Conflict`` if *target* exists, and ``OSError``.
    """
    try:
        os.link(source, target)
    except FileExistsError as error:
        raise taken(target) from error
    except OSError as error:
        if error.errno in _CANNOT_LINK:
            return False
        raise
    return True


def rename_if_free(source: Path, target: Path, *, lock: Path) -> None:
    """Move *source* to *target*, for file systems without hard links.

    Atomic among those who take the same *lock*. Raises ``Conflict`` if *target* exists, and ``OSError``.
    """
    with lock.open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if os.path.lexists(target):
            raise taken(target)
        source.rename(target)


def taken(target: Path) -> Conflict:
    """Return the error that says so of *target*."""
    return Conflict(f"storage: {str(target)!r} exists; objects are never overwritten")
