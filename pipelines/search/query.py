"""What a person asks for, as a tree.

::

    芯片 出口            both words                        "export controls"     these words in this order
    芯片 OR chips        either                            -rumour, NOT rumour   not this one
    (芯片 OR chips) H20  grouped                           title:芯片             in the headline
    site:paper.example   that host and those below it      author:"Ada Lund"     of this author
    lang:zh              that language                     section: quality: collection:
    after:2026-11        published from its beginning on   before:2026-12        published before it begins
    captured:2026-11-23  captured within it

Operators are in capitals. Full width forms of all of it are taken too, and quotes of every kind. Where an
operator or a parenthesis lacks its other half it is left out. An unknown name before a colon, as in
``https://paper.example`` or ``Re:Zero``, is text: all of it is wanted as it stands. Punctuation beside words
says nothing. An empty query finds everything. Only what would be misread in silence raises ``QueryError``: a
date that is none, a field without a value, a quote that is not closed, a word with a wildcard, a query of
punctuation alone, one that is too long.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from pipelines.errors import QueryError
from pipelines.search.folding import fold
from pipelines.search.tokens import tokens
from pipelines.urls import moment

LONGEST = 2000
"""Characters of a query."""
_DEEPEST = 30
_MOST = 100


@dataclass(frozen=True, slots=True)
class Words:
    """Text without a blank, all of whose words are wanted; or a phrase, wanted as it is."""

    text: str
    field: str = "text"
    """``text`` (headline and passages), ``title`` or ``author``."""
    phrase: bool = False


@dataclass(frozen=True, slots=True)
class Filter:
    """A value that a field must have."""

    field: str
    """``site``, ``section``, ``language``, ``quality``, ``collection``; what :mod:`pipelines.search.naming`
    asks for cannot be written in a query."""
    value: str


@dataclass(frozen=True, slots=True)
class During:
    """A span of time."""

    field: str
    """``published`` or ``captured``."""
    first: datetime | None = None
    end: datetime | None = None
    """Exclusive."""


@dataclass(frozen=True, slots=True)
class All:
    """Every part; without parts everything."""

    parts: tuple["Node", ...] = ()


@dataclass(frozen=True, slots=True)
class Either:
    """At least one part."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """All but this."""

    part: "Node"


Node = Words | Filter | During | All | Either | Not

_TEXTS = {"title": "title", "headline": "title", "author": "author", "by": "author"}
_FILTERS = {
    "site": "site", "host": "site", "section": "section", "lang": "language", "language": "language",
    "quality": "quality", "collection": "collection",
}  # fmt: skip
_TIMES = ("after", "before", "captured")
_NAMES = "|".join((*_TEXTS, *_FILTERS, *_TIMES))
_LEXEMES = re.compile(
    rf"""(?P<open>\()|(?P<close>\))|(?P<blank>\s+)
    |(?P<minus>(?<![^\s(])-(?=[^\s)]))
    |(?<![^\s(-])(?P<name>(?i:{_NAMES})):(?:"(?P<quoted>[^"]*)"|(?P<value>[^\s()"]*))
    |"(?P<phrase>[^"]*)"
    |(?P<word>[^\s()"]+)""",
    re.VERBOSE,
)
_WILDCARD = re.compile(r"\w\*+$|^\*+\w")
_FORMS = str.maketrans(
    {
        **dict.fromkeys("“”„‟«»「」『』＂〝〞", '"'),
        "（": "(",
        "）": ")",
        "：": ":",
        "＊": "*",
        "\u3000": " ",
        "－": "-",
        "−": "-",
    }
)


def parse(text: str) -> Node:
    """Return the tree of the query *text*; ``All()`` where it asks for nothing.

    Raises ``QueryError``, see the module.
    """
    # What a terminal could not decode comes as halves of characters.
    text = text.encode("utf-8", "replace").decode()
    if len(text) > LONGEST:
        raise QueryError(f"search: the query has {len(text):,} characters; ask with {LONGEST:,} at most")
    plain = text.translate(_FORMS)
    if plain.count('"') % 2:
        raise QueryError(f"search: a quote in {text!r} is not closed; close it, or leave it out")
    lexemes = list(_lexemes(plain))
    if len(lexemes) > _MOST:
        raise QueryError(f"search: the query has {len(lexemes)} parts; ask with {_MOST} at most")
    asked = [each for each in lexemes if not isinstance(each, str)]
    if asked and not any(map(_says, asked)):
        raise QueryError(
            f"search: {text!r} is punctuation and has no word; write one, or nothing to find everything"
        )
    return _Parser(lexemes).whole()


def period(text: str) -> tuple[datetime, datetime]:
    """Return begin and end (exclusive), aware, of the year, month, day, hour, minute or second *text*.

    Any of ``2026``, ``2026-11``, ``2026-11-3``, ``2026年11月3日``, ``20261103``, ``2026-11-23T08:15Z``.
    Raises ``ValueError``.
    """
    padded = re.sub(r"(?<!\d)(\d)(?!\d)", r"0\1", text.strip())
    digits = re.sub(r"[-/.年月:T ]|[日Z]$", "", padded)
    if len(digits) % 2:
        raise ValueError(text)
    begin = moment(digits)
    if len(digits) == 4:
        return begin, begin.replace(year=begin.year + 1)
    if len(digits) == 6:
        return begin, (begin + timedelta(days=31)).replace(day=1)
    return begin, begin + _LENGTHS[len(digits)]


Lexeme = str | Node
"""``(``, ``)``, ``-``, ``AND``, ``OR``, ``NOT``, or what is asked for."""


def _lexemes(text: str) -> Iterator[Lexeme]:
    for match in _LEXEMES.finditer(text):
        kind = match.lastgroup
        if match["name"] is not None:
            yield field(match["name"].lower(), match["value"] if match["quoted"] is None else match["quoted"])
        elif match["phrase"] is not None:
            yield Words(match["phrase"], phrase=True)
        elif kind != "blank":
            token = match[0]
            yield token if kind in {"open", "close", "minus"} or token in _OPERATORS else _word(token)


def _word(text: str) -> Words:
    wildcard = _WILDCARD.search(text)
    if wildcard:
        raise QueryError(
            f"search: {text!r} has a wildcard, and there are none; without it any part of Chinese text and "
            "the other forms of English words are found"
        )
    return Words(text)


def _says(node: Node) -> bool:
    return not isinstance(node, Words) or any(tokens(fold(node.text)))


_LENGTHS = {
    8: timedelta(days=1), 10: timedelta(hours=1), 12: timedelta(minutes=1), 14: timedelta(seconds=1),
}  # fmt: skip
_OPERATORS = {"AND", "OR", "NOT"}


def field(name: str, value: str) -> Node:
    """Return what ``name:value`` asks for; *name* is one of the fields of a query. Raises ``QueryError``."""
    value = value.strip()
    if not value:
        raise QueryError(f"search: {name}: has no value; write {name}:{_EXAMPLES.get(name, 'word')}")
    if name in _TEXTS:
        if not any(tokens(fold(value))):
            raise QueryError(f"search: {name}:{value!r} has no word; write {name}:word")
        return Words(value, _TEXTS[name], phrase=" " in value)
    if name in _FILTERS:
        return Filter(_FILTERS[name], value)
    first, end = _times(name, value)
    if name == "captured":
        return During("captured", first, end)
    return During("published", first=first) if name == "after" else During("published", end=first)


_EXAMPLES = {
    "site": "paper.example", "host": "paper.example", "lang": "zh", "language": "zh", "after": "2026-11",
    "before": "2026-12-24", "captured": "2026-11-23", "quality": "full",
}  # fmt: skip


def _times(name: str, value: str) -> tuple[datetime, datetime]:
    try:
        return period(value)
    except (ValueError, OverflowError) as error:
        raise QueryError(
            f"search: {name}:{value!r} is no date; write {name}:2026, {name}:2026-11 or {name}:2026-11-23"
        ) from error


class _Parser:
    """Recursive descent over the lexemes: OR binds least, then AND (also unsaid), then NOT and -."""

    def __init__(self, lexemes: list[Lexeme]) -> None:
        self._lexemes = lexemes
        self._at = 0
        self._depth = 0

    def whole(self) -> Node:
        parts = []
        while self._at < len(self._lexemes):
            parts.append(self._either())
            # A parenthesis that closes nothing.
            self._take(")")
        return _all(parts)

    def _either(self) -> Node:
        parts = [self._all()]
        while self._take("OR"):
            parts.append(self._all())
        real = [part for part in parts if part != All()]
        return Either(tuple(real)) if len(real) > 1 else _all(real)

    def _all(self) -> Node:
        parts = []
        while (part := self._part()) is not None:
            parts.append(part)
        return _all(parts)

    def _part(self) -> Node | None:
        while self._take("AND"):
            pass
        if self._take("NOT") or self._take("-"):
            part = self._part()
            return None if part is None or part == All() else Not(part)
        if self._take("("):
            return self._group()
        following = self._lexemes[self._at] if self._at < len(self._lexemes) else ")"
        if isinstance(following, str):
            return None
        self._at += 1
        return following

    def _group(self) -> Node:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise QueryError(f"search: more than {_DEEPEST} parentheses inside one another")
        inner = self._either()
        self._take(")")
        self._depth -= 1
        return inner

    def _take(self, wanted: str) -> bool:
        found = self._at < len(self._lexemes) and self._lexemes[self._at] == wanted
        self._at += found
        return found


def _all(parts: list[Node]) -> Node:
    real = [part for part in parts if part != All()]
    return real[0] if len(real) == 1 else All(tuple(real))
