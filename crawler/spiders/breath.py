"""Long work on the reactor, in parts."""

import time
from typing import Any

from scrapy.utils.defer import maybe_deferred_to_future
from twisted.internet import task

_SECONDS = 0.003


class Breath:
    """Lets the reactor do what else there is, once enough time has passed: a sitemap has 50,000 entries."""

    def __init__(self) -> None:
        self._since = time.monotonic()

    async def taken(self) -> None:
        """Return at once, or after the reactor had its turn."""
        if time.monotonic() - self._since < _SECONDS:
            return
        from twisted.internet import reactor  # noqa: PLC0415 - which reactor it is, is settled only now

        running: Any = reactor
        await maybe_deferred_to_future(task.deferLater(running, 0, lambda: None))
        self._since = time.monotonic()
