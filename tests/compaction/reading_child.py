"""Read random captures of a list taken once, and count what the manifests hold, until the input ends."""

import hashlib
import random
import select
import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parents[1])]

from pipelines.archive import Archive  # noqa: E402
from pipelines.segments.manifest import read_manifests  # noqa: E402
from pipelines.storage import LocalStore  # noqa: E402


def main(folder: Path) -> None:
    archive = Archive(LocalStore(folder / "store"), "trial", folder / "reader")
    archive.sync()
    captures = list(archive.catalog.all())
    chance = random.Random(7)
    print("ready", flush=True)
    reads = moved = 0
    while not select.select([sys.stdin], [], [], 0)[0]:
        for capture in chance.choices(captures, k=20):
            stored = archive.open(capture)
            digest = hashlib.sha256(stored.payload).hexdigest()
            assert digest == capture.sha256, capture
            assert stored.capture.url == capture.url
            reads += 1
            moved += stored.capture.segment != capture.segment
        current, _ = read_manifests(archive.store, "trial")
        assert sum(each.counts.captures for each in current) == len(captures), current
    print(reads, moved, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
