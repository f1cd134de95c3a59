"""Which step of the cascade took or dropped which block of a page, so that a person can mend a profile."""

from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from lxml.etree import _Element
from lxml.html import HtmlElement

from pipelines.extract.article import Article
from pipelines.extract.blocks import Block, blocks
from pipelines.extract.body import is_blob
from pipelines.extract.cascade import extract_page
from pipelines.extract.choice import Choice, choose
from pipelines.extract.features import About
from pipelines.extract.metadata import metadata
from pipelines.extract.page import Page
from pipelines.extract.rules import NO_RULES, Rules
from pipelines.extract.selectors import selector


@dataclass(frozen=True, slots=True)
class Explained:
    """A block of the page and what became of it."""

    text: str
    place: str
    """The element that holds it, and the one around: ``div#story > p.lead``; empty for text of no element."""
    kept: bool
    step: str
    """What took or dropped it: ``structure``, ``rules: drop .share``, ``data``, ``discuz``…"""
    odds: float | None = None
    """That it is of the article, 0 to 1, where the step judges by odds."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """A page's article and all blocks that it was taken from, in the page's order."""

    article: Article
    blocks: tuple[Explained, ...]
    limit: float
    """Odds from which a block was kept."""


def explain(page: Page, rules: Rules = NO_RULES) -> Explanation:
    """Return what the cascade makes of *page*, and of each of its blocks.

    :raises SelectorError: a selector of *rules* is not one.
    """
    article = extract_page(page, rules)
    body = page.tree.find("body")
    root = page.tree if body is None else body
    every = blocks(root)
    dropped = _dropped(page.tree, rules.drop)
    left = [block for block in every if not is_blob(block.text) and _drop_of(block, dropped) is None]
    choice = choose(left, root, About.of(metadata(page.tree, page.url, left), page.url))
    told = _Teller(article, choice, dropped)
    found = [told.explained(block) for block in every]
    return Explanation(article, (*found, *told.rest()), choice.limit)


def as_html(explanation: Explanation) -> str:
    """Return *explanation* as an HTML page of its own: kept blocks green, dropped ones red, data grey."""
    article = explanation.article
    facts = {
        "Headline": article.title,
        "Authors": ", ".join(article.authors),
        "Translators": ", ".join(article.translators),
        "Published": f"{article.published.day} ({article.published.found})" if article.published else "",
        "Quality": ", ".join((article.quality, *article.reasons)),
        "Read as": article.encoding,
        "Method": f"{article.method}; {article.extractor} {article.rules}",
    }
    rows = "".join(
        f"<tr><th>{escape(name)}<td>{escape(value)}" for name, value in facts.items() if value.strip()
    )
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{escape(article.title)}</title>'
        f"<style>{_STYLE}</style></head><body><h1>{escape(article.url)}</h1><table>{rows}</table>"
        f"{''.join(map(_block, explanation.blocks))}</body></html>\n"
    )


_STYLE = (
    "body{font:15px/1.5 sans-serif;max-width:60em;margin:2em auto;padding:0 1em}h1{font-size:1em}"
    "div{margin:.4em 0;padding:.4em .8em;border-left:6px solid;white-space:pre-wrap;overflow-wrap:anywhere}"
    "div.kept{border-color:#2a7d2a;background:#eef8ee}div.dropped{border-color:#b03030;background:#fbeeee;color:#555}"
    "div.data{border-color:#999;background:#f4f4f4;color:#777}small{display:block;color:#666}th{text-align:left}"
)


def _block(each: Explained) -> str:
    kind = "kept" if each.kept else "data" if each.step == "data" else "dropped"
    odds = "" if each.odds is None else f" {each.odds:.2f}"
    label = f"{each.step}{odds} {each.place}".strip()
    return f'<div class="{kind}"><small>{escape(label)}</small>{escape(each.text[:2000])}</div>'


def _dropped(tree: HtmlElement, rules: Sequence[str]) -> dict[_Element, str]:
    """Return the elements that *rules* drop, each with the first selector that finds it."""
    found: dict[_Element, str] = {}
    for rule in rules:
        for element in selector(rule)(tree):
            found.setdefault(element, rule)
    return found


def _drop_of(block: Block, dropped: dict[_Element, str]) -> str | None:
    at: _Element | None = block.home
    while at is not None:
        if at in dropped:
            return dropped[at]
        at = at.getparent()
    return None


class _Teller:
    """Says of each block whether its text is the article's; each passage is found once."""

    def __init__(self, article: Article, choice: Choice, dropped: dict[_Element, str]) -> None:
        self._method = article.method
        self._dropped = dropped
        self._odds = {id(block): odd for block, odd in zip(choice.found, choice.odds, strict=True)}
        self._lines = deque(line for passage in article.passages for line in passage.text.split("\n"))
        self._left = Counter(self._lines)

    def explained(self, block: Block) -> Explained:
        odds = self._odds.get(id(block))
        place = _place(block.home)
        rule = _drop_of(block, self._dropped)
        if rule is not None:
            return Explained(block.text, place, kept=False, step=f"rules: drop {rule}")
        lines = block.text.split("\n")
        if all(self._left[line] > 0 for line in lines):
            self._left.subtract(lines)
            return Explained(block.text, place, kept=True, step=self._method, odds=odds)
        step = "data" if is_blob(block.text) else self._method or "structure"
        return Explained(block.text, place, kept=False, step=step, odds=odds)

    def rest(self) -> Iterator[Explained]:
        """Yield the article's lines that are no block of the page: of a transcript, a post, JSON-LD."""
        for line in self._lines:
            if self._left[line] > 0:
                self._left[line] -= 1
                yield Explained(line, "", kept=True, step=self._method)


def _place(element: _Element) -> str:
    parent = element.getparent()
    names = [_name(each) for each in (parent, element) if each is not None]
    return " > ".join(names)


def _name(element: _Element) -> str:
    place = str(element.tag)
    if element.get("id"):
        place += f"#{element.get('id')}"
    return place + "".join(f".{each}" for each in (element.get("class") or "").split()[:3])
