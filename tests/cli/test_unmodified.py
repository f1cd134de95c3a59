"""``list``, ``show`` and ``cat`` of a 304 that is a revisit."""

import gzip
import json

import pytest

from pipelines.archive import Archive
from pipelines.storage import LocalStore
from segments.making import NOT_MODIFIED, asked_again, exchange, page, record_all, response


@pytest.fixture
def captures(tmp_path, newswarc):
    """A zipped page and the 304 for it, in a store as the command makes it."""
    store = tmp_path / "archive"
    archive = Archive(LocalStore(store), "news", store / ".newswarc")
    wire = response(gzip.compress(page(1)), b"Content-Type: text/html", b"Content-Encoding: gzip")
    [first] = record_all(archive, [exchange(1, wire)])
    [second] = record_all(archive, [asked_again(60, first.capture)])
    archive.close()
    return first.capture, second.capture


def test_cat_gives_the_page_and_the_head(newswarc, captures):
    first, second = captures

    def cat(*options):
        return newswarc("cat", "archive", first.url, "--at", second.timestamp, *options, text=False).stdout

    assert cat() == page(1)
    assert cat("--raw") == cat("--headers") == NOT_MODIFIED
    assert b"In berth 1 lay a ship" in cat("--text")


def test_list_and_show_tell_what_it_is(newswarc, captures):
    first, second = captures
    told = [json.loads(line) for line in newswarc("list", "archive", "--json").stdout.splitlines()]
    assert [(each["kind"], each["status"]) for each in told] == [("response", 200), ("revisit", 304)]
    assert {each["sha256"] for each in told} == {first.sha256}
    shown = newswarc("show", "archive", first.url, "--at", second.timestamp).stdout
    assert "WARC-Profile: http://netpreserve.org/warc/1.1/revisit/server-not-modified" in shown
    assert "HTTP/1.1 304 Not Modified" in shown
    assert 'if-none-match: "1"' in shown
