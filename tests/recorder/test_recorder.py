"""The recording handler around its edges: failures, refusals, large bodies, revisits, others' settings."""

import json
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

import pytest

import newsite
from crawler.recorder.addresses import AddressPolicy
from crawler.recorder.ciphers import iana_name
from newsite import Page, Script
from pipelines.errors import ConfigError

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def site():
    large = b"<p>" + b"a line of a very long page\n" * 400_000
    pages = {
        "/a": "<p>The same words.",
        "/b": Page(b"<p>The same words.", chunked=True),
        "/c": "<p>Other words.",
        "/large": Page(large),
        "/silent": Script([], then="hang"),
        "/posted": lambda request: Page(b"<p>" + request.body),
    }
    with newsite.running(pages) as running:
        yield running


def asked(site, *paths, **more):
    return [{"url": site.url.rstrip("/") + path, **more} for path in paths]


def closed_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return listening.getsockname()[1]


@pytest.fixture
def plain_talker():
    """The port of a server that answers a TLS handshake with plain words."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def talk():
            with suppress(OSError):
                while True:
                    connection, _ = listening.accept()
                    with connection:
                        connection.sendall(b"I do not speak TLS.\r\n")

        threading.Thread(target=talk, daemon=True).start()
        yield listening.getsockname()[1]


def test_failure_without_response_is_in_the_crawl_log(site, crawl_with_addon, plain_talker):
    port = closed_port()
    wanted = [
        {"url": f"http://127.0.0.1:{port}/refused"},
        {"url": "http://no-such-host.invalid/dns"},
        {"url": f"https://127.0.0.1:{plain_talker}/tls"},
        *asked(site, "/silent", meta={"download_timeout": 1}),
    ]
    crawled = crawl_with_addon(wanted)
    reasons = {line["url"].rsplit("/", 1)[1]: line["error"] for line in crawled.log}
    assert reasons == {"refused": "refused", "dns": "dns", "tls": "tls", "silent": "timeout"}
    assert not crawled.kept
    assert not crawled.captures


def test_large_body_goes_through_a_file_and_is_whole(site, crawl_with_addon):
    site.reset()
    crawled = crawl_with_addon(asked(site, "/large"))
    [kept] = crawled.kept[site.url + "large"]
    assert kept.response == site.wait("/large").response
    assert len(kept.response) > 10_000_000


def test_request_body_is_recorded(site, crawl_with_addon):
    site.reset()
    crawled = crawl_with_addon(asked(site, "/posted", method="POST", body="name=value"))
    [kept] = crawled.kept[site.url + "posted"]
    assert kept.request == site.wait("/posted").request
    assert kept.request.endswith(b"\r\n\r\nname=value")


def test_same_payload_is_a_revisit_with_its_own_head(site, crawl_with_addon, tmp_path):
    first = crawl_with_addon(asked(site, "/a", "/c"), store=tmp_path)
    assert [capture.kind for capture in first.captures] == ["response", "response"]
    site.reset()
    second = crawl_with_addon(asked(site, "/a", "/b"), store=tmp_path)
    revisits = [capture for capture in second.captures if capture.kind == "revisit"]
    assert {capture.url for capture in revisits} == {site.url + "a", site.url + "b"}
    kept = second.kept[site.url + "b"][-1]
    head, _, _ = site.wait("/b").response.partition(b"\r\n\r\n")
    assert kept.response == head + b"\r\n\r\n"
    assert kept.get("WARC-Refers-To-Target-URI") == site.url + "a"
    [original] = [
        capture for capture in second.captures if capture.url.endswith("/a") and capture.kind == "response"
    ]
    assert kept.get("WARC-Refers-To-Date").translate(str.maketrans("", "", "-:TZ")) == original.timestamp


def test_what_a_receiver_has_enough_of_is_marked_as_cut(site, crawl_with_addon, tmp_path):
    crawled = crawl_with_addon(asked(site, "/large"), store=tmp_path, HAS_ENOUGH_AT_ONCE=True)
    [kept] = crawled.kept[site.url + "large"]
    assert len(kept.response) < 10_000_000
    assert kept.get("WARC-Truncated") == "unspecified"
    again = crawl_with_addon(asked(site, "/large"), store=tmp_path)
    assert {capture.kind for capture in again.captures} == {"response"}


def test_fragment_is_no_part_of_the_address(site, crawl_with_addon):
    crawled = crawl_with_addon(asked(site, "/c#words"))
    assert [capture.url for capture in crawled.captures] == [site.url + "c"]


def test_server_behind_a_proxy_has_no_known_address(site, crawl_with_addon):
    wanted = [{"url": "http://server.example/a", "meta": {"proxy": site.url}}]
    crawled = crawl_with_addon(wanted)
    [kept] = crawled.kept["http://server.example/a"]
    assert kept.request.startswith(b"GET http://server.example/a HTTP/1.1\r\n")
    assert kept.get("WARC-IP-Address") is None


def test_proxy_is_refused_where_addresses_are_checked(site, crawl_with_addon):
    site.reset()
    wanted = [{"url": "http://server.example/a", "meta": {"proxy": site.url}}]
    crawled = crawl_with_addon(wanted, {"crawl.allow_address": ["127.0.0.0/8"]}, ARCHIVE_PUBLIC_ONLY=True)
    assert set(crawled.brought.values()) == {"AddressRefused"}
    assert not site.exchanges


@pytest.mark.parametrize("kind", ["AsyncCrawlerProcess", "CrawlerProcess"])
def test_crawls_of_one_process_have_their_own_policies_and_go(kind, site, tmp_path):
    run = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("two_crawls.py")), kind, site.url + "c", str(tmp_path)],
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)},
        timeout=100,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    told = json.loads(run.stdout.splitlines()[-1])
    assert told["brought"] == [["AddressRefused"], [200], ["AddressRefused"]]
    assert told["captures"] == [0, 1, 0]
    assert told["left"] == 0


def test_other_handler_for_https_is_refused_in_words(crawl_with_addon, site):
    with pytest.raises(AssertionError, match="DOWNLOAD_HANDLERS gives https to"):
        crawl_with_addon(
            asked(site, "/a"),
            DOWNLOAD_HANDLERS={"https": "scrapy.core.downloader.handlers.http2.H2DownloadHandler"},
        )


def test_private_address_is_refused_before_a_connection_is_made(site, crawl_with_addon):
    site.reset()
    port = site.url.rsplit(":", 1)[1].strip("/")
    wanted = [{"url": f"http://{host}:{port}/a"} for host in ("127.0.0.1", "localhost", "[::ffff:127.0.0.1]")]
    crawled = crawl_with_addon(wanted, ARCHIVE_PUBLIC_ONLY=True)
    assert set(crawled.brought.values()) == {"AddressRefused"}
    assert {line["error"] for line in crawled.log} == {"address"}
    assert not site.exchanges


def test_private_address_is_asked_where_it_is_allowed(site, crawl_with_addon):
    crawled = crawl_with_addon(
        asked(site, "/a"), {"crawl.allow_address": ["127.0.0.0/8"]}, ARCHIVE_PUBLIC_ONLY=True
    )
    assert len(crawled.captures) == 1


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1::1", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:93.184.216.34", True),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
        ("2002:5db8:d822::", True),
        ("64:ff9b:1::7f00:1", False),
        ("::7f00:1", False),
        ("fec0::1", False),
    ],
)
def test_public_addresses(address, allowed):
    assert AddressPolicy().allows(address) is allowed


def test_network_that_is_none_is_named():
    with pytest.raises(ConfigError, match=r"127\.0\.0\.1/99"):
        AddressPolicy(["127.0.0.1/99"])


@pytest.mark.parametrize(
    ("openssl", "iana"),
    [
        ("TLS_AES_256_GCM_SHA384", "TLS_AES_256_GCM_SHA384"),
        ("ECDHE-RSA-AES128-GCM-SHA256", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"),
        ("ECDHE-ECDSA-CHACHA20-POLY1305", "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"),
        ("AES256-SHA", "TLS_RSA_WITH_AES_256_CBC_SHA"),
        ("PSK-AES256-CBC-SHA", None),
        (None, None),
    ],
)
def test_cipher_names(openssl, iana):
    assert iana_name(openssl) == iana
