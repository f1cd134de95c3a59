import gzip
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
    assert not discover(prefixed[:-15], URL).complete


def test_more_entries_than_allowed_are_cut_and_said():
    payload = urlset(*(f"<url><loc>/{i}</loc></url>" for i in range(MOST_URLS + 1)))
    found = discover(payload, URL)
    assert len(found.urls) == MOST_URLS
    assert not found.complete


def test_text_sitemaps():
    found = discover(b"\xef\xbb\xbfhttps://paper.example/1\r\n\r\n https://paper.example/2 \r\n", URL)
    assert found.kind is Kind.SITEMAP
    assert [each.url for each in found.urls] == ["https://paper.example/1", "https://paper.example/2"]
    assert discover(b"https://paper.example/1\nand some words\n", URL).kind is Kind.UNKNOWN


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
