"""How long a save takes from its POST to its success, beside ``wget -p`` of the same page in the same run.

::

    PYTHONPATH=.:tests python bench/save.py                # a page with 30 requisites, ten times
    PYTHONPATH=.:tests python bench/save.py --latency 0.02 # each answer comes 20 ms late
    PYTHONPATH=.:tests python bench/save.py --burst 200    # so many saves at once

A save includes what wget has not: records on disk, clean text, publication, catalog and search entry. The
first page is left out: it warms both up.
"""

import argparse
import subprocess
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import newsite
from crawler.worker import WorkerProcess
from worker.working import Working, pages


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--pages", type=int, default=10)
    parser.add_argument("--latency", type=float, default=0.0, help="seconds that each answer comes late")
    parser.add_argument("--burst", type=int, default=0, help="saves at once, of pages with ten requisites")
    given = parser.parse_args()
    count, parts = (given.burst, 10) if given.burst else (given.pages + 1, 30)
    site_pages = {path: page for n in range(count) for path, page in pages(parts, name=f"s{n}").items()}
    with newsite.running(site_pages) as site, TemporaryDirectory() as folder:
        site.delay = given.latency
        urls = [f"{site.url}s{n}" for n in range(count)]
        saving = Working(Path(folder))
        with saving.worker() as worker:
            measure = _burst if given.burst else _one_by_one
            measure(saving, worker, urls)
        saving.close()


def _one_by_one(saving: Working, worker: WorkerProcess, urls: list[str]) -> None:
    ours, theirs = [], []
    for url in urls:
        start = time.perf_counter()
        save = saving.ended(saving.add(url), worker)
        between = time.perf_counter()
        with TemporaryDirectory() as folder:
            subprocess.run(["wget", "-q", "-p", "-P", folder, url], check=True)
        theirs.append(time.perf_counter() - between)
        ours.append(between - start)
        assert len(save.resources) == 31, save
    ours, theirs = ours[1:], theirs[1:]
    ratio = median(ours) / median(theirs)
    print(f"save p50 {median(ours):.3f} s, wget -p p50 {median(theirs):.3f} s, ratio {ratio:.2f}")


def _burst(saving: Working, worker: WorkerProcess, urls: list[str]) -> None:
    start = time.monotonic()
    ids = [saving.add(url) for url in urls]
    saves = [saving.ended(id_, worker, timeout=600) for id_ in ids]
    seconds = time.monotonic() - start
    waited = sorted((save.finished - save.created).total_seconds() for save in saves)
    failed = sum(save.error is not None for save in saves)
    print(f"{len(saves)} saves, {failed} failed, {len(saves) / seconds:.1f} a second")
    print(f"p50 {median(waited):.2f} s, p95 {waited[int(len(waited) * 0.95)]:.2f} s from POST to success")


if __name__ == "__main__":
    main()
