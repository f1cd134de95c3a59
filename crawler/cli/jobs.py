"""``newswarc jobs``: what became of crawl jobs."""

import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from crawler.cli.opening import configuration
from crawler.cli.options import ConfigOption, JsonOption, StoreOption

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from crawler.jobs.history import History, Run

_T = TypeVar("_T")
_HEAD = ("job", "sites", "kind", "started", "state", "pages", "captures")

jobs = typer.Typer(rich_markup_mode=None, help="Show what became of crawl jobs.")


@jobs.callback(invoke_without_command=True)
def list_jobs(
    context: typer.Context,
    *,
    site: Annotated[str | None, typer.Option(metavar="SITE", help="Only jobs of this site.")] = None,
    limit: Annotated[int, typer.Option(metavar="N", help="How many, the latest first.", min=1)] = 50,
    as_json: JsonOption = False,
    store: StoreOption = None,
    config: ConfigOption = None,
) -> None:
    """List crawl jobs, the latest first: what started them, how they ended."""
    if context.invoked_subcommand is not None:
        return
    from crawler.cli.tables import print_table

    found = _asked(store, config, lambda history: history.recent(limit, site=site))
    if as_json:
        print(json.dumps([_object(run) for run in found], indent=1))
        return
    print_table(_HEAD, [*map(_cells, found)], numbers={"pages", "captures"}, folds={"sites", "state"})
    if not found:
        of_site = "" if site is None else f" of a site {site!r}"
        print(f"newswarc: job: the history holds no job{of_site}", file=sys.stderr)


@jobs.command("show")
def show_job(
    job: Annotated[
        str, typer.Argument(metavar="ID", help="The job's name, or last.", show_default=False)
    ] = "last",
    *,
    as_json: JsonOption = False,
    store: StoreOption = None,
    config: ConfigOption = None,
) -> None:
    """Show a job's figures and the end of its log."""
    from crawler.cli.running import log_tail
    from crawler.cli.summary import print_rows
    from crawler.cli.words import printable
    from pipelines.errors import JobError

    run = _asked(store, config, lambda history: _meant(history, job))
    if run is None:
        raise JobError(f"job: there is no {job!r} in the history; 'newswarc jobs' lists what there is")
    if as_json:
        print(json.dumps({**_object(run), "log": log_tail(run.log_file)}, indent=1))
        return
    print_rows(f"Job {run.id}", _told(run))
    for line in log_tail(run.log_file):
        print(f"  {printable(line)}")


def _asked(store: str | None, file: "Path | None", ask: "Callable[[History], _T]") -> _T:
    """Return what *ask* finds in the history. Raises ``NotArchived`` where nothing was crawled."""
    from crawler.cli.state import known_state
    from crawler.jobs.history import History

    with known_state(configuration(store, None, file), wanted_by="job") as database:
        history = History(database)
        history.died()
        return ask(history)


def _meant(history: "History", job: str) -> "Run | None":
    """Return the job of that id, or the last one that was begun."""
    if job != "last":
        return history.get(job)
    return next((run for run in history.recent(100) if run.state != "skipped"), None)


def _told(run: "Run") -> list[tuple[str, str]]:
    from crawler.cli.words import counted, duration, size, tally

    rows = [
        ("state", f"{run.state}{f', exit code {run.exit_code}' if run.exit_code else ''}"),
        ("reason", run.reason),
        ("kind", run.kind),
        ("targets", ", ".join(run.targets)),
        ("wanted at", _iso(run.scheduled_for) or ""),
        ("started", _iso(run.started) or ""),
        ("ended", _iso(run.ended) or ""),
        ("by", run.owner),
    ]
    last = run.figures
    if last is not None:
        rows += [
            ("took", duration(last.elapsed)),
            ("pages", f"{last.pages:,}"),
            ("captures", f"{last.captures:,} ({counted(last.revisits, 'revisit')}), {size(last.bytes)}"),
            ("articles", f"{last.articles:,}"),
            ("statuses", tally(last.statuses)),
            ("failures", tally(last.failures)),
            ("refusals", tally(last.refusals)),
            ("published", counted(last.segments, "segment")),
        ]
    return [*rows, ("log", str(run.log_file or ""))]


def _cells(run: "Run") -> tuple[str, ...]:
    last = run.figures
    pages, captures = (f"{last.pages:,}", f"{last.captures:,}") if last else ("", "")
    state = f"{run.state}: {run.reason}" if run.state == "skipped" else str(run.state)
    return run.id, " ".join(run.sites), run.kind, _iso(run.started) or "", state, pages, captures


def _object(run: "Run") -> dict[str, Any]:
    values = asdict(run)
    times = {name: _iso(values[name]) for name in ("scheduled_for", "started", "ended")}
    return {**values, **times, "log_file": str(run.log_file) if run.log_file else None}


def _iso(moment: "datetime | None") -> str | None:
    return None if moment is None else f"{moment:%Y-%m-%dT%H:%M:%SZ}"
