"""Fidelity: every odd exchange of the oracle, over HTTP and TLS, with keep-alive and concurrency."""

import ssl

import pytest
import trustme

import newsite
from newsite.oracle import CASES, Case
from pipelines.model import WireBytes
from pipelines.warc.digests import digest_response


@pytest.fixture(scope="module")
def site():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1", "localhost").configure_cert(context)
    with newsite.running({"/": "<p>"}, tls=context) as running:
        yield running


@pytest.fixture(scope="module", params=["http", "https"])
def crawled(request, site, crawl_with_addon):
    base = site.url if request.param == "http" else site.https
    asked = []
    for case in CASES.values():
        meta = {"download_timeout": case.timeout or 30}
        if case.limit:
            meta["download_maxsize"] = case.limit
        asked.append({"url": base.rstrip("/") + case.path, "method": case.method, "meta": meta})
    site.reset()
    # Many cases have one body; as revisits they would keep their heads only.
    found = crawl_with_addon(asked, {"segments.revisits": False}, DOWNLOAD_MAXSIZE=64 << 20)
    found.base, found.scheme = base.rstrip("/"), request.param
    found.sent = {exchange.path: exchange for exchange in site.exchanges}
    return found


UNREADABLE = {"icy", "status-not-a-number", "no-header-block", "chunk-size-not-hex"}
"""Cases that leave open where the response begins or ends, so that the connection is given up."""


def is_whole(case: Case) -> bool:
    return not case.limit and not case.truncated and case.name not in UNREADABLE


@pytest.mark.parametrize("case", CASES.values(), ids=str)
def test_every_byte_is_kept(crawled, case: Case):
    url = crawled.base + case.path
    if not case.kept:
        assert url not in crawled.kept
        assert any(line["url"] == url and line["error"] for line in crawled.log)
        return
    assert url in crawled.kept, crawled.brought.get(url)
    [kept] = crawled.kept[url]
    if is_whole(case):
        assert kept.response == case.kept
        assert kept.get("WARC-Truncated") is None
    else:
        # What came before the end, the limit or the unreadable place is all there is to keep.
        assert case.kept.startswith(kept.response)
        assert kept.response
        assert kept.get("WARC-Truncated")
    assert kept.interim == case.interim
    assert kept.request == crawled.sent[case.path].request


READABLE = [case for case in CASES.values() if case.kept and case.payload is not None and is_whole(case)]


@pytest.mark.parametrize("case", READABLE, ids=str)
def test_payload_and_status_are_read_as_the_standard_says(crawled, case: Case):
    [kept] = crawled.kept[crawled.base + case.path]
    digested = digest_response(WireBytes(kept.response))
    assert digested.payload_length == len(case.payload)
    assert digested.head.status == case.status
    if case.payload:
        assert kept.get("WARC-Payload-Digest") == digested.payload_sha1
    if case.surplus:
        assert f"surplusBytes: {case.surplus}" in kept.metadata


def test_connection_is_described(crawled):
    [kept] = crawled.kept[crawled.base + CASES["plain"].path]
    assert kept.get("WARC-IP-Address") == "127.0.0.1"
    protocols = kept.all("WARC-Protocol")
    assert protocols[0] == "http/1.1"
    if crawled.scheme == "https":
        assert protocols[1] == "tls/1.3"
        assert kept.get("WARC-Cipher-Suite").startswith("TLS_")
    else:
        assert len(protocols) == 1


def test_item_exists_only_with_its_record(crawled):
    assert "unrecorded" not in crawled.brought.values()
    assert len(crawled.brought) == len(CASES)
