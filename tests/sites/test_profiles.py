from datetime import UTC, date, datetime
from pathlib import Path

import pytest

import newsite
from crawler.discovery import Kind, Source, discover
from crawler.sites import adhoc_profile, check, list_profiles, load_profile, profile_for
from pipelines.errors import ProfileError

PLAIN = 'name = "paper"\nhome = "https://paper.example"\n'


def write(folder: Path, text: str, name: str = "paper.toml") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def test_a_whole_profile(tmp_path):
    path = write(
        tmp_path,
        PLAIN
        + """
title = "The Paper"
languages = ["zh-Hant", "en"]
timezone = "Asia/Shanghai"
hosts = ["paper.example", "*.Paper.example"]
feeds = ["/rss", { url = "https://feeds.example/paper" }]
sections = ["/world/"]
discover = true
[scope]
include = ["/world/"]
article = ["/world/2026"]
requisites = true
[politeness]
delay = "2s"
concurrency = 1
[schedule]
cron = "*/15 6-23 * * *"
[[sitemaps]]
url = "/sitemap.xml"
[[rules]]
drop = ["div.ad"]
[[rules]]
valid_from = 2026-11-01
take = ["article .body", "//main"]
""",
    )
    assert check(path) == []
    profile = load_profile(path)
    assert profile.sources() == (
        Source("https://paper.example/rss", Kind.FEED),
        Source("https://feeds.example/paper", Kind.FEED),
        Source("https://paper.example/sitemap.xml", Kind.SITEMAP),
        Source("https://paper.example/world/", Kind.SECTION),
        Source("https://paper.example/", Kind.SECTION),
        Source("https://paper.example/robots.txt", Kind.ROBOTS),
    )
    scope = profile.crawl_scope(hops=1)
    assert scope.in_scope("https://www.paper.example/world/x", hops=1)
    assert not scope.in_scope("https://www.paper.example/world/x", hops=2)
    assert not scope.in_scope("https://www.paper.example/sport/x")
    assert scope.is_article("https://paper.example/world/2026/x")
    assert (profile.politeness.delay, profile.politeness.concurrency) == (2.0, 1)
    assert profile.zone.key == "Asia/Shanghai"
    assert profile.schedule is not None


def test_a_date_format_is_one_of_the_captures_day(tmp_path):
    text = """discover = true
[[rules]]
date = ".day"
date_format = "%d/%m/%Y"
[[rules]]
valid_from = 2026-06-01
date = ".day"
date_format = ["%m/%d/%Y", "%d %b %Y"]
"""
    profile = load_profile(write(tmp_path, PLAIN + text))
    assert profile.rules_at(date(2026, 5, 31)).date_format == ("%d/%m/%Y",)
    rules = profile.rules_at(date(2026, 6, 1))
    assert (rules.date, rules.date_format) == ((".day",), ("%m/%d/%Y", "%d %b %Y"))


def test_the_profiles_hops_go_before_the_configurations(tmp_path):
    path = write(tmp_path, PLAIN + "discover = true\n[scope]\nhops = 0\n")
    assert load_profile(path).crawl_scope(hops=5).hops == 0


def test_rules_are_those_of_the_captures_day(tmp_path):
    new, old = (f"[[rules]]\nvalid_from = {day}\n" for day in ("2026-11-01", "2020-01-01"))
    dated = f"{new}take = ['#new']\n{old}take = ['#old']\n"
    profile = load_profile(write(tmp_path, PLAIN + "discover = true\n" + dated))
    assert profile.rules_at(date(2019, 12, 31)).version == ""
    assert profile.rules_at(date(2026, 10, 31)).take == ("#old",)
    rules = profile.rules_at(datetime(2026, 11, 1, tzinfo=UTC))
    assert (rules.take, rules.version) == (("#new",), "paper/2026-11-01")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("titel = 'x'\n", "titel ({path}:3) is not known; did you mean title?"),
        (
            "feeds = ['/a', {url = '/b', ulr = 1}]\n",
            "feeds[1].ulr ({path}:3) is not known; did you mean feeds[1].url?",
        ),
        ("cron = 'x'\n", "cron ({path}:3) is not known"),
        ("[scope]\nhop = 1\n", "scope.hop ({path}:4) is not known; did you mean scope.hops?"),
        (
            "[[rules]]\n[[rules]]\nvalid_form = 2026-01-01\n",
            "rules[1].valid_form ({path}:5) is not known; did you mean rules[1].valid_from?",
        ),
        ("[[rules]]\ntake = ['div..x']\n", "'div..x' is no selector"),
        (
            "[[rules]]\ntitle = 'h1::text'\n",
            "rules[0].title ({path}:4) = 'h1::text' is not accepted: 'h1::text' is no selector",
        ),
        (
            "[[rules]]\ndate = ['//time/@datetime']\n",
            "'//time/@datetime' finds no elements; leave '/@datetime' off",
        ),
        ("[[rules]]\ndrop = ['//p[has-class(\"x\")]']\n", "XPath 1.0 has no function 'has-class'"),
        (
            "[[rules]]\ndate = '.d'\ndate_format = '%d/%m/%Q'\n",
            "rules[0].date_format ({path}:5) = '%d/%m/%Q' is not accepted: '%d/%m/%Q' has %Q; known are",
        ),
        (
            "[[rules]]\ndate_format = ['%d/%m/%Y']\n",
            'no date says where they stand; add date = [".published"]',
        ),
        ("[[rules]]\n[[rules]]\n", "hold two tables with valid_from absent"),
        ("hosts = ['*.com']\n", "'*.com' holds every site below com"),
        ("hosts = 'paper.example'\n", "hosts ({path}:3) = 'paper.example' must be a list"),
        ("languages = ['english language']\n", "holds 'english language', which is no language tag"),
        ("timezone = 'Mars/Olympus'\n", "timezone ({path}:3) = 'Mars/Olympus' is no time zone"),
        ("[scope]\ninclude = ['news']\n", "'news' is no pattern"),
        ("[scope]\nexclude = ['^(']\n", "'^(' is no regular expression"),
        ("[politeness]\ndelay = 'quick'\n", "politeness.delay ({path}:4) = 'quick' is no duration"),
        ("[schedule]\ncron = '61 * * *'\n", "schedule.cron ({path}:4) = '61 * * *' is no cron expression"),
        ("[schedule]\n", "schedule.cron ({path}:3) is missing"),
        ("name = 'x'\n", "cannot be read"),
        ("\n", "names no source; add feeds, sitemaps or sections, or discover = true"),
        (
            "feeds = ['mailto:a@b.example']\n",
            "feeds holds 'mailto:a@b.example', which is no http or https URL",
        ),
    ],
)
def test_what_is_wrong_is_named_with_key_line_and_remedy(tmp_path, text, expected):
    path = write(tmp_path, PLAIN + text)
    problems = "\n".join(map(str, check(path)))
    assert expected.format(path=path) in problems
    with pytest.raises(ProfileError) as caught:
        load_profile(path)
    assert expected.format(path=path) in str(caught.value)


def test_all_problems_are_told_at_once(tmp_path):
    path = write(tmp_path, "name = 'other'\nhome = 'paper.example'\ntitel = 'x'\n")
    assert [problem.key for problem in check(path)] == ["name", "home", "titel"]


def test_users_profiles_go_before_built_in_ones(tmp_path):
    path = write(tmp_path, PLAIN.replace("paper", "daily", 1) + "discover = true\n", "daily.toml")
    assert load_profile("daily", [tmp_path / "absent", tmp_path]).home == "https://paper.example/"
    assert load_profile("daily").home == "https://daily.example/"
    listed = {entry.name: entry for entry in list_profiles([tmp_path])}
    assert listed["daily"].path == path
    assert not listed["daily"].built_in
    assert listed["discuz"].built_in


def test_an_unknown_profile_is_named_with_the_nearest(tmp_path):
    with pytest.raises(ProfileError, match=r"no profile is called 'dayly' .* did you mean 'daily'"):
        profile_for("dayly", [tmp_path])
    with pytest.raises(ProfileError, match="is no file"):
        profile_for(str(tmp_path / "absent.toml"))


def test_a_bare_url_makes_a_profile():
    root = profile_for("https://www.paper.example")
    assert root.sources() == (
        Source("https://www.paper.example/", Kind.SECTION),
        Source("https://www.paper.example/robots.txt", Kind.ROBOTS),
    )
    scope = root.crawl_scope()
    assert scope.in_scope("http://paper.example/x")
    assert not scope.in_scope("https://other.example/")
    local = adhoc_profile("http://127.0.0.1:8000/news/")
    assert local.sources() == (Source("http://127.0.0.1:8000/news/", Kind.SECTION),)
    assert local.crawl_scope().in_scope("http://127.0.0.1:8000/x")
    assert not local.crawl_scope().in_scope("http://127.0.0.1:8001/x")
    assert adhoc_profile("http://[::1]:80/").crawl_scope().in_scope("http://[::1]/x")
    assert adhoc_profile("https://新闻.example/").crawl_scope().in_scope("https://xn--efvy88h.example/x")
    for wrong in ("https://", "https://[bad/", "https://a.example:port/"):
        with pytest.raises(ProfileError, match="is no address"):
            adhoc_profile(wrong)


@pytest.mark.parametrize("entry", list_profiles(), ids=lambda entry: entry.name)
def test_built_in_profiles_are_right(entry):
    assert check(entry.path) == []
    profile = load_profile(entry.name)
    assert profile.title
    assert profile.languages
    moved = profile.at("http://127.0.0.1:8000/")
    assert {source.url.startswith("http://127.0.0.1:8000/") for source in moved.sources()} == {True}
    assert moved.crawl_scope().hosts == ("127.0.0.1:8000",)


@pytest.mark.parametrize("name", [*newsite.families(), "daily"])
def test_built_in_profiles_find_every_article_of_their_site(name):
    site = newsite.daily(articles=1200) if name == "daily" else newsite.family(name)
    profile = load_profile(name)
    base = profile.home.rstrip("/")
    scope = profile.crawl_scope()
    found: set[str] = set()
    sources = list(profile.sources())
    while sources:
        source = sources.pop()
        page = site.page(source.url.removeprefix(base), base=base)
        if page is None:
            assert source.kind is Kind.ROBOTS, source.url
            continue
        announced = discover(page.body, source.url, content_type=page.type, zone=profile.zone)
        assert announced.kind is not Kind.UNKNOWN, source.url
        sources.extend(announced.more)
        found |= {each.url for each in announced.urls if scope.in_scope(each.url)}
    articles = {case.url(base) for case in (site if name == "daily" else site.cases)}
    assert articles <= {url for url in found if scope.is_article(url)}
