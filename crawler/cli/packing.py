"""WARC and WACZ files of a part of the archive, for ``export`` and ``search``."""

import json
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import groupby
from operator import attrgetter
from typing import IO, TYPE_CHECKING, BinaryIO, Literal

from crawler.cli.words import counted, size
from pipelines.catalog import Match, Place, Query
from pipelines.extract import ArticleRow
from pipelines.model import Capture
from pipelines.packages import Page, Wanted, write_wacz, write_warc

if TYPE_CHECKING:
    from pipelines.archive import Archive

PackageForm = Literal["warc", "wacz"]


@dataclass(frozen=True, slots=True)
class Picked:
    """What goes into a package."""

    captures: Iterable[Capture]
    pages: Iterable[Page]
    """Read after the captures."""
    title: str
    main: Page | None = None


class _Pages:
    """The pages of articles, on disk until the captures are written: a package has them behind these."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file

    def noted(self, rows: Iterable[ArticleRow]) -> Iterator[Capture]:
        """Yield the captures of *rows*, and keep their pages."""
        for row in rows:
            self._file.write(json.dumps(asdict(_page(row))) + "\n")
            yield row.capture

    def __iter__(self) -> Iterator[Page]:
        self._file.seek(0)
        for line in self._file:
            yield Page(**json.loads(line))


@contextmanager
def of_rows(rows: Iterable[ArticleRow], title: str) -> Iterator[Picked]:
    """Give a package of the captures of *rows*, which are read once."""
    with tempfile.TemporaryFile("w+", encoding="utf-8", prefix="newswarc-pages-") as file:
        pages = _Pages(file)
        yield Picked(pages.noted(rows), pages, title)


def of_urls(archive: "Archive", captures: Iterable[Capture], urls: Iterable[str]) -> Picked:
    """Return a package of *captures*, those of *urls*; the first that is no prefix is what a viewer shows."""
    found = [*captures]
    first = next((url for url in urls if not url.endswith("*")), "")
    latest = max((each for each in found if each.url == first), key=attrgetter("timestamp"), default=None)
    main = Page(first, latest.timestamp, first) if latest else None
    return Picked(found, map(_page, rows_of(archive, found)), ", ".join(urls), main)


def of_all(archive: "Archive", is_shown: Callable[[Capture], bool]) -> Picked:
    """Return a package of all of the collection that *is_shown*."""
    captures = filter(is_shown, archive.catalog.all())
    pages = (_page(row) for row in archive.articles() if is_shown(row.capture))
    return Picked(captures, pages, f"{archive.collection} of {archive.store.url}")


def captures_of(archive: "Archive", urls: Iterable[str]) -> Iterator[Capture]:
    """Yield the captures of *urls*, each once; ``*`` at the end of one: of all that begin so.

    Of an article these are all its versions, also those under other addresses.
    """
    seen: set[Place] = set()
    for url in urls:
        for capture in _captures_of(archive, url):
            place = Place.of(capture)
            if place not in seen:
                seen.add(place)
                yield capture


def _captures_of(archive: "Archive", url: str) -> Iterator[Capture]:
    if url.endswith("*"):
        yield from archive.catalog.captures(Query(url[:-1], match=Match.PREFIX))
        return
    yield from archive.catalog.find(url)
    for article in archive.catalog.history(url):
        place = Place(article.urlkey, article.captured, article.segment, article.offset)
        capture = archive.catalog.at(place)
        if capture is not None:
            yield capture


def rows_of(archive: "Archive", captures: Iterable[Capture]) -> Iterator[ArticleRow]:
    """Yield the articles that were read from *captures*, a segment after the other."""
    ordered = sorted(captures, key=attrgetter("segment", "offset"))
    for segment, group in groupby(ordered, key=attrgetter("segment")):
        offsets = {capture.offset for capture in group}
        yield from (row for row in archive.articles_of(segment) if row.capture.offset in offsets)


def write_package(
    sink: BinaryIO, archive: "Archive", picked: Picked, form: PackageForm, is_shown: Callable[[Capture], bool]
) -> int:
    """Write *picked* into *sink*, and return how many captures it has. Tells on standard error how far it is.

    A revisit whose original is not *is_shown* is left out. Raises ``NotArchived`` where a revisit's original
    is not in the archive, and what reading a record does.
    """
    made = datetime.now(UTC)

    def original_of(capture: Capture) -> Capture | None:
        found = archive.original_of(capture)
        return found if is_shown(found) else None

    with _bar() as told:
        if form == "warc":
            captures = _counted(picked.captures, told)
            copied = write_warc(sink, archive.store, captures, original_of=original_of, made=made)
        else:
            wanted = Wanted(picked.captures, picked.pages, picked.title, main=picked.main)
            packed = write_wacz(sink, archive.store, wanted, original_of=original_of, made=made, told=told)
            copied = packed.copied
    if copied.left_out:
        left_out = counted(copied.left_out, "revisit")
        print(f"newswarc: {left_out} left out, whose content is taken down elsewhere", file=sys.stderr)
    more = f" and {counted(copied.originals, 'original')} of revisits" if copied.originals else ""
    print(f"newswarc: {counted(copied.captures, 'capture')}{more}, {size(copied.size)}", file=sys.stderr)
    return copied.captures


def _page(row: ArticleRow) -> Page:
    article, capture = row.article, row.capture
    return Page(capture.url, capture.timestamp, article.title or capture.url, article.text)


def _counted(captures: Iterable[Capture], told: Callable[[int, int], None]) -> Iterator[Capture]:
    for count, capture in enumerate(captures, 1):
        yield capture
        told(count, 0)


@contextmanager
def _bar() -> Iterator[Callable[[int, int], None]]:
    """Give what shows how far a package is, where standard error is a terminal."""
    if not sys.stderr.isatty():
        yield lambda _captures, _bytes: None
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("copying records", total=None)

        def show(captures: int, written: int) -> None:
            amount = f", {size(written)}" if written else ""
            bar.update(task, description=f"copying records, {counted(captures, 'capture')}{amount}")

        yield show
