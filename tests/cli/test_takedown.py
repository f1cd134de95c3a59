"""``newswarc takedown``, as an archivist uses it."""

import json

import pytest

from segments.making import exchange, failure, open_archive, page, record_all, response

URL = "https://news.example/ships/1.html"
WHY = ("--who", "A. Keeper", "--reason", "court order 12/26")
COLLECTION = ("--store", "store", "--collection", "trial")


@pytest.fixture
def store(tmp_path):
    """An archive in the folder ``store``, with a page that is to go and its copy elsewhere."""
    archive = open_archive(tmp_path)
    record_all(
        archive,
        [
            exchange(0, article=True),
            exchange(1, article=True),
            exchange(2, response(page(1)), url="https://copy.example/"),
        ],
        failures=[failure()],
    )
    archive.close()
    return tmp_path / "store"


def test_a_purge_is_planned_carried_out_and_proved(newswarc, store):
    planned = newswarc("takedown", "purge", URL, *WHY, "--dry-run", *COLLECTION)
    assert f"{URL}  (would go)" in planned.stderr
    assert "https://copy.example/  (" in planned.stderr
    assert newswarc("list", URL, *COLLECTION).stdout
    done = newswarc("takedown", "purge", URL, *WHY, "--everywhere", "--yes", *COLLECTION)
    assert "purged 2 captures" in done.stdout
    assert "nothing of it is left" in done.stdout
    assert newswarc("list", URL, *COLLECTION).stdout == ""
    assert newswarc("list", *COLLECTION).stdout.count("\n") == 1
    newswarc("verify", *COLLECTION)
    (entry,) = json.loads(newswarc("takedown", "list", "--json", *COLLECTION).stdout)
    assert (entry["action"], entry["who"], entry["reason"]) == ("purge", "A. Keeper", "court order 12/26")
    newswarc("takedown", "scan", entry["id"], *COLLECTION)
    aside = store / "trial" / "damaged" / "indexes" / "left.cdxj"
    aside.parent.mkdir(parents=True)
    line = {
        "url": URL, "mime": "text/html", "status": "200", "digest": "sha1:A", "length": "1", "offset": "2",
        "filename": "f.warc.gz", "sha256": "0" * 64,
    }  # fmt: skip
    aside.write_text(f"example,news)/ships/1.html 20261123140510 {json.dumps(line)}\n")
    left = newswarc("takedown", "scan", entry["id"], *COLLECTION, code=14)
    assert "left: trial/damaged/indexes/left.cdxj at 1: index line of" in left.stderr


def test_nothing_is_purged_that_is_held_or_not_there_or_not_confirmed(newswarc, store):
    held = newswarc("takedown", "hold", "*.example", *WHY, *COLLECTION).stdout
    assert "3 captures now" in held
    name = held.split()[0]
    refused = newswarc("takedown", "purge", URL, *WHY, "--yes", *COLLECTION, code=13)
    assert f"under legal hold, {URL} by {name}" in refused.stderr
    newswarc("takedown", "lift", name, *WHY, *COLLECTION)
    newswarc("takedown", "purge", "https://other.example/", *WHY, "--yes", *COLLECTION, code=4)
    newswarc("takedown", "purge", URL, *WHY, *COLLECTION, code=1)
    assert newswarc("takedown", "finish", *COLLECTION).stderr == "newswarc: no purge is unfinished\n"
    assert newswarc("list", URL, *COLLECTION).stdout
    listed = newswarc("takedown", "list", "--all", *COLLECTION).stdout.splitlines()
    assert [line.split("\t")[1:4] for line in listed] == [
        ["hold", "domain example", "lifted"],
        ["lift", f"lifts {name}", ""],
    ]


def test_hiding_and_blocking_are_entered_and_lifted(newswarc, store):
    assert "would hide url" in newswarc("takedown", "hide", URL, *WHY, "--dry-run", *COLLECTION).stdout
    assert newswarc("takedown", "list", *COLLECTION).stderr == "newswarc: no take-downs\n"
    newswarc("takedown", "hide", URL, *WHY, *COLLECTION)
    newswarc("takedown", "block", "https://copy.example/*", *WHY, "--from", "2026", *COLLECTION)
    rows = [line.split("\t") for line in newswarc("takedown", "list", *COLLECTION).stdout.splitlines()]
    assert [row[1:4] for row in rows] == [
        ["hide", f"url {URL}", "in force"],
        ["block", "prefix https://copy.example/ from 2026 to the last", "in force"],
    ]
    newswarc("takedown", "hide", "no host", *WHY, *COLLECTION, code=13)
    newswarc("takedown", "lift", "nothing", *WHY, *COLLECTION, code=13)
