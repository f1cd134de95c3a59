"""Whether a job's memory stays flat: resident bytes by the number of its captures, small pages, many of them.

python bench/memory.py [--requests 50000] [--no-text]
"""

import argparse
import multiprocessing
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import psutil  # noqa: E402

import newsite  # noqa: E402 - the checkout need not be installed
from crawler.config import load  # noqa: E402
from crawler.jobs import JobProcess, new_job  # noqa: E402
from newsite.message import Page, Request  # noqa: E402

_PER_SITEMAP = 1000
_EARLY = 5000
"""Captures after which the job counts as warm."""
_PARAGRAPH = "The council heard on day {0} that bridge number {0} would be painted, for {0} crowns. "
_PROFILE = 'name = "small"\nhome = "{site}"\nsitemaps = ["/sitemap.xml"]\n'


def pages(count: int) -> dict[str, Page | Callable[[Request], Page]]:
    """Return a site of *count* small pages, announced by an index of sitemaps."""

    def index(request: Request) -> Page:
        parts = range((count + _PER_SITEMAP - 1) // _PER_SITEMAP)
        entries = "".join(f"<sitemap><loc>{request.base}/sitemap/{part}</loc></sitemap>" for part in parts)
        return _xml(f"<sitemapindex {_NAMESPACE}>{entries}</sitemapindex>")

    def sitemap(request: Request) -> Page:
        first = int(request.path.rpartition("/")[2]) * _PER_SITEMAP
        numbers = range(first, min(first + _PER_SITEMAP, count))
        entries = "".join(f"<url><loc>{request.base}/story/{number}</loc></url>" for number in numbers)
        return _xml(f"<urlset {_NAMESPACE}>{entries}</urlset>")

    def story(request: Request) -> Page:
        number = int(request.path.rpartition("/")[2])
        text = "".join(f"<p>{_PARAGRAPH.format(number + line)}</p>" for line in range(6))
        return Page(f"<html><title>Bridge {number}</title><article><h1>Bridge {number}</h1>{text}".encode())

    return {"/sitemap.xml": index, "/sitemap/*": sitemap, "/story/*": story, "/robots.txt": Page(b"")}


_NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def _xml(text: str) -> Page:
    return Page(f'<?xml version="1.0" encoding="UTF-8"?>{text}'.encode(), type="application/xml")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--requests", type=int, default=50_000)
    parser.add_argument("--no-text", dest="text", action="store_false")
    options = parser.parse_args()
    with _site(options.requests) as site, tempfile.TemporaryDirectory(prefix="memory-bench-") as folder:
        early, last = 0, 0
        for captures, resident in _sizes(site, Path(folder), text=options.text):
            early = resident if captures <= _EARLY or not early else early
            last = resident
            print(f"{captures:7} captures: {resident / 2**20:7.1f} MiB", flush=True)
    print(f"growth from {_EARLY:,} captures to the end: {last / early - 1:+.1%}")


@contextmanager
def _site(count: int) -> Iterator[str]:
    """Serve from a process of its own, so that the job alone is measured."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(count, theirs), daemon=True)
    process.start()
    try:
        yield ours.recv()
    finally:
        ours.send(None)
        process.join()


def _serve(count: int, told: Connection) -> None:
    with newsite.running(pages(count), journal=False) as site:
        told.send(site.url)
        told.recv()


def _sizes(site: str, folder: Path, *, text: bool) -> Iterator[tuple[int, int]]:
    """Crawl *site*; yield captures and the job's resident bytes, some fifty times."""
    profile = folder / "small.toml"
    profile.write_text(_PROFILE.format(site=site))
    wanted = {"store.url": str(folder / "store"), "crawl.delay": 0, "crawl.text": text}
    config = load(wanted | {"crawl.allow_address": ["127.0.0.0/8"], "segments.min_free": 0})
    job = JobProcess(new_job((str(profile),), config, log_file=folder / "log"))
    watched = psutil.Process(job.pid)
    told = 0
    for event in job.events():
        if event.event == "finished":
            print(f"{event.reason}: {event.captures} captures in {event.elapsed:.0f} s {event.error}")
        elif event.captures - told >= 1000:
            told = event.captures
            yield event.captures, watched.memory_info().rss


if __name__ == "__main__":
    main()
