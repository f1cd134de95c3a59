"""Other people's programs read, index and replay the revisits that 304s are recorded as."""

import json
import shutil
import socket
import subprocess
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError

import pytest
from fastwarc.warc import ArchiveIterator as FastIterator
from warcio.archiveiterator import ArchiveIterator

from pipelines.model import Capture
from segments.making import NOT_MODIFIED, asked_again, base32_sha1, exchange, open_archive, page, record_all

WARCS = "trial/archive/**/*.warc.gz"


@dataclass
class Stored:
    store: Path
    first: Capture
    second: Capture
    """A 304 for the first, in another segment."""

    @property
    def warcs(self):
        return sorted(self.store.glob(WARCS))

    @property
    def lines(self):
        return sorted(
            line
            for path in self.store.glob("trial/indexes/**/*.cdxj")
            for line in path.read_text().splitlines()
        )


@pytest.fixture(scope="module")
def stored(tmp_path_factory) -> Stored:
    folder = tmp_path_factory.mktemp("not-modified")
    archive = open_archive(folder)
    [first] = record_all(archive, [exchange(1)])
    [second, _] = record_all(archive, [asked_again(2, first.capture), exchange(3)])
    archive.close()
    assert second.capture.unmodified
    return Stored(folder / "store", first.capture, second.capture)


def test_warcio_reads_and_verifies_it(stored):
    found = []
    for warc in stored.warcs:
        with warc.open("rb") as file:
            for record in ArchiveIterator(file, check_digests=True):
                block = record.raw_stream.read()
                assert record.digest_checker.passed is not False, record.digest_checker.problems
                if record.rec_type == "revisit":
                    found.append((record.rec_headers.get_header("WARC-Payload-Digest"), block))
                    assert record.http_headers is None
    assert found == [(base32_sha1(page(1)), b"")]


def test_fastwarc_reads_and_verifies_it(stored):
    heads = []
    for warc in stored.warcs:
        with warc.open("rb") as file:
            for record in FastIterator(file, parse_http=False):
                assert record.verify_block_digest(consume=False), record.headers
                if record.headers["WARC-Type"] == "metadata" and b"304" in (block := record.reader.read()):
                    heads.append(block)
    assert heads == [NOT_MODIFIED]


@pytest.mark.parametrize("command", [("cdx-indexer", "-j"), ("cdxj-indexer",)])
def test_indexers_give_the_same_lines(stored, peers, command):
    theirs = []
    for warc in stored.warcs:
        for line in peers(*command, warc).splitlines():
            urlkey, _, rest = line.partition(" ")
            timestamp, _, fields = rest.partition(" ")
            if fields.startswith("{") and not json.loads(fields)["url"].startswith("urn:"):
                theirs.append((urlkey, timestamp, json.loads(fields)))
    ours = [(*line.split(" ", 2)[:2], json.loads(line.split(" ", 2)[2])) for line in stored.lines]
    assert [each[:2] for each in sorted(theirs, key=lambda each: each[:2])] == [each[:2] for each in ours]
    by_time = {timestamp: fields for _, timestamp, fields in theirs}
    for _, timestamp, fields in ours:
        told = by_time[timestamp]
        assert told["digest"].removeprefix("sha1:") == fields["digest"].removeprefix("sha1:")
        assert (told["offset"], told["length"]) == (fields["offset"], fields["length"])
        assert told["mime"] == fields["mime"]
        assert told.get("status", "-") == fields["status"]


def test_wacz_is_made_and_valid(stored, peers, tmp_path):
    wacz = tmp_path / "all.wacz"
    peers("wacz", "create", "-o", wacz, *stored.warcs)
    assert "Validation succeeded" in peers("wacz", "validate", "-f", wacz)


@pytest.fixture(scope="module")
def pywb(stored, peers, peers_folder, tmp_path_factory):
    """pywb at work on our index and WARCs, as docs/archive-format.md says."""
    folder = tmp_path_factory.mktemp("pywb")
    (folder / "indexes").mkdir()
    for index in stored.store.glob("trial/indexes/**/*.cdxj"):
        shutil.copy(index, folder / "indexes")
    (folder / "config.yaml").write_text(
        "collections:\n  ours:\n"
        f"    index_paths: {folder}/indexes/\n    archive_paths: {stored.store}/trial/archive/\n"
    )
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]
    with (folder / "log").open("wb") as log:
        command = [peers_folder / "bin" / "wayback", "-b", "127.0.0.1", "-p", str(port)]
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
    try:
        _wait_for(port, process, folder / "log")
        yield f"http://127.0.0.1:{port}/ours"
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(port, process, log):
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text()
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5):
                return
        except URLError:
            time.sleep(0.2)
    raise AssertionError(log.read_text())


def test_pywb_replays_the_page_that_was_not_modified(stored, pywb):
    """A 304 head in the revisit's block would make it an empty page."""
    for capture in (stored.first, stored.second):
        with urllib.request.urlopen(f"{pywb}/{capture.timestamp}id_/{capture.url}", timeout=20) as got:
            assert (got.status, got.read()) == (200, page(1))
            assert got.headers["Content-Type"] == "text/html; charset=utf-8"
            assert capture.timestamp in got.headers["Content-Location"]
