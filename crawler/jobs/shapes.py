"""What the addresses of a site's articles have in common, as patterns for ``scope.article``. Pure."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

_MOST_PATTERNS = 3
_LEAST_SHARE, _LEAST_URLS = 0.1, 3
_ENDING = re.compile(r"\.(?:s?html?|php|aspx?|jsp|cms|ece|stm)$", re.IGNORECASE)
_NUMBER = re.compile(r"[0-9]+")
_PAGE_NUMBER = re.compile(r"[?&](tid|id|aid|nid|newsid|articleid|p)=\d+", re.IGNORECASE)

_Shape = tuple[str, ...]


def article_patterns(urls: Iterable[str]) -> list[tuple[str, int]]:
    """Return patterns as :class:`crawler.scope.Scope` reads them, each with how many of *urls* it stands for.

    At most three, those of the most addresses first. Nothing is returned for a shape that any page may have.
    """
    groups: dict[_Shape, list[str]] = defaultdict(list)
    count = 0
    for url in urls:
        count += 1
        groups[_shape(url)].append(url)
    ordered = sorted(groups.items(), key=lambda item: -len(item[1]))
    found: list[tuple[str, int]] = []
    for shape, of_shape in ordered:
        if len(of_shape) < max(_LEAST_URLS, _LEAST_SHARE * count) or len(found) == _MOST_PATTERNS:
            break
        expression = _by_query(shape) if shape[0] == "query" else _by_path(of_shape)
        if expression:
            found.append((f"^https?://[^/]+{expression}", len(of_shape)))
    return found


def _shape(url: str) -> _Shape:
    parts = urlsplit(url)
    number = _PAGE_NUMBER.search(f"?{parts.query}") if parts.query else None
    if number is not None:
        return "query", parts.path, number[1]
    *folders, last = parts.path.split("/")[1:] or [""]
    ending = _ENDING.search(last)
    kinds = (f"d{len(folder)}" if folder.isdecimal() else "w" for folder in folders)
    return ("path", *kinds, "/" if not last else ending[0] if ending else "")


def _by_query(shape: _Shape) -> str:
    _, path, name = shape
    return rf"{_escaped(path)}\?(?:[^#]*&)?{name}=\d+"


def _by_path(urls: Sequence[str]) -> str:
    """Return an expression for the path of *urls*, which are of one shape; empty where it says too little."""
    columns = list(zip(*(urlsplit(url).path.split("/")[1:] for url in urls), strict=True))
    parts = [_column(set(column)) for column in columns]
    # A first folder and nothing else is what sections look like.
    if not any(part not in {"[^/]+", ""} for part in parts):
        return ""
    return f"/{'/'.join(parts)}(?:[?#]|$)"


def _column(values: set[str]) -> str:
    """Return an expression for one place in the path. What are numbers now will be others tomorrow."""
    if all(value.isdecimal() for value in values):
        lengths = {len(value) for value in values}
        return rf"\d{{{lengths.pop()}}}" if len(lengths) == 1 else r"\d+"
    forms = {_NUMBER.sub("0", value) for value in values}
    if len(forms) == 1:
        return r"\d+".join(map(_escaped, forms.pop().split("0")))
    ending = _ENDING.search(next(iter(values)))
    stems = {_ENDING.sub("", value) for value in values}
    stem = r"[^/]*\d[^/]*" if all(any(map(str.isdecimal, stem)) for stem in stems) else "[^/]+"
    return stem + (_escaped(ending[0]) if ending else "")


def _escaped(text: str) -> str:
    # Outside of brackets a hyphen means itself, and is read more easily so.
    return re.escape(text).replace(r"\-", "-")
