"""Who reads, follows, takes down or mends an archive knows of compaction."""

from dataclasses import replace

import pytest

from compaction.making import AT_ONCE, KEEPING, article, job_of, seen, small_segments, work
from pipelines.archive import RecordingOptions
from pipelines.compaction import compact
from pipelines.errors import NotFound
from pipelines.fixity import Damage, repair, verify
from pipelines.search import Page, SearchIndex, ask
from pipelines.segments.manifest import Manifest, read_all
from pipelines.segments.names import SegmentName
from pipelines.storage import MemoryStore
from pipelines.takedown import Kind, Register, Target, plan_purge, purge, scan
from pipelines.warc.records import record_id
from segments.making import (
    NOT_MODIFIED,
    TRIAL,
    asked_again,
    exchange,
    open_archive,
    page,
    record_all,
    response,
)

WHO = {"who": "A. Keeper", "reason": "court order 12/26"}


@pytest.fixture(scope="module")
def pristine(tmp_path_factory):
    archive = open_archive(tmp_path_factory.mktemp("small"), store=MemoryStore())
    small_segments(archive, 5)
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


@pytest.fixture
def run(archive, tmp_path):
    def call(options=KEEPING):
        return compact(archive.store, "trial", work(tmp_path), options=options)

    return call


def test_a_reader_that_slept_finds_what_has_moved(archive, run):
    before = seen(archive)
    old = list(archive.catalog.all())
    run()
    assert [archive.open(each).capture for each in old] == old
    run(AT_ONCE)
    moved = [archive.open(each).capture for each in old]
    assert {each.segment for each in moved}.isdisjoint(each.segment for each in old)
    assert moved == list(archive.catalog.all())
    assert seen(archive) == before


def test_one_that_slept_finds_what_a_revisit_stands_for(archive, run, tmp_path):
    old = [each for each in archive.catalog.all() if each.kind == "revisit"]
    run()
    run(AT_ONCE)
    assert [archive.original_of(each).kind for each in old] == ["response"] * len(old)
    other = open_archive(tmp_path / "other", store=archive.store)
    heads = [other.unmodified_head(each) for each in old if each.unmodified]
    assert heads == [NOT_MODIFIED] * 4
    other.close()


def test_what_is_really_gone_costs_one_look(archive):
    capture = next(each for each in archive.catalog.all() if each.kind == "response")
    archive.store.delete(f"trial/archive/{capture.filename}")
    with pytest.raises(NotFound):
        archive.open(capture)
    small_segments(open_archive(archive.spool.parents[2] / "other", store=archive.store), 1, start=20)
    with pytest.raises(NotFound):
        archive.open(capture)
    assert len({each.segment for each in archive.catalog.all()}) == 5, "no second sync"


def test_revisits_refer_to_what_was_merged(archive, run):
    """A crawl asks with the validator of a capture by its old place, and meets a payload that was merged."""
    old = next(each for each in archive.catalog.find(exchange(0).url) if each.kind == "response")
    run()
    archive.sync()
    run(AT_ONCE)
    unmodified, repeated = record_all(
        archive, [asked_again(100, old), exchange(101, response(page(5)), url="https://other.example/")]
    )
    assert (unmodified.capture.kind, repeated.capture.kind) == ("revisit", "revisit")
    assert archive.open(unmodified.capture).payload == page(0)
    stored = archive.open(repeated.capture)
    assert stored.payload == page(5)
    fields = dict(stored.fields)
    assert fields["WARC-Refers-To-Target-URI"] == stored.original.url
    # It lies elsewhere than its id says, and no id at all is better than one of nothing.
    assert "WARC-Refers-To" not in fields
    own = dict(archive.open(stored.original).fields)["WARC-Record-ID"]
    assert own != record_id(stored.original.segment, stored.original.offset)
    assert verify(archive.store, "trial").ok


@pytest.mark.parametrize("synced", [True, False], ids=["planned after", "planned before"])
def test_a_purge_finds_it_in_the_new_segment_and_in_the_old_files(archive, run, synced):
    target = Target(Kind.URL, exchange(10).url)
    left = [each for each in archive.catalog.all() if not target.matches(each)]
    plan = plan_purge(archive.catalog.all, target, everywhere=False, **WHO)
    (made,) = run().made
    if synced:
        archive.sync()
        plan = plan_purge(archive.catalog.all, target, everywhere=False, **WHO)
        assert plan.takedown.segments == (made.segment,)
    register = Register(archive.store, "trial")
    done = purge(archive.store, "trial", plan.takedown, register=register)
    assert done.captures >= 1
    assert [*scan(archive.store, "trial", plan.takedown)] == []
    register.finish(plan.takedown, done)
    archive.sync()
    assert len(list(archive.catalog.all())) == len(left)
    for capture in archive.catalog.all():
        archive.open(capture)
    assert [each for each in verify(archive.store, "trial").findings if not each.damage.note] == []
    assert run(AT_ONCE).made == ()
    assert [*scan(archive.store, "trial", plan.takedown)] == []


def test_a_purge_that_was_cut_off_after_its_manifest_takes_the_old_files_with_it(archive, run):
    (made,) = run().made
    archive.sync()
    plan = plan_purge(archive.catalog.all, Target(Kind.URL, exchange(10).url), everywhere=False, **WHO)
    register = Register(archive.store, "trial")
    kept = {found.key: archive.store.get(found.key) for found in archive.store.list("trial/archive/")}
    purge(archive.store, "trial", plan.takedown, register=register)
    for key, content in kept.items():
        if not [*archive.store.list(key)]:
            archive.store.put(key, content)
    assert [*scan(archive.store, "trial", plan.takedown)]
    purge(archive.store, "trial", plan.takedown, register=register)
    assert [*scan(archive.store, "trial", plan.takedown)] == []
    assert made.segment not in {each.segment for each in archive.manifests()}


def test_the_files_that_stay_are_no_damage_and_repair_leaves_them(archive, run):
    run()
    report = verify(archive.store, "trial")
    assert (report.ok, report.findings, report.counts.replaced) == (True, (), 5)
    before = sorted(each.key for each in archive.store.list())
    assert repair(archive.store, "trial").ok
    assert sorted(each.key for each in archive.store.list()) == before
    run(AT_ONCE)
    assert verify(archive.store, "trial").findings == ()


def test_what_the_small_ones_have_of_a_damaged_one_is_moved_aside_not_deleted(archive, run):
    (made,) = run().made
    content = archive.store.get(made.files.warc.key)
    archive.store.delete(made.files.warc.key)
    archive.store.put(made.files.warc.key, content[: len(content) // 2])
    assert not repair(archive.store, "trial").ok
    notes = {each.damage for each in verify(archive.store, "trial").notes}
    assert notes == {Damage.REPLACED_OBJECT}
    assert run(AT_ONCE).cleared.objects == 0


def test_a_search_index_follows_without_being_made_anew(archive, run, tmp_path):
    index = SearchIndex(tmp_path / "search")
    index.sync(archive.store, "trial")
    generation = sorted(path.name for path in (tmp_path / "search").iterdir())
    asked = [ask(index, question, Page()) for question in ("deck", "berth 20", "absent")]
    assert [each.total for each in asked][::2] == [5, 0]
    # A purge has been here once: then what goes must not stay in the index's files.
    archive.store.put("trial/takedowns/2026/11/23/20261123000000-00000000.done.json", b"{}")
    (made,) = run().made
    index.sync(archive.store, "trial")
    again = [ask(index, question, Page()) for question in ("deck", "berth 20", "absent")]
    assert [each.total for each in again] == [each.total for each in asked]
    assert {hit.shown.segment for hit in again[0].hits} == {made.segment}
    assert sorted(path.name for path in (tmp_path / "search").iterdir()) == generation
    assert index.sync(archive.store, "trial").segments == 0


def test_a_catalog_that_follows_has_what_a_new_one_has(archive, run, tmp_path):
    follower = open_archive(tmp_path / "follower", store=archive.store)
    follower.sync()
    size = max(each.files.warc.size for each in archive.manifests())
    run(replace(KEEPING, target=3 * size))
    follower.sync()
    small_segments(follower, 2, start=5)
    follower.sync()
    run()
    run(AT_ONCE)
    follower.sync()
    anew = open_archive(tmp_path / "anew", store=archive.store)
    anew.sync()
    assert [*follower.catalog.all()] == [*anew.catalog.all()]
    urls = {row.capture.url for row in anew.articles()}
    assert len(urls) == 7
    for url in urls:
        assert [*follower.catalog.history(url)] == [*anew.catalog.history(url)] != []
    follower.close()
    anew.close()


def test_a_recording_goes_on_meanwhile(archive, run):
    recording = archive.record(job_of(50), RecordingOptions(TRIAL, min_free=0))
    told = recording.writer.record(exchange(500, article=True)).result(30)
    recording.writer.add_article(told, article(told.capture, 500).to_json())
    run()
    recording.finish().result(30)
    run(AT_ONCE)
    assert recording.close(30) == []
    archive.sync()
    assert archive.open(told.capture).payload == page(500)
    assert verify(archive.store, "trial").ok


def half_made(archive, segment):
    """Put a WARC as a compaction leaves it that is cut off before its manifest."""
    key = "trial/archive/2026/11/24/trial-20261124000000-00001-m0a1b2c3d.warc.gz"
    archive.store.put(key, archive.store.get(SegmentName.parse(segment).warc_key))
    return key


def test_what_is_half_made_goes_with_the_next_run(archive, run):
    key = half_made(archive, next(archive.catalog.find(exchange(10).url)).segment)
    assert {each.damage for each in verify(archive.store, "trial").notes} == {Damage.ORPHAN_OBJECT}
    run()
    assert key not in {each.key for each in archive.store.list()}
    assert verify(archive.store, "trial").findings == ()


def test_a_purge_takes_what_is_half_made(archive):
    target = Target(Kind.URL, exchange(10).url)
    plan = plan_purge(archive.catalog.all, target, everywhere=False, **WHO)
    half_made(archive, plan.captures[0].segment)
    purge(archive.store, "trial", plan.takedown, register=Register(archive.store, "trial"))
    assert [*scan(archive.store, "trial", plan.takedown)] == []


class Counting(MemoryStore):
    """Notes the manifests that are read."""

    read: list[str]

    def get(self, key):
        if "/segments/" in key:
            self.read.append(key)
        return super().get(key)


def test_manifests_of_compacted_ones_are_not_read_for_ever(archive, run, tmp_path):
    made = {run().made[0].name.manifest_key}
    run(AT_ONCE)
    store = Counting()
    store.read = []
    for each in archive.store.list():
        store.put(each.key, archive.store.get(each.key))
    assert len(read_all(store, "trial").replaced) == 5
    assert set(store.read) == made
    store.read = []
    anew = open_archive(tmp_path / "anew", store=store)
    anew.sync()
    archive.sync()
    assert set(store.read) == made
    assert [*anew.catalog.all()] == [*archive.catalog.all()]
    small_segments(anew, 1, start=9)
    store.read = []
    assert compact(store, "trial", work(tmp_path), options=AT_ONCE).made == ()
    assert len(store.read) == 2
    anew.close()


class Meddled(MemoryStore):
    """Somebody repairs a segment while its WARC is fetched."""

    repaired: Manifest | None = None

    def open(self, key):
        if self.repaired and self.repaired.replaces in key and key.endswith(".warc.gz"):
            manifest, self.repaired = self.repaired, None
            self.put(manifest.name.manifest_key, manifest.to_json())
        return super().open(key)


def test_what_is_replaced_meanwhile_is_not_merged_too(archive, tmp_path):
    store = Meddled()
    for each in archive.store.list():
        store.put(each.key, archive.store.get(each.key))
    old = list(archive.manifests())[2]
    new = replace(old.name, writer="m0a1b2c3d")
    store.repaired = replace(old, segment=str(new), replaces=old.segment)
    done = compact(store, "trial", work(tmp_path), options=KEEPING)
    assert (done.made, [each.segment for each in done.left_out]) == ((), [old.segment])
    assert len(compact(store, "trial", work(tmp_path), options=KEEPING).made[0].compacts) == 4
    current = read_all(store, "trial").current
    assert sum(each.counts.captures for each in current) == len(list(archive.catalog.all()))
