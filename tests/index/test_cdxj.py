"""CDXJ lines as literals, and back."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.errors import RecordError
from pipelines.index import from_line, to_line
from pipelines.model import Capture, Truncation
from pipelines.urls import moment, span, timestamp, urlkey, warc_date

CAPTURE = Capture(
    urlkey="example,news)/a",
    timestamp="20261123140509",
    url="https://news.example/a",
    kind="response",
    status=200,
    mime="text/html",
    digest="sha1:FKXGYNOJJ7H3IFO35FPUBC445EPOQRXN",
    sha256="64ec88ca00b268e5ba1a35678a1b5316d212f4f366b2477232534a8aeca37f3c",
    segment="trial-20261123140500-00001-0a1b2c3d",
    filename="2026/11/23/trial-20261123140500-00001-0a1b2c3d.warc.gz",
    offset=1234,
    length=567,
)
LINE = (
    b'example,news)/a 20261123140509 {"url":"https://news.example/a","mime":"text/html","status":"200",'
    b'"digest":"sha1:FKXGYNOJJ7H3IFO35FPUBC445EPOQRXN","length":"567","offset":"1234",'
    b'"filename":"2026/11/23/trial-20261123140500-00001-0a1b2c3d.warc.gz",'
    b'"sha256":"64ec88ca00b268e5ba1a35678a1b5316d212f4f366b2477232534a8aeca37f3c"}\n'
)


def test_golden():
    assert to_line(CAPTURE) == LINE
    assert from_line(LINE) == CAPTURE


def test_revisits_and_truncated_ones():
    revisit = replace(CAPTURE, kind="revisit")
    assert b'"mime":"warc/revisit"' in to_line(revisit)
    assert to_line(revisit).endswith(b',"revisitMime":"text/html"}\n')
    cut = replace(CAPTURE, truncated=Truncation.TIME, status=None)
    assert b'"status":"-"' in to_line(cut)
    assert to_line(cut).endswith(b',"truncated":"time"}\n')
    assert [from_line(to_line(each)) for each in (revisit, cut)] == [revisit, cut]


def test_a_304_that_is_a_revisit_has_a_status_that_no_reader_takes_for_an_empty_page():
    unmodified = replace(CAPTURE, kind="revisit", status=304, mime="-")
    line = to_line(unmodified)
    assert b'"mime":"warc/revisit","status":"-"' in line
    assert line.endswith(b',"revisitMime":"-","revisitStatus":"304"}\n')
    assert from_line(line) == unmodified
    assert from_line(line).unmodified
    plain = replace(CAPTURE, status=304)
    assert b'"status":"304"' in to_line(plain)
    assert not plain.unmodified
    assert not replace(CAPTURE, kind="revisit").unmodified


text = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@given(
    st.builds(
        Capture,
        urlkey=text.filter(lambda key: " " not in key and "\n" not in key),
        timestamp=st.from_regex(r"[0-9]{14}", fullmatch=True),
        url=text,
        kind=st.sampled_from(["response", "revisit"]),
        status=st.none() | st.integers(100, 999),
        mime=text.filter(lambda mime: mime != "warc/revisit"),
        digest=text,
        sha256=text,
        segment=st.just("a"),
        filename=st.just("2026/11/23/a.warc.gz"),
        offset=st.integers(0, 1 << 60),
        length=st.integers(0, 1 << 60),
        truncated=st.none() | st.sampled_from(Truncation),
    )
)
def test_any_capture_is_read_back(capture):
    line = to_line(capture)
    assert line.count(b"\n") == 1
    assert from_line(line) == capture


def test_torn_at_every_byte_it_is_refused():
    for size in range(len(LINE) - 1):
        with pytest.raises(RecordError, match="not a line of an index"):
            from_line(LINE[:size])


@given(st.binary(max_size=60))
def test_any_bytes_are_refused(rubbish):
    for line in (rubbish, b"a 2026 " + rubbish, b"\xff 2026 {}"):
        with pytest.raises(RecordError):
            from_line(line)


@pytest.mark.parametrize("fields", [b"[]", b"5", b"null", b'"x"', b'{"mime":null}', b"{}"])
def test_other_json_is_refused(fields):
    with pytest.raises(RecordError):
        from_line(b"a 20261123140509 " + fields + b"\n")


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://www.News.example/A/b?y=2&x=1#top", "example,news)/a/b?x=1&y=2"),
        ("http://news.example:80/", "example,news)/"),
        ("https://news.example/港", "example,news)/%e6%b8%af"),
        ("urn:newswarc:x", "urn:newswarc:x"),
        ("", "-"),
        ("https://[::1/ a", "::1)/%20a"),
    ],
)
def test_urlkeys(url, key):
    assert urlkey(url) == key


@given(st.text(max_size=60) | st.from_regex(r"https?://[a-z\[\]:@%/?#&= .]{0,40}", fullmatch=True))
def test_any_url_has_a_key_without_blanks(url):
    assert " " not in urlkey(url)
    assert "\n" not in to_line(replace(CAPTURE, urlkey=urlkey(url))).decode()[:-1]


def test_times():
    assert timestamp(moment("20261123140509")) == "20261123140509"
    assert warc_date(moment("20261123")) == "2026-11-23T00:00:00Z"
    assert span("202611") == ("20261101000000", "20261131235959")
    assert span("") == ("00000101000000", "99991231235959")
    for wrong in ("", "202", "2026-11", "20261399", "1" * 15):
        with pytest.raises(ValueError, match=r"timestamp|does not match|remains"):
            moment(wrong)
