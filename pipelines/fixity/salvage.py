"""A new segment from what is whole of a damaged one: its records byte for byte, under another name."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import file_digest
from pathlib import Path
from typing import BinaryIO, cast

from pipelines.extract import ArticleRow, Rules, read_articles, write_articles
from pipelines.fixity.records import Gap, walk
from pipelines.index import to_line
from pipelines.model import Capture, WireBytes
from pipelines.segments.article_rows import PageReader, read_or_given_up, stored_page
from pipelines.segments.manifest import Counts, FileEntry, Files, Link, Manifest
from pipelines.segments.names import SegmentName
from pipelines.segments.open_segment import may_hold_article
from pipelines.segments.sealing import Sealed
from pipelines.segments.spool import write_durably
from pipelines.urls import timestamp
from pipelines.version import SOFTWARE
from pipelines.warc.message import READ_BYTES
from pipelines.warc.records import CONFORMS_TO, Frame, member, resource_record, warcinfo_record

_LEVEL = 3


@dataclass(slots=True)
class Wreck:
    """A segment of the store, copied to local files."""

    name: SegmentName
    manifest: Manifest | None
    """None where it is not readable."""
    warc: Path
    articles: Path | None
    """None where there are none, or none that are whole."""

    @property
    def wants_articles(self) -> bool:
        """Whether the segment had articles, as far as one knows."""
        return self.manifest is None or self.manifest.files.articles is not None


@dataclass(slots=True)
class Contents:
    """What is whole of a WARC."""

    captures: dict[int, Capture] = field(default_factory=dict)
    """By their offset in the WARC that was read."""
    announced: dict[int, Mapping[str, str]] = field(default_factory=dict)
    """What sources said of a capture, by the same offset."""
    spans: list[tuple[int, int, int]] = field(default_factory=list)
    """Offset and length of each whole record, and how many bytes of whole ones come before it."""


def read_contents(warc: Path, name: SegmentName) -> Contents:
    """Return what is whole in *warc*: records that can be read and give their digests."""
    found, capture, size = Contents(), None, 0
    with warc.open("rb") as stream:
        for each in walk(stream, name, lambda at: _from(warc, at)):
            if isinstance(each, Gap) or each.faults:
                continue
            found.spans.append((each.offset, each.length, size))
            size += each.length
            if each.capture:
                capture = each
                found.captures[each.offset] = each.capture
            elif capture and each.announced and each.concurrent_to == capture.id:
                found.announced[capture.offset] = each.announced
    return found


@dataclass(frozen=True, slots=True)
class Successor:
    """The segment that takes the place of another one."""

    name: SegmentName
    folder: Path
    """Local, empty: its files are made there."""
    link: Link | None
    """To the manifest before it."""
    about: str
    """What its ``warcinfo`` says of it."""
    resources: tuple[tuple[str, str, bytes], ...] = ()
    """URI, media type and content of documents of our own that are written behind the records."""


def salvage(wreck: Wreck, contents: Contents, successor: Successor, *, reader: PageReader) -> Sealed:
    """Return the segment *successor*, sealed, with what *contents* has of *wreck*.

    The members of its WARC are those of the old one, byte for byte, behind a ``warcinfo`` record of
    its own. Articles are kept where they are whole, else read again.
    """
    new, folder = successor.name, successor.folder
    warc, index = folder / f"{new}.warc.gz", folder / f"{new}.cdxj"
    shift = _write_warc(wreck, contents, successor, warc)
    moved = {
        offset: replace(
            contents.captures[offset], segment=str(new), filename=new.warc_filename, offset=before + shift
        )
        for offset, _, before in contents.spans
        if offset in contents.captures
    }
    write_durably(index, index_of(moved.values()))
    articles = folder / f"{new}.parquet"
    rows = 0
    if wreck.wants_articles:
        rows = write_articles(_rows(wreck, contents, moved, reader), articles)
    before = wreck.manifest
    now = timestamp(datetime.now(UTC))
    manifest = Manifest(
        segment=str(new),
        opened=new.opened,
        sealed=now,
        software=SOFTWARE,
        job=before.job if before else "unknown",
        files=Files(
            warc=_entry(new.warc_key, warc),
            index=_entry(new.index_key, index),
            articles=_entry(new.articles_key, articles) if rows else None,
        ),
        counts=_counts(moved.values(), before.counts.failures if before else 0, rows),
        first=min((capture.timestamp for capture in moved.values()), default=None),
        last=max((capture.timestamp for capture in moved.values()), default=None),
        previous=successor.link,
        recovered=True,
        replaces=str(wreck.name),
    )
    return Sealed(new, manifest, manifest.to_json(), folder)


def index_of(captures: Iterable[Capture]) -> bytes:
    """Return the CDXJ of *captures*."""
    return b"".join(sorted(to_line(capture) for capture in captures))


def read_again(warc: Path, contents: Contents, reader: PageReader) -> Iterator[ArticleRow]:
    """Yield the article of each page in *warc*, read by *reader* without rules of its site.

    Which pages the crawl had wanted text of is not in the WARC: all that may hold an article are read.
    """
    with warc.open("rb") as file:
        for offset, capture in contents.captures.items():
            if capture.kind != "response" or not may_hold_article(capture):
                continue
            article = read_or_given_up(reader, stored_page(file, offset), capture.url, Rules())
            yield ArticleRow(article, capture, contents.announced.get(offset, {}))


def _rows(
    wreck: Wreck, contents: Contents, moved: Mapping[int, Capture], reader: PageReader
) -> Iterator[ArticleRow]:
    kept = read_articles(wreck.articles) if wreck.articles else read_again(wreck.warc, contents, reader)
    for row in kept:
        if row.capture.offset in moved:
            yield replace(row, capture=moved[row.capture.offset])


def _write_warc(wreck: Wreck, contents: Contents, successor: Successor, target: Path) -> int:
    """Write the new WARC and return how many bytes come before the first record of the old one."""
    now, frame = datetime.now(UTC), Frame(str(successor.name))
    info = {
        "software": SOFTWARE,
        "format": "WARC File Format 1.1",
        "conformsTo": CONFORMS_TO,
        "isPartOf": successor.name.collection,
        "description": successor.about,
    }
    first = warcinfo_record(frame, target.name, now, info)
    with target.open("xb") as out, wreck.warc.open("rb") as source:
        out.writelines(member(first, level=_LEVEL))
        shift = out.tell()
        for offset, length, _ in contents.spans:
            source.seek(offset)
            _copy(source, out, length)
        for url, mime, content in successor.resources:
            block = WireBytes(content)
            record = resource_record(frame, url, now, offset=out.tell(), mime=mime, block=block)
            out.writelines(member(record, level=_LEVEL))
    return shift


def _copy(source: BinaryIO, out: BinaryIO, length: int) -> None:
    while length:
        piece = source.read(min(READ_BYTES, length))
        if not piece:
            raise OSError(f"{source.name} became shorter while it was copied")
        out.write(piece)
        length -= len(piece)


def _counts(captures: Iterable[Capture], failures: int, articles: int) -> Counts:
    found = [*captures]
    return Counts(
        captures=len(found),
        revisits=sum(capture.kind == "revisit" for capture in found),
        failures=failures,
        articles=articles,
        statuses=dict(Counter(str(capture.status or "-") for capture in found)),
    )


def _entry(key: str, path: Path) -> FileEntry:
    with path.open("rb") as file:
        digest = file_digest(file, "sha256").hexdigest()
    return FileEntry(key, path.stat().st_size, digest)


def _from(path: Path, at: int) -> BinaryIO:
    stream = path.open("rb")
    stream.seek(at)
    return cast("BinaryIO", stream)
