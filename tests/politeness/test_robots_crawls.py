"""Robots.txt in two crawls of many hosts: what is asked there, what is not, and why."""

import socket
from types import SimpleNamespace

import pytest

from newsite import Page, Script
from politeness import Net, host, robots

FORBIDDING = "User-agent: newswarc\nDisallow: /private/\n"
SITEMAPS = "User-agent: *\nSitemap: http://127.0.0.1/s.xml\n"
FREE, CLOSED, PASSING = (401, 403, 404, 410), (429, 500, 503), 2
MANY = range(20)


def passes(request):
    return Page(b"", status=503) if request.visit <= PASSING else robots(FORBIDDING)


def chain(hops):
    """Return a host whose robots.txt is at the end of so many redirects."""

    def answer(request):
        number = int(request.path.rpartition("/")[2].removesuffix("robots.txt") or 0)
        if number == hops:
            return robots(FORBIDDING)
        return robots(status=301, Location=f"{request.base}/moved/{number + 1}")

    return host(answer, **{"/moved/*": answer})


SCENARIOS = {
    "plain": host(FORBIDDING),
    "many": {"/robots.txt": robots("User-agent: *\nDisallow: /1\n"), **{f"/{n}": "x" for n in MANY}},
    **{f"free-{status}": host(status) for status in FREE},
    **{f"closed-{status}": host(status) for status in CLOSED},
    "odd-304": host(304),
    "passing": host(passes),
    "cut": host(Script([b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nUser-agent: *\n"], then="close")),
    "redirects-5": chain(5),
    "redirects-6": chain(6),
    "redirected-elsewhere": host(lambda _: robots(status=302, Location=f"http://{ELSEWHERE}/rules")),
    "elsewhere": host(**{"/rules": robots(FORBIDDING)}),
    "own": host(SITEMAPS),
    "ignored": host("User-agent: *\nDisallow: /\n"),
    "gzip": host(Page(FORBIDDING.encode(), type="text/plain", gzip=True)),
    "slow": {"/robots.txt": robots("User-agent: *\nCrawl-delay: 0.4\n"), **{f"/{n}": "x" for n in range(4)}},
    "too-slow": host("User-agent: *\nCrawl-delay: 3600\n"),
    "fast": host("User-agent: *\nCrawl-delay: 60\n"),
}
net = Net(SCENARIOS)
ELSEWHERE = ""


@pytest.fixture(scope="module")
def crawled(run_crawl, tmp_path_factory):
    """Two jobs, one after the other, with one state database."""
    global ELSEWHERE  # noqa: PLW0603 - its port is not known before
    database = tmp_path_factory.mktemp("robots") / "state.sqlite"
    settings = {
        "CONCURRENT_REQUESTS": 100,
        "POLITENESS_LIMITS": {"crawl_delay": 0.5, "delay": 0.5},
        "POLITENESS": {
            net.address["ignored"]: {"robots": "ignore"},
            net.address["fast"]: {"crawl_delay": "ignore"},
            net.address["many"]: {"concurrency": 16},
        },
    }
    with net.running(), socket.socket() as unused:
        unused.bind(("127.0.7.99", 0))
        dead = f"http://127.0.7.99:{unused.getsockname()[1]}/a"
        ELSEWHERE = net.url("elsewhere", "").removeprefix("http://").rstrip("/")
        usual = [name for name in SCENARIOS if name not in {"many", "slow"}]
        first_urls = [net.url(name, path) for name in usual for path in ("a", "private/x")]
        first_urls += [net.url("many", str(n)) for n in MANY] + [net.url("slow", str(n)) for n in range(4)]
        first_urls += [net.url("own", "robots.txt"), dead, "http://nobody.invalid/a"]
        first = run_crawl(database, first_urls, job="first", **settings)
        so_far = {name: len(net.asked(name)) for name in SCENARIOS}
        second_urls = [net.url(name, path) for name in usual for path in ("b", "private/y")]
        second = run_crawl(database, [*second_urls, net.url("own", "robots.txt")], job="second", **settings)
        yield SimpleNamespace(first=first, second=second, so_far=so_far, dead=dead)


def test_nothing_forbidden_is_asked_and_robots_only_once_over_two_jobs(crawled):
    url = net.url
    assert (crawled.first[url("plain", "a")], crawled.first[url("plain", "private/x")]) == (200, "robots")
    assert (crawled.second[url("plain", "b")], crawled.second[url("plain", "private/y")]) == (200, "robots")
    assert net.paths("plain") == ["/robots.txt", "/a", "/b"]


def test_what_was_kept_is_counted(crawled):
    assert "robotstxt/kept" not in crawled.first.stats
    assert crawled.second.stats["robotstxt/kept"] == len(SCENARIOS) - 3
    assert "robotstxt/request_count" not in crawled.second.stats


def test_many_that_wait_are_served_by_one_fetch(crawled):
    allowed = {f"/{n}" for n in MANY if not str(n).startswith("1")}
    assert sorted(net.paths("many")) == sorted({"/robots.txt", *allowed})
    assert crawled.first[net.url("many", "13")] == "robots"


@pytest.mark.parametrize("status", FREE)
def test_4xx_means_that_there_are_no_rules(crawled, status):
    name = f"free-{status}"
    assert net.paths(name)[0] == "/robots.txt"
    assert sorted(net.paths(name)) == ["/a", "/b", "/private/x", "/private/y", "/robots.txt"]


@pytest.mark.parametrize("status", CLOSED)
def test_5xx_and_429_mean_that_nothing_is_fetched_by_later_jobs_neither(crawled, status):
    name = f"closed-{status}"
    assert net.paths(name) == ["/robots.txt"] * 3
    assert crawled.so_far[name] == 3
    reason, detail = crawled.first.became[net.url(name, "a")]
    assert (reason, detail) == ("robots_unreachable", f"robots.txt answered {status}")
    assert crawled.second.became[net.url(name, "b")] == [reason, detail]


def test_an_answer_that_is_neither_rules_nor_none_means_no(crawled):
    assert net.paths("odd-304") == ["/robots.txt"]
    assert crawled.first[net.url("odd-304", "a")] == "robots_unreachable"


def test_trouble_that_passes_only_delays(crawled):
    assert crawled.first[net.url("passing", "a")] == 200
    assert crawled.first[net.url("passing", "private/x")] == "robots"
    assert net.paths("passing") == ["/robots.txt"] * (PASSING + 1) + ["/a", "/b"]
    assert all(gap >= 0.1 for gap in net.gaps("passing", "/robots.txt"))


def test_a_robots_txt_that_is_cut_off_is_unreachable(crawled):
    assert set(net.paths("cut")) == {"/robots.txt"}
    assert crawled.first[net.url("cut", "a")] == "robots_unreachable"


def test_a_host_that_refuses_connections_and_a_name_that_does_not_exist(crawled):
    assert crawled.first[crawled.dead] == "robots_unreachable"
    assert crawled.first["http://nobody.invalid/a"] == "dns"


def test_five_redirects_are_followed_and_no_more(crawled):
    assert crawled.first[net.url("redirects-5", "a")] == 200
    assert crawled.first[net.url("redirects-5", "private/x")] == "robots"
    assert crawled.first[net.url("redirects-6", "a")] == "robots_unreachable"
    assert net.paths("redirects-6") == ["/robots.txt", *(f"/moved/{n}" for n in range(1, 6))]


def test_redirects_to_another_host_are_followed(crawled):
    assert crawled.first[net.url("redirected-elsewhere", "a")] == 200
    assert crawled.first[net.url("redirected-elsewhere", "private/x")] == "robots"
    assert net.paths("elsewhere").count("/rules") == 1
    assert crawled.first[net.url("elsewhere", "private/x")] == 404


def test_the_spiders_own_request_for_robots_txt_is_answered_from_the_kept_one(crawled):
    assert net.paths("own").count("/robots.txt") == 1
    for done in (crawled.first, crawled.second):
        assert done.became[net.url("own", "robots.txt")] == [200, "kept", SITEMAPS]


def test_robots_that_is_ignored_by_name_is_not_asked_for(crawled):
    assert sorted(net.paths("ignored")) == ["/a", "/b", "/private/x", "/private/y"]


def test_a_robots_txt_may_be_compressed(crawled):
    assert net.paths("gzip") == ["/robots.txt", "/a", "/b"]


def test_a_crawl_delay_is_kept_from_the_robots_txt_on(crawled):
    assert len(net.asked("slow")) == 5
    assert min(net.gaps("slow")) >= 0.4


def test_a_crawl_delay_beyond_the_limit_is_cut_and_logged(crawled):
    assert crawled.first[net.url("too-slow", "a")] == 200
    assert min(net.gaps("too-slow")) >= 0.5
    assert "asks for a Crawl-delay of 3600 s; 0.5 s is kept" in crawled.first.errors


def test_a_crawl_delay_may_be_ignored_by_name(crawled):
    first_job = net.gaps("fast")[: crawled.so_far["fast"] - 1]
    assert crawled.first[net.url("fast", "private/x")] == 404
    assert max(first_job) < 60
