import pytest
from lxml.html import fromstring

from pipelines.extract.blocks import blocks
from pipelines.extract.choice import FAIR, HOPE, Choice, evened

STORY = "The ferries leave when the captain has finished his second coffee, and not before."


def cards(count):
    teasers = "".join(f"<div class=card><h3>Pier {n}</h3></div>" for n in range(count))
    return blocks(fromstring(f"<section>{teasers}<p>{STORY}</p></section>"))


def test_what_has_one_place_in_repeated_items_is_drawn_together():
    assert evened(cards(5), [0.9, 0.9, 0.9, 0.9, 0.1, 0.3]) == pytest.approx(
        [0.82, 0.82, 0.82, 0.82, 0.42, 0.3]
    )


def test_four_of_a_form_are_no_repeated_items():
    odds = [0.9, 0.9, 0.9, 0.1, 0.3]
    assert evened(cards(4), odds) == odds


@pytest.mark.parametrize(
    ("between", "odds", "kept"),
    [
        ("<p>Aside</p>", HOPE, True),
        ("<p>Aside</p>", HOPE / 2, False),
        ("<ul><li>paint<li>brush<li>rope</ul>", FAIR, True),
        ("<ul><li>paint<li>brush<li>rope</ul>", FAIR / 2, False),
        ("</div><div><ul><li>paint<li>brush<li>rope</ul>", FAIR, False),
    ],
)
def test_what_stands_between_kept_blocks_of_one_parent_stays(between, odds, kept):
    found = blocks(fromstring(f"<body><div><blockquote><p>{STORY}</p></blockquote>{between}<p>{STORY}</p>"))
    inner = len(found) - 2
    choice = Choice(tuple(found), (0.9, *[odds] * inner, 0.9), 0.5, 0.9)
    assert len(choice.kept) == (len(found) if kept else 2)
