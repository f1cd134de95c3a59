"""The beginning of an article as readers see it: the headline and the short lines around it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.extract.blocks import Block

_ABOVE = 6
_BELOW = 14
"""Blocks before and after the headline in which by-lines and dates stand."""

_LINE = 200
"""Characters of a line at the most; what is longer is text."""

_SIGNED = re.compile(r"(?:written|posted|article|words|story|text|authored)\s+by\b", re.IGNORECASE)
_SIGNATURE = 100
"""Characters of a line that says by whom the text is, at the most."""

_TEXTS = 3
"""Long blocks after which the beginning is over."""


@dataclass(frozen=True, slots=True)
class Beginning:
    """The short lines around a page's headline, those below it first, then those above, nearest first."""

    lines: tuple[Block, ...]
    close: int = 0
    """How many of them stand between the headline and the first long text."""
    signatures: tuple[Block, ...] = ()
    """Lines anywhere on the page that say by whom the text was written."""


def beginning(found: Sequence[Block], title: str) -> Beginning:
    """Return the beginning among *found*, the blocks of a page whose ``title`` element says *title*."""
    signatures = tuple(b for b in found if len(b.text) <= _SIGNATURE and _SIGNED.match(b.text))
    at = _headline(found, title)
    if at is None:
        return Beginning(_below(found), 0, signatures)
    above = [block for block in reversed(found[max(0, at - _ABOVE) : at]) if len(block.text) <= _LINE]
    below = _below(found[at + 1 :])
    close = next((n for n, b in enumerate(found[at + 1 :]) if len(b.text) > _LINE), 0)
    return Beginning((*below, *above), min(close, len(below)), signatures)


def _headline(found: Sequence[Block], title: str) -> int | None:
    said = title.casefold()
    heads = [number for number, block in enumerate(found) if block.home.tag == "h1"]
    for number in heads:
        if found[number].text.casefold()[:40] in said:
            return number
    if heads:
        return heads[-1]
    return next(
        (n for n, block in enumerate(found) if len(block.text) > 9 and block.text.casefold() in said), None
    )


def _below(found: Sequence[Block]) -> tuple[Block, ...]:
    lines, texts = [], 0
    for block in found[:_BELOW]:
        if len(block.text) <= _LINE:
            lines.append(block)
            continue
        texts += 1
        if texts == _TEXTS:
            break
    return tuple(lines)
