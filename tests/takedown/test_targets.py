"""What a take-down names, and what names nothing."""

import pytest

from pipelines.errors import TakedownError
from pipelines.storage import MemoryStore
from pipelines.takedown import Action, Kind, Register, Target
from takedown.making import capture


@pytest.mark.parametrize(
    ("kind", "value", "meant", "not_meant"),
    [
        (
            Kind.URL,
            "https://news.example/a?b=1",
            ["http://www.news.example/a?b=1"],
            ["https://news.example/a", "https://news.example/a?b=12"],
        ),
        (
            Kind.PREFIX,
            "https://news.example/a/",
            ["https://news.example/a/", "http://www.News.example:80/a/b"],
            ["https://news.example/ab", "https://other.example/a/", "https://news.example/x?a/"],
        ),
        (
            Kind.PREFIX,
            "https://news.example/view?tid=12",
            ["https://news.example/view?tid=12&page=2", "https://news.example/view?tid=123"],
            [
                "https://news.example/view",
                "https://news.example/views",
                "https://news.example/view?page=2&tid=12",
            ],
        ),
        (
            Kind.HOST,
            "news.example:443",
            ["https://news.example/", "http://news.example:8080/"],
            ["https://other.example/"],
        ),
        (
            Kind.HOST,
            "news.example",
            ["https://news.example/", "http://www.news.example:8080/x"],
            ["https://sub.news.example/", "https://anews.example/"],
        ),
        (
            Kind.HOST,
            "news.example:8080",
            ["http://news.example:8080/"],
            ["http://news.example/", "http://news.example:80801/"],
        ),
        (
            Kind.DOMAIN,
            "news.example",
            ["https://news.example/", "https://a.b.news.example/x", "http://sub.news.example:81/"],
            ["https://anews.example/", "https://example/"],
        ),
    ],
)
def test_a_target_means_what_it_names(kind, value, meant, not_meant):
    target = Target(kind, value).checked()
    assert [url for url in meant if not target.matches(capture(url))] == []
    assert [url for url in not_meant if target.matches(capture(url))] == []


def test_a_target_may_have_times_and_name_content():
    target = Target(Kind.HOST, "news.example", first="2026", last="202611")
    times = ("20251231235959", "20260101000000", "20261130235959", "20261201000000")
    assert [target.matches(capture("https://news.example/", time)) for time in times] == [
        False,
        True,
        True,
        False,
    ]
    for value in ("sha1:" + "A" * 32, "0" * 64):
        assert Target(Kind.PAYLOAD, value).checked().matches(capture("https://any.example/"))
    assert not Target(Kind.PAYLOAD, "1" * 64).matches(capture("https://any.example/"))


@pytest.mark.parametrize(
    "target",
    [
        Target(Kind.URL, "news.example/a"),
        Target(Kind.URL, "https://"),
        Target(Kind.PREFIX, "https://news.exam"),
        Target(Kind.DOMAIN, "www.news.example"),
        Target(Kind.HOST, "https://news.example/"),
        Target(Kind.PAYLOAD, "sha1:abc"),
        Target(Kind.HOST, "news.example", first="yesterday"),
    ],
)
def test_a_target_that_means_nothing_is_refused(target):
    store = MemoryStore()
    with pytest.raises(TakedownError, match="take-down: "):
        Register(store, "trial").add(Action.HIDE, target, who="A. Keeper", reason="court order 12/26")
    assert not [*store.list("trial/")]
