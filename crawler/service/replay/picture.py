"""SVG images without scripts and without addresses that leave the archive."""

from typing import Final

from lxml import etree

from crawler.discovery.addresses import Base
from crawler.service.replay.places import Places
from crawler.service.replay.stylesheet import rewritten_style

LONGEST: Final = 8 * 2**20
_DROPPED: Final = frozenset(
    {
        *("script", "handler", "listener", "foreignObject", "iframe", "object", "embed", "audio", "video"),
        *("set", "animate", "animateMotion", "animateTransform"),
    }
)
_HREFS: Final = frozenset({"href", "{http://www.w3.org/1999/xlink}href", "src"})
_EMPTY: Final = b'<svg xmlns="http://www.w3.org/2000/svg"/>'


def rewritten_svg(content: bytes, url: str, places: Places) -> bytes:
    """Return the SVG *content* of *url* as UTF-8; an empty image where it is no XML."""
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
        recover=True,
    )
    try:
        root = etree.fromstring(content[:LONGEST], parser)
    except (etree.XMLSyntaxError, ValueError):
        return _EMPTY
    if root is None or etree.QName(root).localname != "svg":
        return _EMPTY
    base = Base(url)
    for node in list(root.iter()):
        if not isinstance(node.tag, str) or etree.QName(node).localname in _DROPPED:
            _remove(node)
        else:
            _clean(node, base, places)
    # Without its document type: entities in it are bombs or nothing.
    return etree.tostring(root, encoding="utf-8", with_tail=False)


def _remove(node: etree._Element) -> None:
    parent = node.getparent()
    if parent is not None:
        parent.remove(node)


def _clean(node: etree._Element, base: Base, places: Places) -> None:
    for key, value in list(node.attrib.items()):
        name = str(key)
        if name.lower().startswith("on"):
            del node.attrib[key]
        elif name in _HREFS and not str(value).startswith(("#", "data:image/")):
            joined = base.join(str(value))
            if joined is None:
                del node.attrib[key]
            else:
                node.attrib[key] = places.requisite(joined, "im_")
        elif name == "style" or "url" in str(value).lower() or "\\" in str(value):
            node.attrib[key] = _style(str(value), base, places)
    if etree.QName(node).localname == "style" and node.text:
        node.text = _style(node.text, base, places)


def _style(text: str, base: Base, places: Places) -> str:
    def address(reference: str, kind: str) -> str | None:
        if reference.startswith(("#", "data:image/")):
            return reference
        joined = base.join(reference)
        return places.requisite(joined, kind) if joined else None

    return rewritten_style(text, address)
