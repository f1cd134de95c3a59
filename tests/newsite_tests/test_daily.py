"""The daily: the same bytes for the same seed, feeds and sitemaps that parse and agree with the articles."""

import gzip
import json
import re
import zlib
from datetime import datetime
from email.utils import parsedate_to_datetime
from html import unescape
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree as ET

import pytest

import newsite

BASE = "http://daily.example"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(scope="module", params=["en", "zh"])
def paper(request):
    return newsite.daily(articles=90, seed=3, language=request.param)


def xml(paper, path):
    body = paper.page(path, base=BASE).body
    return ET.fromstring(gzip.decompress(body) if path.endswith(".gz") else body)


def test_the_same_seed_gives_the_same_bytes():
    paths = [
        "/",
        "/feed.xml",
        "/atom.xml",
        "/sitemap.xml",
        "/sitemap-1.xml.gz",
        "/robots.txt",
        "/section/city/",
    ]
    one, two, other = (newsite.daily(articles=30, seed=seed) for seed in (5, 5, 6))
    for path in [*paths, *(article.path for article in one)]:
        assert one.page(path).payload == two.page(path).payload
    assert one.page("/").body != other.page("/").body


def test_another_process_gives_the_same_bytes():
    # As first written: random.Random(str) gives the same on every Python.
    paper = newsite.daily(articles=30, seed=5)
    text = "".join(article.title + article.text for article in paper)
    assert zlib.crc32(text.encode()) == 1966229367


def test_articles_are_of_the_size_of_real_ones(paper):
    sizes = [len(paper.page(article.path).body) for article in paper]
    assert min(sizes) >= 60_000
    assert max(sizes) <= 150_000
    if paper[0].charset == "utf-8" and "content_" not in paper[0].path:
        assert all(400 <= len(article.text.split()) <= 1000 for article in paper)


def test_the_page_holds_the_article(paper):
    for article in paper:
        page = paper.page(article.path, base=BASE)
        html = page.body.decode(article.charset)
        found = re.search(r'<div class="story-body">(.*?)</div>', html, re.DOTALL)[1]
        assert tuple(map(unescape, re.findall(r"<p>(.*?)</p>", found))) == article.paragraphs
        about = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', html)[1])
        assert about["headline"] == article.title
        assert datetime.fromisoformat(about["datePublished"]) == article.published
        assert [author["name"] for author in about["author"]] == list(article.authors)
        assert (page.gzip, page.chunked) == ("gzip" in article.wire, "chunked" in article.wire)


def test_every_way_over_the_wire_occurs(paper):
    assert {article.wire for article in paper} == {"gzip", "chunked", "gzip+chunked", "plain"}
    assert {article.charset for article in paper} == {"utf-8"} | (
        {"gbk"} if "content_" in paper[0].path else set()
    )


def test_articles_come_newest_first_and_once(paper):
    times = [article.published for article in paper]
    assert times == sorted(times, reverse=True)
    assert len({article.path for article in paper}) == len(paper) == 90
    with pytest.raises(IndexError):
        paper[90]


def test_rss(paper):
    items = xml(paper, "/feed.xml").findall("channel/item")
    announced = [
        (i.findtext("title"), i.findtext("link"), parsedate_to_datetime(i.findtext("pubDate"))) for i in items
    ]
    assert announced == [(a.title, a.url(BASE), a.published) for a in paper.latest(50)]
    assert [item.findtext("guid") for item in items] == [a.guid(BASE) for a in paper.latest(50)]


def test_atom(paper):
    entries = xml(paper, "/atom.xml").findall(f"{ATOM}entry")
    assert [entry.find(f"{ATOM}link").get("href") for entry in entries] == [
        a.url(BASE) for a in paper.latest(50)
    ]
    assert datetime.fromisoformat(entries[0].findtext(f"{ATOM}published")) == paper[0].published


def test_sitemaps(paper):
    (one,) = [loc.text for loc in xml(paper, "/sitemap.xml").iter(f"{MAP}loc")]
    locs = [loc.text for loc in xml(paper, one.removeprefix(BASE)).iter(f"{MAP}loc")]
    assert locs == [article.url(BASE) for article in paper]


def test_a_large_paper_has_many_sitemaps():
    paper = newsite.daily(articles=2500)
    maps = [loc.text.removeprefix(BASE) for loc in xml(paper, "/sitemap.xml").iter(f"{MAP}loc")]
    assert maps == ["/sitemap-1.xml.gz", "/sitemap-2.xml", "/sitemap-3.xml"]
    assert [len(list(xml(paper, path).iter(f"{MAP}loc"))) for path in maps[1:]] == [1000, 500]
    assert paper.page("/sitemap-4.xml") is None
    assert paper.page("/sitemap-1.xml") is None


def test_news_sitemap():
    paper = newsite.daily(articles=150)
    titles = [title.text for title in xml(paper, "/news-sitemap.xml").iter(f"{NEWS}title")]
    assert titles == [article.title for article in paper.latest(100)]


def test_robots():
    robots = RobotFileParser()
    paper = newsite.daily(articles=10, crawl_delay=2, disallow=("/private/",))
    robots.parse(paper.page("/robots.txt").body.decode().splitlines())
    assert not robots.can_fetch("x", "/private/login")
    assert robots.can_fetch("x", paper[0].path)
    assert robots.crawl_delay("x") == 2
    assert robots.site_maps() == [BASE + "/sitemap.xml", BASE + "/news-sitemap.xml"]


def test_sections_lead_to_every_article(paper):
    found = set()
    for key in paper.sections:
        path = f"/section/{key}/"
        while path:
            html = paper.page(path).body.decode()
            found.update(re.findall(r'<h2><a href="([^"]+)"', html))
            following = re.search(r'rel="next" href="([^"]+)"', html)
            path = following[1] if following else None
    assert found == {article.path for article in paper}


def test_every_link_of_a_page_leads_somewhere(paper):
    html = paper.page(paper[1].path).body.decode(paper[1].charset)
    links = {
        link for link in re.findall(r'(?:href|src)="(/[^"]*)"', html) if not link.startswith("/private/")
    }
    assert len(links) > 60
    assert [link for link in links if paper.page(link) is None] == []


@pytest.mark.parametrize(
    "path", ["/nothing", "/2026/11/23/other-words-5.html", "/section/none/", "/section/city/page/99/"]
)
def test_what_is_not_there(path):
    assert newsite.daily(articles=10).page(path) is None
