import pickle
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.scope import LONGEST_URL, Reason, Scope, host_pattern
from pipelines.hostnames import _suffixes, normal_host, registered_domain

HOSTS = ["example.com", "*.paper.example", "münchen.example", "127.0.0.1:8080", "[::1]"]


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("https://example.com/", None),
        ("HTTP://EXAMPLE.COM.:80/", None),
        ("https://user:pw@example.com/", None),
        ("https://example.com", None),
        ("https://example.com?q", None),
        ("https://www.example.com/", Reason.SCOPE_HOST),
        ("https://example.com:8443/", None),
        ("https://paper.example/", None),
        ("https://a.b.paper.example/", None),
        ("https://newspaper.example/", Reason.SCOPE_HOST),
        ("https://paper.example.evil.example/", Reason.SCOPE_HOST),
        ("https://xn--mnchen-3ya.example/", None),
        ("https://MÜNCHEN.example/", None),
        ("http://127.0.0.1:8080/", None),
        ("http://127.0.0.1:8081/", Reason.SCOPE_HOST),
        ("http://127.0.0.1/", Reason.SCOPE_HOST),
        ("http://[::1]:99/", None),
        ("http://[::2]/", Reason.SCOPE_HOST),
        ("ftp://example.com/", Reason.SCHEME),
        ("javascript:alert(1)", Reason.SCHEME),
        ("//example.com/", Reason.SCHEME),
        ("/path", Reason.SCHEME),
        ("", Reason.SCHEME),
        ("http://", Reason.MALFORMED),
        ("http:///x", Reason.MALFORMED),
        ("http://[::1/", Reason.MALFORMED),
        ("http://exa mple.com/", Reason.MALFORMED),
        ("http://exam\nple.com/", Reason.MALFORMED),
        ("http://example.com:port/", Reason.MALFORMED),
        ("http://example.com\\@other.example/", Reason.SCOPE_HOST),
        ("http://example.com\\.other.example/", Reason.MALFORMED),
        ("https://example.com/" + "x" * LONGEST_URL, Reason.TOO_LONG),
    ],
)
def test_hosts(url, reason):
    verdict = Scope(HOSTS).in_scope(url)
    assert verdict.reason is reason
    assert bool(verdict) is (reason is None)


@pytest.mark.parametrize(
    ("path", "accepted"),
    [
        ("/news/a", True),
        ("/news/a?print=1", False),
        ("/sport/x.html", True),
        ("/sport/x.html?y", False),
        ("/Sport/x", False),
        ("/live/20261123/x", True),
        ("/live/x", False),
        ("/exact", True),
        ("/exactly", False),
    ],
)
def test_patterns(path, accepted):
    include = ["/news/", "*.html$", r"^https?://[^/]+/live/\d{8}/", "https://example.com/exact$"]
    scope = Scope(["example.com"], include=include, exclude=["/news/*?print="])
    assert bool(scope.in_scope("https://example.com" + path)) is accepted
    if not accepted:
        assert scope.in_scope("https://example.com" + path).reason is Reason.SCOPE_PATTERN


def test_a_path_pattern_never_matches_inside_the_host_or_query():
    scope = Scope(["*"], include=["/news/"])
    assert not scope.in_scope("https://example.com/x?u=/news/")
    assert not scope.in_scope("https://example.com?/news/")


def test_hops():
    scope = Scope(["*"], hops=1)
    assert scope.in_scope("https://a.example/", hops=1)
    assert scope.in_scope("https://a.example/", hops=2).reason is Reason.HOPS
    assert Scope(["*"]).in_scope("https://a.example/", hops=99)


def test_articles():
    assert Scope(["*"], article=["/story/"]).is_article("https://a.example/story/1")
    assert not Scope(["*"], article=["/story/"]).is_article("https://a.example/about")
    assert Scope(["*"]).is_article("https://a.example/about")
    assert Scope(["*"]).is_article("https://a.example/?p=12")
    assert not Scope(["*"]).is_article("https://a.example/")
    assert not Scope(["*"]).is_article("http://[bad/x")


@pytest.mark.parametrize(
    ("keywords", "named"),
    [
        ({"hosts": ["http://a.example"]}, "is no host"),
        ({"hosts": ["a b"]}, "is no host"),
        ({"hosts": ["*.co.uk"]}, "holds every site below co.uk"),
        ({"hosts": [], "include": ["news"]}, "is no pattern"),
        ({"hosts": [], "exclude": ["^("]}, "is no regular expression"),
        ({"hosts": [], "article": ["^(a)"]}, "groups that capture"),
    ],
)
def test_what_cannot_be_a_scope(keywords, named):
    with pytest.raises(ValueError, match=named):
        Scope(**keywords)


def test_hosts_are_written_one_way():
    assert host_pattern("*.MÜNCHEN.example.:8080") == "*.xn--mnchen-3ya.example:8080"
    assert normal_host("xn--mnchen-3ya.example") == normal_host("münchen.example.")
    assert normal_host("新闻.example") == "新闻.example".encode("idna").decode()
    assert normal_host("under_score.example") == "under_score.example"


def test_registered_domains_come_from_the_snapshot(monkeypatch):
    def refuse(*_args, **_keywords):
        raise AssertionError("asked the network")

    _suffixes.cache_clear()
    monkeypatch.setattr("socket.getaddrinfo", refuse)
    assert registered_domain("a.b.example.co.uk") == "example.co.uk"
    assert registered_domain("localhost") == "localhost"


def test_reasons_are_codes_with_meanings():
    assert len({reason.value for reason in Reason}) == len(Reason)
    for reason in Reason:
        assert reason.meaning
        assert reason.value == str(reason) == reason.name.lower()
        assert Reason(reason.value) is reason
        assert pickle.loads(pickle.dumps(reason)) is reason


@settings(deadline=None)
@given(st.one_of(st.text(), st.text().map("http://".__add__), st.text().map("https://example.com".__add__)))
def test_no_url_raises_and_an_accepted_one_has_the_host_that_urlsplit_sees(url):
    scope = Scope(["example.com"])
    scope.is_article(url)
    if scope.in_scope(url):
        assert normal_host(urlsplit(url).hostname or "") == "example.com"
