"""The Scrapy project: the settings of every crawl job of ours, and of ``scrapy crawl news``.

What users decide stands in ``newswarc.toml``, the environment and flags (:mod:`crawler.config`), not here.
"""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from crawler.config import Config
from crawler.sites import SiteProfile
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
    "crawler.spiders.middlewares.PageBudget": 110,
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
}
LOG_FORMATTER = "crawler.spiders.extensions.QuietLog"


def scrapy_settings(config: Config, profiles: Iterable[SiteProfile] = ()) -> dict[str, Any]:
    """Return the Scrapy settings that *config* means, and *profiles* for their hosts."""
    crawl = config.crawl
    per_host = crawl.concurrency if crawl.delay == 0 else crawl.concurrency_per_host
    return {
        "ARCHIVE": config,
        "USER_AGENT": crawl.agent,
        "ROBOTSTXT_OBEY": crawl.obey_robots,
        "DOWNLOAD_DELAY": crawl.delay,
        "CONCURRENT_REQUESTS": crawl.concurrency,
        "CONCURRENT_REQUESTS_PER_DOMAIN": per_host,
        "DOWNLOAD_SLOTS": dict(_slots(config, profiles)),
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


def _slots(config: Config, profiles: Iterable[SiteProfile]) -> Iterator[tuple[str, dict[str, float]]]:
    """Yield what a profile's hosts need otherwise; a flag on the command line goes before all."""
    told = {
        name: config.origins.get(f"crawl.{name}", "").startswith("--") for name in ("delay", "concurrency")
    }
    for profile in profiles:
        wanted = {
            name: value
            for name, value in (
                ("delay", profile.politeness.delay),
                ("concurrency", profile.politeness.concurrency),
            )
            if value is not None and not told[name]
        }
        # A host behind an asterisk is known only when a page of it comes up; home's values do not reach it.
        named = {profile.home, *(f"//{name}" for name in profile.hosts if "*" not in name)}
        for url in named if wanted else ():
            yield host(url), wanted
