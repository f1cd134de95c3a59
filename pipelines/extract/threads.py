"""A forum's thread as its software writes it: posts in order, with poster and time, without the board."""

import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from functools import lru_cache

from lxml.etree import XPath
from lxml.html import HtmlElement

from pipelines.extract.article import Moment
from pipelines.extract.blocks import Block, blocks
from pipelines.extract.boards import BOARDS, Board
from pipelines.extract.moments import moment
from pipelines.extract.selectors import selector

_POSTS = 2000
"""Posts of a page that are read."""

_EDGE = re.compile(r"^[\s»:@]+|[\s»:,]+$")


@dataclass(frozen=True, slots=True)
class Post:
    """What one person wrote in a thread."""

    author: str
    """As the board shows it; empty where it does not."""
    published: Moment | None
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Thread:
    """The posts of one page of a thread."""

    board: str
    """The forum's software: ``discuz``, ``phpbb``, ``xenforo``…"""
    posts: tuple[Post, ...]

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The text of all posts in order."""
        return tuple(block for post in self.posts for block in post.blocks)

    @property
    def author(self) -> str:
        """Who opened the thread, or wrote the page's first post."""
        return self.posts[0].author

    @property
    def published(self) -> Moment | None:
        """When the page's first post was written."""
        return self.posts[0].published


def read_thread(tree: HtmlElement, source: str) -> Thread | None:
    """Return the thread on *tree*, whose text as it came is *source*; None where no known board made it.

    *tree* is not changed. A board is known by its elements alone, so that its skin does not matter.
    """
    for board in BOARDS:
        if board.mark in source:
            found = _xpath(board.posts)(tree)
            posts = tuple(_post(each, board) for each in found[:_POSTS]) if isinstance(found, list) else ()
            if any(post.blocks for post in posts):
                return Thread(board.name, posts)
    return None


def _post(element: HtmlElement, board: Board) -> Post:
    return Post(_author(element, board), _published(element, board), tuple(_texts(element, board)))


def _author(element: HtmlElement, board: Board) -> str:
    named = (element.get(board.attribute) or "").strip() if board.attribute else ""
    if named:
        return named
    shown = (" ".join(each.text_content().split()) for each in _found(element, board.author))
    return next(filter(None, (_EDGE.sub("", name) for name in shown)), "")


def _published(element: HtmlElement, board: Board) -> Moment | None:
    for each in _found(element, board.at):
        for stated in (each.get("datetime"), each.get("title"), each.get("data-time"), each.text_content()):
            read = moment(stated, f"post:{board.name}") if stated else None
            if read is not None:
                return read
    return None


def _texts(element: HtmlElement, board: Board) -> Iterator[Block]:
    """Yield the blocks of a post, which its software may put into the cell of a table."""
    for text in _found(element, board.text)[:1]:
        body = deepcopy(text)
        body.tail = None
        # A cell alone would be read as a line of its table.
        body.tag = "div"
        for drop in board.drop:
            for each in selector(drop)(body):
                _cut(each)
        yield from blocks(body)


def _cut(element: HtmlElement) -> None:
    """Take *element* out; what stood before and after it stays apart."""
    parent = element.getparent()
    if parent is not None:
        element.tail = f" {element.tail or ''}"
        element.drop_tree()


def _found(element: HtmlElement, path: str) -> list[HtmlElement]:
    found = _xpath(path)(element)
    return [each for each in found if isinstance(each, HtmlElement)] if isinstance(found, list) else []


@lru_cache(maxsize=64)
def _xpath(path: str) -> XPath:
    return XPath(path)
