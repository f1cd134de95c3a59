"""``newswarc compact``, as a timer runs it."""

import json

import pytest

from compaction.making import small_segments
from segments.making import open_archive

COLLECTION = ("--store", "store", "--collection", "trial")
NOW = ("--older", "0s")


@pytest.fixture
def store(tmp_path):
    archive = open_archive(tmp_path)
    small_segments(archive, 4)
    archive.close()
    return tmp_path / "store" / "trial"


def warcs(store):
    return sorted(path.name for path in (store / "archive").rglob("*.warc.gz"))


def test_small_segments_become_one_and_their_files_go_later(newswarc, store):
    captures = newswarc("list", *COLLECTION).stdout
    planned = newswarc("compact", *NOW, "--dry-run", *COLLECTION).stdout
    assert "would merge 4 segments, " in planned
    assert len(warcs(store)) == 4
    done = newswarc("compact", *NOW, *COLLECTION).stdout
    assert "4 segments in one, 19 captures, " in done
    assert len(warcs(store)) == 5
    told = json.loads(newswarc("compact", *NOW, "--keep", "0s", "--json", *COLLECTION).stdout)
    assert (told["made"], told["deleted"]["segments"], told["deleted"]["objects"]) == ([], 4, 12)
    assert len(warcs(store)) == 1
    assert newswarc("list", *COLLECTION).stdout == captures
    assert newswarc("verify", *COLLECTION).stdout.endswith("\nwhole\n")


def test_what_is_damaged_is_named_and_left(newswarc, store):
    path = next((store / "indexes").rglob("*.cdxj"))
    path.write_bytes(path.read_bytes()[:-9])
    done = newswarc("compact", *NOW, *COLLECTION, code=30)
    assert "3 segments in one" in done.stdout
    assert f"left out {path.stem}: " in done.stderr


@pytest.mark.parametrize(
    ("option", "text", "words"), [("--keep", "-1", "no span of time"), ("--below", "small", "is no size")]
)
def test_slips_are_told(newswarc, option, text, words):
    refused = newswarc("compact", option, text, *COLLECTION, code=2)
    assert option in refused.stderr
    assert words in refused.stderr


def test_a_purge_under_way_is_waited_for_by_a_person(newswarc, store):
    claim = store / "takedowns" / "claim"
    claim.parent.mkdir()
    claim.write_text('{"host": "elsewhere.example", "pid": 1, "at": "2026-11-23T14:05:09Z"}')
    refused = newswarc("compact", *NOW, *COLLECTION, code=13)
    assert "by process 1 of elsewhere.example" in refused.stderr
    assert "4 segments in one" in newswarc("compact", *NOW, "--force", *COLLECTION).stdout
    assert not claim.exists()
