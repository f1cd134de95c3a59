"""Records copied out of an archive, as a WARC and as a WACZ."""

import gzip
import io
import json
import random
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256

import pytest

from pipelines.errors import NotArchived, NotFound, RecordError
from pipelines.index import from_line
from pipelines.packages import Page, Wanted, write_wacz, write_warc
from pipelines.packages import warc as packages_warc
from pipelines.segments.names import SegmentName
from pipelines.storage import MemoryStore
from segments.making import asked_again, exchange, open_archive, page, read_by_all, record_all, response

MADE = datetime(2026, 11, 23, 12, tzinfo=UTC)
LARGE = random.Random(7).randbytes(3_000_000)


@pytest.fixture
def archive(tmp_path):
    found = open_archive(tmp_path, store=MemoryStore())
    first = [
        exchange(0),
        exchange(1, interim=b"HTTP/1.1 103 Early Hints\r\n\r\n"),
        exchange(2, response(LARGE)),
    ]
    kept = record_all(found, first)
    later = [
        exchange(10, response(page(0)), url="https://news.example/ships/0.html"),
        asked_again(11, kept[1].capture),
        exchange(12, url="https://other.example/"),
    ]
    record_all(found, later)
    yield found
    found.close()


def of(archive, url):
    return [*archive.catalog.find(url)]


def packed(archive, captures, **more):
    out = io.BytesIO()
    wanted = Wanted(captures, more.pop("pages", ()), more.pop("title", "Ships"), **more)
    told = write_wacz(out, archive.store, wanted, original_of=archive.original_of, made=MADE)
    return told, zipfile.ZipFile(out)


def test_a_copy_holds_the_exchanges_byte_for_byte_each_once(archive):
    captures = [*archive.catalog.all()]
    out = io.BytesIO()
    told = write_warc(out, archive.store, captures * 2, original_of=archive.original_of, made=MADE)
    assert (told.captures, told.originals, told.size) == (6, 0, len(out.getvalue()))
    kinds = {"response", "revisit", "request", "metadata"}
    sources = {capture.segment for capture in captures}
    stored = [
        record
        for name in sources
        for record in read_by_all(archive.store.get(SegmentName.parse(name).warc_key))
        if record[0] in kinds
    ]
    copied = read_by_all(out.getvalue())
    assert sorted(record for record in copied if record[0] in kinds) == sorted(stored)
    # One of the copy's own, and that of each segment it is taken from.
    assert [kind for kind, _, _ in copied if kind not in kinds] == ["warcinfo"] * 3


def test_what_a_revisit_stands_for_comes_along(archive):
    revisits = [capture for capture in archive.catalog.all() if capture.kind == "revisit"]
    assert len(revisits) == 2
    out = io.BytesIO()
    told = write_warc(out, archive.store, revisits, original_of=archive.original_of, made=MADE)
    assert (told.captures, told.originals) == (2, 2)
    responses = [block for kind, _, block in read_by_all(out.getvalue()) if kind == "response"]
    assert sorted(responses) == sorted([exchange(0).response, exchange(1).response])


def test_the_index_of_a_wacz_leads_to_the_records(archive):
    told, wacz = packed(archive, [*archive.catalog.all()])
    assert (told.copied.captures, told.pages) == (6, 0)
    warc = wacz.read("archive/data.warc.gz")
    lines = gzip.decompress(wacz.read("indexes/index.cdx.gz")).splitlines(keepends=True)
    assert lines == sorted(lines)
    assert len(lines) == 6
    for line in lines:
        found = from_line(line)
        assert found.filename == "data.warc.gz"
        member = warc[found.offset : found.offset + found.length]
        assert f"WARC-Target-URI: {found.url}\r\n".encode() in gzip.decompress(member)
    assert all(info.compress_type == zipfile.ZIP_STORED for info in wacz.infolist())


def test_an_index_of_many_lines_is_sorted_and_found_by_its_blocks(archive, monkeypatch):
    monkeypatch.setattr(packages_warc, "_RUN_LINES", 7)
    record_all(archive, [exchange(100 + number) for number in random.Random(3).sample(range(700), 700)])
    _, wacz = packed(archive, sorted(archive.catalog.all(), key=lambda each: (each.segment, each.offset)))
    whole = wacz.read("indexes/index.cdx.gz")
    lines = gzip.decompress(whole).splitlines()
    assert lines == sorted(lines)
    assert len(lines) == 706
    head, *blocks = wacz.read("indexes/index.idx").splitlines()
    assert head == b'!meta 0 {"format": "cdxj-gzip-1.0", "filename": "index.cdx.gz"}'
    begun = []
    for block in blocks:
        urlkey, timestamp, fields = block.split(b" ", 2)
        place = json.loads(fields)
        content = whole[place["offset"] : place["offset"] + place["length"]]
        assert place["digest"] == f"sha256:{sha256(content).hexdigest()}"
        assert gzip.decompress(content).startswith(urlkey + b" " + timestamp + b" ")
        begun.append(place["offset"])
    assert len(begun) == 3


def test_the_package_describes_and_digests_its_files(archive):
    main = Page("https://news.example/ships/0.html", "20261123140509", "一号船 & Ship 0", "灯塔。\nLamp.")
    told, wacz = packed(archive, of(archive, main.url), pages=[main], main=main, description="Two captures")
    assert told.pages == 1
    package = json.loads(wacz.read("datapackage.json"))
    digest = json.loads(wacz.read("datapackage-digest.json"))
    assert digest["hash"] == f"sha256:{sha256(wacz.read('datapackage.json')).hexdigest()}"
    assert (package["mainPageUrl"], package["mainPageDate"]) == (main.url, "2026-11-23T14:05:09Z")
    assert (package["title"], package["description"]) == ("Ships", "Two captures")
    named = {each["path"]: each for each in package["resources"]}
    assert named.keys() == set(wacz.namelist()) - {"datapackage.json", "datapackage-digest.json"}
    for path, each in named.items():
        content = wacz.read(path)
        assert (each["bytes"], each["hash"]) == (len(content), f"sha256:{sha256(content).hexdigest()}")
    header, line = map(json.loads, wacz.read("pages/pages.jsonl").decode().splitlines())
    assert header["hasText"] is True
    assert (line["url"], line["ts"], line["title"], line["text"]) == (
        main.url, "2026-11-23T14:05:09Z", main.title, main.text,
    )  # fmt: skip


def test_the_same_captures_give_the_same_bytes(archive):
    def once():
        out = io.BytesIO()
        wanted = Wanted(archive.catalog.all(), (), "Ships")
        write_wacz(out, archive.store, wanted, original_of=archive.original_of, made=MADE)
        return out.getvalue()

    assert once() == once()


def test_one_that_cannot_seek_is_written_as_well(archive):
    class Pipe(io.RawIOBase):
        content = b""

        def writable(self):
            return True

        def write(self, piece):
            Pipe.content += bytes(piece)
            return len(piece)

    wanted = Wanted(of(archive, "https://other.example/"), (), "One")
    write_wacz(Pipe(), archive.store, wanted, original_of=archive.original_of, made=MADE)
    assert zipfile.ZipFile(io.BytesIO(Pipe.content)).testzip() is None


def test_progress_is_told(archive):
    told = []
    wanted = Wanted(archive.catalog.all(), (), "Ships")
    write_wacz(
        io.BytesIO(), archive.store, wanted, original_of=archive.original_of, made=MADE,
        told=lambda *stand: told.append(stand),
    )  # fmt: skip
    assert [count for count, _ in told] == [1, 2, 3, 4, 5, 6]
    assert told[-1][1] > len(LARGE)


def test_what_is_gone_or_short_is_an_error(archive):
    (capture,) = of(archive, "https://other.example/")
    key = SegmentName.parse(capture.segment).warc_key
    content = archive.store.get(key)

    def copy(wanted):
        write_warc(io.BytesIO(), archive.store, [wanted], original_of=archive.original_of, made=MADE)

    archive.store.delete(key)
    with pytest.raises(NotFound):
        copy(capture)
    archive.store.put(key, content[: capture.offset + 30])
    with pytest.raises(RecordError, match="ends inside"):
        copy(capture)
    archive.store.delete(key)
    archive.store.put(key, content[: capture.offset + capture.length + 20])
    with pytest.raises(RecordError, match="ends inside"):
        copy(capture)


def test_a_revisit_without_its_original_is_an_error(archive):
    revisit = next(each for each in archive.catalog.all() if each.kind == "revisit")
    with pytest.raises(NotArchived):
        archive.original_of(replace(revisit, digest="sha1:OTHER"))
