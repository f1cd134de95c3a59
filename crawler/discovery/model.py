"""What a source announces: the URLs, what was said of them, and further sources."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Kind(StrEnum):
    """What a payload turned out to be, by its content."""

    FEED = "feed"
    """RSS 0.9 to 2.0, RDF, Atom or JSON Feed."""
    SITEMAP = "sitemap"
    NEWS_SITEMAP = "news-sitemap"
    """A sitemap with the Google News extension: titles and publication dates."""
    SITEMAP_INDEX = "sitemap-index"
    SECTION = "section"
    """An HTML page whose links are announced."""
    ROBOTS = "robots"
    LINK = "link"
    """A link of a page; the kind of an :class:`AnnouncedUrl` only."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class AnnouncedUrl:
    """One URL, and what its source said of it; unknown is None or empty, never guessed."""

    url: str
    """Absolute, http or https, without fragment."""
    source: str
    """URL of the feed, sitemap or page."""
    kind: Kind
    title: str = ""
    published: datetime | None = None
    """Aware, UTC."""
    updated: datetime | None = None
    guid: str = ""
    language: str = ""
    categories: tuple[str, ...] = ()

    def announced(self) -> dict[str, str]:
        """Return what is known as text, for :attr:`pipelines.model.Provenance.announced`."""
        known = {
            "source": self.source,
            "kind": str(self.kind),
            "title": self.title,
            "published": self.published.isoformat() if self.published else "",
            "updated": self.updated.isoformat() if self.updated else "",
            "guid": self.guid,
            "language": self.language,
            "categories": ", ".join(self.categories),
        }
        return {name: text for name, text in known.items() if text}


@dataclass(frozen=True, slots=True)
class Source:
    """A place that announces URLs: named by a site profile, or by another source."""

    url: str
    kind: Kind
    """``FEED``, ``SITEMAP`` (which may be an index), ``SECTION`` or ``ROBOTS``, as it was named; what it is
    decides :func:`~crawler.discovery.discover`."""
    title: str = ""
    updated: datetime | None = None


@dataclass(frozen=True, slots=True)
class Hints:
    """What a source says of its own rhythm; unknown is None. What it says is often wrong."""

    ttl: timedelta | None = None
    """How long the feed may be kept: ``ttl`` of RSS 2.0, given in minutes."""
    update_interval: timedelta | None = None
    """``sy:updatePeriod`` divided by ``sy:updateFrequency`` (RSS 1.0 module Syndication)."""


NO_HINTS = Hints()


@dataclass(frozen=True, slots=True)
class Discovery:
    """All that one payload announced, in its order, each URL once."""

    kind: Kind
    urls: tuple[AnnouncedUrl, ...] = ()
    more: tuple[Source, ...] = ()
    title: str = ""
    language: str = ""
    complete: bool = True
    """False where the payload was damaged or over a limit, so that more may have stood in it."""
    hints: Hints = NO_HINTS
    entries: int = 0
    """Entries that a feed holds, also those without an address; a feed of which none has one is not read."""
