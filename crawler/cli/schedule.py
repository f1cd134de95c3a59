"""``newswarc schedule``: crawl sites when their profiles say so, and steer the scheduler that does it."""

import json
import signal
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crawler.cli.opening import configuration
from crawler.cli.options import CollectionOption, ConfigOption, JsonOption, StoreOption

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crawler.config import Config
    from crawler.jobs.history import Run
    from crawler.schedule import Planned, SiteState

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
    from crawler.schedule import Schedule, is_due

    settings = configuration(store, collection, config)
    with display_for(as_json=as_json) as display:
        running = Schedule(settings, sites or (), is_due=partial(is_due, config=settings), tell=display.show)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: running.stop())
        if once:
            raise typer.Exit(running.once())
        display.begin(_rows(settings, sites or ()))
        running.run(standby=standby)


@schedule.command("list")
def list_schedule(
    sites: SitesArgument = None,
    *,
    as_json: JsonOption = False,
    store: StoreOption = None,
    collection: CollectionOption = None,
    config: ConfigOption = None,
) -> None:
    """List the sites that have a schedule: times, state, next run, last outcome."""
    from crawler.cli.schedule_display import print_table, schedule_cells

    settings = configuration(store, collection, config)
    rows = _rows(settings, sites or ())
    active = _with_store(settings, lambda found: found.active())
    if as_json:
        told = active and {"owner": active.owner, "since": _iso(active.since), "sites": list(active.sites)}
        print(json.dumps({"active": told, "sites": rows}, indent=1))
        return
    print_table(*schedule_cells(rows))
    if active is None:
        print("newswarc: no scheduler is active; start one with 'newswarc schedule run'", file=sys.stderr)


@schedule.command("next")
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

    from crawler.cli.schedule_display import print_table
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


@schedule.command("now")
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
    if _with_store(settings, lambda found: found.active()) is not None:
        _with_store(settings, lambda found: found.ask(names))
        _say("asked for", names, as_json=as_json)
        return
    from crawler.cli.crawl import run_job
    from crawler.cli.running import prepared

    jobs = (prepared((name,), settings, due=True) for name in names)
    codes = [run_job(job, as_json=as_json, further=False) for job in jobs]
    raise typer.Exit(next(filter(None, codes), 0))


# --- what is known ---------------------------------------------------------------------------------


def _rows(config: "Config", named: "Iterable[str]") -> list[dict[str, Any]]:
    """Return the schedule of each site as the object that ``--json`` shows."""
    from crawler.jobs.history import History
    from crawler.state import Database

    plan = _planned(config, tuple(named))
    states = _states(config)
    with Database(config.state_url) as database:
        latest = History(database).latest(plan)
    return [_row(planned, states.get(site), latest.get(site)) for site, planned in plan.items()]


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
        return [*_planned(config, ())]
    return [load_profile(site, config.sites.folders).name for site in sites or ()]


def _states(config: "Config") -> "dict[str, SiteState]":
    found: dict[str, SiteState] = _with_store(config, lambda store: store.states())
    return found


def _with_store(config: "Config", use: Any) -> Any:  # noqa: ANN401 - whatever *use* returns
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
