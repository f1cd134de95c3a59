"""What one capture says of an article: its text, a wall before it, or that it is no longer there."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from urllib.parse import urljoin, urlsplit

from pipelines.extract.article import CUT_OFF, Article, Quality
from pipelines.hostnames import registered_domain
from pipelines.identity import Identity
from pipelines.model import Capture
from pipelines.urls import host, moment


class State(StrEnum):
    """What a capture shows."""

    TEXT = "text"
    WALL = "wall"
    GONE = "gone"
    MOVED = "moved"
    """Redirected to another address."""
    UNCLEAR = "unclear"
    """Cut off, overloaded, refused, a list: it says nothing of the article."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """A capture of an article's address; of a revisit with the article that its payload gave."""

    capture: Capture
    article: Article | None = None
    location: str = ""
    """The address that a redirect names, as it stood in the header."""

    @property
    def at(self) -> datetime:
        """When it was captured; aware, UTC."""
        return moment(self.capture.timestamp)

    @property
    def order(self) -> tuple[str, str, int]:
        """What sightings are sorted by."""
        return self.capture.timestamp, self.capture.segment, self.capture.offset


@dataclass(frozen=True, slots=True)
class Judgement:
    """The state that a capture shows, and why, in words."""

    state: State
    reason: str = ""


_BY_STATUS = {
    401: Judgement(State.WALL, "401: a login is asked for"),
    402: Judgement(State.WALL, "402: a payment is asked for"),
    404: Judgement(State.GONE, "404: not found"),
    410: Judgement(State.GONE, "410: gone"),
    451: Judgement(State.GONE, "451: not available for legal reasons"),
}
_WALLS = {
    Quality.PREVIEW: "only a preview of the article is shown",
    Quality.LOGIN_STUB: "a login is asked for",
    Quality.CONSENT_WALL: "consent to cookies is asked for",
    Quality.CHALLENGE: "a test for robots stands before it",
}
_REDIRECTS = frozenset((301, 302, 303, 307, 308))
_HOME = re.compile(
    r"/?(?:(?:index|default|home)\.[a-z]{2,5}|[a-z]{2}(?:-[a-z]{2})?/?|home/?)?", re.IGNORECASE
)
_MARKS = re.compile(
    r"(?:^|[/.?&=_-])(amp|print|printable|mobile|wap|archiver|m)(?=[/.?&=_-]|$)", re.IGNORECASE
)


def judged(sighting: Sighting) -> Judgement:
    """Return what *sighting* shows."""
    status = sighting.capture.status or 200
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    if status in _REDIRECTS and sighting.location:
        return _redirected(sighting)
    article = sighting.article
    if article is None or sighting.capture.truncated or _is_cut(article):
        return Judgement(State.UNCLEAR)
    if article.quality in _WALLS:
        return Judgement(State.WALL, _WALLS[article.quality])
    if status >= 400:
        return Judgement(State.UNCLEAR)
    return _by_quality(article)


def target(sighting: Sighting) -> str:
    """Return the address that a redirect leads to, absolute; empty where there is none."""
    try:
        return urljoin(sighting.capture.url, sighting.location) if sighting.location else ""
    except ValueError:
        return ""


def page_key(url: str) -> str:
    """Return what is the same for all addresses of one page: AMP, mobile, print, with trackers."""
    return _identity(registered_domain(host(url))).of(url)


def is_home(url: str) -> bool:
    """Return whether *url* is the first page of its site, or of one language of it."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return bool(_HOME.fullmatch(parts.path)) and not parts.query


def form(url: str) -> tuple[str, ...]:
    """Return in which form *url* shows its page: the host and the marks of AMP, print and mobile pages."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return (url,)
    marks = {mark.lower() for mark in _MARKS.findall(f"{parts.path}?{parts.query}")}
    return host(url).removeprefix("www."), *sorted(marks)


def _redirected(sighting: Sighting) -> Judgement:
    where = target(sighting)
    if page_key(where) == page_key(sighting.capture.url):
        return Judgement(State.UNCLEAR)
    if is_home(where):
        return Judgement(State.GONE, "it redirects to the home page")
    return Judgement(State.MOVED, f"it redirects to {where}")


def _by_quality(article: Article) -> Judgement:
    if article.quality is Quality.FULL:
        return Judgement(State.TEXT)
    if article.quality is Quality.ERROR_PAGE:
        return Judgement(State.GONE, "the page says that it is not there")
    if article.quality is Quality.EMPTY:
        return Judgement(State.GONE, "the page has no text")
    return Judgement(State.UNCLEAR)


def _is_cut(article: Article) -> bool:
    """Return whether bytes of the page are missing, or its reader was stopped: its end may be, too."""
    return any(reason.startswith(("payload:", CUT_OFF)) for reason in article.reasons)


@lru_cache(maxsize=1024)
def _identity(domain: str) -> Identity:
    return Identity([domain] if domain else [])
