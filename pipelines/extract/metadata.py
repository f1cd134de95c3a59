"""What a page says of itself: structured data first, then what readers see."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import unescape
from itertools import islice

from lxml.html import HtmlElement

from pipelines.extract import jsonld
from pipelines.extract.addresses import base_address, canonical_address, joined
from pipelines.extract.article import Image, Moment, PassageKind
from pipelines.extract.authors import Signed, authors
from pipelines.extract.beginning import beginning
from pipelines.extract.blocks import Block
from pipelines.extract.dates import dates
from pipelines.extract.pictures import pictures
from pipelines.extract.placing import second_headline, section
from pipelines.extract.titles import headline

__all__ = ("Metadata", "clean", "joined", "metadata")

_THREADS = frozenset(("DiscussionForumPosting", "QAPage"))
_LISTINGS = frozenset(("ItemList", "CollectionPage", "Product", "ProductGroup"))
_BOARDS = re.compile(
    r"vbulletin|xenforo|discourse|phpbb|discuz|invision|ips4|ipsapp|flarum|nodebb|vanilla|mybb|\bsmf\b|bbpress|lemmy|"
    r"fluxbb|punbb|phpwind|woltlab",
    re.IGNORECASE,
)
_TEASER = 200
_SEEN = 10
_LINKS = 400
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
    page_title: str
    """The ``title`` element."""
    h1: str
    """The first ``h1``."""
    stated: str
    """``articleBody`` as it was written, where it is long enough to be one."""
    thread: bool
    """Whether the page says that it is a discussion, or names software that makes nothing else."""

    @property
    def listing(self) -> bool:
        """Whether structured data say that the page lists things."""
        return bool(self.kinds & _LISTINGS)

    @property
    def article(self) -> bool:
        """Whether structured data say that the page is an article."""
        return "og:article" in self.kinds or bool(self.kinds & (jsonld.ARTICLES - _THREADS))


def metadata(tree: HtmlElement, url: str, found: Sequence[Block] = ()) -> Metadata:
    """Return what the page says of itself. *found* are all its blocks; *tree* is not changed."""
    said = _Said(tree, url)
    site, title, kinds = said.site(), said.first("title"), said.kinds()
    thread = bool(kinds & _THREADS) or said.board()
    start = beginning(found, title)
    main = headline(said.titles(_in_title(found, title)), title, site, url)
    published, modified = dates(tree, url, said.meta, said.nodes, start)
    return Metadata(
        canonical_url=said.canonical(),
        site=site,
        section=section(tree, said.meta, said.nodes, main),
        title=main,
        subtitle=second_headline(tree, said.article, main),
        authors=authors(Signed(tree, said.meta, said.nodes, start, found), site=site, thread=thread),
        published=published,
        modified=modified,
        images=pictures(tree, said.base, found, said.lead()),
        body=said.body(),
        locked=str(said.article.get("isAccessibleForFree")).lower() == "false",
        kinds=kinds,
        page_title=title,
        h1=said.first("h1"),
        stated=said.stated(),
        thread=thread,
    )


def _in_title(found: Sequence[Block], title: str) -> list[str]:
    """Return the lines that the ``title`` element repeats and that are a good part of it."""
    said = title.casefold()
    return [
        block.text for block in found if 3 * len(block.text) > len(said) > 0 and block.text.casefold() in said
    ][:_SEEN]


def clean(value: object) -> str:
    """Return *value* as one line without entities, or ``""`` where it is no string."""
    return " ".join(unescape(value).split()) if isinstance(value, str) else ""


class _Said:
    """The places of a page where metadata stand, each read once."""

    def __init__(self, tree: HtmlElement, url: str) -> None:
        self.tree = tree
        self.url = url
        self.base = base_address(tree, url)
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

    def titles(self, seen: list[str]) -> dict[str, list[str]]:
        """Return the candidates for the headline by where they stand; the title repeats *seen*."""
        h1 = [clean(element.text_content()) for element in islice(self.tree.iter("h1"), _SEEN)]
        return {
            "json-ld": [clean(self.article.get("headline")) or clean(self.article.get("name"))],
            "meta": self.meta.get("og:title", [])
            + self.meta.get("twitter:title", [])
            + self.meta.get("articletitle", []),
            "h1": h1,
            "line": seen,
        }

    def canonical(self) -> str:
        """Return the page's own address of itself, absolute; "" where it states none that can be."""
        links = (
            joined(self.base, (element.get("href") or "").strip())
            for element in islice(self.tree.iter("link"), _LINKS)
            if "canonical" in (element.get("rel") or "").lower().split()
        )
        return canonical_address((*links, joined(self.base, self.said("og:url"))), self.url)

    def site(self) -> str:
        """Return the publication's name."""
        publisher = next(jsonld.names(self.article.get("publisher")), "")
        site = jsonld.best(self.nodes, frozenset(("WebSite",))).get("name")
        return self.said("og:site_name") or clean(publisher) or clean(site) or self.said("application-name")

    def kinds(self) -> frozenset[str]:
        """Return the page's types."""
        found = {name for node in self.nodes for name in jsonld.types_of(node)}
        return frozenset(
            found | ({f"og:{self.said('og:type').lower()}"} if "og:type" in self.meta else set())
        )

    def stated(self) -> str:
        """Return ``articleBody``, or nothing where it is but a teaser."""
        stated = self.article.get("articleBody")
        return stated if isinstance(stated, str) and len(stated) > _TEASER else ""

    def board(self) -> bool:
        """Return whether the page was made by the software of a forum."""
        names = self.meta.get("generator", []) + self.meta.get("application-name", [])
        for element in (self.tree, self.tree.find("body")):
            if element is not None:
                names += [element.get(name) or "" for name in ("class", "id", "data-app")]
        return _BOARDS.search(" ".join(names)) is not None

    def lead(self) -> Image | None:
        """Return the picture that stands for the article."""
        url = joined(self.base, self.said("og:image", "og:image:url", "twitter:image"))
        return Image(url, alternative=self.said("og:image:alt")) if url else None

    def body(self) -> tuple[Block, ...]:
        """Return the paragraphs of ``articleBody``, without markup."""
        stated = self.article.get("articleBody")
        if not isinstance(stated, str):
            return ()
        lines = (clean(_TAG.sub(" ", line)) for line in _LINES.split(unescape(stated)))
        return tuple(Block(PassageKind.PARAGRAPH, line, 0, self.tree) for line in lines if line)
