"""What worker processes do with a recorded payload: pure functions, away from the crawl's own process."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from crawler.discovery import Discovery, discover, links
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
class Reading:
    """What a page turned out to hold."""

    article: bytes | None = None
    """JSON, where one was wanted."""
    title: str = ""
    quality: str = ""
    links: tuple[str, ...] = ()
    """In scope, each once, in the order of the page."""


def read_page(page: Fetched, rules: "extraction.Rules | None", scope: Scope | None) -> Reading:
    """Return the article of *page* if *rules* are given, and its links in *scope* if that is given."""
    opened = extraction.open_page(page.payload, page.url, headers=page.headers)
    found = links(opened.tree, page.url, encoding=opened.encoding or "utf-8") if scope else []
    wanted = tuple(link for link in found if scope and scope.in_scope(link))
    if rules is None:
        return Reading(links=wanted)
    article = extraction.extract_page(opened, rules)
    return Reading(article.to_json(), article.title, str(article.quality), wanted)


def read_source(source: Fetched, zone: str) -> Discovery:
    """Return what the feed, sitemap or page *source* announces; dates without a zone are in *zone*."""
    body = extraction.open_page(source.payload, source.url, headers=source.headers).body
    content_type = (header(source.headers, b"content-type") or b"").decode("latin-1")
    return discover(body, source.url, content_type=content_type, zone=ZoneInfo(zone))
