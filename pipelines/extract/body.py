"""The blocks of a page, or of the elements that a site's rules name; data that stand as text are none."""

import re
from collections.abc import Sequence

from lxml.etree import _Element
from lxml.html import HtmlElement

from pipelines.extract.blocks import Block, blocks

_KEY = re.compile(r'(?:\\?"|&(?:amp;)*(?:quot|#34);)\s*:')
_WORD = 2000
"""Characters without a blank that no text has in any script: encoded data."""


def page_blocks(tree: HtmlElement) -> tuple[HtmlElement, list[Block]]:
    """Return the element that holds a page's text, and all blocks of it but data that stand as text."""
    body = tree.find("body")
    root = tree if body is None else body
    return root, [block for block in blocks(root) if not is_blob(block.text)]


def take_body(elements: Sequence[_Element]) -> list[Block]:
    """Return the blocks of *elements*, which a site's rules name as the article."""
    return [block for element in elements for block in blocks(element) if not is_blob(block.text)]


def is_blob(text: str) -> bool:
    """Whether *text* is no text but data that stands in the page: JSON, base64."""
    if text[0] in "{[" and _KEY.search(text, 0, 400):
        return True
    return len(text) > _WORD and max(map(len, text.split())) > _WORD and text.isascii()
