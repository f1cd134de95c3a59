"""The manifest of a segment is its commit: readers see the segment once it is in the store, or not at all."""

import hashlib
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass

import orjson
from pydantic import TypeAdapter, ValidationError

from pipelines.errors import ManifestError
from pipelines.segments.names import SegmentName, segment_of_key
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
    compacts: tuple[str, ...] = ()
    """The small segments that this one has all records of, byte for byte."""
    starts: tuple[int, ...] = ()
    """Where in this WARC each of them begins: what lay at a byte of it lies so many bytes further on."""
    format: str = FORMAT

    @property
    def name(self) -> SegmentName:
        """The segment's name in parts."""
        return SegmentName.parse(self.segment)

    @property
    def stands_for(self) -> tuple[str, ...]:
        """The segments that do not count any more since there is this one."""
        return (*filter(None, (self.replaces,)), *self.compacts)

    def to_json(self) -> bytes:
        """Return the manifest as it is stored; the same manifest gives the same bytes."""
        fields = asdict(self)
        if not self.compacts:
            # As before there was such a field: chains hold digests of what was written then.
            del fields["compacts"], fields["starts"]
        return orjson.dumps(fields, option=orjson.OPT_INDENT_2) + b"\n"


_ADAPTER = TypeAdapter(Manifest)


def parse_manifest(content: bytes) -> Manifest:
    """Return the manifest that *content* is. Raises ``ManifestError`` where it is none of ours."""
    try:
        manifest = _ADAPTER.validate_json(content)
        for name in (manifest.segment, *manifest.stands_for):
            SegmentName.parse(name)
    except (ValidationError, ValueError) as err:
        raise ManifestError(f"manifest: not readable: {_said(err)}") from err
    if manifest.format != FORMAT:
        raise ManifestError(
            f"manifest: {manifest.segment} has format {manifest.format!r}, this is for {FORMAT!r}"
        )
    return manifest


def _said(err: ValueError) -> str:
    """Return what is wrong in one line, without where to read of it in pydantic's own pages."""
    if not isinstance(err, ValidationError):
        return str(err)
    first = err.errors(include_url=False, include_input=False, include_context=False)[0]
    place = ".".join(map(str, first["loc"]))
    words = first["msg"].removeprefix("Value error, ")
    return f"{place}: {words}" if place else words


@dataclass(frozen=True, slots=True)
class Manifests:
    """Those of a collection, and what they say of each other."""

    found: list[Manifest]
    """Those that were read, by day and name."""
    current: list[Manifest]
    """Those that no other one stands for."""
    replaced: set[str]
    """Segments that others stand for."""
    compacted: dict[str, str]
    """Those among them whose records are all in a current segment, each with that one."""


def read_all(store: ObjectStore, collection: str, *, known: Container[str] = ()) -> Manifests:
    """Return the manifests of *collection*; those whose key is *known* are not read.

    Nor are those of small segments that were compacted, and they are not among those found: there are many.
    Raises ``ManifestError`` where one that counts is not readable, ``StorageError`` where the store is not.
    """
    listed = (each.key for each in store.list(f"{collection}/segments/"))
    keys = sorted((key for key in listed if key not in known), key=copied_first)
    found: list[Manifest] = []
    unreadable: dict[str, ManifestError] = {}
    compacted: set[str | None] = set()
    for key in keys:
        segment = segment_of_key(key)
        if segment in compacted and copied_first(key)[0]:
            continue
        try:
            found.append(manifest := parse_manifest(store.get(key)))
            compacted.update(manifest.compacts)
        except ManifestError as err:
            unreadable[segment or key] = err
    found.sort(key=lambda manifest: manifest.name.manifest_key)
    replaced = {name for manifest in found for name in manifest.stands_for}
    for segment, error in unreadable.items():
        if segment not in replaced:
            raise error
    current = [manifest for manifest in found if manifest.segment not in replaced]
    return Manifests(found, current, replaced, compacted_of(found))


def read_manifests(
    store: ObjectStore, collection: str, *, known: Container[str] = ()
) -> tuple[list[Manifest], set[str]]:
    """Return the manifests of *collection* that no other one stands for, and who is stood for.

    Both as :func:`read_all` has them, and it raises what that does.
    """
    found = read_all(store, collection, known=known)
    return found.current, found.replaced


def copied_first(key: str) -> tuple[bool, str]:
    """Return what to sort the keys of manifests by, so that a small segment comes behind what compacts it.

    A compacted segment that is not copied itself stands for no other one, so that it need not be read.
    """
    segment = segment_of_key(key)
    return segment is None or not SegmentName.parse(segment).is_copied, key


def compacted_of(found: Iterable[Manifest]) -> dict[str, str]:
    """Return the compacted segments that are whole in another one, each with the one that holds it last.

    Left out are those of which a repair or a purge has taken something since.
    """
    found = list(found)
    into = {name: manifest.segment for manifest in found for name in manifest.compacts}
    changed = {manifest.replaces for manifest in found}
    holders: dict[str, str] = {}
    for name in into:
        holder, passed = name, {name}
        while holder not in changed and (after := into.get(holder)) and after not in passed:
            holder = after
            passed.add(after)
        if holder not in changed and holder not in into:
            holders[name] = holder
    return holders


def manifest_digest(content: bytes) -> str:
    """Return what the next manifest of the chain calls this one: SHA-256, 64 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()
