"""How the hosts of profiles are asked: stricter as a profile likes, faster only with leave."""

import pytest

from crawler.config import load
from crawler.project import scrapy_settings
from crawler.sites import load_profile
from crawler.spiders.budgets import Budget

FLAGS = {"crawl.delay": "--delay", "crawl.concurrency": "--concurrency"}


@pytest.fixture
def settings(tmp_path):
    """Return the Scrapy settings for profiles that consist of a name and tables."""

    def made(*tables, environ=None, **flags):
        profiles = []
        for number, text in enumerate(tables):
            path = tmp_path / f"p{number}.toml"
            hosts, _, rest = text.partition("|")
            path.write_text(
                f'name = "p{number}"\nhome = "https://paper.example/"\nfeeds = ["/feed"]\n{hosts}\n{rest}'
            )
            profiles.append(load_profile(path))
        given = {f"crawl.{name}": value for name, value in flags.items()}
        return scrapy_settings(load(given, environ=environ or {}), profiles)

    return made


@pytest.mark.parametrize(
    ("table", "held"),
    [
        ("", {}),
        ("delay = 5", {"delay": 5.0}),
        ("delay = 0.1", {"delay": 1.0}),
        ('delay = 0.1\nloosen = "they said so"', {"delay": 0.1}),
        ('delay = 0.1\nloosen = "  "', {"delay": 1.0}),
        ("concurrency = 1", {"concurrency": 1}),
        ("concurrency = 90", {"concurrency": 4}),
        ('concurrency = 90\nloosen = "they said so"', {"concurrency": 90}),
        ('robots = "ignore"\nloosen = "they said so"', {"robots": "ignore"}),
        ('crawl_delay = "ignore"\nloosen = "they said so"', {"crawl_delay": "ignore"}),
    ],
)
def test_a_profile_tightens_and_loosens_only_with_leave(settings, table, held):
    found = settings(f"|[politeness]\n{table}")["POLITENESS"]
    assert found == ({"paper.example": held} if held else {})


def test_a_flag_wins_over_the_profile_and_a_file_or_variable_does_not(settings):
    table = "|[politeness]\ndelay = 5\nconcurrency = 1"
    assert settings(table, delay=0.5)["POLITENESS"] == {"paper.example": {"concurrency": 1}}
    assert settings(table, concurrency=9)["POLITENESS"] == {"paper.example": {"delay": 5.0}}
    by_variable = settings(table, environ={"NEWSWARC_CRAWL__DELAY": "0.5"})["POLITENESS"]
    assert by_variable == {"paper.example": {"delay": 5.0, "concurrency": 1}}


def test_patterns_and_ports_are_hosts_without_ports(settings):
    hosts = 'hosts = ["*.paper.example", "paper.example:8080", "[::1]:8080"]'
    found = settings(f"{hosts}|[politeness]\ndelay = 5")["POLITENESS"]
    assert set(found) == {"*.paper.example", "paper.example", "[::1]"}


def test_of_several_sites_on_a_host_the_strictest_holds(settings):
    leave = '|[politeness]\ndelay = 0.1\nrobots = "ignore"\nloosen = "for our own pages"'
    assert settings(leave)["POLITENESS"]["paper.example"] == {"delay": 0.1, "robots": "ignore"}
    # The leave of one is none for the pages of the other.
    assert settings(leave, "")["POLITENESS"] == {"paper.example": {"delay": 1.0}}
    both = settings("|[politeness]\ndelay = 3\nconcurrency = 2", "|[politeness]\ndelay = 2\nconcurrency = 1")
    assert both["POLITENESS"] == {"paper.example": {"delay": 3.0, "concurrency": 1}}


def test_budgets_are_those_of_the_profile_or_else_the_configurations(settings):
    found = settings("|[budget]\npages = 7", host_bytes=1000)["HOST_BUDGETS"]
    assert found == {"paper.example": Budget(7, 1000, None)}
    both = settings("|[budget]\npages = 7\ntime = 9", "|[budget]\npages = 5")["HOST_BUDGETS"]
    assert both == {"paper.example": Budget(5, None, 9.0)}
    assert settings("")["HOST_BUDGETS"] == {}
