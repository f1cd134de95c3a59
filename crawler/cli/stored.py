"""A capture as ``show`` and ``cat`` need it: its records as they lie in the WARC."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, cast

from pipelines import extract as extraction
from pipelines.archive import Archive
from pipelines.model import Capture
from pipelines.segments.names import SegmentName
from pipelines.storage import ObjectStore
from pipelines.warc.reader import StoredRecord, read_record, read_records
from pipelines.warc.records import Fields

_READ_BYTES = 1 << 16


@dataclass(frozen=True, slots=True)
class RawRecord:
    """A record, read."""

    fields: Fields
    block: bytes

    def get(self, name: str) -> str | None:
        """Return the first value of the field *name*, or None."""
        return next((value for key, value in self.fields if key.lower() == name.lower()), None)


def own_record(archive: Archive, capture: Capture) -> RawRecord:
    """Return the response or revisit record of *capture*."""
    key = SegmentName.parse(capture.segment).warc_key
    stored = archive.store.get_range(key, capture.offset, capture.length)
    return _read(read_record(io.BytesIO(stored), offset=capture.offset))


def wire_block(archive: Archive, capture: Capture) -> bytes:
    """Return the response of *capture* as it came over the wire, of a revisit its head."""
    return archive.unmodified_head(capture) if capture.unmodified else own_record(archive, capture).block


def companions(archive: Archive, capture: Capture, own: RawRecord) -> Iterator[RawRecord]:
    """Yield the request and metadata records that lie behind *own*, the record of *capture*."""
    start = capture.offset + capture.length
    tail = _Tail(archive.store, SegmentName.parse(capture.segment).warc_key, start)
    for record in read_records(cast("BinaryIO", io.BufferedReader(tail, _READ_BYTES)), offset=start):
        if record.get("WARC-Concurrent-To") != own.get("WARC-Record-ID"):
            return
        yield _read(record)


def stored_article(archive: Archive, capture: Capture) -> "extraction.Article | None":
    """Return the article of *capture* as it was read last, None where none is stored."""
    rows = archive.articles_of(capture.segment)
    return next((row.article for row in rows if row.capture.offset == capture.offset), None)


def text_of(archive: Archive, capture: Capture) -> "tuple[extraction.Article, bool]":
    """Return the article of *capture*, and whether it was stored; else it is extracted, without rules."""
    read = archive.open(capture)
    for holder in (capture, read.original):
        article = stored_article(archive, holder) if holder else None
        if article is not None:
            return article, True
    return extraction.extract(read.payload, capture.url, headers=read.headers), False


def _read(record: StoredRecord) -> RawRecord:
    block = record.block.read()
    record.finish()
    return RawRecord(record.fields, block)


class _Tail(io.RawIOBase):
    """An object from a byte on, read by ranges."""

    def __init__(self, store: ObjectStore, key: str, offset: int) -> None:
        self._store, self._key, self._at = store, key, offset

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        piece = self._store.get_range(self._key, self._at, len(buffer))
        buffer[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)
