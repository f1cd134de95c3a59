"""Runs the job on its input, and kills its own process at a point of it, or has an error raised there:

python dying.py POINT

Without having died it prints the job's last word, as JSON.
"""

import os
import pickle
import signal
import sys
from functools import wraps

from crawler.frontier.buffer import Buffer
from crawler.jobs import child
from crawler.ledger import Ledger, State
from crawler.recorder.recorder import Recorder
from crawler.spiders.pages import PageBook
from crawler.spiders.selection import Selection
from pipelines.errors import JobError, NewswarcError


def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)


def after(owner, name, *, when=lambda *_, **__: True, before=False):
    """Die after, or *before*, the first call of *name* of *owner* whose arguments *when* accepts."""
    original = getattr(owner, name)

    @wraps(original)
    def called(*args, **given):
        is_it = when(*args, **given)
        if is_it and before:
            die()
        result = original(*args, **given)
        if is_it:
            die()
        return result

    setattr(owner, name, called)


def has_pages(buffer, *_):
    return any("/page" in entry.url for entry in buffer.added)


def has_ends(buffer, *_):
    return any(ended.state == "done" for ended in buffer.ended) and not buffer.added


POINTS = {
    "announced": lambda: after(
        Ledger, "announce", when=lambda _ledger, _source, urls, *_, **__: len(urls) > 3
    ),
    "visited": lambda: after(Ledger, "source_visited"),
    "enqueued": lambda: after(Buffer, "write", when=has_pages),
    "answered": lambda: after(PageBook, "answered"),
    "settled": lambda: after(
        Ledger,
        "flush",
        when=lambda ledger: any(s.state is State.CAPTURED for s in ledger._unsettled.values()),
    ),
    "ended": lambda: after(Buffer, "write", when=has_ends),
    "finished": lambda: after(Recorder, "finish"),
    "forgotten": lambda: after(child, "_export_ledger", before=True),
}


def fails(owner, name, error):
    """Have *name* of *owner* raise *error*, each time."""

    def called(*_, **__):
        raise error

    setattr(owner, name, called)


FAULTS = {
    "source": lambda: fails(Selection, "_further", ValueError("a bug")),
    "page": lambda: fails(PageBook, "answered", ValueError("a bug")),
    "ledger": lambda: fails(Ledger, "announce", JobError("state: the database is gone")),
    "start": lambda: fails(Ledger, "pending", JobError("state: the database is gone")),
}

if __name__ == "__main__":
    (POINTS | FAULTS)[sys.argv[1]]()
    spec = pickle.load(sys.stdin.buffer)
    child._log_to(spec)
    ours, theirs = os.pipe()
    os.set_blocking(ours, False)
    try:
        last = child._run(spec, theirs)
    except NewswarcError as error:
        sys.exit(f"{type(error).__name__}: {error}")
    print(last.to_json())
