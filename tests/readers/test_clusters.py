"""pywb finds every capture in the merged index."""

import json

from catalog.test_clusters import NOW, PLACE, fill
from pipelines.catalog.clusters import merge_indexes
from pipelines.index import from_line
from pipelines.storage import LocalStore

ASK = """
import io, json, sys
from urllib.parse import quote
from pywb.warcserver.basewarcserver import BaseWarcServer
from pywb.warcserver.handlers import IndexHandler
from pywb.warcserver.index.aggregator import SimpleAggregator
from pywb.warcserver.index.zipnum import ZipNumIndexSource
server = BaseWarcServer()
server.add_route('/all', IndexHandler(SimpleAggregator({'all': ZipNumIndexSource(sys.argv[1])})))
for url in sys.argv[2:]:
    asked = {'REQUEST_METHOD': 'GET', 'PATH_INFO': '/all/index', 'QUERY_STRING': 'url=' + quote(url, safe=''),
             'SCRIPT_NAME': '', 'SERVER_NAME': 'x', 'SERVER_PORT': '80', 'wsgi.url_scheme': 'http',
             'wsgi.input': io.BytesIO(), 'wsgi.errors': sys.stderr}
    print(json.dumps(b''.join(server(asked, lambda *_: None)).decode()))
"""


def test_pywb_reads_it(tmp_path, peers):
    store = LocalStore(tmp_path)
    captures = {}
    for found in map(from_line, fill(store)):
        captures.setdefault(found.url, []).append((found.timestamp, found.filename, found.offset))
    merge_indexes(store, "trial", now=NOW, shard_bytes=200_000)
    urls = sorted(captures)
    # First and last, on both sides of blocks and shards, and none at all.
    asked = [urls[0], urls[-1], *urls[595:610:3], *urls[1195:1210:3], *urls[::97], "https://nowhere.example/"]
    said = peers("python", "-W", "ignore", "-c", ASK, tmp_path / PLACE / "cluster.idx", *asked)
    told = [json.loads(line) for line in said.splitlines() if line.startswith('"')]
    assert len(told) == len(asked)
    for url, lines in zip(asked, told, strict=True):
        read = [from_line(line.encode()) for line in lines.splitlines()]
        assert [(each.timestamp, each.filename, each.offset) for each in read] == captures.get(url, [])
