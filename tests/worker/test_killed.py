"""Workers that are killed at any moment: every save ends, and nothing is lost or captured twice."""

import random
import time
from collections import Counter

import pytest

import newsite
from crawler.saves import State
from worker.working import pages

SAVES = 50


def _ended(saving):
    return [save for save in saving.saves.recent(limit=SAVES) if not save.pending]


def _kill(saving, moments):
    """Let a worker run until one save more than before has ended and a moment has passed, then kill it."""
    before = len(_ended(saving))
    with saving.worker() as worker:
        while len(_ended(saving)) == before and worker.poll() is None:
            moments.wait()
        moments.wait()
        worker.kill()


class _Moments:
    def __init__(self, seed):
        self._random = random.Random(seed)

    def wait(self):
        time.sleep(self._random.uniform(0.01, 0.15))


@pytest.mark.slow
def test_killed_workers_lose_nothing_and_capture_nothing_twice(working):
    saving = working()
    site_pages = {}
    for n in range(SAVES):
        site_pages |= pages(5, name=f"s{n}")
    with newsite.running(site_pages) as site:
        ids = [saving.add(f"{site.url}s{n}") for n in range(SAVES)]
        moments = _Moments(7)
        # What is begun a fourth time fails instead.
        for _ in range(2):
            _kill(saving, moments)
        with saving.worker(drain=True) as worker:
            assert worker.wait(60) == 0, saving.log()
        base = site.url
    saves = [saving.saves.get(id_) for id_ in ids]
    assert {save.state for save in saves} == {State.SUCCESS}, [save for save in saves if save.error]
    assert max(save.attempts for save in saves) > 1, "none was begun again"
    captures = Counter(capture.url for capture in saving.captures())
    del captures[f"{base}robots.txt"]
    assert captures == {base.rstrip("/") + path: 1 for path in site_pages}
    assert all(len(save.resources) == 6 and save.segments for save in saves)
    left = list(saving.archive().spool.glob("*/news-*"))
    assert left == []
