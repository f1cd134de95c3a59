"""Verifying: what is whole is called whole, and each class of damage by its name."""

import io
from dataclasses import replace

import orjson
import pytest
from isal import isal_zlib

from pipelines.errors import ConfigError, Unavailable
from pipelines.fixity import Damage, verify
from pipelines.index import from_line, to_line
from pipelines.segments.manifest import Link, parse_manifest
from pipelines.storage import MemoryStore
from pipelines.warc.reader import read_records
from segments.making import exchange, odd_exchanges, open_archive, record_all, records_by_us, response


def classes(report):
    return {finding.damage for finding in report.findings}


def test_what_is_whole(damaged):
    told = []
    report = verify(damaged.store, progress=told.append)
    assert report.findings == ()
    assert (report.ok, report.exit_code, report.collections) == (True, 0, ("trial",))
    counts = report.counts
    assert (counts.segments, counts.captures, counts.revisits, counts.articles) == (3, 15, 2, 10)
    assert counts.records == 3 * (2 + 5 * 3 + 1 + 1)
    assert counts.bytes == sum(entry.size for each in damaged.segments for entry in each.files)
    assert (told[-1].segments, told[-1].of_segments) == (3, 3)
    assert told[-1].bytes == told[-1].of_bytes == counts.bytes
    assert [*report.lines()][-1] == "whole"


def test_odd_exchanges_are_whole(tmp_path):
    archive = open_archive(tmp_path)
    record_all(archive, odd_exchanges())
    report = verify(archive.store, "trial")
    assert report.findings == ()
    assert report.counts.captures == len(odd_exchanges())


def test_all_collections_or_one(tmp_path):
    store = MemoryStore()
    for name in ("a", "a-b", "a0", "b"):
        record_all(open_archive(tmp_path / name, name, store=store), odd_exchanges()[:2])
    store.put("a0/segments/odd.json", b"{")
    store.put("elsewhere", b"no collection")
    store.put("notes/readme", b"no collection either")
    report = verify(store, workers=2)
    assert report.collections == ("a-b", "a", "a0", "b")
    assert [finding.key for finding in report.damages] == ["a0/segments/odd.json"]
    assert verify(store, "a").ok
    assert verify(store, "none").counts.segments == 0
    with pytest.raises(ConfigError):
        verify(store, "../a")


@pytest.mark.parametrize("what", ["warc_key", "index_key", "articles_key"])
def test_a_missing_object(damaged, what):
    damaged.put(1, what, None)
    report = verify(damaged.store, "trial")
    missing = [finding for finding in report.findings if finding.damage is Damage.MISSING_OBJECT]
    assert [finding.key for finding in missing] == [damaged.key(1, what)]
    others = classes(report) - {Damage.MISSING_OBJECT}
    assert others <= {Damage.INDEX_EXTRA_LINE, Damage.ARTICLE_ORPHAN}
    assert bool(others) == (what == "warc_key")
    assert report.exit_code == 31


@pytest.mark.parametrize("what", ["warc_key", "index_key", "articles_key"])
def test_longer_or_changed_objects(damaged, what):
    content = damaged.content(1, what)
    damaged.put(1, what, content + b"\n")
    assert Damage.SIZE in classes(verify(damaged.store))
    half = len(content) // 2
    damaged.put(1, what, content[:half] + bytes([content[half] ^ 1]) + content[half + 1 :])
    report = verify(damaged.store)
    assert Damage.SHA256 in classes(report)
    assert report.exit_code == 32


def test_a_torn_warc_names_what_is_lost(damaged):
    content = damaged.content(1, "warc_key")
    lines = damaged.content(1, "index_key").splitlines(keepends=True)
    captures = sorted((from_line(line) for line in lines), key=lambda capture: capture.offset)
    damaged.put(1, "warc_key", content[: captures[3].offset + 10])
    report = verify(damaged.store)
    torn = [finding for finding in report.findings if finding.damage is Damage.RECORD_TRUNCATED]
    assert [finding.offset for finding in torn] == [captures[3].offset]
    assert captures[3].url in torn[0].words
    assert captures[4].url in torn[0].words
    assert captures[2].url not in torn[0].words
    assert classes(report) == {Damage.SIZE, Damage.RECORD_TRUNCATED, Damage.ARTICLE_ORPHAN}


def test_damage_in_the_midst_does_not_hide_what_comes_behind(damaged):
    content = damaged.content(1, "warc_key")
    captures = [from_line(line) for line in damaged.content(1, "index_key").splitlines()]
    first = min(captures, key=lambda capture: capture.offset)
    at = first.offset + first.length // 2
    damaged.put(1, "warc_key", content[:at] + b"\xff\xff\xff\xff" + content[at + 4 :])
    report = verify(damaged.store)
    (found,) = [finding for finding in report.findings if finding.damage is Damage.RECORD_DAMAGED]
    assert found.offset == first.offset
    assert first.url in found.words
    assert sum(capture.url in found.words for capture in captures) == 1
    # Its article lies in the Parquet file still.
    assert classes(report) == {Damage.SHA256, Damage.RECORD_DAMAGED, Damage.ARTICLE_ORPHAN}
    assert report.counts.captures == 14


def rebuilt(content, change):
    """The WARC with each record's fields and block changed by *change*, framed as before."""

    out = []
    for record in read_records(io.BytesIO(content)):
        fields, block = change(record.kind, dict(record.fields), record.block.read())
        head = "".join(f"{name}: {value}\r\n" for name, value in fields.items() if name != "Content-Length")
        whole = f"WARC/1.1\r\n{head}Content-Length: {len(block)}\r\n\r\n".encode() + block + b"\r\n\r\n"
        packer = isal_zlib.compressobj(level=2, wbits=31)
        out.append(packer.compress(whole) + packer.flush())
    return b"".join(out)


@pytest.mark.parametrize(
    ("kind", "field", "damage"),
    [
        ("response", "WARC-Block-Digest", Damage.BLOCK_DIGEST),
        ("request", "WARC-Block-Digest", Damage.BLOCK_DIGEST),
        ("warcinfo", "WARC-Block-Digest", Damage.BLOCK_DIGEST),
        ("response", "WARC-Payload-Digest", Damage.PAYLOAD_DIGEST),
        ("response", "Newswarc-Payload-SHA256", Damage.PAYLOAD_DIGEST),
    ],
)
def test_digests_that_are_not_those_of_the_bytes(damaged, kind, field, damage):
    """With a manifest that vouches for it: what was written wrong, not what was damaged since."""

    def change(of_kind, fields, block):
        if of_kind == kind and field in fields:
            algorithm, colon, value = fields[field].rpartition(":")
            fields[field] = algorithm + colon + ("A" if value[0] != "A" else "B") + value[1:]
        return fields, block

    damaged.rewrite(1, "warc_key", rebuilt(damaged.content(1, "warc_key"), change))
    report = verify(damaged.store)
    found = [finding for finding in report.findings if finding.damage is damage]
    assert found
    assert all(finding.offset is not None for finding in found)
    assert Damage.SHA256 not in classes(report)


def test_a_chunked_payload_is_digested_without_its_chunks(damaged):
    """The fact that warcio and FastWARC get wrong: digests of chunked records."""
    records = records_by_us(damaged.content(0, "warc_key"))
    chunked = [block for kind, _, block in records if kind == "response" and b"chunked" in block]
    assert chunked
    assert verify(damaged.store).ok


def test_a_response_without_its_request(damaged):
    def change(kind, fields, block):
        if kind == "request" and fields["WARC-Target-URI"].endswith("/11.html"):
            fields["WARC-Type"] = "metadata"
        return fields, block

    damaged.rewrite(1, "warc_key", rebuilt(damaged.content(1, "warc_key"), change))
    (found,) = [f for f in verify(damaged.store).findings if f.damage is Damage.COMPANION_MISSING]
    assert "/11.html has no request record" in found.words


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("offset", "3"),
        ("length", "3"),
        ("digest", "sha1:AAAA"),
        ("sha256", "0"),
        ("status", "404"),
        ("mime", "text/plain"),
        ("url", "https://other.example/"),
        ("filename", "2026/11/23/other-20261123140509-00001-a.warc.gz"),
        ("truncated", "length"),
    ],
)
def test_a_wrong_index_line(damaged, field, value):
    lines = damaged.content(1, "index_key").splitlines(keepends=True)
    key, at, fields = lines[0].split(b" ", 2)
    lines[0] = b" ".join([key, at, orjson.dumps({**orjson.loads(fields), field: value}) + b"\n"])
    damaged.rewrite(1, "index_key", b"".join(sorted(lines)))
    report = verify(damaged.store)
    if field == "offset":
        assert classes(report) == {Damage.INDEX_MISSING_LINE, Damage.INDEX_EXTRA_LINE}
    else:
        assert classes(report) == {Damage.INDEX_WRONG_LINE}
        assert f"{field} is " in report.findings[0].words
    assert report.exit_code == 36


def test_a_wrong_urlkey_and_time(damaged):
    lines = damaged.content(1, "index_key").splitlines(keepends=True)
    lines[0] = b"aaa" + lines[0]
    lines[1] = lines[1].replace(b" 2026", b" 2025", 1)
    damaged.rewrite(1, "index_key", b"".join(sorted(lines)))
    report = verify(damaged.store)
    assert [finding.damage for finding in report.findings] == [Damage.INDEX_WRONG_LINE] * 2
    assert {finding.words.split(" is ")[0] for finding in report.findings} == {"urlkey", "timestamp"}


def test_missing_extra_unsorted_and_unreadable_lines(damaged):
    lines = damaged.content(1, "index_key").splitlines(keepends=True)
    damaged.rewrite(1, "index_key", b"".join(lines[1:]))
    assert classes(verify(damaged.store)) == {Damage.INDEX_MISSING_LINE}
    extra = to_line(replace(from_line(lines[-1]), offset=7))
    damaged.rewrite(1, "index_key", b"".join(sorted([*lines, extra])))
    assert classes(verify(damaged.store)) == {Damage.INDEX_EXTRA_LINE}
    damaged.rewrite(1, "index_key", b"".join([*lines, lines[-1]]))
    assert classes(verify(damaged.store)) == {Damage.INDEX_EXTRA_LINE}
    damaged.rewrite(1, "index_key", b"".join(reversed(lines)))
    assert classes(verify(damaged.store)) == {Damage.INDEX_UNSORTED}
    damaged.rewrite(1, "index_key", b"".join([*lines, b"\xff no line\n"]))
    assert classes(verify(damaged.store)) == {Damage.INDEX_WRONG_LINE}
    damaged.rewrite(1, "index_key", b"".join(lines).removesuffix(b"\n"))
    assert classes(verify(damaged.store)) == {Damage.INDEX_WRONG_LINE}


def test_articles_of_no_capture_and_articles_that_are_none(damaged):
    damaged.rewrite(1, "articles_key", damaged.content(0, "articles_key"))
    assert classes(verify(damaged.store)) == {Damage.ARTICLE_ORPHAN}
    damaged.rewrite(1, "articles_key", b"PAR1 is not enough")
    report = verify(damaged.store)
    assert classes(report) == {Damage.ARTICLES_UNREADABLE}
    assert report.exit_code == 37


def test_counts_that_are_not_so(damaged):
    manifest = damaged.segments[2]
    damaged.segments[2] = replace(manifest, counts=replace(manifest.counts, captures=9, articles=7))
    damaged.relink(2)
    report = verify(damaged.store)
    assert classes(report) == {Damage.COUNTS}
    assert ["9 captures" in report.findings[0].words, "7 articles" in report.findings[1].words] == [True] * 2


def test_a_revisit_without_its_original(damaged):
    damaged.put(0, "warc_key", None)
    report = verify(damaged.store)
    found = [finding for finding in report.findings if finding.damage is Damage.REVISIT_UNRESOLVED]
    assert [finding.key for finding in found] == [damaged.key(1, "warc_key"), damaged.key(2, "warc_key")]
    assert "/ships/2.html at 20261123140511" in found[0].words


def test_chains(damaged):
    first, second, third = damaged.segments
    damaged.put(1, "manifest_key", None)
    report = verify(damaged.store)
    assert classes(report) == {Damage.CHAIN_BROKEN, Damage.ORPHAN_OBJECT}
    assert second.segment in report.damages[0].words
    assert report.exit_code == 35
    # Changed in a way that can still be read.
    damaged.put(1, "manifest_key", replace(second, job="job-2").to_json())
    assert classes(verify(damaged.store)) == {Damage.CHAIN_BROKEN}
    # A fork: two follow the first.
    damaged.put(1, "manifest_key", second.to_json())
    damaged.put(2, "manifest_key", replace(third, previous=second.previous).to_json())
    (found,) = verify(damaged.store).findings
    assert found.damage is Damage.CHAIN_BROKEN
    assert f"{second.segment} follows the same one" in found.words
    # Two beginnings.
    damaged.put(2, "manifest_key", replace(third, previous=None).to_json())
    assert classes(verify(damaged.store)) == {Damage.CHAIN_BROKEN}
    damaged.put(2, "manifest_key", replace(third, previous=Link(second.segment, "0" * 64)).to_json())
    assert classes(verify(damaged.store)) == {Damage.CHAIN_BROKEN}
    damaged.put(2, "manifest_key", third.to_json())
    assert first.previous is None
    assert verify(damaged.store).ok


def test_manifests_that_are_none(damaged):
    content = damaged.content(2, "manifest_key")
    damaged.put(2, "manifest_key", content[:-9])
    report = verify(damaged.store)
    assert [finding.damage for finding in report.damages] == [Damage.MANIFEST_UNREADABLE]
    assert report.exit_code == 31
    other = damaged.segments[1]
    damaged.put(2, "manifest_key", other.to_json())
    assert [finding.damage for finding in verify(damaged.store).damages] == [Damage.MANIFEST_UNREADABLE]
    elsewhere = replace(damaged.segments[2], files=other.files)
    damaged.put(2, "manifest_key", elsewhere.to_json())
    assert [finding.damage for finding in verify(damaged.store).damages] == [Damage.MANIFEST_UNREADABLE]


def test_a_segment_that_is_replaced_is_judged_by_its_manifest_alone(damaged):
    damaged.put(0, "warc_key", None)
    damaged.segments[2] = replace(damaged.segments[2], replaces=damaged.segments[0].segment)
    damaged.relink(2)
    report = verify(damaged.store)
    assert report.counts.replaced == 1
    assert {finding.key for finding in report.notes} == {
        damaged.key(0, "index_key"),
        damaged.key(0, "articles_key"),
    }
    assert {finding.damage for finding in report.notes} == {Damage.REPLACED_OBJECT}
    # Its captures are no originals any more.
    assert {finding.damage for finding in report.damages} == {Damage.REVISIT_UNRESOLVED}


def test_many_findings_of_a_kind_are_counted(tmp_path):

    archive = open_archive(tmp_path, store=MemoryStore())
    record_all(archive, [exchange(number, response(b"%d" % number)) for number in range(50)])
    (manifest,) = archive.manifests()
    archive.store.delete(manifest.files.index.key)
    archive.store.put(manifest.files.index.key, b"")
    report = verify(archive.store)
    missing = [finding for finding in report.findings if finding.damage is Damage.INDEX_MISSING_LINE]
    assert len(missing) == 21
    assert missing[-1].words == "and 30 more of this kind"


def test_the_report_as_json(damaged):
    damaged.put(1, "articles_key", None)
    report = orjson.loads(verify(damaged.store).to_json())
    assert report["ok"] is False
    assert report["exit_code"] == 31
    assert report["counts"]["segments"] == 3
    assert report["findings"] == [
        {
            "damage": "missing_object",
            "segment": damaged.segments[1].segment,
            "key": damaged.key(1, "articles_key"),
            "offset": None,
            "words": "it is not in the store",
        }
    ]


def test_a_store_out_of_reach_is_no_damage(damaged):
    class Cut(MemoryStore):
        def open(self, _):
            raise Unavailable("storage: out of reach")

    store = Cut()
    for found in damaged.store.list():
        store.put(found.key, damaged.store.get(found.key))
    with pytest.raises(Unavailable):
        verify(store, workers=2)


def test_every_class_has_an_exit_code():
    assert {damage.exit_code for damage in Damage if damage.note} == {0}
    assert {damage.exit_code for damage in Damage if not damage.note} == set(range(31, 38))


@pytest.mark.parametrize("step", range(4))
def test_any_byte_that_falls_over_is_found(damaged, step):
    """In any object of a segment, manifests among them: the chain vouches for all but the last."""
    for what in ("warc_key", "index_key", "articles_key", "manifest_key"):
        content = damaged.content(0, what)
        for at in range(step * 37, len(content), max(1, len(content) // 3) + 11):
            damaged.put(0, what, content[:at] + bytes([content[at] ^ 0x20]) + content[at + 1 :])
            assert not verify(damaged.store).ok, (what, at)
        damaged.put(0, what, content)
    assert verify(damaged.store).ok
    assert parse_manifest(damaged.content(0, "manifest_key")) == damaged.segments[0]


def test_two_that_replace_one_segment_are_told(damaged):
    """As two purges or compactions at once leave them: what the one took, the other has."""
    first = damaged.segments[0].segment
    damaged.segments[1] = replace(damaged.segments[1], replaces=first)
    damaged.relink(1)
    assert Damage.REPLACED_TWICE not in classes(verify(damaged.store))
    damaged.segments[2] = replace(damaged.segments[2], compacts=(first,))
    damaged.relink(2)
    report = verify(damaged.store)
    (told,) = [finding for finding in report.findings if finding.damage is Damage.REPLACED_TWICE]
    assert (told.segment, told.damage.exit_code) == (damaged.segments[2].segment, 35)
    assert not report.ok
    assert first in told.words
    assert damaged.segments[1].segment in told.words


def test_one_is_not_told_as_many(tmp_path):
    archive = open_archive(tmp_path)
    record_all(archive, odd_exchanges()[:1])
    line = [*verify(archive.store, "trial").lines()][-2]
    assert ": 1 segment, 6 records, 1 capture (0 revisits), 1 article, " in line
