"""The attributes of an archived element as they may be shown: nothing runs, every address in the archive."""

import re
from collections.abc import Iterator
from typing import Final, Protocol

from lxml import etree

from crawler.discovery.addresses import Base
from crawler.service.replay.places import Places
from crawler.service.replay.stylesheet import rewritten_style

_DROPPED: Final = frozenset(
    """
    action archive autofocus autoplay cite classid code codebase contenteditable crossorigin data download
    dynsrc formaction formmethod formtarget from http-equiv imagesizes imagesrcset integrity is loading
    longdesc lowsrc manifest method nonce object ping popovertarget profile referrerpolicy sandbox srcdoc
    target to values
    """.split()  # noqa: SIM905 - a column of quotes would hide the names
)
"""They send, run, lead away, or say something of bytes that are no longer the same."""
_LAZY: Final = (
    "data-src",
    "data-original",
    "data-lazy-src",
    "data-lazy",
    "data-actualsrc",
    "data-hi-res-src",
    "file",
    "zoomfile",
)
_LAZY_SETS: Final = ("data-srcset", "data-lazy-srcset")
_BACKGROUNDS: Final = ("data-bg", "data-background", "data-background-image")
_MEDIA: Final = frozenset({"img", "source", "video", "audio", "track", "input", "image"})
_LINKS: Final = frozenset({"a", "area"})
_OTHER_SCHEMES: Final = re.compile(r"(?:mailto|tel):[^\x00-\x20]{1,500}", re.IGNORECASE)
_INLINE: Final = re.compile(
    r"data:(?:image/(?:png|gif|jpe?g|webp|avif|bmp|x-icon|svg\+xml)|font/[a-z0-9]+|audio/[a-z0-9]+|"
    r"application/(?:font-woff2?|x-font-[a-z0-9]+))[;,]",
    re.IGNORECASE,
)
_LONGEST_INLINE: Final = 2 * 2**20
_SVG_HREFS: Final = frozenset({"href", "xlink:href"})


class Page(Protocol):
    """The page that an element belongs to."""

    base: Base
    places: Places
    kind: str
    """Modifier of links to other pages."""


def shown_attributes(page: Page, element: etree._Element, name: str) -> Iterator[tuple[str, str]]:
    """Yield the attributes of *element*, named *name*, that are shown; lazy addresses as real ones."""
    given = _given(element)
    if name in _MEDIA:
        yield from _media(page, given, name, instead=_is_shown_instead(page, element))
    elif name in _LINKS and "href" in given:
        yield from _link(page, given["href"])
    elif (reference := given.get("href") or given.get("xlink:href") or "").startswith("#"):
        yield "href", reference
    if name == "form":
        # Without a dialog around it that is a form that does nothing (HTML §4.10.22.3).
        yield "method", "dialog"
    if style := _style(given):
        yield "style", page_style(page, style)
    if given.get("background") and (place := requisite(page, given["background"], "im_")):
        yield "background", place
    yield from ((key, value) for key, value in given.items() if not _is_dropped(key, name))


def _given(element: etree._Element) -> dict[str, str]:
    return {str(key).lower(): str(value) for key, value in element.attrib.items()}


def _is_shown_instead(page: Page, element: etree._Element) -> bool:
    """Return whether a ``<source>`` of the same ``<picture>`` is archived, which is shown in its place."""
    # Not the parent: a source that is not closed is one to the parser.
    picture = next(element.iterancestors("picture"), None) if element.tag == "img" else None
    sources = picture.iter("source") if picture is not None else ()
    return any(_candidates(page, _given(source)) for source in sources)


def _style(given: dict[str, str]) -> str:
    background = next((given[key] for key in _BACKGROUNDS if given.get(key)), "")
    if background:
        background = f";background-image:{background if 'url(' in background else _url(background)}"
    return given.get("style", "") + background


def _is_dropped(key: str, name: str) -> bool:
    if key.startswith(("on", "xmlns", "xml:")) or key in _DROPPED:
        return True
    if key in {"style", "background", "href", "xlink:href", *_LAZY, *_LAZY_SETS, *_BACKGROUNDS}:
        return True
    return key in {"src", "srcset", "poster", "sizes", "data-poster"} and not (
        key == "sizes" and name in _MEDIA
    )


def page_style(page: Page, style: str) -> str:
    """Return the style attribute or element *style* with its addresses in the archive."""
    return rewritten_style(style, lambda reference, kind: requisite(page, reference, kind))


def requisite(page: Page, reference: str, kind: str) -> str | None:
    """Return the address in the archive of what the page shows; None where *reference* is no address."""
    text = reference.strip()
    if _INLINE.match(text) and len(text) <= _LONGEST_INLINE:
        return text
    if text.startswith("#"):
        return text
    url = page.base.join(text) if text else None
    if url is None:
        return None
    _, mark, fragment = text.partition("#")
    return page.places.requisite(url, kind) + (mark + fragment if mark else "")


def _link(page: Page, reference: str) -> Iterator[tuple[str, str]]:
    text = reference.strip()
    if text.startswith("#") or _OTHER_SCHEMES.fullmatch(text):
        yield "href", text
        return
    url = page.base.join(text)
    if url is not None:
        _, mark, fragment = text.partition("#")
        yield "href", page.places.link(url, page.kind) + mark + fragment
    elif text == "":
        yield "href", ""


def _media(page: Page, given: dict[str, str], name: str, *, instead: bool) -> Iterator[tuple[str, str]]:
    kind = "im_" if name in {"img", "input", "image"} else "oe_"
    source = _source(page, given)
    candidates = _candidates(page, given)
    if source and not ((candidates or instead) and page.places.lacks(page.base.join(source) or "")):
        place = requisite(page, source, kind)
        if place:
            yield ("href" if name == "image" else "src"), place
    if candidates:
        yield "srcset", ", ".join(candidates)
    poster = given.get("poster") or given.get("data-poster")
    if name == "video" and poster and (place := requisite(page, poster, "im_")):
        yield "poster", place
    if name in {"audio", "video"} and "controls" not in given:
        yield "controls", ""


def lazy_source(page: Page, element: etree._Element) -> str | None:
    """Return the URL that *element* would load by script alone, None where there is none."""
    for name in _LAZY:
        stated = (element.get(name) or "").strip()
        # Some keep settings or a mere "true" there.
        if ("/" in stated or "." in stated) and not stated.startswith(("{", "[")) and " " not in stated:
            url = page.base.join(stated)
            if url is not None:
                return url
    return None


def _source(page: Page, given: dict[str, str]) -> str:
    """Return the reference to show: the lazy one, unless that is not archived and the plain one is."""
    plain = given.get("src") or given.get("href") or given.get("xlink:href") or ""
    holder = etree.Element("img")
    for name in _LAZY:
        if name in given:
            holder.set(name, given[name])
    lazy = lazy_source(page, holder)
    if lazy is None:
        return plain
    stated = page.base.join(plain) if plain and not plain.startswith("data:") else None
    return plain if stated and page.places.lacks(lazy) and not page.places.lacks(stated) else lazy


def _candidates(page: Page, given: dict[str, str]) -> list[str]:
    """Return the candidates of a ``srcset`` that are archived: a browser takes the one it likes best."""
    stated = next((given[name] for name in (*_LAZY_SETS, "srcset") if given.get(name)), "")
    found = []
    for reference, descriptor in srcset(stated):
        url = page.base.join(reference)
        if url is not None and not page.places.lacks(url):
            # A comma or blank inside of an address would end it.
            place = page.places.requisite(url, "im_").replace(",", "%2C").replace(" ", "%20")
            found.append(f"{place} {descriptor}".strip())
    return found


_CANDIDATE: Final = re.compile(r"[\s,]*([^\s,]\S*)(?:\s+([^,(]*(?:\([^)]*\)[^,(]*)*))?", re.DOTALL)
_LONGEST_SET: Final = 100_000


def srcset(value: str) -> Iterator[tuple[str, str]]:
    """Yield address and descriptor of each candidate of a ``srcset`` (HTML §4.8.4.2.1)."""
    at, value = 0, value[:_LONGEST_SET]
    while match := _CANDIDATE.match(value, at):
        reference = match[1]
        if reference.endswith(","):
            # The comma ends the candidate: what follows is the next one.
            at = match.end(1)
            yield reference.rstrip(","), ""
        else:
            at = match.end()
            yield reference, (match[2] or "").strip()


def _url(reference: str) -> str:
    quoted = reference.replace("\\", "%5C").replace('"', "%22").replace("\n", "")
    return f'url("{quoted}")'
