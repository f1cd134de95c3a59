"""``newswarc takedown``: hide, block, hold and purge captures, each with who and why."""

import getpass
import json
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crawler.cli.opening import archive_of, configuration
from crawler.cli.options import CollectionOption, ConfigOption, JsonOption, StoreOption

if TYPE_CHECKING:
    from pipelines.archive import Archive
    from pipelines.takedown import Plan, Register, Remnant, Takedown, Target

_DIGEST = re.compile(r"[0-9a-f]{64}|sha1:[A-Z2-7]{32}")

What = Annotated[
    str,
    typer.Argument(
        metavar="WHAT",
        help="An address; with * at its end all that begin so; a host; *.domain with all hosts below it; "
        "or a digest as 'show' prints it, for that content wherever it is.",
        show_default=False,
    ),
]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why. It is kept for good.")]
Who = Annotated[
    str | None, typer.Option("--who", metavar="NAME", help="Who asks for it. (default your login name)")
]
From = Annotated[str | None, typer.Option("--from", metavar="DATE", help="Only captures of then or later.")]
To = Annotated[str | None, typer.Option("--to", metavar="DATE", help="Only captures until the end of it.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what is meant, and change nothing.")]
Name = Annotated[str, typer.Argument(metavar="ID", help="As 'takedown list' names it.", show_default=False)]

takedown = typer.Typer(
    rich_markup_mode=None, no_args_is_help=True, help="Hide, block, hold and purge captures, on record."
)


@takedown.command()
def hide(
    what: What,
    *,
    reason: Reason,
    who: Who = None,
    since: From = None,
    until: To = None,
    dry_run: DryRun = False,
    store: StoreOption = None,
    collection: CollectionOption = None,
    config: ConfigOption = None,
) -> None:
    """Let captures be as if they were not there (HTTP 404). Nothing of them is changed; it can be lifted."""
    _enter("hide", (what, since, until), (who, reason), dry_run, (store, collection, config))


@takedown.command()
def block(
    what: What,
    *,
    reason: Reason,
    who: Who = None,
    since: From = None,
    until: To = None,
    dry_run: DryRun = False,
    store: StoreOption = None,
    collection: CollectionOption = None,
    config: ConfigOption = None,
) -> None:
    """Show the reason in place of captures (HTTP 451). Nothing of them is changed; it can be lifted."""
    _enter("block", (what, since, until), (who, reason), dry_run, (store, collection, config))


@takedown.command()
def hold(
    what: What,
    *,
    reason: Reason,
    who: Who = None,
    since: From = None,
    until: To = None,
    dry_run: DryRun = False,
    store: StoreOption = None,
    collection: CollectionOption = None,
    config: ConfigOption = None,
) -> None:
    """Put captures under legal hold: no purge takes them until it is lifted. They are shown as before."""
    _enter("hold", (what, since, until), (who, reason), dry_run, (store, collection, config))


@takedown.command()
def lift(
    name: Name,
    *,
    reason: Reason,
    who: Who = None,
    store: StoreOption = None,
    collection: CollectionOption = None,
    config: ConfigOption = None,
) -> None:
    """Let a hiding, a block or a hold count no longer. It stays on record. A purge cannot be lifted."""
    with _opened(store, collection, config) as (_, register):
        entry = register.lift(name, who=who or _login(), reason=reason)
    print(f"{entry.id}  lifted {name}")


@takedown.command()
def purge(
    what: What,
    *,
    reason: Reason,
    who: Who = None,
    since: From = None,
    until: To = None,
    everywhere: Annotated[
        bool, typer.Option("--everywhere", help="The same content at other addresses as well.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    dry_run: DryRun = False,
    as_json: JsonOption = False,
    store: StoreOption = None,
    collection: CollectionOption = None,
    config: ConfigOption = None,
) -> None:
    """Rewrite captures out of the archive: WARC, index, articles. It cannot be taken back.

    Let no crawl run meanwhile. Segments that hold them are replaced by new ones with the rest, byte for
    byte, and deleted; a tombstone says who, when and why. Then all is read again: exit code 14 where
    something is left. A backup, or versions that a bucket keeps, are not reached.
    """
    from crawler.cli.takedown_display import show_plan
    from pipelines.takedown import plan_purge, refusing_holds

    target = _target(what, since, until)
    with _opened(store, collection, config) as (archive, register), _alone(archive, needed=not dry_run):
        _publish_left(archive)
        plan = plan_purge(
            archive.catalog.all, target, who=who or _login(), reason=reason, everywhere=everywhere
        )
        held = refusing_holds(plan, register)
        show_plan(plan, held=len(held), as_json=as_json and dry_run)
        if dry_run:
            return
        _refuse(plan, held)
        if not yes and not typer.confirm(f"Purge {len(plan.captures)} captures for good?", err=True):
            raise typer.Exit(1)
        _carry_out(archive, register, plan.takedown, as_json=as_json)


@takedown.command()
def finish(
    *,
    force: Annotated[
        bool, typer.Option("--force", help="Take over from a purge that is dead on another machine.")
    ] = False,
    as_json: JsonOption = False,
    store: StoreOption = None,
    collection: CollectionOption = None,
    config: ConfigOption = None,
) -> None:
    """Finish purges that were cut off, or that left something.

    With --force also where the claim of one stands that is dead and ran on another machine.
    """
    with (
        _opened(store, collection, config) as (archive, register),
        _alone(archive, needed=True, force=force),
    ):
        _publish_left(archive)
        unfinished = register.unfinished
        for entry in unfinished:
            _carry_out(archive, register, entry, as_json=as_json)
    if not unfinished:
        print("newswarc: no purge is unfinished", file=sys.stderr)


@takedown.command()
def scan(
    name: Name,
    *,
    as_json: JsonOption = False,
    store: StoreOption = None,
    collection: CollectionOption = None,
    config: ConfigOption = None,
) -> None:
    """Read the whole collection and search it for what a purge took. Exit code 14 where something is left."""
    from crawler.cli.takedown_display import remnant_object, told_of
    from pipelines.errors import TakedownError

    with _opened(store, collection, config) as (archive, register):
        entry = next((each for each in register if each.id == name), None)
        if entry is None or entry.action != "purge":
            raise TakedownError(f"take-down: there is no purge {name!r}; 'newswarc takedown list' names them")
        left = _scanned(archive, entry)
    if as_json:
        print(json.dumps([remnant_object(each) for each in left], indent=1))
    raise typer.Exit(told_of(left))


@takedown.command("list")
def list_takedowns(
    *,
    everything: Annotated[bool, typer.Option("--all", help="Those that were lifted as well.")] = False,
    as_json: JsonOption = False,
    store: StoreOption = None,
    collection: CollectionOption = None,
    config: ConfigOption = None,
) -> None:
    """List take-downs, the oldest first: the audit trail."""
    from crawler.cli.tables import print_table
    from crawler.cli.takedown_display import HEAD, row

    with _opened(store, collection, config) as (_, register):
        active = {entry.id for entry in register.active}
        found = [entry for entry in register if everything or entry.id in active]
        unfinished = {entry.id for entry in register.unfinished}
    if as_json:
        told = [{**json.loads(entry.to_json()), "active": entry.id in active} for entry in found]
        print(json.dumps(told, indent=1))
        return
    rows = [row(entry, is_active=entry.id in active, is_done=entry.id not in unfinished) for entry in found]
    print_table(HEAD, rows, folds={"what", "reason"})
    if not found:
        print("newswarc: no take-downs", file=sys.stderr)


@contextmanager
def _opened(
    store: str | None, collection: str | None, config: Path | None
) -> Iterator[tuple["Archive", "Register"]]:
    from pipelines.takedown import Register

    with archive_of(configuration(store, collection, config), sync=True) as archive:
        yield archive, Register(archive.store, archive.collection)


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # no login name, as in a container
        return ""


def _target(what: str, since: str | None, until: str | None) -> "Target":
    from crawler.cli.times import digits_of
    from pipelines.takedown import Kind, Target

    first, last = digits_of(since, "--from"), digits_of(until, "--to")
    if "://" in what:
        kind, value = (Kind.PREFIX, what[:-1]) if what.endswith("*") else (Kind.URL, what)
    elif _DIGEST.fullmatch(what):
        kind, value = Kind.PAYLOAD, what
    elif what.startswith("*."):
        kind, value = Kind.DOMAIN, what[2:]
    else:
        kind, value = Kind.HOST, what
    return Target(kind, value, first, last).checked()


def _enter(
    action: str,
    what: tuple[str, str | None, str | None],
    asked: tuple[str | None, str],
    dry_run: bool,  # noqa: FBT001 - an option passed on
    place: tuple[str | None, str | None, Path | None],
) -> None:
    from crawler.cli.words import counted
    from pipelines.takedown import Action

    target = _target(*what)
    who, reason = asked
    with _opened(*place) as (archive, register):
        meant = sum(target.matches(each) for each in archive.catalog.all())
        told = f"{action} {target}: {counted(meant, 'capture')} now, and those to come"
        if dry_run:
            print(f"would {told}")
            return
        entry = register.add(Action(action), target, who=who or _login(), reason=reason)
    print(f"{entry.id}  {told}")


@contextmanager
def _alone(archive: "Archive", *, needed: bool, force: bool = False) -> Iterator[None]:
    """Have the purges of the collection to oneself. Raises ``TakedownError`` where one is under way."""
    from pipelines.takedown import claimed

    if not needed:
        yield
        return
    with claimed(archive.store, archive.collection, force=force):
        yield


def _publish_left(archive: "Archive") -> None:
    """Bring to the store what crawls left, since a purge does not reach it here. Raises ``TakedownError``."""
    from pipelines.errors import TakedownError

    left = archive.publish_left(60)
    archive.sync(full=True)
    if left.waiting:
        raise TakedownError(
            f"take-down: {len(left.waiting)} segments wait in {archive.spool} and cannot be searched; "
            "run 'newswarc publish' first"
        )


def _refuse(plan: "Plan", held: "list[tuple[Any, Takedown]]") -> None:
    from pipelines.errors import NotArchived, TakedownError

    if held:
        capture, entry = held[0]
        raise TakedownError(
            f"take-down: {len(held)} of the captures are under legal hold, {capture.url} by {entry.id} of "
            f"{entry.who} ({entry.reason}); lift it first"
        )
    if not plan.captures:
        raise NotArchived(f"take-down: no capture is meant by {plan.takedown.target}; nothing was done")


def _carry_out(archive: "Archive", register: "Register", entry: "Takedown", *, as_json: bool) -> None:
    """Purge, bring catalog and search index up to it, read all again, and exit with what that found."""
    from crawler.cli.takedown_display import bar, purged_object, told_of
    from pipelines.takedown import purge as carry_out
    from pipelines.takedown import segments_to_purge

    contents = {each.sha256 for each in archive.catalog.all() if entry.takes(each)}
    more = sorted(segments_to_purge(archive.catalog.all(), entry, contents))
    with bar("segments") as told:
        done = carry_out(archive.store, archive.collection, entry, register=register, more=more, told=told)
    archive.sync(full=True)
    archive.catalog.forget()
    _forget_in_search(archive)
    left = _scanned(archive, entry)
    if not left:
        register.finish(entry, done)
    if as_json:
        print(json.dumps(purged_object(done, left), indent=1))
    else:
        print(f"{done.id}  purged {done.captures:,} captures, {done.objects:,} objects deleted")
        if done.clusters:
            print("the merged index is gone with them; 'newswarc index merge' makes it anew")
        if left:
            print("unfinished: something of it is left; 'newswarc takedown finish' goes on")
        else:
            print("scanned: nothing of it is left in the store")
            print("A crawl would bring it again: exclude it in the site's scope, or block it.")
    code = told_of(left)
    if code:
        raise typer.Exit(code)


def _forget_in_search(archive: "Archive") -> None:
    """Make a search index of this machine anew: what is deleted in one stays on the disk for a while."""
    if archive.search_folder.is_dir():
        from pipelines.search import SearchIndex

        SearchIndex(archive.search_folder).rebuild(archive.store, [archive.collection])


def _scanned(archive: "Archive", entry: "Takedown") -> "list[Remnant]":
    from crawler.cli.takedown_display import bar
    from pipelines.takedown import scan as search

    with bar("scanning") as told:
        return [*search(archive.store, archive.collection, entry, told=told)]
