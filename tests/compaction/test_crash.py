"""kill -9 at random moments, while another process reads without pause."""

import os
import random
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from compaction.making import object_count, seen, small_segments
from pipelines.catalog import Catalog
from pipelines.catalog.rebuilding import rebuild
from pipelines.fixity import verify
from segments.making import open_archive

HERE = Path(__file__).parent
KILLS = int(os.environ.get("NEWSWARC_KILLS", "8"))
SEGMENTS = 60


@pytest.fixture
def child(tmp_path):
    """What starts a script of this folder and ends it; it says that it is ready."""
    started = []

    def start(name):
        process = subprocess.Popen(
            [sys.executable, HERE / f"{name}.py", tmp_path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        assert process.stdout.readline() == "ready\n"
        return process

    yield start
    for process in started:
        process.kill()
        process.wait(10)
        process.stdin.close()
        process.stdout.close()


def run(child, target, *, kill_after=None) -> int:
    """Let *child* compact, and return how that ended: minus the signal, or the exit code."""
    child.stdin.write(f"{target}\n")
    child.stdin.flush()
    pid = int(child.stdout.readline())
    if kill_after is not None:
        time.sleep(kill_after)
        # It may have ended by itself.
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    return os.waitstatus_to_exitcode(int(child.stdout.readline()))


def kill_again_and_again(child, size, longest) -> None:
    """Kill runs within *longest* seconds; about half come to their end, however quick the machine is."""
    chance = random.Random(11)
    killed = 0
    for _ in range(6 * KILLS):
        # Each time larger ones, up to all in one: there is always something to merge, and to delete.
        target = int(size / 12 * 24 ** (killed / KILLS))
        was_killed = run(child, target, kill_after=chance.random() * longest) == -signal.SIGKILL
        longest *= 1.4 if was_killed else 0.7
        killed += was_killed
        if killed == KILLS:
            return
    raise AssertionError(f"{killed} runs were killed, {KILLS} should have been")


def test_every_read_succeeds_through_kill_9(tmp_path, child):
    archive = open_archive(tmp_path)
    small_segments(archive, SEGMENTS)
    before = seen(archive)
    size = sum(each.files.warc.size for each in archive.manifests())
    objects = object_count(archive, "archive")
    reader, compacting = child("reading_child"), child("compacting_child")
    began = time.monotonic()
    assert run(compacting, size // 12) == 0
    kill_again_and_again(compacting, size, (time.monotonic() - began) / 4)
    for _ in range(2):
        assert run(compacting, 10 * size) == 0
    reads, moved = map(int, reader.communicate("", timeout=30)[0].split())
    assert reader.returncode == 0
    assert reads > 100
    assert moved > 10
    assert verify(archive.store, "trial").findings == (), "also nothing half made is left"
    archive.sync()
    assert seen(archive) == before
    rebuild(archive.store, "trial", f"sqlite:///{tmp_path / 'anew.sqlite'}")
    anew = Catalog(f"sqlite:///{tmp_path / 'anew.sqlite'}", "trial")
    assert [*anew.all()] == [*archive.catalog.all()]
    anew.close()
    assert objects == SEGMENTS
    assert object_count(archive, "archive") <= 3
    archive.close()
