"""``newswarc list``, ``show`` and ``cat``: find a capture by URL and time, and print it."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from crawler.cli.opening import archive_of, configuration, looks_like_url
from crawler.cli.options import (
    AtOption,
    CollectionOption,
    ConfigOption,
    JsonOption,
    StoreOption,
    StoreOrUrl,
)
from crawler.cli.shown import Shown, refuse_taken_down

if TYPE_CHECKING:
    from crawler.cli.stored import RawRecord
    from crawler.config import Config
    from pipelines.archive import Archive
    from pipelines.model import Capture

Part = Literal["payload", "raw", "headers", "text"]
Url = Annotated[str | None, typer.Argument(metavar="URL", help="Page's address.", show_default=False)]


def list_captures(
    store: StoreOrUrl = None,
    url: Annotated[
        str | None,
        typer.Argument(metavar="[URL]", help="Page's address; with * at the end, all that begin so."),
    ] = None,
    *,
    since: Annotated[
        str | None, typer.Option("--from", metavar="TIME", help="Captured then or later: 2026, 2026-11-23…")
    ] = None,
    until: Annotated[
        str | None, typer.Option("--to", metavar="TIME", help="Captured until the end of it.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
    named_store: StoreOption = None,
    collection: CollectionOption = None,
    config: ConfigOption = None,
) -> None:
    """List captures by address and time: timestamp, status, media type, bytes in the WARC, kind, URL.

    Quote an address that ends in *, so that the shell leaves it alone.
    """
    from crawler.cli.times import digits_of
    from crawler.cli.words import capture_object
    from pipelines.urls import span

    if url is None and store is not None and (looks_like_url(store) or named_store):
        store, url = None, store
    first, last = span(digits_of(since, "--from"))[0], span(digits_of(until, "--to"))[1]
    with archive_of(configuration(named_store or store, collection, config), sync=True) as archive:
        found, shown = False, Shown(archive)
        for capture in filter(shown, _matching(archive, url)):
            if first <= capture.timestamp <= last:
                found = True
                print(json.dumps(capture_object(capture)) if as_json else _line(capture))
        shown.tell()
    if not found:
        print("newswarc: no captures", file=sys.stderr)


def show(
    store: StoreOrUrl = None,
    url: Url = None,
    *,
    at: AtOption = None,
    as_json: JsonOption = False,
    named_store: StoreOption = None,
    collection: CollectionOption = None,
    config: ConfigOption = None,
) -> None:
    """Show what is known of a capture: where it lies, digests, request and response headers, provenance."""
    from crawler.cli.stored import companions, own_record

    settings, address = _place(store, url, named_store, collection, config)
    with archive_of(settings, sync=True) as archive:
        capture = refuse_taken_down(archive, archive.find(address, at=_digits(at)))
        own = own_record(archive, capture)
        records = [own, *companions(archive, capture, own)]
    if as_json:
        print(json.dumps(_described(capture, records)))
    else:
        sys.stdout.write("".join(f"{line}\n" for line in _shown(capture, records)))


def cat(
    store: StoreOrUrl = None,
    url: Url = None,
    *,
    at: AtOption = None,
    payload: Annotated[
        bool,
        typer.Option("--payload", help="The body as a browser reads it: de-chunked, unzipped. The default."),
    ] = False,
    raw: Annotated[
        bool,
        typer.Option("--raw", help="The response as it came over the wire, headers and chunks included."),
    ] = False,
    headers: Annotated[bool, typer.Option("--headers", help="The response's head as it came.")] = False,
    text: Annotated[bool, typer.Option("--text", help="The clean text.")] = False,
    named_store: StoreOption = None,
    collection: CollectionOption = None,
    config: ConfigOption = None,
) -> None:
    """Print a capture's content, byte for byte; a revisit's payload is that of the capture it repeats."""
    wanted = [
        part
        for part, given in {"payload": payload, "raw": raw, "headers": headers, "text": text}.items()
        if given
    ]
    if len(wanted) > 1:
        raise typer.BadParameter(f"--{wanted[0]} and --{wanted[1]} exclude each other")
    settings, address = _place(store, url, named_store, collection, config)
    with archive_of(settings, sync=True) as archive:
        capture = refuse_taken_down(archive, archive.find(address, at=_digits(at)))
        content = _content(archive, capture, wanted[0] if wanted else "payload")
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


def _place(
    store: str | None, url: str | None, named: str | None, collection: str | None, config: Path | None
) -> tuple["Config", str]:
    """Return the configuration and the URL that the arguments mean: of one alone it is the URL."""
    if url is None:
        store, url = None, store
    if url is None or (not looks_like_url(url) and Path(url).is_dir()):
        raise typer.BadParameter("name the page's URL", param_hint="URL")
    return configuration(named or store, collection, config), url


def _digits(at: str | None) -> str | None:
    from crawler.cli.times import digits_of

    return digits_of(at, "--at") or None


def _matching(archive: "Archive", url: str | None) -> Iterator["Capture"]:
    if url is None:
        yield from archive.catalog.all()
    elif url.endswith("*"):
        prefix = _comparable(url[:-1])
        yield from (
            each for each in _beginning(archive, url[:-1]) if _comparable(each.url).startswith(prefix)
        )
    else:
        yield from archive.catalog.find(url)


def _beginning(archive: "Archive", start: str) -> Iterator["Capture"]:
    """Yield at least the captures whose address begins with *start*."""
    from pipelines.catalog import Match, Query

    host, slash, _ = (start.partition("://")[2] or start).partition("/")
    # Half a host's name is no beginning of an urlkey, nor is half a query, whose parameters are sorted there.
    is_key = bool(host and slash) and "?" not in start
    yield from archive.catalog.captures(Query(start if is_key else "", match=Match.PREFIX))


def _comparable(url: str) -> str:
    """Return *url* without scheme and ``www.``, its host in lower case: pages move between these forms."""
    rest = url.partition("://")[2] or url
    host, slash, path = rest.partition("/")
    return host.lower().removeprefix("www.") + slash + path


def _line(capture: "Capture") -> str:
    from crawler.cli.words import printable

    status = capture.status or "-"
    told = f"{capture.timestamp} {status:>3} {capture.mime:<24} {capture.length:>9} {capture.kind:<8} "
    return printable(f"{told}{capture.url}")


def _described(capture: "Capture", records: list["RawRecord"]) -> dict[str, object]:
    from crawler.cli.words import capture_object

    return {
        "capture": capture_object(capture),
        "records": [
            {"fields": [list(pair) for pair in record.fields], "head": _head_of(record)} for record in records
        ],
    }


def _shown(capture: "Capture", records: list["RawRecord"]) -> Iterator[str]:
    from crawler.cli.words import capture_object, printable

    yield f"{capture.url}"
    yield from (
        f"  {name:<10} {value}" for name, value in capture_object(capture).items() if value is not None
    )
    for record in records:
        yield ""
        yield f"{record.get('WARC-Type')} record"
        yield from (printable(f"  {name}: {value}") for name, value in record.fields)
        yield ""
        yield from (printable(f"    {line}") for line in _head_of(record))


def _head_of(record: "RawRecord") -> list[str]:
    """Return the lines of the record's message head, or of its fields."""
    from pipelines.warc.message import parse_head

    head = record.block[: parse_head(record.block[: 1 << 20]).length]
    text = head.decode("utf-8", "backslashreplace")
    return [line for line in (part.removesuffix("\r") for part in text.split("\n")) if line]


def _content(archive: "Archive", capture: "Capture", part: str) -> bytes:
    from crawler.cli.formats import article_text
    from crawler.cli.stored import text_of, wire_block
    from pipelines.extract.coding import decoded
    from pipelines.warc.message import parse_head

    if part == "payload":
        read = archive.open(capture)
        content, reasons = decoded(read.payload, read.headers)
        if reasons:
            print(f"newswarc: payload: {', '.join(reasons)}", file=sys.stderr)
        return content
    if part == "text":
        article, stored = text_of(archive, capture)
        if not stored:
            print("newswarc: no clean text is stored for this capture; extracted now", file=sys.stderr)
        return article_text(article).encode()
    block = wire_block(archive, capture)
    return block if part == "raw" else block[: parse_head(block[: 1 << 20]).length]
