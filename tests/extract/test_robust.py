"""No page makes the extractor raise or hang: whole fixture pages, cut, mixed and garbled."""

import random
from importlib import import_module

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.extract import Article, extract

families = import_module("newsite.families")
SENTENCE = "The clock above the harbour office has been four minutes slow since the winter of the great ice. "


def fixture_pages() -> list[bytes]:
    return [
        families._expected(name, file).html()
        for name in families.NAMES
        for file in families._expectations(name)
    ]


PAGES = fixture_pages()
URLS = (
    "",
    "https://quay.example/2026/11/23/clock",
    "https://quay.example/forum/thread-1-1-1.html",
    "http://[",
)


@st.composite
def mutated(draw) -> bytes:
    """A fixture page of which pieces are cut out, doubled, moved, or replaced by bytes of another page."""
    page = bytearray(draw(st.sampled_from(PAGES)))
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, max(len(page) - 1, 0)))
        end = start + draw(st.integers(0, 4000))
        kind = draw(st.sampled_from(("cut", "double", "truncate", "foreign", "flip")))
        if kind == "cut":
            del page[start:end]
        elif kind == "double":
            page[start:start] = page[start:end]
        elif kind == "truncate":
            del page[end:]
        elif kind == "foreign":
            other = draw(st.sampled_from(PAGES))
            page[start:start] = other[start:end]
        else:
            noise = random.Random(draw(st.integers(0, 1 << 30)))
            page[start:end] = noise.randbytes(min(end, len(page)) - start) if start < len(page) else b""
    return bytes(page)


@settings(max_examples=60, deadline=None)
@given(mutated(), st.sampled_from(URLS), st.sampled_from((b"text/html", b"text/html; charset=gb2312", b"")))
def test_no_mutation_of_a_page_makes_it_raise(content, url, kind):
    article = extract(content, url, headers=((b"Content-Type", kind),))
    assert Article.from_json(article.to_json()) == article


def deep_text() -> str:
    return f"<div class='a b'>{SENTENCE}<p>{SENTENCE}" * 1900


def soup() -> str:
    choose = random.Random(1)
    tags = ("div", "p", "span", "ul", "li", "button", "noscript", "section", "b", "h1", "blockquote", "form")
    return "".join(
        f"<{choose.choice(tags)}>{SENTENCE if choose.random() < 0.2 else 'a'}" for _ in range(8_000)
    )


@pytest.mark.parametrize(
    "content",
    [
        deep_text(),
        soup(),
        "<button><p>x" * 50_000,
        f"<noscript><p>{SENTENCE * 8}" * 2_000,
        f"<li>{SENTENCE}" * 8_000,
        f"<div class=x><p>{SENTENCE}</p></div>" * 8_000,
        f"<p class='{'nav menu ' * 100_000}'>x</p>",
        "<h1>Slow clock" * 5_000,
        "<p class=author>Ada Lund</p>" * 8_000,
        "<p class=date>2026 12" * 8_000,
        '<script type="application/ld+json">{"@type":"Article","author":['
        + '{"name":"a b"},' * 50_000
        + "{}]}</script>",
    ],
    ids=(
        "deep",
        "soup",
        "buttons",
        "noscripts",
        "list",
        "twins",
        "classes",
        "headlines",
        "authors",
        "dates",
        "names",
    ),
)
@pytest.mark.timeout(40)
def test_hostile_pages_come_to_an_end(content):
    extract(content.encode(), "https://quay.example/clock")


def test_fifty_megabytes_are_cut():
    content = f"<p>{SENTENCE}</p>\n".encode() * 500_000
    article = extract(content, "https://quay.example/clock")
    assert len(content) > 50_000_000
    assert "parse:cut" in article.reasons
    assert article.text.startswith(SENTENCE.strip())


def test_two_encodings_in_one_page_lose_no_more_than_the_lesser_part():
    page = ("<p>渔港的老座钟又停了。</p>" * 300).encode() + "<p>师傅说要等到春天</p>".encode("gb18030")
    article = extract(page, "", headers=((b"Content-Type", b"text/html; charset=utf-8"),))
    assert "渔港的老座钟又停了" in article.text
    assert any(reason.startswith("encoding:lossy") for reason in article.reasons)
