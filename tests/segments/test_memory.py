"""The memory of a writer does not grow with what it has written."""

import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import sys
sys.path[:0] = {folders!r}
import psutil
from pathlib import Path
from pipelines.segments.open_segment import SegmentOptions
from segments.making import exchange, new_writer, response

options = SegmentOptions(fsync=False, sync_every=256)
writer = new_writer(Path({spool!r}), closed=lambda path: None, options=options)
process = psutil.Process()
seen = []
for start in range(0, 50_000, 500):
    futures = [writer.record(exchange(n, response(b"page %d" % n))) for n in range(start, start + 500)]
    assert all(future.result(60) for future in futures)
    seen.append(process.memory_info().rss)
writer.close()
print(*seen)
"""


@pytest.mark.slow
def test_memory_is_flat_over_50_000_exchanges(tmp_path):
    folders = [str(Path(__file__).parents[2]), str(Path(__file__).parents[1])]
    program = PROGRAM.format(folders=folders, spool=str(tmp_path))
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    seen = [int(each) for each in done.stdout.split()]
    # From 5,000 on: by then all code is loaded and all buffers have their size.
    assert max(seen[10:]) <= 1.1 * seen[9], [f"{each >> 20} MiB" for each in seen[::10]]
