"""Site profiles: one TOML file a site, read into a :class:`SiteProfile`; built-in examples lie here too.

::

    profile = load_profile("daily", config.sites.folders)    # or a path, or profile_for("https://…")
    profile.sources(), profile.crawl_scope(hops=0), profile.rules_at(moment)
"""

from crawler.sites.model import SiteProfile
from crawler.sites.registry import (
    ProfileEntry,
    adhoc_profile,
    check,
    find_profile,
    list_profiles,
    load_profile,
    profile_for,
)
from crawler.sites.tables import (
    PolitenessTable,
    RulesTable,
    ScheduleTable,
    ScopeTable,
    SourceEntry,
)

__all__ = [
    "PolitenessTable",
    "ProfileEntry",
    "RulesTable",
    "ScheduleTable",
    "ScopeTable",
    "SiteProfile",
    "SourceEntry",
    "adhoc_profile",
    "check",
    "find_profile",
    "list_profiles",
    "load_profile",
    "profile_for",
]
