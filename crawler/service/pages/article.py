"""The article page: clean text to read, how it was found, its versions, and ways to take it along."""

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any, Final

import orjson
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse, StreamingResponse

from crawler.packing import with_requisites
from crawler.service.context import Context
from crawler.service.pages.citing import Citation, citation
from crawler.service.pages.laying import laid, pictures_of
from crawler.service.pages.layout import reader_of, render
from crawler.service.pages.routing import Missing, Wrong, shown
from crawler.service.pages.rows import row_at
from crawler.service.pages.versions import Histories, Known, capture_at, known_readings
from pipelines.catalog import ArticlePlace
from pipelines.catalog.counting import latest_articles
from pipelines.edits import History
from pipelines.extract import Article, ArticleRow
from pipelines.extract.markdown import article_markdown
from pipelines.model import Capture
from pipelines.packages import Page, Wanted, write_wacz
from pipelines.urls import span

FORMATS: Final = ("json", "markdown", "wacz")
MOST_REQUISITES: Final = 500
"""Captures in the package of one page."""
_COPIES: Final = 12
_LOOKED_AT: Final = 40
_LONGEST: Final = 8192
_LATEST: Final = "99991231235959"
_NOSNIFF: Final = {"X-Content-Type-Options": "nosniff"}


@dataclass(frozen=True, slots=True)
class Copy:
    """Another article that says nearly the same."""

    likeness: float
    place: ArticlePlace
    capture: Capture


@dataclass(frozen=True, slots=True)
class Shown:
    """All that an article page shows."""

    row: ArticleRow
    place: ArticlePlace
    capture: Capture
    history: History
    here: int
    """Number of the version that is shown; 0 where it is among those that are not compared."""
    readings: int
    copies: Sequence[Copy]
    cite: Citation
    audio: Capture | None
    """Of the transcript's recording."""

    @property
    def article(self) -> Article:
        """The clean text."""
        return self.row.article


def add_article(router: APIRouter, context: Context, histories: Histories) -> None:
    """Add the article page to *router*."""

    @router.get("/article")
    def article(
        request: Request,
        url: str = "",
        at: str = "",
        view: str = "",
        format: str = "",  # noqa: A002 - the parameter's name
    ) -> Response:
        known = chosen(context, checked(url), at)
        if known is None:
            return RedirectResponse(reader_of(context, request).link("/captures", url=url), 303)
        row = row_at(context.archive.store, known.place.articles_key, known.place.row)
        if format:
            return _taken_along(context, row, format)
        address = f"{context.base_url(request)}/web/{known.capture.timestamp}/{known.capture.url}"
        cite = citation(row.article, known.capture, address)
        found = _shown(context, histories, (known, row), cite=cite)
        pictures = pictures_of(context, row.article, known.capture)
        text = laid(row.article, pictures, single=view == "single")
        script = "transcript.js" if found.audio else ""
        return render(context, request, "article.html", found=found, laid=text, script=script)


def checked(url: str) -> str:
    """Return *url* as it is looked up. Raises ``Wrong`` where it is none."""
    url = url.strip()
    if not url or len(url) > _LONGEST:
        raise Wrong("service: name an address with ?url=https://…, of at most 8192 characters")
    return url if "://" in url else f"http://{url}"


def chosen(context: Context, url: str, at: str = "") -> Known | None:
    """Return the reading of *url* at the time *at*, up to 14 digits, or before; the latest by default.

    None where the address is archived and nothing was read from it. Raises ``Missing``, ``Blocked``,
    ``Wrong``.
    """
    try:
        until = span(at)[1] if at else _LATEST
    except ValueError as error:
        raise Wrong(f"service: {error}") from error
    catalog = context.archive.catalog
    found = latest_articles(catalog, url, most=1, until=until) or latest_articles(catalog, url, most=1)
    if not found:
        shown(context, catalog.closest(url, until), url)
        return None
    capture = capture_at(context, found[0])
    if capture is not None and (context.shows(capture) or found[0].captured == at):
        return Known(found[0], shown(context, capture, url))
    for place in known_readings(context, url):
        capture = capture_at(context, place)
        if capture is not None:
            return Known(place, capture)
    shown(context, capture, url)
    raise Missing(url)


def _shown(
    context: Context, histories: Histories, read: tuple[Known, ArticleRow], *, cite: Citation
) -> Shown:
    known, row = read
    readings = known_readings(context, known.capture.url)
    told = histories.of(known.capture.url, readings)
    return Shown(
        row=row,
        place=known.place,
        capture=known.capture,
        history=told,
        here=_number(told, known.capture.timestamp),
        readings=len(readings),
        copies=_copies(context, known.place),
        cite=cite,
        audio=_audio(context, row.article, known.capture),
    )


def _number(told: History, timestamp: str) -> int:
    for version in reversed(told.versions):
        if version.first.capture.timestamp <= timestamp:
            return version.number
    return 0


def _copies(context: Context, place: ArticlePlace) -> list[Copy]:
    found: dict[str, Copy] = {}
    for likeness, other in context.archive.catalog.similar(place.fingerprint, limit=_LOOKED_AT):
        if other.identity == place.identity or other.identity in found:
            continue
        capture = capture_at(context, other)
        if capture is not None and context.shows(capture):
            found[other.identity] = Copy(likeness, other, capture)
        if len(found) == _COPIES:
            break
    return [*found.values()]


def _audio(context: Context, article: Article, capture: Capture) -> Capture | None:
    if article.transcript is None or not article.transcript.audio:
        return None
    found = context.archive.catalog.closest(article.transcript.audio, capture.timestamp)
    return found if found and found.status in {200, 206, 304} and context.shows(found) else None


# --- taking it along --------------------------------------------------------------------------------


def _taken_along(context: Context, row: ArticleRow, form: str) -> Response:
    if form == "json":
        told: dict[str, Any] = {"capture": asdict(row.capture), "article": row.article}
        told["announced"] = dict(row.announced)
        return Response(orjson.dumps(told), media_type="application/json", headers=_NOSNIFF)
    if form == "markdown":
        content = article_markdown(row.article)
        return Response(content, media_type="text/markdown; charset=utf-8", headers=_NOSNIFF)
    if form == "wacz":
        return _package(context, row)
    raise Wrong(f"service: there is no format {form!r}; {', '.join(FORMATS)} are")


def _package(context: Context, row: ArticleRow) -> Response:
    """Return the page and what it needs to be shown as a WACZ, written whole before it is sent."""
    capture, article = row.capture, row.article
    archive = context.archive
    page = Page(capture.url, capture.timestamp, article.title or capture.url, article.text)
    captures = filter(context.shows, islice(with_requisites(archive, [capture]), MOST_REQUISITES))

    def original_of(revisit: Capture) -> Capture | None:
        found = archive.original_of(revisit)
        return found if context.shows(found) else None

    file = tempfile.TemporaryFile(prefix="newswarc-wacz-")  # noqa: SIM115 - the answer closes it
    try:
        wanted = Wanted(captures, [page], page.title, main=page)
        write_wacz(file, archive.store, wanted, original_of=original_of, made=datetime.now(UTC))
    except BaseException:
        file.close()
        raise
    length = file.tell()
    file.seek(0)
    headers = {
        **_NOSNIFF,
        "Content-Length": str(length),
        "Content-Disposition": f'attachment; filename="{capture.timestamp}.wacz"',
    }

    def pieces() -> Iterator[bytes]:
        with file:
            while piece := file.read(2**18):
                yield piece

    return StreamingResponse(pieces(), media_type="application/wacz", headers=headers)
