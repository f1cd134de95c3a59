"""What a crawl costs: newswarc beside Scrapy alone and beside the obvious pipeline, in turns in one run.

    python bench/crawl.py [--articles 1000] [--runs 3] [--only bare,recorded,obvious,newswarc]
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT)]

from bench.watching import Run, watched  # noqa: E402 - the checkout need not be installed

PEERS = ROOT / "bench" / "peers"
ENVIRONMENT = {"PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"}
PROFILE = """name = "bench"
home = "{site}"
sitemaps = ["/sitemap.xml"]
"""
FRONT = """name = "front"
home = "{site}"
sections = ["/"]
"""


@dataclass(frozen=True)
class Place:
    """Where a run finds its site and leaves its files."""

    site: str
    folder: Path
    articles: int

    def command(self, variant: str, number: int) -> list[str]:
        """Return the command of a variant's run."""
        store = str(self.folder / f"{variant}-{number}")
        urls, bench, front = (str(self.folder / name) for name in ("urls.txt", "bench.toml", "front.toml"))
        pages = ["--pages", str(self.articles)]
        commands = {
            "bare": ["plain.py", urls],
            "recorded": ["plain.py", urls, "--record", store],
            "obvious": ["obvious.py", self.site, store],
            "newswarc": ["job.py", bench, store],
            "newswarc-links": ["job.py", bench, store, "--hops", "1"],
            "front-obvious": ["obvious.py", self.site, store, "--links", *pages],
            "front-newswarc": ["job.py", front, store, "--hops", "2", *pages],
        }
        script, *rest = commands[variant]
        return [sys.executable, str(PEERS / script), *rest]


VARIANTS = ("bare", "recorded", "obvious", "newswarc", "newswarc-links", "front-obvious", "front-newswarc")


def main() -> None:
    options = _options()
    runs: dict[str, list[Run]] = {variant: [] for variant in options.only}
    with tempfile.TemporaryDirectory(prefix="crawl-bench-") as name, _newsite(options.articles) as site:
        folder = Path(name)
        place = Place(site, folder, options.articles)
        (folder / "bench.toml").write_text(PROFILE.format(site=site))
        (folder / "front.toml").write_text(FRONT.format(site=site))
        (folder / "urls.txt").write_text("\n".join(_urls(site)))
        for number in range(options.runs):
            for variant in options.only:
                log = folder / f"{variant}-{number}.txt"
                run = watched(place.command(variant, number), environment=ENVIRONMENT, log=log)
                runs[variant].append(run)
                print(_line(variant, run), flush=True)
    _report(runs)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--only", type=lambda text: text.split(","), default=VARIANTS[:4])
    return parser.parse_args()


@contextmanager
def _newsite(articles: int) -> Iterator[str]:
    command = [sys.executable, "-m", "newsite", "--articles", str(articles), "--build", str(articles)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT / "tests") as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


def _urls(site: str) -> Iterator[str]:
    import re
    import gzip

    def get(url: str) -> str:
        with urllib.request.urlopen(url) as answer:
            body = answer.read()
        return (gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body).decode()

    for sitemap in re.findall(r"<loc>([^<]+)</loc>", get(f"{site}sitemap.xml")):
        yield from re.findall(r"<loc>([^<]+)</loc>", get(sitemap))


def _line(variant: str, run: Run) -> str:
    pages = run.told["pages"]
    shares = " ".join(f"{name} {cpu / pages * 1000:.1f}" for name, cpu in run.shares.items())
    peaks = " ".join(f"{name} {peak >> 20}" for name, peak in run.peaks.items())
    crawl = f"{pages / run.told['crawl_wall']:.1f}/s {run.told.get('crawl_cpu', 0) / pages * 1000:.2f} ms"
    return (
        f"{variant:15} {pages:6} pages {pages / run.wall:6.1f}/s {run.cpu / pages * 1000:6.2f} ms "
        f"(crawl alone {crawl}); ms a page: {shares}; MiB: {peaks}; "
        f"cores {' '.join(f'{core:.0%}' for core in run.cores)}"
    )


def _report(runs: dict[str, list[Run]]) -> None:
    for variant, each in runs.items():
        cpu = statistics.median(run.cpu / run.told["pages"] * 1000 for run in each)
        rate = statistics.median(run.told["pages"] / run.wall for run in each)
        print(f"{variant:15} {cpu:6.2f} ms CPU a page, {rate:6.1f} pages/s")


if __name__ == "__main__":
    main()
