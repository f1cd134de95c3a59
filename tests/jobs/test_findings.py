"""What a survey asks, and what it makes of the answers: real servers, a plain client, no crawl job."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

import newsite
from crawler.discovery import AnnouncedUrl, Discovery, Kind
from crawler.jobs.findings import name_of
from crawler.jobs.guesses import Dated, clocks, cron, timezone, tongues
from crawler.jobs.questions import FEED_PLACES, MOST_REQUESTS, SITEMAP_PLACES, next_questions
from crawler.jobs.shapes import article_patterns
from crawler.scope import pattern
from crawler.visits import Limits
from jobs.surveying import announced_by, drafted, profile_of, surveyed

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
# Not among them are hosts whose sources stand at places that nothing names.
FINDABLE = (
    "ragged", "hub", "gbk", "paid", "longrobots", "flood", "nested", "variants", "half", "slow",
    "broken", "syndicate", "paper25",
)  # fmt: skip
ENGLISH = ("The boats are back in the harbour", "A report of the school board is out")
CHINESE = ("港务局周二开放了档案室", "图书馆的钟慢了六十年")


@pytest.fixture(scope="module")
def net():
    return newsite.net(articles=600, hosts=25)


@pytest.fixture(scope="module")
def served(net):
    with net.running() as site:
        yield site


def host_of(net, name):
    return next(host for host in net.hosts.values() if host.name == name)


@pytest.mark.parametrize("name", FINDABLE)
def test_the_profile_finds_every_article_that_the_net_announces(net, served, tmp_path, name):
    host = host_of(net, name)
    served.reset()
    profile = profile_of(f"{host.base}/", tmp_path)
    asked = [exchange.path for exchange in served.exchanges_of(host.address)]
    assert len(asked) <= MOST_REQUESTS
    assert not [path for path in asked if path.startswith("/private/")]
    found, identity = announced_by(profile), profile.crawl_identity()
    wanted = {
        identity.of(outcome.same_page)
        for outcome in net.expected.values()
        if outcome.site == name
        and outcome.code == "captured"
        and outcome.url.startswith(f"{host.base}/")
        # Front pages, boards and the like are no articles.
        and host.find(outcome.url.removeprefix(host.base)) is not None
    }
    assert len(wanted) >= 10
    assert wanted - found == set()
    assert profile.languages == (host.language,)


def test_an_index_of_500_sitemaps_is_no_flood(net, served):
    host = host_of(net, "flood")
    served.reset()
    made = drafted(surveyed(f"{host.base}/"))
    asked = [exchange.path for exchange in served.exchanges_of(host.address)]
    assert len([path for path in asked if path.startswith("/sitemaps/")]) == 2
    assert [(each.value, each.comment) for each in made.sitemaps] == [
        ("/sitemap.xml", "index of 500 sitemaps")
    ]


def test_dates_without_a_zone_that_lie_ahead_tell_it(net, served):
    made = drafted(surveyed(f"{host_of(net, 'gbk').base}/"))
    assert made.timezone == "Asia/Shanghai"
    assert "ahead; the language is zh" in made.notes["timezone"]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_daily_paper(tmp_path, language):
    paper = newsite.daily(articles=60, language=language)
    with newsite.running(paper) as site:
        known = surveyed(site.url)
        made = drafted(known)
        profile = profile_of(site.url, tmp_path)
        found, identity = announced_by(profile), profile.crawl_identity()
        assert {identity.of(article.url(site.url.rstrip("/"))) for article in paper} <= found
    asked = [answer.question for answer in known]
    assert not [each for each in asked if each.origin == "the usual place"]
    assert made.title == paper.name
    assert made.languages == (language,)
    assert [(each.value, each.used) for each in made.feeds] == [("/atom.xml", True), ("/feed.xml", False)]
    assert made.feeds[1].comment.startswith("announces nothing that /atom.xml does not")
    assert [each.value for each in made.sitemaps] == ["/news-sitemap.xml", "/sitemap.xml"]
    assert len(made.sections) == 6
    assert not any(each.used for each in made.sections)
    articles = pattern(*(each.value for each in made.article))
    assert all(articles.search(article.url("http://x.example")) for article in paper)
    assert not [each for each in made.sections if articles.search(f"http://x.example{each.value}")]


@pytest.mark.parametrize("name", newsite.families())
def test_the_families(tmp_path, name):
    family = newsite.family(name)
    with newsite.running(hosts={name: family}) as site:
        known = surveyed(site.at(name))
        made = drafted(known)
        profile = profile_of(site.at(name), tmp_path)
        found, identity = announced_by(profile), profile.crawl_identity()
        assert {identity.of(case.url(site.at(name))) for case in family.cases} <= found
    assert known.requests <= MOST_REQUESTS
    assert "zh" in made.languages
    if name == "discuz":
        assert [each.value for each in made.sections if each.used] == ["/forum-36-1.html"]
        assert (made.title, made.timezone) == ("渔港社区", "Asia/Shanghai")
        assert "/*authorid=" in {each.value for each in made.exclude}
    if name == "ainews":
        assert "/*?replytocom=" in {each.value for each in made.exclude}


PAGE = "<html lang=en><title>Paper</title>{head}<nav>{menu}</nav><p><a href=/>Paper</a> {body}</html>"


def page(*links, head="", menu=""):
    body = " ".join(f"<a href={link}>The story of the {link.strip('/')}</a>" for link in links)
    return PAGE.format(head=head, menu=menu, body=body)


def feed(*links, title="Paper", at=NOW):
    items = "".join(
        f"<item><title>The story of the {link.strip('/')}</title><link>{link}</link>"
        f"<pubDate>{format_datetime(at - timedelta(hours=n))}</pubDate></item>"
        for n, link in enumerate(links)
    )
    return f"<rss version='2.0'><channel><title>{title}</title>{items}</channel></rss>"


def link_to(*feeds):
    return "".join(f"<link rel=alternate type=application/rss+xml href={each}>" for each in feeds)


def test_feeds_that_are_of_no_use_are_named_with_the_reason():
    own = [f"/2026/{n}.html" for n in range(8)]
    feeds = (
        "/all.rss",
        "/few.rss",
        "/talk.rss",
        "/2026/3.html/feed",
        "/others.rss",
        "/empty.rss",
        "/gone.rss",
    )
    pages = {
        "/": page(*own, head=link_to(*feeds, "/comments/feed")),
        "/all.rss": feed(*own),
        "/few.rss": feed(*own[:3]),
        "/talk.rss": feed("/x.html", "/y.html", title="Comments on Paper"),
        "/2026/3.html/feed": feed("/2026/3.html#c1", "/z.html"),
        "/others.rss": feed("http://a.example/1", "http://b.example/2", "/q.html"),
        "/empty.rss": feed(),
    }
    with newsite.running(pages) as site:
        known = surveyed(site.url)
        assert not site.asked("/comments/feed")
    told = {each.value: (each.used, each.comment.partition(";")[0]) for each in drafted(known).feeds}
    assert told["/all.rss"] == (True, "Paper: 8 entries, the newest of 2026-11-23")
    assert told["/few.rss"] == (False, "announces nothing that /all.rss does not")
    assert told["/talk.rss"] == (False, "readers' comments")
    assert told["/2026/3.html/feed"] == (False, "of one article")
    assert told["/others.rss"] == (False, "announces mostly pages of other sites")
    assert told["/empty.rss"] == (False, "lists nothing")
    # Only six that the page names are looked at.
    assert told["/gone.rss"] == (False, "not looked at")


def test_a_page_that_lists_feeds_is_read_for_them():
    pages = {
        "/": page("/a.html", menu="<a href=/rss>RSS</a>"),
        "/rss": page("/rss/world.xml", "/rss/sport.xml"),
        "/rss/world.xml": feed("/w1.html", "/w2.html"),
        "/rss/sport.xml": feed("/s1.html", "/s2.html"),
    }
    with newsite.running(pages) as site:
        made = drafted(surveyed(site.url))
    assert {each.value for each in made.feeds if each.used} == {"/rss/world.xml", "/rss/sport.xml"}


def test_sections_stand_in_where_nothing_is_announced():
    menu = "<a href=/world/>World</a><a href=/sport/>Sport</a><a href=/old/>Old</a>"
    listing = page("/world/a-first-long-story-1.html", "/sport/b-second-long-story-2.html", menu=menu)
    with newsite.running({"/": listing, "/world/": listing, "/sport/": listing}) as site:
        known = surveyed(site.url)
        made = drafted(known)
    asked = [answer.question.url.removeprefix(known.start.rstrip("/")) for answer in known]
    assert set(FEED_PLACES + SITEMAP_PLACES) <= set(asked)
    assert {each.value: each.used for each in made.sections} == {
        "/": True, "/world/": True, "/sport/": True, "/old/": False,
    }  # fmt: skip
    assert [each.comment for each in made.sections if not each.used] == ["Old: answered 404"]
    assert made.notes["cron"] == "a guess: no dates were announced"


def test_a_feed_that_is_not_kept_up_does_not_stand_for_the_site():
    pages = {
        "/": page("/a.html", head=link_to("/rss")),
        "/rss": feed("/a.html", "/b.html", at=NOW - timedelta(days=400)),
    }
    with newsite.running(pages) as site:
        made = drafted(surveyed(site.url), now=NOW)
    assert [each.used for each in made.feeds] == [True]
    assert [each.value for each in made.sections if each.used] == ["/"]


def test_the_address_of_a_feed_leads_to_its_site():
    pages = {"/": page("/a.html"), "/rss.xml": feed("/a.html", "/b.html")}
    with newsite.running(pages) as site:
        known = surveyed(f"{site.url}rss.xml")
        made = drafted(known)
        assert made.home == site.url
    assert [each.value for each in made.feeds if each.used] == ["/rss.xml"]
    assert f"Asked for was {made.home}rss.xml" in made.about


def test_what_is_no_page_ends_the_survey():
    with newsite.running({"/": newsite.Page(b"\x89PNG\r\n", type="image/png")}) as site:
        known = surveyed(site.url)
        assert known.front is None
        assert len(site.exchanges) == 1
    assert next_questions(known) == []


def test_a_redirect_moves_the_home():
    there = newsite.Page(b"", status=301, headers=((b"Location", b"/en/"),))
    with newsite.running({"/": there, "/en/": page("/en/a.html")}) as site:
        assert drafted(surveyed(site.url)).home == f"{site.url}en/"


@pytest.mark.parametrize(
    ("stated", "titles", "tags", "said"),
    [
        (["en"], ENGLISH, ("en",), "en by the page"),
        (["en-US"], CHINESE, ("zh",), "en by the page, but 100% of the titles are zh"),
        (["zh-CN"], ENGLISH, ("en",), "zh by the page, but 100% of the titles are en"),
        (["zh_TW"], CHINESE, ("zh-Hant",), "zh-Hant by the page"),
        (["zh-Hans-HK"], CHINESE, ("zh",), "zh by the page"),
        (["zh"], (*CHINESE, *ENGLISH), ("zh", "en"), "zh by the page; 50% of the titles are en"),
        (["de"], ("Der Hafen öffnet wieder",), ("de",), "de by the page"),
        (["", "<script>"], CHINESE, ("zh",), "by the script of the titles"),
        ([], (), (), "nothing states one"),
    ],
)
def test_languages(stated, titles, tags, said):
    told = tongues([(tag, "the page") for tag in stated], titles)
    assert (told.tags, told.note) == (tags, said)


@pytest.mark.parametrize(
    ("tags", "offset", "host", "zone"),
    [
        (["zh"], "+0800", "paper.example", "Asia/Shanghai"),
        (["zh-TW"], "+0800", "paper.example", "Asia/Taipei"),
        (["en"], "-0500", "paper.example", "America/New_York"),
        (["en"], "EST", "paper.example", "America/New_York"),
        (["en-AU"], "+1100", "paper.example", "Australia/Sydney"),
        (["de"], "+0100", "paper.example", "Europe/Berlin"),
        (["en"], "+0800", "paper.sg", "Asia/Singapore"),
        (["en"], "+0800", "paper.example", "UTC"),
        (["en"], "GMT", "paper.example", "UTC"),
        (["en"], "GMT", "paper.co.uk", "Europe/London"),
        (["en"], "GMT", "paper.tv", "UTC"),
        (["en-US"], "GMT", "paper.example", "UTC"),
        (["zh-CN"], "GMT", "paper.example", "Asia/Shanghai"),
        (["zh"], "-0000", "paper.example", "UTC"),
    ],
)
def test_time_zones(tags, offset, host, zone):
    text = f"<pubDate>Mon, 23 Nov 2026 10:00:00 {offset}</pubDate>"
    told = tongues([(tag, "the page") for tag in tags], [])
    assert timezone(told, clocks([text], [], now=NOW), host=host, now=NOW).value == zone


def dated(hours, *, count=40):
    urls = tuple(
        AnnouncedUrl(f"http://x.example/{n}", "", Kind.FEED, published=NOW - timedelta(hours=hours * n))
        for n in range(1, count)
    )
    return Dated("/feed", Discovery(Kind.FEED, urls))


@pytest.mark.parametrize(("hours", "form"), [(0.05, "-59/"), (96, " */"), (24 * 30, "* * *")])
def test_the_schedule_follows_the_rhythm(hours, form):
    guess = cron([dated(hours)], name="paper", now=NOW, limits=Limits())
    assert form in guess.value
    assert guess.note.startswith("by 39 dates in /feed, worth a visit about every")


def test_the_busiest_source_sets_the_schedule():
    both = cron([dated(24 * 30), dated(0.05)], name="paper", now=NOW, limits=Limits())
    assert both.value == cron([dated(0.05)], name="paper", now=NOW, limits=Limits()).value


@pytest.mark.parametrize(
    ("urls", "patterns"),
    [
        (
            [f"http://x/2026/11/{n:02}/a-b-{n}.html" for n in range(1, 20)],
            [r"/\d{4}/\d{2}/\d{2}/a-b-\d+\.html"],
        ),
        ([f"http://x/world/{word}-of-it/" for word in "abcdef"], ["/world/[^/]+/"]),
        ([f"http://x/story.php?id={n}&lang=en" for n in range(9)], [r"/story\.php\?(?:[^#]*&)?id=\d+"]),
        ([f"http://x/{word}" for word in "abcdef"], []),
        ([f"http://x/{word}/" for word in "abcdef"], []),
        ([], []),
    ],
)
def test_shapes_of_articles(urls, patterns):
    found = [expression for expression, _ in article_patterns(urls)]
    assert [each.removeprefix("^https?://[^/]+").removesuffix("(?:[?#]|$)") for each in found] == patterns
    assert all(pattern(*found).search(url) for url in urls if found)


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://www.paper.com/", "paper"),
        ("https://cn.paper.com/", "cn-paper"),
        ("https://paper.co.uk/", "paper"),
        ("http://127.0.0.1:8080/", "127-0-0-1-8080"),
        ("https://港湾.cn/", "xn--j6wog"),
        ("http://[::1]/", "1"),
    ],
)
def test_names(url, name):
    assert name_of(url) == name
