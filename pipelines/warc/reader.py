"""Reading WARC files that are gzipped record by record, with the offset of each and bounded memory.

Framing is checked strictly, since this reader tells where a file is still whole: a gzip member must end,
a record must hold its stated length and end in two line ends.
"""

import io
import re
from collections.abc import Iterator
from typing import Any, BinaryIO, cast

from isal import isal_zlib

from pipelines.errors import RecordError, TruncatedRecord
from pipelines.warc.message import READ_BYTES
from pipelines.warc.records import Fields

_HEAD_LIMIT_BYTES = 1 << 20
_GZIP_MAGIC = b"\x1f\x8b"
_DIGITS = re.compile(r"[0-9]{1,18}")
# Its stub declares the exception class as an instance.
_NotDeflate = cast("type[Exception]", isal_zlib.error)


class StoredRecord:
    """A record as it lies in a file: its fields at once, its block to be read once."""

    def __init__(self, fields: Fields, offset: int, inflating: "_Member") -> None:
        self.fields = fields
        self.offset = offset
        """Bytes from the start of the file to the gzip member."""
        self._member = inflating
        self.content_length = _content_length(self)
        self.block = _Limited(inflating, self.content_length)
        """The block, readable once, in any steps."""
        self._length: int | None = None

    def get(self, name: str) -> str | None:
        """Return the first value of the field *name* (any case), or None."""
        wanted = name.lower()
        return next((value for key, value in self.fields if key.lower() == wanted), None)

    @property
    def kind(self) -> str:
        """``WARC-Type``, empty where it is missing."""
        return self.get("WARC-Type") or ""

    def finish(self) -> int:
        """Read to the end of the record and return the bytes of its gzip member. May be called again.

        Raises ``TruncatedRecord`` or ``RecordError`` where the record does not end as it should.
        """
        if self._length is not None:
            return self._length
        while self.block.read(READ_BYTES):
            pass
        if self.block.left:
            raise TruncatedRecord(f"warc: the record at {self.offset} ends {self.block.left} bytes too early")
        if self._member.read(5) != b"\r\n\r\n":
            raise RecordError(f"warc: the record at {self.offset} does not end in two line ends")
        self._length = self._member.end - self.offset
        return self._length


def read_records(stream: BinaryIO, *, offset: int = 0) -> Iterator[StoredRecord]:
    """Yield the records of *stream*, which stands at byte *offset* of its file.

    Each is finished before the next is read. Raises ``TruncatedRecord`` where the file ends inside a
    record, ``RecordError`` where bytes are no record; what was yielded before is whole.
    """
    rest = b""
    while True:
        rest = rest or stream.read(READ_BYTES)
        if not rest:
            return
        member = _Member(stream, rest, offset)
        record = StoredRecord(_read_fields(member), offset, member)
        yield record
        offset += record.finish()
        rest = member.rest


def read_record(stream: BinaryIO, *, offset: int = 0) -> StoredRecord:
    """Return the record that *stream* stands at. Raises as :func:`read_records`, also where there is none."""
    for record in read_records(stream, offset=offset):
        return record
    raise TruncatedRecord(f"warc: there is no record at {offset}, the file ends there")


class _Member(io.RawIOBase):
    """The inflated bytes of one gzip member of a stream."""

    def __init__(self, stream: BinaryIO, start: bytes, offset: int) -> None:
        if not start.startswith(_GZIP_MAGIC[: len(start)]):
            raise RecordError(f"warc: no gzip member at {offset}, but {start[:8]!r}")
        self._stream = stream
        self._offset = offset
        self._taken = 0
        self._pending = start
        self._inflate = isal_zlib.decompressobj(wbits=31)
        self._inflated = b""
        self.rest = b""
        self.end = -1
        """Offset of the byte after the member, known once it was read to its end."""

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        """Return *size* bytes, fewer only at the member's end."""
        parts, left = [], size if size >= 0 else 1 << 62
        while left and (piece := self._some(left)):
            parts.append(piece)
            left -= len(piece)
        return b"".join(parts)

    def read_through(self, mark: bytes, limit: int) -> bytes:
        """Return the bytes up to and with *mark*, or what there is where it does not come within *limit*."""
        head = self._inflated
        while mark not in head and len(head) < limit and (piece := self._inflate_some(limit)):
            head += piece
        end = head.find(mark) + len(mark) if mark in head else len(head)
        self._inflated = head[end:]
        return head[:end]

    def _some(self, most: int) -> bytes:
        """Return between one and *most* bytes, none at the end."""
        if not self._inflated:
            return self._inflate_some(most)
        out, self._inflated = self._inflated[:most], self._inflated[most:]
        return out

    def _inflate_some(self, most: int) -> bytes:
        while not self._inflate.eof:
            given = self._pending or self._stream.read(READ_BYTES)
            if not given:
                raise TruncatedRecord(f"warc: the file ends inside the record at {self._offset}")
            out: bytes = self._decompress(given, most)
            if out:
                return out
        return b""

    def _decompress(self, given: bytes, most: int) -> bytes:
        try:
            out: bytes = self._inflate.decompress(given, most)
        except _NotDeflate as err:
            raise RecordError(f"warc: the record at {self._offset} does not inflate: {err}") from err
        left = self._inflate.unused_data if self._inflate.eof else self._inflate.unconsumed_tail
        self._taken += len(given) - len(left)
        self._pending = left
        if self._inflate.eof:
            self.rest, self.end = left, self._offset + self._taken
        return out


class _Limited(io.RawIOBase):
    """The first *limit* bytes of a member."""

    def __init__(self, member: _Member, limit: int) -> None:
        self._member = member
        self.left = limit

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        out = self._member.read(self.left if size < 0 else min(size, self.left))
        self.left -= len(out)
        return out

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 - a buffer has no type in 3.11
        out = self.read(len(buffer))
        buffer[: len(out)] = out
        return len(out)


def _read_fields(member: _Member) -> Fields:
    head = member.read_through(b"\r\n\r\n", _HEAD_LIMIT_BYTES)
    if not head.endswith(b"\r\n\r\n"):
        raise RecordError(f"warc: the record header does not end: {head[:60]!r}")
    version, *lines = head.decode("utf-8", "surrogateescape").split("\r\n")
    if not version.startswith("WARC/"):
        raise RecordError(f"warc: not a record: {version[:60]!r}")
    pairs = (line.partition(":") for line in lines if line)
    return [(name.strip(), value.strip()) for name, _, value in pairs]


def _content_length(record: StoredRecord) -> int:
    value = record.get("Content-Length") or ""
    if not _DIGITS.fullmatch(value):
        raise RecordError(f"warc: the record at {record.offset} has Content-Length {value!r}")
    return int(value)
