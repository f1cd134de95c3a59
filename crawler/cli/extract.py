"""``newswarc extract``: the article of one page, and why it is that."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.cli.opening import archive_of, configuration, looks_like_url
from crawler.cli.options import AtOption, CollectionOption, ConfigOption, StoreOption
from crawler.cli.shown import refuse_taken_down

if TYPE_CHECKING:
    from crawler.config import Config
    from pipelines.extract import Article, Page, Rules
    from pipelines.extract.explain import Explanation

_TIMESTAMP = 14
_SHOWN = 300


def extract(
    target: Annotated[
        str | None,
        typer.Argument(
            metavar="FILE|URL|CAPTURE",
            help="HTML file, - for standard input; address of a page in the archive; or capture: "
            "20261123140509/https://…",
            show_default=False,
        ),
    ] = None,
    *,
    named_store: StoreOption = None,
    collection: CollectionOption = None,
    config: ConfigOption = None,
    at: AtOption = None,
    address: Annotated[
        str | None, typer.Option("--url", metavar="URL", help="Address that FILE was fetched from.")
    ] = None,
    profile: Annotated[
        str | None,
        typer.Option(
            "--rules", metavar="PROFILE", help="Site profile, by name or file. Else that of the page's host."
        ),
    ] = None,
    explained: Annotated[
        bool, typer.Option("--explain", help="Show what became of each block of the page, and why.")
    ] = False,
    html: Annotated[
        Path | None,
        typer.Option(
            metavar="OUT", help="Write what --explain shows as an HTML page in colours; - is standard output."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the article as one JSON object.")] = False,
    as_markdown: Annotated[bool, typer.Option("--markdown", help="Print the article as Markdown.")] = False,
    lines: Annotated[
        bool,
        typer.Option(
            "--jsonl",
            help='Read lines {"id", "path", "url"}, write {"id", "text", "title", "author", "date"}.',
        ),
    ] = False,
) -> None:
    """Print the clean text of a page: of a file, or of a capture in the archive. Nothing is fetched.

    An address is looked up in the archive; its latest capture is read, or the one nearest to --at. The rules
    are those that held on the day of the capture, of a file those that hold today.
    """
    if sum((as_json, as_markdown, lines, explained)) > 1:
        raise typer.BadParameter("--json, --markdown, --jsonl and --explain exclude each other")
    if explained and html == Path("-"):
        raise typer.BadParameter("--explain and --html - exclude each other: both are standard output")
    if lines:
        if target is not None:
            raise typer.BadParameter(
                "--jsonl reads its pages from standard input", param_hint="FILE|URL|CAPTURE"
            )
        from crawler.cli.extract_lines import answer_lines

        return answer_lines()
    if target is None:
        raise typer.BadParameter("name a file, an address or a capture", param_hint="FILE|URL|CAPTURE")
    settings = configuration(named_store, collection, config)
    page, day = _page(target, settings, at, address)
    rules = _rules(profile, settings, page.url, day)
    if html is not None or explained:
        return _explain(page, rules, html, shown=explained)
    from pipelines.extract import extract_page

    article = extract_page(page, rules)
    form = "json" if as_json else "markdown" if as_markdown else "text"
    sys.stdout.buffer.write(_written(article, form))
    sys.stdout.buffer.flush()
    return None


def _page(target: str, settings: "Config", at: str | None, address: str | None) -> tuple["Page", str | None]:
    """Return the page that *target* is, and when it was captured; None for a file."""
    from pipelines.errors import ConfigError
    from pipelines.extract import open_page

    timestamp, url = _capture(target, at)
    if url is not None:
        return _archived(url, settings, timestamp, exact=target != url)
    try:
        content = sys.stdin.buffer.read() if target == "-" else Path(target).read_bytes()
        return open_page(content, address or ""), None
    except OSError as error:
        raise ConfigError(
            f"extract: {target!r} cannot be read ({error.strerror or error}); name a file, an address "
            "that is in the archive, or a capture (20261123140509/https://…)"
        ) from error


def _capture(target: str, at: str | None) -> tuple[str | None, str | None]:
    """Return timestamp and URL that *target* means; no URL where it is a file."""
    from crawler.cli.times import digits_of

    if looks_like_url(target):
        return digits_of(at, "--at") or None, target
    digits, _, url = target.partition("/")
    if digits.isdigit() and len(digits) == _TIMESTAMP and looks_like_url(url):
        return digits, url
    return None, None


def _archived(url: str, settings: "Config", at: str | None, *, exact: bool) -> tuple["Page", str]:
    from pipelines.errors import NotArchived
    from pipelines.extract import open_page

    with archive_of(settings, sync=True) as archive:
        try:
            capture = refuse_taken_down(archive, archive.find(url, at=at))
        except NotArchived as error:
            raise NotArchived(
                f"{error}; extract reads the archive only: fetch the page first with 'newswarc crawl', "
                "or name a file"
            ) from error
        if exact and capture.timestamp != at:
            raise NotArchived(f"archive: no capture of {url} at {at}; the nearest one is {capture.timestamp}")
        read = archive.open(capture)
        return open_page(read.payload, capture.url, headers=read.headers), capture.timestamp


def _rules(profile: str | None, settings: "Config", url: str, day: str | None) -> "Rules":
    """Return the rules of *profile*, else for *url*, on the day of the capture; of a file, those of today."""
    from datetime import UTC, datetime

    from crawler.sites import load_profile
    from pipelines.extract import NO_RULES
    from pipelines.urls import moment, timestamp

    when = moment(day) if day is not None else datetime.now(UTC)
    if profile is not None:
        return load_profile(profile, settings.sites.folders).rules_at(when)
    if not url:
        return NO_RULES
    from crawler.jobs.reextraction import book_of

    return book_of(settings.sites.folders).rules_for(url, timestamp(when))


def _written(article: "Article", form: str) -> bytes:
    from crawler.cli.formats import article_text
    from pipelines.extract.markdown import article_markdown

    if form == "json":
        return article.to_json() + b"\n"
    return (article_markdown(article) if form == "markdown" else article_text(article)).encode()


def _explain(page: "Page", rules: "Rules", path: Path | None, *, shown: bool) -> None:
    from crawler.cli.output import output
    from pipelines.extract.explain import as_html, explain

    explanation = explain(page, rules)
    if path is not None:
        with output(path) as sink:
            sink.write(as_html(explanation).encode())
    if shown:
        _show(explanation)


def _show(explanation: "Explanation") -> None:
    """Print the blocks with their fate, coloured where standard output is a terminal."""
    from rich.console import Console
    from rich.text import Text

    from pipelines.extract.explain import LEGEND, Fate, facts

    signs = {
        Fate.KEPT: ("+", "green"),
        Fate.USED: ("=", "blue"),
        Fate.DROPPED: ("-", "red"),
        Fate.DATA: (".", "bright_black"),
    }
    console = Console(highlight=False, soft_wrap=True)
    for name, value in facts(explanation).items():
        console.print(Text.assemble((f"{name:<12}", "bold"), value))
    console.print()
    for fate, (mark, style) in signs.items():
        console.print(Text(f"{mark} {LEGEND[fate]}", style=style))
    console.print()
    for each in explanation.blocks:
        odds = "    " if each.odds is None else f"{each.odds:.2f}"
        mark, style = signs[each.fate]
        place = f" {each.place}" if each.place else ""
        console.print(Text(f"{mark} {odds} [{each.step}]{place}", style=f"dim {style}"))
        console.print(Text(f"  {_short(each.text)}", style=style))


def _short(text: str) -> str:
    from crawler.cli.words import printable

    plain = printable(" ".join(text.split()))
    return plain if len(plain) <= _SHOWN else f"{plain[:_SHOWN]}…"
