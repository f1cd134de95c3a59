"""A catalog follows its store, also what comes late, is replaced, or is read again; and is made anew."""

import logging
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from threading import Barrier, Thread

import pytest

from catalog.making import article, capture, dump, name_of, parquet, publish
from pipelines.catalog import Catalog, Match, Part, Query, follow
from pipelines.catalog.rebuilding import rebuild
from pipelines.errors import ManifestError, NewswarcError, StorageError
from pipelines.segments.manifest import FileEntry
from pipelines.segments.readings import Reading, ReadingCounts, reading_articles_key
from pipelines.storage import MemoryStore

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
TEXT = "The pilot says that the harbour opens again. Ships wait in the roads, and nobody knows for how long. "


class Watched(MemoryStore):
    """A store that keeps what was listed and read."""

    def __init__(self):
        super().__init__()
        self.listed, self.read = [], []

    def list(self, prefix="", *, after=""):
        for info in super().list(prefix, after=after):
            self.listed.append(info.key)
            yield info

    def get(self, key):
        self.read.append(key)
        return super().get(key)

    def forget(self):
        self.listed.clear()
        self.read.clear()


def segment(store, serial, *, day="20261120", words="", more=(), **given):
    """Publish a segment with two captures and an article, and return its manifest."""
    name = name_of(serial, day=day, writer=given.pop("writer", "0a1b2c3d"))
    found = [
        capture(name, 0, f"https://paper.example/{serial}", f"{day}000000"),
        capture(name, 100, "https://paper.example/", f"{day}00000{serial % 10}"),
        *more,
    ]
    rows = [article(found[0], f"{words or serial} {TEXT}" * 2)]
    return publish(store, name, found, rows=rows, **given)


@pytest.fixture
def store():
    return Watched()


def held(catalog):
    return {each.segment for each in catalog.all()}


def test_what_is_new_is_taken_in_once(catalog, store):
    one = segment(store, 1)
    assert follow(catalog, store, now=NOW).segments == 1
    two = segment(store, 2, previous=one)
    found = follow(catalog, store, now=NOW)
    assert (found.segments, found.listed_all) == (1, False)
    assert held(catalog) == {one.segment, two.segment}
    assert follow(catalog, store, now=NOW).segments == 0
    assert len([*catalog.history("https://paper.example/2")]) == 1


def test_a_sync_lists_the_last_days_and_reads_nothing_that_it_knows(catalog, store):
    before = None
    for number in range(1, 21):
        before = segment(store, number, day=f"202611{number:02d}", previous=before)
    follow(catalog, store, now=NOW)
    store.forget()
    follow(catalog, store, now=NOW)
    assert store.read == []
    assert [key for key in store.listed if "/segments/" in key] == [
        key for key in sorted(each.key for each in MemoryStore.list(store)) if "/segments/2026/11/" in key
    ][-3:]


def test_late_segments_of_a_writer_are_found_by_its_next_one(catalog, store):
    """Weeks later, without a listing of their day."""
    segment(store, 1, day="20261101")
    segment(store, 1, day="20261122", writer="ffffffff")
    follow(catalog, store, now=NOW)
    two = segment(store, 2, day="20261102", previous=segment(store, 3, day="20261103", writer="00000000"))
    store.forget()
    assert follow(catalog, store, now=NOW).segments == 0
    three = segment(store, 3, day="20261122", previous=two)
    store.forget()
    assert follow(catalog, store, now=NOW).segments == 3
    assert not [key for key in store.listed if "/2026/11/0" in key]
    assert {two.segment, three.segment} < held(catalog)


def test_what_comes_late_with_nothing_behind_it_is_found_by_the_daily_listing(catalog, store):
    segment(store, 1, day="20261122")
    follow(catalog, store, now=NOW)
    late = segment(store, 2, day="20251001", writer="ffffffff")
    assert follow(catalog, store, now=NOW + timedelta(hours=23)).segments == 0
    found = follow(catalog, store, now=NOW + timedelta(hours=25))
    assert (found.segments, found.listed_all) == (1, True)
    assert late.segment in held(catalog)
    later = segment(store, 3, day="20240101", writer="eeeeeeee")
    assert follow(catalog, store, now=NOW + timedelta(hours=26)).segments == 0
    assert follow(catalog, store, full=True, now=NOW + timedelta(hours=26)).segments == 1
    assert later.segment in held(catalog)


def test_a_segment_of_next_year_does_not_hide_those_of_today(catalog, store):
    segment(store, 1, day="20271120")
    follow(catalog, store, now=NOW)
    segment(store, 2, day="20261123", writer="ffffffff")
    assert follow(catalog, store, now=NOW).segments == 1


def test_a_replaced_segment_goes_and_never_comes_back(catalog, store):
    one, two = segment(store, 1), segment(store, 2)
    follow(catalog, store, now=NOW)
    new = segment(store, 3, replaces=one.segment)
    found = follow(catalog, store, now=NOW)
    assert (found.segments, found.replaced) == (1, 1)
    assert held(catalog) == {two.segment, new.segment}
    assert [*catalog.history("https://paper.example/1")] == []
    assert catalog.similar(next(catalog.history("https://paper.example/2")).fingerprint)
    assert follow(catalog, store, full=True, now=NOW).segments == 0
    newest = segment(store, 4, replaces=new.segment)
    fresh = Catalog(catalog.database.url, "other")
    fresh.collection = "trial"
    follow(catalog, store, now=NOW)
    follow(fresh, store, now=NOW)
    assert held(catalog) == held(fresh) == {two.segment, newest.segment}
    fresh.close()


def test_one_segment_may_replace_many(catalog, store):
    """As one does that several were put together in."""
    many = [segment(store, number) for number in (1, 2, 3)]
    follow(catalog, store, now=NOW)
    name = name_of(9)
    whole = [capture(name, 0, "https://paper.example/whole", "20261120000000")]
    manifest = publish(MemoryStore(), name, whole)
    listed = replace(manifest, compacts=tuple(each.segment for each in many))
    catalog.enter([Part(listed, whole)])
    assert [*catalog.all()] == whole


def test_an_unreadable_manifest_is_told_of_unless_it_is_replaced(catalog, store):
    one, two = segment(store, 1), segment(store, 2)
    store.delete(one.name.manifest_key)
    store.put(one.name.manifest_key, b"{}")
    with pytest.raises(ManifestError):
        follow(catalog, store, now=NOW)
    three = segment(store, 3, replaces=one.segment)
    follow(catalog, store, now=NOW)
    assert held(catalog) == {two.segment, three.segment}


def test_two_syncs_at_once(database_url, store):
    for number in range(1, 9):
        segment(store, number)
    catalogs = [Catalog(database_url, "trial") for _ in range(3)]
    start, failed = Barrier(3), []

    def run(catalog):
        try:
            start.wait()
            follow(catalog, store, now=NOW)
        except NewswarcError as err:
            failed.append(err)

    threads = [Thread(target=run, args=(catalog,)) for catalog in catalogs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert len([*catalogs[0].all()]) == 16
    assert sum(job.segments for job in catalogs[1].jobs()) == 8
    assert len([*catalogs[2].history("https://paper.example/3")]) == 1
    for catalog in catalogs:
        catalog.close()


def read_again(store, manifest, number, words, **more):
    """Put a newer reading of a segment's article into the store."""
    name = manifest.name
    found = capture(name, 0, f"https://paper.example/{name.serial}", f"{name.opened[:8]}000000")
    content = parquet([article(found, f"{words} {TEXT}" * 2, title="Read again", **more)])
    digest = sha256(content).hexdigest()
    key = reading_articles_key(name, number, digest)
    store.put(key, content)
    entry = FileEntry(key, len(content), digest)
    reading = Reading(
        manifest.segment, number, "newswarc/9", {}, entry, ReadingCounts(1, 1, 0), "20261123000000", "test"
    )
    store.put(reading.key, reading.to_json())


def test_newer_readings_take_the_place_of_articles(catalog, store):
    one, old = segment(store, 1, day="20261122"), segment(store, 2, day="20250101")
    follow(catalog, store, now=NOW)
    (mark,) = {mark for mark, identity in catalog.identities() if identity.endswith("/1")}
    assert next(catalog.history("https://paper.example/1")).title == "The harbour"
    newest = max(mark for mark, _ in catalog.identities())
    read_again(store, one, 1, "newer")
    read_again(store, one, 2, "newest")
    read_again(store, old, 1, "of an old day")
    assert follow(catalog, store, now=NOW).readings == 1
    (found,) = catalog.history("https://paper.example/1")
    assert (found.title, found.articles_key.count(".00002-")) == ("Read again", 1)
    assert [identity for mark, identity in catalog.identities(since=newest)] == [found.identity]
    assert mark <= newest
    assert follow(catalog, store, now=NOW).readings == 0
    assert follow(catalog, store, full=True, now=NOW).readings == 1
    assert next(catalog.history("https://paper.example/2")).title == "Read again"
    fresh = Catalog(catalog.database.url, "other")
    fresh.collection = "trial"
    follow(fresh, store, now=NOW)
    assert dump(fresh) == dump(catalog)
    fresh.close()


def test_a_damaged_article_file_costs_no_capture_and_is_read_once_mended(catalog, store, caplog):
    manifest = segment(store, 1)
    content = store.get(manifest.files.articles.key)
    store.delete(manifest.files.articles.key)
    store.put(manifest.files.articles.key, content[:100])
    with caplog.at_level(logging.WARNING):
        follow(catalog, store, now=NOW)
    assert "newswarc repair" in caplog.text
    assert len([*catalog.all()]) == 2
    assert [*catalog.history("https://paper.example/1")] == []
    store.delete(manifest.files.articles.key)
    store.put(manifest.files.articles.key, content)
    follow(catalog, store, full=True, now=NOW)
    assert len([*catalog.history("https://paper.example/1")]) == 1


def test_jobs_and_ledger_files(catalog, store):
    segment(store, 1, job="job-b")
    segment(store, 2, job="job-a")
    segment(store, 3, job="job-b")
    store.put("trial/ledger/2026/11/22/job-b.parquet", b"told")
    assert follow(catalog, store, now=NOW).ledger_files == 1
    store.put("trial/ledger/2026/11/23/job-c.parquet", b"told")
    assert follow(catalog, store, now=NOW).ledger_files == 1
    assert [(job.job, job.segments, job.captures) for job in catalog.jobs()] == [
        ("job-b", 2, 4),
        ("job-a", 1, 2),
    ]
    assert catalog.ledger_keys() == [
        "trial/ledger/2026/11/22/job-b.parquet",
        "trial/ledger/2026/11/23/job-c.parquet",
    ]


def test_two_machines_that_make_it_anew_get_the_same_as_one_that_followed(database_url, tmp_path, store):
    followed = Catalog(database_url, "trial")
    one = segment(store, 5, day="20261122", writer="ffffffff")
    follow(followed, store, now=NOW)
    for number in (3, 1, 2):
        odd = capture(name_of(number), 300, "http://Paper.example/A?b=1&a=2", "20261120000000")
        segment(store, number, more=[odd])
        follow(followed, store, full=True, now=NOW)
    segment(store, 4, replaces=one.segment)
    follow(followed, store, now=NOW)
    answers = dump(followed)
    assert len(answers) > 15
    urls = [f"sqlite:///{tmp_path / name}" for name in ("first", "second")]
    for url in urls:
        assert rebuild(store, "trial", url).listed_all
        made = Catalog(url, "trial")
        assert dump(made) == answers
        made.close()
    rebuild(store, "trial", database_url)
    assert dump(followed) == answers
    followed.close()


def test_the_old_one_stays_in_use_until_the_new_one_is_whole(catalog, store):
    """A reader in the midst of an answer reads on; a writer writes into the new one."""
    for number in range(1, 61):
        segment(store, number, day=f"202610{number % 28 + 1:02d}")
    follow(catalog, store, now=NOW)
    answer = catalog.captures(Query("paper.example", Match.DOMAIN))
    before = [next(answer) for _ in range(110)]
    told = []

    def progress(*stand):
        told.append((stand, sum(job.segments for job in catalog.jobs())))

    rebuild(store, "trial", catalog.database.url, progress=progress)
    assert told[-1] == ((60, 60), 60)
    assert len({each.segment for each in [*before, *answer]}) == 60
    segment(store, 200, day="20261123", writer="ffffffff")
    assert follow(catalog, store, now=NOW).segments == 1
    assert len(held(catalog)) == 61


def test_a_failure_leaves_the_old_one(catalog, store):
    one = segment(store, 1)
    follow(catalog, store, now=NOW)
    two = segment(store, 2)
    store.delete(two.files.index.key)
    with pytest.raises(StorageError):
        rebuild(store, "trial", catalog.database.url)
    assert held(catalog) == {one.segment}


def test_a_damaged_file_is_made_anew(tmp_path, store):
    segment(store, 1)
    path = tmp_path / "catalog.sqlite"
    path.write_bytes(b"no database" * 1000)
    with pytest.raises(StorageError, match="delete it, it is made anew"):
        Catalog(f"sqlite:///{path}", "trial")
    rebuild(store, "trial", f"sqlite:///{path}")
    catalog = Catalog(f"sqlite:///{path}", "trial")
    assert len([*catalog.all()]) == 2
    catalog.close()
    assert [each.name for each in tmp_path.iterdir() if each.name.endswith("new")] == []


def test_the_tables_of_an_older_version_are_made_anew(tmp_path, store):
    segment(store, 1)
    path = tmp_path / "catalog.sqlite"
    with closing(sqlite3.connect(path)) as old:
        old.execute("create table segments (id integer primary key, name text, manifest_key text)")
        old.execute("insert into segments values (1, 'x', 'trial/segments/2026/11/20/x.json')")
        old.execute("create table captures (urlkey text primary key) without rowid")
        old.commit()
    catalog = Catalog(f"sqlite:///{path}", "trial")
    assert catalog.database.remade
    assert follow(catalog, store, now=NOW).segments == 1
    catalog.close()
    again = Catalog(f"sqlite:///{path}", "trial")
    assert not again.database.remade
    assert len([*again.all()]) == 2
    again.set_mark("version", "99")
    again.close()
    with pytest.raises(StorageError, match="newer newswarc"):
        Catalog(f"sqlite:///{path}", "trial")
