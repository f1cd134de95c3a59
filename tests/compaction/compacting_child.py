"""For each line on standard input: compact in a process forked for it, say its number, and how it ended."""

import os
import sys
import warnings
from dataclasses import replace
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parents[1])]

from compaction.making import AT_ONCE, work  # noqa: E402
from pipelines.compaction import compact  # noqa: E402
from pipelines.storage import LocalStore  # noqa: E402


def main(folder: Path) -> None:
    store = LocalStore(folder / "store")
    print("ready", flush=True)
    for line in sys.stdin:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            pid = os.fork()
        if pid == 0:
            code = 1
            try:
                compact(store, "trial", work(folder), options=replace(AT_ONCE, target=int(line)))
                code = 0
            finally:
                os._exit(code)
        print(pid, flush=True)
        print(os.waitpid(pid, 0)[1], flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
