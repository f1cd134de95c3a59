"""What goes over one connection for one request, noted before any parser sees it.

So nothing is lost that the parser drops, joins, re-cases or refuses.
"""

import os
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from tempfile import TemporaryFile
from typing import IO, BinaryIO

from pipelines.model import Tls

IN_MEMORY_BYTES = 1 << 20


class Spool:
    """A block that grows: in memory up to a size, in an unnamed file beyond it."""

    def __init__(self, folder: str | None = None) -> None:
        self._folder = folder
        self._pieces: list[bytes] = []
        self._file: IO[bytes] | None = None
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def append(self, piece: bytes) -> None:
        """Add *piece* at the end."""
        if self._file is not None:
            self._file.write(piece)
            self._length += len(piece)
            return
        self._pieces.append(piece)
        self._length += len(piece)
        if self._length > IN_MEMORY_BYTES:
            self._file = TemporaryFile(dir=self._folder)  # noqa: SIM115 - lives as long as the block
            self._file.writelines(self._pieces)
            self._pieces = []

    def cut(self, count: int) -> None:
        """Take *count* bytes off the end."""
        if not count:
            return
        self._length -= count
        if self._file is None:
            self._pieces = [b"".join(self._pieces)[: self._length]]
        else:
            self._file.truncate(self._length)

    def split(self, count: int) -> bytes:
        """Take *count* bytes off the start, and return them."""
        with self.open() as reader:
            whole = reader.read()
        self._pieces, self._file, self._length = [], None, 0
        self.append(whole[count:])
        return whole[:count]

    def open(self) -> BinaryIO:
        """Return a reader at the first byte; one at a time may be in use."""
        if self._file is None:
            return BytesIO(b"".join(self._pieces))
        self._file.flush()
        self._file.seek(0)
        return os.fdopen(os.dup(self._file.fileno()), "rb")


@dataclass(slots=True)
class Wire:
    """One request on one connection, while it lasts and after it."""

    folder: str | None
    request: Spool = field(init=False)
    response: Spool = field(init=False)
    interim: bytes = b""
    surplus: int = 0
    started: datetime | None = None
    ended: float = 0.0
    address: str | None = None
    tls: Tls | None = None
    finished: bool = False
    """Whether the parser saw the response's end."""
    closed: bool = False
    """Whether its request is over for the crawl; what comes later belongs to nobody."""
    _began: float = 0.0

    def __post_init__(self) -> None:
        self.request, self.response = Spool(self.folder), Spool(self.folder)

    def sent(self, piece: bytes) -> None:
        """Note bytes of the request."""
        if self.started is None:
            self.started, self._began = datetime.now(UTC), time.monotonic()
        self.request.append(piece)

    def received(self, piece: bytes) -> None:
        """Note bytes of the response."""
        if self.closed:
            return
        self.response.append(piece)
        self.ended = time.monotonic()

    @property
    def duration(self) -> float:
        """Seconds from the first byte sent to the last byte received."""
        return max(0.0, self.ended - self._began) if self.ended else 0.0
