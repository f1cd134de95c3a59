"""The manifest and the names: what is written is read back, what is damaged is refused."""

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.errors import ConfigError, ManifestError
from pipelines.segments.manifest import (
    Counts,
    FileEntry,
    Files,
    Link,
    Manifest,
    manifest_digest,
    parse_manifest,
    read_manifests,
)
from pipelines.segments.names import SegmentName, checked_collection
from pipelines.storage import MemoryStore

NAME = SegmentName("trial", "20261123140509", 7, "0a1b2c3d")


def manifest(name=NAME, replaces=None, previous=None):
    return Manifest(
        segment=str(name),
        opened=name.opened,
        sealed="20261123150509",
        software="newswarc/0",
        job="job-1",
        files=Files(
            FileEntry(name.warc_key, 1000, "a" * 64),
            FileEntry(name.index_key, 100, "b" * 64),
            FileEntry(name.articles_key, 10, "c" * 64),
        ),
        counts=Counts(2, 1, 3, 1, {"200": 1, "-": 1}),
        first="20261123140509",
        last="20261123140609",
        previous=previous,
        replaces=replaces,
    )


def test_golden():
    told = manifest(previous=Link("trial-20261122000000-00006-0a1b2c3d", "d" * 64)).to_json().decode()
    for letter in "abcd":
        told = told.replace(letter * 64, f"<64 {letter}>")
    assert told == (
        """{
  "segment": "trial-20261123140509-00007-0a1b2c3d",
  "opened": "20261123140509",
  "sealed": "20261123150509",
  "software": "newswarc/0",
  "job": "job-1",
  "files": {
    "warc": {
      "key": "trial/archive/2026/11/23/trial-20261123140509-00007-0a1b2c3d.warc.gz",
      "size": 1000,
      "sha256": "<64 a>"
    },
    "index": {
      "key": "trial/indexes/2026/11/23/trial-20261123140509-00007-0a1b2c3d.cdxj",
      "size": 100,
      "sha256": "<64 b>"
    },
    "articles": {
      "key": "trial/articles/2026/11/23/trial-20261123140509-00007-0a1b2c3d.parquet",
      "size": 10,
      "sha256": "<64 c>"
    }
  },
  "counts": {
    "captures": 2,
    "revisits": 1,
    "failures": 3,
    "articles": 1,
    "statuses": {
      "200": 1,
      "-": 1
    }
  },
  "first": "20261123140509",
  "last": "20261123140609",
  "previous": {
    "segment": "trial-20261122000000-00006-0a1b2c3d",
    "sha256": "<64 d>"
  },
  "recovered": false,
  "replaces": null,
  "format": "newswarc-segment/1"
}
"""
    )


def test_gives_back_what_was_written():
    written = manifest(replaces="trial-20261122140509-00001-0a1b2c3d", previous=Link("x", "d" * 64))
    assert parse_manifest(written.to_json()) == written
    assert manifest_digest(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_torn_at_every_byte_it_is_refused():
    content = manifest().to_json()
    for size in range(len(content) - 2):
        with pytest.raises(ManifestError, match="not readable"):
            parse_manifest(content[:size])


def test_refuses_another_format_and_odd_names():
    fields = orjson.loads(manifest().to_json())
    with pytest.raises(ManifestError, match="newswarc-segment/2"):
        parse_manifest(orjson.dumps({**fields, "format": "newswarc-segment/2"}))
    with pytest.raises(ManifestError, match="not <collection>"):
        parse_manifest(orjson.dumps({**fields, "segment": "odd"}))


@given(
    st.from_regex(r"[a-z0-9][a-z0-9._-]{0,20}", fullmatch=True),
    st.integers(1, 10**7),
    st.from_regex(r"[a-z0-9]{1,8}", fullmatch=True),
)
def test_names_are_parsed_back(collection, serial, writer):
    name = SegmentName(checked_collection(collection), "20261123140509", serial, writer)
    assert SegmentName.parse(str(name)) == name
    assert name.warc_key == f"{collection}/archive/{name.warc_filename}"


@pytest.mark.parametrize("name", ["", "A", "-a", "a/b", "a" * 65, "..", "ä"])
def test_refuses_what_is_no_collection(name):
    with pytest.raises(ConfigError, match="collection"):
        checked_collection(name)


def test_current_are_those_that_none_replaces():
    store = MemoryStore()
    names = [SegmentName("trial", f"202611231405{number:02d}", number, "0a1b2c3d") for number in range(1, 6)]
    replaces = {3: names[0], 5: names[2]}
    for name in names:
        content = manifest(name, replaces=str(replaces[name.serial]) if name.serial in replaces else None)
        store.put(name.manifest_key, content.to_json())
    assert [each.name.serial for each in read_manifests(store, "trial")[0]] == [2, 4, 5]
    store.delete(names[2].manifest_key)
    store.put(names[2].manifest_key, b"{ damaged")
    # What the damaged one had replaced cannot be known any more.
    assert [each.name.serial for each in read_manifests(store, "trial")[0]] == [1, 2, 4, 5]
    store.delete(names[1].manifest_key)
    store.put(names[1].manifest_key, b"{ damaged")
    with pytest.raises(ManifestError):
        read_manifests(store, "trial")[0]
