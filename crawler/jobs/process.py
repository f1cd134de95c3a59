"""A job's process, as its parent holds it."""

import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import nullcontext

from crawler.jobs.spec import JobSpec, Progress


class JobProcess:
    """A running job: its events, its end, and the means to stop it.

    The process has a session of its own, so that Ctrl-C reaches it only through :meth:`interrupt`.
    """

    def __init__(self, spec: JobSpec) -> None:
        self.spec = spec
        ours, theirs = os.pipe()
        # What the interpreter itself says when it dies belongs into the log, not between a parent's output.
        with spec.log_file.open("ab") if spec.log_file else nullcontext() as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own module
                [sys.executable, "-m", "crawler.jobs.child", str(theirs)],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                pass_fds=[theirs],
                start_new_session=True,
            )
        os.close(theirs)
        self._events = os.fdopen(ours, "r", encoding="utf-8")
        assert self._process.stdin is not None
        with self._process.stdin as specification:
            pickle.dump(spec, specification)

    @property
    def pid(self) -> int:
        """The process's number."""
        return self._process.pid

    def events(self) -> Iterator[Progress]:
        """Yield what the job tells, as it tells it, until it ends.

        The last event is ``finished``; where the process died without one, it is made up, with reason
        ``died`` and the process's own exit code (negative: the signal that killed it).
        """
        last = Progress("started", self.spec.id, 0.0)
        with self._events as lines:
            for line in lines:
                last = Progress.from_json(line)
                yield last
        code = self._process.wait()
        if last.event != "finished":
            yield last.died(code)

    def interrupt(self) -> None:
        """Ask the job to end: the first time after publishing what was fetched, the second time at once."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)

    def kill(self) -> None:
        """Kill the process, as a crash would."""
        self._process.kill()
        self._process.wait()
