"""What a take-down hides or blocks is in no answer; whoever asks for it by name is told why."""

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipelines.archive import Archive
    from pipelines.model import Capture
    from pipelines.search.entries import Shown as Hit


class Shown:
    """Tells which captures no take-down hides or blocks, and counts the others."""

    def __init__(self, archive: "Archive") -> None:
        from pipelines.takedown import Register

        self._archive = archive
        self._register = Register(archive.store, archive.collection)
        self._hidden = 0

    def __call__(self, capture: "Capture") -> bool:
        """Return whether *capture* may be shown."""
        shown = self._register.shows(capture)
        self._hidden += not shown
        return shown

    def hit(self, found: "Hit") -> bool:
        """Return whether what a search *found* may be shown."""
        from crawler.shown import shows_hit

        shown = shows_hit(self._archive, self._register, found)
        self._hidden += not shown
        return shown

    def tell(self) -> None:
        """Say on standard error how many were left out, if any were."""
        if self._hidden:
            print(f"newswarc: {self._hidden} taken down, left out", file=sys.stderr)


def refuse_taken_down(archive: "Archive", capture: "Capture") -> "Capture":
    """Return *capture*. Raises ``TakedownError`` where it is hidden or blocked, with who, when and why."""
    from pipelines.errors import TakedownError
    from pipelines.takedown import Register, Standing

    standing, entry = Register(archive.store, archive.collection).standing(capture)
    if standing is not Standing.VISIBLE and entry is not None:
        raise TakedownError(
            f"take-down: {capture.url} at {capture.timestamp} is {standing} by {entry.id} of {entry.who} "
            f"({entry.reason}); 'newswarc takedown lift {entry.id}' shows it again"
        )
    return capture
