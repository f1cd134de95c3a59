"""What ``newswarc takedown`` prints."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from crawler.cli.words import capture_object, counted, printable
from pipelines.takedown import Action

if TYPE_CHECKING:
    from pipelines.takedown import Plan, Purged, Remnant, Takedown

HEAD = ("id", "action", "what", "state", "who", "reason")
_SHOWN = 20


def show_plan(plan: "Plan", *, held: int, as_json: bool) -> None:
    """Show what a purge would do, *held* of it under legal hold: in words on standard error, or as JSON."""
    groups = {"captures": plan.captures, "dependent": plan.dependent, "elsewhere": plan.elsewhere}
    if as_json:
        told: dict[str, Any] = {name: [*map(capture_object, found)] for name, found in groups.items()}
        print(json.dumps({**told, "segments": plan.takedown.segments, "held": held}, indent=1))
        return
    say = _err
    segments = counted(len(plan.takedown.segments), "segment")
    say(f"{plan.takedown.target}: {counted(len(plan.captures), 'capture')} in {segments}")
    words = {
        "captures": "would go",
        "dependent": "go as well where they stand for that content",
        "elsewhere": "stay, with the same content; --everywhere takes them too",
    }
    for name, found in groups.items():
        for capture in found[:_SHOWN]:
            say(f"  {capture.timestamp} {capture.kind:<8} {capture.url}  ({words[name]})")
        if len(found) > _SHOWN:
            say(f"  and {len(found) - _SHOWN:,} more that {words[name]}")
    if held:
        say(f"  {counted(held, 'capture')} under legal hold")


def _err(line: str) -> None:

    print(printable(line), file=sys.stderr)


def told_of(left: "list[Remnant]") -> int:
    """Tell what is left of a purge, and return the exit code of that."""
    for each in left[:_SHOWN]:
        _err(f"left: {each.key} at {each.offset}: {each.words}")
    if len(left) > _SHOWN:
        _err(f"and {len(left) - _SHOWN:,} more")
    return 14 if left else 0


def purged_object(done: "Purged", left: "list[Remnant]") -> dict[str, Any]:
    """Return what a purge did as a JSON object."""
    return {**json.loads(done.to_json()), "left": [*map(remnant_object, left)]}


def remnant_object(each: "Remnant") -> dict[str, Any]:
    """Return what is left as a JSON object."""
    return {"key": each.key, "offset": each.offset, "words": each.words}


def row(entry: "Takedown", *, is_active: bool, is_done: bool) -> tuple[str, ...]:
    """Return the cells of *entry* below :data:`HEAD`."""
    state = "in force" if is_active else "lifted"
    if entry.action is Action.PURGE:
        state = "done" if is_done else "unfinished"
    elif entry.action is Action.LIFT:
        state = ""
    what = f"lifts {entry.lifts}" if entry.target is None else str(entry.target)
    return (entry.id, entry.action, what, state, entry.who, entry.reason)


@contextmanager
def bar(words: str) -> Iterator[Any]:
    """Give what shows progress, where standard error is a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(words, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
