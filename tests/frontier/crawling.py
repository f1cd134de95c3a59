"""Crawls in processes of their own, and what became of them."""

import json
import os
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from sqlalchemy import text

from crawler.state import Database

ROOT = Path(__file__).parents[2]


def start(first, database, job="job-1", **settings):
    """Start to crawl from the URL *first*, with the database of that URL."""
    script = str(Path(__file__).with_name("following.py"))
    command = [sys.executable, "-W", "error::ResourceWarning", script, first, database, job]
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        [*command, json.dumps(settings)], env=environ, cwd=ROOT, stderr=subprocess.PIPE, text=True
    )


def end(crawl, timeout=120):
    """Wait for *crawl* to end well, and return what it logged."""
    _, errors = crawl.communicate(timeout=timeout)
    assert crawl.returncode == 0, errors
    return errors


def rows(database, query):
    with Database(database) as opened, opened.transaction() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def states(database):
    return dict(rows(database, "select url, state from frontier_entries"))


def wait_until(condition, seconds=60):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def fetched(site):
    return Counter(f"{site.url.rstrip('/')}{exchange.path}" for exchange in site.exchanges)
