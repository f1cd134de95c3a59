"""``newswarc reextract``: the articles of a whole archive, by today's extractor and rules."""

import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crawler.cli.opening import archive_of, configuration
from crawler.cli.options import CollectionOption, ConfigOption, JsonOption, StoreArgument, StoreOption

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from crawler.config import Config
    from crawler.jobs.reextraction import Failed, Runner, StoreAddress
    from pipelines.errors import NewswarcError
    from pipelines.reextraction import Outcome, Standing
    from pipelines.rulebook import RuleBook
    from pipelines.segments.manifest import Manifest


def reextract(
    store: StoreArgument = None,
    *,
    since: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="Only segments with captures then or later: 2026, 2026-11-23."),
    ] = None,
    until: Annotated[
        str | None, typer.Option(metavar="DATE", help="Only segments with captures until the end of it.")
    ] = None,
    site: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="Only segments with captures of this site: profile, its file, or a host."
        ),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(metavar="N", min=1, help="Segments read at once on this machine. Else one a core."),
    ] = None,
    scheduler: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="Dask scheduler whose workers read: tcp://10.0.0.1:8786."),
    ] = None,
    every: Annotated[
        bool, typer.Option("--all", help="Also segments that are up to date, or that a newer extractor read.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say which segments would be read, and write nothing.")
    ] = False,
    as_json: JsonOption = False,
    named_store: StoreOption = None,
    collection: CollectionOption = None,
    config: ConfigOption = None,
) -> None:
    """Read all articles again from the WARCs, with today's extractor and the rules of each page's day.

    New article files come beside the old ones and count from then on; nothing else is touched. Segments that
    are up to date are left out, so that a run that was cut off goes on where it was. The exit code is that of
    the gravest error of a segment.
    """
    from crawler.jobs.reextraction import StoreAddress, Wish, book_of, plan
    from pipelines.reextraction import State

    if workers is not None and scheduler is not None:
        raise typer.BadParameter("--workers and --scheduler exclude each other: the cluster has its own")
    settings = configuration(named_store or store, collection, config)
    first, last = _spanned(since, until)
    wish = Wish(first, last, _places(site, settings), every)
    book = book_of(settings.sites.folders)
    with archive_of(settings) as archive:
        stands = plan(archive.store, archive.collection, book, wish)
        if dry_run:
            return _show_plan(stands, as_json=as_json)
        address = StoreAddress.of(archive.store, settings)
        with _runner(workers, scheduler) as runner:
            found = _run(runner, address, stands, book)
        if any(each.state is State.READ for each in _read(found)):
            # The catalog looks for readings of long ago but once a day.
            archive.sync(full=True)
    _show(stands, found, as_json=as_json)
    code = min((each.error.exit_code for each in _failed(found)), default=0)
    raise typer.Exit(code)


def _spanned(since: str | None, until: str | None) -> tuple[str, str]:
    from crawler.cli.times import digits_of
    from pipelines.urls import span

    first, last = digits_of(since, "--since"), digits_of(until, "--until")
    return span(first)[0] if first else "", span(last)[1] if last else ""


def _places(site: str | None, settings: "Config") -> frozenset[str]:
    from crawler.jobs.reextraction import places_named
    from crawler.sites import list_profiles, load_profile

    if site is None:
        return frozenset()
    folders = settings.sites.folders
    known = {entry.name for entry in list_profiles(folders)}
    if "." in site and "/" not in site and not site.endswith(".toml") and site not in known:
        name = site.lower()
        return frozenset((name, f"*.{name}"))
    return places_named(load_profile(site, folders))


def _runner(workers: int | None, scheduler: str | None) -> "AbstractContextManager[Runner]":
    from crawler.jobs.reextraction import dask_runner, local_runner

    return dask_runner(scheduler) if scheduler else local_runner(workers or os.cpu_count() or 1)


def _run(
    runner: "Runner", address: "StoreAddress", stands: Sequence["Standing"], book: "RuleBook"
) -> list["Outcome | Failed"]:
    from crawler.jobs.reextraction import Failed, run
    from pipelines.reextraction import State

    due = [each.manifest for each in stands if each.state is State.DUE]
    found = []
    with _bar(due) as show:
        for each in run(runner, address, due, book):
            found.append(each)
            show(each.segment)
            if isinstance(each, Failed):
                print(f"newswarc: {each.segment}: {each.error}", file=sys.stderr)
    return found


def _failed(found: Iterable["Outcome | Failed"]) -> Iterator["Failed"]:
    from crawler.jobs.reextraction import Failed

    return (each for each in found if isinstance(each, Failed))


def _read(found: Iterable["Outcome | Failed"]) -> Iterator["Outcome"]:
    from crawler.jobs.reextraction import Failed

    return (each for each in found if not isinstance(each, Failed))


# --- showing ---------------------------------------------------------------------------------


@contextmanager
def _bar(due: Sequence["Manifest"]) -> Iterator[Callable[[str], None]]:
    """Give what takes note of a segment that is through; in a terminal a bar shows it."""
    if not sys.stderr.isatty() or not due:
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    from crawler.cli.words import counted

    articles = {each.segment: each.counts.articles for each in due}
    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(f"0/{counted(len(due), 'segment')}", total=sum(articles.values()))
        left = set(articles)

        def show(segment: str) -> None:
            left.discard(segment)
            told = f"{len(due) - len(left)}/{counted(len(due), 'segment')}"
            bar.update(task, description=told, advance=articles[segment])

        yield show


def _show_plan(stands: Sequence["Standing"], *, as_json: bool) -> None:
    from crawler.cli.tables import print_table
    from crawler.cli.words import counted
    from pipelines.reextraction import State

    if as_json:
        told = [
            {"segment": each.manifest.segment, "state": each.state, "articles": each.manifest.counts.articles}
            for each in stands
        ]
        return print(json.dumps({"segments": told}))
    due = [each.manifest for each in stands if each.state is State.DUE]
    rows = [(each.segment, each.first or "", each.last or "", str(each.counts.articles)) for each in due]
    print_table(
        ("segment", "first capture", "last", "articles"), rows, numbers=("articles",), folds=("segment",)
    )
    articles = sum(each.counts.articles for each in due)
    print(
        f"newswarc: {counted(len(due), 'segment')} to read, {counted(articles, 'article')}", file=sys.stderr
    )
    return None


def _show(stands: Sequence["Standing"], found: Sequence["Outcome | Failed"], *, as_json: bool) -> None:
    from crawler.cli.tables import print_table

    figures = _figures(stands, found)
    if as_json:
        failed = [_failure_object(each.segment, each.error) for each in _failed(found)]
        return print(json.dumps({"ok": not failed, **figures, "failures": failed}))
    rows = [(name.replace("_", " "), f"{count:,}") for name, count in figures.items()]
    print_table(("", "count"), rows, numbers=("count",))
    return None


def _figures(stands: Sequence["Standing"], found: Sequence["Outcome | Failed"]) -> dict[str, int]:
    from pipelines.reextraction import State

    states = Counter(each.state for each in stands)
    read = [*_read(found)]
    by_us = sum(each.state is State.READ for each in read)
    return {
        "segments": by_us,
        "up_to_date": states[State.DONE] + sum(each.state is State.DONE for each in read),
        "by_a_newer_extractor": states[State.NEWER],
        "without_articles": states[State.BARE],
        "failed": len(found) - len(read),
        "articles": sum(each.articles for each in read),
        "changed": sum(each.changed for each in read),
        "kept": sum(each.kept for each in read),
    }


def _failure_object(segment: str, error: "NewswarcError") -> dict[str, Any]:
    return {"segment": segment, "error": str(error), "exit_code": error.exit_code}
