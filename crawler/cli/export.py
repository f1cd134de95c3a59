"""``newswarc export``."""

import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from crawler.cli.opening import archive_of, configuration
from crawler.cli.options import CollectionOption, ConfigOption, StoreArgument, StoreOption
from crawler.cli.shown import Shown
from pipelines.extract.article import Quality

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from crawler.cli.packing import PackageForm, Picked
    from crawler.cli.selection import Selection
    from pipelines.archive import Archive
    from pipelines.extract import ArticleRow

FormatName = Literal["jsonl", "csv", "parquet", "markdown", "parallel", "tmx", "warc", "wacz"]
_BINARY = {"parquet", "warc", "wacz"}


def export(
    store: StoreArgument = None,
    *,
    form: Annotated[
        FormatName,
        typer.Option(
            "--format",
            metavar="jsonl|csv|parquet|markdown|parallel|tmx|warc|wacz",
            help="How articles are written; warc and wacz: their records, byte for byte.",
        ),
    ] = "jsonl",
    output: Annotated[
        Path | None,
        typer.Option(
            metavar="PATH",
            help="File, replaced whole; for markdown a folder, one file an article. Else standard output.",
        ),
    ] = None,
    url: Annotated[
        list[str] | None,
        typer.Option(
            metavar="URL",
            help="Only captures of this address, and of the article under others; * at its end: of all that "
            "begin so. May be repeated.",
        ),
    ] = None,
    requisites: Annotated[
        bool,
        typer.Option(help="With --url, in a warc or wacz: what its pages load as well, as far as archived."),
    ] = True,
    site: Annotated[
        list[str] | None,
        typer.Option(metavar="HOST", help="Only pages of this host and those below it; may be repeated."),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(
            metavar="DATE", help="Only articles published then or later: 2026, 2026-11, 2026-11-23."
        ),
    ] = None,
    until: Annotated[
        str | None, typer.Option(metavar="DATE", help="Only articles published until the end of it.")
    ] = None,
    quality: Annotated[
        list[Quality] | None,
        typer.Option(
            metavar="QUALITY", help=f"Only articles of this quality, may be repeated: {', '.join(Quality)}."
        ),
    ] = None,
    named_store: StoreOption = None,
    collection: CollectionOption = None,
    config: ConfigOption = None,
) -> None:
    """Write the articles of an archive: clean text, metadata, and where the original lies.

    Every version of an article that was captured is written, but those that a take-down hides or blocks. CSV
    in a file starts with a byte order mark, which spreadsheets need to read UTF-8; on standard output it does
    not. A WACZ opens in ReplayWeb.page; without any choice it holds the whole collection.
    """
    from crawler.cli.selection import Selection
    from crawler.cli.times import digits_of
    from crawler.cli.words import counted

    if form in _BINARY and output is None and sys.stdout.isatty():
        raise typer.BadParameter(f"{form} is nothing for a terminal; name a file with --output")
    settings = configuration(named_store or store, collection, config)
    wanted = Selection(
        sites=tuple(site or ()),
        since=digits_of(since, "--since"),
        until=digits_of(until, "--until"),
        qualities=frozenset(quality or ()),
    )
    with archive_of(settings, sync=form in {"warc", "wacz"} or bool(url)) as archive:
        shown = Shown(archive)
        if form in {"warc", "wacz"}:
            choice = _Choice(tuple(url or ()), wanted, shown, with_requisites=requisites)
            _write_package(archive, choice, form, output)
        else:
            rows = _rows(archive, tuple(url or ()), shown)
            written = write_rows(wanted.pick(rows), form, output)
            left_out = f"; {wanted.undated} without a date left out" if wanted.undated else ""
            print(f"newswarc: {counted(written, 'article')}{left_out}", file=sys.stderr)
        shown.tell()


def write_rows(rows: "Iterable[ArticleRow]", form: FormatName, path: Path | None) -> int:
    """Write *rows* as *form*, but no package, to *path* or standard output; return how many."""
    from crawler.cli import formats
    from crawler.cli.output import output, reported

    if form == "markdown" and path is not None:
        with reported(path):
            path.mkdir(parents=True, exist_ok=True)
            return formats.write_markdown_files(rows, path)
    with output(path) as sink:
        if form == "csv" and path is not None:
            sink.write(formats.BOM)
        return formats.WRITERS[formats.Format(form)](rows, sink)


def _rows(archive: "Archive", urls: tuple[str, ...], shown: Shown) -> "Iterator[ArticleRow]":
    from crawler.cli.packing import captures_of, rows_of

    rows = rows_of(archive, captures_of(archive, urls)) if urls else archive.articles()
    return (row for row in rows if shown(row.capture))


@dataclass(frozen=True, slots=True)
class _Choice:
    """What of the archive is meant."""

    urls: tuple[str, ...]
    wanted: "Selection"
    shown: Shown
    with_requisites: bool


def _write_package(archive: "Archive", choice: _Choice, form: "PackageForm", path: Path | None) -> None:
    from crawler.cli.output import output
    from crawler.cli.packing import write_package
    from pipelines.errors import NotArchived

    with output(path) as sink, _picked(archive, choice) as picked:
        if not write_package(sink, archive, picked, form, choice.shown):
            raise NotArchived("export: no capture is meant by the choice, so no file is written")


@contextmanager
def _picked(archive: "Archive", choice: _Choice) -> "Iterator[Picked]":
    from crawler.cli.packing import captures_of, of_all, of_rows, of_urls
    from crawler.packing import with_requisites

    if not choice.wanted.is_all:
        rows = choice.wanted.pick(_rows(archive, choice.urls, choice.shown))
        with of_rows(rows, f"{archive.collection} of {archive.store.url}") as picked:
            yield picked
    elif choice.urls:
        captures = captures_of(archive, choice.urls)
        if choice.with_requisites:
            captures = with_requisites(archive, captures)
        yield of_urls(archive, filter(choice.shown, captures), choice.urls)
    else:
        yield of_all(archive, choice.shown)
