import random

import pytest

from edits.making import DEAD, RAIN, ROAD, SCHOOL, TEXT, URL, article, seen, swapped
from pipelines.edits import grouped, history
from pipelines.extract import Quality
from pipelines.model import Truncation

LATER = swapped(TEXT, "12 people", "14 people")
UNLIKE = (
    "公园里的湖面今年冬天没有结冰，老人们仍然每天清晨来此散步。",
    "Nobody had seen the keeper of the lighthouse since the first snow fell on the island.",
)
WALL = article(RAIN, quality=Quality.PREVIEW, reasons=("says: subscribe to read",))


def told(*sightings, **more):
    """The grades of edits and the kinds of events, each with the hour of the capture that showed it."""
    found = history(sightings, **more)
    rows = [(edit.at.hour - 8, str(edit.grade)) for edit in found.edits]
    return sorted([*rows, *((event.at.hour - 8, str(event.kind)) for event in found.events)])


def test_versions_hold_the_captures_that_showed_them():
    found = history([seen(0, TEXT), seen(1, TEXT), seen(2, LATER), seen(3, LATER), seen(4, TEXT)])
    spans = [(v.number, v.first.at.hour, v.last.at.hour, v.captures, v.restores) for v in found.versions]
    assert spans == [(1, 8, 9, 2, None), (2, 10, 11, 2, None), (3, 12, 12, 1, 1)]
    assert [edit.grade for edit in found.edits] == ["substantive", "restored"]
    assert [edit.after for edit in found.edits] == list(found.versions[1:])


@pytest.mark.parametrize("status", [404, 410, 451])
def test_a_page_goes_and_comes_back(status):
    gone = (seen(1, status=status), seen(2, status=status))
    assert told(seen(0, TEXT), *gone, seen(3, TEXT)) == [(1, "disappeared"), (3, "returned")]
    assert told(seen(0, TEXT), *gone, seen(3, LATER)) == [
        (1, "disappeared"),
        (3, "returned"),
        (3, "substantive"),
    ]


@pytest.mark.parametrize(
    ("kind", "quality"),
    [
        ("walled", Quality.PREVIEW),
        ("walled", Quality.LOGIN_STUB),
        ("walled", Quality.CONSENT_WALL),
        ("walled", Quality.CHALLENGE),
        ("disappeared", Quality.ERROR_PAGE),
        ("disappeared", Quality.EMPTY),
    ],
)
def test_what_stands_in_the_way_is_no_version(kind, quality):
    back = "opened" if kind == "walled" else "returned"
    bad = article(RAIN, quality=quality)
    assert told(seen(0, TEXT), seen(1, bad), seen(2, bad), seen(3, TEXT)) == [(1, kind), (3, back)]
    assert told(seen(0, bad), seen(1, TEXT)) == []


@pytest.mark.parametrize(
    "unclear",
    [
        seen(1, status=500),
        seen(1, status=429),
        seen(1, article(RAIN), status=503),
        seen(1, article(RAIN), truncated=Truncation.LENGTH),
        seen(1, article(RAIN, reasons=("payload:truncated",))),
        seen(1, article(RAIN, quality=Quality.LIST_PAGE)),
        seen(1, status=301, location=URL.replace("https", "http") + "?utm_source=x"),
    ],
)
def test_what_says_nothing_of_the_article_is_nothing(unclear):
    assert told(seen(0, TEXT), unclear, seen(2, TEXT)) == []


def test_redirects_home_and_elsewhere_are_disappearances():
    assert told(seen(0, TEXT), seen(1, status=302, location="/")) == [(1, "disappeared")]
    assert told(seen(0, TEXT), seen(1, status=301, location="/2026/other-story")) == [(1, "disappeared")]


def test_an_article_that_moved_goes_on_at_its_new_address():
    new = "https://www.tide.example/2026/11/the-wall-at-the-harbour"
    every = [
        seen(0, TEXT),
        seen(1, status=301, location=new),
        seen(2, TEXT, url=new),
        seen(3, LATER, url=new),
    ]
    (group,) = grouped(every).values()
    assert told(*group) == [(1, "moved"), (3, "substantive")]


def test_a_redirect_to_an_unlike_article_does_not_join_them():
    other = "https://www.tide.example/2026/11/park"
    every = [seen(0, TEXT), seen(1, status=301, location=other), seen(2, UNLIKE, url=other)]
    groups = grouped(every)
    assert len(groups) == 2
    assert [told(*group) for group in groups.values()] == [[(1, "disappeared")], []]


def test_addresses_of_one_page_are_one_article_and_canonical_is_believed_only_of_like_texts():
    forms = ["?utm_source=feed", "/amp", "?print=1"]
    assert len(grouped([seen(n, TEXT, url=URL + form) for n, form in enumerate(["", *forms])])) == 1
    short = "https://www.tide.example/s/9"
    alike = seen(1, article(*TEXT, url=short, canonical_url=URL), url=short)
    assert len(grouped([seen(0, TEXT), alike])) == 1
    unlike = seen(1, article(*UNLIKE, url=short, canonical_url=URL), url=short)
    assert len(grouped([seen(0, TEXT), unlike])) == 2
    assert grouped([seen(0, TEXT, url="https://www.tide.example/")]) == {}


def test_another_form_of_the_page_is_no_edit_and_an_edit_in_both_is_one():
    amp = URL + "/amp"
    brief, brief_later = TEXT[:4], LATER[:4]
    assert told(seen(0, TEXT), seen(1, brief, url=amp), seen(2, TEXT), seen(3, brief, url=amp)) == []
    both = (
        seen(0, TEXT),
        seen(1, brief, url=amp),
        seen(2, LATER),
        seen(3, brief_later, url=amp),
        seen(4, LATER),
    )
    assert told(*both) == [(2, "substantive")]
    cut = (TEXT[0].replace(" in the hills above the town", ""), TEXT[2], TEXT[1], TEXT[3])
    assert told(seen(0, TEXT), seen(1, cut, url=amp), seen(2, TEXT)) == []
    assert told(seen(0, TEXT), seen(1, brief_later, url=amp), seen(2, LATER)) == [(1, "substantive")]
    first = (seen(0, TEXT), seen(1, brief, url=amp), seen(2, brief_later, url=amp), seen(3, LATER))
    assert told(*first) == [(2, "substantive")]


def test_another_extractor_is_no_editor():
    newer = {"extractor": "newswarc/2"}
    more = article(*TEXT, "A caption that the older one left out.", **newer)
    assert told(seen(0, TEXT), seen(1, more)) == []
    assert told(seen(0, TEXT), seen(1, article(*LATER, **newer))) == [(1, "substantive")]
    reread = {0: more, 1: article(*more.text.split("\n\n"), ROAD.replace("coast", "hill"), **newer)}
    captures = seen(0, TEXT), seen(1, reread[1])
    assert told(*captures, again=lambda sighting: reread[sighting.at.hour - 8]) == [(1, "appended")]


def test_a_404_of_another_form_is_no_disappearance():
    assert told(seen(0, TEXT), seen(1, status=404, url=URL + "/amp"), seen(2, TEXT)) == []


def test_the_order_in_which_captures_come_does_not_matter():
    every = [seen(0, TEXT), seen(1, LATER), seen(2, status=404), seen(3, TEXT), seen(4, WALL)]
    wanted = history(every)
    assert len(wanted.edits) == 2
    for seed in range(5):
        random.Random(seed).shuffle(every)
        assert history(every) == wanted


def test_nothing_gives_nothing():
    assert history([]).versions == ()
    assert told(seen(0, status=404), seen(1, (SCHOOL, DEAD))) == []
