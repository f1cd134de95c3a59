"""One site of a crawl: its profile, and what follows from it for this job."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Self

from crawler.config import Config
from crawler.discovery import Kind, Source
from crawler.scope import Scope
from crawler.sites import SiteProfile, profile_for
from crawler.visits import Limits
from pipelines.extract import Rules
from pipelines.identity import Identity
from pipelines.model import Provenance

PAGES = "(pages)"
"""The ledger's site for all pages that are asked for by their bare address; no profile can be called so."""
_ADDRESS = ("http://", "https://")


class Role(StrEnum):
    """What an URL is asked for."""

    SOURCE = "source"
    """It announces others."""
    PAGE = "page"
    """It may be an article, and counts against ``crawl.max_pages``."""
    REQUISITE = "requisite"
    """A page needs it to be shown."""


@dataclass(frozen=True, slots=True)
class Site:
    """A target of the command line, resolved."""

    key: str
    """What requests name it by, also those that an earlier process has left: the profile's name, or the
    bare URL, of which several on one host make profiles of one name."""
    profile: SiteProfile
    scope: Scope
    identity: Identity
    rules: Rules
    limits: Limits
    """How often its sources are visited."""
    ladder: tuple[timedelta, ...]
    """Ages at which its articles are visited again."""
    cutoff: timedelta | None
    """Age beyond which what it announces is only entered in the ledger."""
    at_once: int
    """Sitemaps of an index that are visited at once; as many more follow after each :attr:`step`."""
    step: timedelta

    @classmethod
    def of(cls, target: str, config: Config) -> Self:
        """Return the site that *target* means. Raises ``ProfileError`` where it means none."""
        profile = profile_for(target, config.sites.folders)
        scope = profile.crawl_scope(hops=config.crawl.hops)
        own, usual = profile.visits, config.visits
        cutoff = own.cutoff or usual.cutoff
        return cls(
            profile.home if target.lower().startswith(_ADDRESS) else profile.name,
            profile,
            scope,
            profile.crawl_identity(),
            profile.rules_at(datetime.now(UTC)),
            _limits(own.minimum or usual.minimum, own.maximum or usual.maximum),
            tuple(map(_span, usual.ladder if own.ladder is None else own.ladder)),
            None if cutoff is None else _span(cutoff),
            usual.sitemaps,
            _span(usual.sitemap_spacing),
        )

    @property
    def name(self) -> str:
        """The profile's name."""
        return self.profile.name

    @property
    def entry(self) -> tuple[str, str]:
        """Name and home of the ledger's site."""
        return (PAGES, "") if self._is_page else (self.name, self.profile.home)

    def sources(self) -> tuple[Source, ...]:
        """Return what announces the site's URLs."""
        return () if self._is_page else self.profile.sources()

    def pages(self) -> tuple[str, ...]:
        """Return the pages that are wanted for themselves: the bare URL that is no site's root."""
        return (self.profile.home,) if self._is_page else ()

    def follows(self, provenance: Provenance) -> bool:
        """Return whether links of a page that was come to like this are followed."""
        return provenance.hops.count("L") < (self.scope.hops or 0)

    @property
    def _is_page(self) -> bool:
        sources = self.profile.sources()
        return not self.profile.discover and sources == (Source(self.profile.home, Kind.SECTION),)


def _limits(minimum: float, maximum: float) -> Limits:
    usual = Limits()
    # A source that never announced anything may wait longer than the longest, but no shorter.
    return Limits(
        minimum=_span(minimum), maximum=_span(max(minimum, maximum)), idle=max(usual.idle, _span(maximum))
    )


def _span(seconds: float) -> timedelta:
    return timedelta(seconds=seconds)
