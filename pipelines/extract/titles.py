"""Which of a page's titles is the article's headline."""

import re
from collections.abc import Mapping, Sequence

_TAIL = re.compile(r"\s*(?:\s[|｜\-–—·•:»›/_]+\s|[|｜_]|--|——|::)\s*")
_NOT_WORD = re.compile(r"[\W_]+")


def headline(candidates: Mapping[str, Sequence[str]], title: str, site: str) -> str:
    """Return the headline, without the site's name.

    *candidates* hold the values of structured data (``json-ld``, ``meta``) and of the page's ``h1``; *title*
    is the ``title`` element. An ``h1`` that structured data or the title contain is what readers see and is
    believed first; without one, structured data are, then the title with its last parts cut off.
    """
    stated = [text for place in ("json-ld", "meta") for text in candidates.get(place, ()) if text]
    others = [*stated, title]
    for text in candidates.get("h1", ()):
        if text and _key(text) != _key(site) and any(_alike(text, other) for other in others if other):
            return text
    seen = [text for text in candidates.get("h1", ()) if text]
    for text in stated:
        return without_site(text, site)
    if len(seen) == 1 and len(seen[0]) > 5 and not title:
        return seen[0]
    return without_site(title, site) or next(iter(seen), "")


def without_site(title: str, site: str) -> str:
    """Return *title* without the name of the site after its last separators."""
    parts = _TAIL.split(title)
    marks = _TAIL.findall(title)
    if len(parts) < 2:
        return title
    if site and _key(parts[-1]) == _key(site):
        return title[: title.rindex(marks[-1])].strip()
    longest = max(parts, key=lambda part: len(part.encode("utf-8", "replace")))
    return parts[0].strip() if parts[0] == longest else title


def _alike(shown: str, stated: str) -> bool:
    """Whether *stated* is *shown*, or begins with it and goes on with something less."""
    a, b = _key(shown), _key(stated)
    return len(a) > 3 and (
        a == b or (b.startswith(a) and len(a) * 3 > len(b)) or (a.startswith(b) and len(b) * 3 > 2 * len(a))
    )


def _key(text: str) -> str:
    return _NOT_WORD.sub("", text).casefold()
