"""What politeness leaves in the archive: every robots.txt, every answer that asked for patience."""

import json
from types import SimpleNamespace

import pytest

from crawler.politeness import fetching
from crawler.recorder import recorder
from newsite import Page
from pipelines.warc.reader import read_records
from politeness import Net, host, robots


def busy(request):
    return Page(b"busy", status=429, headers=((b"Retry-After", b"1"),)) if request.visit == 1 else Page(b"x")


def moved(request):
    return (
        robots("User-agent: *\nDisallow: /private/\n")
        if request.visit > 1
        else robots(status=301, Location="/robots.txt")
    )


def misled(_):
    return robots(status=302, Location="http://10.0.0.1/robots.txt")


net = Net({"busy": host(moved, **{"/busy": busy}), "private": host(), "misled": host(misled)})


def test_the_recorders_keys_are_the_recorders():
    assert fetching.PROVENANCE == recorder.PROVENANCE
    assert fetching.RECORDED == recorder.RECORDED


@pytest.fixture(scope="module")
def archived(run_crawl, tmp_path_factory):
    store = tmp_path_factory.mktemp("store")
    networks = [f"{net.address[name]}/32" for name in ("busy", "misled")]
    with net.running():
        done = run_crawl(
            store / "state.sqlite",
            [
                net.url("busy", "busy"),
                net.url("busy", "robots.txt"),
                net.url("private", "a"),
                net.url("misled", "a"),
            ],
            store=store,
            archive={"crawl.allow_address": networks},
            ARCHIVE_PUBLIC_ONLY=True,
        )
        records, log = read(store)
        yield SimpleNamespace(done=done, records=records, log=log)


def read(store):
    records, log = [], []
    for warc in sorted(store.glob("news/archive/**/*.warc.gz")):
        with warc.open("rb") as file:
            for record in read_records(file):
                url, block = record.get("WARC-Target-URI") or "", record.block.read()
                if "crawl-log" in url:
                    log += [json.loads(line) for line in block.splitlines()]
                else:
                    records.append((record.kind, url, block))
    return records, log


def test_each_answer_is_archived_as_it_is(archived):
    url = net.url("busy", "busy")
    statuses = [
        block.split(b" ")[1] for kind, at, block in archived.records if (kind, at) == ("response", url)
    ]
    assert statuses == [b"429", b"200"]


def test_robots_txt_is_archived_with_how_the_crawl_came_to_it(archived):
    url = net.url("busy", "robots.txt")
    told = [block.decode() for kind, at, block in archived.records if (kind, at) == ("metadata", url)]
    assert len(told) == 2
    assert "hopsFromSeed: FP\r\n" in told[0]
    assert f"via: {net.url('busy', 'busy')}\r\n" in told[0] or f"via: {url}\r\n" in told[0]
    assert "hopsFromSeed: FPR\r\n" in told[1]
    assert f"via: {url}\r\n" in told[1]


def test_the_spiders_own_request_is_told_the_capture(archived):
    assert archived.done.became[net.url("busy", "robots.txt")][:3] == [200, "kept", "recorded"]


def test_an_address_that_may_not_be_fetched_from_is_the_reason_for_its_pages(archived):
    url = net.url("private", "a")
    assert archived.done[url] == "address"
    assert net.asked("private") == []
    assert {line["error"] for line in archived.log if net.address["private"] in line["url"]} == {"address"}


def test_a_robots_txt_that_is_redirected_to_such_an_address_is_unreachable(archived):
    assert archived.done[net.url("misled", "a")] == "robots_unreachable"
    assert net.paths("misled") == ["/robots.txt"]
