"""What a payload is, by its content, and what it announces."""

import re
from dataclasses import replace
from datetime import UTC, tzinfo
from urllib.parse import urlsplit

from lxml import etree

from crawler.discovery.feeds import feed_from_json, feed_from_xml, local_name
from crawler.discovery.links import further_sources, html_tree, links
from crawler.discovery.model import AnnouncedUrl, Discovery, Kind, Source
from crawler.discovery.sitemaps import sitemap_from_text, sitemap_from_xml, sitemaps_in_robots
from crawler.discovery.text import decoded, entries_apart, unpacked, xml_tree

_LOOK_CHARACTERS = 65_536
_ROOT = re.compile(
    r"<(?:[\w.-]+:)?(rss|rdf|feed|channel|sitemapindex|urlset|html|head|body)[\s>/]", re.IGNORECASE
)
_ROOT_END = re.compile(r"</(?:[\w.-]+:)?(?:rss|rdf|feed|sitemapindex|urlset)\s*>", re.IGNORECASE)
_ROBOTS_LINE = re.compile(r"^\s*(?:user-agent|disallow|sitemap)\s*:", re.IGNORECASE | re.MULTILINE)
_ENTRIES = {"item", "entry", "url", "sitemap"}
_ENTRY_END = re.compile(r"</(?:[\w.-]+:)?(?:item|entry|url|sitemap)\s*>", re.IGNORECASE)
_FEED_ROOTS = {"rss", "rdf", "feed", "channel"}
_SITEMAP_ROOTS = {"sitemapindex", "urlset"}


def discover(payload: bytes, url: str, *, content_type: str = "", zone: tzinfo = UTC) -> Discovery:
    """Return what *payload*, fetched from *url*, announces.

    *payload* is the body without content encoding; a body that is gzip itself (``sitemap.xml.gz``) is
    unpacked. *content_type*, the header's value, helps to decode but never decides what the payload is.
    Dates that state no zone are taken to be in *zone*. Never raises: what is no source is of kind
    ``UNKNOWN`` and announces nothing.
    """
    body, whole = unpacked(payload)
    text = decoded(body, content_type)
    found = _read(text, body, url, zone)
    if whole or not found.complete:
        return found
    return replace(found, complete=False)


def _read(text: str, body: bytes, url: str, zone: tzinfo) -> Discovery:
    blanked = _without_comments(text[:_LOOK_CHARACTERS])
    start = blanked.lstrip()
    if start.startswith(("{", "[")):
        return feed_from_json(text, url, zone=zone) or Discovery(Kind.UNKNOWN)
    if start.startswith("<"):
        return _from_markup(text, _ROOT.search(blanked), url, zone)
    if urlsplit(url).path.endswith("/robots.txt") or _ROBOTS_LINE.search(start):
        maps = tuple(Source(found, Kind.SITEMAP) for found in sitemaps_in_robots(body, url))
        return Discovery(Kind.ROBOTS, more=maps)
    return sitemap_from_text(text, url) or _from_markup(text, _ROOT.search(blanked), url, zone)


def _without_comments(text: str) -> str:
    """Return *text* with comments blanked: what is found in it stands at the same place in the text."""
    parts: list[str] = []
    place = 0
    while (start := text.find("<!--", place)) >= 0 and (end := text.find("-->", start + 4)) >= 0:
        parts += text[place:start], " " * (end + 3 - start)
        place = end + 3
    return "".join((*parts, text[place:]))


def _from_markup(text: str, root: re.Match[str] | None, url: str, zone: tzinfo) -> Discovery:
    if root and root[1].lower() in _FEED_ROOTS | _SITEMAP_ROOTS:
        # Before it stand a declaration that is read already, document types, and servers' warnings.
        return _from_xml(text[root.start() :], url, zone)
    return _from_html(text, url) if root or "<a " in text else Discovery(Kind.UNKNOWN)


def _from_xml(text: str, url: str, zone: tzinfo) -> Discovery:
    text, closed = _closed(text)
    tree = xml_tree(text)
    ends = len(_ENTRY_END.findall(text))
    if tree is not None and sum(local_name(one) in _ENTRIES for one in tree.iter(etree.Element)) < ends:
        # After tags that were never closed each entry stands inside the one before: the parser gives up.
        apart = entries_apart(text)
        tree = tree if apart is None else apart
    if tree is not None and local_name(tree) in _FEED_ROOTS:
        found = feed_from_xml(tree, url, zone=zone)
    elif tree is not None and local_name(tree) in _SITEMAP_ROOTS:
        found = sitemap_from_xml(tree, url, zone=zone)
    else:
        return Discovery(Kind.UNKNOWN, complete=False)
    return found if closed else replace(found, complete=False)


def _closed(text: str) -> tuple[str, bool]:
    """Return *text*, and whether it ends as a document; where not, only up to its last whole entry.

    Half an address would be a wrong one.
    """
    if _ROOT_END.search(text[-_LOOK_CHARACTERS:]):
        return text, True
    last = max(text.rfind(end) for end in ("</item>", "</entry>", "</url>", "</sitemap>"))
    return text if last < 0 else text[: text.index(">", last) + 1], False


def _from_html(text: str, url: str) -> Discovery:
    tree = html_tree(text)
    if tree is None:
        return Discovery(Kind.UNKNOWN)
    announced = (AnnouncedUrl(found, url, Kind.LINK) for found in links(tree, url))
    title = " ".join((tree.findtext(".//title") or "").split())[:500]
    language = (tree.get("lang") or "").strip()
    return Discovery(Kind.SECTION, tuple(announced), tuple(further_sources(tree, url)), title, language)
