"""Known edits among churn, through the real extractor: all of them are found, and none is invented."""

from itertools import pairwise

import pytest

from edits.generated import GRADES, fixture
from pipelines.edits import grouped, histories
from pipelines.edits.sighting import page_key


def check(made):
    sightings = made.sightings()
    groups = grouped(sightings)
    texts = [each.article.text for group in groups.values() for each in group if each.article]
    assert sum(one != other for one, other in pairwise(texts)) > 5 * len(made.edits), "no churn came through"
    found = dict(histories(sightings))
    edits = {
        (key, edit.after.first.capture.timestamp): edit for key, each in found.items() for edit in each.edits
    }
    wanted = {(page_key(known.page), known.timestamp): known.kind for known in made.edits}
    assert {place: kind for place, kind in wanted.items() if place not in edits} == {}
    assert {place: edit.reasons for place, edit in edits.items() if place not in wanted} == {}
    graded = {place: (kind, edits[place].grades) for place, kind in wanted.items()}
    assert {place: each for place, each in graded.items() if each[1][0] != GRADES[each[0]]} == {}
    events = {
        (key, event.sighting.capture.timestamp, str(event.kind))
        for key, each in found.items()
        for event in each.events
        if event.kind not in {"returned", "opened"}
    }
    assert events == {(page_key(url), timestamp, kind) for url, timestamp, kind in made.events}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_edit_is_found_and_none_invented(seed):
    check(fixture(24, 13, seed))


@pytest.mark.slow
def test_forty_edits_among_two_hundred_articles():
    made = fixture(200, 40, 11, captures=3)
    assert len(made.edits) == 40
    check(made)
