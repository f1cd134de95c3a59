import re
from dataclasses import replace

import pytest

from crawler.discovery import Kind, discover, signature

URL = "https://www.paper.example/feed"
ITEMS = [
    """<item><title>Tide</title><link>https://www.paper.example/1</link><guid>a</guid>
    <pubDate>Mon, 23 Nov 2026 10:00:00 GMT</pubDate></item>""",
    "<item><title>Moon</title><link>https://www.paper.example/2</link></item>",
]


def of(text: str, url: str = URL) -> str:
    return signature(discover(text.encode(), url))


def rss(*items: str, head: str = "") -> str:
    return f"<rss><channel><title>P</title>{head}{''.join(items)}</channel></rss>"


def test_a_signature_is_64_hexadecimal_digits():
    assert re.fullmatch("[0-9a-f]{64}", of(rss(*ITEMS)))


@pytest.mark.parametrize(
    "same",
    [
        rss(*reversed(ITEMS)),
        rss(*ITEMS, ITEMS[0]),
        rss(*ITEMS, head="<lastBuildDate>Mon, 23 Nov 2026 18:05:00 GMT</lastBuildDate><ttl>5</ttl>"),
        "<!-- served by node 7 at 18:05:01 -->" + rss(*ITEMS),
        rss(*ITEMS).replace("><", ">\n  <"),
        rss(*ITEMS).replace("10:00:00 GMT", "18:00:00 +0800"),
        rss(*ITEMS).replace("/2<", "/2?utm_source=rss&amp;fbclid=x<"),
        rss(*ITEMS).replace("/1<", "/1?token=x<"),
    ],
)
def test_what_is_announced_is_the_same(same):
    assert of(same) == of(rss(*ITEMS))


@pytest.mark.parametrize(
    "other",
    [
        rss(ITEMS[0]),
        rss(*ITEMS, "<item><link>/3</link></item>"),
        rss(*ITEMS).replace("Tide", "High tide"),
        rss(*ITEMS).replace("10:00:00", "10:00:01"),
        rss(*ITEMS).replace("<guid>a", "<guid>b"),
        rss(*ITEMS).replace("/2<", "/2?page=2<"),
        rss(*ITEMS, head="<link rel='next' href='?page=2'/>"),
        "",
    ],
)
def test_what_is_announced_is_another(other):
    assert of(other) != of(rss(*ITEMS))


def test_an_update_changes_it():
    entry = "<feed><entry><id>a</id><link href='/1'/><updated>2026-11-{}</updated></entry></feed>"
    assert of(entry.format(23)) != of(entry.format(24))


def test_an_index_changes_with_its_sitemaps():
    index = "<sitemapindex><sitemap><loc>/s.xml</loc><lastmod>2026-11-{}</lastmod></sitemap></sitemapindex>"
    assert of(index.format(23)) == of(index.format(23).replace("/s.xml", " /s.xml\n"))
    assert of(index.format(23)) != of(index.format(24))


def test_advertisements_and_tokens_of_a_page_do_not_count():
    page = (
        "<html><body data-token={0}><a href='/1'>A</a><a href='https://sport.paper.example/2?spm={0}'>B</a>"
        "<a href='https://ads.example/{0}'>Buy</a><script>{0}</script></body></html>"
    )
    assert of(page.format(1)) == of(page.format(2))
    assert of(page.format(1)) != of(page.format(1).replace("'/1'", "'/3'"))


def test_what_was_not_whole_and_the_kind_say_nothing():
    found = discover(rss(*ITEMS).encode(), URL)
    assert signature(replace(found, complete=False, title="Q", language="en")) == signature(found)
    assert signature(replace(found, kind=Kind.UNKNOWN)) == signature(found)
