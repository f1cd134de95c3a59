import gzip
import zlib
from datetime import UTC, datetime

import pytest

from crawler.discovery import Kind, Source, discover, sitemaps_in_robots
from crawler.discovery.sitemaps import MOST_URLS

URL = "https://paper.example/sitemap.xml"
SITEMAP = "xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'"


def urlset(*entries: str) -> bytes:
    return f"<?xml version='1.0'?><urlset {SITEMAP}>{''.join(entries)}</urlset>".encode()


@pytest.mark.parametrize(
    ("loc", "url"),
    [
        ("https://paper.example/a", "https://paper.example/a"),
        ("\n    https://paper.example/a\n  ", "https://paper.example/a"),
        (" https://paper.example/a ", "https://paper.example/a"),
        ("https://paper.example/\n   a", "https://paper.example/a"),
        ("https://paper.example/a b", "https://paper.example/a%20b"),
        ("<![CDATA[https://paper.example/?a=1&b=2]]>", "https://paper.example/?a=1&b=2"),
        ("https://paper.example/?a=1&b=2", "https://paper.example/?a=1&b=2"),
        ("https://paper.example/?a=1&amp;b=2", "https://paper.example/?a=1&b=2"),
        ("/relative", "https://paper.example/relative"),
        ("https://paper.example", "https://paper.example/"),
    ],
)
def test_addresses(loc, url):
    found = discover(urlset(f"<url><loc>{loc}</loc><lastmod>2026-11-23</lastmod></url>"), URL)
    assert found.kind is Kind.SITEMAP
    assert [each.url for each in found.urls] == [url]
    assert found.urls[0].updated == datetime(2026, 11, 23, tzinfo=UTC)


def test_images_in_an_entry_are_not_its_address():
    entry = (
        "<url><i:image xmlns:i='image'><i:loc>https://paper.example/i.png</i:loc></i:image>"
        "<loc>https://paper.example/a</loc></url>"
    )
    assert [each.url for each in discover(urlset(entry), URL).urls] == ["https://paper.example/a"]


def test_a_news_sitemap_keeps_titles_and_dates_whatever_the_prefixes():
    payload = """<s:urlset xmlns:s="http://www.sitemaps.org/schemas/sitemap/0.9"
      xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"><s:url><s:loc>https://paper.example/a</s:loc>
      <n:news><n:publication><n:name>Paper</n:name><n:language>zh</n:language></n:publication>
      <n:publication_date>2026-11-23T10:00:00+08:00</n:publication_date><n:title>Tide &amp; time</n:title>
      <n:keywords>sea, time</n:keywords></n:news></s:url></s:urlset>"""
    found = discover(payload.encode(), URL)
    assert found.kind is Kind.NEWS_SITEMAP
    (entry,) = found.urls
    assert entry.kind is Kind.NEWS_SITEMAP
    assert entry.title == "Tide & time"
    assert entry.published == datetime(2026, 11, 23, 2, tzinfo=UTC)
    assert (entry.language, entry.categories) == ("zh", ("sea", "time"))


INDEX = f"""<sitemapindex {SITEMAP}><sitemap><loc> /s1.xml.gz </loc><lastmod>2026-11</lastmod></sitemap>
  <sitemap><loc>https://paper.example/s2.xml</loc></sitemap></sitemapindex>""".encode()


def test_an_index_plain_gzipped_and_damaged():
    more = (
        Source("https://paper.example/s1.xml.gz", Kind.SITEMAP, updated=datetime(2026, 11, 1, tzinfo=UTC)),
        Source("https://paper.example/s2.xml", Kind.SITEMAP),
    )
    for payload in (INDEX, gzip.compress(INDEX), gzip.compress(INDEX[:50]) + gzip.compress(INDEX[50:])):
        found = discover(payload, URL)
        assert (found.kind, found.urls, found.more, found.complete) == (Kind.SITEMAP_INDEX, (), more, True)
    packed = gzip.compress(INDEX)
    without_end = discover(packed[:-9], URL)
    assert without_end.more == more
    assert not without_end.complete
    assert not discover(packed[:12], URL).complete


def test_a_gzip_bomb_is_cut(monkeypatch):
    monkeypatch.setattr("crawler.discovery.text.UNPACKED_BYTES", 10_000)
    found = discover(gzip.compress(urlset(*["<url><loc>/a</loc></url>"] * 10_000)), URL)
    assert not found.complete
    assert len(found.urls) == 1


def test_a_sitemap_that_breaks_off_gives_no_half_address():
    whole = urlset(
        "<url><loc>https://paper.example/1</loc></url>", "<url><loc>https://paper.example/22</loc></url>"
    )
    found = discover(whole[: whole.index(b"/22") + 2], URL)
    assert [each.url for each in found.urls] == ["https://paper.example/1"]
    assert not found.complete
    prefixed = whole.replace(b"<url>", b"<s:url>").replace(b"</url>", b"</s:url>")
    cut = discover(prefixed[: prefixed.index(b"/22") + 2], URL)
    assert ([each.url for each in cut.urls], cut.complete) == (["https://paper.example/1"], False)


def test_more_entries_than_allowed_are_cut_and_said():
    payload = urlset(*(f"<url><loc>/{i}</loc></url>" for i in range(MOST_URLS + 1)))
    found = discover(payload, URL)
    assert len(found.urls) == MOST_URLS
    assert not found.complete


def test_text_sitemaps():
    found = discover(b"\xef\xbb\xbfhttps://paper.example/1\r\n\r\n https://paper.example/2 \r\n", URL)
    assert found.kind is Kind.SITEMAP
    assert [each.url for each in found.urls] == ["https://paper.example/1", "https://paper.example/2"]
    assert discover(b"https://paper.example/1\nand some\nwords\n", URL).kind is Kind.UNKNOWN
    assert (
        discover(b"some words\nhttps://paper.example/1\nhttps://paper.example/2\n", URL).kind is Kind.UNKNOWN
    )


@pytest.mark.parametrize(
    "junk",
    [
        b"null\n",
        b"ftp://paper.example/3\n",
        b"\x1a",
        b"\0\0\0",
        b"https://paper.example/2\t2026-11-20\n",
        b"https://paper.example/2 2026-11-20\n",
    ],
)
def test_a_line_of_junk_costs_no_other_line(junk):
    found = discover(b"https://paper.example/1\nhttps://paper.example/2\n" + junk, URL)
    assert [each.url for each in found.urls] == ["https://paper.example/1", "https://paper.example/2"]
    assert (found.kind, found.complete) == (Kind.SITEMAP, True)


def test_a_space_within_a_line_is_part_of_the_address():
    found = discover(b"https://paper.example/a b\n", URL)
    assert [each.url for each in found.urls] == ["https://paper.example/a%20b"]


@pytest.mark.parametrize("end", [b"h", b"https:/", b"https://paper.ex"])
def test_a_text_sitemap_that_breaks_off_gives_no_half_address(end):
    found = discover(b"https://paper.example/1\nhttps://paper.example/2\n" + end, URL)
    assert [each.url for each in found.urls] == ["https://paper.example/1", "https://paper.example/2"]
    assert not found.complete
    packed = gzip.compress(b"https://paper.example/1\nhttps://paper.example/22", mtime=0)
    cut = discover(packed[:-9], URL)
    assert ([each.url for each in cut.urls], cut.complete) == (["https://paper.example/1"], False)


def test_the_image_beside_an_address_is_not_the_page():
    image = "<i:loc xmlns:i='http://www.google.com/schemas/sitemap-image/1.1'>/i.png</i:loc>"
    found = discover(urlset(f"<url>{image}<loc>/a</loc></url>"), URL)
    assert [each.url for each in found.urls] == ["https://paper.example/a"]
    assert [each.url for each in discover(urlset("<url><x:loc>/b</x:loc></url>"), URL).urls] == [
        "https://paper.example/b"
    ]


def test_the_root_decides_what_an_entry_is():
    index = b"<sitemapindex><url><loc>/s.xml</loc></url><loc>/t.xml</loc></sitemapindex>"
    found = discover(index, URL)
    assert (found.kind, found.urls) == (Kind.SITEMAP_INDEX, ())
    assert [each.url for each in found.more] == ["https://paper.example/s.xml", "https://paper.example/t.xml"]


def test_an_address_without_an_entry_around_it_is_one():
    found = discover(urlset("<loc>/1</loc><lastmod>2026</lastmod><loc>/2</loc>"), URL)
    assert [each.url for each in found.urls] == ["https://paper.example/1", "https://paper.example/2"]


def test_more_entries_than_the_protocol_allows_are_announced():
    payload = urlset(*(f"<url><loc>/{i}</loc></url>" for i in range(60_000)))
    found = discover(payload, URL)
    assert (len(found.urls), found.complete) == (60_000, True)


def test_entries_that_are_damaged_one_by_one_are_all_read():
    entries = (f"<url><loc>/{i}</loc><lastmod>2026-11-20</url>" for i in range(6_000))
    found = discover(urlset(*entries), URL)
    assert (len(found.urls), found.complete) == (6_000, True)
    assert found.urls[5_999].updated == datetime(2026, 11, 20, tzinfo=UTC)


def test_a_sitemap_too_large_for_one_tree_is_read_in_parts(monkeypatch):
    payload = urlset(*(f"<url><loc>/{i}</loc></url>" for i in range(1_200)))
    at_once = discover(payload, URL)
    monkeypatch.setattr("crawler.discovery.entries.MOST_MARKS", 100)
    assert discover(payload, URL) == at_once
    assert len(at_once.urls) == 1_200


def test_what_is_not_packed_is_bounded_too(monkeypatch):
    monkeypatch.setattr("crawler.discovery.text.UNPACKED_BYTES", 10_000)
    found = discover(urlset(*[f"<url><loc>/{i:04}</loc></url>" for i in range(1_000)]), URL)
    assert not found.complete
    assert 300 < len(found.urls) < 400


def test_robots():
    payload = b"\xef\xbb\xbfUser-agent: *\rDisallow: /\n" + b"# filler\n" * 5000
    payload += b"SITEMAP : https://paper.example/s.xml # theirs\n"
    payload += b"Sitemap:/t.xml\nsitemap: ftp://x/\nSitemap: /t.xml\n"
    url = "https://paper.example/robots.txt"
    expected = ["https://paper.example/s.xml", "https://paper.example/t.xml"]
    assert sitemaps_in_robots(payload, url) == expected
    found = discover(payload, url)
    assert (found.kind, [each.url for each in found.more]) == (Kind.ROBOTS, expected)
    assert sitemaps_in_robots(b"\xff\x00\xfe", url) == []


@pytest.mark.parametrize(
    "pack",
    [
        gzip.compress,
        lambda payload: gzip.compress(gzip.compress(payload)),
        lambda payload: b"\n" + gzip.compress(payload),
        zlib.compress,
        lambda payload: zlib.compress(payload)[2:-4],
    ],
    ids=["gzip", "gzip twice", "gzip behind a line", "zlib", "deflate"],
)
def test_packed_sitemaps_whatever_their_header_says(pack):
    found = discover(pack(urlset("<url><loc>/1</loc></url>")), URL, content_type="text/html")
    assert ([each.url for each in found.urls], found.complete) == (["https://paper.example/1"], True)


def test_videos_in_an_entry_are_not_its_address_or_date():
    video = (
        "<v:video xmlns:v='video'><v:content_loc>https://paper.example/v.mp4</v:content_loc>"
        "<v:title>V</v:title><v:publication_date>2026-11-23</v:publication_date></v:video>"
    )
    (found,) = discover(urlset(f"<url>{video}<loc>/a</loc></url>"), URL).urls
    assert (found.url, found.title, found.published) == ("https://paper.example/a", "", None)


XHTML = "xmlns:x='http://www.w3.org/1999/xhtml'"


def alternate(language: str, href: str) -> str:
    return f"<x:link {XHTML} rel='alternate' hreflang='{language}' href='{href}'/>"


def test_a_page_in_other_languages_is_announced_in_each():
    both = alternate("en", "/1") + alternate("zh-Hans", "/zh/1") + alternate("x-default", "/either")
    mobile = "<x:link xmlns:x='x' rel='alternate' media='only screen' href='https://m.paper.example/1'/>"
    second = f"<url><loc>/zh/1</loc><lastmod>2026-11-23</lastmod>{both}</url>"
    found = discover(urlset(f"<url><loc>/1</loc>{both}{mobile}</url>", second), URL)
    assert found.kind is Kind.SITEMAP
    assert [(each.url, each.language, each.updated) for each in found.urls] == [
        ("https://paper.example/1", "en", None),
        ("https://paper.example/zh/1", "zh-Hans", datetime(2026, 11, 23, tzinfo=UTC)),
        ("https://paper.example/either", "", None),
    ]


def test_pages_in_other_languages_are_bounded_apart_from_the_entries(monkeypatch):
    monkeypatch.setattr("crawler.discovery.sitemaps.MOST_URLS", 4)
    each = [f"<url><loc>/{i}</loc>{alternate('en', f'/{i}')}</url>" for i in range(4)]
    assert discover(urlset(*each), URL).complete
    one = f"<url><loc>/0</loc>{''.join(alternate('en', f'/en/{i}') for i in range(4))}</url>"
    assert not discover(urlset(one, f"<url><loc>/1</loc>{alternate('en', '/en/9')}</url>"), URL).complete


def test_an_index_in_an_index_and_sitemaps_where_pages_belong():
    found = discover(urlset("<sitemap><loc>/s.xml</loc></sitemap>"), URL)
    assert found.kind is Kind.SITEMAP_INDEX
    mixed = discover(urlset("<sitemap><loc>/s.xml</loc></sitemap><url><loc>/1</loc></url>"), URL)
    assert mixed.kind is Kind.SITEMAP
    assert [each.url for each in mixed.more] == ["https://paper.example/s.xml"]
    assert [each.url for each in mixed.urls] == ["https://paper.example/1"]


@pytest.mark.parametrize(
    "payload",
    [
        "https://paper.example/1\nhttps://paper.example/2".encode("utf-16"),
        b"https://paper.example/1\rhttps://paper.example/2\r",
        b"# all pages\n\nhttps://paper.example/1\n\n\nhttps://paper.example/2\n",
    ],
    ids=["UTF-16", "carriage returns", "comments"],
)
def test_odd_text_sitemaps(payload):
    urls = [each.url for each in discover(payload, URL, content_type="text/html").urls]
    assert urls == ["https://paper.example/1", "https://paper.example/2"]


@pytest.mark.parametrize("size", [16_000, 400_000])
def test_a_long_robots_txt_is_read_to_its_end(size):
    filler = b"Disallow: /print/\n"
    payload = b"User-agent: *\n" + filler * (size // len(filler)) + b"Sitemap: /s.xml"
    found = discover(payload, "https://paper.example/robots.txt", content_type="text/html")
    assert [each.url for each in found.more] == ["https://paper.example/s.xml"]
