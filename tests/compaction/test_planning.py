"""Which segments are merged with which."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from catalog.making import manifest_of, name_of
from pipelines.compaction import CompactionOptions
from pipelines.compaction.planning import plan_of
from pipelines.errors import ManifestError
from pipelines.segments.manifest import FileEntry, Manifests, compacted_of, parse_manifest, read_all
from pipelines.storage import MemoryStore
from pipelines.urls import timestamp

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
OPTIONS = CompactionOptions(older=timedelta(days=1), below=100, target=1000, keep=timedelta(hours=6))


def segment(serial, size, *, hours=48, **more):
    made = manifest_of(name_of(serial), [])
    files = replace(made.files, warc=FileEntry(made.files.warc.key, size, "0" * 64))
    return replace(made, files=files, sealed=timestamp(NOW - timedelta(hours=hours)), **more)


def planned(*found, options=OPTIONS):
    replaced = {name for each in found for name in each.stands_for}
    current = [each for each in found if each.segment not in replaced]
    return plan_of(Manifests(list(found), current, replaced, compacted_of(found)), options=options, now=NOW)


def sizes(plan):
    return [[each.files.warc.size for each in group] for group in plan.groups]


def test_small_and_old_ones_are_merged_with_their_neighbours_up_to_the_target():
    plan = planned(*(segment(serial, 90) for serial in range(1, 24)))
    assert [len(group) for group in plan.groups] == [11, 11]
    assert [each.name.serial for each in plan.groups[0]] == [*range(1, 12)]


def test_large_young_and_mended_ones_stay():
    mended = replace(segment(4, 20), replaces=str(name_of(9)))
    assert sizes(planned(segment(1, 20), segment(2, 100), segment(3, 21, hours=23), mended)) == []
    assert sizes(planned(segment(1, 20), segment(2, 99), segment(3, 80), segment(5, 21, hours=24))) == [
        [20, 99, 80, 21]
    ]


def test_one_that_is_much_larger_than_all_others_together_waits_for_more():
    assert sizes(planned(segment(1, 50), segment(2, 10), segment(3, 9), segment(4, 2))) == [[10, 9, 2]]
    assert sizes(planned(segment(1, 50), segment(2, 13), segment(3, 4), segment(4, 1))) == []
    assert sizes(planned(segment(1, 50), segment(2, 25))) == [[50, 25]]


def test_no_record_is_copied_often():
    """Each day brings ten segments of one byte; the day's run merges them with what was merged before."""
    days, current, serial, copied = 60, [], 0, 0
    options = replace(OPTIONS, below=10**6, target=10**6)
    for _ in range(days):
        for _ in range(10):
            serial += 1
            current.append(segment(serial, 1))
        for group in planned(*current, options=options).groups:
            total = sum(each.files.warc.size for each in group)
            serial += 1
            copied += total
            current = [each for each in current if each not in group] + [segment(serial, total)]
    assert sum(each.files.warc.size for each in current) == 10 * days
    assert copied <= 10 * days * 10
    assert len(current) <= 10


def test_files_go_once_the_new_segment_is_old_enough_and_holds_all():
    one, two, three, four = (segment(serial, 10) for serial in range(1, 5))
    late = replace(segment(5, 20, hours=7), compacts=(one.segment, two.segment))
    fresh = replace(segment(6, 20, hours=5), compacts=(three.segment, four.segment))
    found = (one, two, three, four, late, fresh)
    assert planned(*found).due == {one.segment: late.segment, two.segment: late.segment}
    again = replace(segment(7, 40, hours=1), compacts=(late.segment, fresh.segment))
    assert planned(*found, again).due == {one.segment: again.segment, two.segment: again.segment}
    # What is left of a damaged one may lack what the small ones still have.
    mended = replace(segment(8, 15, hours=1), replaces=again.segment)
    assert planned(*found, again, mended).due == {}
    assert compacted_of([*found, again, mended]) == {}


def test_manifests_that_name_each_other_are_no_trap():
    one, two = segment(1, 10), segment(2, 10)
    ring = [replace(one, compacts=(two.segment,)), replace(two, compacts=(one.segment,))]
    assert compacted_of(ring) == {}


def test_a_manifest_without_the_field_is_as_it_was_written():
    """Chains hold digests of manifests that were written before there was such a field."""
    plain = segment(1, 10)
    assert b"compacts" not in plain.to_json()
    assert parse_manifest(plain.to_json()) == plain
    many = replace(plain, compacts=(str(name_of(2)), str(name_of(3))))
    assert parse_manifest(many.to_json()) == many
    assert replace(many, replaces=str(name_of(4))).stands_for == (str(name_of(4)), *many.compacts)
    with pytest.raises(ManifestError, match="not <collection>"):
        parse_manifest(replace(plain, compacts=("odd",)).to_json())


def test_readers_leave_out_what_is_compacted():
    store = MemoryStore()
    found = [segment(serial, 10) for serial in (1, 2, 3)]
    found.append(replace(segment(4, 20), compacts=(found[0].segment, found[1].segment)))
    for each in found:
        store.put(each.name.manifest_key, each.to_json())
    manifests = read_all(store, "trial")
    assert [each.name.serial for each in manifests.current] == [3, 4]
    assert manifests.replaced == {found[0].segment, found[1].segment}
    assert manifests.compacted == dict.fromkeys(sorted(manifests.replaced), found[3].segment)
    # Who knows the small ones already is told that they are replaced.
    known = {each.name.manifest_key for each in found[:3]}
    assert read_all(store, "trial", known=known).replaced == manifests.replaced
    store.delete(found[0].name.manifest_key)
    store.put(found[0].name.manifest_key, b"{ damaged")
    assert len(read_all(store, "trial").current) == 2
