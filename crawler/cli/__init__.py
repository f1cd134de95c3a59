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
from crawler.cli.crawl import crawl
from crawler.cli.demo import demo
from crawler.cli.export import export
from crawler.cli.settings import config, sites
from crawler.cli.upkeep import publish, repair, verify
from pipelines.errors import NewswarcError
from pipelines.version import VERSION

__all__ = ["app", "main"]

app = typer.Typer(
    name="newswarc",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
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


app.command()(crawl)
app.command()(export)
app.command("list")(list_captures)
app.command()(show)
app.command()(cat)
app.command()(verify)
app.command()(repair)
app.command()(publish)
app.command()(demo)
app.command()(config)
app.add_typer(sites, name="sites")


def main() -> None:
    """Run the command line of this process, and exit with its code."""
    logging.basicConfig(level=logging.WARNING, format="newswarc: %(message)s")
    try:
        app(prog_name="newswarc")
    except NewswarcError as error:
        # An option of every command, but only main knows what to do with it.
        if "--debug" in sys.argv:
            raise
        print(f"newswarc: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
    finally:
        _let_go_of_broken_pipes()


def _let_go_of_broken_pipes() -> None:
    """Flush standard output, and keep the interpreter from complaining where nobody reads it any more."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
