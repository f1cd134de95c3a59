"""How saves that are under way are shown: live in a terminal, not at all elsewhere."""

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Final, Self, TextIO

from rich.console import Console, Group
from rich.constrain import Constrain
from rich.live import Live
from rich.table import Table
from rich.text import Text

from crawler.cli.words import printable
from crawler.saves import Save, State

_STDERR: Final = 2
_MOST_SHOWN: Final = 8
_MARGIN: Final = 4


def display(stream: TextIO) -> "SavingDisplay":
    """Return the display that suits *stream*."""
    return LiveSaves() if stream.isatty() else SavingDisplay()


class SavingDisplay:
    """Shows nothing but notices."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def show(self, saves: Sequence[Save], *, done: int, failed: int) -> None:
        """Show how *saves*, which have not ended, stand."""

    def aside(self, tell: Callable[[], None]) -> None:
        """Let *tell* print something."""
        tell()

    def notice(self, text: str) -> None:
        """Write *text* past every buffer, since it may have been interrupted in the midst of one."""
        with suppress(OSError):
            os.write(_STDERR, f"newswarc: {text}\n".encode())


class LiveSaves(SavingDisplay):
    """Keeps a line of the terminal for each save that is under way."""

    def __init__(self) -> None:
        self._console = Console(stderr=True)
        self._saves: Sequence[Save] = ()
        self._done = self._failed = 0
        self._notice = ""
        self._live = Live(
            console=self._console,
            get_renderable=self._drawn,
            refresh_per_second=8,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )

    def __enter__(self) -> Self:
        self._live.start(refresh=True)
        return self

    def __exit__(self, *_: object) -> None:
        self._live.stop()

    def show(self, saves: Sequence[Save], *, done: int, failed: int) -> None:
        """Draw them at the next refresh."""
        self._saves, self._done, self._failed = saves, done, failed

    def aside(self, tell: Callable[[], None]) -> None:
        """Take the lines away while *tell* prints."""
        self._live.stop()
        tell()
        self._live.start()

    def notice(self, text: str) -> None:
        """Draw *text* at the next refresh."""
        self._notice = text

    def _drawn(self) -> Constrain:
        running = [save for save in self._saves if save.state is State.RUNNING]
        grid = Table.grid(padding=(0, 2))
        grid.add_column(no_wrap=True)
        grid.add_column(no_wrap=True, overflow="ellipsis")
        for save in running[:_MOST_SHOWN]:
            grid.add_row(Text(_stage(save), "bold"), Text(printable(save.url)))
        grid.add_row("", Text(self._sum(len(running))))
        notice = [Text(self._notice, "bold red")] if self._notice else []
        return Constrain(Group(grid, *notice), self._console.width - _MARGIN)

    def _sum(self, running: int) -> str:
        facts = [f"{self._done} saved", f"{running} under way", f"{len(self._saves) - running} waiting"]
        if self._failed:
            facts.insert(1, f"{self._failed} failed")
        return ", ".join(facts)


def _stage(save: Save) -> str:
    return f"{save.stage} {save.fetched}/{save.of}" if save.of else str(save.stage)
