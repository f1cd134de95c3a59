"""What is printed when a job has ended."""

import sys
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime

from rich.console import Console
from rich.table import Table
from rich.text import Text

from crawler.cli.words import command, counted, duration, size, tally, waiting
from crawler.config import Config
from crawler.jobs import JobSpec
from crawler.jobs.spec import HELD, NOTHING_DUE, Progress

_ENDS = {
    HELD: "finished, but for hosts that cannot be asked yet,",
    NOTHING_DUE: "nothing was due: finished",
}
_MOST_TOLD = 10


def summary(spec: JobSpec, last: Progress) -> Iterator[tuple[str, str]]:
    """Yield what there is to say of a job that has ended, label and value."""
    rate = f", {last.pages / last.elapsed:.1f} pages/s" if last.elapsed else ""
    ended = _ENDS.get(last.reason, last.reason)
    yield "ended", f"{ended} after {duration(last.elapsed)}{rate}"
    yield "pages", f"{last.pages:,}"
    yield "captures", f"{last.captures:,} ({counted(last.revisits, 'revisit')}), {size(last.bytes)}"
    yield "articles", f"{last.articles:,}"
    yield "statuses", tally(last.statuses)
    yield "failures", tally(last.failures)
    yield "refusals", tally(last.refusals)
    if last.reason == HELD:
        yield "held", held_hosts(last.held)
    left = f"; {waiting(len(last.waiting))} for 'newswarc publish'" if last.waiting else ""
    yield "published", f"{counted(last.segments, 'segment')}{left}"
    yield "store", f"{spec.config.store.url}, collection {spec.config.store.collection}"
    yield "log", str(spec.log_file)


def held_hosts(held: Mapping[str, float]) -> str:
    """Return which hosts cannot be asked yet, and until when, the first to be free first."""
    ordered = sorted(held.items(), key=lambda pair: (pair[1], pair[0]))
    told = [f"{host} until {_until(at)}" for host, at in ordered[:_MOST_TOLD]]
    more = len(ordered) - len(told)
    return ", ".join([*told, f"and {more:,} more"] if more else told)


def _until(at: float) -> str:
    free, now = datetime.fromtimestamp(at, UTC), datetime.now(UTC)
    return f"{free:%H:%M:%S} UTC" if free.date() == now.date() else f"{free:%Y-%m-%d %H:%M:%S} UTC"


def go_on_command(spec: JobSpec) -> str:
    """Return the command with which a job that was left unfinished goes on."""
    store = ("--store", spec.config.store.url, *_collection_option(spec.config))
    if spec.due:
        return command("newswarc", "crawl", *spec.targets, "--due", *store)
    return command("newswarc", "crawl", "--resume", spec.id, *store)


def next_commands(config: Config, word: str = "WORD") -> Iterator[str]:
    """Yield commands that look at what the job has left in the store; one of them searches for *word*."""
    rest = _collection_option(config)
    store = ("--store", config.store.url, *rest)
    yield command("newswarc", "list", config.store.url, *rest)
    yield command("newswarc", "search", word, *store)
    yield command("newswarc", "edits", *store)
    yield command("newswarc", "export", config.store.url, "--format", "markdown", *rest)
    yield command("newswarc", "verify", config.store.url, *rest)


def publish_command(config: Config) -> str:
    """Return the command that brings to the store what the job has left in its spool."""
    return command("newswarc", "publish", config.store.url, *_collection_option(config))


def _collection_option(config: Config) -> list[str]:
    collection = config.store.collection
    return [] if collection == type(config.store)().collection else ["--collection", collection]


def print_rows(title: str, rows: Iterable[tuple[str, str]]) -> None:
    """Print *rows* that have a value to standard output: drawn in a terminal, else one a line."""
    shown = [(label, value) for label, value in rows if value]
    if not sys.stdout.isatty():
        print(title)
        for label, value in shown:
            print(f"  {label:<10} {value}")
        return
    table = Table(title=title, title_justify="left", show_header=False)
    table.add_column(style="bold")
    table.add_column(overflow="fold")
    for label, value in shown:
        table.add_row(Text(label), Text(value))
    Console().print(table)
