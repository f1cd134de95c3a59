"""Segments read again, in this process: readings, which of them count, and what makes a segment due."""

import hashlib
import json
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pytest

from crawler.jobs.reextraction import Failed, Runner, StoreAddress, Wish, book_of, plan, run
from crawler.sites import load_profile
from extract.rereading import DROP, FIRST, PROFILE, SLOW, book, story, three_segments
from pipelines.errors import StorageError, Unavailable
from pipelines.extract import EXTRACTOR, Quality, Rules, Workers
from pipelines.extract.article import CUT_OFF
from pipelines.fixity import Damage, repair, verify
from pipelines.reextraction import State, reread
from pipelines.rulebook import DatedRules, RuleBook
from pipelines.segments.journal import JobInfo
from pipelines.segments.manifest import read_manifests
from pipelines.segments.readings import get_reading, latest_number, latest_readings, reading_key
from pipelines.storage import LocalStore, MemoryStore
from segments.making import exchange, open_archive, record_all, response


@pytest.fixture(scope="module")
def pristine(tmp_path_factory):
    return three_segments(tmp_path_factory.mktemp("reextract"))


@pytest.fixture
def store(pristine):
    store = MemoryStore()
    for key, content in pristine.items():
        store.put(key, content)
    return store


@pytest.fixture(scope="module")
def workers():
    with Workers(1, cpu_seconds=0.7) as pool:
        yield pool


@pytest.fixture
def read(store, workers):
    """Read all that is due of the store in this process, as the command does elsewhere."""

    def call(rules=DROP, wish=None, submit=None, where=store):
        def here(_function, _address, manifest, its_book, _count):
            future = Future()
            try:
                future.set_result(reread(where, manifest, its_book, workers))
            except StorageError as err:
                future.set_exception(err)
            return future

        stands = plan(where, "news", rules, wish or Wish())
        due = [each.manifest for each in stands if each.state is State.DUE]
        found = run(Runner(submit or here, 1), StoreAddress("memory:"), due, rules)
        return sorted(found, key=lambda each: each.segment)

    return call


def texts(folder, store) -> list[str]:
    archive = open_archive(folder, "news", store=store)
    found = [row.article.text for row in archive.articles()]
    archive.close()
    return found


def test_readings_count_instead_of_what_came_with_the_crawl(store, pristine, read, tmp_path):
    assert sum(FIRST in text for text in texts(tmp_path, store)) == 6
    outcomes = read()
    assert [(each.state, each.articles, each.changed, each.kept) for each in outcomes] == [
        (State.READ, 2, 2, 0)
    ] * 3
    assert sum(FIRST in text for text in texts(tmp_path, store)) == 0
    assert {key: store.get(key) for key in pristine} == pristine
    assert read() == []
    report = verify(store)
    assert report.ok, [*report.lines()]
    assert report.notes == []


def test_the_commit_says_what_was_read_and_by_which_rules(store, read):
    read()
    manifest = read_manifests(store, "news")[0][0]
    told = json.loads(store.get(reading_key(manifest.name, 1)))
    assert told.pop("made").isdigit()
    assert told.pop("software").startswith("newswarc/")
    entry = told.pop("articles")
    content = store.get(entry["key"])
    assert (entry["size"], entry["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())
    folder = f"news/readings/{manifest.name.day}"
    assert entry["key"] == f"{folder}/{manifest.segment}.00001-{entry['sha256'][:16]}.parquet"
    digest = DROP.digest("news.example", manifest.first, manifest.last)
    assert told == {
        "format": "newswarc-reading/1",
        "segment": manifest.segment,
        "number": 1,
        "extractor": EXTRACTOR,
        "rules": {"news.example": digest},
        "counts": {"articles": 2, "changed": 2, "kept": 0},
    }


def test_where_nothing_changes_the_old_file_stays_the_articles(store, read):
    read(RuleBook())
    for manifest in read_manifests(store, "news")[0]:
        reading = get_reading(store, manifest.name, 1)
        assert reading.articles == manifest.files.articles
        assert reading.rules == {"news.example": ""}
    assert verify(store).ok


@pytest.mark.parametrize(
    ("rules", "due"),
    [
        (DROP, 0),
        (book(drop=(".first", ".x")), 3),
        (book(drop=(".first",), timezone="Asia/Shanghai"), 3),
        (RuleBook(), 3),
        # Of another site, of a later day: no page here is read otherwise.
        (RuleBook({**DROP.places, "elsewhere.example": (DatedRules("", Rules(drop=("b",))),)}), 0),
        (RuleBook({"*.example": (*DROP.places["*.example"], DatedRules("20261124", Rules(drop=("b",))))}), 0),
        (RuleBook({"*.example": (*DROP.places["*.example"], DatedRules("20261123", Rules(drop=("b",))))}), 3),
    ],
)
def test_only_rules_of_the_day_and_the_host_make_segments_due(store, read, rules, due):
    read()
    stands = plan(store, "news", rules, Wish())
    assert sum(each.state is State.DUE for each in stands) == due


def test_back_to_old_rules_is_a_reading_too(store, read, tmp_path):
    for rules in (DROP, RuleBook(), DROP):
        assert len(read(rules)) == 3
    assert set(latest_readings(store, "news").values()) == {3}
    assert sum(FIRST in text for text in texts(tmp_path, store)) == 0


def test_two_runs_at_once_do_no_harm(store, pristine, workers):
    manifests, _ = read_manifests(store, "news")
    with ThreadPoolExecutor(6) as pool:
        outcomes = [*pool.map(lambda manifest: reread(store, manifest, DROP, workers), manifests * 2)]
    states = [each.state for each in outcomes]
    assert set(latest_readings(store, "news").values()) <= {1, 2}
    assert states.count(State.READ) >= 3
    assert set(states) <= {State.READ, State.DONE}
    report = verify(store)
    assert (report.ok, report.notes) == (True, [])


class Failing(MemoryStore):
    """A store whose puts fail from one on."""

    def __init__(self, content, after):
        super().__init__()
        for key, each in content.items():
            super().put(key, each)
        self.left = after

    def _count(self):
        self.left -= 1
        if self.left < 0:
            raise Unavailable("storage: the network is gone")

    def put(self, key, content):
        self._count()
        return super().put(key, content)


@pytest.mark.parametrize("after", range(6))
def test_cut_off_anywhere_it_goes_on(pristine, read, after):
    store = Failing(pristine, after)
    with pytest.raises(Unavailable):
        read(where=store)
    assert len(latest_readings(store, "news")) == after // 2
    assert verify(store).ok
    store.left = 100
    assert len(read(where=store)) == 3 - after // 2
    report = verify(store)
    assert (report.ok, report.notes) == (True, [])


def test_a_newer_extractors_reading_stays(store, read):
    read()
    manifest = read_manifests(store, "news")[0][0]
    reading = replace(get_reading(store, manifest.name, 1), number=2, extractor="newswarc/999")
    store.put(reading.key, reading.to_json())
    states = {each.manifest.segment: each.state for each in plan(store, "news", DROP, Wish())}
    assert states.pop(manifest.segment) is State.NEWER
    assert set(states.values()) == {State.DONE}
    assert {each.state for each in plan(store, "news", DROP, Wish(always=True))} == {State.DUE}


@pytest.mark.parametrize("harm", ["commit", "gone", "short", "bytes"])
def test_a_damaged_reading_is_found_and_the_next_one_mends_it(store, read, harm, tmp_path):
    read()
    manifest = read_manifests(store, "news")[0][0]
    reading = get_reading(store, manifest.name, 1)
    key = reading.key if harm == "commit" else reading.articles.key
    content = store.get(key)
    store.delete(key)
    if harm != "gone":
        store.put(key, content[:-9] if harm in {"short", "commit"} else content[:-9] + b"x" * 9)
    damages = verify(store).damages
    wanted = {
        "commit": Damage.ARTICLES_UNREADABLE,
        "gone": Damage.MISSING_OBJECT,
        "short": Damage.SIZE,
        "bytes": Damage.SHA256,
    }
    assert [(each.damage, each.key) for each in damages] == [(wanted[harm], key)]
    before = {each.key for each in store.list()}
    assert [each.key for each in repair(store, "news").left] == [key]
    assert {each.key for each in store.list()} == before
    # That other bytes are as many cannot be seen without reading them all.
    outcomes = read(wish=Wish(always=harm == "bytes"))
    assert latest_number(store, manifest.name) == 2
    # Against the articles that came with the crawl, where those of the reading are damaged.
    assert outcomes[0].changed == 2
    assert verify(store).ok
    assert FIRST not in "".join(texts(tmp_path, store))


def test_the_query_in_the_format_document_takes_each_page_once(pristine, read, tmp_path, monkeypatch):
    where = LocalStore(tmp_path)
    for key, content in pristine.items():
        where.put(key, content)
    page = (Path(__file__).parents[2] / "docs" / "archive-format.md").read_text("utf-8")
    query = page.partition("```sql\n")[2].partition("```")[0].replace("url, title", "url, text")
    monkeypatch.chdir(tmp_path)
    assert [FIRST in text for _, text in duckdb.sql(query).fetchall()] == [True] * 6
    for rules in (DROP, RuleBook(), DROP):
        read(rules, where=where)
    read(RuleBook(), wish=Wish(until="20261123140509"), where=where)
    assert sorted(FIRST in text for _, text in duckdb.sql(query).fetchall()) == [False] * 4 + [True] * 2


def test_orphans_of_readings_are_noted(store, read):
    read()
    store.put("news/readings/2026/11/23/x.parquet", b"x")
    manifest = read_manifests(store, "news")[0][0]
    torn = reading_key(manifest.name, 7).replace(".json", f"-{'a' * 16}.parquet")
    store.put(torn, b"x")
    report = verify(store)
    assert report.ok
    assert {each.key for each in report.notes} == {"news/readings/2026/11/23/x.parquet", torn}


def test_a_damaged_record_keeps_its_article(store, read, tmp_path):
    manifest = read_manifests(store, "news")[0][0]
    content = bytearray(store.get(manifest.files.warc.key))
    line = store.get(manifest.files.index.key).splitlines()[0]
    at = int(json.loads(line.split(b" ", 2)[2])["offset"])
    content[at + 300] ^= 1
    store.delete(manifest.files.warc.key)
    store.put(manifest.files.warc.key, bytes(content))
    assert [(each.changed, each.kept) for each in read()] == [(1, 1), (2, 0), (2, 0)]
    assert sum(FIRST in text for text in texts(tmp_path, store)) == 1


def test_a_segment_that_fails_does_not_keep_the_others(store, read):
    manifest = read_manifests(store, "news")[0][0]
    store.delete(manifest.files.articles.key)
    first, *rest = read()
    assert isinstance(first, Failed)
    assert "run 'newswarc repair'" in str(first.error)
    assert [each.state for each in rest] == [State.READ] * 2


def test_a_store_that_is_gone_ends_it(read):
    def submit(*_):
        future = Future()
        future.set_exception(Unavailable("storage: the network is gone"))
        return future

    with pytest.raises(Unavailable):
        read(submit=submit)


def test_revisits_of_another_address_have_the_article_of_their_payload(tmp_path, workers):
    same = response(story(5))
    archive = open_archive(tmp_path, "news", store=MemoryStore())
    found = record_all(archive, [exchange(0, same, article=True), exchange(1, same, article=True)])
    assert [each.capture.kind for each in found] == ["response", "revisit"]
    (manifest,) = archive.manifests()
    rows = manifest.counts.articles
    outcome = reread(archive.store, manifest, DROP, workers)
    archive.close()
    assert (outcome.changed, outcome.kept) == (rows, 0)


def test_a_page_over_its_time_is_graded_in_every_way(tmp_path, store, read):
    """Sealed without its article, read again, read again with rules that are mended."""
    slow = book(take=(SLOW,))
    archive = open_archive(tmp_path, "news", store=MemoryStore())
    job = {"*.example": {"version": "harbour/1", "take": [SLOW]}}
    pages = [exchange(0, response(story(0, paragraphs=1000)), article=True)]
    record_all(archive, pages, job=JobInfo("job-1", rules=job))
    (row,) = archive.articles()
    assert row.article.quality is Quality.EMPTY
    (reason,) = row.article.reasons
    assert reason.startswith(CUT_OFF)
    assert "of CPU" in reason
    assert row.article.rules == "harbour/1"
    (outcome,) = read(slow, where=archive.store)
    assert (outcome.articles, outcome.kept) == (1, 0)
    (row,) = archive.articles()
    assert row.article.reasons[0].replace("0.7", "2") == reason
    (outcome,) = read(RuleBook(), where=archive.store)
    assert outcome.changed == 1
    (row,) = archive.articles()
    assert row.article.quality is Quality.FULL
    archive.close()


# --- which segments ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wish", "count"),
    [
        (Wish(until="20261123140509"), 1),
        (Wish(since="20261123140519", until="20261123140519"), 1),
        (Wish(since="20261123140510"), 3),
        (Wish(since="20261124000000"), 0),
        (Wish(places=frozenset(["news.example"])), 3),
        (Wish(places=frozenset(["*.example"])), 3),
        (Wish(places=frozenset(["other.example"])), 0),
    ],
)
def test_segments_are_chosen_by_time_and_site(store, wish, count):
    assert len(plan(store, "news", DROP, wish)) == count


def test_the_book_holds_the_rules_of_each_profile_by_day(tmp_path):
    (tmp_path / "harbour.toml").write_text(
        PROFILE + 'hosts = ["news.example:8080", "*.news.example"]\ntimezone = "Europe/London"\n'
        '[[rules]]\nvalid_from = 2026-03-01\ntake = [".old"]\n'
        '[[rules]]\nvalid_from = 2026-06-01\ntake = [".new"]\n'
    )
    found = book_of([tmp_path])
    profile = load_profile("harbour", [tmp_path])
    for day in (date(2025, 1, 1), date(2026, 2, 28), date(2026, 3, 1), date(2026, 5, 31), date(2026, 6, 1)):
        for url in ("https://news.example:8080/a", "https://en.news.example/a"):
            assert found.rules_for(url, f"{day:%Y%m%d}120000") == profile.rules_at(day)
    assert found.rules_for("https://nowhere.example/", "20260101000000") == Rules()
