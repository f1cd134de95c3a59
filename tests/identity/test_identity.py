import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.hostnames import normal_host, registered_domain
from pipelines.identity import Identity

PAPER = Identity(["www.paper.com", "*.stories.co.uk", "bbs.tide.cn"])
PAGE = "https://paper.com/world/2026-11-23-tide"

ONE_PAGE = [
    # The address.
    (PAGE, "http://paper.com/world/2026-11-23-tide"),
    (PAGE, "HTTPS://Paper.COM.:443/world/2026-11-23-tide"),
    (PAGE, "http://paper.com:80/world/2026-11-23-tide"),
    (PAGE, "https://paper.com/./sport/../world/%32026-11-23-tid%65"),
    (PAGE, f"{PAGE}#comments"),
    (PAGE, f"{PAGE}?"),
    (PAGE, f"{PAGE}?&"),
    ("https://paper.com/", "https://paper.com"),
    ("https://paper.com/?p=1", "https://paper.com?p=1"),
    ("https://paper.com/%e4%b8%ad", "https://paper.com/中"),
    ("https://paper.com/a%2fb", "https://paper.com/a%2Fb"),
    ("https://paper.com/?a=1&b=2&b=1", "https://paper.com/?b=2&a=1&b=1"),
    ("https://paper.com/#!/a", "http://paper.com/#!/a"),
    ("https://xn--mnchen-3ya.de/a", "https://MÜNCHEN.de/a"),
    # Discuz!.
    *(
        ("https://bbs.tide.cn/forum.php?mod=viewthread&tid=5", f"https://bbs.tide.cn/{form}")
        for form in (
            "thread-5-1-1.html?_dsign=1a2b3c4d",
            "forum.php?mod=viewthread&tid=5&fromguid=hot&extra=",
            "forum.php?mod=viewthread&fid=2&tid=5",
            "forum.php?mod=viewthread&amp;tid=5",
        )
    ),
    # Twins of the site's hosts.
    (PAGE, PAGE.replace("paper.com", "www.paper.com")),
    (PAGE, PAGE.replace("paper.com", "m.paper.com")),
    (PAGE, PAGE.replace("paper.com", "www.m.paper.com")),
    (PAGE, PAGE.replace("paper.com", "amp.paper.com")),
    ("https://news.stories.co.uk/a", "https://mobile.news.stories.co.uk/a"),
    ("https://bbs.tide.cn/a", "https://wap.bbs.tide.cn/a"),
    # Tracking.
    (PAGE, f"{PAGE}?utm_source=rss&UTM_Medium=x&fbclid=y&gclid=z"),
    (PAGE, f"{PAGE}?spm=C73544894212.P59511941341.0.0&scm=1007.15087.1"),
    (PAGE, f"{PAGE}?from=singlemessage&isappinstalled=0&nsukey=a%2Bb"),
    (PAGE, f"{PAGE}?at_medium=RSS&at_campaign=KARANGA&ns_mchannel=social"),
    (PAGE, f"{PAGE}?WT.mc_id=tw&cmpid=x&ncid=y&xtor=RSS-3208&mc_cid=1&mc_eid=2&_ga=2.3-4"),
    (PAGE, f"{PAGE}?ref=rss&ref_src=twsrc%5Etfw&share_token=1234"),
    (f"{PAGE}?id=7", f"{PAGE}?wfr=spider&id=7&for=pc"),
    (PAGE, f"{PAGE}?CMP=share_btn_tw&smid=x&gad_source=1&__tn__=R&mibextid=q&_x_tr_sl=en&__cf_chl_tk=a"),
    # Sessions.
    (PAGE, f"{PAGE};jsessionid=0A1B2C3D.node1"),
    (PAGE, f"{PAGE}?PHPSESSID=q1w2e3r4t5y6u7i8"),
    (PAGE, f"{PAGE}?sid=0123456789abcdef0123456789ABCDEF"),
    ("https://paper.com/a/page.aspx", "https://paper.com/(S(lit3py55t21z5v55vlm25s55))/a/page.aspx"),
    # AMP, mobile and print.
    (PAGE, "https://paper.com/amp/world/2026-11-23-tide"),
    (PAGE, "https://www.google.com/amp/s/paper.com/world/2026-11-23-tide"),
    (PAGE, "https://paper-com.cdn.ampproject.org/c/s/paper.com/world/2026-11-23-tide?usqp=mq331AQ"),
    (PAGE, f"{PAGE}/amp"),
    (f"{PAGE}/", f"{PAGE}/amp/"),
    (PAGE, f"{PAGE}.amp"),
    (f"{PAGE}.html", f"{PAGE}.amp.html"),
    (PAGE, f"{PAGE}?amp"),
    (PAGE, f"{PAGE}?amp=1"),
    (PAGE, f"{PAGE}?outputType=amp"),
    (PAGE, f"{PAGE}?mobile=1"),
    (PAGE, f"{PAGE}/print"),
    (PAGE, f"{PAGE}?print=true"),
    (PAGE, f"{PAGE}?print"),
    (PAGE, f"{PAGE}?view=print"),
    (PAGE, f"{PAGE}?mode=print"),
    (f"{PAGE}?id=7", f"{PAGE}/amp?id=7&print=1"),
    # Discuz!
    ("https://bbs.tide.cn/forum.php?mod=viewthread&tid=12", "https://bbs.tide.cn/thread-12-1-1.html"),
    ("https://bbs.tide.cn/thread-12-1-4.html", "https://bbs.tide.cn/thread-12-1-1.html"),
    ("https://bbs.tide.cn/thread-12-2-1.html", "https://bbs.tide.cn/forum.php?page=2&tid=12&mod=viewthread"),
    ("https://bbs.tide.cn/thread-12-2-1.html", "https://bbs.tide.cn/viewthread.php?tid=12&page=2&sid=aB3xY9"),
    ("https://bbs.tide.cn/thread-12-1-1.html", "https://bbs.tide.cn/viewthread.php?tid=12&page=1"),
    (
        "https://bbs.tide.cn/thread-12-1-1.html",
        "https://bbs.tide.cn/forum.php?mod=viewthread&tid=12&extra=page%3D1&highlight=x&fromuid=9&mobile=2",
    ),
    ("https://bbs.tide.cn/thread-12-1-1.html", "https://bbs.tide.cn/archiver/tid-12.html"),
    ("https://bbs.tide.cn/thread-12-1-1.html", "https://bbs.tide.cn/archiver/?tid-12.html"),
    ("https://bbs.tide.cn/x/forum-2-1.html", "https://bbs.tide.cn/x/forum.php?mod=forumdisplay&fid=2"),
    ("https://bbs.tide.cn/forum-2-3.html", "https://bbs.tide.cn/forumdisplay.php?fid=2&page=3"),
    ("https://bbs.tide.cn/forum-2-1.html", "https://bbs.tide.cn/archiver/fid-2.html"),
]

TWO_PAGES = [
    ("https://paper.com/x", "https://paper.com/x?at_id=5"),
    ("https://paper.com/x", "https://paper.com/x?cmp=a-and-b"),
    ("https://paper.com/amp/", "https://paper.com/"),
    ("https://paper.com/amp/2026", "https://paper.com/2026"),
    (
        "https://bbs.tide.cn/forum.php?mod=viewthread&tid=5",
        "https://bbs.tide.cn/forum.php?mod=viewthread&tid=5&action=edit",
    ),
    ("https://paper.com/a", "https://paper.com/A"),
    ("https://paper.com/a", "https://paper.com/a/"),
    ("https://paper.com/a/b", "https://paper.com/a%2Fb"),
    ("https://paper.com:8080/a", "https://paper.com/a"),
    ("https://paper.com/#!/a", "https://paper.com/#!/b"),
    ("https://paper.com/?a=1&a=2", "https://paper.com/?a=2&a=1"),
    ("https://paper.com/?id=1", "https://paper.com/?id=2"),
    ("https://paper.com/?q=a+b", "https://paper.com/?q=a%2Bb"),
    # Another host, even of the same domain, is another place, and so are foreign twins.
    ("https://paper.com/a", "https://sport.paper.com/a"),
    ("https://other.com/a", "https://www.other.com/a"),
    ("https://m.com/a", "https://www.m.com/a"),
    # Words that only look like tracking, session, AMP or print.
    (PAGE, f"{PAGE}?from=2026-01-01"),
    (PAGE, f"{PAGE}?ref=1234"),
    (PAGE, f"{PAGE}?sid=12"),
    (PAGE, f"{PAGE}?scm=git"),
    (PAGE, f"{PAGE}?amp=60"),
    (PAGE, f"{PAGE}?view=list"),
    (PAGE, f"{PAGE}?page=2"),
    (PAGE, f"{PAGE}?cid=2&aid=3"),
    ("https://paper.com/tag/amp", "https://paper.com/tag"),
    ("https://paper.com/amp/", "https://paper.com/"),
    ("https://paper.com/2026/11/23/print", "https://paper.com/2026/11/23"),
    ("https://paper.com/issue/2026-11-23/print", "https://paper.com/issue/2026-11-23"),
    ("https://paper.com/topics/print/", "https://paper.com/topics/"),
    ("https://paper.com/x.amplifier", "https://paper.com/x"),
    # Pages, posters and orders of a thread.
    ("https://bbs.tide.cn/thread-12-1-1.html", "https://bbs.tide.cn/thread-12-2-1.html"),
    ("https://bbs.tide.cn/thread-12-1-1.html", "https://bbs.tide.cn/forum-12-1.html"),
    ("https://bbs.tide.cn/thread-12-1-1.html", "https://bbs.tide.cn/x/thread-12-1-1.html"),
    ("https://bbs.tide.cn/thread-12-1-1.html", "https://bbs.tide.cn/viewthread.php?tid=12&authorid=5"),
    ("https://bbs.tide.cn/thread-12-1-1.html", "https://bbs.tide.cn/viewthread.php?tid=12&ordertype=1"),
    ("https://bbs.tide.cn/thread-12-1-1.html", "https://bbs.tide.cn/viewthread.php?tid=12&action=printable"),
    ("https://bbs.tide.cn/archiver/tid-12-2.html", "https://bbs.tide.cn/thread-12-2-1.html"),
]


@pytest.mark.parametrize(("one", "other"), ONE_PAGE)
def test_one_page_has_one_identity(one, other):
    assert PAPER.of(one) == PAPER.of(other)


@pytest.mark.parametrize(("one", "other"), TWO_PAGES)
def test_two_pages_have_two(one, other):
    assert PAPER.of(one) != PAPER.of(other)


def test_an_identity_reads_like_an_url():
    assert PAPER.of("http://www.paper.com/%7Ea/%e4%b8%ad.amp.html?b=2&utm_id=1&a=[#x") == (
        "https://paper.com/~a/%E4%B8%AD.html?a=[&b=2"
    )
    thread = "https://bbs.tide.cn/forum.php?mod=viewthread&page=3&tid=12"
    assert PAPER.of("http://bbs.tide.cn/thread-12-3-1.html") == thread


def test_without_hosts_no_twins_are_merged():
    assert Identity().of("http://www.paper.com/a?utm_id=1") == "https://www.paper.com/a"
    assert Identity(["*"]).of("http://www.paper.com/a") == "https://www.paper.com/a"


def test_a_profile_drops_and_keeps_parameters_by_name():
    identity = Identity(drop=["Refer", "id"], keep=["ID", "spm", "amp", "mobile"])
    url = "https://bbs.tide.cn/viewthread.php?tid=1&REFER=2&id=3&spm=4&amp=1&mobile=2"
    assert identity.of(url) == "https://bbs.tide.cn/forum.php?amp=1&id=3&mobile=2&mod=viewthread&spm=4&tid=1"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "paper.com/a",
        "/a",
        "mailto:a@paper.com",
        "ftp://paper.com/",
        "https://",
        "https:///a",
        "https://[::1",
        "https://pa per.com/a",
        "https://paper.com/a b",
        "https://paper.com/a\nb",
        "https://pa%70er.com/",
        "https://paper.com:port/",
        "https://./",
    ],
)
def test_what_is_no_url_comes_back_as_it_is(text):
    assert PAPER.of(text) == text


PIECES = st.sampled_from(
    [
        *"/?&=#%;:.@a1",
        *(
            "..",
            "%2e",
            "%2F",
            "%25",
            "%4",
            "%%341",
            "/amp",
            "/print/",
            "a-1",
            ".amp",
            ".html",
            "?amp",
            "&utm_x=1",
        ),
        *("thread-1-2-3.html", "forum-1-1.html", "/archiver/", "?tid-1.html", "forum.php", "mod=viewthread"),
        *(
            "&tid=1",
            "&page=1",
            "&sid=aaaaaa",
            ";jsessionid=1",
            "/(S(abcdefgh))",
            "&mod=x",
            "#!",
            "www.",
            "m.",
        ),
        *("[", "]", "\\", "中", "。", "\ud800", "ß", " ", "\n", "+", "'"),
    ]
)
TAILS = st.lists(PIECES, max_size=12).map("".join)
HOSTS = st.sampled_from(
    ["paper.com", "www.m.paper.com", "bbs.tide.cn:80", "u:p@x.com", "www.中。cn", "İ.com", ""]
)


@settings(deadline=None, max_examples=600)
@given(st.one_of(st.text(), st.builds("https://{}/{}".format, HOSTS, TAILS), TAILS.map("http://".__add__)))
def test_the_identity_of_an_identity_is_itself(url):
    identity = PAPER.of(url)
    assert PAPER.of(identity) == identity


def test_many_hosts_do_not_fill_the_memory(monkeypatch):
    monkeypatch.setattr("pipelines.identity._MOST_AUTHORITIES", 100)
    identity = Identity()
    for number in range(1000):
        assert identity.of(f"http://host{number}.com/") == f"https://host{number}.com/"
    assert len(identity._authorities) <= 100


def test_hosts_and_domains():
    assert normal_host(" WWW.Paper.COM. ") == "www.paper.com"
    assert registered_domain("a.b.stories.co.uk") == "stories.co.uk"
    assert registered_domain("a.b.stories.invented") == "stories.invented"
    for host in ("127.0.0.1", "[::1]", "co.uk", "localhost", ""):
        assert registered_domain(host) == host
