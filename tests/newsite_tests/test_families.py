"""The expectations hold of the pages as served."""

import json
import re
from datetime import datetime
from html import unescape
from xml.etree import ElementTree as ET

import pytest

import newsite

FAMILIES = newsite.families()
CASES = [case for family in FAMILIES.values() for case in family.cases]


def served(case):
    charset = newsite.family(case.family).charset
    return unescape(case.html().decode(charset))


def visible(html):
    """Text with tags and markup between sentences taken out."""
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_page_holds_what_is_expected_of_it(case):
    html = served(case)
    if case.family == "audiostory":
        blob = json.JSONDecoder().raw_decode(html[html.index('{"text":[[') :])[0]
        blank = "" if "zh" in case.languages else " "
        rows = [blank.join(segment["text"].strip() for segment in row) for row in blob["text"]]
        assert tuple(rows) == case.paragraphs
        assert [[segment["start"] for segment in row] for row in blob["text"]] == case.extra["starts"]
        assert blob["url"] == case.extra["audio"]
    else:
        text, at = visible(html), 0
        for paragraph in case.paragraphs:
            at = text.index(paragraph, at) + len(paragraph)
    assert case.title in html
    assert (case.title_other or "") in html
    assert all(author in html for author in case.authors)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_what_must_be_absent_is_in_the_page_but_not_in_its_text(case):
    html = served(case)
    text = "\n".join((case.title, case.title_other or "", *case.paragraphs))
    assert [unwanted for unwanted in case.absent if unwanted not in html] == []
    assert [unwanted for unwanted in case.absent if unwanted in text] == []


@pytest.mark.parametrize("case", CASES, ids=str)
def test_times_carry_their_offset_and_the_date_stands_in_the_page(case):
    at = datetime.fromisoformat(case.published)
    assert at.tzinfo is not None
    if case.family == "audiostory":
        assert f'data-time="{int(at.timestamp())}"' in served(case)
    shown = {
        f"{at:%Y-%m-%d}",
        f"{at.year}-{at.month}-{at.day}",
        f"{at.year}年{at.month}月{at.day}日",
        f"{at:%Y年%m月%d日}",
    }
    assert any(form in served(case) for form in shown)


def test_every_family_has_two_pages():
    assert {name: len(family.cases) >= 2 for name, family in FAMILIES.items()} == dict.fromkeys(
        FAMILIES, True
    )


def test_the_forum_shows_the_article_twice():
    for case in newsite.family("forum").cases:
        assert all(served(case).count(paragraph) >= 2 for paragraph in case.paragraphs)


def test_discuz_is_gb18030_and_has_many_addresses_for_a_thread():
    family = newsite.family("discuz")
    for case in family.cases:
        assert case.type == "text/html; charset=gbk"
        with pytest.raises(UnicodeDecodeError):
            case.html().decode("utf-8")
        assert [family.page(path).body for path in case.extra["also"]] != []
        for path in case.extra["also"]:
            assert family.page(path).body == case.html()


@pytest.mark.parametrize("family", FAMILIES.values(), ids=lambda family: family.name)
def test_the_front_page_and_the_feed_lead_to_the_articles(family):
    front = family.page("/", base="http://x.example").body.decode(family.charset)
    # Discuz! writes its links relative to <base>.
    assert all(case.path.lstrip("/") in unescape(front) for case in family.cases)
    for path in ("/rss/audio", "/rss/", "/feed/", "/sitemap.xml"):
        if page := family.page(path, base="http://x.example"):
            ET.fromstring(page.body)
            assert all(f"http://x.example{case.path}" in page.body.decode() for case in family.cases)


def test_an_unknown_family():
    with pytest.raises(ValueError, match="audiostory"):
        newsite.family("nobody")
