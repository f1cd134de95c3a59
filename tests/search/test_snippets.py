"""What is shown is the text itself, and what is marked in it is what was asked for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.search import Needles, parse, snippet


def shown(text, question, width=160):
    found = snippet(text, Needles.of(parse(question)), width=width)
    assert text[found.start : found.start + len(found.text)] == found.text
    assert found.whole == (found.text == text)
    return found


def marked(text, question):
    found = shown(text, question)
    return [found.text[start:end] for start, end in found.highlights]


@pytest.mark.parametrize(
    ("text", "question", "words"),
    [
        ("英偉達的晶片與芯片", "英伟达 芯片", ["英偉達", "芯片"]),
        ("英伟达发布H20。", "英偉達Ｈ２０", ["英伟达", "H20"]),
        ("约翰·史密斯没有回应。", "约翰史密斯", ["约翰", "史密斯"]),
        ("共有１０００艘船，1,000 人", "1000", ["１０００", "1,000"]),
        ("Exports rose; the exporter's export fell.", "exporting", ["Exports", "exporter's", "export"]),
        ("Export controls, and an export control.", '"export controls"', ["Export", "controls", "export"]),
        ("He sent an e-mail by email.", "e-mail", ["e", "mail", "email"]),
        ("In the Café. Straße ﬁne", "cafe strasse fine", ["Café", "Straße", "ﬁne"]),
        ("👍🏽 and 🚢", "👍 OR 🚢", ["👍", "🚢"]),
        ("a ferry, no tug", "ferry -tug", ["ferry"]),
        ("a ferry, no tug", "ferry author:tug site:tug", ["ferry"]),
        ("a ferry, no tug", "title:tug", ["tug"]),
        ("a ferry", "harbour", []),
        ("", "harbour", []),
    ],
)
def test_marks(text, question, words):
    assert marked(text, question) == words


def test_the_piece_with_most_of_the_question_is_shown():
    filler = "Nothing happened on the quay that day. " * 20
    text = f"The ferry was late. {filler}The ferry met a tug near the buoy. {filler}"
    found = shown(text, "ferry tug buoy")
    assert found.text.startswith("The ferry met a tug near the buoy.")
    assert len(found.highlights) == 3
    assert len(found.text) <= 180
    assert text[found.start + len(found.text)].isspace()


def test_chinese_is_twice_as_wide():
    text = "码头上很安静。" * 60 + "渡轮与拖船相遇。" + "码头上很安静。" * 60
    found = shown(text, "渡轮 拖船")
    assert found.text.startswith("渡轮与拖船相遇。")
    assert 60 <= len(found.text) <= 85


def test_without_a_hit_the_beginning_is_shown():
    text = "The quay was calm. " * 40
    assert shown(text, "ferry").start == 0
    assert 140 <= len(shown(text, "ferry").text) <= 160


TEXTS = st.lists(
    st.sampled_from([*"芯片出口英偉達 .·，\n", "H20", "e-mail", "ﬁ", "é", "é", "👍🏽", "１,", "x" * 50]),
    max_size=80,
)


@given(TEXTS.map("".join), TEXTS.map("".join), st.integers(5, 200))
def test_whatever_the_text_positions_are_its_own(text, question, width):
    found = shown(text, f"芯片 email H20 {question[:50].replace(chr(34), '')}", width)
    last = 0
    for start, end in found.highlights:
        assert last <= start < end <= len(found.text)
        last = end
