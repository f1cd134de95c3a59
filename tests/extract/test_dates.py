"""Which of a page's dates is of the publication, which of the last change, which one readers are shown."""

from datetime import date

import pytest

from extract.metadata_pages import page, said
from pipelines.extract.article import Moment
from pipelines.extract.dates import shown
from pipelines.extract.moments import moment, written

MAY, JUNE, JULY = date(2026, 5, 4), date(2026, 6, 9), date(2026, 7, 20)
STATED = (
    '<script type="application/ld+json">{"@type": "NewsArticle", '
    '"datePublished": "2026-05-04T09:00:00+08:00", "dateModified": "2026-06-09T09:00:00+08:00"}</script>'
)
FAQ = (
    '<script type="application/ld+json">{"@type": "FAQPage", "mainEntity": [{"@type": "Question"}]}</script>'
)


def days(source):
    about = said(source)
    first, last = about.published, about.modified
    given = shown(first, last)
    return tuple(each and each.day for each in (first, last, given))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param(page(head=STATED), (MAY, JUNE, MAY), id="nothing is shown"),
        pytest.param(
            page(head=STATED, below="<p>Updated on June 9, 2026</p>"),
            (MAY, JUNE, JUNE),
            id="the change alone",
        ),
        pytest.param(
            page(head=STATED, below="<p>June 9, 2026</p>"), (MAY, JUNE, JUNE), id="the change, without a word"
        ),
        pytest.param(
            page(head=STATED, below="<p>May 4, 2026</p><p>Updated: June 9, 2026</p>"),
            (MAY, JUNE, MAY),
            id="both",
        ),
        pytest.param(
            page(head=STATED, below="<p>Last updated July 20, 2026</p>"),
            (MAY, JULY, JULY),
            id="a later change",
        ),
        pytest.param(
            page(head=STATED, below='<p><time class="updated" datetime="2026-06-09">a week ago</time></p>'),
            (MAY, JUNE, JUNE),
            id="a change by the name of its element",
        ),
        pytest.param(
            page(head=STATED, below="<p>July 20, 2026</p>"),
            (JULY, JUNE, JULY),
            id="readers are shown another",
        ),
        pytest.param(
            page(below="<p>Updated on June 9, 2026</p>"), (None, JUNE, JUNE), id="no publication is stated"
        ),
        pytest.param(
            page(below="<p>更新于2026年6月9日 08:00</p>"),
            (JUNE, None, JUNE),
            id="the customary word in Chinese",
        ),
        pytest.param(
            page(below="<p>发布：2026-05-04</p><p>更新：2026-06-09</p>"),
            (MAY, JUNE, MAY),
            id="both in Chinese",
        ),
        pytest.param(
            page(
                below='<p><time class="entry-date published updated" datetime="2026-05-04">May 4</time></p>'
            ),
            (MAY, None, MAY),
            id="a blog's only date",
        ),
        pytest.param(page(), (None, None, None), id="none at all"),
    ],
)
def test_published_modified_and_shown(source, expected):
    assert days(source) == expected


def test_a_sentence_that_tells_of_a_day_is_no_date_of_the_article():
    line = (
        "<p>The council will vote on April 15, 2027. Whoever wants to speak should be there before noon.</p>"
    )
    assert days(page(below=line)) == (None, None, None)


def test_the_last_change_is_no_guess_at_the_publication():
    head = '<meta property="article:modified_time" content="2026-06-09T09:00:00Z">'
    assert days(page(head=head)) == (None, JUNE, JUNE)


def test_the_places_that_agree_are_named():
    about = said(page(head=STATED, below='<p>Updated <time datetime="2026-06-09">9 June</time></p>'))
    assert about.published is not None
    assert about.modified is not None
    assert (about.published.found, about.modified.found) == (
        "json-ld:datePublished",
        "json-ld:dateModified, time",
    )


def test_readers_see_the_day_of_the_pages_own_zone():
    head = '<meta property="article:published_time" content="2026-05-03T23:30:00Z">'
    about = said(page(head=head, below="<p>May 4, 2026</p>"))
    assert about.published is not None
    assert about.published.day == MAY
    assert about.published.found == "meta:article:published_time, text"


def test_questions_below_an_article_are_not_the_article():
    assert days(page(head=FAQ + STATED)) == (MAY, JUNE, MAY)


@pytest.mark.parametrize(
    ("stated", "text"),
    [
        ("2026-05-04T21:30:00-07:00", "2026-05-04T21:30:00-07:00"),
        ("2026-05-04T21:30:00", "2026-05-04"),
        ("May 4, 2026", "2026-05-04"),
        ("Mon, 04 May 2026 09:00:00 +0800", "2026-05-04T01:00:00+00:00"),
        ("Mon, 04 May 2026 01:00:00 +0800", "2026-05-04"),
        ("1777856400", "2026-05-04T01:00:00+00:00"),
    ],
)
def test_a_moment_is_written_as_exactly_as_it_is_known(stated, text):
    read = moment(stated, "here")
    assert read is not None
    assert written(read) == text


def test_a_day_shown_in_another_zone_is_written_alone():
    at = moment("2026-05-03T23:30:00Z", "here")
    assert at is not None
    assert written(Moment(MAY, at.at, at.stated, at.found)) == "2026-05-04"
