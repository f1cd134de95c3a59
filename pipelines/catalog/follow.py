"""A catalog follows its store: new manifests, late ones, newer readings, ledger files.

What is published today mostly has today's date in its key, so that a sync lists the last days only
(:data:`WINDOW`, behind one key, whatever lies before it). A segment of an older day appears late where a
machine was cut off, or crashed and came back. It is found in three ways:

- by the chain: each manifest names the one before it of the same writer, and a writer publishes in order. So
  with a writer's next segment all its late ones are found, by name, without any listing;
- by the whole listing that is made once in :data:`LIST_ALL_EVERY`, and by ``full``;
- newer readings of old segments by that as well; ``newswarc reextract`` makes it itself at its end.

Two syncs at once do no harm: a segment enters in one transaction that looks first whether it is there.
"""

import io
import logging
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Final, TypeVar

from sqlalchemy import or_, select

from pipelines.catalog.article_files import ArticleFile, read_entries
from pipelines.catalog.catalog import Catalog, Part
from pipelines.catalog.schema import ledger_files, segments
from pipelines.errors import ExtractionError, ManifestError, NotFound, RecordError
from pipelines.index import from_line
from pipelines.model import Capture
from pipelines.segments.manifest import FileEntry, Manifest, copied_first, parse_manifest
from pipelines.segments.names import SegmentName, segment_of_key
from pipelines.segments.readings import get_reading, latest_of, readings_prefix, split_key
from pipelines.storage.contract import ObjectStore

logger = logging.getLogger(__name__)

WINDOW: Final = timedelta(days=2)
"""How far before the newest known segment a sync looks for others."""
LIST_ALL_EVERY: Final = timedelta(hours=24)
FETCHERS: Final = 6
"""Objects that are fetched at once, and held until they are entered."""
LISTED: Final = "listed"
"""The mark that says when the whole store was listed."""
_TOGETHER = 20_000
_T = TypeVar("_T")
_R = TypeVar("_R")

Progress = Callable[[int, int], None]
"""Called with how many segments are entered, and how many there are to enter."""


@dataclass(frozen=True, slots=True)
class Followed:
    """What a sync found new."""

    segments: int
    replaced: int
    readings: int
    ledger_files: int
    listed_all: bool
    """Whether every day of the collection was looked at."""


def follow(
    catalog: Catalog,
    store: ObjectStore,
    *,
    full: bool = False,
    now: datetime | None = None,
    progress: Progress = lambda _done, _all: None,
) -> Followed:
    """Bring *catalog* up to what is published in *store*.

    Raises ``StorageError`` where the store or the catalog cannot be used, ``ManifestError`` where a manifest
    that counts is not readable, ``RecordError`` where an index is not; what was entered before stays.
    """
    now = now or datetime.now(UTC)
    whole = full or _is_due(catalog, now)
    day = "" if whole else _first_day(catalog, now)
    with ThreadPoolExecutor(FETCHERS, thread_name_prefix="catalog") as pool:
        following = _Following(catalog, store, pool)
        found, replaced = following.bring(day, progress)
        readings = following.read_again(day)
        ledgers = following.ledgers(day)
    if whole:
        catalog.set_mark(LISTED, now.isoformat())
    return Followed(found, replaced, readings, ledgers, whole)


def local_articles(manifest: Manifest, folder: Path) -> ArticleFile | None:
    """Return the articles of a segment whose files lie in *folder*, None where it has none."""
    entry = manifest.files.articles
    path = folder / f"{manifest.segment}.parquet"
    return _read_file(entry, path.read_bytes) if entry and path.exists() else None


def _is_due(catalog: Catalog, now: datetime) -> bool:
    listed = catalog.mark(LISTED)
    # A clock that was put back must not keep the whole listing away for ever.
    return listed is None or not timedelta() <= now - datetime.fromisoformat(listed) < LIST_ALL_EVERY


def _first_day(catalog: Catalog, now: datetime) -> str:
    """Return the day from which on everything is listed, as keys write it; empty: all."""
    query = select(segments.c.opened).where(segments.c.opened.is_not(None))
    with catalog.database.reading() as connection:
        newest = connection.execute(query.order_by(segments.c.opened.desc()).limit(1)).scalar()
    if newest is None:
        return ""
    # A segment that claims to be of next year must not hide those of today.
    opened = min(datetime.strptime(f"{newest:014d}", "%Y%m%d%H%M%S").replace(tzinfo=UTC), now)
    return (opened - WINDOW).strftime("%Y/%m/%d")


@dataclass(frozen=True, slots=True)
class _Held:
    """The articles that the catalog has of a segment."""

    segment: str
    number: int | None
    """Of the reading that they are; 0 of those that came with it, None where they could not be read."""
    key: str | None
    sha256: bytes | None


class _Following:
    def __init__(self, catalog: Catalog, store: ObjectStore, pool: ThreadPoolExecutor) -> None:
        self._catalog, self._store, self._pool = catalog, store, pool
        self._collection = catalog.collection

    def new_manifests(self, day: str) -> tuple[list[Manifest], list[str]]:
        """Return the manifests that are not known and count, by key, and the segments that they replace."""
        known = self._known(day)
        keys = [key for key in self._keys("segments", day) if key not in known]
        found: dict[str, Manifest] = {}
        unreadable: dict[str, ManifestError] = {}
        while keys:
            for some in self._in_turn(keys, found):
                for key, read in zip(some, self._fetched(self._manifest, some), strict=True):
                    if isinstance(read, Manifest):
                        found[key] = read
                    elif read is not None:
                        unreadable[key] = read
            keys = self._before(found, known)
        replaced = sorted({name for manifest in found.values() for name in manifest.stands_for})
        gone = {SegmentName.parse(name).manifest_key for name in replaced}
        for key, error in unreadable.items():
            if key not in gone:
                raise error
        return [found[key] for key in sorted(found.keys() - gone)], replaced

    def _in_turn(self, keys: Iterable[str], found: Mapping[str, Manifest]) -> Iterator[list[str]]:
        """Yield the keys of copied segments, then the others but for those that the former compact."""
        plain, copied = (
            [key for key in keys if copied_first(key)[0] is is_plain] for is_plain in (True, False)
        )
        yield copied
        small = {name for manifest in found.values() for name in manifest.compacts}
        yield [key for key in plain if segment_of_key(key) not in small]

    def bring(self, day: str, progress: Progress) -> tuple[int, int]:
        """Enter the segments that are not known; return how many, and how many were replaced."""
        found, replaced = self.new_manifests(day)
        gone = self.enter(found, replaced, progress)
        count = len(found) - len(gone)
        if gone:
            # A purge on another machine has replaced them since they were listed.
            found, more = self.new_manifests(day)
            gone = self.enter(found, more, progress)
            count, replaced = count + len(found), [*replaced, *more]
        if gone:
            raise gone[0]
        return count, len(replaced)

    def enter(self, found: Sequence[Manifest], replaced: Sequence[str], progress: Progress) -> list[NotFound]:
        """Enter the segments *found*, and then drop the *replaced* ones: nothing is missing meanwhile.

        Return why some are not entered: their indexes are gone.
        """
        done = 0
        group: list[Part] = []
        gone: list[NotFound] = []
        for part in self._fetched(self._part, found):
            if isinstance(part, NotFound):
                gone.append(part)
                continue
            group.append(part)
            if sum(each.manifest.counts.captures for each in group) >= _TOGETHER:
                self._catalog.enter(group)
                done, group = done + len(group), []
                progress(done, len(found))
        if group or replaced:
            self._catalog.enter(group, replaced=replaced)
            progress(len(found), len(found))
        return gone

    def read_again(self, day: str) -> int:
        """Take in the readings that count where others are held, and return how many they were."""
        # Before the listing: what another sync takes in meanwhile is not to go back to an older reading.
        held = self._held(day)
        start = readings_prefix(self._collection, day)
        listed = self._store.list(readings_prefix(self._collection), after=start if day else "")
        keys = {info.key for info in listed}
        numbers = latest_of(keys)
        files: dict[tuple[str, int], set[str]] = defaultdict(set)
        for key in keys:
            if key.endswith(".parquet") and (place := split_key(key)):
                files[place].add(key)
        asked = [
            (each, number)
            for each in held
            if (number := numbers.get(each.segment, 0)) != each.number or _is_other(each, keys, files)
            # Of a damaged article file that was mended since, nothing else tells.
            if number or each.number is not None or not day
        ]
        count = 0
        for (each, _), texts in zip(asked, self._fetched(self._reading, asked), strict=True):
            count += texts is not None and self._catalog.read_again(each.segment, texts, was=each.number)
        return count

    def ledgers(self, day: str) -> int:
        """Note new files of the ledger, and return how many they were."""
        start = f"{self._collection}/ledger/"
        listed = list(self._store.list(start, after=start + day if day else ""))
        with self._catalog.database.reading() as connection:
            query = select(ledger_files.c.key).where(ledger_files.c.key >= start + day)
            known = set(connection.execute(query).scalars())
        new = [{"key": info.key, "size": info.size} for info in listed if info.key not in known]
        if new:
            with self._catalog.database.writing() as connection:
                statement = self._catalog.database.insert(ledger_files).on_conflict_do_nothing()
                connection.execute(statement, new)
        return len(new)

    def _keys(self, folder: str, day: str) -> Iterator[str]:
        start = f"{self._collection}/{folder}/"
        for info in self._store.list(start, after=start + day if day else ""):
            yield info.key

    def _known(self, day: str) -> set[str]:
        query = select(segments.c.manifest_key)
        if day:
            query = query.where(segments.c.manifest_key >= f"{self._collection}/segments/{day}")
        with self._catalog.database.reading() as connection:
            return set(connection.execute(query).scalars())

    def _before(self, found: dict[str, Manifest], known: set[str]) -> list[str]:
        """Return the keys of manifests that those *found* name as the ones before them, and that are new."""
        named = {SegmentName.parse(each.previous.segment) for each in found.values() if each.previous}
        keys = sorted({name.manifest_key for name in named} - found.keys() - known)
        with self._catalog.database.reading() as connection:
            for at in range(0, len(keys), 400):
                query = select(segments.c.manifest_key).where(
                    segments.c.manifest_key.in_(keys[at : at + 400])
                )
                known.update(connection.execute(query).scalars())
        asked = [key for key in keys if key not in known]
        # Once is enough: what is not there is the business of verify.
        known.update(asked)
        return asked

    def _held(self, day: str) -> list["_Held"]:
        """Return which articles are held of each segment that has some."""
        columns = (segments.c.name, segments.c.reading, segments.c.articles_key, segments.c.articles_sha256)
        query = select(*columns).where(segments.c.held == 1).order_by(segments.c.name)
        query = query.where(or_(segments.c.reading.is_not(None), segments.c.articles > 0))
        if day:
            query = query.where(segments.c.manifest_key >= f"{self._collection}/segments/{day}")
        with self._catalog.database.reading() as connection:
            return [_Held(*row) for row in connection.execute(query)]

    def _manifest(self, key: str) -> Manifest | ManifestError | None:
        try:
            return parse_manifest(self._store.get(key))
        except ManifestError as err:
            return ManifestError(f"{err}; it is {key}: run 'newswarc repair'")
        except NotFound:
            logger.warning("catalog: %s is named by another manifest and is not there; run verify", key)
            return None

    def _part(self, manifest: Manifest) -> Part | NotFound:
        key = manifest.files.index.key
        try:
            lines = self._store.get(key).splitlines(keepends=True)
        except NotFound as err:
            return err
        return Part(manifest, _captures(lines, key), self._texts(manifest.files.articles, 0))

    def _reading(self, asked: tuple["_Held", int]) -> ArticleFile | None:
        """Return the articles that are to take the place of those held; None where they are the same."""
        held, number = asked
        name = SegmentName.parse(held.segment)
        try:
            if number == 0:
                entry = parse_manifest(self._store.get(name.manifest_key)).files.articles
            else:
                entry = get_reading(self._store, name, number).articles
        except (ManifestError, NotFound) as err:
            logger.warning("catalog: the articles of %s stay as they are: %s", name, err)
            return None
        if entry and (number, entry.key, bytes.fromhex(entry.sha256)) == (held.number, held.key, held.sha256):
            return None
        return self._texts(entry, number)

    def _texts(self, entry: FileEntry | None, number: int) -> ArticleFile | None:
        return _read_file(entry, lambda: self._store.get(entry.key), number) if entry else None

    def _fetched(self, fetch: Callable[[_T], _R], asked: Iterable[_T]) -> Iterator[_R]:
        """Yield what *fetch* gives for each, in order, a few ahead of who takes it."""
        rest = iter(asked)
        ahead = [self._pool.submit(fetch, each) for each in islice(rest, FETCHERS)]
        while ahead:
            found = ahead.pop(0).result()
            ahead.extend(self._pool.submit(fetch, each) for each in islice(rest, 1))
            yield found


def _is_other(held: _Held, keys: Container[str], files: Mapping[tuple[str, int], set[str]]) -> bool:
    """Return whether a reading with the number of the one *held* may be another one.

    *keys* are all objects of readings, *files* the article files among them by segment and number.
    """
    if not held.number or held.key is None:
        return False
    own = files.get((held.segment, held.number), set())
    lost = split_key(held.key) is not None and held.key not in keys
    return lost or bool(own - {held.key})


def _captures(lines: Sequence[bytes], key: str) -> Iterator[Capture]:
    """Yield the captures that *lines* of the index at *key* are. Raises ``RecordError``, which names it."""
    for line in lines:
        try:
            yield from_line(line)
        except RecordError as err:
            raise RecordError(f"catalog: {key} is damaged: {err}; run 'newswarc repair'") from err


def _read_file(entry: FileEntry, read: Callable[[], bytes], number: int = 0) -> ArticleFile | None:
    """Return the article file; None, and a warning, where it is damaged: captures are found without."""
    try:
        return ArticleFile(entry.key, entry.sha256, list(read_entries(io.BytesIO(read()))), number)
    except (ExtractionError, NotFound) as err:
        logger.warning("catalog: %s has no articles here: %s; run 'newswarc repair'", entry.key, err)
        return None
