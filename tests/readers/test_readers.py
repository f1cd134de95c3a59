"""Other people's programs read every file that a crawl leaves, without us."""

import json

import duckdb
import pandas as pd
from fastwarc.warc import ArchiveIterator as FastIterator
from fastwarc.warc import WarcRecordType
from warcio.archiveiterator import ArchiveIterator

WARCS = "news/archive/**/*.warc.gz"


def lines_of(store):
    """Return our index lines as (urlkey, timestamp): {…}, over all segments."""
    found = {}
    for path in store.glob("news/indexes/**/*.cdxj"):
        for line in path.read_text().splitlines():
            urlkey, timestamp, fields = line.split(" ", 2)
            parsed = json.loads(fields)
            found[urlkey, timestamp, parsed["filename"].rpartition("/")[2], parsed["offset"]] = parsed
    return found


def test_there_is_something_to_read(crawled):
    assert len([*crawled.glob(WARCS)]) >= 2
    kinds = {fields["mime"] for fields in lines_of(crawled).values()}
    assert {"text/html", "warc/revisit"} <= kinds


def test_warcio_reads_and_verifies_every_record(crawled):
    for warc in crawled.glob(WARCS):
        with warc.open("rb") as file:
            for record in ArchiveIterator(file, check_digests=True):
                record.raw_stream.read()
                chunked = record.http_headers and record.http_headers.get_header("transfer-encoding")
                # warcio digests chunked payloads with their framing: its issue 75.
                if (
                    record.rec_type in {"response", "request", "resource", "metadata", "warcinfo"}
                    and not chunked
                ):
                    assert record.digest_checker.passed, (record.rec_headers, record.digest_checker.problems)


def test_fastwarc_reads_and_verifies_every_record(crawled):
    records = 0
    for warc in crawled.glob(WARCS):
        with warc.open("rb") as file:
            for record in FastIterator(file, parse_http=False, verify_digests=False):
                assert record.verify_block_digest(consume=False), record.headers
                records += record.record_type == WarcRecordType.response
    assert records == sum(fields["mime"] != "warc/revisit" for fields in lines_of(crawled).values())


def test_pywb_indexes_the_same_lines(crawled, peers):
    ours = lines_of(crawled)
    theirs = {}
    for warc in crawled.glob(WARCS):
        for line in peers("cdx-indexer", "-j", warc).splitlines():
            urlkey, timestamp, fields = line.split(" ", 2)
            parsed = json.loads(fields)
            if not parsed["url"].startswith("urn:"):
                theirs[urlkey, timestamp, warc.name, parsed["offset"]] = parsed
    assert ours.keys() == theirs.keys()
    for key, fields in ours.items():
        assert fields["length"] == theirs[key]["length"]
        assert fields["digest"].removeprefix("sha1:") == theirs[key]["digest"]
        assert fields["mime"] == theirs[key]["mime"]
        assert fields["status"] == theirs[key].get("status", fields["status"])


def test_cdxj_indexer_reads_every_warc(crawled, peers):
    for warc in crawled.glob(WARCS):
        lines = [line for line in peers("cdxj-indexer", warc).splitlines() if " {" in line]
        assert lines


def test_wacz_is_made_and_valid(crawled, peers, tmp_path):
    wacz = tmp_path / "all.wacz"
    peers("wacz", "create", "-o", wacz, *sorted(crawled.glob(WARCS)))
    assert "Validation succeeded" in peers("wacz", "validate", "-f", wacz)


def test_duckdb_and_pandas_read_the_articles(crawled):
    files = [str(path) for path in crawled.glob("news/articles/**/*.parquet")]
    rows = duckdb.sql(f'select url, title, text, "offset" from read_parquet({files}) order by url').fetchall()
    assert rows
    assert all(title and len(text) > 200 for url, title, text, _ in rows if url.endswith(".html"))
    frame = pd.concat(pd.read_parquet(path) for path in files)
    assert len(frame) == len(rows)
    offsets = {(fields["url"], int(fields["offset"])) for fields in lines_of(crawled).values()}
    assert {(url, offset) for url, _, _, offset in rows} <= offsets


def test_manifests_name_every_file(crawled):
    named = set()
    for path in crawled.glob("news/segments/**/*.json"):
        manifest = json.loads(path.read_text())
        named |= {entry["key"] for entry in manifest["files"].values() if entry} | {
            str(path.relative_to(crawled))
        }
    there = {str(path.relative_to(crawled)) for path in crawled.glob("news/**/*.*") if path.is_file()}
    ledgers = {key for key in there if key.startswith("news/ledger/")}  # of jobs, not of segments
    assert ledgers
    assert named == there - ledgers
