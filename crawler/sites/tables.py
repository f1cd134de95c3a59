"""The tables of a site profile."""

import datetime as dt
from typing import Annotated, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)

from crawler.config.units import Seconds, read_bytes
from crawler.scope import pattern
from pipelines.extract.rules import SELECTORS, date_format_fault, selector_fault

_DAY = 86400.0


class ProfileTable(BaseModel):
    """A table of a site profile: frozen, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _listed(value: object) -> object:
    return (value,) if isinstance(value, str) else value


class SourceEntry(ProfileTable):
    """A feed, sitemap or section page; a plain string in the file is its ``url``."""

    url: Annotated[str, Field(min_length=1, description="Absolute, or relative to home")]


def _entry(value: object) -> object:
    return {"url": value} if isinstance(value, str) else value


Sources = tuple[Annotated[SourceEntry, BeforeValidator(_entry)], ...]


class ScopeTable(ProfileTable):
    """Which of the site's URLs are fetched; patterns as :class:`crawler.scope.Scope` reads them."""

    include: tuple[str, ...] = Field(default=(), description="If given, only URLs that match one of them")
    exclude: tuple[str, ...] = Field(default=(), description="Never URLs that match one of them")
    article: tuple[str, ...] = Field(
        default=(), description="What articles look like; else every page but the front"
    )
    hops: int | None = Field(default=None, ge=0, description="Links to follow; else crawl.hops")
    requisites: bool = Field(default=False, description="Whether images, styles and scripts are fetched too")

    @field_validator("include", "exclude", "article")
    @classmethod
    def _are_patterns(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        pattern(*value)
        return value


class PolitenessTable(ProfileTable):
    """How the site is asked, where it needs other values than the configuration's."""

    delay: Seconds | None = Field(default=None, ge=0, le=86400, description="Seconds between two requests")
    concurrency: int | None = Field(default=None, ge=1, le=1000, description="Requests under way at once")
    crawl_delay: Literal["obey", "ignore"] = Field(
        default="obey", description="Whether the Crawl-delay of robots.txt holds; ignoring it needs loosen"
    )
    robots: Literal["obey", "ignore"] = Field(
        default="obey", description="Whether robots.txt holds; ignoring it needs loosen"
    )
    loosen: str = Field(
        default="",
        description="Why the site may be asked faster than the configuration says, or against its robots.txt",
    )

    @model_validator(mode="after")
    def _has_leave(self) -> Self:
        for name in ("crawl_delay", "robots"):
            if getattr(self, name) == "ignore" and not self.loosen.strip():
                raise ValueError(f'{name} = "ignore" needs leave; write loosen = "who agreed, and when"')
        return self


class BudgetTable(ProfileTable):
    """The most that one job takes from each of the site's hosts; else the configuration's."""

    pages: int | None = Field(default=None, ge=1, description="Pages; else crawl.host_pages")
    bytes: Annotated[int | None, BeforeValidator(read_bytes)] = Field(
        default=None, ge=1, description="Bytes of responses; else crawl.host_bytes"
    )
    time: Seconds | None = Field(default=None, gt=0, description="Seconds; else crawl.host_time")


class VisitsTable(ProfileTable):
    """When the site's sources and articles are visited again, where the configuration does not fit."""

    minimum: Seconds | None = Field(
        default=None, ge=1, description="Shortest time between visits of a source"
    )
    maximum: Seconds | None = Field(default=None, ge=1, description="Longest time between visits of a source")
    cutoff: Seconds | None = Field(
        default=None, gt=0, description="Age beyond which what is announced is only entered in the ledger"
    )
    ladder: tuple[Seconds, ...] | None = Field(
        default=None, description="Ages at which an article is visited again"
    )


class IdentityTable(ProfileTable):
    """What else tells two addresses of one page from two pages."""

    drop: tuple[str, ...] = Field(default=(), description="Parameters that say nothing of the page")
    keep: tuple[str, ...] = Field(default=(), description="Parameters that tell pages apart")


class ScheduleTable(ProfileTable):
    """When the site is crawled, in the profile's time zone."""

    cron: Annotated[tuple[str, ...], BeforeValidator(_listed)] = Field(
        min_length=1, description="Five fields: minute, hour, day of month, month, day of week; or several"
    )
    misfire_grace: Seconds | None = Field(
        default=None,
        gt=0,
        le=30 * _DAY,
        description="How late a missed run may start; else schedule.misfire_grace",
    )
    jitter: Seconds = Field(
        default=0.0, ge=0, le=_DAY, description="Most seconds by which a run starts later"
    )

    @field_validator("cron")
    @classmethod
    def _is_cron(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        from crawler.sites.cron import triggers  # noqa: PLC0415 - APScheduler is slow to import

        triggers(value, dt.UTC)
        return value


Texts = Annotated[tuple[str, ...], BeforeValidator(_listed)]


class RulesTable(ProfileTable):
    """What cleans the site's pages from a day on; see :class:`pipelines.extract.rules.Rules`."""

    valid_from: dt.date | None = Field(
        default=None, description="First day of this layout; none for the first one"
    )
    take: Texts = Field(default=(), description="Elements that hold the article's text")
    drop: Texts = Field(default=(), description="Elements that are never text of the article")
    title: Texts = Field(default=(), description="Elements that hold the headline")
    author: Texts = Field(default=(), description="Elements that hold the authors")
    translator: Texts = Field(default=(), description="Elements that hold the translators")
    date: Texts = Field(default=(), description="Elements that hold the date of publication")
    date_format: Texts = Field(
        default=(), description="How that date is written: %d/%m/%Y %H:%M, as strptime reads it"
    )

    @field_validator(*SELECTORS)
    @classmethod
    def _are_selectors(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if fault := selector_fault(value):
            raise ValueError(f"is not accepted: {fault}")
        return value

    @field_validator("date_format")
    @classmethod
    def _are_formats(cls, value: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        # A date that is itself wrong is told of, and is there all the same.
        if fault := date_format_fault(value, info.data.get("date", ("*",))):
            raise ValueError(f"is not accepted: {fault}")
        return value
