"""``newswarc schedule``: crawl sites when their profiles say so, and steer the scheduler that does it."""

import json
import signal
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from crawler.cli.opening import configuration
from crawler.cli.options import CollectionOption, ConfigOption, JsonOption, StoreOption

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from crawler.config import Config
    from crawler.jobs.history import Run
    from crawler.schedule import Active, Planned, ScheduleStore, SiteState

_T = TypeVar("_T")
schedule = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Crawl sites when their profiles say so."
)
SitesArgument = Annotated[
    list[str] | None,
    typer.Argument(metavar="[SITE]...", help="Names of site profiles.", show_default=False),
]
AllOption = Annotated[bool, typer.Option("--all", help="Every site that has a schedule.")]


@schedule.command("run", short_help="Run the scheduler, until it is stopped.")
def run_schedule(
    sites: SitesArgument = None,
    *,
    once: Annotated[bool, typer.Option("--once", help="Crawl what is due now, then end.")] = False,
    standby: Annotated[
        bool, typer.Option("--standby", help="Wait while another scheduler is active, then take over.")
    ] = False,
    as_json: JsonOption = False,
    store: StoreOption = None,
    collection: CollectionOption = None,
    config: ConfigOption = None,
) -> None:
    """Crawl the sites whose profiles have a schedule, at its times; all of them, or those named.

    Profiles may be added, changed and removed while it runs. Ctrl-C lets running jobs publish what they have,
    a second one stops them at once.
    """
    from functools import partial

    from crawler.cli.schedule_display import display_for
    from crawler.schedule import Schedule, nothing_due

    settings = configuration(store, collection, config)
    due = partial(nothing_due, config=settings)
    with display_for(lambda: _told_rows(settings, sites or ()), as_json=as_json) as display:
        running = Schedule(settings, sites or (), nothing_due=due, tell=display.show)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: running.stop())
        if once:
            raise typer.Exit(running.once())
        running.run(standby=standby)


@schedule.command("list", short_help="List the sites that have a schedule.")
def list_schedule(
    sites: SitesArgument = None,
    *,
    as_json: JsonOption = False,
    store: StoreOption = None,
    collection: CollectionOption = None,
    config: ConfigOption = None,
) -> None:
    """List the sites that have a schedule: times, state, next run, last outcome."""
    from crawler.cli.schedule_display import FOLDS, schedule_cells
    from crawler.cli.tables import print_table

    settings = configuration(store, collection, config)
    rows = _told_rows(settings, sites or ())
    active = _active(settings)
    if as_json:
        told = active and {"owner": active.owner, "since": _iso(active.since), "sites": list(active.sites)}
        print(json.dumps({"active": told, "sites": rows}, indent=1))
        return
    print_table(*schedule_cells(rows), folds=FOLDS)
    if rows and active is None:
        print("newswarc: no scheduler is active; start one with 'newswarc schedule run'", file=sys.stderr)


@schedule.command("next", short_help="List the runs that come next.")
def next_runs(
    most: Annotated[int, typer.Argument(metavar="[N]", help="How many runs.", min=1, max=100_000)] = 20,
    *,
    as_json: JsonOption = False,
    store: StoreOption = None,
    collection: CollectionOption = None,
    config: ConfigOption = None,
) -> None:
    """List the runs that come next, over all sites, in time order."""
    from zoneinfo import ZoneInfo

    from crawler.cli.tables import print_table
    from crawler.schedule import coming

    settings = configuration(store, collection, config)
    plan = _planned(settings, ())
    states = _states(settings)
    awake = [one for one in plan.values() if one.site not in states or not states[one.site].paused]
    found = coming(awake, datetime.now(UTC), most)
    if as_json:
        print(json.dumps([{"at": _iso(at), "site": site} for at, site in found], indent=1))
        return
    zones = {site: ZoneInfo(one.timezone) for site, one in plan.items()}
    rows = [
        (_iso(at) or "", site, f"{at.astimezone(zones[site]):%a %Y-%m-%d %H:%M %Z}") for at, site in found
    ]
    print_table(("at", "site", "there"), rows)
    if not plan:
        print(f"newswarc: {_nothing_scheduled(settings)}", file=sys.stderr)


@schedule.command("pause")
def pause_sites(
    sites: SitesArgument = None,
    *,
    every: AllOption = False,
    as_json: JsonOption = False,
    store: StoreOption = None,
    config: ConfigOption = None,
) -> None:
    """Let the schedule of sites rest until it is resumed. What is running goes on."""
    settings = configuration(store, None, config)
    names = _named(settings, sites, every=every)
    _with_store(settings, lambda found: found.pause(names))
    _say("paused", names, as_json=as_json)


@schedule.command("resume")
def resume_sites(
    sites: SitesArgument = None,
    *,
    every: AllOption = False,
    as_json: JsonOption = False,
    store: StoreOption = None,
    config: ConfigOption = None,
) -> None:
    """Let the schedule of sites go on."""
    settings = configuration(store, None, config)
    names = _named(settings, sites, every=every)
    _with_store(settings, lambda found: found.resume(names))
    _say("resumed", names, as_json=as_json)


@schedule.command("now", short_help="Crawl what is due at sites at once.")
def run_now(
    sites: SitesArgument = None,
    *,
    every: AllOption = False,
    as_json: JsonOption = False,
    store: StoreOption = None,
    collection: CollectionOption = None,
    config: ConfigOption = None,
) -> None:
    """Crawl what is due at sites at once: by the active scheduler, or here where none is active."""
    settings = configuration(store, collection, config)
    names = _named(settings, sites, every=every)
    if _active(settings) is not None:
        _with_store(settings, lambda found: found.ask(names))
        _say("asked for", names, as_json=as_json)
        return
    from crawler.cli.crawl import run_job
    from crawler.cli.running import prepared

    jobs = (prepared((name,), settings, due=True) for name in names)
    codes = [run_job(job, as_json=as_json, further=False) for job in jobs]
    raise typer.Exit(next(filter(None, codes), 0))


# --- what is known ---------------------------------------------------------------------------------


def _told_rows(config: "Config", named: "Iterable[str]") -> list[dict[str, Any]]:
    """Return the schedule of each site as ``--json`` shows it; where there is none, say so to the user."""
    rows = _rows(config, named)
    if not rows:
        print(f"newswarc: {_nothing_scheduled(config)}", file=sys.stderr)
    return rows


def _rows(config: "Config", named: "Iterable[str]") -> list[dict[str, Any]]:
    from crawler.cli.state import has_state
    from crawler.jobs.history import History
    from crawler.state import Database

    plan = _planned(config, tuple(named))
    if not has_state(config):
        return [_row(planned, None, None) for planned in plan.values()]
    states = _states(config)
    with Database(config.state_url) as database:
        history = History(database)
        history.died()
        latest = history.latest(plan)
    return [_row(planned, states.get(site), latest.get(site)) for site, planned in plan.items()]


def _nothing_scheduled(config: "Config") -> str:
    places = " or ".join(repr(str(folder)) for folder in config.sites.folders)
    return f"schedule: no profile in {places} has one; write [schedule] and cron = '*/15 * * * *' into it"


def _row(planned: "Planned", state: "SiteState | None", last: "Run | None") -> dict[str, Any]:
    from crawler.jobs.history import RunState

    paused = state is not None and state.paused
    running = last is not None and last.state is RunState.RUNNING
    upcoming = None if paused else next(planned.comes(datetime.now(UTC)), None)
    return {
        "site": planned.site,
        "cron": list(planned.cron),
        "timezone": planned.timezone,
        "state": "running" if running else "paused" if paused else "waiting",
        "next": _iso(upcoming),
        "looked": _iso(state.looked) if state else None,
        "note": state.note if state else "",
        "last": last and {"job": last.id, "state": last.state, "ended": _iso(last.ended)},
    }


def _planned(config: "Config", named: tuple[str, ...]) -> "dict[str, Planned]":
    from crawler.schedule import Profiles
    from pipelines.errors import ProfileError

    plan = Profiles(config, named).plan()
    if named and plan.problems:
        raise ProfileError("\n".join(plan.problems.values()))
    for problem in plan.problems.values():
        print(f"newswarc: {problem}", file=sys.stderr)
    return plan.sites


def _named(config: "Config", sites: list[str] | None, *, every: bool) -> list[str]:
    """Return the names of the sites that a command means. Raises ``ProfileError``, ``ConfigError``."""
    from crawler.sites import load_profile
    from pipelines.errors import ConfigError

    if every == bool(sites):
        raise ConfigError("schedule: name the sites, or all of them with --all")
    if every:
        planned = [*_planned(config, ())]
        if not planned:
            raise ConfigError(_nothing_scheduled(config))
        return planned
    return [load_profile(site, config.sites.folders).name for site in sites or ()]


def _states(config: "Config") -> "dict[str, SiteState]":
    from crawler.cli.state import has_state

    return _with_store(config, lambda store: store.states()) if has_state(config) else {}


def _active(config: "Config") -> "Active | None":
    """Return the active scheduler; nothing is made where nothing was crawled or scheduled yet."""
    from crawler.cli.state import has_state

    return _with_store(config, lambda store: store.active()) if has_state(config) else None


def _with_store(config: "Config", use: "Callable[[ScheduleStore], _T]") -> _T:
    from crawler.schedule import ScheduleStore
    from crawler.state import Database

    with Database(config.state_url) as database:
        return use(ScheduleStore(database))


def _say(done: str, sites: list[str], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"done": done, "sites": sites}))
    else:
        print(f"{done}: {', '.join(sites)}")


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
