"""Which blocks of a page are its article: two rounds of small trees over numbers of each block.

The first round looks at each block and its surroundings, the second also at what the first thought of
the blocks around it. What stands at one place of repeated items, as the teasers of a list do, is drawn
towards one decision. Then the blocks are kept that promise the highest F1: where all is sure, those
above one half; where little is, more of the doubtful ones. The trees were learned by
``bench/train_choice.py``.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lxml.etree import _Element

from pipelines.extract import weights_first, weights_second
from pipelines.extract.blocks import Block
from pipelines.extract.cut import MOST, highest_f1
from pipelines.extract.features import NAMES, SECOND, About, Rows
from pipelines.extract.trees import Trees

Place = tuple[tuple[str, str | None], ...]

_FIRST = Trees(weights_first.TREES, NAMES)
_AGAIN = Trees(weights_second.TREES, (*NAMES, *SECOND))

BLOCKS = 6000
"""Blocks of a page that are looked at."""


GAP = 2
"""Doubtful blocks in a row that are kept where they stand between brothers that are."""

HOPE = 0.03
"""Odds that they must have."""

WIDE = 8
"""Blocks of such a row that has a fair chance: a list, a table."""

FAIR = 0.25
"""Odds that each of them must have."""

STEPS = 4
"""Elements, from a block's own upwards, whose tags and classes make its place in a repeated item."""

ALIKE = 5
"""Blocks at one such place from which on their odds are drawn towards their mean, half the way."""

_FRAMES = frozenset(("blockquote", "figure"))
_LONG = 90
_TEXTS = 3
"""Bytes of a long block, and how many of them make an article."""

_SIGNATURE = re.compile(
    r"(?:by|written by|edited by|source)\b|"
    r"[\[【（(]?\s*(?:责任编辑|责编|编辑|作者|来源|校对|审核|监制|编审|值班编委)\s*[:：丨|/]",
    re.IGNORECASE,
)
_SHORT = 120
_ENDS = (".", "!", "?", "…", "。", "！", "？", "”", "」", '"')


@dataclass(frozen=True, slots=True)
class Choice:
    """The blocks of a page with the odds, 0 to 1, that each is of its article."""

    found: tuple[Block, ...]
    odds: tuple[float, ...]
    limit: float
    """Odds from which a block is kept."""
    expected: float
    """The F1, 0 to 1, that these odds promise of what is kept."""
    story: bool = True
    """Whether the page is neither a discussion nor a list."""

    @property
    def kept(self) -> tuple[Block, ...]:
        """The article, in the order of the page, small gaps filled."""
        keep = [odd >= self.limit for odd in self.odds]
        _fill(self.found, self.odds, keep)
        _follow(self.found, keep)
        if self.story:
            _without_headline(self.found, keep)
            _without_signature(self.found, keep)
        return tuple(block for block, kept in zip(self.found, keep, strict=True) if kept)


def choose(found: Sequence[Block], root: _Element, about: About) -> Choice:
    """Return the odds of the blocks *found* below *root*; those beyond :data:`BLOCKS` are left out."""
    found = found[:BLOCKS]
    if not found:
        return Choice((), (), MOST, 0.0)
    page = Rows(found, root, about)
    rows = page.rows()
    chances = evened(found, _AGAIN.odds(page.again(rows, _FIRST.odds(rows))))
    limit, expected = highest_f1(chances, page.sizes)
    return Choice(tuple(found), tuple(chances), limit, expected, about.is_story)


def evened(found: Sequence[Block], odds: Sequence[float]) -> list[float]:
    """Return *odds* with those of blocks that have the same place in repeated items nearer to each other."""
    memo: dict[_Element, Place] = {}
    places = [memo.get(b.home) or memo.setdefault(b.home, _place(b.home)) for b in found]
    sums: dict[Place, tuple[int, float]] = {}
    for place, odd in zip(places, odds, strict=True):
        count, total = sums.get(place, (0, 0.0))
        sums[place] = count + 1, total + odd
    return [
        (odd + sums[place][1] / sums[place][0]) / 2 if sums[place][0] >= ALIKE else odd
        for place, odd in zip(places, odds, strict=True)
    ]


def _place(element: _Element) -> Place:
    out: list[tuple[str, str | None]] = []
    at: _Element | None = element
    while at is not None and len(out) < STEPS:
        out.append((at.tag, at.get("class")))
        at = at.getparent()
    return tuple(out)


def _fill(found: Sequence[Block], odds: Sequence[float], keep: list[bool]) -> None:
    """Keep the few doubtful blocks that stand between two that are kept and have the same parent."""
    last = None
    for number, kept in enumerate(keep):
        if not kept:
            continue
        gap = 0 if last is None else number - last - 1
        if last is not None and 0 < gap <= WIDE:
            least = HOPE if gap <= GAP else FAIR
            if _holder(found[number]) is _holder(found[last]) and min(odds[last + 1 : number]) >= least:
                keep[last + 1 : number] = [True] * gap
        last = number


def _follow(found: Sequence[Block], keep: list[bool]) -> None:
    """Keep a sentence that follows in the very element whose text is kept: breaks alone part them."""
    for number in range(1, len(found)):
        block, before = found[number], found[number - 1]
        if keep[number - 1] and not keep[number] and block.home is before.home and block.home.tag == "p":
            keep[number] = not block.linked and block.text.endswith(_ENDS)


def _holder(block: Block) -> _Element | None:
    """Return what holds a block, or the list, table, quote or figure that it is a part of."""
    above = (block.home if block.group is None else block.group).getparent()
    while above is not None and above.tag in _FRAMES:
        above = above.getparent()
    return above


def _without_headline(found: Sequence[Block], keep: list[bool]) -> None:
    """Leave the headline of what is plainly an article to its title."""
    first = next((number for number, kept in enumerate(keep) if kept), None)
    if first is None or found[first].home.tag != "h1":
        return
    if sum(kept and block.weight > _LONG for block, kept in zip(found, keep, strict=True)) >= _TEXTS:
        keep[first] = False


def _without_signature(found: Sequence[Block], keep: list[bool]) -> None:
    """Leave out the lines at the end that say who wrote, edited and checked."""
    for number in range(len(found) - 1, 0, -1):
        if not keep[number]:
            continue
        text = found[number].text
        if len(text) > _SHORT or not _SIGNATURE.match(text) or text.endswith("."):
            return
        keep[number] = False
