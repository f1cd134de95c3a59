"""Which articles an export holds."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urlsplit

from pipelines.errors import ConfigError
from pipelines.extract import ArticleRow, Moment, Quality
from pipelines.urls import moment, span, timestamp


def digits_of(text: str | None, option: str) -> str:
    """Return the digits of the time *text*: ``2026``, ``2026-11-23``, ``2026-11-23T08:15``, 14 digits.

    A time with an offset is put into UTC. Raises ``ConfigError``, which names *option*.
    """
    if text is None:
        return ""
    try:
        return _digits(text)
    except ValueError as error:
        raise ConfigError(
            f"{option}: {text!r} is no time; write 2026, 2026-11, 2026-11-23 or 2026-11-23T08:15:00Z (UTC)"
        ) from error


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


def _digits(text: str) -> str:
    if "+" in text or text.endswith("Z") or text.count("-") > 2:
        return timestamp(datetime.fromisoformat(text).astimezone(UTC))
    digits = "".join(filter(str.isdigit, text))
    if len(digits) % 2 or set(text) - set("0123456789-T: "):
        raise ValueError(text)
    moment(digits)
    return digits


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
