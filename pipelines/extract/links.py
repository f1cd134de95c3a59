"""What an article's text refers to."""

from collections.abc import Sequence

from lxml.etree import XPath, _Element

from pipelines.extract.article import Link
from pipelines.extract.blocks import Block
from pipelines.extract.metadata import joined

_MOST = 1000
_text = XPath("string()")


def links(body: Sequence[Block], url: str) -> tuple[Link, ...]:
    """Return the links in *body*, the article's blocks, resolved against *url*; each address once."""
    found: dict[str, str] = {}
    seen: set[_Element] = set()
    for block in body:
        if not block.linked or block.home in seen:
            continue
        seen.add(block.home)
        for element in block.home.iter("a"):
            text = " ".join(str(_text(element)).split())
            reference = (element.get("href") or "").strip()
            # A home may hold blocks that are not the article's: its own links stand in its own text.
            own = reference[:1] not in ("", "#") and text and text in block.text
            address = joined(url, reference) if own else ""
            if address:
                found.setdefault(address, text)
        if len(found) >= _MOST:
            break
    return tuple(Link(address, text) for address, text in found.items())
