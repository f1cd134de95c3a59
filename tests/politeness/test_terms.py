import pytest
from scrapy.settings import Settings

from crawler.politeness.terms import HostTerms, Terms
from pipelines.errors import ConfigError

DEFAULT = Terms(delay=1.0, concurrency=4)


def test_each_value_comes_from_the_most_specific_entry_that_has_it():
    terms = HostTerms(
        {
            "*": {"delay": 2.0, "robots": "obey"},
            "*.paper.example": {"delay": 3, "concurrency": 2, "crawl_delay": "ignore"},
            "*.cdn.paper.example": {"delay": 0},
            "a.cdn.paper.example": {"robots": "ignore"},
        },
        DEFAULT,
    )
    assert terms["other.example"] == Terms(2.0, 4)
    assert terms["paper.example"] == terms["www.paper.example"] == Terms(3.0, 2, True, True, False)
    assert terms["b.cdn.paper.example"] == Terms(0.0, 2, True, True, False)
    assert terms["a.cdn.paper.example"] == Terms(0.0, 2, True, False, False)
    assert terms["newspaper.example"] == Terms(2.0, 4)


def test_hosts_are_compared_as_dns_does():
    terms = HostTerms(
        {"Zeitung.Example.": {"delay": 5}, "*.报纸.example": {"delay": 6}, "[::1]": {"delay": 7}}, DEFAULT
    )
    assert terms["zeitung.example"].delay == 5
    assert terms["www.xn--4ruw83d.example"].delay == 6
    assert terms["::1"].delay == 7


def test_scrapys_own_settings_hold_where_ours_say_nothing():
    settings = Settings(
        {
            "DOWNLOAD_DELAY": 4,
            "CONCURRENT_REQUESTS_PER_DOMAIN": 3,
            "ROBOTSTXT_OBEY": False,
            "DOWNLOAD_SLOTS": {"a.example": {"delay": 9, "concurrency": 2}, "b.example": {"delay": 8}},
            "POLITENESS": {"*.example": {"delay": 1, "robots": "obey"}, "b.example": {"delay": 7}},
        }
    )
    terms = HostTerms.from_settings(settings)
    assert terms["c.test"] == Terms(4.0, 3, False, False, True)
    assert terms["a.example"] == Terms(9.0, 2, True, True, True)
    assert terms["b.example"] == Terms(7.0, 3, False, True, True)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            {"delays": 1},
            r"delays = 1 for 'a.example' is not accepted; the keys are delay, concurrency, robots",
        ),
        ({"delay": -1}, r"delay = -1 .* it takes a number, at least 0"),
        ({"delay": True}, "delay = True"),
        ({"delay": float("nan")}, "delay = nan"),
        ({"concurrency": 0}, "at least 1"),
        ({"robots": "maybe"}, "robots = 'maybe' .* it takes one of obey, ignore"),
    ],
)
def test_what_is_not_accepted_is_named(given, message):
    with pytest.raises(ConfigError, match=message):
        HostTerms({"a.example": given}, DEFAULT)
