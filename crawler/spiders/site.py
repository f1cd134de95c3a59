"""One site of a crawl: its profile, and what follows from it for this job."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Self

from crawler.config import Config
from crawler.discovery import Kind, Source
from crawler.scope import Scope
from crawler.sites import SiteProfile, profile_for
from pipelines.extract import Rules
from pipelines.model import Provenance


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

    profile: SiteProfile
    scope: Scope
    rules: Rules

    @classmethod
    def of(cls, target: str, config: Config) -> Self:
        """Return the site that *target* means. Raises ``ProfileError`` where it means none."""
        profile = profile_for(target, config.sites.folders)
        scope = profile.crawl_scope(hops=config.crawl.hops)
        return cls(profile, scope, profile.rules_at(datetime.now(UTC)))

    @property
    def name(self) -> str:
        """The profile's name."""
        return self.profile.name

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
