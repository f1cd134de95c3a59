"""An archived HTML page as it may be shown: without anything that runs, sends or leaves the archive."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from lxml import etree

from crawler.discovery.addresses import Base
from crawler.discovery.links import base_of_page, html_tree, refresh_target, requisites
from crawler.service.replay.attributes import lazy_source, page_style, requisite, shown_attributes
from crawler.service.replay.markup import VOID, element, end_tag, escaped, is_element, start_tag
from crawler.service.replay.places import Places

_DROPPED: Final = frozenset(
    {
        *("script", "template", "base", "basefont", "bgsound", "param", "portal", "fencedframe", "keygen"),
        *("noembed", "noframes", "applet", "handler", "listener", "set"),
        *("animate", "animatemotion", "animatetransform"),
    }
)
_UNWRAPPED: Final = frozenset({"noscript", "object", "frameset", "marquee"})
_FRAMES: Final = frozenset({"iframe", "frame", "embed"})
_PLAIN: Final = frozenset({"xmp", "plaintext", "listing"})
_FOREIGN: Final = frozenset({"svg", "math"})
_KEPT_METAS: Final = frozenset(
    {"viewport", "description", "author", "keywords", "color-scheme", "theme-color"}
)
_STYLES: Final = "stylesheet"
_ICONS: Final = frozenset(
    {"icon", "shortcut", "apple-touch-icon", "apple-touch-icon-precomposed", "mask-icon"}
)
_DOCTYPE: Final = re.compile(
    r"(?:\s|\ufeff|<!--.*?-->|<\?[^>]*>)*+(<!doctype\s+html[A-Za-z0-9\s\"'/:.+,-]*>)",
    re.IGNORECASE | re.DOTALL,
)
_NOTICE: Final = "font:13px/1.4 sans-serif;color:#333;background:#eee;padding:2px 6px;border:1px dashed #999"


@dataclass(slots=True)
class Document:
    """A page that is parsed and not yet written."""

    url: str
    tree: etree._Element | None
    base: Base
    doctype: str
    needed: list[str]
    """What a browser would load to show it."""
    refresh: str | None
    """Where the page leads by itself, where it does."""
    kind: str = ""
    places: Places = field(default_factory=lambda: Places("", ""))
    _lazy: set[str] = field(default_factory=set)

    @classmethod
    def parsed(cls, text: str, url: str, *, encoding: str) -> "Document":
        """Return the HTML *text* of the page at *url*, whose bytes were in *encoding*. Never raises."""
        tree = html_tree(text)
        doctype = _DOCTYPE.match(text[:4096])
        if tree is None:
            return cls(url, None, Base(url, encoding=encoding), "", [], None)
        return cls(
            url,
            tree,
            base_of_page(tree, url, encoding=encoding),
            doctype[1] if doctype else "",
            requisites(tree, url, encoding=encoding),
            refresh_target(tree, url, encoding=encoding),
        )

    def written(self, places: Places, *, kind: str = "") -> tuple[str, str]:
        """Return the page's HTML up to where its body begins, and the rest; *kind* is for links to others."""
        self.places, self.kind = places, kind
        head: list[str] = [self.doctype]
        body: list[str] = []
        out = head
        if self.tree is None:
            return '<!doctype html><html><head><meta charset="utf-8"></head><body>', "</body></html>"
        begun = False
        for piece, name in _Writer(self):
            out.append(piece)
            if name == "body" and not begun:
                begun, out = True, body
        return "".join(head), "".join(body)

    def note_lazy(self, url: str) -> None:
        """Remember that *url* is shown in the place of a lazy image."""
        self._lazy.add(url)

    def shows_lazily(self, node: etree._Element) -> bool:
        """Return whether *node*, a ``<noscript>``, only holds what a lazy image before it shows already."""
        images = [*node.iter("img")]
        shown = [self.base.join(image.get("src") or "") for image in images]
        return bool(images) and all(url in self._lazy for url in shown)


class _Writer:
    """Walks a tree once and gives what is written of it, piece by piece."""

    def __init__(self, page: Document) -> None:
        self._page = page
        self._foreign = 0
        self._ends: list[str] = []

    def __iter__(self) -> Iterator[tuple[str, str]]:
        """Yield pieces of HTML, each with the name of the element that it begins, or nothing."""
        assert self._page.tree is not None
        walk = etree.iterwalk(self._page.tree, events=("start", "end"))
        skipped: Any = None
        for event, node in walk:
            if event == "start":
                piece, whole = self._begun(node)
                yield piece, str(node.tag)
                if whole:
                    skipped = node
                    walk.skip_subtree()
                elif node.text:
                    yield escaped(node.text), ""
            else:
                if node is skipped:
                    skipped = None
                else:
                    yield self._ends.pop(), ""
                    self._foreign -= node.tag in _FOREIGN
                if node.tail:
                    yield escaped(node.tail), ""

    def _begun(self, node: etree._Element) -> tuple[str, bool]:
        """Return what is written where *node* begins, and whether that is all of it."""
        name = str(node.tag).lower()
        if name in VOID and (name in _DROPPED or name in _WHOLE):
            # Not all of these are void to the parser: what it takes for their content comes behind them.
            self._ends.append("")
            return _WHOLE[name](self._page, node) if name in _WHOLE else "", False
        if name in _DROPPED or not is_element(name):
            return "", True
        if name in _WHOLE:
            return _WHOLE[name](self._page, node), True
        if name == "style":
            return self._style(node), True
        if name == "noscript" and self._page.shows_lazily(node):
            return "", True
        return self._open(node, name), False

    def _open(self, node: etree._Element, name: str) -> str:
        self._foreign += name in _FOREIGN
        if name in _UNWRAPPED:
            self._ends.append("")
            return _object_link(self._page, node) if name == "object" else ""
        if name in _PLAIN:
            name = "pre"
        if name == "img" and (url := lazy_source(self._page, node)):
            self._page.note_lazy(url)
        self._ends.append(end_tag(name))
        return start_tag(name, shown_attributes(self._page, node, name)) + (
            _CHARSET if name == "head" else ""
        )

    def _style(self, node: etree._Element) -> str:
        style = page_style(self._page, node.text or "")
        # In SVG a browser reads what stands there as markup, elsewhere as it is.
        text = escaped(style) if self._foreign else style.replace("</", "<\\/")
        media = [("media", node.get("media") or "")] if node.get("media") else []
        return f"{start_tag('style', media)}{text}</style>"


_CHARSET: Final = '<meta charset="utf-8">'


def _meta(_page: Document, node: etree._Element) -> str:
    name = (node.get("name") or "").strip().lower()
    if name not in _KEPT_METAS or node.get("http-equiv"):
        return ""
    return start_tag("meta", [("name", name), ("content", node.get("content") or "")])


def _link(page: Document, node: etree._Element) -> str:
    """Return a stylesheet's or an icon's link, also of one that only a script makes a stylesheet."""
    rels = set((node.get("rel") or "").lower().split())
    loads = (node.get("onload") or "").lower()
    media = node.get("media") or ""
    if "preload" in rels and (node.get("as") or "").lower() == "style" and "stylesheet" in loads:
        rels = {_STYLES}
    if "media" in loads and media.lower() in {"print", "none", "only x"}:
        media = ""
    if _STYLES in rels:
        kind, rel = "cs_", "alternate stylesheet" if "alternate" in rels else _STYLES
    elif rels & _ICONS:
        kind, rel = "im_", "icon"
    else:
        return ""
    place = requisite(page, node.get("href") or "", kind)
    if place is None or place.startswith("#") or node.get("disabled") is not None:
        return ""
    # Of stylesheets with different titles a browser takes the first one's.
    told = {"rel": rel, "href": place, "media": media, "title": node.get("title") or ""}
    return start_tag("link", ((name, value) for name, value in told.items() if value))


def _frame(page: Document, node: etree._Element) -> str:
    """Return a link in the place of a frame: what is in it is a page of its own."""
    url = lazy_source(page, node) or page.base.join(node.get("src") or "")
    tiny = {node.get("width"), node.get("height")} & {"0", "1"}
    if url is None or tiny:
        return ""
    place = page.places.link(url, page.kind)
    return element("a", [("href", place), ("style", _NOTICE)], f"frame: {url[:100]}")


def _object_link(page: Document, node: etree._Element) -> str:
    url = page.base.join(node.get("data") or "") if node.get("data") else None
    if url is None:
        return ""
    return element(
        "a", [("href", page.places.link(url, page.kind)), ("style", _NOTICE)], f"object: {url[:100]}"
    )


_WHOLE: Final = {"meta": _meta, "link": _link, **dict.fromkeys(_FRAMES, _frame)}
