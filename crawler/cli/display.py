"""How a running job is shown: live in a terminal, in lines elsewhere, or not at all."""

import os
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from types import TracebackType
from typing import Self

from rich.cells import cell_len
from rich.console import Console, Group
from rich.constrain import Constrain
from rich.live import Live
from rich.table import Table
from rich.text import Text

from crawler.cli.running import Display
from crawler.cli.words import counted, duration, printable, size, tally
from crawler.jobs import JobSpec
from crawler.jobs.spec import Progress

_RATE_SECONDS = 10.0
_LINE_SECONDS = 5.0
_STDERR = 2
_MARGIN = 4


def display_for(spec: JobSpec, *, quiet: bool) -> Display:
    """Return the display that suits standard error."""
    if quiet:
        return Silence()
    return LiveDisplay(spec) if sys.stderr.isatty() else Lines(spec)


class Pace:
    """Pages a second over the last ten seconds, and the time left where it can be told."""

    def __init__(self, spec: JobSpec) -> None:
        self._most = spec.config.crawl.max_pages
        self._follows_links = spec.config.crawl.hops > 0
        self._seen: deque[tuple[float, int]] = deque([(0.0, 0)])

    def add(self, progress: Progress) -> None:
        """Take *progress* into account."""
        self._seen.append((progress.elapsed, progress.pages))
        while len(self._seen) > 2 and self._seen[0][0] < progress.elapsed - _RATE_SECONDS:
            self._seen.popleft()

    @property
    def rate(self) -> float:
        """Pages a second."""
        (since, before), (now, pages) = self._seen[0], self._seen[-1]
        return (pages - before) / (now - since) if now > since else 0.0

    def left(self, progress: Progress) -> float | None:
        """Return the seconds that are left, None where links may bring more or nothing was timed yet."""
        waiting = progress.pending + progress.in_flight
        allowed = None if self._most is None else max(0, self._most - progress.pages)
        if self._follows_links and (allowed is None or allowed > waiting):
            return None
        if allowed is not None:
            waiting = min(waiting, allowed)
        return waiting / self.rate if self.rate and waiting and progress.elapsed > 2 else None


class Silence:
    """Shows nothing but notices."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        pass

    def show(self, progress: Progress) -> None:
        """Show nothing."""

    def notice(self, text: str) -> None:
        """Write *text* past every buffer, since it may have been interrupted in the midst of one."""
        with suppress(OSError):
            os.write(_STDERR, f"newswarc: {text}\n".encode())


class Lines(Silence):
    """Writes a line every few seconds to standard error."""

    def __init__(self, spec: JobSpec) -> None:
        self._pace = Pace(spec)
        self._due = _LINE_SECONDS

    def show(self, progress: Progress) -> None:
        """Write a line if one is due."""
        self._pace.add(progress)
        if progress.event != "progress" or progress.elapsed < self._due:
            return
        self._due = progress.elapsed + _LINE_SECONDS
        line = "  ".join([duration(progress.elapsed), *_facts(progress, self._pace), *_reasons(progress)])
        print(line, file=sys.stderr, flush=True)


class LiveDisplay(Silence):
    """Keeps a few lines of the terminal up to date."""

    def __init__(self, spec: JobSpec) -> None:
        self._spec = spec
        self._pace = Pace(spec)
        self._progress = Progress("waiting", spec.id, 0.0)
        self._notice = ""
        self._console = Console(stderr=True)
        self._live = Live(
            console=self._console, get_renderable=self._drawn, refresh_per_second=4, transient=True
        )

    def __enter__(self) -> Self:
        self._live.start(refresh=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._live.stop()

    def show(self, progress: Progress) -> None:
        """Draw *progress* at the next refresh."""
        self._pace.add(progress)
        self._progress = progress

    def notice(self, text: str) -> None:
        """Draw *text* at the next refresh."""
        self._notice = text

    def _drawn(self) -> Constrain:
        progress, config = self._progress, self._spec.config
        targets = ", ".join(self._spec.targets)
        grid = Table.grid(padding=(0, 2))
        grid.add_row(Text("crawling", "bold"), Text(f"{targets} → {config.store.url}"))
        # The terminal's own "^C" behind the last line must not break it: what is drawn could not be erased.
        width = self._console.width - _MARGIN
        label = duration(progress.elapsed)
        for line in _lines(_facts(progress, self._pace), width - max(cell_len(label), len("crawling")) - 2):
            grid.add_row(Text(label), Text(line))
            label = ""
        for line in _reasons(progress):
            grid.add_row("", Text(line, "yellow"))
        notice = [Text(self._notice, "bold red")] if self._notice else []
        return Constrain(Group(grid, *notice), width)


def _lines(facts: Iterable[str], width: int) -> Iterator[str]:
    """Yield *facts* in lines of *width* cells, none of them broken."""
    line = ""
    for fact in facts:
        if line and cell_len(line) + 2 + cell_len(fact) > width:
            yield line
            line = ""
        line = f"{line}  {fact}" if line else fact
    yield line


def _facts(progress: Progress, pace: Pace) -> Iterator[str]:
    yield f"{counted(progress.pages, 'page')} ({pace.rate:.1f}/s)"
    yield f"{counted(progress.captures, 'capture')} ({counted(progress.revisits, 'revisit')})"
    yield size(progress.bytes)
    yield f"pending {progress.pending + progress.in_flight:,}"
    left = pace.left(progress)
    if left is not None:
        yield f"about {duration(left)} left"
    yield f"{counted(progress.segments, 'segment')} published"
    yield f"{size(progress.waiting_bytes)} not yet in the store"


def _reasons(progress: Progress) -> Iterator[str]:
    if progress.failures:
        yield f"failures: {tally(progress.failures)}"
    if progress.refusals:
        yield f"refusals: {tally(progress.refusals)}"
    if progress.error:
        yield f"segments wait: {printable(progress.error)}"
