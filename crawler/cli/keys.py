"""``newswarc keys``: who may save over HTTP, and how much."""

import json
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.cli.opening import configuration
from crawler.cli.options import ConfigOption, JsonOption, StoreOption

if TYPE_CHECKING:
    from crawler.saves import Key

keys = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Say who may save pages over HTTP.")
NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="Name of the key.")]


@keys.command("add", short_help="Make a key, and print it once.")
def add_key(
    name: NameArgument,
    *,
    per_minute: Annotated[
        int | None, typer.Option(metavar="N", help="Saves a minute. (default 12)", min=0)
    ] = None,
    per_day: Annotated[
        int | None, typer.Option(metavar="N", help="Saves a day. (default 100000)", min=0)
    ] = None,
    concurrent: Annotated[
        int | None, typer.Option(metavar="N", help="Saves that have not ended. (default 12)", min=0)
    ] = None,
    as_json: JsonOption = False,
    store: StoreOption = None,
    config: ConfigOption = None,
) -> None:
    """Make a key, and print it as access:secret. It is kept as a hash alone: nobody can print it again.

    Programs send it as 'Authorization: LOW access:secret', as they do to the Internet Archive.
    """
    from crawler.saves import Keys
    from crawler.state import Database

    with Database(configuration(store, None, config).state_url) as database:
        new = Keys(database).add(name, per_minute=per_minute, per_day=per_day, concurrent=concurrent)
    print(json.dumps({"access": new.access, "secret": new.secret}) if as_json else new.text)
    print("newswarc: this is the only time that it is shown", file=sys.stderr)


@keys.command("list", short_help="List the keys.")
def list_keys(*, as_json: JsonOption = False, store: StoreOption = None, config: ConfigOption = None) -> None:
    """List the keys: limits of their own, when they were made, used last and revoked."""
    from crawler.cli.state import has_state
    from crawler.cli.tables import print_table
    from crawler.saves import Keys
    from crawler.state import Database

    settings = configuration(store, None, config)
    found: list[Key] = []
    if has_state(settings):
        with Database(settings.state_url) as database:
            found = [*Keys(database).list()]
    rows = [_row(key) for key in found]
    if as_json:
        print(json.dumps(rows, indent=1))
        return
    cells = [tuple("" if value is None else str(value) for value in row.values()) for row in rows]
    print_table(_COLUMNS, cells, numbers={"per minute", "per day", "concurrent"})
    if not rows:
        print("newswarc: there is no key; 'newswarc keys add NAME' makes one", file=sys.stderr)


@keys.command("revoke", short_help="Let a key count no longer.")
def revoke_key(name: NameArgument, *, store: StoreOption = None, config: ConfigOption = None) -> None:
    """Let a key count no longer, from the next request on. What it has saved stays."""
    from crawler.cli.state import has_state
    from crawler.saves import Keys
    from crawler.state import Database
    from pipelines.errors import ConfigError

    settings = configuration(store, None, config)
    revoked = False
    if has_state(settings):
        with Database(settings.state_url) as database:
            revoked = Keys(database).revoke(name)
    if not revoked:
        raise ConfigError(f"keys: there is no key {name!r} that counts; 'newswarc keys list' names them all")
    print(f"revoked: {name}")


_COLUMNS = ("name", "per minute", "per day", "concurrent", "created", "last used", "revoked")


def _row(key: "Key") -> dict[str, str | int | None]:
    return {
        "name": key.name,
        "per_minute": key.per_minute,
        "per_day": key.per_day,
        "concurrent": key.concurrent,
        "created": _iso(key.created),
        "last_used": _iso(key.last_used),
        "revoked": _iso(key.revoked),
    }


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
