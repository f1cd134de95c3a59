"""Crawls of what is due beside crawls of everything: what is asked for, and what the ledger has of it."""

from datetime import UTC, datetime, timedelta

import newsite
from newsite import Page
from spiders.paper import feed, moved, sitemap, story

HOURS_AGO = datetime.now(UTC) - timedelta(hours=3)


def put(paper, answers):
    for path, answer in answers.items():
        paper.put(path, answer)


def test_redirects_end_somewhere_and_each_page_has_its_outcome(paper, crawls):
    """Chains, loops, targets that are announced themselves; and the same of sources."""
    loops = ("/to-b", "/to-a", "/to-c", "/self")
    put(
        paper,
        {
            "/feed": feed(
                "/chain", "/target", "/amp-1/amp", *loops, "/out", "/nowhere", "/bytes", "/to-gone"
            ),
            "/same-feed": moved("/feed"),
            "/old-feed": moved("/hop-feed", 302),
            "/hop-feed": moved("/new-feed", 307),
            "/new-feed": feed("/new", etag='"n"'),
            "/feed-loop": moved("/feed-pool"),
            "/feed-pool": moved("/feed-loop"),
            "/chain": moved("/chain-2"),
            "/chain-2": moved("/target"),
            "/target": story("Target"),
            "/amp-1/amp": moved("/amp-1"),
            "/amp-1": story("No AMP any more"),
            "/to-a": moved("/to-b"),
            "/to-b": moved("/to-a"),
            "/to-c": moved("/to-d"),
            "/to-d": moved("/to-c"),
            "/self": moved("/self?utm_source=x"),
            "/self?utm_source=x": moved("/self"),
            "/out": moved("http://elsewhere.example/x"),
            "/nowhere": Page(b"", status=301),
            "/bytes": moved("/新".encode("gb18030")),
            "/%D0%C2": story("Bytes as they were sent"),
            "/to-gone": moved("/gone"),
            "/new": story("New"),
        },
    )
    profile = crawls.profile('feeds = ["/feed", "/same-feed", "/old-feed", "/feed-loop"]')
    last = crawls.crawl(profile)
    assert (last.reason, last.exit_code) == ("finished", 0)
    outcomes = crawls.outcomes()
    # Of two that lead to each other the one that is answered first is said to have moved.
    assert sorted([outcomes.pop("/to-a"), outcomes.pop("/to-b")]) == ["captured", "redirects"]
    assert outcomes == {
        **dict.fromkeys(("/chain", "/target", "/amp-1/amp", "/bytes", "/new"), "captured"),
        **dict.fromkeys(("/self", "/to-c"), "redirects"),
        "/out": "scope_host",
        "/nowhere": "malformed",
        "/to-gone": "gone",
    }
    pages, sources = crawls.pages(), crawls.sources()
    assert crawls.path(pages["/chain"].redirect) == "/target"
    assert crawls.path(pages["/amp-1/amp"].capture.url) == "/amp-1"
    # None is due at once again: a loop is no reason to ask without end.
    assert all(page.next_visit is None or page.next_visit > datetime.now(UTC) for page in pages.values())
    assert sources["/feed-loop"].reason == "redirects"
    assert {sources[path].reason for path in ("/feed", "/same-feed", "/old-feed")} == {None}
    assert all(source.next_visit > datetime.now(UTC) for source in sources.values())
    # A source that has moved is asked conditionally where it is now.
    crawls.asked()
    crawls.due("/old-feed", "/amp-1/amp")
    last = crawls.crawl(profile, due=True)
    assert sorted(crawls.asked()) == ["/amp-1", "/hop-feed", "/new-feed", "/old-feed"]
    assert last.statuses["304"] == 1


def test_nothing_due_is_a_good_end_and_asks_for_nothing(paper, crawls):
    put(paper, {"/feed": feed("/a"), "/a": story("A"), "/robots.txt": "User-agent: *\nDisallow: /no\n"})
    profile = crawls.profile('feeds = ["/feed"]')
    crawls.crawl(profile)
    crawls.asked()
    last = crawls.crawl(profile, due=True)
    assert (last.reason, last.exit_code, last.captures) == ("nothing due", 0, 0)
    assert crawls.asked() == []
    # What is due, and brings nothing, is no good end.
    paper.put("/feed", newsite.Script((), then="reset"))
    crawls.due()
    assert crawls.crawl(profile, due=True, crawl__timeout=2).exit_code in {0, 9}
    assert crawls.sources()["/feed"].failing_since is not None


def test_a_source_that_brings_something_else_fails_and_comes_back(paper, crawls):
    """HTML or nothing in place of a feed; 4xx robots.txt; a damaged feed is not asked for conditionally."""
    damaged = feed("/cut", etag='"d"')
    put(
        paper,
        {
            "/feed": feed("/a", etag='"1"'),
            "/damaged": Page(damaged.body[:-30], type=damaged.type, etag='"d"'),
            "/robots.txt": Page(b"no", status=404),
            **{path: story(path) for path in ("/", "/a", "/b", "/cut", "/advertisement")},
        },
    )
    profile = crawls.profile('feeds = ["/feed", "/damaged"]\ndiscover = true')
    crawls.crawl(profile)
    sources = crawls.sources()
    assert {path: source.reason for path, source in sources.items()} == dict.fromkeys(sources)
    assert (sources["/feed"].etag, sources["/damaged"].etag) == ('"1"', "")
    put(paper, {"/feed": story("Closed for maintenance", links=["/advertisement"]), "/robots.txt": ""})
    crawls.due("/feed")
    crawls.crawl(profile, due=True)
    source = crawls.sources()["/feed"]
    assert (source.kind, source.reason, source.etag) == ("feed", "media_type", '"1"')
    assert "/advertisement" not in crawls.pages()
    paper.put("/feed", feed("/a", "/b", etag='"2"'))
    crawls.due("/feed")
    crawls.crawl(profile, due=True)
    assert crawls.sources()["/feed"].reason is None
    assert crawls.outcomes()["/b"] == "captured"


def test_robots_is_read_as_a_source_from_the_kept_copy_too(paper, crawls):
    base = paper.url.rstrip("/")
    put(
        paper,
        {
            "/robots.txt": f"User-agent: *\nDisallow: /no/\nSitemap: {base}/map.xml\n",
            "/map.xml": sitemap("/a", "/no/b", "/robots.txt", base=base),
            "/": story("Front"),
            "/a": story("A"),
            "/no/b": story("B"),
        },
    )
    crawls.crawl(paper.url + "a")  # which keeps robots.txt
    profile = crawls.profile("discover = true")
    crawls.crawl(profile, due=True)
    assert len(paper.asked("/robots.txt")) == 2  # once as a page, never as a source
    assert crawls.outcomes() == {"/a": "captured", "/no/b": "robots", "/robots.txt": "captured"}
    refused = crawls.pages()["/no/b"]
    assert timedelta(days=6) < refused.next_visit - datetime.now(UTC) < timedelta(days=8)


def test_what_another_profile_says_is_asked_for_and_what_it_no_longer_says_is_not(paper, crawls):
    put(paper, {"/feed": feed("/in/a", "/out/b", "/late/c"), "/in/a": story("A"), "/out/b": story("B")})
    paper.put("/late/c", Page(b"later", status=503))
    narrow = 'feeds = ["/feed"]\n[scope]\nexclude = ["/out/"]'
    crawls.crawl(crawls.profile(narrow))
    assert crawls.outcomes() == {"/in/a": "captured", "/out/b": "scope_pattern", "/late/c": "pending"}
    crawls.due()
    crawls.asked()
    crawls.crawl(crawls.profile('feeds = ["/feed"]\n[scope]\nexclude = ["/late/"]'), due=True)
    assert "/late/c" not in crawls.asked()
    assert crawls.outcomes() == {"/in/a": "captured", "/out/b": "captured", "/late/c": "scope_pattern"}
    crawls.due("/feed")
    paper.put("/late/c", story("C"))
    crawls.crawl(crawls.profile('feeds = ["/feed"]'), due=True)
    assert crawls.outcomes()["/late/c"] == "captured"


def test_what_a_budget_or_a_limit_left_over_is_taken_up(paper, crawls):
    pages = [f"/{number}" for number in range(6)]
    put(paper, {"/feed": feed(*pages), **{page: story(page) for page in pages}})
    profile = crawls.profile('feeds = ["/feed"]\n[budget]\npages = 2')
    crawls.crawl(profile)
    assert sorted(crawls.outcomes().values()) == ["captured"] * 2 + ["pending"] * 4
    paper.put("/feed", feed("/5"))  # the others are no longer announced
    crawls.crawl(profile, crawl__max_pages=1)
    assert list(crawls.outcomes().values()).count("captured") >= 2
    crawls.crawl(crawls.profile('feeds = ["/feed"]'))
    assert set(crawls.outcomes().values()) == {"captured"}


def test_links_are_in_the_ledger_and_asked_for_once_however_deep(paper, crawls):
    put(
        paper,
        {
            "/feed": feed("/a"),
            "/a": story("A", links=["/b", "/calendar/2099/01/01"], etag='"a"'),
            "/b": story("B", links=["/c"], etag='"b"'),
            "/c": story("C", links=["/d"], etag='"c"'),
            "/d": story("D"),
        },
    )
    profile = crawls.profile('feeds = ["/feed"]')
    crawls.crawl(profile, crawl__hops=2)
    assert crawls.outcomes() == dict.fromkeys(("/a", "/b", "/c"), "captured")
    crawls.asked()
    # A page that is visited again is as deep as it was.
    paper.put("/c", story("C, edited", links=["/d"], etag='"c2"'))
    crawls.due("/b", "/c")
    crawls.crawl(profile, due=True, crawl__hops=2)
    assert sorted(crawls.asked()) == ["/b", "/c"]


def test_the_ladder_counts_from_the_first_capture_or_the_first_announcement(paper, crawls):
    put(paper, {"/feed": feed(("/dated", HOURS_AGO), "/undated", "/gone"), "/dated": story("A")})
    paper.put("/undated", story("B"))
    profile = crawls.profile('feeds = ["/feed"]')
    crawls.crawl(profile)
    first = crawls.pages()
    assert first["/dated"].next_visit > HOURS_AGO + timedelta(hours=6)
    for due in (False, True):
        crawls.due()
        crawls.crawl(profile, due=due)
    again = crawls.pages()
    for path in first:
        # Later crawls begin no ladder anew: else what is gone would be asked for every hour, for ever.
        assert abs(again[path].next_visit - first[path].next_visit) < timedelta(seconds=5), path


def test_pages_disappear_move_and_return(paper, crawls):
    paths = ("/goes", "/moves", "/leaves")
    put(paper, {"/feed": feed(*paths), **{path: story(path) for path in paths}})
    profile = crawls.profile('feeds = ["/feed"]')
    crawls.crawl(profile)
    paper.remove("/goes")
    put(paper, {"/moves": moved("/elsewhere"), "/elsewhere": story("E")})
    paper.put("/leaves", moved("http://elsewhere.example/x"))
    crawls.due(*paths)
    crawls.crawl(profile, due=True)
    assert sorted(crawls.events()) == [("/goes", "disappeared"), ("/leaves", "moved"), ("/moves", "moved")]
    assert all(crawls.pages()[path].next_visit for path in paths)
    paper.put("/goes", story("Back"))
    crawls.due("/goes")
    crawls.crawl(profile, due=True)
    assert ("/goes", "returned") in crawls.events()


def test_sites_of_one_job_that_share_a_host_each_have_all(paper, crawls):
    base = paper.url.rstrip("/")
    put(paper, {"/feed": feed("/a", "/b"), "/a": story("A"), "/b": story("B"), "/": story("Front")})
    paper.put("/robots.txt", f"Sitemap: {base}/map.xml\n")
    paper.put("/map.xml", sitemap("/c", base=base))
    paper.put("/c", story("C"))
    one = crawls.profile('feeds = ["/feed"]', name="one")
    two = crawls.profile('feeds = ["/feed"]\ndiscover = true', name="two")
    last = crawls.crawl(one, two, f"{base}/b", due=True)
    assert last.exit_code == 0
    assert crawls.outcomes("one") == dict.fromkeys(("/a", "/b"), "captured")
    assert crawls.outcomes("two") == dict.fromkeys(("/a", "/b", "/c"), "captured")
    assert crawls.outcomes("(pages)") == {"/b": "captured"}


def test_two_profiles_of_one_name_are_an_error(paper, crawls, tmp_path):
    (tmp_path / "other").mkdir()
    one = crawls.profile('feeds = ["/feed"]')
    other = tmp_path / "other" / "here.toml"
    other.write_text(f'name = "here"\nhome = "{paper.url}"\nfeeds = ["/other"]\n')
    last = crawls.crawl(one, str(other))
    assert (last.reason, last.exit_code) == ("ProfileError", 2)
    assert "two profiles are called 'here'" in last.error


def test_bare_pages_are_asked_for_alone_and_when_due(paper, crawls):
    put(paper, {"/a": story("A", etag='"1"'), "/b": story("B")})
    first, second = paper.url + "a", paper.url + "b"
    crawls.crawl(first, second)
    crawls.asked()
    assert crawls.crawl(first, due=True).reason == "nothing due"
    crawls.due()
    last = crawls.crawl(first, due=True)
    assert crawls.asked() == ["/a"]  # and none of the other pages that someone wanted once
    assert last.statuses == {"304": 1}
    crawls.crawl(second)
    assert crawls.asked() == ["/b"]
    # A site's root is a site.
    put(paper, {"/": story("Front", links=["/a"]), "/robots.txt": ""})
    crawls.crawl(paper.url, due=True)
    assert "/a" in crawls.asked()


def test_an_index_s_sitemaps_come_in_turn_and_go_with_it(paper, crawls):
    base = paper.url.rstrip("/")
    maps = [f"/map-{number}.xml" for number in range(5)]
    put(paper, {"/index.xml": sitemap(*maps, base=base, index=True)})
    for number, path in enumerate(maps):
        put(paper, {path: sitemap(f"/{number}", base=base), f"/{number}": story(str(number))})
    profile = crawls.profile('sitemaps = ["/index.xml"]')
    crawls.crawl(profile, due=True, visits__sitemaps=2, visits__sitemap_spacing=3600)
    assert len(crawls.pages()) == 2
    # Those that wait are no news at each visit of the index.
    crawls.due("/index.xml")
    crawls.crawl(profile, due=True, visits__sitemaps=2, visits__sitemap_spacing=3600)
    index = crawls.sources()["/index.xml"]
    assert index.last_new < index.last_visit
    read = [path for path in maps if crawls.sources()[path].last_visit]
    paper.put("/index.xml", sitemap("/map-0.xml", base=base, index=True))
    crawls.due("/index.xml")
    crawls.crawl(profile, due=True)
    # What was read and is named no more is dropped; what never was, is read first.
    assert set(crawls.sources()) == {"/index.xml", *maps} - (set(read) - {"/map-0.xml"})


def test_a_304_that_stands_for_nothing_is_fetched_whole_and_one_unasked_is_an_error(paper, crawls):
    def stubborn(request):
        asked = request.header(b"if-none-match") or request.visit == 1
        return Page(b"", status=304) if asked else story("At last")

    put(paper, {"/feed": feed("/a", "/b"), "/a": stubborn, "/b": story("B", etag='"b"')})
    profile = crawls.profile('feeds = ["/feed"]')
    crawls.crawl(profile)
    assert crawls.outcomes() == {"/a": "pending", "/b": "captured"}
    assert crawls.pages()["/a"].attempts == 1
    crawls.crawl(profile)
    assert crawls.outcomes()["/a"] == "captured"


def test_fronts_that_fail_are_left_alone(paper, crawls):
    put(paper, {"/feed": feed("/a"), "/front": story("Front"), "/a": story("A"), "/b": story("B")})
    profile = crawls.profile('feeds = ["/feed"]\nsections = ["/front", "/closed"]')
    crawls.crawl(profile)
    crawls.asked()
    paper.put("/feed", feed("/b"))
    crawls.due("/feed")
    crawls.crawl(profile, due=True, visits__fronts=0)
    assert sorted(crawls.asked()) == ["/b", "/feed", "/front"]


def test_errors_of_our_own_are_entered_and_back_off(paper, crawls):
    put(paper, {"/feed": feed("/a"), "/a": story("A")})
    profile = crawls.profile('feeds = ["/feed"]')
    last = crawls.fails(crawls.spec(profile, due=True), "source")
    assert last.exit_code == 0
    source = crawls.sources()["/feed"]
    assert (source.reason, source.next_visit > datetime.now(UTC)) == ("internal", True)
    crawls.due()
    crawls.fails(crawls.spec(profile, due=True), "page")
    page = crawls.pages()["/a"]
    assert (page.state, page.reason, page.attempts) == ("pending", "internal", 1)
    assert page.next_visit > datetime.now(UTC)


def test_a_state_database_that_fails_ends_the_job_and_loses_nothing(paper, crawls):
    put(paper, {"/feed": feed("/a"), "/a": story("A")})
    profile = crawls.profile('feeds = ["/feed"]')
    for point in ("start", "ledger"):
        last = crawls.fails(crawls.spec(profile, due=True), point)
        assert (last.reason, last.exit_code) == ("JobError", 7), point
        assert "the database is gone" in last.error
    crawls.crawl(profile, due=True)
    assert crawls.outcomes() == {"/a": "captured"}
