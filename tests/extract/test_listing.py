"""Lists of other pages are told from articles, and lines that only sign and date one are no text of it."""

from importlib import import_module

import pytest

from newsite.families import family
from pipelines.extract import Quality, Rules, extract
from pipelines.extract.credits import is_credit
from pipelines.extract.explain import Fate, explain, facts
from pipelines.extract.page import open_page

TITLE = "The ferry leaves an hour late"
SENTENCES = (
    "The ferry to the island left an hour late on Monday because the harbour crane had stopped in the night.",
    "Passengers waited in the old customs house, where the kiosk handed out tea until the last bag was gone.",
    "The operator said that the spare part would arrive on Thursday and that two boats would run until then.",
)
TEXT = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
HEADLINES = [
    f"Council {word} the plan for the new quay" for word in ("hears", "mends", "drops", "keeps", "sells")
]


def page(body):
    head = f"<head><meta charset=utf-8><title>{TITLE}</title></head>"
    return f"<!DOCTYPE html><html lang=en>{head}<body>{body}</body></html>".encode()


def read(body, url="https://quay.example/a/ferry.html", rules=None):
    return extract(page(body), url, rules=rules or Rules())


def teasers(words):
    return "".join(
        f"<h2><a href=/a/{number}.html>{headline}</a></h2><p>{words}</p><time>2026-11-2{number}</time>"
        for number, headline in enumerate(HEADLINES)
    )


@pytest.mark.parametrize("language", ["en", "zh"])
def test_lists_of_a_daily_are_lists_and_its_stories_are_not(language):
    daily = import_module("newsite.daily").Daily(60, language=language)
    lists = ["/", "/topic/1/", *(f"/section/{name}/" for name in daily.sections)]
    grades = {path: extract(daily.page(path).body, f"http://daily.example{path}").quality for path in lists}
    assert set(grades.values()) == {Quality.LIST_PAGE}, grades
    for story in list(daily)[::20]:
        article = extract(daily.page(story.path).body, f"http://daily.example{story.path}")
        assert article.quality is Quality.FULL


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("ainews", "/"),
        ("audiostory", "/channel/audio.html"),
        ("bilingual", "/"),
        ("discuz", "/forum-36-1.html"),
        ("forum", "/list/3.html"),
    ],
)
def test_lists_of_the_difficult_sites_are_lists(name, path):
    listing = family(name).page(path)
    article = extract(
        listing.body, f"http://a.example{path}", headers=((b"Content-Type", listing.type.encode()),)
    )
    assert article.quality is Quality.LIST_PAGE


def test_headlines_with_their_teasers_are_a_list():
    assert read(teasers(SENTENCES[0])).quality is Quality.LIST_PAGE
    # Beneath each there is a text of its own: a page that holds several articles.
    assert read(teasers(" ".join(SENTENCES * 3))).quality is Quality.FULL


def test_a_front_page_needs_less():
    mixed = f"{teasers(SENTENCES[0])}<p>{' '.join(SENTENCES * 3)}</p>"
    assert read(mixed, "https://quay.example/").quality is Quality.LIST_PAGE
    assert read(mixed).quality is Quality.FULL
    assert read(f"<h1>{TITLE}</h1>{TEXT}", "https://quay.example/").quality is Quality.FULL


def test_an_article_among_related_headlines_is_none():
    related = "".join(f"<li><a href=/a/{at}.html>{each}</a>" for at, each in enumerate(HEADLINES))
    article = read(
        f"<h1>{TITLE}</h1>{TEXT}<p><a href=/a/9.html>{HEADLINES[0]}</a></p>{TEXT}<ul>{related}</ul>"
    )
    assert article.quality is Quality.FULL


@pytest.mark.parametrize(
    "signs",
    [
        "<p class=byline>By Anna Holm</p><time datetime='2026-11-20T08:15:00Z'>2026-11-20T08:15:00Z</time>",
        "<p class=byline>By Anna Holm, <time>2026-11-20T08:15:00Z</time></p>",
        "<p class=author>Anna Holm</p><p><time datetime='2026-11-20'>20 November 2026</time></p>",
        "<p>2026-11-20T08:15:00+01:00</p>",
    ],
)
def test_marked_lines_that_sign_and_date_are_no_text(signs):
    article = read(f"<h1>{TITLE}</h1>{signs}{TEXT}")
    assert [passage.text for passage in article.passages] == [*SENTENCES]
    assert article.published.day.isoformat() == "2026-11-20"


def test_what_says_more_or_stands_later_stays():
    last = "<p class=byline>By Anna Holm</p>"
    first = "<p class=byline>By Anna Holm, who rows to the island each summer</p>"
    text = read(f"<h1>{TITLE}</h1>{first}{TEXT}{TEXT.replace('ferry', 'boat')}{last}").text
    assert "who rows to the island" in text


@pytest.mark.parametrize(
    ("text", "credit"),
    [
        ("By Anna Holm", True),
        ("Anna Holm and Per Lund | 20 Nov 2026, 08:15 UTC", True),
        ("记者 李小河 2026年11月20日", True),
        ("In 1931", False),
        ("By", False),
        ("Anna Holm left the ferry", False),
        ("", False),
    ],
)
def test_what_is_a_credit(text, credit):
    assert is_credit(text, ("Anna Holm", "Per Lund", "李小河")) is credit


def test_each_rule_is_named_with_what_it_found():
    rules = Rules(
        "quay/1",
        take=("#story", "main"),
        drop=(".share", ".nothing"),
        title=("h1",),
        author=(".none", ".who"),
        date=("time",),
        timezone="Europe/Oslo",
    )
    body = (
        f"<h1>{TITLE}</h1><p class=who>Anna Holm</p><time>2026-11-20 08:15</time>"
        f"<div id=story>{TEXT}<p class=share>Share this</p></div>"
    )
    found = explain(open_page(page(body), "https://quay.example/a"), rules)
    steps = {each.text: (each.fate, each.step) for each in found.blocks}
    assert steps[TITLE] == (Fate.USED, "rules: title h1")
    assert steps["Anna Holm"] == (Fate.USED, "rules: author .who")
    assert steps["2026-11-20 08:15"] == (Fate.USED, "rules: date time")
    assert steps[SENTENCES[0]] == (Fate.KEPT, "rules: take #story")
    assert steps["Share this"] == (Fate.DROPPED, "rules: drop .share")
    assert facts(found)["Rules"].split("; ") == [
        "drop .share: 1 element",
        "drop .nothing: no elements",
        "take #story: 1 element",
        "title h1: 1 element",
        "author .none: no elements",
        "author .who: 1 element",
        "date time: 1 element",
        "timezone Europe/Oslo",
    ]
