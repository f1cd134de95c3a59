"""What a page says of itself: structured data first, then what readers see."""

import re
from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass
from html import unescape
from urllib.parse import urljoin, urlsplit

from htmldate import find_date
from lxml.etree import XPath
from lxml.html import HtmlElement

from pipelines.extract import jsonld
from pipelines.extract.article import Image, Moment, PassageKind
from pipelines.extract.blocks import Block
from pipelines.extract.moments import moment, moment_in_url
from pipelines.extract.titles import headline

_PUBLISHED = (
    "article:published_time", "datepublished", "og:published_time", "og:article:published_time",
    "parsely-pub-date", "sailthru.date", "pubdate", "publishdate", "publish_date", "publish-date",
    "publish_time", "apub:time", "dc.date.issued", "dcterms.created", "dc.date.created", "dc.date",
    "dcterms.date", "article.published", "published_at", "date", "pubtime", "bt:pubdate",
    "citation_publication_date", "rnews:datepublished", "_pubtime", "weibo: article:create_at",
)  # fmt: skip
_MODIFIED = (
    "article:modified_time", "datemodified", "og:updated_time", "og:modified_time", "dcterms.modified",
    "lastmod", "last-modified", "dc.date.modified", "article:updated_time",
)  # fmt: skip
_AUTHORS = (
    "author", "article:author", "parsely-author", "dc.creator", "dcterms.creator", "sailthru.author",
    "byl", "citation_author", "og:author", "article:author_name", "authors",
)  # fmt: skip
_BY = re.compile(
    r"^\s*(?:by|von|par|por|written by|author:?|text:|作者|文|记者|記者|撰文)\s*[:：|/丨]?\s+|"
    r"^\s*(?:作者|记者|記者|撰文|文)\s*[:：|/丨]\s*",
    re.IGNORECASE,
)
_SPLIT = re.compile(r"\s*(?:[;；|、，]|,(?!\s*(?:jr|sr|md|phd)\b)|\band\b|&)\s*", re.IGNORECASE)
_BYLINE = re.compile(
    r"(?:^|[\s_-])(?:by-?line|author|author-?name|post-?author|p-author|writer)(?:$|[\s_-])", re.IGNORECASE
)
_DATED = re.compile(
    r"(?:^|[\s_-])(?:date|time|pub-?time|pub-?date|publish\w*|posted|timestamp|entry-date|post-?date|article-?time|"
    r"info|source|来源)(?:$|[\s_-])",
    re.IGNORECASE,
)
_NOBODY = re.compile(
    r"https?://|^@|www\.|\.com\b|^\d+$|^(?:translat|翻译|译者|編譯|编译)|(?:19|20)\d\d年?|^(?:admin|administrator|staff|"
    r"discuz! team|comsenz ui team)$",
    re.IGNORECASE,
)
_CHINESE_AUTHOR = re.compile(
    r"(?:作者|记者|記者|撰文|文)\s*[:：/丨]\s*"
    r"([\u4e00-\u9fff·]{2,8}(?:[\s、,，]+[\u4e00-\u9fff·]{2,4}(?![\u4e00-\u9fff：:]))*)"
)
_SIGNED = XPath(
    "//*[@rel='author' or @itemprop='author' or contains(@class, 'yline') or contains(@class, 'uthor')]"
)
_DAY = XPath("//*[@itemprop='datePublished' or @pubdate]")
_YEAR = re.compile(r"(?:19|20)\d{2}")
_TEXT = 400
_HORIZON = "2100-12-31"
_TAG = re.compile(r"<[^<>]{1,1000}>")
_LINES = re.compile(r"\n+|</p>|<br\s*/?>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Metadata:
    """The fields of :class:`~pipelines.extract.article.Article` that are not its text."""

    canonical_url: str
    site: str
    section: str
    title: str
    subtitle: str
    authors: tuple[str, ...]
    published: Moment | None
    modified: Moment | None
    images: tuple[Image, ...]
    body: tuple[Block, ...]
    """``articleBody`` of the structured data; empty where there is none."""
    locked: bool
    """Whether structured data say that the article is not free."""
    kinds: frozenset[str]
    """All schema.org types on the page, and ``og:<og:type>``."""


def metadata(tree: HtmlElement, url: str) -> Metadata:
    """Return what the page says of itself. *tree* is not changed."""
    said = _Said(tree, url)
    site = said.site()
    return Metadata(
        canonical_url=said.canonical(),
        site=site,
        section=said.section(),
        title=headline(said.titles(), said.first("title"), site),
        subtitle=said.subtitle(),
        authors=said.authors(),
        published=said.published(),
        modified=said.modified(),
        images=said.images(),
        body=said.body(),
        locked=str(said.article.get("isAccessibleForFree")).lower() == "false",
        kinds=said.kinds(),
    )


def clean(value: object) -> str:
    """Return *value* as one line without entities, or ``""`` where it is no string."""
    return " ".join(unescape(value).split()) if isinstance(value, str) else ""


class _Said:
    """The places of a page where metadata stand, each read once."""

    def __init__(self, tree: HtmlElement, url: str) -> None:
        self.tree = tree
        self.url = url
        self.meta: dict[str, list[str]] = {}
        for element in tree.iter("meta"):
            content = element.get("content")
            for key in (element.get("property"), element.get("name"), element.get("itemprop")):
                if key and content and content.strip():
                    self.meta.setdefault(key.strip().lower(), []).append(clean(content))
        self.nodes = jsonld.nodes(tree)
        self.article = jsonld.best(self.nodes, jsonld.ARTICLES)
        self.page = jsonld.best(self.nodes, jsonld.PAGES)

    def said(self, *keys: str) -> str:
        """Return the first value among the meta elements *keys*."""
        return next((self.meta[key][0] for key in keys if key in self.meta), "")

    def first(self, tag: str) -> str:
        """Return the text of the first *tag*."""
        element = next(self.tree.iter(tag), None)
        return "" if element is None else clean(element.text_content())

    def titles(self) -> dict[str, list[str]]:
        """Return the candidates for the headline by where they stand."""
        h1 = [clean(element.text_content()) for element in self.tree.iter("h1")]
        return {
            "json-ld": [clean(self.article.get("headline")) or clean(self.article.get("name"))],
            "meta": self.meta.get("og:title", [])
            + self.meta.get("twitter:title", [])
            + self.meta.get("articletitle", []),
            "h1": h1[:10],
        }

    def canonical(self) -> str:
        """Return the page's own address of itself, absolute."""
        for element in self.tree.iter("link"):
            if "canonical" in (element.get("rel") or "").lower().split() and element.get("href"):
                return joined(self.url, element.get("href") or "")
        return joined(self.url, self.said("og:url"))

    def site(self) -> str:
        """Return the publication's name."""
        publisher = next(jsonld.names(self.article.get("publisher")), "")
        site = jsonld.best(self.nodes, frozenset(("WebSite",))).get("name")
        return self.said("og:site_name") or clean(publisher) or clean(site) or self.said("application-name")

    def section(self) -> str:
        """Return the section's name."""
        return self.said("article:section") or next(
            map(clean, jsonld.names(self.article.get("articleSection"))), ""
        )

    def subtitle(self) -> str:
        """Return the second headline, where the page names one."""
        return clean(self.article.get("alternativeHeadline"))

    def kinds(self) -> frozenset[str]:
        """Return the page's types."""
        found = {name for node in self.nodes for name in jsonld.types_of(node)}
        return frozenset(
            found | ({f"og:{self.said('og:type').lower()}"} if "og:type" in self.meta else set())
        )

    def authors(self) -> tuple[str, ...]:
        """Return the authors from the first place that names any."""
        for place in (
            jsonld.names(self.article.get("author")),
            (value for key in _AUTHORS for value in self.meta.get(key, [])),
            self._bylines(),
            _CHINESE_AUTHOR.findall(self._head_text()),
        ):
            names = people(place)
            if names:
                return names
        return ()

    def published(self) -> Moment | None:
        """Return when the article appeared, by the first place that says it."""
        return next(filter(None, self._published()), None)

    def modified(self) -> Moment | None:
        """Return when it was changed last, as structured data say."""
        candidates = [
            moment(value, "json-ld:dateModified")
            for node in (self.article, self.page)
            for value in jsonld.names(node.get("dateModified"))
        ]
        candidates += [moment(self.said(key), f"meta:{key}") for key in _MODIFIED if key in self.meta]
        return next(filter(None, candidates), None)

    def images(self) -> tuple[Image, ...]:
        """Return the picture that stands for the article."""
        url = joined(self.url, self.said("og:image", "og:image:url", "twitter:image"))
        return (Image(url, alternative=self.said("og:image:alt")),) if url else ()

    def body(self) -> tuple[Block, ...]:
        """Return the paragraphs of ``articleBody``, without markup."""
        stated = self.article.get("articleBody")
        if not isinstance(stated, str):
            return ()
        lines = (clean(_TAG.sub(" ", line)) for line in _LINES.split(unescape(stated)))
        return tuple(Block(PassageKind.PARAGRAPH, line, 0, self.tree) for line in lines if line)

    def _published(self) -> Iterator[Moment | None]:
        for key in ("datePublished", "uploadDate", "dateCreated"):
            for value in jsonld.names(self.article.get(key)):
                yield moment(value, f"json-ld:{key}")
        for key in _PUBLISHED:
            for value in self.meta.get(key, [])[:1]:
                yield moment(value, f"meta:{key}")
        for value in jsonld.names(self.page.get("datePublished")):
            yield moment(value, "json-ld:datePublished")
        yield from self._marked()
        yield moment_in_url(self.url)
        yield from self._seen()

    def _marked(self) -> Iterator[Moment | None]:
        """Dates in elements that are made for dates."""
        for element in self.tree.iter("time"):
            stated = element.get("datetime") or element.text_content()
            yield moment(stated, "time")
        for element in _elements(_DAY, self.tree)[:3]:
            yield moment(
                element.get("content") or element.get("datetime") or element.text_content(), "itemprop"
            )

    def _seen(self) -> Iterator[Moment | None]:
        """Dates in short texts whose class says that they hold one, or which stand above the text."""
        for element in self.tree.iter("span", "p", "div", "em", "i", "li", "td", "small", "b"):
            name = f"{element.get('class') or ''} {element.get('id') or ''}"
            if name != " " and _DATED.search(name):
                stated = element.text_content()
                if len(stated) < _TEXT and _YEAR.search(stated):
                    yield moment(stated, "text")
        yield moment(self._head_text(), "text")
        yield self._guessed()

    def _guessed(self) -> Moment | None:
        """Ask htmldate, with a fixed horizon in place of its clock; the first of a year means a year."""
        try:
            day = find_date(copy(self.tree), original_date=True, extensive_search=False, max_date=_HORIZON)
        except Exception:  # noqa: BLE001 (foreign code on hostile pages; no date is what it would say)
            return None
        return moment(day, "htmldate") if day and not day.endswith("-01-01") else None

    def _bylines(self) -> Iterator[str]:
        for element in _elements(_SIGNED, self.tree)[:8]:
            name = f"{element.get('class') or ''} {element.get('rel') or ''} {element.get('itemprop') or ''}"
            stated = clean(element.text_content())
            if len(stated) < 60 and _BYLINE.search(name):
                yield stated

    def _head_text(self) -> str:
        """Return the text that follows the first headline: where by-lines stand."""
        h1 = next(self.tree.iter("h1"), None)
        if h1 is None:
            return ""
        parts, length = [], 0
        for element in h1.itersiblings():
            text = clean(element.text_content())
            parts.append(text[:_TEXT])
            length += len(text)
            if length > _TEXT:
                break
        return " ".join(parts)[:_TEXT]


def _elements(path: XPath, tree: HtmlElement) -> list[HtmlElement]:
    found = path(tree)
    return (
        [element for element in found if isinstance(element, HtmlElement)] if isinstance(found, list) else []
    )


def people(values: Iterable[str]) -> tuple[str, ...]:
    """Return the names in *values*, each once, without by-line words and addresses."""
    names: dict[str, None] = {}
    for value in values:
        for part in _SPLIT.split(_BY.sub("", clean(value))):
            name = part.strip(" .,:：-–—/")
            if 1 < len(name) <= 60 and not _NOBODY.search(name):
                names.setdefault(name)
    return tuple(names)


def joined(base: str, reference: str) -> str:
    """Return *reference* made absolute, or ``""`` where it is no http(s) address."""
    if not reference:
        return ""
    try:
        absolute = urljoin(base, reference)
        return absolute if urlsplit(absolute).scheme in ("http", "https") else ""
    except ValueError:
        return ""
