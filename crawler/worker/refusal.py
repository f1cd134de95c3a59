"""Why a save, or a request of one, came to nothing."""

from crawler.saves import OVERTIME, Trouble, of_reason
from crawler.scope import Reason


class Refused(Exception):
    """A request was not sent, or brought no whole answer."""

    def __init__(self, reason: Reason, detail: str, *, overtime: bool = False) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason, self.detail = reason, detail
        self._overtime = overtime

    @property
    def trouble(self) -> Trouble:
        """What it means where it is the page's; *overtime* tells that not the server took the time."""
        if self._overtime:
            return OVERTIME._replace(message=f"{OVERTIME.message} ({self.detail})")
        return of_reason(self.reason, self.detail)


class Failed(Exception):
    """A save cannot succeed."""

    def __init__(self, trouble: Trouble, *, status: int | None = None) -> None:
        super().__init__(trouble.message)
        self.trouble, self.status = trouble, status
