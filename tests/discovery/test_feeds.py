from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from crawler.discovery import AnnouncedUrl, Kind, Source, discover

URL = "https://paper.example/rss/all.xml"


def rss(*items: str, head: str = "", root: str = "<rss version='2.0'>") -> bytes:
    return f"{root}<channel><title>Paper</title>{head}{''.join(items)}</channel></rss>".encode()


def urls(payload: bytes, **keywords) -> list[str]:
    return [each.url for each in discover(payload, URL, **keywords).urls]


def test_rss_keeps_what_it_says_of_an_item():
    item = (
        "<item><title><![CDATA[Tide & <b>time</b>]]></title><link>https://paper.example/a?x=1&amp;y=2</link>"
        "<guid isPermaLink='false'>id-1</guid><pubDate>Mon, 23 Nov 2026 18:05:00 +0800</pubDate>"
        "<dc:language xmlns:dc='d'>en</dc:language><category>World</category><category>Sea</category></item>"
    )
    found = discover(rss(item, head="<language>zh-cn</language>"), URL)
    assert (found.kind, found.title, found.language, found.complete) == (Kind.FEED, "Paper", "zh-cn", True)
    assert found.urls == (
        AnnouncedUrl(
            url="https://paper.example/a?x=1&y=2",
            source=URL,
            kind=Kind.FEED,
            title="Tide & time",
            published=datetime(2026, 11, 23, 10, 5, tzinfo=UTC),
            guid="id-1",
            language="en",
            categories=("World", "Sea"),
        ),
    )
    assert found.urls[0].announced() == {
        "source": URL,
        "kind": "feed",
        "title": "Tide & time",
        "published": "2026-11-23T10:05:00+00:00",
        "guid": "id-1",
        "language": "en",
        "categories": "World, Sea",
    }


@pytest.mark.parametrize(
    ("item", "url"),
    [
        ("<item><link>\n  https://paper.example/a\n</link></item>", "https://paper.example/a"),
        ("<item><link>/a#part</link></item>", "https://paper.example/a"),
        ("<item><link>a</link></item>", "https://paper.example/rss/a"),
        (
            "<item><link><![CDATA[https://paper.example/?a=1&b=2]]></link></item>",
            "https://paper.example/?a=1&b=2",
        ),
        (
            "<item><link>https://paper.example/?a=1&b=2&copy=3</link></item>",
            "https://paper.example/?a=1&b=2&copy=3",
        ),
        ("<item><guid>https://paper.example/g</guid></item>", "https://paper.example/g"),
        ("<item><guid isPermaLink='false'>https://paper.example/g</guid></item>", "https://paper.example/g"),
        ("<item><link/><guid>/g</guid></item>", "https://paper.example/g"),
        (
            "<item><link rel='hub' href='https://hub.example/'/><link>/a</link></item>",
            "https://paper.example/a",
        ),
        (
            "<item><link>http://counter.example/1</link><o:origLink xmlns:o='f'>/a</o:origLink></item>",
            "https://paper.example/a",
        ),
        (
            "<item><link>https://paper.example/中文?q=中</link></item>",
            "https://paper.example/%E4%B8%AD%E6%96%87?q=%E4%B8%AD",
        ),
        ("<item xml:base='https://other.example/x/'><link>y</link></item>", "https://other.example/x/y"),
        ("<item><link>mailto:a@b.example</link></item>", None),
        ("<item><link>https://[bad/</link></item>", None),
        ("<item><title>no address</title></item>", None),
        ("<item><guid isPermaLink='false'>id</guid></item>", None),
    ],
)
def test_the_address_of_an_item(item, url):
    assert urls(rss(item)) == ([url] if url else [])


def test_a_hub_link_in_the_channel_hides_no_item():
    head = "<link rel='hub' href='https://hub.example/'/><atom:link xmlns:atom='a' rel='self' href='x'/>"
    assert urls(rss("<item><link>/1</link></item>", head=head)) == ["https://paper.example/1"]


@pytest.mark.parametrize(
    "payload",
    [
        b"\n\n<?xml version='1.0'?>" + rss("<item><link>/1</link></item>"),
        b"\xef\xbb\xbf" + rss("<item><link>/1</link></item>"),
        b"<br />\n<b>Warning</b>: something in line 3<br />\n" + rss("<item><link>/1</link></item>"),
        rss("<item><title>a &nbsp; b &bogus; c & d \x08</title><link>/1</link></item>"),
        rss("<item><title>A <b>not closed</title><link>/1</link></item>"),
        rss(
            "<item><link>/1</link></item>",
            root="<!-- <html> --><rss xmlns:s='http://www.sitemaps.org/schemas/sitemap/0.9'>",
        ),
        rss("<item><link>/1</link></item>").decode().encode("utf-16"),
        b"<?xml version='1.0' encoding='gb2312'?>"
        + rss("<item><title>港湾</title><link>/1</link></item>").decode().encode("gb18030"),
        b"<?xml version='1.0' encoding='nonsense'?>" + rss("<item><link>/1</link></item>"),
    ],
)
def test_damage_and_odd_encodings_cost_no_item(payload):
    assert "https://paper.example/1" in urls(payload, content_type="text/html; charset=iso-8859-1")


def test_gb18030_is_read_as_declared():
    item = "<item><title>港湾时报</title><link>/1</link></item>"
    payload = b"<?xml version='1.0' encoding='gb2312'?>" + rss(item).decode().encode("gb18030")
    assert discover(payload, URL).urls[0].title == "港湾时报"
    latin = rss("<item><title>Café</title><link>/1</link></item>").decode().encode("latin-1")
    assert discover(latin, URL, content_type="text/xml; charset=latin-1").urls[0].title == "Café"


def test_a_feed_that_breaks_off_gives_no_half_address():
    whole = rss(
        "<item><link>https://paper.example/1</link></item>",
        "<item><link>https://paper.example/22</link></item>",
    )
    cut = discover(whole[: whole.index(b"/22") + 2], URL)
    assert [each.url for each in cut.urls] == ["https://paper.example/1"]
    assert not cut.complete
    assert discover(whole, URL).complete


def test_an_item_announced_twice_is_announced_once():
    assert len(urls(rss("<item><link>/1</link></item>", "<item><link>/1#c</link></item>"))) == 1


def test_atom():
    payload = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en" xml:base="/b/">
      <title type="html">A &amp;amp; B</title><link rel="self" href="/self"/><link rel="next" href="?page=2"/>
      <entry><link rel="enclosure" href="m.mp3"/><link rel="alternate" type="application/json" href="j"/>
        <link type="text/html" href="c"/><id>tag:1</id><category term="Sea"/>
        <published>2026-11-23T10:00:00.5Z</published><updated>2026-11-24T10:00:00+08:00</updated>
        <title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">High <b>tide</b></div></title>
        <source><id>tag:other</id><title>Other</title></source></entry>
      <entry><id>https://paper.example/id</id></entry></feed>"""
    found = discover(payload.encode(), URL)
    assert (found.kind, found.title) == (Kind.FEED, "A & B")
    assert found.more == (Source("https://paper.example/b/?page=2", Kind.FEED),)
    first, second = found.urls
    assert (first.url, first.title, first.guid) == ("https://paper.example/b/c", "High tide", "tag:1")
    assert first.published == datetime(2026, 11, 23, 10, 0, 0, 500_000, tzinfo=UTC)
    assert first.updated == datetime(2026, 11, 24, 2, tzinfo=UTC)
    assert (first.language, first.categories) == ("en", ("Sea",))
    assert second.url == "https://paper.example/id"


def test_rdf():
    payload = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
      xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="x"><title>R</title>
      <items><rdf:Seq><rdf:li rdf:resource="https://paper.example/1"/></rdf:Seq></items></channel>
      <item rdf:about="https://paper.example/1"><dc:date>2026-11-23T10:00+08:00</dc:date></item></rdf:RDF>"""
    found = discover(payload.encode(), URL)
    assert (found.kind, found.title) == (Kind.FEED, "R")
    assert [each.url for each in found.urls] == ["https://paper.example/1"]
    assert found.urls[0].published == datetime(2026, 11, 23, 2, tzinfo=UTC)


def test_json_feed():
    payload = b"""{"version": "https://jsonfeed.org/version/1.1", "title": "J", "language": "en",
      "next_url": "?p=2",
      "items": [{"id": 1, "url": "/x", "tags": ["a", 2], "date_published": "2026-11-23T10:00:00Z"},
                7, {"id": "https://paper.example/y"}, {"id": "z"}]}"""
    found = discover(payload, URL)
    assert (found.kind, found.title) == (Kind.FEED, "J")
    assert [each.url for each in found.urls] == ["https://paper.example/x", "https://paper.example/y"]
    assert (found.urls[0].guid, found.urls[0].categories, found.urls[0].language) == ("1", ("a",), "en")
    assert found.more == (Source("https://paper.example/rss/all.xml?p=2", Kind.FEED),)


def test_entities_of_a_document_type_are_never_expanded(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("sesame")
    bomb = "".join(f"<!ENTITY e{i} '{f'&e{i - 1};' * 10}'>" for i in range(1, 12))
    payload = (
        f"<?xml version='1.0'?><!DOCTYPE rss [<!ENTITY e0 'boom'>{bomb}<!ENTITY f SYSTEM 'file://{secret}'>]>"
        "<rss><channel><item><title>&e11;&f;</title><link>/1</link></item></channel></rss>"
    )
    (found,) = discover(payload.encode(), URL).urls
    assert "boom" not in found.title
    assert "sesame" not in found.title


def test_a_date_without_zone_is_in_the_papers():
    item = "<item><link>/1</link><pubDate>2026-11-23 10:05:00</pubDate></item>"
    (found,) = discover(rss(item), URL, zone=ZoneInfo("Asia/Shanghai")).urls
    assert found.published == datetime(2026, 11, 23, 2, 5, tzinfo=UTC)
