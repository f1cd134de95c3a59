"""A small spider that follows every link: ``python following.py URL DATABASE-URL JOB [SETTINGS]``."""

import json
import re
import sys
from typing import ClassVar

from scrapy import Request, Spider
from scrapy.crawler import CrawlerProcess

from pipelines.segments.journal import JobInfo


class Following(Spider):
    name = "following"
    custom_settings: ClassVar = {
        "SCHEDULER": "crawler.frontier.scheduler.FrontierScheduler",
        "TWISTED_REACTOR": "twisted.internet.asyncioreactor.AsyncioSelectorReactor",
        "TELNETCONSOLE_ENABLED": False,
        "LOG_LEVEL": "WARNING",
    }

    async def start(self):
        yield self.request(self.first)

    def request(self, url):
        priority = 10 if "/slow" in url else 0
        return Request(url, self.read, errback=self.failed, priority=priority)

    def read(self, response):
        for link in re.findall(r"href=([^>]+)>", response.text):
            yield self.request(response.urljoin(link))
        self.crawler.engine.scheduler.done(response.request)

    def failed(self, failure):
        self.crawler.engine.scheduler.done(failure.request, "refused", "http_error")


if __name__ == "__main__":
    first, database, job, *settings = sys.argv[1:]
    process = CrawlerProcess(
        {
            "STATE_URL": database,
            "ARCHIVE_JOB": JobInfo(job),
            "RETRY_TIMES": 2,
            **json.loads(settings[0] if settings else "{}"),
        }
    )
    process.crawl(Following, first=first)
    process.start()
