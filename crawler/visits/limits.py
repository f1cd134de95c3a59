"""How often a source may be asked, and what an item's waiting is worth."""

from dataclasses import dataclass, fields
from datetime import timedelta

from pipelines.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of the time between two visits of one source, and the price that sets it between them."""

    minimum: timedelta = timedelta(minutes=5)
    """No source is asked again sooner."""
    maximum: timedelta = timedelta(days=14)
    """No source that ever announced something waits longer."""
    idle: timedelta = timedelta(days=30)
    """The same for one that never announced anything, and for one that is gone (404, 410)."""
    hint: timedelta = timedelta(hours=24)
    """A publisher's ``ttl`` or ``sy:updatePeriod`` counts up to here: daft values exist."""
    soft: timedelta = timedelta(hours=48)
    """Soft failures (429, 5xx, timeout, DNS) for longer than this are treated as hard ones."""
    worth: float = 16.0
    """Requests that it is worth to spare one item one hour of waiting."""
    share: float = 0.5
    """The part of a source's window that may be expected new at a visit: the rest guards against loss."""

    def __post_init__(self) -> None:
        """Raise :class:`ConfigError` for bounds that no visit could meet."""
        for field in fields(self):
            value = getattr(self, field.name)
            if not value > type(value)():
                raise ConfigError(f"visits: {field.name} is {value!r}; it must be more than nothing")
        if self.minimum > min(self.maximum, self.idle):
            raise ConfigError(
                f"visits: minimum {self.minimum} is longer than maximum {self.maximum} "
                f"or idle {self.idle}; lower the minimum"
            )
        if self.share > 1:
            raise ConfigError(f"visits: share is {self.share!r}; give a part of the window, at most 1")


DEFAULT_LIMITS = Limits()
