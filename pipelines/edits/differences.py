"""What differs between two readings: by character of Chinese, by word of English, by line first.

The work is bounded: lines are aligned by their keys, what remains in a gap is paired by likeness, and only
such pairs are compared by word or character, long ones by sentence before. The alignment is rapidfuzz's
(bit-parallel longest common subsequence), which gives the same on every machine.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from rapidfuzz.distance import Indel, Levenshtein

from pipelines.edits.furniture import Line
from pipelines.edits.reading import Reading
from pipelines.edits.wording import key, sentences, tokens

LIKE = 0.4
"""Part of their words and characters from which two lines are one that was changed."""
MOVED = 0.8
"""The same for a line that stands elsewhere now."""

_CELLS = 1 << 26
"""Cells (64 to 8 bytes) up to which the exact alignment is made; beyond it one with bounded memory."""
_WORDS = 1 << 22
"""Cells up to which two lines are compared by word at once; beyond it by sentence first."""
_MOST_WORDS = 1 << 33
"""Cells up to which what remains is compared by word at all: a second or two of work."""
_PAIRS = 2500
"""Lines of a gap, one side times the other, up to which all are compared with all."""
_LONG = 10_000
"""Characters beyond which likeness is told by whole sentences."""
_FEW = 20
_SHORT = 12
"""Characters below which a line says too little to be known again elsewhere."""

Opcode = tuple[str, int, int, int, int]
_Group = tuple[str, str, bool]


class Op(StrEnum):
    """What became of a piece of text."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text in both versions; the sides of the same one may differ in glyphs and blanks."""

    op: Op
    before: str
    after: str


class Fate(StrEnum):
    """What became of a line."""

    SAME = "same"
    CHANGED = "changed"
    MOVED = "moved"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class LineChange:
    """What became of one line; numbers count the lines of a version from 0, None where it has none."""

    fate: Fate
    before: int | None
    after: int | None
    pieces: tuple[Piece, ...]
    """Joined, their sides are the line in both versions. A moved line may have changed, too."""

    @property
    def text_before(self) -> str:
        """The line as it was."""
        return "".join(piece.before for piece in self.pieces)

    @property
    def text_after(self) -> str:
        """The line as it is."""
        return "".join(piece.after for piece in self.pieces)

    @property
    def changed(self) -> bool:
        """Whether its wording is not the same."""
        return any(piece.op is not Op.SAME for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs between two versions."""

    headline: tuple[Piece, ...] = ()
    byline: tuple[Piece, ...] = ()
    lines: tuple[LineChange, ...] = field(default=())
    """In the order of the later version; what was removed stands where it was."""

    @property
    def headline_changed(self) -> bool:
        """Whether the headline is another one."""
        return any(piece.op is not Op.SAME for piece in self.headline)

    @property
    def byline_changed(self) -> bool:
        """Whether the authors are others."""
        return any(piece.op is not Op.SAME for piece in self.byline)

    def of_fate(self, fate: Fate) -> list[LineChange]:
        """Return the lines of *fate*."""
        return [line for line in self.lines if line.fate is fate]


def difference(before: Reading, after: Reading) -> Difference:
    """Return what differs between *before* and *after*."""
    return Difference(
        text_pieces(before.headline, after.headline),
        _byline(before.byline, after.byline),
        tuple(_with_moves(_line_changes(before.lines, after.lines))),
    )


def aligned(before: Sequence[str], after: Sequence[str]) -> list[Opcode]:
    """Return how *before* becomes *after*: ``equal``, ``replace``, ``delete``, ``insert``, with both ends.

    Two neighbours are never both changes: what is removed and added in one place is one ``replace``.
    """
    exact = len(before) * len(after) <= _CELLS
    codes = Indel.opcodes(before, after) if exact else Levenshtein.opcodes(before, after)
    joined: list[Opcode] = []
    for tag, a, b, c, d in map(_as_tuple, codes):
        if joined and tag != "equal" and joined[-1][0] != "equal":
            _, first, _, third, _ = joined[-1]
            joined[-1] = (_tag(first, b, third, d), first, b, third, d)
        else:
            joined.append((tag, a, b, c, d))
    return joined


def alike(before: str, after: str) -> bool:
    """Return whether two lines, plain, may be one that was changed."""
    return likeness(before, after) >= LIKE


def likeness(before: str, after: str) -> float:
    """Return what part of their words, or nearly all of their characters, two plain lines share, 0 to 1."""
    shorter, longer = sorted((len(before), len(after)))
    if not shorter or longer > 20 * shorter:
        return 0.0
    if longer > _LONG and min(len(cut := sentences(before)), len(other := sentences(after))) > _FEW:
        return Indel.normalized_similarity(cut, other)
    by_word = Indel.normalized_similarity(
        [token.strip() for token in tokens(before)], [token.strip() for token in tokens(after)]
    )
    by_character = Indel.normalized_similarity(before, after)
    return max(by_word, by_character if by_character >= 0.75 else 0.0)


def text_pieces(before: str, after: str) -> tuple[Piece, ...]:
    """Return the pieces of which *before* and *after* are made; equal wording is one piece of ``same``."""
    if key(before) == key(after):
        return (Piece(Op.SAME, before, after),) if before or after else ()
    old, new = tokens(before), tokens(after)
    if len(old) * len(new) <= _WORDS:
        return _legible(_token_pieces(old, new))
    found: list[Piece] = []
    old, new = sentences(before), sentences(after)
    for tag, a, b, c, d in aligned([key(each) for each in old], [key(each) for each in new]):
        one, other = "".join(old[a:b]), "".join(new[c:d])
        words, others = tokens(one), tokens(other)
        if tag == "equal":
            found.append(Piece(Op.SAME, one, other))
        elif len(words) * len(others) <= _MOST_WORDS:
            found.extend(_legible(_token_pieces(words, others)))
        else:
            found += [Piece(Op.REMOVED, one, ""), Piece(Op.ADDED, "", other)]
    return tuple(found)


def _as_tuple(code: Any) -> Opcode:  # noqa: ANN401 - rapidfuzz states no type for what its opcodes yield
    tag, a, b, c, d = code
    return tag, a, b, c, d


def _tag(a: int, b: int, c: int, d: int) -> str:
    if a == b:
        return "insert"
    return "delete" if c == d else "replace"


def _token_pieces(old: Sequence[str], new: Sequence[str]) -> Iterator[Piece]:
    for tag, a, b, c, d in aligned([key(each) for each in old], [key(each) for each in new]):
        one, other = "".join(old[a:b]), "".join(new[c:d])
        if tag == "equal":
            yield Piece(Op.SAME, one, other)
            continue
        if one:
            yield Piece(Op.REMOVED, one, "")
        if other:
            yield Piece(Op.ADDED, "", other)


def _legible(pieces: Iterator[Piece]) -> tuple[Piece, ...]:
    """Return *pieces* without short equal ones between longer changes: nobody reads a text so cut up."""
    groups: list[_Group] = []
    for piece in pieces:
        same = piece.op is Op.SAME
        if groups and not same and not groups[-1][2]:
            one, other, _ = groups.pop()
            groups.append((one + piece.before, other + piece.after, False))
        else:
            groups.append((piece.before, piece.after, same))
        while len(groups) >= 3 and _is_crumb(*groups[-3:]):
            last, middle, first = groups.pop(), groups.pop(), groups.pop()
            groups.append((first[0] + middle[0] + last[0], first[1] + middle[1] + last[1], False))
    return tuple(_ungrouped(groups))


def _is_crumb(
    first: tuple[str, str, bool], middle: tuple[str, str, bool], last: tuple[str, str, bool]
) -> bool:
    if first[2] or not middle[2] or last[2]:
        return False
    kept = len(middle[0].strip())
    return kept < min(max(len(first[0]), len(first[1])), max(len(last[0]), len(last[1])))


def _ungrouped(groups: Sequence[_Group]) -> Iterator[Piece]:
    for one, other, same in groups:
        if same:
            yield Piece(Op.SAME, one, other)
            continue
        if one:
            yield Piece(Op.REMOVED, one, "")
        if other:
            yield Piece(Op.ADDED, "", other)


def _byline(before: Sequence[str], after: Sequence[str]) -> tuple[Piece, ...]:
    """Return names that stayed, left and came; their order does not count."""
    left = {key(name).casefold(): name for name in before}
    right = {key(name).casefold(): name for name in after}
    stayed = [Piece(Op.SAME, left[name], right[name]) for name in right if name in left]
    gone = [Piece(Op.REMOVED, left[name], "") for name in left if name not in right]
    return (*stayed, *gone, *(Piece(Op.ADDED, "", right[name]) for name in right if name not in left))


def _line_changes(old: Sequence[Line], new: Sequence[Line]) -> Iterator[LineChange]:
    for tag, a, b, c, d in aligned([line.key for line in old], [line.key for line in new]):
        if tag == "equal":
            for one, other in zip(range(a, b), range(c, d), strict=True):
                yield LineChange(Fate.SAME, one, other, (Piece(Op.SAME, old[one].text, new[other].text),))
        else:
            yield from _gap(old, new, range(a, b), range(c, d))


def _gap(old: Sequence[Line], new: Sequence[Line], gone: range, come: range) -> Iterator[LineChange]:
    at, to = gone.start, come.start
    for one, other in _pairs([old[i].key for i in gone], [new[j].key for j in come]):
        yield from _lone(old, new, range(at, gone.start + one), range(to, come.start + other))
        at, to = gone.start + one + 1, come.start + other + 1
        yield LineChange(Fate.CHANGED, at - 1, to - 1, text_pieces(old[at - 1].text, new[to - 1].text))
    yield from _lone(old, new, range(at, gone.stop), range(to, come.stop))


def _lone(old: Sequence[Line], new: Sequence[Line], gone: range, come: range) -> Iterator[LineChange]:
    for number in gone:
        yield LineChange(Fate.REMOVED, number, None, (Piece(Op.REMOVED, old[number].text, ""),))
    for number in come:
        yield LineChange(Fate.ADDED, None, number, (Piece(Op.ADDED, "", new[number].text),))


def _pairs(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Return the pairs of like lines, in order on both sides, whose likeness is greatest together."""
    if len(old) * len(new) > _PAIRS:
        return [(n, n) for n in range(min(len(old), len(new))) if alike(old[n], new[n])]
    best: list[list[tuple[float, tuple[int, int] | None]]] = [[(0.0, None)] * (len(new) + 1)]
    for i, one in enumerate(old):
        row: list[tuple[float, tuple[int, int] | None]] = [(0.0, None)]
        for j, other in enumerate(new):
            like = likeness(one, other)
            paired = (best[i][j][0] + like, (i, j)) if like >= LIKE else (0.0, None)
            row.append(max(paired, best[i][j + 1], row[j], key=lambda cell: cell[0]))
        best.append(row)
    return _traced(best)


def _traced(best: Sequence[Sequence[tuple[float, tuple[int, int] | None]]]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    pair = best[-1][-1][1]
    while pair is not None:
        found.append(pair)
        pair = best[pair[0]][pair[1]][1]
    return found[::-1]


def _with_moves(changes: Iterator[LineChange]) -> list[LineChange]:
    """Return *changes* with what was removed here and added there as moved."""
    found = list(changes)
    gone = [place for place, change in enumerate(found) if change.fate is Fate.REMOVED]
    come = [place for place, change in enumerate(found) if change.fate is Fate.ADDED]
    if len(gone) * len(come) > _PAIRS:
        return found
    taken: set[int] = set()
    for place in come:
        origin = _origin(found, place, [each for each in gone if each not in taken])
        if origin is not None:
            taken.add(origin)
            pieces = text_pieces(found[origin].text_before, found[place].text_after)
            found[place] = LineChange(Fate.MOVED, found[origin].before, found[place].after, pieces)
    return [change for place, change in enumerate(found) if place not in taken]


def _origin(found: Sequence[LineChange], place: int, gone: Sequence[int]) -> int | None:
    text = key(found[place].text_after)
    if len(text) < _SHORT:
        return next((each for each in gone if key(found[each].text_before) == text), None)
    likes = [(likeness(key(found[each].text_before), text), each) for each in gone]
    like, origin = max(likes, default=(0.0, -1))
    return origin if like >= MOVED else None
