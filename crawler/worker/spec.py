"""What a worker is told at its start, and what it tells."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from crawler.config import Config


@dataclass(frozen=True, slots=True)
class WorkerSpec:
    """Everything a worker's process needs. It goes there through a pipe, secrets included, never to disk."""

    config: Config
    slots: int
    """Saves at once."""
    drain: bool = False
    """Whether it ends when nothing waits any more."""
    log_file: Path | None = None
    log_level: str = "INFO"


@dataclass(frozen=True, slots=True)
class WorkerEvent:
    """What a worker tells its parent."""

    event: str
    """``ready`` once saves are taken, ``ended`` as the last word."""
    exit_code: int = 0
    error: str = ""

    def to_json(self) -> str:
        """Return the event as one line."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "WorkerEvent":
        """Return the event that :meth:`to_json` wrote."""
        return cls(**json.loads(text))
