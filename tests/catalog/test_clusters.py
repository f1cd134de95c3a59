"""The merged index is all segments' lines, sorted; tests/readers/test_clusters.py reads it with pywb."""

import gzip
from datetime import UTC, datetime

import pytest

from catalog.making import capture, name_of, publish
from pipelines.catalog import clusters
from pipelines.catalog.clusters import latest_cluster, merge_indexes
from pipelines.errors import NotArchived, NotFound, RecordError, StorageError
from pipelines.storage import LocalStore, MemoryStore

NOW = datetime(2026, 11, 23, 14, 5, 9, tzinfo=UTC)
PLACE = "trial/indexes/cluster/20261123140509/"


def fill(store, *, segments=5, each=2000):
    """Publish segments whose lines lie between one another; return all lines, sorted."""
    lines = []
    for serial in range(1, segments + 1):
        name = name_of(serial)
        found = [
            capture(name, number, f"https://paper{number % 7}.example/{number:05d}", f"2026112{serial}000000")
            for number in range(each)
        ]
        publish(store, name, found)
        lines += store.get(name.index_key).splitlines(keepends=True)
    return sorted(lines)


def blocks_of(store, cluster):
    """The lines of each block, read as the summary says."""
    for line in store.get(PLACE + "cluster.idx").decode().splitlines():
        start, shard, offset, length, number = line.split("\t")
        packed = store.get_range(PLACE + shard, int(offset), int(length))
        lines = gzip.decompress(packed).splitlines(keepends=True)
        assert lines[0].decode().startswith(start + " ")
        yield int(number), lines


def test_it_holds_every_line_in_blocks(tmp_path):
    store = LocalStore(tmp_path)
    lines = fill(store)
    told = []

    def progress(*stand):
        told.append(stand)

    cluster = merge_indexes(store, "trial", now=NOW, shard_bytes=200_000, progress=progress)
    blocks = list(blocks_of(store, cluster))
    assert [number for number, _ in blocks] == [1, 2, 3, 4]
    assert [len(block) for _, block in blocks] == [3000, 3000, 3000, 1000]
    assert [line for _, block in blocks for line in block] == lines
    assert (cluster.lines, cluster.blocks, len(cluster.segments)) == (10_000, 4, 5)
    shards = [file.key for file in cluster.files if file.key.endswith(".gz")]
    assert len(shards) > 1
    assert told[-1] == (5, 5)
    assert latest_cluster(store, "trial") == cluster
    for file in cluster.files:
        assert len(store.get(file.key)) == file.size


def test_many_segments_are_merged_a_few_at_a_time(tmp_path, monkeypatch):
    monkeypatch.setattr(clusters, "FAN_IN", 3)
    store = LocalStore(tmp_path)
    lines = fill(store, segments=23, each=20)
    cluster = merge_indexes(store, "trial", now=NOW)
    assert [line for _, block in blocks_of(store, cluster) for line in block] == lines


def test_it_exists_once_its_commit_does(tmp_path):
    class Failing(LocalStore):
        def put(self, key, content):
            if key.endswith("cluster.json"):
                raise StorageError("storage: cut off")
            return super().put(key, content)

    fill(Failing(tmp_path), segments=1, each=10)
    with pytest.raises(StorageError):
        merge_indexes(Failing(tmp_path), "trial", now=NOW)
    store = LocalStore(tmp_path)
    assert latest_cluster(store, "trial") is None
    later = merge_indexes(store, "trial", now=datetime(2026, 11, 24, tzinfo=UTC))
    assert latest_cluster(store, "trial") == later


def test_what_cannot_be_merged():
    store = MemoryStore()
    with pytest.raises(NotArchived):
        merge_indexes(store, "trial", now=NOW)
    fill(store, segments=1, each=4)
    name = name_of(1)
    content = store.get(name.index_key).splitlines(keepends=True)
    store.delete(name.index_key)
    store.put(name.index_key, b"".join(content[::-1]))
    with pytest.raises(RecordError, match="repair the index"):
        merge_indexes(store, "trial", now=NOW)


def places(store):
    return {each.key.split("/")[3] for each in store.list("trial/indexes/cluster/")}


def test_older_clusters_and_those_of_days_ago_that_were_cut_off_go():
    store = MemoryStore()
    fill(store, segments=1, each=10)
    for made, name in [
        ("20261122140508", "cluster-000.cdxj.gz"),
        ("20261123140000", "cluster-000.cdxj.gz"),
        ("README", "of somebody"),
    ]:
        store.put(f"trial/indexes/cluster/{made}/{name}", b"cut off")
    merge_indexes(store, "trial", now=datetime(2026, 11, 20, tzinfo=UTC))
    merge_indexes(store, "trial", now=NOW)
    assert places(store) == {"20261123140000", "20261123140509", "README"}


def test_merges_of_one_second_take_the_next_ones():
    store = MemoryStore()
    fill(store, segments=1, each=10)
    first, second = (merge_indexes(store, "trial", now=NOW) for _ in range(2))
    assert (first.made, second.made) == ("20261123140509", "20261123140510")
    assert {file.key.split("/")[3] for file in second.files} == {second.made}
    assert latest_cluster(store, "trial") == second
    assert places(store) == {second.made}


class Purging(LocalStore):
    """A store in which a segment is purged when an object with a certain end is asked for, or was put."""

    purged, ending = None, ""

    def _purge(self, key):
        if self.purged and key.endswith(self.ending):
            old, self.purged = self.purged, None
            name = name_of(20)
            publish(
                self,
                name,
                [capture(name, 0, "https://paper.example/rest", "20261120000000")],
                replaces=str(old),
            )
            self.delete(old.index_key)

    def open(self, key):
        self._purge(key)
        return super().open(key)

    def put_file(self, key, path, *, sha256):
        info = super().put_file(key, path, sha256=sha256)
        self._purge(key)
        return info

    def put(self, key, content):
        info = super().put(key, content)
        self._purge(key)
        return info


@pytest.mark.parametrize("ending", [".cdxj", "cluster-000.cdxj.gz", "cluster.loc", "cluster.json"])
def test_nothing_of_a_segment_that_is_purged_meanwhile_is_in_it(tmp_path, ending):
    store = Purging(tmp_path)
    fill(store, segments=3, each=10)
    store.purged, store.ending = name_of(2), ending
    cluster = merge_indexes(store, "trial", now=NOW)
    assert str(name_of(2)) not in cluster.segments
    assert str(name_of(20)) in cluster.segments
    (place,) = places(store)
    assert place == cluster.made
    packed = b"".join(store.get(file.key) for file in cluster.files if file.key.endswith(".gz"))
    lines = gzip.decompress(packed).splitlines()
    assert len(lines) == cluster.lines == 21
    assert not [line for line in lines if str(name_of(2)).encode() in line]
    loc = store.get(f"trial/indexes/cluster/{place}/cluster.loc").decode()
    assert "\t" in loc


def test_an_index_that_is_lost_otherwise_is_told_of():
    store = MemoryStore()
    fill(store, segments=2, each=4)
    store.delete(name_of(1).index_key)
    with pytest.raises(NotFound):
        merge_indexes(store, "trial", now=NOW)
