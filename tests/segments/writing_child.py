"""A process that records and prints what it was told is on disk, until it is killed."""

import random
import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parents[1])]

from pipelines.archive import Archive, RecordingOptions  # noqa: E402
from pipelines.segments.open_segment import SegmentOptions  # noqa: E402
from pipelines.storage import LocalStore  # noqa: E402
from segments.making import JOB, exchange, failure, page, response  # noqa: E402


def main(folder: Path, start: int) -> None:
    archive = Archive(LocalStore(folder / "store"), "trial", folder / "state")
    options = SegmentOptions(max_bytes=60_000, sync_every=8)
    recording = archive.record(JOB, RecordingOptions(options, min_free=0))
    chance = random.Random(start)
    for number in range(start, start + 100_000):
        words = chance.choice([5, 60, 400])
        wire = response(page(number % 50, words=words), sizes=[100] if number % 3 else None)
        future = recording.writer.record(exchange(number, wire))
        future.add_done_callback(lambda future: print(future.result().capture.url, flush=True))
        if not number % 11:
            recording.writer.log(failure(number))
        if not number % 7:
            future.result(10)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
