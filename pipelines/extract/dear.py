"""The dear step: trafilatura with all its fallbacks, for the pages on which the cheap signals disagree."""

from copy import copy

import trafilatura
from lxml.html import HtmlElement

from pipelines.extract.blocks import Block, blocks
from pipelines.extract.body import is_blob

ELEMENTS = 30_000
"""A page with more is not given to trafilatura: its time grows faster than the page."""


def dear_body(tree: HtmlElement, url: str) -> tuple[list[Block], str]:
    """Return what trafilatura takes to be the article of *tree*, and why it is nothing where it is nothing.

    *tree* is not changed.
    """
    if sum(1 for _ in tree.iter()) > ELEMENTS:
        return [], "trafilatura:too-many-elements"
    try:
        found = trafilatura.bare_extraction(
            copy(tree), url=url or None, include_comments=False, include_tables=True
        )
    except Exception as error:  # noqa: BLE001 (foreign code on hostile pages; the article's reasons say it)
        return [], f"trafilatura:{type(error).__name__}"
    body = getattr(found, "body", None)
    if body is None:
        return [], "trafilatura:nothing"
    return [block for block in blocks(body) if not is_blob(block.text)], ""
