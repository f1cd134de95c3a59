"""``newswarc edits`` and ``diff`` over an archive that was recorded in two parts."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from lxml import etree
from typer.testing import CliRunner

from crawler.cli import app
from edits.generated import GRADES, Shot, fixture
from pipelines.edits.sighting import page_key
from pipelines.errors import NewswarcError
from pipelines.takedown import Action, Kind, Register, Target
from segments.making import exchange, open_archive, record_all, response


@pytest.fixture(scope="module")
def made():
    return fixture(15, 9, 5)


@pytest.fixture(scope="module")
def newswarc(tmp_path_factory, made):
    folder = tmp_path_factory.mktemp("edits")
    archive = open_archive(folder, "news")
    shots = sorted(made.shots, key=lambda shot: shot.when)
    middle = len(shots) // 2
    for part in (shots[:middle], shots[middle:]):
        record_all(archive, [recorded(shot) for shot in part])
    archive.close()
    runner = CliRunner()

    def run(*words, code=0):
        done = runner.invoke(app, [*words, "--store", str(folder / "store")], env={"NEWSWARC_CONFIG": None})
        if isinstance(done.exception, NewswarcError):
            assert done.exception.exit_code == code
            return str(done.exception)
        assert done.exit_code == code, (done.exception, done.output)
        return done.stdout if code == 0 else done.stderr

    run.folder = folder
    return run


def recorded(shot):
    lines = [b"Content-Type: text/html; charset=utf-8"]
    if shot.location:
        lines.append(b"Location: " + shot.location.encode())
    wire = response(shot.body.encode(), *lines, status=b"%d Told" % shot.status)
    return exchange(0, wire, url=shot.url, started=shot.when, article=shot.status == 200)


@pytest.fixture(scope="module")
def rows(newswarc):
    return [json.loads(line) for line in newswarc("edits", "--json", "--diff").splitlines()]


def test_all_known_edits_are_listed_the_latest_first(made, rows):
    seen = [row["seen"] for row in rows]
    assert seen == sorted(seen, reverse=True)
    listed = {(page_key(row["url"]), row["after"]["timestamp"]): row for row in rows if "after" in row}
    for known in made.edits:
        row = listed[page_key(known.page), known.timestamp]
        assert row["kind"] == GRADES[known.kind]
        assert row["difference"]["lines"] or known.kind in {"headline", "byline"}


def test_disappearances_are_listed_with_their_reason(made, rows):
    wanted = [(url, kind) for url, _, kind in made.events if kind == "disappeared"]
    assert wanted
    gone = {row["url"]: row for row in rows if row["kind"] == "disappeared"}
    assert {gone[url]["kind"] for url, _ in wanted} == {"disappeared"}
    assert all(row["reasons"][0].startswith(("404", "it redirects")) for row in gone.values())


def test_edits_are_chosen_by_time_host_and_address(newswarc, made, rows):
    latest = rows[0]["seen"]
    assert {line.split("\t")[0] for line in newswarc("edits", "--since", latest).splitlines()} == {latest}
    assert newswarc("edits", "--since", "9000d") == newswarc("edits")
    assert newswarc("edits", "other.example") == ""
    assert newswarc("edits", "courier.example").count("\n") == len(rows)
    known = made.edits[0]
    of_page = newswarc("edits", "--url", known.page + "?utm_source=x", "--json").splitlines()
    assert {page_key(json.loads(line)["url"]) for line in of_page} == {page_key(known.page)}
    assert known.timestamp in {json.loads(line)["after"]["timestamp"] for line in of_page}


def test_two_versions_are_compared(newswarc, made):
    known = next(each for each in made.edits if each.kind == "figure")
    for asked in ((), ("1",), ("1", "2"), ("2026110206", known.timestamp)):
        unified = newswarc("diff", known.page, *asked)
        removed, added = (next(row for row in unified.splitlines()[2:] if row[:1] == mark) for mark in "-+")
        assert removed != added
        assert len(added) == len(removed) + 1
    assert "<ins>" in newswarc("diff", known.page, "--html")
    told = json.loads(newswarc("diff", known.page, "--json"))
    assert (told["before"]["number"], told["after"]["number"]) == (1, 2)


def test_what_is_not_there_is_said(newswarc, made):
    edited = {known.page for known in made.edits} | {url for url, _, _ in made.events}
    still = next(
        shot.url for shot in made.shots if shot.url.partition("?")[0] not in edited and "www" in shot.url
    )
    assert "has one version" in newswarc("diff", still, code=4)
    assert "no version of an article" in newswarc("diff", "https://www.courier.example/nothing", code=4)
    assert "there is no version 9" in newswarc("diff", made.edits[0].page, "9", code=4)
    assert "is no time" in newswarc("edits", "--since", "soon", code=2)


def test_an_article_that_moved_is_no_disappearance(newswarc, made):
    folder = newswarc.folder
    steady = [shot for shot in made.shots if shot.url == made.shots[0].url][:1]
    old = steady[0]
    new = replace(old, url=old.url.replace("report", "renamed"), when=old.when + timedelta(days=2))
    away = Shot(old.url, old.when + timedelta(days=1), 301, location=new.url)
    archive = open_archive(folder, "moved")
    record_all(archive, [recorded(shot) for shot in (old, away, new)])
    archive.close()
    for words in (("edits",), ("edits", "--url", old.url), ("edits", "--url", new.url)):
        rows = [json.loads(line) for line in newswarc(*words, "--json", "--collection", "moved").splitlines()]
        assert [(row["kind"], row["url"]) for row in rows] == [("moved", old.url)]


def test_feeds_are_written(newswarc, rows):
    atom, feed = newswarc.folder / "edits.atom", newswarc.folder / "edits.json"
    newswarc("edits", "--atom", str(atom), "--json-feed", str(feed))
    assert len(etree.fromstring(atom.read_bytes()).findall("{*}entry")) == len(rows)
    items = json.loads(feed.read_bytes())["items"]
    assert [item["id"] for item in items] == [row["id"] for row in rows]


def test_a_time_of_the_last_version_is_compared_with_the_one_before(newswarc, made):
    known = next(each for each in made.edits if each.kind == "figure")
    assert newswarc("diff", known.page, known.timestamp) == newswarc("diff", known.page, "1", "2")
    assert newswarc("diff", known.page, "2") == newswarc("diff", known.page)
    for same in (("2", "2"), (known.timestamp, "2"), ("1", "2026110206")):
        assert "nothing differs" in newswarc("diff", known.page, *same, code=4)


def test_a_feed_goes_to_standard_output_where_it_is_asked_to(newswarc, monkeypatch, tmp_path, rows):
    monkeypatch.chdir(tmp_path)
    assert newswarc("edits", "--atom", "-").startswith("<?xml")
    assert len(json.loads(newswarc("edits", "--json-feed", "-"))["items"]) == len(rows)
    newswarc("edits", "--atom", "-", "--json-feed", "-", code=2)
    assert [*tmp_path.iterdir()] == []


def test_no_difference_is_shown_of_what_is_taken_down(newswarc, made):
    folder = newswarc.folder
    known = next(each for each in made.edits if each.kind == "figure")
    archive = open_archive(folder, "hidden")
    page = page_key(known.page)
    record_all(archive, [recorded(shot) for shot in made.shots if page_key(shot.url) == page])
    register = Register(archive.store, "hidden")
    archive.close()
    at = ("--collection", "hidden")
    assert newswarc("diff", known.page, *at)
    target = Target(Kind.PREFIX, known.page).checked()
    register.add(Action.HIDE, target, who="desk", reason="asked for")
    assert "no version of an article" in newswarc("diff", known.page, *at, code=4)
