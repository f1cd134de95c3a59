"""Articles by identity and in order of time, and those that say nearly the same."""

import io
import random

import pytest

from catalog.making import article, capture, manifest_of, name_of, parquet
from pipelines.catalog import Part
from pipelines.catalog.article_files import ArticleFile, read_entries
from pipelines.catalog.coding import (
    digest_bytes,
    digest_text,
    fingerprint_bytes,
    fingerprint_text,
    url_form,
    url_of,
)
from pipelines.errors import ExtractionError
from pipelines.extract.fingerprint import fingerprint
from pipelines.extract.identities import identity_key
from pipelines.urls import urlkey

WORDS = [f"word{number}" for number in range(400)]


def text_of(seed, words=300):
    rng = random.Random(seed)
    return " ".join(rng.choice(WORDS) for _ in range(words))


def enter(catalog, name, rows):
    captures = [row.capture for row in rows]
    file = ArticleFile(name.articles_key, "0" * 64, list(read_entries(io.BytesIO(parquet(rows)))))
    catalog.enter([Part(manifest_of(name, captures), captures, file)])


def test_captures_of_one_article_come_together_in_order_of_time(catalog):
    """Whatever form of its address was fetched, and whichever segment came first."""
    urls = [
        "https://paper.example/harbour-1.html?utm_source=x",
        "https://paper.example/amp/story?id=harbour",
        "http://www.paper.example/harbour-1.html",
    ]
    canonical = "https://paper.example/harbour-1.html"
    for serial, (url, at) in enumerate(zip(urls, ("20261122", "20261120", "20261121"), strict=True), 1):
        name = name_of(serial)
        row = article(capture(name, 0, url, f"{at}000000"), text_of(serial), canonical_url=canonical)
        enter(catalog, name, [row])
    found = [*catalog.history(canonical)]
    assert [each.captured for each in found] == ["20261120000000", "20261121000000", "20261122000000"]
    assert {each.identity for each in found} == {urlkey(canonical)}
    assert [each.canonical for each in found] == [canonical] * 3
    first = found[0]
    assert (first.title, first.authors, first.site) == ("The harbour", ("A. Pilot", "B. Mate"), "The Paper")
    assert (first.languages, first.quality, first.section) == (("en",), "full", "")
    assert first.fingerprint == fingerprint(text_of(2))
    assert (first.segment, first.row, first.articles_key) == (str(name_of(2)), 0, name_of(2).articles_key)
    assert [identity for _, identity in catalog.identities()] == [urlkey(canonical)]
    (own,) = [each for each in catalog.find(urls[1]) if each.timestamp == first.captured]
    assert (own.urlkey, own.segment, own.offset) == (first.urlkey, first.segment, first.offset)


@pytest.mark.parametrize(
    ("url", "canonical", "wanted"),
    [
        ("https://m.paper.example/a", "https://paper.example/a", "https://paper.example/a"),
        ("https://paper.example/a?fbclid=1", "", "https://paper.example/a"),
        # A front page that every page names, and the page of another paper that it was taken from.
        ("https://paper.example/a", "https://paper.example/", "https://paper.example/a"),
        ("https://paper.example/", "https://paper.example/", "https://paper.example/"),
        ("https://paper.example/a", "https://agency.example/b", "https://paper.example/a"),
        ("https://paper.example/a", "not an address", "https://paper.example/a"),
        ("https://paper.example/a", "https://[", "https://paper.example/a"),
    ],
)
def test_what_makes_captures_one_article(url, canonical, wanted):
    assert identity_key(url, canonical) == urlkey(wanted)


def test_similar_articles_are_found(catalog):
    name = name_of(1)
    base = text_of(0).split()
    near = [*base[:40], *text_of(7).split()[:10], *base[50:]]
    texts = [" ".join(base), " ".join(near), " ".join([*base[:150], *text_of(8).split()[:150]])]
    texts += [text_of(seed) for seed in range(20, 60)]
    rows = [
        article(capture(name, 100 * at, f"https://paper.example/{at}", "20261120000000"), text)
        for at, text in enumerate(texts)
    ]
    enter(catalog, name, rows)
    found = catalog.similar(fingerprint(texts[0]))
    assert [each.row for _, each in found] == [0, 1, 2]
    assert [likeness > least for (likeness, _), least in zip(found, (0.99, 0.8, 0.3), strict=True)] == [
        True
    ] * 3
    assert catalog.similar("") == []
    assert [each.row for _, each in catalog.similar(fingerprint(texts[0]), limit=1)] == [0]
    with pytest.raises(ExtractionError):
        catalog.similar("no fingerprint")


def test_a_text_with_hundreds_of_copies_is_answered_in_bounded_time(catalog):
    name = name_of(1)
    text = text_of(1)
    rows = [
        article(capture(name, at, f"https://paper.example/{at}", "20261120000000"), text) for at in range(300)
    ]
    enter(catalog, name, rows)
    found = catalog.similar(fingerprint(text), limit=1000)
    assert 50 < len(found) <= 200
    assert {likeness for likeness, _ in found} == {1.0}


@pytest.mark.parametrize(
    "digest",
    [*(f"sha1:{each * 32}" for each in "Aa1"), "md5:x", "", "n" * 18, "n" * 19, "n" * 20, "é" * 10],
)
def test_a_digest_comes_back_as_it_was(digest):
    assert digest_text(digest_bytes(digest)) == digest


@pytest.mark.parametrize(
    "url",
    [
        "https://paper.example/a",
        "http://www.paper.example/a?b=1",
        "https://www.paper.example/",
    ],
)
def test_an_address_follows_from_its_urlkey(url):
    form = url_form(url, urlkey(url))
    assert form is not None
    assert url_of(form, urlkey(url)) == url


@pytest.mark.parametrize(
    "url",
    ["https://Paper.example/A", "https://paper.example/a#b", "https://paper.example:8443/", "urn:x", ""],
)
def test_one_that_does_not_is_kept(url):
    assert url_form(url, urlkey(url)) is None


def test_a_fingerprint_comes_back_as_it_was():
    for words in (20, 300, 20_000):
        mark = fingerprint(text_of(1, words))
        assert fingerprint_text(fingerprint_bytes(mark)) == mark
    assert fingerprint_bytes("") is None
    assert fingerprint_bytes("1:20:AAAA") is None
