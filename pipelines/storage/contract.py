"""The contract of an object store. One suite, tests/storage/test_contract.py, proves each implementation.

A key is a relative path of segments joined by ``/``: no empty segment, no ``.`` or ``..``, no control
character, at most 1,024 bytes of UTF-8, and no ``.`` at its very start: those names are the store's and the
program's own and never listed. No key may be the folder of another one.

Objects appear whole or not at all, and are never overwritten.

Errors are those of :mod:`pipelines.errors`: ``NotFound``, ``Denied``, ``Conflict``, ``Unavailable`` (the only
one that may be retried, and every method may be called again after it), ``SpoolFull`` where a local disk is
full, ``StorageError`` for the rest.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Protocol


@dataclass(frozen=True, slots=True)
class ObjectInfo:
    """What the store knows of an object without reading it."""

    key: str
    size: int
    """Bytes."""
    modified: datetime
    """Aware, UTC."""
    sha256: str | None = None
    """64 hexadecimal digits over the whole object, where the store itself computed and kept it, else None."""


class ObjectStore(Protocol):
    """A flat space of immutable objects."""

    @property
    def url(self) -> str:
        """The address that :func:`pipelines.storage.open_store` opens again: a folder's path or ``s3://…``."""
        ...

    def put(self, key: str, content: bytes) -> ObjectInfo:
        """Store *content* if the key is free.

        Returns when the object is durable. Raises ``Conflict`` if the key is taken, also by the same bytes,
        as may be after ``Unavailable``: the caller then compares.
        """
        ...

    def put_file(self, key: str, path: Path, *, sha256: str) -> ObjectInfo:
        """Store the file at *path* if the key is free, without holding it in memory (multipart where large).

        *sha256* (hexadecimal) is what the file must give; the store's copy is compared with it where the
        store can tell, so the returned ``sha256`` is set exactly then. The file is left as it was, may be
        shared with the store as a hard link, and must not be changed afterwards. Raises ``Conflict`` as
        ``put`` does, ``Unfit`` if the store's copy differs, and leaves nothing behind on failure.
        """
        ...

    def get(self, key: str) -> bytes:
        """Return the whole object. Meant for small ones: manifests, indexes. Raises ``NotFound``."""
        ...

    def get_range(self, key: str, offset: int, length: int) -> bytes:
        """Return exactly *length* bytes from *offset*, fewer only where the object ends before.

        Raises ``NotFound``, and ``ValueError`` for a negative *offset* or *length*.
        """
        ...

    def open(self, key: str) -> BinaryIO:
        """Return a sequential reader over the whole object; the caller closes it. Raises ``NotFound``.

        A connection that is cut in the midst is taken up again at the same byte or raises ``Unavailable``:
        a short read never looks like the end.
        """
        ...

    def head(self, key: str) -> ObjectInfo:
        """Return what is known of the object. Raises ``NotFound``."""
        ...

    def list(self, prefix: str = "", *, after: str = "") -> Iterator[ObjectInfo]:
        """Yield the objects whose key starts with *prefix* and is greater than *after*, sorted by bytes.

        Pages are fetched as the iterator goes on; objects put or deleted meanwhile may or may not show.
        """
        ...

    def delete(self, key: str) -> None:
        """Remove the object; no error if there is none."""
        ...

    def probe(self) -> None:
        """Write, read back, compare and delete a small object under ``.probe/``.

        Raises ``Unfit`` where the store changes bytes, and ``Denied`` or ``Unavailable`` as any method.
        """
        ...
