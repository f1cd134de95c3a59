"""Lookups in the catalog beside pywb's CDX server, on the same captures, in one run; size and time to build.

    PYTHONPATH=. python bench/catalog.py [--captures 3000000] [--queries 2000] [--pywb python-with-pywb]

The captures are those of invented news sites: articles that are visited three times each (--visits), the
later visits revisits, and one front page captured every half minute, a tenth of all. pywb reads one flat,
sorted CDXJ. It is measured twice: its server over HTTP with a connection for each query, as its clients ask
it, by the CPU time of its process; and its index handler alone, called in its own process without a socket.
The catalog is called in this process: what an HTTP server adds comes to it. --keep FOLDER keeps what was made
for a next run.
"""

import argparse
import hashlib
import json
import random
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from base64 import b32encode
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from itertools import count, islice
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import quote

import psutil

from pipelines.catalog import Catalog, Match, Part, Query
from pipelines.catalog.database import CatalogDatabase
from pipelines.index import to_line
from pipelines.model import Capture
from pipelines.segments.manifest import Counts, FileEntry, Files, Manifest
from pipelines.segments.names import SegmentName
from pipelines.urls import urlkey

FRONT = "https://www.paper0.example/"
_A_SEGMENT = 10_000
_PYWB = """
import io, json, sys, time
from urllib.parse import quote
from pywb.warcserver.basewarcserver import BaseWarcServer
from pywb.warcserver.handlers import IndexHandler
from pywb.warcserver.index.aggregator import SimpleAggregator
from pywb.warcserver.index.indexsource import FileIndexSource
server = BaseWarcServer()
server.add_route('/cdx', IndexHandler(SimpleAggregator({'cdx': FileIndexSource(sys.argv[1])})))
def ask(url):
    asked = {'REQUEST_METHOD': 'GET', 'PATH_INFO': '/cdx/index', 'QUERY_STRING': 'url=' + quote(url, safe=''),
             'SCRIPT_NAME': '', 'SERVER_NAME': 'x', 'SERVER_PORT': '80', 'wsgi.url_scheme': 'http',
             'wsgi.input': io.BytesIO(), 'wsgi.errors': sys.stderr}
    return b''.join(server(asked, lambda *_: None)).count(b'\\n')
urls = json.load(open(sys.argv[2]))
ask(urls[0])
cpu = time.process_time()
found = sum(map(ask, urls))
print(json.dumps([(time.process_time() - cpu) / len(urls), found]))
"""


def captures_of(number: int, total: int, visits: int = 3) -> Iterator[Capture]:
    """Yield the captures of the segment *number* of an archive of *total* captures."""
    day = f"2026{1 + number // 28 % 12:02d}{1 + number % 28:02d}"
    name = SegmentName("bench", f"{day}000000", number + 1, "0a")
    rng = random.Random(number)
    offset = 0
    articles = max(1, total * 9 // (10 * visits))
    for place in range(number * _A_SEGMENT, min(total, (number + 1) * _A_SEGMENT)):
        offset += 9_000
        if place % 10 == 0:
            url, version = FRONT, place
            at = 20160101000000 + _digits_after(place * 30)
        else:
            article = (place * 7919) % articles
            site = article % 40
            path = f"world/2026/11/{article % 28 + 1:02d}/the-harbour-reports-{article}.html"
            url = f"https://www.paper{site}.example/{path}"
            version, at = article, 20160101000000 + _digits_after(place * 30 + 7)
        fresh = place % 10 == 0 or place < articles * 10 // 9
        content = hashlib.sha256(f"{url} {version}".encode()).digest()
        yield Capture(
            urlkey=_key(url),
            timestamp=str(at),
            url=url,
            kind="response" if fresh and rng.random() < 0.97 else "revisit",
            status=200 if rng.random() < 0.95 else 404,
            mime="text/html",
            digest="sha1:" + b32encode(content[:20]).decode(),
            sha256=content.hex(),
            segment=str(name),
            filename=name.warc_filename,
            offset=offset,
            length=8_000 + rng.randrange(1000),
        )


def _digits_after(seconds: int) -> int:
    """Return what to add to midnight of 1 January 2016 as digits, for *seconds* in years of 336 days."""
    minute, second = divmod(seconds, 60)
    hour, minute = divmod(minute, 60)
    day, hour = divmod(hour, 24)
    month, day = divmod(day, 28)
    year, month = divmod(month, 12)
    return ((((year * 100 + month) * 100 + day) * 100 + hour) * 100 + minute) * 100 + second


def _key(url: str) -> str:
    """Return the urlkey of one of the URLs above, which surt takes 30 microseconds for."""
    name, _, path = url.removeprefix("https://www.").partition("/")
    return f"{','.join(reversed(name.split('.')))})/{path}"


def manifest_of(number: int, found: list[Capture]) -> Manifest:
    """Return the manifest of the segment *number*."""
    name = SegmentName.parse(found[0].segment)
    entry = FileEntry("", 1, "0" * 64)
    times = sorted(capture.timestamp for capture in found)
    revisits = sum(capture.kind == "revisit" for capture in found)
    return Manifest(
        segment=str(name),
        opened=name.opened,
        sealed=name.opened,
        software="bench",
        job=f"job-{number}",
        files=Files(entry, FileEntry(name.index_key, 1, "0" * 64), None),
        counts=Counts(len(found), revisits, 0, 0, {}),
        first=times[0],
        last=times[-1],
        previous=None,
    )


def build(folder: Path, total: int, visits: int) -> None:
    """Make catalog and flat CDXJ in *folder*."""
    # As newswarc rebuild makes it.
    database = CatalogDatabase(f"sqlite:///{folder / 'catalog.sqlite'}", "bench", scratch=True)
    catalog = Catalog.over(database, "bench")
    began, spent = time.perf_counter(), time.process_time()
    generating = 0.0
    with (folder / "unsorted.cdxj").open("wb") as flat:
        for number in range(-(-total // _A_SEGMENT)):
            start = time.process_time()
            found = sorted(captures_of(number, total, visits), key=lambda each: (each.urlkey, each.timestamp))
            flat.writelines(map(to_line, found))
            generating += time.process_time() - start
            catalog.enter([Part(manifest_of(number, found), found)])
    wall, cpu = time.perf_counter() - began, time.process_time() - spent
    print(
        f"entered: {total:,} captures in {(cpu - generating) / total * 1e6:.1f} CPU-us each; "
        f"{wall:.0f} s with making them"
    )
    catalog.close()
    command = ["sort", "-S", "300M", "-o", str(folder / "index.cdxj"), str(folder / "unsorted.cdxj")]
    subprocess.run(command, check=True, env={"LC_ALL": "C", "TMPDIR": str(folder)})
    (folder / "unsorted.cdxj").unlink()


def timed(name: str, ask: Callable[[int], int], queries: int) -> float:
    """Print and return the CPU time of *ask*, called with each number below *queries*."""
    ask(0)
    walls, found = [], 0
    spent = time.process_time()
    for number in range(queries):
        start = time.perf_counter()
        found += ask(number)
        walls.append(time.perf_counter() - start)
    cpu = (time.process_time() - spent) / queries
    cuts = quantiles(walls, n=100)
    print(
        f"  {name:<44} {cpu * 1e3:7.3f} CPU-ms  p50 {median(walls) * 1e3:7.3f} ms  "
        f"p99 {cuts[98] * 1e3:7.3f} ms  {found:>9,} rows"
    )
    return cpu


def ours(folder: Path, asked: list[str], total: int) -> dict[str, float]:
    """Measure the catalog."""
    catalog = Catalog(f"sqlite:///{folder / 'catalog.sqlite'}", "bench")
    queries = len(asked)
    rng = random.Random(5)
    moments = [str(20160101000000 + _digits_after(rng.randrange(total * 30))) for _ in asked]
    revisits = [next(iter(catalog.captures(Query(url, reverse=True, limit=1)))) for url in asked[:200]]
    front = list(islice(catalog.captures(Query(FRONT, reverse=True, limit=200)), 200))
    found = {
        "exact": timed("exact", lambda n: len([*catalog.captures(Query(asked[n]))]), queries),
        "lines": timed(
            "exact, as CDXJ lines", lambda n: len([*map(to_line, catalog.captures(Query(asked[n])))]), queries
        ),
        "closest": timed("closest", lambda n: bool(catalog.closest(asked[n], moments[n])), queries),
        "front": timed("closest, front page", lambda n: bool(catalog.closest(FRONT, moments[n])), queries),
        "original": timed("original", lambda n: bool(catalog.original(revisits[n % 200])), queries),
        "front original": timed(
            "original, front page", lambda n: bool(catalog.original(front[n % 200])), queries
        ),
        "prefix": timed(
            "prefix, first 50",
            lambda n: len(
                [*catalog.captures(Query(asked[n].rsplit("/", 1)[0] + "/", Match.PREFIX, limit=50))]
            ),
            max(1, queries // 10),
        ),
        "domain": timed(
            "domain, first 50",
            lambda n: len([*catalog.captures(Query(asked[n], Match.DOMAIN, limit=50))]),
            max(1, queries // 10),
        ),
    }
    start = time.perf_counter()
    rows = sum(1 for _ in catalog.captures(Query(FRONT)))
    print(f"  all {rows:,} captures of the front page: {time.perf_counter() - start:.1f} s")
    catalog.close()
    return found


def their_index(folder: Path, python: str, asked: list[str]) -> float:
    """Measure pywb's index handler without a server, and return its CPU seconds a query."""
    questions = folder / "questions.json"
    questions.write_text(json.dumps(asked))
    command = [python, "-W", "ignore", "-c", _PYWB, str(folder / "index.cdxj"), str(questions)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    cpu, rows = json.loads(done.stdout.splitlines()[-1])
    print(f"  {'pywb: index handler alone, exact':<44} {cpu * 1e3:7.3f} CPU-ms  {rows:>9,} rows")
    return float(cpu)


def their_server(folder: Path, python: str, asked: list[str]) -> float:
    """Measure pywb's server, and return its CPU seconds a query."""
    indexes = folder / "pywb" / "collections" / "bench" / "indexes"
    indexes.mkdir(parents=True, exist_ok=True)
    (indexes.parent / "archive").mkdir(exist_ok=True)
    if not (indexes / "index.cdxj").exists():
        (indexes / "index.cdxj").hardlink_to(folder / "index.cdxj")
    port = _free_port()
    command = [str(Path(python).with_name("wayback")), "--port", str(port), "--bind", "127.0.0.1"]
    with subprocess.Popen(
        command, cwd=folder / "pywb", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        try:
            watched = psutil.Process(server.pid)
            _wait_for(port)
            rows = _ask(port, asked[0])
            before, walls = _cpu_of(watched), []
            for url in asked:
                start = time.perf_counter()
                rows += _ask(port, url)
                walls.append(time.perf_counter() - start)
            cpu = (_cpu_of(watched) - before) / len(asked)
        finally:
            server.terminate()
    print(
        f"  {'pywb: its server over HTTP, exact':<44} {cpu * 1e3:7.3f} CPU-ms  "
        f"p50 {median(walls) * 1e3:7.3f} ms  {'':17}{rows:>9,} rows"
    )
    return cpu


def _ask(port: int, url: str) -> int:
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", f"/bench/cdx?url={quote(url, safe='')}")
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    if answer.status != 200:
        raise SystemExit(f"pywb answers {answer.status}: {body[:200]!r}")
    return body.count(b"\n")


def _cpu_of(process: psutil.Process) -> float:
    return sum(sum(each.cpu_times()[:2]) for each in [process, *process.children(recursive=True)])


def _free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


def _wait_for(port: int) -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise SystemExit("pywb does not start")


def _asked(total: int, queries: int) -> list[str]:
    rng = random.Random(1)
    found = []
    for number in count():
        if len(found) >= queries:
            return found[:queries]
        segment = rng.randrange(-(-total // _A_SEGMENT)) if number else 0
        urls = [capture.url for capture in islice(captures_of(segment, total), 400) if capture.url != FRONT]
        found += rng.sample(urls, min(len(urls), 20))
    return found


def main() -> None:
    """Build where needed, measure, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--captures", type=int, default=3_000_000)
    parser.add_argument("--queries", type=int, default=2000)
    parser.add_argument("--visits", type=int, default=3, help="of each article; 1: no revisits of articles")
    parser.add_argument("--pywb", default=sys.executable, help="a Python that has pywb")
    parser.add_argument("--keep", type=Path)
    given = parser.parse_args()
    folder = given.keep or Path(tempfile.mkdtemp(prefix="catalog-bench-"))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        if not (folder / "index.cdxj").exists():
            build(folder, given.captures, given.visits)
        size = (folder / "catalog.sqlite").stat().st_size
        flat = (folder / "index.cdxj").stat().st_size
        print(f"size: {size / given.captures:.0f} bytes a capture; CDXJ {flat / given.captures:.0f}")
        asked = _asked(given.captures, given.queries)
        found = ours(folder, asked, given.captures)
        handler = their_index(folder, given.pywb, asked)
        server = their_server(folder, given.pywb, asked)
        print(
            f"exact, with lines: {found['lines'] / server:.3f} of the CPU time of pywb's server, "
            f"{found['lines'] / handler:.2f} of that of its index handler"
        )
        print(f"memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")
    finally:
        if not given.keep:
            shutil.rmtree(folder)


assert urlkey(FRONT) == _key(FRONT)
if __name__ == "__main__":
    main()
