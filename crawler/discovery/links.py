"""Links, requisites and the feeds and sitemaps that an HTML page names."""

import re
from collections.abc import Iterable, Iterator

from lxml import etree

from crawler.discovery.addresses import Base
from crawler.discovery.model import Kind, Source
from crawler.discovery.text import decoded

MOST_LINKS = 20_000
"""Links of one page that are read; what has more is a trap."""

_FEED_TYPES = {
    "application/atom+xml",
    "application/feed+json",
    "application/rdf+xml",
    "application/rss+xml",
    "application/x-rss+xml",
    "application/xml",
    "text/rss",
    "text/rss+xml",
    "text/xml",
}
_HREFS = etree.XPath("//a/@href | //area/@href", smart_strings=False)
_STYLES = etree.XPath("//@style[contains(., 'url(')]", smart_strings=False)
_LAZY = (
    "src",
    "data-src",
    "data-original",
    "data-lazy-src",
    "data-lazy",
    "data-actualsrc",
    "data-hi-res-src",
    "poster",
    "data-poster",
    "file",
    "zoomfile",
)
_SETS = ("srcset", "data-srcset", "data-lazy-srcset", "imagesrcset")
_PARTS = (
    "img",
    "source",
    "video",
    "audio",
    "track",
    "script",
    "link",
    "input",
    "embed",
    "image",
    "object",
    "use",
)
_BACKGROUNDS = etree.XPath(
    "//body/@background | //table/@background | //td/@background | //th/@background"
    " | //*/@data-bg | //*/@data-background | //*/@data-background-image",
    smart_strings=False,
)
_REFRESH = re.compile(r"""\s*(\d{1,4})(?:\.\d*)?\s*[;,\s]\s*(?:url\s*=\s*)?["']?([^"']+)""", re.IGNORECASE)
_SOON_SECONDS = 10
"""A page that leads on later than this is one to read."""
_REQUIRED_RELS = {
    "stylesheet",
    "icon",
    "apple-touch-icon",
    "apple-touch-icon-precomposed",
    "mask-icon",
    "manifest",
}
_CSS_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_CSS_URL = re.compile(
    r"""url\(\s*(?:"([^"]{1,2000})"|'([^']{1,2000})'|([^\s"')(]{1,2000}))\s*\)""", re.IGNORECASE
)
_CSS_IMPORT = re.compile(r"""@import\s+(?:"([^"]{1,2000})"|'([^']{1,2000})')""", re.IGNORECASE)

Page = etree._Element | bytes | str  # noqa: SLF001 (lxml's name for its only class of elements)


def html_tree(page: bytes | str, *, content_type: str = "") -> etree._Element | None:
    """Return the root of the HTML *page*, or None for an empty one. Never raises; nesting is limited."""
    text = page if isinstance(page, str) else decoded(page, content_type)
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    try:
        return etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def tree_of(page: Page) -> etree._Element | None:
    """Return the root of *page*, which may be parsed already; None for an empty one."""
    return html_tree(page) if isinstance(page, bytes | str) else page


def base_of_page(tree: etree._Element, url: str, *, encoding: str = "utf-8") -> Base:
    """Return what references of the page at *url* are joined to: its first ``<base href>``, else *url*."""
    for element in tree.iter("base"):
        stated = element.get("href")
        if stated and stated.strip():
            return Base(Base(url).join(stated) or url, encoding=encoding)
    return Base(url, encoding=encoding)


def links(page: Page, base_url: str, *, encoding: str = "utf-8") -> list[str]:
    """Return the targets of the links of *page*, each once, in the order of the page.

    They are absolute, http or https, without fragment; links into the page itself are left out.
    *base_url* is the page's address, for which a ``<base href>`` in the page may stand in. *encoding* is
    the page's, for what is not ASCII in a query. Never raises.
    """
    tree = tree_of(page)
    if tree is None:
        return []
    base = base_of_page(tree, base_url, encoding=encoding)
    references: list[str] = _HREFS(tree)  # type: ignore[assignment]
    joined = map(base.join, dict.fromkeys(references[:MOST_LINKS]))
    return list(dict.fromkeys(url for url in joined if url is not None))


def requisites(page: Page, base_url: str, *, encoding: str = "utf-8") -> list[str]:
    """Return what a browser would load to show *page*: images, styles, scripts, icons, media; each once.

    Lazy images count by their ``data-`` attributes, and every candidate of a ``srcset`` is taken. Frames
    are left out: they are pages. Never raises.
    """
    tree = tree_of(page)
    if tree is None:
        return []
    base = base_of_page(tree, base_url, encoding=encoding)
    joined = (base.join(reference) for reference in _references(tree) if reference.strip())
    return list(dict.fromkeys(url for url in joined if url is not None))[:MOST_LINKS]


def refresh_target(page: Page, base_url: str, *, encoding: str = "utf-8") -> str | None:
    """Return where a ``<meta http-equiv=refresh>`` of *page* leads within ten seconds, None for nowhere else.

    HTML §4.2.5.3. A page that only loads itself again leads nowhere.
    """
    tree = tree_of(page)
    if tree is None:
        return None
    base = base_of_page(tree, base_url, encoding=encoding)
    for element in tree.iter("meta"):
        stated = _REFRESH.match(element.get("content") or "")
        if (element.get("http-equiv") or "").strip().lower() == "refresh" and stated:
            target = base.join(stated[2].strip())
            soon = int(stated[1]) <= _SOON_SECONDS
            return target if soon and target not in {None, base_url} else None
    return None


def css_requisites(style: str, base_url: str) -> list[str]:
    """Return what the stylesheet *style* at *base_url* loads: imports, images, fonts; each once."""
    base = Base(base_url)
    joined = (base.join(reference) for reference in _css_references(style))
    return list(dict.fromkeys(url for url in joined if url is not None))


def further_sources(page: Page, base_url: str) -> list[Source]:
    """Return the feeds and sitemaps that the page's ``<link>`` elements name, each once."""
    tree = tree_of(page)
    if tree is None:
        return []
    base = base_of_page(tree, base_url)
    found: dict[str, Source] = {}
    for element in tree.iter("link"):
        kind = _source_kind(element)
        url = base.join(element.get("href") or "") if kind and element.get("href") else None
        if kind and url:
            found.setdefault(url, Source(url, kind, title=(element.get("title") or "").strip()))
    return list(found.values())


def _source_kind(element: etree._Element) -> Kind | None:
    rels = set((element.get("rel") or "").lower().split())
    if "sitemap" in rels:
        return Kind.SITEMAP
    media_type = (element.get("type") or "").partition(";")[0].strip().lower()
    if "alternate" in rels and media_type in _FEED_TYPES:
        return Kind.FEED
    return None


def _references(tree: etree._Element) -> Iterator[str]:
    for element in tree.iter(*_PARTS, "style"):
        if element.tag == "style":
            yield from _css_references(element.text or "")
        elif element.tag == "link":
            yield from _link_references(element)
        elif element.tag == "use":
            yield element.get("href") or element.get("xlink:href") or ""
        else:
            yield from (element.get(name) or "" for name in _addresses(element))
            yield from _candidates(element)
    backgrounds: list[str] = _BACKGROUNDS(tree)  # type: ignore[assignment]
    for value in backgrounds:
        yield from _css_references(value) if "url(" in value else (value,)
    styles: list[str] = _STYLES(tree)  # type: ignore[assignment]
    for style in styles:
        yield from _css_references(style)


def _addresses(element: etree._Element) -> tuple[str, ...]:
    """Return the attributes of *element* that may hold the address of what it shows."""
    if element.tag == "object":
        return ("data",)
    return (*_LAZY, "href", "xlink:href") if element.tag == "image" else _LAZY


def _link_references(element: etree._Element) -> Iterator[str]:
    rels = set((element.get("rel") or "").lower().split())
    if rels & _REQUIRED_RELS or (
        rels & {"preload", "modulepreload"}
        and element.get("as", "script") in {"style", "image", "font", "script"}
    ):
        yield element.get("href") or ""
        yield from _candidates(element)


def _candidates(element: etree._Element) -> Iterator[str]:
    for name in _SETS:
        yield from _image_candidates(element.get(name) or "")


def _image_candidates(value: str) -> Iterator[str]:
    """Yield the addresses in a ``srcset`` (HTML §4.8.4.2.1): the word before each list of descriptors."""
    expected = True
    for word in value.split():
        if expected:
            yield word.rstrip(",")
            expected = word.endswith(",")
        elif "," in word:
            start = word.partition(",")[2]
            if start:
                yield start.rstrip(",")
            expected = not start or start.endswith(",")


def _css_references(style: str) -> Iterable[str]:
    style = _CSS_COMMENT.sub(" ", style)
    for expression in (_CSS_IMPORT, _CSS_URL):
        for match in expression.finditer(style):
            yield next(group for group in match.groups() if group is not None)
