import fcntl
import os
import subprocess
import sys
from pathlib import Path

import pytest

import newsite
from crawler.config import load
from crawler.jobs import JobProcess, new_job

ROOT = Path(__file__).parents[2]
PEERS = Path(os.environ.get("PEERS", ROOT / ".peers"))
PINNED = ("pywb==2.10.0", "wacz==0.6.0", "cdxj-indexer==1.5.0", "setuptools<81")


@pytest.fixture(scope="session")
def peers():
    """Return a function that runs a command of the other programs, from an environment of their own."""
    PEERS.mkdir(exist_ok=True)
    with (PEERS / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (PEERS / "bin" / "wacz").exists():
            subprocess.run([sys.executable, "-m", "venv", str(PEERS)], check=True)
            subprocess.run([PEERS / "bin" / "pip", "install", "-q", *PINNED], check=True)

    def run(command, *arguments):
        done = subprocess.run(
            [PEERS / "bin" / command, *map(str, arguments)], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout + done.stderr

    return run


@pytest.fixture(scope="session")
def peers_folder(peers):
    """Where the other programs are installed."""
    return PEERS


@pytest.fixture(scope="session")
def crawled(tmp_path_factory):
    """Return the store of two crawls of one site, by the real job: the second one gives revisits."""
    store = tmp_path_factory.mktemp("store")
    flags = {
        "store.url": str(store),
        "crawl.delay": 0,
        "crawl.max_pages": 40,
        "crawl.allow_address": ["127.0.0.0/8"],
        "segments.min_free": 0,
        "segments.max_bytes": 400_000,
    }
    with newsite.running(newsite.daily(articles=30, seed=3)) as site:
        for _ in range(2):
            *_, last = JobProcess(new_job((site.url,), load(flags, environ={}))).events()
            assert last.exit_code == 0, last
    return store
