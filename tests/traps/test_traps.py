from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.traps import Shapes, trap

TODAY = date(2026, 11, 23)

TRAPS = {
    "https://paper.example/news/news/news/a": "segment 'news' 3 times",
    "https://paper.example/a-b/img/a-b/img/a-b/img/x.html": "3 times",
    "https://paper.example/world/asia/page/world/asia/page/": "'world/asia/page' repeated",
    "https://paper.example/x/english/about/us/english/about/us": "repeated",
    "https://paper.example/a/a/a/a/a/a/": "'a' 6 times",
    "https://paper.example/1/1/1/1/1/1": "'1' 6 times",
    "https://paper.example/" + "/".join(f"s{i}" for i in range(17)): "17 path segments",
    "https://paper.example/find?" + "&".join(f"p{i}=1" for i in range(21)): "21 query parameters",
    "https://paper.example/find?" + "&".join(f"tag={i}" for i in range(7)): "'tag' 7 times",
    "https://paper.example/a;jsessionid=1A?PHPSESSID=abc": "session",
    "https://paper.example/a?jsessionid=1&jsessionid=2": "session",
    "https://paper.example/(S(ab1))/(S(ab2))/a.aspx": "session",
    "https://paper.example/login?to=%2Flogin%3Fto%3D%252Flogin%253Fto%253D%25252Fa": "an address within",
    "https://paper.example/calendar/2028/01/": "2028",
    "https://paper.example/calendar/1969-12/": "before 1990",
    "https://paper.example/events/2031/05/12": "2031",
    "https://paper.example/events/month/0097-03": "before 1990",
    "https://paper.example/archive/2027/11/24/": "2027",
    "https://paper.example/agenda?year=2041&month=3": "2041",
    "https://paper.example/?date=2029-02-01": "2029",
    "https://paper.example/events?tribe-bar-date=1911-01-01": "1911",
    "https://paper.example/rili.php?ym=203101": "2031",
    "https://paper.example/list-" + "-".join("1230100000200") + ".html": "numbers in a row",
    "https://paper.example/id/" + "7" * 41: "digits",
}

# Forms of addresses as papers, blogs and forums use them; hosts and words are invented.
FORMS = """
https://paper.example/
https://paper.example/world
https://paper.example/2026/11/23/world/asia/harbour-tide.html
https://paper.example/2026/11/11/11/eleven-things.html
https://paper.example/2026/11/23/2026-11-23-tide-table/
https://paper.example/2026/nov/23/sea-level-live-updates
https://paper.example/1923/11/05/archives/harbour-opened.html
https://paper.example/1888/03/12/
https://paper.example/archive/1985/05/
https://paper.example/article/us-harbour-tide-idUSKBN2ZZ1AB
https://paper.example/articles/2026-11-23/harbour-tide-rises-as-moon-nears
https://paper.example/news/world-asia-65432109
https://paper.example/news/live/world-asia-65432109/page/2
https://paper.example/news/articles/c9w1x2y3z4no
https://paper.example/content/0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9
https://paper.example/s/1234567/harbour-tide/1234567/
https://paper.example/story.php?storyId=123456789&ft=nprml
https://paper.example/news/newsitem/news-1.html
https://paper.example/sport/football/live/sport-football-1
https://paper.example/opinion/opinion/tide
https://paper.example/en/world/en-1234567
https://paper.example/a/a/b/abc12345.html
https://paper.example/f/f/0/ff01.pdf
https://paper.example/2050/12
https://paper.example/article/3001/2
https://paper.example/news/2027-01-20/inauguration-guide/
https://paper.example/events/2027/06/01
https://paper.example/calendar/2026/12/
https://paper.example/events/2026-11-23/harbour-festival
https://paper.example/search?q=tide&page=2&sort=date&from=2026-01-01&to=2026-11-23
https://paper.example/search?tag=a&tag=b&tag=c
https://paper.example/?p=12345
https://paper.example/?cat=3&paged=12
https://paper.example/archive?date=1950-01-01
https://paper.example/print-edition?date=2026-11-23
https://paper.example/epaper/2026-11-23/A1/4/1/2/8/16
https://paper.example/tag/tide/page/14/
https://paper.example/author/li-wen/feed/
https://paper.example/video/2026/11/23/tide-video-2026-11-23-1080.mp4
https://paper.example/redirect?url=https%3A%2F%2Fother.example%2F%25E4%25B8%25AD
https://ribao.example/n1/2026/1123/c1001-40123456.html
https://ribao.example/2026-11/23/c_1131234567.htm
https://ribao.example/politics/2026-11/23/c_1131234567_2.htm
https://ribao.example/html/2026-11/23/nw.D110000ribao_20261123_1-01.htm
https://ribao.example/rmrb/html/2026-11/23/nbs.D110000renmrb_01.htm
https://ribao.example/a/20261123/012345_0.shtml
https://ribao.example/a/987654321_121123456
https://ribao.example/article/HX1A2B3C0001899O.html
https://ribao.example/news/detail/2026-11-23/detail-iabcdefg1234567.d.html
https://ribao.example/newsDetail_forward_29123456
https://ribao.example/omn/20261123/20261123A01BCD00.html
https://ribao.example/cj/2026/11-23/10123456.shtml
https://ribao.example/gn/2026/11-23/10123456.shtml
https://ribao.example/t20261123_12345678.html
https://ribao.example/zwgk/gkml/202611/t20261123_1234567_1234567.html
https://ribao.example/ARTI2bcDEfGhIjKlMnOpQrSt261123.shtml
https://ribao.example/2026/11/23/ARTIabcdefghijklmnopqrst261123.shtml
https://ribao.example/%E8%A6%81%E9%97%BB/%E6%B8%AF%E6%B9%BE/2026-11-23
https://ribao.example/zh-hans/zh-hans-12345678
https://ribao.example/p/123456789012345678901234567890
https://ribao.example/s?__biz=MzA5MDU1MjIyMg==&mid=2651234567&idx=1&sn=0123456789abcdef0123456789abcdef
https://forum.example/thread-123456-1-1.html
https://forum.example/forum-2-15.html
https://forum.example/forum.php?mod=viewthread&tid=123456&extra=page%3D1&page=3
https://forum.example/forum.php?mod=forumdisplay&fid=2&orderby=lastpost&filter=author&dateline=2592000&page=2
https://forum.example/forum.php?mod=redirect&goto=findpost&ptid=123&pid=456
https://forum.example/home.php?mod=space&uid=123&do=thread&view=me&from=space
https://forum.example/list-1-0-0-0-0-0-0-0-1.html
https://forum.example/read.php?tid=1&fpage=0&toread=&page=2
https://forum.example/t/harbour-tide/12345/67
https://forum.example/viewtopic.php?f=2&t=1234&start=15&sid=0123456789abcdef0123456789abcdef
https://forum.example/a;jsessionid=0A1B2C3D?sid=12
https://blog.example/2026/11/harbour-tide/
https://blog.example/2026/11/23/harbour/#more
https://blog.example/posts/harbour-tide-part-2-of-3/
https://blog.example/p/harbour-tide-1a2b3c4d5e6f?utm_source=x
https://blog.example/category/a/b/c/page/3/
https://blog.example/archives/2026/11/23/1234.html
https://blog.example/events/event-horizon
"""
REAL = FORMS.split()


@pytest.mark.parametrize("url", TRAPS)
def test_a_trap_is_known_and_said(url):
    assert TRAPS[url] in (trap(url, TODAY) or "nothing")


@pytest.mark.parametrize("url", REAL)
def test_addresses_of_real_pages_pass(url):
    assert trap(url, TODAY) is None


def test_enough_forms_are_tried():
    assert len(set(REAL)) >= 60


def test_a_calendar_moves_with_the_day():
    url = "https://paper.example/calendar/2028/01/"
    assert trap(url, date(2026, 12, 31))
    assert trap(url, date(2027, 1, 1)) is None
    assert trap(url, date(2028, 2, 29)) is None


@given(st.text(), st.text())
def test_garbage_raises_nothing(host, rest):
    for url in (host, f"https://{host}/{rest}"):
        trap(url, TODAY)
        Shapes().admits(url)


@pytest.mark.parametrize(
    ("form", "others"),
    [
        ("https://paper.example/day/{}", "https://paper.example/night/{}"),
        ("https://paper.example/{:032x}a1/", "https://paper.example/{:032x}a1"),
        ("https://paper.example/find?q=word{}", "https://paper.example/find?page={}"),
        ("https://paper.example/{}", "https://other.example/{}"),
        ("https://paper.example/0a1b2c3d-4e5f-6071-8293-{:012x}", "https://paper.example/x-{:012x}1a"),
    ],
)
def test_a_shape_is_admitted_up_to_its_limit(form, others):
    shapes = Shapes(most=50)
    assert all(shapes.admits(form.format(number)) for number in range(50))
    assert not shapes.admits(form.format(50))
    assert not shapes.admits(form.format(99))
    assert shapes.admits(others.format(1))


def test_a_link_counts_once():
    shapes = Shapes(most=2)
    for _ in range(5):
        assert shapes.admits("https://paper.example/?page=1&size=2")
    assert shapes.admits("https://paper.example/?size=2&page=2")
    assert not shapes.admits("https://paper.example/?page=3&size=2")


def test_slugs_are_shapes_of_their_own():
    shapes = Shapes(most=2)
    assert all(shapes.admits(f"https://paper.example/{'x' * number}") for number in range(1, 100))


def test_the_memory_is_bounded(monkeypatch):
    monkeypatch.setattr(Shapes, "MOST_SHAPES", 100)
    monkeypatch.setattr(Shapes, "MOST_KEPT", 500)
    shapes = Shapes(most=20)
    for shape in range(1000):
        for number in range(30):
            shapes.admits(f"https://host{'x' * shape}.example/{number}")
    assert len(shapes._links) <= 100
    assert sum(len(links or ()) for links in shapes._links.values()) == shapes._kept <= 500
    wide = Shapes(most=1000)
    for number in range(1000):
        wide.admits(f"https://host{'x' * (number % 7)}.example/{number}")
    assert sum(len(links or ()) for links in wide._links.values()) == wide._kept <= 500
