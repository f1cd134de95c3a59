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
_ITEMS = {"item", "entry"}
_PUBLISHED = ("published", "pubdate", "issued", "date", "created", "dateadded")
_UPDATED = ("updated", "modified", "lastmod")
_LONGEST_GUID = 1000
_JSON_ITEMS = re.compile(r'"items"\s*:\s*\[')
_JSON_HEAD = 4096
_PERIODS = {
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "weekly": timedelta(weeks=1),
    "monthly": timedelta(days=30),
    "yearly": timedelta(days=365),
}
_LONGEST_HINT = timedelta(days=365)


def feed_from_xml(root: etree._Element, url: str, *, zone: tzinfo) -> Discovery:
    """Return what the feed under *root*, fetched from *url*, announces; dates without zone are in *zone*."""
    channel = next((child for child in root if local_name(child) == "channel"), root)
    language = _attribute(root, _XML + "lang") or plain(_text(channel, "language"))
    found: dict[str, AnnouncedUrl] = {}
    for element in root.iter(etree.Element):
        if local_name(element) in _ITEMS:
            item = _Item(element, url, language=language, zone=zone).announced_url()
            if item is not None:
                found.setdefault(item.url, item)
    return Discovery(
        Kind.FEED,
        tuple(found.values()),
        more=tuple(_further_pages(channel, url)),
        title=plain(_text(channel, "title")),
        language=language,
        hints=_hints(channel),
    )


def feed_from_json(text: str, url: str, *, zone: tzinfo) -> Discovery | None:
    """Return what the JSON Feed *text* announces, as far as it goes; None where it is not one."""
    feed, complete = _json(text)
    if not isinstance(feed, dict) or not isinstance(feed.get("items"), list):
        return None
    language = _string(feed.get("language"))
    found: dict[str, AnnouncedUrl] = {}
    for item in feed["items"]:
        announced = _json_item(item, url, language, zone) if isinstance(item, dict) else None
        if announced is not None:
            found.setdefault(announced.url, announced)
    following = Base(url).join(_string(feed.get("next_url"))) if feed.get("next_url") else None
    more = (Source(following, Kind.FEED),) if following else ()
    title = plain(_string(feed.get("title")))
    return Discovery(Kind.FEED, tuple(found.values()), more, title, language, complete)


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
    return _local(str(element.tag))


@lru_cache(maxsize=1024)
def _local(tag: str) -> str:
    return tag.rpartition("}")[2].rpartition(":")[2].lower()


class _Item:
    """One entry of a feed, read once into its children by name."""

    def __init__(self, element: etree._Element, source: str, *, language: str, zone: tzinfo) -> None:
        self.element = element
        self.source = source
        self.zone = zone
        self.language = language
        self.children = _by_name(element)

    def announced_url(self) -> AnnouncedUrl | None:
        url = self._url()
        if url is None:
            # After a tag that was never closed, the other children stand inside it.
            self.children = _by_name(self.element.iterdescendants())
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
            url = base.join(reference) if reference.strip() else None
            if url is not None:
                return url
        return None

    def _references(self) -> Iterator[str]:
        """Yield what may be the entry's page, the most trustworthy first."""
        # FeedBurner and its like put their own counting address into link and the page's here.
        yield self._first("origlink")
        links = self.children.get("link", [])
        yield from (link.text or "" for link in links if not link.get("href"))
        pages = [link for link in links if link.get("href") and link.get("rel", "alternate") == "alternate"]
        pages.sort(key=lambda link: "html" not in link.get("type", "html"))
        yield from (link.get("href", "") for link in pages)
        for guid in self.children.get("guid", []):
            if guid.get("isPermaLink", "true").strip().lower() != "false" or _is_web(guid.text):
                yield guid.text or ""
        yield from (text for text in (self._first("id"), _about(self.element)) if _is_web(text))

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


def _by_name(elements: Iterable[etree._Element]) -> dict[str, list[etree._Element]]:
    found: dict[str, list[etree._Element]] = {}
    for element in elements:
        found.setdefault(local_name(element), []).append(element)
    return found


def _base_of(element: etree._Element, source: str) -> str:
    """Return the URL that references inside *element* are relative to (``xml:base``)."""
    bases = [source]
    around = [element, *element.iterancestors()]
    for ancestor in reversed(around):
        stated = ancestor.get(_XML + "base")
        if stated:
            bases.append(Base(bases[-1]).join(stated) or bases[-1])
    return bases[-1]


def _further_pages(channel: etree._Element, url: str) -> Iterator[Source]:
    """Yield the next pages of a paged feed (RFC 5005)."""
    base = Base(_base_of(channel, url))
    for child in channel:
        if local_name(child) == "link" and child.get("rel") in {"next", "prev-archive"}:
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
    return next((child.text or "" for child in element if local_name(child) == name), "")


def _attribute(element: etree._Element, name: str) -> str:
    return (element.get(name) or "").strip()


def _about(element: etree._Element) -> str:
    return element.get("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about") or ""


def _is_web(text: str | None) -> bool:
    return bool(text and text.strip().lower().startswith(("http://", "https://")))


def _json_item(item: dict[str, Any], source: str, language: str, zone: tzinfo) -> AnnouncedUrl | None:
    identity = _string(item.get("id"))
    reference = _string(item.get("url")) or _string(item.get("external_url"))
    if not reference and _is_web(identity):
        reference = identity
    url = Base(source).join(reference) if reference else None
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
