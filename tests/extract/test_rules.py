from datetime import UTC, date, datetime

import pytest

from pipelines.errors import ProfileError
from pipelines.extract import Moment, Rules, extract
from pipelines.extract.counters import is_counter
from pipelines.extract.rules import checked_rules
from pipelines.extract.zones import with_zone

URL = "https://quay.example/7"
STORY = "".join(
    f"<p>This is sentence {n} of a story about the lamp on the quay, long enough for a paragraph.</p>"
    for n in range(9)
)
PAGE = f"""<html><head><title>Lamp | The Quay</title><meta name=author content="Web Desk"></head><body>
<div class=kop>The lamp went out</div>
<div class=door><b>Ada Lund</b><b>Bo Ek</b></div><div class=vert>Wu</div>
<div class=wann>23.11.2026 / 2026-11-23 08:15</div><div>{STORY}</div></body></html>"""


def test_rules_name_headline_people_and_date():
    rules = Rules(
        "quay/1", title=("h7", ".kop"), author=(".door b",), translator=(".vert",), date=(".wann",),
        timezone="Asia/Shanghai",
    )  # fmt: skip
    article = extract(PAGE.encode(), URL, rules=checked_rules(rules))
    assert article.title == article.titles[0].text == "The lamp went out"
    assert article.authors == ("Ada Lund", "Bo Ek")
    assert article.translators == ("Wu",)
    assert article.published is not None
    assert (article.published.day, article.published.found) == (date(2026, 11, 23), "rules")
    assert article.published.at == datetime(2026, 11, 23, 0, 15, tzinfo=UTC)


DATED = f"<html><title>Lamp</title><body><h1>Lamp</h1><p class=day>%s</p>{STORY}</body></html>"


@pytest.mark.parametrize(
    ("written", "form", "day", "at"),
    [
        # By itself that could be the third of April as well.
        ("Posted 03/04/2026, 08:15 by Ada", "%m/%d/%Y, %H:%M", date(2026, 3, 4), (0, 15)),
        ("Posted 03/04/2026", "%d/%m/%Y", date(2026, 4, 3), None),
        ("23 NOVEMBER 26, 8.05 PM", "%d %B %y, %I.%M %p", date(2026, 11, 23), (12, 5)),
        ("23. Nov. 2026 下午 1:02:03", "%d. %b %Y %p %I:%M:%S", date(2026, 11, 23), (5, 2, 3)),
        ("Mon, 23-11-26T12:00+0100", "%a, %d-%m-%yT%H:%M%z", date(2026, 11, 23), (11, 0)),
        ("二〇二六 23日11月2026年", "%d日%m月%Y年", date(2026, 11, 23), None),
    ],
)
def test_a_date_is_read_as_its_format_says(written, form, day, at):
    rules = Rules("quay/1", date=(".day",), date_format=("%Y!%m!%d", form), timezone="Asia/Shanghai")
    article = extract((DATED % written).encode(), URL, rules=checked_rules(rules))
    assert article.published is not None
    assert (article.published.day, article.published.found) == (day, "rules")
    assert article.published.at == (at and datetime(day.year, day.month, day.day, *at, tzinfo=UTC))


def test_a_date_that_fits_no_format_is_read_as_ever():
    rules = Rules("quay/1", date=(".day",), date_format=("%d/%m/%Y",))
    article = extract((DATED % "2026-11-23, 31/31/2026").encode(), URL, rules=rules)
    assert article.published is not None
    assert article.published.day == date(2026, 11, 23)


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ("%d/%m", "gives no whole day; write %d, %m"),
        ("%d/%m/%Y %Q", "has %Q; known are"),
        ("%d/%m/%Y/%d", "has %d twice"),
    ],
)
def test_wrong_date_formats_are_named(form, said):
    with pytest.raises(ProfileError, match=f"date_format: '{form}' {said}"):
        checked_rules(Rules(date=(".day",), date_format=(form,)))


@pytest.mark.parametrize(
    ("selector", "said"),
    [
        ("p::text", "leave '::text' or '::attr' off"),
        ("//h1/text()", "finds no elements; leave '/text\\(\\)' off"),
        ("//meta/@content", "finds no elements; leave '/@content' off"),
        ("//p[matches(., 'count(x)')]", "has no function 'matches'"),
        ("(count(//p))", "finds no elements, but float"),
        ("//svg:g", "is no selector"),
        ("//p[", "is no selector"),
    ],
)
def test_what_is_wrong_with_a_selector_is_said(selector, said):
    with pytest.raises(ProfileError, match=f"drop: .*{said}"):
        checked_rules(Rules(drop=(selector,)))


def test_functions_and_words_of_xpath_are_no_mistakes():
    for text in ("//p[contains(., 'has(no) fault')]", "//div/descendant::node()", "//b[not(text()) and (1)]"):
        checked_rules(Rules(take=(text,)))


def test_selectors_that_find_nothing_leave_what_was_found():
    bare = extract(PAGE.encode(), URL)
    ruled = extract(PAGE.encode(), URL, rules=Rules("quay/1", title=(".x",), author=(".x",), date=(".x",)))
    assert (ruled.title, ruled.authors, ruled.published) == (bare.title, bare.authors, bare.published)


@pytest.mark.parametrize("name", ["title", "author", "translator", "date"])
def test_wrong_selectors_are_named(name):
    with pytest.raises(ProfileError, match="'p::'"):
        checked_rules(Rules("quay/1", **{name: ("p::",)}))


def test_a_wrong_zone_is_named():
    with pytest.raises(ProfileError, match="'Asia/Shangai'"):
        checked_rules(Rules("quay/1", timezone="Asia/Shangai"))


@pytest.mark.parametrize(
    ("stated", "at"),
    [
        ("2026-11-23 08:15", (0, 15, 0)),
        ("2026年11月23日 8时15分", (0, 15, 0)),
        ("2026-11-23 下午 8:15:09", (12, 15, 9)),
        ("2026-11-23", None),
        ("2026-11-23 88:15", None),
    ],
)
def test_times_without_a_zone(stated, at):
    read = with_zone(Moment(date(2026, 11, 23), None, stated, "text"), "Asia/Shanghai")
    assert read.at == (at and datetime(2026, 11, 23, *at, tzinfo=UTC))


def test_a_time_with_its_zone_stays():
    exact = Moment(
        date(2026, 11, 23), datetime(2026, 11, 23, 7, tzinfo=UTC), "2026-11-23T08:00+01:00", "time"
    )
    assert with_zone(exact, "Asia/Shanghai") == exact


@pytest.mark.parametrize(
    "text",
    [
        "Posted on 2026-11-20Edited on 2026-11-21Views: 734Word count in article: 188Reading time ≈1 mins.",
        "发布于 2026年11月23日 08:15 阅读(1,203) 评论(3)",
        "Published Nov 23, 2026 · Updated Nov 24, 2026 · 5 min read",
    ],
)
def test_counters(text):
    assert is_counter(text)


@pytest.mark.parametrize(
    "text",
    ["Views differ.", "2026-11-23", "Published on 23 November by Ada", "他在评论里说，阅读是好事。", "—"],
)
def test_what_is_no_counter(text):
    assert not is_counter(text)
