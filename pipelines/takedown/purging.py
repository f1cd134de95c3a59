"""Purging: segments are written anew without what must go, and what held it is deleted."""

import tempfile
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import orjson

from pipelines.errors import ManifestError, NotFound, TakedownError
from pipelines.fixity.salvage import Successor, Wreck, salvage
from pipelines.index.zipnum import CLUSTER_FOLDER
from pipelines.model import Capture
from pipelines.segments.article_rows import read_here
from pipelines.segments.manifest import FileEntry, Link, Manifest, manifest_digest, parse_manifest
from pipelines.segments.names import SegmentName, copying_writer, segment_of_key
from pipelines.segments.publishing import publish
from pipelines.segments.readings import articles_of
from pipelines.segments.unfinished import unfinished_copies
from pipelines.storage.contract import ObjectStore
from pipelines.takedown.model import Action, Purged, Takedown, Target
from pipelines.takedown.parting import part
from pipelines.takedown.register import Register, new_takedown
from pipelines.warc.message import READ_BYTES

_EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
TOMBSTONE_TYPE = "application/json"
_KINDS = ("archive", "indexes", "articles")
_FOLDERS = (*_KINDS, "readings", *(f"damaged/{kind}" for kind in _KINDS))

CapturesOf = Callable[[], Iterable[Capture]]
"""Gives all captures of the collection, from the first, at each call."""
Told = Callable[[int, int], None]
"""Is told how many segments are done, and of how many."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a purge would do."""

    takedown: Takedown
    """Not stored yet; it is what :func:`purge` carries out."""
    captures: tuple[Capture, ...]
    """That would go, in order of address and time."""
    dependent: tuple[Capture, ...]
    """Revisits of other addresses that may stand for their content; those that do would go as well."""
    elsewhere: tuple[Capture, ...]
    """Captures of other addresses with the same content that would stay."""


def segments_to_purge(captures: Iterable[Capture], takedown: Takedown, contents: Container[str]) -> set[str]:
    """Return the segments of those *captures* that *takedown* takes, or that may stand for its *contents*.

    *contents* are the SHA-256 of what it takes.
    """
    return {
        each.segment
        for each in captures
        if takedown.takes(each) or (each.kind == "revisit" and each.sha256 in contents)
    }


def plan_purge(captures_of: CapturesOf, target: Target, *, who: str, reason: str, everywhere: bool) -> Plan:
    """Return what the purge of *target* would take; with *everywhere* the same content at others too.

    Reads the catalog twice. Raises ``TakedownError`` where *target* means nothing.
    """
    takedown = new_takedown(Action.PURGE, target.checked(), who=who, reason=reason)
    captures = tuple(each for each in captures_of() if target.matches(each))
    contents = {each.sha256 for each in captures} - {_EMPTY}
    alike = [each for each in captures_of() if each.sha256 in contents and not target.matches(each)]
    if everywhere:
        captures, alike = (*captures, *alike), []
        takedown = replace(takedown, payloads=tuple(sorted(contents)))
    dependent = tuple(each for each in alike if each.kind == "revisit")
    segments = sorted({each.segment for each in (*captures, *dependent)})
    stay = tuple(each for each in alike if each.kind != "revisit")
    return Plan(replace(takedown, segments=tuple(segments)), captures, dependent, stay)


def refusing_holds(plan: Plan, register: Register) -> list[tuple[Capture, Takedown]]:
    """Return each capture of *plan* that a legal hold keeps, with that hold."""
    held = ((each, register.hold_on(each)) for each in (*plan.captures, *plan.dependent))
    return [(capture, hold) for capture, hold in held if hold is not None]


def purge(
    store: ObjectStore,
    collection: str,
    takedown: Takedown,
    *,
    register: Register,
    more: Iterable[str] = (),
    told: Told | None = None,
) -> Purged:
    """Carry out the purge *takedown*, and return what was done. May be repeated after any failure.

    It is entered in *register* first, so that a purge that was cut off is known and can be finished. Once a
    :func:`scan` finds nothing any more, :meth:`Register.finish` is the caller's to call. *more* are segments
    to look at beside those of the entry. To be called within :func:`claimed`, one purge at a time.

    Each segment that holds what must go is replaced by a new one with the rest, byte for byte; then its WARC,
    index, articles, readings and what ``repair`` has moved aside of it are deleted. Its manifest stays, for
    the chain's sake: it names no address. Segments that it was compacted from go with it, so does what a
    purge, repair or compaction has left half made, and so do merged indexes of the collection, which are
    derived. Segments that are still in some spool are not reached: publish them first. Raises
    ``TakedownError`` where a legal hold keeps one of the captures, ``StorageError``, and ``OSError`` where
    the local disk is full.
    """
    register.enter(takedown)
    register.refresh()
    with tempfile.TemporaryDirectory(prefix="newswarc-purge-") as place:
        purging = _Purge(store, collection, takedown, Path(place), register)
        return purging.run([*dict.fromkeys((*takedown.segments, *more))], told or (lambda *_: None))


class _Purge:
    def __init__(
        self, store: ObjectStore, collection: str, takedown: Takedown, place: Path, register: Register
    ) -> None:
        self._store, self._collection, self._takedown, self._place = store, collection, takedown, place
        self._register = register
        self._writer, self._serial = copying_writer(), 0
        self._link: Link | None = None
        self._captures = self._objects = 0

    def run(self, names: list[str], told: Told) -> Purged:
        replaced: dict[str, str] = {}
        # A purge that was cut off may have replaced some, and another one, a repair, a compaction since.
        by_new = {manifest.segment: manifest.stands_for for manifest in self._manifests()}
        by_old = {old: new for new, olds in by_new.items() for old in olds}
        for number, old in enumerate(names):
            told(number, len(names))
            new = by_old.get(old)
            if new is not None:
                names.append(new)  # it may be a repair's, with all that was whole
            else:
                new = self._rewrite(SegmentName.parse(old))
            if new is not None:
                replaced[old] = new
                self._delete_all({*_before(old, by_new)})
        for key in list(unfinished_copies(self._store, self._collection)):
            self._store.delete(key)
            self._objects += 1
        objects = self._objects
        self._delete_below(f"{self._collection}/{CLUSTER_FOLDER}/")
        told(len(names), len(names))
        done = (self._takedown.id, self._captures, replaced, self._objects, self._objects > objects)
        return Purged(*done, at=datetime.now(UTC))

    def _manifests(self) -> Iterator[Manifest]:
        for found in self._store.list(f"{self._collection}/segments/"):
            try:
                yield parse_manifest(self._store.get(found.key))
            except ManifestError:
                continue  # one that a repair has replaced; verify tells of the others

    def _rewrite(self, old: SegmentName) -> str | None:
        """Publish a segment with the rest of *old*; return its name, None where nothing of *old* must go."""
        wreck = self._fetch(old)
        contents, resources, gone = part(wreck.warc, old, self._takedown, self._refuse_held)
        self._captures += gone
        if not gone:
            return None
        self._serial += 1
        new = SegmentName.new(self._collection, datetime.now(UTC), serial=self._serial, writer=self._writer)
        folder = self._place / str(new)
        folder.mkdir()
        tombstone = (f"urn:newswarc:takedown:{self._takedown.id}", TOMBSTONE_TYPE, self._tombstone(gone))
        about = f"what is left of {old} after the take-down {self._takedown.id}"
        successor = Successor(new, folder, self._link, about, (*resources, tombstone))
        sealed = salvage(wreck, contents, successor, reader=read_here)
        publish(sealed, self._store)
        self._link = Link(str(new), manifest_digest(sealed.content))
        for path in (*folder.iterdir(), *filter(None, (wreck.warc, wreck.articles))):
            path.unlink()
        return str(new)

    def _refuse_held(self, capture: Capture) -> None:
        hold = self._register.hold_on(capture)
        if hold is not None:
            raise TakedownError(
                f"take-down: {capture.url} at {capture.timestamp} is under legal hold by {hold.id} of "
                f"{hold.who} ({hold.reason}); lift it first"
            )

    def _fetch(self, name: SegmentName) -> Wreck:
        manifest = parse_manifest(self._store.get(name.manifest_key))
        warc = self._download(name.warc_key, self._place / f"{name}.warc.gz")
        articles = None
        if entry := self._articles_of(manifest):
            articles = self._download(entry.key, self._place / f"{name}.parquet")
        return Wreck(name, manifest, warc, articles)

    def _articles_of(self, manifest: Manifest) -> FileEntry | None:
        """Return the articles as they were read last; where that reading is damaged, as they came."""
        try:
            return articles_of(self._store, manifest)
        except (ManifestError, NotFound):
            return manifest.files.articles

    def _download(self, key: str, path: Path) -> Path:
        with self._store.open(key) as source, path.open("wb") as target:
            while piece := source.read(READ_BYTES):
                target.write(piece)
        return path

    def _tombstone(self, gone: int) -> bytes:
        """Return what the new segment says in place of the captures: who, when, why, and how many."""
        told = self._takedown
        found = {
            "takedown": told.id,
            "who": told.who,
            "reason": told.reason,
            "at": told.at.isoformat(),
            "captures": gone,
        }
        return orjson.dumps(found, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)

    def _delete_all(self, names: set[str]) -> None:
        """Delete the objects of the segments *names*, also those that a repair has moved aside.

        A few listings for each day of them: one that was compacted from thousands is one of thousands here.
        """
        for day in sorted({SegmentName.parse(name).day for name in names}):
            for folder in _FOLDERS:
                self._delete_below(f"{self._collection}/{folder}/{day}/", names)

    def _delete_below(self, prefix: str, names: Container[str] | None = None) -> None:
        for found in [*self._store.list(prefix)]:
            if names is None or segment_of_key(found.key) in names:
                self._store.delete(found.key)
                self._objects += 1


def _before(name: str, by_new: Mapping[str, Iterable[str]]) -> Iterator[str]:
    """Yield *name* and all that it stands for, and so on: what repairs moved aside, what was compacted."""
    waiting, passed = [name], set[str]()
    while waiting:
        each = waiting.pop()
        if each not in passed:
            passed.add(each)
            yield each
            waiting += by_new.get(each, ())
