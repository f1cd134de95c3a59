"""``newswarc publish``, ``verify`` and ``repair``: what keeps an archive whole."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.cli.opening import PUBLISH_HINT, configuration, require_store, store_of
from crawler.cli.options import CollectionOption, ConfigOption, JsonOption, StoreArgument, StoreOption

if TYPE_CHECKING:
    from crawler.config import Config
    from pipelines.fixity import Report
    from pipelines.fixity.verification import Told
    from pipelines.storage import ObjectStore

OneCollection = Annotated[
    str | None, typer.Option("--collection", metavar="NAME", help="This collection alone. Else all of them.")
]


def publish(
    store: StoreArgument = None,
    *,
    named_store: StoreOption = None,
    collection: CollectionOption = None,
    config: ConfigOption = None,
) -> None:
    """Bring to the store what earlier crawls recorded and could not publish, also those that crashed."""
    from crawler.cli.words import counted, waiting
    from crawler.recorder.archives import open_archive
    from pipelines.errors import Unavailable

    settings = configuration(named_store or store, collection, config)
    if not settings.state_folder.is_dir():
        # Else a slip in the store's name would make an empty one.
        require_store(settings)
    archive = open_archive(settings)
    try:
        left = archive.publish_left(settings.segments.store_patience)
    finally:
        archive.close()
    print(f"{counted(left.published, 'segment')} published")
    if left.waiting:
        why = left.error or "segments.store_patience is over"
        raise Unavailable(
            f"publish: {waiting(len(left.waiting))} still in {archive.spool} ({why}); "
            "see to the store and run 'newswarc publish' again"
        )


def verify(
    store: StoreArgument = None,
    *,
    as_json: JsonOption = False,
    named_store: StoreOption = None,
    collection: OneCollection = None,
    config: ConfigOption = None,
) -> None:
    """Read the whole archive again and compare it with its manifests, digests, indexes and articles.

    The exit code is that of the gravest damage.
    """
    report = verified(configuration(named_store or store, collection, config), collection)
    if as_json:
        sys.stdout.write(report.to_json().decode())
    else:
        _print_lines(report.lines())
    raise typer.Exit(report.exit_code)


def repair(
    store: StoreArgument = None,
    *,
    as_json: JsonOption = False,
    named_store: StoreOption = None,
    collection: OneCollection = None,
    config: ConfigOption = None,
) -> None:
    """Verify, then mend what can be: indexes and articles from the WARCs, whole records out of damaged ones.

    Nothing is deleted: damaged files are moved aside. The exit code is that of the gravest damage left.
    """
    from pipelines.fixity import repair as mend
    from pipelines.takedown import claimed

    settings = configuration(named_store or store, collection, config)
    codes, told = [], {}
    with store_of(settings) as archive, _bar() as progress:
        for name in _names(archive.store, settings, collection):
            # A purge or compaction meanwhile would take the place of the same segments.
            with claimed(archive.store, name):
                report = mend(archive.store, name, progress=progress)
            codes.append(report.exit_code)
            told[name] = json.loads(report.to_json())
            if not as_json:
                _print_lines(f"{name}: {line}" for line in report.lines())
    code = min(filter(None, codes), default=0)
    if as_json:
        print(json.dumps({"ok": not code, "exit_code": code, "collections": told}))
    raise typer.Exit(code)


def verified(config: "Config", collection: str | None) -> "Report":
    """Return what a verification of *collection*, or of all, finds in the store of *config*."""
    from pipelines.fixity import verify as check

    with store_of(config) as archive, _bar() as progress:
        _names(archive.store, config, collection)
        return check(archive.store, collection, workers=config.crawl.workers, progress=progress)


def _names(store: "ObjectStore", config: "Config", collection: str | None) -> list[str]:
    """Return the collections that are meant. Raises ``NotArchived`` where there is none."""
    from pipelines.errors import NotArchived
    from pipelines.fixity.verification import collections_of

    names = list(collections_of(store))
    if not names:
        raise NotArchived(f"archive: {config.store.url} has no collection; {PUBLISH_HINT}")
    if collection and collection not in names:
        known = ", ".join(map(repr, names))
        raise NotArchived(f"archive: {config.store.url} has no collection {collection!r}; it has {known}")
    return [collection] if collection else names


@contextmanager
def _bar() -> Iterator["Told | None"]:
    """Give what shows how far a verification is, where standard error is a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    from crawler.cli.words import counted
    from pipelines.fixity import Progress as Stand

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading", total=None)

        def show(stand: Stand) -> None:
            told = f"{stand.collection} {stand.segments:,}/{counted(stand.of_segments, 'segment')}"
            bar.update(task, description=told, completed=stand.bytes, total=stand.of_bytes)

        yield show


def _print_lines(lines: Iterator[str]) -> None:
    from crawler.cli.words import printable

    for line in lines:
        print(printable(line))
