"""Reading a WARC to the last byte: each record examined, and where there is none, the next one sought."""

import hashlib
import io
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import BinaryIO

from pipelines.errors import RecordError, TruncatedRecord
from pipelines.fixity.report import Damage
from pipelines.model import Capture
from pipelines.segments.names import SegmentName
from pipelines.segments.recovery import EMPTY_SHA1, described, is_unmodified_head
from pipelines.storage.contract import ObjectStore
from pipelines.warc.digests import sha1_label
from pipelines.warc.message import READ_BYTES, Head, payload, read_head
from pipelines.warc.reader import StoredRecord, read_record, read_records
from pipelines.warc.records import FIELDS_TYPE, PAYLOAD_SHA256, record_id

_MEMBER_START = b"\x1f\x8b\x08"
_WINDOW_BYTES = 1 << 20
_KEPT_BYTES = 1 << 16
_EMPTY_SHA256 = hashlib.sha256().hexdigest()
_ANNOUNCED = "announced-"

Opener = Callable[[int], BinaryIO]
"""Gives a new reader that stands at a byte of the WARC; who asks closes it."""


@dataclass(frozen=True, slots=True)
class Examined:
    """A record that is whole."""

    kind: str
    offset: int
    length: int
    """Bytes of its gzip member."""
    id: str
    concurrent_to: str
    capture: Capture | None = None
    """What a ``response`` or ``revisit`` record is."""
    refers_to: tuple[str, str] | None = None
    """URL and timestamp that a ``revisit`` refers to."""
    faults: tuple[tuple[Damage, str], ...] = ()
    """Where its bytes do not give its digests."""
    announced: Mapping[str, str] = field(default_factory=dict)
    """What a source said of the page, from a ``metadata`` record."""
    head: bool = False
    """Whether it is the ``metadata`` record with the head of a 304."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Bytes that are no whole record."""

    offset: int
    end: int | None
    """Where the next whole record lies; None where none comes any more."""
    error: RecordError

    @property
    def damage(self) -> Damage:
        """What is wrong there."""
        torn = self.end is None and isinstance(self.error, TruncatedRecord)
        return Damage.RECORD_TRUNCATED if torn else Damage.RECORD_DAMAGED

    def __contains__(self, offset: int) -> bool:
        """Return whether the byte *offset* lies in it."""
        return self.offset <= offset and (self.end is None or offset < self.end)


def walk(stream: BinaryIO, name: SegmentName, reopen: Opener) -> Iterator[Examined | Gap]:
    """Yield what lies in the WARC of segment *name* that *stream* is at the start of, in order.

    After a gap it goes on with the next record that belongs to this WARC, which *reopen* is asked for.
    """
    at: int | None = 0
    # A salvaged segment holds the warcinfo record of the damaged one as well: both frame its records.
    frames = {record_id(str(name), 0)}
    with ExitStack() as opened:
        while at is not None:
            at = yield from _run_of_records(stream, at, name, frames, reopen)
            if at is not None:
                opened.close()
                stream = opened.enter_context(reopen(at))


def _run_of_records(
    stream: BinaryIO, at: int, name: SegmentName, frames: set[str], reopen: Opener
) -> Generator[Examined | Gap, None, int | None]:
    """Yield records from *at* to the next gap, and that; return where the records go on, if they do."""
    try:
        for record in read_records(stream, offset=at):
            found = examine(record, name)
            if found.kind == "warcinfo":
                frames.add(found.id)
            at = found.offset + found.length
            yield found
    except RecordError as err:
        following = _next_record(reopen, at + 1, frames)
        yield Gap(at, following, err)
        return following
    return None


def examine(record: StoredRecord, name: SegmentName) -> Examined:
    """Return what *record* of segment *name* is, having read it.

    Raises ``RecordError`` where it is not whole.
    """
    block = _Hashed(record.block)
    capture, refers_to, faults = None, None, []
    if record.kind in {"response", "revisit"}:
        head, rest = read_head(block)
        sha1, sha256 = _payload_digests(head, rest, block)
        if record.kind == "response":
            faults = [*_payload_faults(record, sha1, sha256)]
        else:
            sha256 = record.get(PAYLOAD_SHA256) or ""
            date = record.get("WARC-Refers-To-Date") or ""
            refers_to = (record.get("WARC-Refers-To-Target-URI") or "", _digits(date))
        block.drain()
        capture = described(record, head, name, sha256=sha256)
    block.drain()
    length = record.finish()
    stated = record.get("WARC-Block-Digest")
    if stated != block.label:
        faults.append((Damage.BLOCK_DIGEST, f"the block gives {block.label}, the record says {stated}"))
    return Examined(
        kind=record.kind,
        offset=record.offset,
        length=length,
        id=record.get("WARC-Record-ID") or "",
        concurrent_to=record.get("WARC-Concurrent-To") or "",
        capture=capture,
        refers_to=refers_to,
        faults=tuple(faults),
        announced=_announced(record, block.start),
        head=is_unmodified_head(record),
    )


class ObjectReader(io.RawIOBase):
    """An object read by ranges, from any byte on."""

    def __init__(self, store: ObjectStore, key: str, at: int) -> None:
        self._store, self._key, self._at = store, key, at

    def readable(self) -> bool:
        """Return True."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Return *size* bytes, fewer only at the end."""
        found = self._store.get_range(self._key, self._at, size if size >= 0 else _WINDOW_BYTES)
        self._at += len(found)
        return found


class _Hashed:
    """A block that is hashed while it is read."""

    def __init__(self, block: BinaryIO | io.RawIOBase) -> None:
        self._block = block
        self._sha256 = hashlib.sha256()
        self.start = b""

    def read(self, size: int = -1, /) -> bytes:
        piece: bytes = self._block.read(size) or b""
        self._sha256.update(piece)
        if len(self.start) < _KEPT_BYTES:
            self.start += piece[: _KEPT_BYTES - len(self.start)]
        return piece

    def drain(self) -> None:
        while self.read(READ_BYTES):
            pass

    @property
    def label(self) -> str:
        return f"sha256:{self._sha256.hexdigest()}"


def _payload_digests(head: Head, rest: bytes, block: _Hashed) -> tuple[str, str]:
    sha1, sha256 = hashlib.sha1(usedforsecurity=False), hashlib.sha256()
    for piece in payload(head, rest, block):
        sha1.update(piece)
        sha256.update(piece)
    return sha1_label(sha1.digest()), sha256.hexdigest()


def _payload_faults(record: StoredRecord, sha1: str, sha256: str) -> Iterator[tuple[Damage, str]]:
    stated_sha1, stated_sha256 = record.get("WARC-Payload-Digest"), record.get(PAYLOAD_SHA256)
    for found, stated, empty in (
        (sha1, stated_sha1, EMPTY_SHA1),
        (sha256, stated_sha256, _EMPTY_SHA256),
    ):
        # A response without a payload has none of them.
        if found != (stated or empty):
            yield Damage.PAYLOAD_DIGEST, f"the payload gives {found}, the record says {stated}"


def _announced(record: StoredRecord, block: bytes) -> Mapping[str, str]:
    if record.kind != "metadata" or record.get("Content-Type") != FIELDS_TYPE:
        return {}
    lines = (line.partition(": ") for line in block.decode("utf-8", "replace").split("\r\n"))
    return {key.removeprefix(_ANNOUNCED): value for key, _, value in lines if key.startswith(_ANNOUNCED)}


def _next_record(reopen: Opener, at: int, frames: set[str]) -> int | None:
    """Return where the next whole record of this WARC lies, from byte *at* on."""
    for candidate in _member_starts(reopen, at):
        with reopen(candidate) as stream:
            try:
                record = read_record(stream, offset=candidate)
                # A page may itself be a WARC; its records belong to another frame.
                ours = {record.get("WARC-Warcinfo-ID"), record.get("WARC-Record-ID")} & frames
                record.finish()
            except RecordError:
                continue
        if ours:
            return candidate
    return None


def _member_starts(reopen: Opener, at: int) -> Iterator[int]:
    with reopen(at) as stream:
        window = b""
        while piece := stream.read(_WINDOW_BYTES):
            window += piece
            found = window.find(_MEMBER_START)
            while found >= 0:
                yield at + found
                found = window.find(_MEMBER_START, found + 1)
            kept = window[1 - len(_MEMBER_START) :]
            at += len(window) - len(kept)
            window = kept


def _digits(date: str) -> str:
    return "".join(filter(str.isdigit, date))[:14]
