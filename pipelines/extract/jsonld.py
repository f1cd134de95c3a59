"""schema.org data in a page's scripts, read leniently."""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from lxml.html import HtmlElement

ARTICLES = frozenset((
    "Article", "NewsArticle", "ReportageNewsArticle", "AnalysisNewsArticle", "OpinionNewsArticle",
    "BackgroundNewsArticle", "ReviewNewsArticle", "AdvertiserContentArticle", "LiveBlogPosting",
    "BlogPosting", "SocialMediaPosting", "DiscussionForumPosting", "TechArticle", "ScholarlyArticle",
    "Report",
))  # fmt: skip
"""Types that are the article itself."""

QUESTIONS = frozenset(("Question",))
"""What a page of questions and answers is about."""

PAGES = frozenset(("WebPage", "ItemPage", "AboutPage", "MedicalWebPage"))
"""Types whose dates and names serve where there is no article."""

_WRAP = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/)|(?:(?://\s*)?-->|//\s*\]\]>|\]\]>|/\*\s*\]\]>\s*\*/)?[\s;]*$"
)
_TRAILING = re.compile(r",(?=\s*[}\]])")
_LIMIT = 2_000_000
_DEPTH = 12


def nodes(tree: HtmlElement) -> list[dict[str, Any]]:
    """Return the JSON-LD objects of the page in order, those nested in ``@graph`` and lists too.

    Comment marks, trailing commas and raw line feeds in strings are tolerated; a script that is no
    JSON even so is passed over.
    """
    found: list[dict[str, Any]] = []
    for script in tree.iter("script"):
        if (script.get("type") or "").split(";")[0].strip().lower() == "application/ld+json":
            found += _flat(_read(script.text or ""), _DEPTH)
    return found


def best(found: Sequence[dict[str, Any]], types: frozenset[str]) -> dict[str, Any]:
    """Return the first of *found* that has one of *types*, or an empty one."""
    return next((node for node in found if types_of(node) & types), {})


def types_of(node: dict[str, Any]) -> set[str]:
    """Return the names of the node's types, without vocabulary."""
    stated = node.get("@type")
    names = stated if isinstance(stated, list) else [stated]
    return {name.rpartition("/")[2] for name in names if isinstance(name, str)}


def names(value: object) -> Iterator[str]:
    """Yield the names in *value*: a string, an object with ``name``, or a list of such."""
    for item in value[:50] if isinstance(value, list) else [value]:
        name = item.get("name") if isinstance(item, dict) else item
        first = name[0] if isinstance(name, list) and name else name
        if isinstance(first, str):
            yield first


def _read(text: str) -> object:
    if len(text) > _LIMIT:
        return None
    text = _WRAP.sub("", text)
    for attempt in (text, _TRAILING.sub("", text)):
        try:
            return _without_surrogates(json.loads(attempt, strict=False), attempt)
        except (ValueError, RecursionError):
            continue
    return None


def _without_surrogates(value: object, text: str) -> object:
    """Half a character, which escapes can state, is no text that could be written anywhere."""
    if "\\ud" not in text.lower():
        return value
    whole: object = json.loads(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))
    return whole


def _flat(value: object, depth: int) -> list[dict[str, Any]]:
    if depth == 0:
        return []
    if isinstance(value, list):
        return [node for item in value for node in _flat(item, depth - 1)]
    if not isinstance(value, dict):
        return []
    inner = (value.get(key) for key in ("@graph", "mainEntity", "mainEntityOfPage", "hasPart"))
    return [value, *(node for item in inner for node in _flat(item, depth - 1))]
