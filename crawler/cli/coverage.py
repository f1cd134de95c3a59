"""``newswarc coverage``: what became of all that the sources announced, and which of them fell silent."""

import json
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crawler.cli.opening import configuration, looks_like_url
from crawler.cli.options import CollectionOption, ConfigOption, JsonOption, StoreOption

if TYPE_CHECKING:
    from crawler.ledger import KnownSource, Ledger
    from crawler.ledger.report import Coverage, Figures, Missing, SourceCoverage

SILENT = 10
"""Exit code where a source is silent for longer than its habit, or down."""

_HEAD = ("site", "source", "announced", "captured", "%", "pending", "refused", "gone", "reasons")
_NUMBERS = frozenset(_HEAD[2:8])


def coverage(
    source: Annotated[
        str | None,
        typer.Argument(metavar="[SOURCE]", help="A site's name, or the URL of a source; else all sites."),
    ] = None,
    *,
    day: Annotated[
        str | None,
        typer.Option("--day", metavar="YYYY-MM-DD", help="Only what was announced first on it (UTC)."),
    ] = None,
    missing: Annotated[
        bool, typer.Option("--missing", help="List the pages without a capture, and why they have none.")
    ] = False,
    as_json: JsonOption = False,
    store: StoreOption = None,
    collection: CollectionOption = None,
    config: ConfigOption = None,
) -> None:
    """Show how much of what the sources announced is captured, why the rest is not, and who fell silent.

    A site's total counts each page once, however many sources announce it. The share is of what may be
    fetched: what robots.txt, the profile's scope or the cut-off leaves out does not lower it. The exit code
    is 10 where a source that is shown is silent for longer than its habit, or fails for more than two days.
    """
    from crawler.cli.state import known_state
    from crawler.ledger import Ledger, report

    of_day = _day(day)
    settings = configuration(store, collection, config)
    with known_state(settings, wanted_by="ledger") as database:
        ledger = Ledger(database, settings.store.collection)
        one, sites = _meant(ledger, source)
        found = [report.coverage(ledger, site, source=one, day=of_day) for site in sites]
        lacking = (
            (site, each)
            for site in (sites if missing else ())
            for each in report.missing(ledger, site, source=one, day=of_day)
        )
        if as_json:
            listed = {"missing": [_missing_object(*each) for each in lacking]} if missing else {}
            print(json.dumps({"sites": [*map(_site_object, found)], **listed}, indent=1, ensure_ascii=False))
        elif missing:
            _print_missing(lacking)
        else:
            _print_coverage(found)
    raise typer.Exit(SILENT if any(each.silent or each.down for each in found) else 0)


def _meant(ledger: "Ledger", name: str | None) -> tuple["KnownSource | None", list[str]]:
    """Return the source that *name* is, if it is one, and the names of the sites that are meant."""
    from pipelines.errors import NotArchived

    sites = ledger.sites()
    if not sites:
        raise NotArchived(f"ledger: collection {ledger.collection!r} has no site that was crawled")
    if name is None:
        return None, list(sites)
    if name in sites:
        return None, [name]
    for site, id_ in sites.items() if looks_like_url(name) else ():
        found = ledger.source(id_, name)
        if found is not None:
            return found, [site]
    known = ", ".join(map(repr, sites))
    raise NotArchived(f"ledger: {name!r} is no site and no source of one; the sites are {known}")


def _day(text: str | None) -> date | None:
    from pipelines.errors import ConfigError

    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError as error:
        raise ConfigError(f"--day: {text!r} is no day; write 2026-11-23") from error


# --- for a person ----------------------------------------------------------------------------


def _print_coverage(found: Sequence["Coverage"]) -> None:
    from crawler.cli.tables import print_table

    rows = []
    for site in found:
        rows += [_row(site.site, each.source.url, each.figures) for each in site.sources]
        rows.append(_row(site.site, "total", site.figures))
    print_table(
        _HEAD,
        rows,
        numbers=_NUMBERS,
        folds={"source", "reasons"},
        named=True,
        is_total=lambda row: row[1] == "total",
    )
    for site in found:
        for line in filter(None, map(_broken, site.sources)):
            print(line)


def _row(site: str, source: str, figures: "Figures") -> tuple[str, ...]:
    from crawler.cli.words import printable, tally

    part = _share(figures)
    share = "" if part is None else f"{100 * part:.1f}"
    refused = figures.refused.total()
    numbers = (figures.announced, figures.captured, share, figures.pending, refused, figures.gone)
    return (site, printable(source), *map(str, numbers), tally(figures.refused))


def _share(figures: "Figures") -> float | None:
    """Return the captured part of what may be fetched; None where there is nothing of the kind."""
    from crawler.scope import Reason

    left_out = {
        Reason.SCHEME, Reason.MALFORMED, Reason.TOO_LONG, Reason.SCOPE_HOST, Reason.SCOPE_PATTERN,
        Reason.HOPS, Reason.TRAP, Reason.SEEN, Reason.OLD, Reason.ROBOTS, Reason.ADDRESS,
    }  # fmt: skip
    wanted = figures.announced - sum(figures.refused[reason] for reason in left_out)
    return figures.captured / wanted if wanted else None


def _broken(found: "SourceCoverage") -> str | None:
    """Return what is wrong with a source, as a line; None for nothing."""
    from crawler.cli.words import counted, printable

    source, told = found.source, []
    if found.silent_since is not None:
        told.append(f"silent since {_since(found.silent_since)}, longer than its habit")
    if source.failing_since is not None:
        told.append(f"failing since {_since(source.failing_since)} ({source.status or source.reason})")
    if source.overflows:
        visits = counted(source.overflows, "visit")
        told.append(f"all that it listed was new at {visits}, so that items may be missed")
    return printable(f"{source.url}: {'; '.join(told)}") if told else None


def _since(moment: datetime) -> str:
    days = (datetime.now(UTC) - moment).total_seconds() / 86400
    return f"{moment:%Y-%m-%d %H:%M} UTC ({days:.1f} d)"


def _print_missing(lacking: Iterable[tuple[str, "Missing"]]) -> None:
    """Print a line for each page, in a terminal two; they may be more than fit in memory."""
    some, drawn = False, sys.stdout.isatty()
    for site, page in lacking:
        print(_missing_text(site, page) if drawn else _missing_line(site, page))
        some = True
    if not some:
        print("newswarc: ledger: no page is missing", file=sys.stderr)


def _missing_text(site: str, page: "Missing") -> str:
    from crawler.cli.words import printable

    why = ", ".join(filter(None, (f"{page.state} {page.reason or ''}".strip(), page.detail)))
    told = f"{site}: {why}; announced {page.first_seen:%Y-%m-%d %H:%M} UTC by {page.source}"
    return f"{printable(page.url)}\n    {printable(told)}"


def _missing_line(site: str, page: "Missing") -> str:
    from crawler.cli.words import printable

    seen = f"{page.first_seen:%Y-%m-%d %H:%M}"
    cells = (site, page.url, page.state, page.reason or "", page.detail, seen, page.source)
    return "\t".join(printable(cell).replace("\t", " ") for cell in cells)


# --- for a program ---------------------------------------------------------------------------


def _site_object(found: "Coverage") -> dict[str, Any]:
    return {
        "site": found.site,
        "total": _figures_object(found.figures),
        "sources": [_source_object(each) for each in found.sources],
    }


def _source_object(found: "SourceCoverage") -> dict[str, Any]:
    source = found.source
    return {
        "url": source.url,
        "kind": source.kind,
        "state": source.state,
        **_figures_object(found.figures),
        "silent_since": _iso(found.silent_since),
        "failing_since": _iso(source.failing_since),
        "down": found.is_down,
        "reason": source.reason,
        "status": source.status,
        "overflows": source.overflows,
        "last_visit": _iso(source.last_visit),
        "next_visit": _iso(source.next_visit),
        "last_new": _iso(source.last_new),
    }


def _figures_object(figures: "Figures") -> dict[str, Any]:
    return {
        "announced": figures.announced,
        "captured": figures.captured,
        "pending": figures.pending,
        "refused": dict(figures.refused),
        "gone": figures.gone,
        "share": _share(figures),
    }


def _missing_object(site: str, page: "Missing") -> dict[str, Any]:
    return {
        "site": site,
        "url": page.url,
        "state": page.state,
        "reason": page.reason,
        "detail": page.detail,
        "status": page.status,
        "attempts": page.attempts,
        "first_seen": _iso(page.first_seen),
        "source": page.source,
    }


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
