"""The Scrapy settings of a worker: those of a crawl, but for what saves do otherwise."""

from dataclasses import asdict
from datetime import UTC, datetime
from secrets import token_hex
from typing import Any

from scrapy.settings import Settings

from crawler.politeness.pacing import LIMITS_SETTING
from crawler.politeness.terms import HostTerms
from crawler.project import scrapy_settings
from crawler.recorder.recorder import JOB_SETTING, SLOTS_SETTING
from crawler.saves import Save
from crawler.sites import SiteProfile, list_profiles, load_profile
from crawler.worker.spec import WorkerSpec
from pipelines.errors import ProfileError
from pipelines.segments.journal import JobInfo
from pipelines.urls import timestamp

PAGE_TERMS_SETTING = "SAVE_PAGE_TERMS"
"""The :class:`HostTerms` that hold for pages; those of Scrapy's slots hold for requisites."""
RULES_SETTING = "SAVE_RULES"
"""Cleaning rules by host, as :attr:`JobInfo.rules` has them."""
_SCHEDULER = "crawler.worker.scheduler.SaveScheduler"


def worker_settings(spec: WorkerSpec) -> Settings:
    """Return the settings of the worker that *spec* describes."""
    config = spec.config
    profiles = _profiles(spec)
    given = scrapy_settings(config, profiles)
    settings = Settings()
    settings.setmodule("crawler.project", priority="project")
    settings.setdict(given, priority="cmdline")
    page_terms = HostTerms.from_settings(settings)
    dropped = ("crawler.spiders.extensions.SpoolGuard", "crawler.spiders.budgets.JobLimits")
    middlewares = settings.getdict("DOWNLOADER_MIDDLEWARES") | {"crawler.spiders.budgets.Budgets": None}
    own: dict[str, Any] = {
        "SCHEDULER": _SCHEDULER,
        "EXTENSIONS": settings.getdict("EXTENSIONS") | dict.fromkeys(dropped),
        "DOWNLOADER_MIDDLEWARES": middlewares,
        "ITEM_PIPELINES": {},
        # What one page needs comes as a browser would ask for it.
        "DOWNLOAD_DELAY": min(config.save.requisite_delay, config.crawl.delay),
        "CONCURRENT_REQUESTS_PER_DOMAIN": config.save.concurrency,
        LIMITS_SETTING: given["POLITENESS_LIMITS"] | {"latency_factor": 0.0},
        JOB_SETTING: JobInfo(f"saves-{timestamp(datetime.now(UTC))}-{token_hex(2)}", _info(spec)),
        SLOTS_SETTING: spec.slots,
        PAGE_TERMS_SETTING: page_terms,
        RULES_SETTING: _rules(profiles),
        "LOG_LEVEL": spec.log_level,
        "LOG_INSTALL_ROOT_HANDLER": False,
    }
    settings.setdict(own, priority="cmdline")
    return settings


def job_of(save: Save, settings: Any, *, text: bool) -> JobInfo:  # noqa: ANN401 - Scrapy's settings hold anything
    """Return what the segments of *save* shall say of it; its id is the job's."""
    info: dict[str, str] = dict(settings[JOB_SETTING].info)
    if save.options.user_agent:
        info["http-header-user-agent"] = save.options.user_agent
    return JobInfo(
        save.id, info | {"description": f"saved on demand: {save.url}"}, "", text, settings[RULES_SETTING]
    )


def _info(spec: WorkerSpec) -> dict[str, str]:
    crawl = spec.config.crawl
    info = {
        "http-header-user-agent": crawl.agent,
        "robots": "obey" if crawl.obey_robots else "ignore",
    }
    return info | ({"operator": crawl.contact} if crawl.contact else {})


def _profiles(spec: WorkerSpec) -> list[SiteProfile]:
    """Return every profile that can be read: what one says of its hosts holds for their saves too."""
    found = []
    folders = spec.config.sites.folders
    for entry in list_profiles(folders):
        try:
            found.append(load_profile(entry.name, folders))
        except ProfileError:
            # Its own crawl tells; a save of another site must not fail for it.
            continue
    return found


def _rules(profiles: list[SiteProfile]) -> dict[str, dict[str, Any]]:
    table: dict[str, dict[str, Any]] = {}
    for profile in profiles:
        held = asdict(profile.rules_at(datetime.now(UTC)))
        if held["version"] or held["timezone"]:
            hosts = profile.crawl_scope().hosts
            table |= {host.rpartition(":")[0] if _has_port(host) else host: held for host in hosts}
    return table


def _has_port(host: str) -> bool:
    return host.rpartition(":")[2].isdigit() and not host.endswith("]")
