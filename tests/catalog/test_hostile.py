"""What a page can do to a catalog: addresses, titles and sections of any kind and length."""

import random
import string
from base64 import b32encode
from dataclasses import replace

import pytest

from catalog.making import article, capture, dump, manifest_of, name_of, publish
from pipelines.catalog import Catalog, Match, Part, Place, Query, follow
from pipelines.catalog.coding import KEY_BYTES, stored_key
from pipelines.storage import MemoryStore

TEXT = "The pilot says that the harbour opens again. Ships wait in the roads, and nobody knows for how long. "
AT = "20261120000000"


def noise(length, seed=1):
    """Text that no database compresses."""
    return "".join(random.Random(seed).choices(string.ascii_lowercase + string.digits, k=length))


def publish_pages(store, serial, urls, **of_article):
    name = name_of(serial)
    found = [capture(name, at * 100, url, AT) for at, url in enumerate(urls)]
    publish(store, name, found, rows=[article(each, TEXT * 2, **of_article) for each in found])
    return found


def test_two_odd_addresses_of_one_urlkey_in_two_segments(catalog):
    store, known = MemoryStore(), []
    for serial, url in enumerate(("http://news.example/Story/One", "https://news.example/Story/One"), 1):
        known += publish_pages(store, serial, [url])
        follow(catalog, store)
    assert [*catalog.all()] == known


def test_control_characters_are_left_out(catalog):
    store = MemoryStore()
    odd = {"title": "A\0B\x1b[31m", "authors": ("A.\nPilot\0",), "section": "wor\0ld", "site": "\0"}
    (found,) = publish_pages(
        store, 1, ["https://paper.example/a"], canonical_url="https://paper.example/\0", **odd
    )
    follow(catalog, store)
    (place,) = catalog.history("https://paper.example/%00")
    assert (place.title, place.authors, place.section, place.site) == (
        "A B [31m",
        ("A. Pilot",),
        "wor ld",
        "",
    )
    assert [*catalog.all()] == [found]


def test_addresses_with_control_characters_cost_no_segment(catalog):
    store = MemoryStore()
    urls = ["https://paper.example/a\0b", "urn:newswarc:\0", "https://paper.example/a%00b"]
    found = publish_pages(store, 1, urls)
    follow(catalog, store)
    assert len([*catalog.all()]) == 3
    assert [catalog.at(Place.of(each)).offset for each in found] == [0, 100, 200]


def test_texts_too_long_for_an_index(catalog):
    store = MemoryStore()
    start = f"https://paper.example/{noise(3000)}"
    urls = [f"{start}{each}" for each in ("a", "b", "", "?a=1", "/Case")] + ["https://paper.example/z"]
    found = publish_pages(store, 1, urls, section=noise(6000, 2), site=noise(6000, 3))
    follow(catalog, store)
    everything = sorted(found, key=lambda each: stored_key(each.urlkey))
    assert [*catalog.all()] == everything
    for each in found:
        assert [*catalog.find(each.url)] == [each]
        assert catalog.closest(each.url, AT) == each
        assert catalog.at(Place.of(each)) == each
        (place,) = catalog.history(each.url)
        assert place.urlkey == each.urlkey
        assert place.section[:480] == noise(6000, 2)[:480]
    pages, after = [], None
    while page := [*catalog.captures(Query(match=Match.PREFIX, limit=2, after=after))]:
        pages += page
        after = Place.of(page[-1])
    assert pages == everything
    assert {identity for _, identity in catalog.identities()} == {
        *(place.identity for url in urls for place in catalog.history(url))
    }
    assert len(dump(catalog)) == 2 * len(urls) + 1


def test_a_short_urlkey_is_stored_as_it_is():
    assert stored_key("k" * KEY_BYTES) == "k" * KEY_BYTES
    assert len(stored_key("例" * KEY_BYTES).encode()) <= KEY_BYTES + 64


def test_long_media_types_and_digests(catalog):
    store, name = MemoryStore(), name_of(1)
    digest = "sha512:" + b32encode(noise(3000).encode()).decode()
    found = capture(name, 0, "https://paper.example/", AT, mime=f"text/{noise(5000)}", digest=digest)
    publish(store, name, [found])
    follow(catalog, store)
    (kept,) = catalog.all()
    assert replace(kept, mime=found.mime) == found
    assert kept.mime[:400] == found.mime[:400]


@pytest.mark.parametrize("order", [1, -1])
def test_the_address_in_its_own_case_comes_first(catalog, order):
    """One shortener's /s/AbCd is another page than its /s/abCd; both have one urlkey."""
    store = MemoryStore()
    urls = ["https://s.example/s/AbCd", "https://s.example/s/abCd", "https://s.example/s/abcd"]
    for serial, url in enumerate(urls[::order], 1):
        name = name_of(serial)
        found = capture(name, 0, url, f"2026112{serial}000000")
        publish(store, name, [found], rows=[article(found, f"{url} {TEXT}")])
    follow(catalog, store)
    for url in urls:
        assert {catalog.closest(url, at).url for at in ("2026", "20261122", "2027")} == {url}
        assert catalog.closest(url.replace("https://", "http://www."), "2026").url == url
        (place,) = catalog.history(url)
        assert catalog.at(Place(place.urlkey, place.captured, place.segment, place.offset)).url == url
    assert catalog.closest("https://s.example/S/ABCD", "2026").timestamp == "20261121000000"


ADDRESSES = [
    "https://board.example/view?a=1&tid=12",
    "https://board.example/view?tid=12",
    "https://board.example/view?tid=123&a=1",
    "http://www.board.example/view?tid=129",
    "https://board.example/view?tid=13&z=1",
    "https://board.example/view?Tid=12",
    "https://board.example/view/",
    "https://board.example/view/?tid=12",
    "https://board.example/viewer",
    "https://board.example/x?",
    "https://board.example/x?sid=0123456789abcdef0123456789abcdef",
    "https://board.example/xyz",
    "https://board.example/%E6%B8%AF/one",
    "https://board.example/港/two",
    "https://Board.example:443/Case",
    "https://board.example/case",
    "https://board.example:8443/view?tid=12",
]


@pytest.mark.parametrize(
    ("start", "wanted"),
    [
        ("https://board.example/view?tid=12", [1, 2, 3]),
        ("https://board.example/view?", [0, 1, 2, 3, 4, 5]),
        ("board.example/view?a=1&t", [0]),
        ("https://board.example/view/", [6, 7]),
        ("https://board.example/view", [0, 1, 2, 3, 4, 5, 6, 7, 8]),
        ("https://board.example/x?", [9, 10]),
        ("https://board.example/x?sid=", [10]),
        ("https://board.example/%e6%b8%af/", [12, 13]),
        ("https://board.example/%e6%b", [12, 13]),
        ("https://BOARD.example/C", [14]),
        ("https://board.example:8443/", [16]),
        ("https://board.example", range(16)),
        ("https://board.example/none", []),
    ],
)
def test_what_an_address_begins_with(tmp_path, start, wanted):
    catalog = Catalog(f"sqlite:///{tmp_path / 'catalog.sqlite'}", "trial")
    name = name_of(1)
    known = [capture(name, at, url, AT) for at, url in enumerate(ADDRESSES)]
    catalog.enter([Part(manifest_of(name, known), known)])
    query = Query(start, Match.PREFIX)
    found = [*catalog.captures(query)]
    assert {each.offset for each in found} == {*wanted}
    assert found == sorted(found, key=Place.of)
    assert [*catalog.captures(replace(query, reverse=True))] == found[::-1]
    pages, after = [], None
    while page := [*catalog.captures(replace(query, limit=2, after=after))]:
        pages += page
        after = Place.of(page[-1])
    assert pages == found
    catalog.close()


def test_a_replaced_segment_s_captures_come_once_in_an_answer_that_is_cut(catalog):
    """Its successor, whose name comes behind, has the same captures."""
    old, new = name_of(1), name_of(2)
    found = [capture(old, at, "https://paper.example/", AT, content=str(at)) for at in range(150)]
    catalog.enter([Part(manifest_of(old, found), found)])
    answer = catalog.captures(Query("https://paper.example/"))
    begun = [next(answer) for _ in range(100)]
    again = [replace(each, segment=str(new), filename=new.warc_filename) for each in found]
    catalog.enter([Part(manifest_of(new, again, replaces=str(old)), again)])
    assert [each.digest for each in (*begun, *answer)] == [each.digest for each in found]
    assert {each.segment for each in catalog.all()} == {str(new)}
