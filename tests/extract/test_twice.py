import pytest
from lxml.html import fromstring

from pipelines.extract import PassageKind
from pipelines.extract.blocks import blocks
from pipelines.extract.twice import said_once, untabled

LINES = [
    f"On the {number}th day the ferry came late, and nobody asked where it had been." for number in range(9)
]


def texts(found):
    return [block.text for block in found]


def read(*lines):
    return blocks(fromstring("<div>" + "".join(f"<p>{line}</p>" for line in lines) + "</div>"))


def test_a_second_copy_goes_and_what_follows_it_stays():
    assert texts(said_once(read(*LINES, *LINES, "A word to the end."))) == [*LINES, "A word to the end."]


@pytest.mark.parametrize(
    "lines",
    [
        [LINES[0], *LINES],
        [*LINES, LINES[3], LINES[4]],
        [line for verse in LINES for line in (verse, "And the lamp went out.")],
        [],
    ],
    ids=["summary", "two lines again", "refrain", "nothing"],
)
def test_what_is_repeated_for_a_reason_stays(lines):
    assert texts(said_once(read(*lines))) == lines


TWO = [("The ferry came late on every day of that week.", "那一周，渡船每天都来得很晚。"),
       ("Nobody asked where it had been all the time.", "没有人问它这段时间到底去了哪里。")]  # fmt: skip


@pytest.mark.parametrize("chinese_first", [False, True])
def test_a_table_of_two_languages_is_paragraphs(chinese_first):
    rows = [pair[::-1] if chinese_first else pair for pair in TWO]
    body = "".join(f"<tr><td>{one}</td><td>{other}</td></tr>" for one, other in rows)
    found = untabled(blocks(fromstring(f"<div><p>Before.</p><table>{body}</table></div>")))
    assert texts(found) == ["Before.", *(cell for row in rows for cell in row)]
    assert {block.kind for block in found} == {PassageKind.PARAGRAPH}


@pytest.mark.parametrize(
    "rows",
    [
        [("ferry", "渡船"), ("lamp", "灯")],
        [("港口", "2024年", "2025年"), ("梅罗港", "1200艘", "1300艘")],
        [("The ferry came late on every day of that week.", "Nobody asked where it had been all the time.")]
        * 2,
    ],
    ids=["words", "figures", "one language"],
)
def test_other_tables_stay(rows):
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    found = untabled(blocks(fromstring(f"<table>{body}</table>")))
    assert texts(found) == ["\t".join(row) for row in rows]
    assert {block.kind for block in found} == {PassageKind.TABLE}
