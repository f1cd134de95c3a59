"""Edits, disappearances and returns as feeds: Atom (RFC 4287) and JSON Feed 1.1.

No clock: a feed was updated when the last of its entries was seen, and the same entries give the same bytes.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

import orjson
from lxml import etree

from pipelines.edits.rendering import clean, to_html
from pipelines.edits.versions import Edit, Event
from pipelines.version import VERSION

Change = Edit | Event

_ATOM: Final = "http://www.w3.org/2005/Atom"
_NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class FeedHead:
    """What a feed says of itself."""

    title: str
    url: str = ""
    """Where the feed is; may be left out."""
    home: str = ""
    """A page for readers; may be left out."""
    identity: str = ""
    """What tells it from other feeds for good; else its address or title."""

    @property
    def urn(self) -> str:
        """Its identity as an URN."""
        return uuid5(NAMESPACE_URL, self.identity or self.url or self.title).urn


def in_order(changes: Iterable[Change]) -> list[Change]:
    """Return *changes*, the latest first."""
    return sorted(changes, key=lambda each: (each.at, each.url, kind_of(each)), reverse=True)


def kind_of(change: Change) -> str:
    """Return the grade of an edit, or the kind of an event."""
    return str(change.grade if isinstance(change, Edit) else change.kind)


def headline_of(change: Change) -> str:
    """Return the headline of the article, of an edit the later one."""
    return change.after.reading.headline if isinstance(change, Edit) else change.headline


def reasons_of(change: Change) -> tuple[str, ...]:
    """Return why a change has its grade or kind, in words."""
    return change.reasons if isinstance(change, Edit) else (change.reason,)


def earlier(change: Change) -> datetime:
    """Return when the article was seen before the change for the last time: the change came after it."""
    return change.before.last.at if isinstance(change, Edit) else change.known


def identifier(change: Change) -> str:
    """Return an URN that is the same for the same change on every machine."""
    name = f"{change.url} {change.at.isoformat()} {'edit' if isinstance(change, Edit) else change.kind}"
    return uuid5(NAMESPACE_URL, name).urn


def atom(changes: Iterable[Change], head: FeedHead) -> bytes:
    """Return an Atom feed of *changes*, the latest first: UTF-8 with its XML declaration."""
    ordered = in_order(changes)
    feed = etree.Element(f"{{{_ATOM}}}feed", nsmap={None: _ATOM})  # type: ignore[dict-item]
    _child(feed, "id", head.urn)
    _child(feed, "title", head.title)
    _child(feed, "updated", _time(ordered[0].at if ordered else _NEVER))
    _child(_child(feed, "author"), "name", "newswarc")
    _child(feed, "generator", "newswarc", version=VERSION)
    if head.url:
        _child(feed, "link", rel="self", href=head.url)
    if head.home:
        _child(feed, "link", rel="alternate", href=head.home)
    for change in ordered:
        _entry(feed, change)
    return etree.tostring(feed, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def json_feed(changes: Iterable[Change], head: FeedHead) -> bytes:
    """Return a JSON Feed 1.1 of *changes*, the latest first; ``_newswarc`` holds what it has no field for."""
    ordered = in_order(changes)
    feed: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": clean(head.title),
        **({"feed_url": clean(head.url)} if head.url else {}),
        **({"home_page_url": clean(head.home)} if head.home else {}),
        "authors": [{"name": "newswarc"}],
        "items": [_item(change) for change in ordered],
    }
    return orjson.dumps(feed, option=orjson.OPT_INDENT_2)


def _entry(feed: etree._Element, change: Change) -> None:
    entry = _child(feed, "entry")
    _child(entry, "id", identifier(change))
    _child(entry, "title", _title(change))
    _child(entry, "updated", _time(change.at))
    _child(entry, "link", rel="alternate", href=change.url)
    for tag in _tags(change):
        _child(entry, "category", term=tag)
    _child(entry, "summary", _summary(change))
    if isinstance(change, Edit):
        _child(entry, "content", to_html(change.difference), type="html")


def _item(change: Change) -> dict[str, Any]:
    content = to_html(change.difference) if isinstance(change, Edit) else ""
    return {
        "id": identifier(change),
        "url": clean(change.url),
        "title": clean(_title(change)),
        "summary": clean(_summary(change)),
        "date_published": _time(change.at),
        "tags": list(_tags(change)),
        **({"content_html": content} if content else {"content_text": clean(_summary(change))}),
        "_newswarc": {
            "kind": kind_of(change),
            "reasons": [clean(reason) for reason in reasons_of(change)],
            "not_before": _time(earlier(change)),
            "timestamp": change.at.strftime("%Y%m%d%H%M%S"),
        },
    }


def _tags(change: Change) -> Sequence[str]:
    return [str(each) for each in change.grades] if isinstance(change, Edit) else [str(change.kind)]


def _title(change: Change) -> str:
    return f"{kind_of(change)}: {headline_of(change) or change.url}"


def _summary(change: Change) -> str:
    return "; ".join(reasons_of(change))


def _time(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _child(parent: etree._Element, name: str, text: str = "", **attributes: str) -> etree._Element:
    given = {key: clean(value) for key, value in attributes.items()}
    child = etree.SubElement(parent, f"{{{_ATOM}}}{name}", given)
    if text:
        child.text = clean(text)
    return child
