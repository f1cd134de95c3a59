"""What a crawl costs: newswarc beside Scrapy alone and beside the obvious pipeline, in turns in one run.

python bench/crawl.py [--articles 1000] [--runs 3] [--only bare,recorded,obvious,newswarc,…]

bare            Scrapy fetches the pages and looks at none
recorded        the same spider with the add-on
obvious         sitemap, Scrapy, trafilatura in an item pipeline, warcio
newswarc        sitemap, the whole job
obvious-links   and newswarc-links: the same pages, whose links to articles are followed as well
front-obvious   and front-newswarc: from the front page by links alone, as many pages
probe           newswarc with a probe in its reactor; its cost is not for comparison
"""

import argparse
import gzip
import re
import statistics
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT)]

from bench.watching import Run, watched  # noqa: E402 - the checkout need not be installed

PEERS = ROOT / "bench" / "peers"
ENVIRONMENT = {"PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"}
VARIANTS = (
    "bare",
    "recorded",
    "obvious",
    "newswarc",
    "obvious-links",
    "newswarc-links",
    "front-obvious",
    "front-newswarc",
    "probe",
)
_PROFILES = {
    "bench": 'sitemaps = ["/sitemap.xml"]',
    "links": 'sitemaps = ["/sitemap.xml"]\n[scope]\ninclude = ["/*.html", "/*.shtml"]',
    "front": 'sections = ["/"]',
}
_LOCATION = re.compile(r"<loc>([^<]+)</loc>")
Measure = Callable[[Run], float]


@dataclass(frozen=True)
class Place:
    """Where runs find their site and leave their files."""

    site: str
    folder: Path
    articles: int

    def prepare(self) -> None:
        """Write what the commands read."""
        for name, source in _PROFILES.items():
            text = f'name = "{name}"\nhome = "{self.site}"\n{source}\n'
            (self.folder / f"{name}.toml").write_text(text)
        (self.folder / "urls.txt").write_text("\n".join(self._urls()))

    def command(self, variant: str, number: int) -> list[str]:
        """Return the command of a variant's run."""
        store = str(self.folder / f"{variant}-{number}")
        files = ("urls.txt", "bench.toml", "links.toml", "front.toml")
        urls, bench, links, front = (str(self.folder / name) for name in files)
        pages = ["--pages", str(self.articles)]
        commands = {
            "bare": ["plain.py", urls],
            "recorded": ["plain.py", urls, "--record", store],
            "obvious": ["obvious.py", self.site, store],
            "obvious-links": ["obvious.py", self.site, store, "--follow"],
            "front-obvious": ["obvious.py", self.site, store, "--links", *pages],
            "newswarc": ["job.py", bench, store],
            "newswarc-links": ["job.py", links, store, "--hops", "1"],
            "front-newswarc": ["job.py", front, store, "--hops", "2", *pages],
            "probe": ["job.py", bench, store, "--probe"],
        }
        script, *rest = commands[variant]
        return [sys.executable, str(PEERS / script), *rest]

    def _urls(self) -> Iterator[str]:
        for sitemap in _LOCATION.findall(_fetched(f"{self.site}sitemap.xml")):
            yield from _LOCATION.findall(_fetched(sitemap))


def main() -> None:
    options = _options()
    runs: dict[str, list[Run]] = {variant: [] for variant in options.only}
    with (
        tempfile.TemporaryDirectory(prefix="crawl-bench-") as folder,
        _newsite(options.articles) as (site, pid),
    ):
        place = Place(site, Path(folder), options.articles)
        place.prepare()
        for number in range(options.runs):
            for variant in options.only:
                log = place.folder / f"{variant}-{number}.txt"
                command = place.command(variant, number)
                run = watched(command, environment=ENVIRONMENT, log=log, site=pid)
                runs[variant].append(run)
                print(_line(variant, run), flush=True)
    _report(runs)
    _ratios(runs)
    for run in runs.get("probe", [])[-1:]:
        _probed(run.told["probe"], run.told["pages"])


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--only", type=lambda text: text.split(","), default=VARIANTS)
    return parser.parse_args()


@contextmanager
def _newsite(articles: int) -> Iterator[tuple[str, int]]:
    command = [sys.executable, "-m", "newsite", "--articles", str(articles), "--build", str(articles)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT / "tests") as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip(), process.pid
        finally:
            process.terminate()


def _fetched(url: str) -> str:
    with urllib.request.urlopen(url) as answer:
        body: bytes = answer.read()
    return (gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body).decode()


# --- what is measured --------------------------------------------------------------------------


def cpu(run: Run) -> float:
    """Return milliseconds of CPU a page, of the whole tree, everything included."""
    return float(run.cpu / run.told["pages"] * 1000)


def crawl_cpu(run: Run) -> float:
    """Return milliseconds of CPU a page of the crawl alone: without start-up and publishing."""
    return float(run.told.get("crawl_cpu", 0.0) / run.told["pages"] * 1000)


def rate(run: Run) -> float:
    """Return pages a second, everything included."""
    return float(run.told["pages"] / run.wall)


def crawl_rate(run: Run) -> float:
    """Return pages a second from the engine's start to the last page."""
    return float(run.told["pages"] / run.told["crawl_wall"])


def _median(runs: list[Run], measure: Measure) -> float:
    return statistics.median(map(measure, runs))


def _line(variant: str, run: Run) -> str:
    pages = run.told["pages"]
    shares = ", ".join(f"{name} {share / pages * 1000:.1f}" for name, share in run.shares.items())
    peaks = ", ".join(f"{name} {peak >> 20}" for name, peak in run.peaks.items())
    cores = " ".join(f"{core:.0%}" for core in run.cores)
    return (
        f"{variant:15} {pages:6} pages {rate(run):6.1f}/s {cpu(run):6.2f} ms | ms by process: {shares} | "
        f"peak MiB: {peaks} | cores {cores}, {run.foreign:.1f} by others"
    )


def _report(runs: dict[str, list[Run]]) -> None:
    columns = ("ms CPU a page", "crawl alone"), ("pages/s", "crawl alone")
    heads = "".join(f"{whole:>14} {alone:>12}" for whole, alone in columns)
    print(f"\nmedians        {heads}  cores busy (of these by others)")
    for variant, each in runs.items():
        figures = [_median(each, measure) for measure in (cpu, crawl_cpu, rate, crawl_rate)]
        by_core = zip(*(run.cores for run in each), strict=True)
        cores = " ".join(f"{statistics.median(column):.0%}" for column in by_core)
        foreign = statistics.median(run.foreign for run in each)
        print(
            f"{variant:15}{figures[0]:14.2f} {figures[1]:12.2f}{figures[2]:14.1f} {figures[3]:12.1f}"
            f"  {cores} ({foreign:.1f})"
        )


def _ratios(runs: dict[str, list[Run]]) -> None:
    """Print the ratios that are promised: medians over the rounds, whose two sides saw the same noise."""
    wanted: tuple[tuple[str, str, str, Measure, str], ...] = (
        ("recorded", "bare", "CPU", cpu, "at most 1.20"),
        ("recorded", "bare", "CPU of the crawl alone", crawl_cpu, "at most 1.20"),
        ("newswarc", "obvious", "pages/s", rate, "at least 4"),
        ("newswarc", "obvious", "pages/s of the crawl alone", crawl_rate, "at least 4"),
        ("newswarc", "obvious", "CPU", cpu, "at most 0.5"),
        ("newswarc-links", "obvious-links", "CPU", cpu, ""),
        ("front-newswarc", "front-obvious", "pages/s", rate, ""),
        ("front-newswarc", "front-obvious", "CPU", cpu, ""),
    )
    print()
    for ours, theirs, what, measure, target in wanted:
        if ours in runs and theirs in runs:
            pairs = zip(runs[ours], runs[theirs], strict=True)
            ratio = statistics.median(measure(one) / measure(other) for one, other in pairs)
            print(f"{ours} / {theirs}, {what}: {ratio:.2f} {f'({target})' if target else ''}")
    for links, plain in (("newswarc-links", "newswarc"), ("obvious-links", "obvious")):
        if links in runs and plain in runs:
            more = [cpu(one) - cpu(other) for one, other in zip(runs[links], runs[plain], strict=True)]
            print(f"{links} - {plain}: {statistics.median(more):+.2f} ms CPU a page")


def _probed(told: dict[str, Any], pages: int) -> None:
    late, collections = told["late"], told["collections"]
    print(f"\ntimers of 5 ms fired late by {_milliseconds(late)} (of {told['timers']})")
    print(f"calls of the reactor over 5 ms: {told['over_wall']} by the clock, {told['over_cpu']} by CPU")
    print(
        f"garbage collections took {_milliseconds(collections)}, {collections['sum'] / pages:.2f} ms a page"
    )
    for taken, name in told["worst_cpu"]:
        print(f"  {taken:7.1f} ms CPU  {name}")
    print("where the clock stood at 5 ms:")
    for stack, count in told["stacks"]:
        print(f"  {count:5} {stack}")
    print("threads of the job, ms a page on a core / waiting for one / switches:")
    for name, (on_core, waited, switches) in told["threads"].items():
        print(
            f"  {name:35} {on_core / pages * 1000:6.2f} {waited / pages * 1000:6.2f} {switches / pages:6.2f}"
        )


def _milliseconds(summary: dict[str, float]) -> str:
    return f"{summary['p50']:.2f} ms (median), {summary['p99']:.2f} (p99), {summary['max']:.2f} (most)"


if __name__ == "__main__":
    main()
