"""Readings and sightings with few words."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from edits.generated import capture
from pipelines.edits import Reading, Sighting, reading_of
from pipelines.extract import Article, Link, Passage, PassageKind, Quality, Title
from pipelines.extract.fingerprint import fingerprint

BEGIN = datetime(2026, 11, 2, 8, tzinfo=UTC)
URL = "https://www.tide.example/2026/11/harbour-wall"

RAIN = "The river rose on Monday after a week of heavy rain in the hills above the town."
DEAD = "Officials said 12 people were killed when the old bridge gave way before dawn."
SCHOOL = "Schools in the valley will stay closed until the water has fallen below the first mark."
ROAD = "Engineers expect to open one lane of the coast road by the end of the month."
METRO = "市政府周一表示，新的地铁线路将于明年开通，票价保持不变。"
PARK = "南岸公园的改建工程已经完成，市民从周六起可以免费参观。"
TEXT = (RAIN, DEAD, SCHOOL, ROAD, METRO, PARK)


def article(*texts, title="Flood hits the valley", authors=("Ada Thornbury",), **more):
    passages = tuple(
        Passage(
            text.removeprefix("# "), "und", PassageKind.HEADING if text[:2] == "# " else PassageKind.PARAGRAPH
        )
        for text in texts
    )
    given = {
        "url": URL,
        "title": title,
        "titles": (Title(title, "en"),),
        "authors": authors,
        "passages": passages,
        "quality": Quality.FULL,
        "extractor": "newswarc/1",
        "links": tuple(
            Link(f"https://www.tide.example/{n}", text) for n, text in enumerate(more.pop("linked", ()))
        ),
    }
    made = Article(**{**given, **more})
    return replace(made, fingerprint=fingerprint(made.text))


def reading(*texts, **more) -> Reading:
    return reading_of(article(*texts, **more))


def seen(hour, what=None, *, url=URL, status=200, location="", **more) -> Sighting:
    """A capture *hour* hours after the first one that shows the article *what*, or the passages *what*."""
    shown = article(*what, url=url) if isinstance(what, tuple) else what
    payload = repr(shown).encode() if shown else b""
    made = capture(url, BEGIN + timedelta(hours=hour), payload, status=status)
    return Sighting(replace(made, **more), shown, location)


def swapped(texts, old, new):
    assert any(old in text for text in texts)
    return tuple(text.replace(old, new) for text in texts)
