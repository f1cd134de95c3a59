"""``newswarc edits`` and ``diff``: how articles changed, and when they went and came back."""

import json
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crawler.cli.opening import archive_of, configuration
from crawler.cli.options import CollectionOption, ConfigOption, JsonOption, StoreOption
from crawler.cli.shown import Shown

if TYPE_CHECKING:
    from pipelines.edits import Difference, FeedHead, History, Version
    from pipelines.edits.feeds import Change

_HEAD = ("seen", "not before", "kind", "headline", "why", "url")


def edits(
    site: Annotated[
        str | None,
        typer.Argument(metavar="[SITE]", help="A host, with those below it; else all sites of the archive."),
    ] = None,
    *,
    since: Annotated[
        str | None,
        typer.Option(metavar="TIME", help="Only what was seen then or later: 7d, 12h, 2026-11, 2026-11-23."),
    ] = None,
    url: Annotated[str | None, typer.Option("--url", metavar="URL", help="Only of this article.")] = None,
    diff: Annotated[
        bool, typer.Option("--diff", help="Show what differs below each edit, in colours in a terminal.")
    ] = False,
    atom: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write an Atom feed there, no table; - is standard output."),
    ] = None,
    feed: Annotated[
        Path | None,
        typer.Option("--json-feed", metavar="FILE", help="Write a JSON Feed there; - is standard output."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
    store: StoreOption = None,
    collection: CollectionOption = None,
    config: ConfigOption = None,
) -> None:
    """List edits of articles, disappearances and returns, the latest first.

    An edit is a change of headline, byline or text; advertisements, counters, dates, lists of links, white
    space and quotation marks are none. "Not before" is when the earlier version was seen for the last time.
    """
    from crawler.cli.edit_sightings import Changing
    from pipelines.edits import FeedHead, histories
    from pipelines.edits.feeds import in_order

    if atom == feed == Path("-"):
        raise typer.BadParameter("one of --atom and --json-feed may be standard output, not both")
    earliest = _earliest(since)
    settings = configuration(store, collection, config)
    with archive_of(settings, sync=True) as archive:
        changing = Changing(archive)
        shown = Shown(archive)
        seen = changing.of_page(url) if url else changing.of_site(_host(site))
        sightings = [each for each in seen if shown(each.capture)]
        shown.tell()
        every = (history for _, history in histories(sightings, again=changing.again))
        found = [history for history in every if not url or _is_of(history, url)]
        name, place = archive.collection, archive.store.url
    changes = in_order(_changes(found, earliest))
    if atom or feed:
        _write_feeds(changes, FeedHead(f"Edits: {name}", identity=f"{place} {name}"), atom, feed)
    elif as_json:
        for change in changes:
            print(json.dumps(_object(change, with_difference=diff), ensure_ascii=False))
    else:
        _print(changes, with_difference=diff)
    if not changes:
        print("newswarc: no edits", file=sys.stderr)


def diff(
    url: Annotated[str, typer.Argument(metavar="URL", help="Article's address.", show_default=False)],
    before: Annotated[
        str | None,
        typer.Argument(
            metavar="[FROM]", help="Version: its number, or a time it was seen at. Else the one before TO."
        ),
    ] = None,
    after: Annotated[
        str | None,
        typer.Argument(
            metavar="[TO]", help="Version: its number, or a time it was seen at. Else the last one."
        ),
    ] = None,
    *,
    as_html: Annotated[bool, typer.Option("--html", help="Answer as a fragment of HTML.")] = False,
    as_json: JsonOption = False,
    store: StoreOption = None,
    collection: CollectionOption = None,
    config: ConfigOption = None,
) -> None:
    """Show what differs between two versions of an article: by character of Chinese, else by word.

    A time means the version that was the last one then. FROM alone is compared with the last version; where
    it is the last one itself, with the one before it.
    In a terminal what was removed is red and struck through, what was added green and underlined; elsewhere
    the form is that of diff -u.
    """
    from pipelines.edits import difference, to_html, to_json

    settings = configuration(store, collection, config)
    one, other = _two(_history_of(settings, url), url, before, after)
    found = difference(one.reading, other.reading)
    if as_json:
        told = {"url": url, "before": _version(one), "after": _version(other), **to_json(found)}
        print(json.dumps(told, ensure_ascii=False))
    elif as_html:
        print(to_html(found))
    else:
        print(f"newswarc: version {one.number} and version {other.number}", file=sys.stderr)
        sys.stdout.write(_drawn(found, one, other))


def _history_of(settings: Any, url: str) -> "History":  # noqa: ANN401 - Config is heavy to import
    """Return the history of the article at *url*. Raises ``NotArchived`` where it has no version."""
    from crawler.cli.edit_sightings import Changing
    from pipelines.edits import histories
    from pipelines.errors import NotArchived

    with archive_of(settings, sync=True) as archive:
        changing = Changing(archive)
        shown = Shown(archive)
        sightings = [each for each in changing.of_page(url) if shown(each.capture)]
        shown.tell()
        for _, history in histories(sightings, again=changing.again):
            if _is_of(history, url):
                return history
        raise NotArchived(
            f"archive: collection {archive.collection!r} in {archive.store.url} has no version of an article "
            f"at {url}; 'newswarc list' tells which captures it has"
        )


def _is_of(history: "History", url: str) -> bool:
    """Return whether a version of *history* was seen at *url*, or at another address of that page."""
    from pipelines.edits.sighting import page_key

    pages = {
        page_key(each.capture.url) for version in history.versions for each in (version.first, version.last)
    }
    return page_key(url) in pages


def _two(history: "History", url: str, before: str | None, after: str | None) -> "tuple[Version, Version]":
    from pipelines.errors import NotArchived

    versions = history.versions
    one = _chosen(versions, before) if before else None
    other = _chosen(versions, after) if after else versions[-1]
    if one is None or (one is other and not after):
        one = versions[max(0, other.number - 2)]
    if one is not other:
        return one, other
    first = _time(one.first.at)
    if len(versions) == 1:
        raise NotArchived(f"archive: {url} has one version, first seen {first}: nothing differs")
    raise NotArchived(
        f"archive: {before!r} and {after!r} are the same version of {url}, number {one.number} of "
        f"{len(versions)}, first seen {first}: nothing differs; name others by their numbers"
    )


def _chosen(versions: "Sequence[Version]", asked: str) -> "Version":
    """Return the version of the number or at the time *asked*."""
    from crawler.cli.times import digits_of
    from pipelines.errors import NotArchived
    from pipelines.urls import span

    if asked.isdigit() and len(asked) < 4:
        if 1 <= int(asked) <= len(versions):
            return versions[int(asked) - 1]
        raise NotArchived(f"archive: there is no version {asked}; there are {len(versions)}")
    latest = span(digits_of(asked, "version"))[1]
    seen = [version for version in versions if version.first.capture.timestamp <= latest]
    if not seen:
        first = versions[0].first.capture.timestamp
        raise NotArchived(f"archive: no version was seen until {asked}; the first one is of {first}")
    return seen[-1]


def _earliest(since: str | None) -> str:
    """Return the 14 digits, or the first of them, of *since*: a time, or how long ago."""
    from datetime import UTC, timedelta

    from crawler.cli.times import digits_of
    from crawler.config.units import read_seconds
    from pipelines.urls import span, timestamp

    if since is None:
        return ""
    if since[-1:].lower() in "smhdw" and not since[-1:].isdigit():
        try:
            ago = timedelta(seconds=float(str(read_seconds(since))))
            return timestamp(datetime.now(UTC) - ago)
        except (ValueError, OverflowError) as error:
            raise typer.BadParameter(f"--since {since!r} {error}") from error
    return span(digits_of(since, "--since"))[0]


def _host(site: str | None) -> str:
    from pipelines.urls import host

    return host(site if "//" in site else f"//{site}") if site else ""


def _changes(found: "Iterable[History]", earliest: str) -> "list[Change]":
    from pipelines.urls import timestamp

    every: list[Change] = []
    for history in found:
        every += [*history.edits, *history.events]
    return [change for change in every if timestamp(change.at) >= earliest]


def _print(changes: "Sequence[Change]", *, with_difference: bool) -> None:
    from crawler.cli.tables import print_table
    from pipelines.edits import Edit

    rows = [_row(change) for change in changes]
    if not with_difference:
        print_table(_HEAD, rows, folds=("headline", "why", "url"), named=False)
        return
    for change, row in zip(changes, rows, strict=True):
        print("\t".join(row))
        if isinstance(change, Edit):
            print(_drawn(change.difference, change.before, change.after))


def _row(change: "Change") -> tuple[str, ...]:
    from crawler.cli.words import printable
    from pipelines.edits.feeds import earlier, headline_of, kind_of, reasons_of

    told = (kind_of(change), headline_of(change), "; ".join(reasons_of(change)), change.url)
    return _time(change.at), _time(earlier(change)), *map(printable, told)


def _drawn(found: "Difference", one: "Version", other: "Version") -> str:
    from pipelines.edits import to_terminal, to_text

    if sys.stdout.isatty():
        return to_terminal(found)
    names = tuple(f"{each.first.capture.url} {_time(each.first.at)}" for each in (one, other))
    return to_text(found, names=(names[0], names[1]))


def _object(change: "Change", *, with_difference: bool) -> dict[str, Any]:
    from pipelines.edits import Edit, to_json
    from pipelines.edits.feeds import earlier, headline_of, identifier, kind_of, reasons_of

    told: dict[str, Any] = {
        "id": identifier(change),
        "kind": kind_of(change),
        "url": change.url,
        "seen": _time(change.at),
        "not_before": _time(earlier(change)),
        "headline": headline_of(change),
        "reasons": list(reasons_of(change)),
    }
    if isinstance(change, Edit):
        told |= {
            "grades": [*change.grades],
            "before": _version(change.before),
            "after": _version(change.after),
        }
        if with_difference:
            told["difference"] = to_json(change.difference)
    return told


def _version(version: "Version") -> dict[str, Any]:
    return {
        "number": version.number,
        "headline": version.reading.headline,
        "timestamp": version.first.capture.timestamp,
        "last": version.last.capture.timestamp,
        "captures": version.captures,
        "segment": version.first.capture.segment,
        "offset": version.first.capture.offset,
        "restores": version.restores,
    }


def _write_feeds(changes: "Sequence[Change]", head: "FeedHead", atom: Path | None, feed: Path | None) -> None:
    from crawler.cli.output import output
    from pipelines.edits import atom as as_atom
    from pipelines.edits import json_feed

    for path, written in ((atom, as_atom), (feed, json_feed)):
        if path is not None:
            with output(path) as sink:
                sink.write(written(changes, head))


def _time(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
