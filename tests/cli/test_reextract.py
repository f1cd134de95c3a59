"""``newswarc reextract``: as a shell runs it, in local processes and on a Dask cluster."""

import json
import subprocess
import sys

import psutil
import pytest

import newsite
from crawler.jobs.reextraction import Wish, book_of, plan
from extract.rereading import PROFILE, SLOW, record, story, three_segments
from pipelines.extract import Workers
from pipelines.extract.article import CUT_OFF
from pipelines.fixity import verify
from pipelines.reextraction import State, reread
from pipelines.segments.readings import latest_readings
from pipelines.storage import LocalStore
from tests.cli.conftest import environment


@pytest.fixture(scope="module")
def pristine(tmp_path_factory):
    return three_segments(tmp_path_factory.mktemp("reextract"))


def test_the_command_in_tables_and_json(pristine, newswarc):
    _lay(pristine, newswarc.folder)
    (newswarc.folder / "sites").mkdir()
    rules = '[[rules]]\nvalid_from = 2026-11-01\ndrop = [".first"]\n'
    (newswarc.folder / "sites" / "harbour.toml").write_text(PROFILE + rules)
    told = newswarc("reextract", "store", "--dry-run", "--site", "harbour")
    assert len(told.stdout.splitlines()) == 3
    assert "3 segments to read, 6 articles" in told.stderr
    assert not (newswarc.folder / "store" / "news" / "readings").exists()
    # One segment cannot be read: its code, and the others are.
    victim = next((newswarc.folder / "store" / "news" / "articles").rglob("*00002-*.parquet"))
    victim.unlink()
    done = newswarc("reextract", "store", "--json", "--workers", 2, code=20)
    told = json.loads(done.stdout)
    assert (told["segments"], told["failed"], told["articles"], told["changed"]) == (2, 1, 4, 4)
    assert told["failures"][0]["segment"] == victim.stem
    assert "no article file" in done.stderr


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("store", "--workers", 2, "--scheduler", "tcp://x:1"), 2, "exclude each other"),
        (("store", "--scheduler", "nonsense://x"), 7, "no Dask scheduler answers at 'nonsense://x'"),
    ],
)
def test_what_is_wrong_is_said(pristine, newswarc, words, code, said):
    _lay(pristine, newswarc.folder)
    err = newswarc("reextract", *words, code=code).stderr
    assert said in " ".join(err.replace("│", " ").split())


def test_killed_in_the_midst_it_goes_on(newswarc, until):
    """The first segment is through, the page of the second takes longer than it may."""
    record(newswarc.folder, [story(0)], [story(10, paragraphs=1000)])
    (newswarc.folder / "sites").mkdir()
    (newswarc.folder / "sites" / "harbour.toml").write_text(f"{PROFILE}[[rules]]\ntake = ['{SLOW}']\n")
    store = LocalStore(newswarc.folder / "store")
    running = newswarc.start("reextract", "store", "--workers", 1)
    try:
        until(lambda: len(latest_readings(store, "news")) == 1, seconds=60)
        below = psutil.Process(running.pid).children(recursive=True)
    finally:
        running.kill()
        running.communicate()
    assert len(below) == 2
    assert len(latest_readings(store, "news")) == 1
    _, alive = psutil.wait_procs(below, timeout=20)
    assert alive == []
    assert verify(store).ok
    rules = book_of([newswarc.folder / "sites"])
    stands = plan(store, "news", rules, Wish())
    assert [each.state for each in stands] == [State.DONE, State.DUE]
    with Workers(1, cpu_seconds=0.7) as pool:
        outcome = reread(store, stands[1].manifest, rules, pool)
    assert (outcome.state, outcome.articles, outcome.kept) == (State.READ, 1, 1)
    report = verify(store)
    assert (report.ok, report.notes) == (True, [])


CLUSTER = """
import sys
from distributed import LocalCluster
if __name__ == "__main__":
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        print(cluster.scheduler_address, flush=True)
        sys.stdin.read()
"""


def test_a_crawl_grades_a_page_over_its_time(newswarc, polite):
    """It is read once: the segment is sealed with what the crawl found."""
    feed = "<rss version='2.0'><channel><title>Harbour</title><item><link>/slow</link></item></channel></rss>"
    pages = {
        "/slow": story(1, paragraphs=1000).decode(),
        "/feed": newsite.Page(feed.encode(), type="text/xml"),
    }
    with newsite.running(pages) as site:
        (newswarc.folder / "sites").mkdir()
        (newswarc.folder / "sites" / "harbour.toml").write_text(
            f'name = "harbour"\nhome = "{site.url}"\nfeeds = ["/feed"]\n[[rules]]\ntake = ["{SLOW}"]\n'
        )
        newswarc("crawl", "harbour", "--store", "store", "--quiet", *polite)
    (log,) = (path.read_text() for path in (newswarc.folder / "store").rglob("*.log"))
    assert log.count("could not be read: extraction: a worker ran over") == 1
    assert "read from its WARC" not in log
    rows = [json.loads(line) for line in newswarc("export", "store").stdout.splitlines()]
    (slow,) = [row for row in rows if row["url"].endswith("/slow")]
    assert slow["quality"] == "empty"
    assert slow["reasons"][0].startswith(CUT_OFF)


@pytest.mark.slow
def test_a_dask_cluster_reads(pristine, newswarc):
    pytest.importorskip("distributed")
    _lay(pristine, newswarc.folder)
    script = newswarc.folder / "cluster.py"
    script.write_text(CLUSTER)
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen([sys.executable, script], env=environment(), text=True, **pipes) as cluster:
        address = cluster.stdout.readline().strip()
        told = json.loads(newswarc("reextract", "store", "--json", "--scheduler", address).stdout)
        # Their processes for pages are gone, though they live on.
        names = [" ".join(each.cmdline()) for each in psutil.Process(cluster.pid).children(recursive=True)]
        cluster.stdin.close()
    assert (told["segments"], told["articles"], told["failed"]) == (3, 6, 0)
    assert [name for name in names if "pipelines.extract.worker" in name] == []
    assert verify(LocalStore(newswarc.folder / "store")).ok


def _lay(pristine, folder) -> None:
    for key, content in pristine.items():
        path = folder / "store" / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
