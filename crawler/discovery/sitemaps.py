"""Sitemaps, indexes of sitemaps and the Sitemap lines of robots.txt (sitemaps.org, Google News)."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import tzinfo

from lxml import etree

from crawler.discovery.addresses import Base
from crawler.discovery.dates import parse_date
from crawler.discovery.feeds import local_name
from crawler.discovery.model import AnnouncedUrl, Discovery, Kind, Source
from crawler.discovery.text import decoded, plain

MOST_URLS = 50_000
"""Entries of one sitemap or index that are read; the protocol allows no more. As many alternates are."""
ROBOTS_BYTES = 512_000
"""Bytes of robots.txt that are read; RFC 9309 §2.5 asks for at least 500 KiB."""

_SITEMAP_LINE = re.compile(r"^[ \t]*site-?map[ \t]*:[ \t]*(\S+)", re.IGNORECASE | re.MULTILINE)
_BREAK = re.compile(r"\s*[\r\n]\s*")
_LINE_END = re.compile(r"[\r\n]+")
_URL_LINE = re.compile(r"https?://\S+", re.IGNORECASE)


def sitemap_from_xml(root: etree._Element, url: str, *, zone: tzinfo) -> Discovery:
    """Return what the sitemap or index under *root*, fetched from *url*, announces."""
    found: dict[str, AnnouncedUrl] = {}
    further: dict[str, Source] = {}
    alternates: dict[str, str] = {}
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
            alternates.update(entry.alternates(base) if len(alternates) < MOST_URLS else ())
        else:
            updated = parse_date(entry.updated, zone=zone)
            further.setdefault(location, Source(location, Kind.SITEMAP, updated=updated))
    kind = Kind.SITEMAP
    if further and not found:
        kind = Kind.SITEMAP_INDEX
    elif any(known.kind is Kind.NEWS_SITEMAP for known in found.values()):
        kind = Kind.NEWS_SITEMAP
    urls = _with_alternates(found, alternates, url)
    return Discovery(kind, urls, tuple(further.values()), complete=complete)


def _with_alternates(
    found: dict[str, AnnouncedUrl], alternates: dict[str, str], source: str
) -> tuple[AnnouncedUrl, ...]:
    """Return what is *found*, and the same pages in other languages; nothing else was said of those."""
    for url, language in alternates.items():
        known = found.get(url)
        if known is None:
            found[url] = AnnouncedUrl(url, source, Kind.SITEMAP, language=language)
        elif language and not known.language:
            found[url] = replace(known, language=language)
    return tuple(found.values())


def sitemap_from_text(text: str, url: str) -> Discovery | None:
    """Return what a text sitemap, one URL a line, announces; None where a line is neither URL nor comment."""
    stripped = (line.strip() for line in _LINE_END.split(text))
    lines = [line for line in stripped if line and not line.startswith("#")]
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
        self.languages: list[tuple[str, str]] = []
        for child in element:
            name = local_name(child)
            if name == "loc":
                self.location = self.location or child.text or ""
            elif name == "lastmod":
                self.updated = child.text or ""
            elif name == "link" and child.get("hreflang") and child.get("rel", "alternate") == "alternate":
                self.languages.append((child.get("href", ""), child.get("hreflang", "").strip()))
            elif name == "news":
                self.news = {local_name(part): part.text or "" for part in child.iter(etree.Element)}

    def alternates(self, base: Base) -> Iterator[tuple[str, str]]:
        """Yield the page's addresses in other languages, each with its language (Google's ``xhtml:link``)."""
        for reference, language in self.languages:
            url = base.join(_BREAK.sub("", reference)) if reference.strip() else None
            if url is not None:
                yield url, "" if language.lower() == "x-default" else language[:20]

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
