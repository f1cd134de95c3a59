"""The net: what its sources announce is in the oracle, and every page answers as the oracle says."""

import http.client
import json
import socket
import subprocess
import sys
from collections import Counter, defaultdict
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest

import newsite
from newsite.net.host import NetHost
from newsite.net.world import THEMES
from newsite_tests.naive import announced, get, sitemaps, text_of

UNTIL = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
CODES = {
    "address",
    "captured",
    "cut",
    "dns",
    "gone",
    "http_error",
    "old",
    "redirects",
    "robots",
    "robots_unreachable",
    "scope_host",
    "scope_pattern",
    "timeout",
    "trap",
}


@pytest.fixture(scope="module")
def net():
    return newsite.net(articles=420, hosts=25, until=UNTIL)


@pytest.fixture(scope="module")
def site(net):
    with net.running() as site:
        net.calm()
        yield site


@pytest.fixture(scope="module")
def sources(net, site):
    """Status, headers and body of every source that can be read, by URL; a robots.txt as it answers."""
    answers = {url: get(url) for url, outcome in net.sources.items() if outcome.asked}
    assert {status for status, _, _ in answers.values()} == {200}
    return answers


def of(net, name):
    """Return base URL and host of a name."""
    (host,) = (host for host in net.hosts.values() if host.name == name)
    return host.base, host


def test_it_is_as_large_as_asked_for():
    net = newsite.net(articles=5000, hosts=30, until=UNTIL)
    assert len(net.hosts) == 30
    assert sum(len(host.stories) for host in net.hosts.values()) == 5000
    assert len({host.name for host in net.hosts.values()}) == 30
    assert len(net.sites) == 30 - 3


@pytest.mark.parametrize(("articles", "hosts"), [(5000, 23), (100, 24)])
def test_it_cannot_be_smaller_than_its_themes(articles, hosts):
    with pytest.raises(ValueError, match="newsite: a net"):
        newsite.net(articles, hosts)


def test_the_same_arguments_give_the_same_bytes():
    one, two, other = (newsite.net(300, seed=seed, until=UNTIL) for seed in (1, 1, 2))
    assert one.expected == two.expected
    assert one.profiles() == two.profiles()

    def bodies(net):
        return [host.source(path).body for host in net.hosts.values() for path in host.sources]

    assert bodies(one) == bodies(two)
    assert bodies(one) != bodies(other)


def test_every_url_that_a_source_announces_is_in_the_oracle_and_no_other(net, sources):
    by_url = defaultdict(set)
    for url, (_, _, body) in sources.items():
        for link in announced(body, url):
            by_url[link].add(url)
    expected = net.expected
    assert by_url.keys() == expected.keys()
    assert {url: set(outcome.sources) for url, outcome in expected.items()} == by_url


def test_every_source_is_named_by_a_profile_or_by_another_source(net, sources):
    named = {url for _, _, body in sources.values() for url in sitemaps(body)}
    base, _ = of(net, "jsonfeed")
    named |= {f"{base}/feed.json?page={page}" for page in (2, 3)}
    named.add(of(net, "bilingual")[0] + "/atom.xml")
    profiles = net.profiles()
    for entry in net.sites:
        start = net.hosts[entry.host].base
        listed = {source.path for source in net.hosts[entry.host].sources.values() if source.named}
        assert [path for path in listed if f'"{path}"' not in profiles[entry.name]] == []
        named |= {start + path for path in (*listed, *(("/", "/robots.txt") if entry.discover else ()))}
    assert set(sources) == named


def test_every_reason_occurs(net):
    assert {outcome.code for outcome in net.expected.values()} == CODES
    assert {outcome.code for outcome in net.sources.values()} == {"captured", "robots_unreachable"}
    for outcome in net.expected.values():
        assert outcome.code != "captured" or outcome.asked


def test_every_page_answers_as_the_oracle_says(net, site):
    statuses = {"captured": {200}, "old": {200}, "robots": {200, 404}, "http_error": {500}}
    statuses["gone"] = {404, 410}
    wrong = []
    served = [each for each in net.expected.values() if urlsplit(each.url).hostname in net.hosts]
    old = [each for each in served if each.optional]
    for outcome in [each for each in served if not each.optional] + old[::50]:
        if outcome.code not in statuses:
            continue
        wanted = {302} if outcome.target else statuses[outcome.code]
        status, _, _ = get(outcome.url)
        if status not in wanted:
            wrong.append((outcome.url, status))
    assert wrong == []


def test_urls_of_one_page_lead_to_the_same_article(net, site):
    pages = defaultdict(set)
    for outcome in net.expected.values():
        if outcome.code == "captured" and outcome.same_page != outcome.url:
            pages[outcome.same_page] |= {get(outcome.url)[2], get(outcome.same_page)[2]}
    assert len(pages) > 60
    assert [page for page, bodies in pages.items() if len(bodies) > 1] == []
    base, _ = of(net, "board")
    first, second = (get(f"{base}/forum.php?mod=viewthread&tid=5{page}")[2] for page in ("", "&page=2"))
    assert first != second


def test_articles_are_small_and_each_is_its_own(net, site):
    bodies = [
        get(outcome.url)[2]
        for outcome in net.expected.values()
        if outcome.code == "captured" and outcome.same_page == outcome.url and not outcome.target
        if "content_" in outcome.url or (outcome.url.endswith(".html") and "/forum-" not in outcome.url)
    ]
    assert len(bodies) > 200
    assert len(set(bodies)) == len(bodies)
    assert 1500 < min(map(len, bodies)) < max(map(len, bodies)) < 7000


def test_forbidden_urls_are_known_and_a_trespass_is_seen(net, site):
    base, half = of(net, "half")
    expected = net.expected
    assert f"{base}{half.stories[0].path}" in expected
    forbidden = [url for url, outcome in expected.items() if outcome.code == "robots"]
    assert set(forbidden) < net.forbidden
    assert of(net, "sealed")[0] + "/latest/" in net.forbidden
    site.exchanges.clear()
    fine = [outcome.url for outcome in expected.values() if outcome.asked and outcome.site == "half"]
    get(fine[0])
    get(of(net, "sealed")[0] + "/robots.txt")
    assert net.trespasses(site) == []
    wrong = [forbidden[0], base + "/private/x"]
    wrong += [of(net, "adserver")[0] + "/robots.txt", of(net, "mute")[0] + "/feed.xml"]
    wrong.append(next(outcome.url for outcome in expected.values() if outcome.code == "trap"))
    for url in wrong:
        get(url)
    assert net.trespasses(site) == wrong


# The oddities, each once


def test_bad_xml_as_html(net, sources):
    _, headers, body = sources[of(net, "ragged")[0] + "/feed"]
    assert headers["content-type"].startswith("text/html")
    assert body.startswith(b"<br />")
    assert b"&lang=en</link>" in body
    assert b"</rss>" not in body
    assert "etag" not in headers
    assert get(of(net, "ragged")[0] + "/robots.txt")[0] == 404


def test_links_to_a_hub_guids_and_ttl(net, sources):
    _, headers, body = sources[of(net, "hub")[0] + "/rss"]
    assert headers["content-type"].startswith("text/plain")
    items = body.decode().split("<item>")[1:]
    assert sum("<link>" not in item for item in items) >= len(items) // 4
    assert any('<link rel="hub"' in item and "<![CDATA[" in item for item in items)
    assert b"<ttl>30</ttl>" in body


@pytest.mark.parametrize(
    ("name", "path", "said"),
    [
        ("gbk", "/rss.xml", b'encoding="GBK"'),
        ("rdf", "/index.rdf", b"<sy:updatePeriod>hourly</sy:updatePeriod>"),
        ("rdf", "/atom03.xml", b'version="0.3"'),
        ("news", "/news.xml", b"<news:publication_date>"),
        ("news", "/rss.xml", b"utm_source=rss&amp;utm_medium=feed"),
        ("nested", "/maps/urls.txt", b"\xef\xbb\xbfhttp://"),
        ("longrobots", "/sitemap-a.xml.gz", b"\x1f\x8b"),
        ("longrobots", "/sitemap-b.xml", b"<loc> <![CDATA["),
        ("bilingual", "/atom.xml", b"\xff\xfe<\x00"),
        ("bilingual", "/", b'type="application/atom+xml"'),
        ("board", "/forum-2-1.html", b"&amp;mobile=2"),
        ("paid", "/feed.xml", b"<link>http://10.0.0.1/</link>"),
        ("sections", "/section/city/", b'href="/calendar/2026/11"'),
        ("variants", "/amp-sitemap.xml", b"/amp</loc>"),
    ],
)
def test_what_sources_hold(net, sources, name, path, said):
    assert said in sources[of(net, name)[0] + path][2]


def test_wrong_types_and_white_space(net, sources):
    base, _ = of(net, "longrobots")
    _, headers, body = sources[base + "/sitemap-a.xml.gz"]
    assert headers["content-type"] == "application/octet-stream"
    assert f"<loc>\n   {base}/" in text_of(body)
    assert sources[base + "/sitemap-b.xml"][1]["content-type"] == "text/plain"


def test_a_long_robots_txt_names_sitemaps_at_its_end(net, sources):
    _, _, body = sources[of(net, "longrobots")[0] + "/robots.txt"]
    assert len(body) > 16_384
    assert body.index(b"Sitemap:") > 16_384


def test_an_index_of_500_is_mostly_old(net, sources):
    base, _ = of(net, "flood")
    text = text_of(sources[base + "/sitemap.xml"][2])
    years = Counter(line[:4] for line in text.split("<lastmod>")[1:])
    assert years == {"2026": 10, "2023": 490}
    old = [outcome for outcome in net.expected.values() if outcome.code == "old" and outcome.optional]
    assert len(old) == 2 * 490
    assert not any(outcome.optional for outcome in net.expected.values() if outcome.code != "old")


def test_an_index_names_an_index(net, sources):
    base, _ = of(net, "nested")
    assert sitemaps(sources[base + "/sitemap_index.xml"][2]) == [base + "/maps/index.xml"]
    assert len(sitemaps(sources[base + "/maps/index.xml"][2])) == 3


def test_chinese_pages(net, site):
    for name, charset in (("gbk", "gbk"), ("board", "gbk"), ("nested", "utf-8")):
        base, host = of(net, name)
        story = host.stories[0]
        _, headers, body = get(base + story.path)
        assert story.title in body.decode(charset)
        assert ("charset" in headers["content-type"]) == (charset == "utf-8")
    base, host = of(net, "bilingual")
    text = get(base + host.stories[0].path)[2].decode()
    assert "Report " in text
    assert "本报" in text


def test_robots_redirects_and_fails(net, site):
    status, headers, _ = get(of(net, "jsonfeed")[0] + "/robots.txt")
    assert (status, headers["location"]) == (301, of(net, "jsonfeed")[0] + "/files/robots.txt")
    assert b"Disallow: /drafts/" in get(headers["location"])[2]
    assert get(of(net, "sealed")[0] + "/robots.txt")[0] == 503
    with socket.create_connection(urlsplit(of(net, "mute")[0]).netloc.split(":"), timeout=0.2) as client:
        client.sendall(b"GET /robots.txt HTTP/1.1\r\nHost: x\r\n\r\n")
        with pytest.raises(TimeoutError):
            client.recv(1)


def test_crawl_delay(net, site):
    base, host = of(net, "slow")
    assert net.rates == {host.address: 0.2}
    assert b"Crawl-delay: 0.2\n" in get(base + "/robots.txt")[2]


def test_broken_stories(net, site):
    by_code = defaultdict(list)
    for outcome in net.expected.values():
        if outcome.site == "broken":
            by_code[outcome.code].append(outcome)
    assert {get(outcome.url)[0] for outcome in by_code["gone"]} == {404, 410}
    (away,) = (outcome for outcome in by_code["scope_host"][:1])
    assert get(away.url)[1]["location"].startswith("http://elsewhere.example/")
    assert away.asked
    moved = next(outcome for outcome in by_code["captured"] if outcome.target)
    assert get(moved.url)[1]["location"] == moved.target
    assert get(moved.target)[0] == 200
    (loop,) = by_code["redirects"]
    following = get(loop.url)[1]["location"]
    assert get(following)[1]["location"] == loop.url != following
    with pytest.raises(http.client.IncompleteRead):
        get(by_code["cut"][0].url)


def test_a_story_that_hangs(net, site):
    (hanging,) = (outcome for outcome in net.expected.values() if outcome.code == "timeout")
    parts = urlsplit(hanging.url)
    with socket.create_connection(parts.netloc.split(":"), timeout=0.2) as client:
        client.sendall(f"GET {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\n\r\n".encode())
        assert client.recv(100).startswith(b"HTTP/1.1 200")
        with pytest.raises(TimeoutError):
            list(iter(lambda: client.recv(4096), b""))


@pytest.mark.parametrize("header", ["etag", "last-modified"])
def test_sources_and_articles_are_had_conditionally(net, sources, header):
    name = {"etag": "hub", "last-modified": "nested"}[header]
    base, host = of(net, name)
    asked = {"etag": "If-None-Match", "last-modified": "If-Modified-Since"}[header]
    for url in (base + next(iter(host.sources)), base + host.stories[0].path):
        _, headers, _ = get(url)
        assert {"etag", "last-modified"} & headers.keys() == {header}
        assert get(url, **{asked: headers[header]})[0] == 304


def test_every_theme_is_told_in_the_profiles(net):
    profiles = net.profiles()
    assert {entry.name for entry in net.sites} == set(profiles)
    for theme in (*THEMES, NetHost):
        assert theme.about
        if theme.sited and theme is not NetHost:
            assert theme.about in profiles[theme.theme]
    assert {entry.name for entry in net.sites if entry.discover} == {"bilingual", "longrobots"}
    assert "{{" not in "".join(profiles.values())
    assert 'home = "https://x/gbk/"' in net.profiles(lambda _: "https://x/gbk/")["gbk"]


def test_it_serves_as_a_process(tmp_path):
    command = [sys.executable, "-m", "newsite.net", "--articles", "300", "--into", str(tmp_path)]
    with subprocess.Popen(
        command, cwd=Path(newsite.__file__).parent.parent, stdout=subprocess.PIPE
    ) as served:
        try:
            assert served.stdout.readline().decode().strip() == str(tmp_path)
            oracle = json.loads((tmp_path / "oracle.json").read_text("utf-8"))
            assert len(list(tmp_path.glob("*.toml"))) == 21
            url = next(each["url"] for each in oracle["expected"] if each["code"] == "captured")
            assert get(url)[0] == 200
        finally:
            served.terminate()
    assert served.returncode == 0
