"""Pages that list what others say: headlines that are links, each with a line or two of its own."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from pipelines.extract.addresses import joined
from pipelines.extract.article import PassageKind
from pipelines.extract.blocks import Block

_HEADLINE = 20
"""Bytes of a linked headline at least; a name or a section is shorter."""
_TEASER = 700
"""Bytes of what stands below such a headline at most; what is longer is text of its own."""
_LINKED = 0.4
"""Share of its line that is the headline: author, date and section may stand beside it."""
_NEAR = 3
"""Blocks before a teaser among which its headline stands."""
_MOSTLY = 0.8
"""Share of a page's text that is headlines and teasers where the page is a list."""
_FRONT = 0.4
"""The same where the address is that of a site's front."""
_FEW, _MANY = 2, 5
"""Headlines at least, of a list and of a front."""
_FRONTS = frozenset(("", "/", "/index.html", "/index.htm", "/index.php"))


def lists_others(url: str, found: Sequence[Block], body: Sequence[Block]) -> bool:
    """Whether *body*, taken from all blocks *found* of the page at *url*, is but headlines and teasers."""
    taken = {id(block) for block in body}
    headline, passed = "", _NEAR
    addresses: set[str] = set()
    headings: set[str] = set()
    listed = 0
    for block in found:
        linked = _headline(block, url)
        if linked and block.kind is PassageKind.HEADING:
            headings.add(linked)
        headline, passed = (linked, 0) if linked else (headline, passed + 1)
        if id(block) in taken and (linked or (passed <= _NEAR and block.weight <= _TEASER)):
            addresses.add(headline)
            listed += block.weight
    fewest, share = (_MANY, _FRONT) if _is_front(url) else (_FEW, _MOSTLY)
    if fewest == _FEW and addresses and addresses <= headings:
        # What a list of one thing is, only a heading can tell.
        fewest = 1
    return len(addresses) >= fewest and listed >= share * sum(block.weight for block in body)


def _is_front(url: str) -> bool:
    """Whether *url* is that of a site's front page."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.path.lower() in _FRONTS and not parts.query


def _headline(block: Block, url: str) -> str:
    """Return where *block* leads, if it is mostly the headline of another page than *url*; else nothing."""
    if not block.links:
        return ""
    reference, text = block.links[0]
    said = len(text.encode("utf-8", "replace"))
    if said < _HEADLINE or said < _LINKED * block.weight:
        return ""
    address = joined(url, reference) or reference
    return "" if address.partition("#")[0] == url.partition("#")[0] else address
