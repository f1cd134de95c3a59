"""Small segments as one: nothing is lost, nothing is changed, and other programs read it."""

import hashlib
import tracemalloc
from collections import Counter
from dataclasses import replace

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from compaction.making import AT_ONCE, KEEPING, article, object_count, seen, small_segments, texts, work
from pipelines.compaction import compact
from pipelines.compaction.article_files import MergedArticles
from pipelines.compaction.sorting import LineSorter
from pipelines.errors import TakedownError
from pipelines.extract import ArticleRow, read_articles, write_articles
from pipelines.fixity import verify
from pipelines.segments.manifest import FileEntry, parse_manifest, read_manifests
from pipelines.segments.names import SegmentName
from pipelines.segments.readings import Reading, ReadingCounts, reading_articles_key
from pipelines.storage import MemoryStore
from pipelines.takedown import Action, Kind, Register, Target, claimed
from pipelines.takedown.register import new_takedown
from segments.making import open_archive, read_by_all


@pytest.fixture(scope="module")
def pristine(tmp_path_factory):
    archive = open_archive(tmp_path_factory.mktemp("small"), store=MemoryStore())
    small_segments(archive, 6)
    archive.close()
    return {found.key: archive.store.get(found.key) for found in archive.store.list()}


@pytest.fixture
def archive(pristine, tmp_path):
    store = MemoryStore()
    for key, content in pristine.items():
        store.put(key, content)
    archive = open_archive(tmp_path, store=store)
    archive.sync()
    yield archive
    archive.close()


def run(archive, folder, options=KEEPING, **more):
    return compact(archive.store, "trial", work(folder), options=options, **more)


def test_every_capture_and_article_is_as_it_was(archive, tmp_path):
    before, said = seen(archive), texts(archive)
    small = list(archive.manifests())
    (made,) = run(archive, tmp_path).made
    assert made.compacts == tuple(each.segment for each in small)
    assert [each.segment for each in archive.manifests()] == [made.segment]
    archive.sync()
    assert seen(archive) == before
    assert texts(archive) == said
    assert Counter(each.segment for each in archive.catalog.all()) == {made.segment: len(before)}
    assert not work(tmp_path).exists()


def test_the_members_are_copied_byte_for_byte_and_other_programs_read_them(archive, tmp_path):
    small = [archive.store.get(each.files.warc.key) for each in archive.manifests()]
    (made,) = run(archive, tmp_path).made
    content = archive.store.get(made.files.warc.key)
    assert content.endswith(b"".join(small))
    for start, each in zip(made.starts, small, strict=True):
        assert content[start : start + len(each)] == each
    kinds = Counter(kind for kind, _, _ in read_by_all(content))
    # Crawl logs, configurations and the warcinfo of each are carried along.
    assert (kinds["warcinfo"], kinds["resource"]) == (7, 12)
    lines = archive.store.get(made.files.index.key).splitlines(keepends=True)
    assert lines == sorted(lines)
    assert made.files.index.sha256 == hashlib.sha256(b"".join(lines)).hexdigest()


def test_the_manifest_counts_what_the_small_ones_counted(archive, tmp_path):
    small = [each.counts for each in archive.manifests()]
    (made,) = run(archive, tmp_path).made
    for what in ("captures", "revisits", "failures", "articles"):
        assert getattr(made.counts, what) == sum(getattr(each, what) for each in small), what
    assert Counter(made.counts.statuses) == sum((Counter(each.statuses) for each in small), Counter())
    assert (made.job, made.recovered, made.replaces, made.previous) == ("compaction", False, None, None)
    assert parse_manifest(made.to_json()) == made


def test_the_reading_that_counts_is_taken(archive, tmp_path):
    manifest = list(archive.manifests())[2]
    (row,) = archive.articles_of(manifest.segment)
    newer = replace(row, article=article(row.capture, 77, title="Read again", extractor="newswarc/9"))
    path = tmp_path / "rows"
    write_articles([newer], path)
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    entry = FileEntry(reading_articles_key(manifest.name, 1, digest), len(content), digest)
    archive.store.put(entry.key, content)
    counts = ReadingCounts(1, 1, 0)
    reading = Reading(manifest.segment, 1, "newswarc/9", {}, entry, counts, "20261124000000", "newswarc/0")
    archive.store.put(reading.key, reading.to_json())
    run(archive, tmp_path)
    assert [each.article.title for each in archive.articles()].count("Read again") == 1
    assert len(list(archive.articles())) == 6


@pytest.mark.parametrize("what", ["warc_key", "index_key", "articles_key"])
@pytest.mark.parametrize("way", ["gone", "changed"])
def test_what_is_damaged_is_left_out(archive, tmp_path, what, way):
    bad = list(archive.manifests())[3]
    key = getattr(bad.name, what)
    content = archive.store.get(key)
    archive.store.delete(key)
    if way == "changed":
        archive.store.put(key, content[:-9] + b"?" + content[-8:])
    done = run(archive, tmp_path)
    assert [each.segment for each in done.left_out] == [bad.segment]
    assert key in done.left_out[0].why
    assert len(done.made[0].compacts) == 5
    assert {each.segment for each in archive.manifests()} == {bad.segment, done.made[0].segment}


def test_of_two_of_which_one_is_damaged_nothing_is_made(archive, tmp_path):
    for each in list(archive.manifests())[1:]:
        archive.store.delete(each.files.index.key)
    done = run(archive, tmp_path)
    assert (done.made, len(done.left_out)) == ((), 5)


def test_it_needs_the_purges_to_itself(archive, tmp_path):
    with claimed(archive.store, "trial"), pytest.raises(TakedownError, match="by process"):
        run(archive, tmp_path)
    register = Register(archive.store, "trial")
    purge = new_takedown(Action.PURGE, Target(Kind.HOST, "news.example"), who="A. Keeper", reason="order")
    register.enter(purge)
    with pytest.raises(TakedownError, match="takedown finish"):
        run(archive, tmp_path)
    assert len(read_manifests(archive.store, "trial")[0]) == 6


def test_files_of_merged_ones_go_with_the_next_run(archive, tmp_path):
    (made,) = run(archive, tmp_path).made
    assert object_count(archive, "archive", "indexes", "articles") == 21
    done = run(archive, tmp_path)
    assert (done.made, done.cleared.objects) == ((), 0)
    done = run(archive, tmp_path, AT_ONCE)
    assert (done.cleared.segments, done.cleared.objects) == (6, 18)
    assert object_count(archive, "archive", "indexes", "articles") == 3
    assert object_count(archive, "segments") == 7
    archive.sync()
    assert len(seen(archive)) == made.counts.captures
    assert run(archive, tmp_path, AT_ONCE).cleared.objects == 0


def test_they_stay_where_the_new_one_is_not_whole(archive, tmp_path):
    (made,) = run(archive, tmp_path).made
    key = made.files.warc.key
    content = archive.store.get(key)
    archive.store.delete(key)
    archive.store.put(key, content[:-1] + b"?")
    cleared = run(archive, tmp_path, AT_ONCE).cleared
    assert (cleared.objects, cleared.damaged) == (0, (key,))
    assert object_count(archive, "archive") == 7


def test_what_was_merged_is_merged_again(archive, tmp_path):
    before = seen(archive)
    (first,) = run(archive, tmp_path).made
    small_segments(archive, 7, start=6)
    before += [each for each in seen(archive) if each not in before]
    (second,) = run(archive, tmp_path).made
    assert second.compacts[-1] != second.compacts[0]
    assert first.segment in second.compacts
    archive.sync()
    assert seen(archive) == sorted(before, key=repr)
    assert run(archive, tmp_path, AT_ONCE).cleared.segments == 14
    assert seen(archive) == sorted(before, key=repr)


def test_manifests_of_a_run_are_a_chain(archive, tmp_path):
    size = max(each.files.warc.size for each in archive.manifests())
    made = run(archive, tmp_path, replace(KEEPING, target=2 * size)).made
    assert len(made) == 3
    assert [each.previous and each.previous.segment for each in made] == [
        None,
        made[0].segment,
        made[1].segment,
    ]
    assert not [each for each in verify(archive.store, "trial").findings if not each.damage.note]


def test_a_merged_index_goes_with_the_files_that_it_names(archive, tmp_path):
    named = next(archive.manifests()).segment
    for made, segment in (("20261124000000", named), ("20261124000001", "trial-20261124000000-00001-beef")):
        place = f"trial/indexes/cluster/{made}"
        archive.store.put(f"{place}/cluster-000.cdxj.gz", b"x")
        archive.store.put(f"{place}/cluster.json", f'{{"segments": ["{segment}"]}}'.encode())
    run(archive, tmp_path)
    assert run(archive, tmp_path, AT_ONCE).cleared.clusters == 1
    left = [each.key for each in archive.store.list("trial/indexes/cluster/")]
    assert [key.split("/")[3] for key in left] == ["20261124000001"] * 2


def test_articles_of_an_older_version_get_todays_columns(tmp_path, archive):
    rows = list(archive.articles())
    old, new = tmp_path / "old", tmp_path / "new"
    write_articles(rows, new)
    table = pq.read_table(new).drop_columns(["fingerprint", "transcript"])
    pq.write_table(table, old)
    name = SegmentName.parse("trial-20261124000000-00001-beef")
    merged = MergedArticles(tmp_path / "merged", name)
    merged.add(new, shift=0)
    merged.add(old, shift=10**12)
    merged.close()
    found = list(read_articles(tmp_path / "merged"))
    assert merged.rows == len(found) == 12
    moved = [replace(row.capture, segment=str(name), filename=name.warc_filename) for row in rows]
    assert [row.capture for row in found[:6]] == moved
    assert [row.capture.offset for row in found[6:]] == [each.offset + 10**12 for each in moved]
    assert [row.article for row in found[6:]] == [replace(row.article, fingerprint="") for row in rows]
    assert pq.ParquetFile(tmp_path / "merged").num_row_groups == 1


def test_row_groups_stay_small(tmp_path, archive):
    (row,) = list(archive.articles())[:1]
    long = replace(
        row.article, passages=tuple(replace(row.article.passages[0], text="x" * 10**6) for _ in "ab")
    )
    many = tmp_path / "many"
    write_articles([ArticleRow(long, row.capture)] * 30, many)
    merged = MergedArticles(tmp_path / "merged", SegmentName.parse(row.capture.segment))
    merged.add(many, shift=1)
    merged.close()
    groups = pq.ParquetFile(tmp_path / "merged").metadata
    assert groups.num_row_groups >= 4
    assert sum(1 for _ in read_articles(tmp_path / "merged")) == 30


@given(st.lists(st.lists(st.binary(max_size=5).map(lambda each: each.replace(b"\n", b"") + b"\n"))))
def test_lines_are_sorted_in_little_memory(tmp_path_factory, batches):
    sorter = LineSorter(tmp_path_factory.mktemp("lines"), run_bytes=8)
    for batch in batches:
        sorter.add(batch)
    assert list(sorter.sorted()) == sorted(line for batch in batches for line in batch)


def test_memory_does_not_grow_with_the_segment(tmp_path):
    sorter = LineSorter(tmp_path, run_bytes=1 << 20)
    tracemalloc.start()
    for number in range(100):
        sorter.add(b"%09d %s\n" % (hash((number, line)) % 10**9, b"x" * 90) for line in range(1000))
    assert sum(1 for _ in sorter.sorted()) == 100_000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5 << 20
