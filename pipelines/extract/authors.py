"""Who wrote an article, by what its page says: structured data, by-lines, links to authors' pages."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import unescape
from itertools import islice
from typing import Any

from lxml.etree import XPath
from lxml.html import HtmlElement

from pipelines.extract import jsonld
from pipelines.extract.beginning import Beginning

_META = (
    "author", "article:author", "parsely-author", "dc.creator", "dcterms.creator", "sailthru.author",
    "byl", "citation_author", "og:author", "article:author_name", "authors", "cxenseparse:author",
    "bt:author", "dcsext.author", "article.author", "post_author",
)  # fmt: skip
_WRITTEN = re.compile(r"^(?:written|posted|published)?\s*(?:by|von|par|por|作者|autor)$", re.IGNORECASE)
_BY = re.compile(
    r"^\s*(?:(?:written|posted|published|authored|reported|words|story|text|article|reviewed|created|"
    r"shared|started|asked|post|topic|thread)\s+by|by-?line|by|von|par|por|via|about the authors?|authors?|"
    r"作者|文|记者|記者|撰文|本报记者|通讯员)"
    r"(?:\s*[:：|/丨]\s*|\s+|$|(?-i:(?<=[yY])(?=[A-Z][a-z])))",
    re.IGNORECASE,
)
_LINE_BY = re.compile(
    r"^(?:(?:written|posted|published|authored|reported|words|story|text|article|started|asked)\s+)?"
    r"(?:by|By|BY|von|Von)\s*:?\s+(?=\S)",
    re.IGNORECASE,
)
_NOT_NAME = re.compile(
    r"\s*(?:[|•·»«]|\s[-–—/]+\s|\d|\b(?:updated|published|posted|reviewed|minutes?|views?)\b|"
    r"\b(?-i:on|in|at|last)\b|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|"
    r"\b(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?\s+\d).*",
    re.IGNORECASE | re.DOTALL,
)
_DEGREE = (
    r"(?:jr|sr|m\.?\s?d|ph\.?\s?d|dvm|d\.?o|rn|rd|rdn|ldn|cpa|cfp|mba|dds|esq|ms|ma|msc|mph|lcsw|psy\.?d|"
    r"facs|facp|cpp|psp)\b"
)
_SPLIT = re.compile(rf"\s*(?:[;；|、，]|,(?!\s*{_DEGREE})|\s(?:and|und|et|y)\s|\s&\s|/)\s*", re.IGNORECASE)
_ROLE = re.compile(
    r"(?:^|\s+)(?:(?:senior|staff|chief|lead|head|deputy|associate|assistant|contributing|freelance|managing|"
    r"executive|guest|tech|news|content|co-?|seo)[\s-]*)*"
    r"\b(?:writers?|editors?|reporters?|journalists?|correspondents?|columnists?|contributors?|founders?|"
    r"co-founders?|managers?|directors?|specialists?|analysts?|strategists?|marketers?|authors?|members?|"
    r"moderators?|administrators?|ceo|cto|cmo|officers?|engineers?|consultants?|producers?|ambassador)\b.*$",
    re.IGNORECASE,
)
_NOBODY = re.compile(
    r"https?:|^@|www\.|\.com\b|@|^(?:translat|翻译|译者|編譯|编译|编辑|责任编辑|来源|更新|发布|发表|阅读|浏览|评论)|[{}<>=]|"
    r"^(?:admin|administrator|"
    r"discuz! team|comsenz ui team|by|author|share|follow|comments?|find|reply|read more|learn more|home|bio|"
    r"view profile|profile|more|see all|all posts|posts|user|guest|unknown|null|undefined|none|"
    r"offline|"
    r"online|new|op|the|editorial|editor|updated|published|post|posted|our team|team|first name|last name|"
    r"my profile|name|"
    r"facebook|twitter|bluesky|linkedin|mastodon|instagram|youtube|tiktok|email|print)$|"
    r"\b(?:ago|comments?|read more|about|all posts|posts by|view all|followers?)\b",
    re.IGNORECASE,
)
_SIGNED = XPath(
    "//*[@rel='author' or @itemprop='author' or @itemprop='creator' or contains(@class, 'yline') or "
    "contains(@class, 'uthor') or contains(@class, 'riter') or contains(@class, 'sername') or "
    "contains(@class, 'user-name')]"
)
_BYLINE = re.compile(r"by-?line|author|writer|user-?name", re.IGNORECASE)
_REVIEWED = re.compile(r"\s*(?:\w+\s+)?(?:reviewed|fact|edited|updated|checked)\b", re.IGNORECASE)
_ELSEWHERE = re.compile(
    r"comment|related|recommend|sidebar|widget|footer|avatar|image|quote|bio\b", re.IGNORECASE
)
_LINKS = XPath(
    "//a[contains(@href, '/author') or contains(@href, '/people/') or contains(@href, '/contributor') or "
    "contains(@href, '/writers/') or contains(@href, '/profile/') or contains(@href, '/staff/') or "
    "contains(@href, '/by/') or contains(@href, '/team/')]"
)
_MEMBERS = XPath(
    "//a[contains(@href, '/user') or contains(@href, '/u/') or contains(@href, 'member') or "
    "contains(@href, 'profile') or contains(@href, '/people/') or contains(@href, 'space-uid')]"
)
_CHINESE = re.compile(
    r"(?:作者|记者|記者|撰文|文)\s*[:：/丨]\s*"
    r"([\u4e00-\u9fff·]{2,8}(?:[\s、,，]+[\u4e00-\u9fff·]{2,4}(?![\u4e00-\u9fff：:]))*)"
)
_TOLD = re.compile(
    r"[\"'](?:author|authorName|author_name|articleAuthor|pagePostAuthor|postAuthor|page_author|contentAuthor)[\"']"
    r"\s*:\s*\[?\s*(?:\{[^{}]{0,80}?[\"']name[\"']\s*:\s*)?[\"']([^\"'<>{}\\\\]{3,40})[\"']"
)
_SCRIPTS = 60
_SCRIPT = 300_000
_MOST = 60
_SEEN = 40


def authors(
    tree: HtmlElement,
    meta: Mapping[str, Sequence[str]],
    nodes: Sequence[dict[str, Any]],
    start: Beginning,
    *,
    site: str = "",
    thread: bool = False,
) -> tuple[str, ...]:
    """Return the authors from the first place that names any; of a *thread*, who began it.

    Organisations that structured data name count only where no person is found.
    """
    article = jsonld.best(list(nodes), jsonld.ARTICLES | jsonld.QUESTIONS)
    persons, others = _stated(article, nodes)
    if thread:
        return _first((persons, _bylines(tree), _linked(tree, _MEMBERS), _meta(meta), others))[:1]
    places = (
        persons, _meta(meta), _bylines(tree), _linked(tree, _LINKS), _lines(start), _chinese(start), others
    )  # fmt: skip
    own = _key(site)
    fallback: tuple[str, ...] = ()
    for place in places:
        names = people(place)
        if names and (not own or _key(names[0]) != own):
            return names
        fallback = fallback or names
    return fallback or people(_in_scripts(tree))[:1]


def people(values: Iterable[str]) -> tuple[str, ...]:
    """Return the names in *values*, each once, without by-line words, roles, dates and addresses."""
    names: dict[str, str] = {}
    for value in values:
        if "@" in value[1:] or "://" in value:
            continue
        for number, part in enumerate(_SPLIT.split(_bare(value))):
            name = _name(part)
            if name and not (number and _ROLE.search(part)):
                names.setdefault(_key(name), name)
    return tuple(names.values())


def _first(places: Iterable[Iterable[str]]) -> tuple[str, ...]:
    return next((names for place in places if (names := people(place))), ())


def _bare(value: str) -> str:
    """Return *value* as one line without what leads to a name."""
    bare = " ".join(unescape(value).split())
    for _ in range(3):
        shorter = _BY.sub("", bare, count=1)
        if shorter == bare:
            break
        bare = shorter
    return bare


def _name(part: str) -> str:
    part = _BY.sub("", part.strip())
    name = part if _is_handle(part) else _ROLE.sub("", _NOT_NAME.sub("", part))
    name = name.strip(" .,:：-–—/()|•·\u200b")
    if not 1 < len(name) <= _MOST or len(name.split()) > 6 or _NOBODY.search(name):
        return ""
    return name if any(letter.isalpha() for letter in name) else ""


def _is_handle(part: str) -> bool:
    """Whether *part* is one word, as members of forums call themselves; figures are then part of it."""
    return len(part) <= 30 and " " not in part and any(letter.isalpha() for letter in part)


def _stated(article: dict[str, Any], nodes: Sequence[dict[str, Any]]) -> tuple[list[str], list[str]]:
    """Return the persons and the others that structured data name; references by ``@id`` are followed."""
    known = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str)}
    persons: list[str] = []
    others: list[str] = []
    value = article.get("author") or article.get("creator")
    for item in value[:50] if isinstance(value, list) else [value]:
        if isinstance(item, dict):
            known_item = known.get(str(item.get("@id")), {})
            kinds = jsonld.types_of(item) | jsonld.types_of(known_item)
            found = list(jsonld.names(item if "name" in item else known_item))
            (others if kinds & {"Organization", "NewsMediaOrganization", "Corporation"} else persons).extend(
                found
            )
        else:
            persons += jsonld.names(item)
    return persons, others


def _meta(meta: Mapping[str, Sequence[str]]) -> Iterator[str]:
    for key in _META:
        found = people(value for value in meta.get(key, ()) if "://" not in value)
        if found:
            yield from found
            return
    for number in ("1", "2"):
        label = next(iter(meta.get(f"twitter:label{number}", ())), "")
        if _WRITTEN.match(label):
            yield from meta.get(f"twitter:data{number}", ())


def _bylines(tree: HtmlElement) -> Iterator[str]:
    """Yield what stands in the first element that is made for by-lines, and in its fellows."""
    group: HtmlElement | None = None
    for element in _elements(_SIGNED, tree)[:_SEEN]:
        name = f"{element.get('class') or ''} {element.get('rel') or ''} {element.get('itemprop') or ''}"
        if not _BYLINE.search(name) or _is_elsewhere(element) or _REVIEWED.match(element.text_content()):
            continue
        if group is not None and element.getparent() is not group:
            continue
        found = _texts(element)
        if found:
            group = element.getparent() if group is None else group
            yield from found


def _is_elsewhere(element: HtmlElement) -> bool:
    at: HtmlElement | None = element
    for _ in range(4):
        if at is None or at.tag in ("body", "article", "main"):
            return False
        if _ELSEWHERE.search(f"{at.get('class') or ''} {at.get('id') or ''}"):
            return True
        at = at.getparent()
    return False


def _texts(element: HtmlElement) -> list[str]:
    """Return the pieces of a by-line that name somebody: the first, and those that "and" binds to it."""
    pieces = [" ".join(piece.split()) for piece in element.itertext()]
    pieces = [piece for piece in pieces if piece]
    if sum(map(len, pieces)) > 4 * _MOST:
        return []
    out: list[str] = []
    for number, piece in enumerate(pieces):
        bound = not out or pieces[number - 1].casefold() in (",", "and", "&", "、", "by")
        if bound and people([piece]):
            out.append(piece)
    return out


def _linked(tree: HtmlElement, path: XPath) -> Iterator[str]:
    for element in _elements(path, tree)[:_SEEN]:
        text = " ".join(element.text_content().split())
        if 2 < len(text) <= 40 and not _is_elsewhere(element) and people([text]):
            yield text
            return


def _lines(start: Beginning) -> Iterator[str]:
    for block in (*start.lines, *start.signatures):
        if len(block.text) < 120 and _LINE_BY.match(block.text):
            name = _NOT_NAME.sub("", _LINE_BY.sub("", block.text, count=1))
            if name and not name[0].islower():
                yield name
                return


def _chinese(start: Beginning) -> Iterator[str]:
    for block in start.lines:
        if not block.text.isascii():
            yield from _CHINESE.findall(block.text)


def _in_scripts(tree: HtmlElement) -> Iterator[str]:
    """Yield the author that a page tells its measuring of readers, or that its embedded state names."""
    for script in islice(tree.iter("script"), _SCRIPTS):
        found = _TOLD.search((script.text or "")[:_SCRIPT])
        if found:
            yield found.group(1)


def _elements(path: XPath, tree: HtmlElement) -> list[HtmlElement]:
    found = path(tree)
    return (
        [element for element in found if isinstance(element, HtmlElement)] if isinstance(found, list) else []
    )


def _key(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()
