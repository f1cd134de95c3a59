"""Who wrote an article, by what its page says: structured data, by-lines, links to authors' pages."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from lxml.html import HtmlElement

from pipelines.extract import bylines, jsonld
from pipelines.extract.beginning import Beginning
from pipelines.extract.blocks import Block
from pipelines.extract.names import in_order, name_key, people

_META = (
    "author", "article:author", "parsely-author", "dc.creator", "dcterms.creator", "sailthru.author",
    "byl", "citation_author", "og:author", "article:author_name", "authors", "cxenseparse:author",
    "bt:author", "dcsext.author", "article.author", "post_author",
)  # fmt: skip
_REVERSED = frozenset(("citation_author", "dc.creator", "dcterms.creator"))
"""Catalogs' fields, where the surname may come first."""
_WRITTEN = re.compile(r"^(?:written|posted|published)?\s*(?:by|von|par|por|作者|autor)$", re.IGNORECASE)
_TOLD = re.compile(
    r"[\"'](?:author|authorName|author_name|articleAuthor|pagePostAuthor|postAuthor|page_author|contentAuthor)[\"']"
    r"\s*:\s*\[?\s*(?:\{[^{}]{0,80}?[\"']name[\"']\s*:\s*)?[\"']([^\"'<>{}\\\\]{3,40})[\"']"
)
_ORGANISATIONS = frozenset(("Organization", "NewsMediaOrganization", "Corporation"))
_SCRIPTS = 60
_SCRIPT = 300_000


@dataclass(frozen=True, slots=True)
class Signed:
    """The parts of a page that may say who wrote it."""

    tree: HtmlElement
    meta: Mapping[str, Sequence[str]]
    """Contents of its ``meta`` elements by name, in lower case."""
    nodes: Sequence[dict[str, Any]]
    """Its JSON-LD objects."""
    start: Beginning
    found: Sequence[Block]
    """All its blocks."""


def authors(page: Signed, *, site: str = "", thread: bool = False) -> tuple[str, ...]:
    """Return the authors from the first place of *page* that names any; of a *thread*, who began it.

    The *site* itself and organisations that structured data name count only where no person is found.
    """
    persons, others = _stated(page.nodes)
    if thread:
        members = bylines.linked(page.tree, bylines.MEMBERS)
        return _first((persons, bylines.bylines(page.tree), members, _meta(page.meta), others))[:1]
    own = name_key(site)
    fallback: tuple[str, ...] = ()
    for place in _places(page, persons):
        names = people(place, site=site)
        if names and (not own or name_key(names[0]) != own):
            return names
        fallback = fallback or names
    return fallback or _guessed(page, others)


def _places(page: Signed, persons: list[str]) -> Iterator[Iterable[str]]:
    """Yield what may name authors, the surest first; each is looked for only when it is asked for."""
    yield persons
    yield _meta(page.meta)
    yield bylines.bylines(page.tree)
    yield bylines.labelled(page.found)
    yield bylines.linked(page.tree, bylines.LINKS)
    yield bylines.lines(page.start)
    yield bylines.chinese(page.start)


def _guessed(page: Signed, others: list[str]) -> tuple[str, ...]:
    """Return who may have written *page*, which names nobody where authors are named."""
    alone = people(bylines.alone(page.tree, page.start, page.found))
    return alone or people(others) or people(_in_scripts(page.tree))[:1]


def _first(places: Iterable[Iterable[str]]) -> tuple[str, ...]:
    return next((names for place in places if (names := people(place))), ())


def _stated(nodes: Sequence[dict[str, Any]]) -> tuple[list[str], list[str]]:
    """Return the persons and the others that structured data name; references by ``@id`` are followed."""
    article = jsonld.best(nodes, jsonld.ARTICLES) or jsonld.best(nodes, jsonld.QUESTIONS)
    known = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str)}
    persons: list[str] = []
    others: list[str] = []
    value = article.get("author") or article.get("creator")
    for item in value[:50] if isinstance(value, list) else [value]:
        if isinstance(item, dict):
            known_item = known.get(str(item.get("@id")), {})
            kinds = jsonld.types_of(item) | jsonld.types_of(known_item)
            found = list(jsonld.names(item if "name" in item else known_item))
            (others if kinds & _ORGANISATIONS else persons).extend(found)
        else:
            persons += jsonld.names(item)
    return persons, others


def _meta(meta: Mapping[str, Sequence[str]]) -> Iterator[str]:
    for key in _META:
        stated = [value for value in meta.get(key, ()) if "://" not in value]
        found = people(map(in_order, stated) if key in _REVERSED else stated)
        if found:
            yield from found
            return
    for number in ("1", "2"):
        label = next(iter(meta.get(f"twitter:label{number}", ())), "")
        if _WRITTEN.match(label):
            yield from meta.get(f"twitter:data{number}", ())


def _in_scripts(tree: HtmlElement) -> Iterator[str]:
    """Yield the author that a page tells its measuring of readers, or that its embedded state names."""
    for script in islice(tree.iter("script"), _SCRIPTS):
        found = _TOLD.search((script.text or "")[:_SCRIPT])
        if found:
            yield found.group(1)
