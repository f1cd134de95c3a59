"""Sitemaps, indexes of sitemaps and the Sitemap lines of robots.txt (sitemaps.org, Google News)."""

import re
from datetime import tzinfo

from lxml import etree

from crawler.discovery.addresses import Base
from crawler.discovery.dates import parse_date
from crawler.discovery.feeds import local_name
from crawler.discovery.model import AnnouncedUrl, Discovery, Kind, Source
from crawler.discovery.text import decoded, plain

MOST_URLS = 50_000
"""Entries of one sitemap or index that are read; the protocol allows no more."""
ROBOTS_BYTES = 512_000
"""Bytes of robots.txt that are read; RFC 9309 §2.5 asks for at least 500 KiB."""

_SITEMAP_LINE = re.compile(r"^[ \t]*site-?map[ \t]*:[ \t]*(\S+)", re.IGNORECASE | re.MULTILINE)
_BREAK = re.compile(r"\s*[\r\n]\s*")
_URL_LINE = re.compile(r"https?://\S+", re.IGNORECASE)


def sitemap_from_xml(root: etree._Element, url: str, *, zone: tzinfo) -> Discovery:
    """Return what the sitemap or index under *root*, fetched from *url*, announces."""
    found: dict[str, AnnouncedUrl] = {}
    further: dict[str, Source] = {}
    base = Base(url)
    complete = True
    for element in root.iter(etree.Element):
        name = local_name(element)
        if name not in {"url", "sitemap"}:
            continue
        if len(found) + len(further) >= MOST_URLS:
            complete = False
            break
        entry = _Entry(element)
        location = base.join(_BREAK.sub("", entry.location))
        if location is None:
            continue
        if name == "url":
            found.setdefault(location, entry.announced_url(location, url, zone))
        else:
            updated = parse_date(entry.updated, zone=zone)
            further.setdefault(location, Source(location, Kind.SITEMAP, updated=updated))
    kind = Kind.SITEMAP
    if further and not found:
        kind = Kind.SITEMAP_INDEX
    elif any(known.kind is Kind.NEWS_SITEMAP for known in found.values()):
        kind = Kind.NEWS_SITEMAP
    return Discovery(kind, tuple(found.values()), tuple(further.values()), complete=complete)


def sitemap_from_text(text: str, url: str) -> Discovery | None:
    """Return what a text sitemap, one URL a line, announces; None where any other line stands in it."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if not lines or not all(map(_URL_LINE.fullmatch, lines)):
        return None
    base = Base(url)
    joined = (base.join(line) for line in lines[:MOST_URLS])
    urls = dict.fromkeys(found for found in joined if found)
    return Discovery(
        Kind.SITEMAP,
        tuple(AnnouncedUrl(found, url, Kind.SITEMAP) for found in urls),
        complete=len(lines) <= MOST_URLS,
    )


def sitemaps_in_robots(payload: bytes, url: str) -> list[str]:
    """Return the sitemaps that the robots.txt *payload*, fetched from *url*, names, absolute, each once."""
    base = Base(url)
    text = decoded(payload[:ROBOTS_BYTES]).replace("\r", "\n")
    joined = (base.join(match[1]) for match in _SITEMAP_LINE.finditer(text))
    return list(dict.fromkeys(found for found in joined if found))


class _Entry:
    """One ``url`` or ``sitemap`` element; images and videos in it have a ``loc`` of their own, not read."""

    def __init__(self, element: etree._Element) -> None:
        self.location = ""
        self.updated = ""
        self.news: dict[str, str] = {}
        for child in element:
            name = local_name(child)
            if name == "loc":
                self.location = self.location or child.text or ""
            elif name == "lastmod":
                self.updated = child.text or ""
            elif name == "news":
                self.news = {local_name(part): part.text or "" for part in child.iter(etree.Element)}

    def announced_url(self, location: str, source: str, zone: tzinfo) -> AnnouncedUrl:
        updated = parse_date(self.updated, zone=zone)
        if not self.news:
            return AnnouncedUrl(location, source, Kind.SITEMAP, updated=updated)
        words = (plain(word, longest=100) for word in self.news.get("keywords", "").split(","))
        return AnnouncedUrl(
            location,
            source,
            Kind.NEWS_SITEMAP,
            title=plain(self.news.get("title")),
            published=parse_date(self.news.get("publication_date"), zone=zone),
            updated=updated,
            language=plain(self.news.get("language"), longest=20),
            categories=tuple(word for word in words if word),
        )
