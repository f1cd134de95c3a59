"""What a search page was asked, as its address says it, and the addresses of questions beside it."""

from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from crawler.service.pages.routing import Wrong
from pipelines.search import All, Either, Node, Page, Sort, field, parse

FIELDS: Final = {
    "site": "site",
    "section": "section",
    "author": "author",
    "language": "lang",
    "quality": "quality",
}
"""Facets, and the parameter that names each."""
TIMES: Final = ("after", "before", "captured")
MOST: Final = 100
"""Results of a page."""
_FEW: Final = 10
_LONGEST: Final = 1000
_MOST_VALUES: Final = 20


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its filters, its order, and where in its answer a page begins."""

    text: str = ""
    filters: tuple[tuple[str, str], ...] = ()
    """Parameters and values, as they came."""
    sort: Sort = Sort.RELEVANCE
    limit: int = _FEW
    after: str = ""
    """A cursor."""
    versions: bool = False

    @property
    def is_open(self) -> bool:
        """Whether nothing is asked for, so that everything is the answer."""
        return not self.text and not self.filters

    @property
    def node(self) -> Node:
        """The question. Raises ``QueryError`` where it cannot be asked."""
        return All((parse(self.text), *self._filters()))

    @property
    def page(self) -> Page:
        """Which of the results."""
        return Page(sort=self.sort, limit=self.limit, after=self.after or None, versions=self.versions)

    def _filters(self) -> list[Node]:
        found: dict[str, list[Node]] = {}
        for name, value in self.filters:
            found.setdefault(name, []).append(field(name, value))
        return [nodes[0] if len(nodes) == 1 else Either(tuple(nodes)) for nodes in found.values()]

    def query(self, **more: str) -> str:
        """Return the question as the query of an address, with *more* parameters."""
        pairs = [("q", self.text), *self.filters]
        if self.sort is not Sort.RELEVANCE:
            pairs.append(("sort", str(self.sort)))
        if self.limit != _FEW:
            pairs.append(("limit", str(self.limit)))
        if self.versions:
            pairs.append(("versions", "1"))
        return urlencode([pair for pair in [*pairs, *more.items()] if pair[1]])

    def with_filter(self, name: str, value: str) -> "Asked":
        """Return the question with that filter too, from its first result on."""
        kept = tuple(pair for pair in self.filters if pair[0] != name or name not in TIMES)
        pair = (name, value)
        return replace(self, filters=kept if pair in kept else (*kept, pair), after="")

    def without_filter(self, name: str, value: str) -> "Asked":
        """Return the question without that filter, from its first result on."""
        return replace(self, filters=tuple(pair for pair in self.filters if pair != (name, value)), after="")

    def during(self, first: str, behind: str) -> "Asked":
        """Return the question for what was published between the beginnings of two periods."""
        return self.with_filter("after", first).with_filter("before", behind)

    def sorted_by(self, sort: str) -> "Asked":
        """Return the question in another order, from its first result on."""
        return replace(self, sort=Sort(sort), after="")


def asked(parameters: QueryParams) -> Asked:
    """Return what *parameters* ask for. Raises ``Wrong`` where that is no question."""
    text = " ".join(parameters.get("q", "").split())
    if len(text) > _LONGEST:
        raise Wrong(f"search: a question of {len(text)} characters; {_LONGEST} are the most")
    filters = []
    for name in (*FIELDS.values(), *TIMES):
        given = [value.strip() for value in parameters.getlist(name) if value.strip()]
        filters += [(name, value) for value in given[:_MOST_VALUES]]
    try:
        sort = Sort(parameters.get("sort") or Sort.RELEVANCE)
    except ValueError as error:
        raise Wrong(f"search: there is no order {parameters['sort']!r}; {', '.join(Sort)} are") from error
    return Asked(
        text,
        tuple(dict.fromkeys(filters)),
        sort,
        _limit(parameters.get("limit", "")),
        parameters.get("next", ""),
        versions=parameters.get("versions", "") in {"1", "true", "on"},
    )


def _limit(text: str) -> int:
    if not text:
        return _FEW
    if not text.isdecimal() or not 0 < int(text[:9]) <= MOST:
        raise Wrong(f"search: a limit of {text!r}; ask for 1 to {MOST} results")
    return int(text)
