"""Other people's programs read the WARC and WACZ files that ``newswarc export`` makes."""

import gzip
import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator, WarcRecordType

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def export(crawled, tmp_path_factory):
    """What runs ``newswarc export`` on the crawled store."""
    folder = tmp_path_factory.mktemp("exports")
    paths = os.pathsep.join((str(ROOT), str(ROOT / "tests")))

    def run(*words, name):
        target = folder / name
        line = [sys.executable, "-m", "crawler", "export", str(crawled), "--output", str(target), *words]
        done = subprocess.run(
            line, env={**os.environ, "PYTHONPATH": paths}, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return target

    return run


@pytest.fixture(scope="module")
def whole(export):
    return export("--format", "wacz", name="all.wacz")


def test_py_wacz_finds_it_valid(whole, peers):
    assert "Validation succeeded" in peers("wacz", "validate", "-f", whole)


def test_each_page_has_its_record_and_its_text(whole):
    with zipfile.ZipFile(whole) as package:
        _, *pages = map(json.loads, package.read("pages/pages.jsonl").decode().splitlines())
        warc = package.read("archive/data.warc.gz")
    answered = {
        (record.headers["WARC-Target-URI"], record.headers["WARC-Date"])
        for record in ArchiveIterator(io.BytesIO(warc), record_types=WarcRecordType.response)
        if record.verify_payload_digest(consume=False) or "chunked" in str(record.http_headers).lower()
    }
    assert len(pages) >= 30
    assert {(page["url"], page["ts"]) for page in pages} <= answered
    assert all(page["title"] for page in pages)
    assert sum(len(page["text"]) > 200 for page in pages) >= 30


def test_cdxj_indexer_finds_the_records_of_our_index(whole, peers, tmp_path):
    with zipfile.ZipFile(whole) as package:
        package.extract("archive/data.warc.gz", tmp_path)
        stated = [json.loads(line.split(" ", 2)[2]) for line in _index(package)]
    theirs = peers("cdxj-indexer", tmp_path / "archive" / "data.warc.gz")
    found = {
        (fields["offset"], fields["length"])
        for fields in (json.loads(line.split(" ", 2)[2]) for line in theirs.splitlines() if " {" in line)
        if not fields["url"].startswith("urn:")
    }
    assert {(fields["offset"], fields["length"]) for fields in stated} == found


def test_a_page_alone_is_the_main_page_of_its_package(export, whole, peers):
    with zipfile.ZipFile(whole) as package:
        _, *pages = map(json.loads, package.read("pages/pages.jsonl").decode().splitlines())
    url = next(page["url"] for page in pages if page["url"].endswith(".html"))
    target = export("--format", "wacz", "--url", url, name="one.wacz")
    assert "Validation succeeded" in peers("wacz", "validate", "-f", target)
    with zipfile.ZipFile(target) as package:
        assert json.loads(package.read("datapackage.json"))["mainPageUrl"] == url
        assert {json.loads(line.split(" ", 2)[2])["url"] for line in _index(package)} == {url}


def test_a_warc_of_a_choice_is_read_and_verified(export):
    target = export("--format", "warc", "--quality", "full", name="full.warc.gz")
    with target.open("rb") as file:
        kinds = [record.record_type for record in ArchiveIterator(file, verify_digests=False)]
    assert kinds.count(WarcRecordType.response) >= 30
    assert kinds.count(WarcRecordType.request) == kinds.count(WarcRecordType.response)


def _index(package):
    return gzip.decompress(package.read("indexes/index.cdx.gz")).decode().splitlines()
