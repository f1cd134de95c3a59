"""Questions to an index and their answers: results, counts by value and over time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from tantivy import DocAddress, FieldType, Query, Searcher

from pipelines.errors import QueryError
from pipelines.search.entries import Shown
from pipelines.search.index import SearchIndex
from pipelines.search.matching import both, find, has_words, less, query_for, term
from pipelines.search.query import Node, parse
from pipelines.search.schema import FACETS, schema

MOST: Final = 1000
"""Results of one answer."""
DEEPEST: Final = 10_000
"""Results that may be passed over; whoever wants more goes on from a cursor, sorted by date."""

_ROUGH_FROM = 1000
"""Versions from which on articles are estimated rather than counted."""


class Sort(StrEnum):
    """The order of results."""

    RELEVANCE = "relevance"
    """Best first; by time of capture where the question has no words."""
    DATE = "date"
    """Published, the latest first; what has no date comes last."""
    CAPTURED = "captured"
    """Captured, the latest first."""


class Period(StrEnum):
    """What counts over time are by."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Page:
    """Which of the results, and in what order."""

    sort: Sort = Sort.RELEVANCE
    limit: int = 10
    offset: int = 0
    after: str | None = None
    """The ``next`` of an earlier answer: go on behind it, whatever the index has taken in since."""
    versions: bool = False
    """Whether each version of an article is a result; else its latest version that is found."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A result."""

    shown: Shown
    score: float | None
    """Relevance; None where the order is another."""
    versions: int
    """Versions of the article in the index, but those that were asked to be left out."""
    superseded: bool
    """Whether there is a later version, in which what was asked for is not found."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Results in order, and how to go on."""

    hits: tuple[Hit, ...]
    total: int
    """Versions of articles that are found, all of them."""
    next: str | None
    """A cursor; None where these are the last results."""


def ask(
    index: SearchIndex, question: str | Node, page: Page | None = None, *, without: Node | None = None
) -> Answer:
    """Return those results of *question* that *page* names (the first ten by relevance, unless told).

    What *without* finds (of :func:`pipelines.search.named`, for example) is as if the index did not have it:
    neither a result nor counted. Raises ``QueryError`` where the question or the page cannot be answered as
    it stands.
    """
    return _Asking(index.searcher(), _node(question), page or Page(), without).answer()


def all_hits(
    index: SearchIndex, question: str | Node, *, versions: bool = False, without: Node | None = None
) -> Iterator[Shown]:
    """Yield every result of *question*, however many, the latest published first.

    *without* is as in :func:`ask`, and so are the errors.
    """
    searcher, node = index.searcher(), _node(question)
    after: str | None = None
    while True:
        page = Page(sort=Sort.DATE, limit=MOST, after=after, versions=versions)
        answer = _Asking(searcher, node, page, without).answer()
        yield from (hit.shown for hit in answer.hits)
        after = answer.next
        if after is None:
            return


def articles(index: SearchIndex, question: str | Node, *, without: Node | None = None) -> int:
    """Return how many articles are found, estimated to about 2 % where there are more than a thousand.

    *without* is as in :func:`ask`.
    """
    searcher, query = index.searcher(), _query_for(_node(question), without)
    found = find(searcher, query, _ROUGH_FROM)
    if found.count > _ROUGH_FROM:
        return round(searcher.cardinality(query, "article"))
    return len(set(searcher.fast_field_values("article", [address for _, address in found.hits])))


def facets(
    index: SearchIndex,
    question: str | Node,
    names: Sequence[str] = FACETS,
    *,
    top: int = 10,
    without: Node | None = None,
) -> dict[str, list[tuple[str, int]]]:
    """Return for each field of *names* its most frequent values with the versions found that have them.

    *names* are of ``FACETS``; an article may have several authors and languages; *without* is as in
    :func:`ask`. Raises ``QueryError``.
    """
    unknown = set(names) - set(FACETS)
    if unknown:
        raise QueryError(f"search: {min(unknown)!r} is no facet; choose of {', '.join(FACETS)}")
    # More than is asked for, since which of equal values comes last is left to chance.
    wanted = {name: {"terms": {"field": name, "size": 4 * top + 100}} for name in names}
    found = index.searcher().aggregate(_query_for(_node(question), without), wanted)
    return {name: _counts(found[name])[:top] for name in names}


def over_time(
    index: SearchIndex, question: str | Node, period: Period, *, without: Node | None = None
) -> list[tuple[str, int]]:
    """Return the days, months or years (``2026-11``) in order in which what is found was published.

    Each with the number of versions found; those without a date are in none, empty periods are left out.
    *without* is as in :func:`ask`.
    """
    wanted = {"times": {"terms": {"field": str(period), "size": 60_000}}}
    found = index.searcher().aggregate(_query_for(_node(question), without), wanted)
    return sorted(_counts(found["times"]))


def _node(question: str | Node) -> Node:
    return parse(question) if isinstance(question, str) else question


def _query_for(node: Node, without: Node | None) -> Query:
    return less(query_for(node), None if without is None else query_for(without))


def _counts(found: dict[str, list[dict[str, object]]]) -> list[tuple[str, int]]:
    pairs = [(str(each["key"]), int(str(each["doc_count"]))) for each in found["buckets"]]
    return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))


_Order = tuple[float, int, int]
"""Ascending, and of no two versions the same."""


@dataclass(frozen=True, slots=True)
class _Ranked:
    """A version that is found, and its place in the order."""

    rank: float
    """Score, or time with what tells most articles of one second apart."""
    captured: int
    version: int
    article: int
    address: DocAddress

    @property
    def order(self) -> _Order:
        return (-self.rank, -self.captured, -self.version)


class _Asking:
    """One question to one view of the index."""

    def __init__(self, searcher: Searcher, node: Node, page: Page, without: Node | None = None) -> None:
        if not 0 < page.limit <= MOST:
            raise QueryError(f"search: a limit of {page.limit}; ask for 1 to {MOST:,} results")
        if not 0 <= page.offset <= DEEPEST:
            raise QueryError(f"search: an offset of {page.offset}; pass over {DEEPEST:,} results at most")
        self._searcher, self._page = searcher, page
        self._field = _FIELDS.get(page.sort)
        if self._field is None and not has_words(node):
            # Nothing is more relevant than the rest.
            self._field = _FIELDS[Sort.CAPTURED]
        # There may be thousands of what is left out: it is put together once.
        self._refused = None if without is None else query_for(without)
        self._query = less(query_for(node), self._refused)
        self._after = None if page.after is None else _position(page, scored=self._field is None)

    def answer(self) -> Answer:
        page = self._page
        wanted = page.offset + page.limit + 1
        total, found = self._found(wanted)
        chosen = found[page.offset : wanted]
        following = chosen[page.limit - 1] if len(chosen) > page.limit else None
        return Answer(
            tuple(map(self._hit, chosen[: page.limit])),
            total,
            None if following is None else self._cursor(following),
        )

    def _found(self, wanted: int) -> tuple[int, list[_Ranked]]:
        """Return how many versions are found, and the first *wanted* results."""
        size = wanted + 50
        while True:
            total, ranked, whole = self._window(size)
            results = list(self._results(ranked))
            if len(results) >= wanted or whole:
                return total, results[:wanted]
            size *= 4

    def _window(self, size: int) -> tuple[int, list[_Ranked], bool]:
        """Return the first versions in order, about *size*, and whether these are all."""
        query = self._query
        total = find(self._searcher, query, 1).count if self._after and self._field else 0
        if self._after and self._field:
            query = both(query, _up_to(self._field, -int(self._after[0])))
        ranked, count = self._ranked(query, size)
        whole = len(ranked) == count
        if not whole:
            # Which of equal ones are still within the window is left to chance, so none of them is.
            ranked = [each for each in ranked if each.rank != ranked[-1].rank]
        return total or count, sorted(ranked, key=lambda each: each.order), whole

    def _ranked(self, query: Query, size: int) -> tuple[list[_Ranked], int]:
        """Return the first *size* versions that *query* finds, the highest first, and how many it finds."""
        found = find(self._searcher, query, size, self._field)
        addresses = [address for _, address in found.hits]
        values = (self._searcher.fast_field_values(name, addresses) for name in _TOLD_APART)
        ranked = [
            _Ranked(rank, int(captured or 0), int(version or 0), int(article or 0), at)
            for (rank, at), captured, version, article in zip(found.hits, *values, strict=True)
        ]
        return ranked, found.count

    def _results(self, ranked: Sequence[_Ranked]) -> Iterator[_Ranked]:
        seen: set[int] = set()
        for each in ranked:
            if self._page.versions or each.article not in seen:
                seen.add(each.article)
                if self._after is None or self._is_behind(each):
                    yield each

    def _is_behind(self, ranked: _Ranked) -> bool:
        """Return whether no version of the article was on a page before this one."""
        assert self._after is not None
        if ranked.order <= self._after:
            return False
        if self._field is None or self._page.versions:
            # By relevance the window begins with the first result of all.
            return True
        before = -int(self._after[0])
        article = both(term("article", ranked.article), self._query)
        highest = find(self._searcher, article, 1, self._field).hits[0][0]
        if highest != before:
            return highest < before
        at_cursor = both(article, _at(self._field, before))
        equal, _ = self._ranked(at_cursor, find(self._searcher, at_cursor, 1).count)
        return min(each.order for each in equal) > self._after

    def _hit(self, ranked: _Ranked) -> Hit:
        address = ranked.address
        score = None if self._field else ranked.rank
        of_article = term("article", ranked.article)
        versions = find(self._searcher, less(of_article, self._refused), 1, "by_captured")
        superseded = False
        if versions.count > 1 and not self._page.versions:
            found = both(of_article, self._query)
            latest = find(self._searcher, found, 1, "by_captured").hits[0]
            superseded = versions.hits[0][0] != latest[0]
            address = latest[1]
        shown = Shown.from_json(self._searcher.doc(address)["shown"][0])
        return Hit(shown, score, versions.count, superseded)

    def _cursor(self, last: _Ranked) -> str:
        return f"{self._page.sort}:{last.rank!r}:{last.captured}:{last.version}"


_TOLD_APART = ("by_captured", "version", "article")
_FIELDS = {Sort.DATE: "by_published", Sort.CAPTURED: "by_captured"}


def _position(page: Page, *, scored: bool) -> _Order:
    """Return where the cursor of *page* stands in the order. Raises ``QueryError`` where it is none."""
    head = f"{page.sort}:"
    try:
        rank, captured, version = (page.after or "").removeprefix(head).split(":")
        return (-float(rank) if scored else -int(rank), -int(captured), -int(version))
    except ValueError as error:
        raise QueryError(
            f"search: {page.after!r} is no cursor of results by {page.sort}; give the 'next' of an answer"
        ) from error


def _up_to(field: str, value: int) -> Query:
    # The exact number: a score's float would lose what tells articles of one second apart.
    return Query.range_query(schema(), field, FieldType.Unsigned, None, value)


def _at(field: str, value: int) -> Query:
    return Query.range_query(schema(), field, FieldType.Unsigned, value, value)


__all__ = [
    "DEEPEST", "MOST", "Answer", "Hit", "Page", "Period", "Sort", "all_hits", "articles", "ask", "facets",
    "over_time",
]  # fmt: skip
