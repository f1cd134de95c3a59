"""``newswarc export``."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from crawler.cli.opening import archive_of, configuration
from crawler.cli.options import CollectionOption, ConfigOption, StoreArgument, StoreOption
from pipelines.extract.article import Quality

if TYPE_CHECKING:
    from crawler.cli.selection import Selection
    from pipelines.archive import Archive

FormatName = Literal["jsonl", "csv", "parquet", "markdown", "parallel", "tmx"]


def export(
    store: StoreArgument = None,
    *,
    form: Annotated[
        FormatName,
        typer.Option(
            "--format", metavar="jsonl|csv|parquet|markdown|parallel|tmx", help="How articles are written."
        ),
    ] = "jsonl",
    output: Annotated[
        Path | None,
        typer.Option(
            metavar="PATH",
            help="File, replaced whole; for markdown a folder, one file an article. Else standard output.",
        ),
    ] = None,
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

    Every version of an article that was captured is written. CSV in a file starts with a byte order mark,
    which spreadsheets need to read UTF-8; on standard output it does not.
    """
    from crawler.cli.selection import Selection
    from crawler.cli.times import digits_of

    if form == "parquet" and output is None and sys.stdout.isatty():
        raise typer.BadParameter("parquet is nothing for a terminal; name a file with --output")
    settings = configuration(named_store or store, collection, config)
    wanted = Selection(
        sites=tuple(site or ()),
        since=digits_of(since, "--since"),
        until=digits_of(until, "--until"),
        qualities=frozenset(quality or ()),
    )
    with archive_of(settings) as archive:
        written = _write(archive, wanted, form, output)
    left_out = f"; {wanted.undated} without a date left out" if wanted.undated else ""
    print(f"newswarc: {written} articles{left_out}", file=sys.stderr)


def _write(archive: "Archive", wanted: "Selection", form: FormatName, path: Path | None) -> int:
    from crawler.cli import formats
    from crawler.cli.output import output, reported

    rows = wanted.pick(archive.articles())
    if form == "markdown" and path is not None:
        with reported(path):
            path.mkdir(parents=True, exist_ok=True)
            return formats.write_markdown_files(rows, path)
    with output(path) as sink:
        if form == "csv" and path is not None:
            sink.write(formats.BOM)
        return formats.WRITERS[formats.Format(form)](rows, sink)
