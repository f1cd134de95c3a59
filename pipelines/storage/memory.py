"""Objects in memory, for tests and trials."""

import io
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256 as sha256_of
from pathlib import Path
from threading import Lock
from typing import BinaryIO
from uuid import uuid4
from weakref import WeakValueDictionary

from pipelines.errors import Conflict, NotFound, StorageError
from pipelines.storage.contract import ObjectInfo
from pipelines.storage.keys import check_key, check_range

_alive: WeakValueDictionary[str, "MemoryStore"] = WeakValueDictionary()


class MemoryStore:
    """Objects that last as long as this one; may be used from several threads at once."""

    def __init__(self, name: str | None = None) -> None:
        self._name = uuid4().hex if name is None else name
        self._lock = Lock()
        self._objects: dict[str, tuple[ObjectInfo, bytes]] = {}
        self._keys: list[str] = []
        _alive[self._name] = self

    @classmethod
    def named(cls, name: str) -> "MemoryStore":
        """Return the store of that name while it lives, else a new one."""
        return _alive.get(name) or cls(name)

    @property
    def url(self) -> str:
        """``memory:`` and a name under which ``open_store`` finds it again while it lives."""
        return f"memory:{self._name}"

    def put(self, key: str, content: bytes) -> ObjectInfo:
        """Keep *content*. Raises ``Conflict`` if the key is taken."""
        check_key(key)
        with self._lock:
            if key in self._objects:
                raise Conflict(f"storage: {key!r} exists in {self.url}; objects are never overwritten")
            self._refuse_nesting(key)
            info = ObjectInfo(key, len(content), datetime.now(UTC), sha256_of(content).hexdigest())
            self._objects[key] = info, bytes(content)
            insort(self._keys, key)
        return info

    def put_file(self, key: str, path: Path, *, sha256: str) -> ObjectInfo:
        """Keep what the file holds. Raises ``Conflict``, and ``StorageError`` if *sha256* is another."""
        try:
            content = path.read_bytes()
        except OSError as error:
            raise StorageError(f"storage: cannot read {str(path)!r} ({error.strerror})") from error
        found = sha256_of(content).hexdigest()
        if found != sha256.lower():
            raise StorageError(f"storage: {str(path)!r} gives sha256 {found}, expected {sha256}; not stored")
        return self.put(key, content)

    def get(self, key: str) -> bytes:
        """Return the whole object. Raises ``NotFound``."""
        return self._find(key)[1]

    def get_range(self, key: str, offset: int, length: int) -> bytes:
        """Return *length* bytes from *offset*. Raises ``NotFound``, ``ValueError``."""
        check_range(offset, length)
        return self.get(key)[offset : offset + length]

    def open(self, key: str) -> BinaryIO:
        """Return a reader over the object. Raises ``NotFound``."""
        return io.BytesIO(self.get(key))

    def head(self, key: str) -> ObjectInfo:
        """Return what is known of the object. Raises ``NotFound``."""
        return self._find(key)[0]

    def list(self, prefix: str = "", *, after: str = "") -> Iterator[ObjectInfo]:
        """Yield the objects under *prefix* that come behind *after*."""
        # Code points sort as their UTF-8 bytes do, so plain str comparison gives the order of bytes.
        with self._lock:
            start = max(bisect_left(self._keys, prefix), bisect_right(self._keys, after))
            key = self._keys[start] if start < len(self._keys) else None
        while key is not None and key.startswith(prefix):
            with self._lock:
                found = self._objects.get(key)
            if found:
                yield found[0]
            with self._lock:
                start = bisect_right(self._keys, key)
                key = self._keys[start] if start < len(self._keys) else None

    def delete(self, key: str) -> None:
        """Remove the object if there is one."""
        check_key(key)
        with self._lock:
            if self._objects.pop(key, None):
                del self._keys[bisect_left(self._keys, key)]

    def probe(self) -> None:
        """Return at once: memory gives back what it was given."""

    def _find(self, key: str) -> tuple[ObjectInfo, bytes]:
        check_key(key)
        with self._lock:
            found = self._objects.get(key)
        if found is None:
            raise NotFound(f"storage: no object {key!r} in {self.url}")
        return found

    def _refuse_nesting(self, key: str) -> None:
        # A folder cannot hold a file and a folder of one name; tests should learn that here already.
        below = bisect_left(self._keys, key + "/")
        if below < len(self._keys) and self._keys[below].startswith(key + "/"):
            raise StorageError(f"storage: {key!r} is a folder of other objects in {self.url}")
        parts = key.split("/")
        for count in range(1, len(parts)):
            folder = "/".join(parts[:count])
            if folder in self._objects:
                raise StorageError(f"storage: {folder!r} is an object in {self.url}, no folder for {key!r}")
