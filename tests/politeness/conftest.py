"""Whole crawls of a small spider, each in a process of its own."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@dataclass
class Crawled:
    became: dict
    stats: dict
    errors: str

    def __getitem__(self, url):
        """Return what became of *url*: its status or the reason code."""
        return self.became[url][0]


def crawl(database, urls, *, job="job", store=None, archive=None, **settings):
    """Crawl *urls* with settings of Scrapy's and the state database *database*, a file."""
    task = {
        "urls": urls,
        "database": f"sqlite:///{database}",
        "job": job,
        "settings": settings,
        "archive": store and {"store.url": str(store), "segments.min_free": 0, **(archive or {})},
    }
    done = subprocess.run(
        [sys.executable, "-W", "error::ResourceWarning", str(Path(__file__).with_name("asking.py"))],
        input=json.dumps(task),
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return Crawled(**json.loads(done.stdout), errors=done.stderr)


@pytest.fixture(scope="session")
def run_crawl():
    return crawl
