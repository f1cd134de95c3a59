from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from crawler.discovery import AnnouncedUrl, Hints, Kind, Source, discover

URL = "https://paper.example/rss/all.xml"
RELATIONS = "http://www.iana.org/assignments/relation/"


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
        ("<item><link>www.paper.example/x</link></item>", "https://www.paper.example/x"),
        ("<item><link>paper.example/x?y</link></item>", "https://paper.example/x?y"),
        ("<item><link>a.html</link></item>", "https://paper.example/rss/a.html"),
        ("<item><link>http:/paper.example/1</link></item>", "http://paper.example/1"),
        ("<item><link>http:///paper.example/1</link></item>", "http://paper.example/1"),
        ("<item><link>feed:https://paper.example/1</link></item>", "https://paper.example/1"),
        ("<item><link>feed://paper.example/1</link></item>", "http://paper.example/1"),
        ("<item><guid>12345</guid></item>", None),
        ("<item><guid>www.paper.example</guid></item>", None),
        (
            "<item><m:link xmlns:m='media'>https://v.example/</m:link><link>/a</link></item>",
            "https://paper.example/a",
        ),
        ("<item><x:link>https://v.example/</x:link><link>/a</link></item>", "https://paper.example/a"),
        ("<item><x:guid>/x</x:guid><guid>/a</guid></item>", "https://paper.example/a"),
        ("<item><x:link>/x</x:link><guid>/a</guid></item>", "https://paper.example/a"),
        ("<item><x:link>/x</x:link></item>", "https://paper.example/x"),
        (
            "<item><a:link xmlns:a='http://www.w3.org/2005/Atom' rel='self' href='/s'/></item>",
            "https://paper.example/s",
        ),
        (
            f"<item><link rel='self' href='/s'/><link rel='{RELATIONS}alternate' href='/a'/></item>",
            "https://paper.example/a",
        ),
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


def test_an_extension_does_not_name_the_item():
    item = "<item><m:title xmlns:m='media'>Player</m:title><title>Tide</title><link>/1</link></item>"
    assert discover(rss(item), URL).urls[0].title == "Tide"
    assert discover(rss("<item><x:title>Only</x:title><link>/1</link></item>"), URL).urls[0].title == "Only"


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


RDF = "xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'"
ITEM = "<item><title>T</title><link>/1</link></item>"
ATOM = "http://www.w3.org/2005/Atom"
TWICE = "<?xml version='1.0'?>\n" * 2
JSON_ITEMS = '"items": [{"title": "T", "url": "/1"}]'
ENTITIES = "<!ENTITY a SYSTEM '>'>" * 8_000
JSON_FEED = f'{{"version": "https://jsonfeed.org/version/1.1", {JSON_ITEMS}}}'
FORMS = {
    "RSS behind a comment": f"<!--{'x' * 80_000}--><rss><channel>{ITEM}</channel></rss>",
    "RSS behind entities": f"<?xml version='1.0'?><!DOCTYPE rss [{ENTITIES}]>"
    f"<rss><channel>{ITEM}</channel></rss>",
    "JSON Feed in a call": f"callback({JSON_FEED});\n",
    "JSON Feed in a guarded call": f"/**/ typeof cb === 'function' && cb({JSON_FEED})",
    "JSON Feed in a list": f"[{JSON_FEED}]",
    "RSS 0.90": f"<rdf:RDF {RDF} xmlns='http://my.netscape.com/rdf/simple/0.9/'><channel/>{ITEM}</rdf:RDF>",
    "RSS 0.91": "<!DOCTYPE rss PUBLIC '-//Netscape Communications//DTD RSS 0.91//EN' 'http://my.netscape.com/0.91'>"
    f"<rss version='0.91'><channel>{ITEM}</channel></rss>",
    "RSS 0.92": f"<rss version='0.92'><channel><cloud domain='x'/>{ITEM}</channel></rss>",
    "RSS 1.0": f"<rdf:RDF {RDF} xmlns='http://purl.org/rss/1.0/'><channel/>{ITEM}</rdf:RDF>",
    "RSS in upper case": f"<RSS><CHANNEL>{ITEM.upper()}</CHANNEL></RSS>",
    "RSS with a stylesheet": f"<?xml-stylesheet href='x.xsl'?><rss><channel>{ITEM}</channel></rss>",
    "RSS, declared twice": f"{TWICE}<rss><channel>{ITEM}</channel></rss>",
    "RSS behind much": f"<!--{'x' * 20_000}--><rss><channel>{ITEM}</channel></rss>",
    "RSS before a script": f"<rss><channel>{ITEM}</channel></rss><!-- cached --><script>x()</script>",
    "RSS with Atom's link": f"<rss><channel><item><title>T</title><a:link xmlns:a='{ATOM}' href='/1'/></item>"
    "</channel></rss>",
    "Atom 0.3": "<feed version='0.3' xmlns='http://purl.org/atom/ns#'><entry><title>T</title>"
    "<link rel='alternate' type='text/html' href='/1'/></entry></feed>",
    "Atom 1.0": f"<feed xmlns='{ATOM}'><entry><title>T</title><link href='/1'/></entry></feed>",
    "Atom without its namespace": "<a:feed><a:entry><a:title>T</a:title><a:link href='/1'/></a:entry>"
    "</a:feed>",
    "JSON Feed 1.0": f'{{"version": "https://jsonfeed.org/version/1", {JSON_ITEMS}}}',
    "JSON Feed 1.1": f'\ufeff{{"version": "https://jsonfeed.org/version/1.1", {JSON_ITEMS}}}',
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("content_type", ["", "text/html; charset=utf-8", "application/octet-stream"])
def test_every_form_of_feed_whatever_it_is_called(form, content_type):
    found = discover(FORMS[form].encode(), URL, content_type=content_type)
    assert (found.kind, found.complete) == (Kind.FEED, True)
    assert [(each.url, each.title.upper()) for each in found.urls] == [("https://paper.example/1", "T")]


def test_the_dates_of_atom_0_3():
    entry = (
        "<entry><link href='/1'/><issued>2026-11-23T10:00:00Z</issued><modified>2026-11-24</modified></entry>"
    )
    (found,) = discover(f"<feed version='0.3'>{entry}</feed>".encode(), URL).urls
    assert found.published == datetime(2026, 11, 23, 10, tzinfo=UTC)
    assert found.updated == datetime(2026, 11, 24, tzinfo=UTC)


def test_json_with_line_breaks_in_its_strings_is_read():
    payload = b'{"title": "J\n1", "items": [{"id": "1", "title": "a\nb", "url": "/1"}], "next_url": "/2"}'
    found = discover(payload, URL)
    assert (found.title, found.complete) == ("J 1", True)
    assert [each.title for each in found.urls] == ["a b"]
    assert found.more == (Source("https://paper.example/2", Kind.FEED),)


def test_a_json_feed_that_breaks_off_gives_its_whole_items():
    whole = b'{"version": "https://jsonfeed.org/version/1.1", "items": [{"url": "/1"}, {"url": "/22"}]}'
    cut = discover(whole[: whole.index(b"/22") + 2], URL)
    assert (cut.kind, [each.url for each in cut.urls]) == (Kind.FEED, ["https://paper.example/1"])
    assert not cut.complete
    assert discover(b'{"items": [{"url": "/1"}, {"url"', URL).kind is Kind.UNKNOWN


TITLES = {
    "gb18030": "港湾今天涨潮，渡轮停航两小时",
    "big5": "港灣今天漲潮，渡輪停航兩小時",
    "utf-16": "港湾今天涨潮",
    "utf-16-le": "港湾今天涨潮",
    "windows-1252": "A naïve señor’s “café” opens – again",
    "cp932": "港の潮が満ちた、渡し船は休み",
    "cp949": "항구에 밀물이 들다",
}


@pytest.mark.parametrize("encoding", TITLES)
@pytest.mark.parametrize("declared", [True, False], ids=["declared", "declared as UTF-8"])
def test_titles_in_odd_encodings(encoding, declared):
    title = TITLES[encoding]
    text = f"<?xml version='1.0' encoding='{encoding if declared else 'utf-8'}'?>"
    text += f"<rss><channel><item><title>{title}</title><link>/1</link></item></channel></rss>"
    assert [each.title for each in discover(text.encode(encoding), URL).urls] == [title]


def test_one_broken_byte_costs_one_character():
    payload = rss("<item><title>港湾|时报</title><link>/1</link></item>").replace(b"|", b"\xe6\xb8")
    (found,) = discover(payload, URL).urls
    assert found.title.startswith("港湾")
    assert found.title.endswith("时报")


SY = "xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'"


@pytest.mark.parametrize(
    ("head", "hints"),
    [
        ("", Hints()),
        ("<ttl> 60 </ttl>", Hints(ttl=timedelta(hours=1))),
        ("<ttl>0</ttl>", Hints()),
        ("<ttl>-5</ttl><ttl/>", Hints()),
        ("<ttl>soon</ttl>", Hints()),
        ("<ttl>99999999</ttl>", Hints(ttl=timedelta(days=365))),
        (
            f"<sy:updatePeriod {SY}>hourly\n</sy:updatePeriod><updateFrequency>4</updateFrequency>",
            Hints(update_interval=timedelta(minutes=15)),
        ),
        (f"<sy:updatePeriod {SY}>weekly</sy:updatePeriod>", Hints(update_interval=timedelta(weeks=1))),
        (f"<sy:updateFrequency {SY}>2</sy:updateFrequency>", Hints(update_interval=timedelta(hours=12))),
        (f"<sy:updatePeriod {SY}>now and then</sy:updatePeriod>", Hints()),
    ],
)
def test_what_a_feed_says_of_its_rhythm(head, hints):
    assert discover(rss(ITEM, head=head), URL).hints == hints


def test_an_ampersand_survives_an_error_before_it():
    feed = b"""<rss version="2.0"><channel><title>News</title>
    <item><title>A <b>bold title</title><link>https://paper.example/a?id=5&amp;lang=en</link></item>
    <item><title>Second</title><link>https://paper.example/b?id=6&amp;lang=en&x=1</link></item>
    </channel></rss>"""
    found = discover(feed, "https://paper.example/feed")
    assert [one.url for one in found.urls] == [
        "https://paper.example/a?id=5&lang=en",
        "https://paper.example/b?id=6&lang=en&x=1",
    ]


def test_unclosed_tags_in_hundreds_of_items_hide_none():
    items = "".join(
        f"<item><title>No. {number}</title><link>https://paper.example/{number}</link>"
        f"<dc:date>2026-11-{number % 28 + 1:02}</dc:date><description><p>An <b>unclosed<br>"
        "</description></item>"
        for number in range(300)
    )
    feed = f'<rss xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>News</title>{items}</channel></rss>'
    found = discover(feed.encode(), "https://paper.example/feed")
    assert len(found.urls) == 300
    assert found.title == "News"
    assert found.urls[299].published == datetime(2026, 11, 20, tzinfo=UTC)
