"""What Twisted's client and Scrapy's parser bring of each case: it may change with their versions."""

import json
import os
import subprocess
import sys
from pathlib import Path

import newsite
from newsite.oracle import CASES

TESTS = Path(__file__).parents[1]


def test_what_twisted_and_scrapy_bring():
    with newsite.running() as site:
        answer = subprocess.run(
            [sys.executable, Path(__file__).with_name("ask_clients.py"), site.url.rstrip("/"), *CASES],
            capture_output=True,
            check=True,
            text=True,
            timeout=120,
            env={**os.environ, "PYTHONPATH": str(TESTS)},
        )
    brought = {
        (name, client): what
        for name, each in json.loads(answer.stdout).items()
        for client, (what, _) in each.items()
    }
    expected = {
        (case.name, client): what
        for case in CASES.values()
        for client, what in (("twisted", case.twisted), ("scrapy", case.scrapy))
    }
    assert brought == expected
