"""Folders of the local spool: one for each writer, locked while it lives, with a folder for each segment."""

import fcntl
import os
import secrets
import shutil
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Self

import orjson

from pipelines.errors import StorageError
from pipelines.segments.manifest import Link, Manifest, manifest_digest
from pipelines.segments.names import SegmentName

_CHAIN_NAME = "chain.json"
PUBLISHED_SUFFIX = ".published"


@dataclass(frozen=True, slots=True)
class Chain:
    """How far a writer has come: its last serial, and the manifest that the next one refers to."""

    serial: int = 0
    segment: str | None = None
    sha256: str | None = None

    @property
    def link(self) -> Link | None:
        """What the next manifest says of the one before it."""
        return Link(self.segment, self.sha256) if self.segment and self.sha256 else None


class WriterFolder:
    """The place of one writer. While this object lives, no other process may touch what is in it."""

    def __init__(self, path: Path) -> None:
        """Lock *path*. Raises ``BlockingIOError`` where a live process has it."""
        self.path = path
        self._guard = threading.Lock()
        """Writer and publisher both change the chain, each from its own thread."""
        self._lock = os.open(path / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._lock)
            raise
        self.chain = self._read_chain()

    @classmethod
    def acquire(cls, spool: Path) -> Self:
        """Return a folder below *spool* that no live process has: one that was left, else a new one."""
        for folder in cls.left(spool):
            return folder
        while True:
            path = spool / secrets.token_hex(4)
            path.mkdir(parents=True)
            sync_folder(spool)
            # Another process may take the new folder for one that was left.
            with suppress(BlockingIOError):
                return cls(path)

    @classmethod
    def left(cls, spool: Path) -> Iterator[Self]:
        """Yield, locked, each folder below *spool* whose process is gone."""
        folders = [path for path in spool.iterdir() if path.is_dir()] if spool.is_dir() else []
        for path in sorted(folders):
            try:
                yield cls(path)
            except BlockingIOError:
                continue

    @property
    def writer(self) -> str:
        """The writer's name in the names of its segments."""
        return self.path.name

    def new_segment(self, collection: str, opened: datetime) -> SegmentName:
        """Return the name of the next segment; its serial is used up, whatever becomes of it."""
        with self._guard:
            serial = max([self.chain.serial, *(name.serial for name, _ in self.segments())]) + 1
            self._set_chain(Chain(serial, self.chain.segment, self.chain.sha256))
        return SegmentName.new(collection, opened, serial=serial, writer=self.writer)

    def folder_of(self, name: SegmentName) -> Path:
        """Return where the segment *name* lies while it is local."""
        return self.path / str(name)

    def segments(self) -> list[tuple[SegmentName, Path]]:
        """Return the segments that are still local, oldest first."""
        folders = [path for path in self.path.iterdir() if path.is_dir() and not path.name.startswith(".")]
        found = [(SegmentName.parse(path.name), path) for path in folders]
        return sorted(found, key=lambda pair: pair[0].serial)

    def clear_published(self) -> None:
        """Delete what an interrupted deletion of published segments has left."""
        for path in self.path.glob(f".*{PUBLISHED_SUFFIX}"):
            shutil.rmtree(path)

    def advance(self, manifest: Manifest, content: bytes) -> None:
        """Make *manifest*, whose bytes are *content*, the head of the chain where it links to the head.

        Durably. A manifest that was the head already, or that a later one follows, changes nothing.
        """
        with self._guard:
            if manifest.previous == self.chain.link:
                serial = max(self.chain.serial, manifest.name.serial)
                self._set_chain(Chain(serial, manifest.segment, manifest_digest(content)))

    def _set_chain(self, chain: Chain) -> None:
        write_durably(self.path / _CHAIN_NAME, orjson.dumps(asdict(chain)))
        self.chain = chain

    def release(self) -> None:
        """Unlock the folder. May be called again."""
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1

    def _read_chain(self) -> Chain:
        try:
            content = (self.path / _CHAIN_NAME).read_bytes()
        except FileNotFoundError:
            return Chain()
        try:
            return Chain(**orjson.loads(content))
        except (orjson.JSONDecodeError, TypeError) as err:
            raise StorageError(
                f"spool: {self.path / _CHAIN_NAME} is not readable ({err}); move the folder {self.path} away "
                "and run 'newswarc repair' on its segments"
            ) from err


def write_durably(path: Path, content: bytes) -> None:
    """Write *content* to *path* so that after a crash the file is the old one or the new one, whole."""
    beside = path.with_name(path.name + ".new")
    with beside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    sync_folder(path.parent)


def sync_folder(path: Path) -> None:
    """Force the folder's own entries to the disk."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def local_bytes(folder: Path) -> int:
    """Return the bytes of all files below *folder*, as many as are still there when they are looked at."""
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            with suppress(FileNotFoundError):
                total += os.stat(os.path.join(place, name)).st_size  # noqa: PTH116, PTH118 - asked for often
    return total
