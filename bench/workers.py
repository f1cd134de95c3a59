"""What a call to a worker costs the parent: 25 kB in, 10 kB out; ours, pebble, concurrent.futures.

PYTHONPATH=. python bench/workers.py [--calls 1000]
"""

import argparse
import importlib
import importlib.util
import multiprocessing
import os
import statistics
import time
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor

from pipelines.extract.workers import Workers

Submit = Callable[[bytes], "Future[bytes]"]


def measured(submit: Submit, calls: int) -> str:
    argument = os.urandom(25_000)
    for _ in range(20):
        submit(argument).result()
    cpu, wall = time.process_time(), time.perf_counter()
    pending: list[Future[bytes]] = []
    for _ in range(calls):
        pending.append(submit(argument))
        if len(pending) > 6:
            pending.pop(0).result()
    for future in pending:
        future.result()
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    latency = sorted(_timed(submit, argument) for _ in range(200))
    idle = time.process_time()
    time.sleep(2)
    idle = (time.process_time() - idle) / 2
    return (
        f"parent {cpu / calls * 1000:.3f} ms CPU a call, {calls / wall:6.0f} calls/s, "
        f"latency {statistics.median(latency):.2f} ms (p95 {latency[190]:.2f}), "
        f"idle {idle * 1000:.2f} ms CPU a second"
    )


def shortened(data: bytes) -> bytes:
    return data[:10_000]


def _timed(submit: Submit, argument: bytes) -> float:
    start = time.perf_counter()
    submit(argument).result()
    return (time.perf_counter() - start) * 1000


def main() -> None:

    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--calls", type=int, default=1000)
    calls = parser.parse_args().calls
    spawn = multiprocessing.get_context("spawn")
    with Workers(2, preload=()) as workers:
        print("ours   ", measured(lambda data: workers.submit(shortened, data), calls))
    with ProcessPoolExecutor(2, mp_context=spawn) as executor:
        print("futures", measured(lambda data: executor.submit(shortened, data), calls))
    if importlib.util.find_spec("pebble") is None:
        return
    pool = importlib.import_module("pebble").ProcessPool(max_workers=2, context=spawn)
    print("pebble ", measured(lambda data: pool.schedule(shortened, args=(data,), timeout=60), calls))
    pool.stop()
    pool.join()


if __name__ == "__main__":
    # A worker knows functions by their module, and this one is __main__.
    shortened = importlib.import_module("bench.workers").shortened
    main()
