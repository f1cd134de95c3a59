"""The news spider, as a whole job over a loopback site: what is fetched, and why not the rest."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import newsite
from crawler.config import load
from crawler.jobs import JobProcess, new_job
from crawler.jobs.spec import Progress
from newsite import Page
from pipelines.warc.reader import read_records

ROOT = Path(__file__).parents[2]
FEED = """<rss version="2.0"><channel><title>T</title>
<item><title>First words</title><link>{base}/first</link><guid>g-1</guid>
<pubDate>Mon, 23 Nov 2026 08:00:00 GMT</pubDate></item>
<item><title>Moved</title><link>{base}/moved</link></item>
<item><title>Elsewhere</title><link>http://elsewhere.example/x</link></item>
<item><title>Forbidden</title><link>{base}/private/x</link></item>
<item><title>Gone</title><link>{base}/gone</link></item>
</channel></rss>"""
STORY = (
    "<html><head><title>{0}</title><link rel=stylesheet href=/s.css></head>"
    "<body><h1>{0}</h1>{1}{2}</body></html>"
)
TEXT = (
    "<p>"
    + "</p><p>".join(f"Sentence number {n} of a story that is long enough to be one." for n in range(12))
    + "</p>"
)


def pages(request) -> Page | None:
    answers: dict[str, Callable[[], Page]] = {
        "/feed": lambda: Page(FEED.format(base=request.base).encode(), type="application/rss+xml"),
        "/robots.txt": lambda: Page(b"User-agent: *\nDisallow: /private/\n", type="text/plain"),
        "/first": lambda: Page(
            STORY.format("First", TEXT, "<a href=/second>on</a><img src=/i.png>").encode()
        ),
        "/second": lambda: Page(STORY.format("Second", TEXT, "<a href=/third>on</a>").encode()),
        "/third": lambda: Page(STORY.format("Third", TEXT, "").encode()),
        "/moved": lambda: Page(b"", status=301, headers=((b"Location", b"/target"),)),
        "/target": lambda: Page(STORY.format("Target", TEXT, "").encode(), gzip=True),
        "/s.css": lambda: Page(b"body { background: url(/b.png) }", type="text/css"),
        "/i.png": lambda: Page(b"\x89PNG\r\n\x1a\n", type="image/png"),
        "/b.png": lambda: Page(b"\x89PNG\r\n\x1a\n2", type="image/png"),
    }
    answer = answers.get(request.path)
    return answer() if answer else None


@pytest.fixture(scope="module")
def site():
    with newsite.running({"/*": pages}) as running:
        yield running


@dataclass
class Crawl:
    last: Progress
    metadata: dict[str, str]
    log: dict[str, dict[str, Any]]
    articles: list[dict[str, Any]]


@pytest.fixture
def crawl(site, tmp_path):
    def run(profile: str = "", *, target: str | None = None, **flags: Any) -> Crawl:
        path = tmp_path / "here.toml"
        path.write_text(f'name = "here"\nhome = "{site.url}"\nfeeds = ["/feed"]\n{profile}')
        given = {
            "store.url": str(tmp_path / "store"),
            "crawl.delay": 0,
            "crawl.allow_address": ["127.0.0.0/8"],
            "crawl.retries": 0,
            "segments.min_free": 0,
            **{name.replace("__", "."): value for name, value in flags.items()},
        }
        *_, last = JobProcess(new_job((target or str(path),), load(given, environ={}))).events()
        return read(last, tmp_path / "store")

    return run


def read(last: Progress, store) -> Crawl:
    found = Crawl(last, {}, {}, [])
    for warc in store.glob("news/archive/**/*.warc.gz"):
        with warc.open("rb") as file:
            for record in read_records(file):
                block, url = record.block.read(), record.get("WARC-Target-URI") or ""
                if record.kind == "metadata":
                    found.metadata[path_of(url)] = block.decode()
                elif "crawl-log" in url:
                    lines = [json.loads(line) for line in block.splitlines()]
                    found.log |= {path_of(line["url"]): line for line in lines}
    return found


def path_of(url: str) -> str:
    return "/" + url.split("/", 3)[-1] if "127.0.0.1" in url else url


def test_everything_announced_has_its_capture_or_its_reason(crawl):
    done = crawl()
    assert done.last.exit_code == 0
    errors = {path: line["error"] for path, line in done.log.items() if line.get("error")}
    assert errors == {"http://elsewhere.example/x": "scope_host", "/private/x": "robots"}
    statuses = {path: line.get("status") for path, line in done.log.items()}
    assert statuses["/first"] == 200
    assert statuses["/moved"] == 301
    assert statuses["/target"] == 200
    assert statuses["/gone"] == 404
    assert "/second" not in statuses


def test_metadata_says_how_the_crawl_came_to_a_page(crawl):
    done = crawl()
    first = done.metadata["/first"]
    assert "hopsFromSeed: F\r\n" in first
    assert "announced-title: First words\r\n" in first
    assert "announced-guid: g-1\r\n" in first
    assert "announced-published: 2026-11-23T08:00:00+00:00\r\n" in first
    assert "hopsFromSeed: FR\r\n" in done.metadata["/target"]
    assert "/moved\r\n" in done.metadata["/target"].split("via: ")[1].splitlines(keepends=True)[0]
    assert "hopsFromSeed: P\r\n" in done.metadata["/robots.txt"]


def test_links_are_followed_as_far_as_told(crawl):
    done = crawl(crawl__hops=1)
    assert "/second" in done.log
    assert "/third" not in done.log
    assert "hopsFromSeed: FL\r\n" in done.metadata["/second"]


def test_requisites_are_fetched_where_the_profile_says_so(crawl):
    done = crawl("[scope]\nrequisites = true\n")
    hops = {
        path: text.split("hopsFromSeed: ")[1].split("\r\n")[0]
        for path, text in done.metadata.items()
        if "hops" in text
    }
    assert hops["/s.css"] in {"FE", "FRE"}
    assert hops["/i.png"] == "FE"
    assert hops["/b.png"] == hops["/s.css"] + "E"
    assert {"/s.css", "/i.png", "/b.png"} <= {
        path for path, line in done.log.items() if line.get("status") == 200
    }


def test_robots_that_answers_5xx_means_no(crawl, site):
    site.robots = 503
    try:
        done = crawl()
    finally:
        site.robots = None
    assert done.last.exit_code == 0
    assert done.log["/feed"]["error"] == "robots_unreachable"
    assert done.log["/robots.txt"]["status"] == 503
    assert not site.asked("/first") or "/first" not in done.log


def test_bare_page_is_fetched_alone(crawl, site):
    done = crawl(target=site.url + "first")
    assert {path for path in done.log if path != "/robots.txt"} == {"/first"}
    assert done.last.articles == 1


def test_no_text_leaves_no_articles(crawl, tmp_path):
    done = crawl(crawl__text=False)
    assert done.last.captures > 3
    assert not [*(tmp_path / "store").glob("news/articles/**/*.parquet")]


def test_budget_of_pages_is_kept(crawl):
    done = crawl(crawl__max_pages=2)
    assert done.last.pages == 2
    assert done.last.reason == "max_pages"
    assert done.last.exit_code == 0


def test_nothing_listening_ends_with_its_own_code(crawl):
    done = crawl(target="http://127.0.0.1:9/")
    assert done.last.exit_code == 9
    assert done.last.captures == 0


def test_crawl_goes_on_though_the_open_segment_alone_is_over_the_limit(crawl):
    done = crawl("discover = true", segments__spool_limit=20_000, crawl__delay=0.3)
    assert (done.last.reason, done.last.exit_code) == ("finished", 0)
    assert "/target" in done.metadata


def test_scrapy_crawl_takes_up_only_a_crawl_of_the_same_sites(site, tmp_path):
    """The frontier's job is not called after the spider alone: a second site would inherit the first's."""

    def run(*targets: str, responses: int = 0) -> list[str]:
        site.reset()
        subprocess.run(
            [
                *(sys.executable, "-m", "scrapy", "crawl", "news", "-a", f"targets={','.join(targets)}"),
                *("-s", f"CLOSESPIDER_PAGECOUNT={responses}", "-s", "CONCURRENT_REQUESTS=1"),
            ],
            cwd=ROOT,
            env={
                **os.environ,
                "SCRAPY_SETTINGS_MODULE": "crawler.settings",
                "PYTHONPATH": str(ROOT),
                "NEWSWARC_STORE__URL": str(tmp_path / "store"),
                "NEWSWARC_CRAWL__ALLOW_ADDRESS": "127.0.0.0/8",
                "NEWSWARC_CRAWL__DELAY": "0",
                "NEWSWARC_SEGMENTS__MIN_FREE": "0",
            },
            check=True,
            capture_output=True,
            timeout=60,
        )
        return [exchange.path for exchange in site.exchanges]

    first, second = f"{site.url}first", f"{site.url}second"
    assert "/third" not in run(first, f"{site.url}third", responses=1)
    for _ in range(2):
        asked = run(second)
        assert "/second" in asked
        assert "/third" not in asked
