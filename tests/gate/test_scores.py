"""The gate: no change may make the extractor worse on the development data, nor on our own fixture pages."""

import json
from importlib import import_module

import pytest

from gate import scoring
from gate.floors import DATA, FLOORS
from pipelines.extract import Quality, extract

KNOWN = json.loads(FLOORS.read_text(encoding="utf-8"))
families = import_module("newsite.families")
PAGES = [families._expected(name, file) for name in families.NAMES for file in families._expectations(name)]
PAGE_FLOOR = 0.9
"""F1 of a fixture page: its running text alone is the gold text, headings and captions stand between."""


@pytest.fixture(scope="module")
def data():
    if not all((DATA / name).is_file() for name in scoring.SETS):
        pytest.skip(f"no development data at {DATA}: the gate looks at the fixture pages alone")
    if scoring.digest(DATA) != KNOWN["data"]:
        pytest.fail(f"{DATA} is not the data that the floors are of; set them anew with tests/gate/floors.py")
    return DATA


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_no_score_falls_below_its_floor(data):
    measured = scoring.scores(data)
    assert measured.keys() == KNOWN["floors"].keys()
    lost = {key: (measured[key], floor) for key, floor in KNOWN["floors"].items() if measured[key] < floor}
    assert not lost, f"measured below the floor: {lost}"


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_a_fixture_page_comes_out_clean(page):
    article = extract(
        page.html(), page.url("http://family.example"), headers=((b"Content-Type", page.type.encode()),)
    )
    assert scoring.f1("\n".join(page.paragraphs), article.text) >= PAGE_FLOOR
    assert [text for text in page.paragraphs if text not in article.text] == []
    assert (article.title, article.authors) == (page.title, page.authors)
    assert article.published is not None
    assert article.published.day.isoformat() == page.published[:10]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_pages_of_a_daily_come_out_whole(language):
    daily = import_module("newsite.daily").Daily(12, language=language)
    for story in daily:
        page = daily.page(story.path)
        article = extract(
            page.body, f"http://daily.example{story.path}", headers=((b"Content-Type", page.type.encode()),)
        )
        assert article.quality is Quality.FULL
        assert [text for text in story.paragraphs if text not in article.text] == []
        assert scoring.f1("\n".join(story.paragraphs), article.text) >= PAGE_FLOOR
        assert article.title == story.title
        assert article.authors == tuple(story.authors)


def test_the_measure_counts_what_is_lost_and_what_is_added():
    gold = "one two three four five six"
    assert scoring.f1(gold, gold) == 1.0
    assert scoring.f1(gold, "one two three four") == pytest.approx(2 / 4)
    assert scoring.f1(gold, f"{gold} seven eight nine") == pytest.approx(6 / 9)
    assert scoring.f1(gold, "") == 0.0
