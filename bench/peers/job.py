"""newswarc's whole job, as the command line starts it: ``job.py PROFILE STORE [--hops N] [--no-text]``."""

import argparse
import json
import sys
from dataclasses import replace
from pathlib import Path

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
    options = parser.parse_args()
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
    sys.stdout.write(json.dumps(told | {"error": last.error}) + "\n")
    sys.exit(last.exit_code)


if __name__ == "__main__":
    main()
