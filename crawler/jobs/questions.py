"""What a survey of a site asks it, round by round, by what it answered so far. Pure.

A front page names sources or does not; what it does not name is looked for at the usual places; what is
found there may name more. Three rounds and :data:`MOST_REQUESTS` requests are the end of it.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import cached_property
from itertools import islice

from lxml import etree

from crawler.discovery import Base, Discovery, Kind, LikelySources, Source, html_tree, likely_sources
from crawler.jobs.guesses import tongues
from pipelines.hostnames import registered_domain
from pipelines.identity import Identity
from pipelines.urls import host

MOST_REQUESTS = 25
"""Requests of one survey, robots.txt included; redirects may add a few."""
FEED_PLACES = ("/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/feed.json")
SITEMAP_PLACES = ("/sitemap.xml", "/news-sitemap.xml", "/sitemap_index.xml")

_MOST_DECLARED, _MOST_LINKED, _MOST_SITEMAPS, _MOST_CHILDREN, _MOST_SECTIONS = 6, 4, 4, 2, 5
_ARTICLES = 2
_EARLIEST = datetime.min.replace(tzinfo=UTC)
_ANNOUNCING = frozenset({Kind.FEED, Kind.SITEMAP, Kind.NEWS_SITEMAP, Kind.SITEMAP_INDEX})
_SITEMAPS = _ANNOUNCING - {Kind.FEED}
_COMMENT_FEED = re.compile(r"/comments?(?:/|$|[-_.])|[?&]feed=comments|/comments?-rss", re.IGNORECASE)
_COMMENT_TITLE = re.compile(r"^comments? (?:on|for)\b|\bcomments?(?: feed)?$|评论(?:feed)?$", re.IGNORECASE)


class Wanted(StrEnum):
    """What an address is asked for."""

    FRONT = "front page"
    ROBOTS = "robots.txt"
    FEED = "feed"
    SITEMAP = "sitemap"
    SECTION = "section"
    ARTICLE = "article"


@dataclass(frozen=True, slots=True)
class Question:
    """An address to ask for, what is hoped for there, and who named it."""

    url: str
    wanted: Wanted
    origin: str
    """``the front page``, ``robots.txt``, ``the usual place``, or the address of a source."""
    title: str = ""


@dataclass(frozen=True)
class Answer:
    """What came of a question."""

    question: Question
    url: str
    """Where it led in the end; the address asked for, where nothing came."""
    status: int | None = None
    reason: str = ""
    """A reason code (docs/reasons.md) where there is no answer, or none of use."""
    detail: str = ""
    """What the ledger says besides."""
    content_type: str = ""
    body: bytes = b""
    """Without content coding; empty where the status is not 200."""
    found: Discovery = Discovery(Kind.UNKNOWN)  # noqa: RUF009 - frozen

    @property
    def kind(self) -> Kind:
        """What it turned out to be, by its content."""
        return self.found.kind

    @property
    def is_source(self) -> bool:
        """Whether it is a feed or sitemap."""
        return self.kind in _ANNOUNCING

    @cached_property
    def tree(self) -> etree._Element | None:
        """The page, parsed; None where there is none."""
        return html_tree(self.body, content_type=self.content_type) if self.body else None

    @cached_property
    def likely(self) -> LikelySources:
        """What the page links to that looks like feeds and sections."""
        return LikelySources() if self.tree is None else likely_sources(self.tree, self.url)


@dataclass(frozen=True)
class Survey:
    """What a site answered so far."""

    start: str
    rounds: tuple[tuple[Answer, ...], ...] = ()
    robots: Answer | None = None
    """Of the front page's host; None where it was not to be had."""
    requests: int = 0

    def __iter__(self) -> Iterator[Answer]:
        return (answer for answers in self.rounds for answer in answers)

    @cached_property
    def front(self) -> Answer | None:
        """The front page; None where there is none that could be read."""
        pages = (a for a in self if a.question.wanted is Wanted.FRONT and a.kind is Kind.SECTION)
        return next(pages, None)

    def of(self, kinds: Iterable[Kind]) -> list[Answer]:
        """Return the answers that turned out to be of one of *kinds*, each address once."""
        held = frozenset(kinds)
        found: dict[str, Answer] = {}
        for answer in self:
            if answer.kind in held:
                found.setdefault(answer.url, answer)
        return list(found.values())

    @property
    def feeds(self) -> list[Answer]:
        """The feeds that answered."""
        return self.of({Kind.FEED})

    @property
    def sitemaps(self) -> list[Answer]:
        """The sitemaps that answered, indexes among them."""
        return self.of(_SITEMAPS)

    @property
    def is_announced(self) -> bool:
        """Whether a feed or sitemap announces anything."""
        return any(answer.found.urls or answer.found.more for answer in self.of(_ANNOUNCING))

    @cached_property
    def named_sitemaps(self) -> list[Question]:
        """The sitemaps that robots.txt and the front page name, those of news first."""
        named = [(source, "robots.txt") for source in self.robots.found.more] if self.robots else []
        if self.front is not None:
            named += [(s, "the front page") for s in self.front.found.more if s.kind is Kind.SITEMAP]
        ordered = sorted(named, key=lambda pair: "news" not in pair[0].url.lower())
        return [Question(source.url, Wanted.SITEMAP, origin) for source, origin in ordered]


def next_questions(known: Survey) -> list[Question]:
    """Return what to ask next, no address twice; nothing where the survey has come to its end."""
    if not known.rounds:
        return [Question(known.start, Wanted.FRONT, "the command line")]
    if known.front is None:
        return _front_elsewhere(known)
    beyond = len(known.rounds) - 1 - next(n for n, held in enumerate(known.rounds) if known.front in held)
    if beyond >= 2:
        return []
    rounds: tuple[Callable[[Survey, Answer], Iterator[Question]], ...] = (_first, _second)
    return list(islice(_new(known, rounds[beyond](known, known.front)), MOST_REQUESTS - known.requests))


def is_of_comments(url: str, title: str) -> bool:
    """Return whether the feed at *url* with *title* looks like one of readers' comments."""
    return bool(_COMMENT_FEED.search(url) or _COMMENT_TITLE.search(title.strip()))


def _new(known: Survey, questions: Iterable[Question]) -> Iterator[Question]:
    identity = Identity()
    asked = {identity.of(url) for answer in known for url in (answer.question.url, answer.url)}
    for question in questions:
        name = identity.of(question.url)
        if name not in asked:
            asked.add(name)
            yield question


def _front_elsewhere(known: Survey) -> list[Question]:
    """Return the root of the host as the front page, where the address given is a feed or sitemap."""
    first = next(iter(known))
    if len(known.rounds) > 1 or not first.is_source:
        return []
    root = Base(first.url).join("/")
    return [Question(root, Wanted.FRONT, first.url)] if root else []


def _first(known: Survey, front: Answer) -> Iterator[Question]:
    """Yield what is named, and the usual places where nothing is."""
    feeds = [*_feeds_of(front, "the front page", _MOST_DECLARED, _MOST_LINKED)]
    yield from feeds if feeds or known.feeds else _usual(front, Wanted.FEED)
    if known.named_sitemaps or known.sitemaps:
        yield from known.named_sitemaps[:_MOST_SITEMAPS]
    else:
        yield from _usual(front, Wanted.SITEMAP)


def _second(known: Survey, front: Answer) -> Iterator[Question]:
    """Yield what follows from what was found, and not found, at the places that were named."""
    asked = False
    for question in _missing(known, front):
        asked = True
        yield question
    # Another job for articles alone is worth it only where their language is in doubt.
    if asked or not _is_language_sure(known, front):
        yield from islice(_articles(known, front), _ARTICLES)


def _missing(known: Survey, front: Answer) -> Iterator[Question]:
    for answer in known:
        if answer.question.wanted is Wanted.FEED and answer.kind is Kind.SECTION:
            yield from _feeds_of(answer, answer.url, _MOST_LINKED, _MOST_LINKED)
    if not known.feeds:
        yield from _usual(front, Wanted.FEED)
    if not known.sitemaps:
        yield from _usual(front, Wanted.SITEMAP)
    yield from islice(_children(known), _MOST_CHILDREN)
    if not known.is_announced or is_board(front):
        for section in front.likely.sections[:_MOST_SECTIONS]:
            yield Question(section.url, Wanted.SECTION, "the front page", section.title)


def _is_language_sure(known: Survey, front: Answer) -> bool:
    titles = [announced.title for answer in known for announced in answer.found.urls]
    return tongues([(front.found.language, "the front page")], titles).is_sure


def is_board(front: Answer) -> bool:
    """Return whether the site is a Discuz! forum, by the generator that its pages name or its scripts."""
    return generator(front).startswith("discuz") or b"/forum.php?mod=" in front.body


def generator(front: Answer) -> str:
    """Return what the front page says that it was made with, in lower case; empty where it does not."""
    return meta(front, "generator").lower()


def meta(page: Answer, name: str) -> str:
    """Return the first content of the ``meta`` element *name* (or property) of *page*, or an empty text."""
    if page.tree is None:
        return ""
    for element in page.tree.iter("meta"):
        if name in {(element.get("name") or "").lower(), (element.get("property") or "").lower()}:
            return " ".join((element.get("content") or "").split())
    return ""


def _feeds_of(page: Answer, origin: str, most_declared: int, most_linked: int) -> Iterator[Question]:
    """Yield the feeds that the ``<link>`` elements of *page* name, then those that it only links to."""
    declared = {source.url for source in page.found.more}
    wanted = [source for source in page.likely.feeds if not is_of_comments(source.url, source.title)]
    named = [source for source in wanted if source.url in declared]
    linked = [source for source in wanted if source.url not in declared]
    for source in (*named[:most_declared], *linked[:most_linked]):
        yield Question(source.url, Wanted.FEED, origin, source.title)


def _usual(front: Answer, wanted: Wanted) -> Iterator[Question]:
    base = Base(front.url)
    for place in FEED_PLACES if wanted is Wanted.FEED else SITEMAP_PLACES:
        url = base.join(place)
        if url is not None:
            yield Question(url, wanted, "the usual place")


def _children(known: Survey) -> Iterator[Question]:
    """Yield the sitemaps of indexes, those of news first, then what changed last."""

    def promise(source: Source) -> tuple[bool, datetime]:
        return "news" in source.url.lower(), source.updated or _EARLIEST

    for answer in known.of({Kind.SITEMAP_INDEX}):
        for source in sorted(answer.found.more, key=promise, reverse=True):
            yield Question(source.url, Wanted.SITEMAP, answer.url)


def _articles(known: Survey, front: Answer) -> Iterator[Question]:
    """Yield pages that are announced: their language is the articles' own."""
    domain = registered_domain(host(front.url))
    announcing = [*known.feeds, *known.of({Kind.NEWS_SITEMAP}), *known.of({Kind.SITEMAP})]
    for answer in sorted(announcing, key=lambda each: -len(each.found.urls)):
        for announced in answer.found.urls:
            if registered_domain(host(announced.url)) == domain:
                yield Question(announced.url, Wanted.ARTICLE, answer.url, announced.title)
