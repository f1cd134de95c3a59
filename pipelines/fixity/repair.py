"""Mending: what can be rebuilt is put back, what is damaged is replaced by what is whole of it."""

import hashlib
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import orjson

from pipelines.errors import Conflict, ExtractionError, NotFound, RecordError, StorageError
from pipelines.extract import read_articles, write_articles
from pipelines.fixity.report import Damage, Finding, Report, counted
from pipelines.fixity.salvage import (
    Contents,
    Successor,
    Wreck,
    index_of,
    read_again,
    read_contents,
    salvage,
)
from pipelines.fixity.verification import Told, verify
from pipelines.index import from_line
from pipelines.segments.article_rows import PageReader, ReadApart
from pipelines.segments.manifest import FileEntry, Link, Manifest, manifest_digest, parse_manifest
from pipelines.segments.names import SegmentName, copying_writer
from pipelines.segments.publishing import publish
from pipelines.segments.readings import readings_prefix
from pipelines.storage.contract import ObjectStore
from pipelines.warc.message import READ_BYTES

_OF_THE_OBJECT = {Damage.MISSING_OBJECT, Damage.UNREADABLE_OBJECT, Damage.SIZE, Damage.SHA256}


@dataclass(frozen=True, slots=True)
class Mended:
    """One thing that was done."""

    segment: str
    words: str
    replaced_by: str | None = None
    """The segment that holds now what was whole of it."""


@dataclass(frozen=True, slots=True)
class Lost:
    """A capture that the index knew and that is in no segment any more."""

    segment: str
    url: str
    timestamp: str


@dataclass(frozen=True, slots=True)
class RepairReport:
    """What a repair did, what is lost, and what it left as it is."""

    mended: tuple[Mended, ...]
    lost: tuple[Lost, ...]
    left: tuple[Finding, ...]
    """Damage that cannot be mended."""

    @property
    def ok(self) -> bool:
        """Whether nothing is lost or left."""
        return not self.lost and not self.left

    @property
    def exit_code(self) -> int:
        """0, or that of the gravest damage that is left; 33 where captures are lost."""
        codes = [finding.damage.exit_code for finding in self.left]
        return min([*codes, *([Damage.RECORD_DAMAGED.exit_code] if self.lost else [])], default=0)

    def lines(self) -> Iterator[str]:
        """Yield the report as lines of text."""
        yield from (f"mended {each.segment}: {each.words}" for each in self.mended)
        yield from (f"lost {each.url} at {each.timestamp}, of {each.segment}" for each in self.lost)
        yield from (f"cannot be mended: {each}" for each in self.left)
        lost, left = counted(len(self.lost), "capture"), counted(len(self.left), "damage")
        yield f"{len(self.mended):,} mended, {lost} lost, {left} left"

    def to_json(self) -> bytes:
        """Return the report as one JSON object."""
        found = {"ok": self.ok, "exit_code": self.exit_code, **asdict(self)}
        return orjson.dumps(found, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def repair(
    store: ObjectStore,
    collection: str,
    *,
    report: Report | None = None,
    folder: Path | None = None,
    reader: PageReader | None = None,
    progress: Told | None = None,
) -> RepairReport:
    """Mend what can be of *collection* in *store*, and return what was done, what is lost and what is left.

    *report* is what a verification has just found; without it there is one first. *folder* takes copies of
    a damaged segment, twice its size (by default the system's temporary folder). *reader* reads articles
    anew, by default in a process apart, which cuts a page off that takes too long; it is given no rules. May
    be repeated after any failure. Raises ``StorageError``, and ``OSError`` where *folder* is full.

    An index that is gone or damaged is written anew from the WARC, articles are read anew, and both are put
    back where that gives the manifest's bytes. Else, and where the WARC itself is damaged, a new segment
    gets what is whole, its manifest ``replaces`` the damaged one, and then the files of the damaged one are
    moved below ``<collection>/damaged/``; its manifest stays, for the chain's sake, if it is readable.
    """
    found = report or verify(store, collection, progress=progress)
    with tempfile.TemporaryDirectory(dir=folder, prefix="newswarc-repair-") as place, ReadApart() as apart:
        return _Repair(store, collection, Path(place), reader or apart).run(found)


@dataclass(slots=True)
class _Case:
    """A damaged segment and what is known of it."""

    name: SegmentName
    findings: list[Finding]
    manifest: Manifest | None
    damaged: set[str] = field(default_factory=set)
    """Keys of its objects that are not what the manifest says."""


class _Repair:
    def __init__(self, store: ObjectStore, collection: str, place: Path, reader: PageReader) -> None:
        self._store, self._collection, self._place, self._reader = store, collection, place, reader
        self._writer = copying_writer()
        self._serial = 0
        self._link: Link | None = None
        self._mended: list[Mended] = []
        self._lost: list[Lost] = []
        self._left: list[Finding] = []

    def run(self, report: Report) -> RepairReport:
        by_segment: dict[str, list[Finding]] = defaultdict(list)
        prefix = f"{self._collection}/"
        for finding in report.findings:
            if finding.key.startswith(prefix):
                by_segment[finding.segment].append(finding)
        for segment, findings in sorted(by_segment.items()):
            self._see_to(segment, findings)
        return RepairReport(tuple(self._mended), tuple(self._lost), tuple(self._left))

    def _see_to(self, segment: str, findings: list[Finding]) -> None:
        for finding in findings:
            if finding.damage is Damage.REPLACED_OBJECT:
                self._move_aside(finding.key)
                self._mended.append(Mended(segment, f"{finding.key} was moved aside, it is replaced"))
        damages = [finding for finding in findings if not finding.damage.note]
        # The next reading counts instead of a damaged one, and mends it so.
        readings = [each for each in damages if each.key.startswith(readings_prefix(self._collection))]
        self._left += readings
        damages = [each for each in damages if each not in readings]
        if not damages:
            return
        try:
            case = self._case(SegmentName.parse(segment), damages)
        except ValueError:
            self._left += damages
            return
        mend = self._way(case)
        if mend is None or not mend(case):
            self._left += damages
            return
        # A broken chain stays what it is, so does a revisit without its original; and which of two segments
        # in the place of one is right, only a person can tell.
        lasting = {Damage.CHAIN_BROKEN, Damage.REPLACED_TWICE, Damage.REVISIT_UNRESOLVED}
        self._left += [finding for finding in damages if finding.damage in lasting]

    def _case(self, name: SegmentName, findings: list[Finding]) -> _Case:
        damaged = {finding.key for finding in findings if finding.damage in _OF_THE_OBJECT}
        manifest = None
        if not any(finding.damage is Damage.MANIFEST_UNREADABLE for finding in findings):
            manifest = parse_manifest(self._store.get(name.manifest_key))
        return _Case(name, findings, manifest, damaged)

    def _way(self, case: _Case) -> "Callable[[_Case], bool] | None":
        """Return what may mend *case*; None where it was published as it is, and there is nothing better."""
        if case.manifest is None or case.name.warc_key in case.damaged:
            return self._replace
        bad = any(finding.key == case.name.warc_key for finding in case.findings)
        return self._rebuild if case.damaged and not bad else None

    # --- the WARC is good ----------------------------------------------------------------------

    def _rebuild(self, case: _Case) -> bool:
        """Put index and articles back as they were, or else replace the segment."""
        assert case.manifest is not None
        wreck = self._fetch(case)
        if wreck is None:
            return False
        contents = read_contents(wreck.warc, case.name)
        files = case.manifest.files
        again: list[tuple[FileEntry, Path]] = []
        if files.index.key in case.damaged:
            path = self._place / "index"
            path.write_bytes(index_of(contents.captures.values()))
            again.append((files.index, path))
        if files.articles and files.articles.key in case.damaged:
            path = self._place / "articles"
            write_articles(read_again(wreck.warc, contents, self._reader), path)
            again.append((files.articles, path))
        if any(_sha256(path) != entry.sha256 for entry, path in again):
            return self._take_over(case, wreck, contents)
        for entry, path in again:
            self._move_aside(entry.key)
            self._store.put_file(entry.key, path, sha256=entry.sha256)
            path.unlink()
            self._mended.append(Mended(str(case.name), f"{entry.key} was made again from the WARC"))
        return True

    # --- it is not -----------------------------------------------------------------------------

    def _replace(self, case: _Case) -> bool:
        wreck = self._fetch(case)
        if wreck is None:
            self._note_lost(case, set())
            return False
        return self._take_over(case, wreck, read_contents(wreck.warc, case.name))

    def _take_over(self, case: _Case, wreck: Wreck, contents: Contents) -> bool:
        """Publish what is whole of *case* as a new segment, then move the files of *case* aside."""
        if not contents.spans:
            self._note_lost(case, set())
            return False
        self._serial += 1
        opened = datetime.now(UTC)
        new = SegmentName.new(self._collection, opened, serial=self._serial, writer=self._writer)
        folder = self._place / str(new)
        folder.mkdir()
        about = f"what is whole of {case.name}, which was damaged"
        sealed = salvage(wreck, contents, Successor(new, folder, self._link, about), reader=self._reader)
        publish(sealed, self._store)
        self._link = Link(str(new), manifest_digest(sealed.content))
        told = self._note_lost(case, set(contents.captures))
        name = case.name
        for key in (name.warc_key, name.index_key, name.articles_key):
            self._move_aside(key)
        if case.manifest is None:
            self._move_aside(name.manifest_key)
        for path in (*folder.iterdir(), *filter(None, (wreck.warc, wreck.articles))):
            path.unlink()
        whole = len(contents.captures)
        stand = "is whole and lies" if whole == 1 else "are whole and lie"
        words = f"{counted(whole, 'capture')} {stand} in {new} now"
        if not told:
            words += "; its index is gone too, so what was lost cannot be named"
        self._mended.append(Mended(str(name), words, str(new)))
        return True

    def _fetch(self, case: _Case) -> Wreck | None:
        """Return local copies of what is left of *case*; None where its WARC is gone."""
        warc = self._place / "warc"
        if not self._download(case.name.warc_key, warc):
            return None
        articles = self._place / "rows"
        good = self._download(case.name.articles_key, articles) and _good_articles(case, articles)
        return Wreck(case.name, case.manifest, warc, articles if good else None)

    def _note_lost(self, case: _Case, whole: set[int]) -> bool:
        """Note which captures of the old index are not *whole*; return whether the index could tell."""
        readable = True
        try:
            lines = self._store.get(case.name.index_key).splitlines()
        except NotFound:
            return False
        for line in lines:
            try:
                capture = from_line(line)
            except RecordError:
                readable = False
                continue
            if capture.offset not in whole:
                self._lost.append(Lost(str(case.name), capture.url, capture.timestamp))
        return readable

    # --- objects -------------------------------------------------------------------------------

    def _download(self, key: str, path: Path) -> bool:
        try:
            with self._store.open(key) as source, path.open("wb") as target:
                while piece := source.read(READ_BYTES):
                    target.write(piece)
        except NotFound:
            return False
        return True

    def _move_aside(self, key: str) -> None:
        """Move the object at *key*, if there is one, below ``<collection>/damaged/``."""
        copy = self._place / "aside"
        if not self._download(key, copy):
            return
        digest = _sha256(copy)
        rest = key.removeprefix(f"{self._collection}/")
        for number in range(1, 100):
            target = f"{self._collection}/damaged/{rest}" + (f".{number}" if number > 1 else "")
            try:
                self._store.put_file(target, copy, sha256=digest)
            except Conflict:
                if hashlib.sha256(self._store.get(target)).hexdigest() != digest:
                    continue
            break
        else:
            raise StorageError(f"repair: {key} was moved aside 99 times already; clear damaged/ first")
        self._store.delete(key)
        copy.unlink()


def _good_articles(case: _Case, path: Path) -> bool:
    """Return whether *path* is what the manifest says; without a manifest, whether it can be read."""
    if case.manifest is not None:
        stated = case.manifest.files.articles
        return stated is not None and _sha256(path) == stated.sha256
    try:
        return all(row.capture.segment == str(case.name) for row in read_articles(path))
    except (ExtractionError, ValueError, TypeError):
        return False


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
