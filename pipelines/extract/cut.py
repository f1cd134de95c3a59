"""From which odds on blocks are kept."""

from collections.abc import Sequence

LEAST = 0.2
MOST = 0.5
"""Odds from which a block may be kept, and from which it is kept in any case."""


def highest_f1(chances: Sequence[float], sizes: Sequence[float]) -> tuple[float, float]:
    """Return the odds from which on blocks are kept so that the expected F1 is highest, and that F1.

    *chances* are the blocks' odds, *sizes* how much text each is. Of a page of which all is sure the limit
    hardly matters; of one of which little is, more of the doubtful blocks are kept.
    """
    wanted = sum(chance * size for chance, size in zip(chances, sizes, strict=True)) or 1.0
    right = taken = best = 0.0
    limit = MOST
    for chance, size in sorted(zip(chances, sizes, strict=True), reverse=True):
        right += chance * size
        taken += size
        expected = 2 * right / (taken + wanted)
        if expected > best:
            best, limit = expected, chance
    return min(max(limit, LEAST), MOST), best
