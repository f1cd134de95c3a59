"""The index follows its store, tells the truth after every crash, and can be made again."""

import hashlib
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.errors import ManifestError, SearchBusy, SearchError
from pipelines.extract import write_articles
from pipelines.search import Page, SearchIndex, ask
from pipelines.search.generations import Generations
from pipelines.segments.manifest import FileEntry
from pipelines.segments.readings import Reading, ReadingCounts, get_reading, reading_articles_key, reading_key
from pipelines.storage import LocalStore, MemoryStore
from search.making import digits, name_of, publish, row, urls

QUESTIONS = ("harbour", "渡轮", "ferry OR 渡轮", '"the ferry"', "-ferry", "")


@pytest.fixture
def store():
    return MemoryStore()


@pytest.fixture
def index(tmp_path):
    return SearchIndex(tmp_path / "index")


def ferry(number, text="The ferry left the harbour on time.", **more):
    return row(text, path=f"https://paper.example/{number}", captured=digits(number), **more)


def answers(index):
    """All that an index says, scores among it."""
    page = Page(limit=1000, versions=True)
    return {
        question: [(hit.shown, hit.score, hit.versions) for hit in ask(index, question, page).hits]
        for question in QUESTIONS
    }


def fill(store, folder, segments=6):
    """Articles in several segments, some of them copies that no score tells apart."""
    for serial in range(1, segments + 1):
        numbers = range(serial * 10, serial * 10 + 10)
        texts = [
            f"渡轮 {number % 3} left the harbour." if number % 2 else "The ferry left." for number in numbers
        ]
        rows = [ferry(number, text) for number, text in zip(numbers, texts, strict=True)]
        publish(store, folder, rows, serial=serial)


def test_follows_new_segments(store, index, tmp_path):
    publish(store, tmp_path, [ferry(1), ferry(2)])
    done = index.sync(store, "news")
    assert (done.segments, done.articles, done.unreadable) == (1, 2, ())
    assert index.sync(store, "news").segments == 0
    publish(store, tmp_path, [ferry(3)], serial=2)
    assert index.sync(store, "news").articles == 1
    assert sorted(urls(index, "harbour")) == ["1", "2", "3"]
    assert set(index.held()) == {str(name_of(1)), str(name_of(2))}


def test_what_was_open_goes_on_and_what_is_opened_again_sees_all(store, index, tmp_path):
    publish(store, tmp_path, [ferry(1)])
    before = index.searcher()
    other = SearchIndex(tmp_path / "index")
    index.sync(store, "news")
    assert before.num_docs == 0
    assert urls(other, "ferry") == ["1"]


def test_a_replaced_segment_goes_and_stays_away(store, index, tmp_path):
    publish(store, tmp_path, [ferry(1), ferry(2)])
    index.sync(store, "news")
    publish(store, tmp_path, [ferry(2)], serial=2, replaces=str(name_of(1)))
    for _ in range(2):
        index.sync(store, "news")
        assert urls(index, "ferry", versions=True) == ["2"]
    anew = SearchIndex(tmp_path / "anew")
    for _ in range(2):
        anew.sync(store, "news")
        assert urls(anew, "ferry", versions=True) == ["2"]
    assert answers(anew)[""] == answers(index)[""]


def read_again(store, folder, rows, *, number):
    name = name_of(1)
    path = folder / "reading.parquet"
    count = write_articles(rows, path)
    content = path.read_bytes()
    sha256 = hashlib.sha256(content).hexdigest()
    key = reading_articles_key(name, number, sha256)
    store.put(key, content)
    reading = Reading(
        str(name), number, "newswarc/9", {}, FileEntry(key, len(content), sha256),
        ReadingCounts(count, count, 0), "20261124000000", "newswarc/0",
    )  # fmt: skip
    store.put(reading.key, reading.to_json())


def test_a_newer_reading_takes_the_place_of_the_older(store, index, tmp_path):
    publish(store, tmp_path, [ferry(1, "An advertisement for boats.")])
    index.sync(store, "news")
    assert urls(index, "advertisement") == ["1"]
    for number, word in ((1, "tugboat"), (2, "barge")):
        reread(store, tmp_path, word, number=number)
        assert index.sync(store, "news").articles == 1
        assert urls(index, word) == ["1"]
    assert urls(index, "advertisement OR tugboat") == []
    assert index.sync(store, "news").segments == 0


def reread(store, folder, word, *, number):
    again = ferry(1, f"A {word} left.")
    object.__setattr__(again.capture, "segment", str(name_of(1)))
    read_again(store, folder, [again], number=number)


def forget_reading(store, number):
    for found in [*store.list(f"news/readings/2026/11/23/{name_of(1)}.{number:05d}")]:
        store.delete(found.key)


def test_where_a_reading_cannot_be_read_the_one_before_it_counts(store, index, tmp_path, caplog):
    publish(store, tmp_path, [ferry(1, "A barge left.")])
    publish(store, tmp_path, [ferry(2, "A barge left.")], serial=2)
    store.put(reading_key(name_of(2), 7), b"{}")
    reread(store, tmp_path, "tugboat", number=1)
    store.put(reading_key(name_of(1), 9), b"{}")
    for _ in range(2):
        index.sync(store, "news")
        assert (urls(index, "tugboat"), urls(index, "barge")) == (["1"], ["2"])
    assert index.sync(store, "news").segments == 0
    assert "reading 9 cannot be read, the one before it counts" in caplog.text
    reread(store, tmp_path, "canoe", number=10)
    index.sync(store, "news")
    assert urls(index, "tugboat OR canoe") == urls(index, "canoe") == ["1"]


def test_readings_that_are_gone_or_made_anew_are_followed(store, index, tmp_path):
    publish(store, tmp_path, [ferry(1, "A barge left.")])
    words = ("barge", "tugboat", "canoe", "raft")

    def found():
        index.sync(store, "news")
        return [word for word in words if urls(index, word)]

    reread(store, tmp_path, "tugboat", number=1)
    reread(store, tmp_path, "canoe", number=2)
    assert found() == ["canoe"]
    forget_reading(store, 2)
    reread(store, tmp_path, "raft", number=2)
    assert found() == ["raft"]
    assert index.sync(store, "news").segments == 0
    # Of a commit alone that was deleted the file is left.
    store.delete(reading_key(name_of(1), 2))
    reread(store, tmp_path, "canoe", number=2)
    assert found() == ["canoe"]
    assert index.sync(store, "news").segments == 0
    forget_reading(store, 2)
    assert found() == ["tugboat"]
    forget_reading(store, 1)
    assert found() == ["barge"]


def test_a_reading_in_which_nothing_changed_is_taken_once(store, index, tmp_path):
    publish(store, tmp_path, [ferry(1)])
    reread(store, tmp_path, "tugboat", number=1)
    first = get_reading(store, name_of(1), 1)
    same = replace(first, number=2)
    store.put(same.key, same.to_json())
    assert index.sync(store, "news").segments == 1
    assert index.sync(store, "news").segments == 0
    assert urls(index, "tugboat") == ["1"]


def on_disk(folder, word):
    return any(word in path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_what_another_machine_purged_leaves_the_disk(store, index, tmp_path):
    publish(store, tmp_path, [ferry(1, "It flew.", title="qwz7-secret-83kx"), ferry(2)])
    publish(store, tmp_path, [ferry(3)], serial=3)
    index.sync(store, "news")
    assert on_disk(tmp_path / "index", b"qwz7-secret-83kx")
    publish(store, tmp_path, [ferry(2)], serial=2, replaces=str(name_of(1)))
    index.sync(store, "news")
    # Not ended yet; what a repair has replaced is no cause to make the index anew either.
    before = (tmp_path / "index" / "current").read_text()
    index.sync(store, "news")
    assert (tmp_path / "index" / "current").read_text() == before
    store.put("news/takedowns/2026/11/24/20261124000000-0a1b2c3d.done.json", b"{}")
    index.sync(store, "news")
    assert not on_disk(tmp_path / "index", b"qwz7-secret-83kx")
    assert sorted(urls(index, "ferry")) == ["2", "3"]
    after = (tmp_path / "index" / "current").read_text()
    assert after != before
    index.sync(store, "news")
    assert (tmp_path / "index" / "current").read_text() == after


def test_a_new_index_is_waited_for(store, index, tmp_path):
    publish(store, tmp_path, [ferry(1)])
    other = SearchIndex(tmp_path / "index")
    generations = Generations(tmp_path / "index")
    with ThreadPoolExecutor(1) as pool:
        with generations.writing():
            with pytest.raises(SearchBusy):
                other.rebuild(store, ["news"], patience=0)
            waiting = pool.submit(other.rebuild, store, ["news"])
            assert not wait([waiting], timeout=0.3).done
        assert waiting.result(30).articles == 1


def test_a_damaged_file_is_told_and_tried_again(store, index, tmp_path, caplog):
    publish(store, tmp_path, [ferry(1)], damaged=True)
    publish(store, tmp_path, [ferry(2)], serial=2)
    for _ in range(2):
        done = index.sync(store, "news")
        assert done.unreadable == (name_of(1).articles_key,)
        assert urls(index, "ferry") == ["2"]
    assert "is not in the search index" in caplog.text


def test_a_sync_that_fails_leaves_the_index_as_it_was(store, index, tmp_path):
    publish(store, tmp_path, [ferry(1)])
    index.sync(store, "news")
    publish(store, tmp_path, [ferry(2)], serial=2)

    def fail(_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        index.sync(store, "news", progress=fail)
    assert set(index.held()) == {str(name_of(1))}
    assert urls(index, "ferry") == ["1"]
    index.sync(store, "news")
    assert sorted(urls(index, "ferry")) == ["1", "2"]


KILLED = """
import os, signal, sys
from pathlib import Path
from pipelines.search import SearchIndex
from pipelines.storage import LocalStore

def kill(progress):
    if progress.files == 4:
        os.kill(os.getpid(), signal.SIGKILL)

index = SearchIndex(Path(sys.argv[2]))
index.sync(LocalStore(Path(sys.argv[1])), "news", progress=kill)
"""


def test_a_killed_sync_loses_nothing(tmp_path):
    store = LocalStore(tmp_path / "store")
    fill(store, tmp_path)
    folder = tmp_path / "index"
    command = [sys.executable, "-c", KILLED, str(tmp_path / "store"), str(folder)]
    killed = subprocess.run(command, cwd=Path(__file__).parents[2], check=False)
    assert killed.returncode == -9
    index = SearchIndex(folder)
    assert len(index.held()) == 0
    assert ask(index, "").total == 0
    assert index.sync(store, "news").segments == 6
    whole = SearchIndex(tmp_path / "whole")
    whole.sync(store, "news")
    assert answers(index) == answers(whole)


def test_made_again_in_processes_it_answers_the_same(tmp_path):
    store = LocalStore(tmp_path / "store")
    fill(store, tmp_path, segments=2)
    index = SearchIndex(tmp_path / "index")
    index.sync(store, "news")
    fill_rest(store, tmp_path)
    index.sync(store, "news")
    before = answers(index)
    assert len(before[""]) == 60
    stands = []
    done = index.rebuild(store, ["news"], processes=2, progress=stands.append)
    assert (done.segments, done.articles) == (6, 60)
    assert [stand.files for stand in stands] == [1, 2, 3, 4, 5, 6]
    assert answers(index) == before
    assert len([path for path in (tmp_path / "index").iterdir() if path.is_dir()]) == 1
    (tmp_path / "elsewhere").mkdir()
    other = SearchIndex(tmp_path / "elsewhere" / "index")
    other.sync(store, "news")
    assert answers(other) == before


def fill_rest(store, folder):
    for serial in range(6, 2, -1):
        numbers = range(serial * 10, serial * 10 + 10)
        texts = [
            f"渡轮 {number % 3} left the harbour." if number % 2 else "The ferry left." for number in numbers
        ]
        publish(store, folder, [ferry(*each) for each in zip(numbers, texts, strict=True)], serial=serial)


def test_collections_share_an_index(store, index, tmp_path):
    publish(store, tmp_path, [ferry(1)])
    publish(store, tmp_path, [ferry(2)], collection="olds")
    done = index.rebuild(store, ["news", "olds"])
    assert (done.segments, done.articles) == (2, 2)
    assert urls(index, "ferry collection:olds") == ["2"]


def test_what_is_taken_down_is_in_no_answer(store, index, tmp_path):
    old, new = ferry(1, "The ferry, first."), ferry(1, "The ferry, later.")
    publish(store, tmp_path, [old, ferry(2)])
    publish(store, tmp_path, [new, ferry(3)], serial=2)
    index.sync(store, "news")
    assert index.remove(url="https://paper.example/1") == 2
    assert index.remove(url="https://paper.example/1") == 0
    assert sorted(urls(index, "", versions=True)) == ["2", "3"]
    assert index.sync(store, "news").segments == 0
    assert index.remove(segment=str(name_of(2))) == 1
    assert index.sync(store, "news").segments == 0
    assert urls(index, "", versions=True) == ["2"]


def test_one_writes_at_a_time(store, index, tmp_path):
    publish(store, tmp_path, [ferry(1)])
    other = SearchIndex(tmp_path / "index")

    def meanwhile(_):
        assert urls(other, "ferry") == []
        with pytest.raises(SearchBusy, match="another process is writing the index in"):
            other.sync(store, "news")

    index.sync(store, "news", progress=meanwhile)
    assert urls(other, "ferry") == ["1"]


def test_a_damaged_index_is_told_and_made_again(store, index, tmp_path):
    publish(store, tmp_path, [ferry(1)])
    index.sync(store, "news")
    folder = tmp_path / "index"
    meta = next(folder.glob("2-*/meta.json"))
    meta.write_bytes(meta.read_bytes()[:40])
    again = SearchIndex(folder)
    with pytest.raises(SearchError, match="'newswarc search --rebuild' makes it anew"):
        again.sync(store, "news")
    again.rebuild(store, ["news"])
    assert urls(again, "ferry") == ["1"]


def test_a_deleted_index_is_made_again(store, index, tmp_path):
    publish(store, tmp_path, [ferry(1)])
    index.sync(store, "news")
    shutil.rmtree(tmp_path / "index")
    again = SearchIndex(tmp_path / "index")
    again.sync(store, "news")
    assert urls(again, "ferry") == ["1"]
    shutil.rmtree(next((tmp_path / "index").glob("2-*")))
    once_more = SearchIndex(tmp_path / "index")
    once_more.sync(store, "news")
    assert urls(once_more, "ferry") == ["1"]


def test_one_of_another_format_is_made_anew(store, index, tmp_path):
    publish(store, tmp_path, [ferry(1)])
    index.sync(store, "news")
    folder = tmp_path / "index"
    generation = next(folder.glob("2-*"))
    generation.rename(folder / generation.name.replace("2-", "0-", 1))
    (folder / "current").write_text(generation.name.replace("2-", "0-", 1))
    anew = SearchIndex(folder)
    assert urls(anew, "ferry") == []
    anew.sync(store, "news")
    assert urls(anew, "ferry") == ["1"]
    assert [path.name[:2] for path in folder.iterdir() if path.is_dir()] == ["2-"]


def test_an_unreadable_manifest_ends_the_sync(store, index, tmp_path):
    publish(store, tmp_path, [ferry(1)])
    store.put(name_of(2).manifest_key, b"{}")
    with pytest.raises(ManifestError):
        index.sync(store, "news")
