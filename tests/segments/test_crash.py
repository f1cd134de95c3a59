"""kill -9 at random moments, with a real process, real files and real fsync."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from pipelines.fixity import verify
from segments.making import open_archive, read_by_all, warc_of

CHILD = Path(__file__).with_name("writing_child.py")
KILLS = int(os.environ.get("NEWSWARC_KILLS", "4"))


def told(folder, start, chance) -> list[str]:
    """Let a child record, kill it, and return what it was told is on disk."""
    output = folder / f"told-{start}"
    with output.open("wb") as file:
        child = subprocess.Popen([sys.executable, CHILD, folder, str(start)], stdout=file)
        try:
            deadline = time.monotonic() + 30
            while not output.stat().st_size and time.monotonic() < deadline:
                assert child.poll() is None
                time.sleep(0.002)
            time.sleep(chance.random() ** 2 * 0.8)
        finally:
            child.send_signal(signal.SIGKILL)
            child.wait(10)
    lines = output.read_text().split("\n")
    # The last line may be torn; whole ones were printed after the future had its result.
    return lines[:-1]


def test_what_was_told_survives_kill_9(tmp_path):
    chance = random.Random(4)
    acknowledged = Counter()
    for run in range(KILLS):
        acknowledged.update(told(tmp_path, run * 100_000, chance))
    assert sum(acknowledged.values()) > KILLS * 3
    archive = open_archive(tmp_path)
    archive.publish_left(60)
    archive.sync()
    report = verify(archive.store, "trial", workers=2)
    # The child may die between an upload and its manifest; by now all of that is finished.
    assert report.findings == ()
    assert Counter(capture.url for capture in archive.catalog.all()) >= acknowledged
    assert [*archive.spool.glob("*/*/")] == []
    for manifest in archive.manifests():
        read_by_all(warc_of(archive, manifest))
    archive.close()
