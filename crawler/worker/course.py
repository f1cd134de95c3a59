"""How far one save is, and who is told."""

import logging
import time
from collections.abc import Callable
from typing import Any

from crawler.saves import Save, Stage
from pipelines.model import Recorded

logger = logging.getLogger(__name__)

_TELL_SECONDS = 0.25


class Course:
    """What one save has come to so far; *tell* is given it now and then. Times are monotonic seconds."""

    def __init__(self, save: Save, slot: int, tell: Callable[..., object]) -> None:
        self.save, self.slot = save, slot
        self._tell = tell
        self._told = 0.0
        self.began = time.monotonic()
        """When it was the page's turn to be asked for."""
        self.begun = False
        self.unread: list[Recorded] = []
        """Captures whose segments wait for their articles."""
        self.stage = Stage.PAGE
        self.resources: dict[str, None] = {}
        """URLs captured so far, the page's first."""
        self.fetched = 0
        """Requests that are through."""
        self.of = 1
        """Requests that are known."""
        self.failed = 0
        """Requisites that could not be had."""
        self.left = 0
        """Requisites that were not asked for, for want of time or room."""
        self.url = save.url
        """Where it is now: a redirect leads on."""

    def begin(self) -> None:
        """Take notice that it is the page's turn: what it waited before is no time of its own."""
        if not self.begun:
            self.begun, self.began = True, time.monotonic()

    def enter(self, stage: Stage) -> None:
        """Tell that *stage* begins."""
        self._told = time.monotonic()
        if stage is not self.stage:
            logger.debug("save %s: %s after %.3f s", self.save.id, stage, self._told - self.began)
        self.stage = stage
        self._tell(stage=stage, **self.counts())

    def captured(self, url: str) -> None:
        """Take notice that *url* is archived."""
        self.resources.setdefault(url)

    def through(self) -> None:
        """Take notice that a request is through, and tell it if nothing was told lately."""
        self.fetched += 1
        if time.monotonic() - self._told >= _TELL_SECONDS:
            self.enter(self.stage)

    def counts(self) -> dict[str, Any]:
        """Return how far it is, as :meth:`crawler.saves.Saves.progress` takes it."""
        return {"resources": tuple(self.resources), "fetched": self.fetched, "of": max(self.of, self.fetched)}
