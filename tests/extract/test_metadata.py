from datetime import UTC, date, datetime

import pytest

from pipelines.extract.moments import moment, moment_in_url
from pipelines.extract.names import people
from pipelines.extract.titles import headline, without_site

DAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("stated", "at"),
    [
        ("2026-11-23T08:15:00+08:00", datetime(2026, 11, 23, 0, 15, tzinfo=UTC)),
        ("2026-11-23T08:15:00Z", datetime(2026, 11, 23, 8, 15, tzinfo=UTC)),
        ("Mon, 23 Nov 2026 08:15:00 +0800", datetime(2026, 11, 23, 0, 15, tzinfo=UTC)),
        ("1795421700", datetime(2026, 11, 23, 8, 15, tzinfo=UTC)),
        ("1795421700000", datetime(2026, 11, 23, 8, 15, tzinfo=UTC)),
        ("posted 2026/11/23 08:15 +0800 by Ada", datetime(2026, 11, 23, 0, 15, tzinfo=UTC)),
        ("2026-11-23T08:15:00", None),
        ("2026-11-23", None),
        ("20261123", None),
        ("发布时间：2026年11月23日 08:15 来源：渔港日报", None),
        ("2026.11.23", None),
        ("November 23rd, 2026", None),
        ("23.11.2026", None),
        ("11/23/2026", None),
        ("23/11/2026 08:15", None),
        ("发布时间：26-11-2308:15", None),
        ("23 Nov. 2026", None),
    ],
)
def test_a_date_is_read_no_more_exactly_than_it_is_stated(stated, at):
    read = moment(stated, "here")
    assert read is not None
    assert (read.day, read.at, read.found) == (DAY, at, "here")


@pytest.mark.parametrize(
    "stated",
    [
        "",
        "yesterday",
        "11/12/2026",
        "26-11-23",
        "2026-13-01",
        "2026-02-31",
        "1066-10-14",
        "99999999999999",
        "12026-11-231",
        "²⁰²⁶",
    ],
)
def test_what_is_no_date_or_a_doubtful_one(stated):
    assert moment(stated, "here") is None


@pytest.mark.parametrize("path", ["/2026/11/23/clock", "/news/20261123/clock.html", "/2026-11/23/x"])
def test_a_day_in_an_address(path):
    read = moment_in_url(f"https://quay.example{path}")
    assert read is not None
    assert read.day == DAY


@pytest.mark.parametrize("path", ["/2026/13/45/clock", "/202611231/", "/id/12026112399", "/"])
def test_no_day_in_an_address(path):
    assert moment_in_url(f"https://quay.example{path}") is None


@pytest.mark.parametrize(
    ("title", "site", "bare"),
    [
        ("The slow clock | The Quay", "The Quay", "The slow clock"),
        ("The slow clock - Harbour - The Quay", "", "The slow clock"),
        ("Clock - The Quay Gazette", "The Quay Gazette", "Clock"),
        ("慢了四分钟的钟_渔港网", "", "慢了四分钟的钟"),
        ("A - B - a much longer ending of it all", "", "A - B - a much longer ending of it all"),
        ("The slow-moving clock", "", "The slow-moving clock"),
        ("", "", ""),
        ("渔港网：慢了四分钟的钟", "", "渔港网：慢了四分钟的钟"),
        ("The Quay | The slow clock", "The Quay", "The slow clock"),
        ("Clock | The Quay Gazette of all the islands", "The Quay Gazette", "Clock"),
    ],
)
def test_the_sites_name_is_cut_off(title, site, bare):
    assert without_site(title, site) == bare


def test_a_host_tells_the_sites_name():
    url = "https://www.quaynews.example/clock"
    assert without_site("Clock | Quay News and Harbour Notes", "", url) == "Clock"
    assert without_site("Clock | Quay News and Harbour Notes", "") == "Clock | Quay News and Harbour Notes"


def test_an_h1_that_is_the_host_is_not_the_headline():
    url = "https://www.adalund.example/2026/slow-clock"
    candidates = {"h1": ["adalund.example"], "line": ["Slow clock"]}
    assert headline(candidates, "adalund.example Slow clock", "", url) == "Slow clock"


def test_a_headline_that_readers_see_comes_first():
    stated = {
        "json-ld": ["The slow clock of the harbour"],
        "meta": ["Clock!"],
        "h1": ["The Quay", "The slow clock of the harbour"],
    }
    assert (
        headline(stated, "The slow clock of the harbour | The Quay", "The Quay")
        == "The slow clock of the harbour"
    )
    assert headline({"h1": ["Search"], "meta": ["The slow clock"]}, "x", "") == "The slow clock"
    assert headline({"h1": ["Only this headline"]}, "", "") == "Only this headline"


def test_a_line_that_the_title_repeats_is_the_headline():
    title = "今日渔港--慢了四分钟的钟为什么没有人敢拨"
    candidates = {"h1": ["今日渔港_渔港天气_渔港新闻"], "line": ["慢了四分钟的钟为什么没有人敢拨"]}
    assert headline(candidates, title, "") == "慢了四分钟的钟为什么没有人敢拨"


def test_an_h1_that_no_other_title_knows_is_not_the_headline():
    assert headline({"h1": ["Welcome aboard"], "meta": ["The slow clock"]}, "x", "") == "The slow clock"


@pytest.mark.parametrize(
    ("stated", "names"),
    [
        (["By Ada Lund and Grace Holm"], ("Ada Lund", "Grace Holm")),
        (["作者：沈雨、林安"], ("沈雨", "林安")),
        (["Ada Lund", "ada@quay.example.com", "https://quay.example/ada", "Ada Lund", "42"], ("Ada Lund",)),
        (["Martin King, Jr."], ("Martin King, Jr",)),
        (["翻译：林安然"], ()),
        (["Posted by: Ada Lund"], ("Ada Lund",)),
        (["BySummer Holm"], ("Summer Holm",)),
        (["Ada Lund November 23, 2026"], ("Ada Lund",)),
        (["Ada Lund, Ph.D."], ("Ada Lund, Ph.D",)),
        (["Ada Lund, Senior Harbour Reporter"], ("Ada Lund",)),
        (["June Sun", "May March", "Min Paramita"], ("June Sun", "May March", "Min Paramita")),
        (["Reply", "View profile", "3 comments", "更新于 2026-11-23"], ()),
    ],
)
def test_people(stated, names):
    assert people(stated) == names
