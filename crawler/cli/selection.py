"""Which articles an export holds."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from pipelines.extract import ArticleRow, Moment, Quality
from pipelines.urls import span, timestamp


@dataclass(slots=True)
class Selection:
    """Picks article rows by all that is asked for; an article without a date is in no time span."""

    sites: tuple[str, ...] = ()
    """Host names, each with those below it; with ``:port`` that port alone."""
    since: str = ""
    """Digits of a time: published then or later."""
    until: str = ""
    """Digits of a time: published before it has passed."""
    qualities: frozenset[Quality] = frozenset()
    """Empty for all."""
    undated: int = field(default=0, init=False)
    """Articles that were left out because no date is known of them."""

    @property
    def is_all(self) -> bool:
        """Whether nothing is left out."""
        return not (self.sites or self.since or self.until or self.qualities)

    def pick(self, rows: Iterable[ArticleRow]) -> Iterator[ArticleRow]:
        """Yield the *rows* that are wanted."""
        for row in rows:
            if self._has_quality(row) and self._has_site(row) and self._has_time(row):
                yield row

    def _has_quality(self, row: ArticleRow) -> bool:
        return not self.qualities or row.article.quality in self.qualities

    def _has_site(self, row: ArticleRow) -> bool:
        if not self.sites:
            return True
        host, port = _authority(row.capture.url)
        forms = {host, f"{host}:{port}"}
        return any(
            form == site or form.endswith(f".{site}") for form in forms for site in map(str.lower, self.sites)
        )

    def _has_time(self, row: ArticleRow) -> bool:
        if not self.since and not self.until:
            return True
        published = row.article.published
        if published is None:
            self.undated += 1
            return False
        earliest, latest = _span_of(published)
        return (not self.since or latest >= span(self.since)[0]) and (
            not self.until or earliest <= span(self.until)[1]
        )


def _span_of(published: Moment) -> tuple[str, str]:
    """Return the first and last second, as 14 digits, that *published* may mean."""
    if published.at is not None:
        return timestamp(published.at), timestamp(published.at)
    return span(published.day.strftime("%Y%m%d"))


def _authority(url: str) -> tuple[str, int | None]:
    try:
        parts = urlsplit(url)
        return (parts.hostname or "").lower(), parts.port
    except ValueError:
        return "", None
