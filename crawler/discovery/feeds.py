"""RSS 0.9 to 2.0, RDF, Atom and JSON Feed."""

import json
import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Any

import orjson
from lxml import etree

from crawler.discovery.addresses import Base
from crawler.discovery.dates import parse_date
from crawler.discovery.model import AnnouncedUrl, Discovery, Hints, Kind, Source
from crawler.discovery.text import plain

_XML = "{http://www.w3.org/XML/1998/namespace}"
_VOCABULARIES = frozenset(
    {
        "",
        "http://www.w3.org/2005/Atom",
        "http://purl.org/atom/ns#",
        "http://purl.org/rss/1.0/",
        "http://my.netscape.com/rdf/simple/0.9/",
        "http://www.sitemaps.org/schemas/sitemap/0.9",
    }
)
"""Namespaces whose names say of an entry what they say in feeds and sitemaps; others are extensions."""
_RELATIONS = "http://www.iana.org/assignments/relation/"
_PUBLISHED = ("published", "pubdate", "issued", "date", "created", "dateadded")
_UPDATED = ("updated", "modified", "lastmod")
_LONGEST_GUID = 1000
_JSON_ITEMS = re.compile(r'"items"\s*:\s*\[')
_JSON_HEAD = 4096
_CALL = re.compile(
    r"\s*(?:/\*[^*]{0,200}\*/\s*)?(?:typeof\s+[\w.$]{1,200}\s*===?\s*['\"]function['\"]\s*&&\s*)?"
    r"[A-Za-z_$][\w.$]{0,200}\s*\(\s*(?=[{\[])"
)
_ADDRESS = re.compile(r"\s*(?:/|(?:https?|feed):)", re.IGNORECASE)
_CALL_END = re.compile(r"\)\s*;?$")
_BASES = etree.XPath("ancestor-or-self::*/@xml:base", smart_strings=False)
_PERIODS = {
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "weekly": timedelta(weeks=1),
    "monthly": timedelta(days=30),
    "yearly": timedelta(days=365),
}
_LONGEST_HINT = timedelta(days=365)


class Feed:
    """The feed under *root*, fetched from *url*; dates without zone are in *zone*."""

    names = frozenset({"item", "entry"})
    """Of its entries."""

    def __init__(self, root: etree._Element, url: str, *, zone: tzinfo) -> None:
        self.channel = next((child for child in root if local_name(child) == "channel"), root)
        self.base = _base_of(self.channel, url)
        self._url, self._zone = url, zone
        self._root = root
        self._language = _attribute(root, _XML + "lang") or plain(_text(self.channel, "language"))

    def elements(self) -> Iterator[etree._Element]:
        """Yield the entries under the root."""
        return (element for element in self._root.iter(etree.Element) if local_name(element) in self.names)

    def read(self, element: etree._Element) -> AnnouncedUrl | None:
        """Return what the entry *element* announces; None where it has no address."""
        if not len(element) and not _about(element):
            return None
        return _Item(element, self._url, language=self._language, zone=self._zone).announced_url()

    def found(self, read: Iterable[AnnouncedUrl]) -> Discovery:
        """Return what the feed says of itself, with what was *read* of its entries."""
        urls: dict[str, AnnouncedUrl] = {}
        for one in read:
            urls.setdefault(one.url, one)
        return Discovery(
            Kind.FEED,
            tuple(urls.values()),
            more=tuple(_further_pages(self.channel, self._url)),
            title=plain(_text(self.channel, "title")),
            language=self._language,
            hints=_hints(self.channel),
        )


def feed_from_json(text: str, url: str, *, zone: tzinfo) -> Discovery | None:
    """Return what the JSON Feed *text* announces, as far as it goes; None where it is not one.

    It may stand in a call (JSONP) or in a list.
    """
    stated, complete = _json(_without_call(text))
    several = stated if isinstance(stated, list) else [stated]
    feeds = [feed for feed in several if isinstance(feed, dict) and isinstance(feed.get("items"), list)]
    if not feeds:
        return None
    found: dict[str, AnnouncedUrl] = {}
    more: dict[str, Source] = {}
    for feed in feeds:
        language = _string(feed.get("language"))
        for item in feed["items"]:
            announced = _json_item(item, url, language, zone) if isinstance(item, dict) else None
            if announced is not None:
                found.setdefault(announced.url, announced)
        following = Base(url).join_stated(_string(feed.get("next_url"))) if feed.get("next_url") else None
        if following:
            more.setdefault(following, Source(following, Kind.FEED))
    return Discovery(
        Kind.FEED,
        tuple(found.values()),
        tuple(more.values()),
        title=plain(_string(feeds[0].get("title"))),
        language=_string(feeds[0].get("language")),
        complete=complete,
        entries=sum(len(feed["items"]) for feed in feeds),
    )


def is_call(text: str) -> bool:
    """Return whether *text* starts as JSON in a call of a function does (JSONP)."""
    return _CALL.match(text) is not None


def _without_call(text: str) -> str:
    call = _CALL.match(text)
    return _CALL_END.sub("", text[call.end() :].rstrip(), count=1) if call else text


def _json(text: str) -> tuple[object, bool]:
    """Return what *text* says and whether it is whole; of damaged text only the whole items."""
    # Not strict: line breaks inside of strings are what makes most of them invalid.
    for read in (orjson.loads, json.JSONDecoder(strict=False).decode):
        try:
            return read(text), True
        except (ValueError, RecursionError):
            continue
    start = _JSON_ITEMS.search(text)
    if start is None or '"version"' not in text[:_JSON_HEAD]:
        return None, False
    return {"items": list(_json_objects(text, start.end()))}, False


def _json_objects(text: str, place: int) -> Iterator[object]:
    decoder = json.JSONDecoder(strict=False)
    try:
        while (start := text.find("{", place)) >= 0:
            found, place = decoder.raw_decode(text, start)
            yield found
    except (ValueError, RecursionError):
        return


def local_name(element: etree._Element) -> str:
    """Return the element's name without namespace, in lower case."""
    return _names(str(element.tag))[1]


def is_own(child: etree._Element, element: etree._Element) -> bool:
    """Return whether *child* is one of the names of *element*'s own vocabulary, not an extension's."""
    namespace = _names(str(child.tag))[0]
    return namespace in _VOCABULARIES or namespace == _names(str(element.tag))[0]


def own_first(children: Iterable[etree._Element], element: etree._Element) -> list[etree._Element]:
    """Return the *children* of *element*, those of extensions behind its own."""
    return sorted(children, key=lambda child: not is_own(child, element))


@lru_cache(maxsize=1024)
def _names(tag: str) -> tuple[str, str]:
    """Return the namespace, or the prefix where that is not declared, and the name in lower case."""
    space, _, name = tag.rpartition("}")
    prefix, _, local = name.rpartition(":")
    return space.lstrip("{") or prefix, local.lower()


class _Item:
    """One entry of a feed, read once into its children by name."""

    def __init__(self, element: etree._Element, source: str, *, language: str, zone: tzinfo) -> None:
        self.element = element
        self.source = source
        self.zone = zone
        self.language = language
        self.children = _by_name(own_first(element.iterchildren(etree.Element), element))

    def announced_url(self) -> AnnouncedUrl | None:
        url = self._url()
        if url is None:
            # After a tag that was never closed, the other children stand inside it.
            self.children = _by_name(own_first(_below(self.element), self.element))
            url = self._url()
        if url is None:
            return None
        return AnnouncedUrl(
            url=url,
            source=self.source,
            kind=Kind.FEED,
            title=plain(self._first("title")),
            published=self._date(_PUBLISHED),
            updated=self._date(_UPDATED),
            guid=(self._first("guid") or self._first("id") or _about(self.element)).strip()[:_LONGEST_GUID],
            language=_attribute(self.element, _XML + "lang")
            or plain(self._first("language"))
            or self.language,
            categories=tuple(self._categories()),
        )

    def _url(self) -> str | None:
        base = Base(_base_of(self.element, self.source))
        for reference in self._references():
            url = base.join_stated(reference) if reference.strip() else None
            if url is not None:
                return url
        return None

    def _references(self) -> Iterator[str]:
        """Yield what may be the entry's page, the most trustworthy first."""
        # FeedBurner and its like put their own counting address into link and the page's here.
        yield self._first("origlink")
        links = self.children.get("link", [])
        own = [link for link in links if is_own(link, self.element)]
        yield from _pages(own)
        for guid in self.children.get("guid", []):
            is_permalink = guid.get("isPermaLink", "true").strip().lower() != "false"
            if _is_web(guid.text) or (is_permalink and _is_address(guid.text)):
                yield guid.text or ""
        yield from (text for text in (self._first("id"), _about(self.element)) if _is_web(text))
        yield from (link.get("href", "") for link in own if _relation(link) in {"self", "related"})
        yield from _pages(link for link in links if not is_own(link, self.element))

    def _first(self, *names: str) -> str:
        for name in names:
            for child in self.children.get(name, ()):
                text = "".join(map(str, child.itertext())) if len(child) else child.text
                if text and text.strip():
                    return text
        return ""

    def _date(self, names: tuple[str, ...]) -> datetime | None:
        dates = (parse_date(self._first(name), zone=self.zone) for name in names if name in self.children)
        return next((date for date in dates if date is not None), None)

    def _categories(self) -> Iterator[str]:
        for child in (*self.children.get("category", ()), *self.children.get("subject", ())):
            text = plain(child.get("term") or child.text, longest=100)
            if text:
                yield text


def _below(element: etree._Element) -> Iterator[etree._Element]:
    """Yield all that stands in an entry, but not what stands in another entry in there."""
    waiting = list(element.iterchildren(etree.Element, reversed=True))
    while waiting:
        child = waiting.pop()
        if local_name(child) not in Feed.names:
            yield child
            waiting += child.iterchildren(etree.Element, reversed=True)


def _pages(links: Iterable[etree._Element]) -> Iterator[str]:
    links = list(links)
    yield from (link.text or "" for link in links if not link.get("href"))
    pages = [link for link in links if link.get("href") and _relation(link) == "alternate"]
    pages.sort(key=lambda link: "html" not in link.get("type", "html"))
    yield from (link.get("href", "") for link in pages)


def _relation(link: etree._Element) -> str:
    """Return what the link is; a registered relation may be named by its URI (RFC 4287 §4.2.7.2)."""
    return link.get("rel", "alternate").strip().removeprefix(_RELATIONS).lower()


def _by_name(elements: Iterable[etree._Element]) -> dict[str, list[etree._Element]]:
    found: dict[str, list[etree._Element]] = {}
    for element in elements:
        found.setdefault(local_name(element), []).append(element)
    return found


def _base_of(element: etree._Element, source: str) -> str:
    """Return the URL that references inside *element* are relative to (``xml:base``)."""
    stated: list[str] = _BASES(element)  # type: ignore[assignment]
    base = source
    for one in stated:
        base = Base(base).join(one) or base
    return base


def _further_pages(channel: etree._Element, url: str) -> Iterator[Source]:
    """Yield the next pages of a paged feed (RFC 5005)."""
    base = Base(_base_of(channel, url))
    for child in channel:
        if local_name(child) == "link" and _relation(child) in {"next", "prev-archive"}:
            target = base.join(child.get("href") or "")
            if target and target != url:
                yield Source(target, Kind.FEED)


def _hints(channel: etree._Element) -> Hints:
    minutes = _number(_text(channel, "ttl"))
    period = _text(channel, "updateperiod").strip().lower()
    times = _number(_text(channel, "updatefrequency"))
    interval = None
    if period or times:
        # The module's defaults: daily, once.
        each = _PERIODS.get(period or "daily")
        interval = each / (times or 1) if each else None
    return Hints(ttl=timedelta(minutes=minutes) if minutes else None, update_interval=interval)


def _number(text: str) -> int:
    """Return the number that *text* is, 0 where it is none, not above the minutes of a year."""
    digits = text.strip()
    most = int(_LONGEST_HINT / timedelta(minutes=1))
    return min(int(digits), most) if digits.isdecimal() and len(digits) < 10 else 0


def _text(element: etree._Element, name: str) -> str:
    named = [child for child in element if local_name(child) == name]
    return next((child.text or "" for child in own_first(named, element)), "")


def _attribute(element: etree._Element, name: str) -> str:
    return (element.get(name) or "").strip()


def _about(element: etree._Element) -> str:
    return element.get("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about") or ""


def _is_web(text: str | None) -> bool:
    return bool(text and text.strip().lower().startswith(("http://", "https://")))


def _is_address(text: str | None) -> bool:
    """Return whether *text* is an address without guessing: it has a scheme, or starts at the root."""
    return _is_web(text) or bool(_ADDRESS.match(text or ""))


def _json_item(item: dict[str, Any], source: str, language: str, zone: tzinfo) -> AnnouncedUrl | None:
    identity = _string(item.get("id"))
    reference = _string(item.get("url")) or _string(item.get("external_url"))
    if not reference and _is_web(identity):
        reference = identity
    url = Base(source).join_stated(reference) if reference else None
    if url is None:
        return None
    tags = item.get("tags")
    words = tags if isinstance(tags, list) else []
    return AnnouncedUrl(
        url=url,
        source=source,
        kind=Kind.FEED,
        title=plain(_string(item.get("title"))),
        published=parse_date(_string(item.get("date_published")), zone=zone),
        updated=parse_date(_string(item.get("date_modified")), zone=zone),
        guid=identity[:_LONGEST_GUID],
        language=_string(item.get("language")) or language,
        categories=tuple(plain(word, longest=100) for word in words if isinstance(word, str)),
    )


def _string(value: object) -> str:
    return str(value) if isinstance(value, str | int) else ""
