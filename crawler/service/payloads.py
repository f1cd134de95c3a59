"""The payload of a capture for HTTP: what came with it, and its bytes, streamed where they are many."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from http import HTTPStatus
from io import BytesIO
from itertools import chain
from typing import BinaryIO, Final, cast

from fastapi import Request, Response
from fastapi.responses import StreamingResponse

from pipelines.archive import Archive
from pipelines.errors import RecordError
from pipelines.fixity.records import ObjectReader
from pipelines.model import Capture, Headers
from pipelines.segments.names import SegmentName
from pipelines.warc.message import Head, Source, parse_head, payload, read_head
from pipelines.warc.reader import StoredRecord, read_record

HELD_BYTES: Final = 4 * 2**20
"""Size up to which a payload is read whole, and so checked before the answer begins."""
_KNOWN: Final = frozenset(map(int, HTTPStatus))
NO_CONTENT: Final = frozenset({204, 205, 304})
"""Statuses whose answers have no content (RFC 9110 §15)."""
_RANGE: Final = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")
_TOKEN: Final = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}")
_FORBIDDEN: Final = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]+")
_MOST_HEADERS: Final = 60
_LONGEST_HEADER: Final = 8192


@dataclass(frozen=True, slots=True)
class Payload:
    """A capture's payload, without its bytes."""

    archive: Archive
    source: Capture
    """The response that holds the bytes."""
    status: int
    headers: Headers
    """As they came with the bytes."""
    wire_headers: Headers
    """Of the capture itself: of a revisit for a 304, those of the 304."""
    length: int | None
    """Bytes; None where only reading tells."""
    content: bytes | None
    """The bytes, where they are few."""
    stored: bytes | None = None
    """The compressed record, where that is small."""

    def pieces(self) -> Iterator[bytes]:
        """Yield the bytes. Raises what reading a record raises."""
        if self.content is not None:
            return iter([self.content] if self.content else [])
        _, head, rest, block = _opened(self.archive, self.source, self.stored)
        return payload(head, rest, block)


def open_payload(archive: Archive, capture: Capture) -> Payload:
    """Return the payload of *capture*; of a revisit that which it stands for.

    Raises ``NotFound``, ``RecordError``, ``NotArchived`` as :meth:`pipelines.archive.Archive.open`.
    """
    source = archive.original_of(capture) if capture.kind == "revisit" else capture
    stored = _stored(archive, source) if source.length <= HELD_BYTES else None
    record, head, rest, block = _opened(archive, source, stored)
    own = head if source is capture else _own_head(archive, capture)
    shown = head if capture.unmodified else own
    length = None if head.chunked else record.content_length - head.length
    found = Payload(archive, source, _status(shown.status), shown.headers, own.headers, length, None, stored)
    # A small record may hold a large block, which nobody should have in memory for each who asks.
    if record.content_length > HELD_BYTES:
        return found
    content = b"".join(payload(head, rest, block))
    if record.finish() != source.length:
        raise RecordError(
            f"service: the record at {source.offset} of {source.filename} is not that of the index"
        )
    return replace(found, length=len(content), content=content, stored=None)


def _opened(
    archive: Archive, source: Capture, stored: bytes | None
) -> tuple[StoredRecord, Head, bytes, Source]:
    """Return the record of *source*, its message's head, what was read beyond that, and the rest to read."""
    key = SegmentName.parse(source.segment).warc_key
    stream = ObjectReader(archive.store, key, source.offset) if stored is None else BytesIO(stored)
    record = read_record(cast("BinaryIO", stream), offset=source.offset)
    head, rest = read_head(record.block)
    return record, head, rest, record.block


def _own_head(archive: Archive, capture: Capture) -> Head:
    if capture.unmodified:
        return parse_head(archive.unmodified_head(capture))
    return _opened(archive, capture, _stored(archive, capture))[1]


def _stored(archive: Archive, capture: Capture) -> bytes:
    key = SegmentName.parse(capture.segment).warc_key
    return archive.store.get_range(key, capture.offset, capture.length)


def _status(status: int | None) -> int:
    """Return a status that an answer may have: a final one that is known, else the nearest of its class."""
    if status is None or status < 200:
        return 200
    return status if status in _KNOWN else {2: 200, 4: 400}.get(status // 100, 500)


def payload_response(request: Request, found: Payload, headers: dict[str, str]) -> Response:
    """Return *found* as an answer: whole, or the one range that *request* asks for (RFC 9110 §14)."""
    if found.status in NO_CONTENT:
        return Response(status_code=found.status, headers=headers)
    if found.status != 200:
        return _streamed(request, found.status, found.pieces(), found.length, headers)
    headers = {**headers, "Accept-Ranges": "bytes"}
    asked = _RANGE.fullmatch(request.headers.get("range", "").replace(" ", ""))
    if not asked or asked[0] == "bytes=-":
        return _streamed(request, 200, found.pieces(), found.length, headers)
    length = sum(map(len, found.pieces())) if found.length is None else found.length
    start, end = _span(asked[1], asked[2], length)
    if start >= end:
        headers["Content-Range"] = f"bytes */{length}"
        return Response(status_code=416, headers=headers)
    headers["Content-Range"] = f"bytes {start}-{end - 1}/{length}"
    return _streamed(request, 206, _cut(found.pieces(), start, end), end - start, headers)


def _span(first: str, last: str, length: int) -> tuple[int, int]:
    """Return the first byte and the one behind the last."""
    if not first:
        return max(0, length - int(last)), length
    return int(first), min(length, int(last) + 1) if last else length


def _cut(pieces: Iterator[bytes], start: int, end: int) -> Iterator[bytes]:
    at = 0
    for piece in pieces:
        part = piece[max(0, start - at) : max(0, end - at)]
        at += len(piece)
        if part:
            yield part
        if at >= end:
            return


def _streamed(
    request: Request, status: int, pieces: Iterator[bytes], length: int | None, headers: dict[str, str]
) -> Response:
    if length is not None:
        headers = {**headers, "Content-Length": str(length)}
    if request.method == "HEAD":
        return Response(status_code=status, headers=headers)
    # What fails at once is told with a status; later the connection is cut.
    first = next(pieces, b"")
    return StreamingResponse(chain([first], pieces), status_code=status, headers=headers)


def add_headers(response: Response, headers: Headers, *, prefix: bytes = b"") -> None:
    """Add *headers* as they came, in order and repeated ones too, to *response*, *prefix* before each name.

    Those that no client could read are left out: with odd names, longer than 8 KiB, beyond the sixtieth
    (Python's own client takes a hundred in all).
    """
    taken = [(name, value) for name, value in headers if _TOKEN.fullmatch(name)][:_MOST_HEADERS]
    response.raw_headers += [
        (prefix.lower() + name.lower(), _FORBIDDEN.sub(b" ", value).strip())
        for name, value in taken
        if len(value) <= _LONGEST_HEADER
    ]
