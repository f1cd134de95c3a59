"""A difference to look at: in a terminal, as HTML, as plain text, as JSON.

All text is foreign: markup is escaped, and control characters are replaced.
"""

from collections.abc import Iterator, Sequence
from html import escape
from typing import Any

from pipelines.edits.differences import Difference, Fate, LineChange, Op, Piece

_CONTROLS = {code: "\ufffd" for code in (*range(32), *range(127, 160), 0xFFFE, 0xFFFF) if code not in {9, 10}}
_CONTROLS |= dict.fromkeys(range(0xD800, 0xE000), "\ufffd")
# What turns the direction of writing could show another text than is there.
_CONTROLS |= dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)), "\ufffd")
_COLOURS = {Op.REMOVED: "\x1b[31;9m", Op.ADDED: "\x1b[32;4m"}
_END = "\x1b[0m"
_DIM = "\x1b[2m"
_ELEMENTS = {Op.REMOVED: "del", Op.ADDED: "ins"}


def clean(text: str) -> str:
    """Return *text* without characters that steer a terminal or that XML does not allow."""
    return text.translate(_CONTROLS)


def to_terminal(found: Difference, *, context: int = 1) -> str:
    """Return *found* in the colours of a terminal (ECMA-48): removed red and struck, added green.

    *context* unchanged lines are kept around each change.
    """
    rows = [_coloured(pieces) for pieces in (found.headline, found.byline) if pieces]
    for line in shown(found.lines, context=context):
        if line is None:
            rows.append(f"{_DIM}…{_END}")
        else:
            told = f"{_DIM}(moved) {_END}" if line.fate is Fate.MOVED else ""
            rows.append(told + _coloured(line.pieces))
    return "\n".join(rows) + "\n" if rows else ""


def to_html(found: Difference, *, context: int = 1) -> str:
    """Return *found* as an HTML fragment: ``del`` and ``ins`` in a ``div`` of class ``difference``."""
    rows = []
    if found.headline:
        rows.append(f"<h2>{_marked_up(found.headline)}</h2>")
    if found.byline:
        rows.append(f'<p class="byline">{_marked_up(found.byline, between=", ")}</p>')
    rows += [
        "<p>…</p>" if line is None else f'<p class="{line.fate}">{_marked_up(line.pieces)}</p>'
        for line in shown(found.lines, context=context)
    ]
    return f'<div class="difference">{"".join(rows)}</div>'


def to_text(found: Difference, *, names: tuple[str, str] = ("before", "after"), context: int = 3) -> str:
    """Return *found* in the unified form of ``diff -u``, one line a passage; *names* are the versions'."""
    rows = [f"--- {clean(names[0])}", f"+++ {clean(names[1])}"]
    for name, pieces in (("headline", found.headline), ("byline", found.byline)):
        if any(piece.op is not Op.SAME for piece in pieces):
            rows += [f"@@ {name} @@", *_both(pieces, between=", " if name == "byline" else "")]
    rows += _hunks(found.lines, context)
    return "\n".join(rows) + "\n"


def to_json(found: Difference) -> dict[str, Any]:
    """Return *found* as a JSON object: ``headline``, ``byline`` as pieces, ``lines`` without unchanged ones.

    A piece has ``op`` (same, removed, added), ``before`` and ``after``; a line ``fate``, its number
    ``before`` and ``after`` (null where it has none), and ``pieces``.
    """
    return {
        "headline": [_piece(piece) for piece in found.headline],
        "byline": [_piece(piece) for piece in found.byline],
        "lines": [
            {
                "fate": str(line.fate),
                "before": line.before,
                "after": line.after,
                "pieces": [_piece(piece) for piece in line.pieces],
            }
            for line in found.lines
            if line.fate is not Fate.SAME
        ],
    }


def shown(lines: Sequence[LineChange], *, context: int) -> Iterator[LineChange | None]:
    """Yield the *lines* that changed with *context* unchanged ones around them; None for what is left out."""
    near = [False] * len(lines)
    for place, line in enumerate(lines):
        if line.fate is not Fate.SAME:
            first, end = max(0, place - context), place + context + 1
            near[first:end] = [True] * len(near[first:end])
    skipped = False
    for line, is_near in zip(lines, near, strict=True):
        if is_near:
            yield line
        elif not skipped:
            yield None
        skipped = not is_near


def _coloured(pieces: Sequence[Piece]) -> str:
    return "".join(
        clean(piece.after) if piece.op is Op.SAME else _COLOURS[piece.op] + clean(_side(piece)) + _END
        for piece in pieces
    )


def _marked_up(pieces: Sequence[Piece], *, between: str = "") -> str:
    return between.join(map(_element, pieces))


def _element(piece: Piece) -> str:
    if piece.op is Op.SAME:
        return escape(clean(piece.after))
    name = _ELEMENTS[piece.op]
    return f"<{name}>{escape(clean(_side(piece)))}</{name}>"


def _side(piece: Piece) -> str:
    return piece.before if piece.op is Op.REMOVED else piece.after


def _hunks(lines: Sequence[LineChange], context: int) -> Iterator[str]:
    begun = False
    for line in shown(lines, context=context):
        if line is None:
            begun = False
            continue
        if not begun:
            yield "@@ text @@"
            begun = True
        if line.changed:
            yield from _both(line.pieces)
        else:
            mark = "> " if line.fate is Fate.MOVED else " "
            yield mark + _flat(line.text_after)


def _both(pieces: Sequence[Piece], *, between: str = "") -> Iterator[str]:
    for mark, side in (
        ("-", [piece.before for piece in pieces if piece.op is not Op.ADDED]),
        ("+", [piece.after for piece in pieces if piece.op is not Op.REMOVED]),
    ):
        if any(side):
            yield mark + _flat(between.join(side))


def _flat(text: str) -> str:
    return clean(text).replace("\n", " ")


def _piece(piece: Piece) -> dict[str, str]:
    return {"op": str(piece.op), "before": piece.before, "after": piece.after}
