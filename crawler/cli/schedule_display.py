"""How a running scheduler is shown: live in a terminal, in lines elsewhere, or as JSON lines."""

import json
import logging
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self

from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from crawler.cli.words import counted, duration, printable, size
from crawler.jobs.spec import Progress
from crawler.schedule import Told

_STOPS = {
    "1": "interrupted: running jobs publish what they have; once more stops them at once",
    "2": "interrupted again: stopping at once; what is not published waits for 'newswarc publish'",
}
_KILLED = "interrupted a third time: jobs are killed; 'newswarc publish' recovers what was fetched"


def display_for(*, as_json: bool) -> "Lines":
    """Return the display that suits standard output."""
    # What APScheduler warns of is told by the schedule itself.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    if as_json:
        return JsonLines()
    return LiveLines() if sys.stdout.isatty() else Lines()


class Lines:
    """Writes a line for each thing that happens, with the time (UTC)."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        pass

    def begin(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Show what is scheduled."""
        print_table(*schedule_cells(rows))

    def show(self, told: Told) -> None:
        """Show what happened."""
        line = line_of(told)
        if line:
            self._print(f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S}Z {line}")

    def _print(self, line: str) -> None:
        print(line, flush=True)


class LiveLines(Lines):
    """The same in a terminal, and below it a line for each running job."""

    def __init__(self) -> None:
        self._console = Console()
        self._jobs: dict[str, tuple[str, Progress | None]] = {}
        self._live = Live(
            get_renderable=self._drawn, console=self._console, refresh_per_second=2, transient=True
        )

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._live.stop()

    def begin(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Show what is scheduled."""
        head, cells = schedule_cells(rows)
        self._console.print(_table(head, cells))

    def show(self, told: Told) -> None:
        """Show what happened, and how the jobs stand."""
        if told.what in {"started", "progress"}:
            self._jobs[told.job] = told.site, told.progress
        elif told.what == "ended":
            self._jobs.pop(told.job, None)
        super().show(told)

    def _print(self, line: str) -> None:
        self._console.print(Text(line))

    def _drawn(self) -> Group:
        lines = []
        for site, progress in [*self._jobs.values()]:
            line = f"{site}  {figures(progress)}" if progress else f"{site}  starts"
            lines.append(Text(line, no_wrap=True, overflow="ellipsis"))
        return Group(*lines)


class JsonLines(Lines):
    """One JSON object a line for each thing that happens."""

    def begin(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Show what is scheduled, one line a site."""
        for row in rows:
            print(json.dumps({"event": "scheduled", **row}), flush=True)

    def show(self, told: Told) -> None:
        """Show what happened."""
        if told.what == "progress":
            return
        at = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
        given = {"event": told.what, "at": at, "site": told.site, "text": told.text, "job": told.job}
        last = told.progress and json.loads(told.progress.to_json())
        print(json.dumps({**given, "state": told.state, "last": last}), flush=True)


def line_of(told: Told) -> str:
    """Return what happened on one line; empty for what is not worth one."""
    match told.what:
        case "progress" | "idle":
            return ""
        case "ended":
            return printable(f"{told.site} {told.state}: {_outcome(told)} [{told.job}]")
        case "started":
            return f"{told.site} started [{told.job}]"
        case "stopping":
            return _STOPS.get(told.text, _KILLED)
        case "problem":
            return f"newswarc: {printable(told.text)}"
    return printable(" ".join(filter(None, (told.site, told.what, told.text))))


def figures(progress: Progress) -> str:
    """Return how a job stands on one line."""
    told = (
        f"{counted(progress.pages, 'page')}, {counted(progress.captures, 'capture')}, {size(progress.bytes)}"
    )
    return f"{told}, {duration(progress.elapsed)}"


def _outcome(told: Told) -> str:
    shown = figures(told.progress) if told.progress else ""
    return "; ".join(filter(None, (shown, told.text)))


def schedule_cells(rows: Sequence[Mapping[str, Any]]) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Return head and rows of the table of schedules."""
    head = ("site", "cron", "zone", "state", "next (UTC)", "last")
    return head, [
        (
            row["site"],
            "; ".join(row["cron"]),
            row["timezone"],
            row["state"],
            _plain(row["next"]),
            f"{row['last']['state']} {_plain(row['last']['ended'])}".strip() if row["last"] else row["note"],
        )
        for row in rows
    ]


def print_table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    """Print *rows* below *head*: drawn in a terminal, else in columns with tabs between, without head."""
    if sys.stdout.isatty():
        Console().print(_table(head, rows))
        return
    for row in rows:
        print("\t".join(row))


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> Table:
    table = Table(*head)
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    return table


def _plain(moment: str | None) -> str:
    return (moment or "").replace("T", " ").removesuffix("Z")
