"""How a running scheduler is shown: live in a terminal, in lines elsewhere, or as JSON lines."""

import json
import logging
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self

from rich.console import Console, Group
from rich.live import Live
from rich.text import Text

from crawler.cli.tables import draw_table, print_table
from crawler.cli.words import counted, duration, printable, size
from crawler.jobs.spec import Progress
from crawler.schedule import Told

_STOPS = {
    "1": "interrupted: running jobs publish what they have; once more stops them at once",
    "2": "interrupted again: stopping at once; what is not published waits for 'newswarc publish'",
}
_KILLED = "interrupted a third time: jobs are killed; 'newswarc publish' recovers what was fetched"


Rows = Sequence[Mapping[str, Any]]
"""The schedule of each site, as ``newswarc schedule list --json`` shows it."""


def display_for(rows: Callable[[], Rows], *, as_json: bool) -> "Lines":
    """Return the display that suits standard output; it shows *rows* once the scheduler is active."""
    # What APScheduler warns of is told by the schedule itself.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    if as_json:
        return JsonLines(rows)
    return LiveLines(rows) if sys.stdout.isatty() else Lines(rows)


class Lines:
    """Writes a line for each thing that happens, with the time (UTC)."""

    def __init__(self, rows: Callable[[], Rows]) -> None:
        self._rows = rows
        self._shown: dict[str, str] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        pass

    def begin(self, rows: Rows) -> None:
        """Show what is scheduled."""
        print_table(*schedule_cells(rows), folds=FOLDS)

    def show(self, told: Told) -> None:
        """Show what happened."""
        line = line_of(told)
        # What the table says already is not said again.
        if line and not (told.what == "planned" and self._shown.pop(told.site, None) == told.text):
            self._print(f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S}Z {line}")
        if told.what == "active":
            rows = self._rows()
            self.begin(rows)
            self._shown = {row["site"]: _planned(row) for row in rows}

    def _print(self, line: str) -> None:
        print(line, flush=True)


class LiveLines(Lines):
    """The same in a terminal, and below it a line for each running job."""

    def __init__(self, rows: Callable[[], Rows]) -> None:
        super().__init__(rows)
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

    def begin(self, rows: Rows) -> None:
        """Show what is scheduled."""
        if rows:
            drawn = draw_table(*schedule_cells(rows), width=self._console.width, folds=FOLDS)
            self._console.print(drawn, crop=False)

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

    def begin(self, rows: Rows) -> None:
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
        if told.what == "active":
            self.begin(self._rows())


def line_of(told: Told) -> str:
    """Return what happened on one line; empty for what is not worth one."""
    match told.what:
        case "ended":
            return printable(f"{told.site} {told.state}: {_outcome(told)} [{told.job}]")
        case "started":
            return f"{told.site} started [{told.job}]"
        case "stopping":
            return _STOPS.get(told.text, _KILLED)
        case "problem":
            return f"newswarc: {printable(told.text)}"
    words = (told.site, *(() if told.what == "planned" else (told.what,)), told.text)
    return "" if told.what in {"progress", "idle"} else printable(" ".join(filter(None, words)))


def figures(progress: Progress) -> str:
    """Return how a job stands on one line."""
    told = (
        f"{counted(progress.pages, 'page')}, {counted(progress.captures, 'capture')}, {size(progress.bytes)}"
    )
    return f"{told}, {duration(progress.elapsed)}"


def _outcome(told: Told) -> str:
    shown = figures(told.progress) if told.progress else ""
    return "; ".join(filter(None, (shown, told.text)))


FOLDS = frozenset({"cron", "last", "note"})
"""Columns of the table of schedules that may be folded."""


def schedule_cells(rows: Rows) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Return head and rows of the table of schedules."""
    head = ("site", "cron", "zone", "state", "next", "last", "note")
    return head, [
        (
            row["site"],
            "; ".join(row["cron"]),
            row["timezone"],
            row["state"],
            row["next"] or "",
            f"{row['last']['state']} {row['last']['ended'] or ''}".strip() if row["last"] else "",
            _note(row),
        )
        for row in rows
    ]


def _note(row: Mapping[str, Any]) -> str:
    """Return what the schedule found when it came to the site, where that is not how its last job ended."""
    last = row["last"]
    told = not row["note"] or (last is not None and row["note"] == last["state"])
    return "" if told else printable(f"{row['note']} ({row['looked']})")


def _planned(row: Mapping[str, Any]) -> str:
    """Return how the schedule tells what the table of schedules says of the site."""
    if row["next"] is None:
        return "paused"
    return f"next {row['next'].replace('T', ' ').removesuffix('Z')} UTC"
