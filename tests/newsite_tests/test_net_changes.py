"""The net while it is crawled: what is announced, edited, removed and moved; hosts that ask for patience."""

import threading
import time
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from itertools import pairwise

import pytest

import newsite
from newsite_tests.naive import announced, get, text_of


@pytest.fixture
def net():
    # Its own for each test: they change it.
    return newsite.net(articles=300)


@pytest.fixture
def site(net):
    with net.running() as site:
        yield site


def of(net, name):
    (host,) = (host for host in net.hosts.values() if host.name == name)
    return host.base, host


def test_new_stories_are_announced_on_every_host(net, site):
    net.calm()
    before = {outcome.same_page for outcome in net.expected.values()}
    new = {host.name: net.announce(host.address, 3) for host in net.hosts.values() if host.name != "adserver"}
    found = defaultdict(list)
    for outcome in net.expected.values():
        found[outcome.same_page].append(outcome)
    # A board announces more of a thread than its first page.
    assert found.keys() - before >= {url for urls in new.values() for url in urls}
    assert {len(urls) for urls in new.values()} == {3}
    for url, *_ in new.values():
        outcome = found[url][0]
        assert not outcome.asked or get(url)[0] == 200
        assert all(outcome.url in announced(get(source)[2], source) for source in outcome.sources)


def test_new_stories_change_signs_of_change(net, site):
    base, host = of(net, "nested")
    _, headers, body = get(f"{base}/maps/c.xml")
    since = {"If-Modified-Since": headers["last-modified"]}
    assert get(f"{base}/maps/c.xml", **since)[0] == 304
    net.announce(host.address, 3)
    status, later, changed = get(f"{base}/maps/c.xml", **since)
    assert (status, body == changed) == (200, False)
    assert parsedate_to_datetime(later["last-modified"]) > parsedate_to_datetime(headers["last-modified"])


def test_what_is_announced_has_the_time_that_is_said(net, site):
    base, host = of(net, "news")
    at = datetime(2027, 1, 2, 3, 4, 5, tzinfo=UTC)
    (url,) = net.announce("news", 1, at=at)
    assert host.stories[0].published == at
    item = text_of(get(f"{base}/news.xml")[2]).split(url)[1]
    assert "2027-01-02T03:04:05Z" in item.split("</url>")[0]


def test_an_edit_changes_page_and_feed(net, site):
    base, host = of(net, "slow")
    url = base + host.stories[2].path
    _, headers, body = get(url)
    feed = text_of(get(f"{base}/feed.xml")[2])
    before = host.stories[2].updated
    net.edit(url)
    assert host.stories[2].updated > before
    status, later, changed = get(url, **{"If-None-Match": headers["etag"]})
    assert (status, body == changed, headers["etag"] == later["etag"]) == (200, False, False)
    assert "<atom:updated>" not in feed
    (item,) = (
        item for item in text_of(get(f"{base}/feed.xml")[2]).split("</item>") if "<atom:updated>" in item
    )
    assert url in item
    net.edit(url, at=before - timedelta(days=1))
    assert host.stories[2].updated > before


def test_a_story_disappears_moves_and_comes_back(net, site):
    base, host = of(net, "gbk")
    one, two, three = (base + story.path for story in host.stories[:3])
    net.remove(one)
    net.remove(two, status=410)
    target = net.move(three)
    assert [get(url)[0] for url in (one, two, three, target)] == [404, 410, 302, 200]
    expected = net.expected
    assert [expected[url].code for url in (one, two, three)] == ["gone", "gone", "captured"]
    assert expected[three].target == target == get(three)[1]["location"]
    net.repair(one)
    assert (get(one)[0], net.expected[one].code) == (200, "captured")
    with pytest.raises(KeyError):
        net.remove(f"{base}/nothing")


def test_any_address_of_a_story_names_it(net, site):
    base, _ = of(net, "board")
    net.remove(f"{base}/viewthread.php?tid=3&extra=page%3D1")
    assert get(f"{base}/thread-3-1-1.html")[0] == 404
    assert {each.code for each in net.expected.values() if each.same_page == f"{base}/thread-3-1-1.html"} == {
        "gone"
    }


@pytest.mark.parametrize("name", ["throttle", "throttledate"])
def test_a_host_asks_for_patience(net, site, name):
    base, host = of(net, name)
    urls = [base + story.path for story in host.stories]
    assert [get(url)[0] for url in urls[:5]] == [200, 200, 200, 200, 429]
    status, _, _ = get(urls[5])
    assert (status, list(net.impatient())) == (429, [host.address])
    after = get(urls[5])[1]["retry-after"]
    assert after == "1"
    asked = next(
        each for each in site.exchanges_of(host.address) if each.response.startswith(b"HTTP/1.1 429")
    )
    said = asked.response.split(b"Retry-After: ")[1].split(b"\r\n")[0].decode()
    until = asked.at + 1 if name == "throttle" else parsedate_to_datetime(said).timestamp()
    assert 0.9 < until - asked.at < 2.1
    time.sleep(max(0, until - time.time()) + 0.01)
    before = len(host.impatient)
    assert get(urls[5])[0] == 200
    assert len(host.impatient) == before
    net.reset()
    assert net.impatient() == {}


def test_a_host_fails_for_a_while(net, site):
    base, host = of(net, "shaky")
    with pytest.raises(ConnectionResetError):
        get(f"{base}/feed.xml")
    assert [get(f"{base}/feed.xml")[0] for _ in range(2)] == [503, 200]
    assert [get(base + host.stories[0].path)[0] for _ in range(3)] == [503, 503, 200]
    net.reset()
    assert get(base + host.stories[0].path)[0] == 503


def test_changes_while_it_is_asked(net, site):
    base, host = of(net, "news")
    failed = []

    def ask():
        while not ended.is_set():
            status, _, body = get(f"{base}/news.xml")
            links = announced(body, f"{base}/news.xml")
            if status != 200 or len(links) < 14:
                failed.append((status, len(links)))

    ended = threading.Event()
    asking = [threading.Thread(target=ask) for _ in range(3)]
    for thread in asking:
        thread.start()
    for _ in range(20):
        (url,) = net.announce("news", 1)
        net.edit(url)
    assert url in net.expected
    ended.set()
    for thread in asking:
        thread.join()
    assert failed == []
    assert len(announced(get(f"{base}/news.xml")[2], base)) == len(host.stories)


def test_the_journal_tells_the_pace_of_a_host(net, site):
    base, host = of(net, "slow")
    other, _ = of(net, "gbk")
    for story in host.stories[:4]:
        get(base + story.path)
        get(f"{other}/rss.xml")
        time.sleep(0.03)
    begun = [exchange.at for exchange in site.exchanges_of(host.address)]
    assert len(begun) == 4
    assert begun == sorted(begun)
    gaps = [later - earlier for earlier, later in pairwise(begun)]
    assert 0.03 <= min(gaps) < net.rates[host.address]
    assert site.exchanges_of("127.0.0.99") == []
