"""``newswarc search`` as a person types it."""

import csv
import io
import json
import os
import pty
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from cli.conftest import Command, environment
from crawler.cli import app
from pipelines.errors import NotArchived, QueryError
from pipelines.extract import Passage, PassageKind, read_articles
from pipelines.storage import LocalStore
from search.making import day, digits, publish, row

AT = datetime(2026, 11, 23, 8, 15, tzinfo=UTC)


def article(number, text, **more):
    return row(text, path=f"https://paper.example/{number}", captured=digits(number), **more)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("search")
    store = LocalStore(folder / "archive")
    publish(
        store,
        folder,
        [
            article(1, "英伟达的H20芯片受到出口限制。", title="芯片\x1b[31m与出口", at=AT, languages=("zh",)),
            article(1, "英伟达的H20芯片不再受到限制。", title="芯片", at=AT, languages=("zh",)),
            article(2, "New export controls hit chips. " * 30, title="Controls", day=day(2)),
        ],
    )
    both = tuple(
        Passage(text, language, PassageKind.PARAGRAPH, (other,))
        for text, language, other in (("The ferry left.", "en", 1), ("渡轮开走了。", "zh", 0))
    )
    publish(store, folder, [article(3, "x", day=day(3), passages=both)], serial=2)
    return folder


@pytest.fixture
def newswarc(folder, monkeypatch, capsys):
    """What runs a command in this process, and gives what it wrote; a new one takes a second to start."""
    monkeypatch.chdir(folder)
    for name in [name for name in os.environ if name.startswith("NEWSWARC_")]:
        monkeypatch.delenv(name)

    def run(*words):
        capsys.readouterr()
        app([str(word) for word in words], standalone_mode=False)
        return capsys.readouterr()

    return run


def test_the_first_search_makes_the_index_and_later_ones_follow(folder, newswarc):
    done = Command(folder)("search", "英偉達", "H20")
    assert done.stdout.splitlines() == [
        "2026-11-23\tpaper.example\t芯片\thttps://paper.example/1\t英伟达的H20芯片不再受到限制。"
    ]
    assert done.stderr == "newswarc: 1 article, 2 versions; 1 shown\n"
    assert (folder / "archive" / ".newswarc" / "search" / "news" / "current").exists()
    publish(LocalStore(folder / "archive"), folder, [article(4, "A tug left.")], serial=3)
    assert newswarc("search", "tug").out.startswith("undated\tpaper.example\t\thttps://paper.example/4\t")
    assert newswarc("search", "zeppelin").err == "newswarc: nothing found\n"


def test_json_tells_all(newswarc):
    options = ("--json", "--versions", "--facets", "--over", "month", "--lang", "zh", "--sort", "captured")
    told = json.loads(newswarc("search", '"出口"', *options).out)
    assert (told["total"], told["articles"], told["next"]) == (1, 1, None)
    (result,) = told["results"]
    assert (result["url"], result["published"]) == ("https://paper.example/1", "2026-11-23T08:15:00Z")
    piece = result["snippet"]
    assert [piece["text"][start:end] for start, end in piece["highlights"]] == ["出口"]
    assert {"segment", "offset", "key", "row", "quality", "captured", "versions"} <= set(result)
    assert told["facets"]["site"] == [{"value": "paper.example", "versions": 1}]
    assert told["over_time"] == [{"value": "2026-11", "versions": 1}]


def test_csv_and_pages(newswarc):
    first = newswarc("search", "--csv", "--sort", "date", "--limit", 1, "--before", "2026-11-24")
    (found,) = csv.DictReader(io.StringIO(first.out))
    assert (found["url"], found["versions"]) == ("https://paper.example/1", "2")
    cursor = first.err.rpartition(" ")[2].strip()
    second = newswarc("search", "--csv", "--sort", "date", "--before", "2026-11-24", "--next", cursor)
    assert [each["url"][-1] for each in csv.DictReader(io.StringIO(second.out))] == ["3", "2"]


def test_what_is_found_is_exported(folder, newswarc):
    newswarc("search", "chips OR 芯片", "--export", "found.parquet", "--format", "parquet")
    found = list(read_articles(folder / "found.parquet"))
    assert [(row.capture.url[-1], row.article.title) for row in found] == [("1", "芯片"), ("2", "Controls")]
    newswarc("search", "渡轮", "--export", "pairs.jsonl", "--format", "parallel")
    (pair,) = map(json.loads, (folder / "pairs.jsonl").read_text("utf-8").splitlines())
    assert pair["texts"] == {"en": "The ferry left.", "zh": "渡轮开走了。"}


@pytest.mark.parametrize(
    ("words", "error", "said"),
    [
        (("--after", "soon"), QueryError, "search: after:'soon' is no date; write after:2026"),
        (("--limit", 0), QueryError, "ask for 1 to 1,000 results"),
        (("--next", "y"), QueryError, "'y' is no cursor"),
        (("--collection", "olds"), NotArchived, "has no collection 'olds'"),
    ],
)
def test_what_is_wrong_is_said(newswarc, words, error, said):
    with pytest.raises(error) as caught:
        newswarc("search", "x", *words)
    assert said in str(caught.value)


def test_a_damaged_index_is_made_anew_when_asked(folder, newswarc):
    newswarc("search", "芯片")
    meta = next((folder / "archive" / ".newswarc" / "search").glob("news/1-*/meta.json"))
    meta.write_text("{")
    assert "search --rebuild" in Command(folder)("search", "芯片", code=12).stderr
    assert "paper.example/1" in newswarc("search", "芯片", "--rebuild").out


def test_a_terminal_shows_a_table_with_marks_and_no_control_of_its_own(folder):
    leader, follower = pty.openpty()
    line = [sys.executable, "-m", "crawler", "search", "--versions", "出口", "--facets"]
    env = {**environment(), "TERM": "xterm-256color", "COLUMNS": "100"}
    with subprocess.Popen(line, cwd=folder, env=env, stdout=follower, stderr=subprocess.PIPE) as process:
        os.close(follower)
        shown = b""
        while piece := _read(leader):
            shown += piece
        assert process.wait(30) == 0
    os.close(leader)
    text = shown.decode()
    assert "\x1b[1;33m出口\x1b[0m" in text
    assert "\x1b[31m" not in text
    assert "https://paper.example/1" in text
    assert "versions" in text


def _read(leader):
    try:
        return os.read(leader, 65536)
    except OSError:
        return b""
