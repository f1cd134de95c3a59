"""What a page says twice: the whole article in another tab, and a table that holds it in two languages."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipelines.extract.article import PassageKind
from pipelines.extract.blocks import Block

_WHOLE = 0.3
"""Part of a text that stands in it before, from which it is the article once more."""
_HAN = re.compile("[\u3400-\u9fff]")
_LATIN = re.compile("[A-Za-z]")
_SENTENCE = 30
"""Bytes that the cells of such a table have on average; a table of words is one."""


def said_once(found: Sequence[Block]) -> list[Block]:
    """Return *found*, an article's blocks, without its second copy.

    What comes twice for emphasis, a refrain or a summary that is the first paragraph, stays.
    """
    seen: dict[str, int] = {}
    first = [seen.setdefault("".join(block.text.split()), place) for place, block in enumerate(found)]
    again = {place for place in range(1, len(found)) if _goes_on(first, place) or _goes_on(first, place + 1)}
    repeated = sum(found[place].weight for place in again)
    if repeated < _WHOLE * sum(block.weight for block in found):
        return list(found)
    return [block for place, block in enumerate(found) if place not in again]


def _goes_on(first: Sequence[int], place: int) -> bool:
    """Whether the blocks at *place* and before it are there a second time, in the same order.

    *first* is where each block's text stands first.
    """
    if not 0 < place < len(first):
        return False
    return first[place] < place and first[place - 1] < place - 1 and first[place] == first[place - 1] + 1


def untabled(found: Sequence[Block]) -> list[Block]:
    """Return *found* with the cells of tables that put two languages side by side as paragraphs."""
    tables: dict[int, list[Block]] = {}
    for block in found:
        if block.kind is PassageKind.TABLE and block.group is not None:
            tables.setdefault(id(block.group), []).append(block)
    layout = {table for table, rows in tables.items() if _is_in_two_languages(rows)}
    return [part for block in found for part in (_cells(block) if id(block.group) in layout else (block,))]


def _is_in_two_languages(rows: Sequence[Block]) -> bool:
    """Whether most of *rows* are a cell of Chinese beside one in Latin letters, always on the same side."""
    cells = [row.text.split("\t") for row in rows]
    sides = [_side(row) for row in cells]
    main = max(sides.count(1), sides.count(-1))
    weight = sum(row.weight for row in rows)
    return main > 0.7 * len(rows) and weight > _SENTENCE * sum(map(len, cells))


def _side(cells: Sequence[str]) -> int:
    """Return 1 where Chinese is on the right, -1 where it is on the left, 0 for any other row."""
    told = [_lead(cell) for cell in cells if cell]
    if len(told) != 2 or told[0] * told[1] >= 0:
        return 0
    return 1 if told[1] > 0 else -1


def _lead(cell: str) -> int:
    """Return more than 0 of a Chinese *cell*, less of one in Latin letters."""
    return 2 * len(_HAN.findall(cell)) - len(_LATIN.findall(cell))


def _cells(row: Block) -> Iterator[Block]:
    for cell in row.text.split("\t"):
        if cell:
            yield replace(row, kind=PassageKind.PARAGRAPH, text=cell, group=None, linked=0)
