"""``newswarc config`` and ``newswarc sites``: what holds, and which sites are known."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.cli.opening import configuration
from crawler.cli.options import CollectionOption, ConfigOption, JsonOption, StoreOption
from crawler.cli.survey import new_site

if TYPE_CHECKING:
    from crawler.config import Config, Setting

sites = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="List, check and make site profiles.")


def config(
    *,
    as_json: JsonOption = False,
    named_store: StoreOption = None,
    collection: CollectionOption = None,
    file: ConfigOption = None,
) -> None:
    """Show every setting, its value, and where that comes from. Secrets are not shown."""
    from crawler.config import settings

    held = configuration(named_store, collection, file)
    rows = [(setting.key, _value(held, setting), held.origins[setting.key]) for setting in settings()]
    if as_json:
        print(json.dumps({key: {"value": value, "origin": origin} for key, value, origin in rows}, indent=1))
        return
    _print_table(("setting", "value", "from"), [(key, _text(value), origin) for key, value, origin in rows])


@sites.command("list")
def list_sites(*, as_json: JsonOption = False, file: ConfigOption = None) -> None:
    """List the site profiles that 'newswarc crawl' knows by name."""
    from crawler.sites import list_profiles

    found = list_profiles(configuration(None, None, file).sites.folders)
    if as_json:
        told = [{"name": each.name, "path": str(each.path), "built_in": each.built_in} for each in found]
        print(json.dumps(told))
        return
    rows = [(each.name, "built in" if each.built_in else str(each.path)) for each in found]
    _print_table(("profile", "from"), rows)


@sites.command("check")
def check_sites(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE", help="Profiles to check.", show_default=False)
    ],
) -> None:
    """Check site profiles, and name everything that is wrong with them."""
    from crawler.sites import check

    wrong = 0
    for path in files:
        problems = check(path)
        wrong += bool(problems)
        print(f"{path}: {'wrong' if problems else 'ok'}")
        for problem in problems:
            print(f"newswarc: site profile: {problem}", file=sys.stderr)
    if wrong:
        raise typer.Exit(2)


sites.command("new")(new_site)


def _value(held: "Config", setting: "Setting") -> object:
    from crawler.config import value_of

    value = value_of(held, setting.key)
    if setting.secret:
        return None if value is None else "********"
    if isinstance(value, tuple):
        return [str(each) for each in value]
    return str(value) if isinstance(value, Path) else value


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _print_table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    """Print *rows* below *head*: drawn in a terminal, else in columns with tabs between."""
    if not sys.stdout.isatty():
        for row in rows:
            print("\t".join(row))
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(*head)
    for row in rows:
        table.add_row(*map(Text, row))
    Console().print(table)
