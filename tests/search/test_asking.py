"""Answers: one result an article, in an order that does not waver, page by page, counted and filtered."""

from datetime import timedelta

import pytest

from pipelines.errors import QueryError
from pipelines.extract import Quality
from pipelines.search import (
    Page,
    Period,
    SearchIndex,
    Sort,
    all_hits,
    articles,
    ask,
    facets,
    over_time,
    rows,
    texts,
)
from pipelines.storage import MemoryStore
from search.making import day, digits, made, publish, row, second, urls


def story(number, text="The ferry left the harbour.", **more):
    captured = digits(number if isinstance(number, int) else 0)
    return row(text, path=f"https://paper.example/{number}", captured=captured, **more)


# --- versions --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def history(tmp_path_factory):
    """An article of three versions, the last of which was corrected; and one of one version."""
    path = "https://paper.example/a"
    return made(
        tmp_path_factory.mktemp("history"),
        [
            row("The ferry sank in the harbour.", path=path, captured=digits(1)),
            row("The ferry sank at the pier.", path=f"{path}?utm_source=x", captured=digits(2)),
        ],
        [
            row("The ferry has not sunk.", path=path, captured=digits(3)),
            row("A tug sank.", path="https://paper.example/b", captured=digits(4)),
        ],
    )[0]


def test_an_article_is_one_result_the_latest_version_that_is_found(history):
    answer = ask(history, "sank")
    assert [(hit.shown.url[-1], hit.versions, hit.superseded) for hit in answer.hits] == [
        ("b", 1, False),
        ("x", 3, True),
    ]
    assert answer.total == 3
    (hit,) = ask(history, "ferry").hits
    assert (hit.shown.captured, hit.superseded) == (digits(3), False)
    assert articles(history, "sank") == 2


def test_each_version_is_a_result_where_that_is_asked_for(history):
    assert len(ask(history, "ferry", Page(versions=True)).hits) == 3
    assert [hit.shown.captured for hit in ask(history, "ferry", Page(Sort.CAPTURED, versions=True)).hits] == [
        digits(3), digits(2), digits(1)
    ]  # fmt: skip


def test_a_canonical_address_joins_and_an_implausible_one_does_not(tmp_path):
    index, _ = made(
        tmp_path,
        [
            story("x?page=2", canonical_url="https://paper.example/x"),
            story("x"),
            story("y", canonical_url="https://paper.example/"),
            story("z", canonical_url="https://paper.example/"),
            story("v", canonical_url="https://elsewhere.example/v"),
            story("w", canonical_url="https://elsewhere.example/v"),
        ],
    )
    assert ask(index, "ferry").total == 6
    assert len(urls(index, "ferry")) == 5


# --- order and pages -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """Articles of few different scores and dates, some without one, with versions."""
    found = []
    for number in range(120):
        kept = number % 40
        published = {"day": day(1 + kept % 5)} if kept % 4 else {}
        at = second(kept * 100 // 7) if kept % 3 == 0 and published else None
        text = "ferry " * (1 + kept % 3) + "left."
        found.append(
            row(text, path=f"https://paper.example/{kept}", captured=digits(number), at=at, **published)
        )
    return made(tmp_path_factory.mktemp("many"), found[:50], found[50:])


@pytest.mark.parametrize("versions", [False, True])
@pytest.mark.parametrize("sort", Sort)
def test_pages_hold_each_result_once(many, sort, versions):
    index, _ = many
    whole = ask(index, "ferry", Page(sort, limit=1000, versions=versions))
    assert len(whole.hits) == (120 if versions else 40)
    assert whole.next is None
    by_offset, by_cursor, after = [], [], None
    for offset in range(0, 130, 7):
        by_offset += ask(index, "ferry", Page(sort, limit=7, offset=offset, versions=versions)).hits
    while True:
        answer = ask(index, "ferry", Page(sort, limit=7, after=after, versions=versions))
        by_cursor += answer.hits
        after = answer.next
        assert answer.total == 120
        if after is None:
            break
    assert [hit.shown for hit in by_offset] == [hit.shown for hit in whole.hits]
    assert [hit.shown for hit in by_cursor] == [hit.shown for hit in whole.hits]


@pytest.mark.parametrize("dated", [True, False])
def test_an_article_of_many_versions_is_paged_whole(tmp_path, dated):
    kept = [
        row(f"The ferry {number}.", path="https://paper.example/a", captured=digits(number),
            day=day(3) if dated else None)
        for number in range(200)
    ]  # fmt: skip
    index, _ = made(tmp_path, kept, [story("b", day=day(3) if dated else None)])
    for sort in (Sort.DATE, Sort.CAPTURED):
        for limit in (1, 10):
            found, after = [], None
            while not found or after:
                answer = ask(index, "ferry", Page(sort, limit=limit, after=after, versions=True))
                found += [hit.shown for hit in answer.hits]
                after = answer.next
            assert len(found) == len({(each.url, each.captured) for each in found}) == 201
    first = ask(index, "ferry", Page(Sort.DATE, limit=1))
    second_ = ask(index, "ferry", Page(Sort.DATE, limit=1, after=first.next))
    assert {hit.shown.url[-1] for hit in first.hits + second_.hits} == {"a", "b"}
    assert second_.next is None
    assert len(set(all_hits(index, "ferry", versions=True))) == 201


def test_the_latest_come_first_and_the_undated_last(tmp_path):
    dated = [story(number, day=day(number)) for number in (3, 1, 5)]
    noon = second(0).replace(year=2026, month=11, day=3, hour=12)
    index, _ = made(tmp_path, [*dated, story(9), story(8, at=noon)])
    assert urls(index, "ferry", sort=Sort.DATE) == ["5", "8", "3", "1", "9"]
    assert urls(index, "ferry", sort=Sort.CAPTURED) == ["9", "8", "5", "3", "1"]


def test_the_headline_counts_for_more(tmp_path):
    index, _ = made(
        tmp_path,
        [
            story(1, "The ferry and the tug and the ferry."),
            story(2, "A tug left.", title="The ferry is late"),
            story(3, "渡轮和拖船，渡轮。"),
            story(4, "拖船走了。", title="渡轮晚点"),
        ],
    )
    assert urls(index, "ferry") == ["2", "1"]
    assert urls(index, "渡轮") == ["4", "3"]
    assert urls(index, "title:ferry") == ["2"]
    assert set(urls(index, 'title:渡轮 OR title:"ferry is"')) == {"2", "4"}


def test_equal_ones_are_in_one_order_however_the_index_was_made(tmp_path):
    copies = [story(number) for number in range(300)]
    (tmp_path / "b").mkdir()
    store = MemoryStore()
    for serial in range(3):
        publish(store, tmp_path, copies[serial::3], serial=serial + 1)
    first, second_ = SearchIndex(tmp_path / "first"), SearchIndex(tmp_path / "second")
    first.sync(store, "news")
    partial = MemoryStore()
    for serial in (3, 1, 2):
        for each in list(store.list("")):
            if f"-0000{serial}-" in each.key:
                partial.put(each.key, store.get(each.key))
        second_.sync(partial, "news")
    assert urls(first, "ferry", limit=20) == urls(second_, "ferry", limit=20)
    assert urls(first, "ferry", limit=20, offset=20) == urls(second_, "ferry", limit=20, offset=20)


@pytest.mark.parametrize(
    "page",
    [
        Page(limit=0),
        Page(limit=1001),
        Page(offset=-1),
        Page(offset=10_001),
        Page(after="x"),
        Page(after="date:1:0"),
        Page(Sort.DATE, after="date:x:0"),
    ],
)
def test_a_page_that_cannot_be_is_told(many, page):
    with pytest.raises(QueryError, match="search: "):
        ask(many[0], "ferry", page)


def test_all_hits_know_no_limit(tmp_path, monkeypatch):
    monkeypatch.setattr("pipelines.search.asking.MOST", 50)
    index, store = made(tmp_path, [story(number, f"The ferry {number}.") for number in range(170)])
    found = list(all_hits(index, "ferry"))
    assert sorted(int(each.url.rpartition("/")[2]) for each in found) == list(range(170))
    assert [each.article.text for each in rows(store, found)] == texts(store, found)
    assert [each.capture.url for each in rows(store, found)] == [each.url for each in found]


# --- filters and counts ----------------------------------------------------------------------


@pytest.fixture(scope="module")
def papers(tmp_path_factory):
    def paper(host, number, **more):
        return row("The ferry left.", path=f"https://{host}/{number}", captured=digits(number), **more)

    return made(
        tmp_path_factory.mktemp("papers"),
        [
            paper("www.paper.example", 1, day=day(1), section="Trade & Co", authors=("Ada Lund",)),
            paper("news.paper.example", 2, day=day(2), languages=("zh-Hant", "en"), authors=("王小明",)),
            paper("other.example", 3, day=day(2), quality=Quality.PREVIEW, authors=("Ada Berg", "Bo Lund")),
            paper("10.0.0.7", 86_400 * 40, day=day(30), site="The Harbour Post"),
            paper("other.example", 5, languages=("zh",)),
        ],
    )[0]


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("site:paper.example", "1 2"),
        ("site:www.paper.example", "1 2"),
        ("site:news.paper.example", "2"),
        ("site:example", "1 2 3 5"),
        ("site:0.0.7", ""),
        ("site:10.0.0.7", "3456000"),
        ('site:"the harbour post"', "3456000"),
        ("-site:paper.example", "3 3456000 5"),
        ('section:"trade & co"', "1"),
        ("author:lund", "1 3"),
        ('author:"Ada Lund"', "1"),
        ("author:小明", "2"),
        ("lang:zh", "2 5"),
        ("lang:zh-hant", "2"),
        ("lang:ZH-Hans", ""),
        ("quality:preview", "3"),
        ("collection:news", "1 2 3 3456000 5"),
        ("collection:olds", ""),
        ("after:2026-11-02", "2 3 3456000"),
        ("before:2026-11-02", "1"),
        ("after:2026-11-02 before:2026-11-03", "2 3"),
        ("captured:2026-11", "1 2 3 5"),
        ("ferry after:2026-11-30 OR author:lund", "1 3 3456000"),
    ],
)
def test_filters(papers, question, found):
    assert sorted(urls(papers, question)) == sorted(found.split())


def test_facets_count_values(papers):
    found = facets(papers, "ferry")
    assert found["site"] == [
        ("other.example", 2),
        ("10.0.0.7", 1),
        ("news.paper.example", 1),
        ("paper.example", 1),
    ]
    assert dict(found["author"]) == {"Ada Lund": 1, "王小明": 1, "Ada Berg": 1, "Bo Lund": 1}
    assert found["section"] == [("Trade & Co", 1)]
    assert dict(found["language"]) == {"en": 4, "zh": 1, "zh-Hant": 1}
    assert found["quality"] == [("full", 4), ("preview", 1)]
    assert facets(papers, "ferry", ["site"], top=1) == {"site": [("other.example", 2)]}
    with pytest.raises(QueryError, match="'colour' is no facet; choose of site,"):
        facets(papers, "ferry", ["colour"])


def test_counts_over_time(papers):
    assert over_time(papers, "ferry", Period.DAY) == [("2026-11-01", 1), ("2026-11-02", 2), ("2026-11-30", 1)]
    assert over_time(papers, "ferry", Period.MONTH) == [("2026-11", 4)]
    assert over_time(papers, "ferry -lang:zh", Period.YEAR) == [("2026", 3)]


def test_what_is_shown_of_a_result(papers):
    (hit,) = ask(papers, "author:小明").hits
    assert hit.shown.site == "news.paper.example"
    assert (hit.shown.published, hit.shown.captured) == ("2026-11-02", digits(2))
    assert (hit.shown.row, hit.shown.offset, hit.shown.languages) == (1, 100, ("zh-Hant", "en"))
    assert second(2) - second(1) == timedelta(seconds=1)


@pytest.mark.parametrize("year", [1, 1600, 1969, 2300, 9999])
def test_no_date_is_too_odd(tmp_path, year):
    at = second(0).replace(year=year)
    index, _ = made(tmp_path, [story(1, at=at), story(2, day=day(1))])
    assert sorted(urls(index, "ferry")) == ["1", "2"]
    assert urls(index, "ferry", sort=Sort.DATE) == (["1", "2"] if year > 2026 else ["2", "1"])
    assert ask(index, "ferry after:9990 OR before:0002").total in {0, 1}


def test_questions_without_words_are_answered_by_time(papers):
    assert urls(papers, "site:paper.example") == ["2", "1"]
    assert urls(papers, "") == ["3456000", "5", "3", "2", "1"]
    first = ask(papers, "", Page(limit=2))
    assert [hit.shown.url[-1] for hit in ask(papers, "", Page(limit=9, after=first.next)).hits] == [
        "3",
        "2",
        "1",
    ]
    assert len(urls(papers, "\udce4 ferry")) == 5
