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
import typer

from cli.conftest import Command, environment
from crawler.cli import app
from pipelines.errors import NotArchived, QueryError
from pipelines.extract import Passage, PassageKind, read_articles
from pipelines.storage import LocalStore
from pipelines.urls import moment, warc_date
from search.making import day, digits, name_of, publish, row
from segments.making import exchange, open_archive, record_all

AT = datetime(2026, 11, 23, 8, 15, tzinfo=UTC)


def article(number, text, **more):
    return row(text, path=f"https://paper.example/{number}", **{"captured": digits(number), **more})


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("search")
    store = LocalStore(folder / "archive")
    publish(
        store,
        folder,
        [
            article(
                1,
                ("英伟达的H20芯片受到出口限制。", "下一段。"),
                title="芯片\x1b[31m与出口",
                at=AT,
                languages=("zh",),
            ),
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
def runs(monkeypatch, capsys):
    """What gives for a folder what runs commands there; in this process, since a new one takes a second."""
    for name in [name for name in os.environ if name.startswith("NEWSWARC_")]:
        monkeypatch.delenv(name)

    def run(*words):
        capsys.readouterr()
        app([str(word) for word in words], standalone_mode=False)
        return capsys.readouterr()

    def inside(folder):
        monkeypatch.chdir(folder)
        return run

    return inside


@pytest.fixture
def newswarc(folder, runs):
    return runs(folder)


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
    newswarc("search", "chips OR 芯片", "--export", "found.parquet")
    found = list(read_articles(folder / "found.parquet"))
    assert [(row.capture.url[-1], row.article.title) for row in found] == [("1", "芯片"), ("2", "Controls")]
    newswarc("search", "渡轮", "--export", "pairs.jsonl", "--format", "parallel")
    (pair,) = map(json.loads, (folder / "pairs.jsonl").read_text("utf-8").splitlines())
    assert pair["texts"] == {"en": "The ferry left.", "zh": "渡轮开走了。"}


@pytest.mark.parametrize("ending", ["warc", "warc.gz", "wacz", "parquet", "tmx", "jsonl", "csv"])
def test_a_file_is_of_the_format_that_its_name_ends_in(shipping, runs, ending):
    begins = {
        "warc": b"\x1f\x8b", "warc.gz": b"\x1f\x8b", "wacz": b"PK", "parquet": b"PAR1", "tmx": b"<?xml",
        "jsonl": b"{", "csv": b"\xef\xbb\xbf",
    }  # fmt: skip
    runs(shipping)("search", "lamps", *TRIAL, "--export", f"found.{ending}")
    found = shipping / f"found.{ending}"
    assert found.read_bytes().startswith(begins[ending])
    found.unlink()


def test_an_export_goes_to_standard_output(shipping, runs):
    told = runs(shipping)("search", "lamps", *TRIAL, "--export", "-")
    assert sorted(json.loads(line)["url"][-6:] for line in told.out.splitlines()) == ["0.html", "1.html"]
    assert told.err == "newswarc: 2 articles\n"
    assert not (shipping / "-").exists()


TRIAL = ("--store", "store", "--collection", "trial")


@pytest.fixture(scope="module")
def shipping(tmp_path_factory):
    """A folder with the archive of two pages."""
    folder = tmp_path_factory.mktemp("shipping")
    archive = open_archive(folder)
    record_all(archive, [exchange(0, article=True), exchange(1, article=True)])
    archive.close()
    return folder


def test_what_is_taken_down_is_neither_found_nor_counted(shipping, runs):
    newswarc, why = runs(shipping), ("--who", "A. Keeper", "--reason", "court order", *TRIAL)
    ask = ("search", "lamps", *TRIAL)
    assert "2 articles, 2 versions; 2 shown" in newswarc(*ask).err
    hidden = newswarc("takedown", "hide", "https://news.example/ships/1.html", *why).out.split()[0]
    for options in ((), ("--sort", "date"), ("--versions",)):
        told = newswarc(*ask, *options)
        assert (told.out.count("\n"), told.err) == (1, "newswarc: 1 article, 1 version; 1 shown\n")
    told = json.loads(newswarc(*ask, "--json", "--facets").out)
    assert (told["total"], told["facets"]["site"]) == (1, [{"value": "news.example", "versions": 1}])
    assert newswarc(*ask, "--export", "-").out.count("\n") == 1
    newswarc("takedown", "lift", hidden, *why)
    newswarc("takedown", "block", "news.example", *why)
    assert newswarc(*ask).err == "newswarc: nothing found\n"
    with pytest.raises(NotArchived):
        newswarc(*ask, "--export", "found.wacz")
    lifted = newswarc("takedown", "list", *TRIAL).out.split()[0]
    newswarc("takedown", "lift", lifted, *why)
    prefix = newswarc("takedown", "hide", "https://news.example/ships/0*", *why).out.split()[0]
    told = newswarc(*ask)
    assert told.out.count("\n") == 1
    assert told.err.splitlines()[1:] == [
        "newswarc: 1 taken down, left out",
        "newswarc: counts may include what is taken down by prefix",
    ]
    newswarc("takedown", "lift", prefix, *why)


def test_results_whose_articles_are_gone_are_left_out_and_told(tmp_path, runs):
    store = LocalStore(tmp_path / "archive")
    for number in (1, 2, 3):
        publish(store, tmp_path, [article(number, f"渡轮 {number} 号开走了。")], serial=number)
    newswarc = runs(tmp_path)
    assert newswarc("search", "渡轮").out.count("号开走了") == 3
    store.delete(name_of(2).articles_key)
    damaged = tmp_path / "archive" / name_of(3).articles_key
    damaged.chmod(0o644)
    damaged.write_bytes(b"PAR1")
    told = newswarc("search", "渡轮", "--sort", "captured")
    assert [line.split("\t")[3][-1] for line in told.out.splitlines()] == ["3", "1"]
    assert told.out.count("号开走了") == 1
    assert "1 result left out that the store has no longer; the search index is behind it" in told.err
    assert "1 result of" in told.err
    assert "shown without text" in told.err
    told = newswarc("search", "渡轮 1 OR 渡轮 2", "--export", "-")
    assert told.out.count("\n") == 1
    assert "1 result left out that the store has no longer" in told.err


def test_versions_are_told_apart_and_passages_stand_on_one_line(tmp_path, runs):
    store = LocalStore(tmp_path / "archive")
    texts = ["The ferry left.", "A tug\tfollowed."]
    publish(store, tmp_path, [article(1, texts), article(1, texts, captured="20270102030405")])
    newswarc = runs(tmp_path)
    rows = [line.split("\t") for line in newswarc("search", "ferry", "--versions").out.splitlines()]
    assert sorted(row[1] for row in rows) == [warc_date(moment(digits(1))), "2027-01-02T03:04:05Z"]
    (line,) = newswarc("search", "ferry").out.splitlines()
    assert line.split("\t")[-1] == "The ferry left.  A tug followed."


@pytest.mark.parametrize(
    ("words", "error", "said"),
    [
        (("--after", "soon"), QueryError, "search: after:'soon' is no date; write after:2026"),
        (("--limit", 0), QueryError, "ask for 1 to 1,000 results"),
        (("--next", "y"), QueryError, "'y' is no cursor"),
        (("--collection", "olds"), NotArchived, "has no collection 'olds'"),
        (('"',), QueryError, "is not closed"),
        (("--export", "found.txt"), typer.BadParameter, "'found.txt' does not tell its format; add --format"),
        (("--format", "csv"), typer.BadParameter, "name a file with it"),
        (("zeppelin", "--export", "empty.wacz"), NotArchived, "nothing is found that can be written"),
        (("zeppelin", "--export", "empty.warc.gz"), NotArchived, "nothing is found that can be written"),
    ],
)
def test_what_is_wrong_is_said(folder, newswarc, words, error, said):
    with pytest.raises(error) as caught:
        newswarc("search", "x", *words)
    assert said in str(caught.value)
    assert [path.name for path in folder.iterdir() if "empty" in path.name] == []


def test_a_damaged_index_is_made_anew_when_asked(folder, newswarc):
    newswarc("search", "芯片")
    meta = next((folder / "archive" / ".newswarc" / "search").glob("news/2-*/meta.json"))
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
    assert "2026-11-" in text.partition("captured")[2]
    assert "\ufffd" in text
    assert "\ufffd\ufffd" not in text
    assert "\x1b[1;33m出口\x1b[0m" in text
    assert "\x1b[31m" not in text
    assert "https://paper.example/1" in text
    assert "versions" in text


def _read(leader):
    try:
        return os.read(leader, 65536)
    except OSError:
        return b""
