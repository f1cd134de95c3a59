"""A short form of the harness, and outages of a real S3 server for the length of a crawl."""

import json
import os

import pytest

import newsite
from crashes.harness import drill
from crawler.config import load
from crawler.jobs import JobProcess, new_job
from crawler.recorder.recorder import open_archive
from pipelines.fixity import verify
from pipelines.model import Capture
from s3server import new_bucket, running_s3
from s3server.faults import FaultyProxy

KILLS = int(os.environ.get("NEWSWARC_CRAWL_KILLS", "5"))


@pytest.mark.slow
@pytest.mark.parametrize("place", ["folder", "s3"])
def test_nothing_told_is_lost_to_kill_9(place, tmp_path):
    if place == "folder":
        done = drill(KILLS, 11, tmp_path, str(tmp_path / "store"))
        check(done)
    else:
        with running_s3() as options:
            done = drill(KILLS, 12, tmp_path, f"s3://{new_bucket(options)}/news", options)
            check(done)


def check(done):
    report = done.verify()
    assert report.ok, report.lines()
    assert done.lost() == {}
    assert done.told
    assert done.items
    archive = done.archive()
    manifests = [found.key for found in archive.store.list("news/segments/")]
    archive.close()
    assert len(manifests) == len(set(manifests)) > 1


@pytest.fixture(scope="module")
def s3():
    with running_s3() as options:
        yield options


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["refuse", "503", "403", "slow", "cut", "cut-after:60"])
def test_outage_for_the_length_of_a_crawl_loses_nothing(mode, s3, tmp_path):
    bucket = new_bucket(s3)
    with (
        FaultyProxy(s3.endpoint_url) as proxy,
        newsite.running(newsite.daily(articles=12, seed=5)) as site,
    ):
        flags = {
            "store.url": f"s3://{bucket}/news",
            "store.s3.endpoint_url": proxy.url,
            "store.s3.region": s3.region,
            "store.s3.access_key": s3.access_key,
            "store.s3.secret_key": s3.secret_key,
            "state.folder": str(tmp_path),
            "crawl.delay": 0,
            "crawl.max_pages": 15,
            "crawl.allow_address": ["127.0.0.0/8"],
            "segments.min_free": 0,
            "segments.max_bytes": 15_000,
            "segments.store_patience": 2,
        }
        config = load(flags, environ={})
        proxy.fail(mode)
        *_, last = JobProcess(new_job((site.url,), config)).events()
        assert last.captures >= 15
        assert last.exit_code in {20, 21, 22}, last
        assert last.waiting
        assert last.error
        proxy.fail("pass")
        archive = open_archive(config)
        left = archive.publish_left(60)
        assert left.waiting == []
        assert left.published >= len(last.waiting) > 1
        report = verify(archive.store, "news")
        assert report.ok, report.lines()
        captures: list[Capture] = [*archive.catalog.all()]
        archive.close()
        assert len(captures) == last.captures
        assert not [*(tmp_path / "spool").rglob("*.warc.gz*")]


def test_crawl_goes_on_where_the_store_was_away_for_a_while(s3, tmp_path):
    """The store comes back while the crawl runs: the crawl ends well, and says so."""
    bucket = new_bucket(s3)
    with (
        FaultyProxy(s3.endpoint_url) as proxy,
        newsite.running(newsite.daily(articles=12, seed=6)) as site,
    ):
        proxy.fail("503", times=8)
        config = load(
            {
                "store.url": f"s3://{bucket}",
                "store.s3.endpoint_url": proxy.url,
                "store.s3.access_key": s3.access_key,
                "store.s3.secret_key": s3.secret_key,
                "state.folder": str(tmp_path),
                "crawl.delay": 0,
                "crawl.max_pages": 10,
                "crawl.allow_address": ["127.0.0.0/8"],
                "segments.min_free": 0,
                "segments.store_patience": 90,
            },
            environ={},
        )
        *_, last = JobProcess(new_job((site.url,), config)).events()
        assert proxy.faults >= 8
    assert (last.exit_code, last.waiting, last.segments) == (0, (), 1), last


def test_disk_stays_bounded_while_the_store_is_away(s3, tmp_path):
    """Past segments.spool_limit the crawl pauses; what it fetched until then is kept."""
    bucket = new_bucket(s3)
    limit = 300_000
    with (
        FaultyProxy(s3.endpoint_url) as proxy,
        newsite.running(newsite.daily(articles=60, seed=7)) as site,
    ):
        proxy.fail("refuse")
        site.delay = 0.05  # or the whole site is fetched between two looks
        config = load(
            {
                "store.url": f"s3://{bucket}",
                "store.s3.endpoint_url": proxy.url,
                "store.s3.access_key": s3.access_key,
                "store.s3.secret_key": s3.secret_key,
                "state.folder": str(tmp_path),
                "crawl.delay": 0,
                "crawl.concurrency": 2,
                "crawl.allow_address": ["127.0.0.0/8"],
                "segments.min_free": 0,
                "segments.max_bytes": 100_000,
                "segments.spool_limit": limit,
                "segments.store_patience": 1,
            },
            environ={},
        )
        job = JobProcess(new_job((site.url,), config))
        most, still, last = 0, 0, None
        for event in job.events():
            most = max(most, event.waiting_bytes)
            still = still + 1 if last and event.captures == last.captures > 5 else 0
            last = event
            if still == 12:
                job.interrupt()
        assert last.reason != "died", last
        # A second passes between two looks, and two requests may be under way.
        assert limit < most < limit * 4
        assert last.captures < 80
        assert json.dumps(last.waiting)
