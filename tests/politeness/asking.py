"""A small spider that asks for the URLs it is given: ``python asking.py``, its task on standard input.

``{"urls": […], "database": URL, "job": name, "settings": {…}, "archive": configuration or null}``;
prints, as JSON, what became of each URL: status, flags and text, or the reason why there is none.
"""

import json
import sys
from typing import ClassVar

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.exceptions import IgnoreRequest

from crawler.politeness import REFUSAL
from pipelines.model import Provenance
from pipelines.segments.journal import JobInfo

PROVENANCE = "archive_provenance"


class Asking(Spider):
    name = "asking"
    custom_settings: ClassVar = {
        "SCHEDULER": "crawler.frontier.scheduler.FrontierScheduler",
        "TWISTED_REACTOR": "twisted.internet.asyncioreactor.AsyncioSelectorReactor",
        "DOWNLOADER_MIDDLEWARES": {
            "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
            "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
            "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
            "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
            "crawler.politeness.RobotsMiddleware": 100,
            "crawler.politeness.PaceMiddleware": 840,
        },
    }

    def __init__(self, urls, job):
        super().__init__()
        self.urls, self.job = urls, job
        self.became = {}

    async def start(self):
        for url in self.urls:
            meta = {
                PROVENANCE: Provenance(self.job, seed="seed", via="feed", hops="F", announced={"title": "x"})
            }
            yield Request(url, self.read, errback=self.failed, meta=meta)

    def read(self, response):
        recorded = ["recorded"] if "archive_recorded" in response.meta else []
        self.became[response.url] = [response.status, *response.flags, *recorded, response.text]
        self.crawler.engine.scheduler.done(response.request)

    def failed(self, failure):
        request, error = failure.request, failure.value
        reason = request.meta.get(REFUSAL, "?") if isinstance(error, IgnoreRequest) else type(error).__name__
        self.became[request.url] = [str(reason), str(error)]
        self.crawler.engine.scheduler.done(request, "refused", str(reason))


SETTINGS = {
    "HTTPERROR_ALLOW_ALL": True,
    "TELNETCONSOLE_ENABLED": False,
    "REMOTE_CONTROL_ENABLED": False,
    "LOG_LEVEL": "WARNING",
    "ROBOTSTXT_OBEY": True,
    "USER_AGENT": "newswarc/0.2 (+https://news.example/bot)",
    "DOWNLOAD_DELAY": 0,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 4,
    "POLITENESS_RETRY_HOLD": 0.1,
    "POLITENESS_HOLD": 0.2,
}


def main():
    task = json.load(sys.stdin)
    settings = {
        **SETTINGS,
        "STATE_URL": task["database"],
        "ARCHIVE_JOB": JobInfo(task["job"]),
        **task["settings"],
    }
    if task["archive"]:
        settings["ADDONS"] = {"crawler.addon.ArchiveAddon": 300}
        settings["ARCHIVE"] = task["archive"]
    process = AsyncCrawlerProcess(settings)
    crawler = process.create_crawler(Asking)
    process.crawl(crawler, urls=task["urls"], job=task["job"])
    process.start()
    told = {"became": crawler.spider.became, "stats": crawler.stats.get_stats()}
    sys.stdout.write(json.dumps(told, default=str))


if __name__ == "__main__":
    main()
