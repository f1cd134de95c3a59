"""Crawls the whole net of sites, and prints what became of all that it announced.

python tests/net/whole.py [--articles 5000]
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import newsite  # noqa: E402
from net.judging import SETTINGS, gaps, judge, twice, write_profiles  # noqa: E402


def crawl(folder, names, *more):
    """Run a crawl of what is due, and return what it says at its end."""
    line = [
        sys.executable,
        "-m",
        "crawler",
        "crawl",
        *names,
        "--due",
        "--store",
        str(folder / "archive"),
        "--json",
    ]
    env = {**os.environ, **SETTINGS, "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "tests")))}
    done = subprocess.run([*line, *more], cwd=folder, env=env, stdout=subprocess.PIPE, check=False)
    return json.loads(done.stdout)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=5000)
    parser.add_argument("--keep", action="store_true")
    given = parser.parse_args()
    net = newsite.net(articles=given.articles)
    folder = Path(tempfile.mkdtemp(prefix="net-"))
    with net.running() as site:
        names = write_profiles(net, folder / "sites")
        began = time.monotonic()
        last = crawl(folder, names)
        took = time.monotonic() - began
        found = judge(net, folder / "archive/.newswarc/state.sqlite")
        print(f"{len(net.hosts)} hosts, {given.articles} articles: {found.announced} URLs announced")
        print(f"captured {found.captured}, others {dict(found.refused)}")
        print(f"wrong {len(found.wrong)} of {found.announced}; {took:.0f} s, {last['pages']} pages")
        for (expected, is_), number in Counter(one[1:] for one in found.wrong).most_common():
            example = next(one[0] for one in found.wrong if one[1:] == (expected, is_))
            print(f"  {number:5} {expected} → {is_}, such as {example}")
        print(f"forbidden and asked for: {net.trespasses(site)[:5]}")
        print(f"asked inside a Retry-After: {net.impatient()}")
        print(f"fetched twice: {dict(list(twice(net, site).items())[:5])}")
        for host, delay in net.rates.items():
            print(f"{host}: Crawl-delay {delay} s, smallest gap {min(gaps(site, host), default=0):.3f} s")
        print({key: last[key] for key in ("reason", "exit_code", "failures", "refusals", "statuses", "held")})
    print(f"kept in {folder}" if given.keep else "")


if __name__ == "__main__":
    main()
