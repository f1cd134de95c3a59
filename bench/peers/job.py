"""newswarc's whole job, as the command line starts it: ``job.py PROFILE STORE [--hops N] [--probe]``.

With ``--probe`` the file STORE.probe tells how the job's reactor fared.
"""

import argparse
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import crawler.jobs.process
from crawler.config import load
from crawler.jobs import JobProcess, new_job


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("profile")
    parser.add_argument("store")
    parser.add_argument("--hops", type=int, default=0)
    parser.add_argument("--pages", type=int)
    parser.add_argument("--no-text", dest="text", action="store_false")
    parser.add_argument("--concurrency", type=int, default=16)
    parser.add_argument("--probe", action="store_true")
    options = parser.parse_args()
    probe = Path(options.store).with_suffix(".probe")
    if options.probe:
        os.environ["BENCH_PROBE"] = str(probe)
        # The job's process is the real one but for one extension more.
        vars(crawler.jobs.process)["subprocess"] = SimpleNamespace(Popen=_probed, PIPE=subprocess.PIPE)
    config = load(
        {
            "store.url": options.store,
            "crawl.delay": 0,
            "crawl.concurrency": options.concurrency,
            "crawl.hops": options.hops,
            "crawl.max_pages": options.pages,
            "crawl.text": options.text,
            "crawl.allow_address": ["127.0.0.0/8"],
            "segments.min_free": 0,
        }
    )
    log = Path(options.store).with_suffix(".log")
    job = replace(new_job((options.profile,), config, log_file=log), log_level="WARNING")
    last = None
    crawled = 0.0
    for event in JobProcess(job).events():
        if last is None or event.pages != last.pages:
            crawled = event.elapsed
        last = event
    assert last is not None
    told = {"pages": last.pages, "articles": last.articles, "crawl_wall": crawled, "reason": last.reason}
    told |= {"error": last.error}
    if options.probe:
        told |= {"probe": json.loads(probe.read_text())}
    sys.stdout.write(json.dumps(told) + "\n")
    sys.exit(last.exit_code)


def _probed(command: list[str], **rest: Any) -> "subprocess.Popen[bytes]":  # noqa: ANN401 - whatever Popen takes
    return subprocess.Popen(
        [part.replace("crawler.jobs.child", "bench.peers.probed") for part in command], **rest
    )


if __name__ == "__main__":
    main()
