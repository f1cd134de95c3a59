"""``newswarc jobs``: what became of crawl jobs."""

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crawler.cli.opening import configuration
from crawler.cli.options import ConfigOption, JsonOption, StoreOption

if TYPE_CHECKING:
    from crawler.jobs.history import Run

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
    from crawler.cli.schedule_display import print_table

    found = _history(store, config, lambda history: (history.died(), history.recent(limit, site=site))[1])
    if as_json:
        print(json.dumps([_object(run) for run in found], indent=1))
        return
    print_table(
        ("job", "sites", "kind", "started (UTC)", "state", "pages", "captures"), [*map(_cells, found)]
    )


@jobs.command("show")
def show_job(
    job: Annotated[str, typer.Argument(metavar="ID", help="The job's name.", show_default=False)],
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

    run: Run | None = _history(store, config, lambda history: (history.died(), history.get(job))[1])
    if run is None:
        raise JobError(f"job: there is no {job!r} in the history; 'newswarc jobs' lists what there is")
    if as_json:
        print(json.dumps({**_object(run), "log": log_tail(run.log_file)}, indent=1))
        return
    print_rows(f"Job {run.id}", _told(run))
    for line in log_tail(run.log_file):
        print(f"  {printable(line)}")


def _history(store: str | None, config: Any, use: Any) -> Any:  # noqa: ANN401 - whatever *use* returns
    from crawler.jobs.history import History
    from crawler.state import Database

    with Database(configuration(store, None, config).state_url) as database:
        return use(History(database))


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


def _iso(moment: Any) -> str | None:  # noqa: ANN401 - a datetime, or None
    return None if moment is None else f"{moment:%Y-%m-%dT%H:%M:%SZ}"
