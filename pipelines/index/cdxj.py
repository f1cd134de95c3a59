"""CDXJ lines (webrecorder/specs, cdxj 0.1.0): ``urlkey timestamp {json}``, sorted bytewise.

Numbers are strings, as cdxj-indexer writes them. Beyond the fields that the specification asks for, a
line holds ``sha256`` (of the payload) and, where the block is cut short, ``truncated``. A revisit's own media
type is ``revisitMime``; where it has no block, its own status is ``revisitStatus``, since readers take a
``status`` of 304 for an empty page.
"""

import orjson

from pipelines.errors import RecordError
from pipelines.model import Capture, Truncation

_REVISIT_MIME = "warc/revisit"


def to_line(capture: Capture) -> bytes:
    """Return *capture* as one line with its line end, UTF-8."""
    fields = {
        "url": capture.url,
        "mime": _REVISIT_MIME if capture.kind == "revisit" else capture.mime,
        "status": "-" if capture.unmodified else str(capture.status or "-"),
        "digest": capture.digest,
        "length": str(capture.length),
        "offset": str(capture.offset),
        "filename": capture.filename,
        "sha256": capture.sha256,
    }
    if capture.kind == "revisit":
        fields["revisitMime"] = capture.mime
    if capture.unmodified:
        fields["revisitStatus"] = str(capture.status)
    if capture.truncated:
        fields["truncated"] = capture.truncated
    return f"{capture.urlkey} {capture.timestamp} ".encode() + orjson.dumps(fields) + b"\n"


def from_line(line: bytes) -> Capture:
    """Return the capture that *line* describes. Raises ``RecordError`` where it is no line of ours."""
    try:
        urlkey, timestamp, fields = line.split(b" ", 2)
        found = orjson.loads(fields)
        revisit = found["mime"] == _REVISIT_MIME
        status = found.get("revisitStatus", found["status"]) if revisit else found["status"]
        return Capture(
            urlkey=urlkey.decode(),
            timestamp=timestamp.decode(),
            url=found["url"],
            kind="revisit" if revisit else "response",
            status=int(status) if status != "-" else None,
            mime=found.get("revisitMime", "-") if revisit else found["mime"],
            digest=found["digest"],
            sha256=found["sha256"],
            segment=segment_of(found["filename"]),
            filename=found["filename"],
            offset=int(found["offset"]),
            length=int(found["length"]),
            truncated=Truncation(found["truncated"]) if "truncated" in found else None,
        )
    except (ValueError, KeyError, TypeError) as err:
        raise RecordError(f"cdxj: not a line of an index: {line[:80]!r} ({err})") from err


def segment_of(filename: str) -> str:
    """Return the segment whose WARC is *filename*: its last part without ``.warc.gz``."""
    return filename.rpartition("/")[2].removesuffix(".warc.gz")
