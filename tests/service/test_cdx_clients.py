"""Programs that read the Internet Archive, unmodified, against a server of ours.

Each is a process of its own. Those that know no other address than https://web.archive.org reach us by way of
the proxy beside this file.
"""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from pipelines.takedown import Action, Kind, Target
from segments.making import response
from service.proxy import proxied
from service.reading import SITE, at, page, reading, taken_down

# Those that pause for seconds between requests are told not to.
CDX_TOOLKIT = """
import json, sys
import cdx_toolkit
from cdx_toolkit import myrequests
for each in myrequests.retry_info.values():
    each["minimum_interval"] = 0.0
told = {}
for name in ("cdx", "trial/cdx"):
    cdx = cdx_toolkit.CDXFetcher(source=f"{sys.argv[1]}/{name}", wb=f"{sys.argv[1]}/web")
    found = list(cdx.iter("news.example/*", filter="=status:200"))
    told[name] = {
        "found": [[each["url"], each["timestamp"], each["mime"]] for each in found],
        "content": found[0].content.decode(),
        "got": len(cdx.get("news.example/*", limit=2)),
        "size": cdx.get_size_estimate("news.example/*", as_pages=True),
    }
print(json.dumps(told))
"""
WAYBACKPY = """
import json
from waybackpy import WaybackMachineCDXServerAPI
FIRST = {"year": 2026, "month": 11, "day": 23, "hour": 14, "minute": 5}
def found(**more):
    asked = WaybackMachineCDXServerAPI("https://news.example/*", "test", **more)
    return [[each.original, each.timestamp, each.statuscode] for each in asked.snapshots()]
near = WaybackMachineCDXServerAPI("https://news.example/", "test")
print(json.dumps({
    "all": found(),
    "collapsed": found(collapses=["urlkey"]),
    "filtered": found(filters=["statuscode:404"]),
    "cut": found(limit=2, use_pagination=False),
    "near": [near.near(**FIRST).timestamp, near.oldest().timestamp, near.newest().timestamp],
}))
"""
WAYBACK = """
import json, os, wayback
session = wayback.WaybackSession(retries=0, search_calls_per_second=0, memento_calls_per_second=0)
# Where it follows redirects it does not look for this variable.
session.verify = os.environ["REQUESTS_CA_BUNDLE"]
client = wayback.WaybackClient(session)
found = list(client.search("news.example/", match_type="prefix", limit=2))
memento = client.get_memento(found[0])
moved = client.get_memento("https://news.example/old", timestamp="20261123140512", exact=False)
try:
    list(client.search("https://news.example/blocked"))
    blocked = False
except wayback.exceptions.BlockedSiteError:
    blocked = True
print(json.dumps({
    "found": [[each.url, each.timestamp.strftime("%Y%m%d%H%M%S"), each.status_code] for each in found],
    "memento": [memento.text, memento.headers["Content-Type"], memento.memento_url, sorted(memento.links)],
    "moved": [moved.memento_url, len(moved.history)],
    "blocked": blocked,
}))
"""
WAYBACKPACK = """
import json, sys
import waybackpack
stamps = [each["timestamp"] for each in waybackpack.search("news.example/", uniques_only=True)]
pack = waybackpack.Pack("https://news.example/", timestamps=stamps)
pack.download_to(sys.argv[2], raw=True, no_clobber=False)
print(json.dumps(stamps))
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """What each of them printed, and where it wrote."""
    folder = tmp_path_factory.mktemp("readers")
    captured = [
        page(0, response(b"<p>first")),
        page(1, response(b"<p>second")),
        page(2, response(b"<p>second")),
        page(3, response(b"", b"Location: /", status=b"302 Found"), "/old"),
        page(4, response(b"<p>none", status=b"404 Not Found"), "/missing"),
        page(5, response(b"\x89PNG\r\n\x1a\n", b"Content-Type: image/png"), "/lamp.png"),
        page(6, response(b"<p>not for readers"), "/blocked"),
    ]
    base = {"service__base_url": "https://web.archive.org"}
    with (
        reading(folder / "plain", captured) as (client, plain),
        reading(folder / "proxied", captured, **base) as (behind, hidden),
        proxied((behind.host, behind.port), folder) as proxy,
        taken_down(plain, (Action.BLOCK, Target(Kind.URL, f"{SITE}/blocked"))),
        taken_down(hidden, (Action.BLOCK, Target(Kind.URL, f"{SITE}/blocked"))),
    ):

        def run(source):
            arguments = [sys.executable, "-c", source, client.url, str(folder / "packed")]
            done = subprocess.run(
                arguments,
                env=proxy.environment(NO_PROXY="127.0.0.1"),
                capture_output=True,
                text=True,
                timeout=100,
                check=False,
            )
            assert done.returncode == 0, done.stderr
            return json.loads(done.stdout.splitlines()[-1])

        with ThreadPoolExecutor(2) as pool:
            yield dict(
                zip(
                    ("cdx_toolkit", "waybackpy", "wayback", "waybackpack", "folder"),
                    [*pool.map(run, (CDX_TOOLKIT, WAYBACKPY, WAYBACK, WAYBACKPACK)), folder / "packed"],
                    strict=True,
                )
            )


def test_cdx_toolkit_reads_both_dialects_and_contents(told):
    for name in ("cdx", "trial/cdx"):
        found = told["cdx_toolkit"][name]
        assert found["found"] == [
            [f"{SITE}/", at(0), "text/html"],
            [f"{SITE}/", at(1), "text/html"],
            [f"{SITE}/", at(2), "warc/revisit"],
            [f"{SITE}/lamp.png", at(5), "image/png"],
        ]
        assert (found["content"], found["got"], found["size"]) == ("<p>first", 2, 1)


def test_waybackpy_lists_and_finds_the_nearest(told):
    found = told["waybackpy"]
    assert [each[1] for each in found["all"]] == [at(0), at(1), at(2), at(5), at(4), at(3)]
    assert [each[1] for each in found["collapsed"]] == [at(0), at(5), at(4), at(3)]
    assert found["filtered"] == [[f"{SITE}/missing", at(4), "404"]]
    assert found["cut"] == found["all"]
    assert found["near"] == [at(0), at(0), at(2)]


def test_wayback_of_edgi_searches_and_reads_mementos(told):
    found = told["wayback"]
    assert [each[1] for each in found["found"]] == [at(0), at(1), at(2), at(5), at(4), at(3)]
    text, kind, url, links = found["memento"]
    assert (text, kind) == ("<p>first", "text/html; charset=utf-8")
    assert url == f"https://web.archive.org/web/{at(0)}id_/{SITE}/"
    assert {"original", "timegate", "timemap"} <= {*links}
    assert found["moved"][0].endswith(f"id_/{SITE}/")
    assert found["moved"][1] == 1
    assert found["blocked"]


def test_waybackpack_downloads_what_differs(told):
    assert told["waybackpack"] == [at(0), at(1)]
    files = {
        path.relative_to(told["folder"]).parts[0]: path
        for path in told["folder"].rglob("*")
        if path.is_file()
    }
    assert {name: path.read_bytes() for name, path in files.items()} == {
        at(0): b"<p>first",
        at(1): b"<p>second",
    }
