"""``newswarc extract``, run as a process of its own from the command's function."""

import gzip
import json
import os
import subprocess
import sys
from itertools import pairwise

import pytest

import newsite
from newsite.families import family
from pipelines.extract import Article
from tests.cli.conftest import environment

CASE = family("bilingual").cases[0]
MAIN = (
    "import sys, typer, crawler.cli as c; from crawler.cli.extract import extract; "
    "any(e.name == 'extract' for e in c.app.registered_commands) or c.app.command()(extract); c.main()"
)


@pytest.fixture
def run(newswarc):
    """The command in the test's own folder, with what stands on its standard input."""

    def call(*words, given=b"", code=0):
        line = [sys.executable, "-c", MAIN, "extract", *map(str, words)]
        done = subprocess.run(
            line, cwd=newswarc.folder, env=environment(), input=given, capture_output=True, check=False
        )
        assert done.returncode == code, (done.returncode, done.stdout[-2000:], done.stderr[-2000:].decode())
        return done

    call.folder = newswarc.folder
    return call


@pytest.fixture
def page(run):
    path = run.folder / "page.html"
    path.write_bytes(CASE.html())
    return path


def test_the_text_of_a_file(run, page):
    text = run(page).stdout.decode()
    assert text.startswith(f"{CASE.title}\n\n{CASE.paragraphs[0]}")
    assert [each for each in CASE.absent if each in text] == []


def test_json_and_markdown(run, page):
    article = Article.from_json(run(page, "--json", "--url", CASE.url("http://a.example")).stdout)
    assert (article.title, article.url) == (CASE.title, CASE.url("http://a.example"))
    markdown = run(page, "--markdown").stdout.decode()
    assert markdown.startswith(f"# {CASE.title}\n\n")
    assert CASE.paragraphs[-1] in markdown


def test_explain_in_the_terminal_and_as_a_page(run, page):
    done = run(page, "--explain", "--html", "out.html", "--rules", "bilingual")
    lines = done.stdout.decode().splitlines()
    at = lines.index(f"  {CASE.paragraphs[0]}")
    assert lines[at - 1].startswith("+ ")
    assert "[structure]" in lines[at - 1]
    dropped = next(number for number, line in enumerate(lines) if "[rules: drop .recommended]" in line)
    assert lines[dropped].startswith("- ")
    assert f"Authors     {', '.join(CASE.authors)}" in lines
    for use in ("headline", "author", "date"):
        # What is no text of the article, and yet was read, is not told of as if it were lost.
        assert [line[0] for line in lines if f"[{use}]" in line] == ["="]
    for line in ("+ text of the article", "= its headline, author or date", "- dropped", ". data, no text"):
        assert line in lines
    html = (run.folder / "out.html").read_text()
    assert html.count('<div class="kept">') >= len(CASE.paragraphs)
    assert html.count('<div class="used">') == 3
    assert f"<h1>{CASE.title}</h1>" in html
    assert '<div class="dropped">' in html
    assert "<script" not in html


def test_every_paragraph_of_a_thread_is_shown_as_kept_where_it_stands(run):
    case = family("discuz").cases[0]
    (run.folder / "thread.html").write_bytes(case.html())
    lines = run("thread.html", "--explain").stdout.decode().splitlines()
    kept = [text.strip() for line, text in pairwise(lines) if line.startswith("+ ") and "[discuz]" in line]
    shown = " ".join(kept)
    assert [each for each in case.paragraphs if each[:40] not in shown] == []
    assert not any(line.endswith("[discuz]") for line in lines), "a kept line has no place on the page"


def test_the_rules_of_the_pages_host_are_used(run, page):
    (run.folder / "sites").mkdir()
    drop = "[[rules]]\ndrop = ['.article-paragraph-inner']\n"
    profile = f"name = 'paper'\nhome = 'https://paper.example/'\nsections = ['/']\n{drop}"
    (run.folder / "sites" / "paper.toml").write_text(profile)
    for address, kept in (("https://paper.example/a", False), ("https://elsewhere.example/a", True)):
        text = run(page, "--url", address).stdout.decode()
        assert (CASE.paragraphs[0] in text) is kept


def test_lines_in_lines_out_in_order(run):
    asked = []
    for number, case in enumerate([*family("bilingual").cases, *family("discuz").cases] * 3):
        path = run.folder / f"{number}.html"
        path.write_bytes(gzip.compress(case.html()) if number % 2 else case.html())
        asked.append(
            (case, json.dumps({"id": number, "path": str(path), "url": case.url("http://a.example")}))
        )
    lines = run("--jsonl", given="\n".join(line for _, line in asked).encode()).stdout.splitlines()
    answers = [json.loads(line) for line in lines]
    assert [answer["id"] for answer in answers] == list(range(len(asked)))
    for answer, (case, _) in zip(answers, asked, strict=True):
        assert answer["title"] == case.title
        assert answer["author"] == list(case.authors)
        assert answer["date"][:10] == case.published[:10]
        assert answer["text"].startswith(case.paragraphs[0])


def test_a_line_that_cannot_be_read_is_answered_and_told(run, page):
    given = f'{{"id": 1, "path": "missing.html"}}\nnonsense\n{{"id": 3, "path": "{page.name}"}}\n'
    done = run("--jsonl", given=given.encode(), code=6)
    first, second, third = (json.loads(line) for line in done.stdout.splitlines())
    assert first == {"id": 1, "text": "", "title": "", "author": [], "date": None}
    assert second["id"] is None
    assert third["title"] == CASE.title
    said = done.stderr.decode()
    assert "'missing.html' cannot be read" in said
    assert "is no request" in said
    assert "2 of the pages could not be read" in said


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("missing.html",), 2, "cannot be read (No such file or directory); name a file"),
        (("page.html", "--json", "--markdown"), 2, "exclude each other"),
        (("--jsonl", "page.html"), 2, "reads its pages from standard input"),
        ((), 2, "name a file, an address or a capture"),
        (("page.html", "--rules", "nowhere"), 2, "nowhere"),
        (("http://a.example/", "--store", "nothing"), 4, "there is no store at 'nothing'"),
    ],
)
def test_what_is_wrong_is_said(run, page, words, code, said):
    err = run(*words, code=code).stderr.decode()
    assert said in " ".join(err.replace("│", " ").split())


def test_of_a_capture_in_the_archive(run, newswarc, polite):
    with newsite.running(newsite.daily(articles=2, seed=3)) as site:
        newswarc("crawl", site.url, "--store", "s", "--quiet", *polite)
        article = newsite.daily(articles=2, seed=3)[0]
        url = site.url.rstrip("/") + article.path
    text = run(url, "--store", "s").stdout.decode()
    assert text == newswarc("cat", "s", url, "--text").stdout
    timestamp = json.loads(newswarc("list", "s", url, "--json").stdout)["timestamp"]
    assert run(f"{timestamp}/{url}", "--store", "s").stdout.decode() == text
    assert "the nearest one is" in run(f"20200101000000/{url}", "--store", "s", code=4).stderr.decode()
    err = run("http://nowhere.example/", "--store", "s", code=4).stderr.decode()
    assert "extract reads the archive only" in err
    assert os.linesep in err


def test_a_page_may_come_and_go_by_the_standard_streams(run):
    assert CASE.paragraphs[0].encode() in run("-", given=CASE.html()).stdout
    assert run("-", "--html", "-", given=CASE.html()).stdout.startswith(b"<!DOCTYPE html>")
    assert b"exclude each other" in run("-", "--html", "-", "--explain", given=CASE.html(), code=2).stderr
    assert [*run.folder.iterdir()] == []
