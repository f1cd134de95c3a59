"""What worker processes do with a recorded payload: pure functions, away from the crawl's own process."""

from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from crawler.discovery import (
    Discovery,
    css_requisites,
    discover,
    links,
    refresh_target,
    requisites,
    signature,
)
from crawler.scope import Scope
from pipelines import extract as extraction
from pipelines.model import Headers, header


@dataclass(frozen=True, slots=True)
class Fetched:
    """A response as the wire brought it: payload still content-encoded."""

    url: str
    headers: Headers
    payload: bytes


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be read of a page."""

    rules: "extraction.Rules | None" = None
    """Cleaning rules, where its article is wanted."""
    scope: Scope | None = None
    """What its links must be in, where they are wanted."""
    requisites: bool = False
    """Whether what it needs to be shown is wanted, and where it leads by itself."""

    def __bool__(self) -> bool:
        return self.rules is not None or self.scope is not None or self.requisites


@dataclass(frozen=True, slots=True)
class Reading:
    """What a page turned out to hold."""

    article: bytes | None = None
    """JSON, where one was wanted."""
    title: str = ""
    quality: str = ""
    links: tuple[str, ...] = ()
    """In scope, each once, in the order of the page."""
    requisites: tuple[str, ...] = ()
    refresh: str | None = None
    """Where a ``<meta http-equiv=refresh>`` of the page leads within moments."""
    audio: str = ""
    """Address of the recording that the page's transcript is of, where the article was wanted."""
    oversized: bool = False
    """Whether the payload is larger, once decoded, than anything that is read: a bomb."""


@dataclass(frozen=True, slots=True)
class SourceContent:
    """What a source announces."""

    found: Discovery
    signature: str = ""
    """Changes with what is announced (:func:`crawler.discovery.signature`)."""


def read_page(page: Fetched, wanted: Wanted) -> Reading:
    """Return of *page* what is *wanted*."""
    opened = extraction.open_page(page.payload, page.url, headers=page.headers)
    encoding = opened.encoding or "utf-8"
    scope = wanted.scope
    linked = links(opened.tree, page.url, encoding=encoding) if scope else []
    inside = tuple(link for link in linked if scope and scope.in_scope(link))
    parts = requisites(opened.tree, page.url, encoding=encoding) if wanted.requisites else []
    refresh = refresh_target(opened.tree, page.url, encoding=encoding) if wanted.requisites else None
    oversized = "payload:too-large" in opened.reasons
    found = Reading(links=inside, requisites=tuple(parts), refresh=refresh, oversized=oversized)
    if wanted.rules is None:
        return found
    article = extraction.extract_page(opened, wanted.rules)
    return replace(
        found,
        article=article.to_json(),
        title=article.title,
        quality=str(article.quality),
        audio=audio_of(article),
    )


def audio_of(article: "extraction.Article") -> str:
    """Return the address of the recording that *article* is the transcript of, empty where it is of none."""
    return article.transcript.audio if article.transcript else ""


def read_stylesheet(sheet: Fetched) -> list[str]:
    """Return what the stylesheet *sheet* loads: imports, images, fonts."""
    return css_requisites(
        extraction.open_page(sheet.payload, sheet.url, headers=sheet.headers).text, sheet.url
    )


def read_source(source: Fetched, zone: str) -> SourceContent:
    """Return what the feed, sitemap or page *source* announces; dates without a zone are in *zone*."""
    body = extraction.open_page(source.payload, source.url, headers=source.headers).body
    content_type = (header(source.headers, b"content-type") or b"").decode("latin-1")
    found = discover(body, source.url, content_type=content_type, zone=ZoneInfo(zone))
    return SourceContent(found, signature(found))
