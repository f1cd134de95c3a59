"""The search page, and what it finds as JSON and CSV."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

import orjson
from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from crawler.service.context import Context
from crawler.service.pages.asking import FIELDS, Asked, asked
from crawler.service.pages.charts import Chart, chart, period_for
from crawler.service.pages.following import Searching
from crawler.service.pages.layout import render
from crawler.shown import shows_hit, taken_down, uncounted
from pipelines import search as searching
from pipelines.errors import ExtractionError, NotFound
from pipelines.search import Hit, Needles, Node, Period, Shown, Snippet

MOST_EXPORTED: Final = 10_000
"""Lines of a CSV file; the command line has no such limit."""
_TOP: Final = 8
_TITLE_CELLS: Final = 1000
_TEXT_CELLS: Final = 260
_COLUMNS: Final = (
    "url", "title", "site", "published", "captured", "languages", "quality", "segment", "offset",
)  # fmt: skip
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")

Marked = list[tuple[str, bool]]
"""Pieces of a text, and whether each is what was asked for."""


@dataclass(frozen=True, slots=True)
class Result:
    """A hit, with the piece of its text that answers."""

    hit: Hit
    title: Marked
    text: Marked
    cut: bool
    """Whether the text goes on."""


@dataclass(frozen=True, slots=True)
class Answered:
    """All that a search page shows."""

    results: list[Result]
    total: int
    articles: int
    next: str | None
    facets: dict[str, list[tuple[str, int]]]
    chart: Chart
    period: Period
    uncounted: list[str]


def add_search(router: APIRouter, context: Context, index: Searching) -> None:
    """Add the search page to *router*."""

    @router.get("/search")
    def search(request: Request, format: str = "") -> Response:  # noqa: A002 - the parameter's name
        wanted = asked(request.query_params)
        if format == "csv":
            return _csv(context, index, wanted)
        found = answered(context, index, wanted)
        if format == "json":
            return _json(context, request, wanted, found)
        return render(
            context,
            request,
            "search.html",
            asked=wanted,
            found=found,
            behind=index.behind,
            names=FIELDS,
        )


def answered(context: Context, index: Searching, wanted: Asked) -> Answered:
    """Return what the index has for *wanted*. Raises ``QueryError``, ``SearchError``."""
    register, node = context.register, wanted.node
    without = taken_down(register)
    answer = searching.ask(index.index, node, wanted.page, without=without)
    hits = [hit for hit in answer.hits if shows_hit(context.archive, register, hit.shown)]
    months = searching.over_time(index.index, node, Period.MONTH, without=without)
    period = period_for(months)
    counts = (
        months if period is Period.MONTH else searching.over_time(index.index, node, period, without=without)
    )
    return Answered(
        _results(context, node, hits),
        answer.total,
        searching.articles(index.index, node, without=without),
        answer.next,
        searching.facets(index.index, node, tuple(FIELDS), top=_TOP, without=without),
        chart(counts, period),
        period,
        uncounted(register),
    )


def _results(context: Context, node: Node, hits: Sequence[Hit]) -> list[Result]:
    needles = Needles.of(node)
    by_file: dict[str, list[Hit]] = {}
    for hit in hits:
        by_file.setdefault(hit.shown.key, []).append(hit)
    read: dict[Hit, str] = {}
    for here in by_file.values():
        read |= zip(here, _texts(context, [hit.shown for hit in here]), strict=True)
    found = []
    for hit in hits:
        title = searching.snippet(hit.shown.title, needles, width=_TITLE_CELLS)
        text = searching.snippet(read[hit], needles, width=_TEXT_CELLS)
        is_cut = text.start + len(text.text) < len(read[hit])
        found.append(Result(hit, _marked(title), _marked(text), is_cut))
    return found


def _texts(context: Context, places: list[Shown]) -> list[str]:
    try:
        return searching.texts(context.archive.store, places)
    except (NotFound, ExtractionError):
        # The index is behind the store, or a file is damaged: the result is shown all the same.
        return [""] * len(places)


def _marked(found: Snippet) -> Marked:
    pieces, at = [], 0
    for start, end in found.highlights:
        pieces += [(found.text[at:start], False), (found.text[start:end], True)]
        at = end
    return [piece for piece in [*pieces, (found.text[at:], False)] if piece[0]]


# --- for programs -----------------------------------------------------------------------------------


def _json(context: Context, request: Request, wanted: Asked, found: Answered) -> Response:
    base = context.base_url(request)
    following = f"{base}/search?{wanted.query(next=found.next, format='json')}" if found.next else None
    told: dict[str, Any] = {
        "query": wanted.text,
        "filters": [{"name": name, "value": value} for name, value in wanted.filters],
        "total": found.total,
        "articles": found.articles,
        "next": following,
        "results": [_object(result, base) for result in found.results],
        "facets": {name: [{"value": v, "count": n} for v, n in each] for name, each in found.facets.items()},
        "published": {
            "period": str(found.period),
            "counts": [{"time": bar.name, "count": bar.count} for bar in found.chart.bars if bar.count],
        },
    }
    return Response(orjson.dumps(told), media_type="application/json", headers=_NOSNIFF)


def _object(result: Result, base: str) -> dict[str, Any]:
    shown = result.hit.shown
    return {
        **{name: getattr(shown, name) for name in _COLUMNS},
        "versions": result.hit.versions,
        "superseded": result.hit.superseded,
        "score": result.hit.score,
        "snippet": "".join(text for text, _ in result.text),
        "memento": f"{base}/web/{shown.captured}/{shown.url}",
    }


def _csv(context: Context, index: Searching, wanted: Asked) -> Response:
    register, node = context.register, wanted.node
    found = searching.all_hits(index.index, node, versions=wanted.versions, without=taken_down(register))
    # What cannot be asked is told before the answer begins.
    first = list(islice(found, 1))
    headers = {**_NOSNIFF, "Content-Disposition": 'attachment; filename="search.csv"'}
    lines = _lines(context, first, found)
    return StreamingResponse(lines, media_type="text/csv; charset=utf-8", headers=headers)


def _lines(context: Context, first: list[Shown], rest: Iterator[Shown]) -> Iterator[str]:
    register = context.register
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(_COLUMNS)
    for place in islice((each for part in (first, rest) for each in part), MOST_EXPORTED):
        if shows_hit(context.archive, register, place):
            writer.writerow(map(_cell, (getattr(place, name) for name in _COLUMNS)))
        yield out.getvalue()
        out.seek(0)
        out.truncate()
    yield out.getvalue()


def _cell(value: object) -> str:
    text = " ".join(value) if isinstance(value, tuple) else str(value)
    # A spreadsheet would take what a page calls its title for a formula, and run it.
    return f"'{text}" if text.startswith(_FORMULA) else text


_NOSNIFF: Final = {"X-Content-Type-Options": "nosniff"}
