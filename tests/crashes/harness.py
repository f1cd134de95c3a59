"""Kill -9 of the real crawl, again and again: what the crawl was ever told must be in the archive.

``python tests/crashes/harness.py --kills 200`` is the long form; test_crashes.py runs a short one. Each run
is ``scrapy crawl news`` with its worker processes in a session of its own, killed as a whole at a random
moment: while it starts, fetches, syncs, rotates, seals, publishes or ends.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import newsite  # noqa: E402 - found by the line above
from pipelines.archive import Archive  # noqa: E402
from pipelines.fixity import Report, verify  # noqa: E402
from pipelines.storage import S3Options, open_store  # noqa: E402

LIVE_SECONDS = (0.9, 5.0)


@dataclass
class Drill:
    """A site, a store, and what the crawls over them were told."""

    folder: Path
    store_url: str
    site: newsite.NewsSite
    s3: S3Options | None = None
    told: Counter[str] = field(default_factory=Counter)
    items: Counter[str] = field(default_factory=Counter)
    runs: int = 0

    def crawl(self, kill_after: float | None) -> int:
        """Run a crawl, killed after that many seconds if it still runs; return its exit code."""
        self.runs += 1
        witness = self.folder / f"witness-{self.runs}"
        extensions = (
            '{"crawler.spiders.extensions.SpoolGuard": 0, "crashes.witness.Witness": 0,'
            ' "scrapy.extensions.telnet.TelnetConsole": null,'
            ' "scrapy.extensions.remote_control.RemoteControl": null}'
        )
        command = [sys.executable, "-m", "scrapy", "crawl", "news", "-a", f"targets={self.site.url}"]
        command += ["-s", f"WITNESS={witness}", "-s", f"EXTENSIONS={extensions}", "-s", "LOG_LEVEL=WARNING"]
        with (self.folder / f"log-{self.runs}").open("wb") as log:
            process = subprocess.Popen(
                command, cwd=ROOT, env=self._environment(), stdout=log, stderr=log, start_new_session=True
            )
            try:
                code = process.wait(kill_after)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                code = process.wait()
        self._hear(witness)
        return code

    def log(self) -> str:
        return (self.folder / f"log-{self.runs}").read_text(errors="replace")

    def archive(self) -> Archive:
        return Archive(open_store(self.store_url, s3=self.s3), "news", self.folder / "state")

    def lost(self) -> dict[str, int]:
        """Return the exchanges that a crawl was told of and the archive does not hold, by URL."""
        archive = self.archive()
        archive.sync()
        held = Counter(capture.url for capture in archive.catalog.all())
        archive.close()
        return {url: count - held[url] for url, count in self.told.items() if held[url] < count}

    def verify(self) -> Report:
        archive = self.archive()
        report = verify(archive.store, "news")
        archive.close()
        return report

    def _hear(self, witness: Path) -> None:
        if not witness.exists():
            return
        for line in witness.read_text().splitlines():
            kind, _, url = line.partition(" ")
            (self.told if kind == "response" else self.items)[url] += 1

    def _environment(self) -> dict[str, str]:
        given = {
            "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}",
            "NEWSWARC_STORE__URL": self.store_url,
            "NEWSWARC_STATE__FOLDER": str(self.folder / "state"),
            "NEWSWARC_CRAWL__DELAY": "0",
            "NEWSWARC_CRAWL__ALLOW_ADDRESS": "127.0.0.0/8",
            "NEWSWARC_CRAWL__WORKERS": "1",
            "NEWSWARC_SEGMENTS__MIN_FREE": "0",
            "NEWSWARC_SEGMENTS__MAX_BYTES": "200000",
            "NEWSWARC_SEGMENTS__STORE_PATIENCE": "60",
        }
        if self.s3:
            given |= {
                "NEWSWARC_STORE__S3__ENDPOINT_URL": self.s3.endpoint_url or "",
                "NEWSWARC_STORE__S3__REGION": self.s3.region or "us-east-1",
                "NEWSWARC_STORE__S3__ACCESS_KEY": self.s3.access_key or "",
                "NEWSWARC_STORE__S3__SECRET_KEY": self.s3.secret_key or "",
            }
        return os.environ | given


def drill(kills: int, seed: int, folder: Path, store_url: str, s3: S3Options | None = None) -> Drill:
    """Kill *kills* crawls, let a last one end, and return what happened."""
    moments = random.Random(seed)
    with newsite.running(newsite.daily(articles=40, seed=seed), journal=False) as site:
        done = Drill(folder, store_url, site, s3)
        for number in range(kills):
            done.crawl(moments.uniform(*LIVE_SECONDS))
            print(
                f"\rkill {number + 1}/{kills}: {sum(done.told.values())} exchanges told", end="", flush=True
            )
        print()
        code = done.crawl(None)
        assert code == 0, done.log()
    return done


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        done = drill(given.kills, given.seed, path, str(path / "store"))
        report, lost = done.verify(), done.lost()
        print(
            f"seed {given.seed}: {given.kills} kills, {sum(done.told.values())} exchanges told to the crawls"
        )
        print(f"lost: {sum(lost.values())}; findings of verify: {len(report.findings)}; {report.counts}")
        sys.exit(bool(lost) or not report.ok)


if __name__ == "__main__":
    main()
