"""Crawls the net, kills the whole crawl again and again, and prints what was lost or fetched twice.

python tests/net/kills.py [--kills 50] [--articles 5000]
"""

import argparse
import json
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import newsite  # noqa: E402
from net.judging import SETTINGS, judge, twice, write_profiles  # noqa: E402


@dataclass
class Killed:
    """What a crawl with kills came to."""

    kills: int = 0
    leases: int = 0
    """Requests that were leased when the crawl was killed, over all kills."""
    again: int = 0
    """Pages fetched whole more than once, counted once for each time too many."""
    wrong: list = field(default_factory=list)
    verified: bool = False


class Crawl:
    """A crawl of what is due, in processes of its own."""

    def __init__(self, folder, names):
        self.folder, self.names = folder, names
        self.state = folder / "archive/.newswarc/state.sqlite"

    def start(self, *words):
        env = {**os.environ, **SETTINGS, "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "tests")))}
        line = [sys.executable, "-m", "crawler", *words]
        return subprocess.Popen(
            line, cwd=self.folder, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )

    def crawl(self):
        store = str(self.folder / "archive")
        return self.start("crawl", *self.names, "--due", "--store", store, "--quiet", "--json")

    def is_under_way(self):
        return self.count("pending") + self.count("leased") > 0

    def count(self, state):
        with suppress(sqlite3.OperationalError), closing(sqlite3.connect(self.state)) as connection:
            query = "select count(*) from frontier_entries where state = ?"
            return connection.execute(query, (state,)).fetchone()[0]
        return 0


def run(net, site, folder, *, kills, seed=1):
    """Kill crawls of *net* at *kills* random moments, let one end, and return what it came to."""
    crawl = Crawl(folder, write_profiles(net, folder / "sites"))
    chance = random.Random(seed)
    found = Killed()
    while found.kills < kills:
        process = crawl.crawl()
        while process.poll() is None and not crawl.is_under_way():
            time.sleep(0.05)
        time.sleep(chance.uniform(0, 2.5))
        if process.poll() is not None:
            process.communicate()
            break  # it was through before its time
        kill(process)
        found.kills += 1
        found.leases += crawl.count("leased")
    process = crawl.crawl()
    last = json.loads(process.communicate()[0])
    assert last["exit_code"] in {0, 9}, last
    assert last["held"] == {}, last
    print({key: last[key] for key in ("reason", "exit_code", "pages", "elapsed", "error")}, file=sys.stderr)
    found.wrong = judge(net, crawl.state).wrong
    found.again = sum(number - 1 for number in twice(net, site).values())
    verify = crawl.start("verify", str(folder / "archive"))
    verify.communicate()
    found.verified = verify.returncode == 0
    return found


def kill(process):
    """Kill *process* and all below it, as a power cut would."""
    parent = psutil.Process(process.pid)
    for one in [*parent.children(recursive=True), parent]:
        with suppress(psutil.NoSuchProcess):
            one.kill()
    process.communicate()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--articles", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    net = newsite.net(articles=given.articles)
    with tempfile.TemporaryDirectory(prefix="kills-") as folder, net.running() as site:
        began = time.monotonic()
        found = run(net, site, Path(folder), kills=given.kills, seed=given.seed)
        print(f"kill -9                        {found.kills}")
        print(f"URLs announced                 {len(net.expected)}")
        print(f"without their right outcome    {len(found.wrong)} {found.wrong[:3]}")
        print(f"leases open at the kills       {found.leases}")
        print(f"fetched again                  {found.again}")
        print(f"asked for though forbidden     {len(net.trespasses(site))}")
        print(f"archive verifies               {found.verified}")
        print(f"seconds                        {time.monotonic() - began:.0f}")


if __name__ == "__main__":
    main()
