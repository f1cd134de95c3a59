"""The crawl log: one line for each request, whatever came of it. It ends up in the WARC itself."""

import os
from datetime import UTC, datetime
from pathlib import Path

import orjson

from pipelines.model import Capture, Exchange, Failure, WireBytes
from pipelines.segments.journal import JobInfo
from pipelines.segments.names import SegmentName
from pipelines.warc.records import Frame, member, resource_record

LOG_TYPE = "application/jsonl"
_LEVEL = 3


def exchange_line(exchange: Exchange, capture: Capture, payload_length: int) -> dict[str, object]:
    """Return what the crawl log says of a recorded exchange."""
    return {
        "time": exchange.started.isoformat(timespec="milliseconds"),
        "url": exchange.url,
        "status": capture.status,
        "mime": capture.mime,
        "payload": payload_length,
        "digest": capture.digest,
        "record": capture.kind,
        "ms": round(exchange.duration * 1000),
        **({"truncated": str(exchange.truncated)} if exchange.truncated else {}),
        **({"error": exchange.error} if exchange.error else {}),
        "hops": exchange.provenance.hops,
        "via": exchange.provenance.via,
    }


def failure_line(failure: Failure) -> dict[str, object]:
    """Return what the crawl log says of a request without a response."""
    told = {
        "time": failure.at.isoformat(timespec="milliseconds"),
        "url": failure.url,
        "error": failure.reason,
        "detail": failure.detail,
        "hops": failure.provenance.hops,
        "via": failure.provenance.via,
    }
    # What could not be fetched may hold anything, also text that is no Unicode.
    return {
        name: value and value.encode("utf-8", "backslashreplace").decode() for name, value in told.items()
    }


def append_crawl_log(path: Path, name: SegmentName, job: JobInfo, lines: list[dict[str, object]]) -> None:
    """Append the crawl log as a ``resource`` record to the closed WARC at *path*, and sync it."""
    block = WireBytes(b"".join(orjson.dumps(line) + b"\n" for line in lines))
    url = f"urn:newswarc:job:{job.id}:crawl-log:{name.serial:05d}"
    record = resource_record(
        Frame(str(name)), url, datetime.now(UTC), offset=path.stat().st_size, mime=LOG_TYPE, block=block
    )
    with path.open("ab") as file:
        file.writelines(member(record, level=_LEVEL))
        file.flush()
        os.fsync(file.fileno())
