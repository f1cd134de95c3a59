"""The manifest of a segment is its commit: readers see the segment once it is in the store, or not at all."""

import hashlib
from collections.abc import Container, Iterator, Mapping
from dataclasses import asdict, dataclass

import orjson
from pydantic import TypeAdapter, ValidationError

from pipelines.errors import ManifestError
from pipelines.segments.names import SegmentName
from pipelines.storage.contract import ObjectStore

FORMAT = "newswarc-segment/1"


@dataclass(frozen=True, slots=True)
class FileEntry:
    """One object of a segment."""

    key: str
    size: int
    """Bytes."""
    sha256: str
    """64 hexadecimal digits."""


@dataclass(frozen=True, slots=True)
class Files:
    """The objects of a segment beside the manifest."""

    warc: FileEntry
    index: FileEntry
    articles: FileEntry | None
    """None where the job wanted no text, or no page had any."""

    def __iter__(self) -> Iterator[FileEntry]:
        """Yield the objects in the order in which they are published."""
        yield from (entry for entry in (self.warc, self.index, self.articles) if entry)


@dataclass(frozen=True, slots=True)
class Counts:
    """What a segment holds."""

    captures: int
    revisits: int
    """Those captures among them that are revisit records."""
    failures: int
    """Lines of the crawl log without a capture."""
    articles: int
    statuses: Mapping[str, int]
    """Captures by status code; ``-`` where there was none."""


@dataclass(frozen=True, slots=True)
class Link:
    """The manifest before this one, of the same writer."""

    segment: str
    sha256: str
    """Of that manifest's bytes."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """See docs/archive-format.md for the meaning of each field."""

    segment: str
    opened: str
    sealed: str
    software: str
    job: str
    files: Files
    counts: Counts
    first: str | None
    """Timestamp of the earliest capture."""
    last: str | None
    previous: Link | None
    recovered: bool = False
    """Whether the segment was closed by a later process, after a crash."""
    replaces: str | None = None
    """The damaged segment that this one was salvaged from."""
    format: str = FORMAT

    @property
    def name(self) -> SegmentName:
        """The segment's name in parts."""
        return SegmentName.parse(self.segment)

    def to_json(self) -> bytes:
        """Return the manifest as it is stored; the same manifest gives the same bytes."""
        return orjson.dumps(asdict(self), option=orjson.OPT_INDENT_2) + b"\n"


_ADAPTER = TypeAdapter(Manifest)


def parse_manifest(content: bytes) -> Manifest:
    """Return the manifest that *content* is. Raises ``ManifestError`` where it is none of ours."""
    try:
        manifest = _ADAPTER.validate_json(content)
        for name in filter(None, (manifest.segment, manifest.replaces)):
            SegmentName.parse(name)
    except (ValidationError, ValueError) as err:
        raise ManifestError(f"manifest: not readable: {err}") from err
    if manifest.format != FORMAT:
        raise ManifestError(
            f"manifest: {manifest.segment} has format {manifest.format!r}, this is for {FORMAT!r}"
        )
    return manifest


def read_manifests(
    store: ObjectStore, collection: str, *, known: Container[str] = ()
) -> tuple[list[Manifest], set[str]]:
    """Return the manifests of *collection* that no other one replaces, by day and name; and who is replaced.

    Those whose key is *known* are not read. Raises ``ManifestError`` where one that counts is not readable,
    ``StorageError`` where the store is not.
    """
    found: list[Manifest] = []
    unreadable: dict[str, ManifestError] = {}
    for each in store.list(f"{collection}/segments/"):
        if each.key in known:
            continue
        try:
            found.append(parse_manifest(store.get(each.key)))
        except ManifestError as err:
            unreadable[each.key.rpartition("/")[2].removesuffix(".json")] = err
    replaced = {manifest.replaces for manifest in found if manifest.replaces}
    for segment, error in unreadable.items():
        if segment not in replaced:
            raise error
    return [manifest for manifest in found if manifest.segment not in replaced], replaced


def manifest_digest(content: bytes) -> str:
    """Return what the next manifest of the chain calls this one: SHA-256, 64 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()
