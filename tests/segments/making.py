"""Exchanges to record, and other people's readers for what was written of them."""

import base64
import gzip
import io
from datetime import UTC, datetime, timedelta
from hashlib import sha1, sha256

from fastwarc.warc import ArchiveIterator as FastIterator
from warcio.archiveiterator import ArchiveIterator as WarcioIterator

from newsite.oracle import CASES
from pipelines.archive import Archive, RecordingOptions
from pipelines.model import Capture, Exchange, Failure, Original, Provenance, Tls, Truncation, WireBytes
from pipelines.segments.journal import JobInfo
from pipelines.segments.open_segment import SegmentOptions
from pipelines.segments.spool import WriterFolder
from pipelines.segments.writer import SegmentWriter, WriterPlace
from pipelines.storage import LocalStore
from pipelines.warc.reader import read_records

STARTED = datetime(2026, 11, 23, 14, 5, 9, 250_000, tzinfo=UTC)
JOB = JobInfo("job-1", {"operator": "The harbour office"}, '{"target": "https://news.example/"}')
TRIAL = SegmentOptions(fsync=False)
"""Without waiting for the disk: for tests in which nothing crashes."""
PROCESS_CRASH = SegmentOptions(fsync=True)


def page(number: int, *, words: int = 40) -> bytes:
    told = " ".join(f"In berth {number + word} lay a ship with {word} lamps." for word in range(words))
    return f"<!doctype html><meta charset=utf-8><title>Ship {number}</title><p>{told}</p>\n".encode()


def response(body: bytes, *lines: bytes, status: bytes = b"200 OK", sizes: list[int] | None = None) -> bytes:
    """A response with that body; chunked, in those sizes and then the rest, where *sizes* are given."""
    head = [b"HTTP/1.1 " + status, *(lines or (b"Content-Type: text/html; charset=utf-8",))]
    if sizes is None:
        return b"\r\n".join([*head, b"Content-Length: %d" % len(body), b"", b""]) + body
    return b"\r\n".join([*head, b"Transfer-Encoding: chunked", b"", b""]) + chunked(body, sizes)


def chunked(body: bytes, sizes: list[int]) -> bytes:
    out, start = [], 0
    for size in [*sizes, len(body)]:
        piece = body[start : start + size]
        if piece:
            out.append(b"%x\r\n%b\r\n" % (len(piece), piece))
        start += size
    return b"".join([*out, b"0\r\n\r\n"])


def exchange(number: int = 0, wire: bytes | None = None, *, url: str | None = None, **more) -> Exchange:
    wanted = url or f"https://news.example/ships/{number}.html"
    given = {
        "url": wanted,
        "started": STARTED + timedelta(seconds=number),
        "duration": 0.125,
        "request": WireBytes(f"GET /ships/{number}.html HTTP/1.1\r\nHost: news.example\r\n\r\n".encode()),
        "response": WireBytes(response(page(number)) if wire is None else wire),
        "address": "192.0.2.7",
        "provenance": Provenance("job-1", "https://news.example/", "https://news.example/", "L"),
    }
    return Exchange(**{**given, **more})


NOT_MODIFIED = b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\nX-Odd:\xe4\xff\r\n\r\n'


def asked_again(number: int, capture: Capture, wire: bytes = NOT_MODIFIED, **more) -> Exchange:
    """A conditional request with the validator of *capture*, and the 304 that answers it."""
    request = b'GET / HTTP/1.1\r\nHost: news.example\r\nif-none-match: "1"\r\n\r\n'
    given = {"url": capture.url, "request": WireBytes(request), "conditional_on": Original.of(capture)}
    return exchange(number, wire, **{**given, **more})


def odd_exchanges() -> list[Exchange]:
    """The wire oracle's, as a perfect recorder takes them."""
    return [
        exchange(
            number,
            case.kept,
            url=f"https://news.example{case.path}",
            interim=case.interim,
            surplus=case.surplus,
            truncated=Truncation(case.truncated) if case.truncated else None,
            tls=Tls("tls/1.3", "TLS_AES_256_GCM_SHA384") if number % 2 else None,
            article=number % 5 == 0,
        )
        for number, case in enumerate(CASES.values())
        if case.kept
    ]


def failure(number: int = 0, detail: str = "no such host") -> Failure:
    return Failure(f"https://gone.example/{number}", STARTED, "dns", detail)


class NoOriginals:
    def find_original(self, _):
        return None

    def original_of(self, _):
        return None


def new_writer(spool, closed, *, options=TRIAL, min_free=0, job=JOB, originals=None, folder=None, **more):
    place = WriterPlace(folder or WriterFolder.acquire(spool), "trial", min_free)
    return SegmentWriter(place, job, options, originals=originals or NoOriginals(), closed=closed, **more)


def open_archive(folder, name="trial", *, store=None) -> Archive:
    return Archive(store or LocalStore(folder / "store"), name, folder / "state")


def record_all(archive, exchanges, *, options=TRIAL, failures=(), patience=30.0, job=JOB):
    """Record, close and publish; return what the futures gave."""
    recording = archive.record(job, RecordingOptions(options, min_free=0))
    futures = [recording.writer.record(each) for each in exchanges]
    for each in failures:
        recording.writer.log(each)
    found = [future.result(30) for future in futures]
    assert recording.close(patience) == []
    return found


def records_by_us(content: bytes) -> list[tuple[str, str | None, bytes]]:
    """Type, URL and block of each record."""
    return [
        (record.kind, record.get("WARC-Target-URI"), record.block.read())
        for record in read_records(io.BytesIO(content))
    ]


def records_by_warcio(content: bytes):
    found = []
    for record in WarcioIterator(io.BytesIO(content), no_record_parse=True, verify_http=False):
        headers = record.rec_headers
        block = record.raw_stream.read()
        found.append((record.rec_type, headers.get_header("WARC-Target-URI"), block))
    return found


def records_by_fastwarc(content: bytes):
    return [
        (record.headers["WARC-Type"], record.headers.get("WARC-Target-URI"), record.reader.read())
        for record in FastIterator(io.BytesIO(content), parse_http=False, strict_mode=True)
    ]


def ignore(*_):
    """Take what is told and do nothing."""


def read_by_all(content: bytes):
    """What a WARC holds; fails where the three readers do not agree."""
    ours = records_by_us(content)
    assert records_by_warcio(content) == ours
    assert records_by_fastwarc(content) == ours
    return ours


def blocks(records, *kinds):
    return [(url, block) for kind, url, block in records if kind in kinds]


def warc_of(archive, manifest) -> bytes:
    return archive.store.get(manifest.files.warc.key)


def base32_sha1(content: bytes) -> str:

    return "sha1:" + base64.b32encode(sha1(content).digest()).decode()


def hex_sha256(content: bytes) -> str:
    return sha256(content).hexdigest()


def gzipped(content: bytes) -> bytes:
    return gzip.compress(content, 6, mtime=0)
