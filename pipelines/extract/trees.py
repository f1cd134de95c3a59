"""Small decision trees: written as text, read once, summed over a row of numbers."""

from collections.abc import Callable, Iterator, Sequence
from math import exp

Row = Sequence[float]
_EDGE = 40.0


class Trees:
    """Trees read from *text*, which names the numbers of a row by *names*.

    A tree is written from its root on: ``name<=limit``, then its two branches; a branch is a leaf's value
    or again a split. The first branch counts where the number is not above the limit.

    :raises ValueError: *text* is not so written.
    """

    def __init__(self, text: str, names: Sequence[str]) -> None:
        places = {name: place for place, name in enumerate(names)}
        words = iter(text.split())
        terms = [_term(word, words, places) for word in words]
        # Python's own compiler makes the trees three times as fast as a walk through tuples. What it is given
        # consists of numbers and positions alone: _term lets nothing else through.
        self._total: Callable[[Row], float] = eval(f"lambda row: {' + '.join(terms) or '0.0'}")  # noqa: S307

    def odds(self, rows: Sequence[Row | None]) -> list[float]:
        """Return, for each of *rows*, the probability 0 to 1 that the trees give it; 0 for None."""
        total = self._total
        return [
            0.0 if row is None else 1.0 / (1.0 + exp(-max(-_EDGE, min(_EDGE, total(row))))) for row in rows
        ]


def _term(word: str, words: Iterator[str], places: dict[str, int]) -> str:
    name, split, limit = word.partition("<=")
    if not split:
        return f"({float(word)!r})"
    if name not in places:
        raise ValueError(f"trees: no number is called {name!r}; learn them again with bench/train_choice.py")
    low = _term(next(words, ""), words, places)
    high = _term(next(words, ""), words, places)
    return f"({low} if row[{places[name]}] <= {float(limit)!r} else {high})"
