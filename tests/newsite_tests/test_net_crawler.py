"""The net's oracle agrees with the parts of the crawler that decide without the network, and with Protego."""

from collections import defaultdict
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
from protego import Protego

import newsite
from crawler.scope import Reason
from crawler.sites import load_profile
from newsite_tests.naive import get

SCOPE = {"scope_host", "scope_pattern"}


@pytest.fixture(scope="module")
def net():
    net = newsite.net(articles=400, hosts=25)
    net.place(lambda address: f"http://{address}:8080/")
    return net


@pytest.fixture(scope="module")
def profiles(net, tmp_path_factory):
    folder = tmp_path_factory.mktemp("profiles")
    loaded = {}
    for name, text in net.profiles().items():
        (folder / f"{name}.toml").write_text(text, "utf-8")
        loaded[name] = load_profile(folder / f"{name}.toml")
    return loaded


def test_codes_are_reasons(net):
    reasons = {str(reason) for reason in Reason} | {"captured"}
    for outcome in (*net.expected.values(), *net.sources.values()):
        assert {outcome.code, *outcome.also} <= reasons


def test_profiles_name_the_sources(net, profiles):
    named = {source.url for profile in profiles.values() for source in profile.sources()}
    assert named <= net.sources.keys()
    listed = {
        f"{host.base}{source.path}"
        for host in net.hosts.values()
        for source in host.sources.values()
        if source.named
    }
    assert listed <= named


def test_the_scope_refuses_what_the_oracle_says(net, profiles):
    scopes = {name: profile.crawl_scope() for name, profile in profiles.items()}
    wrong = []
    for outcome in net.expected.values():
        reason = scopes[outcome.site].in_scope(outcome.url).reason
        wanted = outcome.code if outcome.code in SCOPE and not outcome.asked else None
        if reason != wanted:
            wrong.append((outcome.url, reason, wanted))
    assert wrong == []


def test_robots_forbids_what_the_oracle_says():
    net = newsite.net(articles=1000, hosts=25)
    wrong = []
    with net.running() as site:
        rules = {}
        for host in net.hosts.values():
            if host.name in ("mute", "sealed"):
                continue
            status, headers, body = get(f"{host.base}/robots.txt")
            if status == 301:
                status, _, body = get(headers["location"])
            rules[host.address] = Protego.parse(body.decode() if status == 200 else "")
        assert site.exchanges
    by_code = defaultdict(int)
    for outcome in net.expected.values():
        address = urlsplit(outcome.url).hostname
        if address not in rules or outcome.code in SCOPE | {"old", "trap"}:
            continue
        by_code[outcome.code] += 1
        if rules[address].can_fetch(outcome.url, "newswarc") != (outcome.code != "robots"):
            wrong.append(outcome.url)
    assert wrong == []
    assert by_code["robots"] > 20
    delays = {address: rule.crawl_delay("newswarc") for address, rule in rules.items()}
    assert {address: delay for address, delay in delays.items() if delay is not None} == net.rates


def test_old_is_older_than_any_cut_off_and_new_is_new():
    until = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
    net = newsite.net(articles=400, until=until)
    for host in net.hosts.values():
        for story in host.stories:
            days = (until - story.published).days
            assert days >= 3 * 365 if story.code == "old" else 0 <= days <= 10
