"""What a catalog answers, beside a plain list of the captures that it was given."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from catalog.making import capture, manifest_of, name_of
from pipelines.catalog import Catalog, Filter, Match, Part, Place, Query
from pipelines.model import Original, Truncation, WireBytes
from pipelines.urls import timestamp, urlkey
from pipelines.warc.digests import digest_response
from segments.making import response

URLS = [
    "https://paper.example/",
    "http://paper.example/",
    "https://www.paper.example/world/",
    "https://paper.example/world/Harbour-1.html",
    "https://paper.example/world/harbour-1.html?b=2&a=1",
    "https://paper.example/worldly",
    "https://paper.example:8443/world/",
    "https://news.paper.example/a",
    "https://news.paper.example:8080/a",
    "https://paperboat.example/",
    "https://paper.example.org/",
    "https://例子.example/港口",
    "urn:newswarc:odd thing",
]


def odd_captures(seed=3, segments=6, each=60):
    rng = random.Random(seed)
    for number in range(segments):
        name = name_of(number + 1, writer=f"{rng.randrange(1 << 32):08x}")
        yield (
            name,
            [
                capture(
                    name,
                    offset,
                    rng.choice(URLS),
                    f"2026112{rng.randrange(3)}0{rng.randrange(4)}0000",
                    content=str(rng.randrange(40)),
                    kind=rng.choice(["response", "response", "revisit"]),
                    status=rng.choice([200, 200, 404, 304, None]),
                    mime=rng.choice(["text/html", "application/pdf", "-"]),
                    truncated=rng.choice([None, None, None, Truncation.LENGTH]),
                )
                for offset in range(0, each * 100, 100)
            ],
        )


@pytest.fixture
def filled(catalog):
    known = []
    for name, found in odd_captures():
        assert catalog.enter([Part(manifest_of(name, found), found)]) == 1
        known += found
    return catalog, sorted(known, key=Place.of)


def test_every_capture_comes_back_as_it_was(filled):
    catalog, known = filled
    assert [*catalog.all()] == known
    for url in URLS:
        assert [*catalog.find(url)] == [each for each in known if each.urlkey == urlkey(url)]
    assert [*catalog.find("https://nowhere.example/")] == []
    assert [catalog.at(Place.of(each)) for each in known[::20]] == known[::20]
    assert catalog.at(replace(Place.of(known[0]), offset=7)) is None


@pytest.mark.parametrize(
    ("match", "url", "wanted"),
    [
        (Match.PREFIX, "https://paper.example/world", lambda key: key.startswith("example,paper)/world")),
        # A folder's own urlkey is without the slash.
        (
            Match.PREFIX,
            "https://paper.example/world/",
            lambda key: key == "example,paper)/world" or key.startswith("example,paper)/world/"),
        ),
        (Match.HOST, "paper.example", lambda key: key.startswith(("example,paper)", "example,paper:"))),
        (
            Match.HOST,
            "https://www.paper.example/x",
            lambda key: key.startswith(("example,paper)", "example,paper:")),
        ),
        (
            Match.DOMAIN,
            "paper.example",
            lambda key: key.startswith(tuple(f"example,paper{m}" for m in "),:")),
        ),
        (Match.PREFIX, "", lambda _: True),
    ],
)
def test_matches(filled, match, url, wanted):
    catalog, known = filled
    expected = [each for each in known if wanted(each.urlkey)]
    assert expected
    assert [*catalog.captures(Query(url, match))] == expected
    assert [*catalog.captures(Query(url, match, reverse=True))] == expected[::-1]
    assert [*catalog.captures(Query(url, match, limit=7))] == expected[:7]


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("match", [Match.EXACT, Match.DOMAIN, Match.PREFIX])
def test_pages_join_without_gap_or_repetition(filled, match, reverse):
    """Also where many captures are of one second."""
    catalog, _ = filled
    query = Query("https://paper.example/", match, reverse=reverse)
    whole = [*catalog.captures(query)]
    pages, after = [], None
    while page := [*catalog.captures(replace(query, limit=7, after=after))]:
        assert len(page) <= 7
        pages += page
        after = Place.of(page[-1])
    assert pages == whole
    assert len(whole) > 20
    assert [*catalog.captures(replace(query, after=Place.of(whole[9])))] == whole[10:]


def test_filters_and_times(filled):
    catalog, known = filled
    everything = Query(match=Match.PREFIX)
    digest = known[0].digest
    for query, holds in [
        (replace(everything, where=Filter(statuses=(200, 404))), lambda each: each.status in {200, 404}),
        (replace(everything, where=Filter(mimes=("-",))), lambda each: each.mime == "-"),
        (replace(everything, where=Filter(kinds=("revisit",))), lambda each: each.kind == "revisit"),
        (replace(everything, where=Filter(digest=digest)), lambda each: each.digest == digest),
        (replace(everything, since="2026112101", until="20261121"),
         lambda each: "2026112101" <= each.timestamp < "20261122"),
        (replace(everything, where=Filter((404,), ("text/html",), ("response",))),
         lambda each: (each.status, each.mime, each.kind) == (404, "text/html", "response")),
    ]:  # fmt: skip
        expected = [each for each in known if holds(each)]
        assert expected
        assert [*catalog.captures(query)] == expected
    with pytest.raises(ValueError, match="digits"):
        [*catalog.captures(Query("https://paper.example/", since="soon"))]


def test_the_closest(filled):
    catalog, known = filled
    url = "https://paper.example/"
    of_url = [each for each in known if each.urlkey == urlkey(url)]
    assert catalog.closest(url, "1990") == of_url[0]
    assert catalog.closest(url, "2100") == of_url[-1]
    for before, after in pairwise(of_url):
        assert catalog.closest(url, before.timestamp).timestamp == before.timestamp
        assert catalog.closest(url, after.timestamp).timestamp == after.timestamp
    found = catalog.closest(url, "2100", where=Filter(statuses=(404,)))
    assert found == [each for each in of_url if each.status == 404][-1]
    assert catalog.closest("https://nowhere.example/", "2026") is None


def test_originals(filled):
    """Only a whole response, the earliest; that of the same URL first."""
    catalog, known = filled
    for each in known:
        same = [
            one for one in known if one.sha256 == each.sha256 and one.kind == "response" and not one.truncated
        ]
        same.sort(key=lambda one: (one.timestamp, one.segment, one.offset))
        own = [one for one in same if one.url == each.url]
        assert catalog.original(each) == next(iter(own or same), None)


def test_what_a_revisit_may_refer_to(catalog):
    name = name_of(1)
    wire = WireBytes(response(b"a page of some length"))
    first = capture(name, 0, URLS[0], "20261120000000", content="a page of some length")
    again = capture(name, 100, URLS[2], "20261120000100", content="a page of some length", kind="revisit")
    cut = capture(name, 200, URLS[3], "20261120000200", content="a page", truncated=Truncation.LENGTH)
    catalog.enter([Part(manifest_of(name, [first, again, cut]), [first, again, cut])])
    assert catalog.find_original(digest_response(wire)) == Original.of(first)
    assert catalog.find_original(digest_response(WireBytes(response(b"a page")))) is None
    assert catalog.original_of(Original.of(first)) == Original.of(first)
    assert catalog.original_of(Original.of(again)) == Original.of(first)
    assert catalog.original_of(Original.of(cut)) is None
    assert catalog.original_of(replace(Original.of(first), digest="sha1:" + "A" * 32)) is None


def test_other_digests_and_colliding_ones_stay_apart(catalog):
    """SHA-1 can be collided, and the first bytes of SHA-256 can be."""
    name = name_of(1)
    found = [
        capture(name, 0, URLS[0], "20261120000000", content="a"),
        capture(name, 100, URLS[0], "20261120000001", digest="md5:900150983CD24FB0D6963F7D28E17F72"),
        capture(name, 200, URLS[0], "20261120000002", digest="nineteen characters"),
        capture(name, 300, URLS[0], "20261120000003", sha256="ab" * 8 + "00" * 24),
        capture(name, 400, URLS[0], "20261120000004", sha256="ab" * 8 + "11" * 24),
    ]
    catalog.enter([Part(manifest_of(name, found), found)])
    assert [*catalog.all()] == found
    assert [catalog.original(each) for each in found] == found


def test_an_answer_is_found_by_seeking_however_many_captures_an_url_has(tmp_path):
    """No step of the plan reads a table from end to end or sorts an URL's captures."""
    catalog = Catalog(f"sqlite:///{tmp_path / 'catalog.sqlite'}", "trial")
    name = name_of(1)
    url = "https://paper.example/"
    start = datetime(2026, 1, 1, tzinfo=UTC)
    found = [
        capture(
            name,
            number,
            url,
            timestamp(start + timedelta(minutes=5 * number)),
            content="the same" if number % 2 else None,
            kind="revisit" if number % 2 and number > 1 else "response",
        )
        for number in range(20_000)
    ]
    catalog.enter([Part(manifest_of(name, found), found)])
    with catalog.database.lookup() as connection:
        driver = connection.connection.driver_connection
        steps = []
        driver.set_progress_handler(lambda: steps.append(1) and None, 100)
        assert catalog.closest(url, found[12_345].timestamp) == found[12_345]
        assert catalog.original(found[19_999]) == found[1]
        assert [*catalog.captures(Query(url, reverse=True, limit=1))] == found[-1:]
        assert [*catalog.captures(Query(url, limit=1, after=Place.of(found[15_000])))] == [found[15_001]]
        driver.set_progress_handler(None, 100)
    # A thousand and more steps of SQLite's machine for each answer would be a walk.
    assert len(steps) < 50
    assert len([*catalog.find(url)]) == 20_000
    catalog.close()
