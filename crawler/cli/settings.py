"""``newswarc config`` and ``newswarc sites``: what holds, and which sites are known."""

import json
import sys
from collections.abc import Iterator, Sequence
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
    from crawler.cli.tables import print_table
    from crawler.config import settings

    held = configuration(named_store, collection, file)
    rows = [(setting.key, _value(held, setting), held.origins[setting.key]) for setting in settings()]
    if as_json:
        print(json.dumps({key: {"value": value, "origin": origin} for key, value, origin in rows}, indent=1))
        return
    cells = [(key, _text(value), origin) for key, value, origin in rows]
    print_table(("setting", "value", "from"), cells, folds={"value", "from"})


@sites.command("list")
def list_sites(*, as_json: JsonOption = False, file: ConfigOption = None) -> None:
    """List the site profiles that 'newswarc crawl' knows by name."""
    from crawler.cli.tables import print_table
    from crawler.sites import list_profiles

    found = list_profiles(configuration(None, None, file).sites.folders)
    if as_json:
        told = [{"name": each.name, "path": str(each.path), "built_in": each.built_in} for each in found]
        print(json.dumps(told))
        return
    rows = [(each.name, "built in" if each.built_in else str(each.path)) for each in found]
    print_table(("profile", "from"), rows, folds={"from"})


@sites.command("check")
def check_sites(
    files: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[PROFILE]...",
            help="Files or names of profiles; else all in the folders for profiles.",
            show_default=False,
        ),
    ] = None,
    *,
    as_json: JsonOption = False,
    file: ConfigOption = None,
) -> None:
    """Check site profiles, and name everything that is wrong with them."""
    from crawler.sites import check

    paths = [*_profiles(configuration(None, None, file), files or ())]
    found = {path: [str(problem) for problem in check(path)] for path in paths}
    if as_json:
        print(json.dumps([{"path": str(path), "problems": wrong} for path, wrong in found.items()]))
    for path, problems in found.items():
        if not as_json:
            print(f"{path}: {'wrong' if problems else 'ok'}")
        for problem in problems:
            print(f"newswarc: site profile: {problem}", file=sys.stderr)
    if any(found.values()):
        raise typer.Exit(2)


def _profiles(config: "Config", named: Sequence[str]) -> Iterator[Path]:
    """Yield the files of the profiles that are *named*, or of all that are the user's own.

    Raises ``ProfileError`` where there is none.
    """
    from crawler.sites import find_profile, list_profiles
    from pipelines.errors import ProfileError

    folders = config.sites.folders
    own = [entry.path for entry in list_profiles(folders) if not entry.built_in]
    if not named and not own:
        places = " or ".join(repr(str(folder)) for folder in folders)
        raise ProfileError(
            f"site profile: there is none in {places}; 'newswarc sites new URL' makes one of a live site"
        )
    if not named:
        yield from own
    for name in named:
        is_path = name.endswith(".toml") or "/" in name or Path(name).is_file()
        yield Path(name) if is_path else find_profile(name, folders)


sites.command("new", short_help="Look at a live site, and write a first profile.")(new_site)


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
