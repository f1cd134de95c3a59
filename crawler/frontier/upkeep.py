"""What a frontier does beside reads and writes: checkpoints, and a last word on what is left over."""

import logging
import math
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from twisted.internet.threads import deferToThread
from twisted.python.failure import Failure

from crawler.state import Database

logger = logging.getLogger(__name__)

_SECONDS = 1.0
_MOST_TOLD = 10


class Checkpoints:
    """Has the log of what was written moved into the database file by a thread.

    Its syncs would hold up the reactor for long.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._last = 0.0
        self.is_due = False
        """Whether anything was written since the last one; set by who writes."""

    def run(self) -> None:
        """Begin one, if it is time to."""
        now = time.monotonic()
        if not self.is_due or now - self._last < _SECONDS:
            return
        self.is_due, self._last = False, math.inf  # one at a time
        deferToThread(self._database.checkpoint).addBoth(self._note)

    def _note(self, result: object) -> None:
        self._last = time.monotonic()
        if isinstance(result, Failure):
            # Nothing is lost: the log only grows, and whatever ails the disk the next write will tell.
            logger.warning("frontier: %s", result.getErrorMessage())


def tell_left(job: str, waiting: Mapping[str, float]) -> None:
    """Log that *job* ends before its time, since the hosts *waiting* are held until then."""
    logger.warning(
        "frontier: job %s is left unfinished: %d hosts cannot be asked yet (%s); start it again later",
        job,
        len(waiting),
        ", ".join(_told(waiting)),
    )


def _told(waiting: Mapping[str, float]) -> Iterator[str]:
    for name, at in sorted(waiting.items(), key=lambda item: item[1])[:_MOST_TOLD]:
        yield f"{name} until {datetime.fromtimestamp(at, UTC):%H:%M:%S} UTC"
    if len(waiting) > _MOST_TOLD:
        yield "…"
