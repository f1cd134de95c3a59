"""Several servers and workers, each a process, on one database."""

import subprocess
import sys
from collections import Counter
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from crawler.saves import Keys, Saves, State
from crawler.state import Database

SCRIPT = Path(__file__).with_name("crowd.py")


@pytest.fixture
def real(url):
    """The database, by the clock that the processes go by too."""
    with Database(url) as found:
        Keys(found).add("anna", per_minute=1000, concurrent=1000)
        yield found


@contextmanager
def process(role, url, first, last):
    command = [sys.executable, str(SCRIPT), role, url, str(first), str(last)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as found:
        try:
            yield found
        finally:
            found.kill()


def go(*found):
    for each in found:
        assert each.stdout.readline() == "ready\n"
    for each in found:
        each.stdin.write("go\n")
        each.stdin.flush()


def said(*found):
    lines = []
    for each in found:
        lines += each.stdout.read().split("\n")[:-1]
        assert each.wait() == 0
    return lines


def test_workers_never_lease_one_save_twice_and_do_what_a_killed_one_had(url, real):
    with ExitStack() as stack:
        servers = [stack.enter_context(process("server", url, first, first + 40)) for first in (0, 40)]
        dying, *workers = (stack.enter_context(process("worker", url, 0, 80)) for _ in range(3))
        go(*servers, dying, *workers)
        before = [dying.stdout.readline() for _ in range(4)]
        dying.kill()
        dying.wait()  # until then its number is taken, and it counts as living
        before += dying.stdout.readlines()
        added, leased = said(*servers), said(*workers)
    found = Saves(real, "news").recent(limit=500)
    assert {save.state for save in found} == {State.SUCCESS}
    assert Counter(added) == Counter(save.id for save in found)
    assert len(found) == 80
    # Each once, but for the three at most that the dead one had then, told or not.
    assert max(Counter(line.split()[0] for line in leased).values()) == 1
    told = Counter(line.split()[0] for line in (*before, *leased))
    again = {save.id for save in found if save.attempts == 2}
    assert len(again) <= 3
    assert {each for each, times in told.items() if times > 1} <= again
    assert {save.attempts for save in found if save.id not in again} == {1}
    assert told.keys() == {save.id for save in found}
