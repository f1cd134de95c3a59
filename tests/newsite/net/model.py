"""What the net is made of: stories with their fate, entries of sources, and the outcome of every URL."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal

from newsite.message import Page

Kind = Literal["feed", "sitemap", "section", "robots"]
Language = Literal["en", "zh"]

NEVER_ASKED = frozenset(
    {"robots", "robots_unreachable", "scope_host", "scope_pattern", "old", "trap", "address", "dns"}
)
"""Reason codes that are settled without a request for the URL."""


class Fate(StrEnum):
    """How a story's page answers."""

    FINE = "fine"
    NOT_FOUND = "404"
    GONE = "410"
    ERROR = "500"
    CUT = "cut"
    HANG = "hang"
    MOVED = "moved"
    """Redirected to another address on the site."""
    AWAY = "away"
    """Redirected to a host that is none of the site's."""
    LOOP = "loop"


CODES = {
    Fate.FINE: "captured",
    Fate.NOT_FOUND: "gone",
    Fate.GONE: "gone",
    Fate.ERROR: "http_error",
    Fate.CUT: "cut",
    Fate.HANG: "timeout",
    Fate.MOVED: "captured",
    Fate.AWAY: "scope_host",
    Fate.LOOP: "redirects",
}


@dataclass(slots=True)
class Story:
    """One article of a host; it changes under the host's lock. Times are aware UTC, to the second."""

    serial: int
    path: str
    title: str
    published: datetime
    updated: datetime
    fate: Fate = Fate.FINE
    refused: str | None = None
    """The reason code for which it is never asked for, whatever its page would answer."""
    edition: int = 1

    @property
    def code(self) -> str:
        return self.refused or CODES[self.fate]

    @property
    def moved_to(self) -> str:
        """The path that it is redirected to once it is moved."""
        return f"/moved/{self.serial}.html"


@dataclass(frozen=True, slots=True)
class Entry:
    """One URL as a source announces it."""

    url: str
    """Absolute, as it resolves."""
    title: str
    story: Story | None = None
    written: str | None = None
    """As it stands in the source, where that is not the absolute URL."""
    same_page: str | None = None
    """The page's canonical URL, where *url* is another form of it."""
    refused: str | None = None
    """The reason code, where it is none of the story's."""
    also: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """What the source writes."""
        return self.url if self.written is None else self.written

    @property
    def code(self) -> str:
        return self.refused or (self.story.code if self.story else "captured")

    @property
    def asked(self) -> bool:
        """Whether the URL is to be asked for, should no other form of the page be."""
        away = self.story is not None and self.story.fate is Fate.AWAY and not self.story.refused
        return self.code not in NEVER_ASKED or (away and not self.refused)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What must become of an announced URL."""

    url: str
    code: str
    """``captured``, or the value of a ``crawler.scope.Reason``."""
    same_page: str
    """The page's canonical URL: of all URLs that name the same one, one is fetched, once."""
    site: str
    """Name of the profile whose sources announce it."""
    sources: tuple[str, ...]
    """URLs of the sources that announce it."""
    asked: bool = True
    """Whether the page may be asked for at all."""
    target: str | None = None
    """Where it redirects to within its site, to be captured as well."""
    also: tuple[str, ...] = ()
    """Other codes that are right, too."""
    optional: bool = False
    """Whether only sources announce it that a crawl may leave unread, being unchanged for years."""


@dataclass(frozen=True, slots=True)
class Announcer:
    """A source: its address on the host, what it announces, and its bytes."""

    path: str
    kind: Kind
    entries: Callable[[], list[Entry]]
    page: Callable[[list[Entry]], Page]
    further: tuple[str, ...] = ()
    """Paths of the sources that it names: sub-sitemaps, next pages, feeds of a front page."""
    named: bool = True
    """Whether the profile names it; else another source does."""
    code: str = "captured"
    optional: bool = False


@dataclass(frozen=True, slots=True)
class NetSite:
    """A site of the net, as one profile describes it."""

    name: str
    host: str
    """The host of its front page."""
    hosts: tuple[str, ...]
    home: str
    """Path of its front page."""
    profile: str
    """A site profile as TOML, in which ``{{name}}`` stands for the URL of a host without final slash and
    ``{{name_at}}`` for its host and port; it ends so that tables can be appended."""
    discover: bool = False
    about: str = field(default="", compare=False)
    """Its main theme."""
