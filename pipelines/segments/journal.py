"""The journal of an open segment: how far its WARC is good, and what lies in it.

Lines of JSON. The first is the header; each further one an :class:`Entry`. The WARC is synced before its
journal line is written, so a line that can be read speaks of bytes that are there; what the WARC holds
beyond the last line is found by reading it.
"""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from pipelines.errors import RecordError


@dataclass(frozen=True, slots=True)
class JobInfo:
    """The job that a segment belongs to, as its manifest and WARC tell it."""

    id: str
    info: Mapping[str, str] = field(default_factory=dict)
    """Further lines of the ``warcinfo`` record: operator, robots policy, user agent…"""
    configuration: str = ""
    """The job's configuration, archived as a ``resource`` record."""
    text: bool = False
    """Whether the job wants clean text of its pages, also of those that only the WARC still tells of."""
    rules: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Cleaning rules by host, by ``*.example.com`` for a domain and all below it, or by ``*`` for any; for
    text that must be extracted when the crawl is no longer there."""


@dataclass(frozen=True, slots=True)
class Header:
    """First line of a journal."""

    segment: str
    job: JobInfo


@dataclass(frozen=True, slots=True)
class Entry:
    """One exchange on disk, or one failure to get one."""

    end: int
    """Bytes of the WARC that are good once this entry is read."""
    line: str | None = None
    """The exchange's CDXJ line."""
    article: bool = False
    """Whether clean text is wanted of the capture."""
    announced: Mapping[str, str] = field(default_factory=dict)
    """What a source said of the page, for the article's row."""
    log: Mapping[str, Any] = field(default_factory=dict)
    """The crawl log's line for it."""


class Journal:
    """Appends entries; nothing is on disk before :meth:`sync`."""

    def __init__(self, path: Path, header: Header) -> None:
        self._file = path.open("xb", buffering=0)
        self._pending: list[bytes] = [_line(header)]

    def append(self, entry: Entry) -> None:
        """Take *entry* in; the next :meth:`write` puts it into the file."""
        self._pending.append(_line(entry))

    @property
    def pending(self) -> bool:
        """Whether there are entries that the file does not have."""
        return bool(self._pending)

    def discard(self) -> None:
        """Forget the entries since the last :meth:`write`."""
        self._pending.clear()

    def write(self, *, sync: bool) -> None:
        """Write the pending entries, to the disk itself where *sync* says so."""
        pending = memoryview(b"".join(self._pending))
        while pending:
            # A disk that fills up takes a part at first.
            pending = pending[self._file.write(pending) :]
        self._pending.clear()
        if sync:
            os.fdatasync(self._file.fileno())

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def read_journal(path: Path) -> tuple[Header, Iterator[Entry]]:
    """Return the header and the entries of the journal at *path*, up to the first line that is none.

    Raises ``RecordError`` where not even the header can be read.
    """
    lines = _whole_lines(path)
    try:
        first = next(lines)
        header = Header(first["segment"], JobInfo(**first["job"]))
    except (StopIteration, TypeError, KeyError) as err:
        raise RecordError(f"journal: {path.name} has no readable header") from err
    return header, _entries(lines)


def _entries(lines: Iterator[Any]) -> Iterator[Entry]:
    for line in lines:
        try:
            yield Entry(**line)
        except TypeError:
            return


def _whole_lines(path: Path) -> Iterator[Any]:
    with path.open("rb") as file:
        for line in file:
            try:
                parsed = orjson.loads(line)
            except orjson.JSONDecodeError:
                return
            if not line.endswith(b"\n"):
                return
            yield parsed


def _line(entry: Header | Entry) -> bytes:
    return orjson.dumps(entry) + b"\n"
