"""The records of an exchange as they lie in the store, compressed as they are."""

import io
from collections.abc import Iterator
from typing import BinaryIO, cast

from pipelines.errors import RecordError, TruncatedRecord
from pipelines.model import Capture
from pipelines.segments.names import SegmentName
from pipelines.storage.contract import ObjectStore
from pipelines.warc.reader import StoredRecord, read_records

_AHEAD_BYTES = 1 << 19
_STEP_BYTES = 1 << 20
_COMPANIONS = frozenset({"request", "metadata"})


class Exchanges:
    """Reads exchanges by range. Captures that lie near each other, asked for in their order, share requests.

    For one thread at a time.
    """

    def __init__(self, store: ObjectStore) -> None:
        self._store = store
        self._key, self._start, self._held = "", 0, b""

    def members(self, capture: Capture) -> Iterator[bytes]:
        """Yield the gzip members of *capture*: response or revisit, and the request and metadata behind it.

        In pieces of a megabyte, byte for byte. Raises ``NotFound`` where the WARC is gone, ``RecordError``
        where it is shorter than its index says or the records behind the capture cannot be read.
        """
        key = SegmentName.parse(capture.segment).warc_key
        end = capture.offset + capture.length
        for at in range(capture.offset, end, _STEP_BYTES):
            size = min(_STEP_BYTES, end - at)
            piece = self._read(key, at, size)
            if len(piece) < size:
                raise RecordError(f"packages: {key} ends inside the record at {capture.offset}")
            yield piece
        yield self._companions(key, end)

    def warcinfo(self, segment: str) -> bytes:
        """Return the member that the WARC of *segment* begins with: who recorded it, and how.

        Raises as :meth:`members`.
        """
        key = SegmentName.parse(segment).warc_key
        held = self._read(key, 0, _AHEAD_BYTES)
        first = next(read_records(cast("BinaryIO", io.BytesIO(held))), None)
        if first is None:
            raise RecordError(f"packages: {key} is empty")
        return held[: _end_of(first)]

    def _companions(self, key: str, start: int) -> bytes:
        """Return the members from *start* to the next record that is of no exchange, or of the next one."""
        size = _AHEAD_BYTES
        while True:
            held = self._read(key, start, size)
            length = _length_of_companions(held, is_end=len(held) < size)
            if length is not None:
                return held[:length]
            size *= 4

    def _read(self, key: str, at: int, size: int) -> bytes:
        """Return *size* bytes from *at*, fewer only at the object's end."""
        begin = at - self._start
        if key != self._key or begin < 0 or begin + size > len(self._held):
            self._held = self._store.get_range(key, at, max(size, _AHEAD_BYTES * 2))
            self._key, self._start, begin = key, at, 0
        return self._held[begin : begin + size]


def _length_of_companions(held: bytes, *, is_end: bool) -> int | None:
    """Return how many bytes of *held* are companions; None where one goes on behind it."""
    end = 0
    try:
        for record in read_records(cast("BinaryIO", io.BytesIO(held))):
            if record.kind not in _COMPANIONS:
                return end
            end = _end_of(record)
    except TruncatedRecord:
        if not is_end:
            return None
        raise
    return end if is_end else None


def _end_of(record: StoredRecord) -> int:
    return record.offset + record.finish()
