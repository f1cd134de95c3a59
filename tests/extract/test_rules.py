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
