"""Parts of the pages that need no archive."""

from datetime import date

import pytest

from crawler.service.pages.capture import _unsecret
from crawler.service.pages.charts import MOST_BARS, chart, level, period_for, share
from crawler.service.pages.citing import citation
from crawler.service.pages.layout import preferred
from crawler.service.pages.search import _cell
from pipelines.extract import Article, Moment
from pipelines.model import Capture
from pipelines.search import Period


@pytest.mark.parametrize(
    ("header", "language"),
    [("", "en"), ("de", "en"), ("zh-TW", "zh"), ("en;q=0.1, zh;q=0.2", "zh"), ("*;q=x, ZH;q=nonsense", "zh")],
)
def test_preferred(header, language):
    assert preferred(header) == language


def test_a_csv_file_is_no_program_for_a_spreadsheet():
    assert _cell("=1+1") == "'=1+1"
    assert _cell("@SUM(A1)") == "'@SUM(A1)"
    assert _cell(("en", "zh")) == "en zh"


def test_citations():
    article = Article(
        "https://paper.example/a",
        title="Is it late?",
        site="The Paper",
        authors=("Ann Lee", "Bo Li", "Cy Wu", "Di Xu"),
        published=Moment(date(2026, 11, 3), None, "", "meta"),
    )
    capture = _capture("https://paper.example/a", "20261104120000")
    found = citation(article, capture, "https://a.example/web/20261104120000/https://paper.example/a")
    assert found.chinese == (
        "Ann Lee, Bo Li, Cy Wu, 等. Is it late?[EB/OL]. The Paper, (2026-11-03)[2026-11-04]. "
        "https://a.example/web/20261104120000/https://paper.example/a."
    )
    assert found.english.startswith("Ann Lee et al. “Is it late?” The Paper, 3 November 2026. ")


def _capture(url, timestamp):
    return Capture(url, timestamp, url, "response", 200, "text/html", "sha1:A", "0", "s", "f", 0, 1)


def test_secrets_of_a_request_are_not_shown():
    assert _unsecret("Cookie: session=abcdef") == "Cookie: (14 …)"
    assert _unsecret("Host: a.example") == "Host: a.example"


def test_charts_are_bounded_and_leave_no_period_out():
    found = chart([("2026-10-30", 2), ("2026-11-02", 4)], Period.DAY)
    assert [(bar.name, bar.count) for bar in found.bars] == [
        ("2026-10-30", 2),
        ("2026-10-31", 0),
        ("2026-11-01", 0),
        ("2026-11-02", 4),
    ]
    assert [bar.height for bar in found.bars] == [48, 0, 0, 96]
    long = chart([("1900", 1), ("2026", 1)], Period.YEAR)
    assert (len(long.bars), long.left_out) == (MOST_BARS, 1)
    assert period_for([("2026-10", 1), ("2026-11", 1)]) is Period.DAY
    assert period_for([("2025-10", 1), ("2026-11", 1)]) is Period.MONTH
    assert period_for([("1990-10", 1), ("2026-11", 1)]) is Period.YEAR
    assert [level(count, 8) for count in (0, 1, 2, 4, 8)] == [0, 1, 1, 2, 4]
    assert [share(part, 8) for part in (0, 1, 2, 3, 6, 7, 8)] == [0, 1, 1, 2, 3, 4, 4]
    assert (share(1, 1), share(0, 0)) == (4, 0)
