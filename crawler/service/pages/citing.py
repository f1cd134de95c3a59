"""How an archived article is cited: GB/T 7714—2015 in Chinese, and in English as newspapers are."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pipelines.extract import Article
from pipelines.model import Capture
from pipelines.urls import host, moment

_NAMED: Final = 3
"""Authors that are named; of more the rest is left out."""
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Citation:
    """One article in two manners."""

    chinese: str
    english: str
    address: str
    """That stays: of the capture, not of the live page."""


def citation(article: Article, capture: Capture, address: str) -> Citation:
    """Return how *article*, read from *capture*, is cited; *address* is where the capture is shown.

    The day of citing is that of the capture: what was read is what stood there then.
    """
    site = article.site or host(capture.url)
    title = article.title or capture.url
    at = moment(capture.timestamp)
    of_day = f"{at.day} {_MONTHS[at.month - 1]} {at.year}"
    return Citation(
        _chinese(article, (title, site, f"{at:%Y-%m-%d}", address)),
        _english(article, (title, site, of_day, address), capture.url),
        address,
    )


def _chinese(article: Article, told: tuple[str, str, str, str]) -> str:
    title, site, day, address = told
    authors = ", ".join([*article.authors[:_NAMED], *(["等"] if len(article.authors) > _NAMED else [])])
    published = f"({article.published.day.isoformat()})" if article.published else ""
    head = f"{authors}. " if authors else ""
    return f"{head}{title}[EB/OL]. {site}, {published}[{day}]. {address}."


def _english(article: Article, told: tuple[str, str, str, str], url: str) -> str:
    title, site, day, address = told
    authors = _listed(article.authors)
    end = "" if title.endswith(("?", "!", ".", "？", "！", "。")) else "."
    published = ""
    if article.published:
        of = article.published.day
        published = f", {of.day} {_MONTHS[of.month - 1]} {of.year}"
    head = f"{authors}. " if authors else ""
    return f"{head}“{title}{end}” {site}{published}. {url}. Archived {day}, {address}."


def _listed(names: Sequence[str]) -> str:
    if len(names) > _NAMED:
        return f"{names[0]} et al"
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)
