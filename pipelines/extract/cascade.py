"""The cascade: bytes, address and rules in, article out; the cheap steps first.

1. Decode and parse once (:mod:`~pipelines.extract.page`).
2. Metadata from structured data and what readers see (:mod:`~pipelines.extract.metadata`).
3. Text. A site's ``take`` rules, if any. Else prune a copy and find the element that holds the page's
   sentences (:mod:`~pipelines.extract.body`). If that covers most of what the pruned page says, it is the
   article. If not, the signals disagree, and trafilatura with its fallbacks is asked
   (:mod:`~pipelines.extract.dear`); ``articleBody`` of the structured data stands in where it holds far more.
4. Passages with their languages; the grade, with reasons.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from lxml.html import HtmlElement

from pipelines.extract.article import Article, Passage, PassageKind
from pipelines.extract.blocks import Block
from pipelines.extract.body import find_body, take_body
from pipelines.extract.dear import dear_body
from pipelines.extract.languages import languages, ranked
from pipelines.extract.metadata import Metadata, metadata
from pipelines.extract.page import Page, open_page
from pipelines.extract.prune import pruned, without
from pipelines.extract.quality import grade
from pipelines.extract.rules import NO_RULES, Rules
from pipelines.extract.selectors import selector
from pipelines.extract.versions import EXTRACTOR
from pipelines.model import Headers


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
    said = metadata(tree, page.url)
    text = _text(tree, page.url, said, rules)
    passages = _passages(text.blocks)
    graded = grade(tree, said, passages, tree.findtext(".//title") or "")
    return Article(
        url=page.url,
        canonical_url=said.canonical_url,
        site=said.site,
        section=said.section,
        title=said.title,
        subtitle=said.subtitle,
        authors=said.authors,
        published=said.published,
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


@dataclass(frozen=True, slots=True)
class _Text:
    blocks: Sequence[Block]
    method: str
    reasons: tuple[str, ...] = ()


def _text(tree: HtmlElement, url: str, said: Metadata, rules: Rules) -> _Text:
    if rules.take:
        taken = _taken(without(tree, rules.drop), rules.take)
        if taken:
            return _Text(taken, "rules")
    cheap = find_body(pruned(tree, rules.drop))
    if cheap.sure:
        return _Text(cheap.blocks, "structure")
    found, reason = dear_body(without(tree, rules.drop) if rules.drop else tree, url)
    text = (
        _Text(found, "trafilatura")
        if found
        else _Text(cheap.blocks, "structure", (reason,) if cheap.blocks else ())
    )
    return _or_stated(text, said.body)


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
