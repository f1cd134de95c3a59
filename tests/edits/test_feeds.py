import json

import pytest
from lxml import etree, html

from edits.making import DEAD, RAIN, TEXT, URL, reading, seen, swapped
from pipelines.edits import (
    FeedHead,
    atom,
    difference,
    history,
    json_feed,
    to_html,
    to_json,
    to_terminal,
    to_text,
)

ATOM = {"a": "http://www.w3.org/2005/Atom"}
HEAD = FeedHead("Edits of <Tide>", "https://archive.example/edits.atom", "https://archive.example/")
HOSTILE = "<script>alert(1)</script> & \x1b[2J\x00\u202e evil"


@pytest.fixture(scope="module")
def changes():
    later = swapped(TEXT, "12 people", "14 people")
    found = history(
        [seen(0, TEXT), seen(1, later), seen(2, status=404), seen(3, (*later, HOSTILE + " was here."))]
    )
    return [*found.edits, *found.events]


def test_atom_has_what_rfc_4287_asks_for(changes):
    feed = etree.fromstring(atom(changes, HEAD))
    for parent in (feed, *feed.findall("a:entry", ATOM)):
        for name in ("id", "title", "updated"):
            assert len(parent.findall(f"a:{name}", ATOM)) == 1
            assert parent.findtext(f"a:{name}", namespaces=ATOM)
    assert feed.findtext("a:author/a:name", namespaces=ATOM) == "newswarc"
    entries = feed.findall("a:entry", ATOM)
    ids = [entry.findtext("a:id", namespaces=ATOM) for entry in entries]
    assert len(set(ids)) == len(ids) == 4
    assert all(each.startswith("urn:uuid:") for each in ids)
    updated = [entry.findtext("a:updated", namespaces=ATOM) for entry in entries]
    assert updated == sorted(updated, reverse=True)
    assert feed.findtext("a:updated", namespaces=ATOM) == updated[0] == "2026-11-02T11:00:00Z"
    assert {link.get("rel"): link.get("href") for link in feed.findall("a:link", ATOM)} == {
        "self": HEAD.url,
        "alternate": HEAD.home,
    }
    terms = [[each.get("term") for each in entry.findall("a:category", ATOM)] for entry in entries]
    assert ["disappeared"] in terms
    assert ["substantive"] in terms


def test_the_content_of_an_entry_is_safe_html(changes):
    feed = etree.fromstring(atom(changes, HEAD))
    contents = [each for each in feed.iterfind("a:entry/a:content", ATOM) if "evil" in each.text]
    assert len(contents) == 1
    assert contents[0].get("type") == "html"
    fragment = html.fromstring(contents[0].text)
    assert fragment.findall(".//script") == []
    assert "<script>alert(1)</script>" in fragment.findtext(".//ins")
    assert not set("\x00\x1b\u202e") & set(contents[0].text)


def test_json_feed_has_what_version_1_1_asks_for(changes):
    feed = json.loads(json_feed(changes, HEAD))
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["feed_url"] == HEAD.url
    assert feed["title"] == HEAD.title
    assert len(feed["items"]) == 4
    for item in feed["items"]:
        assert item["id"]
        assert ("content_html" in item) != ("content_text" in item)
        assert item["url"] == URL
    gone = next(item for item in feed["items"] if item["tags"] == ["disappeared"])
    assert gone["_newswarc"]["reasons"] == ["404: not found"]
    assert gone["_newswarc"]["not_before"] == "2026-11-02T09:00:00Z"


def test_the_same_changes_give_the_same_bytes(changes):
    assert atom(reversed(changes), HEAD) == atom(changes, HEAD)
    assert json_feed(reversed(changes), HEAD) == json_feed(changes, HEAD)


def test_a_feed_of_nothing_is_a_feed():
    feed = etree.fromstring(atom([], FeedHead("Nothing")))
    assert feed.findtext("a:updated", namespaces=ATOM) == "1970-01-01T00:00:00Z"
    assert feed.findall("a:link", ATOM) == []
    assert json.loads(json_feed([], FeedHead("Nothing")))["items"] == []


def test_a_difference_in_all_forms():
    found = difference(reading(RAIN, DEAD), reading(RAIN, DEAD.replace("12", "14"), title="Flood & fire"))
    assert "<del>12 </del><ins>14 </ins>" in to_html(found)
    assert "&amp; fire" in to_html(found)
    assert "\x1b[31;9m12 \x1b[0m\x1b[32;4m14 \x1b[0m" in to_terminal(found)
    unified = to_text(found, names=("one", "other")).splitlines()
    assert unified[:2] == ["--- one", "+++ other"]
    assert f"-{DEAD}" in unified
    assert "+Flood & fire" in unified
    assert f" {RAIN}" in unified
    told = to_json(found)
    assert [line["fate"] for line in told["lines"]] == ["changed"]
    assert json.loads(json.dumps(told)) == told


def test_nothing_steers_the_terminal():
    found = difference(reading(RAIN), reading(RAIN, HOSTILE))
    for shown in (
        to_text(found),
        to_terminal(found).replace("\x1b[32;4m", "").replace("\x1b[0m", "").replace("\x1b[2m", ""),
    ):
        assert not set("\x00\x1b\u202e") & set(shown)


def test_lines_far_from_a_change_are_left_out():
    many = tuple(f"Sentence number {number} of a long report." for number in range(40))
    found = difference(reading(*many), reading(*many[:20], *many[21:]))
    assert "number 20 " in to_html(found)
    assert "number 19 " in to_html(found)
    assert "number 5 " not in to_html(found) + to_terminal(found) + to_text(found)
