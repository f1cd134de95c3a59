"""Revisits for 304s: verified against what they confirm, and kept through a repair."""

from dataclasses import replace

import pytest
from isal import isal_zlib

from pipelines.archive import Archive
from pipelines.fixity import Damage, repair, verify
from pipelines.fixity.records import examine
from pipelines.segments.manifest import FileEntry
from pipelines.storage import MemoryStore
from pipelines.warc.reader import read_record, read_records
from pipelines.warc.records import SERVER_NOT_MODIFIED
from segments.making import (
    NOT_MODIFIED,
    asked_again,
    exchange,
    hex_sha256,
    open_archive,
    page,
    record_all,
)


@pytest.fixture
def archive(tmp_path):
    """One segment with a response, and one with a 304 for it and another page."""
    archive = open_archive(tmp_path, store=MemoryStore())
    [first] = record_all(archive, [exchange(1)])
    [second, _] = record_all(archive, [asked_again(2, first.capture), exchange(3)])
    assert second.capture.unmodified
    yield archive
    archive.close()


def classes(report):
    return {finding.damage for finding in report.damages}


def rewrite(archive, number, key_of, content):
    """Put other content, and have the manifest say that it is right."""
    manifest = [*archive.manifests()][number]
    entry = key_of(manifest.files)
    files = {
        name: replace(each, size=len(content), sha256=hex_sha256(content)) if each == entry else each
        for name, each in zip(("warc", "index", "articles"), _entries(manifest), strict=True)
    }
    changed = replace(manifest, files=replace(manifest.files, **files))
    for key, stored in ((entry.key, content), (manifest.name.manifest_key, changed.to_json())):
        archive.store.delete(key)
        archive.store.put(key, stored)


def _entries(manifest) -> tuple[FileEntry | None, ...]:
    return manifest.files.warc, manifest.files.index, manifest.files.articles


def warc(archive, number) -> bytes:
    return archive.store.get([*archive.manifests()][number].files.warc.key)


def members(archive, number) -> list[tuple[str, bytes]]:
    """Kind and bytes of each record."""
    content = warc(archive, number)
    found = []
    key = [*archive.manifests()][number].files.warc.key
    with archive.store.open(key) as stream:
        for record in read_records(stream):
            length = record.finish()
            found.append((record.kind, content[record.offset : record.offset + length]))
    return found


def test_it_is_whole(archive):
    report = verify(archive.store, "trial")
    assert report.findings == ()
    assert (report.counts.captures, report.counts.revisits) == (3, 1)
    assert report.counts.records == (2 + 3 + 1) + (2 + 4 + 3 + 1)


def test_its_digests_are_those_of_the_original(archive):
    """The record says that another payload is unchanged."""
    content = b""
    for kind, member in members(archive, 1):
        text = isal_zlib.decompress(member, 31)
        if kind == "revisit":
            at = text.index(b"Newswarc-Payload-SHA256: ") + len(b"Newswarc-Payload-SHA256: ")
            text = text[:at] + b"ab" * 32 + text[at + 64 :]
        content += isal_zlib.compress(text, 2, 31)
    rewrite(archive, 1, lambda files: files.warc, content)
    report = verify(archive.store, "trial")
    assert Damage.REVISIT_UNRESOLVED in classes(report)
    [told] = [each for each in report.damages if each.damage is Damage.REVISIT_UNRESOLVED]
    assert told.words.endswith("there is no such whole response")


def test_an_original_that_is_gone_is_missed(archive):
    first, _ = archive.manifests()
    archive.store.delete(first.name.warc_key)
    assert Damage.REVISIT_UNRESOLVED in classes(verify(archive.store, "trial"))


def test_a_head_that_is_gone_is_missed(archive):
    """Its place is taken by the metadata of an interim response, which is not mistaken for it."""
    content = b""
    for kind, member in members(archive, 1):
        text = isal_zlib.decompress(member, 31)
        if kind == "metadata" and NOT_MODIFIED in text:
            start = text.index(b"WARC-Target-URI")
            of_page = b"WARC-Target-URI: https://news.example/ships/1.html"
            text = text[:start] + of_page + text[text.index(b"\r\n", start) :]
        content += isal_zlib.compress(text, 2, 31)
    rewrite(archive, 1, lambda files: files.warc, content)
    words = {each.words for each in verify(archive.store, "trial").damages}
    assert "https://news.example/ships/1.html has no head record" in words


def test_a_repair_keeps_it(archive):
    """The page behind it is lost, itself and its head are not."""
    key = [*archive.manifests()][1].files.warc.key
    content = bytearray(archive.store.get(key))
    content[-1500:-1400] = bytes(100)
    archive.store.delete(key)
    archive.store.put(key, bytes(content))
    assert not verify(archive.store, "trial").ok
    assert repair(archive.store, "trial").mended
    assert verify(archive.store, "trial").ok
    again = Archive(archive.store, "trial", archive.spool.parents[1] / "other")
    again.sync()
    [first, second] = again.catalog.find(exchange(1).url)
    assert second.unmodified
    read = again.open(second)
    assert (read.payload, read.head.status, read.original) == (page(1), 304, first)
    again.close()


def test_an_examined_record_is_what_the_index_says(archive):
    [_, second] = archive.catalog.find(exchange(1).url)
    with archive.store.open([*archive.manifests()][1].files.warc.key) as stream:
        stream.read(second.offset)
        record = read_record(stream, offset=second.offset)
        found = examine(record, [*archive.manifests()][1].name)
    assert record.get("WARC-Profile") == SERVER_NOT_MODIFIED
    assert (found.capture, found.faults, found.head) == (second, (), False)
    assert found.refers_to == (exchange(1).url, "20261123140510")
