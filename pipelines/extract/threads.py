"""A forum's thread as its software writes it: posts in order, with poster and time, without the board."""

import re
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import lru_cache

from lxml.etree import SubElement, XPath
from lxml.html import Element, HtmlElement

from pipelines.extract.article import Moment, PassageKind
from pipelines.extract.blocks import Block, blocks
from pipelines.extract.boards import BOARDS, Board
from pipelines.extract.moments import moment
from pipelines.extract.selectors import selector

_POSTS = 2000
"""Posts of a page that are read."""

_TIME = 60
"""Characters of a line that tells when a post was written, at the most."""

_INLINE = frozenset(("font", "span"))
_NUMBER = re.compile(r"(?:reply )?#\d+\b|\bon:", re.IGNORECASE)
_EDGE = re.compile(r"^[\s»«:@]+|[\s»«:,]+$")


@dataclass(frozen=True, slots=True)
class Post:
    """What one person wrote in a thread."""

    author: str
    """As the board shows it; empty where it does not."""
    published: Moment | None
    blocks: tuple[Block, ...]
    """Its text, without quotes of other posts and signatures."""
    heading: Block | None = None
    """Poster and time as the board shows them; None on boards where articles are posted."""


@dataclass(frozen=True, slots=True)
class Thread:
    """The posts of one page of a thread."""

    board: str
    """The forum's software: ``discuz``, ``phpbb``, ``xenforo``…"""
    posts: tuple[Post, ...]
    title: str = ""
    """Its headline, where the board marks it; empty where it does not."""

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The text of all posts in order, each below its heading."""
        return tuple(
            block
            for post in self.posts
            if post.blocks
            for block in (*((post.heading,) if post.heading else ()), *post.blocks)
        )

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
            found = _found(tree, board.posts)[:_POSTS]
            whole = map(_with_what_follows, found) if board.follows else found
            posts = tuple(_post(each, board) for each in whole)
            if any(post.blocks for post in posts):
                return Thread(board.name, posts, _title(tree, board))
    return None


def _title(tree: HtmlElement, board: Board) -> str:
    shown = _found(tree, board.title)[:1] if board.title else ()
    return "".join(" ".join(each.text_content().split()) for each in shown)


def _with_what_follows(head: HtmlElement) -> HtmlElement:
    """Return the line *head* and, in an element beside it, copies of all up to the next such line."""
    post, line = Element("div"), deepcopy(head)
    text = SubElement(post, "div")
    text.text, line.tail = head.tail, None
    post.insert(0, line)
    for each in head.itersiblings():
        if (each.tag, each.get("class")) == (head.tag, head.get("class")) or each.get("class") == "page":
            break
        text.append(deepcopy(each))
    return post


def _post(element: HtmlElement, board: Board) -> Post:
    author, at = _author(element, board), _found(element, board.at)
    told = "\n".join(filter(None, (author, _shown(at, author)))) if board.conversation else ""
    heading = Block(PassageKind.PARAGRAPH, told, 0, element) if told else None
    return Post(author, _published(at, board), tuple(_texts(element, board)), heading)


def _shown(at: Sequence[HtmlElement], author: str) -> str:
    """Return the time of a post as readers see it; empty where its line says too much besides."""
    for each in at:
        # The second text of a time element is the same time once more, for other sizes of screen.
        texts = list(filter(None, map(str.strip, each.itertext())))
        own = texts[0] if each.tag == "time" and texts else " ".join(texts)
        text = _EDGE.sub("", " ".join(own.split())).rpartition("»")[2]
        text = _EDGE.sub("", _NUMBER.sub("", text.replace(author, "")))
        if text:
            return text if len(text) <= _TIME else ""
    return ""


def _author(element: HtmlElement, board: Board) -> str:
    named = (element.get(board.attribute) or "").strip() if board.attribute else ""
    if named:
        return named
    shown = (" ".join(each.text_content().split()) for each in _found(element, board.author))
    return next(filter(None, (_EDGE.sub("", name) for name in shown)), "")


def _published(at: Sequence[HtmlElement], board: Board) -> Moment | None:
    for each in at:
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
    """Take *element* out; what stood before and after it stays apart, unless it stood in a line."""
    parent = element.getparent()
    if parent is not None:
        element.tail = f"{'' if element.tag in _INLINE else ' '}{element.tail or ''}"
        element.drop_tree()


def _found(element: HtmlElement, path: str) -> list[HtmlElement]:
    found = _xpath(path)(element)
    return [each for each in found if isinstance(each, HtmlElement)] if isinstance(found, list) else []


@lru_cache(maxsize=64)
def _xpath(path: str) -> XPath:
    return XPath(path)
