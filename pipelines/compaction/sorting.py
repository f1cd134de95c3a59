"""Index lines of any number, sorted in bounded memory."""

import heapq
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Final

RUN_BYTES: Final = 16 * 2**20
"""Lines that are in memory at a time."""


class LineSorter:
    """Takes lines in any order and gives them sorted by their bytes; *folder* holds sorted runs meanwhile."""

    def __init__(self, folder: Path, *, run_bytes: int = RUN_BYTES) -> None:
        self._folder, self._run_bytes = folder, run_bytes
        self._lines: list[bytes] = []
        self._size = 0
        self._runs: list[Path] = []

    def add(self, lines: Iterable[bytes]) -> None:
        """Take *lines*, each with its line end. Raises ``OSError`` where the disk fails."""
        for line in lines:
            self._lines.append(line)
            self._size += len(line)
        if self._size >= self._run_bytes:
            self._spill()

    def sorted(self) -> Iterator[bytes]:
        """Yield all lines. To be read once, to its end."""
        with ExitStack() as stack:
            runs = [stack.enter_context(path.open("rb")) for path in self._runs]
            yield from heapq.merge(*runs, sorted(self._lines))
        for path in self._runs:
            path.unlink()

    def _spill(self) -> None:
        path = self._folder / f"lines-{len(self._runs)}"
        with path.open("wb") as file:
            file.writelines(sorted(self._lines))
        self._runs.append(path)
        self._lines, self._size = [], 0
