"""The pictures of an article, with captions."""

import re
from collections.abc import Iterable, Iterator, Sequence
from heapq import nlargest
from itertools import islice
from urllib.parse import urlsplit

from lxml.etree import _Element
from lxml.html import HtmlElement

from pipelines.extract.addresses import joined
from pipelines.extract.article import Image
from pipelines.extract.blocks import Block

_MOST = 60
_READ = 150
"""Pictures that are looked at: a page may show one a hundred thousand times."""
_PARAGRAPH = 30
"""Characters from which on a block counts as text of the article."""
_CAPTION = 400
_MAJORITY = 0.5
_PARENTS, _LEVELS = 200, 40
"""Elements with text, and elements around each, among which the one that holds most is looked for."""
_OWN_NAME = 12
"""Characters of a file's name from which on no other picture bears it."""
_SMALL = 80
"""Width or height in pixels below which a picture is an ornament."""
_SOURCES = ("data-src", "data-original", "data-lazy-src", "data-actualsrc", "zoomfile", "file", "src")
"""Attributes for the address; those of scripts that load late come first, since ``src`` then is a blank."""
_ORNAMENT = re.compile(
    r"avatar|icon|smil(?:ey|ie)|emoji|logo|spacer|blank|none\.gif|1x1|pixel|loading|placeholder|qr-?code|badge|gravatar",
    re.IGNORECASE,
)
_BESIDE = re.compile(
    r"related|recommend|sidebar|promo|teaser|card\b|author|avatar|comment|share|newsletter|footer|banner|"
    r"advert|popular|more-?(?:news|stories)|breadcrumb",
    re.IGNORECASE,
)
_CAPTIONED = re.compile(
    r"caption|img-?desc|pic-?(?:text|desc|info)|photo-?(?:desc|text)|tuzhu", re.IGNORECASE
)
_CHINESE = re.compile(
    r"[（(▲△]?\s*(?:图为|圖為|图片说明|圖片說明|(?:资料|資料)?[图圖]\s*\d*\s*[:：/丨|])|[▲△]"
)
_DECORATION = re.compile(r"/static/image/(?!album)|/smil(?:ey|ie)s?/|/emoticons?/", re.IGNORECASE)
"""Folders of forums' own pictures."""
_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|bmp)\b|^#|^$|^javascript:", re.IGNORECASE)
_SIZE = re.compile(r"[-_]\d{2,4}x\d{2,4}(?=\.\w+$)|-scaled(?=\.\w+$)")


def pictures(tree: HtmlElement, base: str, found: Sequence[Block], lead: Image | None) -> tuple[Image, ...]:
    """Return the pictures of the article on *tree*, *lead* first, each once, with caption and ``alt``.

    *found* are the page's blocks: a picture is the article's if it stands between the headline and the last
    element of that part of the page which holds most text, and in no box of its own purpose. *lead* is the
    picture that structured data name. References are relative to *base*.
    """
    images: dict[str, Image] = {}
    if lead is not None:
        images[_key(lead.url)] = lead
    for image in islice(_shown(tree, base, found), _READ):
        key = _key(image.url)
        known = images.get(key)
        if known is None or not (known.caption or known.alternative):
            images[key] = image if known is None else Image(known.url, image.caption, image.alternative)
        if len(images) == _MOST:
            break
    return tuple(images.values())


def _shown(tree: HtmlElement, base: str, found: Sequence[Block]) -> Iterator[Image]:
    """Yield what stands between the last headline before the text and the text, then what stands in it."""
    holder = _holder(found)
    if holder is None:
        return
    if next(holder.iter("h1"), None) is None:
        yield from _read(_above(tree, holder), base)
    yield from _read(holder.iter("img"), base)


def _above(tree: HtmlElement, holder: _Element) -> list[_Element]:
    """Return the pictures between the last headline before *holder* and it; none without a headline."""
    above: list[_Element] | None = None
    for element in tree.iter("h1", "img", holder.tag):
        if element is holder:
            break
        if element.tag == "h1":
            above = []
        elif above is not None and element.tag == "img":
            above.append(element)
    return above or []


def _holder(found: Sequence[Block]) -> _Element | None:
    """Return the innermost element that holds most of the text of long blocks."""
    sizes: dict[_Element, int] = {}
    for block in found:
        parent = block.home.getparent()
        if parent is not None and len(block.text) > _PARAGRAPH and 2 * block.linked < len(block.text):
            sizes[parent] = sizes.get(parent, 0) + len(block.text)
    held: dict[_Element, int] = {}
    largest = nlargest(_PARENTS, sizes, key=lambda each: sizes[each])
    for parent in largest:
        for each in (parent, *islice(parent.iterancestors(), _LEVELS)):
            held[each] = held.get(each, 0) + sizes[parent]
    most = _MAJORITY * sum(sizes[parent] for parent in largest)
    # All that hold most of it lie within each other, so that the innermost holds least.
    return min((each for each in held if held[each] > most), key=lambda each: held[each], default=None)


def _read(elements: Iterable[_Element], base: str) -> Iterator[Image]:
    for element in elements:
        url = _address(element, base)
        if url and not _is_ornament(element, url) and not _is_beside(element):
            yield Image(url, _caption(element), _line(element.get("alt")))


def _address(element: _Element, base: str) -> str:
    """Return where the picture lies; "" where that is but a blank until a script has run."""
    for name in _SOURCES:
        stated = (element.get(name) or "").strip()
        if stated and not stated.startswith("data:") and not _ORNAMENT.search(stated.rpartition("/")[2]):
            return joined(base, stated)
    stated = (element.get("srcset") or element.get("data-srcset") or "").split(",")[-1].strip()
    return joined(base, stated.split(" ")[0]) if stated and not stated.startswith("data:") else ""


def _is_ornament(element: _Element, url: str) -> bool:
    sides = (element.get("width") or "", element.get("height") or "")
    if any(side.isdecimal() and int(side) < _SMALL for side in sides):
        return True
    if _DECORATION.search(url):
        return True
    name = f"{element.get('class') or ''} {element.get('id') or ''}"
    return _ORNAMENT.search(f"{name} {urlsplit(url).path.rpartition('/')[2]}") is not None


def _is_beside(element: _Element) -> bool:
    """Whether the picture is of a box of its own purpose, or links to another page, as teasers and ads do."""
    at = element.getparent()
    for _ in range(5):
        if at is not None and at.tag == "a" and not _PICTURE.search(at.get("href") or ""):
            return True
        if at is None or at.tag in ("body", "main"):
            return False
        if at.tag in ("aside", "nav", "footer") or _BESIDE.search(
            f"{at.get('class') or ''} {at.get('id') or ''}"
        ):
            return True
        at = at.getparent()
    return False


def _caption(element: _Element) -> str:
    """Return the caption: that of the figure, or what stands beside it and is called or begins so."""
    for _ in range(4):
        at = element.getparent()
        if at is None or at.tag == "body":
            return ""
        if at.tag == "figure":
            texts = (_line(_text(each)) for each in at.iter("figcaption"))
            return next(filter(None, texts), "")[:_CAPTION]
        beside = [*islice(element.itersiblings(), 2), *islice(element.itersiblings(preceding=True), 1)]
        for each in beside if len(list(islice(at.iter("img"), 2))) < 2 else beside[:1]:
            if _is_called(each):
                return _line(_text(each))[:_CAPTION]
        element = at
    return ""


def _is_called(element: _Element) -> bool:
    """Whether *element* is a caption, by its name or by how its text begins."""
    if _CAPTIONED.search(element.get("class") or ""):
        return True
    if element.tag not in ("p", "div", "span"):
        return False
    begins = next((piece for piece in islice(element.itertext(), 10) if piece.strip()), "")
    return _CHINESE.match(str(begins).strip()) is not None


def _text(element: _Element) -> str:
    return "".join(str(piece) for piece in islice(element.itertext(), 100))


def _line(text: str | None) -> str:
    return " ".join((text or "").split())


def _key(url: str) -> str:
    """Return what two addresses of a picture in two sizes have in common."""
    name = _SIZE.sub("", urlsplit(url).path.rpartition("/")[2])
    return name if len(name) > _OWN_NAME and "." in name else _SIZE.sub("", url)
