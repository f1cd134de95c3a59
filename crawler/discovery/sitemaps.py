"""Sitemaps, indexes of sitemaps and the Sitemap lines of robots.txt (sitemaps.org, Google News)."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import tzinfo

from lxml import etree

from crawler.discovery.addresses import Base
from crawler.discovery.dates import parse_date
from crawler.discovery.feeds import is_own, local_name
from crawler.discovery.model import AnnouncedUrl, Discovery, Kind, Source
from crawler.discovery.text import decoded, plain

MOST_URLS = 75_000
"""Addresses that are taken from one sitemap, and as many of the same pages in other languages. The protocol
allows 50,000; half as many again are read in the two CPU seconds that a worker has for one source."""
ROBOTS_BYTES = 512_000
"""Bytes of robots.txt that are read; RFC 9309 §2.5 asks for at least 500 KiB."""

_NOTHING_SAID: dict[str, str] = {}
_SITEMAP_LINE = re.compile(r"^[ \t]*site-?map[ \t]*:[ \t]*(\S+)", re.IGNORECASE | re.MULTILINE)
_BREAK = re.compile(r"[ \t]*[\r\n]\s*")
_LINE_END = re.compile(r"[\r\n]+")
_LINE_BLANK = " \t\v\f\x00\x1a\ufeff\u00a0"
_URL_START = re.compile(r"https?://[^\s/?#]", re.IGNORECASE)
_DATE = re.compile(r"\d{4}-\d\d(?:-\d\d\S{0,40})?")
_HOST = re.compile(r"https?://[^/?#\s]+", re.IGNORECASE)
_SCHEMES = frozenset("https://"[:length] for length in range(1, 8)) | {"http:/"}


class Sitemap:
    """The sitemap or index under *root*, fetched from *url*; dates without zone are in *zone*."""

    names = frozenset({"url", "sitemap"})
    """Of its entries."""

    def __init__(self, root: etree._Element, url: str, *, zone: tzinfo) -> None:
        self.channel = root
        self.base = url
        self._root, self._zone = root, zone
        self._joined = Base(url)
        self._is_index = local_name(root) == "sitemapindex"

    def elements(self) -> Iterator[etree._Element]:
        """Yield the entries under the root; also an address that stands under it with no entry around."""
        for element in self._root.iter(etree.Element):
            name = local_name(element)
            if name in self.names or (name == "loc" and self._is_bare(element)):
                yield element

    def _is_bare(self, element: etree._Element) -> bool:
        return element.getparent() is self._root and is_own(element, self._root)

    def read(self, element: etree._Element) -> "Entry | None":
        """Return what the entry *element* says; None where it has no address."""
        entry = Entry(element, self._joined)
        return entry if entry.location else None

    def found(self, read: Iterable["Entry"]) -> Discovery:
        """Return what the entries that were *read* announce: :data:`MOST_URLS` of them at most."""
        urls: dict[str, AnnouncedUrl] = {}
        further: dict[str, Source] = {}
        alternates: dict[str, str] = {}
        complete = True
        for entry in read:
            if len(urls) + len(further) >= MOST_URLS:
                complete = False
                break
            location = entry.location
            # In an index even an entry that calls itself a page is a sitemap.
            if entry.is_page and not self._is_index:
                urls.setdefault(location, entry.announced_url(self.base, self._zone))
                if len(alternates) < MOST_URLS:
                    alternates.update(entry.languages)
                elif any(url not in alternates and url not in urls for url, _ in entry.languages):
                    complete = False
            else:
                updated = parse_date(entry.updated, zone=self._zone)
                further.setdefault(location, Source(location, Kind.SITEMAP, updated=updated))
        kind = Kind.SITEMAP
        if further and not urls:
            kind = Kind.SITEMAP_INDEX
        elif any(known.kind is Kind.NEWS_SITEMAP for known in urls.values()):
            kind = Kind.NEWS_SITEMAP
        announced = _with_alternates(urls, alternates, self.base)
        return Discovery(kind, announced, tuple(further.values()), complete=complete)


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


def sitemap_from_text(text: str, url: str, *, whole: bool = True) -> Discovery | None:
    """Return what a text sitemap, one URL a line, announces; None where the first line, or half, is none.

    What follows a URL on its line, after a tab or as a date, and lines of anything else are left out. With
    *whole* false the text was cut off, and its last line with it.
    """
    lines, is_cut = _lines(text)
    if not whole and lines and not is_cut:
        del lines[-1]
    addresses = [_address(line) for line in lines if _URL_START.match(line)]
    if not addresses or not _URL_START.match(lines[0]) or len(addresses) * 2 < len(lines):
        return None
    base = Base(url)
    joined = (base.join_stated(address) for address in addresses[:MOST_URLS])
    urls = dict.fromkeys(found for found in joined if found)
    return Discovery(
        Kind.SITEMAP,
        tuple(AnnouncedUrl(found, url, Kind.SITEMAP) for found in urls),
        complete=whole and not is_cut and len(addresses) <= MOST_URLS,
    )


def _address(line: str) -> str:
    address = line.partition("\t")[0].strip(_LINE_BLANK)
    before, _, last = address.rpartition(" ")
    return before.rstrip(_LINE_BLANK) if before and _DATE.fullmatch(last) else address


def _lines(text: str) -> tuple[list[str], bool]:
    """Return the lines that may be URLs, and whether the last was left out for it breaks off."""
    stripped = (line.strip().strip(_LINE_BLANK) for line in _LINE_END.split(text))
    lines = [line for line in stripped if line and not line.startswith("#")]
    if len(lines) < 2 or text.endswith(("\r", "\n")):
        return lines, False
    # Without a line end it may be half of one: surely so where not even the host of another line stands.
    last = _HOST.match(lines[-1])
    if last and any(before and before[0] == last[0] for before in map(_HOST.match, lines[:-1])):
        return lines, False
    is_cut = lines[-1][:8].lower() in _SCHEMES or lines[-1].lower().startswith(("http://", "https://"))
    return (lines[:-1], True) if is_cut else (lines, False)


def sitemaps_in_robots(payload: bytes, url: str) -> list[str]:
    """Return the sitemaps that the robots.txt *payload*, fetched from *url*, names, absolute, each once."""
    base = Base(url)
    text = decoded(payload[:ROBOTS_BYTES]).replace("\r", "\n")
    joined = (base.join(match[1]) for match in _SITEMAP_LINE.finditer(text))
    return list(dict.fromkeys(found for found in joined if found))


class Entry:
    """One ``url`` or ``sitemap`` element; images and videos in it have a ``loc`` of their own, not read."""

    __slots__ = ("is_page", "languages", "location", "news", "updated")

    def __init__(self, element: etree._Element, base: Base) -> None:
        self.is_page = local_name(element) != "sitemap"
        self.updated = ""
        self.news: dict[str, str] = _NOTHING_SAID
        self.languages: tuple[tuple[str, str], ...] = ()
        location = (element.text or "") if local_name(element) == "loc" else ""
        foreign = ""
        for child in element.iterchildren(etree.Element):
            name = local_name(child)
            if name == "loc" and is_own(child, element):
                location = location if location.strip() else child.text or ""
            elif name == "loc":
                foreign = foreign or child.text or ""
            elif name == "lastmod" and (not self.updated or is_own(child, element)):
                self.updated = child.text or ""
            elif name == "link":
                self.languages += tuple(_alternate(child, base))
            elif name == "news":
                self.news = {local_name(part): part.text or "" for part in child.iter(etree.Element)}
        self.location = _joined(location, base) or _joined(foreign, base)

    def announced_url(self, source: str, zone: tzinfo) -> AnnouncedUrl:
        """Return what the sitemap at *source* says of the page."""
        updated = parse_date(self.updated, zone=zone)
        if not self.news:
            return AnnouncedUrl(self.location, source, Kind.SITEMAP, updated=updated)
        words = (plain(word, longest=100) for word in self.news.get("keywords", "").split(","))
        return AnnouncedUrl(
            self.location,
            source,
            Kind.NEWS_SITEMAP,
            title=plain(self.news.get("title")),
            published=parse_date(self.news.get("publication_date"), zone=zone),
            updated=updated,
            language=plain(self.news.get("language"), longest=20),
            categories=tuple(word for word in words if word),
        )


def _joined(reference: str, base: Base) -> str:
    return (base.join_stated(_BREAK.sub("", reference)) or "") if reference.strip() else ""


def _alternate(link: etree._Element, base: Base) -> Iterator[tuple[str, str]]:
    """Yield the page's address in another language, and that language (Google's ``xhtml:link``)."""
    language, reference = link.get("hreflang", "").strip(), _BREAK.sub("", link.get("href", ""))
    if language and reference.strip() and link.get("rel", "alternate") == "alternate":
        url = base.join_stated(reference)
        if url is not None:
            yield url, "" if language.lower() == "x-default" else language[:20]
