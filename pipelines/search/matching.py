"""From the tree of a query to what tantivy answers.

What is found, units decide: any characters that stand together, whatever a dictionary holds to be a word.
How results are ordered, words do: an article in which 华为 is a word comes before one with 中华为.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, cast

from tantivy import DocAddress, FieldType, Occur, Query, Searcher

from pipelines.search import schema as fields
from pipelines.search.folding import fold
from pipelines.search.query import All, During, Either, Filter, Node, Not, Words
from pipelines.search.schema import schema, stem
from pipelines.search.tokens import Token, bigrams, compound, search_words, tokens, words_of

_TITLE_BOOST = 2.0
_UNITS_BOOST = 0.3
"""Of units beside words: enough to order what has no word of the query, too little to count twice."""


@dataclass(frozen=True, slots=True)
class _Fields:
    """Where a text is looked for."""

    units: str
    words: str | None
    """None where nothing is stemmed: a name is a name."""
    headlines: str | None = None
    """Where words count for more."""


_FIELDS = {
    "text": _Fields(fields.UNITS, fields.WORDS, fields.TITLE_WORDS),
    "title": _Fields(fields.TITLE_UNITS, fields.TITLE_WORDS),
    "author": _Fields(fields.AUTHOR_UNITS, None),
}
_KEYS = {"site": "within", "section": "section_key", "language": "language_key"}


def query_for(node: Node) -> Query:
    """Return the query that finds the articles *node* asks for."""
    found = _query(node)
    return _articles() if found is None else found


def less(query: Query, refused: Query | None) -> Query:
    """Return the query that finds, scored as before, what *query* does and *refused* does not."""
    return query if refused is None else Query.boolean_query([(Occur.Must, query), (Occur.MustNot, refused)])


class Found(Protocol):
    """What tantivy's ``SearchResult`` is; its stub forgets the count."""

    hits: list[tuple[float, DocAddress]]
    """Score, or the value of the field that orders, and where the entry is."""
    count: int


def find(searcher: Searcher, query: Query, size: int, field: str | None = None) -> Found:
    """Return the first *size* entries that *query* finds, by score or the latest by *field*."""
    return cast("Found", searcher.search(query, size, order_by_field=field))


def has_words(node: Node) -> bool:
    """Return whether *node* asks for text, so that some results answer it better than others."""
    if isinstance(node, Words):
        return any(tokens(fold(node.text)))
    return isinstance(node, All | Either) and any(map(has_words, node.parts))


def both(first: Query, second: Query) -> Query:
    """Return the query that finds what both find, scored by the first."""
    return Query.boolean_query([(Occur.Must, first), (Occur.Must, _unscored(second))])


def term(field: str, value: str | int) -> Query:
    """Return the query for one value of *field*."""
    return Query.term_query(schema(), field, value, index_option="basic")


def _articles() -> Query:
    return _unscored(term("kind", "article"))


def _query(node: Node) -> Query | None:
    """Return the query for *node*, None where it asks for nothing."""
    if isinstance(node, Words):
        return _words(node)
    if isinstance(node, Filter):
        return _unscored(term(_KEYS.get(node.field, node.field), _key(node)))
    if isinstance(node, During):
        return _unscored(_during(node))
    if isinstance(node, Not):
        return _all([node])
    if isinstance(node, Either):
        return _any(filter(None, map(_query, node.parts)))
    return _all(node.parts) if node.parts else None


def _all(parts: Sequence[Node]) -> Query | None:
    wanted = [query for part in parts if not isinstance(part, Not) for query in [_query(part)] if query]
    refused = [query for part in parts if isinstance(part, Not) for query in [_query(part.part)] if query]
    if not refused:
        return _every(wanted)
    clauses = [(Occur.Must, query) for query in wanted or [_articles()]]
    return Query.boolean_query([*clauses, *((Occur.MustNot, query) for query in refused)])


def _key(node: Filter) -> str:
    if node.field in fields.TARGETS:
        return node.value
    if node.field in {"quality", "collection", "language"}:
        return node.value.lower()
    return fold(node.value.removeprefix("www.") if node.field == "site" else node.value)


def _during(node: During) -> Query:
    first, end = (None if at is None else int(at.timestamp()) for at in (node.first, node.end))
    return Query.range_query(schema(), node.field, FieldType.Integer, first, end, include_upper=end is None)


# --- text ------------------------------------------------------------------------------------


def _words(node: Words) -> Query | None:
    where = _FIELDS[node.field]
    folded = fold(node.text)
    found = list(tokens(folded))
    if not found:
        return None
    if node.phrase:
        return _boosted(_phrase(found, where.units), where, found)
    return _every(_group(folded, group, where) for group in _groups(found))


def _groups(found: Iterable[Token]) -> Iterator[list[Token]]:
    """Yield the runs of Chinese one by one, what is between them together: ``gpt 4`` of ``GPT-4``."""
    group: list[Token] = []
    for token in found:
        if token.is_han:
            if group:
                yield group
            yield [token]
            group = []
        else:
            group.append(token)
    if group:
        yield group


def _group(folded: str, group: list[Token], where: _Fields) -> Query:
    first = group[0]
    if first.is_han:
        pieces = words_of(first.text)
        found = [_phrase([Token(piece, 0, 0, is_han=True)], where.units) for piece in pieces]
        return _boosted(_every(found) or Query.empty_query(), where, group)
    if len(group) > 1:
        one = compound(folded[first.start : group[-1].end])
        written = [_phrase(group, where.units)]
        if one and where.words:
            written.append(_word(where.words, one))
        return _boosted(_any(written) or Query.empty_query(), where, group)
    if where.words is None:
        return term(where.units, first.text)
    exact = _word(where.words, first.text)
    if where.headlines is None:
        return exact
    headline = Query.boost_query(_word(where.headlines, first.text), _TITLE_BOOST)
    return Query.boolean_query([(Occur.Must, exact), (Occur.Should, headline)])


def _boosted(found: Query, where: _Fields, group: Iterable[Token]) -> Query:
    """Return what finds the same as *found*, with those first that have the words of *group* as words."""
    if where.words is None:
        return found
    words = {word for token in group for word in _ranking_words(token)}
    clauses = [(Occur.Must, Query.boost_query(found, _UNITS_BOOST))]
    for word in sorted(words):
        clauses.append((Occur.Should, _word(where.words, word)))
        if where.headlines:
            headline = Query.boost_query(_word(where.headlines, word), _TITLE_BOOST)
            clauses.append((Occur.Should, headline))
    return Query.boolean_query(clauses)


def _ranking_words(token: Token) -> list[str]:
    if not token.is_han:
        return [token.text]
    return [word for word in search_words(token.text) if len(word) > 1 or len(token.text) == 1]


def _word(field: str, word: str) -> Query:
    return Query.term_query(schema(), field, stem(word), index_option="freq")


def _phrase(found: Sequence[Token], field: str) -> Query:
    """Return the query for the tokens *found* one behind the other."""
    placed = list(_placed(found))
    last = found[-1]
    if last.is_han and len(last.text) == 1:
        # The last character may begin any unit.
        patterns = [(place, re.escape(unit)) for place, unit in placed[:-1]]
        final = f"{re.escape(last.text)}.?"
        if not patterns:
            return Query.regex_query(schema(), field, final)
        return Query.regex_phrase_query(schema(), field, [*patterns, (placed[-1][0], final)])
    if len(placed) == 1:
        return Query.term_query(schema(), field, placed[0][1])
    return Query.phrase_query(schema(), field, list(placed))


def _placed(found: Sequence[Token]) -> Iterator[tuple[int, str]]:
    """Yield the units of *found*, each with its place.

    The last character of a run that goes on in the text is no unit of its own there; that of a run within
    the phrase needs none, since what follows it has its place.
    """
    begin = 0
    for token in found:
        if token.is_han and len(token.text) > 1:
            yield from enumerate(bigrams(token.text)[:-1], begin)
        else:
            yield begin, token.text
        begin += len(token.text) if token.is_han else 1


def _every(queries: Iterable[Query]) -> Query | None:
    clauses = [(Occur.Must, query) for query in queries]
    return clauses[0][1] if len(clauses) == 1 else Query.boolean_query(clauses) if clauses else None


def _any(queries: Iterable[Query]) -> Query | None:
    clauses = [(Occur.Should, query) for query in queries]
    return clauses[0][1] if len(clauses) == 1 else Query.boolean_query(clauses) if clauses else None


def _unscored(query: Query) -> Query:
    return Query.const_score_query(query, 0.0)
