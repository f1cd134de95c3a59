"""Feeds that are cut, crossed, wrongly declared or out of all proportion."""

from time import process_time

import pytest

from crawler.discovery import Kind, Source, discover
from crawler.ledger import Ledger
from crawler.spiders.sources import is_unfit
from crawler.state import Database

URL = "https://paper.example/rss/all.xml"


def rss(*items: str) -> bytes:
    return f"<rss version='2.0'><channel><title>Paper</title>{''.join(items)}</channel></rss>".encode()


DESCRIPTIONS = {
    "line breaks": "tide<br>" * 300,
    "thousands of line breaks": "tide<br>" * 3_000,
    "paragraphs": "<p>tide" * 300,
    "depth": "<div>" * 300 + "</div>" * 300,
    "crossed tags": "<b><i>tide</b></i>",
    "an item that is quoted": "<![CDATA[<item><link>no</link></item>]]>",
}


@pytest.mark.parametrize("description", DESCRIPTIONS)
@pytest.mark.parametrize("damaged", [range(10), range(1, 2)], ids=["in all", "in one"])
def test_what_stands_in_a_description_hides_no_item(description, damaged):
    items = (
        f"<item><description>{DESCRIPTIONS[description] * (number in damaged)}</description>"
        f"<link>/{number}</link></item>"
        for number in range(10)
    )
    found = discover(rss(*items), URL)
    assert [each.url for each in found.urls] == [f"https://paper.example/{number}" for number in range(10)]
    assert found.complete


def test_a_long_text_hides_no_item():
    items = (
        f"<item><description>{'x' * 11_000_000}</description><link>/{number}</link></item>"
        for number in range(2)
    )
    assert [each.url for each in discover(rss(*items), URL).urls] == [
        "https://paper.example/0",
        "https://paper.example/1",
    ]


def test_an_item_that_cannot_be_read_is_told():
    deep = f"<item>{'<div>' * 5_000}{'</div>' * 5_000}<link>/2</link></item>"
    found = discover(rss("<item><link>/1</link></item>", deep), URL)
    assert [each.url for each in found.urls] == ["https://paper.example/1"]
    assert (found.complete, found.entries) == (False, 2)


def test_an_item_that_has_no_address_is_not_missing():
    found = discover(rss("<item><link>/1</link></item>", "<item><title>none</title></item>"), URL)
    assert (len(found.urls), found.complete, found.entries) == (1, True, 2)


REPEATED = ["<item>", "<![CDATA[", "<!--", "<a:item ", "<item><link>/1", "<b></i>", "]]>-->", "<!DOCTYPE ["]


def test_the_time_that_markup_takes_grows_with_its_length_alone():
    def seconds(length: int) -> float:
        begun = process_time()
        for part in REPEATED:
            for head in ("", "<rss><channel>", "<rss><item>", "<urlset>"):
                for end in ("", "</item>"):
                    discover(f"{head}{part * (length // len(part))}{end}".encode(), URL)
        return process_time() - begun

    seconds(1_000)
    # Four times the length, which would be 16 times the work if each part were looked at from every other.
    assert seconds(24_000) < 9 * seconds(6_000)


@pytest.mark.parametrize("charset", ["utf-16", "UTF-16LE", "utf-32", "ucs-2"])
def test_utf_8_that_is_called_wide_is_read_as_utf_8(charset):
    feed = rss("<item><title>港湾</title><link>/1</link></item>")
    declared = f"<?xml version='1.0' encoding='{charset}'?>".encode() + feed
    for payload, content_type in ((declared, ""), (feed, f"text/xml; charset={charset}")):
        (found,) = discover(payload, URL, content_type=content_type).urls
        assert (found.url, found.title) == ("https://paper.example/1", "港湾")


@pytest.mark.parametrize("page", ["<div><a\nhref='/1'>One</a></div>", "<p><A HREF='/1'>One</A>"])
def test_a_part_of_a_page_is_one(page):
    found = discover(page.encode(), URL)
    assert (found.kind, [each.url for each in found.urls]) == (Kind.SECTION, ["https://paper.example/1"])


def test_a_feed_whose_entries_have_no_address_was_not_read(tmp_path):
    with Database(f"sqlite:///{tmp_path / 'state.db'}") as database:
        ledger = Ledger(database, "news")
        site = ledger.site("paper", "https://paper.example/")
        (source,) = ledger.enter_sources(site, [Source(URL, Kind.FEED)])
    assert is_unfit(source, discover(rss("<item><guid>12345</guid></item>"), URL))
    assert not is_unfit(source, discover(rss(), URL))
    assert not is_unfit(source, discover(rss("<item><link>/1</link></item>"), URL))
