"""What an article's text refers to."""

from collections.abc import Sequence

from pipelines.extract.article import Link
from pipelines.extract.blocks import Block
from pipelines.extract.metadata import joined

_MOST = 1000


def links(body: Sequence[Block], url: str) -> tuple[Link, ...]:
    """Return the links in *body*, the article's blocks, resolved against *url*; each address once."""
    found: dict[str, str] = {}
    for block in body:
        for reference, text in block.links:
            address = "" if reference.startswith("#") else joined(url, reference)
            if address:
                found.setdefault(address, text)
        if len(found) >= _MOST:
            break
    return tuple(Link(address, text) for address, text in found.items())
