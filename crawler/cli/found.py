"""Results of a search as they are shown: in a terminal, as lines, JSON or CSV."""

import csv
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal

from crawler.cli.words import counted, printable
from pipelines.errors import ExtractionError, NotFound
from pipelines.search import Hit, Needles, Node, Snippet, snippet, texts
from pipelines.storage import ObjectStore

if TYPE_CHECKING:
    from rich.text import Text

Form = Literal["text", "json", "csv"]

_COLUMNS = (
    "url", "title", "site", "published", "captured", "languages", "quality", "versions", "superseded",
    "snippet", "segment", "offset", "key", "row",
)  # fmt: skip
_TITLE_CELLS = 1000
_MARKED = "bold yellow"


@dataclass(frozen=True, slots=True)
class Result:
    """A hit with what is shown of its text."""

    hit: Hit
    title: Snippet
    text: Snippet


@dataclass(frozen=True, slots=True)
class Told:
    """All that a search answers."""

    results: Sequence[Result]
    total: int
    articles: int
    next: str | None
    facets: Mapping[str, Sequence[tuple[str, int]]]
    over_time: Sequence[tuple[str, int]]


def results(store: ObjectStore, node: Node, hits: Sequence[Hit]) -> list[Result]:
    """Return *hits* with the piece of each text that answers *node*, read from *store*."""
    needles = Needles.of(node)
    try:
        found = texts(store, [hit.shown for hit in hits])
    except (NotFound, ExtractionError) as error:
        print(f"newswarc: {error}; results are shown without their text", file=sys.stderr)
        found = [""] * len(hits)
    return [
        Result(hit, snippet(hit.shown.title, needles, width=_TITLE_CELLS), snippet(text, needles))
        for hit, text in zip(hits, found, strict=True)
    ]


def show(told: Told, form: Form) -> None:
    """Print *told* to standard output; but in JSON, how much there is goes to standard error."""
    if form == "json":
        print(json.dumps(_object(told), ensure_ascii=False))
        return
    if form == "csv":
        _print_csv(told.results)
    elif sys.stdout.isatty():
        _print_table(told.results)
    else:
        _print_lines(told.results)
    for name, counts in told.facets.items():
        _print_counts(name, counts)
    if told.over_time:
        _print_counts("published", told.over_time)
    found = f"{counted(told.articles, 'article')}, {counted(told.total, 'version')}"
    on = f"; go on with --next {told.next}" if told.next else ""
    said = f"{found}; {len(told.results)} shown{on}" if told.total else "nothing found"
    print(f"newswarc: {said}", file=sys.stderr)


def _object(told: Told) -> dict[str, Any]:
    return {
        "total": told.total,
        "articles": told.articles,
        "next": told.next,
        "results": [
            {
                **asdict(result.hit.shown),
                "score": result.hit.score,
                "versions": result.hit.versions,
                "superseded": result.hit.superseded,
                "title_highlights": result.title.highlights,
                "snippet": asdict(result.text),
            }
            for result in told.results
        ],
        "facets": {name: [_count(*each) for each in counts] for name, counts in told.facets.items()},
        "over_time": [_count(*each) for each in told.over_time],
    }


def _count(value: str, versions: int) -> dict[str, Any]:
    return {"value": value, "versions": versions}


def _print_csv(found: Sequence[Result]) -> None:
    writer = csv.writer(sys.stdout)
    writer.writerow(_COLUMNS)
    for result in found:
        values = asdict(result.hit.shown) | {
            "languages": "; ".join(result.hit.shown.languages),
            "versions": result.hit.versions,
            "superseded": result.hit.superseded,
            "snippet": result.text.text,
        }
        writer.writerow([values[name] for name in _COLUMNS])


def _print_lines(found: Sequence[Result]) -> None:
    for result in found:
        shown = result.hit.shown
        cells = (_day(result.hit), shown.site, shown.title, shown.url, result.text.text)
        print("\t".join(printable(cell.replace("\t", " ")) for cell in cells))


def _print_table(found: Sequence[Result]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(show_edge=False, show_lines=True)
    table.add_column("published", no_wrap=True)
    table.add_column("article", overflow="fold")
    for result in found:
        shown = result.hit.shown
        title = _marked(result.title, style="bold") if shown.title else Text("no headline", style="dim")
        lines = (title, _marked(result.text), Text(printable(shown.url), style="dim"))
        about = "\n".join(filter(None, _about(result.hit)))
        table.add_row(Text(about), Text("\n").join(line for line in lines if line))
    if found:
        Console().print(table)


def _about(hit: Hit) -> Iterator[str]:
    shown = hit.shown
    yield _day(hit)
    yield printable(shown.site)
    yield " ".join(shown.languages)
    yield "" if shown.quality == "full" else shown.quality
    yield f"{hit.versions} versions" if hit.versions > 1 else ""
    yield "changed later" if hit.superseded else ""


def _day(hit: Hit) -> str:
    return hit.shown.published[:10] or "undated"


def _marked(piece: Snippet, *, style: str = "") -> "Text":
    from rich.text import Text

    # One character for one, so that the highlights stay where they are.
    text = Text(printable(piece.text), style=style)
    for start, end in piece.highlights:
        text.stylize(_MARKED, start, end)
    if piece.whole or not piece.text:
        return text
    return Text.assemble("…" if piece.start else "", text, "…")


def _print_counts(name: str, counts: Sequence[tuple[str, int]]) -> None:
    from crawler.cli.tables import print_table

    if not counts:
        return
    rows = [(printable(value), f"{count:,}") for value, count in counts]
    if sys.stdout.isatty():
        print()
    print_table((name, "versions"), rows, numbers={"versions"}, folds={name}, named=True)
