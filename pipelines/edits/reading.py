"""An article as its versions are compared: headline, byline and own lines, without furniture."""

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from hashlib import sha256

from pipelines.edits.furniture import Line, link_texts, own_lines
from pipelines.edits.wording import plain, unspaced
from pipelines.extract.article import Article

_BYLINE = 160
_ROLES = re.compile(
    r"\b(?:by|and|with|reported|reporting|written|edited|story|words|text|correspondent|reporter|editor|staff|"
    r"writer)\b|本报|本报讯|实习|特约|特派|记者|作者|撰文|撰稿|编辑|责编|責任編輯|责任编辑|文|图|編輯|記者|[/|·年月日]",
    re.IGNORECASE,
)
_COUNT = re.compile(r"^[(\[]\d+\+?[)\]]\s*")


@dataclass(frozen=True, slots=True)
class Reading:
    """What is compared of one capture."""

    headline: str
    byline: tuple[str, ...]
    lines: tuple[Line, ...]
    bare_links: frozenset[str] = field(default=frozenset(), compare=False)
    """Lines, plain, that were left out because they are nothing but links."""

    @property
    def content(self) -> str:
        """A digest that is the same for two readings between which there is no edit.

        Where paragraphs are broken does not count, nor does the order of authors.
        """
        text = unspaced("".join(line.key for line in self.lines))
        parts = (plain(self.headline), "\n".join(sorted(map(_name, self.byline))), text)
        return sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()

    @property
    def keys(self) -> tuple[str, ...]:
        """The lines as they are compared."""
        return tuple(line.key for line in self.lines)

    def without(self, keys: AbstractSet[str]) -> "Reading":
        """Return this reading without the lines *keys*."""
        if not keys:
            return self
        return replace(self, lines=tuple(line for line in self.lines if line.key not in keys))


def reading_of(article: Article) -> Reading:
    """Return what is compared of *article*. A line that only repeats the headline is left out."""
    headline = _headline(article)
    repeated = {plain(headline), plain(article.title)}
    lines = [
        Line(text, plain(text), passage.kind)
        for passage in article.passages
        for text in passage.text.split("\n")
    ]
    names = [name for author in article.authors if (name := plain(author))]
    linked = link_texts(link.text for link in article.links)
    kept = tuple(
        line
        for line in own_lines(lines, linked)
        if line.key not in repeated and not _is_byline(line.key, names)
    )
    bare_links = frozenset(line.key for line in lines if line.key in linked)
    return Reading(headline, article.authors, kept, bare_links)


def _is_byline(key: str, names: Sequence[str]) -> bool:
    """Return whether a line says nothing but who wrote the article: that is compared as the byline."""
    if len(key) > _BYLINE or not any(name in key for name in names):
        return False
    for name in names:
        key = key.replace(name, " ")
    return not any(map(str.isalpha, _ROLES.sub(" ", key)))


def _headline(article: Article) -> str:
    """Return the headlines of all languages, without the site's name and counts of unread messages."""
    texts = [title.text for title in article.titles] or [article.title]
    return " / ".join(_without_site(_COUNT.sub("", text), article.site) for text in texts if text)


def _without_site(title: str, site: str) -> str:
    found = site and re.fullmatch(rf"(.+?)\s*[-–—|_·:：]\s*{re.escape(site)}\s*", title, re.IGNORECASE)
    return found[1] if found else title.strip()


def _name(author: str) -> str:
    return plain(author).casefold()
