"""An article as Markdown (CommonMark) that shows just its text, whatever characters are in it."""

import re
from collections.abc import Callable, Mapping

from pipelines.extract.article import Article, Passage, PassageKind

_SPECIAL = re.compile(r"[\\`*_\[\]<>&|]")
_LEADING = re.compile(r"^(\s*)([#+=~-]|\d{1,9}(?=[.)]))", re.MULTILINE)


def inline(text: str) -> str:
    """Return *text* as Markdown that shows just this text, on the lines that it has."""
    escaped = _SPECIAL.sub(lambda found: f"\\{found[0]}", text)
    return _LEADING.sub(_leading, escaped)


def _leading(found: re.Match[str]) -> str:
    space, mark = found.groups()
    return f"{space}{mark}\\" if mark.isdigit() else f"{space}\\{mark}"


def _paragraph(text: str) -> str:
    return "  \n".join(inline(text).splitlines())


def _code(text: str) -> str:
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}\n{text}\n{fence}"


def _table(text: str) -> str:
    rows = [[inline(cell) for cell in line.split("\t")] for line in text.splitlines()]
    width = max(map(len, rows))
    lines = [f"| {' | '.join(cells + [''] * (width - len(cells)))} |" for cells in rows]
    return "\n".join([lines[0], "|" + " --- |" * width, *lines[1:]])


_MARKS: Mapping[PassageKind, Callable[[str], str]] = {
    PassageKind.HEADING: lambda text: f"## {' '.join(inline(text).split())}",
    PassageKind.QUOTE: lambda text: "\n".join(f"> {line}" for line in _paragraph(text).splitlines()),
    PassageKind.LIST: lambda text: "\n".join(f"- {inline(line)}" for line in text.splitlines()),
    PassageKind.TABLE: _table,
    PassageKind.CAPTION: lambda text: f"*{inline(text)}*",
    PassageKind.CODE: _code,
}


def passage_markdown(passage: Passage) -> str:
    """Return *passage* as one block of Markdown, without line feed at its end."""
    return _MARKS.get(passage.kind, _paragraph)(passage.text)


def article_markdown(article: Article) -> str:
    """Return headline, second headline and passages of *article* as one document."""
    lines = [f"# {inline(article.title)}"] if article.title else []
    if article.subtitle:
        lines.append(f"*{inline(article.subtitle)}*")
    return "\n\n".join([*lines, *map(passage_markdown, article.passages)]) + "\n"
