"""Conditional requests through the real recorder: what their 304s are recorded as."""

from dataclasses import asdict

import pytest

import newsite
from pipelines.archive import Archive
from pipelines.model import Original
from pipelines.storage import open_store

VALIDATORS = {
    "etag": {"If-None-Match": '"edition-1"'},
    "modified": {"If-Modified-Since": "Fri, 31 Dec 2027 23:59:59 GMT"},
}


@pytest.fixture(scope="module")
def site():
    with newsite.running(newsite.daily(articles=2, seed=3)) as running:
        yield running


def asked(site, name, capture, **meta):
    named = {"archive_unmodified": asdict(Original.of(capture))}
    return {"url": f"{site.url}odd/{name}", "headers": VALIDATORS[name], "meta": {**named, **meta}}


@pytest.fixture(scope="module")
def crawled(site, crawl_with_addon, tmp_path_factory):
    """Both pages, then both again with their validators: what the archive holds, and its folder."""
    store = tmp_path_factory.mktemp("unmodified")
    first = crawl_with_addon([{"url": f"{site.url}odd/{name}"} for name in VALIDATORS], store=store)
    assert [capture.status for capture in first.captures] == [200, 200]
    by_url = {capture.url: capture for capture in first.captures}
    again = [asked(site, name, by_url[f"{site.url}odd/{name}"]) for name in VALIDATORS]
    return store, crawl_with_addon(again, store=store)


@pytest.mark.parametrize("name", VALIDATORS)
def test_a_304_is_a_revisit_of_the_response_whose_payload_it_confirms(site, crawled, name):
    """Both pages have the same words, so one of the first two captures is a revisit already."""
    store, found = crawled
    url = f"{site.url}odd/{name}"
    first, second = sorted((each for each in found.captures if each.url == url), key=lambda each: each.status)
    assert (first.status, second.kind, second.status) == (200, "revisit", 304)
    archive = Archive(open_store(str(store)), "news", store / ".newswarc")
    read = archive.open(second)
    exchanges = [each for each in site.exchanges if each.path == f"/odd/{name}"]
    assert archive.unmodified_head(second) == exchanges[-1].response
    assert exchanges[-1].response.startswith(b"HTTP/1.1 304 ")
    earlier = archive.open(first)
    assert (read.payload, read.original) == (earlier.payload, earlier.original or first)
    assert read.original.kind == "response"
    archive.close()


def test_the_request_on_the_wire_is_recorded_with_its_validator(site, crawled):
    _, found = crawled
    _, second = found.kept[f"{site.url}odd/etag"]
    assert b'\r\nIf-None-Match: "edition-1"\r\n' in second.request
    assert second.get("WARC-Profile").endswith("/warc/1.1/revisit/server-not-modified")
    assert found.stats["archive/revisits"] == 2
    assert found.stats["archive/status/304"] == 2
    log = [line for line in found.log if line.get("status") == 304]
    assert {line["record"] for line in log} == {"revisit"}


def test_without_a_named_capture_it_is_a_response(site, crawl_with_addon):
    found = crawl_with_addon([{"url": f"{site.url}odd/etag", "headers": VALIDATORS["etag"]}])
    assert [(capture.kind, capture.status) for capture in found.captures] == [("response", 304)]


def test_a_capture_of_another_archive_is_not_referred_to(site, crawled, crawl_with_addon):
    _, known = crawled
    capture = next(each for each in known.captures if each.url.endswith("etag") and each.status == 200)
    found = crawl_with_addon([asked(site, "etag", capture)])
    assert [(each.kind, each.status) for each in found.captures] == [("response", 304)]


def test_a_name_that_is_none_fails_the_request_and_says_why(site, crawl_with_addon):
    url = f"{site.url}odd/etag"
    found = crawl_with_addon([{"url": url, "meta": {"archive_unmodified": {"url": url}}}])
    assert found.brought == {url: "RecordError"}
