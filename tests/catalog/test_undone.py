"""What is taken back: readings that are deleted, segments that are purged while a catalog follows."""

import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from catalog.making import article, capture, name_of, parquet, publish
from databases import new_database
from pipelines.catalog import Catalog, follow
from pipelines.catalog.rebuilding import _claim, rebuild
from pipelines.catalog.schema import SCHEMA
from pipelines.catalog.scratch import file_beside, sweep
from pipelines.errors import NotFound
from pipelines.index import to_line
from pipelines.segments.manifest import FileEntry
from pipelines.segments.names import SegmentName
from pipelines.segments.readings import Reading, ReadingCounts, reading_articles_key
from pipelines.storage import MemoryStore

TEXT = "The pilot says that the harbour opens again. Ships wait in the roads, and nobody knows for how long. "
AT = "20261120000000"
URL = "https://paper.example/1"


def segment(store, serial, **more):
    name = name_of(serial)
    found = [capture(name, 0, f"https://paper.example/{serial}", AT)]
    return publish(store, name, found, rows=[article(found[0], f"{serial} {TEXT}")], **more)


def put_reading(store, manifest, number, title, **more):
    """Put a reading; without *title* one in which nothing changed."""
    name, entry = manifest.name, manifest.files.articles
    if title:
        found = capture(name, 0, f"https://paper.example/{name.serial}", AT)
        content = parquet([article(found, TEXT * 2, title=title, **more)])
        digest = sha256(content).hexdigest()
        entry = FileEntry(reading_articles_key(name, number, digest), len(content), digest)
        store.put(entry.key, content)
    counts = ReadingCounts(1, 1, 0)
    reading = Reading(manifest.segment, number, "newswarc/9", {}, entry, counts, AT, "test")
    store.put(reading.key, reading.to_json())
    return [reading.key, *([entry.key] if title else [])]


def titles(catalog):
    return [each.title for each in catalog.history(URL)]


@pytest.mark.parametrize(("before", "again"), [("Second", "Made again"), ("Second", ""), ("", "Made again")])
def test_a_reading_whose_number_is_made_again(catalog, before, again):
    store = MemoryStore()
    one = segment(store, 1)
    put_reading(store, one, 1, "First")
    keys = put_reading(store, one, 2, before)
    follow(catalog, store)
    assert titles(catalog) == [before or "The harbour"]
    for key in keys:
        store.delete(key)
    put_reading(store, one, 2, again)
    assert follow(catalog, store).readings == 1
    assert titles(catalog) == [again or "The harbour"]
    assert follow(catalog, store).readings == 0


def test_after_the_highest_reading_is_deleted_the_one_before_it_counts(catalog):
    store = MemoryStore()
    one = segment(store, 1)
    keys = [put_reading(store, one, number, f"Reading {number}") for number in (1, 2)]
    follow(catalog, store)
    for wanted in ("Reading 1", "The harbour"):
        for key in keys.pop():
            store.delete(key)
        assert follow(catalog, store).readings == 1
        (place,) = catalog.history(URL)
        assert place.title == wanted
        assert store.get(place.articles_key)
    assert follow(catalog, store).readings == 0


def test_an_article_file_that_no_commit_names_changes_nothing(catalog):
    """As the slower one of two writers leaves it."""
    store = MemoryStore()
    one = segment(store, 1)
    put_reading(store, one, 1, "First")
    follow(catalog, store)
    store.put(reading_articles_key(one.name, 1, "f" * 64), b"of another writer")
    assert follow(catalog, store).readings == 0
    assert titles(catalog) == ["First"]


class Purged(MemoryStore):
    """A store in which another machine purges a segment when its index is asked for."""

    def __init__(self):
        super().__init__()
        self.purge = None

    def get(self, key):
        if self.purge and key == self.purge.files.index.key:
            old, self.purge = self.purge, None
            segment(self, 9, replaces=old.segment)
            self.delete(key)
        return super().get(key)


def test_a_segment_that_is_purged_while_it_is_fetched(catalog):
    store = Purged()
    one, two = segment(store, 1), segment(store, 2)
    store.purge = one
    told = follow(catalog, store)
    assert (told.segments, told.replaced) == (2, 1)
    assert {each.segment for each in catalog.all()} == {two.segment, str(name_of(9))}
    assert follow(catalog, store).segments == 0


def test_one_that_lost_its_index_otherwise_is_told_of(catalog):
    store = MemoryStore()
    one, two = segment(store, 1), segment(store, 2)
    store.delete(one.files.index.key)
    with pytest.raises(NotFound):
        follow(catalog, store)
    assert {each.segment for each in catalog.all()} == {two.segment}


def texts_in(catalog):
    """All bytes of the database's own files, or all rows of its tables."""
    if catalog.database.path:
        folder = catalog.database.path.parent
        return b"".join(path.read_bytes() for path in folder.glob(f"{catalog.database.path.name}*"))
    with catalog.database.reading() as connection:
        rows = [connection.execute(table.select()).all() for table in SCHEMA.sorted_tables]
    return repr(rows).encode()


SECRETS = [
    "secret-title",
    "secret-section",
    "secret-address",
    "Secret-Case",
    "secret-canonical",
    "secret-mime",
]


def test_nothing_of_a_purged_segment_is_left(catalog):
    store, name = MemoryStore(), name_of(1)
    found = [
        capture(name, 0, "https://paper.example/secret-address", AT),
        capture(name, 100, "https://paper.example/Secret-Case", AT, mime="text/secret-mime"),
        capture(name, 200, "https://paper.example/kept", AT),
    ]
    odd = {"title": "secret-title", "section": "secret-section"}
    canonical = "https://paper.example/secret-canonical"
    rows = [article(each, TEXT, canonical_url=canonical, **odd) for each in found[:2]]
    one = publish(store, name, found, rows=rows)
    segment(store, 2)
    follow(catalog, store)
    assert all(secret.encode() in texts_in(catalog) for secret in SECRETS)
    payloads = count_of(catalog, "payloads")
    kept = [capture(name_of(3), 0, "https://paper.example/kept", AT)]
    publish(store, name_of(3), kept, replaces=one.segment)
    follow(catalog, store)
    assert count_of(catalog, "payloads") == payloads - 2
    assert count_of(catalog, "urls") == 0
    assert catalog.forget()
    assert [secret for secret in SECRETS if secret.encode() in texts_in(catalog)] == []
    assert [each.url for each in catalog.all()] == [URL.replace("1", "2"), kept[0].url]
    assert catalog.original(kept[0]) == kept[0]
    segment(store, 4)
    follow(catalog, store)
    assert len([*catalog.all()]) == 3


def count_of(catalog, table):
    with catalog.database.reading() as connection:
        return len(connection.execute(SCHEMA.tables[table].select()).all())


def test_what_a_newer_reading_left_out_is_forgotten_too(catalog):
    store = MemoryStore()
    one = segment(store, 1)
    put_reading(store, one, 1, "First", section="secret-section")
    follow(catalog, store)
    put_reading(store, one, 2, "Second")
    follow(catalog, store)
    assert catalog.forget()
    assert b"secret-section" not in texts_in(catalog)
    assert titles(catalog) == ["Second"]


def test_what_other_segments_share_stays(catalog):
    """The urlkey, the odd address, the payload, the media type, the words of the article."""
    store = MemoryStore()
    names = [name_of(1), name_of(2)]
    both = [capture(name, 0, "http://Paper.example/Case", AT, content="same") for name in names]
    manifests = [
        publish(store, name, [each], rows=[article(each, TEXT, section="World")])
        for name, each in zip(names, both, strict=True)
    ]
    revisit = capture(name_of(3), 0, URL, AT, content="same", kind="revisit")
    publish(store, name_of(3), [revisit])
    follow(catalog, store)
    publish(store, name_of(4), [], replaces=manifests[0].segment)
    follow(catalog, store)
    assert catalog.forget()
    assert {*catalog.all()} == {both[1], revisit}
    assert [place.section for place in catalog.history(both[1].url)] == ["World"]


def test_a_rebuild_loses_nothing_of_what_came_meanwhile(catalog):
    """Late, of a day that no sync lists."""
    store = MemoryStore()
    segment(store, 1)
    follow(catalog, store)
    late = []

    def progress(*_):
        if not late:
            name = SegmentName("trial", "20250101000000", 9, "ffffffff")
            found = capture(name, 0, "https://paper.example/late", "20250101000000")
            late.append(publish(store, name, [found]))
            catalog.add(late[0], [to_line(found)])

    told = rebuild(store, "trial", catalog.database.url, progress=progress)
    assert (told.segments, told.listed_all) == (2, True)
    assert {each.url for each in catalog.all()} == {URL, "https://paper.example/late"}
    assert follow(catalog, store).segments == 0


KILLED = """
import sys, time
from pathlib import Path
from pipelines.catalog.scratch import file_beside
with file_beside(Path(sys.argv[1])) as path:
    path.write_bytes(b"secret")
    print(path, flush=True)
    time.sleep(60)
"""


def test_what_a_killed_rebuild_left_is_swept_and_what_one_is_writing_is_not(tmp_path):
    target = tmp_path / "catalog.sqlite"
    run = [sys.executable, "-c", KILLED, str(target)]
    with subprocess.Popen(run, stdout=subprocess.PIPE, text=True) as killed:
        path = Path(killed.stdout.readline().strip())
        assert sweep(target) == 0
        assert path.read_bytes() == b"secret"
        killed.kill()
    assert path.exists()
    Path(f"{path}-journal").write_bytes(b"secret")
    with file_beside(target) as ours:
        assert sweep(target) == 1
        assert ours.exists()
    assert [*tmp_path.iterdir()] == []


def test_a_rebuild_sweeps_the_schemas_of_those_that_were_killed(tmp_path):
    with new_database("postgresql", tmp_path) as url:
        catalog, store = Catalog(url, "trial"), MemoryStore()
        segment(store, 1)
        with catalog.database.writing() as connection:
            connection.exec_driver_sql('create schema "catalog_trial_new_0"')
            connection.exec_driver_sql('create schema "catalog_trial_new_1"')
        with catalog.database.reading() as claim:
            claim.exec_driver_sql(f"select pg_advisory_lock({_claim('catalog_trial_new_1')})")
            rebuild(store, "trial", url)
            names = claim.exec_driver_sql("select nspname from pg_namespace where nspname ~ '^catalog'")
            assert sorted(names.scalars()) == ["catalog_trial", "catalog_trial_new_1"]
        catalog.close()
