"""Worker processes for extraction: pages of unknown origin are parsed outside the crawler's process.

Own code instead of pebble or ``concurrent.futures``, for what one or the other lacks: a limit on CPU
seconds that holds in C code, workers that go when the parent is killed, recycling by memory, a broken
worker that fails one call only, no second import of the parent's main module, no polling when idle.
``bench/workers.py`` compares what a call costs.
"""

import json
import pickle
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from multiprocessing.connection import Connection
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import Any, Self, TypeVar

from pipelines.errors import ExtractionError

T = TypeVar("T")

PRELOAD = ("pipelines.extract.cascade",)
"""What a worker imports before its first call."""

_START = (
    "import json, sys; descriptor, seconds, preload, sys.path[:] = json.loads(sys.argv[1]); "
    "from pipelines.extract.worker import main; main(descriptor, seconds, preload)"
)


class CutOff(ExtractionError):
    """A call ran over its time or killed its worker: it would do so again, and is not worth another try."""

    def __init__(self, why: str) -> None:
        super().__init__(f"extraction: {why}; the call was given up")
        self.why = why
        """``a worker ran over 2 s of CPU``, ``a worker died (SIGSEGV)``…"""

    def __reduce__(self) -> tuple[type["CutOff"], tuple[str]]:
        return type(self), (self.why,)


class Workers:
    """A fixed number of processes that run functions of importable modules.

    Safe beside Twisted, asyncio and threads: processes are started afresh, not forked, and the futures are
    completed in threads of this object; who needs an event loop takes them there (``asyncio.wrap_future``,
    ``reactor.callFromThread``).
    """

    def __init__(
        self,
        count: int,
        *,
        preload: Sequence[str] = PRELOAD,
        cpu_seconds: float = 2.0,
        wall_seconds: float = 120.0,
        memory: int = 1 << 30,
        limit: int | None = None,
    ) -> None:
        """Start *count* workers.

        A call may take *cpu_seconds* of CPU, more on a slow machine, and *wall_seconds* in all; over that
        its worker is killed and replaced. (Of 337 pages of the development data the slowest took 0.42 s.) A
        worker that holds more than *memory* bytes after a call is replaced. *limit* calls may be under way or
        waiting, four a worker unless told.
        """
        self._seats = [_Seat(cpu_seconds, wall_seconds, memory, preload) for _ in range(count)]
        self._limit = limit or 4 * count
        self._calls: SimpleQueue[tuple[Future[Any], bytes] | None] = SimpleQueue()
        self._room = threading.Condition()
        self._open = 0
        self._closed = False
        self._threads = [
            threading.Thread(target=self._serve, args=(seat,), daemon=True) for seat in self._seats
        ]
        for thread in self._threads:
            thread.start()

    def submit(self, function: Callable[..., T], /, *args: object) -> Future[T]:
        """Run ``function(*args)`` in a worker; wait first while as many calls as the limit are open.

        The future raises what the function raised, CutOff where its worker died (be it in the moment before
        it took the call) or ran over its time, and ExtractionError where it was aborted. A future that has
        not begun can be cancelled.

        :raises ExtractionError: these workers are closed, or the call cannot be pickled.
        """
        try:
            call = pickle.dumps((function, args), pickle.HIGHEST_PROTOCOL)
        except (pickle.PicklingError, TypeError, AttributeError) as error:
            raise ExtractionError(f"extraction: the call cannot be sent to a worker ({error})") from error
        future: Future[T] = Future()
        with self._room:
            self._room.wait_for(lambda: self._closed or self._open < self._limit)
            if self._closed:
                raise ExtractionError("extraction: the workers are closed")
            self._open += 1
            self._calls.put((future, call))
        return future

    @property
    def full(self) -> bool:
        """Whether :meth:`submit` would wait now."""
        return self._open >= self._limit

    @property
    def restarts(self) -> int:
        """How many workers were replaced since the start, for whatever reason."""
        return sum(seat.restarts for seat in self._seats)

    @property
    def processes(self) -> tuple[int, ...]:
        """The process ids of the workers that run now."""
        return tuple(seat.process.pid for seat in self._seats if seat.process is not None)

    def close(self) -> None:
        """Take no more calls, wait for those that were taken, end the workers."""
        self._stop()
        for thread in self._threads:
            thread.join()

    def abort(self) -> None:
        """Take no more calls, fail those that are open, kill the workers."""
        self._stop(drain=True)
        while any(thread.is_alive() for thread in self._threads):
            for seat in self._seats:
                seat.kill()
            for thread in self._threads:
                thread.join(0.05)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.close()
        else:
            self.abort()

    def _stop(self, *, drain: bool = False) -> None:
        with self._room:
            self._closed = True
            self._room.notify_all()
        if drain:
            for seat in self._seats:
                seat.aborted = True
            self._drain()
        for _ in self._threads:
            self._calls.put(None)

    def _drain(self) -> None:
        while True:
            try:
                call = self._calls.get_nowait()
            except Empty:
                return
            if call is not None and call[0].set_running_or_notify_cancel():
                call[0].set_exception(ExtractionError("extraction: aborted before its turn"))

    def _serve(self, seat: "_Seat") -> None:
        """One thread a worker: take a call, wait for its answer, complete its future."""
        seat.start()
        while (call := self._calls.get()) is not None:
            future, request = call
            wanted = future.set_running_or_notify_cancel()
            outcome = seat.ask(request) if wanted else None
            with self._room:
                self._open -= 1
                self._room.notify()
            if outcome is not None:
                _complete(future, *outcome)
        seat.stop()


def _complete(future: Future[Any], good: bool, value: object) -> None:  # noqa: FBT001 (as the answer has it)
    if good:
        future.set_result(value)
    else:
        future.set_exception(value if isinstance(value, BaseException) else ExtractionError(repr(value)))


class _Seat:
    """The place of one worker: its process, the socket to it, and its successors."""

    def __init__(self, cpu_seconds: float, wall_seconds: float, memory: int, preload: Sequence[str]) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self.restarts = 0
        self.aborted = False
        self._calls: Connection | None = None
        self._limits = cpu_seconds, wall_seconds, memory
        self._preload = list(preload)

    def start(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            told = json.dumps([theirs.fileno(), self._limits[0], self._preload, sys.path])
            command = [sys.executable, "-c", _START, told]
            self.process = subprocess.Popen(  # noqa: S603 (this interpreter, our own code)
                command, stdin=subprocess.DEVNULL, pass_fds=(theirs.fileno(),), process_group=0
            )
        self._calls = Connection(ours.detach())

    def ask(self, request: bytes) -> tuple[bool, object]:
        """Return whether the call was good, and its result or exception. Never raises."""
        if self.process is None or self.process.poll() is not None:
            self._replace()
        try:
            good, value, memory = self._exchanged(request)
        except _Lost as lost:
            self._replace()
            if self.aborted:
                return False, ExtractionError(f"extraction: {lost}; the call was given up")
            return False, CutOff(str(lost))
        if memory > self._limits[2]:
            self._replace()
        return good, value

    def kill(self) -> None:
        """End the process now; who waits for its answer is told that it died."""
        if self.process is not None and self.process.returncode is None:
            self.process.kill()

    def stop(self) -> None:
        """Close the socket, which ends the process, and see it off."""
        if self._calls is not None:
            self._calls.close()
        if self.process is not None:
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def _exchanged(self, request: bytes) -> tuple[bool, object, int]:
        assert self._calls is not None
        try:
            self._calls.send_bytes(request)
            if not self._calls.poll(self._limits[1]):
                raise _Lost(f"a worker gave no answer within {self._limits[1]:g} s")
            answer = self._calls.recv_bytes()
        except (EOFError, OSError) as error:
            raise _Lost(self._death()) from error
        try:
            good, value, memory = pickle.loads(answer)  # noqa: S301 (from our own worker)
        except Exception as error:  # noqa: BLE001 (whatever a class of the result's does when it is rebuilt)
            return False, ExtractionError(f"extraction: the answer of a worker cannot be read ({error!r})"), 0
        return good, value, memory

    def _death(self) -> str:
        assert self.process is not None
        try:
            code = self.process.wait(5)
        except subprocess.TimeoutExpired:
            return "a worker closed its socket"
        if self.aborted:
            return "the workers were aborted"
        if code == -signal.SIGPROF:
            return f"a worker ran over {self._limits[0]:g} s of CPU"
        return f"a worker died ({signal.Signals(-code).name if code < 0 else f'exit {code}'})"

    def _replace(self) -> None:
        self.kill()
        self.stop()
        if not self.aborted:
            self.restarts += 1
            self.start()


class _Lost(Exception):
    """A worker gave no answer; the message says why."""
