"""WARC/1.1 records: what is written of an exchange, and how a record becomes a gzip member.

One exchange gives a ``response`` (or ``revisit``), a ``request`` and a ``metadata`` record, contiguous and in
this order (the revisit of a 304 is followed by its head), all with the date of the request's first byte.
Record identifiers follow from segment and offset (UUID version 5), so that an index line names its record
without holding the identifier.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from hashlib import sha1
from typing import BinaryIO, Final
from uuid import NAMESPACE_URL

from isal import isal_zlib

from pipelines.errors import RecordError
from pipelines.model import NOT_MODIFIED, Block, Exchange, Original, Truncation, WireBytes
from pipelines.urls import moment, warc_date
from pipelines.warc.digests import DigestedResponse, block_digest, sha256_label
from pipelines.warc.message import READ_BYTES

RESPONSE_TYPE: Final = "application/http; msgtype=response"
REQUEST_TYPE: Final = "application/http; msgtype=request"
FIELDS_TYPE: Final = "application/warc-fields"
IDENTICAL_PAYLOAD: Final = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
SERVER_NOT_MODIFIED: Final = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
PAYLOAD_SHA256: Final = "Newswarc-Payload-SHA256"
"""Extension field (WARC/1.1 §4), 64 hexadecimal digits: an index can be rebuilt from the WARC alone."""
OWN_URI: Final = "urn:newswarc:"
"""How the URIs of records begin that are of no page."""
COPYING: Final = "m"
"""Begins the writer, the last part of the name, of a segment whose records were written for others."""
CONFORMS_TO: Final = "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"

Fields = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Record:
    """A record that is ready to be written."""

    fields: Fields
    """Named fields in order, without ``Content-Length``."""
    block: Block


@dataclass(frozen=True, slots=True)
class Frame:
    """What the records of one segment have in common."""

    segment: str
    warcinfo_id: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "warcinfo_id", record_id(self.segment, 0))


@lru_cache(maxsize=4)
def record_id(segment: str, offset: int) -> str:
    """Return the identifier of the record at *offset* of *segment*: ``<urn:uuid:…>``."""
    name = f"{OWN_URI}{segment}:{offset}".encode()
    digits = sha1(NAMESPACE_URL.bytes + name, usedforsecurity=False).hexdigest()
    # What uuid.uuid5 makes, a fifth of its time: version 5, and the variant in the two high bits.
    variant = "89ab"[int(digits[16], 16) & 3]
    return f"<urn:uuid:{digits[:8]}-{digits[8:12]}-5{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:32]}>"


def response_record(
    exchange: Exchange, digested: DigestedResponse, frame: Frame, *, offset: int, original: Original | None
) -> Record:
    """Return the ``response`` record of *exchange*, or the ``revisit`` where *original* holds its payload.

    A revisit for an identical payload keeps the response's head (WARC/1.1 §6.7.2) and says with
    ``WARC-Truncated: length`` that the payload is not in it. One for a 304 (§6.7.3) has no block, since
    pywb and ReplayWeb.page would show an empty page for a head that says 304, and the original for none;
    :func:`unmodified_head_record` keeps the head.
    """
    fields = [*_common(exchange, frame, "revisit" if original else "response", offset)]
    fields += _connection(exchange, digested.head.version)
    if original:
        return _revisit(exchange, digested, original, fields)
    if digested.payload_length:
        fields += _payload_digests(digested.payload_sha1, digested.payload_sha256)
    if exchange.truncated:
        fields.append(("WARC-Truncated", exchange.truncated))
    fields += [("WARC-Block-Digest", digested.block_sha256), ("Content-Type", RESPONSE_TYPE)]
    return Record(fields, exchange.response)


def unmodified_head_record(exchange: Exchange, frame: Frame, *, offset: int, concurrent_to: str) -> Record:
    """Return the 304 of *exchange*, byte for byte, as a ``metadata`` record of the revisit *concurrent_to*.

    Its URI is one of our own: a record with the page's would take the revisit's place in other programs'
    indexes.
    """
    fields = [
        ("WARC-Type", "metadata"),
        ("WARC-Record-ID", record_id(frame.segment, offset)),
        ("WARC-Date", warc_date(exchange.started)),
        ("WARC-Target-URI", f"{OWN_URI}{frame.segment}:{offset}"),
        ("WARC-Warcinfo-ID", frame.warcinfo_id),
        ("WARC-Concurrent-To", concurrent_to),
        ("WARC-Block-Digest", block_digest(exchange.response)),
        ("Content-Type", RESPONSE_TYPE),
    ]
    return Record(fields, exchange.response)


def request_record(exchange: Exchange, frame: Frame, *, offset: int, concurrent_to: str) -> Record:
    """Return the ``request`` record of *exchange*."""
    fields = [
        *_common(exchange, frame, "request", offset),
        *_connection(exchange, None),
        ("WARC-Concurrent-To", concurrent_to),
        ("WARC-Block-Digest", block_digest(exchange.request)),
        ("Content-Type", REQUEST_TYPE),
    ]
    return Record(fields, exchange.request)


def interim_record(exchange: Exchange, frame: Frame, *, offset: int, concurrent_to: str) -> Record:
    """Return the 1xx responses that came before the final one, as a ``metadata`` record.

    A ``response`` record of them would be indexed, and replayed, as if it were the answer.
    """
    fields = [
        *_common(exchange, frame, "metadata", offset),
        ("WARC-Concurrent-To", concurrent_to),
        ("WARC-Block-Digest", sha256_label(exchange.interim)),
        ("Content-Type", RESPONSE_TYPE),
    ]
    return Record(fields, WireBytes(exchange.interim))


def metadata_record(
    exchange: Exchange, frame: Frame, *, offset: int, concurrent_to: str, charset: str | None
) -> Record:
    """Return what the crawl knew of *exchange*: via, hops, what a source announced, time, charset."""
    provenance = exchange.provenance
    lines: list[tuple[str, str]] = [
        (name, value)
        for name, value in (
            ("via", provenance.via),
            ("hopsFromSeed", provenance.hops),
            ("seed", provenance.seed),
            ("job", provenance.job),
            ("charset", charset),
            ("error", exchange.error),
        )
        if value
    ]
    lines.append(("fetchTimeMs", str(round(exchange.duration * 1000))))
    if exchange.surplus:
        lines.append(("surplusBytes", str(exchange.surplus)))
    lines += [(f"announced-{name}", value) for name, value in provenance.announced.items()]
    block = warc_fields(lines)
    fields = [
        *_common(exchange, frame, "metadata", offset),
        ("WARC-Concurrent-To", concurrent_to),
        ("WARC-Block-Digest", sha256_label(block)),
        ("Content-Type", FIELDS_TYPE),
    ]
    return Record(fields, block)


def warcinfo_record(frame: Frame, filename: str, date: datetime, info: Mapping[str, str]) -> Record:
    """Return the first record of a WARC: who wrote it, with what, for which collection (WARC/1.1 §6.2)."""
    block = warc_fields([*info.items()])
    fields = [
        ("WARC-Type", "warcinfo"),
        ("WARC-Record-ID", frame.warcinfo_id),
        ("WARC-Date", warc_date(date)),
        ("WARC-Filename", filename),
        ("WARC-Block-Digest", sha256_label(block)),
        ("Content-Type", FIELDS_TYPE),
    ]
    return Record(fields, block)


def resource_record(
    frame: Frame, url: str, date: datetime, *, offset: int, mime: str, block: Block
) -> Record:
    """Return a document of our own, such as a crawl log, as a ``resource`` record."""
    fields = [
        ("WARC-Type", "resource"),
        ("WARC-Record-ID", record_id(frame.segment, offset)),
        ("WARC-Date", warc_date(date)),
        ("WARC-Target-URI", url),
        ("WARC-Warcinfo-ID", frame.warcinfo_id),
        ("WARC-Block-Digest", block_digest(block)),
        ("Content-Type", mime),
    ]
    return Record(fields, block)


def warc_fields(lines: Sequence[tuple[str, str]]) -> WireBytes:
    """Return *lines* as an ``application/warc-fields`` block; line ends in values become spaces."""
    text = "".join(f"{name}: {' '.join(value.split())}\r\n" for name, value in lines)
    return WireBytes(text.encode())


def member(record: Record, *, level: int) -> Iterator[bytes]:
    """Yield *record* as one gzip member (WARC/1.1 annex D), compressed by ISA-L at *level* 0 to 3.

    Raises ``RecordError`` where the block gives other than its stated length: no reader would get past it.
    """
    stated, given = len(record.block), 0
    named = "".join(f"{name}: {value}\r\n" for name, value in record.fields)
    head = f"WARC/1.1\r\n{named}Content-Length: {stated}\r\n\r\n".encode()
    reader: BinaryIO
    with record.block.open() as reader:
        if stated <= READ_BYTES:
            content = reader.read()
            _check_length(stated, len(content))
            # One call instead of many: each lets go of the interpreter, and must get it back.
            yield isal_zlib.compress(b"".join((head, content, b"\r\n\r\n")), level, 31)
            return
        compressor = isal_zlib.compressobj(level=level, wbits=31)
        yield compressor.compress(head)
        while piece := reader.read(READ_BYTES):
            given += len(piece)
            yield compressor.compress(piece)
    _check_length(stated, given)
    yield compressor.compress(b"\r\n\r\n") + compressor.flush()


def _revisit(
    exchange: Exchange, digested: DigestedResponse, original: Original, fields: list[tuple[str, str]]
) -> Record:
    unmodified = digested.head.status == NOT_MODIFIED
    fields += _payload_digests(original.digest, original.sha256)
    fields.append(("WARC-Profile", SERVER_NOT_MODIFIED if unmodified else IDENTICAL_PAYLOAD))
    if not original.segment.rpartition("-")[2].startswith(COPYING):
        # Copied records have the ids of the places that they were written for, which no index tells.
        fields.append(("WARC-Refers-To", record_id(original.segment, original.offset)))
    fields += [
        ("WARC-Refers-To-Target-URI", original.url),
        ("WARC-Refers-To-Date", warc_date(moment(original.timestamp))),
    ]
    if unmodified:
        return Record([*fields, ("WARC-Block-Digest", sha256_label(b""))], WireBytes())
    with exchange.response.open() as reader:
        head = WireBytes(reader.read(digested.head.length))
    fields += [
        ("WARC-Truncated", Truncation.LENGTH),
        ("WARC-Block-Digest", sha256_label(head)),
        ("Content-Type", RESPONSE_TYPE),
    ]
    return Record(fields, head)


def _payload_digests(sha1_digest: str, sha256_digits: str) -> Iterator[tuple[str, str]]:
    yield "WARC-Payload-Digest", sha1_digest
    yield PAYLOAD_SHA256, sha256_digits


def _check_length(stated: int, given: int) -> None:
    if given != stated:
        raise RecordError(f"warc: a block states {stated} bytes and gives {given}; it is not written")


def _common(exchange: Exchange, frame: Frame, kind: str, offset: int) -> Fields:
    return (
        ("WARC-Type", kind),
        ("WARC-Record-ID", record_id(frame.segment, offset)),
        ("WARC-Date", warc_date(exchange.started)),
        ("WARC-Target-URI", exchange.url),
        ("WARC-Warcinfo-ID", frame.warcinfo_id),
    )


def _connection(exchange: Exchange, version: str | None) -> Iterator[tuple[str, str]]:
    """Yield the address and one ``WARC-Protocol`` a layer (iipc/warc-specifications #42, #86)."""
    if exchange.address:
        yield "WARC-IP-Address", exchange.address
    if version:
        yield "WARC-Protocol", version
    if exchange.tls:
        yield "WARC-Protocol", exchange.tls.version
        if exchange.tls.cipher_suite:
            yield "WARC-Cipher-Suite", exchange.tls.cipher_suite
