"""A site profile: what a TOML file says of a news site."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import Field, field_validator, model_validator

from crawler.discovery import Base, Kind, Source
from crawler.scope import Scope, host_pattern
from crawler.sites.tables import (
    BudgetTable,
    IdentityTable,
    PolitenessTable,
    ProfileTable,
    RulesTable,
    ScheduleTable,
    ScopeTable,
    SourceEntry,
    Sources,
    VisitsTable,
)
from pipelines.extract.rules import NO_RULES, SELECTORS, Rules
from pipelines.hostnames import normal_host
from pipelines.identity import Identity

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,79}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")


class SiteProfile(ProfileTable):
    """Everything newswarc knows of one news site; build it with :func:`crawler.sites.load_profile`."""

    name: str = Field(description="Lower case; the file is called NAME.toml")
    title: str = Field(default="", description="The paper's own name")
    languages: tuple[str, ...] = Field(default=(), description="Language tags (BCP 47), the main one first")
    timezone: str = Field(
        default="UTC", description="Zone of the schedule and of dates that state none (IANA)"
    )
    home: str = Field(description="URL of the front page")
    hosts: tuple[str, ...] = Field(
        default=(), description="Hosts that belong to the site; else the host of home"
    )
    feeds: Sources = Field(default=(), description="RSS, Atom or JSON feeds")
    sitemaps: Sources = Field(default=(), description="Sitemaps and indexes of sitemaps")
    sections: Sources = Field(default=(), description="Pages whose links are articles")
    discover: bool = Field(
        default=False, description="Whether robots.txt and the front page are asked for more sources"
    )
    scope: ScopeTable = ScopeTable()
    politeness: PolitenessTable = PolitenessTable()
    budget: BudgetTable = BudgetTable()
    visits: VisitsTable = VisitsTable()
    identity: IdentityTable = IdentityTable()
    schedule: ScheduleTable | None = None
    rules: tuple[RulesTable, ...] = ()

    @field_validator("name")
    @classmethod
    def _is_name(cls, value: str) -> str:
        if not _NAME.fullmatch(value):
            raise ValueError("is no name; write lower-case letters, digits, '-', '_' or '.'")
        return value

    @field_validator("languages")
    @classmethod
    def _are_languages(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for language in value:
            if not _LANGUAGE.fullmatch(language):
                raise ValueError(f"holds {language!r}, which is no language tag; write en, zh or zh-Hant")
        return value

    @field_validator("timezone")
    @classmethod
    def _is_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (OSError, ValueError, KeyError) as error:
            raise ValueError("is no time zone; write an IANA name such as Asia/Shanghai") from error
        return value

    @field_validator("home")
    @classmethod
    def _is_address(cls, value: str) -> str:
        url = Base(value).join(value) if value.startswith(("http://", "https://")) else None
        if url is None:
            raise ValueError("is no address; write the whole URL, https://example.com/")
        return url if urlsplit(url).path else f"{url}/"

    @field_validator("hosts")
    @classmethod
    def _are_hosts(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(map(host_pattern, value))

    @field_validator("rules")
    @classmethod
    def _are_dated(cls, value: tuple[RulesTable, ...]) -> tuple[RulesTable, ...]:
        days = [table.valid_from for table in value]
        twice = next((day for day in days if days.count(day) > 1), ...)
        if twice is not ...:
            raise ValueError(
                f"hold two tables with valid_from {twice or 'absent'}; give each layout its first day"
            )
        return value

    @model_validator(mode="after")
    def _has_sources(self) -> Self:
        if not (self.discover or self.feeds or self.sitemaps or self.sections):
            raise ValueError("names no source; add feeds, sitemaps or sections, or discover = true")
        for name, entry in self._entries():
            if Base(self.home).join(entry.url) is None:
                raise ValueError(f"{name} holds {entry.url!r}, which is no http or https URL")
        return self

    @property
    def zone(self) -> ZoneInfo:
        """The profile's time zone."""
        return ZoneInfo(self.timezone)

    def sources(self) -> tuple[Source, ...]:
        """Return where announced URLs come from, absolute: feeds, sitemaps, sections, then discovery's."""
        base = Base(self.home)
        kinds = {"feeds": Kind.FEED, "sitemaps": Kind.SITEMAP, "sections": Kind.SECTION}
        found = {url: kinds[name] for name, entry in self._entries() if (url := base.join(entry.url))}
        if self.discover:
            found.setdefault(self.home, Kind.SECTION)
            found.setdefault(base.join("/robots.txt") or self.home, Kind.ROBOTS)
        return tuple(Source(url, kind) for url, kind in found.items())

    def crawl_scope(self, *, hops: int = 0) -> Scope:
        """Return the scope; *hops* is the configuration's, which holds where the profile names none."""
        table = self.scope
        return Scope(
            self.hosts or (_authority(self.home),),
            include=table.include,
            exclude=table.exclude,
            article=table.article,
            hops=hops if table.hops is None else table.hops,
        )

    def crawl_identity(self) -> Identity:
        """Return what tells which of the site's URLs are one page."""
        hosts = self.hosts or (_authority(self.home),)
        return Identity(hosts, drop=self.identity.drop, keep=self.identity.keep)

    def rules_at(self, moment: date | datetime) -> Rules:
        """Return the cleaning rules of the layout that stood on the day of *moment*."""
        day = moment.date() if isinstance(moment, datetime) else moment
        # UTC is what a profile says that says nothing: then the page's own signs decide.
        zone = "" if self.timezone == "UTC" else self.timezone
        held = [table for table in self.rules if (table.valid_from or date.min) <= day]
        if not held:
            return replace(NO_RULES, timezone=zone)
        table = max(held, key=lambda each: each.valid_from or date.min)
        version = f"{self.name}/{table.valid_from.isoformat() if table.valid_from else '0'}"
        said = {name: getattr(table, name) for name in (*SELECTORS, "date_format")}
        return Rules(version=version, timezone=zone, **said)

    def at(self, home: str) -> "SiteProfile":
        """Return the profile of the same site at another address, as a mirror or test server has it.

        Sources on the old home's host move along; the hosts are the new one alone.
        """
        old = _authority(self.home)

        def moved(entry: SourceEntry) -> SourceEntry:
            parts = urlsplit(entry.url)
            if not parts.scheme or _authority(entry.url) != old:
                return entry
            return entry.model_copy(update={"url": parts._replace(scheme="", netloc="").geturl() or "/"})

        lists = ("feeds", "sitemaps", "sections")
        sources = {name: tuple(map(moved, getattr(self, name))) for name in lists}
        return self.model_copy(update={"home": home, "hosts": (_authority(home),), **sources})

    def _entries(self) -> Iterator[tuple[str, SourceEntry]]:
        for name in ("feeds", "sitemaps", "sections"):
            for entry in getattr(self, name):
                yield name, entry


def _authority(url: str) -> str:
    """Return the host of *url*, with its port where the scheme's own would not do."""
    parts = urlsplit(url)
    host = normal_host(parts.hostname or "")
    host = f"[{host}]" if ":" in host else host
    return f"{host}:{parts.port}" if parts.port else host
