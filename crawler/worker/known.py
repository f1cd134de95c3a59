"""What the archive has already of the URLs of a save."""

import asyncio
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime

from scrapy import Request
from scrapy.http import Response
from sqlalchemy import select

from crawler.recorder.recorder import UNMODIFIED
from pipelines.archive import Archive
from pipelines.catalog import Catalog
from pipelines.catalog.schema import segments, terms
from pipelines.errors import NewswarcError
from pipelines.model import Capture, Original, header
from pipelines.urls import urlkey

_LATEST = "99991231235959"


@dataclass(frozen=True, slots=True)
class Condition:
    """What makes a request conditional: the capture that it asks about, and its validators."""

    headers: dict[str, str] = field(default_factory=dict)
    meta: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Known:
    """What the archive has, as one save sees it: *own* are segments of earlier attempts at it."""

    archive: Archive
    fresh_seconds: float
    own: frozenset[str] = frozenset()

    async def latest(self, urls: Iterable[str]) -> dict[str, Capture]:
        """Return the latest capture of each of *urls* that has one."""
        return await asyncio.to_thread(_latest, self.archive.catalog, list(urls))

    def is_own(self, capture: Capture) -> bool:
        """Return whether an earlier attempt at the save has made *capture*."""
        return capture.segment in self.own

    def is_fresh(self, capture: Capture) -> bool:
        """Return whether *capture* is whole, and so young that it need not be fetched again."""
        good = capture.status is not None and capture.status < 400 and capture.truncated is None
        return good and (self.is_own(capture) or age_of(capture) <= self.fresh_seconds)

    async def response(self, capture: Capture) -> Response | None:
        """Return *capture* as an answer to a request, None where it cannot be read."""
        try:
            stored = await asyncio.to_thread(self.archive.open, capture)
        except NewswarcError:
            # It is asked for again, which mends what can be mended.
            return None
        headers: dict[bytes, list[bytes]] = {}
        for name, value in stored.headers:
            headers.setdefault(name, []).append(value)
        status = (stored.original or capture).status or 200
        return Response(
            capture.url, status=status, headers=headers, body=stored.payload, request=Request(capture.url)
        )

    async def condition(self, capture: Capture | None, url: str) -> Condition:
        """Return what makes a request for *url* conditional on *capture*; nothing where that cannot be."""
        if capture is None or capture.status not in {200, 304} or capture.truncated or capture.url != url:
            return Condition()
        try:
            stored = await asyncio.to_thread(self.archive.open, capture)
        except NewswarcError:
            return Condition()
        found = {
            "If-None-Match": header(stored.headers, b"etag"),
            "If-Modified-Since": header(stored.headers, b"last-modified"),
        }
        given = {name: value.decode("latin-1") for name, value in found.items() if value}
        return Condition(given, {UNMODIFIED: asdict(Original.of(capture))}) if given else Condition()


def age_of(capture: Capture) -> float:
    """Return how many seconds ago *capture* was made."""
    made = datetime.strptime(capture.timestamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    return (datetime.now(UTC) - made).total_seconds()


def segments_of(catalog: Catalog, job: str) -> frozenset[str]:
    """Return the segments of the *job* that *catalog* has."""
    query = select(segments.c.name).join(terms, terms.c.id == segments.c.job_id).where(terms.c.text == job)
    with catalog.database.reading() as connection:
        return frozenset(connection.execute(query.where(segments.c.held == 1)).scalars())


def _latest(catalog: Catalog, urls: list[str]) -> dict[str, Capture]:
    found: dict[str, Capture] = {}
    for url in urls:
        capture = catalog.closest(url, _LATEST)
        if capture is not None and capture.urlkey == urlkey(url):
            found[url] = capture
    return found
