"""Which links of a front page are feeds and section fronts, by their looks."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urlsplit

from lxml import etree

from crawler.discovery.addresses import Base
from crawler.discovery.links import Page, base_of_page, further_sources, tree_of
from crawler.discovery.model import Kind, Source
from pipelines.hostnames import normal_host, registered_domain
from pipelines.identity import Identity
from pipelines.urls import host

MOST_LIKELY = 40
"""Feeds, and sections, that are named at most."""

_MOST_ANCHORS = 5000
_LONGEST_NAME = 24
_ENOUGH = 4

_FEED = re.compile(
    r"(?:^|[/._=-])(?:rss|atom|rdf|feeds?)\d?(?:[/._-]|$)|\.(?:rss|rdf|atom)$"
    r"|[?&](?:feed|type|format|output)=(?:rss|atom|feed)|[?&]mod=rss(?:&|$)",
    re.IGNORECASE,
)
_FEED_HOST = re.compile(r"^(?:feeds?|rss)\d?\.|feedburner\.com$")
_MENU = re.compile(
    r"(?:^|[\s_-])(?:main|top|sub|site)?-?(?:nav|navi|navbar|navigation|menu|menus|channel|channels|header|hd)"
    r"(?:[\s_-]|$)",
    re.IGNORECASE,
)
_FRONT_PATH = re.compile(r"(?:/[a-z%][\w%.~-]{0,40}){1,3}/?|/", re.IGNORECASE)
_ENDING = re.compile(
    r"/(?:index|default|front)?(?:\.(?:s?html?|php|aspx?|jsp))?$",
    re.IGNORECASE,
)
_LISTING = re.compile(r"/(?:node|channel|column|list)[_-]?\d+(?=\.s?html?$|/?$)", re.IGNORECASE)
_BOARD = re.compile(r".*/(?:forum-\d+-1\.html|forum\.php\?(?:.*&)?mod=forumdisplay&(?:.*&)?fid=\d+.*)")
# Numbers, and words joined by hyphens, are an article's.
_ARTICLE_PATH = re.compile(
    r"\d{4}|(?:[^/-]+-){3}|\.(?!s?html?$|php$|aspx?$|jsp$)[a-z0-9]{2,4}$", re.IGNORECASE
)
_NO_SECTION = re.compile(
    r"/(?:(?:about|account|admin|ads?|apps?|archives?|authors?|careers?|cart|contact|cookies?|copyright|download"
    r"|faq|feedback|feeds?|forgot|help|impressum|imprint|jobs|legal|log-?in|log-?out|members?|my|newsletters?"
    r"|policy|policies|print|privacy|profile|register|rss|search|service|settings|share|shop|sign-?in|sign-?up"
    r"|site-?map|store|support|tags?|terms|users?|wp)(?![a-z])|abonn|advert|donat|sponsor|subscri)",
    re.IGNORECASE,
)
_NO_SECTION_HOST = re.compile(
    r"^(?:passport|login|account|my|shop|mail|help|search|static|img|app|ad|ads|e?paper)\."
)
_IDENTITY = Identity()


@dataclass(frozen=True, slots=True)
class LikelySources:
    """What a front page seems to offer, the likeliest first; only a visit tells what each is."""

    feeds: tuple[Source, ...] = ()
    sections: tuple[Source, ...] = ()


@dataclass(slots=True)
class _Anchor:
    url: str
    name: str
    in_menu: bool


def likely_sources(page: Page, base_url: str) -> LikelySources:
    """Return the feeds and section fronts that the front page *page*, fetched from *base_url*, links to.

    Feeds are what ``<link>`` elements name, then links whose address says so. Sections are links of the site
    with a short name and path, better in a menu and where other links of the page lie below them. At most 40
    of each. Never raises.
    """
    tree = tree_of(page)
    if tree is None or not host(base_url):
        return LikelySources()
    anchors = list(islice(_anchors(tree, base_of_page(tree, base_url)), _MOST_ANCHORS))
    feeds = {source.url: source for source in further_sources(tree, base_url) if source.kind is Kind.FEED}
    for anchor in anchors:
        if _is_feed(anchor.url, base_url):
            feeds.setdefault(anchor.url, Source(anchor.url, Kind.FEED, title=anchor.name))
    return LikelySources(tuple(feeds.values())[:MOST_LIKELY], tuple(_sections(anchors, feeds, base_url)))


def _anchors(tree: etree._Element, base: Base) -> Iterator[_Anchor]:
    menus: dict[etree._Element, bool] = {}
    for element in tree.iter("a"):
        url = base.join(element.get("href") or "") if element.get("href") else None
        if url is not None:
            name = " ".join("".join(map(str, element.itertext())).split())
            yield _Anchor(url, name or (element.get("title") or "").strip(), _in_menu(element, menus))


def _in_menu(element: etree._Element, known: dict[etree._Element, bool]) -> bool:
    parent = element.getparent()
    if parent is None:
        return False
    if parent not in known:
        words = f"{parent.get('class') or ''} {parent.get('id') or ''} {parent.get('role') or ''}"
        found = parent.tag in {"nav", "header", "menu"} or bool(_MENU.search(words))
        known[parent] = found or (parent.tag not in {"body", "main", "article"} and _in_menu(parent, known))
    return known[parent]


def _is_feed(url: str, base_url: str) -> bool:
    if _FEED_HOST.search(host(url)):
        return True
    return _domain(url) == _domain(base_url) and bool(_FEED.search(_path_and_query(url)))


def _sections(anchors: list[_Anchor], feeds: Iterable[str], base_url: str) -> Iterator[Source]:
    below = _below(anchors)
    seen = {_front(_IDENTITY.of(url)) for url in (*feeds, base_url)}
    scored: dict[str, tuple[int, Source]] = {}
    for anchor in anchors:
        front = _front(_IDENTITY.of(anchor.url))
        if front in seen or not _may_be_front(anchor, base_url):
            continue
        score = _score(anchor) + min(3, below[front])
        if score >= _ENOUGH and score > scored.get(front, (0,))[0]:
            scored[front] = (score, Source(anchor.url, Kind.SECTION, title=anchor.name))
    best = sorted(scored.values(), key=lambda each: -each[0])
    yield from (source for _, source in best[:MOST_LIKELY])


def _score(anchor: _Anchor) -> int:
    score = 3 * anchor.in_menu + (len(anchor.name) <= 12)
    score += urlsplit(anchor.url).path.strip("/").count("/") == 0
    # A forum's board is one wherever it is linked from.
    return score + 3 * bool(_BOARD.fullmatch(_path_and_query(anchor.url)))


def _may_be_front(anchor: _Anchor, base_url: str) -> bool:
    if not 0 < len(anchor.name) <= _LONGEST_NAME or _domain(anchor.url) != _domain(base_url):
        return False
    if _BOARD.fullmatch(_path_and_query(anchor.url)):
        return True
    parts = urlsplit(anchor.url)
    if parts.query or _NO_SECTION.search(parts.path) or _NO_SECTION_HOST.match(parts.hostname or ""):
        return False
    # The front of another host of the site is a section too: sport.paper.example.
    front = parts.path if parts.path != "/" or parts.hostname != urlsplit(base_url).hostname else ""
    return bool(_FRONT_PATH.fullmatch(front)) and not _ARTICLE_PATH.search(_LISTING.sub("/list", front))


def _below(anchors: list[_Anchor]) -> Counter[str]:
    """Count the distinct links below each front: of its folder, or of its host."""
    counted: Counter[str] = Counter()
    for identity in {_IDENTITY.of(anchor.url) for anchor in anchors}:
        front, _, rest = _front(identity).partition("://")
        pieces = rest.split("/")
        counted.update(f"{front}://{'/'.join(pieces[:length])}" for length in range(1, len(pieces)))
    return counted


def _front(url: str) -> str:
    """Return *url* without the name of an index file and without final slash."""
    parts = urlsplit(url)
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.scheme}://{parts.netloc}{_ENDING.sub('', parts.path)}{query}"


def _path_and_query(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _domain(url: str) -> str:
    return registered_domain(normal_host(host(url)))
