import asyncio
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import CancelledError
from pathlib import Path

import psutil
import pytest

from extract import worker_calls as calls
from pipelines.errors import ExtractionError
from pipelines.extract import EXTRACTOR, NO_RULES, Quality, Workers, extract_recorded
from pipelines.extract.article import given_up
from pipelines.extract.workers import CutOff


@pytest.fixture
def workers():
    with Workers(2, preload=(), cpu_seconds=1, wall_seconds=30) as pool:
        yield pool


def gone(pid: int, seconds: float = 10) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.02)
    return False


def children() -> set[int]:
    return {child.pid for child in psutil.Process().children()}


def test_a_page_is_extracted_elsewhere():
    with Workers(1) as pool:
        page = b"<title>Clock</title><p>The clock is slow and nobody minds that it is.</p>"
        article = pool.submit(extract_recorded, page, "https://quay.example/", (), NO_RULES).result(30)
    assert article.title == "Clock"
    assert article.quality is Quality.FULL


def test_calls_run_in_other_processes(workers):
    found = {workers.submit(calls.pid).result(30) for _ in range(20)}
    assert found <= set(workers.processes)
    assert os.getpid() not in found


def test_both_workers_work_at_once(workers):
    workers.submit(calls.pid).result(30)
    start = time.monotonic()
    for future in [workers.submit(calls.sleep, 0.6) for _ in range(2)]:
        future.result(30)
    assert time.monotonic() - start < 1.1


def test_the_functions_own_error_comes_back(workers):
    with pytest.raises(ValueError, match="no such quay"):
        workers.submit(calls.fail).result(30)
    assert workers.restarts == 0


@pytest.mark.parametrize("function", [calls.fail_stubbornly, calls.unspeakable])
def test_what_cannot_be_handed_over_is_told(workers, function):
    with pytest.raises(ExtractionError, match="cannot be handed over"):
        workers.submit(function).result(30)
    assert workers.restarts == 0


def test_a_call_that_cannot_be_sent_is_refused(workers):
    with pytest.raises(ExtractionError, match="cannot be sent"):
        workers.submit(lambda: None)


@pytest.mark.parametrize(("function", "told"), [(calls.die, "SIGKILL"), (calls.leave, "exit 3")])
def test_a_dying_worker_fails_its_own_call_only(workers, function, told):
    futures = [workers.submit(calls.sleep, 0.2), workers.submit(function), workers.submit(calls.sleep, 0.1)]
    with pytest.raises(ExtractionError, match=f"a worker died \\({told}\\)"):
        futures[1].result(30)
    assert [futures[0].result(30), futures[2].result(30)] == [0.2, 0.1]
    assert workers.restarts == 1
    assert len(set(workers.processes)) == 2


def test_what_was_cut_off_says_why_and_can_be_handed_on(workers):
    with pytest.raises(CutOff) as caught:
        workers.submit(calls.die).result(30)
    assert caught.value.why == "a worker died (SIGKILL)"
    copy = pickle.loads(pickle.dumps(caught.value))
    assert (copy.why, str(copy)) == (caught.value.why, str(caught.value))
    article = given_up("https://quay.example/", copy.why, rules="quay/1")
    assert (article.quality, article.reasons) == (Quality.EMPTY, ("cut off: a worker died (SIGKILL)",))
    assert (article.extractor, article.rules) == (EXTRACTOR, "quay/1")


def test_a_worker_killed_while_idle_is_replaced_unseen(workers):
    workers.submit(calls.pid).result(30)
    for victim in workers.processes:
        os.kill(victim, signal.SIGKILL)
        os.waitid(os.P_PID, victim, os.WEXITED | os.WNOWAIT)
    assert len([workers.submit(calls.pid).result(30) for _ in range(6)]) == 6
    assert workers.restarts >= 1


def test_a_call_over_its_cpu_is_cut_off_even_in_c_code(workers):
    start = time.monotonic()
    with pytest.raises(ExtractionError, match="ran over 1 s of CPU"):
        workers.submit(calls.spin_holding_the_lock).result(60)
    assert time.monotonic() - start < 25
    assert workers.submit(calls.sleep, 0).result(30) == 0


def test_the_cpu_of_many_short_calls_does_not_add_up():
    with Workers(1, preload=(), cpu_seconds=0.4) as pool:
        assert all(pool.submit(sum, range(2_000_000)).result(30) for _ in range(30))
        assert pool.restarts == 0


def test_a_call_over_its_time_is_cut_off():
    with Workers(1, preload=(), wall_seconds=0.5) as pool:
        pool.submit(calls.pid).result(30)
        with pytest.raises(ExtractionError, match=r"no answer within 0\.5 s"):
            pool.submit(calls.sleep, 30).result(20)
        assert pool.submit(calls.sleep, 0).result(30) == 0


def test_a_grown_worker_is_replaced_after_its_call():
    with Workers(1, preload=(), memory=200 << 20) as pool:
        grown = pool.submit(calls.grow, 300).result(30)
        assert pool.submit(calls.pid).result(30) != grown
        assert pool.restarts == 1
        assert gone(grown)


def test_submit_waits_while_the_limit_is_reached():
    with Workers(1, preload=(), limit=2) as pool:
        first = pool.submit(calls.sleep, 0.5)
        second = pool.submit(calls.sleep, 0)
        assert pool.full
        third = pool.submit(calls.sleep, 0)
        assert first.done()
        assert [future.result(30) for future in (second, third)] == [0, 0]
        assert not pool.full


def test_a_waiting_call_can_be_cancelled():
    with Workers(1, preload=()) as pool:
        pool.submit(calls.sleep, 0.3)
        waiting = pool.submit(calls.sleep, 0)
        assert waiting.cancel()
        with pytest.raises(CancelledError):
            waiting.result(5)
        assert pool.submit(calls.sleep, 0).result(30) == 0


def test_close_waits_for_what_was_taken_and_leaves_nothing():
    before = children()
    pool = Workers(2, preload=())
    futures = [pool.submit(calls.sleep, 0.1) for _ in range(6)]
    pool.close()
    assert all(future.done() for future in futures)
    assert children() <= before
    with pytest.raises(ExtractionError, match="closed"):
        pool.submit(calls.pid)


def test_abort_fails_what_is_open_and_leaves_nothing():
    before = children()
    pool = Workers(1, preload=(), limit=3)
    futures = [pool.submit(calls.sleep, 60) for _ in range(3)]
    told: list[str] = []

    def wait_for_room():
        try:
            pool.submit(calls.sleep, 60)
        except ExtractionError as error:
            told.append(str(error))

    waiter = threading.Thread(target=wait_for_room)
    waiter.start()
    start = time.monotonic()
    pool.abort()
    waiter.join(10)
    assert time.monotonic() - start < 10
    assert told == ["extraction: the workers are closed"]
    for future in futures:
        with pytest.raises(ExtractionError, match="aborted") as caught:
            future.result(1)
        # Nothing is known of the page: another worker may well read it.
        assert not isinstance(caught.value, CutOff)
    assert children() <= before


def test_an_event_loop_can_wait(workers):
    async def run() -> list[float]:
        futures = [asyncio.wrap_future(workers.submit(calls.sleep, 0.01)) for _ in range(5)]
        return await asyncio.gather(*futures)

    assert asyncio.run(run()) == [0.01] * 5


def test_ctrl_c_is_the_parents(workers):
    assert workers.submit(calls.interrupt_is_ignored).result(30)
    victim = workers.submit(calls.pid).result(30)
    os.kill(victim, signal.SIGINT)
    time.sleep(0.1)
    assert victim in [workers.submit(calls.pid).result(30) for _ in range(10)]


PARENT = """
import sys, time
from extract import worker_calls as calls
from pipelines.extract import Workers
pool = Workers(2, preload=())
pool.submit(calls.pid).result()
if sys.argv[1] == "busy":
    pool.submit(calls.sleep, 60), pool.submit(calls.sleep, 60)
    time.sleep(0.3)
print(*pool.processes, flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize("state", ["idle", "busy"])
def test_workers_go_when_their_parent_is_killed(state):
    root = Path(__file__).parents[2]
    path = os.pathsep.join([str(root), str(root / "tests")])
    command = [sys.executable, "-c", PARENT, state]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": path}
    ) as parent:
        assert parent.stdout is not None
        pids = [int(word) for word in parent.stdout.readline().split()]
        assert len(pids) == 2
        parent.kill()
    assert all(gone(pid) for pid in pids)


def test_the_package_is_cheap_to_import():
    code = """
import sys, pipelines.extract
from pipelines.extract import Workers
loaded = {name.split(".")[0] for name in sys.modules}
heavy = loaded & {"lxml", "trafilatura", "pyarrow", "charset_normalizer"}
assert not heavy, heavy
"""
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[2])
