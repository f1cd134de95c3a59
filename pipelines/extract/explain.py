"""Which step of the cascade took or dropped which block of a page, so that a person can mend a profile."""

from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from html import escape

from lxml.etree import _Element

from pipelines.extract.applied import Applied, applied, rule_of
from pipelines.extract.article import Article, Moment
from pipelines.extract.blocks import Block, blocks
from pipelines.extract.body import is_blob
from pipelines.extract.cascade import extract_page
from pipelines.extract.choice import Choice, choose
from pipelines.extract.features import About
from pipelines.extract.metadata import metadata
from pipelines.extract.moments import moment
from pipelines.extract.page import Page
from pipelines.extract.rules import NO_RULES, Rules


class Fate(StrEnum):
    """What became of a block."""

    KEPT = "kept"
    """It is text of the article."""
    USED = "used"
    """It is no text of it, but says its headline, author, translator or date."""
    DROPPED = "dropped"
    DATA = "data"
    """It is no text at all: JSON, encoded data."""


@dataclass(frozen=True, slots=True)
class Explained:
    """A block of the page and what became of it."""

    text: str
    place: str
    """The element that holds it, and the one around, as a selector finds them: ``div#story > p.lead``; empty
    for text of no element."""
    fate: Fate
    step: str
    """What took or dropped it: ``structure``, ``rules: drop .share``, ``rules: title h1``, ``discuz``,
    ``headline``, ``data``…"""
    odds: float | None = None
    """That it is of the article, 0 to 1, where the step judges by odds."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """A page's article and all blocks that it was taken from, in the page's order."""

    article: Article
    blocks: tuple[Explained, ...]
    limit: float
    """Odds from which a block was kept."""
    rules: tuple[str, ...] = ()
    """Each rule that was asked, with what it found: ``drop .share: 2 elements``."""


def explain(page: Page, rules: Rules = NO_RULES) -> Explanation:
    """Return what the cascade makes of *page*, and of each of its blocks.

    :raises SelectorError: a selector of *rules* is not one.
    """
    article = extract_page(page, rules)
    body = page.tree.find("body")
    root = page.tree if body is None else body
    every = blocks(root)
    by_rules = applied(page.tree, rules)
    left = [b for b in every if not is_blob(b.text) and rule_of(b.home, by_rules.dropped) is None]
    choice = choose(left, root, About.of(metadata(page.tree, page.url, left), page.url))
    told = _Teller(article, choice, by_rules)
    found = [told.explained(block) for block in every]
    return Explanation(article, (*found, *told.rest()), choice.limit, by_rules.told)


def facts(explanation: Explanation) -> dict[str, str]:
    """Return what is known of the article beside its text, by name; without what is not known."""
    article, rules = explanation.article, explanation.article.rules
    told = {
        "Address": article.url,
        "Headline": " / ".join(each.text for each in article.titles) or article.title,
        "Authors": ", ".join(article.authors),
        "Translators": ", ".join(article.translators),
        "Published": _told(article.published),
        "Changed": _told(article.modified),
        "Languages": ", ".join(article.languages),
        "Quality": ", ".join((article.quality, *article.reasons)),
        "Read as": article.encoding,
        "Text from": f"{article.method or 'no step'}; blocks are kept from odds of {explanation.limit:.2f}",
        "Versions": f"{article.extractor}, {f'rules {rules}' if rules else 'no rules'}",
        "Rules": "; ".join(explanation.rules),
    }
    return {name: value for name, value in told.items() if value}


def as_html(explanation: Explanation) -> str:
    """Return *explanation* as an HTML page of its own, in colours that its first lines explain."""
    title = explanation.article.title or explanation.article.url or "no headline"
    rows = "".join(f"<tr><th>{escape(name)}<td>{escape(value)}" for name, value in facts(explanation).items())
    legend = "".join(f'<span class="{fate}">{words}</span> ' for fate, words in LEGEND.items())
    return (
        '<!DOCTYPE html><html><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body><h1>{escape(title)}</h1>"
        f"<table>{rows}</table><p>{legend}</p><p>{_HINT}</p>"
        f"{''.join(map(_block, explanation.blocks))}</body></html>\n"
    )


LEGEND = {
    Fate.KEPT: "text of the article",
    Fate.USED: "its headline, author or date",
    Fate.DROPPED: "dropped",
    Fate.DATA: "data, no text",
}
_HINT = (
    "Each block says which step decided, the odds that it is of the article where there are any, and its "
    "place, which can be copied as it is into <code>drop</code> or <code>take</code> of the profile's "
    "<code>[[rules]]</code>."
)
_STYLE = (
    "body{font:15px/1.5 sans-serif;max-width:60em;margin:2em auto;padding:0 1em;color:#222;background:#fff}"
    "h1{font-size:1.3em}table{border-collapse:collapse}th{text-align:left;vertical-align:top;padding-right:1em}"
    "td{overflow-wrap:anywhere}div,span{border-left:6px solid;padding:.3em .8em}"
    "div{margin:.4em 0;white-space:pre-wrap;overflow-wrap:anywhere}span{margin-right:1em}"
    ".kept{border-color:#2a7d2a;background:#eef8ee}.used{border-color:#2a5db0;background:#eef3fb}"
    ".dropped{border-color:#b03030;background:#fbeeee;color:#555}"
    ".data{border-color:#999;background:#f4f4f4;color:#666}small{display:block;color:#666}"
)
_LONGEST = 2000


def _told(found: Moment | None) -> str:
    if found is None:
        return ""
    at = f", {found.at:%Y-%m-%d %H:%M} UTC" if found.at else ""
    return f"{found.day}{at} ({found.found}: {found.stated})"


def _block(each: Explained) -> str:
    odds = "" if each.odds is None else f" {each.odds:.2f}"
    label = f"{each.step}{odds} {each.place}".strip()
    text = each.text if len(each.text) <= _LONGEST else f"{each.text[:_LONGEST]}…"
    return f'<div class="{each.fate}"><small>{escape(label)}</small>{escape(text)}</div>'


class _Teller:
    """Says of each block whether its text is the article's; each passage is found once."""

    def __init__(self, article: Article, choice: Choice, by_rules: Applied) -> None:
        self._article = article
        self._by_rules = by_rules
        # What stands within a line is no block of its own, and yet may be all of one.
        self._said = {" ".join(each.text_content().split()): rule for each, rule in by_rules.said.items()}
        self._odds = {id(block): odd for block, odd in zip(choice.found, choice.odds, strict=True)}
        self._lines = deque(line for passage in article.passages for line in passage.text.split("\n"))
        self._left = Counter(self._lines)

    def explained(self, block: Block) -> Explained:
        place, text = _place(block.home), block.text
        rule = rule_of(block.home, self._by_rules.dropped)
        if rule is not None:
            return Explained(text, place, Fate.DROPPED, f"rules: {rule}")
        odds = self._odds.get(id(block))
        if self._takes(text):
            return Explained(text, place, Fate.KEPT, self._step(block), odds)
        if is_blob(text):
            return Explained(text, place, Fate.DATA, "data")
        rule = rule_of(block.home, self._by_rules.said) or self._said.get(" ".join(text.split()))
        use = f"rules: {rule}" if rule else self._use(text)
        if use is not None:
            return Explained(text, place, Fate.USED, use, odds)
        return Explained(text, place, Fate.DROPPED, self._article.method or "structure", odds)

    def _step(self, block: Block) -> str:
        """Return what took *block*: the rule, where one did."""
        rule = rule_of(block.home, self._by_rules.taken) if self._article.method == "rules" else None
        return f"rules: {rule}" if rule else self._article.method

    def rest(self) -> Iterator[Explained]:
        """Yield the article's lines that are no block of the page: of a transcript, a post, JSON-LD."""
        for line in self._lines:
            if self._left[line] > 0:
                self._left[line] -= 1
                yield Explained(line, "", Fate.KEPT, self._article.method)

    def _takes(self, text: str) -> bool:
        """Return whether most of *text* is lines of the article; these are not looked for again."""
        lines = text.split("\n")
        if not all(self._left[line] > 0 for line in lines):
            # A step may have divided the page otherwise: a board's posts are blocks of several lines here.
            plain = " ".join(text.split())
            lines = [line for line, left in self._left.items() if left > 0 and line in plain]
            if 2 * sum(map(len, lines)) < len(plain):
                return False
        self._left.subtract(lines)
        return True

    def _use(self, text: str) -> str | None:
        """Return what of the article *text* says, where it says hardly anything else."""
        article, plain = self._article, " ".join(text.split())
        headlines = [article.title, article.subtitle, *(each.text for each in article.titles)]
        said = {"headline": headlines, "author": article.authors, "translator": article.translators}
        for use, words in said.items():
            if 2 * sum(len(each) for each in {*words} if each and each in plain) > len(plain):
                return use
        if len(plain) > _SHORT:
            return None
        read, days = moment(plain, ""), (article.published, article.modified)
        return "date" if read and read.day in {each.day for each in days if each} else None


_SHORT = 80
"""Characters of a line beyond which a date in it is not all that it says."""


def _place(element: _Element) -> str:
    parent = element.getparent()
    names = [_name(each) for each in (parent, element) if each is not None]
    return " > ".join(names)


def _name(element: _Element) -> str:
    place = str(element.tag)
    if element.get("id"):
        place += f"#{element.get('id')}"
    return place + "".join(f".{each}" for each in (element.get("class") or "").split()[:3])
