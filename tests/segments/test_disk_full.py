"""A disk that is really full: a small file system of its own."""

import os
import random
import shutil
import subprocess

import pytest

from pipelines.errors import SpoolFull
from pipelines.fixity import verify
from pipelines.segments.names import SegmentName
from pipelines.segments.open_segment import SegmentOptions
from pipelines.segments.publishing import Publisher
from pipelines.segments.recovery import survey
from pipelines.segments.spool import WriterFolder
from pipelines.storage import MemoryStore
from segments.making import exchange, ignore, new_writer, response


@pytest.fixture
def small_disk(tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = shutil.which("mount")
    if os.geteuid() != 0 or not mount:
        pytest.skip("a small file system can only be mounted by root")
    done = subprocess.run(
        [mount, "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk], capture_output=True, check=False
    )
    if done.returncode:
        pytest.skip(f"no small file system can be mounted here: {done.stderr.decode().strip()}")
    yield disk
    subprocess.run(["umount", "-l", disk], check=True)


def photo(number):
    """A response that cannot be compressed."""
    return response(random.Random(number).randbytes(20_000), b"Content-Type: image/jpeg")


def check_open_segments(spool):
    """None holds anything beyond its last exchange."""
    for path in spool.rglob("*.open"):
        found = survey(path, path.parent / "journal", SegmentName.parse(path.parent.name))
        assert found.end == path.stat().st_size


@pytest.mark.parametrize("sync_every", [1, 16])
@pytest.mark.parametrize("filler", [300_000, 900_000, 990_000])
def test_stops_cleanly_and_goes_on_when_there_is_room(small_disk, sync_every, filler):
    ballast = small_disk / "ballast"
    ballast.write_bytes(bytes(filler))
    store, spool = MemoryStore(), small_disk / "spool"
    spool.mkdir()
    options = SegmentOptions(sync_every=sync_every)
    folder = WriterFolder.acquire(spool)
    writer = new_writer(spool, closed=ignore, options=options, folder=folder)
    futures = [writer.record(exchange(n, photo(n))) for n in range(80)]
    taken = [future.result(10).capture.url for future in futures if not future.exception(10)]
    refused = [future.exception(10) for future in futures if future.exception(10)]
    assert refused
    assert all(isinstance(err, SpoolFull) for err in refused)
    assert "make room, then run the same command again" in str(writer.broken)
    assert len(taken) > 3 or filler > 300_000
    writer.close()
    check_open_segments(spool)
    # Nothing can be sealed on a full disk; it waits.
    ballast.write_bytes(b"")
    for waste in spool.rglob("digests.sqlite"):
        waste.unlink()
    publisher = Publisher(folder, store, published=ignore)
    assert publisher.close(30) == []
    again = new_writer(spool, closed=ignore, options=options, folder=folder)
    taken.append(again.record(exchange(999)).result(10).capture.url)
    again.close()
    publisher = Publisher(folder, store, published=ignore)
    assert publisher.close(30) == []
    folder.release()
    report = verify(store, "trial")
    assert report.findings == ()
    kept = b"".join(store.get(found.key) for found in store.list("trial/indexes/")).decode()
    assert all(f'"{url}"' in kept for url in taken)
