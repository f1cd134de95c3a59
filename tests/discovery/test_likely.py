import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.discovery import Kind, LikelySources, Source, likely_sources

HOME = "https://www.paper.example/"

ENGLISH = """<!doctype html><html><head>
<link rel="alternate" type="application/rss+xml" title="All" href="/feed/"></head>
<body><header><a href="/">The Harbour Paper</a><a href="/subscribe">Subscribe</a><a href="/login">Log in</a>
 <a href="https://shop.paper.example/">Shop</a></header>
<nav><ul><li><a href="/world/">World</a><li><a href="/adventure">Adventure</a>
 <li><a href="/sport/football">Football</a>
 <li><a href="https://weather.paper.example/">Weather</a><li><a href="/search?q=">Search</a>
 <li><a href="https://other.example/world">Partner</a></ul></nav>
<main><a href="/world/2026/11/23/harbour-tide-rises">Harbour tide rises as moon nears</a>
 <a href="/world/2026/11/23/second-story">A second story about the world</a>
 <a href="/science/moon-and-tide-and-all-that">Moon, tide and all that</a><a href="/science/a-b">x</a>
 <a href="/science/c-d">y</a><a href="/science">Science</a><a href="/world">more</a>
 <a href="/video.mp4">Video</a><a href="/about">About</a><a href="#top">Top</a></main>
<footer><a href="/rss">RSS</a><a href="https://feeds.news.example/harbour">Feed</a>
 <a href="/world/rss.xml">World</a>
 <a href="/?feed=rss2">Posts</a><a href="https://reader.example/subscribe/feed/x">Reader</a>
 <a href="/press/feedback">Feedback</a><a href="/atomic-age">Atoms</a><a href="/privacy">Privacy</a></footer>
</body></html>"""

CHINESE = """<html><head><meta charset="utf-8"></head><body>
<div class="top"><a href="http://passport.ribao.com.cn/">登录</a></div>
<div class="w1000 nav clearfix"><a href="http://www.ribao.com.cn/">首页</a>
<a href="http://politics.ribao.com.cn/">时政</a>
<a href="http://world.ribao.com.cn/GB/index.html">国际</a><a href="/finance/">财经</a>
<a href="/node_1234.htm">评论</a></div>
<div><a href="http://politics.ribao.com.cn/n1/2026/1123/c1001-40123456.html">港湾今天涨潮渡轮停航</a>
<a href="http://www.ribao.com.cn/rss/politics.xml">RSS</a>
<a href="http://www.ribao.com.cn/about/">关于我们</a></div></body></html>"""

FORUM = """<html><body><div id="nv"><a href="forum.php">论坛</a></div><table>
<tr><td><a href="forum-2-1.html">港湾茶座</a><tr><td><a href="forum-36-1.html">读书</a>
<tr><td><a href="thread-12-1-1.html">涨潮</a></table><div class="menu">
<a href="forum.php?mod=forumdisplay&fid=40">摄影</a>
<a href="forum.php?mod=rss&fid=2">订阅</a></div></body></html>"""


def test_an_english_front_page():
    found = likely_sources(ENGLISH, HOME)
    assert found.feeds == (
        Source("https://www.paper.example/feed/", Kind.FEED, title="All"),
        Source("https://www.paper.example/rss", Kind.FEED, title="RSS"),
        Source("https://feeds.news.example/harbour", Kind.FEED, title="Feed"),
        Source("https://www.paper.example/world/rss.xml", Kind.FEED, title="World"),
        Source("https://www.paper.example/?feed=rss2", Kind.FEED, title="Posts"),
    )
    assert [(each.url, each.title) for each in found.sections] == [
        ("https://www.paper.example/world/", "World"),
        ("https://www.paper.example/adventure", "Adventure"),
        ("https://weather.paper.example/", "Weather"),
        ("https://www.paper.example/science", "Science"),
        ("https://www.paper.example/sport/football", "Football"),
    ]
    assert {each.kind for each in found.sections} == {Kind.SECTION}


def test_a_chinese_portal_with_a_host_for_each_section():
    found = likely_sources(CHINESE, "http://www.ribao.com.cn/")
    assert [each.url for each in found.feeds] == ["http://www.ribao.com.cn/rss/politics.xml"]
    assert {each.url: each.title for each in found.sections} == {
        "http://politics.ribao.com.cn/": "时政",
        "http://world.ribao.com.cn/GB/index.html": "国际",
        "http://www.ribao.com.cn/finance/": "财经",
        "http://www.ribao.com.cn/node_1234.htm": "评论",
    }
    assert found.sections[0].title == "时政"


def test_the_boards_of_a_forum():
    found = likely_sources(FORUM, "https://bbs.tide.example/forum.php")
    assert [each.url for each in found.feeds] == ["https://bbs.tide.example/forum.php?mod=rss&fid=2"]
    assert {each.title for each in found.sections} == {"港湾茶座", "读书", "摄影"}


def test_what_is_found_is_bounded():
    links = "".join(f"<a href='/rss/{i}.xml'>F{i}</a><a href='/s{'x' * i}/'>S{i}</a>" for i in range(1, 400))
    found = likely_sources(f"<nav>{links}</nav>", HOME)
    assert len(found.feeds) == len(found.sections) <= 40


@pytest.mark.parametrize(
    "page", ["", b"", b"\x00", "<p>no link</p>", "<a>x</a>", "<a href='http://[bad/'>x</a>"]
)
def test_a_page_without_any(page):
    assert likely_sources(page, HOME) == LikelySources()


@settings(deadline=None)
@given(st.text(), st.text())
def test_garbage_raises_nothing(reference, url):
    page = f"<nav class=nav><a href='{reference}'>x</a><a href='/{reference}'>y</a></nav>"
    likely_sources(page, url)
    likely_sources(page, HOME)
