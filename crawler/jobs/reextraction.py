"""Re-extraction of a whole archive: which segments are due, and who reads them.

Local worker processes read one segment each, or the workers of a Dask cluster do. Each of them has processes
below it for the pages, since a page that takes too long can only be cut off with its process.
"""

import importlib
import re
import threading
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Self

from pydantic import SecretStr

from crawler.config import Config
from crawler.sites import SiteProfile, list_profiles, load_profile
from pipelines.errors import ConfigError, Denied, JobError, NewswarcError, SpoolFull, Unavailable
from pipelines.extract import NO_RULES, Workers
from pipelines.index import from_line
from pipelines.reextraction import Outcome, Standing, State, reread, standing
from pipelines.rulebook import DatedRules, RuleBook
from pipelines.segments.article_rows import places_of
from pipelines.segments.manifest import Manifest, read_manifests
from pipelines.segments.readings import latest_readings
from pipelines.storage import ObjectStore, S3Options, open_store
from pipelines.urls import host

_AT_ONCE = 16
"""Commits and indexes that are fetched at once while the work is planned."""
_DAYS_SECONDS = 20 * 86400.0
_CONNECT_SECONDS = 10
_RETRIES = 2
"""How often a segment is tried again whose Dask worker was lost."""
_PAGES = 16
"""Pages for each page worker that may be under way or wait."""
_STARTING = threading.Lock()
_AHEAD = 2
"""Segments for each worker that are under way or wait for one."""
_ENDS_ALL = (Unavailable, Denied, SpoolFull)
"""Errors that every further segment would meet as well."""


@dataclass(frozen=True, slots=True)
class StoreAddress:
    """How any process opens the store."""

    url: str
    s3: S3Options | None = None

    @classmethod
    def of(cls, store: ObjectStore, config: Config) -> Self:
        """Return the address of *store*, which *config* names."""
        given: dict[str, Any] = {
            name: value.get_secret_value() if isinstance(value, SecretStr) else value
            for name, value in config.store.s3
            if value
        }
        return cls(store.url, S3Options(**given))

    def open(self) -> ObjectStore:
        """Return the store."""
        return open_store(self.url, s3=self.s3)


@dataclass(frozen=True, slots=True)
class Wish:
    """Which segments are to be read again."""

    since: str = ""
    """14 digits: those with captures then or later."""
    until: str = ""
    """14 digits: those with captures until then."""
    places: frozenset[str] = frozenset()
    """Hosts, ``*.example.com`` for all below a domain: those with captures of one of them; empty for all."""
    always: bool = False
    """Also those that today's extractor and rules have read, or a newer extractor."""

    def has_time(self, manifest: Manifest) -> bool:
        """Return whether a capture of the segment may be of the time that is wanted."""
        first, last = manifest.first or manifest.opened, manifest.last or manifest.opened
        return (not self.since or last >= self.since) and (not self.until or first <= self.until)


@dataclass(frozen=True, slots=True)
class Failed:
    """A segment that could not be read again."""

    segment: str
    error: NewswarcError


@dataclass(frozen=True, slots=True)
class Runner:
    """Where segments are read."""

    submit: Callable[..., "Future[Outcome]"]
    """Runs a function of an importable module with its arguments somewhere."""
    at_once: int
    """How many calls run at once."""
    page_workers: int = 1
    """Processes for pages in each of the processes that take calls."""


def book_of(folders: Iterable[Path]) -> RuleBook:
    """Return the rules of all profiles in *folders* and of the built-in ones.

    A host that several profiles claim has the rules of the first one, by name, that has any. Raises
    ``ProfileError`` where a profile is wrong.
    """
    folders = tuple(folders)
    entries = sorted(list_profiles(folders), key=lambda entry: (entry.built_in, entry.name))
    places: dict[str, tuple[DatedRules, ...]] = {}
    for entry in entries:
        profile = load_profile(entry.path)
        dated = _dated(profile)
        if any(each.rules != NO_RULES for each in dated):
            places = {**dict.fromkeys(places_named(profile), dated), **places}
    return RuleBook(places)


def places_named(profile: SiteProfile) -> frozenset[str]:
    """Return the hosts of *profile* as :class:`RuleBook` names them: without ports."""
    return frozenset(_without_port(each) for each in profile.crawl_scope().hosts)


def plan(store: ObjectStore, collection: str, book: RuleBook, wish: Wish) -> list[Standing]:
    """Return the segments that *wish* speaks of and how each stands, by day and name; nothing is written.

    One listing for all readings, then a small object for each segment that has one. Raises ``StorageError``
    where the store cannot be read, ``ManifestError`` where a manifest is not readable.
    """
    readings = latest_readings(store, collection)
    manifests = [each for each in read_manifests(store, collection)[0] if wish.has_time(each)]

    def look(manifest: Manifest) -> Standing | None:
        if wish.places and not _has_place(store, manifest, wish.places):
            return None
        found = standing(store, manifest, readings.get(manifest.segment, 0), book)
        again = wish.always and found.state in {State.DONE, State.NEWER}
        return Standing(manifest, State.DUE, found.number) if again else found

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return [found for found in pool.map(look, manifests) if found is not None]


def run(
    runner: Runner, address: StoreAddress, due: Sequence[Manifest], book: RuleBook
) -> Iterator[Outcome | Failed]:
    """Yield what becomes of each segment of *due*, in the order in which they are ready.

    What is the matter with one segment is told and does not keep the others from being read. Raises
    ``Unavailable``, ``Denied`` or ``SpoolFull`` where no further one could be either.
    """
    left, waiting = deque(due), dict[Future[Outcome], str]()
    while left or waiting:
        while left and len(waiting) < runner.at_once * _AHEAD:
            manifest = left.popleft()
            waiting[runner.submit(read_here, address, manifest, book, runner.page_workers)] = manifest.segment
        for future in wait(waiting, return_when=FIRST_COMPLETED).done:
            yield _ended(waiting.pop(future), future)


def _ended(segment: str, future: "Future[Outcome]") -> Outcome | Failed:
    try:
        return future.result()
    except _ENDS_ALL:
        raise
    except NewswarcError as err:
        return Failed(segment, err)
    except Exception as err:  # noqa: BLE001 (an error of our own on one page must not end it for all others)
        return Failed(segment, JobError(f"reextract: an error of newswarc itself: {err!r}"))


# --- where they are read ------------------------------------------------------------------------


@contextmanager
def local_runner(count: int) -> Iterator[Runner]:
    """Give a runner of *count* processes of this machine; an error kills them, whatever they do."""
    with Workers(
        count,
        preload=("crawler.jobs.reextraction",),
        # A segment takes as long as it takes; its pages are cut off one by one.
        cpu_seconds=_DAYS_SECONDS,
        wall_seconds=_DAYS_SECONDS,
        limit=_AHEAD * count,
    ) as workers:
        yield Runner(workers.submit, count)


@contextmanager
def dask_runner(address: str) -> Iterator[Runner]:
    """Give a runner of the Dask cluster whose scheduler is at *address*: ``tcp://10.0.0.1:8786``.

    Its workers need newswarc installed and must reach the store; the store's credentials, where the
    configuration has any, go to them. Raises ``ConfigError`` where Dask is not installed, ``JobError`` where
    no scheduler answers or it has no workers.
    """
    try:
        distributed: Any = importlib.import_module("distributed")
    except ImportError as err:
        raise ConfigError(
            "reextract: --scheduler needs Dask; install it with: pip install 'newswarc[dask]'"
        ) from err
    try:
        client = distributed.Client(address, timeout=_CONNECT_SECONDS)
    except (OSError, ValueError) as err:
        raise JobError(
            f"reextract: no Dask scheduler answers at {address!r} ({err}); "
            "write its address as 'dask scheduler' prints it: tcp://HOST:8786"
        ) from err
    with client:
        threads = [each["nthreads"] for each in client.scheduler_info(n_workers=-1)["workers"].values()]
        if not threads:
            raise JobError(
                f"reextract: the cluster at {address!r} has no workers; start some with 'dask worker'"
            )
        try:
            executor = client.get_executor(pure=False, retries=_RETRIES)
            yield Runner(executor.submit, sum(threads), max(threads))
        finally:
            client.run(end_page_workers, max(threads))


def read_here(address: StoreAddress, manifest: Manifest, book: RuleBook, page_workers: int) -> Outcome:
    """Read a segment in this process, its pages in *page_workers* of its own, which stay for the next."""
    with _STARTING:
        workers = _page_workers(page_workers)
    return reread(address.open(), manifest, book, workers)


@lru_cache(maxsize=1)
def _page_workers(count: int) -> Workers:
    return Workers(count, limit=_PAGES * count)


def end_page_workers(count: int) -> None:
    """End the *count* processes for pages that :func:`read_here` keeps in this process."""
    with _STARTING:
        if _page_workers.cache_info().currsize:
            _page_workers(count).close()
            _page_workers.cache_clear()


# --- profiles and captures ----------------------------------------------------------------------


def _dated(profile: SiteProfile) -> tuple[DatedRules, ...]:
    """Return the rules of *profile* from the first day of each layout on, and those from before the first."""
    days = sorted({date.min, *(table.valid_from for table in profile.rules if table.valid_from)})
    return tuple(
        DatedRules("" if day == date.min else f"{day:%Y%m%d}", profile.rules_at(day)) for day in days
    )


def _without_port(place: str) -> str:
    return re.sub(r":\d+$", "", place).strip("[]")


def _has_place(store: ObjectStore, manifest: Manifest, places: Collection[str]) -> bool:
    """Return whether a capture of the segment is of one of the hosts *places*."""
    lines = store.get(manifest.files.index.key).splitlines(keepends=True)
    names = {host(from_line(line).url) for line in lines}
    return any(place in places for name in names for place in places_of(name))
