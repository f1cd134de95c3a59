"""Tables of results: drawn in a terminal, elsewhere a line for each row with tabs between the cells."""

import sys
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import RenderableType

Row = Sequence[str]
_NARROWEST = 24
"""Cells that a column must have for its text to be folded rather than the row written out."""


def print_table(
    head: Row,
    rows: Sequence[Row],
    *,
    numbers: Collection[str] = (),
    folds: Collection[str] = (),
    named: bool = False,
    is_total: Callable[[Row], bool] = lambda _: False,
) -> None:
    """Print *rows* below *head* to standard output.

    In a terminal the columns *numbers* stand right, those that are named in *folds* are folded where it is
    too narrow, and a total ends a section. Where that does not do, each row is written out, a line for each
    cell but empty ones and zeros. No text is ever cut off, since names are copied from here. Elsewhere there
    are tabs between cells, and the first line is *head* if *named*.
    """
    if not sys.stdout.isatty():
        for row in (head, *rows) if named else rows:
            print("\t".join(cell.replace("\t", " ") for cell in row))
        return
    if not rows:
        return
    from rich.console import Console

    console = Console()
    drawn = draw_table(head, rows, width=console.width, numbers=numbers, folds=folds, is_total=is_total)
    console.print(drawn, crop=False)


def draw_table(
    head: Row,
    rows: Sequence[Row],
    *,
    width: int,
    numbers: Collection[str] = (),
    folds: Collection[str] = (),
    is_total: Callable[[Row], bool] = lambda _: False,
) -> "RenderableType":
    """Return what :func:`print_table` draws in a terminal of *width* cells."""
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    widths = _widths(head, rows, width, folds)
    if widths is None:
        return Group(*_written_out(head, rows, numbers))
    table = Table(show_edge=False)
    for name, cells in zip(head, widths, strict=True):
        table.add_column(name, width=cells, justify="right" if name in numbers else "left", overflow="fold")
    for row in rows:
        total = is_total(row)
        table.add_row(*map(Text, row), style="bold" if total else None, end_section=total)
    return table


def _widths(head: Row, rows: Sequence[Row], width: int, folds: Collection[str]) -> list[int] | None:
    """Return the width of each column, None where they cannot stand side by side."""
    from rich.cells import cell_len

    wanted = [max(map(cell_len, column)) for column in zip(head, *rows, strict=True)]
    # A blank on either side of each cell and a line between two, without the outer edges.
    spare = width - sum(wanted) - 3 * len(wanted) + 1
    for place in sorted(range(len(wanted)), key=lambda place: -wanted[place]):
        if spare < 0 and head[place] in folds:
            given = min(wanted[place], max(_NARROWEST, wanted[place] + spare))
            spare += wanted[place] - given
            wanted[place] = given
    return wanted if spare >= 0 else None


def _written_out(head: Row, rows: Sequence[Row], numbers: Collection[str]) -> "Iterator[RenderableType]":
    label = max(map(len, head[1:]), default=0)
    for number, row in enumerate(rows):
        yield _line(f"\n{row[0]}" if number else row[0], style="bold")
        for name, cell in zip(head[1:], row[1:], strict=True):
            if cell and not (cell == "0" and name in numbers):
                yield _line(f"  {name:<{label}}  {cell}")


def _line(text: str, *, style: str = "") -> "RenderableType":
    from rich.text import Text

    # The terminal breaks what is too long, and gives it whole to who copies it.
    return Text(text, style=style, no_wrap=True, overflow="ignore")
