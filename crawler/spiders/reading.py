"""What worker processes do with a recorded payload: pure functions, away from the crawl's own process."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from crawler.discovery import Discovery, css_requisites, discover, links, requisites, signature
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
    found = links(opened.tree, page.url, encoding=encoding) if scope else []
    inside = tuple(link for link in found if scope and scope.in_scope(link))
    parts = requisites(opened.tree, page.url, encoding=encoding) if wanted.requisites else []
    if wanted.rules is None:
        return Reading(links=inside, requisites=tuple(parts))
    article = extraction.extract_page(opened, wanted.rules)
    return Reading(article.to_json(), article.title, str(article.quality), inside, tuple(parts))


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
