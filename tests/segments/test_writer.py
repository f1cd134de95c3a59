"""The segment writer: what it is given is on disk, byte for byte, before it says so."""

import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from io import BytesIO
from queue import SimpleQueue

import orjson
import pytest

from pipelines.archive import RecordingOptions
from pipelines.errors import RecordError, SpoolFull, StorageError
from pipelines.model import Provenance, WireBytes
from pipelines.segments.open_segment import SegmentOptions
from pipelines.segments.sealing import seal
from pipelines.segments.spool import Chain, WriterFolder
from segments.making import (
    JOB,
    TRIAL,
    blocks,
    exchange,
    failure,
    new_writer,
    odd_exchanges,
    open_archive,
    page,
    read_by_all,
    record_all,
    response,
    warc_of,
)


@pytest.fixture
def closed():
    return []


def sealed_warc(folder):
    sealed = seal(folder, Chain())
    return sealed, (folder / f"{sealed.name}.warc.gz").read_bytes()


def test_keeps_odd_exchanges_byte_for_byte(tmp_path):
    archive = open_archive(tmp_path)
    given = odd_exchanges()
    assert len(given) >= 30
    found = record_all(archive, given)
    (manifest,) = archive.manifests()
    records = read_by_all(warc_of(archive, manifest))
    assert blocks(records, "request") == [(each.url, each.request) for each in given]
    whole = dict(blocks(records, "response"))
    for each, recorded in zip(given, found, strict=True):
        if recorded.capture.kind == "response":
            assert whole[each.url] == each.response
        else:
            assert each.response.startswith(dict(blocks(records, "revisit"))[each.url])
    interim = [block for _, block in blocks(records, "metadata") if block.startswith(b"HTTP/")]
    assert interim == [each.interim for each in given if each.interim]


def test_an_exchange_is_response_request_interim_metadata_in_this_order(tmp_path):
    archive = open_archive(tmp_path)
    record_all(archive, [exchange(1, interim=b"HTTP/1.1 103 Early Hints\r\n\r\n")])
    (manifest,) = archive.manifests()
    kinds = [kind for kind, _, _ in read_by_all(warc_of(archive, manifest))]
    assert kinds == ["warcinfo", "resource", "response", "request", "metadata", "metadata", "resource"]


def test_configuration_and_crawl_log_are_in_the_warc(tmp_path):
    archive = open_archive(tmp_path)
    record_all(archive, [exchange(1)], failures=[failure(2, "bad \udcff byte")])
    (manifest,) = archive.manifests()
    documents = dict(blocks(read_by_all(warc_of(archive, manifest)), "resource"))
    assert documents["urn:newswarc:job:job-1:configuration"].decode() == JOB.configuration
    lines = [*map(orjson.loads, documents["urn:newswarc:job:job-1:crawl-log:00001"].splitlines())]
    assert [(line["url"], line.get("status"), line.get("error")) for line in lines] == [
        ("https://news.example/ships/1.html", 200, None),
        ("https://gone.example/2", None, "dns"),
    ]
    assert (manifest.counts.captures, manifest.counts.failures) == (1, 1)


def test_what_is_told_is_on_disk(tmp_path, closed):
    writer = new_writer(tmp_path, closed.append, options=SegmentOptions(sync_every=4))
    futures = [writer.record(exchange(number)) for number in range(10)]
    for future in futures:
        capture = future.result(10).capture
        (warc,) = tmp_path.rglob("*.open")
        stored = warc.read_bytes()[capture.offset : capture.offset + capture.length]
        assert read_by_all(stored)[0][1] == capture.url
    writer.close()


def test_groups_are_delivered_in_the_writers_thread(tmp_path, closed):
    groups = []

    def deliver(deliveries):
        groups.append((threading.current_thread().name, len(deliveries)))
        for future, outcome in deliveries:
            future.set_result(outcome)

    options = SegmentOptions(fsync=False, sync_every=8)
    writer = new_writer(tmp_path, closed.append, options=options, deliver=deliver)
    futures = [writer.record(exchange(number)) for number in range(50)]
    assert [future.result(10).capture.url for future in futures] == [exchange(n).url for n in range(50)]
    writer.close()
    assert sum(count for _, count in groups) == 50
    assert all(name == "segment-writer" and count <= 8 for name, count in groups)


def test_takes_exchanges_from_many_threads(tmp_path, closed):
    writer = new_writer(tmp_path, closed.append)
    with ThreadPoolExecutor(8) as pool:
        found = [*pool.map(lambda number: writer.record(exchange(number)).result(30), range(200))]
    writer.close()
    sealed, content = sealed_warc(closed[0])
    assert sealed.manifest.counts.captures == 200
    assert len({each.capture.offset for each in found}) == 200
    assert len(blocks(read_by_all(content), "response")) == 200


def test_a_cancelled_future_harms_nobody(tmp_path, closed):
    writer = new_writer(tmp_path, closed.append)
    futures = [writer.record(exchange(number)) for number in range(50)]
    for future in futures[::2]:
        future.cancel()
    assert all(future.result(10) for future in futures[1::2])
    writer.close()
    assert sealed_warc(closed[0])[0].manifest.counts.captures == 50


def test_what_cannot_be_written_is_refused_alone(tmp_path, closed):
    writer = new_writer(tmp_path, closed.append)
    bad = exchange(2, provenance=Provenance(via="https://news.example/\udc80"))
    futures = [writer.record(each) for each in (exchange(1), bad, exchange(3))]
    with pytest.raises(RecordError, match=r"ships/2\.html could not be written"):
        futures[1].result(10)
    assert futures[0].result(10).capture.url != futures[2].result(10).capture.url
    writer.close()
    sealed, content = sealed_warc(closed[0])
    assert sealed.manifest.counts.captures == 2
    assert [url for url, _ in blocks(read_by_all(content), "response")] == [exchange(1).url, exchange(3).url]


def test_a_rolled_back_record_is_no_original(tmp_path, closed):
    """What was cut away again must not be referred to."""
    writer = new_writer(tmp_path, closed.append)
    same = response(page(1))
    bad = exchange(1, same, provenance=Provenance(via="\udc80"))
    refused, taken = writer.record(bad), writer.record(exchange(2, same))
    assert isinstance(refused.exception(10), RecordError)
    assert taken.result(10).capture.kind == "response"
    writer.close()


def test_an_unforeseen_failure_is_told_to_all_who_wait(tmp_path, closed):
    def fail(path):
        raise KeyError("unforeseen")

    writer = new_writer(tmp_path, fail)
    assert writer.record(exchange(1)).result(10)
    writer.rotate()
    late = None
    for number in range(2, 200):
        late = writer.record(exchange(number))
        if late.exception(10):
            break
        time.sleep(0.02)
    assert isinstance(late.exception(10), StorageError)
    assert "unforeseen" in str(writer.broken)
    writer.close()


def test_what_a_failed_writer_refuses_is_delivered_like_all_else(tmp_path):
    """A crawl's own thread resolves its futures: Twisted's are not safe in another one."""

    def fail(path):
        raise KeyError("unforeseen")

    delivered = SimpleQueue()
    writer = new_writer(tmp_path, fail, deliver=lambda group: [delivered.put(each) for each in group])
    given = [writer.record(exchange(number)) for number in range(3)]
    writer.rotate()
    given += [writer.record(exchange(number)) for number in range(3, 90)]
    writer.close()
    given.append(writer.record(exchange(99)))
    found = [delivered.get(timeout=10) for _ in given]
    assert {future for future, _ in found} == set(given)
    assert not any(future.done() for future in given)
    assert isinstance(found[-1][1], StorageError)


def test_refuses_after_close(tmp_path, closed):
    writer = new_writer(tmp_path, closed.append)
    writer.close()
    with pytest.raises(StorageError, match="closed"):
        writer.record(exchange(1)).result(5)


def test_a_segment_without_anything_is_not_sealed(tmp_path, closed):
    writer = new_writer(tmp_path, closed.append)
    writer.rotate()
    writer.close()
    assert closed == []


def test_rotates_by_size(tmp_path):
    archive = open_archive(tmp_path)
    options = SegmentOptions(max_bytes=20_000, sync_every=2, fsync=False)
    record_all(archive, [exchange(n, response(page(n, words=200))) for n in range(60)], options=options)
    manifests = [*archive.manifests()]
    assert len(manifests) > 2
    assert sum(each.counts.captures for each in manifests) == 60
    assert all(each.files.warc.size < 40_000 for each in manifests)
    assert [each.name.serial for each in manifests] == [*range(1, len(manifests) + 1)]


def test_rotates_by_age(tmp_path, closed):
    writer = new_writer(tmp_path, closed.append, options=SegmentOptions(max_age=0.3, fsync=False))
    writer.record(exchange(1)).result(10)
    deadline = time.monotonic() + 10
    while not closed and time.monotonic() < deadline:
        time.sleep(0.05)
    assert len(closed) == 1
    writer.record(exchange(2)).result(10)
    writer.close()
    assert len(closed) == 2


def test_segments_are_passed_on_in_order_though_an_article_is_late(tmp_path, closed):
    writer = new_writer(tmp_path, closed.append)
    first = writer.record(exchange(1, article=True)).result(10)
    assert first.article
    writer.rotate()
    writer.record(exchange(2)).result(10)
    writer.rotate()
    writer.record(exchange(3)).result(10)
    time.sleep(0.2)
    assert closed == []
    writer.add_article(first, None)
    writer.record(exchange(4)).result(10)
    deadline = time.monotonic() + 10
    while len(closed) < 2 and time.monotonic() < deadline:
        time.sleep(0.05)
    assert [path.name.rsplit("-")[2] for path in closed] == ["00001", "00002"]
    writer.close()


def test_stops_before_the_disk_is_full(tmp_path, closed):
    writer = new_writer(tmp_path, closed.append, min_free=1 << 60)
    assert writer.record(exchange(1)).result(10)
    refused = [writer.record(exchange(number)) for number in range(2, 50)][-1]
    with pytest.raises(SpoolFull, match=r"segments\.min_free"):
        refused.result(10)
    writer.close()
    assert sealed_warc(closed[0])[0].manifest.counts.captures == 1


def test_revisits_within_a_segment(tmp_path):
    archive = open_archive(tmp_path)
    same = response(page(7))
    found = record_all(archive, [exchange(1, same), exchange(2, same), exchange(3, same, error="odd")])
    assert [each.capture.kind for each in found] == ["response", "revisit", "response"]
    assert archive.open(found[1].capture).payload == page(7)
    assert archive.open(found[1].capture).original == found[0].capture


def test_never_refers_to_an_unpublished_record_of_another_segment(tmp_path):
    archive = open_archive(tmp_path)
    same = response(page(7))
    first = archive.record(JOB, _options())
    second = archive.record(JOB, _options())
    assert first.writer.record(exchange(1, same)).result(10).capture.kind == "response"
    assert second.writer.record(exchange(2, same)).result(10).capture.kind == "response"
    first.writer.rotate()
    _wait_for(lambda: first.published == 1)
    assert first.writer.record(exchange(3, same)).result(10).capture.kind == "revisit"
    assert first.close(30) == []
    assert second.close(30) == []
    assert sum(each.counts.revisits for each in archive.manifests()) == 1


def test_truncated_and_empty_payloads_are_no_originals(tmp_path):
    archive = open_archive(tmp_path)
    same, nothing = response(page(7)), response(b"")
    given = [
        exchange(1, same[:-5], truncated="disconnect"),
        exchange(2, same[:-5], truncated="disconnect"),
        exchange(3, nothing),
        exchange(4, nothing),
    ]
    found = record_all(archive, given)
    assert {each.capture.kind for each in found} == {"response"}


def test_a_file_in_the_spool_is_no_writers_folder(tmp_path, closed):
    (tmp_path / "notes.txt").write_text("the harbour master's")
    writer = new_writer(tmp_path, closed.append)
    writer.record(exchange(1)).result(10)
    writer.close()
    assert len(closed) == 1


def test_a_block_that_is_shorter_than_it_says_spoils_no_segment(tmp_path, closed):
    """As a file block may be whose disk was full for a moment."""

    class Short(WireBytes):
        def open(self):
            return BytesIO(self[:-7])

    writer = new_writer(tmp_path, closed.append)
    short = Short(response(page(1)))
    long = Short(response(b"<p>" + b"a line of a long page\n" * 30_000))
    refused = [writer.record(exchange(1, response=wire)) for wire in (short, long)]
    taken = writer.record(exchange(2))
    assert all(isinstance(each.exception(10), RecordError) for each in refused)
    assert taken.result(10)
    writer.close()
    _, warc = sealed_warc(closed[0])
    assert blocks(read_by_all(warc), "response") == [(exchange(2).url, exchange(2).response)]


def test_a_damaged_catalog_costs_no_capture(tmp_path):
    """It is derived, so what it cannot tell is stored a second time."""
    archive = open_archive(tmp_path)
    record_all(archive, [exchange(1)])
    archive.close()
    catalog = tmp_path / "state" / "catalog" / "trial.sqlite"
    with closing(sqlite3.connect(catalog)) as rows:
        rows.execute("pragma wal_checkpoint(truncate)")
    whole = catalog.read_bytes()
    again = open_archive(tmp_path)
    catalog.write_bytes(whole[:4096] + b"\x99" * (len(whole) - 4096))
    recording = again.record(JOB, RecordingOptions(TRIAL, min_free=0))
    futures = [recording.writer.record(exchange(number, response(page(1)))) for number in (2, 3)]
    assert [each.result(10).capture.kind for each in futures] == ["response", "revisit"]
    recording.close(0)
    catalog.write_bytes(b"no database" * 1000)
    with pytest.raises(StorageError, match="delete it, it is made anew"):
        open_archive(tmp_path)


def test_two_writers_have_two_folders(tmp_path):
    folders = [WriterFolder.acquire(tmp_path) for _ in range(3)]
    assert len({folder.path for folder in folders}) == 3
    folders[1].release()
    assert WriterFolder.acquire(tmp_path).path == folders[1].path


def _options():

    return RecordingOptions(TRIAL, min_free=0)


def _wait_for(told, seconds=20):
    deadline = time.monotonic() + seconds
    while not told():
        assert time.monotonic() < deadline
        time.sleep(0.02)
