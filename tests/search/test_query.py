"""The language of questions: what is meant, and that nothing breaks it."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.errors import QueryError
from pipelines.search.matching import query_for
from pipelines.search.query import All, During, Either, Filter, Not, Words, parse

A, B, C = Words("a"), Words("b"), Words("c")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("a b", All((A, B))),
        ("a AND b", All((A, B))),
        ("a OR b c", Either((A, All((B, C))))),
        ("(a OR b) c", All((Either((A, B)), C))),
        ("（a OR b）　c", All((Either((A, B)), C))),
        ("a -b", All((A, Not(B)))),
        ("a NOT b", All((A, Not(B)))),
        ("a AND NOT (b OR c)", All((A, Not(Either((B, C)))))),
        ("NOT NOT a", Not(Not(A))),
        ("a-b", Words("a-b")),
        ("and or not", All((Words("and"), Words("or"), Words("not")))),
        ('"a b" c', All((Words("a b", phrase=True), C))),
        ("“a b”", Words("a b", phrase=True)),
        ("「芯片 出口」", Words("芯片 出口", phrase=True)),
        ("title:a", Words("a", "title")),
        ('TITLE:"a b"', Words("a b", "title", phrase=True)),
        ("title：芯片", Words("芯片", "title")),
        ('author:"Ada Lund"', Words("Ada Lund", "author", phrase=True)),
        ("site:paper.example", Filter("site", "paper.example")),
        ("-lang:zh", Not(Filter("language", "zh"))),
        ("(section:trade)", Filter("section", "trade")),
        # What lacks its other half is left out.
        ("(a OR b", Either((A, B))),
        ("a) b", All((A, B))),
        ("OR a AND", A),
        ("a OR OR b", Either((A, B))),
        ("NOT", All()),
        ("()", All()),
        ("", All()),
        (" ", All()),
        # Punctuation beside words says nothing.
        ("a - b*c", All((A, Words("-"), Words("b*c")))),
        # No field of ours.
        ("https://a.example/b", Words("https://a.example/b")),
        ("foo:bar 12:30", All((Words("foo:bar"), Words("12:30")))),
        ("website:x", Words("website:x")),
    ],
)
def test_means(text, meant):
    assert parse(text) == meant


@pytest.mark.parametrize(
    ("value", "begin", "end"),
    [
        ("2026", (2026, 1, 1), (2027, 1, 1)),
        ("2026-11", (2026, 11, 1), (2026, 12, 1)),
        ("2026-12", (2026, 12, 1), (2027, 1, 1)),
        ("2024-2", (2024, 2, 1), (2024, 3, 1)),
        ("2026-11-3", (2026, 11, 3), (2026, 11, 4)),
        ("2026年11月30日", (2026, 11, 30), (2026, 12, 1)),
        ("20261103", (2026, 11, 3), (2026, 11, 4)),
        ("2026-11-03T08:15Z", (2026, 11, 3, 8, 15), (2026, 11, 3, 8, 16)),
    ],
)
def test_times(value, begin, end):
    first, last = datetime(*begin, tzinfo=UTC), datetime(*end, tzinfo=UTC)
    assert parse(f"captured:{value}") == During("captured", first, last)
    assert parse(f"after:{value}") == During("published", first=first)
    assert parse(f"before:{value}") == During("published", end=first)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("after:soon", "after:'soon' is no date; write after:2026"),
        ("before:2026-13", "is no date"),
        ("before:2026-1-1x", "is no date"),
        ("captured:9999", "is no date"),
        ("site:", "site: has no value; write site:paper.example"),
        ('author:""', "author: has no value"),
        ("x" * 2001, "has 2,001 characters"),
        ("x " * 200, "has 200 parts"),
        ("(" * 60 + "a", "parentheses"),
        ('a "b c site:x', "a quote in 'a \"b c site:x' is not closed; close it"),
        ("「芯片", "is not closed"),
        ('title:"a', "is not closed"),
        ("*", "'*' is punctuation and has no word"),
        ('"*" -！', "has no word"),
        ("a title:！", "title:'！' has no word"),
        ("chip*", "'chip*' has a wildcard"),
        ("a *chip", "'*chip' has a wildcard"),
    ],
)
def test_what_would_be_misread_is_told(text, said):
    with pytest.raises(QueryError, match="search: ") as caught:
        parse(text)
    assert said in str(caught.value)


PIECES = st.sampled_from(
    [
        "AND",
        "OR",
        "NOT",
        "-",
        "(",
        ")",
        '"',
        "title:",
        "site:x",
        "after:2026",
        "芯片",
        "H20",
        "a-b",
        " ",
        "「",
        "👍",
        "·",
        "§",
    ]
)


@given(st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=25).map("".join)))
def test_nothing_breaks_it(text):
    try:
        node = parse(text)
    except QueryError:
        return
    query_for(node)
