"""The page of one capture: what was sent and what came, with its digests verified on the spot."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final, cast

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from crawler.service.context import Context
from crawler.service.pages.layout import render
from crawler.service.pages.routing import Missing, shown
from pipelines.catalog import ArticlePlace, Place
from pipelines.catalog.counting import article_at
from pipelines.errors import ConfigError, NotArchived, NotFound, RecordError
from pipelines.fixity.records import Examined, ObjectReader, examine
from pipelines.model import Capture
from pipelines.segments.names import SegmentName
from pipelines.urls import urlkey
from pipelines.warc.reader import StoredRecord, read_record

MOST_RECORDS: Final = 8
"""Records of one exchange that are shown."""
MOST_VERIFIED: Final = 256 * 2**20
"""Bytes of a block up to which its digests are computed while somebody waits."""
_SHOWN_BYTES: Final = 1 << 16
_PIECE_BYTES: Final = 1 << 18
_TEXTS: Final = frozenset({"request", "metadata"})
_SECRET: Final = frozenset({"authorization", "cookie", "proxy-authorization"})


@dataclass(frozen=True, slots=True)
class Record:
    """A record of the exchange."""

    kind: str
    offset: int
    length: int
    """Bytes in the WARC, compressed; 0 where the record was too long to be read."""
    fields: tuple[tuple[str, str], ...]
    head: str
    """Of a response or request the head as it went over the wire, of other ones the text."""
    verified: bool
    faults: tuple[str, ...]
    announced: dict[str, str]


@dataclass(frozen=True, slots=True)
class Captured:
    """All that the page of a capture shows."""

    capture: Capture
    key: str
    """Of the WARC in the store."""
    records: tuple[Record, ...]
    article: ArticlePlace | None
    original: Capture | None
    """What a revisit stands for."""

    def field(self, name: str) -> str:
        """Return the field *name* of the capture's own record, empty where it has none."""
        return next((value for key, value in self.records[0].fields if key.lower() == name.lower()), "")

    @property
    def told(self) -> dict[str, str]:
        """What the metadata record says of the exchange: ``via``, and so on."""
        lines = (
            line.partition(": ")
            for each in self.records
            if each.kind == "metadata"
            for line in each.head.splitlines()
        )
        return {name: value for name, _, value in lines if value}

    @property
    def announced(self) -> dict[str, str]:
        """What a source said of the page."""
        return {name: value for each in self.records for name, value in each.announced.items()}


def add_capture(router: APIRouter, context: Context) -> None:
    """Add the page of a capture and the download of its record to *router*."""

    @router.get("/capture/{segment}/{offset}")
    def capture(request: Request, segment: str, offset: int) -> Response:
        return render(context, request, "capture.html", found=captured(context, segment, offset))

    @router.get("/capture/{segment}/{offset}/record")
    def record(segment: str, offset: int) -> Response:
        name, found = _located(context, segment, offset)
        headers = {
            "Content-Disposition": f'attachment; filename="{name}-{offset}.warc.gz"',
            "Content-Length": str(found.length),
            "X-Content-Type-Options": "nosniff",
        }
        pieces = _bytes(context, name.warc_key, found)
        return StreamingResponse(pieces, media_type="application/warc", headers=headers)


def captured(context: Context, segment: str, offset: int) -> Captured:
    """Return what is recorded at *offset* of *segment*. Raises ``Missing``, ``Blocked``."""
    name, capture = _located(context, segment, offset)
    catalog = context.archive.catalog
    original = None
    if capture.kind == "revisit":
        try:
            original = context.archive.original_of(capture)
        except NotArchived:
            original = None
    read_from = original or capture
    return Captured(
        capture,
        name.warc_key,
        tuple(_records(context, name, offset)),
        article_at(catalog, read_from.segment, read_from.offset),
        original if original and context.shows(original) else None,
    )


def _located(context: Context, segment: str, offset: int) -> tuple[SegmentName, Capture]:
    """Return the capture whose record lies there, if it may be shown, by what the record says of itself."""
    try:
        name = SegmentName.parse(segment)
        record = _open(context, name, offset)
    except (ConfigError, NotFound, RecordError, ValueError) as error:
        raise Missing from error
    url = record.get("WARC-Target-URI") or ""
    digits = "".join(filter(str.isdigit, record.get("WARC-Date") or ""))[:14]
    if name.collection != context.collection or not url or len(digits) != 14:
        raise Missing
    place = Place(urlkey(url), digits, str(name), offset)
    return name, shown(context, context.archive.catalog.at(place), url)


def _open(context: Context, name: SegmentName, offset: int) -> StoredRecord:
    stream = cast("BinaryIO", ObjectReader(context.archive.store, name.warc_key, offset))
    return read_record(stream, offset=offset)


def _records(context: Context, name: SegmentName, offset: int) -> Iterator[Record]:
    """Yield the record at *offset* and those behind it that belong to it."""
    first = ""
    for _ in range(MOST_RECORDS):
        try:
            record = _open(context, name, offset)
        except RecordError:
            return  # the end of the file
        if first and record.get("WARC-Concurrent-To") != first:
            return
        first = first or record.get("WARC-Record-ID") or "-"
        read = _read(context, name, record)
        yield read
        if not read.length:
            return
        offset += read.length


def _read(context: Context, name: SegmentName, record: StoredRecord) -> Record:
    head = _head(_open(context, name, record.offset))
    found: Examined | None = None
    faults: tuple[str, ...] = ()
    if record.content_length <= MOST_VERIFIED:
        try:
            found = examine(record, name)
        except RecordError as error:
            faults = (str(error),)
    if found is not None:
        faults = tuple(words for _, words in found.faults)
    return Record(
        record.kind,
        record.offset,
        found.length if found else 0,
        tuple((key, value) for key, value in record.fields),
        head,
        found is not None,
        faults,
        dict(found.announced) if found else {},
    )


def _head(record: StoredRecord) -> str:
    start = record.block.read(_SHOWN_BYTES)
    http = (record.get("Content-Type") or "").startswith("application/http")
    if http:
        ends = [at for at in (start.find(b"\r\n\r\n"), start.find(b"\n\n")) if at >= 0]
        start = start[: min(ends)] if ends else start
    elif record.kind not in _TEXTS:
        return ""
    try:
        text = start.decode()
    except UnicodeDecodeError:
        text = start.decode("latin-1")
    lines = text.replace("\r\n", "\n").split("\n")
    return "\n".join(map(_unsecret, lines) if record.kind == "request" else lines)


def _unsecret(line: str) -> str:
    """Return a line of a request without what lets others be who sent it."""
    name, colon, value = line.partition(":")
    return f"{name}: ({len(value.strip())} …)" if colon and name.strip().lower() in _SECRET else line


def _bytes(context: Context, key: str, capture: Capture) -> Iterator[bytes]:
    at, end = capture.offset, capture.offset + capture.length
    while at < end:
        piece = context.archive.store.get_range(key, at, min(_PIECE_BYTES, end - at))
        if not piece:
            return
        at += len(piece)
        yield piece
