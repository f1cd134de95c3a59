"""How grave an edit is, and why, in words."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import rjieba
from rapidfuzz.distance import OSA

from pipelines.edits.differences import Difference, Fate, LineChange, Op, Piece
from pipelines.edits.signs import has_figure, is_name, is_notice, is_update, turns_meaning
from pipelines.edits.wording import is_chinese, key


class Grade(StrEnum):
    """What kind of edit it is, the gravest first."""

    RESTORED = "restored"
    """The text is again what it was before."""
    CORRECTION = "correction"
    """A notice says that the article was wrong."""
    HEADLINE = "headline"
    REMOVED = "removed"
    """Passages went, and nothing like them came."""
    SUBSTANTIVE = "substantive"
    APPENDED = "appended"
    """Text was only added, at the end or as an update."""
    BYLINE = "byline"
    TYPO = "typo"
    """A few letters, none of a figure, a name or a negation."""


@dataclass(frozen=True, slots=True)
class Graded:
    """All grades of an edit, the gravest first, with the reasons."""

    grades: tuple[Grade, ...]
    reasons: tuple[str, ...]


MOST_TYPOS = 6
"""Changed places beyond which an edit is more than the mending of typos."""
_PARTICLES = frozenset(("a", "an", "the", *"的地得了着著就也又而之"))
_NEAR = 6
_MEANINGLESS = "spelling or punctuation only"


@dataclass(frozen=True, slots=True)
class _Place:
    """What gave way to what in one place, and what stands before and behind it."""

    before: str
    after: str
    context: str
    behind: str


def grade(found: Difference, *, restores: int | None = None) -> Graded:
    """Return the grades of an edit; *restores* is the number of the version whose text it brings back."""
    verdicts = list(_verdicts(found))
    if restores is not None:
        verdicts.append((Grade.RESTORED, f"the text of version {restores} is back"))
    order = list(Grade)
    verdicts.sort(key=lambda verdict: order.index(verdict[0]))
    grades = tuple(dict.fromkeys(grade for grade, _ in verdicts))
    return Graded(grades, tuple(dict.fromkeys(reason for _, reason in verdicts)))


def _verdicts(found: Difference) -> Iterator[tuple[Grade, str]]:
    if found.headline_changed:
        yield from _headline(found.headline)
    if found.byline_changed:
        yield Grade.BYLINE, _byline(found.byline)
    yield from _added(found)
    removed = found.of_fate(Fate.REMOVED)
    if removed:
        yield Grade.REMOVED, f"{_counted(len(removed), 'passage')} removed"
    moved = found.of_fate(Fate.MOVED)
    if moved:
        yield Grade.SUBSTANTIVE, f"{_counted(len(moved), 'passage')} moved"
    yield from _changed([*found.of_fate(Fate.CHANGED), *(line for line in moved if line.changed)])


def _headline(pieces: Sequence[Piece]) -> Iterator[tuple[Grade, str]]:
    grave = list(_grave(_places(pieces)))
    yield Grade.HEADLINE, "headline: " + (", ".join(dict.fromkeys(grave)) or _MEANINGLESS)


def _byline(pieces: Sequence[Piece]) -> str:
    gone = [piece.before for piece in pieces if piece.op is Op.REMOVED]
    come = [piece.after for piece in pieces if piece.op is Op.ADDED]
    told = [f"without {', '.join(gone)}"] * bool(gone) + [f"with {', '.join(come)}"] * bool(come)
    return f"byline: now {' and '.join(told)}"


def _added(found: Difference) -> Iterator[tuple[Grade, str]]:
    added = found.of_fate(Fate.ADDED)
    notices = [line for line in added if is_notice(line.text_after)]
    if notices:
        yield Grade.CORRECTION, "a notice of correction was added"
    others = [line for line in added if line not in notices]
    if not others:
        return
    last = max(
        (line.after for line in found.lines if line.before is not None and line.after is not None), default=-1
    )
    behind = [line for line in others if (line.after or 0) > last or is_update(line.text_after)]
    if behind:
        yield Grade.APPENDED, f"{_counted(len(behind), 'passage')} appended"
    if len(behind) < len(others):
        yield Grade.SUBSTANTIVE, f"{_counted(len(others) - len(behind), 'passage')} inserted"


def _changed(lines: Sequence[LineChange]) -> Iterator[tuple[Grade, str]]:
    if not lines:
        return
    for line in lines:
        if is_notice(line.text_after) and not is_notice(line.text_before):
            yield Grade.CORRECTION, "a notice of correction was added"
    places = [place for line in lines for place in _places(line.pieces)]
    grave = list(dict.fromkeys(_grave(places)))
    if not grave and len(places) > MOST_TYPOS:
        grave = [f"{len(places)} places changed"]
    if grave:
        yield Grade.SUBSTANTIVE, f"{_counted(len(lines), 'passage')} changed: {', '.join(grave)}"
    else:
        yield Grade.TYPO, f"{_counted(len(lines), 'passage')} changed: {_MEANINGLESS}"


def _places(pieces: Sequence[Piece]) -> Iterator[_Place]:
    context = gone = come = ""
    for piece in (*pieces, Piece(Op.SAME, "", "")):
        if piece.op is Op.REMOVED:
            gone += piece.before
        elif piece.op is Op.ADDED:
            come += piece.after
        else:
            if gone or come:
                yield _Place(gone, come, context, piece.after)
            context, gone, come = piece.after or context, "", ""


def _grave(places: Iterable[_Place]) -> Iterator[str]:
    """Yield why the changes in *places* are more than mended typos."""
    for place in places:
        one, other = key(place.before), key(place.after)
        if has_figure(_rest(one, other)) or has_figure(_rest(other, one)):
            yield "a figure"
        elif turned := turns_meaning(one, other):
            yield turned
        elif is_repeated(place):
            continue
        elif not _is_slip(one, other) or _is_other_word(place):
            yield "other words"
        elif _letters(one).casefold() != _letters(other).casefold() and _touches_name(place):
            yield "a name"


def _rest(one: str, other: str) -> str:
    """Return *one* where *other* is not the same: figures that stand on both sides did not change."""
    return "" if one == other else one


def is_repeated(place: _Place) -> bool:
    """Return whether a word that stood twice ("the the") was taken out, or came in."""
    lone = key(place.before) or key(place.after)
    return not (place.before and place.after) and bool(lone) and key(place.context).endswith(lone)


def _is_slip(one: str, other: str) -> bool:
    """Return whether *one* and *other* are a word or two that differ in two letters at most."""
    if _letters(one).casefold() == _letters(other).casefold():
        return True
    if not one or not other:
        return (one or other).strip().lower() in _PARTICLES
    distance = OSA.distance(_letters(one).casefold(), _letters(other).casefold())
    if is_chinese(one) or is_chinese(other):
        # One character for another is a slip of the keyboard; two are another word.
        return distance <= 1 and len(one) == len(other)
    longest = max(len(one), len(other))
    return distance <= 2 and distance * 2 < longest <= 40


def _is_other_word(place: _Place) -> bool:
    """Return whether one Chinese word of the dictionary gave way to another: a slip makes none."""
    if not (is_chinese(place.before) and is_chinese(place.after)):
        return False
    context, behind = place.context[-_NEAR:], place.behind[:_NEAR]
    return all(_is_in_word(context, each, behind) for each in (place.before, place.after))


def _is_in_word(context: str, piece: str, behind: str) -> bool:
    start, end, at = len(context), len(context) + len(piece.rstrip()), 0
    # Without the hidden Markov model: it would make words of what the dictionary does not have.
    for word in rjieba.cut(context + piece + behind, False):  # noqa: FBT003 - rjieba takes it by place only
        if at <= start and end <= at + len(word):
            return len(word) > 1
        at += len(word)
    return False


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def _touches_name(place: _Place) -> bool:
    return is_name(place.before, place.context) or is_name(place.after, place.context)


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
