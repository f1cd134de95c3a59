"""What is left out of answers by what names it, as a take-down does, is not counted either."""

import pytest

from pipelines.search import (
    Either,
    Named,
    Page,
    Period,
    Sort,
    all_hits,
    articles,
    ask,
    facets,
    named,
    over_time,
)
from pipelines.takedown import Kind, Target
from search.making import day, digits, made, row

ADDRESSES = (
    "https://paper.example/a", "https://www.paper.example/a?b=1", "http://paper.example:8080/a",
    "https://en.paper.example/", "https://newspaper.example/a", "https://[::1]:81/a", "https://10.0.0.1/a",
)  # fmt: skip
TARGETS = (
    (Kind.URL, "http://paper.example/a"),
    (Kind.URL, "https://paper.example/b"),
    (Kind.HOST, "www.paper.example"),
    (Kind.HOST, "paper.example:8080"),
    (Kind.HOST, "paper.example:443"),
    (Kind.HOST, "10.0.0.1"),
    (Kind.HOST, "[::1]"),
    (Kind.DOMAIN, "paper.example"),
    (Kind.DOMAIN, "example"),
    (Kind.DOMAIN, "0.1"),
)
TIMES = (("", ""), ("2026", ""), ("", "2025"), (digits(1), digits(1)), ("", "9999"))


@pytest.fixture(scope="module")
def addresses(tmp_path_factory):
    kept = [
        row(f"The ferry {number}.", path=url, captured=at, day=day(1 + number))
        for number, url in enumerate(ADDRESSES)
        for at in ("20251231235959", digits(1), digits(2))
    ]
    return made(tmp_path_factory.mktemp("addresses"), kept)[0]


@pytest.mark.parametrize("times", TIMES)
@pytest.mark.parametrize(("kind", "value"), TARGETS)
def test_what_a_take_down_names_is_left_out(addresses, kind, value, times):
    target = Target(kind, value, *times)
    without = named(Named(kind), target.urlkey, first=times[0], last=times[1])
    every = list(all_hits(addresses, "ferry", versions=True))
    left = list(all_hits(addresses, "ferry", versions=True, without=without))
    assert len(every) == 3 * len(ADDRESSES)
    assert left == [each for each in every if not target.names_at(each.url, each.captured)]


def test_what_is_left_out_is_not_counted(addresses):
    hidden = Either(
        (
            named(Named.DOMAIN, "example,newspaper"),
            named(Named.URL, "example,paper)/a", first=digits(2), last=digits(2)),
        )
    )
    for question in ("ferry", "", "ferry -tug"):
        for sort in Sort:
            answer = ask(addresses, question, Page(sort, limit=100), without=hidden)
            assert answer.total == 3 * len(ADDRESSES) - 4
            found = {hit.shown.url: hit for hit in answer.hits}
            assert len(found) == len(ADDRESSES) - 1
            hit = found["https://paper.example/a"]
            assert (hit.versions, hit.superseded, hit.shown.captured) == (2, False, digits(1))
    assert articles(addresses, "ferry", without=hidden) == len(ADDRESSES) - 1
    counts = dict(facets(addresses, "ferry", ["site"], without=hidden)["site"])
    assert "newspaper.example" not in counts
    days = dict(over_time(addresses, "ferry", Period.DAY, without=hidden))
    assert (days["2026-11-01"], "2026-11-05" in days) == (2, False)
