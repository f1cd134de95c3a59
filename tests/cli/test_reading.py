import csv
import gzip
import io
import json

import duckdb
import pandas as pd
import pytest

import newsite

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


def test_json_lines_hold_article_and_capture(archived, story):
    newswarc, _, _ = archived
    rows = [json.loads(line) for line in newswarc("export", "--quality", "full").stdout.splitlines()]
    assert len(rows) == ARTICLES
    row = next(row for row in rows if row["url"] == story[1])
    wanted = ("url", "title", "authors", "published", "text", "languages", "quality", "capture")
    assert set(wanted) <= set(row)
    assert row["title"] == story[0].title
    assert row["authors"] == list(story[0].authors)
    assert row["published"] == story[0].published.isoformat().replace("+00:00", "Z")
    assert all(paragraph in row["text"] for paragraph in story[0].paragraphs)
    place = {"url", "timestamp", "digest", "segment", "filename", "offset", "length"}
    assert place <= set(row["capture"])


def test_csv_is_read_by_spreadsheets_and_pandas(archived):
    newswarc, _, _ = archived
    newswarc("export", "--format", "csv", "--output", "a.csv", "--quality", "full")
    path = newswarc.folder / "a.csv"
    assert path.read_bytes().startswith(b"\xef\xbb\xbfurl,title,")
    assert len(pd.read_csv(path)) == ARTICLES
    piped = newswarc("export", "--format", "csv", "--quality", "full").stdout
    rows = list(csv.DictReader(io.StringIO(piped)))
    assert len(rows) == ARTICLES
    assert rows[0]["url"].startswith("http://127.0.0.1:")


def test_parquet_is_read_by_duckdb_and_pandas(archived):
    newswarc, _, _ = archived
    path = newswarc.folder / "a.parquet"
    path.write_bytes(newswarc("export", "--format", "parquet", text=False).stdout)
    found = duckdb.sql(f"select count(*) from '{path}' where quality = 'full'").fetchall()
    assert found == [(ARTICLES,)]
    assert story_titles(newswarc) <= set(pd.read_parquet(path)["title"])


def story_titles(newswarc):
    rows = [json.loads(line) for line in newswarc("export", "--quality", "full").stdout.splitlines()]
    return {row["title"] for row in rows}


def test_markdown_is_one_document_or_a_folder(archived, story):
    newswarc, _, _ = archived
    document = newswarc("export", "--format", "markdown", "--quality", "full").stdout
    assert document.count("\n---\n") == ARTICLES - 1
    assert f"- Source: <{story[1]}>" in document
    newswarc("export", "--format", "markdown", "--quality", "full", "--output", "md")
    files = list((newswarc.folder / "md").iterdir())
    assert len(files) == ARTICLES
    assert all(file.read_text("utf-8").startswith("# ") for file in files)


def test_an_export_picks_by_site_and_date(archived, story):
    newswarc, _, _ = archived
    day = story[0].published.strftime("%Y-%m-%d")
    assert story[1] in newswarc("export", "--site", "127.0.0.1", "--since", day, "--until", day).stdout
    assert newswarc("export", "--site", "0.1").stdout != ""
    assert newswarc("export", "--site", "27.0.0.1").stdout == ""
    done = newswarc("export", "--until", "1999")
    assert done.stdout == ""
    assert "without a date left out" in done.stderr


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
