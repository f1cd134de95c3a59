import time
from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from w3lib.url import safe_url_string

from crawler.discovery import (
    Base,
    Kind,
    Source,
    css_requisites,
    discover,
    html_tree,
    links,
    requisites,
    signature,
)

URL = "https://paper.example/news/index.html"


@pytest.mark.parametrize(
    ("href", "url"),
    [
        ("/a", "https://paper.example/a"),
        ("a", "https://paper.example/news/a"),
        ("../a", "https://paper.example/a"),
        ("/a/./b/../c", "https://paper.example/a/c"),
        ("?p=2", "https://paper.example/news/index.html?p=2"),
        ("//cdn.example/a", "https://cdn.example/a"),
        ("https://other.example", "https://other.example/"),
        ("HTTPS://other.example/A", "https://other.example/A"),
        ("  /a\n", "https://paper.example/a"),
        ("/a\n/b", "https://paper.example/a/b"),
        ("/a b", "https://paper.example/a%20b"),
        ("/a#part", "https://paper.example/a"),
        ("#part", None),
        ("/港?q=港", "https://paper.example/%E6%B8%AF?q=%B8%DB"),
        ("javascript:void(0)", None),
        (" mailto:a@b.example", None),
        ("data:text/html,x", None),
        ("http://", None),
        ("http://[bad/", None),
        ("/" + "x" * 9000, None),
    ],
)
def test_join(href, url):
    assert Base(URL, encoding="gb18030").join(href) == url
    page = f'<html><body><a href="{href}">x</a></body></html>'
    assert links(page, URL, encoding="gb18030") == ([url] if url else [])


PATHS = st.text(st.sampled_from("ab1/.?=&%~:;,!*()@$+'-_#"), max_size=12)


@settings(deadline=None)
@given(st.one_of(PATHS, PATHS.map("/".__add__), PATHS.map("https://other.example/".__add__)))
def test_the_fast_way_gives_what_urljoin_and_w3lib_give(reference):
    joined = Base(URL).join(reference)
    if joined is not None:
        slow = urlsplit(urljoin(URL, reference.partition("#")[0]))
        assert joined == safe_url_string(slow._replace(path=slow.path or "/").geturl())


@settings(deadline=None)
@given(st.binary(), st.text())
def test_garbage_raises_nothing(payload, url):
    for page in (payload, b"<html><base href='" + payload + b"'><a href='" + payload + b"'>"):
        links(page, url)
        requisites(page, url)
        signature(discover(page, url))
    discover(b'{"version": "", "items": [' + payload, url)
    discover(b"<rss>" + payload, url)
    discover(b"<urlset><url><loc>" + payload, url)
    discover(b"\x1f\x8b" + payload, url)
    css_requisites(url, url)


def test_links_of_a_page_in_order_each_once_against_its_base():
    page = """<!doctype html><html><head><base href="/b/"><base href="/never/"></head><body>
      <a href="x">1</a><a href="#y">2</a><a href="x#z">3</a><a>4</a><area href="/map"><a href="https://o.example/">5</a>
      <link href="/style.css"></body></html>"""
    expected = ["https://paper.example/b/x", "https://paper.example/map", "https://o.example/"]
    assert links(page.encode(), URL) == links(page, URL) == links(html_tree(page), URL) == expected


def test_requisites():
    page = """<html><head><link rel="preload stylesheet" href="s.css"><link rel="alternate" href="feed">
      <link rel="icon" href="/i.ico"><style>@import "p.css"; b { background: url( 'q.png' ) }</style>
      <script src="//cdn.example/x.js"></script></head><body style="background:url(w.png)">
      <img src="data:image/png;base64,xx" data-src="l.png" srcset="a.jpg 1x, b,c.jpg 2x,d.jpg 3x">
      <video poster="v.png"><source src="v.mp4"></video><a href="page">x</a>
      <iframe src="frame"></iframe></body></html>"""
    assert set(requisites(page, "https://paper.example/")) == {
        *(f"https://paper.example/{name}" for name in ("s.css", "i.ico", "p.css", "q.png", "w.png", "l.png")),
        *(f"https://paper.example/{name}" for name in ("a.jpg", "b,c.jpg", "d.jpg", "v.png", "v.mp4")),
        "https://cdn.example/x.js",
    }


def test_stylesheets():
    style = "@import url(a.css); @font-face { src: url(\"f.woff2\"), url('f.woff') } b { c: url(data:x) }"
    expected = {f"https://paper.example/css/{name}" for name in ("a.css", "f.woff2", "f.woff")}
    assert set(css_requisites(style, "https://paper.example/css/main.css")) == expected


def test_a_home_page_names_further_sources():
    page = b"""<!doctype html><html lang="zh"><head><title> The
      Paper </title><link rel="alternate" type="application/rss+xml; charset=utf-8" title="All" href="/feed">
      <link rel="ALTERNATE" type="Application/Atom+XML" href="atom"><link rel="sitemap" href="/map.xml">
      <link rel="alternate" type="application/json" href="/wp-json/1">
      <link rel="alternate" hreflang="en" href="/en">
      </head><body><a href="/a">A</a></body></html>"""
    found = discover(page, "https://paper.example/", content_type="application/rss+xml")
    assert (found.kind, found.title, found.language) == (Kind.SECTION, "The Paper", "zh")
    assert [(each.url, each.kind) for each in found.urls] == [("https://paper.example/a", Kind.LINK)]
    assert found.more == (
        Source("https://paper.example/feed", Kind.FEED, title="All"),
        Source("https://paper.example/atom", Kind.FEED),
        Source("https://paper.example/map.xml", Kind.SITEMAP),
    )


@pytest.mark.parametrize(
    "payload", [b"", b"\x00\x01", b"plain words", b"{", b"[1, 2]", b'{"a": 1}', b"\x89PNG\r\n"]
)
def test_what_is_no_source_announces_nothing(payload):
    found = discover(payload, URL)
    assert (found.kind, found.urls, found.more) == (Kind.UNKNOWN, (), ())


@pytest.mark.parametrize(
    "payload",
    [
        b"<div>" * 200_000 + b"<a href=/deep>",
        b"<rss>" * 200_000,
        b"<rss><channel>" + b"<![CDATA[" * 200_000,
        b"<a href='" + b"x" * 5_000_000,
        b"<!--" * 200_000,
        b"<style>" + b"url(" * 200_000,
        b"<img srcset='" + b"a," * 500_000 + b"'>",
        b"&" * 2_000_000,
        b"<rss>" + b"&#" * 500_000,
        b'{"version": "1", "items": [' + b'{"a": ' * 300_000,
        b'{"version": "1", "items": [' + b'{"a": "' * 300_000,
    ],
    ids=[
        "nested",
        "nested-xml",
        "cdata",
        "attribute",
        "comments",
        "css",
        "srcset",
        "ampersands",
        "references",
        "nested-json",
        "strings-of-json",
    ],
)
def test_hostile_pages_cost_little(payload):
    started = time.process_time()
    discover(payload, URL)
    requisites(payload, URL)
    assert time.process_time() - started < 5  # quadratic work on these takes minutes
