"""Sealing: from a closed or crashed segment's folder to its four files, the manifest last.

Every step may be repeated: a folder that was left half sealed is sealed again from its WARC and journal.
"""

import os
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import file_digest
from pathlib import Path

from pipelines.errors import RecordError
from pipelines.index import from_line
from pipelines.model import Capture
from pipelines.segments.article_rows import PageReader, write_rows
from pipelines.segments.crawl_log import append_crawl_log
from pipelines.segments.journal import Entry, Header, JobInfo
from pipelines.segments.manifest import Counts, FileEntry, Files, Manifest, parse_manifest
from pipelines.segments.names import SegmentName
from pipelines.segments.open_segment import JOURNAL_NAME, OPEN_SUFFIX
from pipelines.segments.recovery import Survey, survey
from pipelines.segments.spool import Chain, sync_folder, write_durably
from pipelines.urls import timestamp
from pipelines.version import SOFTWARE

# More than a crash can leave of a segment whose first record never got whole.
_FIRST_RECORD_BYTES = 1 << 16


@dataclass(frozen=True, slots=True)
class Sealed:
    """A segment that is ready to be published."""

    name: SegmentName
    manifest: Manifest
    content: bytes
    """The manifest's bytes."""
    folder: Path
    """Where the files lie, named as the last parts of their keys."""


def seal(folder: Path, chain: Chain, *, reader: PageReader | None = None) -> Sealed | None:
    """Return the segment in *folder*, sealed; None where it turned out to hold nothing at all.

    *chain* is the manifest that the new one refers to. Articles that are missing are read by *reader*, by
    default in a process apart, which cuts a page off that takes too long. Raises ``OSError`` where the
    disk fails.
    """
    name = SegmentName.parse(folder.name)
    if (manifest := folder / f"{name}.json").exists():
        return _sealed(folder, name, manifest.read_bytes())
    found = _close(folder, name)
    if not any(entry.log for entry in found.entries):
        return None
    captures = [from_line(entry.line.encode()) for entry in found.entries if entry.line]
    index = folder / f"{name}.cdxj"
    write_durably(index, b"".join(sorted(entry.line.encode() for entry in found.entries if entry.line)))
    articles = write_rows(folder, name, found, reader)
    files = Files(
        warc=_file_entry(name.warc_key, _warc(folder, name)),
        index=_file_entry(name.index_key, index),
        articles=_file_entry(name.articles_key, folder / f"{name}.parquet") if articles else None,
    )
    content = Manifest(
        segment=str(name),
        opened=name.opened,
        sealed=timestamp(datetime.now(UTC)),
        software=SOFTWARE,
        job=found.header.job.id,
        files=files,
        counts=_counts(captures, found.entries, articles),
        first=min((capture.timestamp for capture in captures), default=None),
        last=max((capture.timestamp for capture in captures), default=None),
        previous=chain.link,
        recovered=found.recovered,
    ).to_json()
    write_durably(manifest, content)
    return _sealed(folder, name, content)


def _warc(folder: Path, name: SegmentName) -> Path:
    return folder / f"{name}.warc.gz"


def _close(folder: Path, name: SegmentName) -> Survey:
    """Cut the WARC where it stops being good, append the crawl log, take the suffix away."""
    closed, opened = _warc(folder, name), folder / f"{name}.warc.gz{OPEN_SUFFIX}"
    journal = folder / JOURNAL_NAME
    if closed.exists():
        return survey(closed, journal, name)
    if not opened.exists():
        return Survey(Header(str(name), JobInfo("unknown")), [], 0, recovered=True)
    found = survey(opened, journal, name)
    if not found.end and opened.stat().st_size > _FIRST_RECORD_BYTES:
        raise RecordError(
            f"seal: {opened} is unreadable from its first byte; it stays as it is, "
            f"copy {folder} elsewhere and look at it with other tools"
        )
    os.truncate(opened, found.end)
    log = [dict(entry.log) for entry in found.entries if entry.log]
    if log:
        append_crawl_log(opened, name, found.header.job, log)
    opened.rename(closed)
    sync_folder(folder)
    return found


def _sealed(folder: Path, name: SegmentName, content: bytes) -> Sealed:
    return Sealed(name, parse_manifest(content), content, folder)


def _file_entry(key: str, path: Path) -> FileEntry:
    with path.open("rb") as file:
        digest = file_digest(file, "sha256").hexdigest()
    return FileEntry(key, path.stat().st_size, digest)


def _counts(captures: list[Capture], entries: list[Entry], articles: int) -> Counts:
    return Counts(
        captures=len(captures),
        revisits=sum(capture.kind == "revisit" for capture in captures),
        failures=sum(bool(entry.log) and entry.line is None for entry in entries),
        articles=articles,
        statuses=dict(Counter(str(capture.status or "-") for capture in captures)),
    )
