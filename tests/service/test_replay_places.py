"""What a page needs, and the pages of a CDX answer, in both databases."""

import pytest

from catalog.making import capture, manifest_of, name_of
from crawler.service import cdx_pages
from crawler.service.cdx_pages import Pages
from crawler.service.cdx_query import parse_query
from crawler.service.context import Context
from crawler.service.replay.places import Places, look_up
from databases import KINDS, new_database
from pipelines.archive import Archive
from pipelines.catalog import Part
from pipelines.storage import MemoryStore
from service.serving import config_in

SITE = "https://news.example"
AT = "20261115000000"


@pytest.fixture(params=KINDS)
def context(request, tmp_path):
    with new_database(request.param, tmp_path) as url:
        archive = Archive(MemoryStore(), "trial", tmp_path / "state", catalog=url)
        found = Context(config_in(tmp_path), archive=archive)
        yield found
        found.close()


def enter(context, *captures):
    name = name_of(1)
    known = [
        capture(name, offset, f"{SITE}{path}", stamp, status=status)
        for offset, (path, stamp, status) in enumerate(captures)
    ]
    context.archive.catalog.enter([Part(manifest_of(name, known), known)])


def test_each_reference_gets_the_nearest_capture_that_a_page_can_use(context):
    enter(
        context,
        ("/both", "20261101000000", 200),
        ("/both", "20261114000000", 200),
        ("/both", "20261117000000", 200),
        ("/late", "20261201000000", 301),
        ("/broken", "20261115000000", 404),
        ("/mended", "20261115000000", 500),
        ("/mended", "20261230000000", 200),
        ("/odd", AT, None),
        *(("/often", f"202611{day:02d}{hour:02d}0000", 200) for day in range(1, 29) for hour in range(24)),
    )
    urls = [f"{SITE}/{name}" for name in ("both", "late", "broken", "mended", "odd", "often", "never")]
    found = look_up(context, [*urls, urls[0]], AT)
    assert [*found.values()] == [
        "20261114000000",
        "20261201000000",
        None,
        "20261230000000",
        AT,
        AT,
        None,
    ]
    assert look_up(context, [], AT) == {}
    places = Places("http://archive.example/web/", AT, found)
    assert places.requisite(urls[0], "im_") == f"http://archive.example/web/20261114000000im_/{urls[0]}"
    assert places.requisite(urls[6], "im_") == f"http://archive.example/web/{AT}im_/{urls[6]}"
    assert places.missing == {urls[6]}


def test_pages_go_on_where_they_ended_though_more_is_archived(context, monkeypatch):
    monkeypatch.setattr(cdx_pages, "BLOCK_ROWS", 7)
    enter(context, *((f"/{number % 5}", f"202611010000{number:02d}", 200) for number in range(40)))
    pages = Pages(context.archive.catalog)

    def asked(number):
        return parse_query([("url", "news.example/*"), ("pageSize", "1"), ("page", str(number))])

    assert pages.count(asked(0)) == 6
    whole = [*context.archive.catalog.all()]
    assert [*pages.page(asked(3))] == whole[21:28]
    assert [len([*pages.page(asked(number))]) for number in range(6)] == [7, 7, 7, 7, 7, 5]
    assert pages.page(asked(6)) is None
    name = name_of(2)
    new = [capture(name, offset, f"{SITE}/0", f"2026100100{offset:02d}00") for offset in range(9)]
    context.archive.catalog.enter([Part(manifest_of(name, new), new)])
    assert [*pages.page(asked(1))] == whole[7:14]
