import csv
import gzip
import io
import json
from datetime import date

import duckdb
import pandas as pd
import pytest

import newsite
from crawler.cli.formats import markdown
from crawler.cli.selection import Selection
from crawler.cli.times import digits_of
from pipelines.errors import ConfigError
from pipelines.extract import Article, ArticleRow, Moment, Passage, PassageKind, Quality
from pipelines.model import Capture

ARTICLES = 4


@pytest.fixture(scope="module")
def archived(tmp_path_factory, command_in):
    """A store with a small daily paper and a picture, made by the real command, and the site's journal."""
    newswarc = command_in(tmp_path_factory.mktemp("reading"))
    with newsite.running(newsite.daily(articles=ARTICLES, seed=3)) as site:
        options = ("--store", "archive", "--delay", 0, "--allow-address", "127.0.0.0/8", "--quiet")
        newswarc("crawl", site.url, f"{site.url}img/7.png", *options)
        exchanges = {exchange.path: exchange for exchange in site.exchanges}
        yield newswarc, site, exchanges


@pytest.fixture(scope="module")
def story(archived):
    """An article of the paper, and its address."""
    _, site, _ = archived
    article = newsite.daily(articles=ARTICLES, seed=3)[0]
    return article, site.url.rstrip("/") + article.path


def captures(done):
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_list_finds_by_address_prefix_and_time(archived, story):
    newswarc, site, exchanges = archived
    # The store is the configuration's where none is named.
    all_of_them = captures(newswarc("list", "--json"))
    assert {each["url"] for each in all_of_them} == {site.url.rstrip("/") + path for path in exchanges}
    assert {"timestamp", "status", "digest", "segment", "filename", "offset", "length"} <= set(all_of_them[0])

    one = newswarc("list", "archive", story[1]).stdout
    assert len(one.splitlines()) == 1
    assert one.endswith(f" {story[1]}\n")

    sections = captures(newswarc("list", f"{site.url}section/*", "--json", "--from", "2020"))
    assert {each["url"] for each in sections} == {
        site.url.rstrip("/") + path for path in exchanges if path.startswith("/section/")
    }
    assert newswarc("list", "--to", "2020-01-01").stdout == ""


def test_show_tells_fields_headers_and_provenance(archived, story):
    newswarc, _, exchanges = archived
    shown = newswarc("show", "archive", story[1]).stdout
    for line in exchanges[story[0].path].request.decode().splitlines():
        assert line in shown
    assert "WARC-Payload-Digest: sha1:" in shown
    assert "via: " in shown

    told = json.loads(newswarc("show", story[1], "--at", "2026", "--json").stdout)
    assert told["capture"]["url"] == story[1]
    kinds = [dict(record["fields"])["WARC-Type"] for record in told["records"]]
    assert kinds == ["response", "request", "metadata"]


def test_cat_gives_the_bytes_of_the_wire(archived, story):
    newswarc, _, exchanges = archived
    exchange = exchanges[story[0].path]
    assert newswarc("cat", story[1], "--raw", text=False).stdout == exchange.response
    head = exchange.response.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
    assert newswarc("cat", "archive", story[1], "--headers", text=False).stdout == head


def test_cat_gives_the_payload_decoded(archived, story):
    newswarc, site, exchanges = archived
    picture = exchanges["/img/7.png"].response.partition(b"\r\n\r\n")[2]
    assert newswarc("cat", f"{site.url}img/7.png", text=False).stdout == picture
    feed = exchanges["/feed.xml"].response
    assert b"Content-Encoding: gzip" in feed
    inflated = gzip.decompress(feed.partition(b"\r\n\r\n")[2])
    assert newswarc("cat", f"{site.url}feed.xml", "--payload", text=False).stdout == inflated


def test_cat_gives_the_stored_text(archived, story):
    newswarc, site, _ = archived
    done = newswarc("cat", story[1], "--text")
    assert done.stdout.startswith(f"{story[0].title}\n\n")
    assert all(paragraph in done.stdout for paragraph in story[0].paragraphs)
    assert done.stderr == ""
    assert "extracted now" in newswarc("cat", f"{site.url}feed.xml", "--text").stderr


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("cat", "http://nowhere.example/"), 4, "has no capture of http://nowhere.example/"),
        (("list", "missing"), 4, "there is no store at 'missing'"),
        (("export", "--collection", "olds"), 4, "has no collection 'olds'; it has 'news'"),
        (("cat", "http://x.example/", "--raw", "--text"), 2, "exclude each other"),
        (("show",), 2, "name the page's URL"),
        (("list", "--from", "soon"), 2, "--from: 'soon' is no time"),
        (("export", "--output", "no/such/folder.jsonl"), 2, "cannot write 'no/such/folder.jsonl'"),
        (("export", "--quality", "good"), 2, "'good'"),
    ],
)
def test_what_is_wrong_is_said(archived, words, code, said):
    newswarc, _, _ = archived
    assert said in newswarc(*words, code=code, env={"COLUMNS": "200"}).stderr
    assert not (newswarc.folder / "missing").exists()


@pytest.fixture(scope="module")
def rows(archived):
    """The archive as JSON lines."""
    newswarc, _, _ = archived
    return [json.loads(line) for line in newswarc("export").stdout.splitlines()]


def test_json_lines_hold_article_and_capture(rows, story):
    row = next(row for row in rows if row["url"] == story[1])
    wanted = ("url", "title", "authors", "published", "text", "languages", "quality", "capture")
    assert set(wanted) <= set(row)
    assert (row["title"], row["authors"]) == (story[0].title, list(story[0].authors))
    assert row["published"] == story[0].published.isoformat().replace("+00:00", "Z")
    assert all(paragraph in row["text"] for paragraph in story[0].paragraphs)
    place = {"url", "timestamp", "digest", "segment", "filename", "offset", "length"}
    assert place <= set(row["capture"])


def test_csv_is_read_by_spreadsheets_and_pandas(archived, rows):
    newswarc, _, _ = archived
    newswarc("export", "--format", "csv", "--output", "a.csv")
    path = newswarc.folder / "a.csv"
    assert path.read_bytes().startswith(b"\xef\xbb\xbfurl,title,")
    assert list(pd.read_csv(path)["url"]) == [row["url"] for row in rows]
    piped = newswarc("export", "--format", "csv", text=False).stdout.decode("utf-8")
    found = list(csv.DictReader(io.StringIO(piped, newline="")))
    assert [each["text"] for each in found] == [row["text"] for row in rows]


def test_parquet_is_read_by_duckdb_and_pandas(archived, rows):
    newswarc, _, _ = archived
    path = newswarc.folder / "a.parquet"
    path.write_bytes(newswarc("export", "--format", "parquet", text=False).stdout)
    assert duckdb.sql(f"select text from '{path}'").fetchall() == [(row["text"],) for row in rows]
    assert list(pd.read_parquet(path)["title"]) == [row["title"] for row in rows]


def test_markdown_is_one_document_or_a_folder(archived, rows, story):
    newswarc, _, _ = archived
    document = newswarc("export", "--format", "markdown", "--quality", "full").stdout
    assert document.count("\n---\n") == sum(row["quality"] == "full" for row in rows) - 1
    assert f"- Source: <{story[1]}>" in document
    newswarc("export", "--format", "markdown", "--output", "md")
    files = list((newswarc.folder / "md").iterdir())
    assert len(files) == len(rows)
    assert all(file.read_text("utf-8").startswith("# ") for file in files)


def test_an_export_picks_by_site_and_date(archived, story):
    newswarc, _, _ = archived
    day = story[0].published.strftime("%Y-%m-%d")
    assert story[1] in newswarc("export", "--site", "127.0.0.1", "--since", day, "--until", day).stdout
    done = newswarc("export", "--until", "1999")
    assert done.stdout == ""
    assert "without a date left out" in done.stderr


@pytest.mark.parametrize(
    ("wanted", "picked"),
    [
        (Selection(sites=("Paper.example",)), True),
        (Selection(sites=("example",)), True),
        (Selection(sites=("per.example",)), False),
        (Selection(sites=("www.paper.example:8080",)), True),
        (Selection(sites=("paper.example:80",)), False),
        (Selection(since="20261123"), True),
        (Selection(since="20261124"), False),
        (Selection(until="202611"), True),
        (Selection(until="20261122"), False),
        (Selection(since="20261123120000", until="20261123120000"), True),
        (Selection(qualities=frozenset({Quality.EMPTY})), False),
    ],
)
def test_selection(wanted, picked):
    url = "http://www.paper.example:8080/a"
    day = Moment(date(2026, 11, 23), None, "2026-11-23", "text")
    capture = Capture(url, "20261201000000", url, "response", 200, "text/html", "", "", "", "", 0, 0)
    row = ArticleRow(Article(url, published=day, quality=Quality.FULL), capture)
    assert list(wanted.pick([row])) == ([row] if picked else [])


@pytest.mark.parametrize(
    ("given", "digits"),
    [
        ("2026", "2026"),
        ("2026-11-23", "20261123"),
        ("20261123081500", "20261123081500"),
        ("2026-11-23T08:15", "202611230815"),
        ("2026-11-23T08:15:00Z", "20261123081500"),
        ("2026-11-23T08:15:00+08:00", "20261123001500"),
        ("2026-11-23T08:15:00-05:00", "20261123131500"),
    ],
)
def test_times_are_read(given, digits):
    assert digits_of(given, "--at") == digits


@pytest.mark.parametrize("given", ["", "202", "2026-1", "2026-13", "yesterday", "2026/11/23"])
def test_what_is_no_time_is_refused(given):
    with pytest.raises(ConfigError, match="is no time"):
        digits_of(given, "--at")


def test_markdown_shows_the_text_that_was_there():
    article = Article(
        "http://a.example/",
        title="1. <b> & *stars*",
        passages=(
            Passage("# no heading\n2. no list", "en"),
            Passage("a\tb|c", "en", PassageKind.TABLE),
            Passage("```", "en", PassageKind.CODE),
        ),
    )
    capture = Capture("", "20261201000000", article.url, "response", 200, "-", "", "", "", "", 0, 0)
    text = markdown(ArticleRow(article, capture))
    assert text.startswith("# 1\\. \\<b\\> \\& \\*stars\\*\n")
    assert "\n\\# no heading  \n2\\. no list\n" in text
    assert "\n| a | b\\|c |\n" in text
    assert "\n````\n```\n````\n" in text


def test_an_export_that_fails_leaves_the_file_as_it_was(archived):
    newswarc, _, _ = archived
    path = newswarc.folder / "kept.jsonl"
    path.write_text("before")
    parquet = next((newswarc.folder / "archive" / "news" / "articles").rglob("*.parquet"))
    whole = parquet.read_bytes()
    parquet.chmod(0o644)
    parquet.write_bytes(whole[:-100])
    try:
        newswarc("export", "--output", "kept.jsonl", code=6)
    finally:
        parquet.write_bytes(whole)
    assert path.read_text() == "before"
    assert [each for each in newswarc.folder.iterdir() if each.name.endswith(".new")] == []


def test_a_reader_that_leaves_ends_it_quietly(archived):
    newswarc, _, _ = archived
    process = newswarc.start("list", env={"PYTHONUNBUFFERED": "1"})
    process.stdout.readline()
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(timeout=30) in {0, 1}


def test_publish_has_nothing_to_do(archived):
    newswarc, _, _ = archived
    assert newswarc("publish").stdout == "0 segments published\n"
