"""Where the files of an index lie: the generation in use, and how another one takes its place.

::

    <folder>/current             name of the generation in use
    <folder>/1-3f9c…/            its files; the first number is the format
    <folder>/lock                held by who writes
"""

import fcntl
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from tantivy import Index

from pipelines.errors import SearchBusy, SearchError
from pipelines.search.schema import FORMAT, prepare, schema


class Generations:
    """The folder of an index."""

    def __init__(self, folder: Path) -> None:
        """Use *folder*, which is made where it is missing. Raises ``SearchError`` where it cannot be."""
        self.folder = folder
        with told(folder):
            folder.mkdir(parents=True, exist_ok=True)

    def current(self) -> Path | None:
        """Return the folder of the generation in use; None where there is none of this format."""
        with told(self.folder):
            pointer = self.folder / "current"
            name = pointer.read_text("ascii").strip() if pointer.exists() else ""
        path = self.folder / name
        return path if name.startswith(f"{FORMAT}-") and path.is_dir() else None

    def new(self) -> Path:
        """Return the folder of a new generation, empty and not yet in use."""
        path = self.folder / f"{FORMAT}-{uuid4().hex[:12]}"
        with told(self.folder):
            path.mkdir()
        return path

    def use(self, path: Path) -> None:
        """Let the generation *path* be the one in use, at once for all, and remove the others.

        To be called by who holds :meth:`writing`. Who still reads an older one goes on with it.
        """
        with told(self.folder):
            beside = self.folder / "current.new"
            beside.write_text(path.name, "ascii")
            beside.replace(self.folder / "current")
        for other in self.folder.iterdir():
            if other.is_dir() and other != path:
                shutil.rmtree(other, ignore_errors=True)

    @contextmanager
    def writing(self, *, patience: float = 0.0) -> Iterator[None]:
        """Let one writer at a time in. Raises ``SearchBusy`` where another one is for *patience* seconds."""
        with told(self.folder):
            lock = (self.folder / "lock").open("wb")
        with lock:
            deadline = time.monotonic() + patience
            while not _locked(lock):
                if time.monotonic() >= deadline:
                    raise SearchBusy(
                        f"search: another process is writing the index in {str(self.folder)!r}; wait for it"
                    )
                time.sleep(0.05)
            yield


def _locked(lock: BinaryIO) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def open_index(path: Path) -> Index:
    """Return the index in the folder *path*, an empty one where nothing is there. Raises ``SearchError``."""
    with told(path):
        return prepare(Index(schema(), str(path)))


@contextmanager
def told(folder: Path) -> Iterator[None]:
    """Translate what tantivy and the operating system say of an index in *folder*."""
    try:
        yield
    except (ValueError, OSError) as error:
        raise SearchError(
            f"search: the index in {str(folder)!r} cannot be used ({error}); if it is damaged, 'newswarc "
            "search --rebuild' makes it anew from the store"
        ) from error
