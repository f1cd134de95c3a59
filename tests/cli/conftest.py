import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

import newsite

ROOT = Path(__file__).parents[2]


def environment(**more):
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("NEWSWARC_")}
    paths = os.pathsep.join((str(ROOT), str(ROOT / "tests")))
    return {**inherited, "PYTHONPATH": paths, "NEWSWARC_SEGMENTS__MIN_FREE": "0", **more}


class Command:
    """Runs ``python -m crawler`` in a folder of its own, as a shell would."""

    def __init__(self, folder):
        self.folder = folder

    def start(self, *words, env=(), **streams):
        line = [sys.executable, "-m", "crawler", *map(str, words)]
        return subprocess.Popen(
            line,
            cwd=self.folder,
            env=environment(**dict(env)),
            stdout=streams.get("stdout", subprocess.PIPE),
            stderr=streams.get("stderr", subprocess.PIPE),
        )

    def __call__(self, *words, env=(), code=0, text=True):
        process = self.start(*words, env=env)
        out, err = process.communicate(timeout=60)
        assert process.returncode == code, (process.returncode, out[-3000:], err.decode()[-3000:])
        if text:
            out, err = out.decode(), err.decode()
            assert "Traceback" not in err
        return subprocess.CompletedProcess(words, process.returncode, out, err)


@pytest.fixture(scope="session")
def command_in():
    """What runs commands in a folder."""
    return Command


@pytest.fixture
def newswarc(tmp_path):
    return Command(tmp_path)


@pytest.fixture
def site():
    with newsite.running(newsite.daily(articles=40, seed=3)) as running:
        yield running


@pytest.fixture
def polite():
    """Options without which a crawl of the loopback would be slow, or none."""
    return ("--delay", "0", "--allow-address", "127.0.0.0/8")


def until(condition, *, seconds=30):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come to it"
        time.sleep(0.02)


@pytest.fixture(name="until")
def until_fixture():
    return until
