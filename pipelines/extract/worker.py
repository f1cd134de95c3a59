"""What runs in a worker process: one call after another, until the parent is gone."""

import gc
import os
import pickle
import resource
import select
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from importlib import import_module
from multiprocessing.connection import Connection
from pathlib import Path

from pipelines.errors import ExtractionError

_STATM = Path("/proc/self/statm")

_USUAL = 0.008
"""CPU seconds of :func:`_slowness`'s sum on a machine of 2024 that has other things to do."""
_SLOWEST = 8.0


def main(descriptor: int, cpu_seconds: float, preload: Sequence[str]) -> None:
    """Answer the calls that come over the socket *descriptor*; return when its other end is closed.

    Ctrl-C is the parent's. A call that takes over *cpu_seconds* ends the process by ``SIGPROF``: the kernel
    sees to it, so that code which never comes back to the interpreter is cut off as well. On a machine slower
    than the usual it may take so much longer: a page must not be lost because of where it is read.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    threading.Thread(target=_end_with_parent, args=(descriptor,), daemon=True).start()
    for name in preload:
        import_module(name)
    gc.freeze()
    limit = cpu_seconds * _slowness()
    calls = Connection(descriptor)
    while True:
        try:
            call = calls.recv_bytes()
        except EOFError:
            return
        signal.setitimer(signal.ITIMER_PROF, limit)
        answer = _answer(call)
        signal.setitimer(signal.ITIMER_PROF, 0)
        calls.send_bytes(answer)


def _slowness() -> float:
    """Return how many times longer than usual this machine takes for the same sum: 1 to 8, never less."""
    start = time.process_time()
    sum(number * number % 7 for number in range(100_000))
    return min(max((time.process_time() - start) / _USUAL, 1.0), _SLOWEST)


def _answer(call: bytes) -> bytes:
    try:
        function, arguments = pickle.loads(call)  # noqa: S301 (from our own parent)
        outcome = (True, function(*arguments), _resident())
    except Exception as error:  # noqa: BLE001 (handed over to the caller, whatever it is)
        outcome = (False, error, _resident())
    try:
        answer = pickle.dumps(outcome, pickle.HIGHEST_PROTOCOL)
        if not outcome[0]:
            pickle.loads(answer)  # noqa: S301 (an exception may be written and yet not be readable)
    except Exception as error:  # noqa: BLE001 (what cannot be handed over is told in words)
        told = ExtractionError(f"extraction: {outcome[1]!r:.500} cannot be handed over ({error})")
        return pickle.dumps((False, told, _resident()), pickle.HIGHEST_PROTOCOL)
    return answer


def _end_with_parent(descriptor: int) -> None:
    """Leave as soon as the other end is closed, even in the middle of a call: nobody waits for it."""
    poll = select.poll()
    poll.register(descriptor, 0)
    while not any(event & (select.POLLHUP | select.POLLERR | select.POLLNVAL) for _, event in poll.poll()):
        pass
    os._exit(0)


def _resident() -> int:
    """Return the bytes of memory in use; where the system does not tell, the most that ever were."""
    try:
        return int(_STATM.read_text(encoding="ascii").split()[1]) * resource.getpagesize()
    except OSError:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak if sys.platform == "darwin" else peak * 1024


Answer = tuple[bool, object, int]
Call = tuple[Callable[..., object], tuple[object, ...]]
