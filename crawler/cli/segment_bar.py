"""A bar that counts segments."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def segment_bar(words: str) -> Iterator[Callable[[int, int], None]]:
    """Give what shows how many segments of how many are done, where standard error is a terminal."""
    if not sys.stderr.isatty():
        yield lambda _done, _all: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(words, total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)
