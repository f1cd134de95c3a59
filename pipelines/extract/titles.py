"""Which of a page's titles is the article's headline."""

import re
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

_TAIL = re.compile(r"\s*(?:\s[|｜\-–—·•:»›«‹/_]+\s|[|｜_]|--|——|::)\s*")
_SURE = frozenset("|｜_»›«‹·•")
"""Marks that part a headline from a site's name and hardly ever stand in one."""

_NOT_WORD = re.compile(r"[\W_]+")
_WORD = re.compile(r"[\u3400-\u9fff]|[^\W_\u3400-\u9fff]+")
_LIKE = 0.25
"""Part of the words of a headline and the page's other titles that must be the same."""


def headline(candidates: Mapping[str, Sequence[str]], title: str, site: str, url: str = "") -> str:
    """Return the headline, without the site's name.

    *candidates* hold the values of structured data (``json-ld``, ``meta``), of the page's ``h1`` and each
    ``line`` that the title repeats; *title* is the ``title`` element. What readers see that is most like the
    other titles is believed first; without it, structured data, then the title with its last parts cut off.
    """
    stated = [text for place in ("json-ld", "meta") for text in candidates.get(place, ()) if text]
    own = {_key(site), _key((_host(url) or "").removeprefix("www."))}
    seen = [text for text in candidates.get("h1", ()) if text and _key(text) not in own]
    lines = [text for text in candidates.get("line", ()) if not _is_site(text, site, url)]
    shown = _shown([*seen, *lines], [text for text in (*stated, title) if text])
    if shown:
        return without_site(shown, site, url, shown=True)
    for text in stated:
        return without_site(text, site, url)
    return without_site(title, site, url) or next(iter(seen), "")


def without_site(title: str, site: str, url: str = "", *, shown: bool = False) -> str:
    """Return *title* without the name of the site before its first or after its last separators.

    What readers are *shown* as headline is cut only where the part is certainly the site's name.
    """
    parts, marks = _TAIL.split(title), _TAIL.findall(title)
    while len(parts) > 1 and _is_site(parts[-1], site, url):
        parts, marks = parts[:-1], marks[:-1]
    while len(parts) > 1 and _is_site(parts[0], site, url) and len(_key(parts[1])) > 5:
        parts, marks = parts[1:], marks[1:]
    if len(parts) > 1 and not shown:
        parts, marks = _cut(parts, marks)
    return "".join(part + mark for part, mark in zip(parts, [*marks, ""], strict=True)).strip()


def _cut(parts: list[str], marks: list[str]) -> tuple[list[str], list[str]]:
    """Keep the first part where it is the longest, or where a mark follows that only sites put there."""
    longest = max(parts, key=_weight)
    if _weight(parts[0]) == _weight(longest):
        return parts[:1], []
    if marks[-1].strip() in _SURE and _weight(parts[0]) >= 12 and len(parts) == 2:
        return parts[:1], []
    return parts, marks


def _shown(seen: Sequence[str], others: Sequence[str]) -> str:
    """Return the headline among *seen* that is most like one of *others*."""
    if not others:
        return seen[0] if len(seen) == 1 and len(seen[0]) > 5 else ""
    best = max(seen, key=lambda text: max(_likeness(text, other) for other in others), default="")
    if best and max(_likeness(best, other) for other in others) >= _LIKE and len(_key(best)) > 2:
        return best
    return ""


def _likeness(shown: str, stated: str) -> float:
    """Return the part of the words of both that they share, 0 to 1; 1 where one begins with the other."""
    a, b = _key(shown), _key(stated)
    if len(a) > 3 and (b.startswith(a) or (len(b) > 12 and a.startswith(b))):
        return 1.0 if a == b else 0.9 if len(a) * 3 > len(b) else 0.5
    one, other = set(_WORD.findall(shown.casefold())), set(_WORD.findall(stated.casefold()))
    return len(one & other) / (len(one | other) or 1)


def _is_site(part: str, site: str, url: str) -> bool:
    key, own = _key(part), _key(site)
    if not key:
        return True
    if own and (key == own or (len(own) > 3 and key.startswith(own) and len(key) < 2 * len(own) + 12)):
        return True
    host = (_host(url) or "").removeprefix("www.").casefold()
    if key == _key(host):
        return True
    labels = [label for label in host.split(".")[:-1] if len(label) > 3]
    return len(key) > 3 and any(_key(label) == key or _initial(key, label) for label in labels)


def _initial(key: str, label: str) -> bool:
    """Whether a name begins a host's label or the other way round: ``thequayonline``, The Quay."""
    bare = _key(label)
    return bare.startswith(key) or (key.startswith(bare) and len(key) < 2 * len(bare) + 12)


def _host(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None


def _weight(text: str) -> int:
    return len(text.encode("utf-8", "replace"))


def _key(text: str) -> str:
    return _NOT_WORD.sub("", text).casefold()
