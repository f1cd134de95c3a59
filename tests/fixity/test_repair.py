"""Repairing: what can be mended is mended, what is lost is named, nothing good is touched."""

import io
import zlib
from dataclasses import replace

import orjson
import pytest

from pipelines.archive import Archive
from pipelines.errors import Unavailable
from pipelines.extract import read_articles
from pipelines.fixity import Damage, repair, verify
from pipelines.fixity.records import Examined, Gap, walk
from pipelines.index import from_line
from pipelines.segments.article_rows import read_here
from pipelines.segments.manifest import parse_manifest, read_manifests
from pipelines.segments.names import SegmentName
from pipelines.storage import MemoryStore
from segments.making import blocks, exchange, open_archive, read_by_all, record_all


def captures_of(damaged, number):
    lines = damaged.content(number, "index_key").splitlines(keepends=True)
    return sorted((from_line(line) for line in lines), key=lambda capture: capture.offset)


def objects(store):
    return {found.key: store.get(found.key) for found in store.list()}


def check_mended(damaged, report, *, leaving=()):
    """Nothing that was good is gone, and what is not listed as lasting is whole again."""
    after = verify(damaged.store)
    assert {finding.damage for finding in after.findings} == {*leaving}
    assert {finding.damage for finding in report.left} == {*leaving}
    again = repair(damaged.store, "trial")
    assert again.mended == ()
    return after


def test_there_is_nothing_to_do(damaged):
    before = objects(damaged.store)
    report = repair(damaged.store, "trial")
    assert (report.mended, report.lost, report.left, report.ok, report.exit_code) == ((), (), (), True, 0)
    assert objects(damaged.store) == before


@pytest.mark.parametrize("damage", ["missing", "longer", "changed", "empty"])
def test_an_index_is_written_anew(damaged, damage):
    before = objects(damaged.store)
    content = damaged.content(1, "index_key")
    changed = {
        "missing": None,
        "longer": content + content,
        "changed": content.replace(b"2", b"3"),
        "empty": b"",
    }
    damaged.put(1, "index_key", changed[damage])
    report = repair(damaged.store, "trial")
    assert report.ok
    assert [mended.replaced_by for mended in report.mended] == [None]
    check_mended(damaged, report)
    aside = objects(damaged.store)
    kept = {key: aside.pop(key) for key in [*aside] if key.startswith("trial/damaged/")}
    assert aside == before
    assert [*kept.values()] == ([] if damage == "missing" else [changed[damage]])


@pytest.mark.parametrize("damage", [None, b"PAR1"])
def test_articles_are_read_anew(damaged, damage):
    content = damaged.content(1, "articles_key")
    damaged.put(1, "articles_key", damage)
    report = repair(damaged.store, "trial")
    assert report.ok
    # The same pages, extractor and rules give the same bytes.
    assert damaged.content(1, "articles_key") == content
    check_mended(damaged, report)


def test_articles_that_come_out_otherwise_make_a_new_segment(damaged, tmp_path):

    def read(content, url, headers, rules):
        return replace(read_here(content, url, headers, rules), title="Read anew")

    damaged.put(1, "articles_key", None)
    damaged.put(1, "index_key", None)
    report = repair(damaged.store, "trial", reader=read, folder=tmp_path)
    assert report.lost == ()
    (mended,) = report.mended
    after = check_mended(damaged, report)
    assert (after.counts.replaced, after.counts.captures, after.counts.articles) == (1, 15, 10)
    (new,) = [
        each for each in read_manifests(damaged.store, "trial")[0] if each.segment == mended.replaced_by
    ]
    assert new.replaces == damaged.segments[1].segment
    path = tmp_path / "rows"
    path.write_bytes(damaged.store.get(new.files.articles.key))
    rows = [*read_articles(path)]
    assert {row.article.title for row in rows} == {"Read anew"}
    assert rows[0].announced["title"] == "Ship 10 comes in"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["rows"]


@pytest.mark.parametrize("whole", range(6))
def test_a_torn_warc_is_salvaged(damaged, whole):
    """Torn inside the exchange after the first *whole* ones."""
    captures = captures_of(damaged, 1)
    original = damaged.content(1, "warc_key")
    ends = [*(capture.offset for capture in captures), len(original)]
    size = ends[whole] + (20 if whole < 5 else -30)
    damaged.put(1, "warc_key", original[:size])
    report = repair(damaged.store, "trial")
    (mended,) = report.mended
    assert sorted(lost.url for lost in report.lost) == sorted(each.url for each in captures[whole:])
    assert report.exit_code == (33 if report.lost else 0)
    # A revisit of the third segment may refer to a record that is lost now.
    after = check_mended(damaged, report)
    assert after.counts.captures == 10 + whole
    new = parse_manifest(damaged.store.get(_manifest_key(mended.replaced_by)))
    records = read_by_all(damaged.store.get(new.files.warc.key))
    before = read_by_all(original)
    assert (
        blocks(records, "response", "revisit", "request")
        == blocks(before, "response", "revisit", "request")[: 2 * whole]
    )
    assert new.counts.articles == [0, 1, 2, 2, 3, 3][whole]
    assert damaged.store.get(f"trial/damaged/{damaged.key(1, 'warc_key')[6:]}") == original[:size]


def _manifest_key(segment):

    return SegmentName.parse(segment).manifest_key


def test_damage_in_the_midst_loses_one_capture(damaged):
    capture = captures_of(damaged, 1)[1]
    content = damaged.content(1, "warc_key")
    at = capture.offset + capture.length // 2
    damaged.put(1, "warc_key", content[:at] + bytes(30) + content[at + 30 :])
    report = repair(damaged.store, "trial")
    assert [(lost.url, lost.timestamp) for lost in report.lost] == [(capture.url, capture.timestamp)]
    after = check_mended(damaged, report)
    assert after.counts.captures == 14
    # The article of a lost page goes with it into damaged/; the other one is kept as it was.
    assert after.counts.articles == 9


def test_a_lost_original_leaves_its_revisits_unresolved(damaged):
    original = captures_of(damaged, 0)[2]
    content = damaged.content(0, "warc_key")
    at = original.offset + original.length // 2
    damaged.put(0, "warc_key", content[:at] + bytes(30) + content[at + 30 :])
    report = repair(damaged.store, "trial")
    assert [lost.url for lost in report.lost] == [original.url]
    check_mended(damaged, report, leaving=[Damage.REVISIT_UNRESOLVED])
    assert report.exit_code == 33


def test_a_salvaged_segment_can_be_salvaged_again(damaged):
    for _ in range(3):
        newest = max(read_manifests(damaged.store, "trial")[0], key=lambda manifest: manifest.replaces or "")
        content = damaged.store.get(newest.files.warc.key)
        damaged.store.delete(newest.files.warc.key)
        damaged.store.put(newest.files.warc.key, content + b"rubbish")
        report = repair(damaged.store, "trial")
        assert report.ok
        assert verify(damaged.store).findings == ()
    after = verify(damaged.store)
    assert (after.counts.replaced, after.counts.segments, after.counts.captures) == (3, 3, 15)


def test_index_and_warc_both_damaged(damaged):
    content = damaged.content(1, "warc_key")
    damaged.put(1, "warc_key", content[:-700])
    damaged.put(1, "index_key", None)
    report = repair(damaged.store, "trial")
    assert "what was lost cannot be named" in report.mended[0].words
    check_mended(damaged, report)


def test_an_unreadable_manifest(damaged):
    """The last of the chain, and one in its midst: captures are kept, the break stays explained."""
    damaged.put(1, "manifest_key", b"{ damaged")
    report = repair(damaged.store, "trial")
    assert report.lost == ()
    assert len(report.mended) == 1
    after = verify(damaged.store)
    assert after.findings == ()
    assert (after.counts.captures, after.counts.articles) == (15, 10)
    assert damaged.store.get(f"trial/damaged/{damaged.key(1, 'manifest_key')[6:]}") == b"{ damaged"


def test_what_cannot_be_mended(damaged):
    captures = captures_of(damaged, 2)
    damaged.put(2, "warc_key", None)
    before = objects(damaged.store)
    report = repair(damaged.store, "trial")
    assert report.mended == ()
    assert sorted(lost.url for lost in report.lost) == sorted(each.url for each in captures)
    assert Damage.MISSING_OBJECT in {finding.damage for finding in report.left}
    assert report.exit_code == 31
    assert objects(damaged.store) == before
    lines = [*report.lines()]
    assert lines[-1].startswith("0 mended, 5 captures lost")
    assert orjson.loads(report.to_json())["ok"] is False


def test_what_was_published_wrong_is_left_as_it_is(damaged):
    lines = damaged.content(1, "index_key").splitlines(keepends=True)
    damaged.rewrite(1, "index_key", b"".join(lines[1:]))
    before = objects(damaged.store)
    report = repair(damaged.store, "trial")
    assert [finding.damage for finding in report.left] == [Damage.INDEX_MISSING_LINE]
    assert report.mended == ()
    assert objects(damaged.store) == before


def test_a_repair_may_be_cut_off_anywhere(damaged, tmp_path):
    content = damaged.content(1, "warc_key")
    captures = captures_of(damaged, 1)
    damaged.put(1, "warc_key", content[: captures[3].offset + 9])
    before = objects(damaged.store)
    calls = 0
    for fail_at in range(1, 40):
        store = _Cut(fail_at)
        for key, stored in before.items():
            store.put(key, stored)
        store.counting = True
        try:
            repair(store, "trial")
        except Unavailable:
            pass
        else:
            calls = fail_at
            break
        store.counting = False
        repair(store, "trial")
        after = verify(store)
        assert not after.damages, fail_at
        assert after.counts.captures == 13, fail_at
        assert {finding.damage for finding in after.notes} <= {Damage.ORPHAN_OBJECT}
        kept = objects(store)
        assert all(
            kept[key] == stored for key, stored in before.items() if damaged.segments[1].segment not in key
        )
        assert before[damaged.key(1, "warc_key")] in kept.values()
    assert calls > 8


class _Cut(MemoryStore):
    """Fails at one of the calls that change something, having done nothing."""

    def __init__(self, fail_at):
        super().__init__()
        self.counting, self._left = False, fail_at

    def _count(self):
        if self.counting:
            self._left -= 1
            if not self._left:
                raise Unavailable("storage: the network is gone")

    def put(self, key, content):
        self._count()
        return super().put(key, content)

    def delete(self, key):
        self._count()
        super().delete(key)


def test_the_catalog_follows(damaged, tmp_path):
    """A replaced segment is gone from a catalog that knew it, and never enters a new one."""
    known = Archive(damaged.store, "trial", tmp_path / "known")
    assert known.sync() == 3
    lost = captures_of(damaged, 1)[4]
    damaged.put(1, "warc_key", damaged.content(1, "warc_key")[: lost.offset + 5])
    (mended,) = repair(damaged.store, "trial").mended
    fresh = Archive(damaged.store, "trial", tmp_path / "fresh")
    assert known.sync() == 1
    assert fresh.sync() == 3
    assert known.sync() == fresh.sync() == 0
    for archive in (known, fresh):
        found = [*archive.catalog.all()]
        assert len(found) == 14
        assert {capture.segment for capture in found} == {
            damaged.segments[0].segment,
            damaged.segments[2].segment,
            mended.replaced_by,
        }
        for capture in found:
            assert archive.open(capture).head.status == 200
        assert len([*archive.articles()]) == 10
        assert len([*archive.manifests()]) == 3
    known.close()
    fresh.close()


def test_the_catalog_follows_a_replacement_of_a_replacement(damaged, tmp_path):
    for _ in range(2):
        newest = max(read_manifests(damaged.store, "trial")[0], key=lambda manifest: manifest.replaces or "")
        content = damaged.store.get(newest.files.warc.key)
        damaged.store.delete(newest.files.warc.key)
        damaged.store.put(newest.files.warc.key, content + b"rubbish")
        repair(damaged.store, "trial")
    archive = Archive(damaged.store, "trial", tmp_path)
    assert archive.sync() == 3
    assert archive.sync() == 0
    assert len([*archive.catalog.all()]) == 15
    assert len([*archive.manifests()]) == 3
    archive.close()


def test_other_collections_are_left_alone(damaged, tmp_path):
    record_all(open_archive(tmp_path, "other", store=damaged.store), [exchange(1)])
    (other,) = read_manifests(damaged.store, "other")[0]
    damaged.store.delete(other.files.index.key)
    damaged.put(1, "index_key", None)
    report = repair(damaged.store, "trial", report=verify(damaged.store))
    assert [mended.segment for mended in report.mended] == [damaged.segments[1].segment]
    assert [finding.key for finding in verify(damaged.store).findings] == [other.files.index.key] * 1


def test_a_page_that_is_a_warc_itself_is_not_mistaken_for_records(damaged):
    """A recorded WARC may lie uncompressed in its record; damage before it must not dig its records out."""
    name = damaged.segments[1].name
    inner = damaged.content(0, "warc_key")
    content = damaged.content(1, "warc_key")
    last = captures_of(damaged, 1)[4]
    stored = zlib.compressobj(0, wbits=31)
    torn = stored.compress(b"WARC/1.1\r\nno record, but it holds some:" + inner) + stored.flush()
    assert inner[:9000] in torn
    whole = content[: last.offset] + torn + content[last.offset :]
    found = [*walk(io.BytesIO(whole), name, lambda at: io.BytesIO(whole[at:]))]
    (gap,) = [each for each in found if isinstance(each, Gap)]
    assert (gap.offset, gap.end) == (last.offset, last.offset + len(torn))
    assert sum(each.capture is not None for each in found if isinstance(each, Examined)) == 5


def test_what_two_segments_replace_is_left_to_a_person(damaged):
    first = damaged.segments[0].segment
    for number in (1, 2):
        damaged.segments[number] = replace(damaged.segments[number], replaces=first)
    damaged.relink(1)
    report = repair(damaged.store, "trial")
    told = [finding for finding in report.left if finding.damage is Damage.REPLACED_TWICE]
    assert [finding.segment for finding in told] == [damaged.segments[2].segment]
    assert not report.ok
