"""``newswarc search``: find articles by what they say."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from crawler.cli.export import FormatName
from crawler.cli.opening import archive_of, configuration
from crawler.cli.options import CollectionOption, ConfigOption, JsonOption, StoreOption
from crawler.cli.shown import Shown
from crawler.cli.words import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from crawler.cli.found import Form
    from pipelines.archive import Archive
    from pipelines.search import Node, Page, Progress, SearchIndex

_PROGRESS_SECONDS = 10
_SUFFIXES: "dict[str, FormatName]" = {
    ".warc": "warc", ".warc.gz": "warc", ".wacz": "wacz", ".parquet": "parquet", ".tmx": "tmx",
    ".jsonl": "jsonl", ".csv": "csv",
}  # fmt: skip
_BINARY = frozenset({"parquet", "warc", "wacz"})


def search(
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="QUERY", help='Words, "phrases", AND, OR, NOT, (…), title:…, site:…'),
    ] = None,
    *,
    site: Annotated[
        list[str] | None, typer.Option(metavar="HOST", help="This host and those below it; may be repeated.")
    ] = None,
    section: Annotated[str | None, typer.Option(metavar="NAME", help="Only this section.")] = None,
    author: Annotated[str | None, typer.Option(metavar="NAME", help="Only articles of this author.")] = None,
    lang: Annotated[
        list[str] | None, typer.Option(metavar="zh|en|…", help="Only this language; may be repeated.")
    ] = None,
    quality: Annotated[
        list[str] | None, typer.Option(metavar="QUALITY", help="Only this quality: full…; may be repeated.")
    ] = None,
    after: Annotated[
        str | None, typer.Option(metavar="DATE", help="Published then or later: 2026, 2026-11, 2026-11-23.")
    ] = None,
    before: Annotated[str | None, typer.Option(metavar="DATE", help="Published before it begins.")] = None,
    captured: Annotated[str | None, typer.Option(metavar="DATE", help="Captured within it.")] = None,
    sort: Annotated[
        Literal["relevance", "date", "captured"],
        typer.Option(metavar="relevance|date|captured", help="Best first, or latest first."),
    ] = "relevance",
    limit: Annotated[int, typer.Option(metavar="NUMBER", help="Results, 1 to 1000.")] = 10,
    offset: Annotated[int, typer.Option(metavar="NUMBER", help="Results to pass over first.")] = 0,
    following: Annotated[
        str | None, typer.Option("--next", metavar="CURSOR", help="Go on behind an answer: its 'next'.")
    ] = None,
    versions: Annotated[
        bool, typer.Option("--versions", help="Each version of an article by itself.")
    ] = False,
    facets: Annotated[
        bool, typer.Option("--facets", help="Count what is found by site, section, author…")
    ] = False,
    over: Annotated[
        Literal["day", "month", "year"] | None,
        typer.Option("--over", metavar="day|month|year", help="Count what is found by time of publication."),
    ] = None,
    export: Annotated[
        Path | None,
        typer.Option(
            metavar="PATH",
            help="Write all articles that are found to this file, replaced whole; - is standard output.",
        ),
    ] = None,
    export_format: Annotated[
        FormatName | None,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help="Of --export, as of 'newswarc export'. Else what PATH ends in says: .jsonl, .csv, .parquet, "
            ".tmx, .warc, .warc.gz or .wacz; on standard output jsonl.",
        ),
    ] = None,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Make the index anew from the store first.")
    ] = False,
    as_json: JsonOption = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Answer in CSV on standard output.")] = False,
    store: StoreOption = None,
    collection: CollectionOption = None,
    config: ConfigOption = None,
) -> None:
    """Find articles by what they say: Chinese, English and both at once.

    All words must occur. Traditional characters find Simplified ones and the other way round, English words
    find their other forms, words in quotes only themselves. An article of several versions is one result: the
    latest version in which the words occur; counts are of versions. A name before a colon that is no field is
    text like the rest, punctuation beside words says nothing, and there are no wildcards. What a take-down
    hides or blocks is neither found nor counted. The index is made the first time and follows the store each
    time; it may be deleted. Put -- before a QUERY that begins with -.
    """
    from pipelines.search import All, Page, Sort, parse

    named = {
        "site": site, "lang": lang, "quality": quality, "section": section, "author": author,
        "after": after, "before": before, "captured": captured,
    }  # fmt: skip
    node = All((parse(" ".join(words or ())), *_filters(named)))
    page = Page(sort=Sort(sort), limit=limit, offset=offset, after=following, versions=versions)
    form: Form = "json" if as_json else "csv" if as_csv else "text"
    target = _target(export, export_format)
    settings = configuration(store, collection, config)
    with archive_of(settings) as archive:
        index = _followed(archive, archive.search_folder, anew=rebuild)
        if target is not None:
            _export(archive, index, node, target, versions=versions)
        else:
            _answer(archive, index, node, page, facets=facets, over=over, form=form)


def _filters(named: "Mapping[str, str | list[str] | None]") -> "Iterator[Node]":
    from pipelines.search import Either, field

    for name, given in named.items():
        values = given if isinstance(given, list) else [given] if given else []
        if values:
            nodes = tuple(field(name, value) for value in values)
            yield nodes[0] if len(nodes) == 1 else Either(nodes)


def _followed(archive: "Archive", folder: Path, *, anew: bool) -> "SearchIndex":
    """Return the index with all that is published; without the newest where another process takes it in."""
    from pipelines.errors import SearchBusy
    from pipelines.search import SearchIndex

    index = SearchIndex(folder)
    processes = min(8, os.cpu_count() or 1)
    with _bar() as show:
        if anew:
            done = index.rebuild(archive.store, [archive.collection], processes=processes, progress=show)
        else:
            try:
                done = index.sync(archive.store, archive.collection, processes=processes, progress=show)
            except SearchBusy as busy:
                print(f"newswarc: {busy}; the newest articles may be missing", file=sys.stderr)
                return index
    if done.unreadable:
        print(f"newswarc: not searched, since unreadable: {', '.join(done.unreadable)}", file=sys.stderr)
    return index


@contextmanager
def _bar() -> "Iterator[Callable[[Progress], None]]":
    """Give what shows how far the index is, on standard error."""
    if not sys.stderr.isatty():
        yield _Lines().show
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("looking for new articles", total=None)

        def show(stand: "Progress") -> None:
            told = f"indexing, {stand.articles:,} articles"
            bar.update(task, description=told, completed=stand.files, total=stand.of)

        yield show


class _Lines:
    """Writes a line now and then where there is no terminal."""

    def __init__(self) -> None:
        self._due = time.monotonic() + _PROGRESS_SECONDS

    def show(self, stand: "Progress") -> None:
        """Write a line if one is due."""
        if time.monotonic() >= self._due:
            self._due += _PROGRESS_SECONDS
            told = f"newswarc: indexing, {stand.files} of {stand.of} segments, {stand.articles} articles"
            print(told, file=sys.stderr, flush=True)


@dataclass(frozen=True, slots=True)
class _Target:
    """Where an export goes, and as what."""

    form: FormatName
    path: Path | None
    """None: standard output."""


def _target(path: Path | None, form: FormatName | None) -> _Target | None:
    """Return what --export and --format ask for. Raises ``BadParameter`` where that is nothing."""
    if path is None:
        if form is not None:
            raise typer.BadParameter("--format is that of --export; name a file with it")
        return None
    if str(path) == "-":
        if form in _BINARY and sys.stdout.isatty():
            raise typer.BadParameter(f"{form} is nothing for a terminal; name a file with --export")
        return _Target(form or "jsonl", None)
    named = next((_SUFFIXES[end] for end in _SUFFIXES if path.name.lower().endswith(end)), None)
    if form is None and named is None:
        raise typer.BadParameter(
            f"{path.name!r} does not tell its format; add --format, or end it in {', '.join(_SUFFIXES)}"
        )
    return _Target(form or named or "jsonl", path)


class _Searched(Shown):
    """Tells what of a search may be shown."""

    def without(self) -> "Node | None":
        """Return what asks for all that is taken down, as far as the index has it; None where nothing is."""
        from crawler.shown import taken_down

        return taken_down(self._register)

    def tell_of_counts(self) -> None:
        """Say on standard error where counts may include what is not shown."""
        from crawler.shown import uncounted

        others = uncounted(self._register)
        if others:
            print(
                f"newswarc: counts may include what is taken down by {' or '.join(others)}", file=sys.stderr
            )


def _export(
    archive: "Archive", index: "SearchIndex", node: "Node", target: _Target, *, versions: bool
) -> None:
    from crawler.cli.export import write_rows
    from crawler.cli.found import tell_of_gone
    from crawler.cli.output import output
    from crawler.cli.packing import of_rows, write_package
    from pipelines.errors import NotArchived
    from pipelines.search import all_hits, rows

    shown = _Searched(archive)
    gone: list[int] = []
    places = all_hits(index, node, versions=versions, without=shown.without())
    found = (row for row in rows(archive.store, places, gone=gone.append) if shown(row.capture))
    if target.form in {"warc", "wacz"}:
        title = f"{archive.collection} of {archive.store.url}"
        with output(target.path) as sink, of_rows(found, title) as picked:
            if not write_package(sink, archive, picked, target.form, shown):
                raise NotArchived("search: nothing is found that can be written, so no file is")
    else:
        print(f"newswarc: {counted(write_rows(found, target.form, target.path), 'article')}", file=sys.stderr)
    tell_of_gone(sum(gone))
    shown.tell()


def _answer(
    archive: "Archive",
    index: "SearchIndex",
    node: "Node",
    page: "Page",
    *,
    facets: bool,
    over: str | None,
    form: "Form",
) -> None:
    from crawler.cli import found
    from pipelines import search as searching

    shown = _Searched(archive)
    without = shown.without()
    answer = searching.ask(index, node, page, without=without)
    period = searching.Period(over) if over else None
    told = found.Told(
        results=found.results(archive.store, node, [hit for hit in answer.hits if shown.hit(hit.shown)]),
        total=answer.total,
        articles=searching.articles(index, node, without=without),
        next=answer.next,
        facets=searching.facets(index, node, without=without) if facets else {},
        over_time=searching.over_time(index, node, period, without=without) if period else [],
        with_times=page.versions,
    )
    found.show(told, form)
    shown.tell()
    shown.tell_of_counts()
