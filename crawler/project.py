"""The Scrapy project: the settings of every crawl job of ours, and of ``scrapy crawl news``.

What users decide stands in ``newswarc.toml``, the environment and flags (:mod:`crawler.config`), not here.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from crawler.config import Config
from crawler.sites import SiteProfile
from crawler.sites.tables import BudgetTable
from crawler.spiders.budgets import Budget
from pipelines.urls import host

BOT_NAME = "newswarc"
SPIDER_MODULES = ["crawler.spiders"]
NEWSPIDER_MODULE = "crawler.spiders"
ADDONS = {"crawler.addon.ArchiveAddon": 300}
TWISTED_REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"
ARCHIVE_PUBLIC_ONLY = True
SCHEDULER = "crawler.frontier.scheduler.FrontierScheduler"

# A response is read in a worker, redirects are announced URLs of their own, scope and hops are the
# frontier's affair: what Scrapy has for these would do the work twice.
DOWNLOADER_MIDDLEWARES: Final = {
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "crawler.politeness.RobotsMiddleware": 100,
    "crawler.spiders.budgets.Budgets": 110,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    "crawler.politeness.PaceMiddleware": 840,
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
    "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
    "crawler.spiders.middlewares.PayloadDecoding": 590,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "crawler.spiders.middlewares.Redirects": 600,
    "scrapy.downloadermiddlewares.httpcache.HttpCacheMiddleware": None,
    # It would take http_proxy from the environment, and a proxy looks up addresses itself, unchecked.
    "scrapy.downloadermiddlewares.httpproxy.HttpProxyMiddleware": None,
}
SPIDER_MIDDLEWARES: Final = {
    "scrapy.spidermiddlewares.start.StartSpiderMiddleware": None,
    "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": None,
    "scrapy.spidermiddlewares.referer.RefererMiddleware": None,
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
    "scrapy.spidermiddlewares.metacopy.MetaCopyDetectionMiddleware": None,
}
# Our callbacks are asynchronous generators, for which Scrapy starts this many tasks a response.
CONCURRENT_ITEMS = 1
ITEM_PIPELINES = {"pipelines.stages.ArticleStage": 900}
EXTENSIONS: Final = {
    "scrapy.extensions.telnet.TelnetConsole": None,
    "scrapy.extensions.logstats.LogStats": None,
    "scrapy.extensions.feedexport.FeedExporter": None,
    "scrapy.extensions.spiderstate.SpiderState": None,
    "scrapy.extensions.remote_control.RemoteControl": None,
    "crawler.spiders.extensions.SpoolGuard": 0,
    "crawler.spiders.budgets.JobLimits": 0,
}
LOG_FORMATTER = "crawler.spiders.extensions.QuietLog"


def scrapy_settings(config: Config, profiles: Iterable[SiteProfile] = ()) -> dict[str, Any]:
    """Return the Scrapy settings that *config* means, and *profiles* for their hosts."""
    crawl = config.crawl
    profiles = tuple(profiles)
    return {
        "ARCHIVE": config,
        "USER_AGENT": crawl.agent,
        "ROBOTSTXT_OBEY": crawl.obey_robots,
        "DOWNLOAD_DELAY": crawl.delay,
        "CONCURRENT_REQUESTS": crawl.concurrency,
        "CONCURRENT_REQUESTS_PER_DOMAIN": _per_host(config),
        "POLITENESS": _politeness(config, profiles),
        # Who asks for no pause at all means it: a test on the own machine, a mirror.
        "POLITENESS_LIMITS": {
            "crawl_delay": crawl.max_crawl_delay,
            **({} if crawl.delay else {"latency_factor": 0.0, "error_delay": 1.0, "delay": 30.0}),
        },
        "FRONTIER_PATIENCE": crawl.patience,
        "HOST_BUDGETS": _budgets(config, profiles),
        "DOWNLOAD_TIMEOUT": crawl.timeout,
        "DOWNLOAD_MAXSIZE": crawl.max_body,
        "DOWNLOAD_WARNSIZE": 0,
        "RETRY_TIMES": crawl.retries,
        "RETRY_ENABLED": crawl.retries > 0,
        "COOKIES_ENABLED": crawl.cookies,
        "DEFAULT_REQUEST_HEADERS": {
            "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "Accept-Encoding": crawl.accept_encoding,
        },
    }


def _politeness(config: Config, profiles: Iterable[SiteProfile]) -> dict[str, dict[str, Any]]:
    """Return how each host is asked whose profile says something of it.

    A profile makes the crawl slower than the configuration says, or fewer requests at once; the other way
    round only where it says why it may (``politeness.loosen``), or a flag on the command line says so.
    """
    by_host: dict[str, list[dict[str, Any]]] = {}
    for profile in profiles:
        for name in _host_names(profile):
            by_host.setdefault(name, []).append(_terms(config, profile))
    table = {name: _strictest(config, wanted) for name, wanted in by_host.items()}
    return {name: terms for name, terms in table.items() if terms}


def _terms(config: Config, profile: SiteProfile) -> dict[str, Any]:
    crawl, own = config.crawl, profile.politeness
    loosened = bool(own.loosen.strip())
    terms: dict[str, Any] = {}
    if own.delay is not None and not _is_flag(config, "delay"):
        terms["delay"] = own.delay if loosened else max(own.delay, crawl.delay)
    if own.concurrency is not None and not _is_flag(config, "concurrency"):
        most = _per_host(config)
        terms["concurrency"] = own.concurrency if loosened else min(own.concurrency, most)
    for name in ("robots", "crawl_delay"):
        if getattr(own, name) == "ignore":
            terms[name] = "ignore"
    return terms


def _strictest(config: Config, wanted: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what holds for a host that several sites share: who has leave, has it for its own pages only."""
    found = {name: "ignore" for name in ("robots", "crawl_delay") if all(name in terms for terms in wanted)}
    usual = {"delay": (max, config.crawl.delay), "concurrency": (min, _per_host(config))}
    for name, (strictest, default) in usual.items():
        if any(name in terms for terms in wanted):
            found[name] = strictest(terms.get(name, default) for terms in wanted)
    return found


def _budgets(config: Config, profiles: Iterable[SiteProfile]) -> dict[str, Budget]:
    crawl = config.crawl
    table: dict[str, Budget] = {}
    for profile in profiles:
        own = profile.budget
        if own == BudgetTable():
            continue
        wanted = Budget(
            own.pages or crawl.host_pages, own.bytes or crawl.host_bytes, own.time or crawl.host_time
        )
        for name in _host_names(profile):
            table[name] = wanted.within(table.get(name, wanted))
    return table


def _host_names(profile: SiteProfile) -> Iterator[str]:
    """Yield the site's hosts without ports, patterns included: politeness counts by host."""
    for name in profile.hosts or (host(profile.home),):
        yield re.sub(r":\d+$", "", name)


def _is_flag(config: Config, name: str) -> bool:
    return config.origins.get(f"crawl.{name}", "").startswith("--")


def _per_host(config: Config) -> int:
    return config.crawl.concurrency if config.crawl.delay == 0 else config.crawl.concurrency_per_host
