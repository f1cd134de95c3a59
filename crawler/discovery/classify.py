"""What a payload is, by its content, and what it announces."""

import re
from collections import deque
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, tzinfo
from itertools import islice
from typing import Protocol, TypeVar

from lxml import etree

from crawler.discovery.entries import entries_apart, is_light, spans, without_quoted
from crawler.discovery.feeds import Feed, feed_from_json, is_call, local_name
from crawler.discovery.links import further_sources, html_tree, links
from crawler.discovery.model import AnnouncedUrl, Discovery, Kind, Source
from crawler.discovery.sitemaps import MOST_URLS, Sitemap, sitemap_from_text, sitemaps_in_robots
from crawler.discovery.text import decoded, unpacked, xml_read, xml_tree

_LOOK_CHARACTERS = 65_536
_ROOT = re.compile(
    r"<(?:[\w.-]+:)?(rss|rdf|feed|channel|sitemapindex|urlset|html|head|body)[\s>/]", re.IGNORECASE
)
_ROOT_END = re.compile(r"</(?:[\w.-]+:)?(?:rss|rdf|feed|sitemapindex|urlset)\s*>", re.IGNORECASE)
_ENTRY_END = re.compile(r"</(?:[\w.-]+:)?(?:item|entry|url|sitemap)\s*>", re.IGNORECASE)
_ROBOTS_LINE = re.compile(r"^\s*(?:user-agent|disallow|sitemap)\s*:", re.IGNORECASE | re.MULTILINE)
_ANCHOR = re.compile(r"<a\s", re.IGNORECASE)
_PREAMBLE = re.compile(
    r"[\ufeff\s]*(?:<\?[^>]*>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:>|\[.*?\]\s*>))", re.IGNORECASE | re.DOTALL
)
_FEED_ROOTS = {"rss", "rdf", "feed", "channel"}
_SITEMAP_ROOTS = {"sitemapindex", "urlset"}
_T = TypeVar("_T")


class _Form(Protocol[_T]):
    """What :class:`Feed` and :class:`Sitemap` have in common."""

    @property
    def names(self) -> frozenset[str]:
        """The names of the entries' elements."""
        ...

    @property
    def channel(self) -> etree._Element:
        """What the entries stand in."""
        ...

    @property
    def base(self) -> str:
        """The URL that references are relative to."""
        ...

    def elements(self) -> Iterable[etree._Element]:
        """Return the entries of the tree."""
        ...

    def read(self, element: etree._Element) -> _T | None:
        """Return what an entry says, None where it has no address."""
        ...

    def found(self, read: Iterable[_T]) -> Discovery:
        """Return what the whole announces."""
        ...


def discover(payload: bytes, url: str, *, content_type: str = "", zone: tzinfo = UTC) -> Discovery:
    """Return what *payload*, fetched from *url*, announces.

    *payload* is the body without content encoding; a body that is gzip itself (``sitemap.xml.gz``) is
    unpacked. *content_type*, the header's value, helps to decode but never decides what the payload is.
    Dates that state no zone are taken to be in *zone*. Never raises: what is no source is of kind
    ``UNKNOWN`` and announces nothing.
    """
    body, whole = unpacked(payload)
    text = decoded(body, content_type)
    found = _read(text, body, url, zone=zone, whole=whole)
    if whole or not found.complete:
        return found
    return replace(found, complete=False)


def _read(text: str, body: bytes, url: str, *, zone: tzinfo, whole: bool) -> Discovery:
    place = _after_preamble(text)
    window = without_quoted(text[place : place + _LOOK_CHARACTERS])
    start = window.lstrip()
    is_json = start.startswith(("{", "["))
    found = feed_from_json(text[place:], url, zone=zone) if is_json or is_call(start) else None
    if found or is_json:
        return found or Discovery(Kind.UNKNOWN)
    root = _ROOT.search(window)
    if place or start.startswith("<"):
        return _from_markup(text, root, place, url=url, zone=zone)
    if re.split("[?#]", url, maxsplit=1)[0].endswith("/robots.txt") or _ROBOTS_LINE.search(start):
        maps = tuple(Source(found, Kind.SITEMAP) for found in sitemaps_in_robots(body, url))
        return Discovery(Kind.ROBOTS, more=maps)
    lines = sitemap_from_text(text, url, whole=whole)
    return lines or _from_markup(text, root, place, url=url, zone=zone)


def _after_preamble(text: str) -> int:
    """Return where what is not blank, comment, declaration or document type starts in *text*."""
    place = 0
    while found := _PREAMBLE.match(text, place):
        place = found.end()
    return place


def _from_markup(text: str, root: re.Match[str] | None, place: int, *, url: str, zone: tzinfo) -> Discovery:
    """Return what *text* announces; *root* tells what it is, as found in what follows *place*."""
    name = root[1].lower() if root else ""
    if root and name in _FEED_ROOTS | _SITEMAP_ROOTS:
        # Before it stand a declaration that is read already, document types, and servers' warnings.
        text, closed = _closed(text[place + root.start() :])
        found = _from_xml(text, name, url, zone)
        return found if closed else replace(found, complete=False)
    return _from_html(text, url) if root or _ANCHOR.search(text) else Discovery(Kind.UNKNOWN)


def _from_xml(text: str, name: str, url: str, zone: tzinfo) -> Discovery:
    roots, names = (_FEED_ROOTS, Feed.names) if name in _FEED_ROOTS else (_SITEMAP_ROOTS, Sitemap.names)
    tree, is_sound = xml_read(text) if is_light(text) else (None, False)
    if tree is None or local_name(tree) not in roots:
        # Before the first entry stand the namespaces, and what a feed says of itself.
        first = next((start for start, _ in spans(without_quoted(text), names)), len(text))
        tree, is_sound = xml_tree(text[: min(first, _LOOK_CHARACTERS)]), False
    if tree is None or local_name(tree) not in roots:
        return Discovery(Kind.UNKNOWN, complete=False)
    if roots is _FEED_ROOTS:
        return _from_form(Feed(tree, url, zone=zone), text, is_sound=is_sound)
    return _from_form(Sitemap(tree, url, zone=zone), text, is_sound=is_sound)


def _from_form(form: _Form[_T], text: str, *, is_sound: bool) -> Discovery:
    """Return what the *form* announces; without *is_sound* its tree may hold less than *text* does."""
    elements = list(form.elements())
    if is_sound:
        return replace(form.found(_addressed(map(form.read, elements))), entries=len(elements))
    # After tags that were never closed each entry stands inside the one before, or the parser gave up.
    bare, around = without_quoted(text), form.channel
    apart = entries_apart(text, bare, form.names, around=around, base=form.base, read=form.read)
    found = list(islice(apart, MOST_URLS + 1))
    read = _addressed(entry for entry, _ in found)
    if len(read) < len(elements):
        read = max(read, _addressed(map(form.read, elements)), key=len)
    discovery = form.found(read)
    complete = discovery.complete and len(found) <= MOST_URLS and all(is_all for _, is_all in found)
    return replace(discovery, complete=complete, entries=max(len(found), len(elements)))


def _addressed(entries: Iterable[_T | None]) -> list[_T]:
    return [entry for entry in entries if entry is not None]


def _closed(text: str) -> tuple[str, bool]:
    """Return *text*, and whether it ends as a document; where not, only up to its last whole entry.

    Half an address would be a wrong one.
    """
    if _ROOT_END.search(text[-_LOOK_CHARACTERS:]):
        return text, True
    ends = deque((end.end() for end in _ENTRY_END.finditer(text)), maxlen=1)
    return text[: ends[0]] if ends else text, False


def _from_html(text: str, url: str) -> Discovery:
    tree = html_tree(text)
    if tree is None:
        return Discovery(Kind.UNKNOWN)
    announced = (AnnouncedUrl(found, url, Kind.LINK) for found in links(tree, url))
    title = " ".join((tree.findtext(".//title") or "").split())[:500]
    language = (tree.get("lang") or "").strip()
    return Discovery(Kind.SECTION, tuple(announced), tuple(further_sources(tree, url)), title, language)
