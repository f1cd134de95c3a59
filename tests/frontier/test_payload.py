"""Requests as JSON and back."""

import datetime as dt
import enum

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy import FormRequest, Request, Spider

from crawler.frontier.payload import ENTRY, decode, encode, hops
from crawler.frontier.store import Lease
from pipelines.errors import JobError
from pipelines.model import Capture, Provenance, Recorded


class Reader(Spider):
    name = "reader"

    def read(self, response, **kwargs): ...

    def failed(self, failure): ...


class Other(Spider):
    name = "other"

    def read(self, response): ...


SPIDER = Reader()
TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=20)
PLAIN = st.one_of(
    st.none(),
    st.booleans(),
    TEXT,
    st.integers(-(2**63), 2**64 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
)
JSON = st.recursive(
    PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3)
)
PROVENANCE = st.builds(
    Provenance,
    st.none() | TEXT,
    st.none() | TEXT,
    st.none() | TEXT,
    st.text("LREFMP", max_size=5),
    st.dictionaries(TEXT, TEXT, max_size=3),
)
# Scrapy takes the spaces off header values; what is left is any bytes.
HEADERS = st.dictionaries(
    st.from_regex(r"\AX-[A-Za-z-]{1,10}\Z").map(str.encode),
    st.binary(max_size=20).map(bytes.strip),
    max_size=3,
)


@st.composite
def requests(draw):
    return Request(
        "https://a.example/" + draw(TEXT),
        draw(st.sampled_from([None, SPIDER.read, SPIDER.failed])),
        method=draw(st.sampled_from(["GET", "HEAD", "OPTIONS"])),
        headers=draw(HEADERS),
        meta=draw(
            st.dictionaries(TEXT.filter(lambda key: key != "verbatim_url"), JSON | PROVENANCE, max_size=4)
        ),
        priority=draw(st.integers(-(2**31), 2**31 - 1)),
        dont_filter=draw(st.booleans()),
        errback=draw(st.sampled_from([None, SPIDER.failed])),
        cb_kwargs=draw(st.dictionaries(TEXT, JSON, max_size=2)),
    )


def back(request, spider=SPIDER):
    return decode(Lease(7, request.url, "a.example", request.priority, encode(request, SPIDER)), spider)


@given(requests())
def test_requests_come_back_as_they_were(request):
    found = back(request)
    assert found.meta.pop(ENTRY) == 7
    assert found.to_dict(spider=SPIDER) == request.to_dict(spider=SPIDER)
    assert {key: type(value) for key, value in found.meta.items()} == {
        key: type(value) for key, value in request.meta.items()
    }


def test_what_a_finished_fetch_left_does_not_come_back():
    capture = Capture(
        "k", "20261123140509", "https://a.example/", "response", 200, "-", "d", "s", "seg", "f", 0, 1
    )
    meta = {"archive_recorded": Recorded(capture, 3), "download_latency": 0.1, ENTRY: 3, "depth": 1}
    assert back(Request("https://a.example/", meta=meta)).meta == {"depth": 1, ENTRY: 7}


class Colour(enum.StrEnum):
    RED = "red"


@pytest.mark.parametrize(
    ("request_", "fact"),
    [
        (Request("https://a.example/", body=b"x", method="POST"), "it has body"),
        (Request("https://a.example/", cookies={"a": "b"}), "it has cookies"),
        (Request("https://a.example/", flags=["x"]), "it has flags"),
        (Request("https://a.example/", encoding="gb18030"), "its encoding is 'gb18030'"),
        (FormRequest("https://a.example/"), "it is a FormRequest"),
        (
            Request("https://a.example/", lambda _: None),
            "its callback .* is no method of spider 'reader'",
        ),
        (Request("https://a.example/", Other().read), "its callback .* is no method"),
        (Request("https://a.example/", Reader().read), "its callback .* is no method"),
        (Request("https://a.example/", errback=print), "its errback .* is no method"),
        (Request("https://a.example/", meta={"at": dt.date(2026, 1, 1)}), r"meta\['at'\] is a date"),
        (Request("https://a.example/", meta={"a": {"b": [1, (2,)]}}), r"meta\['a'\]\['b'\]\[1\] is a tuple"),
        (Request("https://a.example/", meta={"a": {1: 2}}), r"meta\['a'\] has the key 1"),
        (Request("https://a.example/", meta={"a": Colour.RED}), r"meta\['a'\] is a Colour"),
        (Request("https://a.example/", meta={"a": float("nan")}), r"meta\['a'\] is a float \(nan\)"),
        (Request("https://a.example/", meta={"a": b"x"}), r"meta\['a'\] is a bytes"),
        (Request("https://a.example/", meta={"a": [Provenance()]}), r"meta\['a'\]\[0\] is a Provenance"),
        (Request("https://a.example/", meta={"a": 2**64}), "it cannot be written as JSON"),
        (Request("https://a.example/", meta={"a": "\ud800"}), "it cannot be written as JSON"),
        (Request("https://a.example/", cb_kwargs={"a": {1}}), r"cb_kwargs\['a'\] is a set"),
    ],
)
def test_what_would_not_come_back_is_refused(request_, fact):
    with pytest.raises(JobError, match=rf"frontier: <\w+ https://a.example/> cannot .*: {fact}"):
        encode(request_, SPIDER)


@pytest.mark.parametrize(
    "payload", ["", "[]", '{"callback":"gone"}', '{"provenance":{"p":{"colour":"red"}}}']
)
def test_a_payload_of_another_program(payload):
    with pytest.raises(JobError, match=r"entry 7 \(https://a.example/\) cannot be made a request"):
        decode(Lease(7, "https://a.example/", "a.example", 0, payload), SPIDER)


def test_hops_are_links_from_the_seed():
    assert hops(Request("https://a.example/", meta={"p": Provenance(hops="FLRL"), "depth": 9})) == 2
    assert hops(Request("https://a.example/", meta={"depth": 3})) == 3
    assert hops(Request("https://a.example/")) == 0
