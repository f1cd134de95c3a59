import io
import json
from xml.etree import ElementTree as ET

import pytest

from crawler.cli.formats import WRITERS, Format, as_object
from newsite.families import family
from pipelines.extract import ArticleRow, extract
from pipelines.model import Capture

LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


def row(case):
    url = case.url("http://a.example")
    capture = Capture(
        urlkey="example,a)/", timestamp="20261123081500", url=url, kind="response", status=200,
        mime="text/html",
        digest="sha1:" + "A" * 32, sha256="0" * 64, segment="a-20261123081500-0001-a", filename="a.warc.gz",
        offset=0, length=9,
    )  # fmt: skip
    return ArticleRow(extract(case.html("http://a.example"), url), capture)


CASES = family("bilingual").cases
PAIRS = sum(case.extra["parallel"] + 1 for case in CASES)


@pytest.fixture(scope="module")
def rows():
    # The last one says everything once: it is not counted.
    return [*map(row, CASES), row(family("ainews").cases[0])]


def test_parallel_lines_hold_headline_and_paragraphs(rows):
    sink = io.BytesIO()
    assert WRITERS[Format.PARALLEL](rows, sink) == len(CASES)
    lines = [json.loads(line) for line in sink.getvalue().splitlines()]
    assert len(lines) == PAIRS
    case = CASES[0]
    assert lines[0] == {
        "url": case.url("http://a.example"),
        "timestamp": "20261123081500",
        "number": 0,
        "texts": {"zh": case.title, "en": case.title_other},
    }
    assert lines[1]["texts"] == {"en": case.paragraphs[0], "zh": case.paragraphs[1]}


def test_tmx_holds_the_same(rows):
    sink = io.BytesIO()
    assert WRITERS[Format.TMX](rows, sink) == len(CASES)
    units = list(ET.fromstring(sink.getvalue()).iter("tu"))
    assert len(units) == PAIRS
    texts = {tuv.get(LANGUAGE): tuv.findtext("seg") for tuv in units[1].iter("tuv")}
    assert texts == {"en": CASES[0].paragraphs[0], "zh": CASES[0].paragraphs[1]}
    assert units[0].findtext("prop[@type='timestamp']") == "20261123081500"


def test_json_lines_hold_all_fields(rows):
    told = as_object(rows[0])
    assert [title["text"] for title in told["titles"]] == [CASES[0].title, CASES[0].title_other]
    assert told["translators"] == CASES[0].extra["translators"]
    assert told["passages"][0]["parallel"] == [1]
    assert told["fingerprint"] == rows[0].article.fingerprint
    assert told["transcript"] is None
    assert json.loads(json.dumps(told, default=str))["links"] == []
