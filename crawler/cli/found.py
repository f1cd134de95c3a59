"""Results of a search as they are shown: in a terminal, as lines, JSON or CSV."""

import csv
import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal

from crawler.cli.words import counted, printable
from pipelines.errors import ExtractionError, NotFound
from pipelines.search import Hit, Needles, Node, Snippet, snippet, texts
from pipelines.storage import ObjectStore
from pipelines.urls import moment, warc_date

if TYPE_CHECKING:
    from rich.text import Text

Form = Literal["text", "json", "csv"]

_COLUMNS = (
    "url", "title", "site", "published", "captured", "languages", "quality", "versions", "superseded",
    "snippet", "segment", "offset", "key", "row",
)  # fmt: skip
_TITLE_CELLS = 1000
_MARKED = "bold yellow"
_SPACE = re.compile(r"\s")


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
    with_times: bool = False
    """Whether each result is shown with the time of its capture."""


def results(store: ObjectStore, node: Node, hits: Sequence[Hit]) -> list[Result]:
    """Return *hits* with the piece of each text that answers *node*, read from *store*.

    Those whose article file is gone are left out, and those of a damaged one are without their text; how many
    is told on standard error.
    """
    needles = Needles.of(node)
    by_file: dict[str, list[Hit]] = {}
    for hit in hits:
        by_file.setdefault(hit.shown.key, []).append(hit)
    found: dict[Hit, str] = {}
    for key, here in by_file.items():
        try:
            read = texts(store, [hit.shown for hit in here])
        except NotFound:
            continue
        except ExtractionError as error:
            without = counted(len(here), "result")
            print(f"newswarc: {error}; {without} of {key} shown without text", file=sys.stderr)
            read = [""] * len(here)
        found |= zip(here, read, strict=True)
    tell_of_gone(len(hits) - len(found))
    return [
        Result(hit, snippet(hit.shown.title, needles, width=_TITLE_CELLS), snippet(found[hit], needles))
        for hit in hits
        if hit in found
    ]


def tell_of_gone(count: int) -> None:
    """Say on standard error that *count* results were left out since the store has them no longer."""
    if count:
        left_out = counted(count, "result")
        print(
            f"newswarc: {left_out} left out that the store has no longer; the search index is behind it",
            file=sys.stderr,
        )


def show(told: Told, form: Form) -> None:
    """Print *told* to standard output; but in JSON, how much there is goes to standard error."""
    if form == "json":
        print(json.dumps(_object(told), ensure_ascii=False))
        return
    if form == "csv":
        _print_csv(told.results)
    elif sys.stdout.isatty():
        _print_table(told)
    else:
        _print_lines(told)
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


def _print_lines(told: Told) -> None:
    for result in told.results:
        shown = result.hit.shown
        time = [warc_date(moment(shown.captured))] if told.with_times else []
        cells = (_day(result.hit), *time, shown.site, shown.title, shown.url, result.text.text)
        print("\t".join(map(_on_line, cells)))


def _print_table(told: Told) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(show_edge=False, show_lines=True)
    table.add_column("published", no_wrap=True)
    table.add_column("article", overflow="fold")
    for result in told.results:
        shown = result.hit.shown
        title = _marked(result.title, style="bold") if shown.title else Text("no headline", style="dim")
        lines = (title, _marked(result.text), Text(_on_line(shown.url), style="dim"))
        about = "\n".join(filter(None, _about(result.hit, with_time=told.with_times)))
        table.add_row(Text(about), Text("\n").join(line for line in lines if line))
    if told.results:
        Console().print(table)


def _about(hit: Hit, *, with_time: bool) -> Iterator[str]:
    shown = hit.shown
    yield _day(hit)
    yield f"captured\n{moment(shown.captured):%Y-%m-%d %H:%M:%S}" if with_time else ""
    yield _on_line(shown.site)
    yield " ".join(shown.languages)
    yield "" if shown.quality == "full" else shown.quality
    yield f"{hit.versions} versions" if hit.versions > 1 else ""
    yield "changed later" if hit.superseded else ""


def _on_line(text: str) -> str:
    """Return *text*, as long as it was, with a blank for each break of lines or tab in it."""
    return printable(_SPACE.sub(" ", text))


def _day(hit: Hit) -> str:
    return hit.shown.published[:10] or "undated"


def _marked(piece: Snippet, *, style: str = "") -> "Text":
    from rich.text import Text

    # One character for one, so that the highlights stay where they are.
    text = Text(_on_line(piece.text), style=style)
    for start, end in piece.highlights:
        text.stylize(_MARKED, start, end)
    if piece.whole or not piece.text:
        return text
    return Text.assemble("…" if piece.start else "", text, "…")


def _print_counts(name: str, counts: Sequence[tuple[str, int]]) -> None:
    from crawler.cli.tables import print_table

    if not counts:
        return
    rows = [(_on_line(value), f"{count:,}") for value, count in counts]
    if sys.stdout.isatty():
        print()
    print_table((name, "versions"), rows, numbers={"versions"}, folds={name}, named=True)
