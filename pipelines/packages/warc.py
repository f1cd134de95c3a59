"""Some captures of an archive as a WARC of their own, with all that their revisits stand for."""

import heapq
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from typing import IO, Protocol

from pipelines.index import to_line
from pipelines.model import Capture
from pipelines.packages.exchanges import Exchanges
from pipelines.storage.contract import ObjectStore
from pipelines.version import SOFTWARE
from pipelines.warc.records import CONFORMS_TO, Frame, member, warcinfo_record

_LEVEL = 3
_RUN_LINES = 50_000

OriginalOf = Callable[[Capture], Capture | None]
"""Gives the response whose payload a revisit stands for, None where that one may not be shown; raises
``NotArchived`` where there is none."""


class Sink(Protocol):
    """What bytes are written to."""

    def write(self, content: bytes, /) -> object:
        """Take *content* whole."""
        ...


@dataclass(frozen=True, slots=True)
class Copied:
    """What a copy holds."""

    captures: int
    """Those that were asked for, each once."""
    originals: int
    """Responses that came along because a revisit stands for their payload."""
    left_out: int
    """Revisits whose original may not be shown."""
    size: int
    """Bytes."""


class WarcCopy:
    """Writes exchanges into one WARC, each once, and keeps its index, sorted, in bounded memory.

    Before the first exchange of a segment comes that segment's ``warcinfo``, which its records name.
    *filename* is what the WARC and its index call the WARC; *made* is when.
    """

    def __init__(self, sink: Sink, store: ObjectStore, *, filename: str, made: datetime, about: str) -> None:
        self._sink, self._filename = sink, filename
        self._exchanges = Exchanges(store)
        self._places: set[tuple[str, int]] = set()
        self._segments: set[str] = set()
        self._runs: list[IO[bytes]] = []
        self._lines: list[bytes] = []
        self._opened = ExitStack()
        self.size = 0
        """Bytes written so far."""
        info = {
            "software": SOFTWARE,
            "format": "WARC File Format 1.1",
            "conformsTo": CONFORMS_TO,
            "description": about,
        }
        for piece in member(warcinfo_record(Frame(filename), filename, made, info), level=_LEVEL):
            self._write(piece)

    def add(self, capture: Capture) -> bool:
        """Copy the exchange of *capture*, and return whether it was not there yet.

        Raises what :meth:`Exchanges.members` does.
        """
        place = (capture.segment, capture.offset)
        if place in self._places:
            return False
        self._places.add(place)
        if capture.segment not in self._segments:
            self._segments.add(capture.segment)
            self._write(self._exchanges.warcinfo(capture.segment))
        moved = replace(capture, filename=self._filename, offset=self.size)
        for piece in self._exchanges.members(capture):
            self._write(piece)
        self._lines.append(to_line(moved))
        if len(self._lines) == _RUN_LINES:
            self._spill()
        return True

    def index(self) -> Iterator[bytes]:
        """Yield the lines of the index, sorted. Once, when all is added."""
        self._lines.sort()
        yield from heapq.merge(*self._runs, self._lines)

    def close(self) -> None:
        """Delete what the index needed on disk."""
        self._opened.close()

    def _write(self, piece: bytes) -> None:
        self._sink.write(piece)
        self.size += len(piece)

    def _spill(self) -> None:
        run = tempfile.TemporaryFile(prefix="newswarc-index-")  # noqa: SIM115 - open until close()
        self._opened.callback(run.close)
        run.writelines(sorted(self._lines))
        run.seek(0)
        self._runs.append(run)
        self._lines = []


def copy_all(copy: WarcCopy, captures: Iterable[Capture], original_of: OriginalOf) -> Copied:
    """Bring *captures* into *copy*, and what their revisits stand for.

    Raises ``NotArchived`` where a revisit's original is not known, and what :meth:`WarcCopy.add` does.
    """
    wanted = originals = left_out = 0
    for capture in captures:
        original = original_of(capture) if capture.kind == "revisit" else None
        if capture.kind == "revisit" and original is None:
            left_out += 1
            continue
        wanted += copy.add(capture)
        if original is not None:
            originals += copy.add(original)
    return Copied(wanted, originals, left_out, copy.size)


def write_warc(
    sink: Sink, store: ObjectStore, captures: Iterable[Capture], *, original_of: OriginalOf, made: datetime
) -> Copied:
    """Write the exchanges of *captures* into *sink* as one WARC, byte for byte as they were recorded.

    A capture of those that came along as an original counts as one. In memory is the place of each. Raises
    as :func:`copy_all`.
    """
    filename = f"newswarc-export-{made:%Y%m%d%H%M%S}.warc.gz"
    copy = WarcCopy(sink, store, filename=filename, made=made, about="records copied from an archive")
    try:
        return copy_all(copy, captures, original_of)
    finally:
        copy.close()
