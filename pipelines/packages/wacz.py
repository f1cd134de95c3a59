"""WACZ: a part of the archive in one file that ReplayWeb.page opens.

Web Archive Collection Zipped 1.1.1 (specs.webrecorder.net/wacz/1.1.1), written here because py-wacz indexes
every record anew, finds pages by their referrers only, and takes its text from another extractor.
"""

import gzip
import hashlib
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from itertools import islice
from typing import IO, BinaryIO

from pipelines.model import Capture
from pipelines.packages.warc import Copied, OriginalOf, WarcCopy, copy_all
from pipelines.storage.contract import ObjectStore
from pipelines.urls import moment, warc_date
from pipelines.version import SOFTWARE

_VERSION = "1.1.1"
_WARC = "data.warc.gz"
_BLOCK_LINES = 300
"""Lines of the index in a gzip member: as many as cdxj-indexer writes."""

Told = Callable[[int, int], None]
"""Is told the captures and bytes written so far."""


@dataclass(frozen=True, slots=True)
class Page:
    """What a reader may begin with."""

    url: str
    timestamp: str
    """14 digits, UTC: those of its capture."""
    title: str
    text: str = ""
    """Clean text, which viewers search."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What goes into a package."""

    captures: Iterable[Capture]
    pages: Iterable[Page]
    """Read after the captures."""
    title: str
    description: str = ""
    main: Page | None = None
    """What a viewer shows first; None: the list of pages."""


@dataclass(frozen=True, slots=True)
class Packed:
    """What a package holds."""

    copied: Copied
    pages: int


def write_wacz(
    target: BinaryIO,
    store: ObjectStore,
    wanted: Wanted,
    *,
    original_of: OriginalOf,
    made: datetime,
    told: Told = lambda _captures, _bytes: None,
) -> Packed:
    """Write a WACZ of what is *wanted* into *target*, which need not be able to seek.

    *made* is an aware time; with the same one the same captures give the same bytes. In memory is the place
    of each capture. Raises as :func:`pipelines.packages.warc.copy_all`; *target* is then worth nothing.
    """
    with zipfile.ZipFile(target, "w") as archive:
        package = _Package(archive, made)
        with package.entry(f"archive/{_WARC}") as out:
            copy = WarcCopy(out, store, filename=_WARC, made=made, about=wanted.title)
            copied = copy_all(copy, _counted(wanted.captures, copy, told), original_of)
        try:
            _write_index(package, copy.index())
        finally:
            copy.close()
        with package.entry("pages/pages.jsonl") as out:
            pages = _write_pages(out, wanted.pages)
        package.finish(wanted)
    return Packed(copied, pages)


@dataclass(slots=True)
class _Entry:
    """A file of the package, hashed while it is written."""

    stream: IO[bytes]
    digest: "hashlib._Hash" = field(default_factory=sha256)
    size: int = 0

    def write(self, content: bytes, /) -> None:
        self.stream.write(content)
        self.digest.update(content)
        self.size += len(content)


class _Package:
    """The zip file, and what its ``datapackage.json`` says of the others."""

    def __init__(self, archive: zipfile.ZipFile, made: datetime) -> None:
        self._archive, self._made = archive, made
        self._resources: list[dict[str, object]] = []

    @contextmanager
    def entry(self, path: str) -> Iterator[_Entry]:
        """Give a file to write; it is stored as it is, so that viewers can read ranges of it."""
        with self._archive.open(self._info(path), "w", force_zip64=True) as stream:
            entry = _Entry(stream)
            yield entry
        name = path.rpartition("/")[2]
        told = {"name": name, "path": path, "hash": _label(entry.digest.hexdigest()), "bytes": entry.size}
        self._resources.append(told)

    def finish(self, wanted: Wanted) -> None:
        """Write what describes the package."""
        now = warc_date(self._made)
        told: dict[str, object] = {
            "profile": "data-package",
            "wacz_version": _VERSION,
            "software": SOFTWARE,
            "created": now,
            "modified": now,
            "title": wanted.title,
            "description": wanted.description,
            "resources": self._resources,
        }
        if wanted.main:
            told["mainPageUrl"] = wanted.main.url
            told["mainPageDate"] = warc_date(moment(wanted.main.timestamp))
        content = json.dumps(told, ensure_ascii=False, indent=2).encode()
        self._archive.writestr(self._info("datapackage.json"), content)
        digest = {"path": "datapackage.json", "hash": _label(sha256(content).hexdigest())}
        self._archive.writestr(self._info("datapackage-digest.json"), json.dumps(digest).encode())

    def _info(self, path: str) -> zipfile.ZipInfo:
        info = zipfile.ZipInfo(path, self._made.timetuple()[:6])
        info.external_attr = 0o644 << 16
        return info


def _counted(captures: Iterable[Capture], copy: WarcCopy, told: Told) -> Iterator[Capture]:
    count = 0
    for count, capture in enumerate(captures, 1):
        yield capture
        told(count, copy.size)


def _write_index(package: _Package, lines: Iterator[bytes]) -> None:
    """Write the index as gzip members of some lines each, and where each of them begins and lies."""
    index = [b'!meta 0 {"format": "cdxj-gzip-1.0", "filename": "index.cdx.gz"}\n']
    with package.entry("indexes/index.cdx.gz") as out:
        while block := list(islice(lines, _BLOCK_LINES)):
            packed = gzip.compress(b"".join(block), mtime=0)
            told = {
                "offset": out.size,
                "length": len(packed),
                "digest": _label(sha256(packed).hexdigest()),
                "filename": "index.cdx.gz",
            }
            urlkey, timestamp, _ = block[0].split(b" ", 2)
            index.append(b" ".join((urlkey, timestamp, json.dumps(told).encode())) + b"\n")
            out.write(packed)
    with package.entry("indexes/index.idx") as out:
        out.write(b"".join(index))


def _write_pages(out: _Entry, pages: Iterable[Page]) -> int:
    out.write(_line({"format": "json-pages-1.0", "id": "pages", "title": "All Pages", "hasText": True}))
    count = 0
    for page in pages:
        out.write(_line(_described(page)))
        count += 1
    return count


def _described(page: Page) -> dict[str, object]:
    name = sha256(f"{page.timestamp} {page.url}".encode()).hexdigest()[:16]
    told = {"id": name, "url": page.url, "ts": warc_date(moment(page.timestamp)), "title": page.title}
    return {**told, **({"text": page.text} if page.text else {})}


def _line(told: dict[str, object]) -> bytes:
    return json.dumps(told, ensure_ascii=False).encode() + b"\n"


def _label(digest: str) -> str:
    return f"sha256:{digest}"
