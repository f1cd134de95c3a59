"""The command line: ``newswarc``, or ``python -m crawler``.

One file for each group of commands. They are declared with what is light, and import what is heavy when
they run: ``newswarc --help`` must not wait for Scrapy.
"""

import logging
import os
import sys
from typing import Annotated

import typer

from crawler.cli.captures import cat, list_captures, show
from crawler.cli.compact import compact
from crawler.cli.coverage import coverage
from crawler.cli.crawl import crawl
from crawler.cli.demo import demo
from crawler.cli.edits import diff, edits
from crawler.cli.export import export
from crawler.cli.extract import extract
from crawler.cli.index import index
from crawler.cli.jobs import jobs
from crawler.cli.keys import keys
from crawler.cli.rebuild import rebuild
from crawler.cli.reextract import reextract
from crawler.cli.save import save
from crawler.cli.schedule import schedule
from crawler.cli.search import search
from crawler.cli.serve import serve
from crawler.cli.settings import config, sites
from crawler.cli.sync import sync
from crawler.cli.takedown import takedown
from crawler.cli.upkeep import publish, repair, verify
from pipelines.errors import NewswarcError
from pipelines.version import VERSION

__all__ = ["app", "main"]

app = typer.Typer(
    name="newswarc",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    # Plain help wraps at any width and can be searched.
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(wanted: bool) -> None:  # noqa: FBT001 - Typer calls it with the value alone
    if wanted:
        print(f"newswarc {VERSION}")
        raise typer.Exit


@app.callback()
def newswarc(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version.")
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
) -> None:
    """Crawl news sites into a byte-exact archive, and read it."""


app.command(short_help="Crawl news sites into an archive.")(crawl)
app.command(short_help="Archive pages now, with all they need.")(save)
app.command(short_help="Serve the archive over HTTP, and save on demand.")(serve)
app.command(short_help="Show what became of all that was announced.")(coverage)
app.command(short_help="Write the articles: clean text and metadata.")(export)
app.command(short_help="Find articles by what they say.")(search)
app.command("list", short_help="List captures by address and time.")(list_captures)
app.command(short_help="Show what is known of a capture.")(show)
app.command(short_help="Print a capture's content or clean text.")(cat)
app.command(short_help="List edits of articles, disappearances and returns.")(edits)
app.command(short_help="Show what differs between two versions of an article.")(diff)
app.command(short_help="Read the whole archive again and check it.")(verify)
app.command(short_help="Print the article of one page, and why it is that.")(extract)
app.command(short_help="Read all articles again, by today's extractor and rules.")(reextract)
app.command(short_help="Verify, then mend what can be mended.")(repair)
app.command(short_help="Bring to the store what crawls left behind.")(publish)
app.command(short_help="Bring the catalog up to what is published.")(sync)
app.command(short_help="Make the catalog anew from the store.")(rebuild)
app.command(short_help="Merge small segments into large ones.")(compact)
app.command(short_help="Crawl a demonstration site on this machine.")(demo)
app.command(short_help="Show every setting and where it comes from.")(config)
app.add_typer(sites, name="sites")
app.add_typer(schedule, name="schedule")
app.add_typer(jobs, name="jobs")
app.add_typer(index, name="index")
app.add_typer(takedown, name="takedown")
app.add_typer(keys, name="keys")


def main() -> None:
    """Run the command line of this process, and exit with its code."""
    logging.basicConfig(level=logging.WARNING, format="newswarc: %(message)s")
    try:
        app(prog_name="newswarc")
    except NewswarcError as error:
        # An option of every command, but only main knows what to do with it.
        if "--debug" in sys.argv:
            raise
        for line in str(error).splitlines():
            print(f"newswarc: {line}", file=sys.stderr)
        sys.exit(error.exit_code)
    finally:
        _let_go_of_broken_pipes()


def _let_go_of_broken_pipes() -> None:
    """Flush standard output, and keep the interpreter from complaining where nobody reads it any more."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
