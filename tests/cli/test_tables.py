"""Tables as a terminal of any width and a pipe get them."""

import sys

import pytest
from rich.cells import cell_len
from rich.text import Text

from crawler.cli.tables import print_table

HEAD = ("site", "source", "announced", "%")
FEED = "https://paper.example/a/very/long/address/of/a/feed.xml"
ROWS = [("paper", FEED, "12", "98.5"), ("港湾日报", "total", "1204", "0")]


@pytest.fixture
def drawn(monkeypatch, capsys):
    def draw(width, *rows):
        monkeypatch.setenv("COLUMNS", str(width))
        monkeypatch.setenv("TERM", "xterm")
        monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
        print_table(HEAD, rows or ROWS, numbers={"announced", "%"}, folds={"source"})
        return [Text.from_ansi(line).plain for line in capsys.readouterr().out.splitlines()]

    return draw


def test_where_there_is_room_each_row_is_a_line(drawn):
    lines = drawn(100)
    assert len(lines) == 4
    assert lines[0].split("┃")[0].strip() == "site"
    assert FEED in lines[2]
    assert lines[3].split("│")[2].endswith(" 1204 ")


def test_where_it_is_narrow_only_what_may_be_folded_is(drawn):
    lines = drawn(64)
    assert max(map(cell_len, lines)) <= 64
    cells = [line.split("│")[1].strip() for line in lines[2:4]]
    assert "".join(cells) == FEED


def test_where_it_is_too_narrow_rows_are_written_out_and_nothing_is_cut_off(drawn):
    assert drawn(40) == [
        "paper",
        f"  source     {FEED}",
        "  announced  12",
        "  %          98.5",
        "",
        "港湾日报",
        "  source     total",
        "  announced  1204",
    ]


def test_elsewhere_there_are_tabs_and_a_head_where_it_is_wanted(capsys):
    print_table(("a", "b"), [("1", "x\ty")])
    print_table(("a", "b"), [("1", "")], named=True)
    assert capsys.readouterr().out == "1\tx y\na\tb\n1\t\n"
