"""Where the article's text stands, by the cheapest signals: which element holds the page's sentences."""

from collections.abc import Sequence
from dataclasses import dataclass

from lxml.etree import _Element

from pipelines.extract.article import PassageKind
from pipelines.extract.blocks import Block, blocks

SHARE = 0.8
"""The narrowest element with this part of the page's sentences is taken to be the article."""

ENOUGH = 800
"""Bytes of sentences from which the signal is worth anything."""

COVERED = 0.65
"""Part of the page's unlinked text that must be in the article; else something was missed."""

_SENTENCE = 20
_LINE = 60
"""Bytes from which a block counts as a sentence, and from which one can begin or end an article."""

_ENDS = '.!?。！？…”’"』」'

_WORD = 2000
"""Characters without a blank that no text has in any script: encoded data."""

_TEXTS = (PassageKind.PARAGRAPH, PassageKind.QUOTE, PassageKind.LIST)


@dataclass(frozen=True, slots=True)
class Body:
    """The blocks of the article as the page's own structure tells them."""

    blocks: tuple[Block, ...]
    sentences: int
    """Bytes of sentences on the whole page."""
    covered: float
    """The element's part of all unlinked text on the pruned page, 0 to 1."""

    @property
    def sure(self) -> bool:
        """Whether the signals agree, so that nothing dearer need be asked."""
        return self.sentences >= ENOUGH and self.covered >= COVERED


def find_body(root: _Element) -> Body:
    """Return the article among the blocks below *root*, a pruned page."""
    every = [block for block in blocks(root) if not is_blob(block.text)]
    weights: dict[_Element, int] = {}
    sentences = 0
    for block in every:
        weight = _sentence(block)
        if weight:
            sentences += weight
            _spread(weights, block.home, root, weight)
    inside = _within(every, _narrowest(root, weights, SHARE * sentences))
    unlinked = sum(map(_unlinked, every))
    covered = sum(map(_unlinked, inside)) / unlinked if unlinked else 0.0
    return Body(tuple(_trimmed(without_links(inside))), sentences, covered)


def take_body(elements: Sequence[_Element]) -> list[Block]:
    """Return the blocks of *elements*, which a site's rules name as the article."""
    return [block for element in elements for block in blocks(element) if not is_blob(block.text)]


def is_blob(text: str) -> bool:
    """Whether *text* is no text but data that stands in the page: JSON, base64."""
    if text[0] in "{[" and '":' in text[:400]:
        return True
    return len(text) > _WORD and max(map(len, text.split())) > _WORD and text.isascii()


def _trimmed(found: list[Block]) -> list[Block]:
    """Leave out what stands before the first sentence and after the last: by-lines, counters, headline."""
    closed = (_sentence(block) >= _LINE or _is_closed(block) for block in found)
    sentences = [number for number, ends in enumerate(closed) if ends]
    if not sentences:
        return found
    before = found[: sentences[0]]
    headline = max((number for number, block in enumerate(before) if block.home.tag == "h1"), default=-1)
    headings = [block for block in before[headline + 1 :] if block.kind is PassageKind.HEADING]
    return headings + found[sentences[0] : sentences[-1] + 1]


def without_links(found: Sequence[Block]) -> list[Block]:
    """Return *found* without its lists of links and paragraphs that are but a link."""
    totals: dict[_Element | None, list[int]] = {}
    for block in found:
        total = totals.setdefault(block.group, [0, 0])
        total[0] += len(block.text)
        total[1] += block.linked
    return [block for block in found if not _is_links(block, totals[block.group])]


def _is_links(block: Block, total: list[int]) -> bool:
    if block.group is not None:
        return total[1] > 0.6 * total[0]
    return block.linked > (0.9 if block.kind is PassageKind.HEADING else 0.8) * len(block.text)


def _sentence(block: Block) -> int:
    """Return the block's weight if it looks like running text, else 0."""
    if block.kind not in _TEXTS or block.linked * 2 > len(block.text):
        return 0
    weight = block.weight
    return weight if weight >= (_LINE if block.kind is PassageKind.LIST else _SENTENCE) else 0


def _is_closed(block: Block) -> bool:
    """Whether a short paragraph ends as a sentence does: by-lines and counters do not."""
    return block.kind is PassageKind.PARAGRAPH and not block.linked and block.text[-1] in _ENDS


def _unlinked(block: Block) -> int:
    return max(len(block.text) - block.linked, 0)


def _spread(weights: dict[_Element, int], home: _Element, root: _Element, weight: int) -> None:
    """Add *weight* to *home* and all that hold it."""
    element: _Element | None = home
    while element is not None:
        weights[element] = weights.get(element, 0) + weight
        element = None if element is root else element.getparent()


def _narrowest(root: _Element, weights: dict[_Element, int], least: float) -> _Element:
    narrow: _Element | None = root
    best = root
    while narrow is not None and least:
        best = narrow
        narrow = next((child for child in best if weights.get(child, 0) >= least), None)
    return best


def _within(found: Sequence[Block], element: _Element) -> list[Block]:
    inside = set(element.iter())
    return [block for block in found if block.home in inside]
