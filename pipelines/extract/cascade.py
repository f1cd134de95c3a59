"""The cascade: bytes, address and rules in, article out; the cheap steps first.

1. Decode and parse once (:mod:`~pipelines.extract.page`).
2. All blocks of the page, and metadata from structured data and what readers see
   (:mod:`~pipelines.extract.metadata`).
3. Text. A site's ``take`` rules, if any. Else the posts of a thread whose software is known
   (:mod:`~pipelines.extract.threads`). Else the blocks that are likely to be of the article
   (:mod:`~pipelines.extract.choice`). Where that is in doubt, trafilatura with its fallbacks is asked
   (:mod:`~pipelines.extract.dear`); ``articleBody`` of the structured data stands in where it holds far more,
   a recording's transcript where that alone holds the article (:mod:`~pipelines.extract.transcript`).
4. Passages with their languages, without lines that only count, sign and date
   (:mod:`~pipelines.extract.counters`, :mod:`~pipelines.extract.credits`); the grade, with reasons, for which
   lists of other pages are told from articles (:mod:`~pipelines.extract.listing`).
5. Headlines by language, translators, links, parallel passages, fingerprint
   (:mod:`~pipelines.extract.completion`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from lxml.html import HtmlElement

from pipelines.extract.article import Article, Passage, PassageKind
from pipelines.extract.blocks import Block
from pipelines.extract.body import page_blocks, take_body
from pipelines.extract.choice import choose
from pipelines.extract.completion import Sources, completed
from pipelines.extract.counters import without_counters
from pipelines.extract.credits import without_credits
from pipelines.extract.dear import dear_body
from pipelines.extract.features import About
from pipelines.extract.languages import languages, ranked
from pipelines.extract.listing import lists_others
from pipelines.extract.metadata import Metadata, metadata
from pipelines.extract.page import Page, open_page
from pipelines.extract.prune import without
from pipelines.extract.quality import grade
from pipelines.extract.rules import NO_RULES, Rules
from pipelines.extract.selectors import selector
from pipelines.extract.structured import Structured
from pipelines.extract.twice import said_once, untabled
from pipelines.extract.versions import EXTRACTOR
from pipelines.model import Headers

DOUBT = 0.35
"""Expected F1 of the choice below which trafilatura is asked."""

ENOUGH = 400
"""Bytes of text below which its answer is none."""


def extract(payload: bytes, url: str, *, headers: Headers = (), rules: Rules = NO_RULES) -> Article:
    """Return the article in *payload*, the entity body as recorded, still content-encoded.

    Never raises, whatever the bytes are; selectors in *rules* must be valid
    (:func:`pipelines.extract.rules.checked_rules`).

    :raises SelectorError: a selector of *rules* is not.
    """
    return extract_page(open_page(payload, url, headers=headers), rules)


def extract_recorded(payload: bytes, url: str, headers: Headers, rules: Rules) -> Article:
    """Do the same with positional arguments, as ``Workers.submit`` passes them."""
    return extract(payload, url, headers=headers, rules=rules)


def extract_page(page: Page, rules: Rules = NO_RULES) -> Article:
    """Return the article on *page*, which is not changed."""
    tree = page.tree
    cleared = without(tree, rules.drop) if rules.drop else tree
    alive = list(cleared.iter())  # lxml builds an element's object anew, slowly, whenever none is alive
    root, found = page_blocks(cleared)
    said = metadata(tree, page.url, found)
    structured = Structured(page, cleared)
    text = _text(cleared, root, found, _Known(page.url, said, rules, structured))
    authors = structured.authors(said)
    passages = _passages(untabled(without_counters(_uncredited(text, authors))))
    teasers = text.method == "structure" and lists_others(page.url, found, text.blocks)
    graded = grade(tree, said, passages, tree.findtext(".//title") or "", teasers=teasers)
    article = Article(
        url=page.url,
        canonical_url=said.canonical_url,
        site=said.site,
        section=said.section,
        title=said.title,
        subtitle=said.subtitle,
        authors=authors,
        published=structured.published(said),
        modified=said.modified,
        languages=ranked([p.language for p in passages], [len(p.text) for p in passages]),
        passages=passages,
        images=said.images,
        quality=graded.quality,
        reasons=(*graded.reasons, *text.reasons, *page.reasons),
        encoding=f"{page.encoding} ({page.found})" if page.encoding else "",
        method=text.method,
        extractor=EXTRACTOR,
        rules=rules.version,
    )
    done = completed(article, Sources(tree, found, text.blocks, structured, rules))
    del alive
    return done


@dataclass(frozen=True, slots=True)
class _Known:
    url: str
    said: Metadata
    rules: Rules
    structured: Structured


@dataclass(frozen=True, slots=True)
class _Text:
    blocks: Sequence[Block]
    method: str
    reasons: tuple[str, ...] = ()


def _text(tree: HtmlElement, root: HtmlElement, found: Sequence[Block], known: _Known) -> _Text:
    """Return the article among *found*, all blocks below *root* of *tree*, and the step that gave it."""
    if known.rules.take:
        taken = _taken(tree, known.rules.take)
        if taken:
            return _Text(taken, "rules")
    thread = known.structured.thread
    if thread is not None:
        return _Text(thread.blocks, thread.board)
    choice = choose(found, root, About.of(known.said, known.url))
    text = _Text(choice.kept, "structure")
    if choice.expected < DOUBT and not known.said.thread and not known.said.listing:
        dear, reason = dear_body(tree, known.url)
        if sum(block.weight for block in dear) > ENOUGH:
            text = _Text(dear, "trafilatura")
        elif text.blocks and not dear:
            text = _Text(text.blocks, "structure", (reason,))
    spoken = known.structured.spoken_instead_of(text.blocks)
    return _Text(spoken, "transcript") if spoken else _or_stated(text, known.said.body)


_GUESSED = ("structure", "trafilatura")
"""Steps that judge by likeness what is text."""


def _once(text: _Text) -> Sequence[Block]:
    """Return the blocks of *text* without a second copy; in a thread people do say the same."""
    return said_once(text.blocks) if text.method == "structure" else text.blocks


def _uncredited(text: _Text, authors: Sequence[str]) -> Sequence[Block]:
    """Return the blocks of *text* once each, without the lines that name *authors* and date, if guessed."""
    found = _once(text)
    return without_credits(found, authors) if text.method in _GUESSED else found


def _taken(tree: HtmlElement, take: Sequence[str]) -> list[Block]:
    for rule in take:
        elements = selector(rule)(tree)
        if elements:
            outer = [e for e in elements if not any(a in elements for a in e.iterancestors())]
            return take_body(outer)
    return []


def _or_stated(text: _Text, stated: Sequence[Block]) -> _Text:
    """Prefer ``articleBody`` where it has more than twice of what was found."""
    if sum(block.weight for block in stated) > 2 * sum(block.weight for block in text.blocks) + 200:
        return _Text(stated, "json-ld", text.reasons)
    return text


def _passages(found: Sequence[Block]) -> tuple[Passage, ...]:
    joined: list[tuple[str, PassageKind]] = []
    group = None
    for block in found:
        if block.group is not None and block.group is group:
            joined[-1] = (f"{joined[-1][0]}\n{block.text}", block.kind)
        else:
            joined.append((block.text, block.kind))
        group = block.group
    spoken = languages([text for text, _ in joined])
    return tuple(Passage(text, language, kind) for (text, kind), language in zip(joined, spoken, strict=True))
