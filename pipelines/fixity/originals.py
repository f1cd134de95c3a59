"""Which payloads the archive holds whole, and which revisits refer to one: compared when all is read."""

import sqlite3
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from typing import Self

from pipelines.model import Capture


@dataclass(frozen=True, slots=True)
class Reference:
    """A revisit, and what it refers to."""

    capture: Capture
    url: str
    timestamp: str


class Originals:
    """A database of its own that lies on disk as soon as it grows, and is gone when it is closed."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        # The empty name means a temporary file that SQLite itself deletes.
        self._rows = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._rows.execute("pragma journal_mode = off")
        self._rows.execute("pragma synchronous = off")
        self._rows.execute("create table whole (payload blob primary key) without rowid")
        self._rows.execute(
            "create table revisits (payload blob, segment, start int, url, original_url, original_at)"
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._rows.close()

    def add(self, whole: Iterable[Capture], references: Iterable[Reference]) -> None:
        """Take the captures of a segment whose payload is whole in it, and its revisits."""
        payloads = [(_payload(each, each.url, each.timestamp),) for each in whole]
        revisits = [
            (
                _payload(each.capture, each.url, each.timestamp),
                each.capture.segment,
                each.capture.offset,
                each.capture.url,
                each.url,
                each.timestamp,
            )
            for each in references
        ]
        with self._guard:
            self._rows.execute("begin")
            self._rows.executemany("insert or ignore into whole values (?)", payloads)
            self._rows.executemany("insert into revisits values (?, ?, ?, ?, ?, ?)", revisits)
            self._rows.execute("commit")

    def unresolved(self) -> Iterator[tuple[str, int, str]]:
        """Yield segment, offset and words of each revisit whose original is not there."""
        query = (
            "select segment, start, url, original_url, original_at from revisits"
            " where payload not in (select payload from whole) order by segment, start"
        )
        for segment, start, url, original_url, original_at in self._rows.execute(query):
            words = f"{url} refers to {original_url} at {original_at}; there is no such whole response"
            yield segment, start, words


def _payload(capture: Capture, url: str, timestamp: str) -> bytes:
    told = f"{url} {timestamp} {capture.digest} {capture.sha256}"
    return blake2b(told.encode("utf-8", "surrogateescape"), digest_size=16).digest()
