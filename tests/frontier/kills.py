"""A crawl that is killed again and again, and what it lost: ``python tests/frontier/kills.py --kills 50``.

Prints a line for every kill, and what was lost or fetched twice in the end.
"""

import argparse
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))  # as pytest has it
sys.path.insert(0, str(Path(__file__).parents[2]))

import newsite
from frontier.crawling import end, fetched, start, states


def page(number, pages):
    """Return page *number* of a tree: every tenth is reached by a redirect, every 25th fails at first."""

    def answer(request):
        if number % 25 == 7 and request.visit == 1:
            return newsite.Page(b"", status=503)
        links = [n for n in range(3 * number + 1, 3 * number + 4) if n < pages]
        text = "".join(f"<a href=/{'to' if n % 10 == 0 else 'page'}/{n}>" for n in links)
        return newsite.Page(f"<a href=/>{text}<a href=/page/1>".encode())

    return answer


def redirect(number):
    return newsite.Page(b"", status=302, headers=[(b"Location", f"/page/{number}".encode())])


def tree(number):
    pages = {f"/page/{one}": page(one, number) for one in range(1, number)}
    redirects = {f"/to/{one}": redirect(one) for one in range(10, number, 10)}
    return {"/": page(0, number), **pages, **redirects}


@dataclass
class Result:
    """What became of a crawl that was killed."""

    killed: int = 0
    """How often."""
    open: Counter = field(default_factory=Counter)
    """How often each URL was leased when it was."""
    lost: set[str] = field(default_factory=set)
    unfinished: dict[str, str] = field(default_factory=dict)
    again: dict[str, int] = field(default_factory=dict)
    """URLs that were fetched more often than once and at each kill while they were leased."""
    twice: int = 0
    """Fetches of an URL after its first, beside those that the site asked for by failing."""


def kill_and_resume(folder, kills, *, pages, chance, tell=lambda *_: None):
    """Crawl a tree of *pages*, kill the crawl *kills* times at points by *chance*, and let it end."""
    database = f"sqlite:///{Path(folder) / 'state.sqlite'}"
    result = Result()
    content = tree(pages)
    with newsite.running(content) as site:
        base = site.url.rstrip("/")
        site.delay = 0.01
        while result.killed < kills:
            crawl = start(site.url, database)
            known = len(site.exchanges)
            _let_run(crawl, site, known + chance.randrange(1, max(2 * pages // (kills + 1), 3)), chance)
            crawl.send_signal(signal.SIGKILL)
            crawl.communicate()
            result.killed += 1
            leased = [url for url, state in states(database).items() if state == "leased"]
            result.open.update(leased)
            tell(result.killed, len(site.exchanges) - known, len(leased))
        end(start(site.url, database))
        found = fetched(site)
    result.lost = {base + path for path in content} - set(found)
    result.unfinished = {url: state for url, state in states(database).items() if state != "done"}
    tries = Counter(f"{base}/page/{number}" for number in range(7, pages, 25))
    more = {url: number - 1 - tries[url] for url, number in found.items()}
    result.twice = sum(number for number in more.values() if number > 0)
    result.again = {url: number for url, number in more.items() if number > result.open[url]}
    return result


def _let_run(crawl, site, wanted, chance):
    deadline = time.monotonic() + 60
    while len(site.exchanges) < wanted and crawl.poll() is None and time.monotonic() < deadline:
        time.sleep(chance.uniform(0.001, 0.02))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--pages", type=int, default=2000)
    parser.add_argument("--seed", default=os.environ.get("FRONTIER_TEST_SEED", "1"))
    args = parser.parse_args()
    print("kill  fetched since the last  leases open")

    def tell(kill, fetched_, leased):
        print(f"{kill:4}  {fetched_:22}  {leased:11}", flush=True)

    with tempfile.TemporaryDirectory() as folder:
        chance = random.Random(args.seed)
        result = kill_and_resume(folder, args.kills, pages=args.pages, chance=chance, tell=tell)
    print(
        f"{result.killed} kills, {len(tree(args.pages)):,} URLs: {len(result.lost)} lost, "
        f"{len(result.unfinished)} not done, {result.twice} fetched again of {result.open.total()} that were "
        f"leased at a kill, {len(result.again)} beyond those"
    )
    return bool(result.lost or result.unfinished or result.again)


if __name__ == "__main__":
    sys.exit(main())
