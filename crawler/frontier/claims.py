"""The hosts that one worker has claimed."""

from collections.abc import Iterable, Mapping

from crawler.frontier.hosts import HostStore
from crawler.frontier.model import Standing


class Claims:
    """Claims hosts for *owner* and remembers which, so that only new ones cost a statement.

    Raises what :class:`~crawler.state.Database` does.
    """

    def __init__(self, store: HostStore, *, owner: str, seconds: float) -> None:
        self.store = store
        self._owner, self._seconds = owner, seconds
        self.names: set[str] = set()

    def take(self, wanted: Iterable[str]) -> dict[str, Standing]:
        """Claim the hosts *wanted*; return how those stand that were not to be had."""
        new = {name for name in wanted if name not in self.names}
        if not new:
            return {}
        found = self.store.claim(new, owner=self._owner, seconds=self._seconds)
        self.names |= found
        refused = new - found
        if not refused:
            return {}
        standings = self.store.standings(refused)
        return {name: standings.get(name) or Standing(name, None, 0.0, 0.0) for name in refused}

    def let_go(self, released: Mapping[str, float | None]) -> None:
        """Let hosts go, each with the time before which nobody asks it."""
        ours = {name: until for name, until in released.items() if name in self.names}
        if ours:
            self.store.release_all(ours, owner=self._owner)
            self.names -= ours.keys()

    def renew(self) -> set[str]:
        """Let the claims go on, and return the hosts that were lost, for having been silent too long."""
        lost = self.names - self.store.renew(owner=self._owner, seconds=self._seconds)
        self.names -= lost
        return lost
