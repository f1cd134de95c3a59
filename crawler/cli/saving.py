"""Puts saves into the queue, has a worker of its own carry them out, and waits for all of them."""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Any, Final, Self

from crawler.cli.saving_display import SavingDisplay, display
from crawler.config import Config
from crawler.saves import Save, SaveOptions, Saves, State
from crawler.state import Database
from crawler.worker import WorkerProcess
from pipelines.errors import JobError

_LOOK_EVERY: Final = 0.1
_MOST_DEATHS: Final = 3
_LAST_SECONDS: Final = 1.0
"""In which a worker that has nothing left to do ends."""
_OTHERS_SECONDS: Final = 5.0
"""How long it may take to finish what others have asked for."""
_AT_ONCE: Final = 500
_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)
_NOTICES: Final = (
    "interrupted: finishing what has begun; once more stops at once",
    "interrupted again: stopping at once",
    "interrupted a third time: killed; the queue keeps what is not done",
)


def carry_out(
    config: Config, urls: Sequence[str], options: SaveOptions, tell: Callable[[Save], None]
) -> bool:
    """Save *urls*, *tell* of each as it ends, and return whether all that was interrupted.

    The outlinks that are saved in their turn are told of as well; what an interruption leaves in the queue
    comes last. Raises ``JobError`` where the worker cannot work.
    """
    with Database(config.state_url) as database:
        saves = Saves(database, config.store.collection)
        waiting = _Waiting(saves, tell)
        waiting.add([saves.add(url, options) for url in urls])
        with display(sys.stderr) as shown, _Interruptions(shown) as interruptions:
            _work(config, waiting, shown, interruptions)
        waiting.leave()
    return bool(interruptions.count)


def _work(config: Config, waiting: "_Waiting", shown: SavingDisplay, interruptions: "_Interruptions") -> None:
    """Have workers, one after the other, do what is waited for."""
    log = _log_file(config)
    deaths = 0
    while waiting.look(shown) and not interruptions.count:
        # What is left may be in the hands of a server's worker.
        if not waiting.queued:
            time.sleep(_LOOK_EVERY)
            continue
        with WorkerProcess(config, slots=config.save.slots, drain=True, log_file=log) as worker:
            interruptions.go_to(worker)
            while worker.poll() is None and (waiting.look(shown) or interruptions.count):
                time.sleep(_LOOK_EVERY)
            deaths += bool(_ended(worker))
        if deaths >= _MOST_DEATHS:
            raise _broken(worker, log)
    waiting.look(shown)


def _ended(worker: WorkerProcess) -> int | None:
    """Return the worker's exit code: it may be at saves of others, which it then leaves to the next one."""
    if worker.wait(_LAST_SECONDS) is None:
        worker.interrupt()
        if worker.wait(_OTHERS_SECONDS) is None:
            worker.interrupt()
            if worker.wait(_OTHERS_SECONDS) is None:
                worker.kill()  # the queue knows at once that its saves have nobody
                return None
    return worker.poll()


def _log_file(config: Config) -> Path:
    folder = config.state_folder.absolute() / "logs"
    folder.mkdir(exist_ok=True)
    return folder / f"save-{datetime.now(UTC):%Y%m%d%H%M%S}.log"


def _broken(worker: WorkerProcess, log: Path) -> JobError:
    return JobError(f"save: the worker failed ({worker.error}); see {log}; what is left stays in the queue")


class _Waiting:
    """The saves that are waited for."""

    def __init__(self, saves: Saves, tell: Callable[[Save], None]) -> None:
        self._saves, self._tell = saves, tell
        self._open: dict[str, Save] = {}
        self._seen: set[str] = set()
        self.done = self.failed = 0

    @property
    def queued(self) -> bool:
        """Whether any of them waits for a worker."""
        return any(save.state is State.WAITING for save in self._open.values())

    def add(self, added: Iterable[Save]) -> None:
        """Wait for these as well."""
        for save in added:
            if save.id not in self._seen:
                self._seen.add(save.id)
                self._open[save.id] = save

    def look(self, shown: SavingDisplay) -> bool:
        """See how they stand, and return whether any has not ended."""
        ids = list(self._open)
        for at in range(0, len(ids), _AT_ONCE):
            for save in self._saves.find(ids[at : at + _AT_ONCE]).values():
                self._open[save.id] = save
                if not save.pending:
                    self._end(save, shown)
        shown.show(list(self._open.values()), done=self.done, failed=self.failed)
        return bool(self._open)

    def leave(self) -> None:
        """Tell of those that have not ended."""
        for save in self._open.values():
            self._tell(save)
        if self._open:
            left = f"{len(self._open)} left in the queue, for the next 'newswarc save' or 'newswarc serve'"
            print(f"newswarc: {left}", file=sys.stderr)

    def _end(self, save: Save, shown: SavingDisplay) -> None:
        del self._open[save.id]
        self.done += save.error is None
        self.failed += save.error is not None
        shown.aside(lambda: self._tell(save))
        children = [child for child in save.outlinks.values() if child]
        self.add(self._saves.find(children).values())


class _Interruptions:
    """While it lasts, passes SIGINT and SIGTERM on to the worker."""

    def __init__(self, shown: SavingDisplay) -> None:
        self.count = 0
        self._shown = shown
        self._worker: WorkerProcess | None = None
        self._before: list[Any] = []

    def __enter__(self) -> Self:
        self._before = [signal.signal(number, self._arrived) for number in _SIGNALS]
        return self

    def __exit__(self, *_: object) -> None:
        for number, before in zip(_SIGNALS, self._before, strict=True):
            signal.signal(number, before)

    def go_to(self, worker: WorkerProcess) -> None:
        """Pass on to *worker* what came and what comes."""
        self._worker = worker
        if self.count:
            worker.interrupt()

    def _arrived(self, _number: int, _frame: FrameType | None) -> None:
        self.count += 1
        self._shown.notice(_NOTICES[min(self.count, len(_NOTICES)) - 1])
        if self._worker is None:
            return
        if self.count < len(_NOTICES):
            self._worker.interrupt()
        else:
            # Not WorkerProcess.kill, which waits: this handler may run inside that very wait.
            with suppress(ProcessLookupError):
                os.kill(self._worker.pid, signal.SIGKILL)
