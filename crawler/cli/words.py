"""Numbers, captures and foreign text as commands print them."""

import shlex
from collections.abc import Mapping
from typing import Any

from pipelines.model import Capture

_CONTROLS = {code: "�" for code in (*range(32), *range(127, 160)) if code != 9}


def printable(text: str) -> str:
    """Return *text* on one line, without control characters that would steer a terminal."""
    return text.translate(_CONTROLS)


def size(count: int) -> str:
    """Return *count* bytes with a decimal unit: ``1.3 MB``."""
    amount, units = float(count), ["B", "kB", "MB", "GB", "TB"]
    while amount >= 999.95 and len(units) > 1:
        amount /= 1000
        units.pop(0)
    return f"{count} B" if units[0] == "B" else f"{amount:.1f} {units[0]}"


def duration(seconds: float) -> str:
    """Return *seconds* as ``12 s``, ``3 min 20 s``, ``1 h 05 min``."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} min"


def counted(count: int, noun: str) -> str:
    """Return *count* and *noun*, in the plural where it is due."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def waiting(count: int) -> str:
    """Return that *count* segments wait for the store, as a clause."""
    return f"{counted(count, 'segment')} {'waits' if count == 1 else 'wait'}"


def tally(counts: Mapping[str, int]) -> str:
    """Return *counts* by name, the largest first: ``robots 12, dns 1``."""
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return ", ".join(f"{name} {count:,}" for name, count in ordered)


def command(*words: str) -> str:
    """Return *words* as a line for the shell."""
    return shlex.join(words)


def capture_object(capture: Capture) -> dict[str, Any]:
    """Return *capture* as a JSON object."""
    names = (
        "url", "timestamp", "status", "mime", "kind", "digest", "sha256", "segment", "filename", "offset",
        "length", "truncated", "urlkey",
    )  # fmt: skip
    return {name: getattr(capture, name) for name in names}
