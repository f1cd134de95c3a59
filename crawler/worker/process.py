"""A worker's process, as its parent holds it."""

import os
import pickle
import select
import signal
import subprocess
import sys
import time
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import Self

from crawler.config import Config
from crawler.worker.spec import WorkerEvent, WorkerSpec


class WorkerProcess:
    """A running worker: its end, and the means to wake and to stop it. For one thread at a time.

    The process has a session of its own, so that Ctrl-C reaches it only through :meth:`interrupt`. It ends
    by itself when this object's process does.
    """

    def __init__(
        self,
        config: Config,
        *,
        slots: int,
        drain: bool = False,
        log_file: Path | None = None,
        log_level: str = "INFO",
    ) -> None:
        """Start a worker that saves *slots* pages at once; with *drain* it ends when nothing waits."""
        spec = WorkerSpec(config, slots, drain, log_file, log_level)
        ours, theirs = os.pipe()
        their_wakes, our_wakes = os.pipe()
        with log_file.open("ab") if log_file else nullcontext() as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own module
                [sys.executable, "-m", "crawler.worker", str(theirs), str(their_wakes)],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                pass_fds=[theirs, their_wakes],
                start_new_session=True,
            )
        os.close(theirs)
        os.close(their_wakes)
        os.set_blocking(ours, False)
        os.set_blocking(our_wakes, False)
        self._events, self._wakes = ours, our_wakes
        self._told = b""
        assert self._process.stdin is not None
        with suppress(BrokenPipeError), self._process.stdin as specification:
            pickle.dump(spec, specification)

    @property
    def pid(self) -> int:
        """The process's number."""
        return self._process.pid

    @property
    def error(self) -> str:
        """What the worker ended with, where it ended badly; empty before."""
        last = self._last()
        if last is not None and last.event == "ended":
            return last.error
        code = self._process.poll()
        return (
            "" if code is None else f"worker: its process ended with {code} and without a word; see its log"
        )

    def ready(self, timeout: float) -> bool:
        """Wait at most *timeout* seconds until saves are taken; return whether they are."""
        deadline = time.monotonic() + timeout
        while self._last() is None and self._process.poll() is None:
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            select.select([self._events], [], [], min(left, 0.2))
        last = self._last()
        return last is not None and last.event == "ready"

    def wake(self) -> None:
        """Have a save that was just added taken at once. Never waits, never raises."""
        with suppress(BlockingIOError, BrokenPipeError, OSError):
            os.write(self._wakes, b"w")

    def interrupt(self) -> None:
        """Ask the worker to end: the first time after what it has begun, the second time at once."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)

    def poll(self) -> int | None:
        """Return the exit code, None while the worker runs."""
        return self._process.poll()

    def wait(self, timeout: float | None = None) -> int | None:
        """Wait at most *timeout* seconds for the end; return the exit code, None where it still runs then."""
        try:
            return self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            return None

    def kill(self) -> None:
        """Kill the process, as a crash would."""
        self._process.kill()
        self._process.wait()

    def close(self) -> None:
        """Let go of the pipes; a worker that still runs then ends. May be called again."""
        for descriptor in (self._events, self._wakes):
            if descriptor >= 0:
                os.close(descriptor)
        self._events = self._wakes = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.poll() is None:
            self.interrupt()
            if self.wait(30) is None:
                self.kill()
        self.close()

    def _last(self) -> WorkerEvent | None:
        with suppress(BlockingIOError, OSError):
            while piece := os.read(self._events, 4096):
                self._told += piece
        lines = self._told.splitlines(keepends=True)
        whole = [line for line in lines if line.endswith(b"\n")]
        return WorkerEvent.from_json(whole[-1].decode()) if whole else None
