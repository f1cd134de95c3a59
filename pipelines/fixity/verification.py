"""Verifying: everything that the manifests of a store promise is read again and compared."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from pipelines.errors import ManifestError
from pipelines.fixity.chain import StoredManifest, check_chains
from pipelines.fixity.originals import Originals
from pipelines.fixity.report import Damage, Finding, Report, Tally
from pipelines.fixity.segment import Outcome, SegmentCheck
from pipelines.index.zipnum import CLUSTER_FOLDER
from pipelines.segments.manifest import Manifest, compacted_of, manifest_digest, parse_manifest
from pipelines.segments.names import SegmentName, checked_collection
from pipelines.segments.readings import latest_of, readings_prefix, split_key
from pipelines.storage.contract import ObjectStore

_FOLDERS = ("archive", "indexes", "articles")
_STEP_BYTES = 1 << 23


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a verification is."""

    collection: str
    segments: int
    of_segments: int
    bytes: int
    of_bytes: int


Told = Callable[[Progress], None]


def verify(
    store: ObjectStore, collection: str | None = None, *, workers: int = 1, progress: Told | None = None
) -> Report:
    """Return what is found to be damaged in *collection* of *store*, or in all of its collections.

    Everything is read once, *workers* segments at a time; *progress* is called every few megabytes, by one
    thread at a time. In memory are the manifests and, for each worker, the index of a segment. A segment
    that another one replaces is judged by its manifest alone. Raises ``Unavailable`` or ``Denied`` where the
    store cannot be read, ``ConfigError`` for what is no name of a collection.
    """
    names = [checked_collection(collection)] if collection else [*collections_of(store)]
    findings: list[Finding] = []
    tally = Tally()
    for name in names:
        found = _Verification(store, name, workers, progress or _unheard).run()
        findings += found.findings
        tally += found.tally
    return Report(store.url, tuple(names), tuple(findings), tally)


def collections_of(store: ObjectStore) -> Iterator[str]:
    """Yield the names of the collections in *store*, by a listing or two for each."""
    after = ""
    while first := next(store.list("", after=after), None):
        name, slash, _ = first.key.partition("/")
        # "0" is the character after "/": all that is below the name comes before it.
        after = f"{name}0" if slash else first.key
        if slash and next(store.list(f"{name}/segments/"), None):
            yield name


class _Verification:
    def __init__(self, store: ObjectStore, collection: str, workers: int, progress: Told) -> None:
        self._store, self._collection, self._workers = store, collection, workers
        self._meter = _Meter(collection, progress)
        self._readings: dict[str, int] = {}
        """Number of the last reading of each segment that has one."""

    def run(self) -> Outcome:
        stored = [*self._manifests()]
        replaced = {old for each in stored if each.manifest for old in each.manifest.stands_for}
        findings = [
            *_unreadable(stored, replaced),
            *check_chains(stored, replaced=replaced),
            *_replaced_twice(stored),
        ]
        alive = [each.manifest for each in stored if each.manifest and each.segment not in replaced]
        again = [each.key for each in self._store.list(readings_prefix(self._collection))]
        self._readings = latest_of(again)
        self._meter.expect(alive)
        tally = Tally(replaced=sum(each.segment in replaced for each in stored))
        with Originals() as originals, ThreadPoolExecutor(self._workers) as pool:
            outcomes = pool.map(lambda manifest: self._check(manifest, originals), alive)
            try:
                for outcome in outcomes:
                    findings += outcome.findings
                    tally += outcome.tally
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise
            for segment, offset, words in originals.unresolved():
                key = SegmentName.parse(segment).warc_key
                findings.append(Finding(Damage.REVISIT_UNRESOLVED, segment, key, offset, words))
        findings += self._unnamed(stored, replaced)
        findings += _without_commit(again, {each.segment for each in stored})
        return Outcome(tuple(findings), tally)

    def _check(self, manifest: Manifest, originals: Originals) -> Outcome:
        outcome = SegmentCheck(
            self._store,
            manifest,
            originals,
            reading=self._readings.get(manifest.segment, 0),
            read=self._meter.read,
        ).run()
        self._meter.done()
        return outcome

    def _manifests(self) -> Iterator[StoredManifest]:
        for found in self._store.list(f"{self._collection}/segments/"):
            content = self._store.get(found.key)
            segment = found.key.rpartition("/")[2].removesuffix(".json")
            yield StoredManifest(found.key, segment, manifest_digest(content), _parsed(found.key, content))

    def _unnamed(self, stored: list[StoredManifest], replaced: set[str]) -> Iterator[Finding]:
        """Yield a note for each object that belongs to no segment, or to a replaced one.

        Those of compacted segments stay for a while; ``compact`` deletes them itself.
        """
        kept = compacted_of(each.manifest for each in stored if each.manifest)
        named = {
            entry.key
            for each in stored
            if each.manifest and each.segment not in replaced
            for entry in each.manifest.files
        }
        for folder in _FOLDERS:
            for found in self._store.list(f"{self._collection}/{folder}/"):
                if found.key in named or found.key.startswith(f"{self._collection}/{CLUSTER_FOLDER}/"):
                    continue
                segment = found.key.rpartition("/")[2].partition(".warc.gz")[0]
                segment = segment.removesuffix(".cdxj").removesuffix(".parquet")
                if segment in kept:
                    continue
                if segment in replaced:
                    words = "another segment replaces it"
                    yield Finding(Damage.REPLACED_OBJECT, segment, found.key, None, words)
                else:
                    words = "no manifest names it"
                    yield Finding(Damage.ORPHAN_OBJECT, "", found.key, None, words)


def _parsed(key: str, content: bytes) -> Manifest | None:
    """Return the manifest if it is one, and that of the segment that its key names."""
    try:
        manifest = parse_manifest(content)
    except ManifestError:
        return None
    name = manifest.name
    files = manifest.files
    own = (name.manifest_key, name.warc_key, name.index_key, name.articles_key)
    stated = (key, files.warc.key, files.index.key, files.articles.key if files.articles else own[3])
    return manifest if own == stated else None


def _unreadable(stored: list[StoredManifest], replaced: set[str]) -> Iterator[Finding]:
    for each in stored:
        if each.manifest is None and each.segment not in replaced:
            words = "it is no manifest of the segment that its key names"
            yield Finding(Damage.MANIFEST_UNREADABLE, each.segment, each.key, None, words)


def _replaced_twice(stored: list[StoredManifest]) -> Iterator[Finding]:
    """Yield each manifest that stands for a segment which one before it, by its key, stands for already."""
    first: dict[str, str] = {}
    for each in stored:
        for old in each.manifest.stands_for if each.manifest else ():
            if first.setdefault(old, each.segment) == each.segment:
                continue
            words = (
                f"it replaces {old}, and so does {first[old]}: captures are in both; what a take-down purged "
                "from one may be in the other ('newswarc takedown scan' tells)"
            )
            yield Finding(Damage.REPLACED_TWICE, each.segment, each.key, None, words)


def _without_commit(keys: list[str], segments: set[str]) -> Iterator[Finding]:
    """Yield a note for each of the objects of readings, *keys*, that has no commit or no segment."""
    committed = {split_key(key) for key in keys if key.endswith(".json")}
    for key in keys:
        place = split_key(key)
        if place is None or place[0] not in segments or place not in committed:
            yield Finding(Damage.ORPHAN_OBJECT, "", key, None, "it belongs to no reading of a segment")


class _Meter:
    """Adds up what all threads read, and tells of it now and then."""

    def __init__(self, collection: str, progress: Told) -> None:
        self._collection, self._progress = collection, progress
        self._guard = threading.Lock()
        self._segments = self._of_segments = self._bytes = self._of_bytes = self._told = 0

    def expect(self, manifests: list[Manifest]) -> None:
        self._of_segments = len(manifests)
        self._of_bytes = sum(entry.size for manifest in manifests for entry in manifest.files)

    def read(self, count: int) -> None:
        with self._guard:
            self._bytes += count
            if self._bytes - self._told >= _STEP_BYTES:
                self._tell()

    def done(self) -> None:
        with self._guard:
            self._segments += 1
            self._tell()

    def _tell(self) -> None:
        self._told = self._bytes
        self._progress(
            Progress(self._collection, self._segments, self._of_segments, self._bytes, self._of_bytes)
        )


def _unheard(_: Progress) -> None:
    """Nobody asked."""
