import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edits.making import DEAD, METRO, PARK, RAIN, ROAD, SCHOOL, TEXT, reading
from pipelines.edits import Fate, Op, difference
from pipelines.edits.differences import text_pieces
from pipelines.edits.wording import plain, sentences, tokens

FOREIGN = st.text(st.sampled_from("ab Zé.。，“”'-…1\u00a0\u200b\n中文字，！😀𠀀"), max_size=60)


def changes(before, after):
    return [
        (piece.op, piece.before or piece.after)
        for piece in text_pieces(before, after)
        if piece.op is not Op.SAME
    ]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (DEAD, DEAD.replace("12", "14"), [("removed", "12 "), ("added", "14 ")]),
        (METRO, METRO.replace("明年", "今年"), [("removed", "明"), ("added", "今")]),
        ("英伟达 H20 芯片", "英伟达 H30 芯片", [("removed", "20 "), ("added", "30 ")]),
        ("He came.", "He never came.", [("added", "never ")]),
        ("a b", "a b", []),
        ("", "new", [("added", "new")]),
    ],
)
def test_words_of_english_and_characters_of_chinese(before, after, expected):
    assert changes(before, after) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("“Yes,” he said – twice…", '"Yes," he said — twice...'),
        ("it’s the mayor's", "it's the mayor’s"),
        ("新的 H20 芯片，很快。", "新的H20芯片, 很快。"),
        ("３０％ of ＡＢＣ", "30% of ABC"),
        ("soft\u00adhyphen and\u200b zero", "softhyphen and zero"),
        ("two\u00a0 blanks\n here", "two blanks here"),
        ("「好」，他说", "“好”，他说"),
    ],
)
def test_glyphs_and_blanks_are_no_difference(one, other):
    assert plain(one) == plain(other)
    assert changes(one, other) == []


@pytest.mark.parametrize(
    ("one", "other"), [("12 dead", "14 dead"), ("US", "us"), ("a.b", "ab"), ("他", "她"), ("1.5", "15")]
)
def test_letters_figures_and_case_are(one, other):
    assert plain(one) != plain(other)


@given(FOREIGN, FOREIGN)
@settings(max_examples=200, deadline=None)
def test_pieces_make_both_texts(before, after):
    pieces = text_pieces(before, after)
    assert "".join(piece.before for piece in pieces) == before
    assert "".join(piece.after for piece in pieces) == after


@given(FOREIGN)
@settings(max_examples=200, deadline=None)
def test_a_text_is_cut_without_loss(text):
    assert "".join(tokens(text)) == text
    assert "".join(sentences(text)) == text
    assert plain(plain(text)) == plain(text)


@given(st.lists(st.sampled_from(TEXT), max_size=8), st.lists(st.sampled_from(TEXT), max_size=8))
@settings(max_examples=100, deadline=None)
def test_lines_make_both_versions(old, new):
    found = difference(reading(*old), reading(*new))
    after = [line for line in found.lines if line.after is not None]
    assert [line.text_after for line in after] == new
    before = sorted((line for line in found.lines if line.before is not None), key=lambda line: line.before)
    assert [line.text_before for line in before] == old


def test_a_moved_passage_is_told_from_a_removed_and_an_added_one():
    found = difference(reading(RAIN, DEAD, SCHOOL, METRO), reading(DEAD, SCHOOL, METRO, RAIN))
    assert [(line.fate, line.before, line.after) for line in found.lines if line.fate is not Fate.SAME] == [
        (Fate.MOVED, 0, 3)
    ]
    changed = difference(
        reading(RAIN, DEAD, SCHOOL, METRO), reading(DEAD, SCHOOL, METRO, RAIN.replace("Monday", "Sunday"))
    )
    (moved,) = changed.of_fate(Fate.MOVED)
    assert moved.changed


def test_a_changed_passage_is_found_among_new_ones():
    found = difference(reading(RAIN, DEAD, PARK), reading(RAIN, ROAD, DEAD.replace("12", "14"), METRO, PARK))
    fates = [line.fate for line in found.lines]
    assert fates == [Fate.SAME, Fate.ADDED, Fate.CHANGED, Fate.ADDED, Fate.SAME]


def test_changes_are_not_cut_to_crumbs():
    pieces = text_pieces("The council rejected it on Monday", "An angry crowd welcomed it in spring")
    assert [piece.op for piece in pieces].count(Op.SAME) <= 1


def test_authors_are_names_in_any_order():
    one, other = (
        reading(RAIN, authors=("Ada Thornbury", "Bo Wu")),
        reading(RAIN, authors=("Bo Wu", "Ada Thornbury")),
    )
    assert not difference(one, other).byline_changed
    assert one.content == other.content
    assert difference(one, reading(RAIN, authors=("Bo Wu",))).byline_changed


@pytest.mark.parametrize("unlike", [False, True])
def test_long_texts_take_bounded_time(unlike):
    """Texts of 100 kB in one line each, the English one without a full stop."""
    words = [f"{stem}{number % 97}" for number in range(2600) for stem in ("alpha", "beta", "gamma")]
    old = " ".join(words * 2)
    new = old.replace("alpha7 ", "delta7 ") if not unlike else " ".join(reversed(words * 2))
    zh = (METRO + PARK) * 600
    began = time.process_time()
    for one, other in ((old, new), (zh, zh.replace("票价", "车费") if not unlike else zh[::-1])):
        found = difference(reading(one), reading(other))
        assert any(line.fate is not Fate.SAME for line in found.lines)
    assert time.process_time() - began < 6


def test_many_lines_take_bounded_time():
    old = [f"Line {number} of the long record" for number in range(4000)]
    new = [f"Entry {number * 7} in another list" for number in range(4000)]
    began = time.process_time()
    difference(reading(*old), reading(*new))
    assert time.process_time() - began < 6
