"""The worker processes of a server: started with it, started again when they die, ended with it."""

import logging
import threading
import time
from dataclasses import dataclass
from typing import Final, Self

from crawler.config import Config
from crawler.worker import WorkerProcess

logger = logging.getLogger(__name__)

STOP_SECONDS: Final = 60.0
"""How long workers may take to finish and publish what they have begun."""
_LOOK_EVERY: Final = 0.5
_SHORTEST_PAUSE: Final = 1.0
_LONGEST_PAUSE: Final = 60.0
_SETTLED_AFTER: Final = 60.0


@dataclass(slots=True)
class _Place:
    """Where one worker stands, one after the other."""

    worker: WorkerProcess | None = None
    started: float = 0.0
    pause: float = 0.0
    """Seconds after which a dead one is replaced: longer each time, while they die young."""
    due: float = 0.0


class Workers:
    """*count* workers that carry out the saves of *config*'s archive, watched by a thread.

    To be used in a ``with`` statement: its end waits for them.
    """

    def __init__(self, config: Config, count: int) -> None:
        self._config = config
        self._places = [_Place() for _ in range(count)]
        self._ending = threading.Event()
        self._watching = threading.Thread(target=self._watch, name="workers")
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        """Start them."""
        self._look()
        self._watching.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def wake(self) -> None:
        """Let them look at the queue at once."""
        # Not while one of them is closed: its descriptor may be another file's then.
        with self._lock:
            for place in self._places:
                if place.worker is not None:
                    place.worker.wake()

    def alive(self) -> bool:
        """Return whether any of them runs."""
        return bool(self._running())

    def pids(self) -> list[int]:
        """Return the numbers of the processes that run."""
        return [worker.pid for worker in self._running()]

    def stop(self, patience: float = STOP_SECONDS) -> None:
        """End them: what is begun is finished for *patience* seconds, what is not stays in the queue."""
        self._ending.set()
        self._watching.join()
        running = self._running()
        for worker in running:
            worker.interrupt()
        deadline = time.monotonic() + patience
        for worker in running:
            if worker.wait(max(0.0, deadline - time.monotonic())) is None:
                logger.warning("service: worker %d did not end in time and is stopped", worker.pid)
                worker.interrupt()
                if worker.wait(5.0) is None:
                    worker.kill()
        with self._lock:
            for worker in running:
                worker.close()

    def _running(self) -> list[WorkerProcess]:
        with self._lock:
            workers = [place.worker for place in self._places if place.worker]
        return [worker for worker in workers if worker.poll() is None]

    def _watch(self) -> None:
        while not self._ending.wait(_LOOK_EVERY):
            self._look()

    def _look(self) -> None:
        for place in self._places:
            if place.worker is not None and place.worker.poll() is not None:
                self._note_death(place, place.worker)
            if place.worker is None and time.monotonic() >= place.due:
                started = WorkerProcess(self._config, slots=self._config.save.slots, log_level="WARNING")
                with self._lock:
                    place.worker, place.started = started, time.monotonic()

    def _note_death(self, place: _Place, worker: WorkerProcess) -> None:
        now = time.monotonic()
        settled = now - place.started > _SETTLED_AFTER
        place.pause = _SHORTEST_PAUSE if settled else min(_LONGEST_PAUSE, 2 * place.pause or _SHORTEST_PAUSE)
        place.due = now + place.pause
        logger.error(
            "service: worker %d ended (%s); another one starts in %.0f s; what it had begun is begun again",
            worker.pid,
            worker.error or worker.poll(),
            place.pause,
        )
        with self._lock:
            place.worker = None
            worker.close()
